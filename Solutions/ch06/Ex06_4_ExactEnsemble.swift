// Solution of exercise 6.4: the exact ensemble of a small net.

import ExerciseKit
import Foundation

/// Exercise 6.4 · The exact ensemble of a small net.
public enum Ex06_4_ExactEnsemble: Ex06_4 {
  /// Returns the expected probabilities of a softmax layer after inverted dropout, over all 2^M masks of M hidden units.
  ///
  /// A mask that keeps k of the M units has the probability (1 − p)ᵏ·pᴹ⁻ᵏ. Its network sees the kept units divided by
  /// 1 − p and the others as 0; its output is softmax(W·h + b).
  ///
  ///     average(hidden: [1], weight: [[2], [0]], bias: [0, 0], dropping: 0.5)
  ///     // half of softmax(4, 0) plus half of softmax(0, 0): [0.741, 0.259]
  ///
  /// - Parameters:
  ///   - hidden: h, the M hidden activations of one sample, nothing dropped.
  ///   - weight: W, a row of M numbers for each class.
  ///   - bias: b, one for each class.
  ///   - rate: p.
  /// - Returns: one probability for each class.
  public static func average(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws
    -> [Double]
  {
    var result = [Double](repeating: 0, count: bias.count)
    forEachNet(hidden, weight, bias, rate) { probability, answer in
      for j in result.indices { result[j] += probability * answer[j] }
    }
    return result
  }

  /// Returns the normalized geometric mean of the same outputs: the product of all outputs, each raised to the
  /// probability of its mask, scaled to add up to 1.
  ///
  /// - Returns: one probability for each class.
  /// - Source: Baldi and Sadowski 2013.
  public static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws
    -> [Double]
  {
    var logarithms = [Double](repeating: 0, count: bias.count)
    forEachNet(hidden, weight, bias, rate) { probability, answer in
      for j in logarithms.indices { logarithms[j] += probability * log(answer[j]) }
    }
    let powers = logarithms.map { exp($0) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }

  /// Visits every mask with its probability and the output of its network.
  private static func forEachNet(
    _ hidden: [Double], _ weight: [[Double]], _ bias: [Double], _ rate: Double,
    _ visit: (_ probability: Double, _ answer: [Double]) -> Void
  ) {
    for mask in 0..<(1 << hidden.count) {
      var probability = 1.0
      var kept = [Double](repeating: 0, count: hidden.count)
      for i in hidden.indices {
        if (mask >> i) & 1 == 1 {
          probability *= 1 - rate
          kept[i] = hidden[i] / (1 - rate)
        } else {
          probability *= rate
        }
      }
      let logits = bias.indices.map { j in zip(weight[j], kept).reduce(bias[j]) { $0 + $1.0 * $1.1 } }
      visit(probability, softmax(logits))
    }
  }

  private static func softmax(_ logits: [Double]) -> [Double] {
    let largest = logits.max() ?? 0
    let powers = logits.map { exp($0 - largest) }
    let sum = powers.reduce(0, +)
    return powers.map { $0 / sum }
  }
}
