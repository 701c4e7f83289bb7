// The article: the blocks as elements, in order.

import Basics

extension HTMLRenderer {
  /// Where each figure of the page will stand; a panel may come before its figure.
  private func figureAnchors() -> [String: (id: String, number: Int, hasFrames: Bool)] {
    var (anchors, count) = ([String: (id: String, number: Int, hasFrames: Bool)](), 0)
    for case .figure(let figure) in record.blocks {
      count += 1
      anchors[figure.name] = ("\(record.shelf.anchor)-figure-\(figure.name)", count, figure.frames.count > 1)
    }
    return anchors
  }

  mutating func article() -> (html: String, deck: [Card], contents: [(id: String, title: String)]) {
    var elements: [Element] = []
    var contents: [(id: String, title: String)] = []
    elements.append(
      Element(
        tag: "div", attributes: " class=\"head\"",
        inner:
          "<p class=\"kicker\">\(record.kicker.escapedForMarkup)</p><h1>\(HTML.markdown(record.title))</h1><p class=\"lead\">\(HTML.markdown(record.lead))</p>",
        role: .head, title: ""))
    let searchText = JSONRenderer.searchText(record)
    let guide = SourceDocument.guide(record.claims, or: searchText)
    if !guide.isEmpty {
      // Closed: a reader begins with the chapter, and comes back when a number needs it.
      elements.append(
        Element(
          tag: "details", attributes: " class=\"sources\"",
          inner: "<summary>How to read the numbers</summary><p>\(HTML.markdown(guide))</p>", role: .aside))
    }

    func heading(_ title: String, id: String) -> Element {
      Element(
        tag: "h2", attributes: " id=\"\(id)\"",
        inner: "\(title)<a class=\"anchor\" href=\"#\(id)\" aria-label=\"Link to this section\">#</a>", role: .heading,
        title: title)
    }

    let documents = record.claims.isEmpty ? [] : SourceDocument.named(in: record.claims, or: searchText).map(\.key)
    let documentIDs = Dictionary(uniqueKeysWithValues: documents.map { ($0, anchors.make("Source \($0)")) })
    let linker = linker(documents: documentIDs)
    self.linker = linker

    var figureIndex = 0
    let figureAnchors = figureAnchors()
    var predictionCount = 0
    var hasHeading = false
    var fold: (title: String, start: Int)?
    for block in record.blocks {
      switch block {
      case .prose(let blocks):
        for block in blocks {
          switch block {
          case .heading(let level, let inlines):
            let html = HTML.inlines(inlines)
            let id = anchors.make(Markdown.plain(inlines))
            // The outline never skips a level: there is no level below 2 before the first heading of level 2.
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
                tag: "p", attributes: isTitle ? " class=\"leads\"" : "", inner: html,
                role: isTitle ? .subheading : .paragraph,
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
        // A note in the margin is placed beside the paragraph before it, to which it belongs.
        let place = elements.last?.role == .paragraph ? elements.count - 1 : elements.count
        elements.insert(note, at: place)
      case .callout(let kind, let blocks):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"box \(kind.kind)\" role=\"note\"",
            inner: "<p class=\"tag\">\(kind.heading.escapedForMarkup)</p>\(HTML.blocks(blocks))", role: .exhibit,
            title: kind.heading.escapedForMarkup))
        if kind == .takeaway { elements[elements.count - 1].role = .takeaway }
      case .code(let excerpt): elements.append(code(excerpt))
      case .table(let table):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"table\"", inner: self.table(table), role: .exhibit,
            title: HTML.markdown(table.caption), rows: HTMLRenderer.shares(table)))
      case .figure(let figure):
        let drawn = figureIndex < record.figures.count ? record.figures[figureIndex] : nil
        figureIndex += 1
        elements.append(self.figure(figure, drawn, number: figureIndex))
      case .panel(let panel): elements.append(self.panel(panel, figure: figureAnchors[panel.figure]))
      case .prediction(let prediction):
        predictionCount += 1
        let id = "\(record.shelf.anchor)-predict-\(predictionCount)"
        let (box, answer) = self.prediction(prediction, id: id)
        elements.append(
          Element(
            tag: "div",
            attributes: " class=\"box predict\" id=\"\(id)\"\(prediction.isAnswered ? " data-given" : "")",
            inner: box, role: .prediction, title: "Predict", answer: answer))
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
      case .slide(let slide, let blocks):
        elements.append(
          Element(
            tag: "div", attributes: " class=\"slide\"", inner: HTML.blocks(blocks), role: .slide, marks: [slide]))
      case .projection(let slide): elements[elements.count - 1].marks.append(slide)
      case .foldStart(let title): fold = (title, elements.count)
      case .foldEnd:
        guard let (title, start) = fold else { break }
        let inner = elements[start...].map { $0.linked(by: linker).html }.joined(separator: "\n")
        elements.removeSubrange(start...)
        elements.append(
          Element(
            tag: "details", attributes: " class=\"fold\"",
            inner: "<summary>\(HTML.markdown(title))</summary>\(inner)", role: .fold, title: HTML.markdown(title)))
        fold = nil
      }
    }
    elements = elements.map { $0.linked(by: linker) }
    if !record.claims.isEmpty {
      let id = anchors.make("Claims put to the test")
      let place =
        elements.firstIndex { $0.role == .heading && ($0.title == "Exercises" || $0.title == "Further reading") }
        ?? elements.count
      let entry = contents.firstIndex { $0.title == "Exercises" || $0.title == "Further reading" } ?? contents.count
      contents.insert((id, "Claims put to the test"), at: entry)
      elements.insert(
        contentsOf: [
          heading("Claims put to the test", id: id),
          Element(
            tag: "div", attributes: " class=\"table\"",
            inner: HTMLRenderer.claims(
              record.claims, figures: figureAnchors.mapValues { ($0.id, $0.number) }, linked: linker.linked),
            role: .exhibit,
            title: "Claims put to the test", rows: HTMLRenderer.shares(record.claims)),
        ]
          + (documents.isEmpty
            ? []
            : [
              Element(
                tag: "div", attributes: " class=\"key\"",
                inner: HTMLRenderer.sources(record.claims, or: searchText, ids: documentIDs), role: .aside)
            ]),
        at: place)
    }
    HTMLRenderer.placeAnswers(in: &elements)
    let deck = HTMLRenderer.deal(&elements, chapter: HTML.markdown(record.title))
    return (elements.map(\.html).joined(separator: "\n"), deck, contents)
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
    let lines = "<pre tabindex=\"0\"><code>\(SwiftHighlighter.html(SwiftHighlighter.tokens(excerpt.code)))</code></pre>"
    let count = excerpt.code.count { $0 == "\n" } + 1
    // Long code is folded, so that it does not interrupt the text.
    let isLong = count > 26
    return Element(
      tag: "figure", attributes: " class=\"code\"\(count > 16 ? "" : " data-short")",
      inner:
        "\(isLong ? "<details class=\"lines\"><summary>The code: <code>\(excerpt.name.escapedForMarkup)</code>, \(count) lines</summary>\(lines)</details>" : lines)<figcaption><span>\(excerpt.path.escapedForMarkup), line \(excerpt.line), compiled with this page</span><button type=\"button\" class=\"copy\">copy</button></figcaption>",
      role: .code, rows: HTMLRenderer.shares(ofCode: excerpt.code))
  }
}
