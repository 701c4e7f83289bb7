// The nets of this chapter and how they are trained: a perceptron and a small convolutional net, with any normalization.

import Foundation
import Workbook

/// A perceptron for digits with a normalization in front of every hidden activation.
///
/// - Parameters:
///   - scale: what He's standard deviation is multiplied with at the start.
///   - image: what is subtracted from every input, if anything.
///   - disturbance: what moves the inputs of the hidden activations.
func perceptron(
  _ normalization: Normalization, depth: Int = 5, width: Int = 64, scale: Float = 1,
  centering image: [Float]? = nil, disturbance: (() -> any Layer)? = nil
) -> Sequential {
  let start = Initializer.scaled(.fanIn, .normal, gain: Float(2).squareRoot() * scale)
  return Sequential {
    Flatten().named("flatten")
    if let image { Centering(mean: image).named("centering") }
    for index in 1...depth {
      Dense(index == 1 ? 784 : width, width, initializer: start).named("fc\(index)")
      if let norm = normalization.makeLayer([width]) { norm.named("norm\(index)") }
      if let disturbance { disturbance().named("disturbance\(index)") }
      ReLU().named("act\(index)")
    }
    Dense(width, 10, initializer: .lecunNormal).named("out")
  }
}

/// A small LeNet, normalized in front of all three hidden activations, or of the first two.
func convolutionalNet(
  _ normalization: Normalization, afterDense: Bool = true
) -> Sequential {
  Sequential {
    Conv2D(1, 8, kernel: 5, initializer: .heNormal).named("conv1")
    AveragePool(2).named("pool1")
    if let norm = normalization.makeLayer([8, 12, 12]) { norm.named("norm1") }
    ReLU().named("act1")
    Conv2D(8, 16, kernel: 5, initializer: .heNormal).named("conv2")
    AveragePool(2).named("pool2")
    if let norm = normalization.makeLayer([16, 4, 4]) { norm.named("norm2") }
    ReLU().named("act2")
    Flatten().named("flatten")
    Dense(256, 64, initializer: .heNormal).named("fc")
    if afterDense, let norm = normalization.makeLayer([64]) { norm.named("norm3") }
    ReLU().named("act3")
    Dense(64, 10, initializer: .lecunNormal).named("out")
  }
}

/// What came of one training run.
struct Result: Codable, Sendable {
  /// The test error in per cent; 90, that of a guess, where training diverged.
  var error: Double
  /// The training error of the last epoch in per cent.
  var trainingError: Double
  var diverged: Bool
  /// The error in per cent on images kept back, by which a setting is chosen; nil where nothing is.
  var validationError: Double?
}

/// Trains a network on digits and measures its test error.
///
/// - Parameters:
///   - validation: images kept back, by which a setting is chosen.
///   - falls: whether the rate falls to 0, along half a cosine.
func trained(
  _ net: Sequential, on digits: Digits, choosingBy validation: Dataset? = nil, rate: Float, batchSize: Int, epochs: Int,
  optimizer: any Optimizer = SGD(), falls: Bool = false, reestimating: Bool = false, seed: UInt64
) throws -> Result {
  let model = try Model(net, input: digits.train.sampleShape, seed: seed)
  let schedule: any Schedule = falls ? CosineDecay(rate, over: epochs) : ConstantRate(rate)
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: optimizer, schedule: schedule, batchSize: batchSize, seed: seed)
  do {
    try trainer.trainResumably(on: digits.train, epochs: epochs)
  } catch is Divergence {
    return Result(error: 90, trainingError: 90, diverged: true, validationError: validation == nil ? nil : 90)
  }
  if reestimating { trainer.model.reestimateStatistics(on: digits.train) }
  let evaluation = evaluate(trainer.model, on: digits.test, loss: SoftmaxCrossEntropy())
  return Result(
    error: 100 * evaluation.error, trainingError: 100 * (trainer.history.last?.trainingError ?? .nan),
    diverged: !evaluation.loss.isFinite,
    validationError: validation.map { 100 * evaluate(trainer.model, on: $0, loss: SoftmaxCrossEntropy()).error })
}

extension Tensor {
  /// One step of running statistics towards those of a batch.
  fileprivate mutating func follow(_ batch: Tensor, by rate: Float) {
    let values = batch.elements
    withUnsafeMutableElements { r in for i in r.indices { r[i] += rate * (values[i] - r[i]) } }
  }
}

/// The place of the lowest mean among those that have one.
func bestPlace(_ errors: [Summary]) -> Int? {
  errors.indices.filter { errors[$0].count > 0 }.min { errors[$0].mean < errors[$1].mean }
}

/// Test errors of one network over a swept setting: [setting][seed], in per cent.
struct Sweep: Codable, Sendable {
  var settings: [Double]
  var results: [[Result]]
}

extension Sweep {
  /// Mean and spread of the test error for each setting.
  var errors: [Summary] { results.map { Summary($0.map(\.error)) } }
  /// For each seed the largest setting that it survives with an error below `limit`; 0 where it survives none.
  func largestUsable(below limit: Double) -> [Double] {
    (results.first ?? []).indices.map { seed in
      settings.indices.filter { results[$0][seed].error < limit }.map { settings[$0] }.max() ?? 0
    }
  }

  /// The place of the setting with the fewest mistakes on images kept back, among those that were tried on them; on the
  /// tested ones, where none was.
  var best: Int {
    bestPlace(results.map { Summary($0.compactMap(\.validationError)) }) ?? bestPlace(errors) ?? 0
  }
  /// Whether images kept back have chosen it.
  var isValidated: Bool { results.contains { $0.contains { $0.validationError != nil } } }

  /// Runs all settings with all seeds, as many at a time as there are cores.
  init(_ settings: [Double], seeds: [UInt64], _ train: (Double, UInt64) throws -> Result) throws {
    self.settings = settings
    let runs = try inParallel(settings.count * seeds.count) {
      try train(settings[$0 / seeds.count], seeds[$0 % seeds.count])
    }
    results = settings.indices.map { Array(runs[$0 * seeds.count..<($0 + 1) * seeds.count]) }
  }
}

extension Model {
  /// Takes the stored statistics anew from all of `data` at once, the weights as they are.
  mutating func reestimateStatistics(on data: Dataset) {
    let names = layers.entries.filter { $0.layer is BatchNorm }.map(\.name)
    var measured = layers
    for name in names {
      guard var norm = layers[name] as? BatchNorm else { continue }
      (norm.momentum, norm.runningMean, norm.runningVariance) = (
        1, Tensor(zeros: [norm.channels]), Tensor(zeros: [norm.channels])
      )
      measured[name] = norm
    }
    // With a weight of 1 for the newest batch, what is stored is what this batch says.
    _ = measured.forward(data.batch(first: data.count).inputs, mode: .training)
    for name in names {
      guard var norm = layers[name] as? BatchNorm, let batch = measured[name] as? BatchNorm else { continue }
      // As if the batch had been shown 60 times: of the old statistics 0.9⁶⁰ = 0.2 % is left.
      for _ in 0..<60 {
        norm.runningMean.follow(batch.runningMean, by: norm.momentum)
        norm.runningVariance.follow(batch.runningVariance, by: norm.momentum)
      }
      layers[name] = norm
    }
  }
}

/// Trains the same convolutional net with every normalization and every batch
/// size; the learning rate is proportional to the batch size, the number of
/// images seen is the same for all.
func batchSizeSweep(
  _ normalizations: [Normalization], sizes: [Int], on digits: Digits,
  epochs: Int, seeds: [UInt64], rate: Double = 0.1, report: () -> Void = {}
) throws -> [Normalization: Sweep] {
  var sweeps: [Normalization: Sweep] = [:]
  let settings = sizes.map(Double.init)
  for normalization in normalizations {
    sweeps[normalization] = try Sweep(settings, seeds: seeds) { size, seed in
      report()
      return try trained(
        convolutionalNet(normalization), on: digits, rate: Float(rate * size / 32),
        batchSize: Int(size), epochs: epochs, seed: seed)
    }
  }
  return sweeps
}

/// The loss and the gradient of a trained net when the weights of all hidden layers are multiplied by a factor.
struct WeightScaling: Codable, Sendable {
  var factors: [Double]
  var losses: [Double]
  /// ‖∂L/∂W‖ of the first hidden layer, relative to that at factor 1.
  var gradients: [Double]
}

extension WeightScaling {
  /// Trains a perceptron for one epoch, then scales its weights; batch statistics are those of the batch measured.
  init(
    _ normalization: Normalization, factors: [Double], on digits: Digits, epochs: Int = 1, seed: UInt64
  ) throws {
    let model = try Model(perceptron(normalization), input: digits.train.sampleShape, seed: seed)
    let loss = SoftmaxCrossEntropy()
    var trainer = Trainer(
      model, loss: loss, optimizer: SGD(), schedule: ConstantRate(0.05), batchSize: 32, seed: seed)
    try trainer.trainResumably(on: digits.train, epochs: epochs)
    let batch = digits.train.batch(first: 500)
    (self.factors, losses, gradients) = (factors, [], [])
    func measure(_ factor: Double) -> (loss: Double, gradient: Double) {
      var (model, pass) = (trainer.model, Pass(.training))
      model.visitParameters { name, parameter in
        if name.hasPrefix("fc"), name.hasSuffix("weight") {
          parameter.value = parameter.value.multiplied(by: Float(factor))
        }
      }
      let value = model.step(batch, loss, in: &pass)
      let weight = model.parameters.first { $0.name == "fc1.weight" }
      return (value, weight.map { norm($0.parameter.gradient) } ?? 0)
    }
    let reference = measure(1).gradient
    for factor in factors {
      let (value, gradient) = measure(factor)
      losses.append(value)
      gradients.append(gradient / reference)
    }
  }
}
