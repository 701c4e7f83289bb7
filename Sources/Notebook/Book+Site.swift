// The book as a site: a page a chapter, a front page with search, the claims; ready for any static host.

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

  /// What can be searched for: each section of a chapter with its words.
  private func places(_ entry: Entry) -> [JSONValue] {
    let sections = entry.article.components(separatedBy: "<h2 id=\"")
    return sections.enumerated().map { index, html -> JSONValue in
      let id = index == 0 ? entry.anchor : String(html.prefix { $0 != "\"" })
      let heading = entry.headings.first { $0.id == id }?.title ?? ""
      let words = Book.words(index == 0 ? html : "<h2 id=\"" + html)
      return [
        "chapter": .string("\(entry.number)"), "name": .string(Markdown.plain(entry.title)),
        "heading": .string(heading),
        "href": .string("\(entry.name)/index.html#\(id)"), "text": .string(words),
      ]
    }
  }

  /// The words of a piece of HTML, without pictures, formulas, scripts and tags.
  static func words(_ html: String) -> String {
    var text = html
    for tag in ["svg", "script", "math"] {
      while let start = text.range(of: "<\(tag)"), let end = text[start.upperBound...].range(of: "</\(tag)>") {
        text.replaceSubrange(start.lowerBound..<end.upperBound, with: " ")
      }
    }
    var words = ""
    var isTag = false
    for character in text {
      switch character {
      case "<": (isTag, words) = (true, words + " ")
      case ">" where isTag: isTag = false
      default: if !isTag { words.append(character) }
      }
    }
    for (entity, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
      words = words.replacing(entity, with: sign)
    }
    return words.split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }
}
