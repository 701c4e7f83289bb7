// The valley that a mean digs: one input, one weight, one bias, and the loss over both.

import Foundation
import Workbook

/// The loss of a unit w·x + b over its two parameters, for inputs of mean `offset` and deviation 1.
struct Valley: Codable, Sendable {
  var offset: Double
  /// E[x] and E[x²] of the sample: all that the loss depends on.
  var mean: Double
  var square: Double
  /// The path of gradient descent from (0, 0), at the best rate.
  var path: [Place]
  /// λmax/λmin.
  var condition: Double
  /// The steps until the loss is a thousandth of what it was.
  var steps: Int

  static let weights = -1.0...2.5
  static let biases = -4.5...2.0

  /// A weight and a bias.
  struct Place: Codable, Sendable {
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

  /// Heights on a grid, row after row, lowest b first.
  func heights(grid: Int = 61) -> [[Double]] {
    func place(_ range: ClosedRange<Double>, _ i: Int) -> Double {
      range.lowerBound + (range.upperBound - range.lowerBound) * Double(i) / Double(grid - 1)
    }
    return (0..<grid).map { row in
      (0..<grid).map { loss(place(Self.weights, $0), place(Self.biases, row)) }
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
    // The eigenvalues of [[E[x²], E[x]], [E[x], 1]].
    let (half, root) = ((square + 1) / 2, (pow((square - 1) / 2, 2) + mean * mean).squareRoot())
    let (largest, smallest) = (half + root, half - root)
    self.init(
      offset: offset, mean: mean, square: square, path: [Place(w: 0, b: 0)], condition: largest / smallest, steps: 0)
    let rate = 2 / (largest + smallest)
    var (w, b) = (0.0, 0.0)
    let start = loss(w, b)
    while loss(w, b) > 0.001 * start && steps < 10_000 {
      let (dw, db) = (w - best.w, b - best.b)
      (w, b) = (w - rate * (square * dw + mean * db), b - rate * (mean * dw + db))
      steps += 1
      if path.count <= 40 { path.append(Place(w: w, b: b)) }
    }
  }
}
