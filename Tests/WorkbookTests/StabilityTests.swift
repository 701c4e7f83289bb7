// `./workbook claims --stability`: what it calls the same, and what a flip.

import Foundation
import Notebook
import Testing
import Workbook

@testable import workbook_cli

@Suite("Stability over seeds")
struct StabilityTests {
  private func claim(_ verdict: Claim.Verdict, _ text: String = "It grows") -> Claim {
    Claim(text, source: "S2", published: "9", measured: "9", verdict: verdict)
  }

  private func page(_ verdict: Claim.Verdict, answer: String = "a", number: Double? = nil, title: String = "It falls")
    -> PageFacts
  {
    PageFacts(
      claims: [claim(verdict)], questions: [.init(text: "Which?", answer: answer, number: number, tolerance: 0.25)],
      words: [.init(place: "figure 1, title", text: title)], counts: ["figure": 1])
  }

  private func report(_ pages: PageFacts..., recorded: PageFacts? = nil) -> StabilityReport {
    StabilityReport("ch08-losses", pages: pages, recorded: recorded)
  }

  @Test("a verdict flips where two runs decide differently, the recorded one included; undecided is no verdict")
  func verdicts() {
    #expect(!report(page(.reproduced), page(.reproduced), recorded: page(.reproduced)).flips)
    #expect(!report(page(.undecided), page(.undecided), recorded: page(.reproduced)).flips)
    #expect(report(page(.reproduced), page(.partly)).flips)
    #expect(report(page(.reproduced), page(.undecided), recorded: page(.notHere)).flips)
    let text = report(page(.reproduced), page(.partly), recorded: page(.partly)).text(TerminalStyle(noColor: true))
    #expect(text.contains("! ✓ ◐ | ◐  It grows (S2)"))
    let summary = StabilityReport.summary([report(page(.reproduced), page(.undecided), recorded: page(.reproduced))])
    #expect(summary.contains("1 claims, 0 flip."))
    #expect(summary.contains("50.0 % of 2 verdicts on the pages as recorded, 50.0 %"))
    #expect(summary.contains("without the record: 50.0 % as recorded, 50.0 % undecided."))
  }

  @Test("a question has one answer; a number may move as far as a reader may miss it")
  func questions() {
    #expect(report(page(.partly), page(.partly, answer: "b")).questions[0].flips)
    #expect(!report(page(.partly, number: 1), page(.partly, answer: "1.2", number: 1.2)).questions[0].flips)
    #expect(report(page(.partly, number: 1), page(.partly, answer: "1.3", number: 1.3)).questions[0].flips)
    let text = report(page(.partly), page(.partly, answer: "b"), page(.partly)).text(TerminalStyle(noColor: true))
    #expect(text.contains("a with seeds 1, 3, b with seed 2"))
  }

  @Test("titles are compared by their words")
  func words() throws {
    #expect(!report(page(.partly, title: "It falls by 3 %"), page(.partly, title: "It falls by 12.5 %")).flips)
    let change = try #require(
      report(page(.partly), page(.partly, title: "It rises"), page(.partly)).changes.first)
    #expect(change.place == "figure 1, title")
    #expect(change.versions.map(\.text) == ["It falls", "It rises"] && change.versions.map(\.seeds) == [[1, 3], [2]])
  }

  @Test("what is not there with every seed is a gap")
  func gaps() {
    var short = page(.partly)
    short.claims = []
    short.questions = []
    short.counts = [:]
    let gaps = report(page(.partly), short).gaps
    #expect(gaps.contains("claim 'It grows': not with seed 2"))
    #expect(gaps.contains("questions: 1 with seed 1, 0 with seed 2"))
    #expect(gaps.contains("figures: 1 with seed 1, 0 with seed 2"))
    #expect(report(page(.partly), page(.partly)).gaps.isEmpty)
  }

  @Test(
    "numbers are masked, words are not",
    arguments: [
      ("0.5 ± 0.1 % after 3 steps", "12 % after 1 step", true), ("at 0.1, 0.3 and 1", "at 0.1 and 0.3", true),
      ("8.3×10⁻¹¹ left", "−2 left", true), ("Two of five seeds", "three of 5 seeds", true),
      ("ReLU wins by 3", "tanh wins by 3", false), ("helps by 3 points", "hurts by 3 points", false),
      ("no difference", "a difference", false),
    ])
  func masking(one: String, other: String, areAlike: Bool) {
    #expect(
      (withoutNumbers(one) == withoutNumbers(other)) == areAlike, "\(withoutNumbers(one)) | \(withoutNumbers(other))")
  }

  @Test("a page's record gives claims, answers and words")
  func reading() throws {
    let folder = NSTemporaryDirectory() + "stability-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var page = Page(chapter: 8, "Losses", lead: "What counts.")
    page.predict("How many?", choices: ["1", "10"], answer: 8.5)
    page.predict("How much?", unit: "%", answer: 3.25)
    page.figure(
      Figure(
        "It falls", .lines(LineChart(x: Axis("step"), y: Axis("loss"), [Series("loss", y: [2, 1])])),
        caption: "By half."))
    page.callout(.takeaway, "It *falls*.")
    page.claim(claim(.reproduced))
    try page.publish(
      RunRecord(seconds: 2), on: Shelf(name: "ch08-losses", folder: folder), as: Presentation(format: .html))
    let facts = try PageFacts(ofPageIn: folder)
    #expect(facts.seconds == 2 && facts.claims.map(\.verdict) == [.reproduced])
    #expect(facts.questions.map(\.answer) == ["10", "3.25 %"] && facts.questions[1].number == 3.25)
    #expect(facts.words.map(\.place) == ["figure 1, title", "figure 1, caption", "takeaway 1"])
    #expect(facts.words.map(\.text) == ["It falls", "By half.", "It falls."])
    #expect(throws: (any Error).self) { try PageFacts(ofPageIn: folder + "/none") }
  }
}
