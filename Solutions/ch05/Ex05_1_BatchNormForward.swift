// Solution of exercise 5.1: batch normalization, forward.

import ExerciseKit
import Foundation

/// Exercise 5.1 · Batch norm, forward.
public enum Ex05_1_BatchNormForward: Ex05_1 {
  /// Returns the batch-normalized values of a batch, using the batch's own statistics.
  ///
  /// For every channel: μ is the mean of its values over all samples and positions, σ² the mean of their squared
  /// distances from μ (divide by m, not by m − 1), and every value x becomes γ·(x − μ)/√(σ² + ε) + β.
  ///
  ///     forward(Tensor([2, 1], [1, 3]), gamma: Tensor(vector: [1]), beta: Tensor(vector: [0]), epsilon: 0)
  ///     // [2, 1] [-1, 1]
  ///
  /// - Parameters:
  ///   - input: [N, C], or [N, C, H, W] where the H·W positions of a channel share its statistics.
  ///     `input.elements` are its numbers in row-major order, read-only. `Tensor(input.shape, y)` makes a tensor from
  ///     an array `y`.
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - epsilon: ε, added to the variance.
  /// - Returns: the outputs, with the shape of the input.
  /// - Source: Ioffe and Szegedy 2015, algorithm 1.
  public static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let (samples, channels) = (input.shape[0], input.shape[1])
    let positions = input.count / (samples * channels)
    let count = Double(samples * positions)
    var output = [Float](repeating: 0, count: input.count)
    for c in 0..<channels {
      // The indices of the values of channel c.
      let places = (0..<samples).flatMap { n in
        (0..<positions).map { p in (n * channels + c) * positions + p }
      }
      // In double precision, because many small numbers are added up.
      let mean = places.reduce(0.0) { $0 + Double(input.elements[$1]) } / count
      let variance = places.reduce(0.0) { $0 + pow(Double(input.elements[$1]) - mean, 2) } / count
      let deviation = (variance + Double(epsilon)).squareRoot()
      for place in places {
        let normalized = Float((Double(input.elements[place]) - mean) / deviation)
        output[place] = gamma.elements[c] * normalized + beta.elements[c]
      }
    }
    return Tensor(input.shape, output)
  }
}
