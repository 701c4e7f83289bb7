// What is left of a gradient after many layers of one activation.

import Foundation
import Workbook

// snippet: survival
/// Sends a gradient of random numbers back through `depth` layers.
///
/// - Returns: after 1, 2, …, depth layers, the share of its norm that is left.
func survival(
  _ layer: any Layer, initializer: Initializer,
  depth: Int, width: Int, samples: Int, seed: UInt64
) -> [Double] {
  var generator = SeededGenerator(seed: seed, stream: 20)
  var x = Tensor(zeros: [samples, width])
  x.fillNormal(standardDeviation: 1, using: &generator)
  var steps: [(dense: Dense, x: Tensor, z: Tensor, y: Tensor)] = []
  for _ in 0..<depth {
    var dense = Dense(width, width, bias: false, initializer: initializer)
    dense.initialize(using: &generator)
    var activation = layer
    let z = dense.forward(x)
    let y = activation.forward(z)
    steps.append((dense, x, z, y))
    x = y
  }
  var gradient = Tensor(zeros: [samples, width])
  gradient.fillNormal(standardDeviation: 1, using: &generator)
  let whole = norm(gradient)
  return steps.reversed().map { step in
    var (activation, dense) = (layer, step.dense)
    gradient = activation.backward(gradient, input: step.z, output: step.y)
    gradient = dense.backward(gradient, input: step.x, output: step.z)
    return norm(gradient) / whole
  }
}
// snippet.end

/// The same behind one of the page's activations, with its usual weights times a factor.
func survival(
  _ function: Nonlinearity, factor: Float = 1, depth: Int, width: Int, samples: Int, seed: UInt64
) -> [Double] {
  survival(
    function.layer, initializer: function.initializer(times: factor), depth: depth, width: width, samples: samples,
    seed: seed)
}

/// The survival of every activation, with the weights that suit it and with others.
struct DepthExperiment: Codable, Sendable {
  var depth: Int
  /// The units of a layer; not in older records.
  var width: Int? = nil
  /// The factors on the usual weights.
  var factors: [Float]
  /// [factor][activation][layers]: the geometric mean over the seeds of what is left.
  var typicals: [[[Double]]]
  /// [factor][activation]: for each seed the factor by which one layer multiplies the gradient.
  var perLayers: [[Summary]]

  static let functions: [Nonlinearity] = [.sigmoid, .tanh, .relu, .leaky, .elu]
  /// The place of ReLU among them.
  static let relu = 2

  /// What is left after so many layers, typically.
  func typical(_ factor: Int, _ function: Int) -> [Double] { typicals[factor][function] }
  /// The place of the factor at which a layer of an activation keeps a gradient's size best.
  func best(_ function: Int) -> Int {
    factors.indices.min { abs(log(perLayers[$0][function].mean)) < abs(log(perLayers[$1][function].mean)) } ?? 1
  }
  /// The factor by which one layer multiplies the gradient.
  func perLayer(_ factor: Int, _ function: Int) -> Summary { perLayers[factor][function] }
}

extension DepthExperiment {
  init(factors: [Float], depth: Int, width: Int, samples: Int = 16, seeds: [UInt64], report: (Int) -> Void = { _ in }) {
    self.init(depth: depth, width: width, factors: factors, typicals: [], perLayers: [])
    var done = 0
    for factor in factors {
      let runs = Self.functions.map { function in
        done += 1
        report(done)
        return seeds.map {
          survival(function, factor: factor, depth: depth, width: width, samples: samples, seed: $0)
        }
      }
      typicals.append(
        runs.map { runs in
          (0..<depth).map { layer in exp(runs.reduce(0.0) { $0 + log(max($1[layer], 1e-45)) } / Double(runs.count)) }
        })
      perLayers.append(runs.map { runs in Summary(runs.map { pow(max($0[depth - 1], 1e-45), 1 / Double(depth)) }) })
    }
  }
}

/// The share of its largest slope that a sigmoid has left for sums around ±`place`, mean over 1,000 random ones.
func slopeLeft(at place: Float, seed: UInt64) -> Double {
  var generator = SeededGenerator(seed: seed, stream: 25)
  let sums = (0..<1000).map { index in (index % 2 == 0 ? place : -place) + 0.1 * generator.nextNormal() }
  let slopes = Curve.values(of: Sigmoid(), at: sums.map { Double($0) }).slope
  return slopes.reduce(0, +) / Double(slopes.count) / 0.25
}
