// Exercise 5.2: batch normalization, backward. Chapter 5, "The way back".

import ExerciseKit
import Foundation

/// Exercise 5.2 · Batch norm, backward.
public enum Ex05_2_BatchNormBackward: Ex05_2 {
  /// Returns the gradients of batch normalization with the batch's own statistics.
  ///
  /// y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε); μ and σ² depend on every x of the channel, and the derivative includes
  /// both. The gradient of x has no component that would only shift or scale the whole channel.
  ///
  ///     backward(Tensor([2, 1], [1, -1]), input: Tensor([2, 1], [1, 2]), gamma: Tensor(vector: [1]), epsilon: 0)
  ///     // input gradient [0, 0]: two numbers always become −1 and 1
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, with the shape of the input.
  ///   - input: x, [N, C] or [N, C, H, W].
  ///   - gamma: γ, [C].
  ///   - epsilon: ε.
  /// - Returns: ∂L/∂x with the shape of the input, and ∂L/∂γ and ∂L/∂β, [C] each, summed over the batch.
  /// - Source: Ioffe and Szegedy 2015, section 3.
  public static func backward(_ outputGradient: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) throws
    -> (input: Tensor, gamma: Tensor, beta: Tensor)
  {
    throw Unsolved("5.2 Batch norm, backward")
  }
}
