// The book as a site: one page for each chapter, a front page with search, and the claims; ready for any static host.

import Basics
import Foundation

extension Book {
  /// Writes a folder of pages.
  ///
  /// - Parameters:
  ///   - site: the folder to write to.
  ///   - board: the claims of the chapters.
  ///   - theme: the look; by default the reader's preference.
  public func writeSite(to site: String, board: Scoreboard, theme: Theme? = nil) throws(PageError) {
    let body = """
      <a class="skip" href="#index">Skip to the contents</a>
      <header class="top"><a class="book" href="index.html">The ConvNet Workbook</a><nav aria-label="Book"><a href="claims.html">Claims</a></nav><span class="keys"><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      <main><section id="index" tabindex="-1">\(front { "\($0.name)/index.html" })</section></main>
      <script type="application/json" class="search-index">\(JSONValue.array(entries.flatMap(places)).script)</script>
      <footer><span>\(entries.count) \(entries.count == 1 ? "chapter" : "chapters") recorded</span><span>keys: <kbd>t</kbd> theme <kbd>/</kbd> search</span></footer>
      """
    let front = HTMLRenderer.document(
      title: "The ConvNet Workbook", body: body, theme: theme, presents: false, script: PageScript.book)
    try PageError.writing { () throws(FileError) in
      try AtomicFile.write(front, to: site + "/index.html")
      try AtomicFile.write(board.html(theme: theme, home: "index.html"), to: site + "/claims.html")
      for entry in entries {
        let (from, to) = (entry.folder, "\(site)/\(entry.name)")
        let page = String(decoding: FileManager.default.contents(atPath: from + "/index.html") ?? Data(), as: UTF8.self)
        let linked = page.replacing(
          "<a class=\"book\" href=\"#\(entry.anchor)\">", with: "<a class=\"book\" href=\"../index.html\">")
        try AtomicFile.write(linked, to: to + "/index.html")
        let files = (try? FileManager.default.contentsOfDirectory(atPath: from + "/figures")) ?? []
        for file in files {
          guard let bytes = FileManager.default.contents(atPath: "\(from)/figures/\(file)") else { continue }
          try AtomicFile.write(bytes, to: "\(to)/figures/\(file)")
        }
      }
    }
  }

  /// The entries of the search index: each section of a chapter with its words, and separately its code, which has a
  /// lower weight.
  private func places(_ entry: Entry) -> [JSONValue] {
    let sections = entry.article.components(separatedBy: "<h2 id=\"")
    return sections.enumerated().map { index, html -> JSONValue in
      let id = index == 0 ? entry.anchor : String(html.prefix { $0 != "\"" })
      // After the anchor: the section's title, followed by its content.
      let end = index == 0 ? nil : html.range(of: "</h2>")
      let heading = end.map { Book.words("<h2 id=\"" + html[..<$0.lowerBound]) } ?? ""
      let whole = String(html[(end?.upperBound ?? html.startIndex)...])
      let code = whole.matches(of: #/<pre\b.*?<\/pre>/#.dotMatchesNewlines()).map { Book.words(String($0.output)) }
      let parts = [
        (Book.words(whole.replacing(#/<pre\b.*?<\/pre>/#.dotMatchesNewlines(), with: " ")), 3),
        (code.joined(separator: " "), 1),
      ]
      return [
        "chapter": .string("\(entry.number)"), "name": .string(Markdown.plain(entry.title)),
        "heading": .string(heading), "href": .string("\(entry.name)/index.html#\(id)"),
        "parts": .array(
          parts.filter { !$0.0.isEmpty }.map { ["text": .string($0.0), "weight": .whole($0.1), "href": ""] }),
      ]
    }
  }

  /// Elements that are not searched: pictures, buttons, the numbers of a figure, answers still to be predicted.
  private static let unread: [(start: String, end: String)] =
    ["svg", "script", "button"].map { ("<\($0)", "</\($0)>") } + [
      ("<details class=\"numbers\"", "</details>"), ("<details class=\"answer\"", "</details>"),
      ("<span class=\"dl\"", "</span>"), ("<span class=\"on-paper\"", "</span>"), ("<span class=\"pad\"", "</span>"),
      ("<span class=\"hidden\"", "</span>"), ("<div class=\"guess\"", "</div>"), ("<a class=\"anchor\"", "</a>"),
    ]

  /// The readable words of a piece of HTML, separated where the page separates them.
  static func words(_ html: String) -> String {
    // Formulas as they are read aloud.
    var text = html.replacing(#/<math[^>]*?aria-label="([^"]*)"[^>]*>.*?<\/math>/#.dotMatchesNewlines()) {
      String($0.output.1)
    }
    for (start, end) in unread {
      while let from = text.range(of: start), let to = text[from.upperBound...].range(of: end) {
        text.replaceSubrange(from.lowerBound..<to.upperBound, with: " ")
      }
    }
    let inline: Set = ["a", "abbr", "b", "code", "em", "i", "kbd", "mark", "span", "strong", "sub", "sup"]
    var words = text.replacing(#/<\/?([a-z0-9]+)[^>]*>/#) { inline.contains(String($0.output.1)) ? "" : " " }
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      words = words.replacing(entity, with: sign)
    }
    return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
