// A bar chart as a gnuplot script: vertical if the category names fit below the bars, horizontal otherwise.

import Basics

extension BarChart {
  /// The colour index of a series.
  func colorIndex(_ i: Int) -> Int { series[i].color ?? i }

  /// The end of every bar, with and without its deviation.
  var allY: [Double] {
    var all: [Double] = y.isLogarithmic ? [] : [0]
    for s in series {
      for (i, v) in s.values.prefix(categories.count).enumerated() {
        all.append(v)
        if i < s.deviation.count { all += [v + s.deviation[i], v - s.deviation[i]] }
      }
    }
    return all
  }

  /// The scale of the values. It includes zero, because the length of a bar is its value.
  func valueScale(_ count: Int) -> AxisScale {
    var scale = AxisScale(y, over: allY, count: count, padding: 0.07)
    guard y.range == nil, !y.isLogarithmic else { return scale }
    let values = allY.filter { AxisScale.isDrawable($0, log: false) }
    let low = values.min() ?? 0, high = values.max() ?? 1
    let room = max(high - low, 1e-12) * 0.1
    if low < high {
      scale = AxisScale(
        Axis("", range: (low < 0 ? low - room : 0)...(high > 0 ? high + room : 0), ticks: y.ticks), over: [],
        count: count)
    }
    return scale
  }

  package static func sharingScales(_ charts: [BarChart]) -> [BarChart] {
    // The scale of a chart with every bar fits all charts.
    var all = charts[0]
    all.series = [Bars("", charts.flatMap(\.allY))]
    all.categories = Array(repeating: "", count: all.series[0].values.count)
    let y = all.valueScale(5).range
    return charts.map { chart in
      var chart = chart
      chart.y.range = chart.y.range ?? y
      return chart
    }
  }

  /// The text of a value at the end of its bar, with the same decimals as the other values.
  func valueText(_ value: Double) -> String {
    let sizes = series.flatMap(\.values).filter { $0.isFinite && $0 != 0 }.map { abs($0) }
    guard let most = sizes.max(), let least = sizes.min(), most < 1e5, least >= 1e-3 else { return Numbers.text(value) }
    if sizes.allSatisfy({ $0 == $0.rounded() }) { return fixed(value, 0) }
    let short = sizes.map { Numbers.script($0, digits: 3) }
    let decimals = short.map { $0.contains(".") ? $0.split(separator: ".").last?.count ?? 0 : 0 }.max() ?? 0
    return fixed(value, min(decimals, most >= 100 ? 1 : most >= 10 ? 2 : 3))
  }

  /// The chart with some of its categories only.
  private func picked(_ places: [Int]) -> BarChart {
    func picked<T>(_ all: [T]) -> [T] { places.filter(all.indices.contains).map { all[$0] } }
    var chart = BarChart(categories: picked(categories), y: y, series)
    for i in series.indices {
      (chart.series[i].values, chart.series[i].deviation) = (picked(series[i].values), picked(series[i].deviation))
    }
    return chart
  }

  /// The script of this chart.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    if style.screen == .deck, !onSlide.isEmpty {
      var script = picked(onSlide).script(style)
      // The rows of the data file contain all categories.
      if case .object(var hover)? = script.hover {
        (hover["places"], hover["of"]) = (.array(onSlide.map { .whole($0) }), .whole(categories.count))
        script.hover = .object(hover)
      }
      return script
    }
    let font = style.font
    let n = max(categories.count, 1), m = max(series.count, 1)
    let names = categories.map(\.onOneLine)
    let slot = (style.width - font * 4) / Double(n)
    let wrapped = names.map { TextExtent.wrap($0, font, limit: slot * 0.94, lines: 2) }
    let isUpright = wrapped.allSatisfy { $0.allSatisfy { TextExtent.width($0, font) <= slot * 0.94 } }
    let keyed = series.indices.filter { series.count > 1 && !series[$0].name.isEmpty }
    let title = y.label.isEmpty ? [] : TextExtent.wrap(y.label.onOneLine, font, limit: style.width - 8, lines: 2)

    var key: [(series: Int, x: Double, row: Int)] = []
    var at = 0.0, row = 0
    for i in keyed {
      let needed = font * 1.3 + TextExtent.width(series[i].name.onOneLine, font) + font * 1.3
      if at > 0, at + needed > style.width { (at, row) = (0, row + 1) }
      key.append((i, at, row))
      at += needed
    }
    let keyRows = key.isEmpty ? 0 : row + 1
    let titleRows = isUpright ? title.count : 0
    let top = font * (0.9 + 1.4 * Double(titleRows + keyRows))
    let scale = valueScale(isUpright ? 5 : style.isNarrow ? 4 : 6)
    let band = 0.78 / Double(m)

    var script: GnuplotScript
    var frame = (left: 0.0, top: top, right: style.width - 4, bottom: 0.0)
    if isUpright {
      let widestTick = scale.ticks.map { TextExtent.width($0.label, font) }.max() ?? 0
      let left = max(widestTick, 12) + font * 1.1
      let bottom = top + (style.width * style.share(page: 0.34, phone: 0.6, deck: 0.3)).rounded()
      (frame.left, frame.bottom) = (left, bottom)
      let lines = wrapped.map(\.count).max() ?? 1
      script = GnuplotScript(style: style, height: bottom + font * (0.9 + 1.3 * Double(lines)))
      script.axes()
      if scale.low < 0, scale.high > 0, !scale.isLogarithmic {
        script.add("set border 2 lc rgb '\(style.axis)' lw \(Numbers.script(style.line * 0.5))")
        let zero = bottom - scale.fraction(0) * (bottom - top)
        script.line(left, zero, style.width - 4, zero, color: style.axis, width: style.line * 0.5, front: true)
      }
      script.area(left: left, top: top, right: style.width - 4, bottom: bottom)
      script.add("set xrange [-0.5:\(Numbers.script(Double(n) - 0.5))]; unset xtics")
      script.scale("y", scale, grid: true)
      for (k, line) in title.enumerated() { script.label(line, 2, font * (0.75 + 1.4 * Double(k))) }
      for (i, lines) in wrapped.enumerated() {
        let x = left + (Double(i) + 0.5) / Double(n) * (style.width - 4 - left)
        for (k, line) in lines.enumerated() { script.label(line, x, bottom + font * (1.1 + 1.25 * Double(k)), .center) }
      }
      addBars(&script, scale, band: band, isUpright: true) { i, value in
        let x = left + (i + 0.5) / Double(n) * (style.width - 4 - left)
        return (x, bottom - scale.fraction(value) * (bottom - top))
      } room: {
        (style.width - 4 - left) / Double(n) * band
      }
    } else {
      let limit = style.width * 0.42
      func wrappedNames(_ size: Double, lines: Int) -> [[String]] {
        names.map {
          TextExtent.wrap($0, size, limit: limit, lines: lines).map { TextExtent.clip($0, size, limit: limit) }
        }
      }
      var (rows, size) = (wrappedNames(font, lines: 2), font)
      var thickness = max(font * 1.5 * Double(m) / 0.78, font * 1.35 * Double(rows.map(\.count).max() ?? 1) + 6)
      // A slide with many bars has thin bars, with small names on one line.
      let room = (style.deckHeight - top - font * (2.0 + 1.4 * Double(title.count))) / Double(n)
      if style.screen == .deck, thickness > room {
        (rows, size) = (wrappedNames(style.smallFont, lines: 1), style.smallFont)
        thickness = max(room, size * 1.2 * Double(m))
      }
      let widest = rows.joined().map { TextExtent.width($0, size) }.max() ?? 0
      // Space for the numbers beyond the ends of the bars, on both sides if some values are negative.
      let numbers =
        (series.flatMap(\.values).filter { $0.isFinite }.map { TextExtent.width(valueText($0), style.smallFont) }.max()
          ?? 0) + 10
      let hasNegative = scale.low < 0 && !scale.isLogarithmic
      let left = widest + font * 0.8 + (hasNegative ? numbers : 0), right = style.width - numbers
      let bottom = top + thickness * Double(n)
      (frame.left, frame.right, frame.bottom) = (left, right, bottom)
      script = GnuplotScript(style: style, height: bottom + font * (2.0 + 1.4 * Double(title.count)))
      script.axes()
      if hasNegative {
        // The bars start at zero, so the axis is drawn there.
        script.add("set border 1 lc rgb '\(style.axis)' lw \(Numbers.script(style.line * 0.5))")
        let zero = left + scale.fraction(0) * (right - left)
        if scale.high >= 0 {
          script.line(zero, top, zero, bottom, color: style.axis, width: style.line * 0.5, front: true)
        }
      }
      script.area(left: left, top: top, right: right, bottom: bottom)
      script.add("set yrange [\(Numbers.script(Double(n) - 0.5)):-0.5]; unset ytics")
      script.scale("x", scale, grid: true)
      for (k, line) in title.enumerated() {
        let half = TextExtent.width(line, font) / 2
        script.label(
          line, min(max((left + right) / 2, half), style.width - half), bottom + font * (2.5 + 1.4 * Double(k)), .center
        )
      }
      for (i, lines) in rows.enumerated() {
        let y = top + (Double(i) + 0.5) * thickness - size * 0.62 * Double(lines.count - 1)
        for (k, line) in lines.enumerated() {
          script.label(
            line, widest + font * 0.3, y + size * 1.24 * Double(k), .right, size: size == font ? nil : size)
        }
      }
      addBars(&script, scale, band: band, isUpright: false) { i, value in
        (left + scale.fraction(value) * (right - left), top + (i + 0.5) * thickness)
      } room: {
        .infinity
      }
    }
    for entry in key {
      let y = font * (0.75 + 1.4 * Double(titleRows + entry.row))
      let color = colorIndex(entry.series)
      script.rectangle(entry.x + 1, y - font * 0.4, entry.x + font * 0.8 + 1, y + font * 0.4, fill: style.color(color))
      script.label(series[entry.series].name.onOneLine, entry.x + font * 1.3, y, color: style.textColor(color))
    }
    script.moveLabelsBeforePlot()
    script.hover = [
      "kind": "bars", "isUpright": .bool(isUpright), "band": .number(band),
      "names": .init(series.map(\.name.onOneLine)),
      "count": .whole(n),
      "value": isUpright ? scale.hover(frame.bottom, frame.top) : scale.hover(frame.left, frame.right),
      "slots": isUpright ? [.number(frame.left), .number(frame.right)] : [.number(frame.top), .number(frame.bottom)],
    ]
    return script
  }

  /// Adds the bars, their deviations, and the numbers at their ends if there is space.
  private func addBars(
    _ script: inout GnuplotScript, _ scale: AxisScale, band: Double, isUpright: Bool,
    pixel: (Double, Double) -> (Double, Double), room: () -> Double
  ) {
    let style = script.style
    let m = series.count
    let base = scale.isLogarithmic ? scale.low : min(max(0, scale.low), scale.high)
    var plots: [String] = []
    let size = style.smallFont
    for (k, s) in series.enumerated() {
      var bars: [String] = [], errors: [String] = []
      for (i, value) in s.values.prefix(categories.count).enumerated() {
        let middle = Double(i) + (Double(k) - Double(m - 1) / 2) * band
        guard AxisScale.isDrawable(value, log: scale.isLogarithmic) else {
          let (x, y) = pixel(middle, base)
          let text = value.isNaN ? "NaN" : value.isInfinite ? (value > 0 ? "∞" : "−∞") : "≤ 0"
          isUpright
            ? script.label(text, x, y - size, .center, color: style.muted, size: size)
            : script.label(text, x + 6, y, .left, color: style.muted, size: size)
          continue
        }
        let (low, high) = (min(base, value), max(base, value))
        let half = band * 0.46
        bars.append(
          isUpright
            ? GnuplotScript.row(middle, value, middle - half, middle + half, low, high)
            : GnuplotScript.row(value, middle, low, high, middle - half, middle + half))
        var end = value
        if i < s.deviation.count, s.deviation[i].isFinite, s.deviation[i] > 0 {
          let d = s.deviation[i]
          let bottom = scale.isLogarithmic ? max(value - d, scale.low) : value - d
          errors.append(
            isUpright
              ? GnuplotScript.row(middle, bottom, 0, value + d - bottom)
              : GnuplotScript.row(bottom, middle, value + d - bottom, 0))
          end = value < base ? value - d : value + d
        }
        let text = valueText(value)
        let (x, y) = pixel(middle, min(max(end, scale.low), scale.high))
        if isUpright, TextExtent.width(text, size) <= room() * 1.15 {
          script.label(text, x, y + (value < base ? 1 : -1) * size * 0.75, .center, color: style.ink, size: size)
        } else if !isUpright {
          script.label(
            text, x + (value < base ? -5 : 5), y, value < base ? .right : .left, color: style.ink, size: size)
        }
      }
      guard !bars.isEmpty else { continue }
      script.data("bars\(k + 1)", bars)
      plots.append(
        "$bars\(k + 1) using 1:2:3:4:5:6 with boxxyerror fc rgb '\(style.color(colorIndex(k)))' fs solid 0.92 noborder notitle"
      )
      if !errors.isEmpty {
        script.data("errors\(k + 1)", errors)
        plots.append(
          "$errors\(k + 1) using 1:2:3:4 with vectors nohead lc rgb '\(style.ink)' lw \(Numbers.script(style.line * 0.6)) notitle"
        )
      }
    }
    if plots.isEmpty { plots = ["NaN notitle"] }
    script.add("plot \\\n  " + plots.joined(separator: ", \\\n  "))
  }
}

extension GnuplotScript {
  /// Moves the plot command to the end, because labels that follow it would not be drawn.
  mutating func moveLabelsBeforePlot() {
    let plots = linesMatching { $0.hasPrefix("plot ") }
    removeLines { $0.hasPrefix("plot ") }
    for line in plots { add(line) }
  }
}
