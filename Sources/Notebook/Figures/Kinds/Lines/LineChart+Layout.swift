// The layout of a line chart, in which direct labels do not overlap.

/// The positions of the parts of a line chart, in pixels.
struct LineChartLayout {
  var left = 0.0, top = 0.0, right = 0.0, bottom = 0.0, height = 0.0
  var x: AxisScale
  var y: AxisScale
  /// The label of the y axis, above it.
  var yTitle: [String] = []
  /// The names in rows above the plot, or in a column beside it, if direct labels do not fit.
  var key: [(series: Int, x: Double, y: Double)] = []
  /// Direct labels.
  var labels: [Label] = []

  struct Label {
    var series: Int
    var text: String
    var x: Double, y: Double
    var justify: GnuplotScript.Justify
    /// The end of the line, if the label had to be moved away from it.
    var anchor: (x: Double, y: Double)?
  }

  /// Narrows the plot if it would become too tall.
  ///
  /// - Returns: the height at which both axes have the same scale.
  mutating func makeScalesEqual(_ style: PlotStyle) -> Double {
    let ratio = (y.high - y.low) / (x.high - x.low)
    let tallest = style.width * style.share(page: 0.62, phone: 1, deck: 0.42)
    right = min(right, left + tallest / ratio)
    return (right - left) * ratio
  }

  /// The pixel of a point.
  func pixel(_ px: Double, _ py: Double) -> (x: Double, y: Double) {
    (left + x.fraction(px) * (right - left), bottom - y.fraction(py) * (bottom - top))
  }
}

extension LineChart {
  /// The colour index of a series.
  func colorIndex(_ i: Int) -> Int { series[i].color ?? i }

  /// All x coordinates that are drawn.
  var allX: [Double] {
    series.flatMap { $0.x.prefix($0.y.count) } + references.filter { $0.direction == .vertical }.map(\.at)
  }

  /// All y coordinates that are drawn, including the bands.
  var allY: [Double] {
    var all = references.filter { $0.direction == .horizontal }.map(\.at)
    for s in series {
      for i in 0..<min(s.x.count, s.y.count) where s.x[i].isFinite {
        all.append(s.y[i])
        if s.drawsDeviation, i < s.deviation.count, s.deviation[i].isFinite {
          all.append(s.y[i] + s.deviation[i])
          all.append(s.y[i] - s.deviation[i])
        }
      }
    }
    return all
  }

  package static func sharingScales(_ charts: [LineChart]) -> [LineChart] {
    let (first, ys) = (charts[0], charts.flatMap(\.allY))
    let x = first.x.range ?? AxisScale(first.x, over: charts.flatMap(\.allX), count: 5, padding: 0.02).range
    let y = first.y.range ?? AxisScale(first.y, over: ys, count: 5, padding: 0.06, nearZero: true).range
    return charts.map { chart in
      var chart = chart
      chart.x.range = chart.x.range ?? x
      chart.y.range = chart.y.range ?? y
      return chart
    }
  }

  /// The name of a series, with its last value if that is infinite or NaN.
  func displayName(_ i: Int) -> String {
    let s = series[i]
    let name = s.name.onOneLine
    let count = min(s.x.count, s.y.count)
    guard count > 0, let last = s.y.prefix(count).last, !last.isFinite || abs(last) >= AxisScale.limit else {
      return name
    }
    let end = last.isNaN ? "NaN" : last > 0 ? "∞" : "−∞"
    return name.isEmpty ? "→ \(end)" : "\(name) → \(end)"
  }

  /// The drawable pieces of every series.
  func pieces(_ x: AxisScale, _ y: AxisScale, columns: Int) -> [[[Int]]] {
    series.map { Decimation.pieces($0, x: x, y: y, columns: columns) }
  }

  /// Computes all positions.
  ///
  /// - Parameter prefersKey: Whether the names go above the plot in any case.
  func layout(_ style: PlotStyle, prefersKey: Bool = false) -> LineChartLayout {
    let font = style.font
    let xScale = AxisScale(
      x, over: allX, count: style.isNarrow ? 4 : 7, padding: series.allSatisfy { $0.style == .points } ? 0.04 : 0.02)
    let yScale = AxisScale(y, over: allY, count: 5, padding: 0.06, nearZero: true)
    var layout = LineChartLayout(x: xScale, y: yScale)

    let widestTick = yScale.ticks.map { TextExtent.width($0.label, font) }.max() ?? 0
    layout.left = (max(widestTick, 12) + font * 1.1).rounded(.up)
    let name = y.label.onOneLine
    layout.yTitle = name.isEmpty ? [] : TextExtent.wrap(name, font, limit: style.width - 8, lines: 2)

    // Names go at the ends of the lines if they fit in a third of the width, otherwise in rows above the plot.
    let names = series.indices.map { displayName($0) }
    func width(_ i: Int) -> Double { TextExtent.width(names[i], font, bold: series[i].isEmphasized) }
    let shown = names.indices.filter { !names[$0].isEmpty }
    let widest = shown.map(width).max() ?? 0
    let isCloud = shown.count > 1 && series.allSatisfy { $0.style == .points }
    let plotHeight = (style.width * style.share(page: 0.37, phone: 0.62, deck: 0.31)).rounded()
    let fits =
      widest <= style.width * 0.34 && Double(shown.count) * font * 1.25 <= plotHeight && !isCloud && !prefersKey
    let lastTick = xScale.ticks.last.map { TextExtent.width($0.label, font) / 2 } ?? 0
    let reachesMargin = shown.contains { i in
      let s = series[i]
      guard
        let end = (0..<min(s.x.count, s.y.count)).last(where: {
          AxisScale.isDrawable(s.x[$0], log: xScale.isLogarithmic)
            && AxisScale.isDrawable(s.y[$0], log: yScale.isLogarithmic)
        })
      else { return true }
      return xScale.fraction(s.x[end]) > 0.88
    }
    layout.right = style.width - max(fits && reachesMargin && widest > 0 ? widest + font * 1.1 : 0, lastTick + 4)
    layout.x = xScale.withoutTouchingLabels(width: layout.right - layout.left, size: font)
    let sample = font * 2.2
    /// Places the plot below the given number of rows.
    func place(below rows: Int) {
      layout.top = (Double(rows) * font * 1.4 + font * 0.8).rounded()
      layout.bottom = layout.top + (hasEqualScales ? layout.makeScalesEqual(style) : plotHeight)
    }
    if !fits, hasEqualScales, style.screen == .deck {
      // A slide is wider than such a plot: the names go beside it, which makes the plot higher.
      place(below: layout.yTitle.count)
      let beside = layout.right + font * 1.2
      if beside + sample + widest <= style.width {
        layout.key = shown.enumerated().map { ($1, beside, layout.top + font * (0.6 + 1.5 * Double($0))) }
      }
    }
    if layout.key.isEmpty {
      var at = 0.0, row = 0
      for i in fits ? [] : shown {
        let needed = sample + min(width(i), style.width - sample) + font * 1.2
        if at > 0, at + needed - font * 1.2 > style.width { (at, row) = (0, row + 1) }
        layout.key.append((i, at, font * (0.75 + 1.4 * Double(layout.yTitle.count + row))))
        at += needed
      }
      place(below: layout.yTitle.count + (layout.key.isEmpty ? 0 : row + 1))
    }
    layout.height = layout.bottom + font * (x.label.isEmpty ? 2.1 : 3.5)
    return layout
  }

  /// Places each name beside the end of its line: in the right margin without overlaps, or inside the plot if the line
  /// ends early.
  func placeLabels(_ layout: inout LineChartLayout, names: [String], style: PlotStyle) {
    let font = style.font
    let drawn = pieces(layout.x, layout.y, columns: 200)
    var margin: [(series: Int, x: Double, y: Double)] = []
    var inside: [(series: Int, x: Double, y: Double)] = []
    for i in series.indices where !names[i].isEmpty {
      guard let last = drawn[i].last?.last else {
        margin.append((i, layout.right, layout.bottom - font))
        continue
      }
      var end = layout.pixel(series[i].x[last], series[i].y[last])
      end.y = min(max(end.y, layout.top), layout.bottom)
      if end.x > layout.right - (layout.right - layout.left) * 0.12 || drawn[i].isEmpty {
        margin.append((i, min(end.x, layout.right), end.y))
      } else {
        inside.append((i, max(end.x, layout.left), end.y))
      }
    }
    // Sort the labels by height. Overlapping neighbours form a block, centred on the mean of their preferred positions.
    margin.sort { ($0.y, $0.series) < ($1.y, $1.series) }
    let gap = font * 1.22
    var blocks: [(members: [Int], center: Double)] = []
    for i in margin.indices {
      blocks.append(([i], margin[i].y))
      while true {
        for b in blocks.indices {
          let half = Double(blocks[b].members.count) * gap / 2
          let wish = blocks[b].members.map { margin[$0].y }.reduce(0, +) / Double(blocks[b].members.count)
          blocks[b].center = max(min(wish, layout.bottom - half + gap / 2), layout.top + half - gap / 2)
        }
        guard blocks.count > 1 else { break }
        let (a, b) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
        guard b.center - a.center < gap * Double(a.members.count + b.members.count) / 2 - 0.01 else { break }
        blocks.removeLast(2)
        blocks.append((a.members + b.members, 0))
      }
    }
    var taken: [(x1: Double, y1: Double, x2: Double, y2: Double)] = []
    for block in blocks {
      let first = block.center - Double(block.members.count - 1) * gap / 2
      for (k, m) in block.members.enumerated() {
        let y = first + Double(k) * gap
        let moved = abs(y - margin[m].y) > font * 0.55
        let x = layout.right + font * 0.75
        let width = TextExtent.width(names[margin[m].series], font, bold: series[margin[m].series].isEmphasized)
        taken.append((x, y - gap / 2, x + width, y + gap / 2))
        layout.labels.append(
          .init(
            series: margin[m].series, text: names[margin[m].series], x: x, y: y, justify: .left,
            anchor: moved || margin[m].x < layout.right - font * 1.5 ? (margin[m].x, margin[m].y) : nil))
      }
    }
    // Inside the plot: the candidate position that covers the fewest points of curves and no other label.
    var dots: [(x: Double, y: Double)] = []
    for (i, pieces) in drawn.enumerated() {
      for piece in pieces {
        var previous: (x: Double, y: Double)?
        for j in piece {
          let p = layout.pixel(series[i].x[j], series[i].y[j])
          if let q = previous {
            let steps = min(max(Int(max(abs(p.x - q.x), abs(p.y - q.y)) / 5), 1), 60)
            for k in 1...steps {
              let t = Double(k) / Double(steps)
              dots.append((q.x + (p.x - q.x) * t, q.y + (p.y - q.y) * t))
            }
          } else {
            dots.append(p)
          }
          previous = p
        }
      }
    }
    // Names avoid reference lines too.
    for reference in references {
      let isLevel = reference.direction == .horizontal
      guard AxisScale.isDrawable(reference.at, log: isLevel ? layout.y.isLogarithmic : layout.x.isLogarithmic) else {
        continue
      }
      let p = isLevel ? layout.pixel(layout.x.low, reference.at) : layout.pixel(reference.at, layout.y.low)
      for k in 0...200 {
        let t = Double(k) / 200
        dots.append(
          isLevel
            ? (layout.left + t * (layout.right - layout.left), p.y)
            : (p.x, layout.top + t * (layout.bottom - layout.top)))
      }
    }
    for end in inside {
      let width = TextExtent.width(names[end.series], font, bold: series[end.series].isEmphasized)
      let away = font * 0.7
      var best = Double.infinity
      var chosen = (x: 0.0, y: 0.0)
      for (rank, (dx, dy)) in [
        (away, 0), (away * 0.6, -gap * 0.8), (away * 0.6, gap * 0.8), (-width / 2, -gap), (-width / 2, gap),
        (-width - away, 0), (-width - away, -gap * 0.8), (-width - away, gap * 0.8), (away, -gap * 2), (away, gap * 2),
      ].enumerated() {
        let box = (x1: end.x + dx, y1: end.y + dy - gap / 2, x2: end.x + dx + width, y2: end.y + dy + gap / 2)
        var cost = Double(rank) * 0.4
        if box.x1 < layout.left + 2 || box.x2 > style.width - 2 || box.y1 < layout.top - gap / 2
          || box.y2 > layout.bottom
        {
          cost += 400
        }
        cost += Double(dots.count { $0.x > box.x1 && $0.x < box.x2 && $0.y > box.y1 && $0.y < box.y2 })
        cost += 60 * Double(taken.count { $0.x1 < box.x2 && $0.x2 > box.x1 && $0.y1 < box.y2 && $0.y2 > box.y1 })
        if cost < best { (best, chosen) = (cost, (box.x1, end.y + dy)) }
      }
      taken.append((chosen.x, chosen.y - gap / 2, chosen.x + width, chosen.y + gap / 2))
      layout.labels.append(
        .init(series: end.series, text: names[end.series], x: chosen.x, y: chosen.y, justify: .left, anchor: nil))
    }
  }
}
