// The numbers behind a figure as comma-separated values.

/// Writes figures' numbers, one observation a line.
enum FigureCSV {
  /// All numbers of a figure with a header line; an explorable figure's first column is its parameter.
  static func text(_ figure: Figure) -> String {
    guard let first = figure.frames.first else { return "" }
    var header = header(first)
    let parameter = figure.frames.count > 1 ? figure.parameter : nil
    if let parameter { header.insert(parameter.name, at: 0) }
    var out = header.map(field).joined(separator: ",") + "\n"
    for (i, frame) in figure.frames.enumerated() {
      let value = parameter.flatMap { $0.values.indices.contains(i) ? number($0.values[i]) + "," : nil }
      for row in rows(frame) { out += (value ?? "") + row + "\n" }
    }
    return out
  }

  /// A text as a field: quoted where it must be, and never a formula to a spreadsheet.
  static func field(_ text: String) -> String {
    var plain = text.onOneLine
    if let first = plain.first, "=+-@".contains(first), Double(plain) == nil { plain = "'" + plain }
    guard plain.contains(where: { $0 == "," || $0 == "\"" }) else { return plain }
    return "\"" + plain.replacing("\"", with: "\"\"") + "\""
  }

  private static func number(_ v: Double) -> String {
    v.isNaN ? "NaN" : v.isInfinite ? (v > 0 ? "inf" : "-inf") : abs(v) < 1e100 ? Numbers.script(v, digits: 9) : "\(v)"
  }

  private static func header(_ plot: Plot) -> [String] {
    switch plot {
    case .lines(let c): return ["series", name(c.x, "x"), name(c.y, "y"), "deviation"]
    case .bars(let c): return ["series", "category", name(c.y, "value"), "deviation"]
    case .histograms: return ["row", "column", "from", "to", "height"]
    case .heatMap: return ["row", "column", "value"]
    case .contour: return ["what", "x", "y", "height"]
    case .images: return ["picture", "caption", "channel", "row", "column", "value"]
    case .diagram: return ["node", "detail", "x", "y", "to"]
    case .cubes: return ["cube", "sample", "channel", "position", "shared"]
    }
  }

  private static func name(_ axis: Axis, _ other: String) -> String { axis.label.isEmpty ? other : axis.label }

  private static func rows(_ plot: Plot) -> [String] {
    var rows: [String] = []
    switch plot {
    case .lines(let chart):
      for s in chart.series {
        let name = field(s.name)
        for i in 0..<min(s.x.count, s.y.count) {
          rows.append(
            "\(name),\(number(s.x[i])),\(number(s.y[i])),\(i < s.deviation.count ? number(s.deviation[i]) : "")")
        }
      }
    case .bars(let chart):
      for s in chart.series {
        for (i, v) in s.values.prefix(chart.categories.count).enumerated() {
          rows.append(
            "\(field(s.name)),\(field(chart.categories[i])),\(number(v)),\(i < s.deviation.count ? number(s.deviation[i]) : "")"
          )
        }
      }
    case .histograms(let grid):
      for row in grid.rows {
        for (c, panel) in row.panels.enumerated() {
          let name = field(row.name), column = field(grid.columns.indices.contains(c) ? grid.columns[c] : "\(c + 1)")
          let step = (row.range.upperBound - row.range.lowerBound) / Double(max(panel.heights.count, 1))
          for (b, h) in panel.heights.enumerated() {
            let from = row.range.lowerBound + Double(b) * step
            rows.append("\(name),\(column),\(number(from)),\(number(from + step)),\(number(h))")
          }
        }
      }
    case .heatMap(let map):
      for (i, row) in map.values.enumerated() {
        let name = field(map.rows.indices.contains(i) ? map.rows[i] : "\(i + 1)")
        for (j, v) in row.enumerated() {
          rows.append("\(name),\(field(map.columns.indices.contains(j) ? map.columns[j] : "\(j + 1)")),\(number(v))")
        }
      }
    case .contour(let plot):
      let x = AxisScale(plot.x, over: plot.pathChart.allX, count: 5),
        y = AxisScale(plot.y, over: plot.pathChart.allY, count: 5)
      for (j, line) in plot.heights.enumerated() {
        for (i, h) in line.enumerated() {
          let u = line.count > 1 ? Double(i) / Double(line.count - 1) : 0.5
          let v = plot.heights.count > 1 ? Double(j) / Double(plot.heights.count - 1) : 0.5
          rows.append("surface,\(number(x.value(at: u))),\(number(y.value(at: v))),\(number(h))")
        }
      }
      for p in plot.paths {
        for i in 0..<min(p.x.count, p.y.count) { rows.append("\(field(p.name)),\(number(p.x[i])),\(number(p.y[i])),") }
      }
    case .images(let grid):
      for (k, p) in grid.pictures.enumerated() {
        let plane = p.width * p.height
        guard plane > 0 else { continue }
        let caption = field(p.caption)
        for (i, v) in p.pixels.prefix(plane * max(p.channels, 1)).enumerated() {
          rows.append(
            "\(k + 1),\(caption),\(i / plane + 1),\(i % plane / p.width + 1),\(i % p.width + 1),\(number(Double("\(v)") ?? Double(v)))"
          )
        }
      }
    case .diagram(let diagram):
      for (i, node) in diagram.nodes.enumerated() {
        let to = diagram.edges.filter { $0.from == i && diagram.nodes.indices.contains($0.to) }.map {
          diagram.nodes[$0.to].text.onOneLine
        }
        rows.append(
          "\(field(node.text)),\(field(node.detail)),\(number(node.x)),\(number(node.y)),\(field(to.joined(separator: "; ")))"
        )
      }
    case .cubes(let cubes):
      for cube in cubes {
        for n in 0..<max(cube.extents.n, 0) {
          for c in 0..<max(cube.extents.c, 0) {
            for p in 0..<max(cube.extents.positions, 0) {
              rows.append("\(field(cube.name)),\(n),\(c),\(p),\(cube.isShared(n, c, p) ? 1 : 0)")
            }
          }
        }
      }
    }
    return rows
  }
}
