// LeNet-5 with and without batch normalization: how its activation inputs move, what the layers cost, and how they fold.

import Foundation
import Workbook

/// LeNet-5+ or LeNet-5++ trained, with what entered each activation after every epoch.
struct DriftRun: Sendable {
  /// The names of the four hidden activations.
  var layers: [String]
  /// [epoch from 0][layer]: what enters the activation, on a fixed sample of training images.
  var inputs: [[TensorStatistics]]
  /// The same before the normalization, where the net has one.
  var sums: [[TensorStatistics]]
  var model: Model
  /// Trains one net with S0's batch size, and its learning rate unless told otherwise.
  init(
    normalized: Bool, from start: Initializer = .heNormal, on digits: Digits, epochs: Int, rate: Float = 0.02,
    seed: UInt64
  ) throws {
    var net = normalized ? LeNet5.plusPlus : LeNet5.plus
    net.initializer = start
    var trainer = Trainer(
      try Model(net.layers, input: LeNet5.inputShape, seed: seed), loss: net.loss, optimizer: SGD(),
      schedule: ConstantRate(rate), batchSize: 32, seed: seed)
    let sample = digits.train.batch(first: 256).inputs
    let after = ActivationInputs(sample: sample, beginsBeforeTraining: true)
    let inFront = ActivationInputs(
      sample: sample, layers: ["bn1", "bn2", "bn3", "bn4"], beginsBeforeTraining: true)
    try trainer.trainResumably(on: digits.train, epochs: epochs, observers: normalized ? [after, inFront] : [after])
    (layers, inputs, sums) = (after.names, after.snapshots, inFront.snapshots)
    model = trainer.model
  }

  /// The standard deviation of each layer after each epoch, averaged over the layers.
  static func spread(_ snapshots: [[TensorStatistics]]) -> [Double] {
    snapshots.map { Summary($0.map(\.deviation)).mean }
  }
}

/// What one of these nets has shown, without its weights.
struct DriftTrace: Codable, Sendable {
  /// The standard deviation of the activations' inputs after each epoch from 0, averaged over the layers.
  var inputs: [Double]
  /// The same in front of the normalization; empty without one.
  var sums: [Double]
}

extension DriftTrace {
  init(_ run: DriftRun) {
    self.init(inputs: DriftRun.spread(run.inputs), sums: DriftRun.spread(run.sums))
  }

  /// By how much a spread has grown since the start.
  static func growth(_ spread: [Double]) -> Double { spread[spread.count - 1] / spread[0] }
}

/// Folds every batch norm into the convolution or dense layer before it.
func folded(_ network: Sequential) -> Sequential {
  var entries: [Sequential.Entry] = []
  for entry in network.entries {
    guard let norm = entry.layer as? BatchNorm, let before = entries.last else {
      entries.append(entry)
      continue
    }
    let layer: (any Layer)? =
      switch before.layer {
      case let convolution as Conv2D: norm.folded(into: convolution)
      case let dense as Dense: norm.folded(into: dense)
      default: nil
      }
    if let layer {
      entries[entries.count - 1].layer = layer
    } else {
      entries.append(entry)
    }
  }
  return Sequential(entries)
}

/// A trained net and the same net folded, on the same images.
struct Folding: Codable, Sendable {
  /// The largest difference between two logits, and the largest logit.
  var largestDifference: Double
  var largestLogit: Double
  /// The largest difference between two probabilities.
  var largestProbabilityDifference: Double
  /// How many of the images are classified differently.
  var changedAnswers: Int
  var images: Int
  var layersBefore: Int
  var layersAfter: Int
}

extension Folding {
  init(_ model: Model, on digits: Dataset) {
    var (plain, short) = (model.layers, folded(model.layers))
    var softmax = Softmax()
    let batch = digits.batch(first: digits.count)
    let (before, after) = (plain.forward(batch.inputs), short.forward(batch.inputs))
    largestDifference = ch05_normalization.largestDifference(before, after)
    largestLogit = before.elements.reduce(0) { max($0, abs(Double($1))) }
    largestProbabilityDifference = ch05_normalization.largestDifference(
      softmax.forward(before), softmax.forward(after))
    func answers(_ output: Tensor) -> [Int] {
      (0..<batch.count).map { row in
        (0..<10).max { output.elements[row * 10 + $0] < output.elements[row * 10 + $1] } ?? 0
      }
    }
    changedAnswers = zip(answers(before), answers(after)).count { $0 != $1 }
    images = batch.count
    (layersBefore, layersAfter) = (plain.entries.count, short.entries.count)
  }
}

/// What batch normalization costs a net: numbers learned, and numbers kept.
struct NetCost: Codable, Sendable {
  var parameters: Int
  var buffers: Int
}

extension NetCost {
  init(_ model: Model) {
    parameters = model.parameterCount
    buffers = model.buffers.reduce(0) { $0 + $1.value.count }
  }
}
