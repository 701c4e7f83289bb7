// The softmax as the formula says and as a computer needs it.

import Foundation
import Workbook

// snippet: softmaxes
/// exp(zᵢ)/Σ exp(zⱼ), as the formula stands.
func naiveSoftmax(_ z: [Float]) -> [Float] {
  let exponentials = z.map { exp($0) }
  let sum = exponentials.reduce(0, +)
  return exponentials.map { $0 / sum }
}

/// The same with the largest score subtracted from all: the factor
/// exp(−max) cancels, and no exponent is above 0.
func stableSoftmax(_ z: [Float]) -> [Float] {
  let largest = z.max() ?? 0
  return naiveSoftmax(z.map { $0 - largest })
}
// snippet.end

// snippet: logSumExp
/// ln Σ exp(zⱼ) = max z + ln Σ exp(zⱼ − max z).
func logSumExp(_ z: [Float]) -> Float {
  let largest = z.max() ?? 0
  return largest + log(z.map { exp($0 - largest) }.reduce(0, +))
}
// snippet.end

/// What both ways make of the same three scores, moved up or down together.
struct ShiftedScores: Codable, Sendable {
  var shift: Float
  var naive: [Float]
  var stable: [Float]
  /// −ln p of the first class: through the naive probabilities, and as log-sum-exp z − z₀.
  var naiveLoss: Float
  var stableLoss: Float

  /// Scores 1, 2, 3 moved by `shift`: the softmax does not change, since a common factor cancels.
  init(shift: Float) {
    let z = [1, 2, 3].map { $0 + shift }
    self.shift = shift
    naive = naiveSoftmax(z)
    stable = stableSoftmax(z)
    naiveLoss = -log(naive[0])
    stableLoss = logSumExp(z) - z[0]
  }

  /// Whether the naive way still gives the right numbers, to one per cent.
  var naiveIsRight: Bool { zip(naive, stable).allSatisfy { abs($0 - $1) < 0.01 * $1 } }
}

/// Beyond which numbers the exponential of a Float is ∞ or 0.
struct ExponentRange: Codable, Sendable {
  var overflows: Float
  var underflows: Float
}

/// The largest and the smallest number whose exponential a Float can hold, by halving.
func exponentRange() -> ExponentRange {
  func boundary(_ low: Float, _ high: Float, _ isBelow: (Float) -> Bool) -> Float {
    var (low, high) = (low, high)
    while (low + high) / 2 != low && (low + high) / 2 != high {
      let middle = (low + high) / 2
      if isBelow(middle) { low = middle } else { high = middle }
    }
    return low
  }
  return ExponentRange(
    overflows: boundary(0, 200) { exp($0).isFinite }, underflows: boundary(-200, 0) { exp($0) == 0 })
}

/// How far the gradient p − y of softmax with cross-entropy is from central differences, at random scores.
func softmaxGradientError(classes: Int = 10, samples: Int = 8, seed: UInt64) -> Double {
  var generator = SeededGenerator(seed: seed, stream: 8)
  let scores = Tensor([samples, classes], (0..<samples * classes).map { _ in 3 * generator.nextNormal() })
  let labels = (0..<samples).map { _ in generator.nextInt(below: classes) }
  return checkGradients(of: SoftmaxCrossEntropy(), output: scores, target: .classes(labels)).worst
}
