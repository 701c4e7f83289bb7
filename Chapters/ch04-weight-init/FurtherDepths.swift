// One more question about nets of several layers: six that begin saturated.

import Workbook

/// Six tanh layers whose first weights are 3.2 times too large.
struct FurtherDepths: Codable, Sendable {
  /// The gain of weights of standard deviation 0.05 in layers of 4096, in which tanh saturates.
  static let saturatingGain: Float = 3.2

  /// The rate that they chose, with plain descent and momentum, and their test error in per cent.
  var saturatedRate: Float
  var saturated: Summary
}

extension FurtherDepths {
  /// Trains as `DepthStudy` does: the first seeds choose a rate on validation digits, and all are judged at it.
  init(width: Int, epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void = {}) throws {
    let large = Start(
      name: "tanh, g = 3.2", activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: Self.saturatingGain))
    let run = try DepthStudy.trained(
      large, depth: WeightInit.depth, width: width, rates: DepthStudy.rates, epochs: epochs, SGD(momentum: 0.9),
      on: digits, seeds: seeds, choosing: choosing, report: report)
    self.init(saturatedRate: run.rate, saturated: run.error)
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int, choosing: Int) -> Int { DepthStudy.rates.count * choosing + seeds - choosing }
}

extension DepthStudy {
  /// Trains nets of one start and depth: the first seeds choose a rate on validation digits, and all are judged at it.
  static func trained(
    _ start: Start, depth: Int, width: Int, rates: [Float], epochs: Int, _ optimizer: any Optimizer,
    on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void
  ) throws -> (rate: Float, error: Summary) {
    func train(_ rate: Float, _ seed: UInt64) throws -> (validation: Double, test: Double) {
      report()
      let trainer = try deepTrainer(
        start, depth: depth, width: width, rate: rate, on: digits.train, optimizer: optimizer, seed: seed)
      return try errors(after: epochs, of: trainer, on: digits)
    }
    let few = Array(seeds.prefix(choosing))
    let tried = try inParallel(rates.count * few.count) { try train(rates[$0 / few.count], few[$0 % few.count]) }
    func trials(_ rate: Int) -> ArraySlice<(validation: Double, test: Double)> {
      tried[rate * few.count..<(rate + 1) * few.count]
    }
    let judged = rates.indices.map { rate in Summary(trials(rate).map(\.validation)).mean }
    let best = rates.indices.min { judged[$0] < judged[$1] } ?? 0
    let rest = Array(seeds.dropFirst(choosing))
    let more = try inParallel(rest.count) { try train(rates[best], rest[$0]).test }
    return (rates[best], Summary(trials(best).map(\.test) + more))
  }
}
