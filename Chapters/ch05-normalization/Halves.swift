// Which part of batch norm helps: the five-layer net with half a norm and with layer norm, and training curves.

import Foundation
import Workbook

/// The five-layer net with parts of batch norm, each at its own best rate; and the loss during training.
struct HalvesFindings: Codable, Sendable {
  enum Way: String, Codable, CaseIterable, Sendable {
    case mean = "only the mean subtracted"
    case deviation = "only divided by the deviation"
    case layer = "layer norm"

    var net: Sequential {
      switch self {
      case .mean: perceptron(.none, disturbance: { HalfNorm(64, keeping: .mean) })
      case .deviation: perceptron(.none, disturbance: { HalfNorm(64, keeping: .deviation) })
      case .layer: perceptron(.layer)
      }
    }
  }

  /// A net at its best rate: the test errors in per cent, one for each seed.
  struct Net: Codable, Sendable {
    var way: Way
    var rate: Double
    var errors: Summary
  }

  /// The loss of the batches of a net at one rate, averaged over stretches of steps and over seeds.
  struct Curve: Codable, Sendable {
    var norm: Normalization
    var rate: Double
    var losses: [Double]
    /// At the end of each stretch, the loss on images kept back, as in use.
    var keptLosses: [Double]
  }

  var nets: [Net]
  /// In which layers the mean matters; not in older records.
  var places: [PlacedNet]?
  /// How many steps each stretch has, and over how many seeds the losses are averaged.
  var stretch: Int
  var seeds: Int
  var curves: [Curve]

  static let rates = (0...7).map { 0.0125 * exp2(Double($0)) }
}

extension HalvesFindings {
  /// Chooses rates with four seeds on images kept back; the curves are at the best rates of the pair, each net at both.
  init(
    on digits: Digits, validation: Dataset, bestRates: [Double], seeds: [UInt64], _ run: ChapterRun
  ) throws {
    let (choosing, few) = (Array(seeds.prefix(4)), Array(seeds.prefix(8)))
    let count = Self.rates.count * choosing.count + seeds.count - choosing.count
    let ticker = Ticker("halves", total: Way.allCases.count * count, run)
    defer { ticker.finish() }
    nets = try Way.allCases.map { way in
      let (rate, errors) = try Self.measured(way.net, on: digits, validation: validation, seeds: seeds) {
        run.stopIfInterrupted()
        ticker.tick()
      }
      return Net(way: way, rate: rate, errors: errors)
    }
    (stretch, self.seeds) = (50, few.count)
    curves = []
    try addCurves(on: digits, validation: validation, bestRates: bestRates, seeds: few, run)
  }

  /// Trains both nets at both best rates, and notes the losses.
  private mutating func addCurves(
    on digits: Digits, validation: Dataset, bestRates: [Double], seeds: [UInt64], _ run: ChapterRun
  ) throws {
    let plans = Norms.pair.flatMap { norm in bestRates.map { (norm, $0) } }
    let ticker = Ticker("curves", total: plans.count * seeds.count, run)
    defer { ticker.finish() }
    let all = try inParallel(plans.count * seeds.count) { place in
      run.stopIfInterrupted()
      ticker.tick()
      let (norm, rate) = plans[place / seeds.count]
      return try Self.watched(norm, rate: rate, on: digits, validation: validation, seed: seeds[place % seeds.count])
    }
    curves = plans.enumerated().map { place, plan in
      let runs = all[place * seeds.count..<(place + 1) * seeds.count]
      func means(_ value: (LossWatch) -> [Double]) -> [Double] {
        let longest = runs.map { value($0).count }.max() ?? 0
        return Summary((0..<longest).map { i in Summary(runs.map { value($0)[min(i, value($0).count - 1)] }).mean })
          .rounded().values
      }
      return Curve(norm: plan.0, rate: plan.1, losses: means(\.losses), keptLosses: means(\.keptLosses))
    }
  }

  /// Two epochs; where training diverges, the last numbers stay.
  private static func watched(
    _ norm: Normalization, rate: Double, on digits: Digits, validation: Dataset, seed: UInt64
  ) throws -> LossWatch {
    let watch = LossWatch(validation)
    var trainer = Trainer(
      try Model(perceptron(norm), input: digits.train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: SGD(), schedule: ConstantRate(Float(rate)), batchSize: 32, seed: seed)
    do {
      try trainer.trainResumably(on: digits.train, epochs: 2, observers: [watch])
    } catch is Divergence {}
    return watch
  }
}

/// Notes the loss of the batches over stretches of 50 steps, and the loss on other images after each.
private final class LossWatch: TrainingObserver {
  private let validation: Dataset
  private var stretch: [Double] = []
  private(set) var losses: [Double] = []
  private(set) var keptLosses: [Double] = []

  init(_ validation: Dataset) { self.validation = validation }

  func stepEnded(_ step: StepRecord, model: inout Model) {
    stretch.append(step.loss)
    guard stretch.count == 50 else { return }
    losses.append(Summary(stretch).mean)
    stretch = []
    keptLosses.append(evaluate(model, on: validation, loss: SoftmaxCrossEntropy()).loss)
  }
}
