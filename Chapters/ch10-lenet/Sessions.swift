// How chapter 10 runs its networks: its data and its trainings.

import Foundation
import Workbook

enum Sessions {
  /// Loads the data and settles the size of the run.
  ///
  /// - Throws: `DataError` for data that cannot be read.
  static func open(_ run: ChapterRun, _ options: LeNetOptions) throws -> Session {
    let count: Int? = options.images ?? run.pick(quick: 2_000, normal: 15_000, full: nil)
    var digits = try Digits.load(from: options.shared.data, count: count)
    digits.test = digits.test.prefix(run.pick(quick: 1_000, normal: 5_000, full: 10_000))
    return Session(
      digits: digits, epochs: options.sessionEpochs,
      seeds: (0..<(options.runs ?? run.pick(quick: 1, normal: 3, full: 5))).map { run.seed &+ UInt64($0) },
      options: options)
  }

  /// Trains every variant with every seed, then the trials, under one progress bar.
  static func trainAll(
    _ variants: [Variant], _ plan: LeNet.TrialPlan?, in session: Session
  ) throws -> (rows: [TrainedRun], trials: [TrainedRun]) {
    let rows = variants.flatMap { variant in session.seeds.map { (variant, session.epochs, $0) } }
    let trials = plan.map { plan in
      plan.trainings.flatMap { training in plan.seeds.map { (training.variant, training.epochs, $0) } }
    }
    let all = rows + (trials ?? [])
    let bar = ProgressBar("training", total: all.reduce(0) { $0 + $1.1 } * 1000)
    var (runs, done) = ([TrainedRun](), 0)
    for (variant, epochs, seed) in all {
      runs.append(
        try train(variant, seed: seed, in: session, epochs: epochs) { progress in
          bar.update(
            done + Int(1000 * Double(epochs) * progress.fraction),
            "\(variant.name), epoch \(progress.epoch)/\(progress.epochs), loss \(fixed(progress.loss, 4))")
        })
      done += 1000 * epochs
    }
    bar.finish()
    return (Array(runs.prefix(rows.count)), Array(runs.dropFirst(rows.count)))
  }
}
