// The numbers behind a plot as a table, for readers who cannot see it.

extension Table {
  /// A table of a plot's numbers; its caption says how many of `total` rows are shown.
  ///
  /// Labels of figures are plain text: here they are kept from turning into Markdown.
  package init(numbers caption: String, _ columns: [String], _ rows: [[TableCell]], of total: Int) {
    let note = rows.count < total ? " (\(rows.count) of \(total) rows)" : ""
    self.init(caption.withoutMarkdown + note, columns: columns.map { Column($0.withoutMarkdown) }, rows: rows)
  }

  /// At most `most` of `count` indices, evenly chosen, the first and the last among them.
  static func picked(_ count: Int, _ most: Int) -> [Int] {
    guard count > most, most > 1 else { return Array(0..<max(count, 0)) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }
}

extension TableCell {
  /// A label of a figure.
  package static func label(_ text: String) -> TableCell { .text(text.withoutMarkdown) }

  /// A value with its deviation, where the series has any.
  static func value(_ values: [Double], _ deviation: [Double], at index: Int) -> TableCell {
    deviation.indices.contains(index) && deviation.contains { $0 != 0 }
      ? .measured(values[index], deviation[index]) : .number(values[index])
  }
}

extension String {
  /// The text as Markdown that means these very characters.
  fileprivate var withoutMarkdown: String { map { "\\`*_$[]<>".contains($0) ? "\\\($0)" : String($0) }.joined() }
}
