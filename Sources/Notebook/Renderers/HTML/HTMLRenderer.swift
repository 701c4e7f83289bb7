// A page as one HTML file that needs nothing else: pictures, formulas, style and script are in it. Also its slides.

import Basics

/// Writes a page as HTML.
struct HTMLRenderer {
  let record: PageRecord
  private var anchors: Anchors

  init(_ record: PageRecord) {
    self.record = record
    anchors = Anchors(prefix: record.shelf.anchor)
  }

  /// A block of the article: an element, what it is for the slides, and its title there.
  struct Element {
    enum Role { case head, heading, subheading, paragraph, text, code, formula, aside, exhibit }
    var tag: String
    var attributes: String
    var inner: String
    var role: Role
    /// The title of its slide, as HTML.
    var title = ""
    /// How many rows of its table, or lines of its code, each of its slides shows; none for all on one slide.
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

  /// Marks between which the book finds a chapter.
  static let articleStart = "<!--article-->"
  static let articleEnd = "<!--/article-->"

  /// Returns the whole document.
  func document() -> String {
    var copy = self
    let (article, titles, contents) = copy.article()
    let anchor = record.shelf.anchor
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
      <script type="application/json" class="deck" data-for="\(anchor)">\(JSONValue(titles).script)</script>
      \(HTMLRenderer.articleEnd)
      \(waysOn())
      </main>
      <footer>\(footer())</footer>
      """
    return HTMLRenderer.document(
      title: title, body: body, theme: record.presentation.theme, presents: record.presentation.format == .slides,
      script: PageScript.page)
  }

  /// Wraps a body in a document with its style, its script, and a policy that lets nothing else in.
  static func document(title: String, body: String, theme: Theme?, presents: Bool, script: String) -> String {
    WebResources.document([
      "attributes": (theme.map { " data-theme=\"\($0.rawValue)\"" } ?? "") + (presents ? " data-present" : ""),
      "allowed": [PageScript.head, script].map { "'sha256-\(SHA256.base64($0))'" }.joined(separator: " "),
      "title": title.escapedForMarkup, "style": PageStyle.css, "head": PageScript.head, "body": body,
      "scripts": "<script>\(script)</script>",
    ])
  }

  /// The list of contents: in the margin where there is room, folded elsewhere.
  static func contents(_ entries: [(id: String, title: String)]) -> String {
    guard entries.count > 1 else { return "" }
    let items = entries.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }.joined()
    return
      "<nav class=\"toc\" aria-label=\"Contents\"><details open><summary>On this page</summary><ol>\(items)</ol></details></nav>"
  }

  /// The chapter at a distance from this one in the list of all.
  private func neighbor(_ distance: Int) -> Shelf.Entry? { record.shelf.neighbor(of: record.chapter, distance) }

  /// The ways to the chapters before and after, at the top of the page.
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

  /// The same at the end of the page, where the reader has just finished.
  private func waysOn() -> String {
    func link(_ offset: Int) -> (address: String, title: String)? {
      neighbor(offset).map { ("../\($0.name.escapedForMarkup)/index.html", "\($0.number) \(HTML.markdown($0.title))") }
    }
    let contents = record.shelf.hasBook ? (address: "../index.html", title: "Contents") : nil
    let ways = (before: link(-1) ?? contents, after: link(1) ?? contents)
    return neighbor(0) == nil ? "" : HTMLRenderer.pager(before: ways.before, after: ways.after)
  }

  /// The links to what comes before and after.
  static func pager(before: (address: String, title: String)?, after: (address: String, title: String)?) -> String {
    let back = before.map { "<a rel=\"prev\" href=\"\($0.address)\">← \($0.title)</a>" } ?? "<span></span>"
    let on = after.map { "<a rel=\"next\" href=\"\($0.address)\">\($0.title) →</a>" } ?? ""
    return "<nav class=\"pager\" aria-label=\"Next and previous chapter\">\(back)\(on)</nav>"
  }

  private func footer() -> String {
    let (run, count) = (record.run, record.shelf.chapters.count)
    var parts = [
      // A checkout may have only some of the chapters.
      count < record.chapter ? "chapter \(record.chapter)" : "chapter \(record.chapter) of \(count)"
    ]
    if !run.date.isEmpty { parts.append("run \(run.date)") }
    parts += run.versions.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    if !run.settings.isEmpty {
      parts.append(run.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", "))
    }
    return
      "<span>\(parts.joined(separator: " · ").escapedForMarkup)</span><span>keys: <kbd>p</kbd> present <kbd>t</kbd> theme</span>"
  }

  // MARK: The article

  private mutating func article() -> (html: String, slideTitles: [String], contents: [(id: String, title: String)]) {
    var elements: [Element] = []
    var contents: [(id: String, title: String)] = []
    elements.append(
      Element(
        tag: "div", attributes: " class=\"head\"",
        inner:
          "<p class=\"kicker\">\(record.kicker.escapedForMarkup)</p><h1>\(HTML.markdown(record.title))</h1><p class=\"lead\">\(HTML.markdown(record.lead))</p>",
        role: .head, title: ""))

    func heading(_ title: String, id: String) -> Element {
      Element(
        tag: "h2", attributes: " id=\"\(id)\"",
        inner: "\(title)<a class=\"anchor\" href=\"#\(id)\" aria-label=\"Link to this section\">#</a>", role: .heading,
        title: title)
    }

    var figureIndex = 0
    var hasHeading = false
    for block in record.blocks {
      switch block {
      case .prose(let blocks):
        for block in blocks {
          switch block {
          case .heading(let level, let inlines):
            let html = HTML.inlines(inlines)
            let id = anchors.make(Markdown.plain(inlines))
            // An outline never skips a level: nothing deeper than 2 before the first 2.
            if level <= 2 || !hasHeading {
              hasHeading = true
              contents.append((id, html))
              elements.append(heading(html, id: id))
            } else {
              elements.append(
                Element(tag: "h3", attributes: " id=\"\(id)\"", inner: html, role: .subheading, title: html))
            }
          case .paragraph(let inlines):
            let isTitle = HTMLRenderer.isTitle(inlines)
            let html = HTML.inlines(inlines)
            elements.append(
              Element(
                tag: "p", attributes: "", inner: html, role: isTitle ? .subheading : .paragraph,
                title: isTitle ? html.replacing(#/^<strong>|<\/strong>$/#, with: "") : ""))
          case .math(let tex): elements.append(formula(tex))
          case .rule:
            elements.append(
              Element(tag: "div", attributes: " class=\"rule\" role=\"separator\"", inner: "", role: .aside))
          case .list, .quote:
            elements.append(
              Element(tag: "div", attributes: " class=\"text\"", inner: HTML.blocks([block]), role: .text))
          case .code(let language, let text):
            elements.append(
              Element(
                tag: "div", attributes: " class=\"code\"", inner: HTML.code(text, language: language), role: .code,
                rows: HTMLRenderer.shares(ofCode: text)))
          }
        }
      case .math(let tex): elements.append(formula(tex))
      case .sideNote(let inlines):
        let note = Element(tag: "aside", attributes: " class=\"side\"", inner: HTML.inlines(inlines), role: .aside)
        // In the margin a note stands beside the paragraph it belongs to, which is the one before it.
        let place = elements.last?.role == .paragraph ? elements.count - 1 : elements.count
        elements.insert(note, at: place)
      case .callout(let kind, let blocks):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"box \(kind.kind)\" role=\"note\"",
            inner: "<p class=\"tag\">\(kind.heading.escapedForMarkup)</p>\(HTML.blocks(blocks))", role: .exhibit,
            title: kind.heading.escapedForMarkup))
      case .code(let excerpt): elements.append(code(excerpt))
      case .table(let table):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"table\"", inner: self.table(table), role: .exhibit,
            title: HTML.markdown(table.caption), rows: HTMLRenderer.shares(table.rows.count)))
      case .figure(let figure):
        let drawn = figureIndex < record.figures.count ? record.figures[figureIndex] : nil
        figureIndex += 1
        elements.append(self.figure(figure, drawn, number: figureIndex))
      case .prediction(let prediction):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"box predict\"", inner: self.prediction(prediction), role: .exhibit,
            title: "Predict"))
      case .claim: break
      case .exercises(let exercises):
        let id = anchors.make("Exercises")
        contents.append((id, "Exercises"))
        elements.append(heading("Exercises", id: id))
        elements.append(
          Element(
            tag: "div", attributes: " class=\"text\"", inner: self.exercises(exercises), role: .exhibit,
            title: "Exercises"))
      case .furtherReading(let sources):
        let id = anchors.make("Further reading")
        contents.append((id, "Further reading"))
        elements.append(heading("Further reading", id: id))
        let items = sources.map { "<li>\(HTML.markdown($0))</li>" }.joined()
        elements.append(Element(tag: "ul", attributes: " class=\"reading\"", inner: items, role: .aside))
      }
    }
    if !record.claims.isEmpty {
      let id = anchors.make("Claims put to the test")
      let text = JSONRenderer.searchText(record)
      let documents = SourceDocument.named(in: record.claims, or: text).map(\.key)
      let ids = Dictionary(uniqueKeysWithValues: documents.map { ($0, anchors.make("Source \($0)")) })
      HTMLRenderer.linkSources(in: &elements, ids: ids)
      let place =
        elements.firstIndex { $0.role == .heading && ($0.title == "Exercises" || $0.title == "Further reading") }
        ?? elements.count
      let entry = contents.firstIndex { $0.title == "Exercises" || $0.title == "Further reading" } ?? contents.count
      contents.insert((id, "Claims put to the test"), at: entry)
      elements.insert(
        contentsOf: [
          heading("Claims put to the test", id: id),
          Element(
            tag: "div", attributes: " class=\"table\"", inner: HTMLRenderer.claims(record.claims), role: .exhibit,
            title: "Claims put to the test", rows: HTMLRenderer.shares(record.claims)),
        ]
          + (documents.isEmpty
            ? []
            : [
              Element(
                tag: "div", attributes: " class=\"key\"",
                inner: HTMLRenderer.sources(record.claims, or: text, ids: ids), role: .aside)
            ]),
        at: place)
    }
    let titles = deal(&elements)
    return (elements.map(\.html).joined(separator: "\n"), titles, contents)
  }

  private func formula(_ tex: String) -> Element {
    Element(
      tag: "div", attributes: " class=\"math\" tabindex=\"0\" role=\"group\" aria-label=\"formula\"",
      inner: MathML.html(tex, isDisplay: true), role: .formula)
  }

  private func code(_ excerpt: CodeExcerpt) -> Element {
    guard !excerpt.isMissing else {
      return Element(tag: "p", attributes: " class=\"missing\"", inner: excerpt.code.escapedForMarkup, role: .aside)
    }
    return Element(
      tag: "figure", attributes: " class=\"code\"",
      inner:
        "<pre tabindex=\"0\"><code>\(SwiftHighlighter.html(excerpt.code))</code></pre><figcaption><span>\(excerpt.path.escapedForMarkup), line \(excerpt.line), compiled and run for this page</span><button type=\"button\" class=\"copy\">copy</button></figcaption>",
      role: .code, rows: HTMLRenderer.shares(ofCode: excerpt.code))
  }

  // MARK: Questions and exercises

  private func prediction(_ prediction: Prediction) -> String {
    var html = "<p class=\"tag\">Predict</p><p>\(HTML.markdown(prediction.question))</p>"
    let right = prediction.outcome?.choice
    if !prediction.choices.isEmpty {
      let buttons = prediction.choices.enumerated().map { index, choice in
        let isPicked = prediction.choice == index
        return
          "<button type=\"button\" aria-pressed=\"\(isPicked)\"\(index == right ? " data-right" : "")\(isPicked ? " class=\"picked\"" : "")>\(HTML.markdown(choice))</button>"
      }
      html += "<div class=\"opts\" role=\"group\" aria-label=\"Choices\">\(buttons.joined())</div>"
    }
    guard let outcome = prediction.outcome else { return html }
    if prediction.choices.isEmpty, let number = outcome.number, number.isFinite {
      let unit = prediction.unit.isEmpty ? "" : "<span>\(prediction.unit.escapedForMarkup)</span>"
      html +=
        "<div class=\"guess\" data-answer=\"\(number)\" data-within=\"\(prediction.tolerance)\"><input type=\"text\" inputmode=\"decimal\" autocomplete=\"off\" aria-label=\"Your number\" placeholder=\"your number\">\(unit)<button type=\"button\">compare</button></div>"
    }
    var answer = ""
    if let given = prediction.given, let isRight = outcome.isRight {
      answer =
        "You said \(HTML.markdown(given)); the run says <b>\(HTML.markdown(outcome.text))</b>. <b class=\"\(isRight ? "ok" : "no")\">\(isRight ? "Right" : "Not this time")</b>. \(outcome.score.escapedForMarkup)"
    } else {
      answer = "The run says <b>\(HTML.markdown(outcome.text))</b>."
    }
    let explanation = outcome.explanation.isEmpty ? "" : " \(HTML.markdown(outcome.explanation))"
    return html
      + "<details class=\"answer\"\(prediction.isAnswered ? " open" : "")><summary>The answer</summary><p><b class=\"verdict\" role=\"status\">&#8203;</b>\(answer)\(explanation)</p></details>"
  }

  private func exercises(_ exercises: [ExerciseLink]) -> String {
    let items = exercises.map { exercise in
      var style = "open"
      var state = "open"
      var more = ""
      switch exercise.status {
      case .open: break
      case .passed: (style, state) = ("done", "passed")
      case .failed(let reason):
        (style, state) = ("wrong", "not yet")
        more = "<em>\(reason.escapedForMarkup)</em>"
      }
      return
        "<li class=\"\(style)\"><b>\(exercise.id.escapedForMarkup)</b> \(HTML.markdown(exercise.title)) <small>\(exercise.minutes) min<span class=\"hidden\">, \(state)</span></small>\(more)</li>"
    }
    return
      "<ol class=\"ex\">\(items.joined())</ol><p class=\"how\">Check yours: <code>./workbook check \(record.shelf.anchor.escapedForMarkup)</code></p>"
  }
}
