// A page as one HTML file that needs nothing else: pictures, formulas, style and script are in it. Also its slides.

import Basics

/// Writes a page as HTML.
struct HTMLRenderer {
  let record: PageRecord
  private var anchors: Anchors

  init(_ record: PageRecord) {
    self.record = record
    anchors = Anchors(prefix: record.options.name)
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
    let options = record.options
    let anchor = record.options.name.prefix(4)
    let title = "\(record.chapter) · \(Markdown.plain(record.title))"
    let body = """
      <a class="skip" href="#\(anchor)">Skip to the text</a>
      <header class="top"><a class="book" href="\(options.chapters.isEmpty || !options.isMade(nil) ? "#\(anchor)" : "../index.html")">The ConvNet Workbook</a>\(navigation())<span class="keys"><button type="button" id="present"><kbd>p</kbd> present</button><button type="button" id="theme"><kbd>t</kbd> theme</button></span></header>
      \(HTMLRenderer.contents(contents))
      <main>
      \(HTMLRenderer.articleStart)
      <article id="\(anchor)" tabindex="-1" data-chapter="\(record.chapter)" data-name="\(Markdown.plain(record.title).escapedForMarkup)">
      \(article)
      </article>
      <script type="application/json" class="deck" data-for="\(anchor)">\(JSONValue(titles).script)</script>
      \(HTMLRenderer.articleEnd)
      </main>
      <footer>\(footer())</footer>
      """
    return HTMLRenderer.document(
      title: title, body: body, theme: options.theme, presents: options.format == .slides, scripts: [PageScript.page])
  }

  /// Wraps a body in a document with its style, its scripts, and a policy that lets nothing else in.
  static func document(title: String, body: String, theme: Theme?, presents: Bool, scripts: [String]) -> String {
    let allowed = ([PageScript.head] + scripts).map { "'sha256-\(SHA256.base64($0))'" }.joined(separator: " ")
    let policy =
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src \(allowed); base-uri 'none'; form-action 'none'"
    return """
      <!DOCTYPE html>
      <html lang="en"\(theme.map { " data-theme=\"\($0.rawValue)\"" } ?? "")\(presents ? " data-present" : "")>
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta http-equiv="Content-Security-Policy" content="\(policy)">
      <meta name="referrer" content="no-referrer">
      <title>\(title.escapedForMarkup)</title>
      <style>\(PageStyle.css)</style>
      <script>\(PageScript.head)</script>
      </head>
      <body>
      \(body)
      \(scripts.map { "<script>\($0)</script>" }.joined(separator: "\n"))
      </body>
      </html>

      """
  }

  /// The list of contents: in the margin where there is room, folded elsewhere.
  static func contents(_ entries: [(id: String, title: String)]) -> String {
    guard entries.count > 1 else { return "" }
    let items = entries.map { "<li><a href=\"#\($0.id)\">\($0.title)</a></li>" }.joined()
    return
      "<nav class=\"toc\" aria-label=\"Contents\"><details open><summary>On this page</summary><ol>\(items)</ol></details></nav>"
  }

  private func navigation() -> String {
    let chapters = record.options.chapters
    guard let here = chapters.firstIndex(where: { $0.number == record.chapter }) else {
      return "<span class=\"gap\"></span>"
    }
    func link(_ index: Int, _ word: String) -> String {
      guard chapters.indices.contains(index) else { return "" }
      let chapter = chapters[index]
      guard record.options.isMade(chapter.name) else { return "" }
      return
        "<a rel=\"\(word)\" href=\"../\(chapter.name.escapedForMarkup)/index.html\">\(chapter.number) \(HTML.markdown(chapter.title))</a>"
    }
    return
      "<nav aria-label=\"Chapters\">\(link(here - 1, "prev"))<a aria-current=\"page\" href=\"#\(record.options.name.prefix(4))\">\(record.chapter) \(HTML.markdown(chapters[here].title))</a>\(link(here + 1, "next"))</nav>"
  }

  private func footer() -> String {
    let (options, run) = (record.options, record.options.run)
    var parts = [
      // A checkout may have only some of the chapters.
      options.chapters.count < record.chapter
        ? "chapter \(record.chapter)" : "chapter \(record.chapter) of \(options.chapters.count)"
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

  /// A title as a sentence: with a full stop where it has none of its own.
  private func sentence(_ title: String) -> String {
    title.last.map { ".?!…:".contains($0) } ?? true ? title : title + "."
  }

  // MARK: Tables

  private func table(_ table: Table, headers: Bool = true) -> String {
    let (cells, numeric) = table.formatted()
    let isNarrow = cells.allSatisfy { $0.count <= 4 }
    let titles = numeric.indices.map { column in
      let title = column < table.columns.count ? HTML.markdown(table.columns[column].title) : ""
      let style = numeric[column] ? " class=\"num\"" : ""
      return title.isEmpty ? "<td\(style)></td>" : "<th scope=\"col\"\(style)>\(HTML.keepingNames(title))</th>"
    }
    // The digits behind the point are filled up with invisible ones where a column's numbers differ in them.
    let decimals = numeric.indices.map { column in
      numeric[column] && NumberStyle.linesUp(cells.map { $0[column] })
        ? cells.map { HTMLRenderer.tail($0[column]) }.max() ?? 0 : 0
    }
    let rows = cells.map { row in
      row.enumerated().map { column, cell in
        if column == 0, !numeric[0] {
          // A short name stays on its line.
          let name = cell.count <= 20 ? cell.replacing(" ", with: "\u{A0}") : cell
          return "<th scope=\"row\">\(HTML.keepingNames(HTML.markdown(name)))</th>"
        }
        guard numeric[column] else { return "<td>\(HTML.keepingNames(HTML.markdown(cell)))</td>" }
        let missing = decimals[column] - HTMLRenderer.tail(cell)
        let pad =
          missing > 0 && cell.contains(where: \.isNumber) && !cell.contains("NaN")
          ? "<span class=\"pad\" aria-hidden=\"true\">\(HTMLRenderer.padding(cell, missing))</span>" : ""
        return "<td class=\"num\">\(cell.escapedForMarkup)\(pad)</td>"
      }.joined()
    }
    let caption = table.caption.isEmpty ? "" : "<caption><span>\(HTML.markdown(table.caption))</span></caption>"
    let head = table.columns.isEmpty ? "" : "<thead><tr>\(titles.joined())</tr></thead>"
    let label = Markdown.plain(table.caption).escapedForMarkup
    return
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(label.isEmpty ? "table" : label)\"><table\(isNarrow ? " class=\"narrow\"" : "")>\(caption)\(head)<tbody>\(rows.map { "<tr>\($0)</tr>" }.joined())</tbody></table></div>"
  }

  /// How many characters follow the whole part of a number.
  private static func tail(_ text: String) -> Int { text.count - text.prefix(NumberStyle.integerColumns(text)).count }

  private static func padding(_ cell: String, _ missing: Int) -> String {
    (cell.contains(".") ? "" : ".") + String(repeating: "0", count: cell.contains(".") ? missing : max(missing - 1, 0))
  }

  /// The sign of a verdict, which is not told by its colour alone.
  static func mark(_ verdict: Claim.Verdict) -> String {
    switch verdict {
    case .reproduced: "✓"
    case .partly: "◐"
    case .notHere: "✗"
    case .undecided: "?"
    }
  }

  /// The scoreboard: how many claims of each verdict, and the table of all.
  static func board(_ claims: [Claim], chapter: @escaping (Int) -> String) -> String {
    let tally = Claim.Verdict.told(claims).map { verdict in
      "<li><button type=\"button\" aria-pressed=\"false\" data-verdict=\"\(verdict.rawValue)\"><b>\(claims.count { $0.verdict == verdict })</b> \(verdict.rawValue)</button></li>"
    }
    return
      "<ul class=\"tally\">\(tally.joined())</ul><div class=\"table board\">\(HTMLRenderer.claims(claims, chapter: chapter))</div>\(sources(claims))"
  }

  /// The table of claims; on a phone each becomes a card.
  static func claims(_ claims: [Claim], chapter: ((Int) -> String)? = nil) -> String {
    let rows = claims.enumerated().map { index, claim in
      let style =
        switch claim.verdict {
        case .reproduced: "ok"
        case .partly: "partly"
        case .notHere: "no"
        case .undecided: "undecided"
        }
      let mark = HTMLRenderer.mark(claim.verdict)
      let reason = claim.reason.isEmpty ? "" : "<small>\(HTML.markdown(claim.reason))</small>"
      let place = chapter.map { "<td data-label=\"Chapter\">\($0(index))</td>" } ?? ""
      return
        "<tr data-verdict=\"\(claim.verdict.rawValue)\">\(place)<th scope=\"row\">\(HTML.keepingNames(HTML.markdown(claim.text) + reason))</th><td data-label=\"Source\">\(HTML.keepingNames(HTML.markdown(claim.source)))</td><td data-label=\"Published\">\(HTML.keepingNames(HTML.markdown(claim.published)))</td><td data-label=\"Here\">\(HTML.keepingNames(claim.measured.withMeasuresTogether.escapedForMarkup)) <small>\(claim.seedCount)</small></td><td data-label=\"Verdict\" class=\"\(style)\"><span><span aria-hidden=\"true\">\(mark)</span> \(claim.verdict.rawValue)</span></td></tr>"
    }
    let place = chapter == nil ? "" : "<th scope=\"col\">Chapter</th>"
    return
      "<table class=\"claims\"><thead><tr>\(place)<th scope=\"col\">Claim</th><th scope=\"col\">Source</th><th scope=\"col\">Published</th><th scope=\"col\">Here</th><th scope=\"col\">Verdict</th></tr></thead><tbody>\(rows.joined())</tbody></table>"
  }

  // MARK: Figures

  private func figure(_ figure: Figure, _ drawn: RenderedFigure?, number: Int) -> Element {
    // Not the bare name: a section may be called like a figure.
    let id = "\(record.options.name.prefix(4))-figure-\(figure.name)"
    let title = HTML.markdown(figure.title)
    let initial = min(max(figure.parameter?.initial ?? 0, 0), max(figure.frames.count - 1, 0))
    var inner = ""
    var downloads = ""
    if let drawn, !drawn.svgs.isEmpty {
      let shown = min(initial, drawn.svgs.count - 1)
      let broad = SVG.renamed(drawn.svgs[shown], id + "-w")
      let narrow = drawn.narrowSVGs.indices.contains(shown) ? SVG.renamed(drawn.narrowSVGs[shown], id + "-n") : ""
      inner +=
        narrow.isEmpty
        ? "<div class=\"pic only\">\(broad)</div>"
        : "<div class=\"pic\"><div class=\"plot-broad\">\(broad)</div><div class=\"plot-narrow\">\(narrow)</div></div>"
      if drawn.svgs.count > 1, let parameter = figure.parameter {
        inner += controls(parameter, id: id, initial: shown, drawn)
      }
      downloads = "<span class=\"dl\">"
      if drawn.csv.utf8.count < 100_000 {
        downloads +=
          "<a download=\"\(figure.name.escapedForMarkup).csv\" href=\"\(HTML.dataAddress(drawn.csv, type: "text/csv"))\">data</a> "
      } else {
        downloads += "<a class=\"file\" href=\"figures/\(figure.name.escapedForMarkup).csv\">data, a file</a> "
      }
      if drawn.script.utf8.count < 100_000 {
        downloads +=
          "<a download=\"\(figure.name.escapedForMarkup).gp\" href=\"\(HTML.dataAddress(drawn.script, type: "text/plain"))\">script</a> "
      } else {
        downloads += "<a class=\"file\" href=\"figures/\(figure.name.escapedForMarkup).gp\">script, a file</a> "
      }
      downloads +=
        "<button type=\"button\" class=\"svg\" data-name=\"\(figure.name.escapedForMarkup).svg\">svg</button> <button type=\"button\" class=\"big\" aria-label=\"zoom figure \(number)\">zoom</button></span>"
    } else {
      for (index, frame) in figure.frames.enumerated() where index == initial {
        inner += table(frame.kind.table(maximumRows: 60))
      }
      downloads =
        "<span class=\"dl\">the numbers: gnuplot could not draw the picture (<code>sudo apt-get install gnuplot-nox</code>)</span>"
    }
    inner +=
      "<figcaption><b>Figure \(number).</b> <span class=\"finding\">\(HTML.markdown(sentence(figure.title)))</span> <span class=\"rest\">\(HTML.markdown(figure.caption))</span> \(downloads)</figcaption>"
    if drawn != nil, figure.frames.indices.contains(initial) {
      let frame =
        figure.parameter.flatMap { parameter in
          parameter.values.indices.contains(initial) && figure.frames.count > 1
            ? ", \(parameter.name) = \(short(parameter.values[initial], digits: 3))"
              + (parameter.unit.isEmpty ? "" : " " + parameter.unit) : nil
        } ?? ""
      inner +=
        "<details class=\"numbers\"><summary>The numbers behind figure \(number)\(frame.escapedForMarkup)</summary>\(table(figure.frames[initial].kind.table(maximumRows: 60)))</details>"
    }
    return Element(
      tag: "figure", attributes: " id=\"\(id)\" class=\"plot\(figure.isWide ? " wide" : "")\"", inner: inner,
      role: .exhibit, title: title)
  }

  /// The slider of an explorable figure, its frames, and the strip for paper.
  ///
  /// Frames share their elements: each distinct one is stored once, a frame is a list of runs of their numbers.
  private func controls(_ parameter: FigureParameter, id: String, initial: Int, _ drawn: RenderedFigure) -> String {
    var pieces: [String] = []
    var places: [String: Int] = [:]
    func runs(_ picture: String, _ id: String) -> JSONValue {
      var runs: [(start: Int, count: Int)] = []
      for piece in SVG.renamed(picture, id).replacing("><", with: ">\n<").split(separator: "\n").map(String.init) {
        let place = places[piece] ?? pieces.count
        if place == pieces.count {
          places[piece] = place
          pieces.append(piece)
        }
        if let last = runs.last, last.start + last.count == place {
          runs[runs.count - 1].count += 1
        } else {
          runs.append((place, 1))
        }
      }
      return .array(runs.flatMap { [.whole($0.start), .whole($0.count)] })
    }
    let broad = drawn.svgs.map { runs($0, id + "-w") }
    let narrow = drawn.narrowSVGs.map { runs($0, id + "-n") }
    let unit = parameter.unit.isEmpty ? "" : " " + parameter.unit
    let values = parameter.values.map { short($0, digits: 3) + unit }
    let frames: JSONValue = [
      "pieces": .init(pieces), "broad": .array(broad), "narrow": .array(narrow), "values": .init(values),
    ]
    let count = drawn.svgs.count
    let strip = Set([0, count / 2, count - 1]).sorted().filter { $0 != initial }.map { index in
      let value = index < values.count ? values[index] : ""
      return
        "<div class=\"frame\"><p>\(parameter.name.escapedForMarkup) = \(value.escapedForMarkup)</p>\(SVG.renamed(drawn.svgs[index], "\(id)-s\(index)"))</div>"
    }
    let shown = initial < values.count ? values[initial] : ""
    return """
      <div class="explore"><button type="button" class="play" aria-label="Play">▶</button><label for="\(id)-slider">\(parameter.name.escapedForMarkup)</label><input id="\(id)-slider" type="range" min="0" max="\(count - 1)" step="1" value="\(initial)" aria-valuetext="\(shown.escapedForMarkup)"><output for="\(id)-slider">\(shown.escapedForMarkup)</output><script type="application/json" class="frames">\(frames.script)</script></div><div class="strip">\(strip.joined())</div>
      """
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
      "<ol class=\"ex\">\(items.joined())</ol><p class=\"how\">Check yours: <code>./workbook check \(String(record.options.name.prefix(4)).escapedForMarkup)</code></p>"
  }
}
