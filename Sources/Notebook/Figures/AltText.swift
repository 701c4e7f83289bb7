// What a plot shows, in words computed from its data: for screen readers, and for pictures that do not load.

/// Describes plots from their data.
enum AltText {
  /// One to a dozen sentences about a plot.
  static func describe(_ plot: Plot) -> String {
    switch plot {
    case .lines(let chart): return describe(chart)
    case .bars(let chart): return describe(chart)
    case .histograms(let grid): return describe(grid)
    case .heatMap(let map): return describe(map)
    case .contour(let plot): return describe(plot)
    case .images(let grid): return describe(grid)
    case .diagram(let diagram): return describe(diagram)
    case .cubes(let cubes): return describe(cubes)
    }
  }

  private static func n(_ v: Double) -> String { Numbers.text(v) }

  /// `a, b and c`.
  private static func list(_ parts: [String]) -> String {
    guard parts.count > 1, let last = parts.last else { return parts.first ?? "" }
    return parts.dropLast().joined(separator: ", ") + " and " + last
  }

  private static func describe(_ chart: LineChart) -> String {
    let isCloud = !chart.series.isEmpty && chart.series.allSatisfy { $0.style == .points }
    let y = chart.y.label.isEmpty ? "values" : chart.y.label.onOneLine
    let x = chart.x.label.isEmpty ? "position" : chart.x.label.onOneLine
    let logs = [chart.x.isLogarithmic ? "x" : "", chart.y.isLogarithmic ? "y" : ""].filter { !$0.isEmpty }
    var text = "\(isCloud ? "Scatter plot" : "Line chart") of \(y) against \(x)"
    if !logs.isEmpty { text += ", \(list(logs)) on a log scale" }
    text += "."
    if chart.series.isEmpty { return text + " It has no series." }
    for s in chart.series.prefix(12) { text += " " + describe(s, log: chart.y.isLogarithmic) }
    if chart.series.count > 12 { text += " And \(chart.series.count - 12) more series." }
    if !isCloud { text += crossings(chart) }
    if !isCloud, chart.series.count > 1 { text += finalOrder(chart) }
    for r in chart.references {
      text +=
        " Reference line at \(r.direction == .horizontal ? "y" : "x") = \(n(r.at))\(r.label.isEmpty ? "" : ": \(r.label.onOneLine)")."
    }
    return text
  }

  private static func describe(_ s: Series, log: Bool) -> String {
    let name = s.name.isEmpty ? "The series" : s.name.onOneLine
    let count = min(s.x.count, s.y.count)
    let usable = (0..<count).filter { s.x[$0].isFinite && s.y[$0].isFinite }
    guard let first = usable.first, let last = usable.last else {
      return "\(name): \(count == 0 ? "no points" : "no finite values")."
    }
    if s.style == .points {
      let xs = usable.map { s.x[$0] }, ys = usable.map { s.y[$0] }
      return
        "\(name): \(usable.count) points, x from \(n(xs.min() ?? 0)) to \(n(xs.max() ?? 0)), y from \(n(ys.min() ?? 0)) to \(n(ys.max() ?? 0))."
    }
    var low = first, high = first
    for i in usable {
      if s.y[i] < s.y[low] { low = i }
      if s.y[i] > s.y[high] { high = i }
    }
    var text = ""
    if usable.count == 1 {
      text = "\(name): a single point, \(n(s.y[first])) at \(n(s.x[first]))"
    } else {
      let (a, b) = (s.y[first], s.y[last])
      let span = s.y[high] - s.y[low]
      let size = max(abs(s.y[high]), abs(s.y[low]))
      if span <= 0.03 * size || (log && s.y[low] > 0 && s.y[high] / s.y[low] < 1.12) {
        text = "\(name) stays near \(n((s.y[high] + s.y[low]) / 2))"
      } else {
        let change = abs(b - a)
        var rises = 0, falls = 0
        for (i, j) in zip(usable, usable.dropFirst()) {
          if s.y[j] > s.y[i] { rises += 1 } else if s.y[j] < s.y[i] { falls += 1 }
        }
        let steady = rises == 0 || falls == 0 ? " steadily" : ""
        if change < 0.1 * span {
          text = "\(name) goes from \(n(a)) to \(n(b))"
        } else {
          text = "\(name) \(b > a ? "rises" : "falls")\(steady) from \(n(a)) to \(n(b))"
        }
        if low != first, low != last, min(a, b) - s.y[low] > min(0.05 * span, 0.1 * abs(min(a, b))) {
          text += ", lowest \(n(s.y[low])) at \(n(s.x[low]))"
        }
        if high != first, high != last, s.y[high] - max(a, b) > min(0.05 * span, 0.1 * abs(max(a, b))) {
          text += ", highest \(n(s.y[high])) at \(n(s.x[high]))"
        }
      }
    }
    if usable.count < count, let broken = (0..<count).first(where: { !(s.x[$0].isFinite && s.y[$0].isFinite) }) {
      let after = (broken..<count).allSatisfy { !s.y[$0].isFinite }
      let kind = s.y[broken].isNaN ? "not a number" : s.y[broken].isInfinite ? "infinite" : "undefined"
      text += after ? ", then \(kind) from \(n(s.x[broken])) on" : ", with \(count - usable.count) values missing"
    }
    return text + "."
  }

  /// Where pairs of curves over equal x change places.
  private static func crossings(_ chart: LineChart) -> String {
    var found: [String] = []
    guard chart.series.count <= 8 else { return "" }
    for a in chart.series.indices {
      for b in chart.series.indices where b > a {
        let (s, t) = (chart.series[a], chart.series[b])
        guard s.x == t.x, s.y.count == t.y.count, !s.name.isEmpty, !t.name.isEmpty else { continue }
        var times: [Double] = []
        var sign = 0.0
        for i in 0..<min(s.x.count, s.y.count) where s.y[i].isFinite && t.y[i].isFinite {
          let difference = s.y[i] - t.y[i]
          if difference * sign < 0 { times.append(s.x[i]) }
          if difference != 0 { sign = difference < 0 ? -1 : 1 }
        }
        if times.count == 1 { found.append("\(s.name.onOneLine) and \(t.name.onOneLine) cross near \(n(times[0]))") }
        if times.count > 1 {
          found.append(
            "\(s.name.onOneLine) and \(t.name.onOneLine) cross \(times.count) times, last near \(n(times[times.count - 1]))"
          )
        }
      }
    }
    return found.prefix(4).map { " \($0)." }.joined()
  }

  private static func finalOrder(_ chart: LineChart) -> String {
    let ends = chart.series.compactMap { s -> (String, Double)? in
      guard !s.name.isEmpty, let last = s.y.prefix(s.x.count).last, last.isFinite else { return nil }
      return (s.name.onOneLine, last)
    }
    guard ends.count > 1, let top = ends.max(by: { $0.1 < $1.1 }), let bottom = ends.min(by: { $0.1 < $1.1 }),
      top.1 > bottom.1
    else { return "" }
    return " At the end \(top.0) is highest (\(n(top.1))), \(bottom.0) lowest (\(n(bottom.1)))."
  }

  private static func describe(_ chart: BarChart) -> String {
    var text =
      "Bar chart of \(chart.y.label.isEmpty ? "values" : chart.y.label.onOneLine) for \(chart.categories.count) categories."
    for s in chart.series.prefix(8) {
      let pairs = zip(chart.categories, s.values).map { (name: $0.0.onOneLine, value: $0.1) }
      let name = s.name.isEmpty ? "" : "\(s.name.onOneLine): "
      if pairs.count <= 8 {
        text += " \(name)\(pairs.map { "\($0.name) \(n($0.value))" }.joined(separator: ", "))."
      } else {
        let finite = pairs.filter { $0.value.isFinite }
        if let top = finite.max(by: { $0.value < $1.value }), let bottom = finite.min(by: { $0.value < $1.value }) {
          text += " \(name)highest \(top.name) (\(n(top.value))), lowest \(bottom.name) (\(n(bottom.value)))."
        }
      }
    }
    return text
  }

  private static func describe(_ grid: HistogramGrid) -> String {
    let most = grid.rows.map(\.panels.count).max() ?? 0
    var text =
      "Grid of histograms\(grid.xLabel.isEmpty ? "" : " of \(grid.xLabel.onOneLine)"), \(grid.rows.count) rows of \(most)."
    for row in grid.rows.prefix(12) {
      let name = row.name.isEmpty ? "Row" : row.name.onOneLine
      func what(_ i: Int) -> String {
        let panel = row.panels[i]
        let words = [panel.title, panel.note].map(\.onOneLine).filter { !$0.isEmpty }.joined(separator: ", ")
        return "\(words.isEmpty ? "" : words + ", ")\(shape(panel.heights))"
      }
      guard let last = row.panels.indices.last else { continue }
      let (a, b) = (
        grid.columns.first?.onOneLine ?? "first",
        grid.columns.indices.contains(last) ? grid.columns[last].onOneLine : "last"
      )
      text += last == 0 ? " \(name): \(what(0))." : " \(name): \(a) \(what(0)); \(b) \(what(last))."
    }
    return text
  }

  /// `in the middle`, `at both ends`: where most of a histogram is.
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

  private static func describe(_ map: HeatMap) -> String {
    let r = map.values.count, c = map.columnCount
    var text =
      "Heat map of \(r) rows and \(c) columns\(map.yLabel.isEmpty && map.xLabel.isEmpty ? "" : " (\(map.yLabel.onOneLine) by \(map.xLabel.onOneLine))")."
    var top: (Int, Int, Double)?, bottom: (Int, Int, Double)?
    for (i, row) in map.values.enumerated() {
      for (j, v) in row.enumerated() where v.isFinite {
        if v > top?.2 ?? -.infinity { top = (i, j, v) }
        if v < bottom?.2 ?? .infinity { bottom = (i, j, v) }
      }
    }
    guard let top, let bottom else { return text + " It has no finite values." }
    func name(_ i: Int, _ j: Int) -> String {
      "\(map.rows.indices.contains(i) ? map.rows[i].onOneLine : "row \(i + 1)"), \(map.columns.indices.contains(j) ? map.columns[j].onOneLine : "column \(j + 1)")"
    }
    text += " Highest \(n(top.2)) at \(name(top.0, top.1)); lowest \(n(bottom.2)) at \(name(bottom.0, bottom.1))."
    if r == c, r > 1, r <= 100 {
      let all = map.values.joined().filter { $0.isFinite }
      let diagonal = (0..<r).compactMap { map.values[$0].indices.contains($0) ? map.values[$0][$0] : nil }.filter {
        $0.isFinite
      }
      let sum = all.reduce(0, +)
      if bottom.2 >= 0, sum > 0 {
        text += " The diagonal holds \(n(100 * diagonal.reduce(0, +) / sum)) % of the total."
      }
    }
    return text
  }

  private static func describe(_ plot: ContourPlot) -> String {
    let all = plot.heights.joined().filter { $0.isFinite }
    var text = "Contour plot over \(plot.x.label.onOneLine) and \(plot.y.label.onOneLine)"
    if let low = all.min(), let high = all.max() { text += ", heights from \(n(low)) to \(n(high))" }
    text += "."
    for p in plot.paths.prefix(10) {
      let usable = (0..<min(p.x.count, p.y.count)).filter { p.x[$0].isFinite && p.y[$0].isFinite }
      guard let a = usable.first, let b = usable.last else { continue }
      text +=
        " The path \(p.name.onOneLine) takes \(usable.count) points from (\(n(p.x[a])), \(n(p.y[a]))) to (\(n(p.x[b])), \(n(p.y[b])))"
      text += usable.count < min(p.x.count, p.y.count) ? ", then leaves for infinity." : "."
    }
    return text
  }

  private static func describe(_ grid: ImageGrid) -> String {
    var text = "\(grid.pictures.count) pictures\(grid.isSigned ? " of weights, blue below zero and red above" : "")"
    if let first = grid.pictures.first { text += ", \(first.width) by \(first.height) pixels" }
    let captions = grid.pictures.map(\.caption.onOneLine).filter { !$0.isEmpty }
    if !captions.isEmpty {
      text += ": " + captions.prefix(20).joined(separator: ", ") + (captions.count > 20 ? ", …" : "")
    }
    let labels = grid.rowLabels.map(\.onOneLine).filter { !$0.isEmpty }
    if !labels.isEmpty { text += "; rows: " + labels.joined(separator: ", ") }
    return text + "."
  }

  private static func describe(_ diagram: Diagram) -> String {
    var text =
      "Diagram: "
      + diagram.nodes.map { [$0.text.onOneLine, $0.detail.onOneLine].filter { !$0.isEmpty }.joined(separator: " ") }
      .joined(separator: ", ") + "."
    let arrows = diagram.edges.compactMap { e -> String? in
      guard diagram.nodes.indices.contains(e.from), diagram.nodes.indices.contains(e.to) else { return nil }
      return
        "\(diagram.nodes[e.from].text.onOneLine) to \(diagram.nodes[e.to].text.onOneLine)\(e.label.isEmpty ? "" : " (\(e.label.onOneLine))")"
    }
    if !arrows.isEmpty { text += " Arrows: " + arrows.prefix(40).joined(separator: "; ") + "." }
    return text
  }

  private static func describe(_ cubes: [NormalizationCube]) -> String {
    let parts = cubes.map { cube -> String in
      let (ns, cs, ps) = (max(cube.extents.n, 1), max(cube.extents.c, 1), max(cube.extents.positions, 1))
      let overN = (0..<ns).count { cube.isShared($0, 0, 0) }
      let overC = (0..<cs).count { cube.isShared(0, $0, 0) }
      let overP = (0..<ps).count { cube.isShared(0, 0, $0) }
      return
        "\(cube.name.onOneLine) shares statistics over \(overN) of \(ns) samples, \(overC) of \(cs) channels and \(overP) of \(ps) positions"
    }
    return "Cubes of samples, channels and positions; coloured elements share one mean and variance. "
      + parts.joined(separator: "; ") + "."
  }
}
