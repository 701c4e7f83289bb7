// `./workbook book`: all pages made so far as one offline HTML book

import ArgumentParser
import Foundation
import Workbook

/// Binds the recorded pages into one file.
struct BookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "book", abstract: "Binds all pages made so far into one offline HTML book.",
    discussion: "Chapters that have not been run have no page yet: run them with ./workbook run CHAPTER.")

  @Option(help: "The folder with the chapters' pages.") var from: String?
  @Option(help: "The file to write; by default index.html in that folder.") var to: String?
  @Option(help: "light, dark or projector; by default the reader's preference.") var theme: ThemeName?

  enum ThemeName: String, CaseIterable, ExpressibleByArgument { case light, dark, projector }

  func run() throws {
    let folder = from ?? Pages.folder
    let book = try Pages.read(folder, command: "book")
    let path = to ?? folder + "/index.html"
    do { try book.write(to: path, theme: theme.flatMap { Theme(rawValue: $0.rawValue) }) } catch {
      try Pages.stop("book", "\(error)", code: 73)
    }
    print("\(path): \(book.entries.count) of \(House.chapters.count) chapters, \(book.claims.count) claims")
  }
}

/// The pages that runs have left behind.
enum Pages {
  /// The folder above all chapters' output folders.
  static var folder: String { House.root.appendingPathComponent("out").path }

  /// Reads them; says which could not be read, and stops where there is none.
  static func read(_ folder: String, command: String) throws -> Book {
    let book: Book
    do { book = try Book(readingFrom: folder) } catch { try stop(command, "\(error)", code: 66) }
    for problem in book.problems { say("workbook \(command): left out: \(problem)") }
    guard !book.entries.isEmpty else {
      try stop(
        command, "expected pages in \(folder), found none; make one with ./workbook run ch04-weight-init", code: 66)
    }
    return book
  }

  static func stop(_ command: String, _ message: String, code: Int32) throws -> Never {
    say("workbook \(command): \(message)")
    throw ExitCode(code)
  }

  private static func say(_ line: String) { FileHandle.standardError.write(Data((line + "\n").utf8)) }
}
