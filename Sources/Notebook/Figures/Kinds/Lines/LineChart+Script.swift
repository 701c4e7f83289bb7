// A line chart as a gnuplot script: curves, bands, references.

extension LineChart {
  /// The script of this chart.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    var layout = layout(style)
    var script = GnuplotScript(style: style, height: layout.height)
    let font = style.font
    script.axes()
    script.area(left: layout.left, top: layout.top, right: layout.right, bottom: layout.bottom)
    script.scale("x", layout.x, grid: false)
    script.scale("y", layout.y, grid: true)
    for (row, line) in layout.yTitle.enumerated() {
      script.label(line, 2, font * (0.75 + 1.4 * Double(row)))
    }
    let name = TextExtent.clip(x.label.onOneLine, font, limit: style.width - 8)
    let half = TextExtent.width(name, font) / 2
    script.label(
      name, min(max((layout.left + layout.right) / 2, half), style.width - half), layout.height - font * 0.8, .center)
    addNames(&script, &layout)
    addReferences(&script, layout)
    addCurves(&script, layout.x, layout.y, columns: Int(layout.right - layout.left), terminal: false)
    script.hover = hover(layout, style)
    return script
  }

  /// The frame of the axes with the values at its ends, and the colours of each series' line and text.
  func hover(_ layout: LineChartLayout, _ style: PlotStyle) -> JSONValue {
    let inks = series.indices.map { index -> JSONValue in
      let color = colorIndex(index)
      return [.string(Palette.rgb(style.color(color))), .string(Palette.rgb(style.textColor(color)))]
    }
    return [
      "x": layout.x.hover(layout.left, layout.right), "y": layout.y.hover(layout.bottom, layout.top),
      "names": .init(named.map(\.name.onOneLine)), "hasRows": .bool(hasNamedRows), "inks": .array(inks),
      "isCloud": .bool(series.allSatisfy { $0.style == .points }),
    ]
  }

  /// Adds the names of the series, in rows above the plot or at the ends of the lines, for the layout's final size.
  func addNames(_ script: inout GnuplotScript, _ layout: inout LineChartLayout) {
    let style = script.style
    let font = style.font
    layout.labels = []
    if layout.key.isEmpty { placeLabels(&layout, names: series.indices.map { displayName($0) }, style: style) }
    for entry in layout.key {
      let y = entry.y
      let color = colorIndex(entry.series)
      let s = series[entry.series]
      if s.style != .points {
        script.line(
          entry.x + 1, y, entry.x + font * 1.8, y, color: style.color(color),
          width: style.line * (s.isEmphasized ? 1.5 : 1),
          dash: s.isEmphasized ? "solid" : style.dash(color), front: true)
      } else {
        script.add(
          "set label \(900 + entry.series) '' at \(script.screen(entry.x + font, y)) point pt \(style.point(color)) ps "
            + "\(Numbers.script(style.marker * (style.screen == .deck ? 0.9 : 1.2))) lc rgb '\(style.color(color))'")
      }
      let name = TextExtent.clip(
        displayName(entry.series), font, limit: style.width - entry.x - font * 2.2, bold: s.isEmphasized)
      script.label(name, entry.x + font * 2.2, y, color: style.textColor(color), bold: s.isEmphasized)
    }
    for label in layout.labels {
      let s = series[label.series]
      let color = colorIndex(label.series)
      if let anchor = label.anchor {
        script.line(
          anchor.x + font * 0.2, anchor.y, label.x - font * 0.2, label.y, color: style.color(color),
          width: style.line * 0.4)
      }
      script.label(label.text, label.x, label.y, label.justify, color: style.textColor(color), bold: s.isEmphasized)
    }
  }

  private func addReferences(_ script: inout GnuplotScript, _ layout: LineChartLayout) {
    let style = script.style
    let size = style.smallFont
    // A label avoids the curves, the previous labels, and the other vertical lines.
    var taken: [(x1: Double, y1: Double, x2: Double, y2: Double)] = []
    let uprights = references.filter { $0.direction == .vertical && $0.at.isFinite }.map {
      layout.left + layout.x.fraction($0.at) * (layout.right - layout.left)
    }
    func cost(_ spot: (x: Double, y: Double), _ width: Double) -> Int {
      let box = (x1: spot.x, y1: spot.y - size * 0.6, x2: spot.x + width, y2: spot.y + size * 0.6)
      return crowd(spot.x, spot.y, width, size, layout)
        + 1000 * taken.count { $0.x1 < box.x2 && $0.x2 > box.x1 && $0.y1 < box.y2 && $0.y2 > box.y1 }
        + 50 * uprights.count { $0 > box.x1 && $0 < box.x2 }
    }
    for reference in references where reference.at.isFinite {
      let isHorizontal = reference.direction == .horizontal
      let scale = isHorizontal ? layout.y : layout.x
      guard AxisScale.isDrawable(reference.at, log: scale.isLogarithmic) else { continue }
      let place = scale.fraction(reference.at)
      guard place >= -0.001, place <= 1.001 else { continue }
      let text = reference.label.onOneLine
      let width = TextExtent.width(text, size)
      if isHorizontal {
        let y = layout.bottom - place * (layout.bottom - layout.top)
        script.line(layout.left, y, layout.right, y, color: style.muted, width: style.line * 0.6, dash: "(6,4)")
        // At one end or in the middle, above or below the line, where it covers the fewest curves.
        let spots: [(x: Double, y: Double)] = [
          (layout.right - width, y - size * 0.75), (layout.right - width, y + size * 0.75),
          (layout.left + 6, y - size * 0.75), (layout.left + 6, y + size * 0.75),
          ((layout.left + layout.right - width) / 2, y - size * 0.75),
          ((layout.left + layout.right - width) / 2, y + size * 0.75),
        ].filter { $0.y > layout.top - size && $0.y < layout.bottom - size * 0.4 }
        if let spot = spots.min(by: { cost($0, width) < cost($1, width) }) {
          script.label(text, max(spot.x, layout.left + 2), spot.y, color: style.muted, size: size)
          taken.append((spot.x, spot.y - size * 0.6, spot.x + width, spot.y + size * 0.6))
        }
      } else {
        let x = layout.left + place * (layout.right - layout.left)
        script.line(x, layout.top, x, layout.bottom, color: style.muted, width: style.line * 0.6, dash: "(6,4)")
        let spots = (0..<8).flatMap { step -> [(x: Double, y: Double)] in
          let y = layout.top + size * 0.6 + Double(step) / 7 * (layout.bottom - layout.top - size * 1.4)
          return [(x + 5, y), (x - 5 - width, y)]
        }.filter { $0.x > layout.left && $0.x + width < layout.right + 4 }
        if let spot = spots.min(by: { cost($0, width) < cost($1, width) }) {
          script.label(text, spot.x, spot.y, color: style.muted, size: size)
          taken.append((spot.x, spot.y - size * 0.6, spot.x + width, spot.y + size * 0.6))
        }
      }
    }
  }

  /// How many pieces of curves and of error bars a text at a position would cover.
  private func crowd(_ x: Double, _ y: Double, _ width: Double, _ size: Double, _ layout: LineChartLayout) -> Int {
    var hits = 0
    for (i, pieces) in pieces(layout.x, layout.y, columns: 60).enumerated() {
      for piece in pieces {
        for (a, b) in zip(piece, piece.dropFirst()) {
          let p = layout.pixel(series[i].x[a], series[i].y[a]), q = layout.pixel(series[i].x[b], series[i].y[b])
          for k in 0...8 {
            let t = Double(k) / 8
            let (cx, cy) = (p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t)
            if cx > x, cx < x + width, abs(cy - y) < size * 0.7 { hits += 1 }
          }
        }
      }
    }
    for series in series where series.style == .points && series.drawsDeviation && !series.deviation.isEmpty {
      for i in series.x.indices {
        let low = layout.pixel(series.x[i], series.y[i] - series.deviation[i])
        let high = layout.pixel(series.x[i], series.y[i] + series.deviation[i])
        if low.x > x, low.x < x + width, high.y < y + size * 0.7, low.y > y - size * 0.7 { hits += 10 }
      }
    }
    // Covering other text is worse than covering a line.
    for label in layout.labels {
      let reach = TextExtent.width(label.text, size * 1.2, bold: true)
      if label.x < x + width, label.x + reach > x, abs(label.y - y) < size * 1.5 { hits += 100 }
    }
    return hits
  }

  /// Adds data blocks and the plot command.
  ///
  /// - Parameter terminal: Whether it is drawn for the cells of a terminal: numbered pens instead of colours, no
  ///   markers.
  func addCurves(
    _ script: inout GnuplotScript, _ x: AxisScale, _ y: AxisScale, columns: Int, terminal: Bool, before: [String] = []
  ) {
    let style = script.style
    var plots: [String] = []
    let drawn = pieces(x, y, columns: columns)
    for i in series.indices {
      let s = series[i]
      let hasBand = s.drawsDeviation && s.deviation.contains { $0.isFinite && $0 > 0 }
      var rows: [String] = []
      for (k, piece) in drawn[i].enumerated() {
        if k > 0 { rows.append("") }
        for j in piece {
          let d = j < s.deviation.count && s.deviation[j].isFinite ? s.deviation[j] : 0
          var row = GnuplotScript.row(s.x[j], s.y[j])
          // On a logarithmic axis, a band that reaches zero or below ends at the axis.
          if hasBand {
            row += " " + GnuplotScript.row(y.isLogarithmic ? max(s.y[j] - d, y.low) : s.y[j] - d, s.y[j] + d)
          }
          rows.append(row)
        }
      }
      guard !rows.isEmpty else { continue }
      script.data("series\(i + 1)", rows)
      let color = colorIndex(i)
      let paint = terminal ? "lt \(i % 8 + 1)" : "lc rgb '\(style.color(color))'"
      let isBanded = hasBand && s.style != .points
      if isBanded, !terminal {
        // One closed outline, because gnuplot's own filling between curves has visible seams.
        var outline: [String] = []
        for piece in drawn[i] {
          if !outline.isEmpty { outline.append("") }
          func deviation(_ j: Int) -> Double { j < s.deviation.count && s.deviation[j].isFinite ? s.deviation[j] : 0 }
          outline += piece.map { GnuplotScript.row(s.x[$0], s.y[$0] + deviation($0)) }
          outline += piece.reversed().map { j in
            GnuplotScript.row(s.x[j], y.isLogarithmic ? max(s.y[j] - deviation(j), y.low) : s.y[j] - deviation(j))
          }
        }
        script.data("band\(i + 1)", outline)
        plots.insert(
          "$band\(i + 1) using 1:2 with filledcurves closed fc rgb '\(style.color(color))' fs transparent solid 0.18 noborder",
          at: 0)
      }
      if hasBand, !isBanded {
        plots.append(
          "$series\(i + 1) using 1:3:(0):($4-$3) with vectors nohead \(paint) lw \(Numbers.script(style.line * 0.5))")
      }
      let count = drawn[i].reduce(0) { $0 + $1.count }
      var width = style.line * (s.isEmphasized ? 1.5 : 1)
      if count > 300 { width *= 0.6 }
      let dash = s.isEmphasized || terminal ? "solid" : style.dash(color)
      let line = "\(paint) lw \(Numbers.script(terminal ? (s.isEmphasized ? 2 : 1) : width)) dt \(dash)"
      let points = "pt \(style.point(color)) ps \(Numbers.script(style.marker * (s.isEmphasized ? 1.25 : 1)))"
      let isSingle = drawn[i].contains { $0.count == 1 } && drawn[i].count <= 3
      switch s.style {
      case .points:
        // The markers on a slide are large, so those of a cloud would hide each other and the names.
        let size = (count > 150 ? 0.6 : 1) * (style.screen == .deck && count > 24 ? 0.6 : 1)
        plots.append(
          "$series\(i + 1) using 1:2 with points \(paint) pt \(count > 400 ? 7 : style.point(color)) ps \(Numbers.script(terminal ? 0.3 : style.marker * size))"
        )
      case .line where !isSingle:
        plots.append("$series\(i + 1) using 1:2 with lines \(line)")
      case .steps:
        plots.append("$series\(i + 1) using 1:2 with steps \(line)")
      case .arrows:
        let moves = vectors(i, drawn[i])
        if moves.isEmpty {
          plots.append("$series\(i + 1) using 1:2 with points \(paint) \(points)")
        } else {
          script.data("moves\(i + 1)", moves)
          plots.append(
            "$moves\(i + 1) using 1:2:3:4 with vectors head filled size screen 0.012,20,60 fixed \(paint) lw \(Numbers.script(width))"
          )
        }
      case .line, .lineAndMarkers:
        if terminal && !isSingle {
          plots.append("$series\(i + 1) using 1:2 with lines \(line)")
        } else if count > 30 {
          plots.append("$series\(i + 1) using 1:2 with lines \(line)")
          plots.append("$series\(i + 1) using 1:2 every \(max(1, count / 8)) with points \(paint) \(points)")
        } else {
          // The dash pattern applies to the line only; it would break up the outlines of the markers.
          plots.append("$series\(i + 1) using 1:2 with lines \(line)")
          plots.append("$series\(i + 1) using 1:2 with points \(paint) \(terminal ? "pt 7 ps 0.3" : points)")
        }
      }
    }
    plots = before + plots
    if plots.isEmpty {
      script.label("no finite values to draw", script.width / 2, script.height / 2, .center, color: style.muted)
      plots = ["NaN notitle"]
    }
    script.add(
      "plot \\\n  " + plots.map { $0 + ($0.hasSuffix("notitle") ? "" : " notitle") }.joined(separator: ", \\\n  "))
  }

  private func vectors(_ i: Int, _ pieces: [[Int]]) -> [String] {
    let s = series[i]
    var rows: [String] = []
    for piece in pieces {
      for (a, b) in zip(piece, piece.dropFirst()) {
        rows.append(GnuplotScript.row(s.x[a], s.y[a], s.x[b] - s.x[a], s.y[b] - s.y[a]))
      }
    }
    return rows
  }
}

extension AxisScale {
  /// The axis in the page's format: its pixels from and to, its values from and to, and whether it is logarithmic.
  func hover(_ from: Double, _ to: Double) -> JSONValue {
    [.number(from), .number(to), .number(low), .number(high), .bool(isLogarithmic)]
  }
}
