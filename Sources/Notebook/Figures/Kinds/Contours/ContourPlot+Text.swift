// A surface and the paths across it, in words and numbers.

import Basics

extension ContourPlot {
  package var altText: String {
    let all = heights.joined().filter { $0.isFinite }
    func n(_ v: Double) -> String { Numbers.text(v) }
    var text = "Contour plot over \(x.label.onOneLine) and \(y.label.onOneLine)"
    if let low = all.min(), let high = all.max() { text += ", heights from \(n(low)) to \(n(high))" }
    text += "."
    for p in paths.prefix(10) {
      let count = min(p.x.count, p.y.count)
      let usable = (0..<count).filter { p.x[$0].isFinite && p.y[$0].isFinite }
      guard let a = usable.first, let b = usable.last else { continue }
      text += " The path \(p.name.onOneLine) takes \(counted(usable.count, "point"))"
      text +=
        usable.count > 1
        ? " from (\(n(p.x[a])), \(n(p.y[a]))) to (\(n(p.x[b])), \(n(p.y[b])))" : ", (\(n(p.x[a])), \(n(p.y[a])))"
      text += usable.count < count ? ", then leaves for infinity." : "."
    }
    return text
  }

  package func table(maximumRows: Int) -> Table {
    let all = paths.flatMap(\.cells)
    return Table(
      numbers: "paths", ["path", x.label, y.label], Table.picked(all.count, maximumRows).map { all[$0] }, of: all.count)
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["what", "x", "y", "height"])
    let xScale = AxisScale(x, over: pathChart.allX, count: 5), yScale = AxisScale(y, over: pathChart.allY, count: 5)
    for (j, line) in heights.enumerated() {
      for (i, h) in line.enumerated() {
        let u = line.count > 1 ? Double(i) / Double(line.count - 1) : 0.5
        let v = heights.count > 1 ? Double(j) / Double(heights.count - 1) : 0.5
        csv.rows.append(
          "surface,\(CSVTable.number(xScale.value(at: u))),\(CSVTable.number(yScale.value(at: v))),\(CSVTable.number(h))"
        )
      }
    }
    for p in paths {
      for i in 0..<min(p.x.count, p.y.count) {
        csv.rows.append("\(CSVTable.field(p.name)),\(CSVTable.number(p.x[i])),\(CSVTable.number(p.y[i])),")
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "contour", "x": x.json, "y": y.json, "levels": .init(levels),
      "heights": .array(heights.map { .init($0) }), "paths": .array(paths.map(\.json)),
    ]
  }
}
