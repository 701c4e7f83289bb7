// A matrix in a terminal: coloured cells, or shades of grey, with its numbers if they fit.

extension HeatMap {
  package func cells(_ terminal: TerminalPicture) -> CellCanvas {
    let width = terminal.width, grey = terminal.grey
    let cells = cells(atMost: max(10, min(width - 12, 120)))
    let c = cells.first?.count ?? 0
    guard c > 0 else {
      var canvas = CellCanvas(width: width, height: 1)
      canvas.write("no values to draw", 0, 0, color: grey)
      return canvas
    }
    let names = rows.prefix(cells.count).map { CellCanvas.clip($0, 14) }
    let left = (names.map(\.count).max() ?? -1) + 1
    let texts = showsNumbers ? cells.map { $0.map(text) } : []
    let longest = texts.joined().map(\.count).max() ?? 0
    let fits = showsNumbers && left + (longest + 1) * c <= width
    let columns = columns.prefix(c).map(\.onOneLine)
    let wide = fits ? longest + 2 : max(1, min(6, (width - left) / c, max(2, columns.map(\.count).max() ?? 2)))
    let cellWidth = left + wide * c <= width ? wide : max(1, (width - left) / c)
    let head = CellCanvas.wrap(yLabel, width)
    let (low, high) = ends
    let color = colors
    let foot = CellCanvas.wrap(xLabel, width)
    let footRows = (columns.isEmpty ? 0 : 1) + foot.count
    var canvas = CellCanvas(width: width, height: head.count + cells.count + footRows + (fits ? 0 : 1))
    for (k, line) in head.enumerated() { canvas.write(line, 0, k) }
    for (i, row) in cells.enumerated() {
      let y = head.count + i
      if names.indices.contains(i) { canvas.write(names[i], left - 1 - names[i].count, y) }
      for (j, value) in row.enumerated() {
        let paint = color(value)
        let ground = paint.map { CellCanvas.nearest($0) }
        let isDark = Palette.luminance(paint ?? 0xffffff) < 0.179
        let text = fits ? texts[i][j] : ""
        let padded =
          String(repeating: " ", count: max(0, cellWidth - text.count - 1)) + text + (cellWidth > text.count ? " " : "")
        for (k, character) in padded.prefix(cellWidth).enumerated() {
          if terminal.hasColor {
            canvas[left + j * cellWidth + k, y] = .init(character: character, color: isDark ? 255 : 16, ground: ground)
          } else {
            let blank = paint.map { color in terminal.shade(color, dark: stops != Palette.viridis) } ?? "?"
            canvas[left + j * cellWidth + k, y] = .init(character: fits ? character : blank)
          }
        }
      }
    }
    var y = head.count + cells.count
    if !columns.isEmpty {
      var next = left
      for (j, name) in columns.enumerated() {
        let text = CellCanvas.clip(name, 10)
        let start = max(left, left + j * cellWidth + (cellWidth - text.count + 1) / 2)
        guard start >= next, start + text.count <= width else { continue }
        canvas.write(text, start, y)
        next = start + text.count + 1
      }
      y += 1
    }
    for line in foot {
      canvas.write(line, max(0, left + (cellWidth * c - line.count) / 2), y)
      y += 1
    }
    if !fits {
      // The colour scale, in one line.
      let (a, b) = (Numbers.text(low), Numbers.text(high))
      canvas.write(a, left, y)
      for k in 0..<16 {
        let paint = Palette.ramp(stops, Double(k) / 15)
        canvas[left + a.count + 1 + k, y] =
          terminal.hasColor
          ? .init(character: " ", ground: CellCanvas.nearest(paint))
          : .init(character: terminal.shade(paint, dark: stops != Palette.viridis))
      }
      canvas.write(b, left + a.count + 18, y)
    }
    return canvas
  }
}
