// Checks on the moons: exact zeros by a soft threshold, the variance that the initial weights make alone, and how far
// single nets are from the true probabilities.

import Foundation
import Workbook

/// Nets of the moons under L1 by soft threshold, and nets that share their points.
struct MoonChecks: Codable, Sendable {
  /// The strength of L1 that errs least.
  var lambda: Float
  /// Under the soft threshold, in per cent: the weights within 0.01 of 0, those at 0, and the errors on new points.
  var nearZero: Summary
  var zeros: Summary
  var testErrors: Summary
  /// Of nets that share their points, for each of the kinds 64 units without a price and with L2: the mean squared
  /// distance of an answer from the mean answer.
  var startVariance: [Double]
  /// Of nets with points of their own, of the kinds 4 units, 64 units and 64 units with L2: the mean of (q − p)² over new
  /// points, times 100, net by net.
  var squared: [Summary]
  /// How many sets of points there are, and how many nets learn each of them.
  var draws: Int
  var starts: Int
}

extension MoonChecks {
  /// - Parameters:
  ///   - seeds: of the points.
  ///   - starts: how many nets share their points.
  ///   - own: the seeds of the nets with points of their own.
  init(
    _ sweep: PenaltySweep, epochs: Int, seeds: [UInt64], starts: Int, own: [UInt64],
    report: @Sendable () -> Void = {}
  ) throws {
    lambda = sweep.lambdas[sweep.best(1)]
    // A step of its own has no momentum, which makes the gradient's steps of L1 so many times as large.
    let penalty = Penalty.softThreshold(lambda / (1 - Moon.momentum))
    let runs = try inParallel(seeds.count) { place in
      defer { report() }
      return try Moon.train(penalty, epochs: epochs, grid: 2, seed: seeds[place])
    }
    func percent(_ value: (MoonRun) -> Double) -> Summary {
      Summary(runs.map { rounded(100 * value($0), digits: 4) })
    }
    (nearZero, zeros, testErrors) = (percent(\.nearZero), percent(\.zeros), percent(\.testError))
    (self.draws, self.starts) = (seeds.count, starts)
    startVariance = try [Penalty.none, .l2(sweep.lambdas[sweep.best(0)])].map { penalty in
      let maps = try inParallel(seeds.count * starts) { index in
        defer { report() }
        let seed = seeds[index / starts]
        let run = try Moon.train(
          penalty, epochs: epochs, seed: seed, start: seed &+ 100_000 &* UInt64(index % starts))
        return run.drawing?.probabilities ?? []
      }
      return rounded(Self.scatter(maps, in: starts), decimals: 5)
    }
    let best = Penalty.l2(sweep.lambdas[sweep.best(0)])
    squared = try [(4, Penalty.none), (64, .none), (64, best)].map { units, penalty in
      Summary(
        try inParallel(own.count) { place in
          defer { report() }
          let run = try Moon.train(penalty, hidden: units, epochs: epochs, seed: own[place])
          return rounded(100 * Self.distance(run.drawing?.probabilities ?? []), digits: 4)
        })
    }
  }

  /// The mean of (q − p)² over new points.
  private static func distance(_ map: [[Double]]) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (row, answers) in zip(Moon.truth(map.count, map[0].count), map) {
      for (place, answer) in zip(row, answers) {
        sum += place.density * (answer - place.probability) * (answer - place.probability)
        total += place.density
      }
    }
    return sum / total
  }

  /// The mean scatter within groups of maps, weighted by how often points fall at each place.
  private static func scatter(_ maps: [[[Double]]], in size: Int) -> Double {
    var (sum, total) = (0.0, 0.0)
    for (j, row) in Moon.truth(maps[0].count, maps[0][0].count).enumerated() {
      for (i, place) in row.enumerated() {
        for first in stride(from: 0, to: maps.count, by: size) {
          let answers = Summary(maps[first..<first + size].map { $0[j][i] })
          sum += place.density * answers.deviation * answers.deviation
          total += place.density
        }
      }
    }
    return sum / total
  }
}
