// Bias and variance of nets on the moons, whose best answer is known at every place.

import Foundation
import Workbook

/// What makes up the squared error of nets of one kind, each trained on points of its own, on average over new points.
struct MoonSpread: Codable, Sendable {
  /// Units in each hidden layer, and λ of L2.
  var units: Int
  var lambda: Float
  /// How many nets.
  var count: Int
  /// p(1 − p), (q̄ − p)² and the mean of (q − q̄)²: p is the probability of class 1 at a place, q what a net gives it, and q̄
  /// the mean over nets.
  var noise: Double
  var bias: Double
  var variance: Double
  /// Empty: no page draws them.
  var lines: [[[Double]]]

  /// The kinds that are compared, the last of them with the strength of L2 that errs least.
  static func kinds(_ lambda: Float) -> [(units: Int, lambda: Float)] { [(2, 0), (4, 0), (64, 0), (64, lambda)] }
}

extension MoonSpread {
  /// Trains nets and takes their answers apart, over a grid on which each place counts as often as points fall there.
  init(units: Int, lambda: Float, epochs: Int, seeds: [UInt64], report: @Sendable () -> Void = {}) throws {
    let maps = try inParallel(seeds.count) { place in
      defer { report() }
      let run = try Moon.train(lambda == 0 ? .none : .l2(lambda), hidden: units, epochs: epochs, seed: seeds[place])
      return run.drawing?.probabilities ?? []
    }
    let count = Double(maps.count)
    var (noise, bias, variance, total) = (0.0, 0.0, 0.0, 0.0)
    for (j, row) in Moon.truth(maps[0].count, maps[0][0].count).enumerated() {
      for (i, place) in row.enumerated() {
        let answers = maps.map { $0[j][i] }
        let mean = answers.reduce(0, +) / count
        let scatter = answers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
        total += place.density
        noise += place.density * place.probability * (1 - place.probability)
        // The mean of few nets is off by their scatter over their number, which is no bias.
        bias += place.density * ((mean - place.probability) * (mean - place.probability) - scatter / count)
        variance += place.density * scatter
      }
    }
    func share(_ sum: Double) -> Double { rounded(sum / total, decimals: 5) }
    self.init(
      units: units, lambda: lambda, count: maps.count, noise: share(noise), bias: share(bias),
      variance: share(variance),
      lines: [])
  }
}
