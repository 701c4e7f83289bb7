// The scoreboard is that of the recorded runs.

import Foundation
import Notebook
import Testing
import Workbook

@testable import ch10_lenet

/// With `UPDATE_README=1`, the sections are rewritten instead of compared.
@Suite("The scoreboard, and its summary in the README")
struct ReadmeScoreboardTests {
  private let repository = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in url.deletingLastPathComponent() }
  private var chapters: String { repository.appendingPathComponent("Chapters").path }

  @Test("Chapters/README.md is what the recorded runs say")
  func scoreboard() throws {
    let board = try Scoreboard(readingFrom: [chapters])
    try compare("scoreboard", of: "Chapters/README.md", with: "\(try leNet())\n## All claims\n\n\(board.markdown())")
  }

  @Test("the README has their sum")
  func summary() throws {
    let board = try Scoreboard(readingFrom: [chapters])
    try compare(
      "summary", of: "README.md",
      with: "The recorded full runs put \(board.entries.count) claims to the test: \(board.tally). "
        + "[Chapters/README.md](Chapters/README.md) lists them.\n")
  }

  @Test("no claim of a recorded run is undecided")
  func decided() throws {
    let open = try Scoreboard(readingFrom: [chapters]).entries.filter { $0.claim.verdict == .undecided }
    #expect(open.isEmpty, "\(open.map { "chapter \($0.chapter): \($0.claim.text)" })")
  }

  /// Compares the text between two comments of a file, or writes it.
  private func compare(_ section: String, of name: String, with wanted: String) throws {
    let file = repository.appendingPathComponent(name)
    let text = try String(contentsOf: file, encoding: .utf8)
    let start = try #require(text.range(of: "<!-- \(section) -->\n")).upperBound
    let stop = try #require(text.range(of: "<!-- end of the \(section) -->")).lowerBound
    if ProcessInfo.processInfo.environment["UPDATE_README"] == "1" {
      try text.replacingCharacters(in: start..<stop, with: wanted).write(to: file, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start..<stop] == wanted, "UPDATE_README=1 ./workbook test --filter ReadmeScoreboard writes it anew")
    }
  }

  /// S0's table, measured.
  private func leNet() throws -> String {
    let kept = try #require(KeptFindings<LeNet.Findings>(recordedOf: LeNet.chapter))
    let run = kept.run
    let tables = LeNet.page(kept.findings, run, recorded: nil).tables
    let table = try #require(tables.first { $0.columns.contains { $0.title == Self.published } })
    let columns = table.columns.map(\.title)
    let error = try #require(columns.firstIndex(of: "test error (%)"))
    let published = try #require(columns.firstIndex(of: Self.published))
    var lines = ["| network | test error here (%) | published (%) |", "|---|---:|---:|"]
    for row in table.rows {
      guard case .text(let name) = row[0], case .measured(let mean, let deviation) = row[error],
        case .text(let theirs) = row[published]
      else { continue }
      lines.append("| \(name) | \(String(format: "%.2f ± %.2f", mean, deviation)) | \(theirs) |")
    }
    #expect(lines.count == 6, "four networks")
    let versions = run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let words = ["\(run.size) run of \(run.days)", "seeds from \(run.seed)", run.data] + versions
    lines += ["", "\(table.caption); " + words.joined(separator: " · ") + ".", ""]
    return lines.joined(separator: "\n")
  }

  private static let published = "published, 30 epochs (%)"
}
