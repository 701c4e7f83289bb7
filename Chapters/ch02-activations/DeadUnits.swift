// A census of dead units: how many there are after training, for each learning rate and each first bias.

import Foundation
import Workbook

/// How one net is trained for the census.
struct CensusCase: Hashable, Sendable {
  var bend: Bend
  var rate: Float
  var bias: Float
}

/// What the census found in one net.
struct Census: Codable, Sendable {
  /// The share of hidden units through which less than a thousandth of the gradient flows, for every probe image.
  var dead: Double
  /// The mean loss of the last ten steps; NaN where training has diverged.
  var loss: Double
  /// The mean of the hidden activations of the second layer, over their standard deviation.
  var offset: Double
}

/// Two hidden layers of 100 units for digits.
func hiddenNet(_ bend: Bend) -> Sequential {
  Sequential([
    "flat": Flatten(), "fc1": Dense(1024, 100, initializer: bend.initializer()), "act1": bend.layer,
    "fc2": Dense(100, 100, initializer: bend.initializer()), "act2": bend.layer, "fc3": Dense(100, 10),
  ])
}

/// Trains a net by plain gradient descent in batches of 32, then counts.
func census(_ example: CensusCase, on data: Dataset, probe: Batch, steps: Int, seed: UInt64) throws -> Census {
  var model = try Model(hiddenNet(example.bend), input: data.sampleShape, seed: seed)
  model.visitParameters { name, parameter in
    if name == "fc1.bias" || name == "fc2.bias" { parameter.value.fill(example.bias) }
  }
  let losses = learn(&model, on: data, rate: example.rate, steps: steps, seed: seed)
  let outputs = layerOutputs(of: model.layers, on: probe.inputs)
  var shares: [Double] = []
  for (sums, activation) in [("fc1", "act1"), ("fc2", "act2")] {
    guard let z = outputs.first(where: { $0.name == sums })?.output, let layer = model.layers[activation] else {
      continue
    }
    shares.append(deadShare(layer, sums: z))
  }
  let last = losses.suffix(10)
  let hidden = outputs.first { $0.name == "act2" }?.output.elements.map { Double($0) } ?? []
  let mean = hidden.reduce(0, +) / Double(hidden.count)
  let deviation = (hidden.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(hidden.count)).squareRoot()
  let loss = last.reduce(0, +) / Double(last.count)
  // In a net that has diverged there is nothing to count.
  return Census(
    dead: loss.isFinite ? shares.reduce(0, +) / Double(shares.count) : .nan, loss: loss.isFinite ? loss : .nan,
    offset: abs(mean) / deviation)
}

// snippet: deadShare
/// The share of units whose slope is below a thousandth for every sample.
///
/// - Parameter sums: what enters the activation, [N, units].
func deadShare(_ activation: any Layer, sums: Tensor) -> Double {
  var activation = activation
  let output = activation.forward(sums)
  let slope = activation.backward(
    Tensor(sums.shape, repeating: 1), input: sums, output: output)
  let (samples, units) = (sums.shape[0], sums.shape[1])
  let slopes = slope.elements
  let dead = (0..<units).count { unit in
    (0..<samples).allSatisfy { !(abs(slopes[$0 * units + unit]) >= 1e-3) }
  }
  return Double(dead) / Double(units)
}
// snippet.end

/// Trains by plain gradient descent in batches of 32 and returns the loss of each step; ends where it is no number.
///
/// - Parameter stop: asked after each step with the losses so far; true ends the training.
func learn(
  _ model: inout Model, on data: Dataset, rate: Float, steps: Int, seed: UInt64,
  until stop: ([Double]) -> Bool = { _ in false }
) -> [Double] {
  let loss = SoftmaxCrossEntropy()
  var (optimizer, batch, pass) = (SGD(), Batch(), Pass(.training))
  var generator = SeededGenerator(seed: seed, stream: 23)
  var (order, place) = (generator.permutation(of: data.count), 0)
  var losses: [Double] = []
  for _ in 0..<steps {
    if place + 32 > order.count { (order, place) = (generator.permutation(of: data.count), 0) }
    data.load(order[place..<place + 32], into: &batch)
    place += 32
    let value = model.step(batch, loss, in: &pass)
    losses.append(value)
    if !value.isFinite || stop(losses) { break }
    optimizer.step(&model, learningRate: rate)
  }
  return losses
}

/// The census over learning rates: which activation, which first bias, how many seeds.
struct CensusExperiment: Codable, Sendable {
  /// ReLU with biases that begin at 0, the same with 0.01, and the three that leak.
  static let kinds: [(name: String, bend: Bend, bias: Float)] = [
    ("ReLU", .relu, 0), ("ReLU, bias 0.01", .relu, 0.01), ("leaky ReLU", .leaky, 0), ("PReLU", .prelu, 0),
    ("ELU", .elu, 0),
  ]
  var rates: [Float]
  /// [kind][rate][seed].
  var results: [[[Census]]]

  /// The place of the rate that is too high, eight times a comfortable one, and of a usual one.
  var hot: Int { rates.firstIndex(of: 0.4) ?? 0 }
  var usual: Int { rates.firstIndex(of: 0.1) ?? 0 }

  /// The dead shares of the runs that have not diverged.
  func dead(_ kind: Int, _ rate: Int) -> Summary { Summary(results[kind][rate].map(\.dead).filter(\.isFinite)) }
  /// By how much the share of the dead is lower in one kind than in another, seed by seed, where neither has diverged.
  func rescued(by kind: Int, of other: Int, rate: Int) -> Summary {
    Summary(zip(results[other][rate], results[kind][rate]).map { $0.dead - $1.dead }.filter(\.isFinite))
  }
  /// By how much the share of a kind's dead is higher at one rate than at the lowest, seed by seed, where neither run has
  /// diverged.
  func killed(_ kind: Int, rate: Int) -> Summary {
    Summary(zip(results[kind][rate], results[kind][0]).map { $0.dead - $1.dead }.filter(\.isFinite))
  }
  /// The largest share of dead units in any run of some kinds that has not diverged.
  func worst(_ kinds: Int...) -> Double {
    kinds.flatMap { kind in rates.indices.flatMap { dead(kind, $0).values } }.max() ?? .nan
  }
  /// The highest rate at which not all runs of a kind have diverged.
  func highestRate(_ kind: Int) -> Float {
    rates.indices.filter { dead(kind, $0).count > 0 }.map { rates[$0] }.max() ?? 0
  }
  /// How many runs have diverged.
  func diverged(_ kind: Int, _ rate: Int) -> Int { results[kind][rate].count { !$0.loss.isFinite } }
}

extension CensusExperiment {
  init(
    rates: [Float], on data: Dataset, probe: Batch, steps: Int, seeds: [UInt64], report: (Int) -> Void = { _ in }
  ) throws {
    self.init(rates: rates, results: [])
    var done = 0
    for kind in Self.kinds {
      results.append(
        try rates.map { rate in
          done += 1
          report(done)
          let example = CensusCase(bend: kind.bend, rate: rate, bias: kind.bias)
          return try seeds.map { try census(example, on: data, probe: probe, steps: steps, seed: $0) }
        })
    }
  }
}
