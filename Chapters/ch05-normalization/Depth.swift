// Nets of growing depth, with batch norm and without: which of them begin to learn?

import Foundation
import Workbook

/// The perceptron of the sweeps with more and more hidden layers, from He's weights, at each of some learning rates.
struct DepthFindings: Codable, Sendable {
  static let depths = [5, 10, 20, 40]
  static let rates = [0.00078125, 0.003125, 0.0125, 0.05, 0.2, 0.8]

  var trainingCount: Int
  var epochs: Int
  var seeds: Int
  var depths: [Int]
  var rates: [Double]
  /// [net of the pair][depth].
  var nets: [[Net]]

  /// One net at one depth.
  struct Net: Codable, Sendable {
    /// [rate]: the test errors in per cent, one for each seed; and those on images kept back, which choose a rate.
    var errors: [Summary]
    var validation: [Summary]
    /// Before training: how far the inputs of the last hidden activation differ from image to image, as a share of their
    /// size, √(Σ variance/Σ mean square) over the units.
    var difference: Summary
    /// Before training: the gradient of the second hidden layer's weights over that of the last's.
    var gradientRatio: Summary

    /// The place of the best rate, and the test errors there.
    var best: Int { bestPlace(validation) ?? 0 }
    var bestErrors: Summary { errors[best] }
    /// The seeds with which the net learns at its best rate.
    var learning: Int { bestErrors.values.count { $0 < SweepFindings.limit } }
  }

  /// A net of the pair at a depth.
  func net(_ net: Int, at depth: Int) -> Net? { depths.firstIndex(of: depth).map { nets[net][$0] } }
  /// The points of error that batch norm saves at each depth, both at their best rates.
  var saved: [Summary] { depths.indices.map { nets[0][$0].bestErrors - nets[1][$0].bestErrors } }
}

extension DepthFindings {
  /// Trains all of them.
  init(on digits: Digits, validation: Dataset, seeds: [UInt64], epochs: Int, _ run: ChapterRun) throws {
    let (depths, rates) = (Self.depths, Self.rates)
    let ticker = Ticker("depths", total: Norms.pair.count * depths.count * rates.count * seeds.count, run)
    defer { ticker.finish() }
    self.init(
      trainingCount: digits.train.count, epochs: epochs, seeds: seeds.count, depths: depths, rates: rates,
      nets: try Norms.pair.map { kind in
        try depths.map { depth in
          let starts = try seeds.map { try Self.start(kind, depth: depth, on: digits, seed: $0) }
          let all = try Sweep(rates, seeds: seeds) { rate, seed in
            run.stopIfInterrupted()
            ticker.tick()
            return try trained(
              perceptron(kind, depth: depth), on: digits, choosingBy: validation, rate: Float(rate), batchSize: 32,
              epochs: epochs, seed: seed)
          }
          return Net(
            errors: all.errors.map { $0.rounded() },
            validation: all.results.map { Summary($0.compactMap(\.validationError)).rounded() },
            difference: Summary(starts.map(\.difference)).rounded(),
            gradientRatio: Summary(starts.map(\.ratio)).rounded())
        }
      })
  }

  /// What 256 images meet before training: how much they differ at the end, and how gradients grow on the way back.
  private static func start(
    _ kind: Normalization, depth: Int, on digits: Digits, seed: UInt64
  ) throws -> (difference: Double, ratio: Double) {
    var model = try Model(perceptron(kind, depth: depth), input: digits.train.sampleShape, seed: seed)
    var pass = Pass(.training)
    _ = model.step(digits.train.batch(first: 256), SoftmaxCrossEntropy(), in: &pass)
    // The last entries are the last hidden activation and the output layer; in front of them is what enters it.
    let units = columnMoments(model.layers.activation(at: model.layers.entries.count - 3))
    let variance = Summary(units.map { $0.deviation * $0.deviation }).mean
    let square = Summary(units.map { $0.mean * $0.mean }).mean + variance
    func gradient(_ layer: Int) -> Double {
      model.parameters.first { $0.name == "fc\(layer).weight" }.map { norm($0.parameter.gradient) } ?? .nan
    }
    return ((variance / max(square, 1e-30)).squareRoot(), gradient(2) / gradient(depth))
  }
}
