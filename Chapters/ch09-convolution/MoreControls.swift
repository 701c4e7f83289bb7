// Controls that were added to the record: the mean of each map in place of a dense layer, and parts at rates of their own.

import Workbook

/// A net in which the last layer reads only the mean of each map, on digits that were moved; added to the record.
struct PooledNet: Codable, Sendable {
  var parameters: Int
  var seeds: [UInt64]
  var rates: [Float]
  /// The rate with the fewest errors on the digits held back, of other seeds.
  var rate: Float
  /// The test error in per cent for each shift of ``MovedDigits``.
  var centred: [Summary]

  static let allRates: [Float] = [0.01, 0.03, 0.06, 0.1, 0.2, 0.3, 0.5]
  static let choosing: [UInt64] = [11, 12]

  /// The convolution of ``SeparationExperiment/nets`` with global average pooling in front of ten outputs.
  /// Padded, its maps are as large as what it reads.
  static func trial(isPadded: Bool) -> Trial {
    Trial(
      name: "equal weights, mean of each map",
      layers: Sequential([
        "one": Conv2D(1, 6, kernel: 5, padding: isPadded ? 2 : 0, initializer: .heNormal), "relu1": ReLU(),
        "pool": MaxPool(2),
        "two": Conv2D(6, 16, kernel: 3, padding: isPadded ? 1 : 0, initializer: .heNormal), "relu2": ReLU(),
        "mean": GlobalAveragePool(), "flatten": Flatten(), "out": Dense(16, 10, initializer: .heNormal),
      ]))
  }

  /// - Parameters:
  ///   - bench: the digits at 28×28; the last `validation` training digits choose the rate and are not trained on.
  init(_ bench: Bench, validation: Int, shifts: [Int], isPadded: Bool, afterEach: () -> Void = {}) throws {
    let trial = Self.trial(isPadded: isPadded)
    (seeds, rates) = (bench.seeds, Self.allRates)
    parameters = SeparationExperiment.freeParameters(of: trial.layers)
    let middle = bench.train.prefix(bench.train.count - validation).halved()
    let held = bench.train.suffix(validation).halved()
    func models(_ rate: Float, _ seeds: [UInt64]) throws -> [Model] {
      try finishedModels(
        trial, in: Bench(train: middle, test: middle, epochs: bench.epochs, seeds: seeds, rate: rate),
        afterEach: afterEach)
    }
    var best: (rate: Float, error: Double) = (Self.allRates[0], .infinity)
    for rate in Self.allRates {
      do {
        let error = testErrors(try models(rate, Self.choosing), on: held).mean
        if error < best.error { best = (rate, error) }
      } catch is Divergence { continue }
    }
    rate = best.rate
    let finished = try models(best.rate, bench.seeds)
    centred = shifts.map { testErrors(finished, on: bench.test.shifted(right: $0).halved()) }
  }

  /// Takes what has been measured.
  init(parameters: Int, seeds: [UInt64], rates: [Float], rate: Float, centred: [Summary]) {
    (self.parameters, self.seeds, self.rates) = (parameters, seeds, rates)
    (self.rate, self.centred) = (rate, centred)
  }
}

/// A net with one part exchanged, or none, at a rate of its own; added to the record net by net.
struct TunedPart: Codable, Sendable {
  var name: String
  var rates: [Float]
  var rate: Float
  var errors: Summary
  /// What it had wrong at this rate of the digits that were held back; records made before it have none.
  var held: Double?

  /// Each rate twice the one before; the best of every net lies between two worse ones.
  static let allRates: [Float] = (0..<8).map { 0.001 * Float(1 << $0) }
  /// So many seeds choose a net's rate.
  static let choosing = 4
  /// Long enough that a net which needs smaller steps is not behind for that alone.
  static let epochs = 20
  /// The nets in the order in which they are measured.
  static var planned: [(name: String, parts: Parts)] {
    [
      ("plain", Parts()), ("average", Parts(pooling: .average)), ("overlapping", Parts(pooling: .overlapping)),
      ("with LRN", Parts(pooling: .overlapping, hasResponseNorm: true)), ("one 5×5", Parts(channels: (12, 12))),
      ("two 3×3", Parts(channels: (12, 12), middle: .twoThrees)), ("depthwise + 1×1", Parts(middle: .separable)),
    ]
  }
}

extension TunedPart {
  /// Most of these exchanges in a net whose maps are multiplied by a constant after each pooling: without it the net is badly
  /// scaled, and a part that shrinks its maps gains by that alone.
  static var scaledPlan: [(name: String, parts: Parts)] {
    let factor = ScaleControl.factor
    return [
      ("max", Parts(scale: factor)), ("average", Parts(pooling: .average, scale: factor)),
      ("overlapping", Parts(pooling: .overlapping, scale: factor)),
      ("depthwise + 1×1", Parts(middle: .separable, scale: factor)),
      ("max, less", Parts(scale: factor * factor)), ("average, less", Parts(pooling: .average, scale: factor * factor)),
    ]
  }
  /// The exchange of averages for maxima from PyTorch's first weights, smaller than He's, and without a constant.
  static var torchPlan: [(name: String, parts: Parts)] {
    [
      ("max", Parts(initializer: .torchUniform)),
      ("average", Parts(pooling: .average, initializer: .torchUniform)),
      ("one 5×5", Parts(channels: (12, 12), initializer: .torchUniform)),
      ("two 3×3", Parts(channels: (12, 12), middle: .twoThrees, initializer: .torchUniform)),
      ("max, less", Parts(scale: ScaleControl.factor, initializer: .torchUniform)),
      ("average, less", Parts(pooling: .average, scale: ScaleControl.factor, initializer: .torchUniform)),
    ]
  }
  static let torchRates = Array(allRates[3...7])
  /// The rates around those that nets with LRN and with a constant choose.
  static let scaledRates = Array(allRates[2...7])
}

extension SlidingWindow.Findings {
  /// Measures the next net of a plan at a rate of its own.
  mutating func addParts(_ part: ConvolutionOptions.Part, _ bench: Bench, validation: Int, _ run: ChapterRun) throws {
    let (plan, rates, path): ([(name: String, parts: Parts)], [Float], WritableKeyPath<Self, [TunedPart]?>) =
      switch part {
      case .scaled: (TunedPart.scaledPlan, TunedPart.scaledRates, \.scaledParts)
      case .torch: (TunedPart.torchPlan, TunedPart.torchRates, \.torchParts)
      default: (TunedPart.planned, TunedPart.allRates, \.tunedParts)
      }
    let known = self[keyPath: path] ?? []
    guard let next = plan.first(where: { net in !known.contains { $0.name == net.name } }) else { return }
    let ticker = Ticker(
      "own rate", total: TunedPart.choosing * rates.count + bench.seeds.count - TunedPart.choosing, run)
    defer { ticker.finish() }
    let contest = RateContest(
      bench, validation: validation, rates: rates, shuffle: 1, choosing: TunedPart.choosing,
      afterEach: { ticker.tick() })
    let found = try contest.finished(Trial(name: next.name, layers: next.parts.layers), 0)
    let errors = found.errors.rounded(decimals: 3)
    self[keyPath: path] =
      known + [
        TunedPart(
          name: next.name, rates: rates, rate: found.rate, errors: errors, held: rounded(found.held, decimals: 3))
      ]
  }
}
