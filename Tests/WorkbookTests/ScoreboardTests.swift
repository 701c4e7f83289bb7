// The scoreboard in the README is that of the recorded runs, and nobody typed it.

import Foundation
import Notebook
import Testing
import Workbook

/// With `UPDATE_README=1` the section is written anew instead of compared.
@Suite("The scoreboard in the README")
struct ReadmeScoreboardTests {
  private static let (begin, end) = ("<!-- scoreboard -->", "<!-- end of the scoreboard -->")
  private let chapters = Sandbox.repository.appendingPathComponent("Chapters").path
  private let readme = Sandbox.repository.appendingPathComponent("README.md")

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

  /// The parts of chapter 10's record that the table needs.
  private struct Record: Decodable {
    struct Run: Decodable {
      var date: String
      var seed: String
      var data: String
      var size: String
      var versions: [String: String]
    }
    struct Block: Decodable {
      var caption: String?
      var columns: [String]?
      var rows: [[Cell]]?
      init(from decoder: any Decoder) throws {
        let container = try? decoder.container(keyedBy: Key.self)
        caption = try? container?.decode(String.self, forKey: .caption)
        columns = try? container?.decode([String].self, forKey: .columns)
        rows = try? container?.decode([[Cell]].self, forKey: .rows)
      }
      private enum Key: CodingKey { case caption, columns, rows }
    }
    enum Cell: Decodable {
      case text(String)
      case measured(Double, Double)
      case other
      init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
          self = .text(text)
        } else if let values = try? decoder.singleValueContainer().decode([String: Double].self),
          let mean = values["mean"], let deviation = values["deviation"]
        {
          self = .measured(mean, deviation)
        } else {
          self = .other
        }
      }
    }
    var run: Run
    var blocks: [Block]
  }

  /// S0's table, measured.
  private func leNet() throws -> String {
    let file = URL(fileURLWithPath: chapters + "/ch10-lenet/run.json")
    let record = try JSONDecoder().decode(Record.self, from: Data(contentsOf: file))
    let table = try #require(record.blocks.first { $0.columns?.contains("published, 30 epochs (%)") == true })
    let columns = try #require(table.columns)
    let (error, published) = (columns.firstIndex(of: "test error (%)") ?? 0, columns.count - 2)
    var lines = ["| network | test error here (%) | published (%) |", "|---|---:|---:|"]
    for row in table.rows ?? [] {
      guard case .text(let name) = row[0], case .measured(let mean, let deviation) = row[error],
        case .text(let theirs) = row[published]
      else { continue }
      lines.append("| \(name) | \(String(format: "%.2f ± %.2f", mean, deviation)) | \(theirs) |")
    }
    #expect(lines.count == 6, "four networks")
    let versions = record.run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let run = ["\(record.run.size) run of \(record.run.date)", "seeds from \(record.run.seed)", record.run.data]
    lines += ["", "\(table.caption ?? ""); " + (run + versions).joined(separator: " · ") + ".", ""]
    return lines.joined(separator: "\n")
  }
}
