// The words of a page, without markup.

/// Extracts the words of a page.
enum PageText {
  /// All words in order, on one line.
  ///
  /// - Parameter answers: whether to include the answers to questions and the results of claims; in a search, they
  ///   would give the answers away.
  static func words(title: String, lead: String, _ blocks: [Block], answers: Bool) -> String {
    let parts = [title, Markdown.plain(lead)] + blocks.flatMap { words($0, answers: answers) }
    return parts.joined(separator: " ").split(whereSeparator: \.isWhitespace).joined(separator: " ")
  }

  private static func words(_ block: Block, answers: Bool) -> [String] {
    switch block {
    case .prose(let blocks): return [Markdown.plain(blocks)]
    case .callout(let callout, let blocks): return [callout.heading, Markdown.plain(blocks)]
    case .sideNote(let inlines): return [Markdown.plain(inlines)]
    case .figure(let figure): return [Markdown.plain(figure.title + " " + figure.caption)]
    case .panel(let panel): return [Markdown.plain(panel.title + " " + panel.caption)]
    case .table(let table):
      return [Markdown.plain(table.caption)]
        + table.rows.compactMap {
          if case .text(let name)? = $0.first { Markdown.plain(name) } else { nil }
        }
    case .prediction(let prediction):
      let found = [prediction.answer, Markdown.plain(prediction.explanation)]
      return [Markdown.plain(prediction.question)] + (answers ? found : [])
    case .claim(let claim):
      let found = [
        claim.measured, claim.verdictText, claim.other?.text ?? "", Markdown.plain(claim.reason),
      ]
      return [Markdown.plain(claim.text)] + (answers ? found : [])
    case .foldStart(let title): return [Markdown.plain(title)]
    case .math, .code, .exercises, .furtherReading, .slide, .projection, .foldEnd: return []
    }
  }
}
