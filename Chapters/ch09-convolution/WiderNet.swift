// Whether equal weights still save errors where there are many images and the net has enough filters to fit them.

import Workbook

/// A convolution with more filters, on digits that stand anywhere; added to the record net by net.
struct WiderNet: Codable, Sendable {
  /// How many times the filters of the convolution of ``SeparationExperiment/nets``.
  var factor: Int
  var parameters: Int
  var seeds: [UInt64]
  var rates: [Float]
  var net: AnywhereRace.Net

  static let seedCount: UInt64 = 6
  static let fewRates: [Float] = [0.01, 0.03]
  /// What is measured, in this order: the place of the race, and the factor.
  static let planned: [(race: Int, factor: Int)] = [(1, 4), (0, 4), (1, 2), (0, 2)]

  /// The convolution of ``SeparationExperiment/nets`` with so many times the filters.
  static func trial(factor: Int) -> Trial {
    let (first, second) = (6 * factor, 16 * factor)
    return Trial(
      name: "equal weights, \(factor) times the filters",
      layers: Sequential([
        "one": Conv2D(1, first, kernel: 5, initializer: .heNormal), "relu1": ReLU(), "pool": MaxPool(2),
        "two": Conv2D(first, second, kernel: 3, initializer: .heNormal), "relu2": ReLU(), "flatten": Flatten(),
        "out": Dense(9 * second, 10, initializer: .heNormal),
      ]))
  }
}

extension WiderNet {
  /// How many times the multiply-adds of the convolution of ``SeparationExperiment/nets`` its convolutions take.
  var workRatio: Double {
    func work(_ factor: Int) -> Int { 6 * factor * 100 * 25 + 16 * factor * 9 * 9 * 6 * factor }
    return Double(work(factor)) / Double(work(1))
  }
  /// The parameters of a net with windows and as many units.
  var windowParameters: Int {
    let (first, second) = (6 * factor, 16 * factor)
    return first * 100 * 26 + second * 9 * (9 * first + 1) + 10 * (9 * second + 1)
  }
}

extension AnywhereRace {
  /// What a wider convolution takes off the error of the net with windows, over the seeds that both have.
  func saving(of wide: WiderNet) -> Summary? {
    guard let windows, Array(seeds.prefix(wide.seeds.count)) == wide.seeds else { return nil }
    return Summary(Array(windows.errors.values.prefix(wide.seeds.count))) - wide.net.errors
  }
}

extension SlidingWindow.Findings {
  /// Measures the next of the wider convolutions.
  mutating func addWider(_ digits: Digits, _ run: ChapterRun) throws {
    guard var races = anywhere,
      let (place, factor) = WiderNet.planned.first(where: { plan in
        races.indices.contains(plan.race) && !(races[plan.race].wider ?? []).contains { $0.factor == plan.factor }
      })
    else { return }
    let seeds = (1...WiderNet.seedCount).map { $0 }
    let ticker = Ticker("wider", total: seeds.count * WiderNet.fewRates.count, run)
    defer { ticker.finish() }
    let trial = WiderNet.trial(factor: factor)
    let net = try races[place].outcome(
      of: trial, seeds: seeds, rates: WiderNet.fewRates, on: digits, afterEach: { ticker.tick() })
    let wide = WiderNet(
      factor: factor, parameters: SeparationExperiment.freeParameters(of: trial.layers), seeds: seeds,
      rates: WiderNet.fewRates, net: net)
    races[place].wider = ((races[place].wider ?? []) + [wide]).sorted { $0.factor < $1.factor }
    anywhere = races
  }
}
