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

  /// For each ending those that end with more errors, seed by seed, by more than chance among so many pairs.
  static func beaten(_ runs: [NetRuns]) -> [[Ending]] {
    let pairs = runs.count * (runs.count - 1) / 2
    return runs.map { run in
      runs.filter { ($0.finalError - run.finalError).direction(among: pairs) == .above }.map(\.ending)
    }
  }

  /// How far apart the endings end, and how many pairs chance can tell apart.
  ///
  /// - Parameter tellsUnseen: whether it says how large a difference must be to show.
  static func comparison(_ runs: [NetRuns], tellsUnseen: Bool = true) -> String {
    let (pairs, ends) = (runs.count * (runs.count - 1) / 2, runs.map(\.finalError.mean))
    guard let first = runs.first, first.seeds >= 3 else { return "So few seeds cannot tell the endings apart." }
    let count = beaten(runs).map(\.count).reduce(0, +)
    let widths = runs.indices.flatMap { first in
      (first + 1..<runs.count).map { (runs[first].finalError - runs[$0].finalError).uncertainty(among: pairs) }
    }
    let (least, most) = (fixed(widths.min() ?? 0, 1), fixed(widths.max() ?? 0, 1))
    let unseen =
      count == pairs || !tellsUnseen
      ? ""
      : " With \(counted(first.seeds, "seed")) only a difference above \(least == most ? least : "\(least) to \(most)") points\(least == most ? "" : ", depending on the pair,") would have shown."
    let families = Ending.families.map(\.endings)
    let crosses = zip(runs, beaten(runs)).allSatisfy { run, others in
      others.allSatisfy { other in !families.contains { $0.contains(run.ending) && $0.contains(other) } }
    }
    let cause =
      count > 0 && crosses
      ? " It is the softmax that differs from the sigmoids, not one loss from another behind the same outputs." : ""
    return """
      At the end, each at its chosen rate, the \(runs.count) are within \(fixed((ends.max() ?? 0) - (ends.min() ?? 0), 1)) points. Of \
      the \(pairs) pairs \(count == 0 ? "none differs" : count == 1 ? "one differs" : "\(count) differ") by more than chance (seed by \
      seed; a \(fixed(100 - 5 / Double(max(1, pairs)), 1)) % interval decides, since there are \(pairs) comparisons).\(cause)\(unseen)
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

  /// The start nearest to the share of a class, 1/10, and by how many points it errs less than ½, on average over the rules.
  var fairStart: (output: Double, gain: Summary)? {
    func distance(_ place: Int) -> Double { abs(sigmoid(Double(biases[place])) - 0.1) }
    guard let half = biases.firstIndex(of: 0), let fair = biases.indices.min(by: { distance($0) < distance($1) }),
      fair != half
    else { return nil }
    func mean(_ place: Int) -> Summary {
      Summary(
        errors[0][place].values.indices.map { seed in
          errors.reduce(0) { $0 + $1[place].values[seed] } / Double(errors.count)
        })
    }
    return (sigmoid(Double(biases[fair])), mean(half) - mean(fair))
  }

  /// Who is held up, as a slide says it.
  var title: String {
    let held = Rule.allCases.filter { isHeldUp($0, at: 0) }
    let isSuffering = Rule.allCases.allSatisfy { suffers($0, at: biases.count - 1) }
    return held == [.squaredError]
      ? "Begun near 0, only squared error is held up"
      : held.count == 2
        ? "Begun near 0, only cross-entropy is not held up"
        : isSuffering ? "Begun near 1, all three suffer" : "All outputs begin wrong alike: who recovers?"
  }

  /// Who recovers where all outputs begin near 0, and near 1; what is missing is within chance.
  var lesson: String {
    let high = biases.count - 1
    let isAlone = !suffers(.crossEntropy, at: 0) && !isHeldUp(.published, at: 0)
    let low =
      !isHeldUp(.squaredError, at: 0)
      ? nil : "near 0 \(isAlone ? "squared error alone is held up" : "squared error is behind cross-entropy")"
    let upper =
      Rule.allCases.allSatisfy { suffers($0, at: high) }
      ? "near 1 all three suffer"
      : isHeldUp(.squaredError, at: high) ? "near 1 squared error is behind cross-entropy" : nil
    let found = [low, upper].compactMap { $0 }
    return found.isEmpty ? "" : "with all outputs " + found.joined(separator: "; ")
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
