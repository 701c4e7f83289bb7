// Histograms in words and numbers.

import Basics

extension HistogramGrid {
  package var altText: String {
    let most = rows.map(\.panels.count).max() ?? 0
    var text =
      "Grid of histograms\(xLabel.isEmpty ? "" : " of \(xLabel.onOneLine)"), \(counted(rows.count, "row")) of \(most)."
    for row in rows.prefix(12) {
      let name = row.name.isEmpty ? "Row" : row.name.onOneLine
      func what(_ i: Int) -> String {
        let panel = row.panels[i]
        let statements =
          [panel.title, panel.note].map(\.onOneLine).filter { !$0.isEmpty } + [Self.shape(panel.heights)]
        return statements.joined(separator: ", ")
      }
      guard let last = row.panels.indices.last else { continue }
      let (a, b) = (
        columns.first?.onOneLine ?? "first", columns.indices.contains(last) ? columns[last].onOneLine : "last"
      )
      text += last == 0 ? " \(name): \(what(0))." : " \(name): \(a) \(what(0)); \(b) \(what(last))."
    }
    return text
  }

  /// The shape of a histogram in words: `a narrow peak`, `piled up at both ends`.
  private static func shape(_ heights: [Double]) -> String {
    let clean = heights.map { $0.isFinite && $0 > 0 ? $0 : 0 }
    let total = clean.reduce(0, +)
    guard total > 0, clean.count >= 3 else { return "empty" }
    let edge = max(1, clean.count / 10)
    let left = clean.prefix(edge).reduce(0, +) / total, right = clean.suffix(edge).reduce(0, +) / total
    if left > 0.3, right > 0.3 { return "piled up at both ends" }
    if left > 0.5 { return "piled up at the low end" }
    if right > 0.5 { return "piled up at the high end" }
    let occupied = clean.count { $0 > (clean.max() ?? 0) * 0.02 }
    let share = Double(occupied) / Double(clean.count)
    return share < 0.25 ? "a narrow peak" : share < 0.6 ? "a peak over part of the range" : "spread over the range"
  }

  package func table(maximumRows: Int) -> Table {
    let shown = rows.prefix(maximumRows).map { row in
      [TableCell.label(row.name)]
        + row.panels.map { panel in
          .label([panel.title, panel.note].filter { !$0.isEmpty }.joined(separator: ", "))
        }
    }
    return Table(numbers: xLabel, [""] + columns, Array(shown), of: rows.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["row", "column", "from", "to", "height"])
    for row in rows {
      for (c, panel) in row.panels.enumerated() {
        let name = CSVTable.field(row.name)
        let column = CSVTable.field(columns.indices.contains(c) ? columns[c] : "\(c + 1)")
        let step = (row.range.upperBound - row.range.lowerBound) / Double(max(panel.heights.count, 1))
        for (b, h) in panel.heights.enumerated() {
          let from = row.range.lowerBound + Double(b) * step
          csv.rows.append(
            "\(name),\(column),\(CSVTable.number(from)),\(CSVTable.number(from + step)),\(CSVTable.number(h))")
        }
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "histograms", "x": .string(xLabel), "columns": .init(columns),
      "rows": .array(
        rows.map { row in
          [
            "name": .string(row.name), "range": .init([row.range.lowerBound, row.range.upperBound]),
            "panels": .array(
              row.panels.map { ["title": .string($0.title), "note": .string($0.note), "heights": .init($0.heights)] }),
          ]
        }),
    ]
  }
}
