// Solution of exercise 2.2: the gradients of leaky ReLU and PReLU.

import ExerciseKit
/// Exercise 2.2 · Leaky ReLU and PReLU backward.
public enum Ex02_2_LeakyBackward: Ex02_2 {
  /// Returns ∂L/∂x of a leaky ReLU, y = x where x > 0 and slope·x elsewhere.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y.
  ///   - input: x of the forward pass, of the same length.
  ///   - slope: the slope on the negative side, such as 0.01.
  /// - Returns: ∂L/∂x, of the same length; x = 0 belongs to the negative side.
  public static func leakyReLU(outputGradient: [Float], input: [Float], slope: Float) throws -> [Float] {
    return zip(outputGradient, input).map { gradient, x in x > 0 ? gradient : slope * gradient }
  }

  /// Returns the gradients of a PReLU, y = x where x > 0 and α·x elsewhere, with one learned α for all numbers.
  ///
  /// Every x ≤ 0 uses α, so its gradient is a sum: ∂L/∂α = Σ ∂L/∂y · x over x ≤ 0. α may be any number, even above 1.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y.
  ///   - input: x of the forward pass, of the same length.
  ///   - alpha: α.
  /// - Returns: ∂L/∂x and ∂L/∂α. For ∂L/∂y = [10, 20], x = [3, −2] and α = 0.5 they are [10, 10] and −40.
  /// - Source: He et al. 2015, eq. 3.
  public static func prelu(outputGradient: [Float], input: [Float], alpha: Float) throws -> (
    input: [Float], alpha: Float
  ) {
    var slopeGradient: Float = 0
    for (gradient, x) in zip(outputGradient, input) where x <= 0 { slopeGradient += gradient * x }
    return (try leakyReLU(outputGradient: outputGradient, input: input, slope: alpha), slopeGradient)
  }
}
