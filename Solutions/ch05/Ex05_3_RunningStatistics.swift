// Solution of exercise 5.3: running statistics and inference.

import ExerciseKit

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
    let (samples, channels) = (batch.shape[0], batch.shape[1])
    let positions = batch.count / (samples * channels)
    let count = samples * positions
    var (newMean, newVariance) = (mean, variance)
    for c in 0..<channels {
      let values = (0..<samples).flatMap { n in
        (0..<positions).map { p in batch.elements[(n * channels + c) * positions + p] }
      }
      let batchMean = values.reduce(0, +) / Float(count)
      let squares = values.reduce(0) { $0 + ($1 - batchMean) * ($1 - batchMean) }
      // Distances from a batch's own mean underestimate the variance; m − 1 corrects for that.
      let unbiased = squares / Float(count - 1)
      newMean[c] = (1 - momentum) * mean[c] + momentum * batchMean
      newVariance[c] = (1 - momentum) * variance[c] + momentum * unbiased
    }
    return (newMean, newVariance)
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
    let channels = input.shape[1]
    let positions = input.count / (input.shape[0] * channels)
    var output = input.elements
    for index in output.indices {
      let c = index / positions % channels
      output[index] = gamma[c] * (output[index] - mean[c]) / (variance[c] + epsilon).squareRoot() + beta[c]
    }
    return Tensor(input.shape, output)
  }
}
