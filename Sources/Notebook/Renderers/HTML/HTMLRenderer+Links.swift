// Adds links to texts: to other chapters and their figures, to figures and sections of this page, to documents by their
// short names, and to papers.

import Basics

/// Adds links to the names in a page's texts.
struct Linker {
  /// The chapters to link to; a page does not link to itself.
  var chapters: [Shelf.Entry] = []
  /// The anchors of the page's figures, starting with figure 1.
  var figures: [String] = []
  /// The anchors of the page's sections by title.
  var sections: [String: String] = [:]
  /// The anchors of the documents' titles by short name.
  var documents: [String: String] = [:]

  /// Returns a piece of HTML with links. Headings, code, formulas, pictures, buttons and links are not changed, and
  /// neither are chapters and figures of books and papers: `*A Book*, chapter 3`, `S0's figure 2`, `He et al. 2016,
  /// figure 7`.
  func linked(_ html: String) -> String {
    html.replacing(
      #/<(code|pre|math|a|h1|h2|h3|button|summary|svg|script|select|label)\b.*?<\/\1>|<em>[^<]*<\/em>([,:]\s(chapter|figure)\s[0-9]+)?|“[^“”<]+”|<[^>]*>|(’s|'s|&#39;s|\bits|\bIts|\btheir|\bwhose|[0-9]{4}[a-z]?[,:]|\bsection\s[0-9.]+,)\sfigures?\s[0-9]+|\bS[0-9]\b|\b([Ff]igures?)\s([0-9]+((,\s|\sand\s|,\sand\s|\sto\s|–)[0-9]+)*)\sof\schapter\s([0-9]+)|\b([Cc]hapters?|[Ff]igures?)\s[0-9]+\b((,\s|\sand\s|,\sand\s|\sto\s|–)[0-9]+\b)*(\s(?:of|in)\s(?:S[0-9]|the\s(?:source|paper)|[A-Z]))?|arXiv:[0-9]{4}\.[0-9]{4,5}|doi:10\.[^\s<,;]+[^\s<,;.]/#
        .dotMatchesNewlines()
    ) { match in
      let text = String(match.output.0)
      if text.hasPrefix("<em>") || text.hasPrefix("“") { return section(text) ?? text }
      if text.hasPrefix("<") || match.output.4 != nil { return text }
      if text.hasPrefix("arXiv:") { return paper("https://arxiv.org/abs/\(text.dropFirst(6))", text) }
      if text.hasPrefix("doi:") { return paper("https://doi.org/\(text.dropFirst(4))", text) }
      if let numbers = match.output.6, let number = match.output.9 {
        let word = String(match.output.5 ?? "figure")
        guard let entry = chapter(number) else { return text }
        return each(numbers, after: word) { figure, words in anchor(entry, figure: figure, words) } + " of "
          + anchor(entry, "chapter \(number)")
      }
      if match.output.13 != nil { return text }
      if let word = match.output.10 {
        let numbers = text.dropFirst(word.count + 1)
        return each(numbers, after: String(word)) { number, words in
          if word.lowercased().hasPrefix("chapter") { return chapter(number).map { anchor($0, words) } ?? words }
          guard let place = Int(number), figures.indices.contains(place - 1) else { return words }
          return "<a class=\"to\" href=\"#\(figures[place - 1])\"\(label("figure \(number)", words))>\(words)</a>"
        }
      }
      guard let id = documents[text], let document = SourceDocument.all.first(where: { $0.key == text }) else {
        return text
      }
      return
        "<a class=\"source\" href=\"#\(id)\" title=\"\(Markdown.plain(document.title).escapedForMarkup)\">\(text)</a>"
    }
  }

  /// Links a single number together with the word before it, or several numbers individually. `figure 3, 10 seeds`
  /// contains one number.
  private func each(_ numbers: Substring, after word: String, _ link: (Substring, String) -> String) -> String {
    let first = numbers.prefix(while: \.isNumber)
    guard word.hasSuffix("s") else { return link(first, "\(word) \(first)") + numbers.dropFirst(first.count) }
    return word + " " + numbers.replacing(#/[0-9]+/#) { link($0.output, String($0.output)) }
  }

  private func chapter(_ number: Substring) -> Shelf.Entry? { chapters.first { String($0.number) == number } }

  /// The accessible name of a link whose text is a bare number.
  private func label(_ name: String, _ words: String) -> String {
    words.allSatisfy(\.isNumber) ? " aria-label=\"\(name)\"" : ""
  }

  private func anchor(_ chapter: Shelf.Entry, figure: Substring = "", _ words: String) -> String {
    let title = Markdown.plain(chapter.title).escapedForMarkup
    let question = Markdown.plain(chapter.question).escapedForMarkup
    let place = figure.isEmpty ? "" : "#fig\(figure)"
    let name = figure.isEmpty ? "chapter \(chapter.number)" : "figure \(figure)"
    return
      "<a class=\"chapter\" href=\"../\(chapter.name.escapedForMarkup)/index.html\(place)\" title=\"\(title)\" data-chapter=\"\(chapter.number)\" data-question=\"\(question)\"\(label(name, words))>\(words)</a>"
  }

  /// A link to a section of this page whose title is in italics or quotation marks; nil if there is none.
  private func section(_ text: String) -> String? {
    let name = text.hasPrefix("“") ? text.dropFirst().dropLast() : text.dropFirst(4).prefix { $0 != "<" }
    return sections[String(name)].map { id in
      "<a class=\"to\" href=\"#\(id)\">\(text)</a>"
    }
  }

  private func paper(_ address: String, _ text: String) -> String {
    "<a href=\"\(address)\" rel=\"noopener noreferrer\">\(text)</a>"
  }
}

extension HTMLRenderer {
  /// The links of this page: to its figures and sections, and to all other chapters.
  func linker(documents: [String: String]) -> Linker {
    var (sections, anchors) = ([String: String](), anchors)
    for block in record.blocks {
      switch block {
      case .prose(let blocks):
        for case .heading(_, let inlines) in blocks {
          let id = anchors.make(Markdown.plain(inlines))
          // A title that two sections share is not linked.
          let title = HTML.inlines(inlines)
          sections[title] = sections[title] == nil ? id : ""
        }
      case .exercises: _ = anchors.make("Exercises")
      case .furtherReading: _ = anchors.make("Further reading")
      default: break
      }
    }
    let figures = record.blocks.compactMap { if case .figure(let figure) = $0 { figure.name } else { nil } }
    return Linker(
      chapters: record.shelf.chapters.filter { $0.number != record.chapter },
      figures: figures.map { "\(record.shelf.anchor)-figure-\($0)" }, sections: sections.filter { !$0.value.isEmpty },
      documents: documents)
  }
}

extension HTMLRenderer.Element {
  /// The element with links in its text; in a figure, only in its caption. Headings, code and slides get no links.
  func linked(by linker: Linker) -> Self {
    var copy = self
    switch role {
    case .head, .paragraph, .text, .aside, .takeaway, .exhibit, .prediction, .answer:
      (copy.inner, copy.answer) = (linker.linked(inner), linker.linked(answer))
    case .figure:
      guard let start = inner.range(of: "<figcaption>")?.lowerBound else { return self }
      copy.inner = inner[..<start] + linker.linked(String(inner[start...]))
    case .heading, .subheading, .code, .formula, .slide, .fold: break
    }
    return copy
  }
}
