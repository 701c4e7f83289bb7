// A page as one self-contained HTML file with its pictures, formulas, style and scripts, and with its slides.

import Basics

/// Writes a page as HTML.
struct HTMLRenderer {
  let record: PageRecord
  var anchors: Anchors
  /// The links of the page, once its figures and sections are known.
  var linker = Linker()

  init(_ record: PageRecord) {
    self.record = record
    anchors = Anchors(prefix: record.shelf.anchor)
  }

  /// A block of the article: an element, its role for the slides, and its title there.
  struct Element {
    enum Role {
      case head, heading, subheading, paragraph, text, code, formula, aside, figure, prediction, answer, takeaway,
        exhibit
      /// A slide that only the deck shows.
      case slide
      /// Content for a second reading.
      case fold
    }
    var tag: String
    var attributes: String
    var inner: String
    var role: Role
    /// The title of its slide, as HTML, if the chapter defines none.
    var title = ""
    /// The answer to a question, as HTML.
    var answer = ""
    /// The slides that the chapter defines for it.
    var marks: [Slide] = []
    /// The number of table rows or lines of code on each of its slides; empty if all are on one slide.
    var rows: [Int] = []
    var slides: [Int] = []
    var notes: [Int] = []

    var html: String {
      let shown = slides.isEmpty ? "" : " data-s=\"\(slides.map(String.init).joined(separator: " "))\""
      let noted = notes.isEmpty ? "" : " data-n=\"\(notes.map(String.init).joined(separator: " "))\""
      let dealt = rows.count > 1 ? " data-rows=\"\(rows.map(String.init).joined(separator: " "))\"" : ""
      return "<\(tag)\(attributes)\(shown)\(noted)\(dealt)>\(inner)</\(tag)>"
    }
  }

  // Marks that delimit the article, for the book.
  static let articleStart = "<!--article-->"
  static let articleEnd = "<!--/article-->"

  /// Returns the whole document.
  func document() -> String {
    var copy = self
    let (article, deck, contents) = copy.article()
    let anchor = record.shelf.anchor
    let isMarked = record.blocks.contains {
      switch $0 {
      case .slide, .projection: true
      default: false
      }
    }
    let hasPanels = record.blocks.contains { if case .panel = $0 { true } else { false } }
    let title = "\(record.chapter) · \(Markdown.plain(record.title))"
    let body = """
      <a class="skip" href="#\(anchor)">Skip to the text</a>
      <header class="top"><a class="book" href="\(record.shelf.hasBook ? "../index.html" : "#\(anchor)")">The ConvNet Workbook</a>\(navigation())<span class="keys"><button type="button" id="present"><kbd>p</kbd> present</button><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      \(HTMLRenderer.contents(contents))
      <main>
      \(HTMLRenderer.articleStart)
      <article id="\(anchor)" tabindex="-1" data-chapter="\(record.chapter)" data-name="\(Markdown.plain(record.title).escapedForMarkup)">
      \(article)
      </article>
      <script type="application/json" class="deck"\(isMarked ? "" : " data-derived") data-for="\(anchor)">\(JSONValue.array(deck.map(\.json)).script)</script>
      \(HTMLRenderer.articleEnd)
      \(waysOn())
      </main>
      <footer>\(footer())</footer>
      """
    return HTMLRenderer.document(
      title: title, body: body, theme: record.presentation.theme, presents: record.presentation.format == .slides,
      script: PageScript.page, module: hasPanels ? HTMLRenderer.module(record.presentation.panels?()) : "")
  }

  /// Wraps a body in a document with its style, its script, and a policy that blocks everything else.
  ///
  /// - Parameter module: the element with the panels' module, whose scripts are then included; or empty.
  static func document(
    title: String, body: String, theme: Theme?, presents: Bool, script: String, module: String = ""
  ) -> String {
    let scripts = [PageScript.head, script] + (module.isEmpty ? [] : [PageScript.panels])
    // After unpacking, it is a script whose digest is in the policy.
    let panels = "<script type=\"application/zlib\" id=\"live-script\">\(Packed.base64(PageScript.panels))</script>"
    return WebResources.document([
      "attributes": (theme.map { " data-theme=\"\($0.rawValue)\"" } ?? "") + (presents ? " data-present" : ""),
      // WebAssembly in a separate thread is allowed if there are panels.
      "allowed": scripts.map { "'sha256-\(SHA256.base64($0))'" }.joined(separator: " ")
        + (module.isEmpty ? "" : " 'wasm-unsafe-eval'; worker-src blob:"),
      "title": title.escapedForMarkup, "style": PageStyle.css, "head": PageScript.head, "body": body,
      "scripts": (module.isEmpty ? "" : "\(module)\n\(panels)\n") + "<script>\(script)</script>",
    ])
  }

  /// The table of contents: in the margin if there is space, folded otherwise.
  static func contents(_ entries: [(id: String, title: String)]) -> String {
    guard entries.count > 1 else { return "" }
    let items = entries.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }.joined()
    return
      "<nav class=\"toc\" aria-label=\"Contents\"><details open><summary>On this page</summary><ol>\(items)</ol></details></nav>"
  }

  /// The chapter at a distance from this one in the list of all chapters.
  private func neighbor(_ distance: Int) -> Shelf.Entry? { record.shelf.neighbor(of: record.chapter, distance) }

  /// The links to the previous and the next chapter, at the top of the page.
  private func navigation() -> String {
    func link(_ distance: Int, _ word: String, _ before: String, _ after: String) -> String {
      guard let chapter = neighbor(distance) else { return "" }
      return
        "<a rel=\"\(word)\" href=\"../\(chapter.name.escapedForMarkup)/index.html\">\(before)\(chapter.number) \(HTML.markdown(chapter.title))\(after)</a>"
    }
    guard let here = neighbor(0) else { return "<span class=\"gap\"></span>" }
    return
      "<nav aria-label=\"Chapters\">\(link(-1, "prev", "← ", ""))<a aria-current=\"page\" href=\"#\(record.shelf.anchor)\">\(record.chapter) \(HTML.markdown(here.title))</a>\(link(1, "next", "", " →"))</nav>"
  }

  /// The same links at the end of the page.
  private func waysOn() -> String {
    func link(_ offset: Int) -> (address: String, title: String)? {
      neighbor(offset).map { ("../\($0.name.escapedForMarkup)/index.html", "\($0.number) \(HTML.markdown($0.title))") }
    }
    let contents = record.shelf.hasBook ? (address: "../index.html", title: "Contents") : nil
    let ways = (before: link(-1) ?? contents, after: link(1) ?? contents)
    return neighbor(0) == nil ? "" : HTMLRenderer.pager(before: ways.before, after: ways.after)
  }

  /// The links to the previous and the next chapter.
  static func pager(before: (address: String, title: String)?, after: (address: String, title: String)?) -> String {
    let back = before.map { "<a rel=\"prev\" href=\"\($0.address)\">← \($0.title)</a>" } ?? "<span></span>"
    let on = after.map { "<a rel=\"next\" href=\"\($0.address)\">\($0.title) →</a>" } ?? ""
    return "<nav class=\"pager\" aria-label=\"Next and previous chapter\">\(back)\(on)</nav>"
  }

  /// A citation of this page with its run and date.
  private func citation() -> String {
    let run = record.run
    let versions = run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let settings = run.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    let facts = ["seed \(run.seed)", run.size == "normal" ? "" : run.sizeText, run.data] + settings + versions
    let text =
      "The ConvNet Workbook, chapter \(record.chapter): “\(Markdown.plain(record.title))”, run of \(run.date.isEmpty ? "an unknown day" : run.days) ("
      + facts.filter { !$0.isEmpty }.joined(separator: ", ") + ")."
    return
      "<details class=\"cite\"><summary>cite this run</summary><figure class=\"code\"><pre tabindex=\"0\"><code>\(text.escapedForMarkup)</code></pre><figcaption><span>with the page’s own run, so that it can be repeated</span><button type=\"button\" class=\"copy\">copy</button></figcaption></figure></details>"
  }

  private func footer() -> String {
    let (run, count) = (record.run, record.shelf.chapters.count)
    var parts = [
      // A checkout may contain only some of the chapters.
      count < record.chapter ? "chapter \(record.chapter)" : "chapter \(record.chapter) of \(count)"
    ]
    if !run.date.isEmpty { parts.append("run \(run.days)") }
    parts += run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if !run.settings.isEmpty {
      parts.append(run.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
    return
      "<span>\(parts.joined(separator: " · ").escapedForMarkup)</span><span>keys: <kbd>p</kbd> present <kbd>t</kbd> theme</span>\(citation())"
  }
}
