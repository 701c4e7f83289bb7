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
  /// A net with windows and as many units, for the first of the seeds.
  var windows: AnywhereRace.Net?

  static let seedCount: UInt64 = 6
  static let fewSeeds: UInt64 = 4
  static let fewRates: [Float] = [0.01, 0.03]
  static let factor = 4

  /// The nets of ``SeparationExperiment/nets`` with so many times the filters: dense, windows, equal weights.
  static func nets(factor: Int) -> [Trial] { SeparationExperiment.nets(filters: 6 * factor, 16 * factor) }
}

extension WiderNet {
  /// How many times the multiply-adds of the convolution of ``SeparationExperiment/nets`` its convolutions take.
  var workRatio: Double {
    func work(_ factor: Int) -> Int { 6 * factor * 100 * 25 + 16 * factor * 9 * 9 * 6 * factor }
    return Double(work(factor)) / Double(work(1))
  }
  /// The parameters of the net with windows and as many units.
  var windowParameters: Int { SeparationExperiment.freeParameters(of: Self.nets(factor: factor)[1].layers) }
  /// What equal weights take off the error of the net with windows and as many units, over the seeds that both have.
  var saving: Summary? {
    windows.map { $0.errors - Summary(Array(net.errors.values.prefix($0.errors.count))) }
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
  /// Measures the next of the wider nets: the convolution with many images and with few, then windows with many and few.
  mutating func addWider(_ digits: Digits, _ run: ChapterRun) throws {
    guard var races = anywhere else { return }
    let (nets, rates) = (WiderNet.nets(factor: WiderNet.factor), WiderNet.fewRates)
    func outcome(_ net: Int, _ place: Int, seeds: [UInt64]) throws -> AnywhereRace.Net {
      let ticker = Ticker("wider", total: seeds.count * rates.count, run)
      defer { ticker.finish() }
      return try races[place].outcome(
        of: nets[net], seeds: seeds, rates: rates, on: digits, afterEach: { ticker.tick() })
    }
    if let place = races.indices.reversed().first(where: { races[$0].wider == nil }) {
      let seeds = (1...WiderNet.seedCount).map { $0 }
      races[place].wider = [
        WiderNet(
          factor: WiderNet.factor, parameters: SeparationExperiment.freeParameters(of: nets[2].layers), seeds: seeds,
          rates: rates, net: try outcome(2, place, seeds: seeds))
      ]
    } else if let place = races.indices.reversed().first(where: { races[$0].wider?.first?.windows == nil }) {
      let seeds = (1...WiderNet.fewSeeds).map { $0 }
      // Measured before it is stored: the storing has the races to itself.
      let windows = try outcome(1, place, seeds: seeds)
      races[place].wider?[0].windows = windows
    }
    anywhere = races
  }
}
