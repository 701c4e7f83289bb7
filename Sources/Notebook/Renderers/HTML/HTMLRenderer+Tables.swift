// Tables in HTML, with aligned numbers.

import Basics

extension HTMLRenderer {
  /// Returns a table that can be scrolled if it is wider than the page.
  ///
  /// - Parameter label: the accessible name, if the caption is not sufficient; names on a page must be unique.
  func table(_ table: Table, label: String? = nil) -> String {
    let label = (label ?? Markdown.plain(table.caption)).escapedForMarkup
    return
      "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(label.isEmpty ? "table" : label)\">\(tableElement(table))</div>"
  }

  /// Returns the table element.
  func tableElement(_ table: Table) -> String {
    let (cells, numeric) = table.formatted()
    let isNarrow = cells.allSatisfy { $0.count <= 4 }
    let titles = numeric.indices.map { column in
      let title = column < table.columns.count ? HTML.markdown(table.columns[column].title) : ""
      let style = numeric[column] ? " class=\"num\"" : ""
      return title.isEmpty ? "<td\(style)></td>" : "<th scope=\"col\"\(style)>\(title)</th>"
    }
    // Numbers with fewer decimals than others in their column are padded with invisible digits.
    let decimals = numeric.indices.map { column in
      numeric[column] && NumberStyle.linesUp(cells.map { $0[column] })
        ? cells.map { HTMLRenderer.tail($0[column]) }.max() ?? 0 : 0
    }
    let rows = cells.map { row in
      row.enumerated().map { column, cell in
        if column == 0, !numeric[0], !cell.isEmpty {
          // A short name is not wrapped.
          let name = cell.count <= 20 ? cell.replacing(" ", with: "\u{A0}") : cell
          return "<th scope=\"row\">\(HTML.markdown(name))</th>"
        }
        guard numeric[column] else { return "<td>\(HTML.markdown(cell))</td>" }
        let missing = decimals[column] - HTMLRenderer.tail(cell)
        let pad =
          missing > 0 && cell.contains(where: \.isNumber) && !cell.contains("NaN")
          ? "<span class=\"pad\" aria-hidden=\"true\">\(HTMLRenderer.padding(cell, missing))</span>" : ""
        return "<td class=\"num\">\(cell.escapedForMarkup)\(pad)</td>"
      }.joined()
    }
    let caption = table.caption.isEmpty ? "" : "<caption><span>\(HTML.markdown(table.caption))</span></caption>"
    let head = table.columns.isEmpty ? "" : "<thead><tr>\(titles.joined())</tr></thead>"
    return
      "<table\(isNarrow ? " class=\"narrow\"" : "")>\(caption)\(head)<tbody>\(rows.map { "<tr>\($0)</tr>" }.joined())</tbody></table>"
  }

  /// The number of characters after the whole part of a number.
  private static func tail(_ text: String) -> Int { text.count - text.prefix(NumberStyle.integerColumns(text)).count }

  private static func padding(_ cell: String, _ missing: Int) -> String {
    (cell.contains(".") ? "" : ".") + String(repeating: "0", count: cell.contains(".") ? missing : max(missing - 1, 0))
  }
}
