// Solution of exercise 10.2: the training loop.

import ExerciseKit

/// Exercise 10.2 · The training loop.
public enum Ex10_2_TrainingLoop: Ex10_2 {
  /// Trains by mini-batch gradient descent and returns the parameters at the end.
  ///
  /// In each epoch every sample is used once, in the order of that epoch, `batchSize` at a time; the remaining samples
  /// form a last, shorter batch. After each batch: p ← p − η·∂L/∂p.
  ///
  /// - Parameters:
  ///   - parameters: the initial parameters.
  ///   - sampleCount: the number of samples, N.
  ///   - batchSize: the number of samples in a batch, at least 1.
  ///   - epochs: how often all samples are used; for 0 nothing changes.
  ///   - learningRate: η.
  ///   - order: returns the order of the samples in an epoch, counted from 1: the numbers 0 … N − 1, shuffled.
  ///   - gradient: returns the gradient for given parameters and samples, already averaged over the samples.
  /// - Returns: the parameters after the last batch of the last epoch.
  public static func train(
    parameters: [Float], sampleCount: Int, batchSize: Int, epochs: Int, learningRate: Float,
    order: (_ epoch: Int) -> [Int], gradient: (_ parameters: [Float], _ batch: [Int]) -> [Float]
  ) throws -> [Float] {
    var parameters = parameters
    // Not 1...epochs, which traps if there are no epochs.
    for epoch in stride(from: 1, through: epochs, by: 1) {
      let samples = order(epoch)
      for start in stride(from: 0, to: sampleCount, by: batchSize) {
        let batch = Array(samples[start..<min(start + batchSize, sampleCount)])
        let slope = gradient(parameters, batch)
        for index in parameters.indices {
          parameters[index] -= learningRate * slope[index]
        }
      }
    }
    return parameters
  }
}
