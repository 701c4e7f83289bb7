// Wrong labels once more, each training at its own learning rate: what does stopping save over that?

import Foundation
import Workbook

/// The net that learns wrong labels by heart, trained to the end, stopped, and under L2, each at the rate that errs least
/// on validation digits.
struct LabelRates: Codable, Sendable {
  struct Way: Codable, Sendable {
    var name: String
    /// The strength of L2; 0 without.
    var lambda: Float
    var rate: Float
    /// The share of the training set, wrong labels included, that the net misses in the end, in per cent.
    var missed: Double
    /// Test errors in per cent, seed by seed.
    var errors: Summary
  }
  /// The share of wrong labels.
  var share: Double
  /// How many seeds chose.
  var choosing: Int
  var ways: [Way]

  func way(_ kind: Kind) -> Way? { ways.first { $0.name == kind.rawValue } }
  /// By how many points a training lowers the error of the net that is trained to the end, seed by seed.
  func saved(_ kind: Kind) -> Summary? {
    guard let bare = way(.falling), let way = way(kind) else { return nil }
    return bare.errors - way.errors
  }

  enum Kind: String, CaseIterable, Sendable {
    /// To the end, at a rate that falls to 0.
    case falling = "end"
    /// At a constant rate.
    case stopped = "stop"
    /// To the end, at a rate that falls to 0.
    case l2 = "L2"
  }
}

extension LabelRates {
  static let firstRates: [Float] = [0.01, 0.02, 0.05]
  static let allRates: [Float] = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5]
  static let lambdas: [Float] = [0.003, 0.01, 0.03, 0.1, 0.3]

  private typealias Setting = (lambda: Float, rate: Float)
  private typealias Outcome = (missed: Double, validation: Double, test: Double)

  init(
    _ digits: DigitSets, share: Float, epochs: Int, hidden: Int = 128, seeds: [UInt64], choosing: Int,
    report: () -> Void = {}
  ) throws {
    func runs(_ kind: Kind, _ settings: [Setting], _ seeds: ArraySlice<UInt64>) throws -> [[Outcome]] {
      let seeds = Array(seeds)
      let all = try inParallel(settings.count * seeds.count) { index -> Outcome in
        report()
        let ((lambda, rate), seed) = (settings[index / seeds.count], seeds[index % seeds.count])
        return try Self.train(
          kind, digits, share: share, epochs: epochs, hidden: hidden, lambda: lambda, rate: rate, seed: seed)
      }
      return settings.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
    }
    let ways = try Kind.allCases.map { kind -> Way in
      let lambdas = kind == .l2 ? Self.lambdas : [0]
      var settings: [Setting] = Self.firstRates.flatMap { rate in lambdas.map { ($0, rate) } }
      var tried = try runs(kind, settings, seeds.prefix(choosing))
      var best = 0
      while true {
        let errors = tried.map { Summary($0.map(\.validation)).mean }
        best = errors.indices.min { errors[$0] < errors[$1] } ?? 0
        let (rate, all) = (settings[best].rate, settings.map(\.rate))
        let next =
          rate == all.max()
          ? Self.allRates.first { $0 > rate } : rate == all.min() ? Self.allRates.last { $0 < rate } : nil
        guard let next else { break }
        let more: [Setting] = lambdas.map { ($0, next) }
        settings += more
        tried += try runs(kind, more, seeds.prefix(choosing))
      }
      let rest = try runs(kind, [settings[best]], seeds.dropFirst(choosing))[0]
      let all = tried[best] + rest
      return Way(
        name: kind.rawValue, lambda: settings[best].lambda, rate: settings[best].rate,
        missed: rounded(100 * Summary(all.map(\.missed)).mean, digits: 3),
        errors: Summary(all.map { rounded(100 * $0.test, decimals: 2) }))
    }
    self.init(share: rounded(Double(share), digits: 3), choosing: choosing, ways: ways)
  }

  /// One net, of the kind that learns by heart.
  private static func train(
    _ kind: Kind, _ digits: DigitSets, share: Float, epochs: Int, hidden: Int, lambda: Float, rate: Float, seed: UInt64
  ) throws -> Outcome {
    let model = try Model(
      Sequential([Flatten(), Dense(784, hidden, initializer: .heNormal), ReLU(), Dense(hidden, 10)]),
      input: [1, 28, 28], seed: seed)
    let isFalling = [.falling, .l2].contains(kind)
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: isFalling ? CosineDecay(rate, over: epochs) : ConstantRate(rate), batchSize: 20, seed: seed)
    if kind == .stopped { trainer.earlyStopping = EarlyStopping(patience: StoppingExperiment.patience) }
    let train = digits.train.withWrongLabels(share, seed: seed, stream: 0xBAD)
    let penalty = lambda > 0 ? Penalty.l2(lambda) : .none
    do {
      try trainer.trainResumably(
        on: train, validation: kind == .stopped ? digits.validation : nil, epochs: epochs,
        observers: [penalty.hooks(rate: rate)])
    } catch is Divergence { return (0.9, 0.9, 0.9) }
    let trained = trainer.model
    func error(_ data: Dataset) -> Double { evaluate(trained, on: data, loss: SoftmaxCrossEntropy()).error }
    return (error(train), error(digits.validation), error(digits.test))
  }
}
