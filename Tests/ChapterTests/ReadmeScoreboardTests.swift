// The scoreboard in the README is that of the recorded runs, and nobody typed it.

import Foundation
import Notebook
import Testing
import Workbook

@testable import ch10_lenet

/// With `UPDATE_README=1` the section is written anew instead of compared.
@Suite("The scoreboard in the README")
struct ReadmeScoreboardTests {
  private static let (begin, end) = ("<!-- scoreboard -->", "<!-- end of the scoreboard -->")
  private static let repository = (0..<3).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }
  private let chapters = Self.repository.appendingPathComponent("Chapters").path
  private let readme = Self.repository.appendingPathComponent("README.md")

  @Test("it is what the recorded runs say")
  func scoreboard() throws {
    let text = try String(contentsOf: readme, encoding: .utf8)
    let start = try #require(text.range(of: Self.begin)).upperBound
    let stop = try #require(text.range(of: Self.end)).lowerBound
    let board = try Scoreboard(readingFrom: [chapters])
    let wanted = """

      \(try leNet())
      <details><summary>All \(board.entries.count) claims: \(board.tally)</summary>

      \(board.markdown())
      </details>

      """
    if ProcessInfo.processInfo.environment["UPDATE_README"] == "1" {
      try text.replacingCharacters(in: start..<stop, with: wanted).write(to: readme, atomically: true, encoding: .utf8)
    } else {
      #expect(text[start..<stop] == wanted, "UPDATE_README=1 ./workbook test --filter ReadmeScoreboard writes it anew")
    }
  }

  /// S0's table, measured: from the recorded findings, else from what the page of the recorded run said.
  private func leNet() throws -> String {
    let (run, table) = try recordedFindings() ?? recordedPage()
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
    let words = ["\(run.size) run of \(run.date)", "seeds from \(run.seed)", run.data] + versions
    lines += ["", "\(table.caption); " + words.joined(separator: " · ") + ".", ""]
    return lines.joined(separator: "\n")
  }

  private static let published = "published, 30 epochs (%)"

  private func recordedFindings() throws -> (RunRecord, Table)? {
    guard let kept = KeptFindings<LeNet.Findings>(recordedOf: LeNet.chapter) else { return nil }
    let tables = LeNet.page(kept.findings, kept.run, recorded: nil).tables
    return (kept.run, try #require(tables.first { $0.columns.contains { $0.title == Self.published } }))
  }

  /// The parts of a record of the page that the table needs.
  private struct Record: Decodable {
    struct Block: Decodable {
      var caption: String?
      var columns: [String]?
      var rows: [[Cell]]?
    }
    struct Cell: Decodable {
      var cell: TableCell
      init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let text = try? value.decode(String.self) {
          cell = .text(text)
        } else if let values = try? value.decode([String: Double].self), let mean = values["mean"] {
          cell = .measured(mean, values["deviation"] ?? 0)
        } else {
          cell = .number(try value.decode(Double.self))
        }
      }
    }
    var run: RunRecord
    var blocks: [Block]
  }

  private func recordedPage() throws -> (RunRecord, Table) {
    let file = URL(fileURLWithPath: chapters + "/ch10-lenet/run.json")
    let record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
    let block = try #require(record.blocks.first { $0.columns?.contains(Self.published) == true })
    return (
      record.run,
      Table(
        block.caption ?? "", columns: (block.columns ?? []).map { .init($0) },
        rows: (block.rows ?? []).map { $0.map(\.cell) })
    )
  }
}
