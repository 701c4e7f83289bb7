// Exercise 11.1: Residual block, forward and backward. Chapter 11, "The residual block".

import ExerciseKit

/// Exercise 11.1 · Residual block, forward and backward.
public enum Ex11_1_ResidualBlock: Ex11_1 {
  /// Returns the output of a residual block of two dense layers, y = max(0, x + F(x)) with F(x) = max(0, x·w1ᵀ)·w2ᵀ.
  ///
  /// The sum comes first, then the last ReLU. There are no biases.
  ///
  /// - Parameters:
  ///   - input: x, [N, D]; read `input[n, i]`.
  ///   - w1: [H, D]: row j holds the weights of hidden unit j.
  ///   - w2: [D, H].
  /// - Returns: y, [N, D]. With w2 = 0 and x ≥ 0 it is x itself.
  /// - Source: He et al. 2016, arXiv:1512.03385, eq. 1.
  public static func forward(_ input: Tensor, w1: Tensor, w2: Tensor) throws -> Tensor {
    throw Unsolved("11.1 Residual block, forward and backward")
  }

  /// Returns the gradients of a loss with respect to the input and both weights.
  ///
  /// With g = ∂L/∂y, let e = g where the sum is above 0, and 0 elsewhere. x receives e through the shortcut, plus the
  /// gradient that comes back through F.
  ///
  /// - Parameters:
  ///   - outputGradient: g, [N, D].
  ///   - input: x of the forward pass, [N, D].
  ///   - w1: [H, D].
  ///   - w2: [D, H].
  /// - Returns: ∂L/∂x [N, D], ∂L/∂w1 [H, D] and ∂L/∂w2 [D, H]; sums over the batch.
  public static func backward(_ outputGradient: Tensor, input: Tensor, w1: Tensor, w2: Tensor) throws -> (
    input: Tensor, w1: Tensor, w2: Tensor
  ) {
    throw Unsolved("11.1 Residual block, forward and backward")
  }
}
