// The races of chapter 8: all endings at one learning rate, each at its own, and from bad starts.

import Foundation
import Workbook

enum Races {
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
      endings, rates: endings.map { _ in common }, on: digits, epochs: epochs, every: 30, seeds: seeds
    ) { ticker.tick(epochs) }
    let sweep = try RateSweep(rates: rates, on: digits, epochs: sweepEpochs, seeds: seeds) {
      ticker.tick(sweepEpochs)
    }
    let own = try NetRuns.all(
      endings, rates: endings.indices.map(sweep.best), on: digits, epochs: epochs, every: 30, seeds: seeds
    ) { ticker.tick(epochs) }
    ticker.finish()
    return (same, sweep, own)
  }

  /// The three rules of the single neuron from ten outputs with a bias.
  static func biases(
    _ digits: DigitSets, _ biases: [Float], rates: [Float], epochs: Int, seeds: [UInt64], _ run: ChapterRun,
    _ page: Page
  ) throws -> [[Summary]] {
    let ticker = Ticker("starts", total: 3 * biases.count * seeds.count, run, page)
    let results = try Ending.allCases.prefix(3).enumerated().map { index, ending in
      try biasSweep(ending, biases: biases, on: digits, rate: rates[index], epochs: epochs, seeds: seeds) {
        ticker.tick()
      }
    }
    ticker.finish()
    return results
  }

  /// The error whose steps are counted: a round one that squared error gets to at the common rate, if it can.
  static func level(_ same: [NetRuns]) -> Double {
    let levels = [0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6]
    return levels.first { same[0].reaches($0) } ?? 0.7
  }

  /// S0: cross-entropy learns faster; at one rate, and at each one's own.
  static func claim(same: (Summary, Summary), own: (Summary, Summary), level: Double) -> Claim {
    let ratios = (zip(same.0.values, same.1.values).map { $0 / $1 }, zip(own.0.values, own.1.values).map { $0 / $1 })
    let (together, apart) = (Summary(ratios.0), Summary(ratios.1))
    // As in the titles of the figures: a factor of 1.3 in the mean number of steps counts.
    let isFaster = (same.0.mean > 1.3 * same.1.mean, own.0.mean > 1.3 * own.1.mean)
    return Claim(
      "A network learns faster with cross-entropy than with squared error", source: "S0",
      published: "faster (figure 4, one rate for all)",
      measured:
        "squared error takes \(together.formatted(decimals: 1)) times the steps to \(percent(level)) error at one rate, \(apart.formatted(decimals: 1)) times at its own",
      seeds: together.count,
      verdict: !isFaster.0 ? .notHere : isFaster.1 ? .reproduced : .partly,
      reason: !isFaster.1
        ? "most of it is the size of the gradient: a larger learning rate makes up for it"
        : "the same network behind the same sigmoids; only the loss differs")
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
      measured: "\(saved) operations fewer of \(fixed(Double(work) / 1e6, 2)) million for an image in LeNet-5",
      verdict: share < 0.001 ? .partly : .reproduced,
      reason: share < 0.001
        ? "true, and \(short(100 * share)) % of the work: nobody will notice. A count: no seed"
        : "A count: no seed")
  }
}

/// Top-k errors.
enum TopK {
  /// A digit that a network gets wrong and nearly right.
  struct Example {
    var probabilities: [Double]
    var truth: Int
    /// How many classes stand before the right one.
    var rank: Int
    var picture: ImageGrid.Picture
  }

  /// The first test digit whose class is ranked third.
  static func example(_ run: NetRun, in test: Dataset) -> Example? {
    guard let place = run.evaluation.ranks.firstIndex(of: 2) else { return nil }
    var model = run.model
    let logits = model.forward(test.batch([place]).inputs).elements
    let size = test.imageShape.count
    let truth = run.evaluation.truths[place]
    return Example(
      probabilities: stableSoftmax(logits).map(Double.init), truth: truth, rank: run.evaluation.ranks[place],
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
