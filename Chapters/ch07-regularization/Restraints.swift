// One small network, few digits, and every restraint in turn: which helps on digits never seen, and which hurts?

import Foundation
import Workbook

/// Something done against overfitting.
struct Restraint: Sendable {
  enum Kind: String, Codable, Sendable {
    case none, data, weights, units, pooling, stopping, augmentation, combined, labels, batch, ensemble, schedule

    /// Whether it restrains one net: more data, several nets and other batches do not, and a mixture is no single one.
    var isSingle: Bool { ![.none, .data, .combined, .batch, .ensemble, .schedule].contains(self) }
  }
  var name: String
  var kind: Kind
  var penalty = Penalty.none
  /// The largest norm of a unit's incoming weights.
  var normLimit: Double?
  var pooling = Pooling.max
  /// The share of the hidden dense units that are dropped.
  var dropping: Float = 0
  var stopsEarly = false
  /// Whether the learning rate stays as it is, and does not fall to 0.
  var isConstant = false
  /// Whether it has twice as many digits to learn from.
  var hasMoreData = false
  var augmentation: Augmentation?
  /// The share of each label that is spread over all classes.
  var smoothing: Float = 0
  /// α of mixup, which trains on means of two digits, in shares λ and 1 − λ with λ from Beta(α, α).
  var mixing: Float?
  /// The net's kernels and units as a multiple of the usual ones.
  var width = 1.0
  /// How many digits a step has.
  var batch = 50
  /// What makes the steps, and the λ in it.
  var optimizer: any Optimizer = SGD(momentum: 0.9)
  var decay: Float = 0
  /// How many times as many epochs it has as the others.
  var rounds = 1
  /// How strong it is, where that is no penalty and no norm.
  var note = ""

  enum Pooling: Sendable { case max, stochastic, expected }

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

  /// What keeps weights small, in five to seven strengths each: the best on validation digits is taken.
  static let candidates: [(name: String, strengths: [Restraint])] = [
    (
      "L2",
      [0.001, 0.003, 0.01, 0.03, 0.06, 0.12, 0.25].map { lambda in
        Restraint("L2", .weights) { $0.penalty = .l2(lambda) }
      }
    ),
    (
      "L1",
      [0.0001, 0.0003, 0.001, 0.003, 0.01].map { lambda in Restraint("L1", .weights) { $0.penalty = .l1(lambda) } }
    ),
    ("max-norm", [0.35, 0.5, 0.7, 1, 1.5].map { limit in Restraint("max-norm", .weights) { $0.normLimit = limit } }),
  ]

  /// What all of them are held against besides nothing.
  static let moreData = "twice the digits"

  /// Stochastic pooling without the draw: its expectation in training, too.
  static let expectedPooling = "pooling to the expectation"

  /// What needs no strength to be chosen; `jitter` is fitted to the training set.
  static func others(jitter: ColorJitter) -> [Restraint] {
    [
      Restraint(moreData, .data) { $0.hasMoreData = true },
      Restraint("early stopping", .stopping) {
        $0.stopsEarly = true
        $0.note = "patience ⅕"
      },
      Restraint("stochastic pooling", .pooling) { $0.pooling = .stochastic },
      Restraint(expectedPooling, .pooling) { $0.pooling = .expected },
      Restraint("dropout", .units) {
        $0.dropping = 0.5
        $0.note = "half of 48 units"
      },
      .augmenting("shift", [RandomShift(by: 2)], "±2 pixels"),
      .augmenting("crop", [RandomCrop(padding: 4)], "±4 pixels"),
      .augmenting("rotate", [RandomRotation(degrees: 15)], "±15°"),
      .augmenting("shift, rotate", [RandomShift(by: 2), RandomRotation(degrees: 15)], "±2 pixels, ±15°"),
      .augmenting("equalize", [Sometimes(0.5, Equalize())], "half"),
      .augmenting("solarize", [Sometimes(0.5, Solarize(threshold: 0.5))], "from ½, half"),
      .augmenting("posterize", [Sometimes(0.5, Posterize(bits: 2))], "2 bits, half"),
      .augmenting("brightness", [jitter], "σ = \(short(Double(jitter.standardDeviation)))"),
      .augmenting("flip", [HorizontalFlip()], "half"),
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
struct RestraintRun: Codable, Sendable {
  /// Shares of digits taken for another, 0 … 1; the training error is measured without augmentation.
  var trainingError: Double
  var validationError: Double
  var testError: Double
  /// How many test digits of each kind are taken for another.
  var missed: [Int]
  /// [digit][answer]: how often a test digit of a kind gets an answer; nil where nobody asks.
  var answers: [[Int]]?
  /// The loss on the digits that were learned from, without the penalty; nil where it was not kept.
  var trainingLoss: Double?
}

/// The layers: one convolution, one pooling, two dense layers; wider for pictures with colours.
func smallNet(_ restraint: Restraint, on input: Shape) -> Sequential {
  let pool: any Layer =
    switch restraint.pooling {
    case .max: MaxPool(2)
    case .stochastic: StochasticPool(2)
    case .expected: ExpectedPool()
    }
  // 28 × 28 pixels become 6 × 6, and 32 × 32 become 7 × 7.
  var (kernels, pixels, units) = input[0] == 1 ? (6, 36, 48) : (12, 49, 64)
  (kernels, units) = (Int(restraint.width * Double(kernels)), Int(restraint.width * Double(units)))
  return Sequential(
    [
      Conv2D(input[0], kernels, kernel: 5, stride: 2, initializer: .heNormal), ReLU(), pool, Flatten(),
      Dense(kernels * pixels, units, initializer: .heNormal), ReLU(),
    ] + (restraint.dropping > 0 ? [Dropout(dropping: restraint.dropping)] : []) + [Dense(units, 10)])
}

/// Stochastic pooling that never draws: the expectation Σx²/Σx, in training as in inference.
struct ExpectedPool: Layer {
  private var pool = StochasticPool(2)

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { try pool.outputShape(for: input) }
  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    var inference = Pass(.inference)
    pool.forward(input, into: &output, in: &inference)
  }
  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    pool.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }
}

/// Trains the small network under a regularizer: each digit as often as in `steps` steps of 50 digits. Nil if the training
/// diverges.
func fit(
  under restraint: Restraint, on data: Dataset, validation: Dataset,
  steps: Int, rate: Float, seed: UInt64
) throws -> Model? {
  let epochs = max(1, restraint.rounds * steps * 50 / data.count)
  let (input, falling) = (data.sampleShape, CosineDecay(rate, over: epochs))
  let model = try Model(
    smallNet(restraint, on: input), input: input, seed: seed)
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(labelSmoothing: restraint.smoothing),
    optimizer: restraint.optimizer,
    schedule: restraint.isConstant ? ConstantRate(rate) : falling,
    batchSize: restraint.batch, seed: seed)
  // snippet: trainRestrained
  trainer.augmentation = restraint.augmentation
  var observers = [restraint.penalty.hooks(rate: rate)]
  if let limit = restraint.normLimit {
    observers.append(TrainingHooks(stepEnded: { $0.constrainNorms(to: limit) }))
  }
  if let alpha = restraint.mixing { observers.append(mixup(alpha)) }
  // snippet.end
  if restraint.stopsEarly { trainer.earlyStopping = EarlyStopping(patience: max(3, epochs / 5)) }
  do {
    try trainer.trainResumably(
      on: data, validation: restraint.stopsEarly ? validation : nil, epochs: epochs,
      observers: observers)
  } catch is Divergence {
    return nil
  }
  return trainer.model
}

func fit(
  under restraint: Restraint, on digits: DigitSets, steps: Int, rate: Float, seed: UInt64
) throws -> Model? {
  try fit(
    under: restraint, on: digits.train, validation: digits.validation, steps: steps, rate: rate, seed: seed)
}

/// The errors of the small network, trained under a restraint.
func train(
  under restraint: Restraint, on digits: DigitSets, steps: Int, rate: Float, seed: UInt64
) throws -> RestraintRun {
  try train(
    under: restraint, on: digits.train, validation: digits.validation, test: digits.test, steps: steps, rate: rate,
    seed: seed)
}

/// The same on pictures of any kind.
func train(
  under restraint: Restraint, on data: Dataset, validation: Dataset, test: Dataset, steps: Int, rate: Float,
  seed: UInt64
) throws -> RestraintRun {
  let model = try fit(
    under: restraint, on: data, validation: validation, steps: steps, rate: rate, seed: seed)
  guard let model else { return .guessing(test) }
  let tested = evaluate(model, on: test, loss: SoftmaxCrossEntropy())
  let own = evaluate(model, on: data, loss: SoftmaxCrossEntropy())
  return RestraintRun(
    trainingError: own.error,
    validationError: evaluate(model, on: validation, loss: SoftmaxCrossEntropy()).error,
    testError: tested.error,
    missed: tested.confusion.enumerated().map { digit, row in row.reduce(0, +) - row[digit] },
    answers: tested.confusion, trainingLoss: own.loss)
}

extension RestraintRun {
  /// What a run that diverged counts as.
  static func guessing(_ test: Dataset) -> RestraintRun {
    RestraintRun(
      trainingError: 0.9, validationError: 0.9, testError: 0.9,
      missed: (0..<10).map { digit in 9 * test.labels.count { $0 == digit } / 10 })
  }
}
