// Bias and variance of the moons' nets, each training at its own rate.

import Foundation
import Workbook

/// What makes up the squared error of the moons' nets under each restraint, times 100, on average over new
/// points.
struct MoonParts: Codable, Sendable {
  /// A restraint at the rate and the strength that were chosen for it.
  struct Entry: Codable, Sendable {
    var name: String
    var setting: String
    /// (q̄ − p)², and the mean of (q − q̄)²: p is the probability of class 1 at a place, q what a net gives it, and q̄ the
    /// mean over nets.
    var bias: Double
    var variance: Double
    /// Half of the intervals of the differences from the net without a restraint, widened for all comparisons: of the bias,
    /// of the variance and of their sum.
    var uncertainties: [Double]
  }
  /// How many nets of each kind, each with points of its own; and p(1 − p), which no net can avoid.
  var count: Int
  var noise: Double
  /// The first is the net without a restraint.
  var entries: [Entry]

  var bare: Entry { entries[0] }
}

extension MoonParts.Entry {
  var error: Double { bias + variance }
}

extension MoonParts {
  /// Trains each restraint at the rate and the strength that were chosen for it.
  init(_ chosen: MoonRates, epochs: Int, seeds: [UInt64], report: @Sendable () -> Void = {}) throws {
    let settings = chosen.entries.compactMap { entry in
      MoonRestraint.candidates.joined().first { $0.name == entry.name && $0.setting == entry.setting }
        .map { (restraint: $0, rate: entry.rate) }
    }
    let maps = try inParallel(settings.count * seeds.count) { index in
      defer { report() }
      let (restraint, rate) = settings[index / seeds.count]
      return Moon.probabilities(
        try Moon.model(
          under: restraint, epochs: epochs, rate: rate, momentum: Moon.momentum, seed: seeds[index % seeds.count]
        ).model, grid: 49)
    }
    self.init(
      settings.map(\.restraint), settings.indices.map { Array(maps[$0 * seeds.count..<($0 + 1) * seeds.count]) })
  }

  /// Takes the answers of nets apart.
  ///
  /// - Parameters:
  ///   - restraints: the first is none.
  ///   - maps: [restraint][net][y][x]: the probability of class 1.
  init(_ restraints: [MoonRestraint], _ maps: [[[[Double]]]]) {
    let all = maps.map(Self.values)
    self.init(
      count: maps[0].count, noise: rounded(Self.unavoidable(maps[0][0]), decimals: 3),
      entries: zip(restraints, all).map { restraint, values in
        let (bias, variance) = (Summary(values.map(\.bias)), Summary(values.map(\.variance)))
        let (bareBias, bareVariance) = (Summary(all[0].map(\.bias)), Summary(all[0].map(\.variance)))
        let changes = [
          bias - bareBias, variance - bareVariance,
          Summary(zip(values, all[0]).map { $0.bias + $0.variance - $1.bias - $1.variance }),
        ]
        return Entry(
          name: restraint.name, setting: restraint.setting, bias: rounded(bias.mean, decimals: 3),
          variance: rounded(variance.mean, decimals: 3),
          uncertainties: changes.map {
            $0.count < 3 ? 0 : rounded($0.uncertainty(among: restraints.count - 1), decimals: 3)
          })
      })
  }

  /// p(1 − p) times 100.
  private static func unavoidable(_ map: [[Double]]) -> Double {
    let places = Moon.truth(map.count, map[0].count).joined()
    let sum = places.reduce(0) { $0 + $1.density * $1.probability * (1 - $1.probability) }
    return 100 * sum / places.reduce(0) { $0 + $1.density }
  }

  /// Squared bias and variance, times 100, as pseudo-values of the jackknife: their mean is the estimate, and their scatter
  /// that of the estimate.
  private static func values(_ maps: [[[Double]]]) -> [(bias: Double, variance: Double)] {
    let places = Array(Moon.truth(maps[0].count, maps[0][0].count).joined())
    let answers = maps.map { Array($0.joined()) }
    let weight = places.reduce(0) { $0 + $1.density }
    let sums = places.indices.map { place in answers.reduce(0) { $0 + $1[place] } }
    let squares = places.indices.map { place in answers.reduce(0) { $0 + $1[place] * $1[place] } }
    /// Of all nets, or of all but one.
    func parts(without left: Int?) -> (bias: Double, variance: Double) {
      let count = Double(maps.count - (left == nil ? 0 : 1))
      var (bias, variance) = (0.0, 0.0)
      for (place, truth) in places.enumerated() {
        let own = left.map { answers[$0][place] } ?? 0
        let mean = (sums[place] - own) / count
        let scatter = (squares[place] - own * own - count * mean * mean) / max(1, count - 1)
        // The mean of few nets is off by their scatter over their number, which is no bias.
        bias += truth.density * ((mean - truth.probability) * (mean - truth.probability) - scatter / count)
        variance += truth.density * scatter
      }
      return (100 * bias / weight, 100 * variance / weight)
    }
    let (all, count) = (parts(without: nil), Double(maps.count))
    guard maps.count > 2 else { return maps.map { _ in all } }
    return maps.indices.map { left in
      let rest = parts(without: left)
      return (count * all.bias - (count - 1) * rest.bias, count * all.variance - (count - 1) * rest.variance)
    }
  }
}
