// The activations in a small convolutional net: the learning rate tuned for each, steps to a fixed loss.

import Foundation
import Workbook

/// Two convolutions, two poolings, one dense layer: LeNet's shape, made small.
func convNet(
  _ activation: any Layer, first: Initializer, later: Initializer,
  last: Initializer = lastLayer
) -> Sequential {
  Sequential([
    "conv1": Conv2D(1, 8, kernel: 5, initializer: first), "act1": activation,
    "pool1": AveragePool(2),
    "conv2": Conv2D(8, 16, kernel: 5, initializer: later), "act2": activation,
    "pool2": AveragePool(2),
    "flat": Flatten(), "fc": Dense(400, 10, initializer: last),
  ])
}

/// The same with an activation of the page.
func convNet(_ function: Nonlinearity) -> Sequential {
  convNet(function.layer, first: function.initializer(), later: function.initializer())
}

/// One training run of the race.
struct RaceRun: Codable, Sendable {
  /// The smoothed loss after each step.
  var losses: [Double]
  /// The first step at which it was at the target or below, or nil.
  var steps: Int?
  /// Whether the loss left all bounds.
  var isDiverged: Bool
  /// The test error in per cent; NaN where nothing was tested.
  var error: Double

  /// The steps to the target. Who does not arrive is slower than anybody who does, and the slower the higher the loss;
  /// who diverges is slowest.
  func cost(limit: Int) -> Double {
    if isDiverged { return .infinity }
    return steps.map { Double($0) } ?? Double(limit) * (1 + (losses.last ?? 0))
  }
}

/// The loss averaged over the last steps, weights 0.9, 0.9², …: single batches of 32 jump too much to be compared.
func smoothed(_ losses: [Double]) -> [Double] {
  var (mean, weight) = (0.0, 0.0)
  return losses.map { loss in
    mean = 0.9 * mean + 0.1 * loss
    weight = 0.9 * weight + 0.1
    return mean / weight
  }
}

/// Trains until the smoothed loss has come down to `target`, at most `limit` steps; with `test` all of them.
func race(
  _ function: Nonlinearity, rate: Float, target: Double, limit: Int, on data: Dataset, test: Dataset? = nil,
  seed: UInt64
) throws -> RaceRun {
  var model = try Model(convNet(function), input: data.sampleShape, seed: seed)
  var (mean, weight) = (0.0, 0.0)
  let raw = learn(&model, on: data, rate: rate, steps: limit, warmUp: Racer.warmUp, seed: seed) { losses in
    mean = 0.9 * mean + 0.1 * (losses.last ?? 0)
    weight = 0.9 * weight + 0.1
    return test == nil && losses.count >= 10 && mean / weight <= target
  }
  let (losses, isDiverged) = (smoothed(raw), hasDiverged(raw))
  // The first few steps are too few for a mean.
  let reached = losses.indices.first { $0 >= 9 && losses[$0] <= target }
  return RaceRun(
    losses: losses, steps: isDiverged ? nil : reached.map { $0 + 1 }, isDiverged: isDiverged,
    error: isDiverged ? .nan : test.map { 100 * evaluate(model, on: $0, loss: SoftmaxCrossEntropy()).error } ?? .nan)
}

/// An activation with its best learning rate, over several seeds.
struct Racer: Codable, Sendable {
  var function: Nonlinearity
  /// The rate that was fastest, and not next to one that diverges, with seeds that are not among those of the race.
  var rate: Float
  /// For each run the first step at the target or below, or nil.
  var reached: [Int?]
  /// How many runs diverged.
  var diverged: Int
  /// The test errors in per cent after `limit` steps of the runs that did not diverge.
  var errors: Summary
  var limit: Int

  /// The steps to the target, the limit where it was not reached.
  var steps: Summary { Summary(reached.map { Double($0 ?? limit) }) }
  /// How many runs reached the target.
  var arrivals: Int { reached.count { $0 != nil } }
  /// Whether every run reached it.
  var arrives: Bool { arrivals == reached.count }
}

extension Racer {
  /// The steps over which the rate rises.
  static let warmUp = 10
  /// The rates of the race: from 0.04 to 0.9, each √2 times the one before.
  static let rates = (0..<10).map { Float(0.04 * pow(2, Double($0) / 2)) }

  /// - Parameters:
  ///   - trials: the seeds on which the rate is chosen; others than those of the race.
  init(
    _ function: Nonlinearity, rates: [Float], trials: [UInt64], target: Double, limit: Int, on data: Dataset,
    test: Dataset, seeds: [UInt64], ticker: Ticker? = nil
  ) throws {
    let tried = try inParallel(rates.count * trials.count) { index in
      defer { ticker?.tick() }
      return try race(
        function, rate: rates[index / trials.count], target: target, limit: limit, on: data,
        seed: trials[index % trials.count])
    }
    // The cost of the slowest trial: a rate at which one seed in three fails is no good rate.
    let costs = rates.indices.map { rate in
      tried[rate * trials.count..<(rate + 1) * trials.count].map { $0.cost(limit: limit) }.max() ?? .infinity
    }
    let rate = rates[choice(costs)]
    let runs = try inParallel(seeds.count) { index in
      defer { ticker?.tick() }
      return try race(
        function, rate: rate, target: target, limit: limit, on: data, test: test, seed: seeds[index])
    }
    let sound = runs.filter { !$0.isDiverged }
    self.init(
      function: function, rate: rate, reached: runs.map(\.steps), diverged: runs.count - sound.count,
      errors: Summary(sound.map(\.error)), limit: limit)
  }
}
