// The valley that a mean digs: one input, one weight, one bias, and the loss over both.

import Foundation
import Workbook

/// The loss of a unit w·x + b over its two parameters, for inputs of mean `offset` and deviation 1.
struct Valley: Codable, Sendable {
  var offset: Double
  /// E[x] and E[x²] of the sample: all that the loss depends on.
  var mean: Double
  var square: Double
  /// λmax/λmin.
  var condition: Double
  /// The steps until the loss is a thousandth of what it was.
  var steps: Int

  static let weights = -1.0...2.5
  static let biases = -4.5...2.0

  /// A weight and a bias.
  struct Place: Sendable {
    var w: Double
    var b: Double
  }

  /// Where the loss is 0: the unit is to learn t = (x − offset) + ½, a slope of 1, and a bias that makes up for the
  /// offset.
  var best: Place { Place(w: 1, b: 0.5 - offset) }

  /// ½E[(w·x + b − t)²], which depends on the distance from the best place alone.
  func loss(_ w: Double, _ b: Double) -> Double {
    let (dw, db) = (w - best.w, b - best.b)
    return 0.5 * (square * dw * dw + 2 * mean * dw * db + db * db)
  }

  /// Heights on a grid with b to the right and w upwards, row after row, lowest w first.
  var heights: [[Double]] { landscape(Self.biases, Self.weights, grid: 81) { loss($1, $0) } }
}

/// Heights over a plane on a regular grid, row after row, lowest y first.
func landscape(
  _ x: ClosedRange<Double>, _ y: ClosedRange<Double>, grid: Int = 61, _ height: (Double, Double) -> Double
) -> [[Double]] {
  func place(_ range: ClosedRange<Double>, _ i: Int) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * Double(i) / Double(grid - 1)
  }
  return (0..<grid).map { row in (0..<grid).map { height(place(x, $0), place(y, row)) } }
}

/// The loss of a linear unit over the weights of two features, the second of them on another scale:
/// ½(d₁² + scale²·d₂²), with d the distance from the goal (1, 1).
struct TwoScales: Sendable {
  /// The steps of gradient descent from (0, 0) at the best rate, to a thousandth of the loss.
  var steps = 0

  init(scale: Double) {
    // The curvatures are the squares of the scales.
    let square = scale * scale
    let rate = 2 / (1 + square)
    var (x, y) = (1.0, 1.0)
    while x * x + square * y * y > 0.001 * (1 + square) && steps < 10_000 {
      (x, y) = (x - rate * x, y - rate * square * y)
      steps += 1
    }
  }
}

extension Valley {
  /// Measures the valley for a sample of inputs.
  init(offset: Double, samples: Int = 500, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0x7A)
    var noise = Tensor(zeros: [samples])
    noise.fillNormal(standardDeviation: 1, using: &generator)
    let x = noise.elements.map { Double($0) + offset }
    let count = Double(samples)
    let mean = x.reduce(0, +) / count
    let square = x.reduce(0) { $0 + $1 * $1 } / count
    self.init(offset: offset, mean: mean, square: square, condition: 1, steps: 0)
    let (largest, smallest) = curvatures
    (condition, steps) = (largest / smallest, path.count - 1)
  }

  /// The eigenvalues of [[E[x²], E[x]], [E[x], 1]].
  var curvatures: (largest: Double, smallest: Double) {
    let (half, root) = ((square + 1) / 2, (pow((square - 1) / 2, 2) + mean * mean).squareRoot())
    return (half + root, half - root)
  }

  /// The path of gradient descent from (0, 0), at the best rate, until the loss is a thousandth of what it was.
  var path: [Place] {
    let rate = 2 / (curvatures.largest + curvatures.smallest)
    var (w, b, path) = (0.0, 0.0, [Place(w: 0, b: 0)])
    let start = loss(w, b)
    while loss(w, b) > 0.001 * start && path.count <= 10_000 {
      let (dw, db) = (w - best.w, b - best.b)
      (w, b) = (w - rate * (square * dw + mean * db), b - rate * (mean * dw + db))
      path.append(Place(w: w, b: b))
    }
    return path
  }
}
