// Gradients that explode, and what clipping does to them.

import Foundation
import Workbook

/// A single recurrent unit, hₜ = w·σ(hₜ₋₁) + b, with the loss (h_T − target)² after T steps.
///
/// - Source: Pascanu, Mikolov and Bengio 2013, arXiv:1211.5063, figure 6: T = 50.
struct RecurrentUnit: Sendable {
  var steps = 50
  var start = 0.5
  var target = 0.7

  /// The loss and its gradient, by backpropagation through time.
  func evaluate(_ w: Double, _ b: Double) -> (loss: Double, dw: Double, db: Double) {
    func sigmoid(_ z: Double) -> Double { 1 / (1 + exp(-z)) }
    var states = [start]
    for _ in 0..<steps { states.append(w * sigmoid(states[states.count - 1]) + b) }
    let error = states[steps] - target
    var (delta, dw, db) = (2 * error, 0.0, 0.0)
    for t in stride(from: steps, to: 0, by: -1) {
      let s = sigmoid(states[t - 1])
      dw += delta * s
      db += delta
      // One factor w·σ′ for each step back: fifty of them are the cliff.
      delta *= w * s * (1 - s)
    }
    return (error * error, dw, db)
  }

  // snippet: descend
  /// Gradient descent from (w, b), with the gradient's norm limited or not.
  func descend(
    from start: (w: Double, b: Double), rate: Double, steps: Int, clip: Double?
  ) -> [(w: Double, b: Double)] {
    var (w, b) = start
    var path = [start]
    for _ in 0..<steps {
      var (_, dw, db) = evaluate(w, b)
      let norm = (dw * dw + db * db).squareRoot()
      if let clip, norm > clip { (dw, db) = (dw * clip / norm, db * clip / norm) }
      (w, b) = (w - rate * dw, b - rate * db)
      path.append((w, b))
    }
    return path
  }
  // snippet.end
}

/// How the first gradients of a deep net are kept from throwing it away.
enum Clipping: Int, CaseIterable, Sendable {
  case none, value, norm

  var name: String {
    switch self {
    case .none: "no clipping"
    case .value: "every element to ±0.01"
    case .norm: "the norm to 1"
    }
  }
}

/// A deep ReLU net whose weights begin too large.
enum DeepNet {
  /// Weights `gain` times as large as He's: every layer multiplies the gradient by about `gain`.
  static func model(depth: Int, gain: Float, width: Int = 48, seed: UInt64) throws -> Model {
    let start = Initializer.scaled(.fanIn, .normal, gain: gain * Float(2).squareRoot())
    var layers: [any Layer] = [Flatten(), Dense(784, width, initializer: start), ReLU()]
    for _ in 1..<depth { layers += [Dense(width, width, initializer: start), ReLU()] as [any Layer] }
    return try Model(Sequential(layers + [Dense(width, 10)]), input: [1, 28, 28], seed: seed)
  }

  /// How a run ended.
  struct Outcome: Codable, Sendable {
    /// The test error, 0 … 1; 0.9 where the run diverged.
    var testError: Double
    var hasDiverged: Bool
    /// How many steps it took, and in how many of them the gradient's norm was above 1 before clipping.
    var steps: Int
    var largeSteps: Int
    /// The norm of the gradient before clipping, step by step, to three digits; empty where it is not drawn.
    var norms: [Double]

    init(testError: Double, hasDiverged: Bool, norms: [Double]) {
      (self.testError, self.hasDiverged) = (testError, hasDiverged)
      (steps, largeSteps) = (norms.count, norms.count { $0 > 1 })
      self.norms = norms.map { rounded($0, digits: 3) }
    }
  }

  /// Records gradient norms.
  private final class Norms: ResumableObserver {
    var values: [Double] = []
    private var stepsOfEpoch = 0
    func trainingBegins(_ plan: TrainingPlan, model: Model) { stepsOfEpoch = plan.steps }
    func gradientsReady(_ step: StepRecord, model: inout Model) { values.append(DeepNet.norm(model)) }

    struct Record: Codable {
      var stepsOfEpoch: Int
      var values: [Double]
    }
    var record: Record { Record(stepsOfEpoch: stepsOfEpoch, values: values) }
    func restore(_ record: Record, finishedEpochs: Int) {
      values = Array(record.values.prefix(finishedEpochs * record.stepsOfEpoch))
    }
  }

  /// The joint norm of all gradients.
  static func norm(_ model: Model) -> Double {
    var squares = 0.0
    for (_, parameter) in model.parameters {
      for g in parameter.gradient.elements { squares += Double(g) * Double(g) }
    }
    return squares.squareRoot()
  }

  // snippet: trainDeep
  /// Trains it, with one kind of clipping between the backward pass and the update.
  static func train(
    _ clipping: Clipping, depth: Int, gain: Float, on digits: DigitSets, epochs: Int, rate: Float = 0.05,
    seed: UInt64
  ) throws -> Outcome {
    var trainer = Trainer(
      try model(depth: depth, gain: gain, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: ConstantRate(rate), batchSize: 25, seed: seed)
    let hooks = TrainingHooks(gradientsReady: { model in
      switch clipping {
      case .none: break
      case .value: model.clipGradients(toValue: 0.01)
      case .norm: model.clipGradients(toNorm: 1)
      }
    })
    // snippet.end
    // The norms are those before clipping.
    let norms = Norms()
    do {
      try trainer.trainResumably(on: digits.train, epochs: epochs, observers: [norms, hooks])
    } catch is Divergence {
      return Outcome(testError: 0.9, hasDiverged: true, norms: norms.values)
    }
    return Outcome(
      testError: evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy()).error, hasDiverged: false,
      norms: norms.values)
  }

  /// The cosine between the first gradient and what clipping leaves of it: 1 where only the length changes.
  static func direction(_ clipping: Clipping, depth: Int, gain: Float, on digits: DigitSets, seed: UInt64) throws
    -> Double
  {
    var model = try model(depth: depth, gain: gain, seed: seed)
    let batch = digits.train.batch(first: 25)
    var pass = Pass(.training)
    model.step(batch, SoftmaxCrossEntropy(), in: &pass)
    func all(_ model: Model) -> [Double] {
      model.parameters.flatMap { $0.parameter.gradient.elements.map(Double.init) }
    }
    let before = all(model)
    switch clipping {
    case .none: break
    case .value: model.clipGradients(toValue: 0.01)
    case .norm: model.clipGradients(toNorm: 1)
    }
    let after = all(model)
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    return dot(before, after) / (dot(before, before) * dot(after, after)).squareRoot()
  }

  /// By which factor one layer multiplies the size of a gradient on its way back, at the start.
  ///
  /// - Parameter gain: the standard deviation of the weights times √width.
  static func growth(_ activation: any Layer, gain: Float, depth: Int = 12, width: Int = 96, seed: UInt64) -> Double {
    var generator = SeededGenerator(seed: seed, stream: 7)
    var x = Tensor(zeros: [16, width])
    x.fillNormal(standardDeviation: 1, using: &generator)
    var steps: [(dense: Dense, input: Tensor, sum: Tensor, output: Tensor)] = []
    for _ in 0..<depth {
      var dense = Dense(width, width, bias: false, initializer: .scaled(.fanIn, .normal, gain: gain))
      dense.initialize(using: &generator)
      var layer = activation
      let sum = dense.forward(x)
      let output = layer.forward(sum)
      steps.append((dense, x, sum, output))
      x = output
    }
    var gradient = Tensor(zeros: [16, width])
    gradient.fillNormal(standardDeviation: 1, using: &generator)
    func size(_ tensor: Tensor) -> Double {
      tensor.elements.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot()
    }
    let before = size(gradient)
    for step in steps.reversed() {
      var (layer, dense) = (activation, step.dense)
      gradient = layer.backward(gradient, input: step.sum, output: step.output)
      gradient = dense.backward(gradient, input: step.input, output: step.sum)
    }
    return pow(size(gradient) / before, 1 / Double(depth))
  }
}
