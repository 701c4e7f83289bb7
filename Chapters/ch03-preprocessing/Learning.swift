// The same network on the same digits, prepared in seven ways.

import Workbook

/// One training of the network.
struct LearningRun: Sendable {
  /// The loss of each step; ends where it diverged.
  var losses: [Double]
  /// The share of test images taken for another digit, 0 … 1; NaN where the run diverged.
  var testError: Double
  /// The same of validation images; NaN where there were none.
  var validationError = Double.nan

  /// The mean loss of the last epoch's steps; infinite where the run diverged.
  func finalLoss(over steps: Int) -> Double {
    if testError.isNaN || losses.isEmpty { return .infinity }
    let part = losses.suffix(max(1, steps))
    return part.reduce(0, +) / Double(part.count)
  }
}

/// The nets of the chapter.
enum Net: String, Codable, Sendable {
  /// One hidden layer of 32 tanh units.
  case dense
  /// Eight filters of 5×5, pooled, and one dense layer.
  case convolutional
  /// The dense net with batch norm between its first layer and tanh.
  case normalized

  func layers(for inputs: Shape) -> Sequential {
    switch self {
    case .dense:
      Sequential([
        "flatten": Flatten(),
        "hidden": Dense(inputs.count, 32, initializer: .xavierNormal), "tanh": Tanh(),
        "output": Dense(32, 10, initializer: .xavierNormal),
      ])
    case .convolutional:
      Sequential([
        "conv": Conv2D(1, 8, kernel: 5, initializer: .xavierNormal),
        "tanh": Tanh(), "pool": MaxPool(2), "flatten": Flatten(),
        "output": Dense(
          2 * (inputs[1] - 4) * (inputs[2] - 4), 10, initializer: .xavierNormal),
      ])
    case .normalized:
      Sequential([
        "flatten": Flatten(),
        "hidden": Dense(inputs.count, 32, initializer: .xavierNormal), "norm": BatchNorm(32), "tanh": Tanh(),
        "output": Dense(32, 10, initializer: .xavierNormal),
      ])
    }
  }
}

/// Trains a net on digits that are already prepared, in batches of 32, by plain gradient descent unless told otherwise.
///
/// - Parameter factor: what the first weights of the dense net's hidden layer are multiplied by.
func learn(
  _ net: Net, rate: Float, epochs: Int, train: TensorSamples, validation: TensorSamples? = nil, test: TensorSamples,
  firstWeights factor: Float = 1, optimizer: any Optimizer = SGD(), seed: UInt64
) throws -> LearningRun {
  var model = try Model(net.layers(for: train.sampleShape), input: train.sampleShape, seed: seed)
  if factor != 1 {
    model.visitParameters { name, parameter in
      if name == "hidden.weight" { parameter.value = parameter.value.map { $0 * factor } }
    }
  }
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: optimizer, schedule: ConstantRate(rate), batchSize: 32, seed: seed)
  let losses = LossHistory()
  do {
    try trainer.trainResumably(on: train, epochs: epochs, observers: [losses])
  } catch is Divergence {
    return LearningRun(losses: losses.losses, testError: .nan)
  }
  func error(_ samples: TensorSamples) -> Double {
    evaluate(trainer.model, on: samples, loss: SoftmaxCrossEntropy()).error
  }
  return LearningRun(
    losses: losses.losses, testError: error(test), validationError: validation.map(error) ?? .nan)
}

/// Every method at every learning rate, over several seeds.
struct LearningExperiment: Codable, Sendable {
  var methods: [Method]
  var rates: [Float]
  /// [method][rate]: the mean loss of the last epoch; infinite for a seed that diverged.
  var losses: [[Summary]]
  /// [method][rate]: the test error in per cent; NaN for a seed that diverged.
  var errors: [[Summary]]
  /// [method][rate]: the error on validation images in per cent; nil where there were none.
  var validation: [[Summary]]? = nil

  private func place(_ method: Method) -> Int { methods.firstIndex(of: method) ?? 0 }

  /// The mean loss of the last epoch, over the seeds.
  func finalLoss(_ method: Method, rate: Int) -> Summary { losses[place(method)][rate] }

  /// The test error at one of the rates, over the seeds.
  func error(_ method: Method, rate: Int) -> Summary { errors[place(method)][rate] }
  /// The rate at which a method ends lowest, by its place.
  func bestRate(_ method: Method) -> Int {
    rates.indices.min { finalLoss(method, rate: $0).mean < finalLoss(method, rate: $1).mean } ?? 0
  }

  /// The rate at which a method errs least on validation images, by its place; without these the one at which it ends
  /// lowest.
  func errorRate(_ method: Method) -> Int {
    guard let errors = validation?[place(method)].map(\.mean) else { return bestRate(method) }
    let finite = errors.map { $0.isFinite ? $0 : .infinity }
    return rates.indices.min { finite[$0] < finite[$1] } ?? 0
  }
  /// The loss of the last epoch, and the test error in per cent, each at the rate that suits it best.
  func best(_ method: Method) -> (loss: Summary, error: Summary) {
    (finalLoss(method, rate: bestRate(method)), errors[place(method)][errorRate(method)])
  }
}

extension LearningExperiment {
  init(
    _ preparations: [Method: any Preprocessing], on net: Net = .dense, rates: [Float], epochs: Int,
    train: TensorSamples, validation held: TensorSamples? = nil, test: TensorSamples, firstWeights factor: Float = 1,
    optimizer: any Optimizer = SGD(), seeds: [UInt64], ticker: Ticker? = nil
  ) throws {
    let fitted = Method.allCases.compactMap { method in preparations[method].map { (method, $0) } }
    self.init(
      methods: fitted.map(\.0), rates: rates, losses: [], errors: [], validation: held.map { _ in [] })
    let steps = max(1, train.count / 32)
    for (_, preparation) in fitted {
      // Prepared once: with every batch it would take longer than the training.
      let seen = train.prepared(by: preparation), unseen = test.prepared(by: preparation)
      let judged = held?.prepared(by: preparation)
      let all = try inParallel(rates.count * seeds.count) { index in
        ticker?.tick()
        return try learn(
          net, rate: rates[index / seeds.count], epochs: epochs, train: seen, validation: judged, test: unseen,
          firstWeights: factor, optimizer: optimizer, seed: seeds[index % seeds.count])
      }
      let runs = rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) }
      losses.append(runs.map { Summary($0.map { $0.finalLoss(over: steps) }) })
      errors.append(runs.map { Summary($0.map { 100 * $0.testError }) })
      validation?.append(runs.map { Summary($0.map { 100 * $0.validationError }) })
    }
  }
}

extension TensorSamples {
  /// These samples with all inputs prepared, in the shape that they had: what PCA makes of a picture, too.
  func prepared(by preparation: any Preprocessing) -> TensorSamples {
    let prepared = preparation.apply(inputs)
    return TensorSamples(
      name: name, inputs: prepared.count == inputs.count ? prepared.reshaped(to: inputs.shape) : prepared,
      labels: labels, classCount: classCount)
  }

  /// The first samples of a data set, pixels from 0 to 1, [N, 1, 28, 28].
  init(_ digits: Dataset, first count: Int) {
    let batch = digits.batch(first: count)
    self.init(name: digits.name, inputs: batch.inputs, labels: batch.labels, classCount: digits.classCount)
  }
}

/// How often all weights of a unit are pushed the same way: the zig-zag of inputs that are never negative.
///
/// - Returns: the share of units of the first layer whose weight gradient has no two entries of opposite sign, for
///   batches of `batch` digits, with random initial weights.
func oneSignShare(_ samples: TensorSamples, batch: Int, batches: Int, units: Int = 32, seed: UInt64) throws -> Double {
  var model = try Model(Net.dense.layers(for: samples.sampleShape), input: samples.sampleShape, seed: seed)
  var (alike, total) = (0, 0)
  for index in 0..<batches {
    var part = Batch()
    samples.load(Array(index * batch..<(index + 1) * batch)[...], into: &part)
    var pass = Pass(.training)
    model.step(part, SoftmaxCrossEntropy(), in: &pass)
    guard let hidden = model.layers["hidden"] as? Dense else { continue }
    let (width, elements) = (hidden.inputs, hidden.weight.gradient.elements)
    for unit in 0..<units {
      let row = elements[unit * width..<(unit + 1) * width]
      alike += row.contains { $0 > 0 } && row.contains { $0 < 0 } ? 0 : 1
      total += 1
    }
  }
  return Double(alike) / Double(total)
}
