// Exercise 2.3: the exponential linear unit and its gradient. Chapter 2, "ELU".

import ExerciseKit
import Foundation

/// Exercise 2.3 · ELU.
public enum Ex02_3_ELU: Ex02_3 {
  /// Returns the exponential linear unit of each number: x where x > 0, α·(eˣ − 1) elsewhere.
  ///
  /// - Parameters:
  ///   - x: any numbers.
  ///   - alpha: α; for α > 0 the outputs stay above −α.
  /// - Returns: one output for each x; for [2, 0] with any α it is [2, 0].
  /// - Source: Clevert et al. 2016, eq. 15.
  public static func elu(_ x: [Float], alpha: Float) throws -> [Float] {
    throw Unsolved("2.3 ELU")
  }

  /// Returns ∂L/∂x of an ELU: the slope is 1 where x > 0 and α·eˣ elsewhere.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y.
  ///   - input: x of the forward pass, of the same length.
  ///   - alpha: α.
  /// - Returns: ∂L/∂x, of the same length.
  public static func backward(outputGradient: [Float], input: [Float], alpha: Float) throws -> [Float] {
    throw Unsolved("2.3 ELU")
  }
}
