// `./workbook claims`: every claim put to the test, with its verdict

import ArgumentParser
import Foundation
import Workbook

/// The scoreboard of all claims, from the chapters' recorded runs.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "The scoreboard of every claim's verdict, from the chapters' recorded runs.")

  @Option(help: "The folder with the chapters' pages.") var from: String?
  @Flag(help: "As JSON.") var json = false
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  /// One line of the scoreboard.
  struct Row: Codable {
    var chapter: Int
    var claim: Claim
  }

  func run() throws {
    let rows = try Pages.read(from ?? Pages.folder, command: "claims").claims.map {
      Row(chapter: $0.chapter, claim: $0.claim)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(rows), as: UTF8.self))
    } else {
      print(Self.text(rows, style: Terminal(noColor: noColor)))
    }
  }

  /// The scoreboard as text: the verdict first, then the claim, what was published and what was found.
  static func text(_ rows: [Row], style: Terminal) -> String {
    guard !rows.isEmpty else { return "No page has put a claim to the test yet." }
    var lines = [style.bold("Claims put to the test"), ""]
    for row in rows {
      let claim = row.claim
      let verdict: String
      switch claim.verdict {
      case .reproduced: verdict = style.green("✓ reproduced")
      case .partly: verdict = "~ partly"
      case .notHere: verdict = "✗ not here"
      }
      lines.append(
        "\(verdict)  ch\(row.chapter < 10 ? "0" : "")\(row.chapter)  \(style.bold(claim.text)) (\(claim.source))")
      var remark =
        "published \(claim.published); here \(claim.measured), \(claim.seeds) seed\(claim.seeds == 1 ? "" : "s")"
      if !claim.reason.isEmpty { remark += "; \(claim.reason)" }
      lines.append("      " + style.dim(remark))
    }
    let counts = Claim.Verdict.allCases.map { verdict in
      "\(rows.count { $0.claim.verdict == verdict }) \(verdict.rawValue)"
    }
    lines += ["", counts.joined(separator: ", ")]
    return lines.joined(separator: "\n")
  }
}
