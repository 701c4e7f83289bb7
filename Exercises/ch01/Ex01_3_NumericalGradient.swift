// Exercise 1.3: a gradient by central differences. Chapter 1, "Can the gradient be trusted?".

import ExerciseKit

/// Exercise 1.3 · Numerical gradient.
public enum Ex01_3_NumericalGradient: Ex01_3 {
  /// Returns the gradient of a function, approximated by central differences.
  ///
  /// For each coordinate i: (f(x + h·eᵢ) − f(x − h·eᵢ)) / 2h, with all other coordinates unchanged.
  ///
  /// - Parameters:
  ///   - function: f, a function of as many numbers as `point` has.
  ///   - point: x, where the gradient is taken.
  ///   - step: h, positive.
  /// - Returns: approximately ∂f/∂xᵢ for each i. For f(x) = x³ at [1] with h = 0.1 it is [3.01]: the error here is h².
  public static func gradient(of function: ([Double]) -> Double, at point: [Double], step: Double) throws -> [Double] {
    throw Unsolved("1.3 Numerical gradient")
  }
}
