// Checks on digits: how much of the variance the initial weights make alone, and stopping by wrong validation labels.

import Foundation
import Workbook

/// Bare nets of which several learn the same digits, and early stopping where validation labels are wrong as well.
struct DigitChecks: Codable, Sendable {
  /// How many sets of digits there are, and how many nets learn each of them.
  var draws: Int
  var starts: Int
  /// Of the probabilities of all classes: the variance among nets that share their digits, that among nets with digits of
  /// their own, and the squared error of one net and of the mean of those that share their digits.
  var startVariance: Double
  var variance: Double
  var squaredError: Double
  var squaredErrorOfMean: Double
  /// The test error in per cent at the epoch that wrong validation labels choose, seed by seed.
  var wronglyStopped: Summary

  /// Which share of the variance a mean over initial weights can remove.
  var share: Double { startVariance / variance }
}

extension DigitChecks {
  /// - Parameters:
  ///   - rate: that of the bare net.
  ///   - alike: the digits of early stopping.
  init(
    _ digits: OwnDigits.Draws, rate: Float, seeds: [UInt64], starts: Int, alike: DigitSets, epochs: Int,
    stopping: [UInt64], report: @Sendable () -> Void = {}
  ) throws {
    let answers = try digits.answers(
      under: Restraint("nothing", .none), rate: rate, seeds: seeds, starts: starts, report: report)
    let labels = digits.digits.test.labels
    var (within, among, one, mean) = (0.0, 0.0, 0.0, 0.0)
    func squares(_ values: [Double]) -> (mean: Double, scatter: Double) {
      let mean = values.reduce(0, +) / Double(values.count)
      return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(max(1, values.count - 1)))
    }
    for i in 0..<10 * labels.count {
      let target: Double = Int(labels[i / 10]) == i % 10 ? 1 : 0
      let rows = seeds.indices.map { draw in (0..<starts).map { answers[draw * starts + $0][i] } }
      for row in rows {
        let (middle, scatter) = squares(row)
        within += scatter
        mean += (middle - target) * (middle - target)
        one += row.reduce(0) { $0 + ($1 - target) * ($1 - target) } / Double(starts)
      }
      for start in 0..<starts { among += squares(rows.map { $0[start] }).scatter }
    }
    let (count, draws) = (Double(labels.count), Double(seeds.count))
    (self.draws, self.starts) = (seeds.count, starts)
    startVariance = rounded(within / draws / count, digits: 3)
    variance = rounded(among / Double(starts) / count, digits: 3)
    squaredError = rounded(one / draws / count, digits: 3)
    squaredErrorOfMean = rounded(mean / draws / count, digits: 3)
    wronglyStopped = Summary(
      try inParallel(stopping.count) { place in
        defer { report() }
        let (share, seed) = (StoppingExperiment.wrongLabels, stopping[place])
        var digits = alike
        digits.validation = digits.validation.withWrongLabels(share, seed: seed, stream: 0xBAD1)
        let curve = LearningCurve(try learnByHeart(digits, wrongLabels: share, epochs: epochs, seed: seed).history)
        return rounded(100 * curve.test[curve.stop(patience: StoppingExperiment.patience).best - 1], digits: 4)
      })
  }
}
