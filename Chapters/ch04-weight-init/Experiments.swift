// The experiments of chapter 4: what initial weights do to a signal on its way through a deep network.

import Foundation
import Workbook

/// One way to begin: an activation, a distribution of weights, and the name of the pair.
struct Start: Sendable {
  var name: String
  var activation: Activation
  var initializer: Initializer

  enum Activation: Sendable { case tanh, relu }

  /// The five of the lecture, in its order.
  static let lecture = [
    Start(name: "tanh, 0.01", activation: .tanh, initializer: .normal(standardDeviation: 0.01)),
    Start(name: "tanh, 0.05", activation: .tanh, initializer: .normal(standardDeviation: 0.05)),
    Start(name: "tanh, Xavier", activation: .tanh, initializer: .lecunNormal),
    Start(name: "ReLU, Xavier", activation: .relu, initializer: .lecunNormal),
    Start(name: "ReLU, He", activation: .relu, initializer: .heNormal),
  ]

  var layer: any Layer { activation == .tanh ? Tanh() as any Layer : ReLU() as any Layer }
}

/// What one layer does to the signal.
struct Spread: Sendable {
  /// Mean and standard deviation of the layer's activations.
  var mean: Double
  var deviation: Double
  /// The share of exact zeros: half of them, behind a ReLU that is fed symmetrically.
  var zeros: Double
  /// The share of units where the activation has less than a tenth of its largest slope.
  var saturated: Double
  /// The standard deviation of ∂L/∂(layer input) when random numbers of deviation 1 are sent back from the end.
  var gradientDeviation: Double
  /// The share of activations in each of 50 bins over −1 … 1 (tanh) or 0 … 3 (ReLU), zeros of a ReLU left out.
  var histogram: [Double]
}

// snippet: activationSpread
/// Sends a batch of standard normal numbers through `depth` layers,
/// and random gradients back.
func activationSpread(
  _ start: Start, width: Int = 4096, depth: Int = 6, samples: Int = 16, seed: UInt64
) -> [Spread] {
  var generator = SeededGenerator(seed: seed, stream: 4)
  var x = Tensor([samples, width])
  x.fillNormal(standardDeviation: 1, using: &generator)
  var steps: [(dense: Dense, input: Tensor, sum: Tensor, output: Tensor)] = []
  for _ in 0..<depth {
    var dense = Dense(width, width, bias: false, initializer: start.initializer)
    dense.initialize(using: &generator)
    var activation = start.layer
    let sum = dense.forward(x)
    let output = activation.forward(sum)
    steps.append((dense, x, sum, output))
    x = output
  }
  // snippet.end
  var gradient = Tensor([samples, width])
  gradient.fillNormal(standardDeviation: 1, using: &generator)
  var gradientDeviations: [Double] = []
  for step in steps.reversed() {
    var (activation, dense) = (start.layer, step.dense)
    gradient = activation.backward(gradient, input: step.sum, output: step.output)
    gradient = dense.backward(gradient, input: step.input, output: step.sum)
    gradientDeviations.insert(moments(gradient.elements).deviation, at: 0)
  }
  return zip(steps, gradientDeviations).map { step, gradientDeviation in
    let (mean, deviation) = moments(step.output.elements)
    let (low, high) = start.activation == .tanh ? (-1.0, 1.0) : (0.0, 3.0)
    var bins = [Double](repeating: 0, count: 50)
    var zeros = 0.0
    for value in step.output.elements {
      if value == 0 { zeros += 1 }
      if start.activation == .relu && value == 0 { continue }
      // What lies beyond the axis is not drawn: counted into the last bin it would look like a spike.
      if Double(value) < low || Double(value) > high { continue }
      bins[min(49, Int((Double(value) - low) / (high - low) * 50))] += 1
    }
    let count = Double(step.output.count)
    return Spread(
      mean: mean, deviation: deviation, zeros: zeros / count,
      saturated: Double(step.output.elements.count { start.activation == .tanh ? 1 - $0 * $0 < 0.1 : $0 <= 0 }) / count,
      gradientDeviation: gradientDeviation,
      histogram: bins.map { $0 / count })
  }
}

/// The lecture's five starts, each with several seeds.
struct LectureExperiment: Sendable {
  /// [start][seed][layer].
  var spreads: [[[Spread]]] = []

  /// Runs them all; `report` hears how many signals have gone through.
  init(width: Int, depth: Int, seeds: [UInt64], report: (Int) -> Void = { _ in }) {
    for start in Start.lecture {
      spreads.append(
        seeds.enumerated().map { index, seed in
          report(spreads.count * seeds.count + index)
          return activationSpread(start, width: width, depth: depth, seed: seed)
        })
    }
  }

  /// [start][layer]: the mean over the seeds of what `measure` takes from a layer.
  func means(_ measure: (Spread) -> Double) -> [[Double]] { summaries(measure).map { $0.map(\.mean) } }

  /// [start][layer]: the standard deviation over the seeds.
  func deviations(_ measure: (Spread) -> Double) -> [[Double]] { summaries(measure).map { $0.map(\.deviation) } }

  private func summaries(_ measure: (Spread) -> Double) -> [[Summary]] {
    spreads.map { runs in runs[0].indices.map { layer in Summary(runs.map { measure($0[layer]) }) } }
  }
}

/// The mean and the standard deviation of many numbers, in double precision.
func moments(_ values: [Float]) -> (mean: Double, deviation: Double) {
  let mean = values.reduce(0.0) { $0 + Double($1) } / Double(values.count)
  let variance = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / Double(values.count)
  return (mean, variance.squareRoot())
}

/// `0.046`: two digits that matter.
func short(_ value: Double) -> String { String(format: "%.2g", value) }

/// `16 %`.
func percent(_ share: Double) -> String { String(format: "%.0f %%", 100 * share) }

extension Double {
  /// The positive `degree`-th root.
  func root(_ degree: Int) -> Double { pow(self, 1 / Double(degree)) }
}
