// The normalization cubes in a terminal: gnuplot's bitmap as braille.

import Workbook

extension NormalizationCubes {
  func cells(_ terminal: TerminalPicture) throws -> CellCanvas {
    let width = terminal.width, grey = terminal.grey
    guard !cubes.isEmpty else { return CellCanvas(width: width, height: 0) }
    let across = max(1, min(cubes.count, width / 20))
    let cell = width / across
    let widest = cubes.map(\.span.width).max() ?? 1, tallest = cubes.map(\.span.height).max() ?? 1
    // A unit is whole dots, so that all faces come out alike.
    let unit = max(2, min(6, (Double(2 * (cell - 5)) / widest).rounded(.down)))
    let high = Int((tallest * unit / 4).rounded(.up)) + 1
    let blocks = (cubes.count + across - 1) / across
    let rows = blocks * (high + 3)
    let tall = (rows + 1) / 2 * 2
    var script = ["set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1"]
    script.append("set xrange [0:\(2 * width)]; set yrange [\(4 * tall):0]")
    var fill: [String] = [], edges: [String] = []
    var texts: [(text: String, x: Int, y: Int, color: Int?)] = []
    for (i, cube) in cubes.enumerated() {
      let x = 2.0 * Double(cell * (i % across) + 4), top = Double(4 * ((i / across) * (high + 3) + 1) + 1)
      let depth = 0.42 * Double(max(cube.extents.n, 1)) * unit
      let y = top + tallest * unit - cube.span.height * unit + depth
      texts.append((CellCanvas.clip(cube.name, cell - 1), cell * (i % across) + 1, (i / across) * (high + 3), nil))
      let front = Double(max(cube.extents.c, 1)) * unit, down = Double(max(cube.extents.positions, 1)) * unit
      texts.append(("C", Int((x + front / 2) / 2), Int((y + down) / 4) + 1, grey))
      texts.append(("H·W", cell * (i % across), Int((y + down / 2) / 4), grey))
      texts.append(
        ("N", Int((x + front + 0.3 * Double(cube.extents.n) * unit) / 2) + 1, Int((y + down - depth / 3) / 4), grey))
      for face in cube.faces(unit: unit) {
        let points = (face.points + [face.points[0]]).map { GnuplotScript.row(x + $0.x, y + $0.y) }
        if face.isShared {
          // Filled by parallel strokes: the bitmap terminal does not fill areas.
          let (p, q, r, s) = (face.points[0], face.points[1], face.points[2], face.points[3])
          for k in 0...Int(2 * unit) {
            let t = Double(k) / (2 * unit)
            fill += (fill.isEmpty ? [] : [""])
            fill.append(GnuplotScript.row(x + p.x + (s.x - p.x) * t, y + p.y + (s.y - p.y) * t))
            fill.append(GnuplotScript.row(x + q.x + (r.x - q.x) * t, y + q.y + (r.y - q.y) * t))
          }
        } else {
          edges += (edges.isEmpty ? [] : [""]) + points
        }
      }
    }
    var plots: [String] = []
    if !edges.isEmpty {
      script += ["$edges << EOD"] + edges + ["EOD"]
      plots.append("$edges using 1:2 with lines lt 0 lw 1 dt solid notitle")
    }
    if !fill.isEmpty {
      script += ["$fill << EOD"] + fill + ["EOD"]
      plots.append("$fill using 1:2 with lines lt 5 lw 1 dt solid notitle")
    }
    var canvas = CellCanvas(width: width, height: rows)
    if !plots.isEmpty {
      script.append("plot " + plots.joined(separator: ", "))
      let bitmap = try terminal.bitmap(script, cellsWide: width, cellsHigh: tall)
      for cy in 0..<rows {
        for cx in 0..<width {
          if let dot = bitmap.cell(cx, cy) {
            canvas[cx, cy] = .init(character: dot.character, color: dot.pen == 5 ? terminal.color(5) : terminal.faint)
          }
        }
      }
    }
    for t in texts { canvas.write(t.text, t.x, t.y, color: t.color, bold: t.color == nil) }
    return canvas.trimmed()
  }

  func plain(_ terminal: TerminalPicture) throws -> String { altText.wrapped(terminal.width) }
}
