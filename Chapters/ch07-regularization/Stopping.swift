// Early stopping: digits with wrong labels, learned by heart, and where one should have stopped.

import Foundation
import Workbook

extension Dataset {
  /// The same images with a share of their labels replaced by another class, at random.
  func withWrongLabels(_ share: Float, seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 0xBAD)
    var copy = self
    for index in copy.labels.indices where generator.nextUniform() < share {
      copy.labels[index] = UInt8((Int(copy.labels[index]) + 1 + generator.nextInt(below: classCount - 1)) % classCount)
    }
    return copy
  }
}

// snippet: learnByHeart
/// Trains a dense net of one wide layer, with early stopping or to the end.
///
/// - Returns: the history of its epochs, and its test error as it stands.
func learnByHeart(
  _ digits: DigitSets, wrongLabels: Float, epochs: Int, hidden: Int = 128,
  stopping: EarlyStopping? = nil, seed: UInt64
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
    on: digits.train.withWrongLabels(wrongLabels, seed: seed),
    validation: digits.validation, testing: digits.test, epochs: epochs)
  let final = evaluate(
    trainer.model, on: digits.test, loss: SoftmaxCrossEntropy())
  return (trainer.history, final.error, outcome)
}
// snippet.end

/// Runs to the end, with and without wrong labels, and what patience would have made of them.
struct StoppingExperiment: Sendable {
  /// With wrong labels and without: [seed].
  var noisy: [[EpochRecord]]
  var clean: [[EpochRecord]]

  init(
    _ digits: DigitSets, wrongLabels: Float, epochs: Int, hidden: Int = 128, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    let all = try inParallel(2 * seeds.count) { index in
      report()
      return try learnByHeart(
        digits, wrongLabels: index < seeds.count ? wrongLabels : 0, epochs: epochs, hidden: hidden,
        seed: seeds[index % seeds.count]
      ).history
    }
    (noisy, clean) = (Array(all[..<seeds.count]), Array(all[seeds.count...]))
  }

  /// Where a rule would have stopped a finished run, and which epoch it would have gone back to.
  ///
  /// The rule looks at the past alone, so this is what a run with early stopping does.
  static func stop(_ history: [EpochRecord], patience: Int) -> (stopped: Int, best: Int) {
    let rule = EarlyStopping(patience: patience)
    for end in 1...history.count {
      if case let (best?, true) = rule.judge(Array(history[..<end])) { return (end, best) }
    }
    return (history.count, rule.judge(history).best ?? history.count)
  }

  /// The test error in per cent after the epoch that early stopping goes back to, over the seeds.
  static func stoppedError(_ histories: [[EpochRecord]], patience: Int) -> Summary {
    Summary(histories.map { 100 * ($0[stop($0, patience: patience).best - 1].testError ?? .nan) })
  }

  /// The test error in per cent after the last epoch, over the seeds.
  static func lastError(_ histories: [[EpochRecord]]) -> Summary {
    Summary(histories.map { 100 * ($0.last?.testError ?? .nan) })
  }

  /// What `measure` takes from each epoch, over the seeds.
  static func curve(_ histories: [[EpochRecord]], _ measure: (EpochRecord) -> Double?) -> [Summary] {
    (histories.first ?? []).indices.map { epoch in Summary(histories.map { 100 * (measure($0[epoch]) ?? .nan) }) }
  }
}
