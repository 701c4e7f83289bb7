// A surface and its paths in words and numbers.

import Basics

extension ContourPlot {
  package var altText: String {
    let all = heights.joined().filter { $0.isFinite }
    func n(_ v: Double) -> String { Numbers.text(v) }
    var text = "Contour plot over \(x.label.onOneLine) and \(y.label.onOneLine)"
    let places = grid.joined().filter { $0.height.isFinite }
    if let low = places.min(by: { $0.height < $1.height }), let high = places.max(by: { $0.height < $1.height }) {
      text +=
        ", heights from \(n(low.height)) near (\(n(low.x)), \(n(low.y))) to \(n(high.height)) near (\(n(high.x)), \(n(high.y)))"
    }
    text += emphasis.map { "; the thick line is at \(n($0))." } ?? "."
    if let emphasis, !all.isEmpty { text += sides(of: emphasis, all) }
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

  /// The share of the plane above a level, and how often the grid's rows and columns cross the level on average: a
  /// straight boundary crosses each about once, a winding one several times.
  private func sides(of level: Double, _ all: [Double]) -> String {
    let share = Double(all.count { $0 > level }) / Double(all.count)
    let columns = (0..<(heights.map(\.count).min() ?? 0)).map { column in heights.map { $0[column] } }
    let crossings = (heights + columns).map { line in
      zip(line, line.dropFirst()).count { ($0 > level) != ($1 > level) }
    }
    let mean = Double(crossings.reduce(0, +)) / Double(max(crossings.count, 1))
    return
      " \(percent(share, 1)) of the plane lies above it; a straight walk across the plane meets it \(fixed(mean, 2)) times on average."
  }

  /// The surface at a few points, spread as widely as possible, and the paths.
  package func table(maximumRows: Int) -> Table {
    let side = max(2, min(5, Int((Double(maximumRows) / 2).squareRoot()))), grid = grid
    let surface = Table.picked(grid.count, side).flatMap { row in
      Table.picked(grid[row].count, side).map { grid[row][$0] }
    }
    let points = paths.flatMap(\.cells), kept = Table.picked(points.count, max(2, maximumRows - surface.count))
    return Table(
      numbers: "surface and paths", ["what", x.label, y.label, "height"],
      surface.map { [.text("surface"), .number($0.x), .number($0.y), .number($0.height)] }
        + kept.map { points[$0] + [.text("")] },
      of: grid.joined().count + points.count)
  }

  /// The heights of the surface with their coordinates.
  private var grid: [[(x: Double, y: Double, height: Double)]] {
    let xScale = AxisScale(x, over: pathChart.allX, count: 5), yScale = AxisScale(y, over: pathChart.allY, count: 5)
    func share(_ index: Int, of count: Int) -> Double { count > 1 ? Double(index) / Double(count - 1) : 0.5 }
    return heights.enumerated().map { row, line in
      line.enumerated().map { column, height in
        (xScale.value(at: share(column, of: line.count)), yScale.value(at: share(row, of: heights.count)), height)
      }
    }
  }

  package var csv: CSVTable {
    var csv = CSVTable(header: ["what", "x", "y", "height"])
    for (x, y, height) in grid.joined() {
      csv.rows.append("surface,\(CSVTable.number(x)),\(CSVTable.number(y)),\(CSVTable.number(height))")
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
