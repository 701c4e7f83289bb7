// ReLU, tanh and the sigmoid in a convolutional net of four layers on colour photographs: a part that is added to the record.

import Foundation
import Workbook

/// Three convolutions of 5×5, three poolings, one dense layer: the paper's, narrower.
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

  /// Who runs, and for how many steps at most; the rates that are tried, and the steps to the goal that an earlier trial of
  /// the same seed found, or an estimate where it did not arrive; nil is tried now.
  static let entries: [PhotographEntry] = [
    .init(function: .relu, factor: 1, steps: 4000, rates: [0.02, 0.04, 0.08], costs: [3471, 2857, 4102], rate: 0.04),
    .init(function: .tanh, factor: 1, steps: 4000, rates: [0.04, 0.08, 0.16], costs: [nil, 2838, 8000], rate: 0.08),
    .init(function: .sigmoid, factor: 8, steps: 1500, rates: [0.1, 0.2], costs: [nil, nil], rate: 0.2),
  ]
}

/// One activation of the race on photographs, with its rate.
struct PhotographEntry: Sendable {
  var function: Nonlinearity
  var factor: Float
  var steps: Int
  var rates: [Float]
  var costs: [Double?]
  var rate: Float

  /// Trains until the error is down at the last mark.
  func run(_ rate: Float, on data: Dataset, test: Dataset? = nil, seed: UInt64) throws -> PhotographRun {
    try PhotographRun.train(
      function, factor: factor, rate: rate, steps: steps, until: PhotographFindings.marks[PhotographFindings.goal],
      on: data, test: test, seed: seed)
  }
  /// The steps that a trial needs; who does not arrive is slower than anybody who does, and the slower the higher the error.
  func cost(_ rate: Float, on data: Dataset, seed: UInt64) throws -> Double {
    let (run, goal) = (try run(rate, on: data, seed: seed), PhotographFindings.marks[PhotographFindings.goal])
    if run.isDiverged { return .infinity }
    return run.steps(to: goal).map { Double($0) } ?? Double(steps) * run.mean(before: run.wrong.count) / goal
  }
}

extension PhotographRacer {
  /// From its runs, one for each seed.
  init(_ entry: PhotographEntry, costs: [Double], _ runs: [PhotographRun]) {
    let (sound, stretch) = (runs.filter { !$0.isDiverged }, PhotographFindings.stretch)
    func brief(_ value: Double) -> Double { rounded(value, decimals: 2) }
    self.init(
      function: entry.function, factor: entry.factor, rates: entry.rates, trialCosts: costs, rate: entry.rate,
      // Up to where the first of them has arrived.
      curve: stride(from: stretch, through: sound.map(\.wrong.count).min() ?? 0, by: stretch).map { end in
        brief(Summary(sound.map { $0.mean(before: end, over: stretch) }).mean)
      },
      reached: PhotographFindings.marks.map { mark in runs.map { $0.isDiverged ? nil : $0.steps(to: mark) } },
      diverged: runs.count - sound.count,
      last: Summary(sound.map { brief($0.mean(before: $0.wrong.count)) }),
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
    let (trial, groups) = (trialSeeds(run, 1)[0], [seeds[0..<3], seeds[3..<5]])
    try addToRecord(on: "MNIST", in: run, where: { $0.seeds == seeds }) { findings, keep in
      let entries = PhotographFindings.entries
      var costs = entries.map(\.costs)
      var runs = [[PhotographRun]](repeating: [], count: entries.count)
      let ticker = Ticker(
        "photographs", total: costs.joined().count { $0 == nil } + entries.count * 5, run)
      defer { ticker.finish() }
      /// Trials that are left and races of some entries, side by side.
      func race(_ places: [Int], _ seeds: ArraySlice<UInt64>) throws {
        let trials = places.flatMap { place in
          costs[place].indices.filter { costs[place][$0] == nil }.map { (place, $0) }
        }
        let races = seeds.flatMap { seed in places.map { ($0, seed) } }
        let found = try inParallel(trials.count + races.count) { index -> (cost: Double, run: PhotographRun?) in
          defer { ticker.tick() }
          if index < trials.count {
            let entry = entries[trials[index].0]
            return (try entry.cost(entry.rates[trials[index].1], on: train, seed: trial), nil)
          }
          let (place, seed) = races[index - trials.count]
          return (0, try entries[place].run(entries[place].rate, on: train, test: test, seed: seed))
        }
        for (result, (place, rate)) in zip(found, trials) { costs[place][rate] = result.cost }
        for (result, (place, _)) in zip(found.dropFirst(trials.count), races) {
          result.run.map { runs[place].append($0) }
        }
        let racers = entries.indices.filter { !runs[$0].isEmpty }.map {
          PhotographRacer(entries[$0], costs: costs[$0].map { $0 ?? .infinity }, runs[$0])
        }
        findings.photographs = PhotographFindings(
          data: train.name, count: train.count, testCount: test.count, steps: entries[0].steps, trials: 1,
          seeds: runs[0].count, racers: racers)
        try keep(findings)
      }
      for seeds in groups { try race([0, 1], seeds) }
      for seeds in groups { try race([2], seeds) }
    }
  }
}
