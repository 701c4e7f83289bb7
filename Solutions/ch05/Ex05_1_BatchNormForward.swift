// Solution of exercise 5.1: batch normalization, forward.

import ExerciseKit
import Foundation

/// Exercise 5.1 · Batch norm, forward.
public enum Ex05_1_BatchNormForward: Ex05_1 {
  /// Returns the batch normalization of a batch, with the batch's own statistics.
  ///
  /// For every channel: μ is the mean of its values over all samples and positions, σ² the mean of their squared
  /// distances from μ (divide by their number, not by one less), and every value x becomes γ·(x − μ)/√(σ² + ε) + β.
  ///
  ///     forward(Tensor([2, 1], [1, 3]), gamma: Tensor(vector: [1]), beta: Tensor(vector: [0]), epsilon: 0)
  ///     // [2, 1] [-1, 1]
  ///
  /// - Parameters:
  ///   - input: [N, C], or [N, C, H, W] with all H·W positions of a channel pooled.
  ///     `input.elements` are its numbers, the last axis fastest; they are read, not written. `Tensor(input.shape, y)`
  ///     makes a tensor of a list `y`.
  ///   - gamma: γ, [C].
  ///   - beta: β, [C].
  ///   - epsilon: ε, added to the variance.
  /// - Returns: the outputs, of the input's shape.
  /// - Source: Ioffe and Szegedy 2015, algorithm 1.
  public static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let (samples, channels) = (input.shape[0], input.shape[1])
    let positions = input.count / (samples * channels)
    let count = Double(samples * positions)
    var output = [Float](repeating: 0, count: input.count)
    for c in 0..<channels {
      // Where the values of channel c lie.
      let places = (0..<samples).flatMap { n in
        (0..<positions).map { p in (n * channels + c) * positions + p }
      }
      // In double precision: many small numbers are added up.
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
