// Solution of exercise 1.4: one step of gradient descent with momentum.

import ExerciseKit
/// Exercise 1.4 · SGD with momentum.
public enum Ex01_4_Momentum: Ex01_4 {
  /// Returns the weights and velocities after one step of gradient descent with momentum.
  ///
  /// For each weight: v ← μ·v + g, then w ← w − η·v with the new v.
  ///
  /// - Parameters:
  ///   - weights: w.
  ///   - gradients: g = ∂L/∂w, one for each weight.
  ///   - velocities: v of the previous step, one for each weight; zeros at first.
  ///   - learningRate: η.
  ///   - momentum: μ, at least 0 (plain gradient descent) and below 1.
  /// - Returns: the new weights and the new velocities. w = [1], g = [2], v = [4], η = 0.1 and μ = 0.5 give v = [4] and
  ///   w = [0.6].
  /// - Source: Polyak 1964, in PyTorch's form.
  public static func step(
    weights: [Float], gradients: [Float], velocities: [Float], learningRate: Float, momentum: Float
  ) throws -> (weights: [Float], velocities: [Float]) {
    var (weights, velocities) = (weights, velocities)
    for i in weights.indices {
      velocities[i] = momentum * velocities[i] + gradients[i]
      weights[i] -= learningRate * velocities[i]
    }
    return (weights, velocities)
  }
}
