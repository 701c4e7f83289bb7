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

  /// Makes every short name in the running text a link to what it stands for.
  static func linkSources(in elements: inout [Element], ids: [String: String]) {
    for index in elements.indices where elements[index].isRunningText {
      // Code, formulas and links are matched too, and left alone.
      elements[index].inner = elements[index].inner.replacing(
        #/<code.*?<\/code>|<math.*?<\/math>|<a .*?<\/a>|<[^>]*>|\bS[0-9]\b/#.dotMatchesNewlines()
      ) { match in
        let name = String(match.output)
        guard let id = ids[name], let document = SourceDocument.all.first(where: { $0.key == name }) else {
          return name
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
    case .head, .heading, .subheading, .code, .formula, .figure, .prediction, .slide, .fold: false
    }
  }
}
