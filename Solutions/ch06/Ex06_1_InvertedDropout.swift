// Solution of exercise 6.1: inverted dropout, forward and backward.

import ExerciseKit

/// Exercise 6.1 · Inverted dropout, forward and backward.
public enum Ex06_1_InvertedDropout: Ex06_1 {
  /// Returns the output of inverted dropout in training.
  ///
  /// A value becomes 0 if its random number is below `rate`; the others are divided by 1 − `rate`.
  ///
  ///     forward(Tensor(vector: [1, 2, 3, 4]), dropping: 0.5, random: Tensor(vector: [0.1, 0.9, 0.4, 0.6]))
  ///     // [0, 4, 0, 8]
  ///
  /// - Parameters:
  ///   - input: the values, of any shape.
  ///   - rate: p, the probability of being dropped, in [0, 1).
  ///   - random: a uniform random number from 0 to 1 for each value, with the shape of the input.
  /// - Returns: the outputs, with the shape of the input.
  /// - Source: Srivastava et al. 2014, section 10.
  public static func forward(_ input: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor {
    apply(to: input, rate, random)
  }

  /// Returns ∂L/∂input for the same random numbers.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂output.
  ///   - rate: p.
  ///   - random: the numbers of the forward pass.
  public static func backward(_ outputGradient: Tensor, dropping rate: Float, random: Tensor) throws -> Tensor {
    // For a given mask the layer only multiplies: the gradient gets the same factors.
    apply(to: outputGradient, rate, random)
  }

  private static func apply(to values: Tensor, _ rate: Float, _ random: Tensor) -> Tensor {
    let scale = 1 / (1 - rate)
    let kept = zip(values.elements, random.elements).map { value, number in number < rate ? 0 : value * scale }
    return Tensor(values.shape, kept)
  }
}
