// Exercise 2.1: the logistic sigmoid and its derivative. Chapter 2, "Sigmoid and tanh".

import ExerciseKit
import Foundation

/// Exercise 2.1 · Sigmoid and its derivative.
public enum Ex02_1_Sigmoid: Ex02_1 {
  /// Returns the logistic sigmoid of each number: σ(x) = 1/(1 + e⁻ˣ).
  ///
  /// - Parameter x: any numbers, including very large and very small ones: σ(−1000) is 0 and σ(1000) is 1.
  /// - Returns: one number from 0 to 1 for each x; for [0] it is [0.5].
  public static func sigmoid(_ x: [Float]) throws -> [Float] {
    throw Unsolved("2.1 Sigmoid and its derivative")
  }

  /// Returns the derivative of the sigmoid at each number: σ′(x) = σ(x)·(1 − σ(x)).
  ///
  /// - Parameter x: any numbers; the points x, not the outputs σ(x).
  /// - Returns: one slope for each x; for [0] it is [0.25].
  public static func derivative(at x: [Float]) throws -> [Float] {
    throw Unsolved("2.1 Sigmoid and its derivative")
  }
}
