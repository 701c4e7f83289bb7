// Nets of growing depth, with batch norm and without, from two sizes of the initial weights: which of them learn?

import Foundation
import Workbook

/// The perceptron of the sweeps with more and more hidden layers, at each of some learning rates.
struct DepthFindings: Codable, Sendable {
  static let depths = [5, 10, 20, 40]
  static let rates = [0.00078125, 0.003125, 0.0125, 0.05, 0.2, 0.8]
  /// PyTorch draws a dense layer's weights from ±1/√n, variance 1/(3n); He's variance is 2/n.
  static let defaultScale = 1 / 6.0.squareRoot()

  var trainingCount: Int
  var epochs: Int
  var seeds: Int
  var depths: [Int]
  var rates: [Double]
  /// [net of the pair][depth], from He's weights.
  var nets: [[Net]]
  /// The same from weights of the size that PyTorch draws.
  var fromDefault: [[Net]]?

  /// One net at one depth.
  struct Net: Codable, Sendable {
    /// [rate]: the test errors in per cent, one for each seed; and those on images kept back, which choose a rate.
    var errors: [Summary]
    var validation: [Summary]
    /// The place of the best rate, and the test errors there.
    var best: Int { bestPlace(validation) ?? 0 }
    var bestErrors: Summary { errors[best] }
    /// The seeds with which the net learns at its best rate.
    var learning: Int { bestErrors.values.count { $0 < SweepFindings.limit } }
  }

  /// The points of error that batch norm saves at each depth from He's weights, both nets at their best rates.
  var saved: [Summary] { depths.indices.map { nets[0][$0].bestErrors - nets[1][$0].bestErrors } }
  /// The depths of the table: beside the main figure those of five layers would be a second answer to its question.
  var deep: [Int] { depths.filter { $0 > 5 } }
  /// The depths at which batch norm is ahead of no norm, and behind it, beyond chance.
  var ahead: [Int] {
    depths.indices.filter { isClear(saved[$0], beyond: 0) && saved[$0].mean > 0 }.map { depths[$0] }
      .filter(deep.contains)
  }
  var behind: [Int] { depths.indices.filter { isClear(saved[$0], beyond: 0) && saved[$0].mean < 0 }.map { depths[$0] } }
  /// The smallest depth from which on the net without a norm learns with no seed from PyTorch's weights, and the largest
  /// at which the one with batch norm learns with every seed.
  var plainFailsFrom: Int? {
    guard let fromDefault else { return nil }
    return depths.indices.first { place in fromDefault[0][place...].allSatisfy { $0.learning == 0 } }.map { depths[$0] }
  }
  var normLearnsTo: Int? {
    guard let fromDefault else { return nil }
    return depths.indices.last { fromDefault[1][$0].learning == seeds }.map { depths[$0] }
  }
}

extension DepthFindings {
  /// Trains all of them from both sizes of weights.
  init(on digits: Digits, validation: Dataset, seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    func nets(_ scale: Double) throws -> [[Net]] {
      try Self.trained(scale: scale, on: digits, validation: validation, seeds: seeds, epochs: epochs, run)
    }
    self.init(
      trainingCount: digits.train.count, epochs: epochs, seeds: seeds.count, depths: Self.depths, rates: Self.rates,
      nets: try nets(1), fromDefault: try nets(Self.defaultScale))
  }

  private static func trained(
    scale: Double, on digits: Digits, validation: Dataset, seeds: [UInt64], epochs: Int, _ run: ChapterRun
  ) throws -> [[Net]] {
    let ticker = Ticker("depths", total: Norms.pair.count * depths.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    return try Norms.pair.map { kind in
      try depths.map { depth in
        let net = perceptron(kind, depth: depth, scale: Float(scale))
        let all = try Sweep(rates, seeds: seeds) { rate, seed in
          run.stopIfInterrupted()
          ticker.tick()
          return try ch05_normalization.trained(
            net, on: digits, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: epochs, seed: seed)
        }
        return Net(
          errors: all.errors.map { $0.rounded() },
          validation: all.results.map { Summary($0.compactMap(\.validationError)).rounded() })
      }
    }
  }
}
