// What the tables of depths left open: plain convolutions from PyTorch's weights at larger rates, and two nets of the
// three looks that had not been trained.

import Workbook

/// Measured last, and added to the record.
struct GapFindings: Codable, Sendable {
  /// Rates above those of `ConvDepths`, and the depth at which PyTorch's weights did not learn at those.
  static let convolutionRates: [Float] = [1, 3, 10]
  static let convolutionDepth = 8
  static let pyTorchRates: [Float] = [0.01, 0.1, 1, 3]

  /// For each of `convolutionRates` the test error in per cent, over the seeds.
  var convolutions: [Summary]
  /// Six tanh layers of a gain of 0.64, at the best of `DepthStudy.rates`: the rate, and the test error in per cent.
  var smallRate: Float
  var small: Summary
  /// Thirty layers of PyTorch's weights, at the best of `pyTorchRates`.
  var pyTorchRate: Float
  var pyTorch: Summary
}

extension GapFindings {
  /// Trains as `ConvDepths` and `DepthStudy` do.
  init(
    width: Int, epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void = {}
  ) throws {
    let few = Array(seeds.prefix(3))
    let errors = try inParallel(Self.convolutionRates.count * few.count) { place in
      report()
      let trainer = try plainConvNet(
        .pyTorch, depth: Self.convolutionDepth, channels: ConvDepths.channels,
        rate: Self.convolutionRates[place / few.count], on: digits.train, seed: few[place % few.count])
      return try DepthStudy.errors(after: ConvDepths.steps * 32 / digits.train.count, of: trainer, on: digits).test
    }
    convolutions = Self.convolutionRates.indices.map { rate in
      Summary(errors[rate * few.count..<(rate + 1) * few.count].map { rounded($0, decimals: 2) })
    }
    func trained(_ start: Start, _ depth: Int, _ rates: [Float]) throws -> (rate: Float, error: Summary) {
      let run = try DepthStudy.trained(
        start, depth: depth, width: width, rates: rates, epochs: epochs, SGD(momentum: 0.9), on: digits, seeds: seeds,
        choosing: choosing, report: report)
      return (run.rate, Summary(run.error.values.map { rounded($0, decimals: 2) }))
    }
    (smallRate, small) = try trained(FreshLook.starts[0].start, WeightInit.depth, DepthStudy.rates)
    (pyTorchRate, pyTorch) = try trained(.pyTorch, WeightInit.deep, Self.pyTorchRates)
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int, choosing: Int) -> Int {
    convolutionRates.count * 3 + (DepthStudy.rates.count + pyTorchRates.count) * choosing + 2 * (seeds - choosing)
  }
}

extension GapFindings {
  /// Whether the convolutions learn with every seed at one of the larger rates.
  var convolutionsLearn: Bool { convolutions.contains { $0.maximum < DepthStudy.learned } }
}
