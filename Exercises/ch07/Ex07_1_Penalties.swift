// Exercise 7.1: L1 and L2 penalties, and their contribution to the gradient. Chapter 7, "A price on weights".

import ExerciseKit

/// Exercise 7.1 · Penalties and their gradients.
public enum Ex07_1_Penalties: Ex07_1 {
  /// Returns the penalty on the weights: λ₁·Σ|w| + ½·λ₂·Σw².
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - l1: λ₁, at least 0.
  ///   - l2: λ₂, at least 0.
  /// - Returns: the penalty; for the weights 3, −4 it is 7 with λ₁ = 1 alone, and 12.5 with λ₂ = 1 alone.
  public static func penalty(_ weights: [Float], l1: Float, l2: Float) throws -> Float {
    throw Unsolved("7.1 Penalties and their gradients")
  }

  /// Returns the contribution of the penalty to the gradient of each weight: λ₁·sign(w) + λ₂·w.
  ///
  /// At w = 0 the slope of |w| is undefined; use 0 there, so that a weight of 0 stays 0.
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - l1: λ₁, at least 0.
  ///   - l2: λ₂, at least 0.
  /// - Returns: one number for each weight; for 3, 0, −4 with λ₁ = 1 alone they are 1, 0, −1.
  public static func gradient(_ weights: [Float], l1: Float, l2: Float) throws -> [Float] {
    throw Unsolved("7.1 Penalties and their gradients")
  }
}
