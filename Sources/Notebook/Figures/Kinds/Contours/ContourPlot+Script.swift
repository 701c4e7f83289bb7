// A surface as contour lines with paths across it, as a gnuplot script; gnuplot computes the lines.

extension ContourPlot {
  /// The levels to draw: the given levels, or about ten, spaced by ratio if the heights span orders of magnitude.
  var drawnLevels: [Double] {
    guard levels.isEmpty else { return levels.filter { AxisScale.isDrawable($0) }.sorted() }
    let all = heights.joined().filter { AxisScale.isDrawable($0) }
    guard let low = all.min(), let high = all.max(), high > low else { return [] }
    if low > 0, high / low > 30 {
      return (1...10).map { low * power(high / low, Double($0) / 11) }.map {
        Double(Numbers.script($0, digits: 2)) ?? $0
      }
    }
    // Squared spacing: more lines are near the minimum, where paths end.
    return (1...10).map { low + (high - low) * power(Double($0) / 11, 2) }.map {
      Double(Numbers.script($0, digits: 2)) ?? $0
    }
  }

  /// A chart of the paths only, on the axes of this plot.
  var pathChart: LineChart { LineChart(x: x, y: y, paths, hasEqualScales: hasEqualScales) }

  /// The value on an axis at a grid index. On a logarithmic axis, grids are regular in the logarithm.
  private func place(_ scale: AxisScale, _ index: Int, _ count: Int) -> Double {
    scale.value(at: count > 1 ? Double(index) / Double(count - 1) : 0.5)
  }

  /// The grid in gnuplot's format: an isoline for each row.
  func gridRows(_ xScale: AxisScale, _ yScale: AxisScale) -> [String] {
    let width = heights.map(\.count).min() ?? 0
    var rows: [String] = []
    let (dx, dy) = (max(1, width / 100), max(1, heights.count / 100))
    for j in stride(from: 0, to: heights.count, by: dy) {
      if !rows.isEmpty { rows.append("") }
      for i in stride(from: 0, to: width, by: dx) {
        let h = heights[j][i]
        let x = Numbers.script(place(xScale, i, width)), y = Numbers.script(place(yScale, j, heights.count))
        rows.append("\(x) \(y) \(AxisScale.isDrawable(h) ? Numbers.script(h, digits: 5) : "NaN")")
      }
    }
    return rows
  }

  /// Adds the commands with which gnuplot computes the lines and stores them in `$lines`.
  func addContours(_ script: inout GnuplotScript, _ xScale: AxisScale, _ yScale: AxisScale) -> Bool {
    let levels = drawnLevels
    guard heights.count > 1, (heights.map(\.count).min() ?? 0) > 1, !levels.isEmpty else { return false }
    script.data("surface", gridRows(xScale, yScale))
    // Coarse grids give lines with corners, which a spline smooths: the coarser, the more points it needs.
    let side = min(heights.count, heights.map(\.count).min() ?? 0)
    let spline = side < 80 ? "; set cntrparam bspline order 4 points \(side < 40 ? 4 : 2)" : ""
    script.add("set contour base; unset surface" + spline)
    script.add("set cntrparam levels discrete " + levels.map { Numbers.script($0) }.joined(separator: ","))
    script.add("set table $lines; splot $surface using 1:2:3 notitle; unset table; unset contour; set surface")
    return true
  }

  /// The script of this plot.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    let chart = pathChart
    var layout = chart.layout(style, prefersKey: true)
    let font = style.font
    if !hasEqualScales {
      // A plane looks best almost square.
      let height = (layout.right - layout.left) * style.share(page: 0.62, phone: 0.9, deck: 0.42)
      layout.height += height - (layout.bottom - layout.top)
      layout.bottom = layout.top + height
    }
    var script = GnuplotScript(style: style, height: layout.height)
    let hasLines = addContours(&script, layout.x, layout.y)
    script.axes()
    script.area(left: layout.left, top: layout.top, right: layout.right, bottom: layout.bottom)
    script.scale("x", layout.x, grid: false)
    script.scale("y", layout.y, grid: false)
    for (row, line) in layout.yTitle.enumerated() { script.label(line, 2, font * (0.75 + 1.4 * Double(row))) }
    script.label(x.label.onOneLine, (layout.left + layout.right) / 2, layout.height - font * 0.8, .center)
    chart.addNames(&script, &layout)
    let levels = drawnLevels
    if hasLines {
      // One of the style sheet's tones for each level.
      let tones = Palette.contourTones
      let count = max(levels.count, 2)
      let stops = (0..<count).map { "\($0 + 1) '\(tones[$0 * (tones.count - 1) / (count - 1)].light)'" }
      script.add("set palette defined (\(stops.joined(separator: ", "))); unset colorbox")
      // Colours follow the rank, not the value, so that unevenly spaced levels get evenly spaced colours.
      script.add(
        "rank(z) = "
          + levels.enumerated().map {
            "(z > \(Numbers.script($0.element * (1 - 1e-6) - ($0.element == 0 ? 1e-9 : 0))))"
          }.joined(separator: " + "))
      script.add("set cbrange [1:\(max(levels.count, 2))]")
      for label in levelLabels(layout, style) {
        script.label(label.text, label.x, label.y, .center, color: style.muted, size: levelSize(style))
      }
      var lines = ["$lines using 1:2:(rank($3)) with lines lc palette lw \(Numbers.script(style.line * 0.5)) notitle"]
      if let emphasis {
        let isIt = "abs($3 - \(Numbers.script(emphasis))) < \(Numbers.script(max(abs(emphasis) * 1e-6, 1e-9)))"
        lines.append(
          "$lines using 1:(\(isIt) ? $2 : NaN) with lines lc rgb '\(style.ink)' lw \(Numbers.script(style.line)) notitle"
        )
      }
      chart.addCurves(
        &script, layout.x, layout.y, columns: Int(layout.right - layout.left), terminal: false, before: lines)
    } else {
      chart.addCurves(&script, layout.x, layout.y, columns: Int(layout.right - layout.left), terminal: false)
    }
    if !paths.isEmpty { script.hover = chart.hover(layout, style) }
    return script
  }

  /// The font size of the level numbers. It is slightly larger than other small text on a slide, because such figures
  /// are drawn smaller there.
  private func levelSize(_ style: PlotStyle) -> Double {
    style.screen == .deck ? (style.font * 0.93).rounded(.up) : style.smallFont
  }

  /// The positions of the level numbers: along a ray from the minimum to the farthest corner, or to another corner if
  /// that ray passes over markers.
  private func levelLabels(_ layout: LineChartLayout, _ style: PlotStyle) -> [(text: String, x: Double, y: Double)] {
    let width = heights.map(\.count).min() ?? 0
    guard width > 1, heights.count > 1 else { return [] }
    var best = (i: 0, j: 0, h: Double.infinity)
    for j in heights.indices {
      for i in 0..<width where heights[j][i] < best.h { best = (i, j, heights[j][i]) }
    }
    let (u0, v0) = (Double(best.i) / Double(width - 1), Double(best.j) / Double(heights.count - 1))
    let targets: [(Double, Double)] = [(1, 1), (0, 1), (1, 0), (0, 0)]
    // Prefer the corner farthest from the starts of the paths.
    let starts = paths.compactMap { p in
      p.x.isEmpty || p.y.isEmpty ? nil : (layout.x.fraction(p.x[0]), layout.y.fraction(p.y[0]))
    }
    func score(_ t: (Double, Double)) -> Double {
      let reach = abs(t.0 - u0) + abs(t.1 - v0)
      let clear = starts.map { abs($0.0 - t.0) + abs($0.1 - t.1) }.min() ?? 1
      return min(reach, 1) + min(clear, 1)
    }
    let ranked = targets.sorted { score($0) > score($1) }
    let markers = paths.filter { $0.style == .points }.flatMap { path in
      zip(path.x, path.y).map { x, y in
        (
          x: layout.left + layout.x.fraction(x) * (layout.right - layout.left),
          y: layout.bottom - layout.y.fraction(y) * (layout.bottom - layout.top)
        )
      }
    }.filter { $0.x.isFinite && $0.y.isFinite }
    func height(_ t: Double, towards target: (Double, Double)) -> Double {
      let a = (u0 + (target.0 - u0) * t) * Double(width - 1), b = (v0 + (target.1 - v0) * t) * Double(heights.count - 1)
      let (i, j) = (min(Int(a), width - 2), min(Int(b), heights.count - 2))
      let (p, q) = (a - Double(i), b - Double(j))
      return heights[j][i] * (1 - p) * (1 - q) + heights[j][i + 1] * p * (1 - q) + heights[j + 1][i] * (1 - p) * q
        + heights[j + 1][i + 1] * p * q
    }
    var labels: [(text: String, x: Double, y: Double)] = []
    /// The first position at which the ray towards a corner rises above a level, if its number fits there without
    /// touching a marker or another number.
    func place(_ level: Double, towards target: (Double, Double)) -> (text: String, x: Double, y: Double)? {
      var previous = height(0, towards: target)
      for step in 1...400 {
        let t = Double(step) / 400, now = height(t, towards: target)
        defer { previous = now }
        guard previous < level, now >= level else { continue }
        let x = layout.left + (u0 + (target.0 - u0) * t) * (layout.right - layout.left)
        let y = layout.bottom - (v0 + (target.1 - v0) * t) * (layout.bottom - layout.top)
        let text = Numbers.text(level, digits: 2)
        let half = TextExtent.width(text, levelSize(style)) / 2
        let isClear =
          labels.allSatisfy {
            abs($0.y - y) > style.font * 1.2 || abs($0.x - x) > TextExtent.width(text, style.font) * 1.3
          } && markers.allSatisfy { abs($0.y - y) > style.font || abs($0.x - x) > half + style.font * 0.6 }
        let isInside =
          x > layout.left + half && x < layout.right - half && y > layout.top + style.font
          && y < layout.bottom - style.font
        return isClear && isInside ? (text, x, y) : nil
      }
      return nil
    }
    for level in drawnLevels {
      if let label = ranked.lazy.compactMap({ place(level, towards: $0) }).first { labels.append(label) }
    }
    return labels
  }
}
