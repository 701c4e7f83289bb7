// The normalization cubes: samples × channels × positions, with the elements that share one mean and variance in colour.

import Workbook

extension NormalizationCube {
  /// The faces that one sees from the front, above and the right: the first sample, the first position, the last channel.
  func faces(unit u: Double) -> [(points: [(x: Double, y: Double)], isShared: Bool, shade: Int)] {
    let (samples, channels, positions) = (max(extents.n, 1), max(extents.c, 1), max(extents.positions, 1))
    let (dx, dy) = (u * 0.55, -u * 0.42)
    var faces: [(points: [(x: Double, y: Double)], isShared: Bool, shade: Int)] = []
    func point(_ c: Int, _ p: Int, _ n: Int) -> (x: Double, y: Double) {
      (Double(c) * u + Double(n) * dx, Double(p) * u + Double(n) * dy)
    }
    for n in (0..<samples).reversed() {
      for c in 0..<channels {
        faces.append(
          ([point(c, 0, n), point(c + 1, 0, n), point(c + 1, 0, n + 1), point(c, 0, n + 1)], isShared(n, c, 0), 1))
      }
      for p in 0..<positions {
        faces.append(
          (
            [
              point(channels, p, n), point(channels, p + 1, n), point(channels, p + 1, n + 1),
              point(channels, p, n + 1),
            ], isShared(n, channels - 1, p), 2
          ))
      }
    }
    for c in 0..<channels {
      for p in 0..<positions {
        faces.append(
          ([point(c, p, 0), point(c + 1, p, 0), point(c + 1, p + 1, 0), point(c, p + 1, 0)], isShared(0, c, p), 0))
      }
    }
    return faces
  }

  /// The cube's apparent width and height in units.
  var span: (width: Double, height: Double) {
    (
      Double(max(extents.c, 1)) + 0.55 * Double(max(extents.n, 1)),
      Double(max(extents.positions, 1)) + 0.42 * Double(max(extents.n, 1))
    )
  }
}

extension NormalizationCubes {
  /// The script of a row of cubes.
  func script(_ style: PlotStyle) -> GnuplotScript {
    let font = style.font
    // Two in a row are larger: on a phone, and on a slide, which is high enough for two rows.
    let across = max(1, min(cubes.count, Int(style.share(page: 4, phone: 2, deck: 2))))
    let rows = max(1, (cubes.count + across - 1) / across)
    let cell = style.width / Double(across)
    let widest = cubes.map(\.span.width).max() ?? 1, tallest = cubes.map(\.span.height).max() ?? 1
    let onDeck = (style.deckHeight / Double(rows) - font * 4.2) / tallest
    let unit = min(
      (cell - font * 4.2) / widest, 26 * font / 15, style.share(page: .infinity, phone: .infinity, deck: onDeck))
    let rowHeight = tallest * unit + font * 4.2
    var script = GnuplotScript(style: style, height: max(Double(rows) * rowHeight, 40))
    script.plane()
    var groups: [String: [String]] = [:]
    for (i, cube) in cubes.enumerated() {
      let span = cube.span
      let x = cell * Double(i % across) + (cell - span.width * unit) / 2 + font * 0.7
      let depth = 0.42 * Double(max(cube.extents.n, 1)) * unit
      let y = rowHeight * Double(i / across) + font * 2 + (tallest * unit - span.height * unit) + depth
      let front = Double(max(cube.extents.c, 1)) * unit
      let down = Double(max(cube.extents.positions, 1)) * unit
      script.label(
        TextExtent.clip(cube.name.onOneLine, font, limit: cell - 8, bold: true), cell * (Double(i % across) + 0.5),
        rowHeight * Double(i / across) + font * 0.8, .center, bold: true)
      let small = style.smallFont
      script.label("C", x + front / 2, y + down + small * 0.9, .center, color: style.muted, size: small)
      script.label("H·W", x - small * 0.4, y + down / 2, .right, color: style.muted, size: small)
      let back = Double(max(cube.extents.n, 1)) * unit * 0.55
      script.label(
        "N", x + front + back / 2 + small * 0.5, y + down - depth / 2 + small * 0.5, .left, color: style.muted,
        size: small)
      for face in cube.faces(unit: unit) {
        let key = "\(face.isShared ? 1 : 0)\(face.shade)"
        var rows = groups[key] ?? []
        if !rows.isEmpty { rows.append("") }
        rows += (face.points + [face.points[0]]).map { GnuplotScript.row(x + $0.x, y + $0.y) }
        groups[key] = rows
      }
    }
    var plots: [String] = []
    let shared = ["#56b4e9", "#8fcdf1", "#2f8fc6"], other = Palette.faces.map(\.light)
    for (key, rows) in groups.sorted(by: { $0.key < $1.key }) {
      let index = Int(key.dropFirst()) ?? 0
      let fill = key.hasPrefix("1") ? shared[index] : other[index]
      script.data("faces\(key)", rows)
      plots.append("$faces\(key) using 1:2 with filledcurves closed fc rgb '\(fill)' fs solid 1 noborder notitle")
    }
    let edges = Array(groups.sorted { $0.key < $1.key }.map(\.value).joined(separator: [""]))
    if !edges.isEmpty {
      script.data("edges", edges)
      plots.append(
        "$edges using 1:2 with lines lc rgb '\(Palette.edges.light)' lw \(Numbers.script(style.line * 0.35)) notitle")
    }
    if plots.isEmpty { plots = ["NaN notitle"] }
    script.add("plot \\\n  " + plots.joined(separator: ", \\\n  "))
    return script
  }
}
