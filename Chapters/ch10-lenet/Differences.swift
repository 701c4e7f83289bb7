// What S0's program does otherwise than its nets here: each difference is tried alone on the rows that miss S0's error.

import Foundation
import Workbook

/// A difference between S0's program, SimpleNN, and its nets here.
enum ProgramDifference: String, CaseIterable, Sendable {
  /// Its `DataLoader` shuffles once: every epoch has the same batches in the same order.
  case batches
  /// Its nets take the largest pixel of a window unless told otherwise.
  case pooling
  /// Its weights start within ±1/√fan-in unless told otherwise. Where they do so here, LeCun's own start is tried, which
  /// is √3 times as wide: the program names its start after him.
  case start

  /// A net of S0's table, changed.
  func changed(_ net: LeNet5) -> Recipe {
    var recipe = Recipe(net: net)
    switch self {
    case .batches: recipe.repeatsBatches = true
    case .pooling: recipe.net.pooling = .max
    case .start: recipe.net.initializer = net.initializer == .torchUniform ? .lecunUniform : .torchUniform
    }
    return recipe
  }

  /// The rows it is tried on.
  static let rows: [Variant] = [.published, .plusPlus]
  static let epochs = 20

  /// In the list of trials.
  func trial(_ row: Variant) -> String { "\(row.name), as S0's program: \(rawValue)" }

  /// The trainings of all of them.
  static func plans(_ session: Session) -> [Worth.Plan] {
    rows.flatMap { row in
      allCases.map {
        Worth.Plan(
          name: $0.trial(row), recipe: $0.changed(row.net), ladder: [session.options.rate], first: 0...0,
          choiceEpochs: 0, epochs: min(epochs, session.epochs), seeds: session.seeds)
      }
    }
  }
}

/// Gives every epoch the batches of the first, in their order, as SimpleNN's `DataLoader` does, which shuffles once.
final class FirstOrder: ResumableObserver {
  private let data: Dataset
  private let order: [Int]
  private var (epoch, next) = (0, 0)

  init(_ data: Dataset, seed: UInt64) {
    self.data = data
    var generator = SeededGenerator(seed: seed, stream: 1)
    order = generator.permutation(of: data.count)
  }

  func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator) {
    if epoch != self.epoch { (self.epoch, next) = (epoch, 0) }
    let end = next + batch.count
    data.load(order[next..<end], into: &batch)
    next = end
  }

  /// Nothing: the order follows from the seed.
  struct Record: Codable, Sendable {}
  var record: Record { Record() }
  func restore(_ record: Record, finishedEpochs finished: Int) {}
}

/// What a difference did to a row.
struct TriedDifference {
  var difference: ProgramDifference
  var variant: Variant
  /// The row it was tried on, and S0's error over that of the row.
  var row: VariantResults
  var gap: Factor
  /// Test errors in percent after as many epochs, seed by seed: as here, and as in S0's program.
  var ours: Summary
  var theirs: Summary
  /// What the difference multiplies the error by; pairs of a seed, the interval widened for all differences tried.
  var factor: Factor

  /// Whether it moves the error towards S0's by more than chance.
  var explains: Bool { factor.direction == (gap.mean > 1 ? .above : .below) }
  /// Whether it is too small to be all that is missing: whether its interval ends before that of the gap.
  var isTooSmall: Bool { gap.mean > 1 ? factor.high < gap.low : factor.low > gap.high }
}

extension VariantFindings {
  /// The differences of S0's program that were tried, row by row; empty where they were not measured three times.
  var differences: [TriedDifference] {
    let rows = ProgramDifference.rows.compactMap { variant in
      named(variant.name).map { (variant: variant, row: $0) }
    }
    let tried = rows.map { variant, row in
      ProgramDifference.allCases.compactMap { difference in
        worth?[difference.trial(variant)].map {
          (difference: difference, variant: variant, row: row, trial: $0)
        }
      }.filter { $0.trial.runs.count >= 3 }
    }
    let count = tried.flatMap { $0 }.count
    return tried.flatMap { trials -> [TriedDifference] in
      guard let row = trials.first?.row, let gap = row.publishedFactor else { return [] }
      // The seeds that all have, and the row after as many epochs.
      let seeds = ([row.runs] + trials.map(\.trial.runs)).map { Set($0.map(\.seed)) }
      let common = seeds.dropFirst().reduce(seeds[0]) { $0.intersection($1) }.sorted()
      let epochs = trials.flatMap(\.trial.runs).map(\.errors.count).min() ?? 0
      guard common.count >= 3, epochs > 0, row.errors.count >= epochs else { return [] }
      func errors(_ runs: [RunFindings]) -> Summary {
        Summary(common.compactMap { seed in runs.first { $0.seed == seed }?.errors[epochs - 1] })
      }
      let ours = errors(row.runs)
      let spread = Spread(of: [ours] + trials.map { errors($0.trial.runs) }, isPaired: true)
      return trials.map {
        let theirs = errors($0.trial.runs)
        return TriedDifference(
          difference: $0.difference, variant: $0.variant, row: row, gap: gap,
          ours: ours, theirs: theirs,
          factor: spread.factor(theirs, over: ours, among: count))
      }
    }
  }
}
