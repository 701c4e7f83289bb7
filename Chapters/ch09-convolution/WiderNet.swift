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
}

extension SlidingWindow.Findings {
  /// Measures the wider convolution with many images, then with few.
  mutating func addWider(_ digits: Digits, _ run: ChapterRun) throws {
    guard var races = anywhere, let place = races.indices.last(where: { races[$0].wider == nil }) else { return }
    let (net, rates) = (WiderNet.nets(factor: WiderNet.factor)[2], WiderNet.fewRates)
    let seeds = (1...WiderNet.seedCount).map { $0 }
    let ticker = Ticker("wider", total: seeds.count * rates.count, run)
    defer { ticker.finish() }
    races[place].wider = [
      WiderNet(
        factor: WiderNet.factor, parameters: SeparationExperiment.freeParameters(of: net.layers), seeds: seeds,
        rates: rates,
        net: try races[place].outcome(
          of: net, seeds: seeds, rates: rates, on: digits, afterEach: { ticker.tick() }))
    ]
    anywhere = races
  }
}
