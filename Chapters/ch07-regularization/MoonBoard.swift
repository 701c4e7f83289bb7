// The question of the chapter: the two moons under every restraint that makes sense there, each at its own best strength.

import Foundation
import Workbook

/// A restraint on the net of the two moons, at one strength.
struct MoonRestraint: Sendable {
  var name: String
  /// The strength as it is written: `λ = 0.01`.
  var setting: String
  var penalty = Penalty.none
  /// The largest norm of a unit's incoming weights.
  var normLimit: Double?
  /// The share of the hidden units that are dropped.
  var dropping: Float = 0
  /// The standard deviation of what is added to the points in training.
  var noise: Float = 0
  var hidden = 64
  var points = Moon.points
  /// The epoch after which training ends; nil: the last.
  var lastEpoch: Int?

  init(_ name: String, _ setting: String, _ change: (inout MoonRestraint) -> Void = { _ in }) {
    (self.name, self.setting) = (name, setting)
    change(&self)
  }

  /// Each restraint with the strengths that it may have; the first is none.
  static let candidates: [[MoonRestraint]] = [
    [MoonRestraint("nothing", "")],
    [0.001, 0.003, 0.01, 0.02, 0.03, 0.05, 0.1].map { lambda in
      MoonRestraint("L2", "λ = \(lambda)") { $0.penalty = .l2(Float(lambda)) }
    },
    [0.0003, 0.001, 0.002, 0.003, 0.005, 0.01, 0.03].map { lambda in
      MoonRestraint("L1", "λ = \(lambda)") { $0.penalty = .l1(Float(lambda)) }
    },
    [5, 10, 15, 20, 30, 40, 60, 100, 200].map { (epoch: Int) in
      MoonRestraint("early stopping", "after epoch \(epoch)") { $0.lastEpoch = epoch }
    },
    [0.1, 0.25, 0.5, 0.7].map { share in
      MoonRestraint("dropout", "p = \(share)") { $0.dropping = Float(share) }
    },
    [0.3, 0.5, 0.7, 1, 1.4, 2].map { limit in
      MoonRestraint("max-norm", "norm \(short(limit))") { $0.normLimit = limit }
    },
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.7].map { deviation in
      MoonRestraint("noise on the points", "σ = \(deviation)") { $0.noise = Float(deviation) }
    },
    [2, 4, 8, 16, 32].map { units in
      MoonRestraint("fewer units", "\(units) + \(units)") { $0.hidden = units }
    },
    [MoonRestraint("twice the points", "\(2 * Moon.points)") { $0.points = 2 * Moon.points }],
  ]
}

/// Noise added to each value in training: N(0, σ²), drawn anew in every pass; nothing in inference.
///
/// Shapes: any, unchanged.
struct AddedNoise: Layer {
  let deviation: Float
  private var noise = Tensor.empty

  init(_ deviation: Float) { self.deviation = deviation }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    let isTraining = pass.mode == .training
    if isTraining {
      noise.resize(to: input.shape)
      noise.fillNormal(standardDeviation: deviation, using: &pass.generator)
    }
    input.withUnsafeElements { x in
      noise.withUnsafeElements { noise in
        output.withUnsafeMutableElements { y in
          for i in y.indices { y[i] = isTraining ? x[i] + noise[i] : x[i] }
        }
      }
    }
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    outputGradient.withUnsafeElements { g in
      inputGradient.withUnsafeMutableElements { y in for i in y.indices { y[i] = g[i] } }
    }
  }
}

/// Every restraint on the moons, with all seeds.
struct MoonBoard: Codable, Sendable {
  /// A restraint at one strength: means over the seeds, in per cent.
  struct Trial: Codable, Sendable {
    var setting: String
    var trainingError: Double
    /// On points set aside, by which the strength is chosen.
    var validationError: Double
    var testError: Double
    /// Half of the 95 % interval of the test error's mean.
    var uncertainty: Double
  }
  /// A restraint at the strength that errs least on points set aside: its errors in per cent and its loss on its own points,
  /// without the penalty, seed by seed.
  struct Entry: Codable, Sendable {
    var name: String
    var setting: String
    var trials: [Trial]
    var trainingErrors: Summary
    var trainingLosses: Summary
    var testErrors: Summary

    /// Whether the strength is an end of those tried.
    var isAtAnEnd: Bool { trials.count > 1 && [trials.first?.setting, trials.last?.setting].contains(setting) }
  }
  /// How often each net sees its points without a restraint, with a rate of `rate` and a momentum of `momentum`.
  var epochs: Int
  var rate: Double
  var momentum: Double
  /// The first is the net without a restraint.
  var entries: [Entry]

  var seeds: Int { entries[0].testErrors.count }
  var bare: Entry { entries[0] }

  func entry(_ name: String) -> Entry? { entries.first { $0.name == name } }
  /// By how many points a restraint lowers the test error of the net without one, seed by seed.
  func gain(_ entry: Entry) -> Summary { bare.testErrors - entry.testErrors }
  /// The restraints of the question: all but the net without one, and more points, which is no restraint.
  var restraints: [Entry] { entries.dropFirst().filter { $0.name != MoonBoard.morePoints } }
  /// Those that help by more than chance, of so many that are compared, the best first.
  var helping: [Entry] {
    restraints.filter { gain($0).direction(beyond: 0.5, among: entries.count - 1) == .above }.sorted {
      gain($0).mean > gain($1).mean
    }
  }
  static let morePoints = "twice the points"
}

extension MoonBoard {
  init(epochs: Int, seeds: [UInt64], report: () -> Void = {}) throws {
    let (rate, momentum): (Float, Float) = (0.05, 0.9)
    (self.epochs, self.rate, self.momentum) = (
      epochs, rounded(Double(rate), digits: 3), rounded(Double(momentum), digits: 3)
    )
    entries = try MoonRestraint.candidates.map { strengths in
      let all = try inParallel(strengths.count * seeds.count) { index in
        report()
        return try Moon.train(
          under: strengths[index / seeds.count], epochs: epochs, rate: rate, momentum: momentum,
          seed: seeds[index % seeds.count])
      }
      let runs = strengths.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
      func percent(_ runs: [Moon.Outcome], _ value: (Moon.Outcome) -> Double) -> Summary {
        Summary(runs.map { rounded(100 * value($0), digits: 4) })
      }
      let trials = strengths.indices.map { place in
        let test = percent(runs[place], \.testError)
        return Trial(
          setting: strengths[place].setting,
          trainingError: rounded(percent(runs[place], \.trainingError).mean, digits: 4),
          validationError: rounded(percent(runs[place], \.validationError).mean, digits: 5),
          testError: rounded(test.mean, digits: 4), uncertainty: rounded(test.uncertainty, digits: 3))
      }
      let best = trials.indices.min { trials[$0].validationError < trials[$1].validationError } ?? 0
      return Entry(
        name: strengths[0].name, setting: strengths[best].setting, trials: trials,
        trainingErrors: percent(runs[best], \.trainingError),
        trainingLosses: Summary(runs[best].map { rounded($0.trainingLoss, digits: 3) }),
        testErrors: percent(runs[best], \.testError))
    }
  }

  /// How many nets it trains.
  static func count(seeds: Int) -> Int { MoonRestraint.candidates.joined().count * seeds }
}

extension Moon {
  /// A net of the moons after its training: shares of points on the wrong side, 0 … 1, and its loss on its own points.
  struct Outcome: Sendable {
    var trainingError: Double
    var trainingLoss: Double
    var validationError: Double
    var testError: Double
  }

  /// Trains the net of the moons under a restraint, for as many steps whatever the number of points.
  static func model(
    under restraint: MoonRestraint, epochs: Int, rate: Float, momentum: Float, seed: UInt64
  ) throws -> (model: Model, samples: TensorSamples) {
    let samples = Moons.samples(count: restraint.points, noise: noise, seed: seed)
    let hidden = restraint.hidden
    var layers: [any Layer] = restraint.noise > 0 ? [AddedNoise(restraint.noise)] : []
    for inputs in [2, hidden] {
      layers += [Dense(inputs, hidden, initializer: .heNormal), ReLU()]
      if restraint.dropping > 0 { layers.append(Dropout(dropping: restraint.dropping)) }
    }
    layers.append(Dense(hidden, 2))
    var trainer = Trainer(
      try Model(Sequential(layers), input: [2], seed: seed), loss: SoftmaxCrossEntropy(),
      optimizer: SGD(momentum: momentum), schedule: ConstantRate(rate), batchSize: 20, seed: seed)
    var observers = [restraint.penalty.hooks(rate: rate)]
    if let limit = restraint.normLimit { observers.append(TrainingHooks(stepEnded: { $0.constrainNorms(to: limit) })) }
    try trainer.trainResumably(
      on: samples, epochs: (restraint.lastEpoch ?? epochs) * points / restraint.points, observers: observers)
    return (trainer.model, samples)
  }

  /// The same with its errors.
  static func train(
    under restraint: MoonRestraint, epochs: Int, rate: Float, momentum: Float, seed: UInt64
  ) throws -> Outcome {
    let (model, samples) = try model(
      under: restraint, epochs: epochs, rate: rate, momentum: momentum, seed: seed)
    func error(_ count: Int, _ draw: UInt64) -> Double {
      let unseen = Moons.samples(count: count, noise: noise, seed: seed &+ draw)
      return evaluate(model, on: unseen, loss: SoftmaxCrossEntropy()).error
    }
    let own = evaluate(model, on: samples, loss: SoftmaxCrossEntropy())
    return Outcome(
      trainingError: own.error, trainingLoss: own.loss, validationError: error(1000, 2_000_000),
      testError: error(2000, 1_000_000))
  }
}
