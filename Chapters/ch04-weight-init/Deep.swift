// Nets of thirty layers: how much of a signal arrives, and which initialization can be trained.

import Workbook

extension Start {
  /// Xavier and He before a ReLU.
  static let rectified = [lecture[3], lecture[4]]
  /// The same, and the control: Xavier's net with its output multiplied by what He's has more, √2 for each layer.
  static let deep =
    [Start(name: "Xavier", activation: .relu, initializer: .lecunNormal)]
    + [Start(name: "He", activation: .relu, initializer: .heNormal)]
    + [Start(name: "Xavier, output × 2¹⁵", activation: .relu, initializer: .lecunNormal, outputScale: 32_768)]
  /// One for each gain before a tanh.
  static let deepTanh = tanhGains.map { name, gain in
    Start(name: name, activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: gain))
  }
}

/// Multiplies all numbers by one that is not learned.
struct Multiply: Layer {
  var factor: Float

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }
  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output = input.scaled(by: factor)
  }
  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    inputGradient = outputGradient.scaled(by: factor)
  }
}

// snippet: deepTrainer
/// A net of `depth` dense layers, ready to be trained.
func deepTrainer(
  _ start: Start, depth: Int = 30, width: Int, rate: Float,
  on digits: Dataset, optimizer: any Optimizer = SGD(momentum: 0.9), seed: UInt64
) throws -> Trainer {
  var layers: [any Layer] = [Flatten()]
  var inputs = digits.sampleShape.count
  func addDense(_ units: Int) {
    layers.append(
      Dense(inputs, units, bias: start.hasBiases, initializer: start.initializer))
    inputs = units
  }
  for _ in 1..<depth {
    addDense(width)
    layers.append(start.layer)
  }
  addDense(10)
  layers.append(Multiply(factor: start.outputScale))
  var model = try Model(Sequential(layers), input: digits.sampleShape, seed: seed)
  if start.hasBiases { model.drawBiases(seed: seed) }
  return Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: optimizer,
    schedule: ConstantRate(rate), batchSize: 32, seed: seed)
}
// snippet.end

/// Trains a deep net, and returns the loss of each step.
func deepTraining(
  _ start: Start, depth: Int = 30, width: Int, rate: Float, epochs: Int, on digits: Dataset,
  optimizer: any Optimizer = SGD(momentum: 0.9), seed: UInt64
) throws -> DeepRun {
  var trainer = try deepTrainer(
    start, depth: depth, width: width, rate: rate, on: digits, optimizer: optimizer, seed: seed)
  let losses = LossHistory()
  do {
    try trainer.trainResumably(on: digits, epochs: epochs, observers: [losses])
  } catch is Divergence {
    return DeepRun(losses: losses.losses, error: .nan)
  }
  return DeepRun(losses: losses.losses, error: trainer.history.last?.trainingError ?? .nan)
}

/// What came of one training.
struct DeepRun: Sendable {
  /// The loss of each step, up to the one at which it diverged.
  var losses: [Double]
  /// The share of training images taken for another digit in the last epoch, 0 … 1; NaN where the run diverged.
  var error: Double

  /// The mean loss of the last tenth of the steps; infinite where the run diverged.
  var finalLoss: Double {
    if error.isNaN || losses.isEmpty { return .infinity }
    let part = losses.suffix(max(1, losses.count / 10))
    return part.reduce(0, +) / Double(part.count)
  }
}

/// Some starts at several learning rates and seeds.
struct DeepExperiment: Sendable {
  var rates: [Float]
  /// [start][rate][seed].
  var runs: [[[DeepRun]]]
  /// [start]: the rate at which it ends lowest, by its place.
  private(set) var bestRates: [Int]

  /// Trains every start at every rate with all seeds.
  init(
    _ starts: [Start] = Start.deep, rates: [Float], depth: Int = 30, width: Int, epochs: Int, on digits: Dataset,
    seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.rates = rates
    func train(_ start: Int, _ rate: Int, _ seed: UInt64) throws -> DeepRun {
      report()
      return try deepTraining(
        starts[start], depth: depth, width: width, rate: rates[rate], epochs: epochs, on: digits, seed: seed)
    }
    let ofStart = rates.count * seeds.count
    let all = try inParallel(starts.count * ofStart) { place in
      try train(place / ofStart, place % ofStart / seeds.count, seeds[place % seeds.count])
    }
    runs = starts.indices.map { start in
      rates.indices.map { rate in
        let first = start * ofStart + rate * seeds.count
        return Array(all[first..<first + seeds.count])
      }
    }
    bestRates = runs.map { ofRates in
      let losses = ofRates.map { Summary($0.map(\.finalLoss)).mean }
      return rates.indices.min { losses[$0] < losses[$1] } ?? 0
    }
  }

  /// The final loss of a start at its best rate.
  func finalLoss(_ start: Int) -> Summary { Summary(runs[start][bestRates[start]].map(\.finalLoss)) }
}

/// Xavier's plain net beyond the grid: at rates that make its small gradients count, and with Adam.
struct PlainXavier: Codable, Sendable {
  var seeds: [UInt64]
  var rates: [Float]
  /// [rate]: the final loss over the seeds; infinite where the run diverged.
  var finalLosses: [Summary]
  /// The final loss with Adam at its usual rate.
  var adamRate: Float
  var adam: Summary

  /// The trainings with plain descent, and how many of them ended in infinity.
  var trainings: Int { finalLosses.map(\.count).reduce(0, +) }
  var explosions: Int { finalLosses.map { $0.values.count { !$0.isFinite } }.reduce(0, +) }
  /// What the other trainings did: nothing to say where all exploded, or where some learned.
  var rest: String {
    let kept = finalLosses.flatMap(\.values).filter(\.isFinite)
    return kept.isEmpty || kept.contains { $0 < 2.2 } ? "" : " and the others stayed at \(fixed(kept[0], 2))"
  }
  /// `4, 16 and 64`.
  var rateWords: String { listed(rates.map { short(Double($0)) }) }
}

extension PlainXavier {
  init(rates: [Float], adamRate: Float, width: Int, epochs: Int, on digits: Dataset, seeds: [UInt64]) throws {
    func final(_ rate: Float, _ optimizer: any Optimizer) throws -> Summary {
      Summary(
        try inParallel(seeds.count) { place in
          try deepTraining(
            Start.deep[0], width: width, rate: rate, epochs: epochs, on: digits, optimizer: optimizer,
            seed: seeds[place]
          ).finalLoss
        })
    }
    (self.seeds, self.rates, self.adamRate) = (seeds, rates, adamRate)
    finalLosses = try rates.map { try final($0, SGD(momentum: 0.9)) }
    adam = try final(adamRate, Adam())
  }
}

/// What a `DeepExperiment` has shown, without the losses of every step.
struct DeepFindings: Codable, Sendable {
  var rates: [Float]
  var width: Int
  var epochs: Int
  var imageCount: Int
  /// The final loss of each start at its best rate, over the seeds.
  var finalLosses: [Summary]

  /// The steps of one training, in batches of 32.
  var steps: Int { epochs * ((imageCount + 31) / 32) }

  /// The rates of a full run, and those of them that its starts chose: a smaller run tries these alone.
  static let allRates: [Float] = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 1, 10]
  static let chosenRates: [Float] = [0.0003, 0.001, 0.003, 1]

  /// The largest rate that was tried.
  var largestRate: Float { rates.max() ?? 0 }

  /// Whether a start gets below a loss of 2.
  func learns(_ start: Int) -> Bool { finalLosses.indices.contains(start) && finalLosses[start].mean < 2 }
}
