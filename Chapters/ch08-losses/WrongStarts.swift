// Ten outputs that are all wrong at the start, each loss at the rate that suits it, and a softmax too many.

import Foundation
import Workbook

/// Starts at which all ten sigmoids say the same, with a learning rate chosen for each of them.
struct WrongStarts: Codable, Sendable {
  static let biases: [Float] = [-6, -4, -2, 0, 2, 4, 6]
  static let rates: [Float] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1]
  static let endings: [Ending] = [.sigmoidSquared, .sigmoidEntropy]
  /// Beyond which output a tanh unit counts as flat: its slope is below a fifth there.
  static let flat: Float = 0.9
  /// For how many steps the hidden layer is held; squared error is stuck so long at most.
  static let hold = 200

  /// One loss from one start.
  struct Start: Codable, Sendable {
    var ending: Ending
    var bias: Float
    /// The rate with the least mean validation error after `epochs`.
    var rate: Float
    /// In per cent, over the seeds, at that rate: the test error after `epochs`, and after `later`.
    var error: Summary
    var late: Summary
    /// The same after `epochs` where the hidden layer stays as it begins for the first `hold` steps.
    var held: Summary
    /// In per cent, after `epochs`: hidden units that say nearly 1, or nearly −1, to nearly every digit.
    var deaf: Summary
    var deafWhereHeld: Summary
  }

  var epochs: Int
  var later: Int
  var starts: [Start]
}

extension WrongStarts {
  /// Trains them all: each loss from each start at every rate, and at the best one in three ways more.
  init(
    _ digits: DigitSets, epochs: Int = 2, later: Int = 8, seeds: [UInt64], report: (Int) -> Void = { _ in }
  ) throws {
    (self.epochs, self.later, starts) = (epochs, later, [])
    for ending in Self.endings {
      for bias in Self.biases {
        func runs(_ rate: Float, epochs: Int) throws -> [NetRun] {
          try inParallel(seeds.count) { seed in
            try trainNet(
              ending, on: digits, rate: rate, epochs: epochs, outputBias: bias, every: .max, seed: seeds[seed])
          }
        }
        let all = try Self.rates.map { rate in
          report(seeds.count)
          return try runs(rate, epochs: epochs)
        }
        let means = all.map { Summary($0.map(\.validationError)).mean }
        let place = means.indices.min { means[$0] < means[$1] } ?? 0
        let held = try inParallel(seeds.count) { seed in
          try trainNet(
            ending, on: digits, rate: Self.rates[place], epochs: epochs, outputBias: bias, every: .max,
            holdingHiddenFor: Self.hold, seed: seeds[seed])
        }
        func deaf(_ runs: [NetRun]) throws -> Summary {
          Summary(try runs.map { 100 * (try Self.deafUnits($0.model, digits.validation)) })
        }
        starts.append(
          Start(
            ending: ending, bias: bias, rate: Self.rates[place],
            error: Summary(all[place].map { 100 * $0.evaluation.error }),
            late: Summary(try runs(Self.rates[place], epochs: later).map { 100 * $0.evaluation.error }),
            held: Summary(held.map { 100 * $0.evaluation.error }), deaf: try deaf(all[place]),
            deafWhereHeld: try deaf(held)))
      }
    }
  }

  /// The share of hidden units that are beyond ±`flat` on the same side for 95 % of the digits.
  private static func deafUnits(_ model: Model, _ digits: Dataset) throws -> Double {
    var hidden = try Model(Sequential([Flatten(), Dense(784, 30), Tanh()]), input: [1, 28, 28], seed: 1)
    hidden.layers["1"] = model.layers["1"]
    let outputs = hidden.forward(digits.batch(first: 500).inputs).elements
    let count = outputs.count / 30
    let units = (0..<30).count { unit in
      let values = (0..<count).map { outputs[30 * $0 + unit] }
      return 20 * max(values.count { $0 > flat }, values.count { $0 < -flat }) >= 19 * count
    }
    return Double(units) / 30
  }
}

/// Puts the hidden layer back to where it began, after each of the first steps.
final class HiddenHold: TrainingObserver {
  private let first: Model
  private let steps: Int

  init(_ first: Model, for steps: Int) { (self.first, self.steps) = (first, steps) }

  func stepEnded(_ step: StepRecord, model: inout Model) {
    if step.globalStep <= steps { model.layers["1"] = first.layers["1"] }
  }
}

/// The mistake of a softmax before a loss that has one: its errors at every rate.
struct DoubledSoftmax: Codable, Sendable {
  var rates: [Float]
  var epochs: Int
  /// [rate]: validation and test error in per cent, over the seeds.
  var validation: [Summary] = []
  var test: [Summary] = []

  init(
    _ digits: DigitSets, rates: [Float], epochs: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    (self.rates, self.epochs) = (rates, epochs)
    let all = try inParallel(rates.count * seeds.count) { index in
      report()
      let run = try trainNet(
        .softmaxTwice, on: digits, rate: rates[index / seeds.count], epochs: epochs, every: .max,
        seed: seeds[index % seeds.count])
      return (100 * run.validationError, 100 * run.evaluation.error)
    }
    for rate in rates.indices {
      let runs = all[rate * seeds.count..<(rate + 1) * seeds.count]
      validation.append(Summary(runs.map(\.0)))
      test.append(Summary(runs.map(\.1)))
    }
  }

  /// The place of the rate with the least validation error.
  var best: Int { validation.indices.min { validation[$0].mean < validation[$1].mean } ?? 0 }
}
