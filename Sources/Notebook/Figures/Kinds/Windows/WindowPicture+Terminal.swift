// A convolution at one position of its window, in a terminal: image and output in shades, the sum in numbers.

extension WindowPicture {
  package func cells(_ terminal: TerminalPicture) -> CellCanvas {
    let output = output
    guard let outputColumns = output.first?.count else {
      var canvas = CellCanvas(width: terminal.width, height: 1)
      canvas.write("no window to draw", 0, 0, color: terminal.grey)
      return canvas
    }
    let width = image.first?.count ?? 0
    let cell = 2 * (width + outputColumns) + 4 <= terminal.width ? 2 : 1
    let below = image.count + 2
    var canvas = CellCanvas(width: terminal.width, height: below + kernel.count + 1)
    func paint(_ color: UInt32, _ x: Int, _ y: Int, _ mark: String = "", isPixel: Bool = false) {
      let text = mark.isEmpty ? String(repeating: " ", count: cell) : mark
      for (k, character) in text.prefix(cell).enumerated() where x + k < terminal.width {
        canvas[x + k, y] =
          terminal.hasColor
          ? .init(
            character: character, color: Palette.luminance(color) < 0.179 ? 255 : 16, ground: CellCanvas.nearest(color))
          : .init(character: mark.isEmpty ? terminal.shade(color, dark: !isPixel) : character)
      }
    }
    canvas.write("image", 0, 0, color: terminal.grey)
    let right = cell * width + 4
    canvas.write("output", right, 0, color: terminal.grey)
    for (i, row) in image.enumerated() {
      for (j, value) in row.enumerated() {
        let (u, v) = (i - position.row, j - position.column)
        let isUnder = kernel.indices.contains(u) && kernel[u].indices.contains(v)
        paint(color(value), cell * j, i + 1, isUnder ? (cell == 2 ? "[]" : "#") : "", isPixel: true)
      }
    }
    for (i, row) in output.enumerated() {
      for (j, value) in row.enumerated() {
        if (i, j) == (position.row, position.column) {
          paint(color(value, signedReach: reach), right + cell * j, i + 1, cell == 2 ? "[]" : "#")
        } else if isDone(i, j) {
          paint(color(value, signedReach: reach), right + cell * j, i + 1)
        } else {
          canvas.write("·", right + cell * j, i + 1, color: terminal.grey)
        }
      }
    }
    // Three blocks of numbers with signs between them, as wide apart as they fit.
    let blocks = [patch, kernel, products].map { $0.map { $0.map(text) } }
    let total = "Σ = \(text(sum))"
    let widths = blocks.map { block in (block.joined().map(\.count).max() ?? 1) + 1 }
    let columns = kernel.first?.count ?? 0
    let bare = widths.reduce(0, +) * columns
    let gap = bare + 2 * 3 + 2 + total.count <= terminal.width ? 3 : 2
    var start = 0
    for (index, block) in blocks.enumerated() {
      let step = widths[index]
      for (u, row) in block.enumerated() {
        for (v, number) in row.enumerated() {
          canvas.write(number, start + (v + 1) * step - number.count, below + u)
        }
      }
      start += step * columns
      if index < 2 { canvas.write(index == 0 ? "×" : "=", start + 1, below + kernel.count / 2) }
      start += index < 2 ? gap : 0
    }
    let fits = start + 2 + total.count <= terminal.width
    canvas.write(total, fits ? start + 2 : 1, below + (fits ? kernel.count / 2 : kernel.count))
    return canvas
  }
}
