// Tables in a terminal, aligned at decimal points. If the terminal is too narrow, text is wrapped, then rows are
// stacked.

/// Lays out a table in columns.
struct TerminalTable {
  let renderer: TerminalRenderer

  /// Returns the table.
  func text(_ table: Table) -> String {
    let (cells, numeric) = table.formatted()
    let count = numeric.count
    guard count > 0 else { return "" }
    let titles = (0..<count).map {
      $0 < table.columns.count ? renderer.spans(Markdown.inlines(table.columns[$0].title), base: .muted) : []
    }
    let isNumeric = numeric
    let texts = cells.map { row in
      row.enumerated().map { column, cell in isNumeric[column] ? [Span(cell)] : renderer.spans(Markdown.inlines(cell)) }
    }
    // A numeric column becomes aligned text: aligned at the point, or on the right if it contains powers of ten.
    var aligned = texts
    for column in 0..<count where isNumeric[column] {
      let texts = cells.map { $0[column] }
      let fronts = texts.map(NumberStyle.linesUp(texts) ? NumberStyle.integerColumns : \.columns)
      let set = zip(texts, fronts).map { text, front in
        String(repeating: " ", count: (fronts.max() ?? front) - front) + text
      }
      let width = max(set.map(\.columns).max() ?? 0, 0)
      for row in cells.indices { aligned[row][column] = [Span(set[row].padded(to: width))] }
    }
    func width(_ spans: [Span]) -> Int { spans.map(\.text.columns).reduce(0, +) }
    let natural = (0..<count).map { column in max(width(titles[column]), aligned.map { width($0[column]) }.max() ?? 0) }
    let gap = 2
    let room = renderer.broad - gap * (count - 1)
    var widths = natural
    // Shrink text columns first, starting with the widest, but not below their longest word within limits.
    func least(_ column: Int) -> Int {
      if isNumeric[column] {
        let words = titles[column].map(\.text).joined().split(separator: " ").map(\.columns).max() ?? 0
        return min(natural[column], max(aligned.map { width($0[column]) }.max() ?? 0, words))
      }
      let texts: [String] = (aligned.map { $0[column] } + [titles[column]]).map { $0.map(\.text).joined() }
      let words = texts.flatMap { $0.split(separator: " ").map(\.columns) }.max() ?? 1
      return min(natural[column], min(words, column == 0 ? 24 : 14))
    }
    let minimum = (0..<count).map(least)
    while widths.reduce(0, +) > room {
      guard let widest = widths.indices.filter({ widths[$0] > minimum[$0] }).max(by: { widths[$0] < widths[$1] }) else {
        return caption(table) + stacked(titles, texts)
      }
      widths[widest] -= 1
    }

    func row(_ cells: [[Span]], style: (Int) -> TextStyle?) -> String {
      let wrapped = cells.enumerated().map { column, spans in
        width(spans) <= widths[column] ? [spans] : Wrap.lines(spans, width: widths[column])
      }
      let height = wrapped.map(\.count).max() ?? 1
      return (0..<height).map { line in
        var text = ""
        for column in cells.indices {
          var spans = line < wrapped[column].count ? wrapped[column][line] : []
          if let style = style(column) { spans = spans.map { Span($0.text, style) } }
          let padding = String(repeating: " ", count: max(widths[column] - width(spans), 0))
          if column > 0 { text += String(repeating: " ", count: gap) }
          let isLast = column == cells.count - 1
          text += isNumeric[column] ? padding + renderer.paint(spans) : renderer.paint(spans) + (isLast ? "" : padding)
        }
        return text.withoutTrailingSpaces + "\n"
      }.joined()
    }

    let total = widths.reduce(0, +) + gap * (count - 1)
    var result = caption(table)
    if !table.columns.isEmpty {
      result += row(titles, style: { _ in nil })
      result += renderer.paint([Span(String(repeating: "─", count: total), .muted)]) + "\n"
    }
    for cells in aligned {
      result += row(cells) { column in
        column == 0 && !isNumeric[0] ? .bold : nil
      }
    }
    return result
  }

  private func caption(_ table: Table) -> String {
    table.caption.isEmpty ? "" : renderer.paragraph(renderer.spans(Markdown.inlines(table.caption), base: .muted))
  }

  /// Each row as a list of headings and values, for terminals too narrow for columns.
  private func stacked(_ titles: [[Span]], _ rows: [[[Span]]]) -> String {
    let lead = min(titles.dropFirst().map { $0.map(\.text.columns).reduce(0, +) }.max() ?? 0, renderer.width / 2)
    return rows.map { row in
      var text = ""
      for (column, cell) in row.enumerated() {
        if column == 0 {
          text += renderer.paragraph(cell.map { Span($0.text, .bold) })
        } else {
          let title = titles[column].map(\.text).joined().padded(to: lead)
          let lines = Wrap.lines(cell, width: max(renderer.width - lead - 4, 8))
          text += lines.enumerated().map { line, spans in
            "  " + (line == 0 ? renderer.paint([Span(title, .muted)]) : String(repeating: " ", count: lead)) + "  "
              + renderer.paint(spans) + "\n"
          }.joined()
        }
      }
      return text
    }.joined()
  }
}
