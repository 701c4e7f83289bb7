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

  /// The same at one rate; nil where it was not tried, or where a run was given up.
  func leads(at rate: Float) -> [Summary]? {
    guard let place = rates.firstIndex(of: rate) else { return nil }
    let pairs = [(0, 2), (3, 4)]
    guard pairs.allSatisfy({ !(steps[$0][place] + steps[$1][place]).contains(nil) }) else { return nil }
    return pairs.map { squared, entropy in
      Summary(zip(summary(squared, place).values, summary(entropy, place).values).map { $0 / max(1, $1) })
    }
  }

  /// Whether most of the lead behind sigmoids at one rate is gone when each has its fastest.
  func isMostlyRate(at rate: Float) -> Bool {
    guard let same = leads(at: rate)?[0], same.direction(from: 1) == .above else { return false }
    return 2 * (leads[0].mean - 1) < same.mean - 1
  }

  /// What the figure of the steps says of a lead at one rate and at the fastest, in a list.
  func readings(at rate: Float) -> String {
    func times(_ lead: Summary) -> String { "\(fixed(lead.mean, 1)) times\(lead.intervalNote())" }
    let fastest = leads
    let same =
      leads(at: rate).map {
        "\n- At one rate, \(rate), \(times($0[0])) behind sigmoids and \(times($0[1])) behind a softmax."
      }
      ?? "\n- At one rate, \(rate), more than can be said: a run was given up after \(grouped(limit)) steps."
    let close = fastest[0].direction(from: 1) == .withinChance ? ", no difference beyond chance," : ""
    return """
      How many times the steps of cross-entropy does squared error take to \(percent(Self.level)) error?

      \(same.dropFirst())
      - Each at its *fastest* rate, the lowest point of its curve: \(times(fastest[0]))\(close) behind sigmoids and \(times(fastest[1])) \
      behind a softmax.\(isMostlyRate(at: rate) ? " What looked like a slow loss was mostly a rate too small for it." : "")
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
}

extension NetFindings {
  /// What the control says of the delay: how soon it is at an error, at one rate, beside the sigmoid with both losses; nil
  /// where there is none.
  func readingOfControl(isRecorded: Bool) -> String? {
    guard let bare else { return nil }
    let lost = bare.sweep.rates.indices.filter { bare.sweep.errors[0][$0].mean > 85 }
    let overshoots =
      lost.first.map { place in
        """
         From a rate of \(short(Double(bare.sweep.rates[place]))) on it learns nothing: over the last weights its loss is a bowl whose steepest \
        curvature is at most 31 (30 tanh units and a bias, squared and added), so that any rate above 2/31 = \(fixed(2.0 / 31, 2)) may overshoot \
        (chapter 1). The flat ends of a sigmoid forbid that.
        """
      } ?? ""
    return """
      *Is it the loss, or the slope in its way?* Behind the same sigmoids the pushes are $(s - y) \\cdot s(1 - s)$ with squared error and \
      $s - y$ with cross-entropy. Nothing differs but the slope, so at one rate the whole delay is the slope's. Without a sigmoid, on ten bare \
      outputs $z$, squared error has the push $z - y$, but it is another net: its outputs begin near 0, where nine targets of ten are, and have no bounds. At \
      \(bare.same.rate) it takes \(bare.same.stepsText(to: level)) steps to \(percent(level)) error, behind sigmoids \(same[0].stepsText(to: level)), cross-entropy \
      \(same[2].stepsText(to: level))\(isRecorded ? " (recorded run)" : "").\(overshoots) At its chosen rate, \(bare.own.rate), it ends with \(fixed(bare.own.finalError.mean, 1)) % \
      errors, cross-entropy behind sigmoids with \(fixed(own[2].finalError.mean, 1)) %. (On large benchmarks Hui and Belkin, below, find it as good as \
      cross-entropy.)
      """
  }
}
