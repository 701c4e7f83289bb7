// The numbers of a plot as a table, for readers who cannot see the plot.

extension Table {
  /// Creates a table of a plot's numbers. Its caption says how many of `total` rows are shown.
  ///
  /// The labels of figures are plain text, so Markdown characters in them are escaped.
  package init(numbers caption: String, _ columns: [String], _ rows: [[TableCell]], of total: Int) {
    let note = rows.count < total ? " (\(rows.count) of \(total) rows)" : ""
    self.init(caption.withoutMarkdown + note, columns: columns.map { Column($0.withoutMarkdown) }, rows: rows)
  }

  /// At most `most` of `count` indices, evenly chosen, including the first and the last.
  static func picked(_ count: Int, _ most: Int) -> [Int] {
    guard count > most, most > 1 else { return Array(0..<max(count, 0)) }
    return (0..<most).map { $0 * (count - 1) / (most - 1) }
  }
}

extension TableCell {
  /// A cell with a label of a figure.
  package static func label(_ text: String) -> TableCell { .text(text.withoutMarkdown) }

  /// A cell with a value, and its deviation if the series has any.
  static func value(_ values: [Double], _ deviation: [Double], at index: Int) -> TableCell {
    deviation.indices.contains(index) && deviation.contains { $0 != 0 }
      ? .measured(values[index], deviation[index]) : .number(values[index])
  }
}

extension String {
  /// The text as Markdown that renders exactly these characters.
  fileprivate var withoutMarkdown: String { map { "\\`*_$[]<>".contains($0) ? "\\\($0)" : String($0) }.joined() }
}
