// A matrix in words and numbers.

import Basics

extension HeatMap {
  package var altText: String {
    let r = values.count, c = columnCount
    let names = yLabel.isEmpty && xLabel.isEmpty ? "" : " (\(yLabel.onOneLine) by \(xLabel.onOneLine))"
    var text = "Heat map of \(counted(r, "row")) and \(counted(c, "column"))\(names)."
    var top: (Int, Int, Double)?, bottom: (Int, Int, Double)?
    for (i, row) in values.enumerated() {
      for (j, v) in row.enumerated() where v.isFinite {
        if v > top?.2 ?? -.infinity { top = (i, j, v) }
        if v < bottom?.2 ?? .infinity { bottom = (i, j, v) }
      }
    }
    guard let top, let bottom else { return text + " It has no finite values." }
    func name(_ i: Int, _ j: Int) -> String {
      "\(rows.indices.contains(i) ? rows[i].onOneLine : "row \(i + 1)"), \(columns.indices.contains(j) ? columns[j].onOneLine : "column \(j + 1)")"
    }
    text +=
      " Highest \(Numbers.text(top.2)) at \(name(top.0, top.1)); lowest \(Numbers.text(bottom.2)) at \(name(bottom.0, bottom.1))."
    if r == c, r > 1, r <= 100 {
      let sum = values.joined().filter { $0.isFinite }.reduce(0, +)
      let diagonal = (0..<r).compactMap { values[$0].indices.contains($0) ? values[$0][$0] : nil }.filter {
        $0.isFinite
      }
      if bottom.2 >= 0, sum > 0 {
        text += " The diagonal holds \(Numbers.text(100 * diagonal.reduce(0, +) / sum)) % of the total."
      }
    }
    return text
  }

  package func table(maximumRows: Int) -> Table {
    let shown = Table.picked(values.count, maximumRows).map { index in
      [index < rows.count ? TableCell.label(rows[index]) : .text("\(index + 1)")]
        + values[index].prefix(24).map { .number($0) }
    }
    let width = min(columnCount, 24)
    return Table(
      numbers: "\(yLabel) by \(xLabel)",
      [yLabel] + (0..<width).map { $0 < columns.count ? columns[$0] : "\($0 + 1)" }, shown, of: values.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["row", "column", "value"])
    for (i, row) in values.enumerated() {
      let name = CSVTable.field(rows.indices.contains(i) ? rows[i] : "\(i + 1)")
      for (j, v) in row.enumerated() {
        let column = CSVTable.field(columns.indices.contains(j) ? columns[j] : "\(j + 1)")
        csv.rows.append("\(name),\(column),\(CSVTable.number(v))")
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "heat map", "x": .string(xLabel), "y": .string(yLabel), "rows": .init(rows), "columns": .init(columns),
      "values": .array(values.map { .init($0) }),
    ]
  }
}
