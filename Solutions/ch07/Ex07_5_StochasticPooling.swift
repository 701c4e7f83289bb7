// Solution of exercise 7.5: drawing a pixel at random, and its expectation.

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
    let values = window.map { max(0, $0) }
    var rest = draw * values.reduce(0, +)
    var last = -1
    for (place, value) in values.enumerated() where value > 0 {
      last = place
      rest -= value
      if rest < 0 { return place }
    }
    // If rounding leaves a remainder, it belongs to the last positive pixel.
    return last
  }

  /// Returns the expected value of the draw, which replaces it at test time: Σ pᵢ·xᵢ = Σx²/Σx.
  ///
  /// - Parameter window: x; pixels below 0 count as 0.
  /// - Returns: the expectation, 0 if no pixel is positive; for 1, 0, 2, 1 it is 1.5.
  public static func expectation(_ window: [Float]) throws -> Float {
    let values = window.map { max(0, $0) }
    let sum = values.reduce(0, +)
    return sum == 0 ? 0 : values.reduce(0) { $0 + $1 * $1 } / sum
  }

  /// Returns the training gradient of the pixels of a window: all of it goes to the pixel that was drawn.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y of the pooled value.
  ///   - window: x.
  ///   - draw: the same random number as in the forward pass.
  /// - Returns: one number for each pixel.
  public static func backward(_ outputGradient: Float, window: [Float], draw: Float) throws -> [Float] {
    var gradient = [Float](repeating: 0, count: window.count)
    let place = try pick(window, draw: draw)
    if place >= 0 { gradient[place] = outputGradient }
    return gradient
  }
}
