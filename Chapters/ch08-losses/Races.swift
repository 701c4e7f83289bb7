// The short races of every run: all endings at one learning rate, each at its own, and how soon each is at 25 % error.

import Foundation
import Workbook

enum Races {
  /// The test error is evaluated every so many steps, and every `early` steps at first.
  static let interval = 30
  static let early = 5

  /// All endings at a common rate; a sweep of rates; all endings at the best of their own.
  static func run(
    _ digits: DigitSets, common: Float, epochs: Int, seeds: [UInt64], _ run: ChapterRun
  ) throws -> (same: [NetRuns], sweep: RateSweep, own: [NetRuns]) {
    let rates = run.pick(
      quick: [0.02, 0.1, 0.5] as [Float], normal: [0.02, 0.05, 0.1, 0.2, 0.5, 1],
      full: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1])
    let endings = Ending.allCases
    // As long as the race, so that a rate is chosen for what the race measures. In epochs, so that the estimate of the time left is right.
    let ticker = Ticker(
      "networks", total: endings.count * seeds.count * (2 + rates.count) * epochs, run)
    let same = try NetRuns.all(
      endings, rates: endings.map { _ in common }, on: digits, epochs: epochs, every: interval, early: early,
      seeds: seeds
    ) { ticker.tick(epochs) }
    let sweep = try RateSweep(rates: rates, on: digits, epochs: epochs, seeds: seeds) { ticker.tick(epochs) }
    // Only where they end is asked.
    let own = try NetRuns.all(
      endings, rates: endings.indices.map(sweep.best), on: digits, epochs: epochs, every: .max, early: .max,
      seeds: seeds
    ) { ticker.tick(epochs) }
    ticker.finish()
    return (same, sweep, own)
  }
}

/// How soon each ending is at 25 % error at each rate.
struct Sprints: Codable, Sendable {
  /// The error whose steps are counted, 0 … 1, and how often it is looked at.
  static let level = 0.25
  static let interval = 5
  /// The digits that are learned from and looked at.
  static let digits = (train: 3000, test: 500)

  var rates: [Float]
  /// After so many steps a run is given up.
  var limit: Int
  /// [ending][rate][seed]: the steps to `level`; nil where they are more than `limit`.
  var steps: [[[Int?]]]

  /// Takes what has been measured.
  init(rates: [Float], limit: Int, steps: [[[Int?]]]) { (self.rates, self.limit, self.steps) = (rates, limit, steps) }

  /// Counts them, in one epoch of 3000 digits or as many steps on fewer.
  init(_ digits: DigitSets, rates: [Float], seeds: [UInt64], report: () -> Void = {}) throws {
    let endings = Ending.allCases
    var few = digits
    few.train = digits.train.prefix(Self.digits.train)
    few.test = digits.test.prefix(Self.digits.test)
    few.validation = few.test
    let rounds = max(1, Self.digits.train / max(1, few.train.count))
    let batch = 20
    let all = try inParallel(endings.count * rates.count * seeds.count) { index -> Int? in
      report()
      let run = try trainNet(
        endings[index / seeds.count / rates.count], on: few, rate: rates[index / seeds.count % rates.count],
        epochs: rounds, batch: batch, every: Self.interval, until: Self.level, seed: seeds[index % seeds.count])
      return run.errors.firstIndex { $0 <= Self.level }.map { run.looks[$0] }
    }
    self.init(
      rates: rates, limit: rounds * few.train.count / batch,
      steps: endings.indices.map { ending in
        rates.indices.map { rate in
          let first = (ending * rates.count + rate) * seeds.count
          return Array(all[first..<first + seeds.count])
        }
      })
  }

  /// The steps of one ending over those of another, seed by seed, each at its fastest rate.
  private func lead(of slow: Int, over fast: Int) -> Summary {
    func own(_ ending: Int) -> [Double] { stepsAtOwnRate(steps[ending], limit: limit) }
    return Summary(zip(own(slow), own(fast)).map { $0 / max(1, $1) })
  }

  /// Squared error over cross-entropy: after sigmoids, after a softmax.
  var leads: [Summary] { [lead(of: 0, over: 1), lead(of: 2, over: 3)] }
}

/// The steps of each seed at the rate that is the fastest of the *other* seeds, so that no seed chooses for itself.
///
/// - Parameters:
///   - steps: [rate][seed]; nil counts with the limit.
func stepsAtOwnRate(_ steps: [[Int?]], limit: Int) -> [Double] {
  let all = steps.map { $0.map { Double($0 ?? limit) } }
  let seeds = all.first?.count ?? 0
  return (0..<seeds).map { seed in
    // Below three seeds each is alone.
    func others(_ rate: Int) -> Double { all[rate].reduce(0, +) - (seeds < 3 ? 0 : all[rate][seed]) }
    return all[all.indices.min { others($0) < others($1) } ?? 0][seed]
  }
}
