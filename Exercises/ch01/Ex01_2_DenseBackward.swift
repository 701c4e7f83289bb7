// Exercise 1.2: the gradients of a dense layer. Chapter 1, "A dense layer".

import ExerciseKit

/// Exercise 1.2 · Dense backward.
public enum Ex01_2_DenseBackward: Ex01_2 {
  /// Returns the gradients of a dense layer Y = X·Wᵀ + b, given the gradient of the loss with respect to Y.
  ///
  /// By the chain rule, sum over every use of a number: every sample uses a weight, and every unit uses an input.
  /// ∂L/∂X = ∂L/∂Y · W, ∂L/∂W = (∂L/∂Y)ᵀ · X, ∂L/∂b = Σₙ ∂L/∂Y[n].
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂Y, [N, out].
  ///   - input: X of the forward pass, [N, in].
  ///   - weight: W, [out, in].
  /// - Returns: ∂L/∂X [N, in], ∂L/∂W [out, in] and ∂L/∂b [out]. For X = [[1, 2]], W = [[3, 4]] and ∂L/∂Y = [[10]]
  ///   they are [[30, 40]], [[10, 20]] and [10].
  public static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    throw Unsolved("1.2 Dense backward")
  }
}
