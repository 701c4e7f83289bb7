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

/// A net whose maps are multiplied by a constant in the place of LRN, and how far the factor of the trained net with LRN is
/// from one; added to the record.
struct ScaleControl: Codable, Sendable {
  /// What the maps are multiplied by: LRN's factor where all values are 0.
  var factor: Float
  /// The net with overlapping maxima and this factor behind them, at the rate of the net with LRN: at one of its own it can
  /// only be better.
  var net: TunedPart
  /// Of a trained net with LRN, for each of the two places: the factor that values above 0 are multiplied by, its 5th, 50th
  /// and 95th percentile, and the largest sum of squares.
  var factors: [[Double]]
  var largestSums: [Double]

  /// κ⁻ᵝ with AlexNet's numbers.
  static var factor: Float { Float(pow(2, -0.75)) }
}

extension SlidingWindow.Findings {
  /// By how many points the net with LRN errs less than the one with a constant in its place, seed by seed; nil where that was
  /// not measured.
  var gainOverConstant: Summary? {
    guard let control = scaleControl?.net.errors, let own = tunedParts?.first(where: { $0.name == "with LRN" })?.errors,
      own.count == control.count
    else { return nil }
    return control - own
  }
}

extension ScaleControl {
  /// - Parameter rate: that of the net with LRN.
  init(_ bench: Bench, validation: Int, rate: Float, afterEach: @escaping () -> Void = {}) throws {
    factor = Self.factor
    let train = bench.train.prefix(bench.train.count - validation)
    let layers = Parts(pooling: .overlapping, scale: Self.factor).layers
    let models = try finishedModels(
      Trial(name: "constant", layers: layers),
      in: Bench(train: train, test: bench.test, epochs: bench.epochs, seeds: bench.seeds, rate: rate),
      afterEach: afterEach)
    let errors = testErrors(models, on: bench.test).rounded(decimals: 3)
    net = TunedPart(name: "a constant for LRN", rates: [rate], rate: rate, errors: errors)
    (factors, largestSums) = try Self.variation(
      Bench(train: train, test: bench.test, epochs: bench.epochs, seeds: [bench.seeds[0]], rate: rate))
    afterEach()
  }

  /// How far the divisor of LRN varies in trained nets.
  private static func variation(_ bench: Bench) throws -> (factors: [[Double]], sums: [Double]) {
    let parts = Parts(pooling: .overlapping, hasResponseNorm: true)
    let models = try finishedModels(Trial(name: "LRN", layers: parts.layers), in: bench)
    let images = bench.test.batch(first: 200).inputs
    var (factors, sums) = ([[Double]](), [Double]())
    for name in ["norm1", "norm2"] {
      var (ratios, largest) = ([Double](), 0.0)
      for model in models {
        var x = images
        for entry in model.layers.entries {
          var layer = entry.layer
          let y = layer.forward(x)
          if entry.name == name {
            // y = x · factor, and factor = (κ + α/q · ∑x²)^(−β).
            for (before, after) in zip(x.elements, y.elements) where before > 0 {
              let ratio = Double(after) / Double(before)
              ratios.append(ratio)
              largest = max(largest, (pow(ratio, -1 / 0.75) - 2) / 1e-4)
            }
            break
          }
          x = y
        }
      }
      ratios.sort()
      factors.append([0.05, 0.5, 0.95].map { rounded(ratios[Int($0 * Double(ratios.count - 1))], decimals: 3) })
      sums.append(largest.rounded())
    }
    return (factors, sums)
  }
}
