// Exercise 6.4: the exact ensemble of a small net. Chapter 6, "Many nets in one".

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
    throw Unsolved("6.4 The exact ensemble of a small net")
  }

  /// Returns the normalized geometric mean of the same outputs: the product of all outputs, each raised to the
  /// probability of its mask, scaled to add up to 1.
  ///
  /// - Returns: one probability for each class.
  /// - Source: Baldi and Sadowski 2013.
  public static func geometricMean(hidden: [Double], weight: [[Double]], bias: [Double], dropping rate: Double) throws
    -> [Double]
  {
    throw Unsolved("6.4 The exact ensemble of a small net")
  }
}
