// The races of chapter 8: all endings at one learning rate, each at its own, and from bad starts.

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
    let own = try own(sweep, on: digits, epochs: epochs, seeds: seeds) { ticker.tick(epochs) }
    ticker.finish()
    return (same, sweep, own)
  }

  /// All endings, each at its best rate of a sweep.
  static func own(
    _ sweep: RateSweep, on digits: DigitSets, epochs: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws -> [NetRuns] {
    let endings = Ending.allCases
    return try NetRuns.all(
      endings, rates: endings.indices.map(sweep.best), on: digits, epochs: epochs, every: interval, early: early,
      seeds: seeds, report: report)
  }

  /// The three rules of the single neuron from ten outputs with a bias.
  static func biases(
    _ digits: DigitSets, _ biases: [Float], rates: [Float], epochs: Int, seeds: [UInt64], _ run: ChapterRun
  ) throws -> BadStarts {
    let ticker = Ticker("starts", total: 3 * biases.count * seeds.count, run)
    let results = try Ending.allCases.prefix(3).enumerated().map { index, ending in
      try biasSweep(ending, biases: biases, on: digits, rate: rates[index], epochs: epochs, seeds: seeds) {
        ticker.tick()
      }
    }
    ticker.finish()
    return BadStarts(biases: biases, rates: Array(rates.prefix(3)), epochs: epochs, errors: results)
  }

  /// For each ending those that end with more errors, seed by seed, by more than chance among so many pairs.
  static func beaten(_ runs: [NetRuns]) -> [[Ending]] {
    let pairs = runs.count * (runs.count - 1) / 2
    return runs.map { run in
      runs.filter { ($0.finalError - run.finalError).direction(among: pairs) == .above }.map(\.ending)
    }
  }

  /// How far apart the endings end, and how many pairs chance can tell apart.
  static func comparison(_ runs: [NetRuns]) -> String {
    let (pairs, ends) = (runs.count * (runs.count - 1) / 2, runs.map(\.finalError.mean))
    guard let first = runs.first, first.seeds >= 3 else { return "So few seeds cannot tell the endings apart." }
    let count = beaten(runs).map(\.count).reduce(0, +)
    let families = Ending.families.map(\.endings)
    let crosses = zip(runs, beaten(runs)).allSatisfy { run, others in
      others.allSatisfy { other in !families.contains { $0.contains(run.ending) && $0.contains(other) } }
    }
    let cause = count > 0 && crosses ? "; in all of them a softmax beats sigmoids" : ""
    return """
      At that rate the \(runs.count) are within \(fixed((ends.max() ?? 0) - (ends.min() ?? 0), 1)) points. Of \
      the \(pairs) pairs \(count == 0 ? "none differs" : count == 1 ? "one differs" : "\(count) differ") by more than chance\(cause).
      """
  }
}

/// Starts at which all outputs say the same, for the three rules of the single neuron.
struct BadStarts: Codable, Sendable {
  var biases: [Float]
  /// The learning rate of each rule.
  var rates: [Float]
  var epochs: Int
  /// [rule][bias]: the test error in per cent, over the seeds.
  var errors: [[Summary]]

  /// `55–65`: from the least to the largest error of a rule's runs in per cent, where the outputs begin with a bias.
  func reach(_ rule: Rule, at place: Int) -> String {
    let errors = errors[rule.color][place]
    let (low, high) = (fixed(errors.minimum, 0), fixed(errors.maximum, 0))
    return low == high ? low : "\(low)–\(high)"
  }

  /// By how many points a rule ends behind cross-entropy, seed by seed.
  func excess(_ rule: Rule, at place: Int) -> Summary {
    errors[rule.color][place] - errors[Rule.crossEntropy.color][place]
  }

  /// Whether a rule ends behind cross-entropy by more than two points and more than chance.
  func isHeldUp(_ rule: Rule, at place: Int) -> Bool { excess(rule, at: place).direction(beyond: 2) == .above }

  /// Whether every run of a rule, three at least, ends with a point more than the one with its seed from ½.
  func suffers(_ rule: Rule, at place: Int) -> Bool {
    guard let half = biases.firstIndex(of: 0) else { return false }
    let more = errors[rule.color][place] - errors[rule.color][half]
    return more.count >= 3 && more.minimum > 1
  }

  /// Those that the page compares: without the wrong σ′.
  var shown: [Rule] { [.squaredError, .crossEntropy] }
}

/// A digit that a network gets wrong and nearly right.
struct NearMiss: Codable, Sendable {
  var probabilities: [Double]
  var truth: Int
  /// The classes that stand before the right one, the first choice first.
  var leaders: [Int]
  /// 28 × 28 grey values, 0 … 255.
  var pixels: [UInt8]

  /// The first test digit whose class is ranked third; nil where there is none.
  init?(_ run: NetRun, in test: Dataset) {
    guard let place = run.evaluation.ranks.firstIndex(of: 2) else { return nil }
    var model = run.model
    let logits = model.forward(test.batch([place]).inputs).elements
    let size = test.imageShape.count
    probabilities = stableSoftmax(logits).map(Double.init)
    truth = run.evaluation.truths[place]
    leaders = Array(logits.indices.sorted { logits[$0] > logits[$1] }.prefix(2))
    pixels = Array(test.pixels[place * size..<(place + 1) * size])
  }
}
