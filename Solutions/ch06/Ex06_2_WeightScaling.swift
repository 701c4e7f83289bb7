// Solution of exercise 6.2: weight-scaling inference.

import ExerciseKit

/// Exercise 6.2 · Weight-scaling inference.
public enum Ex06_2_WeightScaling: Ex06_2 {
  /// Returns the test-time output of a dense layer whose inputs went through the original form of dropout in training.
  ///
  /// In training, each input was present with probability 1 − p, unscaled. At test time all inputs are present, and
  /// every sum should equal its training average over the masks.
  ///
  ///     infer(Tensor([1, 2], [1, 1]), weight: Tensor([1, 2], [2, 4]), bias: [10], dropping: 0.5)    // [1, 1] [13]
  ///
  /// - Parameters:
  ///   - input: [N, in], nothing dropped.
  ///   - weight: W as trained, [out, in].
  ///   - bias: b, [out].
  ///   - rate: p, the fraction of inputs dropped in training.
  /// - Returns: [N, out].
  /// - Source: Srivastava et al. 2014, section 4.
  public static func infer(_ input: Tensor, weight: Tensor, bias: [Float], dropping rate: Float) throws -> Tensor {
    let (samples, inputs, outputs) = (input.shape[0], input.shape[1], bias.count)
    let keep = 1 - rate
    var output = [Float](repeating: 0, count: samples * outputs)
    for n in 0..<samples {
      for j in 0..<outputs {
        var sum: Float = 0
        for i in 0..<inputs { sum += weight.elements[j * inputs + i] * input.elements[n * inputs + i] }
        // The bias was never dropped, so it is not scaled.
        output[n * outputs + j] = keep * sum + bias[j]
      }
    }
    return Tensor([samples, outputs], output)
  }
}
