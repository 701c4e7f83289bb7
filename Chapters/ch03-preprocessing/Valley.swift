// The valley that a mean digs: one input, one weight, one bias, and the loss over both.

import Foundation
import Workbook

/// The loss of a unit w·x + b over its two parameters, for inputs of mean `offset` and deviation 1.
struct Valley: Sendable {
  var offset: Double
  /// Heights on a grid, row after row, lowest b first.
  var heights: [[Double]]
  /// The path of gradient descent from (0, 0), at the best rate.
  var path: [(w: Double, b: Double)]
  /// λmax/λmin.
  var condition: Double
  /// The steps until the loss is a thousandth of what it was.
  var steps: Int

  static let weights = -1.0...2.5
  static let biases = -4.5...2.0

  /// Measures the valley for a sample of inputs.
  ///
  /// The unit is to learn t = (x − offset) + ½: a slope of 1, and a bias that makes up for the offset.
  init(offset: Double, samples: Int = 500, grid: Int = 61, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x7A)
    var noise = Tensor(zeros: [samples])
    noise.fillNormal(standardDeviation: 1, using: &generator)
    let x = noise.elements.map { Double($0) + offset }
    let count = Double(samples)
    let mean = x.reduce(0, +) / count
    let square = x.reduce(0) { $0 + $1 * $1 } / count
    let (bestWeight, bestBias) = (1.0, 0.5 - offset)
    /// ½E[(w·x + b − t)²], which depends on the distance from the best place alone.
    func loss(_ w: Double, _ b: Double) -> Double {
      let (dw, db) = (w - bestWeight, b - bestBias)
      return 0.5 * (square * dw * dw + 2 * mean * dw * db + db * db)
    }
    func place(_ range: ClosedRange<Double>, _ i: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(i) / Double(grid - 1)
    }
    heights = (0..<grid).map { row in
      (0..<grid).map { loss(place(Self.weights, $0), place(Self.biases, row)) }
    }
    // The eigenvalues of [[E[x²], E[x]], [E[x], 1]].
    let (half, root) = ((square + 1) / 2, (pow((square - 1) / 2, 2) + mean * mean).squareRoot())
    let (largest, smallest) = (half + root, half - root)
    condition = largest / smallest
    let rate = 2 / (largest + smallest)
    var (w, b) = (0.0, 0.0)
    let start = loss(w, b)
    path = [(w, b)]
    steps = 0
    while loss(w, b) > 0.001 * start && steps < 10_000 {
      let (dw, db) = (w - bestWeight, b - bestBias)
      (w, b) = (w - rate * (square * dw + mean * db), b - rate * (mean * dw + db))
      steps += 1
      if path.count <= 40 { path.append((w, b)) }
    }
    self.offset = offset
  }
}
