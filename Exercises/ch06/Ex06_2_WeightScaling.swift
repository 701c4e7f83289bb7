// Exercise 6.2: weight-scaling inference. Chapter 6, "The two forms".

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
    throw Unsolved("6.2 Weight-scaling inference")
  }
}
