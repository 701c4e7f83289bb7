// `--mine`: LeNet-5 trained by the reader's own layers, beside the library's.

import Foundation
import Workbook

enum LearnersRun {
  /// Images in a batch.
  private static let batch = 8

  /// Trains one network twice with the same seed, once with the reader's layers.
  ///
  /// - Throws: ``NoUsableAnswer`` where none of them can be used.
  static func measure(_ run: ChapterRun, _ options: LeNetOptions, _ session: Session) throws -> LearnersRunFindings {
    let mine = run.learnersCode(LearnersLayers.exercises + [.ex10_1])
    let variant = options.model == nil ? Variant("LeNet-5+", .plus, color: 2) : options.variants[0]
    var (network, replaced) = (variant.net.layers, [String]())
    // Whoever has built LeNet-5 trains that one.
    let isOwnNetwork = variant.net == .plain && mine.answer(to: .ex10_1, as: (any Ex10_1.Type).self) != nil
    if isOwnNetwork, let answer = mine.answer(to: .ex10_1, as: (any Ex10_1.Type).self) {
      network = try answer.network(classes: 10)
    }
    (network, replaced) = LearnersLayers.replacing(in: network, with: mine)
    guard !replaced.isEmpty || isOwnNetwork else { throw NoUsableAnswer(unused: unused(mine)) }

    // Plain loops take about a tenth of a second for an image, and a step for few images learns as much as one for many.
    let count = options.images ?? run.pick(quick: 16, normal: 128, full: 2_000)
    let train = session.digits.train.prefix(count)
    let test = session.digits.test.prefix(run.pick(quick: 16, normal: 64, full: 500))
    let bar = run.progress("training", total: 2 * 1000)
    defer { bar.finish() }
    return LearnersRunFindings(
      data: session.digits.name, name: variant.name,
      layers: network.entries.map {
        .init(name: $0.name, kind: $0.layer.kind, isYours: replaced.contains($0.name))
      }, unused: unused(mine), imageCount: count, batch: batch, epochs: options.mineEpochs,
      yours: try trainOnce(network, variant, options, on: train, testing: test) {
        bar.update(Int(1000 * $0.fraction), "with your layers")
      },
      ours: try trainOnce(variant.net.layers, variant, options, on: train, testing: test) {
        bar.update(1000 + Int(1000 * $0.fraction), "with the library's")
      })
  }

  private static func unused(_ mine: LearnersCode) -> [LearnersRunFindings.UnusedExercise] {
    mine.unused.map { .init(label: $0.exercise.label, reason: $0.reason) }
  }

  private static func trainOnce(
    _ network: Sequential, _ variant: Variant, _ options: LeNetOptions, on data: Dataset, testing test: Dataset,
    report: @escaping (Trainer.Progress) -> Void
  ) throws -> LearnersRunFindings.OneRun {
    let (seed, epochs) = (options.shared.seed, options.mineEpochs)
    let model = try Model(network, input: LeNet5.inputShape, seed: seed)
    var trainer = Trainer(
      model, loss: variant.net.loss, optimizer: SGD(momentum: 0.9),
      schedule: options.makeSchedule(epochs: epochs), batchSize: batch, seed: seed)
    let losses = LossHistory()
    let end = try trainer.train(
      on: data, testing: test, epochs: epochs,
      observers: [losses, TrainingHooks(progressed: report, asksToStop: { Interruption.isRequested })])
    if end.isInterrupted { throw RunInterrupted(isKept: false) }
    let times = trainer.history.map(\.seconds)
    return LearnersRunFindings.OneRun(
      losses: losses.losses, error: trainer.history.last?.testError ?? .nan,
      seconds: times.reduce(0, +) / Double(max(times.count, 1)))
  }
}

/// The end of `--mine` where nothing of the reader's can be used: what to solve first.
struct NoUsableAnswer: ChapterEnding {
  var unused: [LearnersRunFindings.UnusedExercise]
  let code: Int32 = 1

  var description: String {
    """
    --mine: none of your exercises can be used yet. A layer takes both its forward and its backward pass:
    \(unused.map { "  \($0.label): \($0.reason)" }.joined(separator: "\n"))
    Solve one of them and check it: ./workbook check 1.1
    """
  }
}

/// One network trained twice, by the reader's layers and by the library's.
struct LearnersRunFindings: Codable, Sendable {
  var data: String
  /// The name of the network.
  var name: String
  var layers: [OwnedLayer]
  /// Exercises that the library stands in for, with the reason.
  var unused: [UnusedExercise]
  var imageCount: Int
  var batch: Int
  var epochs: Int
  var yours: OneRun
  var ours: OneRun

  struct OwnedLayer: Codable, Sendable {
    var name: String
    var kind: String
    var isYours: Bool
  }

  struct UnusedExercise: Codable, Sendable {
    var label: String
    var reason: String
  }

  /// What a run of one network gave.
  struct OneRun: Codable, Sendable {
    /// After each step.
    var losses: [Double]
    var error: Double
    /// For an epoch.
    var seconds: Double
  }

  /// The largest difference between the losses of a step.
  var gap: Double { zip(yours.losses, ours.losses).map { abs($0 - $1) }.max() ?? 0 }
}
