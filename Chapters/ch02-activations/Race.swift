// tanh against ReLU in a small convolutional net: the learning rate tuned for each, steps to a fixed loss.

import Foundation
import Workbook

/// Two convolutions, two poolings, one dense layer: LeNet's shape, made small.
///
/// - Parameter weights: where all weights start, or nil for what suits the activation.
func convNet(_ bend: Bend, weights: Initializer? = nil) -> Sequential {
  Sequential([
    "conv1": Conv2D(1, 8, kernel: 5, initializer: weights ?? bend.initializer()), "act1": bend.layer,
    "pool1": MaxPool(2),
    "conv2": Conv2D(8, 16, kernel: 5, initializer: weights ?? bend.initializer()), "act2": bend.layer,
    "pool2": MaxPool(2),
    "flat": Flatten(), "fc": Dense(400, 10, initializer: weights ?? .lecunUniform),
  ])
}

/// One training run of the race.
struct RaceRun: Sendable {
  /// The smoothed loss after each step.
  var losses: [Double]
  /// The first step at which it was at the target or below, or nil.
  var steps: Int?
  /// The slopes that a PReLU has learned, one for each activation; empty elsewhere.
  var slopes: [Double]
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

/// Trains until the smoothed loss has come down to `target`, at most `limit` steps.
func race(
  _ bend: Bend, weights: Initializer? = nil, rate: Float, target: Double, limit: Int, on data: Dataset,
  goesOn: Bool = false, seed: UInt64
) throws -> RaceRun {
  var model = try Model(convNet(bend, weights: weights), input: data.sampleShape, seed: seed)
  var (mean, weight) = (0.0, 0.0)
  let losses = smoothed(
    learn(&model, on: data, rate: rate, steps: limit, seed: seed) { losses in
      mean = 0.9 * mean + 0.1 * (losses.last ?? 0)
      weight = 0.9 * weight + 0.1
      return !goesOn && losses.count >= 10 && mean / weight <= target
    })
  let slopes = model.parameters.filter { $0.name.hasPrefix("act") }.map { Double($0.parameter.value.elements[0]) }
  // The first few steps are too few for a mean.
  let reached = losses.indices.first { $0 >= 9 && losses[$0] <= target }
  return RaceRun(losses: losses, steps: reached.map { $0 + 1 }, slopes: slopes)
}

/// An activation with its best learning rate, over several seeds.
struct Racer: Codable, Sendable {
  var bend: Bend
  /// The rate that was fastest with seeds that are not among those of the race.
  var rate: Float
  /// For each run the first step at the target or below, or nil.
  var reached: [Int?]
  /// The slopes that a PReLU has learned, for each run one for each activation; empty elsewhere.
  var slopes: [[Double]]
  /// The middle one of the runs' losses, step by step, to four decimals: one run that blows up does not speak for the
  /// others.
  var typicalLosses: [Double]
  var limit: Int

  /// The steps to the target, the limit where it was not reached.
  var steps: [Double] { reached.map { Double($0 ?? limit) } }
  /// How many runs reached the target.
  var arrivals: Int { reached.count { $0 != nil } }
  /// Whether every run reached it.
  var arrives: Bool { arrivals == reached.count }
}

extension Racer {
  init(
    _ bend: Bend, weights: Initializer? = nil, rates: [Float], trials: Int = 1, target: Double, limit: Int,
    on data: Dataset, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    // The fewest steps in the worst of the trials; where nobody arrives, the lowest loss.
    var best: (rate: Float, steps: Int, loss: Double) = (rates[0], limit + 1, .infinity)
    for rate in rates {
      var (steps, loss) = (0, -Double.infinity)
      for trial in 0..<UInt64(trials) where steps <= best.steps {
        // Nobody who is slower than the best so far needs to be watched to the end.
        let run = try race(
          bend, weights: weights, rate: rate, target: target, limit: min(limit, best.steps), on: data,
          seed: seeds[0] &+ 1000 &+ trial)
        steps = max(steps, run.steps ?? limit + 1)
        let last = run.losses.last ?? .infinity
        loss = last.isFinite ? max(loss, last) : .infinity
      }
      if steps < best.steps || (steps == best.steps && loss < best.loss) { best = (rate, steps, loss) }
      report()
    }
    let runs = try seeds.map {
      try race(bend, weights: weights, rate: best.rate, target: target, limit: limit, on: data, goesOn: true, seed: $0)
    }
    report()
    self.init(
      bend: bend, rate: best.rate, reached: runs.map(\.steps), slopes: runs.map(\.slopes),
      typicalLosses: (0..<(runs.map(\.losses.count).min() ?? 0)).map { step in
        let middle = Summary(runs.map { $0.losses[step] }).median
        return (10_000 * middle).rounded() / 10_000
      }, limit: limit)
  }
}
