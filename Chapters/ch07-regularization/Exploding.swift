// Gradients that explode: how they grow through many layers, and what a limit on their norm mends.

import Foundation
import Workbook

/// What stands after each layer of a deep net.
enum HiddenActivation: String, CaseIterable, Codable, Sendable {
  case relu = "ReLU"
  case tanh
  case sigmoid

  var layer: any Layer {
    switch self {
    case .relu: ReLU()
    case .tanh: Tanh()
    case .sigmoid: Sigmoid()
    }
  }
}

/// How much a gradient grows on its way back through many layers, by the size of the initial weights.
struct GradientGrowth: Codable, Sendable {
  static let depth = 20
  /// The standard deviation of a weight times the root of the fan-in: √2 is He's initialization, 1 Xavier's.
  static let gains = [0.7, 1, 1.4, 2, 3, 4]
  /// [activation][gain]: log₁₀ of the gradient's norm at the first layer over that at the last.
  var logarithms: [[Summary]]

  /// Takes what is measured.
  init(_ logarithms: [[Summary]]) { self.logarithms = logarithms }

  init(seeds: [UInt64]) {
    logarithms = HiddenActivation.allCases.map { activation in
      Self.gains.map { gain in Summary(seeds.map { Self.growth(activation, gain: Float(gain), seed: $0) }) }
    }
  }

  /// log₁₀ of the factor that a random gradient is multiplied by.
  private static func growth(
    _ activation: HiddenActivation, gain: Float, width: Int = 64, samples: Int = 32, seed: UInt64
  )
    -> Double
  {
    var generator = SeededGenerator(seed: seed, stream: 71)
    var x = Tensor(zeros: [samples, width])
    x.fillNormal(standardDeviation: 1, using: &generator)
    var steps: [(block: Sequential, input: Tensor, output: Tensor)] = []
    for _ in 0..<depth {
      var block = Sequential([Dense(width, width, initializer: .scaled(.fanIn, .normal, gain: gain)), activation.layer])
      block.initialize(using: &generator)
      let output = block.forward(x, mode: .training)
      steps.append((block, x, output))
      x = output
    }
    var gradient = Tensor(zeros: [samples, width])
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    let start = norm(gradient)
    for step in steps.reversed() {
      var block = step.block
      gradient = block.backward(gradient, input: step.input, output: step.output)
    }
    return log10(max(norm(gradient), 1e-30) / start)
  }

  /// The growth with the largest weights, in powers of ten.
  func largest(_ activation: HiddenActivation) -> Summary {
    logarithms[HiddenActivation.allCases.firstIndex(of: activation) ?? 0].last ?? Summary([])
  }
}

/// A deep net whose gradients explode at the start, without and with a limit on their norm, and the same begun well.
struct ClippingExperiment: Codable, Sendable {
  static let hiddenLayers = 12
  static let limit = 1.0
  /// Of the weights that are too large, in units of He's.
  static let excess: Float = 1.5
  /// The ways to train: how many times He's weights the initial ones are, and whether the gradient is clipped.
  static let ways: [(name: String, excess: Float, isClipped: Bool)] = [
    ("weights too large, no limit", excess, false), ("weights too large, clipped", excess, true),
    ("He's initialization, no limit", 1, false),
  ]

  /// The errors of one run in per cent; 90, guessing, where it diverged.
  struct Run: Codable, Sendable {
    var validationError: Double
    var testError: Double
  }
  var rates: [Float]
  /// [way][rate][seed].
  var runs: [[[Run]]]

  /// Takes runs that are done.
  init(rates: [Float], runs: [[[Run]]]) { (self.rates, self.runs) = (rates, runs) }

  init(_ digits: DigitSets, rates: [Float], epochs: Int, seeds: [UInt64], report: () -> Void = {}) throws {
    self.rates = rates
    let each = rates.count * seeds.count
    let all = try inParallel(Self.ways.count * each) { index in
      report()
      let way = Self.ways[index / each]
      return try Self.run(
        excess: way.excess, isClipped: way.isClipped, on: digits, rate: rates[index % each / seeds.count],
        epochs: epochs,
        seed: seeds[index % seeds.count])
    }
    runs = Self.ways.indices.map { way in
      rates.indices.map { rate in
        Array(all[way * each + rate * seeds.count..<way * each + (rate + 1) * seeds.count])
      }
    }
  }

  /// Trains a deep net whose initial weights are `excess` times He's.
  private static func run(
    excess: Float, isClipped: Bool, on digits: DigitSets, rate: Float,
    epochs: Int, seed: UInt64
  ) throws -> Run {
    let start = Initializer.scaled(.fanIn, .normal, gain: excess * Float(2).squareRoot())
    var (layers, inputs): ([any Layer], Int) = ([Flatten()], 784)
    for _ in 0..<hiddenLayers {
      layers += [Dense(inputs, 64, initializer: start), ReLU()]
      inputs = 64
    }
    layers.append(Dense(inputs, 10, initializer: start))
    var trainer = Trainer(
      try Model(Sequential(layers), input: [1, 28, 28], seed: seed),
      loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: ConstantRate(rate), batchSize: 25, seed: seed)
    let clip = TrainingHooks(gradientsReady: { $0.clipGradients(toNorm: limit) })
    do {
      try trainer.trainResumably(on: digits.train, epochs: epochs, observers: isClipped ? [clip] : [])
    } catch is Divergence {
      return Run(validationError: 90, testError: 90)
    }
    func error(_ data: Dataset) -> Double {
      100 * evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).error
    }
    return Run(validationError: error(digits.validation), testError: error(digits.test))
  }

  func testErrors(_ way: Int) -> [Summary] { runs[way].map { Summary($0.map(\.testError)) } }

  /// The place of the rate with the fewest mistakes on validation digits.
  func best(_ way: Int) -> Int {
    let errors = runs[way].map { Summary($0.map(\.validationError)).mean }
    return errors.indices.min { errors[$0] < errors[$1] } ?? 0
  }

  /// Whether that is an end of the grid, so that there may be a better one beyond it.
  func isAtAnEnd(_ way: Int) -> Bool { [0, rates.count - 1].contains(best(way)) }

  /// The test errors at that rate.
  func bestErrors(_ way: Int) -> Summary { testErrors(way)[best(way)] }
  /// What the limit saves, and how much more a better start would: both at their best rates.
  var saved: Summary { bestErrors(0) - bestErrors(1) }
  var missing: Summary { bestErrors(1) - bestErrors(2) }
}
