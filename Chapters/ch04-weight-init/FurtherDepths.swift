// Two more questions about nets of several depths: Xavier's start with Adam, and six layers that begin saturated.

import Workbook

/// Nets of several depths once more, with Adam, and six tanh layers whose first weights are 3.2 times too large.
struct FurtherDepths: Codable, Sendable {
  static let adamRates: [Float] = [0.0001, 0.0003, 0.001, 0.003]
  /// The gain of weights of standard deviation 0.05 in layers of 4096, in which tanh saturates.
  static let saturatingGain: Float = 3.2

  /// The rate that Xavier's ReLU net chose at each of `DepthStudy.depths`, and its test error in per cent.
  var adamRates: [Float]
  var adam: [Summary]
  /// The same of six tanh layers with `saturatingGain`, by plain descent with momentum.
  var saturatedRate: Float
  var saturated: Summary
}

extension FurtherDepths {
  /// Trains as `DepthStudy` does: the first seeds choose a rate on validation digits, and all are judged at it.
  init(width: Int, epochs: Int, on digits: DigitSets, seeds: [UInt64], choosing: Int, report: () -> Void = {}) throws {
    func trained(
      _ start: Start, depth: Int, rates: [Float], _ optimizer: any Optimizer
    ) throws -> (rate: Float, error: Summary) {
      try DepthStudy.trained(
        start, depth: depth, width: width, rates: rates, epochs: epochs, optimizer, on: digits, seeds: seeds,
        choosing: choosing, report: report)
    }
    let xavier = Start(name: "ReLU, Xavier", activation: .relu, initializer: .lecunNormal)
    let runs = try DepthStudy.depths.map { try trained(xavier, depth: $0, rates: Self.adamRates, Adam()) }
    let large = Start(
      name: "tanh, g = 3.2", activation: .tanh, initializer: .scaled(.fanIn, .normal, gain: Self.saturatingGain))
    let saturated = try trained(
      large, depth: WeightInit.depth, rates: DepthStudy.rates, SGD(momentum: 0.9))
    self.init(
      adamRates: runs.map(\.rate), adam: runs.map(\.error), saturatedRate: saturated.rate, saturated: saturated.error)
  }

  /// How many trainings it takes.
  static func trainings(seeds: Int, choosing: Int) -> Int {
    DepthStudy.depths.count * (adamRates.count * choosing + seeds - choosing)
      + DepthStudy.rates.count * choosing + seeds - choosing
  }
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
