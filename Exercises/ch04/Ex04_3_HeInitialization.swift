// Exercise 4.3: the standard deviation of He initialization. Chapter 4, "The derivation".

import ExerciseKit
import Foundation

/// Exercise 4.3 · He initialization.
public enum Ex04_3_HeInitialization: Ex04_3 {
  /// Returns the standard deviation of the initial weights of a layer followed by a ReLU, by the rule of He et al.
  ///
  /// A unit adds up fan-in products, so Var(y) = fan-in · E[x²] · Var(w). A ReLU removes half of the signal: E[x²]
  /// after it is half the variance of the sum before it. Choose Var(w) so that the variance stays the same from layer
  /// to layer.
  ///
  /// - Parameter weightShape: `[out, in]` of a dense layer, or `[out, in, kernel height, kernel width]` of a
  ///   convolution.
  /// - Returns: σ; for `[10, 50]` it is 0.2.
  /// - Source: He et al. 2015, eq. 10.
  public static func standardDeviation(weightShape: [Int]) throws -> Float {
    throw Unsolved("4.3 He initialization")
  }
}
