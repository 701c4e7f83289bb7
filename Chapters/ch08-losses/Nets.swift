// The same small network of digits with four ways to end it: what the last layer and the loss alone change.

import Foundation
import Workbook

/// The last layer of a network and the loss after it.
enum Ending: String, CaseIterable, Codable, Sendable {
  case sigmoidSquared, sigmoidEntropy, softmaxSquared, softmaxEntropy
  /// Squared error on ten bare numbers.
  case bareSquared
  /// A common mistake: a softmax in front of the loss that holds one.
  case softmaxTwice

  /// Those that are compared.
  static let allCases: [Ending] = [.sigmoidSquared, .sigmoidEntropy, .softmaxSquared, .softmaxEntropy]

  var name: String {
    switch self {
    case .sigmoidSquared: "sigmoid, squared error"
    case .sigmoidEntropy: "sigmoid, cross-entropy"
    case .softmaxSquared: "softmax, squared error"
    case .softmaxEntropy: "softmax, cross-entropy"
    case .bareSquared: "bare outputs, squared error"
    case .softmaxTwice: "two softmaxes, cross-entropy"
    }
  }

  /// The first two have the colours of their rule for a single neuron.
  var color: Int {
    switch self {
    case .sigmoidSquared: 0
    case .sigmoidEntropy: 2
    case .softmaxSquared: 3
    case .softmaxEntropy: 4
    case .bareSquared: 5
    case .softmaxTwice: 6
    }
  }

  /// The loss, summed over the ten outputs of a sample and averaged over the batch.
  var loss: any Loss {
    switch self {
    case .sigmoidSquared, .softmaxSquared, .bareSquared: MeanSquaredError()
    // The library's is a mean over the outputs.
    case .sigmoidEntropy: Multiplied(loss: BinaryCrossEntropy(), factor: 10)
    case .softmaxEntropy, .softmaxTwice: SoftmaxCrossEntropy()
    }
  }

  // snippet: layers
  /// 784 pixels, `hidden` tanh units, ten outputs.
  func layers(hidden: Int) -> Sequential {
    let ending: [any Layer] =
      switch self {
      case .sigmoidSquared: [Sigmoid()]
      case .softmaxSquared, .softmaxTwice: [Softmax()]
      // Cross-entropy takes logits and holds the rest.
      case .sigmoidEntropy, .softmaxEntropy, .bareSquared: []
      }
    return Sequential(
      [Flatten(), Dense(784, hidden), Tanh(), Dense(hidden, 10)] + ending)
  }
  // snippet.end
}

/// A loss times a number.
struct Multiplied<Base: Loss>: Loss {
  var loss: Base
  var factor: Float
  var name: String { loss.name }

  func evaluate(_ output: Tensor, _ target: Target, gradient: inout Tensor) -> Double {
    let value = loss.evaluate(output, target, gradient: &gradient)
    gradient.withUnsafeMutableElements { g in for i in g.indices { g[i] *= factor } }
    return value * Double(factor)
  }
}

/// A network's learning curve: its test error every few steps.
final class ErrorCurve: ResumableObserver {
  private(set) var steps: [Int] = []
  private var epochs: [Int] = []
  private(set) var errors: [Double] = []
  private let samples: Dataset
  private let loss: any Loss
  private let interval: Int
  private let early: Int
  private let level: Double

  /// Looks every `interval` steps, and up to step `ErrorCurve.earlySteps` every `early` steps; no more after an error of at
  /// most `level`.
  init(on samples: Dataset, loss: any Loss, every interval: Int, early: Int? = nil, until level: Double = -1) {
    self.level = level
    self.samples = samples
    self.loss = loss
    self.interval = interval
    self.early = early ?? interval
  }

  /// Where errors still fall fast.
  static let earlySteps = 300

  func stepEnded(_ step: StepRecord, model: inout Model) {
    guard step.globalStep % (step.globalStep <= Self.earlySteps ? early : interval) == 0 else { return }
    if let last = errors.last, last <= level { return }
    steps.append(step.globalStep)
    epochs.append(step.epoch)
    errors.append(evaluate(model, on: samples, loss: loss).error)
  }

  struct Record: Codable {
    var steps: [Int]
    var epochs: [Int]
    var errors: [Double]
  }

  var record: Record { Record(steps: steps, epochs: epochs, errors: errors) }

  func restore(_ record: Record, finishedEpochs: Int) {
    let count = record.epochs.prefix { $0 <= finishedEpochs }.count
    steps = Array(record.steps.prefix(count))
    epochs = Array(record.epochs.prefix(count))
    errors = Array(record.errors.prefix(count))
  }
}

/// One trained network.
struct NetRun: Sendable {
  /// The steps after which the test error was looked at.
  var looks: [Int]
  /// The test error at each look, 0 … 1.
  var errors: [Double]
  var validationError: Double
  /// Judged on the test set.
  var evaluation: Evaluation
  var model: Model
  /// Whether a loss or a weight stopped being a number.
  var hasDiverged: Bool
}

/// Trains one network by plain gradient descent.
func trainNet(
  _ ending: Ending, on digits: DigitSets, rate: Float, epochs: Int, batch: Int = 20, hidden: Int = 30,
  every interval: Int = 20, early: Int? = nil, until level: Double = -1, seed: UInt64
) throws -> NetRun {
  let model = try Model(ending.layers(hidden: hidden), input: [1, 28, 28], seed: seed)
  let curve = ErrorCurve(on: digits.test, loss: ending.loss, every: interval, early: early, until: level)
  var trainer = Trainer(
    model, loss: ending.loss, optimizer: SGD(), schedule: ConstantRate(rate), batchSize: batch, seed: seed)
  var hasDiverged = false
  do {
    try trainer.trainResumably(on: digits.train, epochs: epochs, observers: [curve])
  } catch is Divergence {
    hasDiverged = true
  }
  return NetRun(
    looks: curve.steps, errors: curve.errors,
    validationError: hasDiverged ? 0.9 : evaluate(trainer.model, on: digits.validation, loss: ending.loss).error,
    evaluation: evaluate(trainer.model, on: digits.test, loss: ending.loss), model: trainer.model,
    hasDiverged: hasDiverged)
}

/// What came out of the runs of one ending with one learning rate and several seeds.
struct NetRuns: Codable, Sendable {
  var ending: Ending
  var rate: Float
  /// The steps from one look at the test error to the next; 0 where nobody looked.
  var interval: Int
  /// The steps after which the test error was looked at; nil where that is every `interval` steps.
  var looks: [Int]?
  /// The digits of the test set.
  var testCount: Int
  /// [seed][look]: the wrong answers.
  var wrong: [[Int]]
  /// [seed][k − 1]: the digits whose class is not among the first k at the end, k = 1 … 9.
  var beyond: [[Int]]
}

extension NetRuns {
  /// Sums up runs that have ended.
  init(_ ending: Ending, rate: Float, interval: Int, runs: [NetRun]) {
    let testCount = runs.first?.evaluation.count ?? 0
    self.ending = ending
    self.rate = rate
    self.interval = runs.allSatisfy(\.errors.isEmpty) ? 0 : interval
    self.testCount = testCount
    looks = runs.map(\.looks).max { $0.count < $1.count }
    wrong = runs.map { run in run.errors.map { Int(($0 * Double(testCount)).rounded()) } }
    beyond = runs.map { run in (1...9).map { k in run.evaluation.ranks.count { $0 >= k } } }
  }

  /// Several endings, each at a rate of its own, all their runs side by side.
  static func all(
    _ endings: [Ending], rates: [Float], on digits: DigitSets, epochs: Int, every interval: Int, early: Int,
    seeds: [UInt64], report: () -> Void = {}
  ) throws -> [NetRuns] {
    let all = try inParallel(endings.count * seeds.count) { index in
      report()
      let place = index / seeds.count
      return try trainNet(
        endings[place], on: digits, rate: rates[place], epochs: epochs, every: interval, early: early,
        seed: seeds[index % seeds.count])
    }
    return endings.indices.map { place in
      NetRuns(
        endings[place], rate: rates[place], interval: interval,
        runs: Array(all[place * seeds.count..<(place + 1) * seeds.count]))
    }
  }

  /// The number of seeds.
  var seeds: Int { beyond.count }

  /// A number of digits as a share of the test set, 0 … 1.
  private func share(_ count: Int) -> Double { Double(count) / Double(testCount) }

  /// The step of the look at `place`.
  private func step(_ place: Int) -> Int {
    if let looks, looks.indices.contains(place) { return looks[place] }
    return (place + 1) * interval
  }

  /// The top-k error at the end, 0 … 1, for each seed.
  func topErrors(_ k: Int) -> [Double] { beyond.map { share($0[k - 1]) } }

  /// The test error in per cent at the end, over the seeds.
  var finalError: Summary { Summary(topErrors(1).map { 100 * $0 }) }

  /// The first look of a run at which its error is at most `level`; nil where there is none.
  private func look(_ run: [Int], at level: Double) -> Int? { run.firstIndex { share($0) <= level } }

  /// The steps to an error of at most `level`, over the seeds; a run that never gets there counts with its length.
  func steps(to level: Double) -> Summary {
    Summary(wrong.map { run in Double(step(look(run, at: level) ?? run.count - 1)) })
  }

  /// Whether every run gets to `level`.
  func reaches(_ level: Double) -> Bool { wrong.allSatisfy { look($0, at: level) != nil } }
}

/// Every ending at every learning rate, to give each the one that suits it.
struct RateSweep: Codable, Sendable {
  var rates: [Float]
  var epochs: Int
  /// [ending][rate]: the validation error in per cent, over the seeds.
  var errors: [[Summary]] = []
}

extension RateSweep {
  /// Trains them all, `epochs` each.
  init(
    _ endings: [Ending] = Ending.allCases, rates: [Float], on digits: DigitSets, epochs: Int, hidden: Int = 30,
    seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.rates = rates
    self.epochs = epochs
    let all = try inParallel(endings.count * rates.count * seeds.count) { index in
      report()
      let run = try trainNet(
        endings[index / seeds.count / rates.count], on: digits, rate: rates[index / seeds.count % rates.count],
        epochs: epochs, hidden: hidden, every: .max, seed: seeds[index % seeds.count])
      return 100 * run.validationError
    }
    errors = endings.indices.map { ending in
      rates.indices.map { rate in
        let first = (ending * rates.count + rate) * seeds.count
        return Summary(Array(all[first..<first + seeds.count]))
      }
    }
  }

  /// The learning rate with the least mean validation error of an ending.
  func best(_ index: Int) -> Float {
    let means = errors[index].map(\.mean)
    return rates[means.indices.min { means[$0] < means[$1] } ?? 0]
  }
}
