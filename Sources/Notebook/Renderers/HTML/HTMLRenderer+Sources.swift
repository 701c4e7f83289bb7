// The documents that a page tests, explained at its end.

extension HTMLRenderer {
  /// The titles of the documents whose short names are in a claim or in the text.
  ///
  /// - Parameter ids: the anchors for links, by short name.
  static func sources(_ claims: [Claim], or text: String = "", ids: [String: String] = [:]) -> String {
    let documents = SourceDocument.named(in: claims, or: text)
    guard !documents.isEmpty else { return "" }
    let items = documents.map { document in
      let id = ids[document.key].map { " id=\"\($0)\"" } ?? ""
      return "<b\(id)>\(document.key)</b> \(HTML.markdown(document.title))"
    }
    return "<p class=\"sources\">\(items.joined(separator: "; ")).</p>"
  }
}
