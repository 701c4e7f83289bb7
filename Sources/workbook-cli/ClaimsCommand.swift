// `./workbook claims`: every claim put to the test, with its verdict

import ArgumentParser
import Foundation
import Workbook

/// The scoreboard of all claims, from the chapters' recorded runs.
struct ClaimsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "claims", abstract: "The scoreboard of every claim's verdict, from the chapters' recorded runs.",
    discussion: """
      Reads the records that runs of yours leave in out/ (findings.json or page.json of each chapter), whatever their \
      size; for chapters that were not run here, the recorded runs beside their sources (findings.json or run.json in \
      Chapters/*). Each chapter says which it is.
      """)

  /// How the scoreboard is written.
  enum Format: String, CaseIterable, ExpressibleByArgument { case table, html, markdown, json }

  @Option(
    parsing: .singleValue,
    help: "A record, or a folder with records in it or in the folders inside; may be given several times.")
  var from: [String] = []
  @Option(help: "How to write it.") var format = Format.table
  @Flag(help: "The same as --format json.") var json = false
  @Option(help: "The file to write; by default standard output.") var to: String?
  @Flag(help: "Record the runs in out/ beside the sources: Chapters/*/findings.json, or run.json.") var record = false
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  func run() throws {
    if record { return try PageRecords.write(from: from.first ?? Pages.folder) }
    let board: Scoreboard
    do { board = try Scoreboard(readingFrom: from.isEmpty ? Self.places : from) } catch {
      try Pages.stop("claims", "\(error)", code: 66)
    }
    for problem in board.problems {
      FileHandle.standardError.write(Data("workbook claims: left out: \(problem)\n".utf8))
    }
    let text =
      switch json ? Format.json : format {
      case .table: board.text(usesColor: noColor || to != nil ? false : nil)
      case .html: board.html()
      case .markdown: board.markdown()
      case .json: board.json()
      }
    guard let to else {
      FileHandle.standardOutput.write(Data(text.utf8))
      return
    }
    do { try AtomicFile.write(text, to: to) } catch { try Pages.stop("claims", "\(error)", code: 73) }
    print("\(to): \(board.entries.count) claims, \(board.tally)")
  }

  /// This checkout's own runs, then the recorded ones.
  private static var places: [String] {
    // Before the first run there is no folder for pages, and nothing wrong with that.
    [Pages.folder, House.root.appendingPathComponent("Chapters").path].filter(FileManager.default.fileExists)
  }
}
