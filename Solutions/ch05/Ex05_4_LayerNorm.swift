// Solution of exercise 5.4: layer normalization.

import ExerciseKit

/// Exercise 5.4 · Layer norm.
public enum Ex05_4_LayerNorm: Ex05_4 {
  /// Returns the layer-normalized values of a batch: every sample is normalized with its own mean and variance.
  ///
  /// For every sample, compute μ and σ² (divide by the number of values) over all its values; the value at position i
  /// becomes γᵢ·(x − μ)/√(σ² + ε) + βᵢ. γ and β belong to positions within a sample.
  ///
  ///     forward(Tensor([1, 2], [1, 3]), gamma: Tensor(vector: [1, 1]), beta: Tensor(vector: [0, 0]), epsilon: 0)
  ///     // [1, 2] [-1, 1]
  ///
  /// - Parameters:
  ///   - input: x, [N, …].
  ///   - gamma: γ, with the shape of one sample.
  ///   - beta: β, with the shape of one sample.
  ///   - epsilon: ε, added to the variance.
  /// - Returns: the outputs, with the shape of the input.
  /// - Source: Ba, Kiros and Hinton 2016, eq. 3.
  public static func forward(_ input: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) throws -> Tensor {
    let width = gamma.count
    var output: [Float] = []
    for n in 0..<input.shape[0] {
      let sample = input.elements[n * width..<(n + 1) * width].map(Double.init)
      let mean = sample.reduce(0, +) / Double(width)
      let variance = sample.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
      let deviation = (variance + Double(epsilon)).squareRoot()
      for i in 0..<width {
        output.append(gamma.elements[i] * Float((sample[i] - mean) / deviation) + beta.elements[i])
      }
    }
    return Tensor(input.shape, output)
  }
}
