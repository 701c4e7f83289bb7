// All chapters in one file: index, search, scoreboard of claims, slides. Made from what the chapters' runs left behind.

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
    /// In Markdown.
    public let title: String
    /// What the chapter is about, in Markdown.
    public let lead: String
    /// The day of the run and its size, as recorded.
    public let run: String
    /// The claims that the run put to the test.
    public let claims: [Claim]
    /// The chapter's headings with their anchors.
    let headings: [(id: String, title: String)]
    /// The article and its slides, as HTML.
    let article: String
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
  /// - Throws: `PageError.noPages` where there is none; a page that cannot be read is left out and told in `problems`.
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
      throw .unreadablePage(path: page, reason: "it is not there")
    }
    let html = String(decoding: bytes, as: UTF8.self)
    guard let start = html.range(of: HTMLRenderer.articleStart), let end = html.range(of: HTMLRenderer.articleEnd),
      start.upperBound <= end.lowerBound
    else { throw .unreadablePage(path: page, reason: "it is not a page of this workbook") }
    return Entry(
      number: record.chapter, name: record.name, title: record.title, lead: record.lead, run: record.run.summary,
      claims: record.claims, headings: record.headings.map { ($0.id, $0.title) },
      article: String(html[start.upperBound..<end.lowerBound]).trimmed)
  }

  /// Writes the book.
  public func write(to path: String, theme: Theme? = nil) throws(PageError) {
    let html = html(theme: theme)
    try PageError.writing { () throws(FileError) in try AtomicFile.write(html, to: path) }
  }

  /// Returns the book as one HTML file.
  public func html(theme: Theme? = nil) -> String {
    let anchors = entries.map { String($0.name.prefix(4)) }
    let shelf = zip(anchors, entries).map { anchor, entry in
      "<li><a href=\"#\(anchor)\">\(entry.number) · \(HTML.markdown(entry.title))</a><p>\(HTML.markdown(entry.lead))</p><small>\(entry.run.escapedForMarkup)</small></li>"
    }
    let tested = claims
    let board =
      tested.isEmpty
      ? "<p>No claims were tested yet.</p>"
      : HTMLRenderer.board(tested.map(\.claim)) { index in
        "<a href=\"#\(anchors[entries.firstIndex { $0.number == tested[index].chapter } ?? 0])\">\(tested[index].chapter)</a>"
      }
    let contents = zip(anchors, entries).map { anchor, entry in
      let inner = entry.headings.map { "<li><a href=\"#\($0.id)\">\($0.title.escapedForMarkup)</a></li>" }.joined()
      let list = inner.isEmpty ? "" : "<ol class=\"inner\" data-part=\"\(anchor)\">\(inner)</ol>"
      return
        "<li><a data-link=\"\(anchor)\" href=\"#\(anchor)\">\(entry.number) \(HTML.markdown(entry.title))</a>\(list)</li>"
    }
    let articles = entries.indices.map { index in
      func way(_ other: Int) -> (address: String, title: String)? {
        entries.indices.contains(other)
          ? ("#" + anchors[other], "\(entries[other].number) \(HTML.markdown(entries[other].title))") : nil
      }
      let pager = HTMLRenderer.pager(
        before: way(index - 1) ?? ("#index", "Contents"), after: way(index + 1) ?? ("#claims", "All claims"))
      // Files beside a chapter's page are one folder further from the book.
      return entries[index].article.replacing(
        "href=\"figures/", with: "href=\"\(entries[index].name.escapedForMarkup)/figures/"
      ).replacing(
        "</article>",
        with: pager + "\n</article>",
        maxReplacements: 1)
    }
    let body = """
      <a class="skip" href="#index">Skip to the contents</a>
      <header class="top"><a class="book" href="#index">The ConvNet Workbook</a><nav aria-label="Book"><a href="#index">Contents and search</a><a href="#claims">Claims</a></nav><span class="keys"><button type="button" id="present"><kbd>p</kbd> present</button><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      <nav class="toc" aria-label="Chapters"><details open><summary>Chapters</summary><ol>\(contents.joined())</ol></details></nav>
      <main>
      <section id="index"><h1>The ConvNet Workbook</h1><p class="lead">Why convolutional networks train, or fail to: \(entries.count == 1 ? "one chapter" : "\(entries.count) chapters") of live experiments, as their last runs left them.</p>
      <p><label for="search" class="hidden">Search all chapters</label><input id="search" class="search" type="search" placeholder="Search all chapters (key /)"></p><p class="found" role="status"></p><ol class="hits"></ol>
      <h2>Chapters</h2><ol class="shelf">\(shelf.joined())</ol></section>
      <section id="claims" data-name="Claims"><h1>Claims put to the test</h1><p class="lead">Every claim of the sources that a chapter measured, with the verdict its own run computed.</p>\(board)</section>
      \(articles.joined(separator: "\n"))
      </main>
      <footer><span>\(entries.count) \(entries.count == 1 ? "chapter" : "chapters") recorded</span><span>keys: <kbd>p</kbd> present <kbd>t</kbd> theme <kbd>/</kbd> search</span></footer>
      """
    return HTMLRenderer.document(
      title: "The ConvNet Workbook", body: body, theme: theme, presents: false,
      script: PageScript.book)
  }
}
