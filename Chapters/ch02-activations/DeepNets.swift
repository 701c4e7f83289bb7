// The activations in a deep net of dense layers, where a gradient that shrinks from layer to layer stops the learning.

import Foundation
import Workbook

/// A deep net of one activation, at its best learning rate.
struct DeepNet: Codable, Sendable {
  /// An activation, and the factor on its usual weights.
  struct Kind: Sendable {
    var name: String
    var function: Nonlinearity
    var factor: Float = 1
    /// A further factor on the weights behind the first layer.
    var inner: Float = 1
    /// The hidden layers.
    var layers = DeepNet.depth
    /// Whether the first biases take away what a mean of ½ adds to the sums.
    var startsCentred = false
    /// The sigmoid's stead, where one of its faults is mended.
    var mended: MendedSigmoid? = nil
    /// The function's stead, where it is one that a full run alone trains.
    var rarer: RarerActivation? = nil
    /// Whether all weights are PyTorch's default ones.
    var isTorch = false
    var fromTorch: Kind {
      var kind = self
      (kind.name, kind.isTorch) = ("\(name), default", true)
      return kind
    }

    var layer: any Layer { mended.map { $0.layer } ?? function.layer }
  }
  /// The large weights are those at which a sigmoid's gradient keeps its size.
  static let kinds = [
    Kind(name: "sigmoid", function: .sigmoid), Kind(name: "sigmoid, gain 10", function: .sigmoid, factor: 10),
    Kind(name: "tanh", function: .tanh), Kind(name: "ReLU", function: .relu),
    Kind(name: "leaky ReLU", function: .leaky), Kind(name: "ELU", function: .elu),
  ]
  /// A sigmoid's two faults, mended: usual weights.
  static let mended = MendedSigmoid.allCases.map { Kind(name: $0.name, function: .sigmoid, mended: $0) }
  /// What a full run trains besides.
  static let rarer = RarerActivation.allCases.map { Kind(name: $0.name, function: .relu, rarer: $0) }
  /// tanh with PyTorch's gain for it, in all layers but the first.
  static let wideTanh = Kind(name: "tanh, gain 5/3", function: .tanh, inner: 5 / 3)
  /// The places of the sigmoid, with the usual weights and with large ones, of tanh, and of ReLU.
  static let (sigmoid, large, tanh, relu) = (0, 1, 2, 3)
  /// Those that ReLU is held against: all others but the sigmoids.
  static let rivals = kinds.indices.filter { $0 != relu && kinds[$0].function != .sigmoid }
  /// The hidden layers, and the units of each.
  static let (depth, width) = (8, 64)

  /// The rates that are tried: from 0.003 to 3.2, each twice the one before.
  static let rates: [Float] = (0..<11).map { 0.1 * pow(2, Float($0 - 5)) }

  var rate: Float
  /// For each seed the mean loss of the last 20 steps, and the test error in per cent; NaN where it diverged.
  var losses: Summary
  var errors: Summary
  /// The share of a gradient that as many layers leave of it at the start; not in older records, nor for all.
  var kept: Double? = nil
}

// snippet: deepNet
/// `layers` hidden layers of `width` units for digits.
func deepNet(_ kind: DeepNet.Kind) -> Sequential {
  let width = kind.rarer?.width ?? DeepNet.width
  let hidden = (0..<kind.layers).flatMap { layer -> [any Layer] in
    let inputs = layer == 0 ? 1024 : width
    let start = kind.function.initializer(
      times: kind.factor * (layer == 0 ? 1 : kind.inner))
    return kind.rarer?.layers(inputs, start)
      ?? [Dense(inputs, width, initializer: start), kind.layer]
  }
  let last = Initializer.normal(standardDeviation: 0.01 * kind.inner)
  return Sequential([Flatten()] + hidden + [Dense(width, 10, initializer: last)])
}
// snippet.end

extension DeepNet {
  /// Trains with every rate on the trial seeds, then with the best one on the seeds.
  init(
    _ kind: Kind, rates: [Float], trials: [UInt64], steps: Int, on data: Dataset, test: Dataset, seeds: [UInt64],
    ticker: Ticker? = nil
  ) throws {
    func train(_ rate: Float, _ seed: UInt64) throws -> (loss: Double, model: Model) {
      ticker?.tick()
      var model = try Model(deepNet(kind), input: data.sampleShape, seed: seed)
      if kind.startsCentred { centreFirstSums(&model) }
      let losses = learn(&model, on: data, rate: rate, steps: steps, seed: seed)
      return (finalLoss(losses), model)
    }
    let tried = try inParallel(rates.count * trials.count) { index in
      try train(rates[index / trials.count], trials[index % trials.count]).loss
    }
    let costs = rates.indices.map { rate in
      tried[rate * trials.count..<(rate + 1) * trials.count].reduce(0) { $0 + ($1.isFinite ? $1 : .infinity) }
    }
    let rate = rates[choice(costs)]
    let runs = try inParallel(seeds.count) { index in
      let (loss, model) = try train(rate, seeds[index])
      return [loss, loss.isFinite ? 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error : .nan]
    }
    self.init(
      rate: rate, losses: Summary(runs.map { $0[0] }), errors: Summary(runs.map { $0[1] }),
      kept: kind.rarer == nil && kind.inner == 1 ? Self.kept(kind, seeds) : nil)
  }

  /// The share of a gradient that the layers of a kind leave of it at the start, the geometric mean over the seeds.
  static func kept(_ kind: Kind, _ seeds: [UInt64]) -> Double {
    let logarithms = seeds.map { seed in
      log(
        survival(
          kind.layer, initializer: kind.function.initializer(times: kind.factor), depth: kind.layers, width: width,
          samples: 16, seed: seed)[kind.layers - 1])
    }
    return exp(Summary(logarithms).mean)
  }
}
