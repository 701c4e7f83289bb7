// Exercise 5.3: running statistics and inference. Chapter 5, "At test time there is no batch".

import ExerciseKit
import Foundation

/// Exercise 5.3 · Running statistics and inference.
public enum Ex05_3_RunningStatistics: Ex05_3 {
  /// Returns the running mean and variance after another batch.
  ///
  /// Each new value is (1 − momentum)·old + momentum·batch. Use the mean of the batch and its unbiased variance, with
  /// m − 1 in the denominator, where m is the number of values of a channel.
  ///
  ///     update(mean: [0], variance: [1], with: Tensor([2, 1], [1, 3]), momentum: 0.5)
  ///     // mean [1], variance [1.5]
  ///
  /// - Parameters:
  ///   - mean: the running mean so far, [C].
  ///   - variance: the running variance so far, [C].
  ///   - batch: [N, C] or [N, C, H, W], with at least two values for each channel.
  ///   - momentum: the weight of the batch, in (0, 1].
  /// - Returns: the new mean and the new variance, [C] each.
  /// - Source: Ioffe and Szegedy 2015, algorithm 2, with a moving average as in all libraries.
  public static func update(mean: [Float], variance: [Float], with batch: Tensor, momentum: Float) throws
    -> (mean: [Float], variance: [Float])
  {
    throw Unsolved("5.3 Running statistics and inference")
  }

  /// Returns the batch-normalized values of any batch, using stored statistics: γ·(x − mean)/√(variance + ε) + β.
  ///
  ///     infer(Tensor([1, 1], [5]), mean: [3], variance: [4], gamma: [1], beta: [0], epsilon: 0)    // [1]
  ///
  /// - Parameters:
  ///   - input: [N, C] or [N, C, H, W]; N may be 1.
  ///   - mean: the running mean, [C].
  ///   - variance: the running variance, [C].
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - epsilon: ε.
  /// - Returns: the outputs, with the shape of the input.
  public static func infer(
    _ input: Tensor, mean: [Float], variance: [Float], gamma: [Float], beta: [Float], epsilon: Float
  ) throws -> Tensor {
    throw Unsolved("5.3 Running statistics and inference")
  }
}
