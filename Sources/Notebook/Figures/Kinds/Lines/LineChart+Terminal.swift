// A line chart in a terminal: gnuplot's bitmap as braille characters.

extension LineChart {
  package func cells(_ terminal: TerminalPicture) throws -> CellCanvas { try cells(terminal, over: nil) }

  /// The chart in cells: gnuplot's bitmap as braille characters, with axes and names as text around and inside it.
  ///
  /// - Parameter surface: The contour plot to which these paths belong, whose contour lines are drawn below them; or
  ///   nil.
  func cells(_ terminal: TerminalPicture, over surface: ContourPlot?) throws -> CellCanvas {
    let width = terminal.width, grey = terminal.grey, faint = terminal.faint
    // Without colour, a letter on each curve and before its name identifies the curve.
    let isLettered = !terminal.hasColor && series.count { !$0.name.isEmpty } > 1
    func letter(_ i: Int) -> Character { Character(Unicode.Scalar(UInt8(97 + i % 26))) }
    let names = series.indices.map { i -> String in
      let name = displayName(i)
      return isLettered && !name.isEmpty ? "\(letter(i)) \(name)" : name
    }
    let shown = names.indices.filter { !names[$0].isEmpty }
    let widest = shown.map { names[$0].count }.max() ?? 0
    // Names instead of numbers on the axis each have a row, and more room.
    let named = self.y.ticks.count
    let tall = named > 0 ? max(min(18, width / 5), min(named + 2, 24)) : min(18, width / 5)
    let rows = surface != nil ? max(10, min(20, width / 4)) / 2 * 2 : max(10, tall) / 2 * 2
    let isCloud = series.count > 1 && series.allSatisfy { $0.style == .points }
    let isDirect = widest <= width * 3 / 10 && shown.count <= rows && !isCloud && surface == nil && widest > 0
    let y = AxisScale(self.y, over: allY, count: max(3, rows / 4), padding: 0.06, nearZero: true)
    let left = min((y.ticks.map(\.label.count).max() ?? 1) + 1, max(12, named > 0 ? width * 2 / 5 : width / 5))
    let right = width - (isDirect ? widest + 2 : 1)
    let across = right - left - 1
    let x = AxisScale(self.x, over: allX, count: max(3, across / 9), padding: 0.02)

    // Names go above the chart if they do not fit beside it.
    var key: [(series: Int, x: Int, row: Int)] = []
    var keyRows = 0
    if !isDirect, !shown.isEmpty {
      var (at, row) = (0, 0)
      for i in shown {
        let needed = min(names[i].count, width - 4) + 3
        if at > 0, at + needed > width { (at, row) = (0, row + 1) }
        key.append((i, at, row))
        at += needed + 2
      }
      keyRows = row + 1
    }
    let title = self.y.label.isEmpty ? [] : CellCanvas.wrap(self.y.label, width)
    let top = title.count + keyRows
    let xTitle = self.x.label.isEmpty ? [] : CellCanvas.wrap(self.x.label, width)
    var canvas = CellCanvas(width: width, height: top + rows + 2 + xTitle.count)
    for (k, line) in title.enumerated() { canvas.write(line, 0, k) }

    var script = GnuplotScript(style: PlotStyle(theme: terminal.theme), height: 100)
    var thinned = surface
    // Draw half of the levels, because cells are coarse and the paths matter more.
    thinned?.levels = (surface?.drawnLevels ?? []).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let hasSurface = thinned?.addContours(&script, x, y) ?? false
    script.add("set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1")
    script.scale("x", x, grid: false)
    script.scale("y", y, grid: false)
    script.add("unset xtics; unset ytics")
    addCurves(
      &script, x, y, columns: 2 * across, terminal: true,
      before: hasSurface ? ["$lines using 1:2 with lines lt 0 lw 1 notitle"] : [])
    let bitmap = try terminal.bitmap(script.lines, cellsWide: across, cellsHigh: rows)
    for cy in 0..<rows {
      for cx in 0..<across {
        guard let dot = bitmap.cell(cx, cy) else { continue }
        let pen = dot.pen - 1
        let isSeries = series.indices.contains(pen) || dot.pen <= 8
        canvas[left + 1 + cx, top + cy] = .init(
          character: dot.character, color: isSeries ? terminal.color(penColor(pen)) : grey,
          isBold: series.indices.contains(pen) && series[pen].isEmphasized)
      }
    }
    func column(_ v: Double) -> Int { left + 1 + min(max(Int(x.fraction(v) * Double(across)), 0), across - 1) }
    func row(_ v: Double) -> Int { top + min(max(Int((1 - y.fraction(v)) * Double(rows)), 0), rows - 1) }

    // Axes and grid.
    for cy in 0..<rows { canvas[left, top + cy] = .init(character: "│", color: grey) }
    for cx in 0..<across { canvas[left + 1 + cx, top + rows] = .init(character: "─", color: grey) }
    canvas[left, top + rows] = .init(character: "└", color: grey)
    var taken = -1
    for tick in y.ticks.reversed() {
      let r = row(tick.place)
      guard r > taken else { continue }
      taken = r
      let label = CellCanvas.clip(tick.label, left)
      canvas.write(label, left - label.count, r)
      canvas[left, r] = .init(character: "┤", color: grey)
      for cx in stride(from: left + 2, to: right, by: 2) where canvas.isFree(cx, r, 1) {
        canvas[cx, r] = .init(character: "·", color: faint)
      }
    }
    var next = 0
    for tick in x.ticks {
      let c = column(tick.place)
      canvas[c, top + rows] = .init(character: "┴", color: grey)
      let start = min(max(c - (tick.label.count - 1) / 2, 0), width - tick.label.count)
      guard start >= next else { continue }
      canvas.write(tick.label, start, top + rows + 1)
      next = start + tick.label.count + 1
    }
    for (k, line) in xTitle.enumerated() {
      canvas.write(line, max(0, min(left + (across - line.count) / 2 + 1, width - line.count)), top + rows + 2 + k)
    }
    // Reference lines occupy empty cells only; their text goes where it covers nothing.
    for reference in references {
      let isLevel = reference.direction == .horizontal
      let scale = isLevel ? y : x
      guard AxisScale.isDrawable(reference.at, log: scale.isLogarithmic), (0...1).contains(scale.fraction(reference.at))
      else { continue }
      func isEmpty(_ cx: Int, _ cy: Int) -> Bool {
        canvas[cx, cy].map { $0.character == " " || $0.character == "·" } ?? false
      }
      let (r, c) = (row(reference.at), column(reference.at))
      if isLevel {
        for cx in (left + 1)..<right where isEmpty(cx, r) { canvas[cx, r] = .init(character: "╌", color: grey) }
      } else {
        for cy in top..<(top + rows) where isEmpty(c, cy) { canvas[c, cy] = .init(character: "╎", color: grey) }
      }
      let text = CellCanvas.clip(reference.label, across - 2)
      let n = text.count
      func isClear(_ cx: Int, _ cy: Int) -> Bool {
        guard cx > left, cx + n <= right, cy >= top, cy < top + rows else { return false }
        return (cx..<(cx + n)).allSatisfy { k in canvas[k, cy].map { " ·╌╎".contains($0.character) } ?? false }
      }
      var spots: [(Int, Int)] = []
      if isLevel {
        for start in stride(from: right - n, through: left + 1, by: -3) {
          spots += [(start, r - 1), (start, r + 1), (start, r)]
        }
      } else {
        for cy in top..<(top + rows) { spots += [(c + 1, cy), (c - n - 1, cy)] }
      }
      if let spot = spots.first(where: { isClear($0.0, $0.1) }) { canvas.write(text, spot.0, spot.1, color: grey) }
    }
    // Names.
    let pieces = pieces(x, y, columns: 200)
    if isDirect {
      var wishes = shown.map { i -> (series: Int, row: Int) in
        guard let last = pieces[i].last?.last else { return (i, top + rows - 1) }
        return (i, row(series[i].y[last]))
      }
      wishes.sort { ($0.row, $0.series) < ($1.row, $1.series) }
      var places = wishes.map(\.row)
      for k in places.indices.dropFirst() where places[k] <= places[k - 1] { places[k] = places[k - 1] + 1 }
      var limit = top + rows - 1
      for k in places.indices.reversed() {
        places[k] = min(places[k], limit)
        limit = places[k] - 1
      }
      for (k, wish) in wishes.enumerated() {
        canvas.write(
          names[wish.series], right + 1, places[k], color: terminal.color(colorIndex(wish.series)),
          bold: series[wish.series].isEmphasized)
      }
    }
    for entry in key {
      let isBold = series[entry.series].isEmphasized
      let paint = terminal.color(colorIndex(entry.series))
      canvas.write(
        series[entry.series].style == .points ? "●" : "━━", entry.x, title.count + entry.row, color: paint)
      canvas.write(
        CellCanvas.clip(names[entry.series], width - entry.x - 3), entry.x + 3, title.count + entry.row, color: paint,
        bold: isBold)
    }
    if isLettered {
      for (k, i) in shown.enumerated() {
        let all = Array(pieces[i].joined())
        guard !all.isEmpty else { continue }
        for part in [0.12, 0.42, 0.72] {
          let place: Double = part + 0.05 * Double(k % 5)
          let j = all[min(Int(place * Double(all.count)), all.count - 1)]
          canvas[column(series[i].x[j]), row(series[i].y[j])] = .init(character: letter(i))
        }
      }
    }
    return canvas
  }

  /// The palette index for a pen: that of the series drawn with it.
  private func penColor(_ pen: Int) -> Int { series.indices.contains(pen) ? colorIndex(pen) : pen }
}
