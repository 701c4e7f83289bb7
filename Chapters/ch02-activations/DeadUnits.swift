// A census of dead units: how many there are after training, for each learning rate and each initial bias.

import Foundation
import Workbook

/// How one net is trained for the census.
struct CensusCase: Hashable, Sendable {
  var function: Nonlinearity
  var rate: Float
  var bias: Float
}

/// What the census found in one net.
struct Census: Codable, Sendable {
  /// The share of hidden units through which less than a thousandth of the gradient flows, for every probe image.
  var dead: Double
  /// The mean loss of the last steps; NaN where training has diverged.
  var loss: Double
  /// The mean of the hidden activations of the second layer, over their standard deviation.
  var offset: Double
  /// The share of them that are above 0.
  var active: Double
  /// The share of the second layer's units all of whose weights get gradients of one sign in a batch of 64, of those that
  /// get any; not in older records.
  var oneSign: Double?
  /// The share of the units that are dead before training, and of those that are dead before and after; not in older records.
  var born: Double? = nil
  var bornAndDead: Double? = nil
}

/// The units of the two hidden layers.
let hiddenUnits = 200

/// Two hidden layers of 100 units for digits.
func hiddenNet(_ function: Nonlinearity) -> Sequential {
  Sequential([
    "flat": Flatten(), "fc1": Dense(1024, 100, initializer: function.initializer()), "act1": function.layer,
    "fc2": Dense(100, 100, initializer: function.initializer()), "act2": function.layer,
    "fc3": Dense(100, 10, initializer: lastLayer),
  ])
}

/// Trains a net, then counts.
func census(_ example: CensusCase, on data: Dataset, probe: Batch, steps: Int, seed: UInt64) throws -> Census {
  var model = try Model(hiddenNet(example.function), input: data.sampleShape, seed: seed)
  model.visitParameters { name, parameter in
    if name == "fc1.bias" || name == "fc2.bias" { parameter.value.fill(example.bias) }
  }
  func dead(_ outputs: [(name: String, kind: String, output: Tensor)]) -> [Bool] {
    [("fc1", "act1"), ("fc2", "act2")].flatMap { sums, activation -> [Bool] in
      guard let z = outputs.first(where: { $0.name == sums })?.output, let layer = model.layers[activation] else {
        return []
      }
      return deadUnits(layer, sums: z)
    }
  }
  let before = dead(layerOutputs(of: model.layers, on: probe.inputs))
  let losses = learn(&model, on: data, rate: example.rate, steps: steps, seed: seed)
  let outputs = layerOutputs(of: model.layers, on: probe.inputs)
  let after = dead(outputs)
  func share(_ count: Int) -> Double { Double(count) / Double(max(1, after.count)) }
  let hidden = outputs.first { $0.name == "act2" }?.output.elements.map { Double($0) } ?? []
  let mean = hidden.reduce(0, +) / Double(hidden.count)
  let deviation = (hidden.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(hidden.count)).squareRoot()
  let loss = finalLoss(losses)
  // In a net that has diverged there is nothing to count.
  return Census(
    dead: loss.isFinite ? share(after.count { $0 }) : .nan, loss: loss,
    offset: abs(mean) / deviation, active: Double(hidden.count { $0 > 0 }) / Double(hidden.count),
    oneSign: loss.isFinite ? oneSignShare(of: "fc2", in: model, on: data.batch(first: 64)) : .nan,
    born: share(before.count { $0 }),
    bornAndDead: loss.isFinite ? share(zip(before, after).count { $0 && $1 }) : .nan)
}

/// For each unit, whether its slope is below a thousandth for every sample.
///
/// - Parameter sums: what enters the activation, [N, units].
func deadUnits(_ activation: any Layer, sums: Tensor) -> [Bool] {
  var activation = activation
  let output = activation.forward(sums)
  let slope = activation.backward(
    Tensor(sums.shape, repeating: 1), input: sums, output: output)
  let (samples, units) = (sums.shape[0], sums.shape[1])
  let slopes = slope.elements
  return (0..<units).map { unit in
    (0..<samples).allSatisfy { !(abs(slopes[$0 * units + unit]) >= 1e-3) }
  }
}

/// The census over learning rates: which activation, which initial bias, how many seeds.
struct CensusExperiment: Codable, Sendable {
  /// ReLU with biases that begin at 0, the same with 0.01, and one that leaks.
  static let kinds: [(name: String, function: Nonlinearity, bias: Float)] = [
    ("ReLU", .relu, 0), ("ReLU, initial bias 0.01", .relu, 0.01), ("leaky ReLU", .leaky, 0),
  ]
  var rates: [Float]
  /// [kind][rate][seed].
  var results: [[[Census]]]

  /// The place of the rate that is too high, eight times a comfortable one, and of a usual one.
  var hot: Int { rates.firstIndex(of: 0.4) ?? 0 }
  var usual: Int { rates.firstIndex(of: 0.1) ?? 0 }

  /// The mean training loss of ReLU at a rate; infinite where a run diverged.
  func loss(_ rate: Int) -> Double {
    results[0][rate].map { $0.loss.isFinite ? $0.loss : .infinity }.reduce(0, +) / Double(results[0][rate].count)
  }
  /// The place of the rate with the lowest.
  var best: Int { rates.indices.min { loss($0) < loss($1) } ?? 0 }

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
  /// The largest share of dead units in any run of a kind that has not diverged.
  func worst(_ kind: Int) -> Double { rates.indices.flatMap { dead(kind, $0).values }.max() ?? .nan }
  /// The share of the units of a kind that are dead before training, and of those that are so before and after training at
  /// a rate, seed by seed; nil in older records.
  func born(_ kind: Int) -> Summary? {
    let shares = results[kind][0].compactMap(\.born)
    return shares.count == results[kind][0].count ? Summary(shares) : nil
  }
  func bornAndDead(_ kind: Int, _ rate: Int) -> Summary? {
    let runs = results[kind][rate]
    return runs.allSatisfy { $0.bornAndDead != nil }
      ? Summary(runs.compactMap(\.bornAndDead).filter(\.isFinite)) : nil
  }
  /// How many runs have diverged.
  func diverged(_ kind: Int, _ rate: Int) -> Int { results[kind][rate].count { !$0.loss.isFinite } }
}

extension CensusExperiment {
  init(
    rates: [Float],
    cases: [(Float) -> CensusCase] = Self.kinds.map { kind in
      { CensusCase(function: kind.function, rate: $0, bias: kind.bias) }
    },
    on data: Dataset, probe: Batch, steps: Int, seeds: [UInt64], ticker: Ticker? = nil
  ) throws {
    self.init(rates: rates, results: [])
    for example in cases {
      let examples = rates.map(example)
      let all = try inParallel(rates.count * seeds.count) { index in
        ticker?.tick()
        return try census(
          examples[index / seeds.count], on: data, probe: probe, steps: steps, seed: seeds[index % seeds.count])
      }
      results.append(rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) })
    }
  }
}

/// A cloud of points, and the line on which the sum of a ReLU with two weights is 0: it answers on one side only.
struct CloudUnit: Sendable {
  var bias: Double
  /// The points on whose side it answers, and the others.
  var on: (x: [Double], y: [Double]) = ([], [])
  var off: (x: [Double], y: [Double]) = ([], [])

  static let weights = (0.8, 0.6)
  static let biases = [0.0, -3, -5]
  static let (across, up) = (-1.0...7.0, -1.0...4.0)

  init(bias: Double, count: Int = 150) {
    self.bias = bias
    var generator = SeededGenerator(seed: 1, stream: 26)
    for _ in 0..<count {
      let (x, y) = (2.2 + 0.8 * Double(generator.nextNormal()), 1.3 + 0.5 * Double(generator.nextNormal()))
      if Self.weights.0 * x + Self.weights.1 * y + bias > 0 {
        on.x.append(x)
        on.y.append(y)
      } else {
        off.x.append(x)
        off.y.append(y)
      }
    }
  }

  /// Where the line crosses the picture.
  var line: (x: [Double], y: [Double]) {
    let places = stride(from: Self.across.lowerBound, through: Self.across.upperBound, by: 0.02).map { x in
      (x: x, y: -(bias + Self.weights.0 * x) / Self.weights.1)
    }.filter { Self.up.contains($0.y) }
    return (places.map(\.x), places.map(\.y))
  }
}
