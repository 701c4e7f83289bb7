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
    let own = try NetRuns.all(
      endings, rates: endings.indices.map(sweep.best), on: digits, epochs: epochs, every: interval,
      early: early, seeds: seeds
    ) { ticker.tick(epochs) }
    ticker.finish()
    return (same, sweep, own)
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

  /// Which endings end with fewer errors than which, seed by seed, by more than chance.
  static func comparison(_ runs: [NetRuns]) -> String {
    guard let first = runs.first, first.seeds >= 3 else { return "So few seeds cannot tell the endings apart." }
    let ahead = runs.compactMap { run -> String? in
      let worse = runs.filter { ($0.finalError - run.finalError).direction() == .above }.map { "*\($0.ending.name)*" }
      return worse.isEmpty ? nil : "*\(run.ending.name)* has fewer errors than \(worse.joined(separator: "; "))"
    }
    let pairs = runs.count * (runs.count - 1) / 2
    return "Compared seed by seed at the end, each at its best rate, "
      + (ahead.isEmpty
        ? "no two of the \(runs.count) endings differ by more than chance."
        : "some of the \(pairs) pairs differ by more than chance: \(ahead.joined(separator: ", and ")).")
      + " (Beyond chance: the 95 % interval of the mean difference leaves out 0.)"
  }
}

/// Starts at which all outputs say the same, for the three rules of the single neuron.
struct BadStarts: Codable, Sendable {
  /// How many times the median error of cross-entropy is called behind.
  static let factor = 1.5

  var biases: [Float]
  /// The learning rate of each rule.
  var rates: [Float]
  var epochs: Int
  /// [rule][bias]: the test error in per cent, over the seeds.
  var errors: [[Summary]]

  /// How many runs of a rule fall behind cross-entropy's median where the outputs begin with the bias at `place`.
  func behind(_ rule: Rule, at place: Int) -> Int {
    let entropy = errors[Rule.crossEntropy.color][place].values.sorted()
    let median = entropy.isEmpty ? .nan : entropy[entropy.count / 2]
    return errors[rule.color][place].values.count { $0 > BadStarts.factor * median }
  }

  /// How many times as fast as with squared error an output s moves with the wrong derivative: slope times rate.
  func pace(at bias: Float) -> Double {
    let s = sigmoid(Double(bias))
    // (1 − s²) / (s(1 − s)) = (1 + s)/s
    return Double(rates[1] / rates[0]) * (1 + s) / s
  }
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
