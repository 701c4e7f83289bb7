// Solution of exercise 1.1: the forward pass of a dense layer.

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
    let (samples, inputs, units) = (input.shape[0], input.shape[1], weight.shape[0])
    var output = Tensor(zeros: [samples, units])
    for n in 0..<samples {
      for j in 0..<units {
        var sum = bias[j]
        for i in 0..<inputs { sum += input[n, i] * weight[j, i] }
        output[n, j] = sum
      }
    }
    return output
  }
}
