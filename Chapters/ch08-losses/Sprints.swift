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

  /// The steps of an ending, for each seed at the rate that is the fastest of the *other* seeds: so no seed chooses for itself.
  private func chosenByOthers(_ ending: Int) -> [Double] {
    let all = rates.indices.map { summary(ending, $0).values }
    let seeds = all.first?.count ?? 0
    guard seeds >= 3 else { return fewest(ending).steps.values }
    return (0..<seeds).map { seed in
      func others(_ rate: Int) -> Double { all[rate].reduce(0, +) - all[rate][seed] }
      return all[rates.indices.min { others($0) < others($1) } ?? 0][seed]
    }
  }

  /// The steps of one ending over those of another, seed by seed, each at its fastest rate.
  func lead(of slow: Int, over fast: Int) -> Summary {
    Summary(zip(chosenByOthers(slow), chosenByOthers(fast)).map { $0 / max(1, $1) })
  }

  /// Squared error over cross-entropy: after sigmoids, after a softmax.
  var leads: [Summary] { [lead(of: 0, over: 2), lead(of: 3, over: 4)] }

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

  /// What dividing by the size of the gradient does to the lead.
  var readingOfAdam: String {
    let usual = leads(at: Self.usualOfAdam).map {
      "At its usual rate, \(Self.usualOfAdam), squared error after sigmoids takes only \(fixed($0[0].mean, 1)) times as many steps."
    }
    return """
      An optimizer that divides by the size of the gradient, as Adam does (chapter 1), needs no larger rate for a smaller gradient. \(usual ?? "")
      """
  }

  /// On what a factor at one rate depends.
  static let conventions = """
    The factors at one rate belong to $\\frac{1}{2}\\sum(s - y)^2$: without the ½ every push is doubled, and PyTorch's means make it smaller. The comparison of each at its own rate does not depend on such constants.
    """

  /// What the figure of the steps says of a lead at one rate and at the fastest.
  func readings(at rate: Float) -> String {
    let mostly = isMostlyRate(at: rate) ? "**What looked like a slow loss was mostly a rate too small for it.** " : ""
    let rough = "(For each seed the rate is the fastest one of the other seeds.)"
    // The lines above have the factors, where they were counted.
    if leads(at: rate) != nil {
      let steps = [3, 4].map { fixed(fewest($0).steps.mean, 0) }
      return
        "\(mostly)(The factor is \(fixed(leads[1].mean, 1)) and not \(steps[0])/\(steps[1]), as in the table, because for it each seed has the rate that is the fastest for the *other* seeds.)"
    }
    let fastest = leads
    let close = fastest[0].direction(from: 1) == .withinChance ? ", no difference beyond chance," : ""
    return """
      At one rate, \(rate), no more can be said than that a run was given up after \(grouped(limit)) steps. Each at its *fastest* rate, the lowest point of its curve, squared error \
      takes \(fixed(fastest[0].mean, 1)) times\(fastest[0].intervalNote(2)) the steps of cross-entropy\(close) after sigmoids and \
      \(fixed(fastest[1].mean, 1)) times\(fastest[1].intervalNote(2)) after a softmax. \(mostly)\(rough)
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
    let sweep = try RateSweep([.bareSquared], rates: rates, on: digits, epochs: epochs, seeds: seeds)
    self.init(
      same: try Self.race(common, on: digits, epochs: epochs, seeds: seeds), sweep: sweep,
      own: try Self.race(sweep.best(0), on: digits, epochs: epochs, seeds: seeds))
  }

  /// The control at one rate.
  static func race(_ rate: Float, on digits: DigitSets, epochs: Int, seeds: [UInt64]) throws -> NetRuns {
    try NetRuns.all(
      [.bareSquared], rates: [rate], on: digits, epochs: epochs, every: Races.interval, early: Races.early,
      seeds: seeds)[0]
  }
}

extension NetFindings {
  /// Whether one loss ends ahead of the other behind the same outputs, each at its chosen rate, by more than chance among all
  /// pairs of endings; nil where there are too few seeds.
  var ends: String? {
    guard tuned.allSatisfy({ $0.count >= 3 }) else { return nil }
    let found = zip(["after sigmoids", "after a softmax"], tuned).compactMap { place, lead -> String? in
      switch lead.direction(among: pairs) {
      case .above: "\(place) cross-entropy ends \(fixed(lead.mean, 1)) points lower"
      case .below: "\(place) squared error ends \(fixed(-lead.mean, 1)) points lower"
      case .withinChance: nil
      }
    }
    return found.isEmpty ? "no difference between the two losses is seen" : found.joined(separator: ", ")
  }

  /// The pairs among the endings that the page compares.
  var pairs: Int { own.compared.count * (own.compared.count - 1) / 2 }

  /// The differences at the end with their intervals; nil where there are too few seeds.
  var endsInNumbers: String? {
    guard tuned.allSatisfy({ $0.count >= 3 }) else { return nil }
    func interval(_ lead: Summary) -> String {
      let half = lead.uncertainty(among: pairs)
      return "\(fixed(lead.mean, 1)) points (\(fixed(lead.mean - half, 1)) to \(fixed(lead.mean + half, 1)))"
        .replacingOccurrences(of: "-", with: "−")
    }
    let outputs = own[2].finalError - own[4].finalError
    return """
      Squared error less cross-entropy, after \(counted(epochs, "epoch")): \(interval(tuned[0])) after sigmoids, \(interval(tuned[1])) after a softmax. Sigmoids less softmax, with \
      cross-entropy: \(interval(outputs)). (\(fixed(100 - 5 / Double(max(1, pairs)), 1)) % intervals, because \(pairs) pairs share the usual 5 % chance of a false alarm.)
      """
  }

  /// What the wrong σ′ is worth when each ending has its own rate; nil where that was not counted.
  var helpOfWrongSlope: String? {
    guard let paces, own.count > 1 else { return nil }
    let steps = [0, 1, 2].map { fixed(paces.fewest($0).steps.mean, 0) }
    let atOne = paces.rates.firstIndex(of: common).flatMap { place -> String? in
      guard [0, 1].allSatisfy({ !paces.steps[$0][place].contains(nil) }) else { return nil }
      return
        "At the rate \(common) the wrong σ′ takes \(fixed(paces.summary(1, place).mean, 0)) steps to \(percent(Sprints.level)) error, the right one \(fixed(paces.summary(0, place).mean, 0)). "
    }
    let beforeEntropy =
      paces.lead(of: 2, over: 1).direction(from: 1) == .above
      ? " It is even ahead of cross-entropy (\(steps[2])); why was not tested."
      : ""
    let help = paces.lead(of: 0, over: 1)
    let early = help.worded(
      from: 1,
      above:
        "**Yes: each at its own fastest rate, the right one takes \(help.withInterval(2)) times as many steps as the wrong σ′**, \(steps[0]) and \(steps[1]).\(beforeEntropy)",
      below:
        "No: each at its own fastest rate, the wrong σ′ takes \(steps[1]) steps to \(percent(Sprints.level)) error and the right one only \(steps[0]).",
      withinChance: "No: each at its own fastest rate, the two need equally many steps, within chance.")
    let end = (own[0].finalError - own[1].finalError).worded(
      above: "After the last epoch, too, it has fewer errors.",
      below: "After the last epoch the right one has fewer errors.",
      withinChance: "After \(counted(epochs, "epoch")) no difference is left.")
    return "\(atOne ?? "")Is the help more than a larger step, then? \(early) \(end)"
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
      \(percent(level)) error, after sigmoids \(steps[1]), cross-entropy \(steps[2]). At its best rate, \(bare.own.rate), it ends with \(fixed(bare.own.finalError.mean, 1)) % \
      errors, cross-entropy after sigmoids with \(fixed(own[2].finalError.mean, 1)) %. (On large benchmarks Hui and Belkin, below, find it as good as \
      cross-entropy.)\(overshoots)
      """
  }
}
