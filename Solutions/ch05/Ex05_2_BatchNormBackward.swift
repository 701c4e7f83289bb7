// Solution of exercise 5.2: batch normalization, backward.

import ExerciseKit

/// Exercise 5.2 · Batch norm, backward.
public enum Ex05_2_BatchNormBackward: Ex05_2 {
  /// Returns the gradients of batch normalization with the batch's own statistics.
  ///
  /// y = γ·x̂ + β with x̂ = (x − μ)/√(σ² + ε); μ and σ² depend on every x of the channel, and the derivative includes
  /// both. The gradient of x has no component that would only shift or scale the whole channel.
  ///
  ///     backward(Tensor([2, 1], [1, -1]), input: Tensor([2, 1], [1, 2]), gamma: Tensor(vector: [1]), epsilon: 0)
  ///     // input gradient [0, 0]: two numbers always become −1 and 1
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, with the shape of the input.
  ///   - input: x, [N, C] or [N, C, H, W].
  ///   - gamma: γ, [C].
  ///   - epsilon: ε.
  /// - Returns: ∂L/∂x with the shape of the input, and ∂L/∂γ and ∂L/∂β, [C] each, summed over the batch.
  /// - Source: Ioffe and Szegedy 2015, section 3.
  public static func backward(_ outputGradient: Tensor, input: Tensor, gamma: Tensor, epsilon: Float) throws
    -> (input: Tensor, gamma: Tensor, beta: Tensor)
  {
    let (samples, channels) = (input.shape[0], input.shape[1])
    let positions = input.count / (samples * channels)
    let count = Double(samples * positions)
    var inputGradient = [Float](repeating: 0, count: input.count)
    var gammaGradient = [Float](repeating: 0, count: channels)
    var betaGradient = [Float](repeating: 0, count: channels)
    for c in 0..<channels {
      let places = (0..<samples).flatMap { n in (0..<positions).map { p in (n * channels + c) * positions + p } }
      let x = places.map { Double(input.elements[$0]) }
      let dy = places.map { Double(outputGradient.elements[$0]) }
      let mean = x.reduce(0, +) / count
      let deviation = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count + Double(epsilon)).squareRoot()
      let normalized = x.map { ($0 - mean) / deviation }
      // y = γ·x̂ + β: the two sums are the gradients of β and γ, and appear again in that of x.
      let sum = dy.reduce(0, +)
      let product = zip(dy, normalized).reduce(0) { $0 + $1.0 * $1.1 }
      betaGradient[c] = Float(sum)
      gammaGradient[c] = Float(product)
      // Subtract the mean gradient, from the path through μ, and the component along x̂, from the path through σ.
      let scale = Double(gamma.elements[c]) / deviation
      for (i, place) in places.enumerated() {
        inputGradient[place] = Float(scale * (dy[i] - sum / count - normalized[i] * product / count))
      }
    }
    return (Tensor(input.shape, inputGradient), Tensor(vector: gammaGradient), Tensor(vector: betaGradient))
  }
}
