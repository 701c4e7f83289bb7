// The methods of the bowl on digits, in batches: each at a rate of its own. Measured after the rest, in the record alone.

import Foundation
import Workbook

/// One result for each of `Walker.all`: the net of the checks, trained on digits.
struct DigitMethods: Codable, Sendable {
  /// A method on the digits.
  struct Method: Codable, Sendable {
    /// Its best rate, chosen on other seeds.
    var rate: Double
    /// For each of `rates` the test loss at the end, the mean of the trials; one that leaves all bounds counts as 20.
    var tried: [Double]
    /// The test loss at the start and after every quarter of an epoch, the mean over the seeds.
    var losses: [Double]
    /// For each seed the test loss at the end.
    var ends: Summary

    /// The rates at which the trials end less than a tenth above the lowest.
    var goodRates: [Double] {
      let limit = 1.1 * (tried.min() ?? 0)
      return zip(DigitMethods.rates, tried).filter { $1 <= limit }.map(\.0)
    }
    /// Whether the best rate is an end of those tried.
    var isAtEnd: Bool { rate == DigitMethods.rates.first || rate == DigitMethods.rates.last }
  }

  static let batch = 32
  /// From 0.0001 to 1.6, each twice the one before.
  static let rates = (0..<15).map { 0.0001 * Double(1 << $0) }

  var methods: [Method]
}

extension DigitMethods {
  /// - Parameter trials: the seeds on which rates are chosen.
  init(on data: Dataset, test: Dataset, seeds: [UInt64], trials: [UInt64]) throws {
    methods = try Walker.all.map { walker in
      /// The test losses at the start and after every quarter of an epoch, or the last alone.
      func train(_ rate: Double, _ seed: UInt64, all: Bool) throws -> [Double] {
        let quarter = data.count / Self.batch / 4
        let steps = DigitBatches.passes * data.count / Self.batch
        var losses: [Double] = []
        try learn(
          digitNet(gain: 0.1), on: data, walker.optimizer, rate: rate, seed: seed, every: all ? quarter : steps
        ) { step, model in
          if all || step == steps { losses.append(boundedLoss(model, on: test)) }
        }
        return losses
      }
      let ends = try inParallel(Self.rates.count * trials.count) { index in
        try train(Self.rates[index / trials.count], trials[index % trials.count], all: false)[0]
      }
      let tried = Self.rates.indices.map { Summary(Array(ends[$0 * trials.count..<($0 + 1) * trials.count])).mean }
      let rate = Self.rates[tried.indices.min { tried[$0] < tried[$1] } ?? 0]
      let runs = try inParallel(seeds.count) { try train(rate, seeds[$0], all: true) }
      return Method(
        rate: rate, tried: tried.map { rounded($0, decimals: 4) },
        losses: runs[0].indices.map { place in rounded(Summary(runs.map { $0[place] }).mean, decimals: 4) },
        ends: Summary(runs.map { rounded($0[$0.count - 1], decimals: 4) }))
    }
  }
}

/// Trains a net on digits for `DigitBatches.passes` epochs, in batches of `DigitMethods.batch`.
///
/// - Parameters:
///   - falls: whether the rate falls to 0, as the cosine does.
///   - every: `report` is called before the first step and after every so many.
func learn(
  _ net: Sequential, on data: Dataset, _ optimizer: any Optimizer, rate: Double, falls: Bool = false, seed: UInt64,
  every: Int, report: (_ step: Int, _ model: Model) -> Void
) throws {
  var model = try Model(net, input: data.sampleShape, seed: seed)
  var (optimizer, batch, pass) = (optimizer, Batch(), Pass(.training))
  let loss = SoftmaxCrossEntropy()
  var (generator, order) = (SeededGenerator(seed: seed, stream: 8), [Int]())
  let steps = DigitBatches.passes * data.count / DigitMethods.batch
  report(0, model)
  for step in 1...steps {
    if order.count < DigitMethods.batch { order = generator.permutation(of: data.count) }
    data.load(order.suffix(DigitMethods.batch), into: &batch)
    order.removeLast(DigitMethods.batch)
    _ = model.step(batch, loss, in: &pass)
    optimizer.step(&model, learningRate: Float(falls ? rate * FallingRate.cosine(step - 1, of: steps) : rate))
    if step % every == 0 { report(step, model) }
  }
}

/// A loss on digits; 20 where it has left all bounds.
func boundedLoss(_ model: Model, on data: Dataset) -> Double {
  let value = evaluate(model, on: data, loss: SoftmaxCrossEntropy()).loss
  return value.isFinite ? min(value, 20) : 20
}
