// Small multiples of histograms as a gnuplot script: one panel for each histogram, with one scale for each row.

/// The positions of the panels of a histogram grid.
struct HistogramLayout {
  struct Panel {
    var row: Int, column: Int
    var left: Double, top: Double, right: Double, bottom: Double
    /// The lines of text above it.
    var above: [(text: String, isName: Bool)]
    /// Whether its axis has numbers.
    var hasNumbers = true
  }
  var panels: [Panel] = []
  var names: [(row: Int, lines: [String], x: Double, y: Double, justify: GnuplotScript.Justify)] = []
  var headers: [(text: String, x: Double, y: Double)] = []
  var height = 0.0
}

extension HistogramGrid {
  /// The colour index of a row.
  func colorIndex(_ i: Int) -> Int { rows[i].color ?? i }

  /// Computes all positions. A few lines of panels are tall, many are low. On a slide, panels are so low that the text
  /// can be read; if they would become too low, the notes above them are left out.
  func layout(_ style: PlotStyle) -> HistogramLayout {
    let ordinary = (style.isNarrow ? 48 : 54) * style.font / 15
    let lines = Double(max(Set(layout(style, panelHeight: ordinary).panels.map(\.top)).count, 1))
    let tall = max(ordinary, style.width * style.share(page: 0.24, phone: 0.4, deck: 0.3) / lines)
    let layout = layout(style, panelHeight: tall)
    guard style.screen == .deck, layout.height > style.deckHeight else { return layout }
    func height(after layout: HistogramLayout) -> Double { tall - (layout.height - style.deckHeight) / lines }
    if height(after: layout) >= style.font { return self.layout(style, panelHeight: height(after: layout)) }
    let bare = self.layout(style, panelHeight: tall, hasNotes: false)
    return self.layout(style, panelHeight: max(height(after: bare), style.font * 0.9), hasNotes: false)
  }

  private func layout(_ style: PlotStyle, panelHeight: Double, hasNotes: Bool = true) -> HistogramLayout {
    let font = style.font, small = style.smallFont
    let count = max(rows.map(\.panels.count).max() ?? 0, columns.count, 1)
    var layout = HistogramLayout()
    let hasNames = rows.contains { !$0.name.isEmpty }
    let nameLimit = style.width * 0.2
    let names = rows.map { TextExtent.wrap($0.name.onOneLine, font, limit: nameLimit, bold: true, lines: 3) }
    let widest = names.joined().map { TextExtent.width($0, font, bold: true) }.max() ?? 0
    let namesAbove = style.isNarrow || widest > nameLimit * 1.3
    let left = namesAbove || !hasNames ? 4.0 : widest + font
    let gap = small * 1.1
    // As many panels beside each other as possible while each is wide enough for its text.
    let textWidth = rows.joinedPanels.map { TextExtent.width($0.title.onOneLine, small) }.max() ?? 0
    let least = max(style.isNarrow ? 84.0 : 72.0, min(textWidth - gap * 0.9, 150))
    let across = ImageGrid.perRow(of: count, atMost: max(1, Int((style.width - left + gap) / (least + gap))))
    let width = (style.width - left - 4 - gap * Double(across - 1)) / Double(across)
    let isWrapped = across < count
    var y = font * 0.3
    if !isWrapped, !columns.isEmpty {
      for (c, name) in columns.enumerated() {
        layout.headers.append(
          (
            TextExtent.clip(name.onOneLine, font, limit: width + gap * 0.6),
            left + (width + gap) * Double(c) + width / 2, y + font * 0.6
          ))
      }
      y += font * 1.5
    }
    for (r, row) in rows.enumerated() {
      if namesAbove, hasNames {
        layout.names.append(
          (r, [TextExtent.clip(row.name.onOneLine, font, limit: style.width - 8, bold: true)], 4, y + font * 0.8, .left)
        )
        y += font * 1.7
      }
      let start = y
      var c = 0
      while c < row.panels.count {
        let line = c..<min(c + across, row.panels.count)
        var above: [[(text: String, isName: Bool)]] = []
        func statements(_ k: Int) -> [String] {
          [row.panels[k].title.onOneLine, hasNotes ? row.panels[k].note.onOneLine : ""].filter { !$0.isEmpty }
        }
        // Title and note are on one line above all panels of a row, or on two lines above all.
        let areJoined = line.allSatisfy {
          TextExtent.width(statements($0).joined(separator: " · "), small) <= width + gap * 0.6
        }
        for k in line {
          var texts: [(text: String, isName: Bool)] = []
          if isWrapped, k < columns.count {
            texts.append((TextExtent.clip(columns[k].onOneLine, small, limit: width + gap * 0.8), true))
          }
          let own = areJoined ? [statements(k).joined(separator: " · ")].filter { !$0.isEmpty } : statements(k)
          texts += own.map { (TextExtent.clip($0, small, limit: width + gap * 0.8), false) }
          above.append(texts)
        }
        let textRows = above.map(\.count).max() ?? 0
        // On a slide, rows with the same axis share its numbers, below the last row.
        let isShared =
          style.screen == .deck
          && (line.upperBound < row.panels.count || r + 1 < rows.count && rows[r + 1].range == row.range)
        let top = y + Double(textRows) * small * 1.25 + small * 0.35
        for (i, k) in line.enumerated() {
          let x = left + (width + gap) * Double(i)
          layout.panels.append(
            .init(
              row: r, column: k, left: x, top: top, right: x + width, bottom: top + panelHeight, above: above[i],
              hasNumbers: !isShared))
        }
        y = top + panelHeight + small * (isShared ? 0.7 : 2.4)
        c += across
      }
      if !namesAbove, hasNames {
        let own = layout.panels.suffix(row.panels.count)
        let middle = own.isEmpty ? start : (own[own.startIndex].top + own[own.endIndex - 1].bottom) / 2
        layout.names.append((r, names[r], left - font * 0.8, middle - font * 0.62 * Double(names[r].count - 1), .right))
      }
    }
    layout.height = y + (xLabel.isEmpty ? 0 : font * 1.4)
    return layout
  }

  /// The maximum height that a panel's scale must include.
  func top(row: Int, column: Int) -> Double {
    let heights = sharesHeights ? rows[row].panels.flatMap(\.heights) : rows[row].panels[column].heights
    let most = heights.filter { $0.isFinite && $0 < AxisScale.limit }.max() ?? 0
    return most > 0 ? most : 1
  }

  /// The outline of a panel's bars, as points of an area down to zero.
  func outline(row: Int, column: Int) -> [String] {
    let heights = rows[row].panels[column].heights
    let range = rows[row].range
    guard !heights.isEmpty else { return [] }
    // If there are more bins than pixels, neighbours share a bar with the height of the tallest.
    let group = max(1, heights.count / 120)
    let step = (range.upperBound - range.lowerBound) / Double(heights.count)
    var rows = [GnuplotScript.row(range.lowerBound, 0)]
    for start in stride(from: 0, to: heights.count, by: group) {
      let bars = heights[start..<min(start + group, heights.count)]
      let height = bars.filter { $0.isFinite && $0 >= 0 && $0 < AxisScale.limit }.max() ?? 0
      rows.append(GnuplotScript.row(range.lowerBound + Double(start) * step, height))
      rows.append(GnuplotScript.row(range.lowerBound + Double(start + bars.count) * step, height))
    }
    return rows + [GnuplotScript.row(range.upperBound, 0)]
  }

  /// The script of this grid.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    let layout = layout(style)
    var script = GnuplotScript(style: style, height: max(layout.height, 40))
    let small = style.smallFont
    script.axes(font: small)
    script.add("set border 1 lc rgb '\(style.axis)' lw \(Numbers.script(style.line * 0.5)); unset ytics")
    for panel in layout.panels {
      let rows = outline(row: panel.row, column: panel.column)
      if !rows.isEmpty { script.data("panel\(panel.row + 1)_\(panel.column + 1)", rows) }
    }
    script.add("set multiplot")
    for header in layout.headers { script.label(header.text, header.x, header.y, .center) }
    for name in layout.names {
      for (k, line) in name.lines.enumerated() {
        script.label(
          line, name.x, name.y + style.font * 1.24 * Double(k), name.justify,
          color: style.textColor(colorIndex(name.row)), bold: true)
      }
    }
    if !xLabel.isEmpty {
      let name = TextExtent.clip(xLabel.onOneLine, style.font, limit: style.width - 8)
      script.label(name, style.width / 2, layout.height - style.font * 0.8, .center)
    }
    if layout.panels.isEmpty { script.add("plot [0:1][0:1] NaN notitle") }
    for panel in layout.panels {
      var y = panel.top - small * 0.35 - small * 1.25 * (Double(panel.above.count) - 0.5)
      for text in panel.above {
        script.label(
          text.text, (panel.left + panel.right) / 2, y, .center, color: text.isName ? style.ink : style.muted,
          size: small)
        y += small * 1.25
      }
      let range = rows[panel.row].range
      let scale = AxisScale(Axis("", range: range), over: [], count: 3)
      script.area(left: panel.left, top: panel.top, right: panel.right, bottom: panel.bottom)
      let hasRoom = range.upperBound > range.lowerBound
      script.add(
        "set xrange [\(Numbers.script(range.lowerBound, digits: 12)):\(Numbers.script(hasRoom ? range.upperBound : range.lowerBound + 1, digits: 12))]"
      )
      let ticks = thin(scale, panel, small)
      script.add(
        "set xtics ("
          + (ticks.isEmpty
            ? "'' 0" : ticks.map { "'' \(Numbers.script($0.place, digits: 12))" }.joined(separator: ", "))
          + ")")
      // Align numbers at the ends with the panel's edges; if centred, they would overlap those of the next panel.
      for tick in ticks where panel.hasNumbers {
        let place = scale.fraction(tick.place)
        script.label(
          tick.label, panel.left + place * (panel.right - panel.left), panel.bottom + small * 1.05,
          place < 0.02 ? .left : place > 0.98 ? .right : .center, size: small)
      }
      script.add("set yrange [0:\(Numbers.script(top(row: panel.row, column: panel.column) * 1.04))]")
      if rows[panel.row].panels[panel.column].heights.isEmpty {
        script.add("plot NaN notitle")
      } else {
        script.add(
          "plot $panel\(panel.row + 1)_\(panel.column + 1) using 1:2 with filledcurves closed fc rgb '\(style.color(colorIndex(panel.row)))' "
            + "fs solid 0.9 noborder notitle")
      }
      script.nextPanel()
    }
    script.add("unset multiplot")
    let panels = layout.panels.map { panel -> JSONValue in
      let most = top(row: panel.row, column: panel.column) * 1.04
      let count = Double(rows[panel.row].panels[panel.column].heights.count)
      return .init([panel.left, panel.top, panel.right, panel.bottom, most, count])
    }
    script.hover = ["kind": "bins", "panels": .array(panels)]
    return script
  }

  /// The ticks whose labels overlap neither each other nor those of the next panel.
  private func thin(_ scale: AxisScale, _ panel: HistogramLayout.Panel, _ size: Double) -> [(
    place: Double, label: String
  )] {
    var ticks = scale.ticks
    func fits(_ ticks: [(place: Double, label: String)]) -> Bool {
      zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
        (scale.fraction(b.place) - scale.fraction(a.place)) * (panel.right - panel.left)
          > (TextExtent.width(a.label, size) + TextExtent.width(b.label, size)) * 0.75 + size * 0.4
      }
    }
    while ticks.count > 1, !fits(ticks) {
      ticks = stride(from: 0, to: ticks.count, by: 2).map { ticks[$0] }
    }
    return ticks
  }
}

extension Sequence where Element == HistogramGrid.Row {
  /// All panels of all rows.
  var joinedPanels: [HistogramGrid.Panel] { flatMap(\.panels) }
}
