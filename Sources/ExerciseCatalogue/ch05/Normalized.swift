// Shared by the exercises of chapter 5: inputs that differ everywhere, and normalization in double precision.

import ExerciseKit
import Foundation

/// `count` different numbers around `center`, the same in every run: a sine with an irrational step.
func unevenNumbers(_ count: Int, center: Double = 0, spread: Double = 1, phase: Double = 0) -> [Double] {
  (0..<count).map { index -> Double in
    let wave: Double = sin(1.7 * Double(index) + 0.4 + phase)
    let stretch: Double = 1 + 0.13 * Double(index % 5)
    return center + spread * wave * stretch
  }
}

/// A tensor of `unevenNumbers`.
func unevenTensor(_ shape: Shape, center: Double = 0, spread: Double = 1, phase: Double = 0) -> Tensor {
  Tensor(shape, unevenNumbers(shape.count, center: center, spread: spread, phase: phase).map(Float.init))
}

/// How a normalization is computed, correctly or with an error.
struct NormalizationRecipe {
  /// The pool that the value at position i of sample n belongs to. The values of a pool share a mean and a variance.
  var pool: (_ n: Int, _ i: Int) -> Int
  /// The index of the γ and β for position i of a sample.
  var parameter: (_ i: Int) -> Int
  /// The denominator of the variance is the number of values minus this correction.
  var correction = 0.0
  /// The divisor, from variance and ε.
  var divisor: (_ variance: Double, _ epsilon: Double) -> Double = { ($0 + $1).squareRoot() }
  /// The final affine step, from x̂, γ and β.
  var affine: (_ normalized: Double, _ gamma: Double, _ beta: Double) -> Double = { $1 * $0 + $2 }
  /// Whether the mean is subtracted.
  var centers = true
}

extension NormalizationRecipe {
  /// The normalized values, in double precision.
  ///
  /// - Parameters:
  ///   - x: all values, sample by sample.
  ///   - samples: N.
  func normalize(_ x: [Double], samples: Int, gamma: [Double], beta: [Double], epsilon: Double) -> [Double] {
    let width = x.count / samples
    var pools: [Int: [Double]] = [:]
    for (index, value) in x.enumerated() { pools[pool(index / width, index % width), default: []].append(value) }
    let moments = pools.mapValues { values in
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean: mean, variance: squares / max(1, Double(values.count) - correction))
    }
    return x.indices.map { index in
      let (n, i) = (index / width, index % width)
      guard let own = moments[pool(n, i)] else { return .nan }
      let centered = centers ? x[index] - own.mean : x[index]
      return affine(centered / divisor(own.variance, epsilon), gamma[parameter(i)], beta[parameter(i)])
    }
  }

  /// The same for tensors.
  func normalize(_ x: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    let values = normalize(
      x.elements.map(Double.init), samples: x.shape[0], gamma: gamma.elements.map(Double.init),
      beta: beta.elements.map(Double.init), epsilon: Double(epsilon))
    return Tensor(x.shape, values.map(Float.init))
  }

  /// Batch norm of samples of `shape`, [C] or [C, H, W]: one pool for each channel.
  static func batch(_ shape: Shape) -> NormalizationRecipe {
    let positions = shape.dimensions.dropFirst().reduce(1, *)
    return NormalizationRecipe(pool: { $1 / positions }, parameter: { $0 / positions })
  }

  /// Layer norm: one pool for each sample, one γ for each position.
  static func layer() -> NormalizationRecipe { NormalizationRecipe(pool: { n, _ in n }, parameter: { $0 }) }

  /// Group norm of samples of `shape`: `groups` pools for each sample, one γ for each channel.
  static func group(_ shape: Shape, _ groups: Int) -> NormalizationRecipe {
    let positions = shape.dimensions.dropFirst().reduce(1, *)
    let size = shape[0] / groups * positions
    return NormalizationRecipe(pool: { $0 * groups + $1 / size }, parameter: { $0 / positions })
  }

  /// Returns this recipe with one change.
  func with(_ change: (inout NormalizationRecipe) -> Void) -> NormalizationRecipe {
    var copy = self
    change(&copy)
    return copy
  }
}
