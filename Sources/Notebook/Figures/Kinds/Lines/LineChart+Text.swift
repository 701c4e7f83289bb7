// A line chart in words and numbers: its description, its table, and its values as CSV and JSON.

extension LineChart {
  package var altText: String {
    let isCloud = !series.isEmpty && series.allSatisfy { $0.style == .points }
    let yName = y.columnName("values").onOneLine, xName = x.columnName("position").onOneLine
    let logs = [x.isLogarithmic ? "x" : "", y.isLogarithmic ? "y" : ""].filter { !$0.isEmpty }
    var text = "\(isCloud ? "Scatter plot" : "Line chart") of \(yName) against \(xName)"
    if !logs.isEmpty { text += ", \(logs.joined(separator: " and ")) on a log scale" }
    text += "."
    if series.isEmpty { return text + " It has no series." }
    for s in named.prefix(12) { text += " " + s.altText(log: y.isLogarithmic) }
    if series.count > 12 { text += " And \(series.count - 12) more series." }
    if !isCloud { text += crossings }
    if !isCloud, series.count > 1 { text += finalOrder }
    for r in references {
      text +=
        " Reference line at \(r.direction == .horizontal ? "y" : "x") = \(Numbers.text(r.at))\(r.label.isEmpty ? "" : ": \(r.label.onOneLine)")."
    }
    return text
  }

  /// The positions where pairs of curves with equal x coordinates cross.
  private var crossings: String {
    var found: [String] = []
    guard series.count <= 8 else { return "" }
    for a in series.indices {
      for b in series.indices where b > a {
        let (s, t) = (series[a], series[b])
        guard s.x == t.x, s.y.count == t.y.count, !s.name.isEmpty, !t.name.isEmpty else { continue }
        var places: [Double] = []
        var sign = 0.0
        for i in 0..<min(s.x.count, s.y.count) where s.y[i].isFinite && t.y[i].isFinite {
          let difference = s.y[i] - t.y[i]
          if difference * sign < 0 { places.append(s.x[i]) }
          if difference != 0 { sign = difference < 0 ? -1 : 1 }
        }
        guard let last = places.last else { continue }
        let pair = "\(s.name.onOneLine) and \(t.name.onOneLine) cross"
        found.append(
          places.count == 1
            ? "\(pair) near \(Numbers.text(last))" : "\(pair) \(places.count) times, last near \(Numbers.text(last))")
      }
    }
    return found.prefix(4).map { " \($0)." }.joined()
  }

  /// The curves that end highest and lowest.
  private var finalOrder: String {
    let ends = series.compactMap { s -> (name: String, y: Double)? in
      guard !s.name.isEmpty, let last = s.y.prefix(s.x.count).last, last.isFinite else { return nil }
      return (s.name.onOneLine, last)
    }
    guard ends.count > 1, let top = ends.max(by: { $0.y < $1.y }), let bottom = ends.min(by: { $0.y < $1.y }),
      top.y > bottom.y
    else { return "" }
    return
      " At the end \(top.name) is highest (\(Numbers.text(top.y))), \(bottom.name) lowest (\(Numbers.text(bottom.y)))."
  }

  package func table(maximumRows: Int) -> Table {
    let common = series.first?.x ?? []
    if !series.isEmpty, series.allSatisfy({ $0.x.elementsEqual(common) && $0.y.count == common.count }) {
      let rows = Table.picked(common.count, maximumRows).map { index in
        [TableCell.number(common[index])] + series.map { .value($0.y, $0.deviation, at: index) }
      }
      return Table(numbers: tableCaption, [x.label] + series.map(\.name), rows, of: common.count)
    }
    // A height that only keeps points apart around their name is no number to look up.
    let columns = hasNamedRows ? 2 : 3
    let all = named.flatMap(\.cells).map { Array($0.prefix(columns)) }
    return Table(
      numbers: tableCaption, Array(["series", x.label, y.label].prefix(columns)),
      Table.picked(all.count, maximumRows).map { all[$0] }, of: all.count)
  }

  /// Whether the vertical axis has names and no numbers.
  var hasNamedRows: Bool { y.label.isEmpty && !y.ticks.isEmpty }

  /// The curves, where one without a name has that of its row.
  var named: [Series] {
    guard hasNamedRows else { return series }
    return series.map { curve in
      guard curve.name.isEmpty, let height = curve.y.first(where: \.isFinite) else { return curve }
      var curve = curve
      curve.name = y.ticks.min { abs($0.place - height) < abs($1.place - height) }?.label ?? ""
      return curve
    }
  }

  /// The caption of the table, with the reference lines, which may be all that changes between frames.
  private var tableCaption: String {
    let lines = references.filter { !$0.label.isEmpty }.map { line in
      "line at \(line.direction == .horizontal ? "y" : "x") = \(Numbers.text(line.at)): \(line.label.onOneLine)"
    }
    return ([y.label] + lines).filter { !$0.isEmpty }.joined(separator: "; ")
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["series", x.columnName("x"), y.columnName("y"), "deviation"])
    for s in named {
      let name = CSVTable.field(s.name)
      for i in 0..<min(s.x.count, s.y.count) {
        let deviation = i < s.deviation.count ? CSVTable.number(s.deviation[i]) : ""
        csv.rows.append("\(name),\(CSVTable.number(s.x[i])),\(CSVTable.number(s.y[i])),\(deviation)")
      }
    }
    return csv
  }

  package var json: JSONValue {
    [
      "plot": "lines", "x": x.json, "y": y.json, "series": .array(series.map(\.json)),
      "references": .array(references.map { ["label": .string($0.label), "at": .number($0.at)] }),
    ]
  }
}
