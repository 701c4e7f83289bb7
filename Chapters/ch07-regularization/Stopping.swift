// Early stopping: digits with wrong labels, learned by heart, and where one should have stopped.

import Foundation
import Workbook

/// Trains a dense net of one wide layer, with early stopping or to the end.
///
/// - Returns: the history of its epochs, and its test error as it stands.
func learnByHeart(
  _ digits: DigitSets, wrongLabels: Float, epochs: Int, hidden: Int = 128,
  stopping: EarlyStopping? = nil, observers: [any TrainingObserver] = [],
  seed: UInt64
) throws -> (history: [EpochRecord], testError: Double, outcome: Trainer.Outcome) {
  let model = try Model(
    Sequential([
      Flatten(), Dense(784, hidden, initializer: .heNormal), ReLU(),
      Dense(hidden, 10),
    ]), input: [1, 28, 28], seed: seed)
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: SGD(),
    schedule: ConstantRate(0.05), batchSize: 20, seed: seed)
  trainer.earlyStopping = stopping
  let outcome = try trainer.trainResumably(
    on: digits.train.withWrongLabels(wrongLabels, seed: seed, stream: 0xBAD),
    validation: digits.validation, testing: digits.test, epochs: epochs,
    observers: observers)
  let final = evaluate(
    trainer.model, on: digits.test, loss: SoftmaxCrossEntropy())
  return (trainer.history, final.error, outcome)
}

/// Looks after each epoch which labels of the training set the net gives, right ones and wrong ones apart.
private final class LabelWatch: TrainingObserver {
  private let data: Dataset
  private let isRight: [Bool]
  /// After each epoch, the shares of the right and of the wrong labels that the net does not give.
  private(set) var missed: [(right: Double, wrong: Double)] = []

  init(_ data: Dataset, truth: Dataset) {
    (self.data, isRight) = (data, zip(data.labels, truth.labels).map(==))
  }

  func epochEnded(_ record: EpochRecord, trainer: Trainer) {
    let answers = evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).predictions
    func share(_ right: Bool) -> Double {
      let places = isRight.indices.filter { isRight[$0] == right }
      return Double(places.count { answers[$0] != Int(data.labels[$0]) }) / Double(max(1, places.count))
    }
    missed.append((share(true), share(false)))
  }
}

/// The errors of a run, epoch by epoch, 0 … 1.
struct LearningCurve: Codable, Sendable {
  /// Counts the wrong labels as they are, each sample at the moment when it was used.
  var training: [Double]
  var validation: [Double]
  var test: [Double]
  /// The shares of the right and of the wrong labels that the net misses after each epoch; nil where none is wrong.
  var missedRight: [Double]?
  var missedWrong: [Double]?
  /// The mean loss on the test set after each epoch, where it was kept.
  var testLoss: [Double]?

  var epochs: Int { test.count }

  /// Takes the errors out of a history with validation and test set.
  init(_ history: [EpochRecord]) {
    func kept(_ value: (EpochRecord) -> Double?) -> [Double] { history.map { rounded(value($0) ?? .nan, decimals: 4) } }
    (training, validation, test) = (kept(\.trainingError), kept(\.validationError), kept(\.testError))
    testLoss = history.contains { $0.testLoss != nil } ? kept(\.testLoss) : nil
  }

  /// Where a rule would have stopped the finished run, and which epoch it would have gone back to.
  ///
  /// The rule looks at the past alone, so this is what a run with early stopping does.
  func stop(patience: Int) -> (stopped: Int, best: Int) {
    let rule = EarlyStopping(patience: patience)
    let history = validation.enumerated().map { index, error in
      EpochRecord(
        epoch: index + 1, learningRate: 0, trainingLoss: 0, trainingError: 0, seconds: 0, validationError: error)
    }
    for end in 1...history.count {
      if case let (best?, true) = rule.judge(Array(history[..<end])) { return (end, best) }
    }
    return (history.count, rule.judge(history).best ?? history.count)
  }
}

/// Runs to the end, with and without wrong labels, and what patience would have made of them.
struct StoppingExperiment: Codable, Sendable {
  /// The patience of figure and claims.
  static let patience = 5
  /// The share of wrong labels.
  static let wrongLabels: Float = 0.4

  /// With wrong labels and without: [seed].
  var noisy: [LearningCurve]
  var clean: [LearningCurve]

  /// Takes runs that are done.
  init(noisy: [LearningCurve], clean: [LearningCurve]) { (self.noisy, self.clean) = (noisy, clean) }

  init(
    _ digits: DigitSets, wrongLabels: Float = StoppingExperiment.wrongLabels, epochs: Int, hidden: Int = 128,
    seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    let all = try inParallel(2 * seeds.count) { index in
      report()
      let (seed, share) = (seeds[index % seeds.count], index < seeds.count ? wrongLabels : 0)
      let watch = LabelWatch(digits.train.withWrongLabels(share, seed: seed, stream: 0xBAD), truth: digits.train)
      var curve = LearningCurve(
        try learnByHeart(
          digits, wrongLabels: share, epochs: epochs, hidden: hidden, observers: share > 0 ? [watch] : [], seed: seed
        ).history)
      if share > 0 {
        curve.missedRight = watch.missed.map { rounded($0.right, decimals: 4) }
        curve.missedWrong = watch.missed.map { rounded($0.wrong, decimals: 4) }
      }
      return curve
    }
    (noisy, clean) = (Array(all[..<seeds.count]), Array(all[seeds.count...]))
  }

  /// The test error in per cent after the epoch that early stopping goes back to, over the seeds.
  static func stoppedError(_ runs: [LearningCurve], patience: Int = StoppingExperiment.patience) -> Summary {
    Summary(runs.map { 100 * $0.test[$0.stop(patience: patience).best - 1] })
  }

  /// The test error in per cent after the last epoch, over the seeds.
  static func lastError(_ runs: [LearningCurve]) -> Summary { Summary(runs.map { 100 * ($0.test.last ?? .nan) }) }

  /// The share of the training set, wrong labels included, that the nets miss in the last epoch.
  var learned: Summary { Summary(noisy.map { $0.training.last ?? 1 }) }
}
