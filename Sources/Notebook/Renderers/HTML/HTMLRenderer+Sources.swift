// The documents that a page tests: explained at its end, and one click away wherever their short names stand.

extension HTMLRenderer {
  /// What the short names of the documents stand for, where a claim has one, or the text.
  ///
  /// - Parameter ids: the places that links lead to, by short name.
  static func sources(_ claims: [Claim], or text: String = "", ids: [String: String] = [:]) -> String {
    let documents = SourceDocument.named(in: claims, or: text)
    guard !documents.isEmpty else { return "" }
    let items = documents.map { document in
      let id = ids[document.key].map { " id=\"\($0)\"" } ?? ""
      return "<b\(id)>\(document.key)</b> \(HTML.markdown(document.title))"
    }
    return "<p class=\"sources\">\(items.joined(separator: "; ")).</p>"
  }

  /// Makes links of what the running text names: the documents by their short names, other chapters, papers.
  ///
  /// - Parameters:
  ///   - ids: the places of the documents' titles, by short name.
  ///   - chapters: the chapters that can be linked to; a book's chapter (`*Title*, chapter 3`) is none of them.
  static func linkNames(in elements: inout [Element], ids: [String: String], chapters: [Shelf.Entry]) {
    func chapter(_ number: Substring) -> String {
      guard let entry = chapters.first(where: { String($0.number) == number }) else { return String(number) }
      let title = Markdown.plain(entry.title).escapedForMarkup
      return
        "<a class=\"chapter\" href=\"../\(entry.name.escapedForMarkup)/index.html\" title=\"\(title)\">\(number)</a>"
    }
    func link(_ address: String, _ text: Substring) -> String {
      "<a href=\"\(address)\" rel=\"noopener noreferrer\">\(text)</a>"
    }
    for index in elements.indices where elements[index].isRunningText {
      // Code, formulas and links are matched too, and left alone.
      elements[index].inner = elements[index].inner.replacing(
        #/<code.*?<\/code>|<math.*?<\/math>|<a .*?<\/a>|<\/em>, chapter [0-9]+|<[^>]*>|\bS[0-9]\b|\b[Cc]hapters? [0-9]+(, [0-9]+)*( and [0-9]+)?|arXiv:[0-9]{4}\.[0-9]{4,5}|doi:10\.[^\s<,;]+[^\s<,;.]/#
          .dotMatchesNewlines()
      ) { match in
        let name = match.output.0
        if name.hasPrefix("<") { return String(name) }
        if name.hasPrefix("arXiv:") { return link("https://arxiv.org/abs/\(name.dropFirst(6))", name) }
        if name.hasPrefix("doi:") { return link("https://doi.org/\(name.dropFirst(4))", name) }
        if name.lowercased().hasPrefix("chapter") {
          return String(name.replacing(#/[0-9]+/#) { chapter($0.output) })
        }
        guard let id = ids[String(name)], let document = SourceDocument.all.first(where: { $0.key == name }) else {
          return String(name)
        }
        let title = Markdown.plain(document.title).escapedForMarkup
        return "<a class=\"source\" href=\"#\(id)\" title=\"\(title)\">\(name)</a>"
      }
    }
  }
}

extension HTMLRenderer.Element {
  /// Whether this is read sentence by sentence: paragraphs, lists, side notes and boxes, but not what is clicked on.
  fileprivate var isRunningText: Bool {
    switch role {
    case .paragraph, .text, .aside, .takeaway: true
    case .exhibit: attributes.contains("class=\"box")
    case .head, .heading, .subheading, .code, .formula, .figure, .prediction, .answer, .slide, .fold: false
    }
  }
}
