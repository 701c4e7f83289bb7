// ReLU, tanh and the sigmoid in a convolutional net of four layers on colour photographs: a part that is added to the record.

import Foundation
import Workbook

// snippet: photographNet
/// Three convolutions of 5×5, three poolings, one dense layer: near the net of the paper, narrower.
func photographNet(_ function: Nonlinearity, factor: Float = 1) -> Sequential {
  let (first, later) = (function.initializer(), function.initializer(times: factor))
  return Sequential([
    "conv1": Conv2D(3, 16, kernel: 5, padding: 2, initializer: first),
    "act1": function.layer, "pool1": MaxPool(2),
    "conv2": Conv2D(16, 16, kernel: 5, padding: 2, initializer: later),
    "act2": function.layer, "pool2": MaxPool(2),
    "conv3": Conv2D(16, 32, kernel: 5, padding: 2, initializer: later),
    "act3": function.layer, "pool3": MaxPool(2), "flat": Flatten(),
    "fc": Dense(512, 10, initializer: .normal(standardDeviation: 0.01 * factor)),
  ])
}
// snippet.end

/// One training on photographs: for each step how many of its 32 images were wrong before the step, in per cent.
struct PhotographRun: Sendable {
  var wrong: [Double]
  var isDiverged: Bool
  /// The test error in per cent; NaN where nothing was tested.
  var error = Double.nan

  /// The mean training error of the steps before `end`.
  func mean(before end: Int, over steps: Int = PhotographFindings.window) -> Double {
    wrong[max(0, end - steps)..<end].reduce(0, +) / Double(min(end, steps))
  }
  /// The first step at which the mean of a whole window is at `mark` or below, or nil.
  func steps(to mark: Double) -> Int? {
    wrong.count < PhotographFindings.window
      ? nil : (PhotographFindings.window...wrong.count).first { mean(before: $0) <= mark }
  }

  /// Trains, until the mean is at `goal` or for all the steps.
  static func train(
    _ function: Nonlinearity, factor: Float, rate: Float, steps: Int, until goal: Double = 0, on data: Dataset,
    test: Dataset? = nil, seed: UInt64
  ) throws -> PhotographRun {
    var model = try Model(photographNet(function, factor: factor), input: data.sampleShape, seed: seed)
    var run = PhotographRun(wrong: [], isDiverged: false)
    let losses = learn(
      &model, on: data, rate: rate, steps: steps, warmUp: Racer.warmUp, seed: seed,
      until: { _ in run.wrong.count >= PhotographFindings.window && run.mean(before: run.wrong.count) <= goal },
      watch: { model, batch in run.wrong.append(100 * share(of: batch.labels, missedBy: model.output)) })
    run.isDiverged = hasDiverged(losses)
    if let test, !run.isDiverged { run.error = 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error }
    return run
  }
}

/// The share of samples whose largest output is not that of their class.
func share(of labels: [Int], missedBy output: Tensor) -> Double {
  let (width, all) = (output.shape[1], output.elements)
  let missed = labels.indices.count { row in
    let outputs = all[row * width..<(row + 1) * width]
    return outputs.indices.max { outputs[$0] < outputs[$1] } != row * width + labels[row]
  }
  return Double(missed) / Double(labels.count)
}

/// An activation on photographs, at its best rate.
struct PhotographRacer: Codable, Sendable {
  var function: Nonlinearity
  /// On the reference weights behind the first layer.
  var factor: Float
  /// What was tried, and the cost of each, infinite where a trial diverged.
  var rates: [Float]
  var trialCosts: [Double]
  var rate: Float
  /// The mean training error (%) of each stretch of steps, over the seeds that did not diverge.
  var curve: [Double]
  /// [mark][seed]: the first step at which the error is at a mark or below it; nil where a run ended above it.
  var reached: [[Int?]]
  var diverged: Int
  /// The training error (%) of the last window, and the test error (%).
  var last: Summary
  var errors: Summary

  /// Whether the chosen rate is an end of those that were tried.
  var isAtEnd: Bool { rate == rates.first || rate == rates.last }
}

/// What was found on photographs.
struct PhotographFindings: Codable, Sendable {
  var data: String
  var count: Int
  var testCount: Int
  /// The steps of a run; a trial ends earlier, where it comes down to the last mark.
  var steps: Int
  var trials: Int
  var seeds: Int
  /// ReLU, tanh and the sigmoid.
  var racers: [PhotographRacer]

  /// The batches over which an error is averaged, and the steps of a stretch of a curve.
  static let (window, stretch) = (50, 25)
  /// The training errors (%) to come down to.
  static let marks = [60.0, 50, 40, 30, 25]
  /// The mark for which rates are chosen.
  static let goal = 4

  /// Who runs, with the rates that are tried.
  static let entries: [(function: Nonlinearity, factor: Float, rates: [Float])] = [
    (.relu, 1, [0.02, 0.04, 0.08, 0.16]), (.tanh, 1, [0.02, 0.04, 0.08, 0.16]),
    (.sigmoid, 8, [0.05, 0.1, 0.2, 0.4]),
  ]
}

extension PhotographRacer {
  init(
    _ function: Nonlinearity, factor: Float, rates: [Float], trials: [UInt64], steps: Int,
    on data: Dataset, test: Dataset, seeds: [UInt64], ticker: Ticker? = nil
  ) throws {
    let goal = PhotographFindings.marks[PhotographFindings.goal]
    let tried = try inParallel(rates.count * trials.count) { index in
      defer { ticker?.tick() }
      let run = try PhotographRun.train(
        function, factor: factor, rate: rates[index / trials.count], steps: steps, until: goal, on: data,
        seed: trials[index % trials.count])
      if run.isDiverged { return Double.infinity }
      // Who does not arrive is slower than anybody who does, and the slower the higher the error.
      return run.steps(to: goal).map { Double($0) } ?? Double(steps) * run.mean(before: run.wrong.count) / goal
    }
    let costs = rates.indices.map { rate in
      tried[rate * trials.count..<(rate + 1) * trials.count].reduce(0, +) / Double(trials.count)
    }
    let rate = rates[choice(costs)]
    let runs = try inParallel(seeds.count) { index in
      defer { ticker?.tick() }
      return try PhotographRun.train(
        function, factor: factor, rate: rate, steps: steps, on: data, test: test, seed: seeds[index])
    }
    let (sound, stretch) = (runs.filter { !$0.isDiverged }, PhotographFindings.stretch)
    func brief(_ value: Double) -> Double { (100 * value).rounded() / 100 }
    self.init(
      function: function, factor: factor, rates: rates, trialCosts: costs.map { $0.isFinite ? brief($0) : $0 },
      rate: rate,
      curve: stride(from: stretch, through: steps, by: stretch).map { end in
        brief(Summary(sound.map { $0.mean(before: end, over: stretch) }).mean)
      },
      reached: PhotographFindings.marks.map { mark in runs.map { $0.isDiverged ? nil : $0.steps(to: mark) } },
      diverged: runs.count - sound.count,
      last: Summary(sound.map { brief($0.mean(before: $0.wrong.count, over: 4 * PhotographFindings.window)) }),
      errors: Summary(sound.map { brief($0.error) }))
  }
}

extension Activations {
  /// Races on the photographs of a folder, and writes the recorded findings with the result.
  ///
  /// - Throws: `DataError` where there is no record of the same seeds, or where the photographs are missing.
  static func measurePhotographs(in folder: String?, _ seeds: [UInt64], _ run: ChapterRun) throws {
    guard let folder else {
      throw DataError(
        "--part photographs", expected: "--data with the folder of CIFAR-10", found: "none",
        advice: "fetch it with ./workbook data cifar-10")
    }
    let (all, test) = try CIFAR10.load(from: folder)
    let train = all.prefix(10_000)
    let (trials, racing, steps) = (trialSeeds(run, 1), Array(seeds.prefix(5)), 4000)
    try addToRecord(on: "MNIST", in: run, where: { $0.seeds == seeds }) { findings, keep in
      let tries = PhotographFindings.entries.map { $0.rates.count * trials.count + racing.count }
      let ticker = Ticker("photographs", total: tries.reduce(0, +), run)
      defer { ticker.finish() }
      var found = PhotographFindings(
        data: train.name, count: train.count, testCount: test.count, steps: steps,
        trials: trials.count, seeds: racing.count, racers: [])
      for entry in PhotographFindings.entries {
        found.racers.append(
          try PhotographRacer(
            entry.function, factor: entry.factor, rates: entry.rates, trials: trials,
            steps: steps, on: train, test: test, seeds: racing, ticker: ticker))
        findings.photographs = found
        try keep(findings)
      }
    }
  }
}
