// Exercise 7.5: drawing a pixel at random, and its expectation. Chapter 7, "Stochastic pooling".

import ExerciseKit

/// Exercise 7.5 · Stochastic pooling.
public enum Ex07_5_StochasticPooling: Ex07_5 {
  /// Returns the index of the pixel drawn from a window, where pixel i has the probability pᵢ = xᵢ/Σx.
  ///
  /// Lay the probabilities end to end from 0 to 1 and see where the draw falls: pixel i is drawn if p₀ + … + pᵢ₋₁ ≤
  /// draw < p₀ + … + pᵢ. A pixel below 0 counts as 0, and a pixel of 0 is never drawn.
  ///
  /// - Parameters:
  ///   - window: x, the pixels under one window.
  ///   - draw: a random number, 0 ≤ draw < 1.
  /// - Returns: the index of the pixel; −1 if none is positive. For 1, 0, 2, 1 and the draw 0.3 it is 2.
  /// - Source: Zeiler and Fergus 2013, arXiv:1301.3557.
  public static func pick(_ window: [Float], draw: Float) throws -> Int {
    throw Unsolved("7.5 Stochastic pooling")
  }

  /// Returns the expected value of the draw, which replaces it at test time: Σ pᵢ·xᵢ = Σx²/Σx.
  ///
  /// - Parameter window: x; pixels below 0 count as 0.
  /// - Returns: the expectation, 0 if no pixel is positive; for 1, 0, 2, 1 it is 1.5.
  public static func expectation(_ window: [Float]) throws -> Float {
    throw Unsolved("7.5 Stochastic pooling")
  }

  /// Returns the training gradient of the pixels of a window: all of it goes to the pixel that was drawn.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y of the pooled value.
  ///   - window: x.
  ///   - draw: the same random number as in the forward pass.
  /// - Returns: one number for each pixel.
  public static func backward(_ outputGradient: Float, window: [Float], draw: Float) throws -> [Float] {
    throw Unsolved("7.5 Stochastic pooling")
  }
}
