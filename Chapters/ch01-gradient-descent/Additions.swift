// Measured after the rest and added to the record: a rate that falls, and the spiral net by plain descent.

import Foundation
import Workbook

struct AdditionFindings: Codable, Sendable {
  /// The rate at which plain descent trains the spiral net.
  static let plainRate: Float = 1

  var falling: FallingRate
  /// The spiral net, trained by plain descent.
  var plain: SpiralFindings
}

/// Small batches on a line with two weights: at a constant rate, and at one that falls to 0.
struct FallingRate: Codable, Sendable {
  var batch: Int
  /// For the constant rate and for the falling one: the best rate at the start, chosen on other seeds.
  var rates: [Double]
  /// The loss above the smallest possible one after the last step, seed by seed.
  var ends: [[Double]]
  /// The walks of the first seed, and its landscape.
  var walks: [Walk]
  var valley: Valley

  static let (epochs, start) = (4, (-0.9, -1.2))
  /// From 0.0032 to 2, five to a factor of ten.
  static let tried = (0..<15).map { pow(10, -2.5 + 0.2 * Double($0)) }

  /// The share of the first rate that is left: half a wave of the cosine, from 1 to 0.
  static func cosine(_ step: Int, of steps: Int) -> Double { (1 + cos(.pi * Double(step) / Double(steps))) / 2 }
}

extension FallingRate {
  /// Walks at two rates: a constant one, and one that falls to 0 from the second.
  init(batch: Int, epochs: Int, rates: [Double], seeds: [UInt64]) {
    let fits = seeds.map { LineFit(seed: $0) }
    (self.batch, self.rates, ends, walks, valley) = (batch, rates, [], [], fits[0].valley)
    for (place, rate) in rates.enumerated() {
      let own = zip(fits, seeds).map { Self.end($0, batch: batch, epochs: epochs, rate, falls: place == 1, seed: $1) }
      ends.append(own.map { rounded($0.excess, decimals: 6) })
      walks.append(
        Walk(a: own[0].walk.a.map { rounded($0, decimals: 3) }, b: own[0].walk.b.map { rounded($0, decimals: 3) }))
    }
  }

  /// - Parameter trials: other seeds, on which the rates are chosen.
  init(batch: Int, epochs: Int, seeds: [UInt64], trials: [UInt64]) {
    let others = trials.map { LineFit(seed: $0) }
    let rates = [false, true].map { falls in
      let costs = Self.tried.map { rate in
        zip(others, trials).reduce(0) {
          $0 + Self.end($1.0, batch: batch, epochs: epochs, rate, falls: falls, seed: $1.1).excess
        }
      }
      return Self.tried[costs.indices.min { costs[$0] < costs[$1] } ?? 0]
    }
    self.init(batch: batch, epochs: epochs, rates: rates, seeds: seeds)
  }

  /// A walk, and the loss above the smallest possible one after its last step.
  private static func end(
    _ fit: LineFit, batch: Int, epochs: Int, _ rate: Double, falls: Bool, seed: UInt64
  ) -> (excess: Double, walk: Walk) {
    let walk = fit.descend(
      from: start, batch: batch, rate: rate, epochs: epochs, seed: seed,
      share: falls ? cosine : { _, _ in 1 })
    let valley = fit.valley
    let excess = valley.height(walk.a[walk.a.count - 1], walk.b[walk.b.count - 1]) - valley.floor
    return (excess.isFinite ? excess : .greatestFiniteMagnitude, walk)
  }
}

extension FallingRate {
  /// For the constant rate and for the falling one the loss above the smallest possible one at the start and after every
  /// step: the mean over the walks of which `ends` has the last.
  ///
  /// - Parameter seed: the first of the seeds.
  func excess(from seed: UInt64) -> [[Double]] {
    let seeds = ends[0].indices.map { seed &+ UInt64($0) }
    let fits = seeds.map { LineFit(seed: $0) }
    let epochs = (walks[0].a.count - 1) * batch / fits[0].samples.count
    return rates.enumerated().map { place, rate in
      let own = zip(fits, seeds).map { fit, seed in
        let (valley, walk) = (
          fit.valley, Self.end(fit, batch: batch, epochs: epochs, rate, falls: place == 1, seed: seed).walk
        )
        return walk.a.indices.map { valley.height(walk.a[$0], walk.b[$0]) - valley.floor }
      }
      return own[0].indices.map { step in Summary(own.map { $0[step] }).mean }
    }
  }
}

extension SpiralFindings {
  /// A few of the snapshots, their numbers rounded, without the points, which are those of the other training.
  var brief: SpiralFindings {
    var brief = self
    (brief.points, brief.labels) = ([], [])
    brief.snapshots = snapshots.filter { [0, 100, 400, 3000].contains($0.step) }
    for place in brief.snapshots.indices {
      brief.snapshots[place].parameters = brief.snapshots[place].parameters.map { numbers in
        numbers.map { (1000 * $0).rounded() / 1000 }
      }
    }
    return brief
  }
}
