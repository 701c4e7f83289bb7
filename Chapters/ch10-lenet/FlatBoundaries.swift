// Whether flat boundaries are enough: a softmax layer on pixels, and the same on the features of the recorded network.

import Foundation
import Workbook

/// Test errors of one softmax layer that tells three digits apart, from pixels and from features.
struct FlatBoundaries: Codable, Sendable {
  /// Three that look alike.
  static let digits = [4, 7, 9]

  var trainingCount: Int
  var testCount: Int
  var pixels: Layer
  var features: Layer
  /// The same layers before training; nil in older records.
  var untrained: Layer?

  struct Layer: Codable, Sendable {
    /// How many numbers each image has.
    var width: Int
    /// The rate with the fewest mistakes on digits of the training set that were kept back.
    var rate: Double
    /// Test errors in percent, a number for each seed.
    var errors: Summary
  }
}

extension FlatBoundaries {
  /// Trains both with the three digits; the features are those of the recorded net of the first listing.
  ///
  /// - Throws: `DataError` where there are no recorded weights.
  init(measuredIn session: Session) throws {
    guard let model = LeNet.recordedModel() else {
      throw DataError(
        "Chapters/ch10-lenet/\(LeNet.weights)", expected: "the weights of the recorded run", found: "none",
        advice: "take the file from the repository")
    }
    (trainingCount, testCount) = (Self.part(session.digits.train).count, Self.part(session.digits.test).count)
    pixels = try Self.layer(session) { samples($0, width: 784) { inner($0.inputs) } }
    features = try Self.layer(session) { data in samples(data, width: 84) { lastHidden($0, of: model, .inference) } }
    untrained = try Self.untrained(in: session)
  }

  /// The features of the same net with its initial weights. Batch normalization has no running means yet, so it takes
  /// those of each batch.
  static func untrained(in session: Session) throws -> Layer {
    let model = try Model(Recipe.normed.layers, input: LeNet5.inputShape, seed: session.seeds[0])
    return try layer(session) { data in samples(data, width: 84) { lastHidden($0, of: model, .training) } }
  }

  private static func layer(_ session: Session, _ measure: (Dataset) -> TensorSamples) throws -> Layer {
    try Layer(
      measure(part(session.digits.train)), measure(part(session.digits.test)), seeds: Array(session.seeds.prefix(3)))
  }

  private static func part(_ data: Dataset) -> Dataset {
    data.samples(at: (0..<data.count).filter { FlatBoundaries.digits.contains(Int(data.labels[$0])) })
  }
}

/// The outputs of the last hidden layer.
private func lastHidden(_ batch: Batch, of model: Model, _ mode: Mode) -> [Float] {
  var (network, output, pass) = (model.layers, Tensor.empty, Pass(mode))
  network.forward(batch.inputs, into: &output, in: &pass)
  let place = network.entries.firstIndex { $0.name == "act4" } ?? 0
  return network.activation(at: place).elements
}

extension FlatBoundaries.Layer {
  /// Chooses a rate on a sixth of the training images, and trains with all.
  fileprivate init(_ train: TensorSamples, _ test: TensorSamples, seeds: [UInt64]) throws {
    width = train.sampleShape.count
    let epochs = 20
    func error(_ train: TensorSamples, _ test: TensorSamples, _ rate: Float, _ seed: UInt64) throws -> Double {
      var trainer = Trainer(
        try Model(
          Sequential([Dense(train.sampleShape.count, FlatBoundaries.digits.count)]), input: train.sampleShape,
          seed: seed),
        loss: SoftmaxCrossEntropy(), optimizer: SGD(), schedule: CosineDecay(rate, over: epochs), batchSize: 32,
        seed: seed)
      try trainer.train(on: train, epochs: epochs)
      return 100 * evaluate(trainer.model, on: test, loss: SoftmaxCrossEntropy()).error
    }
    var generator = SeededGenerator(seed: seeds[0] &+ 100, stream: 72)
    let order = generator.permutation(of: train.count)
    let kept = train.count / 6
    let (fitted, held) = (train.samples(order[kept...]), train.samples(order[..<kept]))
    let rates: [Float] = [0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]
    let errors = try inParallel(rates.count) { try error(fitted, held, rates[$0], seeds[0] &+ 100) }
    let best = rates[errors.indices.min { errors[$0] < errors[$1] } ?? 0]
    rate = Double(best)
    self.errors = Summary(try inParallel(seeds.count) { try error(train, test, best, seeds[$0]) })
  }
}

/// Images as numbers, with their place among the digits shown as class.
private func samples(_ data: Dataset, width: Int, _ measure: (Batch) -> [Float]) -> TensorSamples {
  var numbers: [Float] = []
  for start in stride(from: 0, to: data.count, by: 500) {
    numbers += measure(data.batch(Array(start..<min(start + 500, data.count))[...]))
  }
  return TensorSamples(
    name: data.name, inputs: Tensor(vector: numbers).reshaped(to: [data.count, width]),
    labels: data.labels.map { FlatBoundaries.digits.firstIndex(of: Int($0)) ?? 0 },
    classCount: FlatBoundaries.digits.count)
}

/// The 28×28 pixels inside the border, image after image.
private func inner(_ inputs: Tensor) -> [Float] {
  let all = inputs.elements
  var pixels: [Float] = []
  for image in 0..<inputs.shape[0] {
    for row in 2..<30 {
      let start = image * 1024 + row * 32 + 2
      pixels += all[start..<start + 28]
    }
  }
  return pixels
}

extension TensorSamples {
  /// Those at some places.
  fileprivate func samples(_ places: ArraySlice<Int>) -> TensorSamples {
    var batch = Batch()
    load(places, into: &batch)
    return TensorSamples(name: name, inputs: batch.inputs, labels: batch.labels, classCount: classCount)
  }
}
