// The book: all chapters in one file, with an index, search, the scoreboard of claims, and slides, from recorded runs.

import Basics
import Foundation

/// The offline book of all recorded pages.
///
/// ```swift
/// let book = try Book(readingFrom: "out")
/// try book.write(to: "out/index.html")
/// ```
public struct Book: Sendable {
  /// A chapter as its last run recorded it.
  public struct Entry: Sendable {
    /// The chapter's number.
    public let number: Int
    /// `ch04-weight-init`.
    public let name: String
    /// The title, in Markdown.
    public let title: String
    /// What the chapter is about, in Markdown.
    public let lead: String
    /// The day of the run and its size, as recorded.
    public let run: String
    /// The claims that the run tested.
    public let claims: [Claim]
    /// The chapter's headings with their anchors.
    let headings: [(id: String, title: String)]
    /// The article and its slides, as HTML.
    let article: String
    /// The element with the module of its panels, or nil.
    let module: String?
    /// The folder of its page.
    let folder: String
    /// The reading time in minutes, including the figures.
    let minutes: Int

    /// The prefix of all anchors of the chapter: `ch04`.
    var anchor: String { String(name.prefix(4)) }
  }

  /// The chapters in order.
  public let entries: [Entry]
  /// Pages that could not be read, and why.
  public let problems: [PageError]

  /// Every claim with its chapter.
  public var claims: [(chapter: Int, claim: Claim)] {
    entries.flatMap { entry in entry.claims.map { (entry.number, $0) } }
  }

  /// Reads the pages in the folders inside `folder`.
  ///
  /// - Throws: `PageError.noPages` if there are none; a page that cannot be read is skipped and reported in `problems`.
  public init(readingFrom folder: String) throws(PageError) {
    var entries: [Entry] = []
    var problems: [PageError] = []
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    for name in names {
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path + "/page.json") else { continue }
      do {
        entries.append(try Book.entry(page: path + "/index.html", record: path + "/page.json"))
      } catch {
        problems.append(error)
      }
    }
    guard !entries.isEmpty else { throw problems.first ?? .noPages(folder: folder) }
    self.entries = entries.sorted { ($0.number, $0.name) < ($1.number, $1.name) }
    self.problems = problems
  }

  private static func entry(page: String, record path: String) throws(PageError) -> Entry {
    let record = try RecordedPage(at: path)
    guard let bytes = FileManager.default.contents(atPath: page) else {
      throw .unreadablePage(path: page, reason: "the file does not exist")
    }
    let html = String(decoding: bytes, as: UTF8.self)
    guard let start = html.range(of: HTMLRenderer.articleStart), let end = html.range(of: HTMLRenderer.articleEnd),
      start.upperBound <= end.lowerBound
    else { throw .unreadablePage(path: page, reason: "it is not a page of this workbook") }
    let words = record.text.split(separator: " ").count
    return Entry(
      number: record.chapter, name: record.name, title: record.title, lead: record.lead, run: record.run.summary,
      claims: record.claims, headings: record.headings.map { ($0.id, $0.title) },
      article: String(html[start.upperBound..<end.lowerBound]).trimmed,
      module: HTMLRenderer.module(in: html),
      folder: (path as NSString).deletingLastPathComponent,
      minutes: max(1, words / 180))
  }

  /// Writes the book.
  public func write(to path: String, theme: Theme? = nil) throws(PageError) {
    let html = html(theme: theme)
    try PageError.writing { () throws(FileError) in try AtomicFile.write(html, to: path) }
  }
}
