// Degradation: deep plain networks that learn worse than shallow ones, and the addition that mends it.

import Foundation
import Workbook

/// A small deep network for 28×28 digits: a first convolution, n blocks of two 3×3 convolutions, a mean, a dense layer.
struct DeepNet: Hashable, Codable, Sendable {
  /// n.
  var blocks: Int
  /// Whether each block's input is added to its output.
  var isResidual: Bool
  /// What the last batch normalization of each residual block starts with as its γ.
  var branchScale: Float = 1
  var channels = 8

  /// Convolutions and dense layers on the way through.
  var depth: Int { 2 * blocks + 2 }
  var name: String { "\(isResidual ? "residual" : "plain") \(depth)" }

  // snippet: deepNet
  /// The same layers and parameters, plain or residual: only the addition differs.
  var layers: Sequential {
    Sequential {
      Conv2D(
        1, channels, kernel: 3, stride: 2, padding: 1, bias: false,
        initializer: .heNormal
      ).named("conv1")
      BatchNorm(channels).named("bn1")
      ReLU().named("relu1")
      MaxPool(2).named("pool1")  // [8, 7, 7]
      for index in 0..<blocks {
        let block = ResidualBlock.basic(channels, channels)
        if isResidual {
          block.named("block\(index + 1)")
        } else {
          // The two convolutions alone, and the ReLU that a block has behind its sum.
          block.residual.named("block\(index + 1)")
          ReLU().named("relu\(index + 2)")
        }
      }
      GlobalAveragePool().named("avgpool")
      Flatten().named("flatten")
      Dense(channels, 10, initializer: .heNormal).named("fc")
    }
  }
  // snippet.end
}

/// What all trainings of this chapter share.
struct Course: Sendable {
  var data: Dataset
  /// What is never learned from.
  var test: Dataset
  var epochs: Int
  var seeds: [UInt64]
  var rate: Float = 0.02
  var batch = 32
}

/// One network trained with several seeds.
struct DeepRun: Codable, Sendable {
  var net: DeepNet
  /// [seed][epoch]: the share of training images wrong at the moment when they were used, in per cent.
  var errors: [[Double]]
  /// The error on the test set after training, in per cent, over the seeds.
  var testErrors: Summary
  /// [seed][block]: the size of what a block adds, ‖F(x)‖/‖x‖, before and after training; empty for plain nets.
  var firstAdditions: [[Double]]
  var additions: [[Double]]
  var parameters: Int

  /// The training error of the last epoch over the seeds.
  var final: Summary { Summary(errors.map { $0.last ?? .nan }) }

  /// Epoch by epoch.
  var curve: [Summary] { errors[0].indices.map { epoch in Summary(errors.map { $0[epoch] }) } }
}

extension DeepRun {
  // snippet: deepRun
  /// Trains a network once for each seed; `report` hears the share of the work that is done.
  init(_ net: DeepNet, _ course: Course, report: @escaping (Double) -> Void = { _ in }) throws {
    self.net = net
    errors = []
    (firstAdditions, additions) = ([], [])
    parameters = 0
    testErrors = Summary([])
    for (index, seed) in course.seeds.enumerated() {
      var model = try Model(net.layers, input: course.data.sampleShape, seed: seed)
      parameters = model.parameterCount
      if net.branchScale != 1 {
        model.visitParameters { name, parameter in
          if name.hasSuffix("bn2.weight") { parameter.value.fill(net.branchScale) }
        }
      }
      var trainer = Trainer(
        model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
        schedule: ConstantRate(course.rate), batchSize: course.batch, seed: seed)
      // snippet.end
      let sample = course.data.batch(first: 128).inputs
      if net.isResidual { firstAdditions.append(blockAdditions(trainer.model, on: sample)) }
      try trainer.trainResumably(
        on: course.data, epochs: course.epochs,
        observers: [
          TrainingHooks(progressed: { report((Double(index) + $0.fraction) / Double(course.seeds.count)) })
        ])
      errors.append(trainer.history.map { 100 * ($0.trainingError ?? .nan) })
      testErrors.values.append(100 * evaluate(trainer.model, on: course.test, loss: SoftmaxCrossEntropy()).error)
      if net.isResidual {
        additions.append(blockAdditions(trainer.model, on: sample))
      }
    }
  }
}

/// ‖F(x)‖/‖x‖ of every residual block of a model, with the statistics of the batch: an untrained batch normalization has
/// no others.
func blockAdditions(_ model: Model, on images: Tensor) -> [Double] {
  var (x, result) = (images, [Double]())
  for entry in model.layers.entries {
    var layer = entry.layer
    if let block = layer as? ResidualBlock {
      var residual = block.residual
      result.append(norm(residual.forward(x, mode: .training)) / max(norm(x), 1e-12))
    }
    x = layer.forward(x, mode: .training)
  }
  return result
}
