// What the exercises of chapter 5 share: inputs that differ everywhere, and normalization in double precision.

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

/// How a normalization, right or wrong, goes about it.
struct NormalizationRecipe {
  /// Which crowd the value at (sample n, place i within the sample) belongs to.
  var crowd: (_ n: Int, _ i: Int) -> Int
  /// Which γ and β belong to place i within a sample.
  var parameter: (_ i: Int) -> Int
  /// The variance's denominator is the number of values minus this.
  var lost = 0.0
  /// The divisor, from variance and ε.
  var divisor: (_ variance: Double, _ epsilon: Double) -> Double = { ($0 + $1).squareRoot() }
  /// The last line, from x̂, γ and β.
  var last: (_ normalized: Double, _ gamma: Double, _ beta: Double) -> Double = { $1 * $0 + $2 }
  /// Whether the mean is subtracted.
  var centers = true
}

extension NormalizationRecipe {
  /// The normalized values, in double precision.
  ///
  /// - Parameters:
  ///   - x: all values, sample after sample.
  ///   - samples: N.
  func normalize(_ x: [Double], samples: Int, gamma: [Double], beta: [Double], epsilon: Double) -> [Double] {
    let width = x.count / samples
    var crowds: [Int: [Double]] = [:]
    for (index, value) in x.enumerated() { crowds[crowd(index / width, index % width), default: []].append(value) }
    let moments = crowds.mapValues { values in
      let mean = values.reduce(0, +) / Double(values.count)
      let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      return (mean: mean, variance: squares / max(1, Double(values.count) - lost))
    }
    return x.indices.map { index in
      let (n, i) = (index / width, index % width)
      guard let own = moments[crowd(n, i)] else { return .nan }
      let centered = centers ? x[index] - own.mean : x[index]
      return last(centered / divisor(own.variance, epsilon), gamma[parameter(i)], beta[parameter(i)])
    }
  }

  /// The same for tensors.
  func normalize(_ x: Tensor, gamma: Tensor, beta: Tensor, epsilon: Float) -> Tensor {
    let values = normalize(
      x.elements.map(Double.init), samples: x.shape[0], gamma: gamma.elements.map(Double.init),
      beta: beta.elements.map(Double.init), epsilon: Double(epsilon))
    return Tensor(x.shape, values.map(Float.init))
  }

  /// Batch norm of samples of `shape`, [C] or [C, H, W]: a crowd for each channel.
  static func batch(_ shape: Shape) -> NormalizationRecipe {
    let positions = shape.dimensions.dropFirst().reduce(1, *)
    return NormalizationRecipe(crowd: { $1 / positions }, parameter: { $0 / positions })
  }

  /// Layer norm: a crowd for each sample, a γ for each place.
  static func layer() -> NormalizationRecipe { NormalizationRecipe(crowd: { n, _ in n }, parameter: { $0 }) }

  /// Group norm of samples of `shape`: `groups` crowds for each sample, a γ for each channel.
  static func group(_ shape: Shape, _ groups: Int) -> NormalizationRecipe {
    let positions = shape.dimensions.dropFirst().reduce(1, *)
    let size = shape[0] / groups * positions
    return NormalizationRecipe(crowd: { $0 * groups + $1 / size }, parameter: { $0 / positions })
  }

  /// This recipe with one change.
  func with(_ change: (inout NormalizationRecipe) -> Void) -> NormalizationRecipe {
    var copy = self
    change(&copy)
    return copy
  }
}
