// Exercise 2.4: a maxout layer, both directions. Chapter 2, "Maxout".

import ExerciseKit

/// Exercise 2.4 · Maxout forward and backward.
public enum Ex02_4_Maxout: Ex02_4 {
  /// Returns the outputs of a maxout layer: each unit is the largest of `pieces` sums.
  ///
  /// y[n, u] = max over k of Σᵢ x[n, i] · w[u·pieces + k, i] + b[u·pieces + k]: the pieces of a unit are adjacent rows.
  ///
  /// - Parameters:
  ///   - input: X, [N, in].
  ///   - weight: W, [units · pieces, in].
  ///   - bias: b, [units · pieces].
  ///   - pieces: the number of sums per unit.
  /// - Returns: Y, [N, units]. The sample [3] with weights [[1], [−1]], biases [0, 0] and 2 pieces gives [[3]].
  /// - Source: Goodfellow et al. 2013, eq. 2.
  public static func forward(_ input: Tensor, weight: Tensor, bias: Tensor, pieces: Int) throws -> Tensor {
    throw Unsolved("2.4 Maxout forward and backward")
  }

  /// Returns the gradients of a maxout layer: the gradient of a unit goes only to the largest piece.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂Y, [N, units].
  ///   - input: X of the forward pass, [N, in].
  ///   - weight: W, [units · pieces, in].
  ///   - bias: b, [units · pieces].
  ///   - pieces: the number of sums per unit.
  /// - Returns: ∂L/∂X [N, in], ∂L/∂W [units · pieces, in] and ∂L/∂b [units · pieces].
  public static func backward(
    _ outputGradient: Tensor, input: Tensor, weight: Tensor, bias: Tensor, pieces: Int
  ) throws -> (input: Tensor, weight: Tensor, bias: Tensor) {
    throw Unsolved("2.4 Maxout forward and backward")
  }
}
