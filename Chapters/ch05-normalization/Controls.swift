// The controls of chapter 5, which take a full run: nets at rates of their own where the sweeps have one rate for all.

import Foundation
import Workbook

/// What decides between explanations, on as many images as the default run has; every rate chosen on images kept back.
struct NormControls: Codable, Sendable {
  /// The images learned from, and the seeds.
  var trainingCount: Int
  var seeds: Int
  /// Sizes of the initial weights, as multiples of He's, and [net of the pair][size].
  var scales: [Double]
  var byScale: [[Chosen]]
  /// The convolutional net in batches of 2: how many images it learns from, and each way that was tried.
  var pairCount: Int
  var inPairs: [InPairs]

  /// A net at the best of some learning rates.
  struct Chosen: Codable, Sendable {
    var rate: Double
    var tried: [Double]
    /// The test errors in per cent, one for each seed.
    var errors: Summary
  }

  /// What stands in the convolutional net.
  enum Way: String, Codable, CaseIterable, Sendable {
    case none = "no norm"
    case everywhere = "batch norm"
    case convolutionsOnly = "batch norm, convolutions only"
    case group = "group norm"

    var net: Sequential {
      switch self {
      case .none: convolutionalNet(.none)
      case .everywhere: convolutionalNet(.batch)
      case .convolutionsOnly: convolutionalNet(.batch, afterDense: false)
      case .group: convolutionalNet(.group)
      }
    }
  }

  struct InPairs: Codable, Sendable {
    var way: Way
    var net: Chosen
  }

  func inPairs(_ way: Way) -> Summary { inPairs.first { $0.way == way }?.net.errors ?? Summary([]) }
  /// The net of the pair at the size nearest to `scale`.
  func chosen(_ net: Int, at scale: Double) -> Chosen { byScale[net][nearest(to: scale, in: scales)] }
}

extension NormControls {
  /// Trains all of them.
  ///
  /// - Parameters:
  ///   - digits: what is learned from and tested on.
  ///   - validation: the images kept back.
  init(on digits: Digits, validation: Dataset, seeds: [UInt64], _ run: ChapterRun) throws {
    let few = Digits(train: digits.train.prefix(2_000), test: digits.test, isReal: digits.isReal)
    let scales = [0.125, 0.25, 0.5, 1, 2, 4, 8]
    let ticker = Ticker("controls", total: 2 * scales.count + Way.allCases.count, run)
    defer { ticker.finish() }
    func perceptrons(_ rates: [Double], _ net: Sequential) throws -> Chosen {
      defer { ticker.tick() }
      return try Self.chosen(rates, seeds: seeds) { rate, seed in
        try trained(
          net, on: few, choosingBy: validation, rate: Float(rate), batchSize: 32, epochs: 2, seed: seed)
      }
    }
    let rates = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10]
    self.init(
      trainingCount: few.train.count, seeds: seeds.count, scales: scales,
      byScale: try Norms.pair.map { kind in
        try scales.map { scale in
          try perceptrons(rates, perceptron(kind, scale: Float(scale)))
        }
      },
      pairCount: Self.pairCount,
      inPairs: try Way.allCases.map { way in
        defer { ticker.tick() }
        return try Self.inPairs(way, on: digits, validation: validation, seeds: seeds)
      })
  }

  /// How many images the net in batches of 2 learns from.
  static let pairCount = 800

  /// The convolutional net in batches of 2.
  static func inPairs(
    _ way: Way, on digits: Digits, validation: Dataset, seeds: [UInt64]
  ) throws -> InPairs {
    let fewer = Digits(train: digits.train.prefix(pairCount), test: digits.test, isReal: digits.isReal)
    let (net, rates) = (way.net, [-3, -2, -1, 0, 1, 2, 3].map { 0.00625 * exp2(Double($0)) })
    return InPairs(
      way: way,
      net: try chosen(rates, seeds: seeds) { rate, seed in
        try trained(net, on: fewer, choosingBy: validation, rate: Float(rate), batchSize: 2, epochs: 2, seed: seed)
      })
  }

  /// Chooses with two seeds, and trains the others at the best.
  private static func chosen(
    _ rates: [Double], seeds: [UInt64], _ train: (Double, UInt64) throws -> Result
  ) throws -> Chosen {
    let sweep = try Sweep(rates, seeds: Array(seeds.prefix(2)), train)
    let rate = rates[sweep.best]
    let rest = try Sweep([rate], seeds: Array(seeds.dropFirst(2)), train)
    return Chosen(
      rate: rate, tried: rates, errors: Summary((sweep.results[sweep.best] + rest.results[0]).map(\.error)))
  }
}
