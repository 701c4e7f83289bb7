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

  static let all: [RowWindow] = [
    RowWindow("valid", "*Valid*, no padding: the window stays inside, 7 − 3 + 1 = 5 outputs"),
    RowWindow("same", "*Same*, padding (3 − 1)/2 = 1: as many outputs as pixels, 7 + 2 − 3 + 1 = 7", padding: 1),
    RowWindow("stride 2", "Stride 2: every second position, ⌊(7 − 3)/2⌋ + 1 = 3 outputs", stride: 2),
    RowWindow(
      "dilation 2", "Dilation 2: three weights reach over 2 · 2 + 1 = 5 pixels, 7 − 5 + 1 = 3 outputs", dilation: 2),
  ]

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
      "Every output paints its kernel where it read; where two overlap, the gradients add up",
      .diagram(grids.diagram),
      caption: """
        A kernel with the rows *a b* and *c d* has read an image of 3×3 at four places. The gradient g is 1 for the two upper \
        outputs and 0 for the two lower ones. The overlap is shaded in the sum.
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
      "A unit after the pooling sees two units of the convolution, and these see six pixels",
      .diagram(Diagram(nodes, edges: edges)),
      caption:
        "LeNet's conv1 and pool1 along one axis: a window of 5, then a pooling of 2.",
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
    /// Grey columns of pixels where the unmoved picture begins: what is left of them has moved.
    func guided(_ rows: [[Double]], like unmoved: [[Double]]) -> [[Double]] {
      let columns = unmoved[0].indices
      let first = columns.first { column in unmoved.contains { abs($0[column]) > 0.1 } } ?? 0
      // Pixels drawn several times, so that the line is thin beside them.
      let scale = rows[0].count > 10 ? 2 : 4
      return rows.flatMap { row in
        let wide = row.flatMap { [Double](repeating: $0, count: scale) }
        let line = Array(wide[..<(scale * first)]) + [.nan] + Array(wide[(scale * first)...])
        return [[Double]](repeating: line, count: scale)
      }
    }
    let distances = [0, 1, 2]
    let names = ["unmoved", "moved by 1", "moved by 2"]
    var pictures = ImageGrid(
      columns: 3,
      distances.map { picture(guided(shifted($0), like: shifted(0)), "image, \(names[$0])") }
        + [1, 2].flatMap { stride in
          distances.map { picture(guided(map($0, stride), like: map(0, stride)), "stride \(stride), \(names[$0])") }
        }, isSigned: true)
    pictures.signedLimit = 2
    return Figure(
      "At stride 1 the map moves with the image; at stride 2 a shift by one pixel makes another map",
      .images(pictures),
      caption: """
        The first test digit (\(findings.data)) at 14×14 pixels and its left edges; the grey line marks where the unmoved picture \
        begins. After layers whose strides multiply to $s$, only shifts by multiples of $s$ move the map.
        """,
      name: "equivariance", isWide: true)
  }
}
