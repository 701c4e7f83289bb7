// The fewest steps of each ending to a round error, at whatever rate; and squared error on outputs without a sigmoid.

import Foundation
import Workbook

/// How soon each ending is at 25 % error at each rate: the race that no rule for choosing a rate decides.
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

  /// Counts them; `rounds` is how many epochs of 3000 digits a run has before it is given up.
  init(
    _ digits: DigitSets, endings: [Ending] = Ending.allCases, rates: [Float], rounds: Int = 1, seeds: [UInt64],
    report: () -> Void = {}
  ) throws {
    var few = digits
    few.train = digits.train.prefix(Self.digits.train)
    few.test = digits.test.prefix(Self.digits.test)
    few.validation = few.test
    // As many steps as an epoch of 3000 digits has.
    let rounds = rounds * max(1, Self.digits.train / max(1, few.train.count))
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

  /// The steps of an ending at a rate, over the seeds; a run that is given up counts with the limit.
  func summary(_ ending: Int, _ rate: Int) -> Summary { Summary(steps[ending][rate].map { Double($0 ?? limit) }) }

  /// The place of the rate with the fewest steps on average.
  func fastest(_ ending: Int) -> Int {
    rates.indices.min { summary(ending, $0).mean < summary(ending, $1).mean } ?? 0
  }

  /// The fewest steps of an ending, and whether every run got there.
  func fewest(_ ending: Int) -> (steps: Summary, isReached: Bool) {
    let rate = fastest(ending)
    return (summary(ending, rate), steps[ending][rate].allSatisfy { $0 != nil })
  }

  /// The fewest steps of squared error over those of cross-entropy, seed by seed: after sigmoids, after a softmax.
  var leads: [Summary] {
    [(0, 2), (3, 4)].map { squared, entropy in
      Summary(zip(fewest(squared).steps.values, fewest(entropy).steps.values).map { $0 / max(1, $1) })
    }
  }

  /// Who is sooner at 25 % error, each at its fastest rate, in a sentence.
  var reading: String {
    let parts = zip(leads, ["sigmoids", "a softmax"]).map { lead, last in
      let factor = "\(fixed(lead.mean, 1)) times the steps of cross-entropy\(lead.intervalNote())"
      return lead.worded(
        from: 1, above: "after \(last) squared error still needs \(factor)",
        below: "after \(last) squared error needs only \(factor)",
        withinChance: "after \(last) it needs \(factor), which is no difference beyond chance")
    }
    return """
      Those rates were chosen for the end of the race, and a smaller rate starts more slowly. At the *fastest* of the \(rates.count) rates \
      for the start (table below): \
      \(parts.joined(separator: "; ")).
      """
  }
}

/// The control: ten bare outputs under squared error. Their push is z − y, the error itself, as with cross-entropy.
struct BareOutputs: Codable, Sendable {
  /// At the common rate.
  var same: NetRuns
  /// Of one ending.
  var sweep: RateSweep
  /// At the rate that this chooses.
  var own: NetRuns

  /// Those of a full run: closer together where it stops learning.
  static let rates: [Float] = [0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.2, 0.5]

  /// Takes what has been measured.
  init(same: NetRuns, sweep: RateSweep, own: NetRuns) { (self.same, self.sweep, self.own) = (same, sweep, own) }

  init(_ digits: DigitSets, rates: [Float], common: Float, epochs: Int, seeds: [UInt64]) throws {
    func race(_ rate: Float) throws -> NetRuns {
      try NetRuns.all(
        [.bareSquared], rates: [rate], on: digits, epochs: epochs, every: Races.interval, early: Races.early,
        seeds: seeds)[0]
    }
    let sweep = try RateSweep([.bareSquared], rates: rates, on: digits, epochs: epochs, seeds: seeds)
    self.init(same: try race(common), sweep: sweep, own: try race(sweep.best(0)))
  }

  /// What the control says of the delay: how soon it is at an error, at one rate, beside the sigmoid with both losses.
  ///
  /// - Parameter others: the endings of the race, each at its chosen rate.
  func reading(beside runs: [NetRuns], to level: Double, end others: [NetRuns]) -> String {
    let (bare, squared, entropy) = (same.steps(to: level), runs[0].steps(to: level), runs[2].steps(to: level))
    // Of factors, as their logarithms.
    func ratio(_ other: Summary) -> Summary { Summary(zip(bare.values, other.values).map { log($0 / max(1, $1)) }) }
    let (toSquared, toEntropy) = (ratio(squared), ratio(entropy))
    let finding = toSquared.worded(
      above: "That is later than behind sigmoids.",
      below: toEntropy.worded(
        above: "That is sooner than behind sigmoids, and later than cross-entropy.",
        below: "That is sooner than behind sigmoids, and sooner than cross-entropy, too.",
        withinChance: "That is as soon as cross-entropy, within chance."),
      withinChance: "That is no sooner than behind sigmoids, beyond chance.")
    let lost = sweep.rates.indices.filter { sweep.errors[0][$0].mean > 85 }.map { short(Double(sweep.rates[$0])) }
    let (end, squashed) = (own.finalError, others[0].finalError)
    let ending = (end - squashed).worded(
      above: ", more than behind sigmoids (\(fixed(squashed.mean, 1)) %).",
      below: ", fewer than behind sigmoids (\(fixed(squashed.mean, 1)) %).",
      withinChance: "; behind sigmoids it is \(fixed(squashed.mean, 1)) %, no difference beyond chance.")
    return """
      *Is it the loss, or the slope in its way?* Behind the same sigmoids the pushes are $(s - y) \\cdot s(1 - s)$ with squared error and \
      $s - y$ with cross-entropy. Nothing differs but the slope, so at one rate the whole delay is the slope's. Is squared \
      error slow without one? On ten bare outputs, $\\frac{1}{2}\\sum (z - y)^2$, its push is $z - y$. At \(same.rate) it is at \(percent(level)) error after \(same.stepsText(to: level)) steps; behind \
      sigmoids squared error takes \(runs[0].stepsText(to: level)), cross-entropy \(runs[2].stepsText(to: level)). \(finding) But this net differs in more than the slope: its outputs have no \
      bounds, and begin near 0, where nine targets of ten are. At its chosen rate it \
      ends with \(fixed(end.mean, 1)) % errors\(ending)\(lost.isEmpty ? "" : " At \(lost.joined(separator: ", ")) it learns nothing: without bounds a large step overshoots.")
      """
  }
}
