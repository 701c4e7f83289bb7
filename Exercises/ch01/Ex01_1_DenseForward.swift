// Exercise 1.1: the forward pass of a dense layer. Chapter 1, "A dense layer".

import ExerciseKit

/// Exercise 1.1 · Dense forward.
public enum Ex01_1_DenseForward: Ex01_1 {
  /// Returns the outputs of a dense layer: Y = X·Wᵀ + b.
  ///
  /// Every unit j adds up the products of a sample with its row of weights, plus its bias:
  /// y[n, j] = Σᵢ x[n, i] · w[j, i] + b[j].
  ///
  /// - Parameters:
  ///   - input: X, [N, in], one sample per row.
  ///   - weight: W, [out, in], the weights of one unit per row.
  ///   - bias: b, [out].
  /// - Returns: Y, [N, out]. One sample [1, 2] with the weights [[3, 4]] and the bias [5] gives [[16]].
  public static func forward(_ input: Tensor, weight: Tensor, bias: Tensor) throws -> Tensor {
    throw Unsolved("1.1 Dense forward")
  }
}
