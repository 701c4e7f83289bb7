// Exercise 10.4: each layer's share of the gradient. Chapter 10.

import ExerciseKit
import Foundation

/// Exercise 10.4 · Gradient share.
public enum Ex10_4_GradientShare: Ex10_4 {
  /// Returns the share of each layer in the sum of the gradients' norms: ‖gₗ‖ / Σₖ ‖gₖ‖.
  ///
  /// - Parameter gradients: the gradient of each layer as one row of numbers.
  /// - Returns: one number from 0 to 1 for each layer, adding up to 1; all 0 if every gradient is 0. For
  ///   `[[3, 4], [5]]` it is `[0.5, 0.5]`.
  /// - Source: S0, *Understanding and Improving Convolutional Neural Networks*, figure 3.
  public static func shares(gradients: [[Float]]) throws -> [Float] {
    throw Unsolved("10.4 Gradient share")
  }
}
