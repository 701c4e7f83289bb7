// The digits net by plain descent in batches of several sizes, with the same number of passes over the digits. Measured after
// the rest, in the record alone.

import Foundation
import Workbook

/// Each size at its own first rate, which falls to 0.
struct DigitBatches: Codable, Sendable {
  static let sizes = [8, 32, 128, 512]
  /// From 0.013 to 1.6, each twice the one before.
  static let rates = (0..<8).map { 0.0128 * Double(1 << $0) }

  /// For each size and rate the loss on the digits kept back, the mean of the trials.
  var tried: [[Double]] = []
  /// For each size and seed, at the rate whose loss on the digits kept back is lowest: the share of the test that is wrong.
  var errors: [Summary] = []
  /// For each size the processor's seconds of one training, on one thread.
  var seconds: [Double] = []

  /// The best rate of each size.
  var own: [Double] {
    tried.map { losses in Self.rates[losses.indices.min { losses[$0] < losses[$1] } ?? 0] }
  }

}

extension DigitBatches {
  /// - Parameter trials: the seeds on which rates are chosen.
  init(on data: Dataset, kept: Dataset, test: Dataset, seeds: [UInt64], trials: [UInt64]) throws {
    self.init()
    for size in Self.sizes {
      func net(_ rate: Double, _ seed: UInt64) throws -> Model {
        try learned(on: data, SGD(), rate: rate, falls: true, batch: size, seed: seed)
      }
      let losses = try Self.rates.map { rate in
        rounded(Summary(try trials.map { boundedLoss(try net(rate, $0), on: kept) }).mean, decimals: 4)
      }
      tried.append(losses)
      var (ends, time) = ([Double](), 0.0)
      for seed in seeds {
        let began = clock()
        let model = try net(own[own.count - 1], seed)
        time += Double(clock() - began) / Double(CLOCKS_PER_SEC)
        ends.append(rounded(evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error, decimals: 4))
      }
      errors.append(Summary(ends))
      seconds.append(rounded(time / Double(seeds.count), decimals: 3))
    }
  }
}
