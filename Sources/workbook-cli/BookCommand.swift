// `./workbook book`: all existing pages as one offline HTML book

import ArgumentParser
import Foundation
import Workbook

/// Combines the recorded pages into one file.
struct BookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "book", abstract: "Combine all existing pages into one offline HTML book.",
    discussion: """
      Chapters that have not been run have no page yet: run them with ./workbook run CHAPTER. With --recorded the book \
      contains the recorded full runs beside the sources (Chapters/*/findings.json), drawn into out/recorded without \
      training.
      """)

  @Option(help: "The folder with the chapters' pages.") var from: String?
  @Flag(help: "Draw and combine the recorded full runs.") var recorded = false
  @Option(help: "The output file; by default index.html in the folder of the pages.") var to: String?
  @Option(help: "Write a site instead: a folder of pages, for any static host.") var site: String?
  @Option(help: "light, dark or projector; by default the reader's preference.") var theme: ThemeName?

  enum ThemeName: String, CaseIterable, ExpressibleByArgument { case light, dark, projector }

  func validate() throws {
    guard !recorded || from == nil else {
      throw ValidationError("--recorded and --from: expected at most one, found both")
    }
    guard site == nil || to == nil else {
      throw ValidationError("--site and --to: expected at most one, found both")
    }
  }

  func run() throws {
    let folder = from ?? (recorded ? Pages.folder + "/recorded" : Pages.folder)
    if recorded { try RecordedPages.draw(Checkout.chapters, into: folder) }
    let book = try Pages.read(folder, command: "book")
    let path = site.map { $0 + "/index.html" } ?? to ?? folder + "/index.html"
    let theme = theme.flatMap { Theme(rawValue: $0.rawValue) }
    do {
      if let site {
        try book.writeSite(to: site, board: Scoreboard(readingFrom: [folder]), theme: theme)
      } else {
        try book.write(to: path, theme: theme)
      }
    } catch {
      try Pages.stop("book", "\(error)", code: 73)
    }
    print("\(path): \(book.entries.count) of \(Checkout.chapters.count) chapters, \(book.claims.count) claims")
  }
}

/// The pages of the recorded full runs.
enum RecordedPages {
  /// Draws each in its own folder, and reports the chapters without recorded findings.
  static func draw(_ chapters: [Chapter], into folder: String) throws {
    for chapter in chapters {
      let record = Checkout.record(of: chapter)
      guard record.lastPathComponent == "findings.json", FileManager.default.fileExists(atPath: record.path) else {
        printError(
          "workbook book: left out: \(chapter.name) has no recorded findings. ./workbook run \(chapter.name) --full, "
            + "then ./workbook claims --record")
        // Remove a page drawn from a record that no longer exists.
        try? FileManager.default.removeItem(atPath: "\(folder)/\(chapter.name)")
        continue
      }
      try ChapterProcess.run(
        chapter, ["--from", record.path, "--out", "\(folder)/\(chapter.name)", "--format", "html"])
    }
  }
}

/// The pages that runs have left behind.
enum Pages {
  /// The folder that contains all chapters' output folders.
  static var folder: String { Checkout.root.appendingPathComponent("out").path }

  /// Reads the pages, reports those that cannot be read, and stops if there are none.
  static func read(_ folder: String, command: String) throws -> Book {
    let book: Book
    do { book = try Book(readingFrom: folder) } catch { try stop(command, "\(error)", code: 66) }
    for problem in book.problems { printError("workbook \(command): left out: \(problem)") }
    guard !book.entries.isEmpty else {
      try stop(
        command, "expected pages in \(folder), found none; make one with ./workbook run ch04-weight-init", code: 66)
    }
    return book
  }

  static func stop(_ command: String, _ message: String, code: Int32) throws -> Never {
    printError("workbook \(command): \(message)")
    throw ExitCode(code)
  }
}
