// The dispute on the perceptron of the sweeps: noise and a walk along the step, for the gain of the sweeps.

import Foundation
import Workbook

extension DisputeFindings {
  /// Measures what the sweeps lack; the net without a norm and the one with batch norm are theirs.
  ///
  /// - Parameters:
  ///   - sweeps: whose training is repeated, with disturbances.
  ///   - validation: the images kept back.
  init(
    fiveLayers sweeps: SweepFindings, on digits: Digits, by validation: Dataset, seeds: [UInt64], _ run: ChapterRun
  ) throws {
    let (epochs, batchSize) = (2, 32)
    let steps = epochs * ((digits.train.count + batchSize - 1) / batchSize)
    let rates = (0...7).map { 0.0125 * exp2(Double($0)) }
    let places = rates.map { nearest(to: $0, in: sweeps.rates[0].settings) }
    let disturbed = [StabilityVariant.jittered, .noiseAlone]
    let ticker = Ticker("five layers", total: (disturbed.count * rates.count + 9) * seeds.count, run)
    defer { ticker.finish() }
    let found = try disturbed.map { variant in
      let all = try Sweep(rates, seeds: seeds) { rate, seed in
        run.stopIfInterrupted()
        ticker.tick()
        return try trained(
          variant.perceptron, on: digits, choosingBy: validation, rate: Float(rate), batchSize: batchSize,
          epochs: epochs, seed: seed)
      }
      return (
        errors: all.errors.map { $0.rounded() },
        validation: all.results.map { Summary($0.compactMap(\.validationError)).rounded() }
      )
    }
    let known = sweeps.rates.map { sweep in
      places.map { (Summary(sweep.results[$0].map(\.error)), Summary(sweep.results[$0].compactMap(\.validationError))) }
    }
    self.init(
      rates: rates, errors: known.map { $0.map { $0.0.rounded() } } + [found[0].errors], movements: [], probed: [],
      validation: known.map { $0.map { $0.1.rounded() } } + [found[0].validation], validationAlone: found[1].validation,
      noiseAlone: found[1].errors, hiddenLayers: 5)
    func watched(_ variant: StabilityVariant, _ rate: Double, isProbing: Bool) throws -> [StabilityRun] {
      try inParallel(seeds.count) { place in
        run.stopIfInterrupted()
        ticker.tick()
        return try StabilityRun(
          variant, net: variant.perceptron, on: digits, steps: steps, interval: steps / 10,
          batchSize: batchSize, rate: Float(rate), isProbing: isProbing, seed: seeds[place]
        ).rounded()
      }
    }
    movements = try StabilityVariant.experiment.enumerated().map { place, variant in
      Summary(try watched(variant, rates[best[place]], isProbing: false).map { Summary($0.drifts).mean }).rounded()
    }
    let (one, own) = (rates[best[0]], rates[best[1]])
    probed = try [.plain, .normalized].map { try watched($0, one, isProbing: true) }
    probedAtOwn = try watched(.normalized, own, isProbing: true)
    walk = try [(StabilityVariant.plain, one), (.normalized, one), (.normalized, own)].map { variant, rate in
      let runs = try inParallel(seeds.count) { place in
        run.stopIfInterrupted()
        ticker.tick()
        return try GradientAhead.along(
          variant.perceptron, on: digits, steps: steps, interval: steps / 10, batchSize: batchSize,
          rate: Float(rate), seed: seeds[place])
      }
      return Walk(runs, rate: rate)
    }
  }

  /// Trains the versions at their best rates with more seeds: no norm, batch norm, noise after it, noise without a norm,
  /// and batch norm at the best rate of the net without a norm.
  mutating func addSeeds(
    _ more: [UInt64], on digits: Digits, by validation: Dataset, sweeps: SweepFindings, _ run: ChapterRun
  ) throws {
    guard let noiseAloneBest, let noiseAloneRate else { return }
    let first = bestErrors
    let plain = rates[best[0]]
    let plan: [(variant: StabilityVariant, rate: Double, known: Summary)] = [
      (.plain, plain, first[0]), (.normalized, rates[best[1]], first[1]), (.jittered, rates[best[2]], first[2]),
      (.noiseAlone, noiseAloneRate, noiseAloneBest),
      (.normalized, plain, sweeps.rates[1].errors[nearest(to: plain, in: sweeps.rates[1].settings)]),
    ]
    let ticker = Ticker("more seeds", total: plan.count * more.count, run)
    defer { ticker.finish() }
    let found = try plan.map { variant, rate, known in
      let again = try Sweep([rate], seeds: more) { rate, seed in
        run.stopIfInterrupted()
        ticker.tick()
        return try trained(
          variant.perceptron, on: digits, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: 2,
          seed: seed)
      }
      return Summary(known.values + again.errors[0].values).rounded()
    }
    bestAgain = found
  }
}

extension Norms.Findings {
  /// The five-layer net without a norm and with batch norm, each at its best rate: over more seeds, where they were
  /// trained; and the points that batch norm saves, and saves at the best rate of the net without a norm.
  var bestPair: [Summary] { fiveLayers?.bestAgain.map { Array($0.prefix(2)) } ?? sweeps.bestErrors }
  var gain: Summary { bestPair[0] - bestPair[1] }
  var gainAtPlainRate: Summary { fiveLayers?.bestAgain.map { $0[0] - $0[4] } ?? sweeps.gainAtPlainRate }
}

extension StabilityRun {
  /// With four significant digits, as the record keeps them.
  fileprivate func rounded() -> StabilityRun {
    func short(_ values: [Double]) -> [Double] { Summary(values).rounded().values }
    return StabilityRun(
      steps: steps, errors: short(errors), lowest: short(lowest), highest: short(highest),
      gradientChanges: short(gradientChanges), drifts: short(drifts), validation: validation, sizes: sizes.map(short),
      cosines: cosines.map(short))
  }
}
