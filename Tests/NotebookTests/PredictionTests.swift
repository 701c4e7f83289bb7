// Questions: asked, answered, judged, kept.

import Basics
import Foundation
import Testing

@testable import Notebook

@Suite struct PredictionTests {
  /// What a reader with these answers sees of a page, its white space folded.
  func run(
    _ answers: [String], keeping scores: String? = nil, isTerminal: Bool = true, _ build: (inout Page) -> Void
  ) throws -> String {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    build(&page)
    let transcript = Transcript(answers: answers)
    try withTemporaryFolder { folder in
      var place = Place()
      place.presentation.asksQuestions = true
      (place.shelf.progressFolder, place.shelf.folder) = (scores, folder)
      _ = try place.publish(
        page, console: transcript.console(isTerminal: isTerminal, environment: ["NO_COLOR": "1"]))
    }
    return transcript.text.replacing("▌", with: "").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  @Test("asks first, answers after, and keeps the score over runs")
  func asks() throws {
    try withTemporaryFolder { folder in
      let first = try run(["3 80"], keeping: folder) {
        $0.predict("How much?", choices: ["1", "0.3", "0.05"], answer: 0.046)
      }
      #expect(
        first.contains(
          "You said 0.05; the result is 0.046. Right. 1 of 1 so far. When 80 % sure or more: right 1 of 1 times."))
      let second = try run(["nonsense", "7", "1"], keeping: folder) {
        $0.predict("Another?", choices: ["yes", "no"], answer: 1, "Because.")
      }
      #expect(second.contains("That is not an answer"))
      #expect(second.contains("You said yes; the result is no. Not this time. 1 of 2 so far."))
    }
  }

  @Test("takes a number within the tolerance", arguments: [("0.05", true), ("0,04", true), ("0.08 90", false)])
  func numbers(line: String, isRight: Bool) throws {
    let text = try run([line]) { $0.predict("How much?", unit: "%", answer: Float(0.046)) }
    #expect(text.contains("Right, off by") == isRight)
    #expect(text.contains("0.046 %"))
  }

  @Test(
    "is told how far a number is off",
    arguments: [
      (0.7, 2.0 / 3, "off by 5 %"), (9, 3, "off by a factor of 3"), (3, 3, "exactly"), (0.5, 0, "off by 0.5"),
      (1.2, 1, "off by 20 %"),
    ])
  func distance(value: Double, answer: Double, text: String) {
    #expect(Prediction.distance(value, from: answer) == text)
  }

  @Test(
    "reads numbers as people write them, with how sure and with the unit",
    arguments: [
      ("0,5", 0.5, nil), ("−0.5 90", -0.5, 90), ("60,000", 60000, nil), ("1,234.5", 1234.5, nil), ("3e-4", 3e-4, nil),
      ("3×10⁻⁴", 3e-4, nil), ("12 cm 70 %", 12, 70), ("12 cm", 12, nil),
    ] as [(String, Double, Int?)])
  func written(line: String, value: Double, sure: Int?) throws {
    var prediction = Prediction(question: "How wide?", unit: "cm", tolerance: 0.1)
    #expect(prediction.read(line) && prediction.confidence == sure)
    #expect(abs(try #require(prediction.number) - value) < 1e-12 * abs(value))
  }

  @Test("what is no number is not taken for one", arguments: ["many", "1.2.3", "nan", "inf", "5 or 6", ""])
  func unreadable(line: String) {
    var prediction = Prediction(question: "How wide?", unit: "cm", tolerance: 0.1)
    #expect(!prediction.read(line) && prediction.number == nil)
  }

  @Test("a number has a place to be entered, and what is near enough is said")
  func entry() throws {
    let transcript = Transcript(answers: ["9,5 cm 70"])
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.predict("How wide?", unit: "cm", within: 0.1, answer: 10.0, "So.")
    try withTemporaryFolder { folder in
      var place = Place()
      (place.shelf.folder, place.presentation.asksQuestions) = (folder, true)
      let path = try place.publish(page, console: transcript.console(isTerminal: true, environment: ["NO_COLOR": "1"]))
      #expect(transcript.text.contains("Your number in cm, and how sure in % (such as 0.3 70; within 10 % is right;"))
      #expect(transcript.text.contains("You said 9.5 cm; the result is 10 cm. Right, off by 5 %."))
      let answered = try String(contentsOfFile: path, encoding: .utf8)
      #expect(answered.contains("Right, off by 5 %.") && answered.contains("data-given"))
      place.presentation.asksQuestions = false
      let html = try String(contentsOfFile: place.publish(page), encoding: .utf8)
      let guess = try #require(html.firstMatch(of: #/<div class="guess"[^>]*>.*?<\/div>/#)).output
      for part in [
        "data-answer=\"10.0\"", "data-within=\"0.1\"", "aria-label=\"Your number, in cm\"", "within 10 % is right",
      ] {
        #expect(guess.contains(part))
      }
      #expect(html.contains("Result: <b>10 cm</b>."))
    }
  }

  @Test("three lines that are no answer pass the question, and it says so")
  func passes() throws {
    let text = try run(["x", "y", "z", "1"]) { $0.predict("How much?", choices: ["1", "2"], answer: 1) }
    #expect(text.contains("No valid answer in three attempts: question skipped. ") && !text.contains("You said"))
  }

  @Test("of two answers to one question the first counts, and it says so")
  func firstCounts() throws {
    try withTemporaryFolder { folder in
      for (line, isSecond) in [("1", false), ("2", true)] {
        let text = try run([line], keeping: folder) {
          $0.predict("How much?", choices: ["little", "much"], answer: 1)
        }
        #expect(
          text.contains("Your first answer, little, is the one that counts. 0 of 1 so far.") == isSecond, "\(text)")
      }
    }
  }

  @Test("takes answers through a pipe, and shows them; does not wait where nobody answers")
  func pipe() throws {
    func ask(_ page: inout Page) { page.predict("How much?", choices: ["1", "2"], answer: 1) }
    let piped = try run(["2 90"], isTerminal: false, ask)
    #expect(piped.contains(" 2 90 ") && piped.contains("You said 2; the result is 2."))
    let silent = try run([], isTerminal: false, ask)
    #expect(silent.contains("Result: 2.") && !silent.contains("You said"))
  }

  /// A page with two questions.
  private func page() -> Page {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.predict("How much?", choices: ["1", "0.3", "0.05"], answer: 0.046, "Because of this.")
    page.prose("Between.")
    page.predict("How wide?", unit: "cm", answer: 12.0, "Because of that.")
    page.exercises()
    return page
  }

  @Test("a page withholds each answer until its question was answered")
  func value() throws {
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      place.presentation.asksQuestions = true
      place.shelf.exercises = [ExerciseLink(id: "4.1", "An exercise", minutes: 5)]
      let transcript = Transcript(answers: ["3 80", "99"])
      var seen: [String] = []
      var console = transcript.console(isTerminal: true, environment: ["NO_COLOR": "1"])
      let read = console.readLine
      nonisolated(unsafe) let note = { seen.append(transcript.text) }
      console.readLine = {
        note()
        return read()
      }
      _ = try place.publish(page(), console: console)
      try #require(seen.count == 2)
      #expect(seen[0].contains("How much?") && !seen[0].contains("Because of this"))
      #expect(seen[1].contains("Because of this") && !seen[1].contains("Because of that"))
      #expect(seen[1].contains("You said 0.05; the result is 0.046."))
      #expect(transcript.text.contains("Off by a factor of 8.2.") && transcript.text.contains("An exercise"))
      let json = try String(contentsOfFile: folder + "/page.json", encoding: .utf8)
      #expect(json.contains("\"given\":\"0.05\"") && json.contains("\"given\":\"99 cm\""))
    }
  }

  @Test("where nobody is asked, the answer follows its question")
  func unasked() throws {
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      let transcript = Transcript()
      _ = try place.publish(page(), console: transcript.console())
      let text = transcript.text
      let places = ["How much?", "Because of this.", "Between.", "How wide?", "Because of that."].map {
        text.range(of: $0)?.lowerBound
      }
      #expect(!places.contains(nil) && zip(places, places.dropFirst()).allSatisfy { $0! < $1! })
      // A chapter without exercises has no list of them.
      #expect(!text.contains("Exercises"))
    }
  }

  @Test("a page can be asked for its words, questions and answers")
  func contents() {
    #expect(page().predictions.map(\.answer) == ["0.046", "12 cm"])
    #expect(page().text.contains("Title Lead How much? 0.046 Because of this. Between."))
  }

  @Test("picks the choice nearest by ratio")
  func nearest() {
    let prediction = Prediction(question: "", choices: ["1", "0.3", "0.05", "0.0001"], unit: "", tolerance: 0)
    #expect(prediction.nearestChoice(to: 0.046) == 2)
    #expect(prediction.nearestChoice(to: 0.001) == 3)
    #expect(prediction.nearestChoice(to: 0.6) == 0)
    let powers = Prediction(question: "?", choices: ["10⁵", "10⁻¹", "3×10⁻³", "10⁻⁶"])
    #expect([3e4, 0.2, 0.002, 2e-6].map { powers.nearestChoice(to: $0) } == [0, 1, 2, 3])
  }
}
