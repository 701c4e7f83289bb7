// Small multiples of histograms in a terminal: one bitmap for all panels, with texts between them.

extension HistogramGrid {
  package func cells(_ terminal: TerminalPicture) throws -> CellCanvas {
    let width = terminal.width, grey = terminal.grey
    let count = max(rows.map(\.panels.count).max() ?? 1, 1)
    let across = max(1, min(count, (width + 2) / 12))
    let cells = min((width + 2) / across - 2, 24)
    let high = 4
    struct Place { var row: Int, column: Int, x: Int, y: Int }
    var places: [Place] = []
    var texts: [(text: String, x: Int, y: Int, color: Int?, bold: Bool)] = []
    var y = 0
    for (r, row) in rows.enumerated() {
      if !row.name.isEmpty {
        texts.append((CellCanvas.clip(row.name, width), 0, y, terminal.color(colorIndex(r)), true))
        y += 1
      }
      for start in stride(from: 0, to: row.panels.count, by: across) {
        let line = start..<min(start + across, row.panels.count)
        let hasNames = !columns.isEmpty && (r == 0 || across < count)
        let hasTitles = line.contains { !row.panels[$0].title.isEmpty },
          hasNotes = line.contains { !row.panels[$0].note.isEmpty }
        let base = y
        y += (hasNames ? 1 : 0) + (hasTitles ? 1 : 0) + (hasNotes ? 1 : 0)
        for (k, c) in line.enumerated() {
          let x = k * (cells + 2)
          func center(_ text: String, _ y: Int, _ color: Int?) {
            let t = CellCanvas.clip(text, cells + 1)
            texts.append((t, x + max(0, (cells - t.count) / 2), y, color, false))
          }
          var at = base
          if hasNames {
            if columns.indices.contains(c) { center(columns[c], at, nil) }
            at += 1
          }
          if hasTitles {
            center(row.panels[c].title, at, grey)
            at += 1
          }
          if hasNotes { center(row.panels[c].note, at, grey) }
          places.append(Place(row: r, column: c, x: x, y: y))
          // The range below the panel: its two ends, and zero if it is between them.
          let low = Numbers.text(row.range.lowerBound), high3 = Numbers.text(row.range.upperBound)
          texts.append((low, x, y + high, grey, false))
          texts.append((high3, x + cells - high3.count, y + high, grey, false))
          if row.range.lowerBound < 0, row.range.upperBound > 0 {
            let zero = x + Int(-row.range.lowerBound / (row.range.upperBound - row.range.lowerBound) * Double(cells))
            if zero > x + low.count, zero < x + cells - high3.count - 1 {
              texts.append(("0", zero, y + high, grey, false))
            }
          }
        }
        y += high + 1
      }
    }
    let total = y + (xLabel.isEmpty ? 0 : 1)
    var canvas = CellCanvas(width: width, height: total)
    let tall = (y + 1) / 2 * 2
    if !places.isEmpty {
      var script = ["set multiplot"]
      let n = { (v: Double) in Numbers.script(v) }
      for place in places {
        // One line for each column of dots, because the bitmap terminal does not fill areas.
        let heights = rows[place.row].panels[place.column].heights
        guard !heights.isEmpty else { continue }
        let span = rows[place.row].range
        // Three lines for each column, so that rounding leaves no gap.
        let strokes = 6 * cells
        let impulses = (0..<strokes).map { d -> String in
          let first = d * heights.count / strokes
          let last = max(first + 1, (d + 1) * heights.count / strokes)
          let height =
            heights[first..<min(last, heights.count)].filter { $0.isFinite && $0 < AxisScale.limit }.max() ?? 0
          let part = (Double(d) + 0.5) / Double(strokes)
          return GnuplotScript.row(span.lowerBound + (span.upperBound - span.lowerBound) * part, height)
        }
        let name = "$p\(place.row)_\(place.column)"
        script += ["\(name) << EOD"] + impulses + ["EOD"]
        script.append(
          "set lmargin at screen \(n(Double(place.x) / Double(width))); set rmargin at screen \(n(Double(place.x + cells) / Double(width)))"
        )
        script.append(
          "set tmargin at screen \(n(1 - Double(place.y) / Double(tall))); set bmargin at screen \(n(1 - (Double(place.y + high) - 0.2) / Double(tall)))"
        )
        let range = rows[place.row].range
        let end = range.upperBound > range.lowerBound ? range.upperBound : range.lowerBound + 1
        script.append(
          "set xrange [\(n(range.lowerBound)):\(n(end))]; set yrange [0:\(n(top(row: place.row, column: place.column) * 1.04))]"
        )
        script.append("plot \(name) using 1:2 with impulses lt \(place.row % 8 + 1) lw 1 notitle")
      }
      script.append("unset multiplot")
      if script.count > 2 {
        let bitmap = try terminal.bitmap(script, cellsWide: width, cellsHigh: tall)
        for cy in 0..<y {
          for cx in 0..<width {
            guard let dot = bitmap.cell(cx, cy) else { continue }
            let row = places.last { $0.y <= cy }?.row ?? dot.pen - 1
            canvas[cx, cy] = .init(character: dot.character, color: terminal.color(colorIndex(row)))
          }
        }
      }
    }
    for t in texts { canvas.write(t.text, t.x, t.y, color: t.color, bold: t.bold) }
    if !xLabel.isEmpty {
      canvas.write(CellCanvas.clip(xLabel, width), max(0, (width - xLabel.count) / 2), total - 1)
    }
    return canvas
  }

  /// Histograms as rows of characters, one character for each bin.
  package func plain(_ terminal: TerminalPicture) throws -> String {
    let width = terminal.width
    let levels = Array(" .:-=+*#%@")
    var out: [String] = []
    for row in rows {
      out.append(
        CellCanvas.clip(
          "\(row.name)  (\(Numbers.text(row.range.lowerBound)) to \(Numbers.text(row.range.upperBound)))", width))
      for (c, panel) in row.panels.enumerated() {
        let name = columns.indices.contains(c) ? columns[c] : "\(c + 1)"
        let count = min(panel.heights.count, width - 36)
        guard count > 0 else { continue }
        let bins = (0..<count).map { b -> Double in
          let part = panel.heights[
            (b * panel.heights.count / count)..<max(
              b * panel.heights.count / count + 1, (b + 1) * panel.heights.count / count)]
          return part.filter { $0.isFinite }.max() ?? 0
        }
        let most = max(bins.max() ?? 0, 1e-300)
        let bar = String(bins.map { levels[min(max(Int(($0 / most * 9).rounded()), 0), 9)] })
        let words = [panel.title, panel.note].filter { !$0.isEmpty }.joined(separator: " ").onOneLine
        out.append(String("  \(CellCanvas.clip(name, 10).padded(10)) |\(bar)| \(words)".prefix(width)))
      }
    }
    return out.joined(separator: "\n")
  }
}
