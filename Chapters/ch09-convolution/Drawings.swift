// The small drawings of chapter 9: windows over seven pixels, a shifted image, the way back, a receptive field.

import Workbook

/// Seven pixels in a row under a window of three: which weight lies on which pixel.
struct RowWindow: Sendable {
  var name: String
  var title: String
  /// A row for each output, a column for each pixel: the number of the weight, 0 where none lies.
  var weights: [[Double]]
  var columns: [String]

  /// `pixels` in a row, 3 weights.
  init(_ name: String, _ title: String, pixels: Int = 7, stride: Int = 1, padding: Int = 0, dilation: Int = 1) {
    let outputs = outputSize(pixels, kernel: dilation * 2 + 1, stride: stride, padding: padding)
    self.name = name
    self.title = title
    weights = (0..<outputs).map { i in
      var row = [Double](repeating: 0, count: pixels + 2 * padding)
      for u in 0..<3 { row[i * stride + u * dilation] = Double(u + 1) }
      return row
    }
    let border = Array(repeating: "pad", count: padding)
    columns = border + (1...pixels).map { "x\($0)" } + border
  }

  /// The same turned over: what read is written.
  func transposed(_ name: String, _ title: String) -> RowWindow {
    var result = self
    (result.name, result.title) = (name, title)
    result.weights = columns.indices.map { column in weights.map { $0[column] } }
    result.columns = weights.indices.map { "x\($0 + 1)" }
    return result
  }

  static let all: [RowWindow] = {
    let stride = RowWindow("stride 2", "Stride 2: every second position, ⌊(7 − 3)/2⌋ + 1 = 3 outputs", stride: 2)
    return [
      RowWindow("valid", "*Valid*, no padding: the window stays inside, 7 − 3 + 1 = 5 outputs"),
      RowWindow("same", "*Same*, padding (3 − 1)/2 = 1: as many outputs as pixels, 7 + 2 − 3 + 1 = 7", padding: 1),
      stride,
      RowWindow(
        "dilation 2", "Dilation 2: three weights reach over 2 · 2 + 1 = 5 pixels, 7 − 5 + 1 = 3 outputs", dilation: 2),
      stride.transposed(
        "transposed", "Transposed, stride 2: three pixels become (3 − 1) · 2 + 3 = 7 outputs"),
    ]
  }()

  var plot: Plot {
    .heatMap(
      HeatMap(
        weights.map { $0.map { $0 == 0 ? .nan : $0 } }, rows: weights.indices.map { "y\($0 + 1)" }, columns: columns,
        xLabel: "pixel", yLabel: "output", showsNumbers: true, valueRange: 0...3))
  }
}

/// Squares with numbers, in grids: what several figures are drawn of.
struct NumberGrids {
  static let cell = 0.4
  private(set) var nodes: [Diagram.Node] = []

  /// Rows of texts, the top left one at (x, y) in cells; `color` gives each its place in the palette.
  mutating func grid(
    _ name: String, _ rows: [[String]], x: Double, y: Double, color: (_ i: Int, _ j: Int) -> Int? = { _, _ in nil }
  ) {
    let cell = Self.cell
    for (i, row) in rows.enumerated() {
      for (j, text) in row.enumerated() {
        nodes.append(
          Diagram.Node(
            text, x: cell * (x + Double(j)), y: -cell * (y + Double(i)), size: (width: cell, height: cell),
            color: color(i, j)))
      }
    }
    if name.isEmpty { return }
    let middle = x + Double((rows.first?.count ?? 1) - 1) / 2
    label(name, x: middle, y: y + Double(rows.count) - 0.1)
  }

  /// Text alone, around (x, y) in cells.
  mutating func label(_ text: String, x: Double, y: Double) {
    nodes.append(
      Diagram.Node(
        text, x: Self.cell * x, y: -Self.cell * y, form: .plain,
        size: (width: text.count > 1 ? 0.9 : 0.3, height: 0.3)))
  }

  var diagram: Diagram { Diagram(nodes) }
}

extension SlidingWindow {
  /// g = 1 1 / 0 0 painted back through a 2×2 kernel: two copies of it on the image, and their sum.
  static var wayBackFigure: Figure {
    let kernel = [["a", "b"], ["c", "d"]]
    func copy(at column: Int) -> [[String]] {
      (0..<3).map { i in
        (0..<3).map { j in i < 2 && (column..<column + 2).contains(j) ? kernel[i][j - column] : "0" }
      }
    }
    let (first, second) = (copy(at: 0), copy(at: 1))
    let sum = zip(first, second).map { zip($0, $1).map { $0 == "0" ? $1 : $1 == "0" ? $0 : "\($1)+\($0)" } }
    var grids = NumberGrids()
    grids.grid("g", [["1", "1"], ["0", "0"]], x: 0, y: 0.5) { i, _ in i == 0 ? 1 : nil }
    grids.label("→", x: 2.1, y: 1)
    grids.grid("the first 1", first, x: 3.2, y: 0) { i, j in i < 2 && j < 2 ? 0 : nil }
    grids.label("+", x: 6.2, y: 1)
    grids.grid("the second 1", second, x: 7.2, y: 0) { i, j in i < 2 && j > 0 ? 2 : nil }
    grids.label("=", x: 10.2, y: 1)
    grids.grid("gradient of x", sum, x: 11.2, y: 0) { i, j in i < 2 && j == 1 ? 1 : nil }
    return Figure(
      "Every output paints the kernel where it read; where two overlap, the paint adds up",
      .diagram(grids.diagram),
      caption: """
        The kernel a b / c d has read an image of 3×3 at four places, and g came back: 1 for the two upper ones, 0 for the lower \
        ones. Shaded in the sum: the overlap.
        """,
      name: "way-back", isWide: true)
  }

  /// One unit behind a pooling 2×2, the four it sees along one axis as two, and the pixels behind them.
  static var fieldFigure: Figure {
    var nodes: [Diagram.Node] = []
    var edges: [Diagram.Edge] = []
    let step = 0.9
    for pixel in 0..<6 {
      nodes.append(
        Diagram.Node("x\(pixel + 1)", x: step * Double(pixel), y: 0, size: (width: 0.5, height: 0.35), color: 0))
    }
    for unit in 0..<2 {
      nodes.append(
        Diagram.Node("conv", x: step * (2 + Double(unit)), y: 1.1, size: (width: 0.6, height: 0.35), color: 2))
      edges += (0..<5).map { Diagram.Edge(unit + $0, 6 + unit) }
    }
    nodes.append(Diagram.Node("pool", x: step * 2.5, y: 2, size: (width: 0.6, height: 0.35), color: 1))
    edges += [Diagram.Edge(6, 8), Diagram.Edge(7, 8)]
    return Figure(
      "One unit after the pooling sees two of the convolution, and these see six pixels",
      .diagram(Diagram(nodes, edges: edges)),
      caption:
        "LeNet's conv1 and pool1 along one axis: a window of 5, then a pooling of 2. The second window adds one pixel to the first one's five.",
      name: "field")
  }

  /// A digit and its map, both again after a shift, and with stride 2, where it fails.
  static func equivarianceFigure(_ findings: Findings) -> Figure {
    let small = Slide.small(findings.example).map { [0, 0] + $0 + [0, 0] }
    func shifted(_ distance: Int) -> [[Double]] {
      small.map { row in row.indices.map { $0 >= distance ? row[$0 - distance] : 0 } }
    }
    func map(_ distance: Int, _ stride: Int) -> [[Double]] {
      correlate(shifted(distance), with: Slide.kernel, stride: stride)
    }
    var pictures = ImageGrid(
      columns: 4,
      [
        picture(small, "image"), picture(map(0, 1), "map"), picture(shifted(1), "image, 1 to the right"),
        picture(map(1, 1), "map, 1 to the right"), picture(shifted(2), "image, 2 to the right"),
        picture(map(0, 2), "stride 2: map"),
        picture(map(1, 2), "map, image moved by 1"), picture(map(2, 2), "map, image moved by 2"),
      ], isSigned: true)
    pictures.signedLimit = 2
    return Figure(
      "At stride 1 the map moves with the image; at stride 2 a shift by one pixel makes another map",
      .images(pictures),
      caption: """
        The first test image (\(findings.data)) on 14×14 pixels, and its left edges. Below, with stride 2: a shift by 2 moves the \
        map by one, a shift by 1 has no place to go. After layers whose strides multiply to $s$, only shifts by multiples of $s$ \
        are kept. (Of a random image and stride 1, shifted before or after the kernel: away from the edge the results \
        \(findings.shiftError == 0 ? "are identical" : "differ by \(short(findings.shiftError)), which is rounding").)
        """,
      name: "equivariance", isWide: true)
  }
}
