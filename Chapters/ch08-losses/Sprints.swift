// The fewest steps of each ending to a round error, at whatever rate; and squared error on outputs without a sigmoid.

import Foundation
import Workbook

/// How soon each ending is at 25 % error at each rate: the race that no rule for choosing a rate decides.
struct Sprints: Codable, Sendable {
  /// The error whose steps are counted, 0 … 1, and how often it is looked at.
  static let level = 0.25
  static let interval = 5
  /// The rate at which Adam is mostly used.
  static let usualOfAdam: Float = 0.001
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
    _ digits: DigitSets, endings: [Ending] = Ending.allCases, rates: [Float], rounds: Int = 1,
    optimizer: any Optimizer = SGD(), seeds: [UInt64], report: () -> Void = {}
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
        epochs: rounds, batch: batch, optimizer: optimizer, every: Self.interval, until: Self.level,
        seed: seeds[index % seeds.count])
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

  /// How many times as many steps squared error takes: at one rate, and each ending at its fastest; nil where a run was given
  /// up at that rate.
  ///
  /// - Parameter adam: the same with Adam in place of gradient descent, where that was tried.
  func table(at rate: Float, adam: Sprints? = nil) -> Table? {
    guard let same = leads(at: rate), let place = rates.firstIndex(of: rate) else { return nil }
    func steps(_ ending: Int, _ place: Int) -> TableCell { .text(fixed(summary(ending, place).mean, 0)) }
    func fewest(_ ending: Int) -> TableCell {
      .text("\(fixed(summary(ending, fastest(ending)).mean, 0)) at \(rates[fastest(ending)])")
    }
    func times(_ lead: Summary) -> TableCell { .text(fixed(lead.mean, 1) + lead.intervalNote(2)) }
    let pairs = [("ten sigmoids", 0, 2), ("a softmax", 3, 4)]
    return Table(
      "Steps to \(percent(Self.level)) error, and how many times as many squared error takes",
      columns: ["rate", "outputs", "squared error", "cross-entropy", "times as many"],
      rows: pairs.enumerated().map { index, pair in
        [
          .text("\(rate) for all"), .text(pair.0), steps(pair.1, place), steps(pair.2, place),
          times(same[index]),
        ]
      }
        + pairs.enumerated().map { index, pair in
          [.text("each its fastest"), .text(pair.0), fewest(pair.1), fewest(pair.2), times(leads[index])]
        }
        + (adam?.rowsOfAdam ?? []))
  }

  /// Adam's rows of the table: each ending at its fastest rate.
  private var rowsOfAdam: [[TableCell]] {
    [("ten sigmoids", 0, 2), ("a softmax", 3, 4)].enumerated().map { index, pair in
      func fewest(_ ending: Int) -> TableCell {
        .text("\(fixed(summary(ending, fastest(ending)).mean, 0)) at \(rates[fastest(ending)])")
      }
      return [
        .text("Adam, each its fastest"), .text(pair.0), fewest(pair.1), fewest(pair.2),
        .text(fixed(leads[index].mean, 1) + leads[index].intervalNote(2)),
      ]
    }
  }

  /// What dividing by the size of the gradient does to the lead.
  var readingOfAdam: String {
    let usual = Self.usualOfAdam
    let atUsual =
      leads(at: usual).map {
        "at Adam's usual rate, \(usual), squared error takes \(fixed($0[0].mean, 1)) times as many steps after sigmoids and \(fixed($0[1].mean, 1)) times after a softmax; "
      } ?? ""
    return
      "An optimizer that divides by the size of the gradient needs no other rate for a smaller gradient. With Adam (chapter 1): \(atUsual)each at its fastest rate it takes \(fixed(leads[0].mean, 1)) and \(fixed(leads[1].mean, 1)) times as many."
  }

  /// What the figure of the steps says of a lead at one rate and at the fastest.
  func readings(at rate: Float) -> String {
    // The table has the intervals, where there is one.
    let hasTable = table(at: rate) != nil
    func times(_ lead: Summary) -> String { "\(fixed(lead.mean, 1)) times\(hasTable ? "" : lead.intervalNote(2))" }
    let fastest = leads
    let same =
      leads(at: rate).map {
        "At one rate, \(rate), squared error takes \(times($0[0])) the steps of cross-entropy after sigmoids."
      }
      ?? "At one rate, \(rate), no more can be said than that a run was given up after \(grouped(limit)) steps."
    let close = fastest[0].direction(from: 1) == .withinChance ? ", no difference beyond chance," : ""
    let rough = "(The fastest rates were chosen on the same digits and seeds, so these factors are rough.)"
    if hasTable {
      return (isMostlyRate(at: rate) ? "What looked like a slow loss was mostly a rate too small for it. " : "") + rough
    }
    return """
      \(same) Each at its *fastest* rate, the lowest point of its curve, it takes \(times(fastest[0]))\(close) after sigmoids and \
      \(times(fastest[1])) after a softmax.\(isMostlyRate(at: rate) ? " What looked like a slow loss was mostly a rate too small for it." : "") \
      \(rough)
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
  /// Whether one loss ends ahead of the other behind the same outputs, each at its chosen rate, by more than chance among all
  /// pairs of endings; nil where there are too few seeds.
  var ends: String? {
    guard tuned.allSatisfy({ $0.count >= 3 }) else { return nil }
    let pairs = own.compared.count * (own.compared.count - 1) / 2
    let found = zip(["after sigmoids", "after a softmax"], tuned).compactMap { place, lead -> String? in
      switch lead.direction(among: pairs) {
      case .above: "\(place) cross-entropy ends \(fixed(lead.mean, 1)) points lower"
      case .below: "\(place) squared error ends \(fixed(-lead.mean, 1)) points lower"
      case .withinChance: nil
      }
    }
    func interval(_ lead: Summary) -> String {
      let half = lead.uncertainty(among: pairs)
      return "\(fixed(lead.mean, 1)) points (\(fixed(lead.mean - half, 1)) to \(fixed(lead.mean + half, 1)))"
        .replacingOccurrences(of: "-", with: "−")
    }
    let level = fixed(100 - 5 / Double(max(1, pairs)), 1)
    return found.isEmpty
      ? "no difference between the two losses is seen: squared error minus cross-entropy is \(interval(tuned[0])) after sigmoids and \(interval(tuned[1])) after a softmax (\(level) % intervals)"
      : found.joined(separator: ", ")
  }

  /// What the control says of the delay: how soon it is at an error, at one rate, beside the sigmoid with both losses; nil
  /// where there is none.
  var readingOfControl: String? {
    guard let bare else { return nil }
    let lost = bare.sweep.rates.indices.filter { bare.sweep.errors[0][$0].mean > 85 }
    let overshoots =
      lost.first.map { place in
        """


        From a rate of \(short(Double(bare.sweep.rates[place]))) on it learns nothing. Each of the 31 numbers that feed an output (30 tanh units, and 1 \
        for the bias) is at most 1 in size, so a step at the rate $\\eta$ moves the output by at most $31\\eta$ times its error. Above \
        $\\eta = 2/31 = \(fixed(2.0 / 31, 2))$ the output may end farther off than it began (chapter 1). The flat ends of a sigmoid prevent that.
        """
      } ?? ""
    // As the table above counts them, where it does.
    let counts = paces.flatMap { paces in
      paces.steps.count < Ending.judged.count
        ? nil
        : paces.rates.firstIndex(of: bare.same.rate).map { place in
          [5, 0, 2].map { fixed(paces.summary($0, place).mean, 0) }
        }
    }
    let steps = counts ?? [bare.same, same[0], same[2]].map { $0.stepsText(to: level) }
    return """
      Without a sigmoid, on ten bare outputs $z$, squared error has the gradient $z - y$, the error itself. But this is another net: its \
      outputs start near 0, where nine of ten targets are, and they have no bounds. At \(bare.same.rate) it takes \(steps[0]) steps to \
      \(percent(level)) error, after sigmoids \(steps[1]), cross-entropy \(steps[2]). At its chosen rate, \(bare.own.rate), it ends with \(fixed(bare.own.finalError.mean, 1)) % \
      errors, cross-entropy after sigmoids with \(fixed(own[2].finalError.mean, 1)) %. (On large benchmarks Hui and Belkin, below, find it as good as \
      cross-entropy.)\(overshoots)
      """
  }
}
