// Answers of chapters 4, 7 and 8 in other styles than the solutions.

import ExerciseKit
import Foundation

/// One product over a padded shape: a dense layer is a convolution with a window of 1×1.
enum FansOfFourAxes: Ex04_1 {
  static func fans(weightShape: [Int]) throws -> [Int] {
    let shape = weightShape + [Int](repeating: 1, count: 4 - weightShape.count)
    return [shape[1] * shape[2] * shape[3], shape[0] * shape[2] * shape[3]]
  }
}

/// (2u − 1)·√6/√(fan-in + fan-out), in Double.
enum XavierInDouble: Ex04_2 {
  static func weights(fanIn: Int, fanOut: Int, random: [Float]) throws -> [Float] {
    let limit = 6.0.squareRoot() / Double(fanIn + fanOut).squareRoot()
    return random.map { Float((2 * Double($0) - 1) * limit) }
  }
}

/// exp(½·ln(2/fan-in)).
enum HeByLogarithm: Ex04_3 {
  static func standardDeviation(weightShape: [Int]) throws -> Float {
    Float(exp(0.5 * (log(2) - weightShape.dropFirst().map { log(Double($0)) }.reduce(0, +))))
  }
}

/// A power of the gain instead of a walk through the layers.
enum SizesByPower: Ex04_4 {
  static func sizes(standardDeviation: Double, fanIn: Int, depth: Int, isRectified: Bool) throws -> [Double] {
    let gain = Double(fanIn) * standardDeviation * standardDeviation * (isRectified ? 0.5 : 1)
    return (1...depth).map { pow(gain, Double($0) / 2) }
  }
}

/// Both norms in one price, the sign as w/|w|.
enum PenaltiesByMagnitude: Ex07_1 {
  static func penalty(_ weights: [Float], l1: Float, l2: Float) throws -> Float {
    Float(weights.reversed().reduce(0.0) { $0 + Double(l1 * abs($1) + l2 * $1 * $1 / 2) })
  }
  static func gradient(_ weights: [Float], l1: Float, l2: Float) throws -> [Float] {
    weights.map { $0 == 0 ? 0 : $0 * (l1 / abs($0) + l2) }
  }
}

/// Asks of every prefix of the history where its smallest error lies.
enum StoppingByPrefixes: Ex07_2 {
  static func stop(errors: [Float], patience: Int) throws -> (stopped: Int, best: Int) {
    func best(_ epochs: Int) -> Int { errors[..<epochs].firstIndex(of: errors[..<epochs].min()!)! + 1 }
    let end = (1...errors.count).first { $0 - best($0) >= patience } ?? errors.count
    return (end, best(end))
  }
}

/// Cropping is shifting by (padding − top, padding − left); shifting looks every source pixel up on the flat list.
enum CropByShift: Ex07_3 {
  static func shifted(_ image: Tensor, down: Int, right: Int) throws -> Tensor {
    let (height, width) = (image.shape[1], image.shape[2])
    let pixels = image.elements.indices.map { index -> Float in
      let (row, column) = (index / width % height - down, index % width - right)
      guard (0..<height).contains(row), (0..<width).contains(column) else { return 0 }
      return image.elements[index - down * width - right]
    }
    return Tensor(image.shape, pixels)
  }
  static func cropped(_ image: Tensor, padding: Int, top: Int, left: Int) throws -> Tensor {
    try shifted(image, down: padding - top, right: padding - left)
  }
}

/// Bits by division, negatives by exclusive or, and equalization with a sorted list instead of a histogram.
enum TonesByArithmetic: Ex07_4 {
  static func solarized(_ levels: [Int], threshold: Int) throws -> [Int] {
    levels.map { $0 < threshold ? $0 : $0 ^ 0xFF }
  }
  static func posterized(_ levels: [Int], bits: Int) throws -> [Int] {
    let step = Int(pow(2, Double(8 - bits)))
    return levels.map { $0 / step * step }
  }
  static func equalized(_ levels: [Int]) throws -> [Int] {
    guard let brightest = levels.max() else { return [] }
    let step = levels.filter { $0 != brightest }.count / 255
    guard step > 0 else { return levels }
    let sorted = levels.sorted()
    return levels.map { min(255, (step / 2 + sorted.firstIndex(of: $0)!) / step) }
  }
}

/// Moves along the window and uses the draw up, with probabilities that add up to the sum instead of 1.
enum PoolingByRoulette: Ex07_5 {
  static func pick(_ window: [Float], draw: Float) throws -> Int {
    let weights = window.map { max(0, Double($0)) }
    var rest = Double(draw) * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() where weight > 0 {
      if rest < weight { return index }
      rest -= weight
    }
    return weights.lastIndex { $0 > 0 } ?? -1
  }
  static func expectation(_ window: [Float]) throws -> Float {
    let positive = window.filter { $0 > 0 }
    let sum = positive.reduce(0, +)
    return positive.reduce(0) { $0 + $1 / sum * $1 }
  }
  static func backward(_ outputGradient: Float, window: [Float], draw: Float) throws -> [Float] {
    let winner = try pick(window, draw: draw)
    return window.indices.map { $0 == winner ? outputGradient : 0 }
  }
}

/// min(1, limit/‖g‖) for all, the norm in Double with `hypot`.
enum ClipByMinimum: Ex07_6 {
  static func clipped(_ gradients: [[Float]], limit: Float) throws -> [[Float]] {
    let norm = gradients.joined().reduce(0.0) { hypot($0, Double($1)) }
    let factor = norm == 0 ? 1 : min(1, Double(limit) / norm)
    return gradients.map { $0.map { Float(Double($0) * factor) } }
  }
}

/// s(1 − s) with s = ½(1 + tanh(z/2)), over flat elements.
enum SquaredErrorFlat: Ex08_1 {
  static func gradient(logits: Tensor, targets: Tensor) throws -> Tensor {
    let share = 1 / Double(logits.shape[0])
    let elements = zip(logits.elements, targets.elements).map { z, y in
      let s = (1 + tanh(Double(z) / 2)) / 2
      return Float((s - Double(y)) * s * (1 - s) * share)
    }
    return Tensor(logits.shape, elements)
  }
}

/// One walk with a running maximum, and p = e^(z − ln Σeᶻ).
enum OnlineSoftmax: Ex08_2 {
  private static func logSum(_ row: [Double]) -> Double {
    var (largest, sum) = (-Double.infinity, 0.0)
    for z in row {
      if z > largest { (largest, sum) = (z, sum * exp(largest - z)) }
      sum += exp(z - largest)
    }
    return largest + log(sum)
  }
  static func softmax(_ logits: Tensor) throws -> Tensor {
    tensor(
      rows(logits).map { row in
        let whole = logSum(row)
        return row.map { exp($0 - whole) }
      })
  }
  static func logSumExp(_ logits: Tensor) throws -> [Float] { rows(logits).map { Float(logSum($0)) } }
}

/// Every probability from the differences of the logits: 1/p = Σ exp(zₖ − z).
enum CrossEntropyByDifferences: Ex08_3 {
  static func loss(logits: Tensor, labels: [Int]) throws -> Float {
    let losses = zip(rows(logits), labels).map { row, label in
      let top = row.max()!
      return log(row.map { exp($0 - top) }.reduce(0, +)) + (top - row[label])
    }
    return Float(losses.reduce(0, +) / Double(labels.count))
  }
  static func gradient(logits: Tensor, labels: [Int]) throws -> Tensor {
    tensor(
      zip(rows(logits), labels).map { row, label in
        row.enumerated().map { j, z in
          let p = 1 / row.map { exp($0 - z) }.reduce(0, +)
          return (j == label ? p - 1 : p) / Double(labels.count)
        }
      })
  }
}

/// Sorts the classes of each sample, equal scores by number.
enum TopErrorBySorting: Ex08_4 {
  static func topError(scores: Tensor, labels: [Int], k: Int) throws -> Double {
    let hits = zip(rows(scores), labels).filter { row, label in
      row.indices.sorted { (row[$1], $0) < (row[$0], $1) }.prefix(k).contains(label)
    }
    return 1 - Double(hits.count) / Double(labels.count)
  }
}
