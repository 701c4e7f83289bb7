// Two spirals, and a net with one hidden layer that tells them apart.

import Foundation
import Workbook

/// Two spirals that wind around each other: no straight line separates them.
///
/// - Parameters:
///   - count: the number of points of each.
///   - turns: how often each winds around the middle.
///   - noise: the standard deviation of what is added to each coordinate.
func twoSpirals(count: Int = 100, turns: Double = 1.25, noise: Double = 0.02, seed: UInt64) -> TensorSamples {
  var generator = SeededGenerator(seed: seed, stream: 6)
  var points: [Float] = []
  var labels: [Int] = []
  for index in 0..<2 * count {
    let (label, t) = (index % 2, 0.08 + 0.92 * Double(index / 2) / Double(count - 1))
    let angle = 2 * .pi * turns * t + .pi * Double(label)
    points.append(Float(t * cos(angle) + noise * Double(generator.nextNormal())))
    points.append(Float(t * sin(angle) + noise * Double(generator.nextNormal())))
    labels.append(label)
  }
  return TensorSamples(name: "two spirals", inputs: Tensor([2 * count, 2], points), labels: labels, classCount: 2)
}

/// A net on the spirals: the sizes of its layers.
enum SpiralNet {
  /// 2 inputs, one hidden layer of tanh units, 2 outputs.
  static func twoLayers(hidden: Int) -> Sequential {
    Sequential([
      "fc1": Dense(2, hidden, initializer: .normal(standardDeviation: 3)), "act1": Tanh(), "fc2": Dense(hidden, 2),
    ])
  }
  /// No hidden layer: a straight line.
  static let oneLayer = Sequential(["fc": Dense(2, 2)])
}

/// What a run on the spirals leaves behind.
struct SpiralRun {
  /// The loss after each step.
  var losses: [Double]
  /// The share of points on the wrong side, at the end.
  var error: Double
  /// The model at the steps asked for.
  var snapshots: [Model]
}

// snippet: trainOnSpirals
/// Trains by gradient descent on all points at once: every idea of this chapter in a few lines.
func train(
  _ net: Sequential, on points: TensorSamples, optimizer: any Optimizer, rate: Float, steps: Int,
  keeping kept: [Int] = [], seed: UInt64
) throws -> SpiralRun {
  var model = try Model(net, input: [2], seed: seed)
  var optimizer = optimizer
  let loss = SoftmaxCrossEntropy()
  var (output, gradient, unwanted, pass) = (Tensor.empty, Tensor.empty, Tensor.empty, Pass(.training))
  var run = SpiralRun(losses: [], error: 1, snapshots: [])
  for step in 0...steps {
    model.forward(points.inputs, into: &output, in: &pass)
    let value = loss.evaluate(output, .classes(points.labels), gradient: &gradient)
    model.backward(gradient, input: points.inputs, output: output, into: &unwanted)
    run.losses.append(value)
    if kept.contains(step) { run.snapshots.append(model) }
    if !value.isFinite || step == steps { break }
    optimizer.step(&model, learningRate: rate)
  }
  // snippet.end
  let outputs = output.elements
  run.error =
    Double(points.labels.indices.count { (outputs[2 * $0 + 1] > outputs[2 * $0]) != (points.labels[$0] == 1) })
    / Double(points.count)
  return run
}

/// The probability of the second spiral on a grid over [−range, range]², lowest row first.
func probabilities(_ model: Model, range: Double, count: Int = 61) -> [[Double]] {
  var model = model
  var inputs: [Float] = []
  for row in 0..<count {
    for column in 0..<count {
      inputs.append(Float(range * (2 * Double(column) / Double(count - 1) - 1)))
      inputs.append(Float(range * (2 * Double(row) / Double(count - 1) - 1)))
    }
  }
  let logits = model.forward(Tensor([count * count, 2], inputs)).elements
  return (0..<count).map { row in
    (0..<count).map { column in
      let place = 2 * (row * count + column)
      return 1 / (1 + exp(Double(logits[place] - logits[place + 1])))
    }
  }
}

/// The loss after a fixed number of steps, for one learning rate after the other.
struct RateSweep {
  var rates: [Double]
  /// [rate][seed]: the loss at the end, or NaN where it has left all bounds.
  var losses: [[Double]] = []

  init(rates: [Double], steps: Int, hidden: Int, seeds: [UInt64]) throws {
    self.rates = rates
    for rate in rates {
      losses.append(
        try seeds.map { seed in
          let run = try train(
            SpiralNet.twoLayers(hidden: hidden), on: twoSpirals(seed: seed), optimizer: SGD(), rate: Float(rate),
            steps: steps, seed: seed)
          return run.losses[run.losses.count - 1]
        })
    }
  }

  /// The rate with the smallest mean loss.
  var best: Int {
    means.indices.min { (means[$0].isFinite ? means[$0] : .infinity) < (means[$1].isFinite ? means[$1] : .infinity) }
      ?? 0
  }
  var means: [Double] { losses.map { Summary($0).mean } }
}
