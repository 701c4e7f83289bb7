// A control for local response normalization: the same net with one constant in its place.

import Foundation
import Workbook

/// Multiplies each value by one number that is not learned.
///
/// Shapes: any, unchanged.
struct ScaledMaps: Layer {
  let factor: Float

  init(_ factor: Float) { self.factor = factor }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    let factor = factor
    input.withUnsafeElements { x in
      output.withUnsafeMutableElements { y in for i in y.indices { y[i] = factor * x[i] } }
    }
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    let factor = factor
    outputGradient.withUnsafeElements { g in
      inputGradient.withUnsafeMutableElements { y in for i in y.indices { y[i] = factor * g[i] } }
    }
  }
}

/// How far LRN is from a multiplication by a constant, in one trained net; added to the record.
struct ScaleControl: Codable, Sendable {
  /// LRN's factor where all values are 0; the constant that takes its place.
  var factor: Float
  /// For each of the two places: the factor that values above 0 are multiplied by, its 5th, 50th and 95th percentile.
  var factors: [[Double]]

  /// κ⁻ᵝ with AlexNet's numbers.
  static var factor: Float { Float(pow(2, -0.75)) }

  /// - Parameter bench: with one seed, and the rate of the net with LRN.
  init(_ bench: Bench) throws {
    (factor, factors) = (Self.factor, [])
    let parts = Parts(pooling: .overlapping, hasResponseNorm: true)
    let models = try finishedModels(Trial(name: "LRN", layers: parts.layers), in: bench)
    let images = bench.test.batch(first: 200).inputs
    for name in ["norm1", "norm2"] {
      var ratios: [Double] = []
      for model in models {
        var x = images
        for entry in model.layers.entries {
          var layer = entry.layer
          let y = layer.forward(x)
          if entry.name == name {
            // y = x · factor, and factor = (κ + α/q · ∑x²)^(−β).
            for (before, after) in zip(x.elements, y.elements) where before > 0 {
              ratios.append(Double(after) / Double(before))
            }
            break
          }
          x = y
        }
      }
      ratios.sort()
      factors.append([0.05, 0.5, 0.95].map { rounded(ratios[Int($0 * Double(ratios.count - 1))], decimals: 3) })
    }
  }

  /// Takes what has been measured.
  init(factors: [[Double]]) { (factor, self.factors) = (Self.factor, factors) }
}

extension SlidingWindow.Findings {
  /// By how many points the net with LRN errs less than the one with a constant in its place, seed by seed; nil where that was
  /// not measured.
  var gainOverConstant: Summary? { scaledExchanges?.first { $0.name == PartExchange.lrn }?.gain.gain }
}
