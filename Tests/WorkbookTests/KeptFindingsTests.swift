// What a run has found, kept and read again.

import Foundation
import Notebook
import Testing
import Training

@testable import Workbook

/// A chapter of the reader's own, with nothing about it in the library.
private enum Idea: ChapterProgram {
  static let number = 12
  static let chapter = Chapter(number: 12, name: "ch12-my-idea", title: "My idea")

  struct Findings: Codable, Equatable {
    var errors: Summary
    var extremes: [Double]
    var steps: [Int?]
    var rate: Float
  }

  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    Findings(errors: Summary([1, 2, 3]), extremes: [], steps: [], rate: 0.1)
  }

  static func claims(_ findings: Findings) -> [Claim] {
    [
      Claim(
        "It errs", source: "S0", published: "1 %", measured: .init(findings.errors, unit: "%"),
        verdict: .ofEffect(findings.errors, from: 0.5))
    ]
  }

  static func page(_ findings: Findings, _ run: RunRecord) -> Page {
    var page = page(lead: "An idea.")
    page.prose("On \(run.data) \(findings.errors) % are wrong.")
    page.predict("How many?", choices: ["0.1", "2", "50"], answer: findings.errors.mean, "So it is.")
    claims(findings).forEach { page.claim($0) }
    return page
  }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    var page = page(findings, run)
    if let recorded { page.prose("Beside \(recorded.findings.errors.count) seeds.") }
    return page
  }
}

@Suite("Findings that are kept")
struct KeptFindingsTests {
  private let path = FileManager.default.temporaryDirectory.appendingPathComponent("findings-\(UUID().uuidString).json")
    .path
  private let findings = Idea.Findings(
    errors: Summary([1.1, 1.3, 0.1 + 0.2]), extremes: [.nan, .infinity, -.infinity, 1e-300, -0.0], steps: [3, nil],
    rate: 0.02)

  private func kept() -> KeptFindings<Idea.Findings> {
    let run = RunRecord(
      seed: .max, size: "full", data: "MNIST", threads: 2, seconds: 1.25, date: "2026-11-28", trainings: ["0001": 0.5],
      settings: ["depth": "20"], versions: ["Swift": "6.3"])
    return KeptFindings(Idea.chapter, run, Idea.claims(findings), findings)
  }

  /// What reading the file says.
  private func refusal(of chapter: Chapter = Idea.chapter) -> FindingsError? {
    do {
      _ = try KeptFindings<Idea.Findings>(at: path, of: chapter)
      return nil
    } catch { return error }
  }

  @Test("every bit survives, what is no number included")
  func survive() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    try kept().write(to: path)
    let read = try KeptFindings<Idea.Findings>(at: path, of: Idea.chapter)
    #expect(read.run == kept().run && read.claims == kept().claims)
    #expect(read.findings.errors == findings.errors && read.findings.steps == [3, nil] && read.findings.rate == 0.02)
    #expect(zip(read.findings.extremes, findings.extremes).allSatisfy { $0.bitPattern == $1.bitPattern })
    // The same file, byte for byte.
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    try read.write(to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
  }

  @Test("the scoreboard reads them without the chapter's code, before the page beside them")
  func scoreboard() throws {
    let folder = path + "-folder/ch12-my-idea"
    defer { try? FileManager.default.removeItem(atPath: path + "-folder") }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try kept().write(to: folder + "/findings.json")
    try Data("{}".utf8).write(to: URL(fileURLWithPath: folder + "/run.json"))
    let board = try Scoreboard(readingFrom: [path + "-folder"])
    #expect(board.entries.map(\.claim) == Idea.claims(findings))
    #expect(board.entries.map(\.size) == ["full"] && board.entries.first?.isRecorded == false)
    // Beside the sources they are the record.
    try Data().write(to: URL(fileURLWithPath: folder + "/main.swift"))
    #expect(try Scoreboard(readingFrom: [path + "-folder"]).entries.first?.isRecorded == true)
    let pace = try #require(RecordedPace(recordedAt: folder + "/findings.json", size: "full"))
    #expect(pace.seconds == 1.25 && pace.trainings == ["0001": 0.5])
  }

  @Test("a file that is another chapter's, or has not all, is refused in one line that says what to do")
  func refusals() throws {
    defer { try? FileManager.default.removeItem(atPath: path) }
    #expect(refusal()?.description.contains("expected the findings of ch12-my-idea, found no readable file") == true)
    try kept().write(to: path)
    let other = try #require(refusal(of: Chapter.all[7]))
    #expect(other.code == 66)
    #expect(other.description.contains("expected the findings of ch08-losses, found those of ch12-my-idea. Give a"))
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for (whole, broken, words) in [
      ("\"rate\"", "\"rates\"", "found no member 'findings.rate'"),
      ("\"rate\":0.02", "\"rate\":\"much\"", "found something else in 'findings.rate'"),
      ("{\"chapter\"", "[\"chapter\"", "found something else."),
    ] {
      try text.replacingOccurrences(of: whole, with: broken).write(toFile: path, atomically: true, encoding: .utf8)
      let error = try #require(refusal(), "\(broken)")
      #expect(error.description.contains(words) && !error.description.contains("\n"), "\(error)")
    }
  }

  @Test("the page is a value: it has its words, its claims and the answer, and prints nothing")
  func page() {
    let page = Idea.page(findings, RunRecord(data: "MNIST"))
    #expect(page.chapter == 12 && page.title == "My idea")
    #expect(page.text.contains("On MNIST 0.900 ± 0.529 % are wrong."))
    #expect(page.predictions.map(\.answer) == ["0.9"])
    #expect(page.claims == Idea.claims(findings))
  }

  @Test("a claim carries what the recorded run says of it, where that is another verdict and a verdict at all")
  func recorded() throws {
    func kept(_ errors: [Double], size: String, data: String = "") -> KeptFindings<Idea.Findings> {
      let findings = Idea.Findings(errors: Summary(errors), extremes: [], steps: [], rate: 0)
      return KeptFindings(Idea.chapter, RunRecord(size: size, data: data), Idea.claims(findings), findings)
    }
    let full = kept([1.0, 1.1, 1.2], size: "full")
    let elsewhere = Idea.page(of: kept([1], size: "quick", data: "Fashion-MNIST"), beside: full)
    #expect(elsewhere.claims.first?.other == nil, "a record of another set says nothing")
    for data in ["", SyntheticDigits.name] {
      #expect(Idea.page(of: kept([1], size: "quick", data: data), beside: full).claims.first?.other != nil)
    }
    let page = Idea.page(of: kept([1], size: "quick"), beside: full)
    let claim = try #require(page.claims.first)
    #expect(claim.verdict == .undecided)
    let recorded = try #require(claim.other)
    #expect(recorded.verdict == .reproduced && recorded.measured == "1.10 ± 0.10 %")
    #expect(recorded.seeds == 3 && recorded.run == "recorded full run")
    #expect(page.text.contains("undecided here recorded full run: ✓ reproduced, 1.10 ± 0.10 %"))
    #expect(page.text.contains("Beside 3 seeds."))
    // The same verdict, none, and the record's own page.
    #expect(Idea.page(of: kept([0.9, 1, 1.1], size: "normal"), beside: full).claims.first?.other == nil)
    #expect(
      Idea.page(of: kept([1, 2, 3], size: "full"), beside: kept([1], size: "quick")).claims.first?.other == nil)
    let own = Idea.page(of: full, beside: full)
    #expect(own.claims.first?.other == nil && !own.text.contains("Beside"))
    #expect(!Idea.page(of: full, beside: nil).text.contains("Beside"))
    // Another verdict than a verdict: beyond chance it stands, within chance nothing is decided here.
    let other = Idea.page(of: kept([-0.6, -0.5, -0.4], size: "normal"), beside: full)
    #expect(other.claims.first?.other?.verdict == .reproduced && other.text.contains("not here recorded full run"))
    let vague = Idea.page(of: kept([-1, 0, 1], size: "normal"), beside: full)
    #expect(vague.claims.first?.verdict == .undecided && vague.text.contains("undecided here recorded full run"))
  }

  @Test("a chapter outside the curriculum is named by its folder", arguments: [("ch12-my-idea", 12, "My idea")])
  func ownChapter(folder: String, number: Int, title: String) throws {
    let chapter = try #require(Chapter(folder: folder))
    #expect(chapter.number == number && chapter.title == title && chapter.name == folder)
    for name in ["notes", "ch1-x", "ch12", "ch12-X"] { #expect(Chapter(folder: name) == nil) }
  }
}
