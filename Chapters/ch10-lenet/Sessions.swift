// How chapter 10 runs its networks: its data and its trainings.

import Foundation
import Workbook

enum Sessions {
  /// Loads the data and settles the size of the run.
  ///
  /// - Throws: `DataError` for data that cannot be read, `JournalError` for a folder that cannot be written to.
  static func open(_ run: ChapterRun, _ options: LeNetOptions) throws -> Session {
    let count: Int? = options.images ?? run.pick(quick: 2_000, normal: nil, full: nil)
    var digits = try Digits.load(from: options.shared.data, count: count)
    if run.isQuick { digits.test = digits.test.prefix(1_000) }
    let folder = run.output.path + "/checkpoints"
    try JournalError.keeping(at: folder) {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }
    return Session(
      digits: digits, epochs: options.sessionEpochs,
      seeds: (0..<(options.runs ?? run.pick(quick: 1, normal: 1, full: 5))).map { run.seed &+ UInt64($0) },
      options: options, folder: folder)
  }

  /// Trains every variant with every seed, under one progress bar.
  static func trainAll(_ variants: [Variant], in session: Session) throws -> [TrainedRun] {
    let total = variants.count * session.seeds.count
    let bar = ProgressBar("training", total: total * 1000)
    var runs: [TrainedRun] = []
    for variant in variants {
      for seed in session.seeds {
        runs.append(
          try train(variant, seed: seed, in: session) { progress in
            bar.update(
              runs.count * 1000 + Int(1000 * progress.fraction),
              "\(variant.name), epoch \(progress.epoch)/\(progress.epochs), loss \(fixed(progress.loss, 4))"
            )
          })
      }
    }
    bar.finish()
    return runs
  }
}

/// Means of neighbouring values: a curve of single batches is mostly noise.
func smoothed(_ values: [Double], over width: Int) -> [Double] {
  stride(from: 0, to: values.count, by: width).map { first in
    let part = values[first..<min(values.count, first + width)]
    return part.reduce(0, +) / Double(part.count)
  }
}
