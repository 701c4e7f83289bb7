// Every restraint again, each seed with digits of its own: what the draw of the digits does is then part of the scatter.

import Foundation
import Workbook

/// The restraints at the rates and strengths that were chosen for them, each seed with its own digits; and two of them
/// together with changed pictures.
struct OwnDigits: Codable, Sendable {
  struct Entry: Codable, Sendable {
    var name: String
    var kind: Restraint.Kind
    var setting: String
    var rate: Float
    /// Shares of digits taken for another, 0 … 1, and the loss on a net's own digits without its penalty, seed by seed.
    var trainingErrors: [Double]
    var trainingLosses: [Double]
    var testErrors: [Double]
  }
  /// How many digits each net learns from, and for how many steps.
  var digits: Int
  var steps: Int
  var testCount: Int
  /// The first is the net without a restraint.
  var entries: [Entry]

  /// The same as the board that figures and claims read; its runs do not know which digits were missed.
  var board: Scoreboard {
    var board = Scoreboard(
      rate: entries[0].rate,
      entries: entries.map { entry in
        Scoreboard.Entry(
          name: entry.name, kind: entry.kind, setting: entry.setting,
          runs: entry.testErrors.indices.map { seed in
            RestraintRun(
              trainingError: entry.trainingErrors[seed], validationError: .nan, testError: entry.testErrors[seed],
              missed: [], trainingLoss: entry.trainingLosses[seed])
          }, rate: entry.rate)
      }, testCounts: [testCount])
    (board.steps, board.digits) = (steps, digits)
    return board
  }
}

extension OwnDigits {
  /// What is tried together with shifts and rotations.
  static func combinations(lambdas: [Float], shares: [Float]) -> [Restraint] {
    lambdas.flatMap { lambda in
      shares.map { share in
        Restraint(share > 0 ? "shift, rotate, L2, dropout" : "shift, rotate, L2", .combined) {
          $0.augmentation = Augmentation([RandomShift(by: 2), RandomRotation(degrees: 15)])
          $0.penalty = .l2(lambda)
          $0.dropping = share
          $0.note = "λ = \(lambda)" + (share > 0 ? ", p = \(share)" : "")
        }
      }
    }
  }

  typealias Setting = (restraint: Restraint, rate: Float)

  /// Digits that each seed draws for itself.
  struct Draws {
    /// What is drawn from.
    var pool: Dataset
    /// To choose by and to test on.
    var digits: DigitSets
    var count: Int
    var steps: Int

    /// The digits of a seed, twice as many for the restraint that is more of them.
    func sets(_ restraint: Restraint, _ seed: UInt64) -> DigitSets {
      var generator = SeededGenerator(seed: seed, stream: 78)
      let drawn = Array(generator.permutation(of: pool.count).prefix(2 * count))
      var sets = digits
      sets.train = pool.samples(at: restraint.hasMoreData ? drawn : Array(drawn.prefix(count)))
      return sets
    }

    /// [setting][seed].
    func runs(_ settings: [Setting], _ seeds: ArraySlice<UInt64>, report: () -> Void) throws -> [[RestraintRun]] {
      let seeds = Array(seeds)
      let all = try inParallel(settings.count * seeds.count) { index in
        report()
        let ((restraint, rate), seed) = (settings[index / seeds.count], seeds[index % seeds.count])
        return try train(under: restraint, on: sets(restraint, seed), steps: steps, rate: rate, seed: seed)
      }
      return settings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    }

    /// The probabilities that nets give the test digits: for each seed's digits those of `starts` nets, one after another.
    func answers(
      under restraint: Restraint, rate: Float, seeds: [UInt64], starts: Int, report: @Sendable () -> Void
    ) throws -> [[Double]] {
      let sets = seeds.map { self.sets(restraint, $0) }
      return try inParallel(seeds.count * starts) { index in
        defer { report() }
        let draw = index / starts
        return try fit(
          under: restraint, on: sets[draw], steps: steps, rate: rate, seed: seeds[draw] &+ 1000 * UInt64(index % starts)
        ).map { probabilities($0, sets[draw].test) } ?? []
      }
    }
  }

  /// - Parameters:
  ///   - own: what chose the rates and the strengths.
  ///   - pool: the digits that each seed draws its own from.
  ///   - digits: to choose by and to test on.
  ///   - choosing: how many seeds choose the rate and the strengths of the combinations.
  init(
    _ own: Scoreboard, pool: Dataset, digits: DigitSets, jitter: ColorJitter, seeds: [UInt64], choosing: Int,
    report: () -> Void = {}
  ) throws {
    let (count, steps) = (own.digits ?? digits.train.count / 2, own.steps ?? 1200)
    let draws = Draws(pool: pool, digits: digits, count: count, steps: steps)
    let contestants = Scoreboard.contestants(jitter: jitter).joined()
    let settings: [Setting] = own.entries.compactMap { entry in
      contestants.first { $0.name == entry.name && $0.setting == entry.setting }.map { ($0, entry.rate ?? own.rate) }
    }
    var entries = zip(settings, try draws.runs(settings, seeds[...], report: report)).map {
      Entry($0.restraint, $0.rate, $1)
    }
    /// The best of some restraints at some rates, with all seeds.
    func best(_ restraints: [Restraint]) throws -> (restraint: Restraint, entry: Entry) {
      let settings: [Setting] = restraints.flatMap { restraint in
        [Float(0.02), 0.04, 0.08].map { (restraint, $0) }
      }
      let tried = try draws.runs(settings, seeds.prefix(choosing), report: report)
      let errors = tried.map { Summary($0.map(\.validationError)).mean }
      let found = errors.indices.min { errors[$0] < errors[$1] } ?? 0
      let rest = try draws.runs([settings[found]], seeds.dropFirst(choosing), report: report)[0]
      let (restraint, rate) = settings[found]
      return (restraint, Entry(restraint, rate, tried[found] + rest))
    }
    let priced = try best(Self.combinations(lambdas: [0.0003, 0.001, 0.003, 0.01], shares: [0]))
    let lambda = priced.restraint.penalty.lambda
    entries += [priced.entry, try best(Self.combinations(lambdas: [lambda], shares: [0.1, 0.25])).entry]
    (self.digits, self.steps, self.testCount, self.entries) = (count, steps, digits.test.count, entries)
  }
}

extension OwnDigits {
  /// The rates beside its own at which the net without a restraint is tried with all seeds.
  static let furtherRates: [Float] = [0.04, 0.08, 0.16]

  /// The net without a restraint at each of them, on the same digits as at its own.
  static func bare(_ draws: Draws, seeds: [UInt64], report: () -> Void = {}) throws -> [Entry] {
    let settings: [Setting] = furtherRates.map { (Restraint("nothing", .none), $0) }
    return zip(settings, try draws.runs(settings, seeds[...], report: report)).map { Entry($0.restraint, $0.rate, $1) }
  }
}

extension OwnDigits.Entry {
  /// A restraint at a rate, with the runs of all seeds.
  init(_ restraint: Restraint, _ rate: Float, _ runs: [RestraintRun]) {
    self.init(
      name: restraint.name, kind: restraint.kind, setting: restraint.setting, rate: rate,
      trainingErrors: runs.map { rounded($0.trainingError, decimals: 4) },
      trainingLosses: runs.map { rounded($0.trainingLoss ?? .nan, digits: 3) },
      testErrors: runs.map { rounded($0.testError, decimals: 4) })
  }
}
