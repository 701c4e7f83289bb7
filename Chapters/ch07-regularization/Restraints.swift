// One small network, few digits, and every restraint in turn: which helps on digits never seen, and which hurts?

import Foundation
import Workbook

/// Something done against overfitting.
struct Restraint: Sendable {
  enum Kind: Sendable { case none, weights, pooling, stopping, augmentation }
  var name: String
  var kind: Kind
  var penalty = Penalty.none
  /// The largest norm of a unit's incoming weights.
  var normLimit: Double?
  var pooling = Pooling.max
  var stopsEarly = false
  var augmentation: Augmentation?
  /// How strong it is, where that is no penalty and no norm.
  var note = ""

  enum Pooling: Sendable { case max, average, stochastic }

  init(_ name: String, _ kind: Kind, _ change: (inout Restraint) -> Void = { _ in }) {
    self.name = name
    self.kind = kind
    change(&self)
  }

  /// An augmentation of one or more operations.
  static func augmenting(_ name: String, _ operations: [any ImageOperation], _ note: String = "") -> Restraint {
    Restraint(name, .augmentation) {
      $0.augmentation = Augmentation(operations)
      $0.note = note
    }
  }

  /// What keeps weights small, in three strengths each: the best on validation digits is taken.
  static let candidates: [(name: String, strengths: [Restraint])] = [
    ("L2", [0.01, 0.03, 0.06].map { lambda in Restraint("L2", .weights) { $0.penalty = .l2(lambda) } }),
    ("L1", [0.0003, 0.001, 0.003].map { lambda in Restraint("L1", .weights) { $0.penalty = .l1(lambda) } }),
    ("max-norm", [0.7, 1, 1.5].map { limit in Restraint("max-norm", .weights) { $0.normLimit = limit } }),
  ]

  /// What needs no strength to be chosen; `jitter` is fitted to the training set.
  static func others(jitter: ColorJitter) -> [Restraint] {
    [
      Restraint("early stopping", .stopping) {
        $0.stopsEarly = true
        $0.note = "patience ⅕"
      },
      Restraint("stochastic pooling", .pooling) { $0.pooling = .stochastic },
      .augmenting("shift", [RandomShift(by: 2)], "±2 pixels"),
      .augmenting("crop", [RandomCrop(padding: 4)], "border of 4"),
      .augmenting("rotate", [RandomRotation(degrees: 15)], "±15°"),
      .augmenting("shift, rotate", [RandomShift(by: 2), RandomRotation(degrees: 15)], "±2 pixels, ±15°"),
      .augmenting("equalize", [Sometimes(0.5, Equalize())], "half"),
      .augmenting("solarize", [Sometimes(0.5, Solarize(threshold: 0.5))], "from ½, half"),
      .augmenting("posterize", [Sometimes(0.5, Posterize(bits: 2))], "2 bits, half"),
      .augmenting("brightness", [jitter], "σ = \(short(Double(jitter.standardDeviation)))"),
      .augmenting("flip", [HorizontalFlip()], "half"),
      .augmenting("half turns", [RandomRotation(degrees: 180)], "±180°"),
    ]
  }

  /// The strength as it is written: `λ = 0.03`, `norm 1`, `±2 pixels`; half: of the pictures.
  var setting: String {
    if !note.isEmpty { return note }
    if let normLimit { return "norm \(short(normLimit))" }
    return penalty == .none ? "" : "λ = \(penalty.lambda)"
  }
}

/// A network trained under one restraint.
struct RestraintRun: Sendable {
  /// Shares of digits taken for another, 0 … 1; the training error is measured without augmentation.
  var trainingError: Double
  var validationError: Double
  var evaluation: Evaluation
  var testError: Double { evaluation.error }
}

/// The layers: one convolution, one pooling, two dense layers.
func smallNet(_ pooling: Restraint.Pooling) -> Sequential {
  let pool: any Layer =
    switch pooling {
    case .max: MaxPool(2)
    case .average: AveragePool(2)
    case .stochastic: StochasticPool(2)
    }
  return Sequential([
    Conv2D(1, 6, kernel: 5, stride: 2, initializer: .heNormal), ReLU(), pool, Flatten(),
    Dense(216, 48, initializer: .heNormal), ReLU(), Dense(48, 10),
  ])
}

// snippet: trainRestrained
/// Trains the small network under a restraint for a number of steps.
func train(
  under restraint: Restraint, on digits: DigitSets, steps: Int,
  batch: Int = 50, rate: Float = 0.02, seed: UInt64
) throws -> RestraintRun {
  let epochs = max(1, steps * batch / digits.train.count)
  let model = try Model(
    smallNet(restraint.pooling), input: [1, 28, 28], seed: seed)
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
    schedule: CosineDecay(rate, over: epochs), batchSize: batch, seed: seed)
  trainer.augmentation = restraint.augmentation
  var observers = [restraint.penalty.hooks(rate: rate)]
  if let limit = restraint.normLimit {
    observers.append(TrainingHooks(stepEnded: { $0.constrainNorms(to: limit) }))
  }
  // snippet.end
  if restraint.stopsEarly { trainer.earlyStopping = EarlyStopping(patience: max(3, epochs / 5)) }
  try trainer.trainResumably(
    on: digits.train, validation: restraint.stopsEarly ? digits.validation : nil, epochs: epochs,
    observers: observers)
  return RestraintRun(
    trainingError: evaluate(trainer.model, on: digits.train, loss: SoftmaxCrossEntropy()).error,
    validationError: evaluate(trainer.model, on: digits.validation, loss: SoftmaxCrossEntropy()).error,
    evaluation: evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy()))
}

/// Every restraint with every seed.
struct Scoreboard: Sendable {
  var restraints: [Restraint]
  /// [restraint][seed].
  var runs: [[RestraintRun]]

  /// Chooses the strengths with one seed, then trains them all.
  init(
    jitter: ColorJitter, on digits: DigitSets, steps: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    let flat = Restraint.candidates.flatMap(\.strengths)
    let errors = try inParallel(flat.count) { index in
      report()
      return try train(under: flat[index], on: digits, steps: steps, seed: seeds[0]).validationError
    }
    var chosen: [Restraint] = []
    var place = 0
    for (_, strengths) in Restraint.candidates {
      let best = strengths.indices.min { errors[place + $0] < errors[place + $1] } ?? 0
      chosen.append(strengths[best])
      place += strengths.count
    }
    try self.init(
      [Restraint("nothing", .none)] + chosen + Restraint.others(jitter: jitter), on: digits, steps: steps,
      seeds: seeds, report: report)
  }

  /// How many networks ``init(jitter:on:steps:seeds:report:)`` trains.
  static func count(seeds: Int) -> Int {
    let strengths = Restraint.candidates.reduce(0) { $0 + $1.strengths.count }
    return strengths + (1 + Restraint.candidates.count + 12) * seeds
  }

  /// Trains them all.
  init(
    _ restraints: [Restraint], on digits: DigitSets, steps: Int, seeds: [UInt64], report: () -> Void = {}
  ) throws {
    self.restraints = restraints
    let all = try inParallel(restraints.count * seeds.count) { index in
      report()
      return try train(
        under: restraints[index / seeds.count], on: digits, steps: steps, seed: seeds[index % seeds.count])
    }
    runs = restraints.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
  }

  /// Test errors in per cent, over the seeds.
  func testError(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.testError }) }

  /// Training errors in per cent, over the seeds.
  func trainingError(_ index: Int) -> Summary { Summary(runs[index].map { 100 * $0.trainingError }) }

  /// By how many points a restraint lowers the test error of the net without one, seed by seed.
  func gain(_ index: Int) -> Summary {
    Summary(zip(runs[0], runs[index]).map { 100 * ($0.testError - $1.testError) })
  }

  /// What the seeds say of a restraint: a gain or a loss counts where it is more than chance.
  func verdict(_ index: Int) -> Verdict {
    let gain = gain(index)
    return !isClear(gain) ? .undecided : gain.mean > 0 ? .helps : .hurts
  }

  enum Verdict: String, Sendable { case helps, hurts, undecided }

  /// The place of a restraint by its name.
  func index(_ name: String) -> Int { restraints.firstIndex { $0.name == name } ?? 0 }
}

/// For each digit, how many more of its kind in a hundred are missed under one restraint than under another.
func missedMore(_ runs: [RestraintRun], than others: [RestraintRun]) -> [Summary] {
  func missed(_ run: RestraintRun, _ digit: Int) -> Double {
    let row = run.evaluation.confusion[digit]
    let count = row.reduce(0, +)
    return count == 0 ? 0 : 100 * Double(count - row[digit]) / Double(count)
  }
  return (0..<10).map { digit in Summary(zip(runs, others).map { missed($0, digit) - missed($1, digit) }) }
}
