// The races of chapter 8: all endings at one learning rate, each at its own, and from bad starts.

import Foundation
import Workbook

enum Races {
  /// The steps from one look at the test error to the next.
  static let interval = 30

  /// All endings at a common rate; a sweep of rates; all endings at the best of their own.
  static func run(
    _ digits: DigitSets, common: Float, epochs: Int, seeds: [UInt64], _ run: ChapterRun, _ page: Page
  ) throws -> (same: [NetRuns], sweep: RateSweep, own: [NetRuns]) {
    let rates = run.pick(
      quick: [0.02, 0.1, 0.5] as [Float], normal: [0.02, 0.05, 0.1, 0.2, 0.5, 1],
      full: [0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2])
    let endings = Ending.allCases
    let sweepEpochs = run.pick(quick: 1, normal: 3, full: 10)
    // In epochs, so that the estimate of the time left is right.
    let ticker = Ticker(
      "networks", total: endings.count * seeds.count * (2 * epochs + rates.count * sweepEpochs), run, page)
    let same = try NetRuns.all(
      endings, rates: endings.map { _ in common }, on: digits, epochs: epochs, every: interval, seeds: seeds
    ) { ticker.tick(epochs) }
    let sweep = try RateSweep(rates: rates, on: digits, epochs: sweepEpochs, seeds: seeds) {
      ticker.tick(sweepEpochs)
    }
    let own = try NetRuns.all(
      endings, rates: endings.indices.map(sweep.best), on: digits, epochs: epochs, every: interval, seeds: seeds
    ) { ticker.tick(epochs) }
    ticker.finish()
    return (same, sweep, own)
  }

  /// The three rules of the single neuron from ten outputs with a bias.
  static func biases(
    _ digits: DigitSets, _ biases: [Float], rates: [Float], epochs: Int, seeds: [UInt64], _ run: ChapterRun,
    _ page: Page
  ) throws -> BadStarts {
    let ticker = Ticker("starts", total: 3 * biases.count * seeds.count, run, page)
    let results = try Ending.allCases.prefix(3).enumerated().map { index, ending in
      try biasSweep(ending, biases: biases, on: digits, rate: rates[index], epochs: epochs, seeds: seeds) {
        ticker.tick()
      }
    }
    ticker.finish()
    return BadStarts(biases: biases, rates: Array(rates.prefix(3)), epochs: epochs, errors: results)
  }

  /// The error whose steps are counted: a round one that squared error gets to at the common rate, if it can.
  static func level(_ same: [NetRuns]) -> Double {
    let levels = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]
    return levels.first { same[0].reaches($0) } ?? 0.7
  }

  /// Which endings end with another error than the first, seed by seed, by more than chance.
  static func comparison(_ runs: [NetRuns]) -> String {
    let first = runs[0].finalError
    let others = runs.dropFirst().map { (name: "*\($0.ending.name)*", gain: first - $0.finalError) }
    guard first.count >= 3 else { return "So few seeds cannot tell the differences of the last column from chance." }
    func list(_ isIn: (Summary) -> Bool) -> String {
      others.filter { isIn($0.gain) }.map(\.name).joined(separator: "; ")
    }
    let groups = [
      ("Fewer errors with", list { isClear($0, beyond: 0) && $0.mean > 0 }),
      ("More errors with", list { isClear($0, beyond: 0) && $0.mean < 0 }),
      ("No difference beyond chance with", list { !isClear($0, beyond: 0) }),
    ]
    let findings = groups.filter { !$0.1.isEmpty }.map { "\($0.0) \($0.1)." }
    return "The last column, compared seed by seed with *\(runs[0].ending.name)*. "
      + findings.joined(separator: " ") + " (Beyond chance: the 95 % interval of the mean difference leaves out 0.)"
  }

  /// S0: cross-entropy learns faster; at one rate, and at each one's own.
  static func claim(same runs: [NetRuns], own ownRuns: [NetRuns], level: Double) -> Claim {
    let same = (runs[0].steps(to: level), runs[2].steps(to: level))
    let own = (ownRuns[0].steps(to: level), ownRuns[2].steps(to: level))
    // A run that never gets to the level counts with its length.
    let bounds = (runs[0].reaches(level) ? "" : "at least ", ownRuns[0].reaches(level) ? "" : "at least ")
    let ratios = (zip(same.0.values, same.1.values).map { $0 / $1 }, zip(own.0.values, own.1.values).map { $0 / $1 })
    let (together, apart) = (Summary(ratios.0), Summary(ratios.1))
    // As in the titles of the figures: a factor of 1.3 in the mean number of steps counts. Behind a softmax as well?
    let isFaster = (same.0.mean > 1.3 * same.1.mean, own.0.mean > 1.3 * own.1.mean)
    let (softSlow, softFast) = (ownRuns[3].steps(to: level), ownRuns[4].steps(to: level))
    let isFasterBehindSoftmax = softSlow.mean > 1.3 * softFast.mean
    let softmax =
      "behind a softmax, each at its best rate, \(ownRuns[3].stepsText(to: level)) steps against \(ownRuns[4].stepsText(to: level))"
    return Claim(
      "A network learns faster with cross-entropy than with squared error", source: "S0",
      published: "faster (figure 4, one rate for all)",
      measured:
        "behind sigmoids squared error takes \(bounds.0)\(together.formatted(decimals: 1)) times the steps to \(percent(level)) error at one rate, \(bounds.1)\(apart.formatted(decimals: 1)) times at the best rate of each",
      seeds: together.count,
      verdict: !isFaster.0 ? .notHere : isFaster.1 && isFasterBehindSoftmax ? .reproduced : .partly,
      reason: !isFaster.0
        ? "faster would be a factor above 1.3"
        : isFaster.1
          ? softmax
          : "most of the lead is the size of the gradient, and a larger learning rate makes up for it; \(softmax)")
  }
}

/// Starts at which all outputs say the same, for the three rules of the single neuron.
struct BadStarts: Sendable {
  /// How many times the error of cross-entropy is called behind.
  static let factor = 1.5

  var biases: [Float]
  /// The learning rate of each rule.
  var rates: [Float]
  var epochs: Int
  /// [rule][bias]: the test error in per cent, over the seeds.
  var errors: [[Summary]]

  /// The rules that fall behind cross-entropy where the outputs begin with the bias at `place`.
  func behind(at place: Int) -> [Rule] {
    [Rule.squaredError, .published].filter {
      errors[$0.color][place].mean > BadStarts.factor * errors[Rule.crossEntropy.color][place].mean
    }
  }

  /// How many times as fast as with squared error an output s moves with the wrong derivative: slope times rate.
  func pace(at bias: Float) -> Double {
    let s = sigmoid(Double(bias))
    // (1 − s²) / (s(1 − s)) = (1 + s)/s
    return Double(rates[1] / rates[0]) * (1 + s) / s
  }

  /// The runs that are no better than guessing where the outputs begin with the bias at `place`, in words; empty if none.
  func guessing(at place: Int) -> String {
    let counts = Rule.allCases.map { rule in (rule, errors[rule.color][place].values.count { $0 > 80 }) }
    let parts = counts.filter { $0.1 > 0 }.map { rule, count in
      "\(count) of \(counted(errors[rule.color][place].count, "run")) with \(rule.name)"
    }
    return parts.joined(separator: ", ")
  }
}

/// What the output layer's gradient costs beside the rest of the network.
enum OutputCost {
  /// S0: the subtraction of 1 in one place is cheaper than error times slope in all.
  static func claim() throws -> Claim {
    let model = try Model(LeNet5.plus.layers, input: LeNet5.inputShape, seed: 1)
    // Squared error: for each of ten outputs a difference, 1 − s, and two products. Cross-entropy: one subtraction.
    let saved = 4 * 10 - 1
    // Forward, gradient of the inputs, gradient of the weights.
    let work = 3 * model.multiplyAdds(for: LeNet5.inputShape)
    let share = Double(saved) / Double(work)
    return Claim(
      "Softmax with cross-entropy is also cheaper: 1 is subtracted from one output, nothing else", source: "S0",
      published: "faster to compute",
      measured:
        "\(saved) operations fewer at the ten outputs than with sigmoids and squared error, of \(fixed(Double(work) / 1e6, 2)) million for an image forward and back in LeNet-5",
      verdict: share < 0.001 ? .partly : .reproduced,
      reason: share < 0.001
        ? "true, and \(short(100 * share)) % of the work: nobody will notice"
        : "")
  }
}

/// Top-k errors.
enum TopK {
  /// A digit that a network gets wrong and nearly right.
  struct Example {
    var probabilities: [Double]
    var truth: Int
    /// The classes that stand before the right one, the first choice first.
    var leaders: [Int]
    var picture: ImageGrid.Picture
  }

  /// The first test digit whose class is ranked third.
  static func example(_ run: NetRun, in test: Dataset) -> Example? {
    guard let place = run.evaluation.ranks.firstIndex(of: 2) else { return nil }
    var model = run.model
    let logits = model.forward(test.batch([place]).inputs).elements
    let size = test.imageShape.count
    let truth = run.evaluation.truths[place]
    let order = logits.indices.sorted { logits[$0] > logits[$1] }
    return Example(
      probabilities: stableSoftmax(logits).map(Double.init), truth: truth, leaders: Array(order.prefix(2)),
      picture: .init(
        width: 28, height: 28, pixels: test.pixels[place * size..<(place + 1) * size].map { Float($0) / 255 },
        caption: "a \(truth)"))
  }

  /// S1: the top-5 error tells how near a wrong answer is.
  static func claim(_ runs: [NetRuns]) -> Claim {
    // Of the wrong answers, those that have the right class in second to fifth place; by chance 4 of 9.
    let near = Summary(
      runs[1].runs.map { 1 - $0.evaluation.topError(5) / max($0.evaluation.error, 1e-9) })
    let chance = 4.0 / 9
    return Claim(
      "The top-5 error tells how near a wrong answer is to the right one", source: "S1", published: "near",
      measured:
        "\(percent(near.mean)) of the wrong answers have the right class among the next four, \(percent(chance)) by chance",
      seeds: near.count,
      verdict: near.mean > 2 * chance - chance * chance ? .reproduced : near.mean > 1.2 * chance ? .partly : .notHere,
      reason: "after one epoch; with ten classes instead of a thousand")
  }
}
