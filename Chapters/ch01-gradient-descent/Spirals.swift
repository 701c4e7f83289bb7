// Two spirals, and a net with one hidden layer that tells them apart.

import Foundation
import Workbook

/// The points of the page: two spirals that wind around each other, 100 points on each.
func spirals(seed: UInt64) -> TensorSamples { Spirals.samples(count: 200, turns: 1.5, seed: seed) }

/// A net on the spirals: the sizes of its layers.
enum SpiralNet {
  /// 2 inputs, one hidden layer of tanh units, 2 outputs.
  static func twoLayers(hidden: Int) -> Sequential {
    Sequential([
      "fc1": Dense(2, hidden, initializer: .normal(standardDeviation: 3)), "act1": Tanh(),
      "fc2": Dense(hidden, 2),
    ])
  }
  /// No hidden layer: a straight line.
  static let oneLayer = Sequential(["fc": Dense(2, 2)])
}

// snippet: bothPasses
/// Both passes through two layers with tanh between them. Returns the loss, and
/// leaves the gradients in the layers.
func bothPasses(
  _ first: inout Dense, _ second: inout Dense, _ x: Tensor, labels: [Int]
) -> Double {
  // Forward.
  let sums = first.forward(x)  // X·W₁ᵀ + b₁
  let h = sums.map { tanh($0) }
  let z = second.forward(h)  // the scores, [N, 2]
  var p = softmax(z)
  let losses = labels.indices.map { -log(Double(p[$0, labels[$0]])) }

  // Backward.
  for (n, label) in labels.enumerated() { p[n, label] -= 1 }  // p − 1ₜ
  let dz = p.map { $0 / Float(labels.count) }
  let top = denseGradients(dz, x: h, w: second.weight.value)
  let dsums = product(top.x, h.map { 1 - $0 * $0 })  // through tanh
  let below = denseGradients(dsums, x: x, w: first.weight.value)
  second.weight.gradient = top.w
  second.bias?.gradient = top.b
  first.weight.gradient = below.w
  first.bias?.gradient = below.b
  return losses.reduce(0, +) / Double(labels.count)
}
// snippet.end

/// The softmax of each row.
private func softmax(_ scores: Tensor) -> Tensor {
  var result = scores
  let (rows, columns) = (scores.shape[0], scores.shape[1])
  for n in 0..<rows {
    let row = (0..<columns).map { scores[n, $0] }
    let powers = row.map { exp($0 - (row.max() ?? 0)) }
    let total = powers.reduce(0, +)
    for k in 0..<columns { result[n, k] = powers[k] / total }
  }
  return result
}

/// Two tensors of one shape, number times number.
private func product(_ a: Tensor, _ b: Tensor) -> Tensor {
  Tensor(a.shape, zip(a.elements, b.elements).map { $0 * $1 })
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

/// Trains by gradient descent on all points at once.
func train(
  _ net: Sequential, on points: TensorSamples, optimizer: any Optimizer,
  rate: Float, steps: Int, keeping kept: [Int] = [], seed: UInt64
) throws -> SpiralRun {
  var model = try Model(net, input: [2], seed: seed)
  var optimizer = optimizer
  let loss = SoftmaxCrossEntropy()
  var pass = Pass(.training)
  var run = SpiralRun(losses: [], error: 1, snapshots: [])
  for step in 0...steps {
    let value = model.step(
      points.inputs, .classes(points.labels), loss, in: &pass)
    run.losses.append(value)
    if kept.contains(step) { run.snapshots.append(model) }
    if !value.isFinite || step == steps { break }
    optimizer.step(&model, learningRate: rate)
  }
  let outputs = model.output.elements
  run.error =
    Double(
      points.labels.indices.count {
        (outputs[2 * $0 + 1] > outputs[2 * $0]) != (points.labels[$0] == 1)
      })
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
struct RateSweep: Codable, Sendable {
  var rates: [Double]
  /// [rate][seed]: the loss at the end, or NaN where it has left all bounds.
  var losses: [[Double]] = []
}

extension RateSweep {
  init(rates: [Double], steps: Int, hidden: Int, seeds: [UInt64]) throws {
    self.rates = rates
    for rate in rates {
      losses.append(
        try seeds.map { seed in
          let run = try train(
            SpiralNet.twoLayers(hidden: hidden), on: spirals(seed: seed), optimizer: SGD(),
            rate: Float(rate),
            steps: steps, seed: seed)
          return run.losses[run.losses.count - 1]
        })
    }
  }

  /// The rate at which the worst net is best: one that suits some nets only is no good rate.
  var best: Int { losses.indices.min { worst($0) < worst($1) } ?? 0 }
  private func worst(_ rate: Int) -> Double {
    losses[rate].map { $0.isFinite ? $0 : .infinity }.max() ?? .infinity
  }
}

/// A net on the spirals after some steps: numbers from which it can be built again.
struct SpiralSnapshot: Codable, Sendable {
  var step: Int
  /// The weights and biases, layer after layer.
  var parameters: [[Float]]

  init(step: Int, _ model: Model) {
    self.step = step
    var (model, parameters) = (model, [[Float]]())
    model.visitParameters { _, parameter in parameters.append(parameter.value.elements) }
    self.parameters = parameters
  }

  /// The net; its numbers were those of one like this, so it can be made.
  private func model(hidden: Int) -> Model? {
    guard var model = try? Model(SpiralNet.twoLayers(hidden: hidden), input: [2], seed: 0) else { return nil }
    var rest = parameters[...]
    model.visitParameters { _, parameter in
      if let values = rest.popFirst() { parameter.value = Tensor(parameter.value.shape, values) }
    }
    return model
  }

  /// The probability of the second spiral on a grid; see `probabilities(_:range:count:)`.
  func probabilities(hidden: Int, range: Double) -> [[Double]] {
    model(hidden: hidden).map { ch01_gradient_descent.probabilities($0, range: range) } ?? []
  }

  /// The share of points that the net takes for the other spiral's.
  func wrongSide(points: [[Float]], labels: [Int], hidden: Int) -> Double {
    guard var model = model(hidden: hidden) else { return .nan }
    let logits = model.forward(Tensor([labels.count, 2], Array(points.joined()))).elements
    let wrong = labels.indices.count { (logits[2 * $0 + 1] > logits[2 * $0]) != (labels[$0] == 1) }
    return Double(wrong) / Double(labels.count)
  }
}
