// Solution of exercise 5.6: batch normalization folded into the layer before it.

import ExerciseKit

/// Exercise 5.6 · Fold batch norm away.
public enum Ex05_6_FoldBatchNorm: Ex05_6 {
  /// Returns the weights and biases of a single layer that replaces a layer and the batch norm after it at test time.
  ///
  /// At test time batch norm is y = γ·(z − μ)/√(σ² + ε) + β, with z = W·x + b: it scales and shifts each output.
  ///
  ///     fold(weight: Tensor([1, 2], [1, 2]), bias: Tensor(vector: [3]), gamma: [2], beta: [5], mean: [1],
  ///          variance: [4], epsilon: 0)
  ///     // weight [1, 2], bias [7]: the scale is 2/√4 = 1, the shift (3 − 1)·1 + 5
  ///
  /// - Parameters:
  ///   - weight: W, [out, in] of a dense layer or [out, in, kernel height, kernel width] of a convolution.
  ///   - bias: b, [out].
  ///   - gamma: γ, [out].
  ///   - beta: β, [out].
  ///   - mean: the running mean μ, [out].
  ///   - variance: the running variance σ², [out].
  ///   - epsilon: ε.
  /// - Returns: W′ with the shape of W, and b′, [out].
  /// - Source: Jacob et al. 2018, section 3.2.
  public static func fold(
    weight: Tensor, bias: Tensor, gamma: [Float], beta: [Float], mean: [Float], variance: [Float], epsilon: Float
  ) throws -> (weight: Tensor, bias: Tensor) {
    let outputs = weight.shape[0]
    let width = weight.count / outputs
    var (folded, shifts) = (weight.elements, bias.elements)
    for j in 0..<outputs {
      // y = s·(W·x + b − μ) + β with one scale for each output.
      let scale = gamma[j] / (variance[j] + epsilon).squareRoot()
      for i in j * width..<(j + 1) * width { folded[i] *= scale }
      shifts[j] = (bias.elements[j] - mean[j]) * scale + beta[j]
    }
    return (Tensor(weight.shape, folded), Tensor(vector: shifts))
  }
}
