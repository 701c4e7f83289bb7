// He et al.'s net of thirty layers: how much of a signal arrives, and which start can be trained.

import Workbook

/// The two ways to begin that are compared before a ReLU.
let deepStarts = [Start.lecture[3], Start.lecture[4]]

// snippet: deepTraining
/// Trains a net of `depth` dense layers with ReLUs between them,
/// and returns the loss of each step.
func deepTraining(
  _ start: Start, depth: Int = 30, width: Int, rate: Float, epochs: Int,
  on digits: Dataset, seed: UInt64
) throws -> DeepRun {
  var layers: [any Layer] = [Flatten()]
  var inputs = digits.sampleShape.count
  for _ in 1..<depth {
    layers += [Dense(inputs, width, initializer: start.initializer), ReLU()]
    inputs = width
  }
  layers.append(Dense(inputs, 10, initializer: start.initializer))
  var trainer = Trainer(
    try Model(Sequential(layers), input: digits.sampleShape, seed: seed),
    loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
    schedule: ConstantRate(rate), batchSize: 32, seed: seed)
  let losses = LossHistory()
  // snippet.end
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

/// Both starts at several learning rates and seeds.
struct DeepExperiment: Sendable {
  var rates: [Float]
  /// [start][rate][seed].
  var runs: [[[DeepRun]]]

  init(
    rates: [Float], depth: Int = 30, width: Int, epochs: Int, on digits: Dataset, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    self.rates = rates
    let ofStart = rates.count * seeds.count
    let all = try inParallel(deepStarts.count * ofStart) { place in
      report()
      return try deepTraining(
        deepStarts[place / ofStart], depth: depth, width: width, rate: rates[place % ofStart / seeds.count],
        epochs: epochs, on: digits, seed: seeds[place % seeds.count])
    }
    runs = deepStarts.indices.map { start in
      rates.indices.map { rate in
        let first = start * ofStart + rate * seeds.count
        return Array(all[first..<first + seeds.count])
      }
    }
  }

  /// The rate at which a start ends lowest, by its place.
  func bestRate(_ start: Int) -> Int {
    rates.indices.min { mean(start, $0) < mean(start, $1) } ?? 0
  }

  private func mean(_ start: Int, _ rate: Int) -> Double {
    Summary(runs[start][rate].map(\.finalLoss)).mean
  }

  /// The final loss of a start at its best rate.
  func finalLoss(_ start: Int) -> Summary { Summary(runs[start][bestRate(start)].map(\.finalLoss)) }

  /// The mean loss curve of a start at its best rate, averaged over `step` steps each, as far as all seeds came.
  func curve(_ start: Int, every step: Int) -> [Double] {
    meanCurve(of: runs[start][bestRate(start)].map(\.losses), every: step)
  }
}

/// What a `DeepExperiment` has shown, without the losses of every step.
struct DeepFindings: Codable, Sendable {
  var rates: [Float]
  var width: Int
  var epochs: Int
  var imageCount: Int
  /// The rate at which each of `deepStarts` ends lowest.
  var bestRates: [Float]?
  /// The final loss of each of `deepStarts` at its best rate, over the seeds.
  var finalLosses: [Summary]
  /// The loss of each start at its best rate: means over ten steps and over the seeds.
  var curves: [[Double]]

  /// The steps of one training, in batches of 32.
  var steps: Int { epochs * ((imageCount + 31) / 32) }

  /// The largest rate that was tried.
  var largestRate: Float { rates.max() ?? 0 }

  /// Whether a start gets below a loss of 2.
  func learns(_ start: Int) -> Bool { finalLosses[start].mean < 2 }

  /// The step at which the mean loss of a start is below `loss` for the first time.
  func firstBelow(_ loss: Double, start: Int) -> Int? {
    curves[start].firstIndex { $0 < loss }.map { 10 * ($0 + 1) }
  }
}
