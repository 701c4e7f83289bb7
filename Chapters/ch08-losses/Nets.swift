// The same small network of digits with five ways to end it: what the loss alone changes.

import Foundation
import Workbook

/// The last layer of a network and the loss after it.
enum Ending: String, CaseIterable, Codable, Sendable {
  case sigmoidSquared, sigmoidPublished, sigmoidEntropy, softmaxSquared, softmaxEntropy
  /// The control, which is in no race: ten bare outputs, whose push under squared error is z − y.
  case bareSquared
  /// A common mistake: a softmax in front of the loss that holds one.
  case softmaxTwice

  /// Those that are raced.
  static let allCases: [Ending] = [
    .sigmoidSquared, .sigmoidPublished, .sigmoidEntropy, .softmaxSquared, .softmaxEntropy,
  ]

  var name: String {
    switch self {
    case .sigmoidSquared: "sigmoid, squared error"
    case .sigmoidPublished: "sigmoid, wrong σ′"
    case .sigmoidEntropy: "sigmoid, cross-entropy"
    case .softmaxSquared: "softmax, squared error"
    case .softmaxEntropy: "softmax, cross-entropy"
    case .bareSquared: "no activation, squared error"
    case .softmaxTwice: "two softmaxes, cross-entropy"
    }
  }

  /// Those that the page compares: without the wrong σ′, which has a section of its own.
  static let compared = allCases.filter { $0 != .sigmoidPublished }

  /// Those with sigmoids, and those with a softmax: the frames of the races.
  static let families: [(name: String, endings: [Ending])] = [
    ("ten sigmoids", [.sigmoidSquared, .sigmoidPublished, .sigmoidEntropy]),
    ("softmax", [.softmaxSquared, .softmaxEntropy]),
  ]

  /// The first three have the colours of their rule for a single neuron.
  var color: Int { Ending.allCases.firstIndex(of: self) ?? 6 }

  /// The loss, summed over the ten outputs of a sample and averaged over the batch.
  var loss: any Loss {
    switch self {
    case .sigmoidSquared, .sigmoidPublished, .softmaxSquared, .bareSquared: MeanSquaredError()
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
      case .sigmoidPublished: [Sigmoid(derivative: .published)]
      case .softmaxSquared, .softmaxTwice: [Softmax()]
      // Cross-entropy takes logits and holds the rest; bare outputs have nothing.
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

// snippet: trainNet
/// Trains one network, by plain gradient descent where nothing else is said.
///
/// - Parameters:
///   - outputBias: where the biases of the ten outputs begin: σ(bias) is what they say at first.
///   - held: for so many steps the hidden layer stays as it begins.
func trainNet(
  _ ending: Ending, on digits: DigitSets, rate: Float, epochs: Int, batch: Int = 20, hidden: Int = 30,
  outputBias: Float = 0, optimizer: any Optimizer = SGD(), every interval: Int = 20, early: Int? = nil,
  until level: Double = -1, holdingHiddenFor held: Int = 0, seed: UInt64
) throws -> NetRun {
  var model = try Model(ending.layers(hidden: hidden), input: [1, 28, 28], seed: seed)
  if outputBias != 0, var last = model.layers["3"] as? Dense {
    last.bias?.value.fill(outputBias)
    model.layers["3"] = last
  }
  let curve = ErrorCurve(on: digits.test, loss: ending.loss, every: interval, early: early, until: level)
  var trainer = Trainer(
    model, loss: ending.loss, optimizer: optimizer, schedule: ConstantRate(rate), batchSize: batch, seed: seed)
  // snippet.end
  var hasDiverged = false
  do {
    let observers: [any TrainingObserver] = held > 0 ? [curve, HiddenHold(model, for: held)] : [curve]
    try trainer.trainResumably(on: digits.train, epochs: epochs, observers: observers)
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

extension [NetRuns] {
  /// Those that the page compares.
  var compared: [NetRuns] { filter { Ending.compared.contains($0.ending) } }
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

  /// `every 5 steps up to step 300, then every 30`: when the test error was looked at.
  var schedule: String {
    let count = wrong.map(\.count).max() ?? 0
    let first = step(0)
    guard let change = (1..<max(1, count)).first(where: { step($0) - step($0 - 1) != first }) else {
      return "every \(counted(first, "step"))"
    }
    return
      "every \(counted(first, "step")) up to step \(step(change - 1)), then every \(step(change) - step(change - 1))"
  }

  /// The test error in per cent after each step looked at, over the seeds.
  var curve: (steps: [Double], errors: [Summary]) {
    let count = wrong.map(\.count).min() ?? 0
    return (
      (0..<count).map { Double(step($0)) },
      (0..<count).map { place in Summary(wrong.map { 100 * share($0[place]) }) }
    )
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

  /// The same in words: `690`, or `more than 890` where a run never gets there.
  func stepsText(to level: Double) -> String {
    (reaches(level) ? "" : "more than ") + grouped(Int(steps(to: level).mean.rounded()))
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

  /// The places of the best rate and of its neighbours that chance cannot tell from it, seed by seed.
  func goodRates(_ index: Int) -> ClosedRange<Int> {
    let place = rates.firstIndex(of: best(index)) ?? 0
    func isTied(_ other: Int) -> Bool {
      let difference = errors[index][other] - errors[index][place]
      return difference.count >= 3 && !isClear(difference, beyond: 0)
    }
    var (low, high) = (place, place)
    while low > 0, isTied(low - 1) { low -= 1 }
    while high + 1 < rates.count, isTied(high + 1) { high += 1 }
    return low...high
  }

  /// `0.2`, or `0.2–0.5` where chance cannot tell the best rate from its neighbours, seed by seed.
  func bestText(_ index: Int) -> String {
    let good = goodRates(index)
    return good.count == 1 ? "\(rates[good.lowerBound])" : "\(rates[good.lowerBound])–\(rates[good.upperBound])"
  }

  /// The learning rate with the least mean validation error of an ending.
  func best(_ index: Int) -> Float {
    let means = errors[index].map(\.mean)
    return rates[means.indices.min { means[$0] < means[$1] } ?? 0]
  }
}

/// A network with nothing but biases moved: the error soon after a start at which all outputs are wrong alike.
///
/// - Returns: for each bias the test error in per cent after `epochs`, over the seeds.
func biasSweep(
  _ ending: Ending, biases: [Float], on digits: DigitSets, rate: Float, epochs: Int, hidden: Int = 30,
  seeds: [UInt64], report: () -> Void = {}
) throws -> [Summary] {
  let errors = try inParallel(biases.count * seeds.count) { index in
    report()
    let run = try trainNet(
      ending, on: digits, rate: rate, epochs: epochs, hidden: hidden, outputBias: biases[index / seeds.count],
      every: .max, seed: seeds[index % seeds.count])
    return 100 * run.evaluation.error
  }
  return biases.indices.map { Summary(Array(errors[$0 * seeds.count..<($0 + 1) * seeds.count])) }
}

/// The output unit of the right class early in training, averaged over the digits of a set.
struct EarlyOutput: Codable, Sendable {
  /// What the unit says, s.
  var output: Double
  /// The slope s(1 − s).
  var right: Double
  /// What the wrong derivative says of it, 1 − s².
  var wrong: Double
}

/// Trains with squared error for a few steps, and looks at the output unit of the right class.
func earlyOutput(
  on digits: DigitSets, rate: Float, steps: Int, batch: Int = 20, hidden: Int = 30, seed: UInt64
) throws -> EarlyOutput {
  let ending = Ending.sigmoidSquared
  var part = digits
  part.train = digits.train.prefix(steps * batch)
  let model = try Model(ending.layers(hidden: hidden), input: [1, 28, 28], seed: seed)
  var trainer = Trainer(
    model, loss: ending.loss, optimizer: SGD(), schedule: ConstantRate(rate), batchSize: batch, seed: seed)
  try trainer.trainResumably(on: part.train, epochs: 1)
  let sample = digits.validation.batch(first: 500)
  let outputs = trainer.model.forward(sample.inputs)
  var sums = (0.0, 0.0, 0.0)
  for (row, label) in sample.labels.enumerated() {
    let s = Double(outputs.elements[row * 10 + label])
    sums = (sums.0 + s, sums.1 + s * (1 - s), sums.2 + 1 - s * s)
  }
  let count = Double(max(1, sample.count))
  return EarlyOutput(output: sums.0 / count, right: sums.1 / count, wrong: sums.2 / count)
}
