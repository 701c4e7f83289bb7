// Small pictures in a grid as a gnuplot script: each an image of whole pixels, with its caption below.

/// The positions of the pictures of a grid.
struct ImageGridLayout {
  var places: [(picture: Int, x: Double, y: Double, width: Double, height: Double, caption: [String])] = []
  var rowLabels: [(lines: [String], x: Double, y: Double)] = []
  var height = 0.0
}

extension ImageGrid {
  /// The largest magnitude of signed pixels.
  var reach: Float {
    if let signedLimit, signedLimit > 0 { return signedLimit }
    let most = pictures.lazy.flatMap { $0.pixels }.filter { $0.isFinite }.map { abs($0) }.max() ?? 0
    return most > 0 ? most : 1
  }

  package static func sharingScales(_ grids: [ImageGrid]) -> [ImageGrid] {
    guard grids.allSatisfy(\.isSigned) else { return grids }
    let reach = grids.map(\.reach).max() ?? 1
    return grids.map { grid in
      var grid = grid
      grid.signedLimit = grid.signedLimit ?? reach
      return grid
    }
  }

  /// The colour of a pixel of a picture.
  func color(_ picture: Picture, _ x: Int, _ y: Int, reach: Float) -> UInt32 {
    let plane = picture.width * picture.height
    let at = y * picture.width + x
    guard at < picture.pixels.count else { return 0xb9bcc2 }
    func level(_ v: Float) -> UInt32 { v.isFinite ? UInt32((min(max(v, 0), 1) * 255).rounded()) : 0 }
    if isSigned, picture.channels != 3 {
      let v = picture.pixels[at]
      return v.isFinite ? Palette.ramp(Palette.diverging, Double(v / reach) / 2 + 0.5) : 0xb9bcc2
    }
    if picture.channels == 3 {
      guard at + 2 * plane < picture.pixels.count else { return 0xb9bcc2 }
      var v = [picture.pixels[at], picture.pixels[at + plane], picture.pixels[at + 2 * plane]]
      // In the weights of three colour channels, grey is zero.
      if isSigned { v = v.map { $0 / reach / 2 + 0.5 } }
      return level(v[0]) << 16 | level(v[1]) << 8 | level(v[2])
    }
    guard picture.pixels[at].isFinite else { return 0xd55e00 }
    let v = level(picture.pixels[at])
    return v << 16 | v << 8 | v
  }

  /// Computes all positions.
  func layout(_ style: PlotStyle) -> ImageGridLayout {
    let small = style.smallFont
    var layout = ImageGridLayout()
    let count = max(1, min(columns, max(pictures.count, 1)))
    let hasLabels = rowLabels.contains { !$0.isEmpty }
    let limit = style.width * style.share(page: 0.2, phone: 0.2, deck: 0.28)
    let labels = rowLabels.map {
      TextExtent.wrap($0.onOneLine, style.font, limit: limit).map {
        TextExtent.clip($0, style.font, limit: limit * 1.2)
      }
    }
    let widest = labels.joined().map { TextExtent.width($0, style.font) }.max() ?? 0
    var left = hasLabels ? widest + style.font : 2
    // On a phone, a wide grid without row labels is wrapped; a grid with row labels keeps its columns.
    // On a slide, a long single row becomes two.
    let isLongRow = style.screen == .deck && pictures.count == count && count > 5
    let across =
      style.isNarrow && !hasLabels
      ? Self.perRow(of: count, atMost: max(3, Int(style.width / 60)))
      : isLongRow ? Self.perRow(of: count, atMost: (count + 1) / 2) : count
    let gap = max(4, min(12, style.width / Double(across) * 0.08))
    let cell = min(
      (style.width - left - 2 + gap) / Double(across) - gap,
      style.width * style.share(page: 0.19, phone: 0.45, deck: 0.36))
    if !hasLabels { left = max(2, (style.width - (cell + gap) * Double(across) + gap) / 2) }
    var y = 2.0
    for start in stride(from: 0, to: pictures.count, by: across) {
      let row = start..<min(start + across, pictures.count)
      let captions = row.map { i -> [String] in
        let text = pictures[i].caption.onOneLine
        guard !text.isEmpty else { return [] }
        return TextExtent.wrap(text, small, limit: cell + gap * 0.7, lines: 2).map {
          TextExtent.clip($0, small, limit: cell + gap * 0.8)
        }
      }
      var tallest = 0.0
      for i in row {
        tallest = max(tallest, cell * Double(max(pictures[i].height, 1)) / Double(max(pictures[i].width, 1)))
      }
      tallest = min(tallest, cell * 2)
      for (k, i) in row.enumerated() {
        let picture = pictures[i]
        let scale = min(cell / Double(max(picture.width, 1)), tallest / Double(max(picture.height, 1)))
        let (w, h) = (Double(picture.width) * scale, Double(picture.height) * scale)
        layout.places.append((i, left + Double(k) * (cell + gap) + (cell - w) / 2, y, w, h, captions[k]))
      }
      let label = start / across
      if hasLabels, label < labels.count {
        layout.rowLabels.append((labels[label], left - style.font * 0.7, y + tallest / 2))
      }
      y +=
        tallest + Double(captions.map(\.count).max() ?? 0) * small * 1.25
        + (captions.contains { !$0.isEmpty } ? small * 0.7 : gap)
    }
    layout.height = max(y, 20)
    return layout
  }

  /// The number of pictures per row, out of `count`, with space for `most` in a row: a divisor of `count` if possible,
  /// otherwise a number that distributes them evenly. Six become two rows of three; five become three and two.
  static func perRow(of count: Int, atMost most: Int) -> Int {
    guard count > most, most > 0 else { return count }
    let rows = (count + most - 1) / most
    return stride(from: most, through: max(2, most / 2), by: -1).first { count % $0 == 0 } ?? (count + rows - 1) / rows
  }

  /// The script of this grid.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    let layout = layout(style)
    var script = GnuplotScript(style: style, height: layout.height)
    script.plane()
    script.turnsInDark = isSigned
    let small = style.smallFont
    var plots: [String] = []
    let total = pictures.reduce(0) { $0 + $1.width * $1.height }
    let reach = reach
    for place in layout.places {
      let picture = pictures[place.picture]
      for (k, line) in place.caption.enumerated() {
        script.label(
          line, place.x + place.width / 2, place.y + place.height + small * (0.8 + 1.25 * Double(k)), .center,
          size: small)
      }
      guard picture.width > 0, picture.height > 0 else { continue }
      // Keep the page small: at most about 300,000 pixels, by leaving out rows and columns of large pictures.
      var step = 1
      while total / (step * step) > 300_000 || picture.width / step > 256 { step += 1 }
      let isColor = picture.channels == 3 || isSigned
      var rows: [String] = []
      // gnuplot requires at least two pixels in each direction, so a single row or column is written twice.
      let (twiceX, twiceY) = (picture.width <= step ? 2 : 1, picture.height <= step ? 2 : 1)
      let (w, h) = ((picture.width + step - 1) / step * twiceX, (picture.height + step - 1) / step * twiceY)
      for y in 0..<h {
        var line = ""
        for x in 0..<w {
          let c = color(picture, x / twiceX * step, y / twiceY * step, reach: reach)
          if isColor {
            rows.append("\(x) \(y) \(c >> 16) \((c >> 8) & 255) \(c & 255)")
          } else {
            line += line.isEmpty ? "\(c & 255)" : " \(c & 255)"
          }
        }
        if !isColor { rows.append(line) }
      }
      let name = "picture\(place.picture + 1)"
      script.data(name, rows)
      let n = { (v: Double) in Numbers.script(v, digits: 6) }
      let (dx, dy) = (place.width / Double(w), place.height / Double(h))
      let using = "using (\(n(place.x + dx / 2))+$1*\(n(dx))):(\(n(place.y + dy / 2))+$2*\(n(dy)))"
      plots.append(
        isColor ? "$\(name) \(using):3:4:5 with rgbimage notitle" : "$\(name) matrix \(using):3 with image notitle")
    }
    for label in layout.rowLabels {
      for (k, line) in label.lines.enumerated() {
        script.label(
          line, label.x, label.y + style.font * 1.24 * (Double(k) - Double(label.lines.count - 1) / 2), .right)
      }
    }
    script.add("set palette gray; set cbrange [0:255]; unset colorbox")
    if plots.isEmpty { plots = ["NaN notitle"] }
    script.add("plot \\\n  " + plots.joined(separator: ", \\\n  "))
    return script
  }
}
