// The race of the two losses, each net at a learning rate of its own: rates a factor of √2 apart around its minimum.

import Foundation
import Workbook

/// How soon each ending is at 12 % error, and where it ends, at many rates, with plain gradient descent and with Adam.
struct TunedRace: Codable, Sendable {
  /// The error whose steps are counted, 0 … 1; how often it is looked at, and on how many test digits.
  static let level = 0.12
  static let interval = 10
  static let lookedAt = 1000
  static let epochs = 8
  /// With so many seeds the rates are chosen; with so many others each net is judged at its two rates.
  static let seeds = 10
  static let judges = 20
  /// The rate at which all four endings are compared as well.
  static let common: Float = 0.05

  /// A bad start: all ten output biases at 4, so that all sigmoids say 0.98; output weights ten times as large as usual.
  enum Start: String, Codable, Sendable { case biased, stretched }

  /// One ending with one optimizer.
  struct Lane: Codable, Sendable {
    var ending: Ending
    var isAdam: Bool
    /// Nil for the usual small weights.
    var start: Start?
    var rates: [Float]
    /// [rate][seed]: the steps to `level`; nil where they are more than `limit`.
    var steps: [[Int?]] = []
    /// [rate][seed]: the wrong answers at the end, on validation and test digits.
    var validation: [[Int]] = []
    var test: [[Int]] = []
    /// Of other seeds: the steps at the fastest rate, and the wrong test answers at the best one.
    var judgedSteps: [Int?] = []
    var judgedTest: [Int] = []
  }

  /// A run ends after so many steps.
  var limit: Int
  var validationCount: Int
  var testCount: Int
  var lanes: [Lane]
}

extension TunedRace {
  /// Trains every ending at its rates; where the best of them is the first or the last one, at up to three more.
  init(_ digits: DigitSets, seeds: [UInt64], report: () -> Void = {}) throws {
    limit = Self.epochs * digits.train.count / 20
    (validationCount, testCount, lanes) = (digits.validation.count, digits.test.count, [])
    for plan in Self.plans {
      lanes.append(
        try Self.measured(Lane(ending: plan.ending, isAdam: plan.isAdam, rates: []), plan.rates, digits, seeds))
      report()
    }
    try addStarts(digits, seeds: seeds, report: report)
  }

  /// Squared error on bare outputs, and bad starts: what is not there yet.
  mutating func addStarts(_ digits: DigitSets, seeds: [UInt64], report: () -> Void = {}) throws {
    for (lane, rates) in Self.starts where !lanes.contains(where: { $0.isSame(lane) }) {
      lanes.append(try Self.measured(lane, rates, digits, lane.start == nil ? seeds : Array(seeds.prefix(5))))
      report()
    }
  }

  /// A lane at its rates, judged at the two that the seeds choose.
  private static func measured(
    _ lane: Lane, _ rates: [Float], _ digits: DigitSets, _ seeds: [UInt64]
  ) throws -> Lane {
    var lane = lane
    let limit = Self.epochs * digits.train.count / 20
    for rate in rates { try lane.run(rate, digits, seeds) }
    for _ in 0..<3 {
      guard let missing = lane.missingRate(limit: limit) else { break }
      try lane.run(missing, digits, seeds)
    }
    let last = (seeds.first ?? 0) &+ UInt64(Self.seeds)
    try lane.judge(digits, (0..<UInt64(Self.judges)).map { last &+ $0 }, limit: limit)
    return lane
  }

  static var laneCount: Int { plans.count + starts.count }

  private static var starts: [(lane: Lane, rates: [Float])] {
    [
      (Lane(ending: .bareSquared, isAdam: false, rates: []), [0.014, 0.02, 0.028, 0.04, 0.057, 0.08]),
      (Lane(ending: .sigmoidSquared, isAdam: false, start: .biased, rates: []), [0.4, 0.57, 0.8, 1.1]),
      (Lane(ending: .sigmoidEntropy, isAdam: false, start: .biased, rates: []), [0.07, 0.1, 0.14, 0.2]),
      (Lane(ending: .sigmoidSquared, isAdam: false, start: .stretched, rates: []), [0.05, 0.1, 0.2, 0.4, 0.8]),
      (Lane(ending: .sigmoidEntropy, isAdam: false, start: .stretched, rates: []), [0.0175, 0.025, 0.035, 0.05]),
      (Lane(ending: .bareSquared, isAdam: true, rates: []), [0.0005, 0.0007, 0.001, 0.0014, 0.002, 0.0028, 0.004]),
    ]
  }

  private static var plans: [(ending: Ending, isAdam: Bool, rates: [Float])] {
    let large: [Float] = [0.05, 0.1, 0.14, 0.2, 0.28, 0.4, 0.57, 0.8, 1.1]
    let small: [Float] = [0.025, 0.035, 0.05, 0.07, 0.1, 0.14, 0.2, 0.28]
    let adam: [Float] = [0.0005, 0.0007, 0.001, 0.0014, 0.002, 0.0028, 0.004, 0.0057]
    let endings: [(Ending, [Float])] = [
      (.sigmoidSquared, large), (.sigmoidEntropy, small), (.softmaxSquared, large), (.softmaxEntropy, small),
    ]
    return endings.map { ($0.0, false, $0.1) } + endings.map { ($0.0, true, adam) }
      + [(.softmaxTwice, false, [0.05] + large.dropFirst(3) + [1.6])]
  }
}

extension TunedRace.Start {
  /// Changes the output layer of a net before its training.
  func apply(to model: inout Model) {
    model.visitParameters { _, parameter in
      guard parameter.value.shape[0] == 10 else { return }
      let isBias = parameter.value.shape.rank == 1
      parameter.value.withUnsafeMutableElements { values in
        for i in values.indices {
          switch self {
          case .biased: if isBias { values[i] = 4 }
          case .stretched: if !isBias { values[i] *= 10 }
          }
        }
      }
    }
  }
}

extension TunedRace.Lane {
  func isSame(_ other: Self) -> Bool { (ending, isAdam, start) == (other.ending, other.isAdam, other.start) }

  /// Trains at one rate, and puts the result where the rate belongs.
  fileprivate mutating func run(_ rate: Float, _ digits: DigitSets, _ seeds: [UInt64]) throws {
    let runs = try runs(at: rate, digits, seeds)
    let place = rates.firstIndex { $0 > rate } ?? rates.count
    rates.insert(rate, at: place)
    steps.insert(runs.map(\.steps), at: place)
    validation.insert(runs.map(\.validation), at: place)
    test.insert(runs.map(\.test), at: place)
  }

  /// Trains at the fastest and at the best rate once more, with seeds that have not chosen them.
  mutating func judge(_ digits: DigitSets, _ seeds: [UInt64], limit: Int) throws {
    let (fast, good) = (rates[fastest(limit: limit)], rates[best])
    let runs = try runs(at: fast, digits, seeds)
    judgedSteps = runs.map(\.steps)
    judgedTest = fast == good ? runs.map(\.test) : try self.runs(at: good, digits, seeds).map(\.test)
  }

  private func runs(
    at rate: Float, _ digits: DigitSets, _ seeds: [UInt64]
  ) throws -> [(steps: Int?, validation: Int, test: Int)] {
    let looked = digits.test.prefix(TunedRace.lookedAt)
    return try inParallel(seeds.count) { index -> (steps: Int?, validation: Int, test: Int) in
      let curve = ErrorCurve(
        on: looked, loss: ending.loss, every: TunedRace.interval, until: TunedRace.level)
      var model = try Model(ending.layers(hidden: 30), input: [1, 28, 28], seed: seeds[index])
      start?.apply(to: &model)
      var trainer = Trainer(
        model, loss: ending.loss, optimizer: isAdam ? Adam() : SGD(), schedule: ConstantRate(rate), batchSize: 20,
        seed: seeds[index])
      do {
        try trainer.trainResumably(on: digits.train, epochs: TunedRace.epochs, observers: [curve])
      } catch is Divergence {
        return (nil, digits.validation.count, digits.test.count)
      }
      func wrong(_ data: Dataset) -> Int {
        Int((evaluate(trainer.model, on: data, loss: ending.loss).error * Double(data.count)).rounded())
      }
      let place = curve.errors.firstIndex { $0 <= TunedRace.level }
      return (place.map { curve.steps[$0] }, wrong(digits.validation), wrong(digits.test))
    }
  }

  /// A rate beyond the ends, where the best one is at an end.
  fileprivate func missingRate(limit: Int) -> Float? {
    let last = rates.count - 1
    let places = [fastest(limit: limit), best]
    let factor = Float(2).squareRoot()
    func brief(_ rate: Float) -> Float { Float(String(format: "%.2g", rate)) ?? rate }
    return places.contains(last) ? brief(rates[last] * factor) : places.contains(0) ? brief(rates[0] / factor) : nil
  }

  /// The mean steps at each rate; a run that does not get there counts with `limit`.
  func means(limit: Int) -> [Double] {
    steps.map { $0.map { Double($0 ?? limit) }.reduce(0, +) / Double(max(1, $0.count)) }
  }

  /// The places of the rate with the fewest steps and of the one with the fewest errors on validation digits.
  func fastest(limit: Int) -> Int {
    let means = means(limit: limit)
    return means.indices.min { means[$0] < means[$1] } ?? 0
  }
  var best: Int {
    let sums = validation.map { $0.reduce(0, +) }
    return sums.indices.min { sums[$0] < sums[$1] } ?? 0
  }
}

extension TunedRace {
  func lane(_ ending: Ending, isAdam: Bool = false, from start: Start? = nil) -> Lane? {
    lanes.first { $0.ending == ending && $0.isAdam == isAdam && $0.start == start }
  }

  /// The steps to `level` at the fastest rate, with other seeds than those that chose it.
  func steps(_ ending: Ending, isAdam: Bool = false) -> Summary {
    Summary((lane(ending, isAdam: isAdam)?.judgedSteps ?? []).map { Double($0 ?? limit) })
  }

  /// The steps to `level` at a rate; nil where it was not tried, or where a run did not get there.
  func steps(_ ending: Ending, at rate: Float) -> Summary? {
    guard let lane = lane(ending), let place = lane.rates.firstIndex(of: rate) else { return nil }
    let steps = lane.steps[place].compactMap { $0.map(Double.init) }
    return steps.count == lane.steps[place].count ? Summary(steps) : nil
  }

  /// The test error at the end in per cent, at the rate with the fewest errors on validation digits.
  func error(_ ending: Ending, isAdam: Bool = false) -> Summary {
    Summary((lane(ending, isAdam: isAdam)?.judgedTest ?? []).map { 100 * Double($0) / Double(testCount) })
  }

  /// Squared error over cross-entropy in steps, seed by seed: after sigmoids, after a softmax.
  func leads(isAdam: Bool = false) -> [Summary] {
    Self.pairs.map { Self.ratio(steps($0, isAdam: isAdam), steps($1, isAdam: isAdam)) }
  }

  /// The same at the common rate; nil where a run did not get there.
  var leadsAtCommon: [Summary]? {
    let found = Self.pairs.compactMap { slow, fast -> Summary? in
      guard let slow = steps(slow, at: Self.common), let fast = steps(fast, at: Self.common) else { return nil }
      return Self.ratio(slow, fast)
    }
    return found.count == Self.pairs.count ? found : nil
  }

  /// Squared error less cross-entropy in points of error at the end: after sigmoids, after a softmax.
  func ends(isAdam: Bool = false) -> [Summary] {
    Self.pairs.map { error($0, isAdam: isAdam) - error($1, isAdam: isAdam) }
  }

  private static let pairs: [(Ending, Ending)] = [
    (.sigmoidSquared, .sigmoidEntropy), (.softmaxSquared, .softmaxEntropy),
  ]

  static func ratio(_ slow: Summary, _ fast: Summary) -> Summary {
    Summary(zip(slow.values, fast.values).map { $0 / max(1, $1) })
  }
}
