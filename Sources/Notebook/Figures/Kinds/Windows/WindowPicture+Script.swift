// A convolution at one position of its window, as a gnuplot script: grids in one row, or in two rows on a phone.

extension WindowPicture {
  /// A grid of cells on the canvas.
  private struct Grid {
    var values: [[Double]]
    var title: String
    var x: Double, y: Double
    var cell: Double
    /// The largest magnitude of signed values, at the end of the colour scale; nil for pixels.
    var reach: Double?
    var hasNumbers = false
    var columns: Int { values.first?.count ?? 0 }
    var width: Double { Double(columns) * cell }
    var height: Double { Double(values.count) * cell }
  }

  package func script(_ style: PlotStyle) -> GnuplotScript {
    let font = style.font
    let output = output
    guard let rows = output.first?.count, rows > 0 else {
      var script = GnuplotScript(style: style, height: font * 5)
      script.plane()
      script.label("no window to draw", style.width / 2, font * 2.5, .center, color: style.muted)
      script.add("plot NaN notitle")
      return script
    }
    let grids = place(output, style)
    let (image, last) = (grids[0], grids[4])
    let bottom = (grids.map { $0.y + $0.height }.max() ?? 0) + (style.isNarrow ? font : font * 3)
    var script = GnuplotScript(style: style, height: bottom)
    script.plane()
    for grid in grids { addNames(grid, &script) }
    // The signs between the grids.
    let (patch, weights, products) = (grids[1], grids[2], grids[3])
    let middle = patch.y + patch.height / 2
    for (sign, left, right) in [
      ("×", patch.x + patch.width, weights.x), ("=", weights.x + weights.width, products.x),
    ] { script.label(sign, (left + right) / 2, middle, .center, size: font * 1.3) }
    if !style.isNarrow {
      script.label("Σ", (products.x + products.width + last.x) / 2, middle, .center, size: font * 1.3)
    }
    let sum = "Σ = \(text(sum))"
    script.label(sum, products.x + products.width / 2, products.y + products.height + font * 0.9, .center, bold: true)

    var plots = ["$cells using 1:2:3:4:5:6:7 with boxxyerror fc rgb variable fs solid 1 noborder notitle"]
    script.data("cells", grids.flatMap(boxes))
    let frame = "lc rgb '\(style.color(1))' lw \(Numbers.script(style.line * 1.2)) notitle"
    script.data(
      "frames",
      [
        outline(image, position.row, position.column, kernel.count, kernel[0].count), "",
        outline(last, position.row, position.column, 1, 1),
      ])
    plots.append("$frames using 1:2 with lines \(frame)")
    if !style.isNarrow {
      script.data("arc", arc(from: image, to: last, below: bottom - font * 0.6))
      plots.append(
        "$arc using 1:2 with lines lc rgb '\(style.color(1))' lw \(Numbers.script(style.line * 0.5)) dt (4,4) notitle")
    }
    script.add("plot \\\n  " + plots.joined(separator: ", \\\n  "))
    return script
  }

  /// The positions of the grids: image, pixels under the window, kernel, products, output.
  private func place(_ output: [[Double]], _ style: PlotStyle) -> [Grid] {
    let font = style.font
    let head = font * 1.7
    let (wide, narrow) = (Double(image.first?.count ?? 0), Double(output[0].count))
    let size = Double(kernel.first?.count ?? 0)
    let (tall, tallest) = (Double(kernel.count), Double(image.count))
    let weight = kernel.joined().map { abs($0) }.max() ?? 1
    let signed = weight > 0 ? weight : 1
    func grid(
      _ values: [[Double]], _ title: String, _ x: Double, _ y: Double, _ cell: Double, _ reach: Double?, _ numbers: Bool
    )
      -> Grid
    { Grid(values: values, title: title, x: x, y: y, cell: cell, reach: reach, hasNumbers: numbers) }
    let titles = ["image", "window", "kernel", "products", "output"]
    if style.isNarrow {
      let pixel = (style.width - font * 2) / (wide + narrow)
      let cell = (style.width - font * 4) / (3 * size)
      let second = head + tallest * pixel + font * 2.2
      let x = (0..<3).map { Double($0) * (size * cell + font * 2) }
      return [
        grid(image, titles[0], 0, head, pixel, nil, false), grid(patch, titles[1], x[0], second, cell, nil, true),
        grid(kernel, titles[2], x[1], second, cell, signed, true),
        grid(products, titles[3], x[2], second, cell, signed, true),
        grid(output, titles[4], wide * pixel + font * 2, head, pixel, reach, false),
      ]
    }
    let gap = font * 1.9
    // Cells with numbers are twice as wide as pixels, and wider on a slide.
    let times = style.share(page: 2, phone: 2, deck: 2.4)
    let pixel = (style.width - 4 * gap - 2) / (wide + narrow + 3 * size * times)
    let cell = pixel * times
    let y = head + max(0, (tallest * pixel - tall * cell) / 2)
    var x = 0.0
    func next(_ values: [[Double]], _ title: String, _ y: Double, _ cell: Double, _ reach: Double?, _ numbers: Bool)
      -> Grid
    {
      defer { x += Double(values.first?.count ?? 0) * cell + gap }
      return grid(values, title, x, y, cell, reach, numbers)
    }
    return [
      next(image, titles[0], head, pixel, nil, false), next(patch, titles[1], y, cell, nil, true),
      next(kernel, titles[2], y, cell, signed, true), next(products, titles[3], y, cell, signed, true),
      next(output, titles[4], head, pixel, reach, false),
    ]
  }

  /// Adds the title of a grid above it, and its numbers.
  private func addNames(_ grid: Grid, _ script: inout GnuplotScript) {
    let style = script.style
    script.label(grid.title, grid.x, grid.y - style.font * 0.75, color: style.muted, size: style.smallFont)
    guard grid.hasNumbers else { return }
    let longest = grid.values.joined().map { TextExtent.width(text($0), 1) }.max() ?? 1
    let size = min(style.font, (grid.cell - 4) / longest)
    for (i, row) in grid.values.enumerated() {
      for (j, value) in row.enumerated() {
        let isDark = Palette.luminance(color(value, signedReach: grid.reach)) < 0.179
        // Greys do not change in the dark theme, and neither does the text on them.
        let inks =
          grid.reach == nil
          ? (deep: "#ffffff", pale: "#000000") : (deep: PlotStyle.inkOnDeep, pale: PlotStyle.inkOnPale)
        script.label(
          text(value), grid.x + (Double(j) + 0.5) * grid.cell, grid.y + (Double(i) + 0.5) * grid.cell, .center,
          color: isDark ? inks.deep : inks.pale, size: (size * 2).rounded(.down) / 2)
      }
    }
  }

  /// The cells of a grid; in the output, those that the window has not reached are drawn as empty.
  private func boxes(_ grid: Grid) -> [String] {
    grid.values.indices.flatMap { i in
      grid.values[i].indices.map { j in
        let isEmpty = grid.title == "output" && !isDone(i, j)
        let paint = isEmpty ? Palette.step(Palette.sequential, 0) : color(grid.values[i][j], signedReach: grid.reach)
        let (x, y) = (grid.x + Double(j) * grid.cell, grid.y + Double(i) * grid.cell)
        let inset = isEmpty ? grid.cell * 0.3 : 0.5
        return GnuplotScript.row(
          x, y, x + inset, x + grid.cell - inset, y + inset, y + grid.cell - inset, Double(paint))
      }
    }
  }

  private func outline(_ grid: Grid, _ row: Int, _ column: Int, _ height: Int, _ width: Int) -> String {
    let (x, y) = (grid.x + Double(column) * grid.cell, grid.y + Double(row) * grid.cell)
    let (right, bottom) = (x + Double(width) * grid.cell, y + Double(height) * grid.cell)
    return [(x, y), (right, y), (right, bottom), (x, bottom), (x, y)].map { GnuplotScript.row($0, $1) }.joined(
      separator: "\n")
  }

  /// A curve from the lower edge of the window to the output pixel, below everything else.
  private func arc(from image: Grid, to output: Grid, below: Double) -> [String] {
    let start = (
      x: image.x + (Double(position.column) + Double(kernel[0].count) / 2) * image.cell,
      y: image.y + Double(position.row + kernel.count) * image.cell
    )
    let end = (
      x: output.x + (Double(position.column) + 0.5) * output.cell, y: output.y + Double(position.row + 1) * output.cell
    )
    return (0...40).map { step in
      let t = Double(step) / 40
      // A cubic Bézier curve whose control points are vertically below its ends.
      let (a, b, c, d) = ((1 - t) * (1 - t) * (1 - t), 3 * (1 - t) * (1 - t) * t, 3 * (1 - t) * t * t, t * t * t)
      let low = below + max(0, (below - max(start.y, end.y)) / 3)
      return GnuplotScript.row((a + b) * start.x + (c + d) * end.x, min(below, a * start.y + (b + c) * low + d * end.y))
    }
  }
}
