// A bar chart in words and numbers.

import Basics

extension BarChart {
  package var altText: String {
    var text =
      "Bar chart of \(y.columnName("values").onOneLine) for \(counted(categories.count, "category", "categories"))."
    for s in series.prefix(8) {
      let pairs = zip(categories, s.values).map { (name: $0.0.onOneLine, value: $0.1) }
      let name = s.name.isEmpty ? "" : "\(s.name.onOneLine): "
      if pairs.count <= 8 {
        text += " \(name)\(pairs.map { "\($0.name) \(Numbers.text($0.value))" }.joined(separator: ", "))."
      } else {
        let finite = pairs.filter { $0.value.isFinite }
        if let top = finite.max(by: { $0.value < $1.value }), let bottom = finite.min(by: { $0.value < $1.value }) {
          text +=
            " \(name)highest \(top.name) (\(Numbers.text(top.value))), lowest \(bottom.name) (\(Numbers.text(bottom.value)))."
        }
      }
    }
    return text
  }

  package func table(maximumRows: Int) -> Table {
    let rows = Table.picked(categories.count, maximumRows).map { index in
      [TableCell.label(categories[index])]
        + series.map { bars in
          bars.values.indices.contains(index) ? .value(bars.values, bars.deviation, at: index) : .text("–")
        }
    }
    return Table(numbers: y.label, [""] + series.map(\.name), rows, of: categories.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["series", "category", y.columnName("value"), "deviation"])
    for s in series {
      for (i, v) in s.values.prefix(categories.count).enumerated() {
        let deviation = i < s.deviation.count ? CSVTable.number(s.deviation[i]) : ""
        csv.rows.append(
          "\(CSVTable.field(s.name)),\(CSVTable.field(categories[i])),\(CSVTable.number(v)),\(deviation)")
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "bars", "categories": .init(categories), "y": y.json,
      "series": .array(
        series.map { ["name": .string($0.name), "values": .init($0.values), "deviation": .init($0.deviation)] }),
    ]
  }
}
