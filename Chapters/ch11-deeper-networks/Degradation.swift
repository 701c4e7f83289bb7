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
  /// Where the blocks begin, if not with He's weights and β = 0.
  var start: Start?
  /// Whether its additions fade out by half-time.
  var isFading: Bool?
  /// In so many first epochs the rate rises to its value.
  var warmUp: Int?

  /// Other places to begin.
  enum Start: String, Codable, Sendable {
    /// β = 2 in every norm of the blocks: the ReLU behind it cuts next to nothing.
    case open
    /// The same, and every kernel hands on what it gets: 1 in its middle for its own channel, 0 elsewhere.
    case identity
    /// The same kernels with He's weights at half their size added to them.
    case near
    /// As `identity` with a random orthogonal matrix in the middle in place of the identity (after Xiao et al. 2018): it keeps
    /// sizes, but mixes the channels.
    case rotation
  }

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
          (isFading == true ? block.fading : block).named("block\(index + 1)")
        } else {
          // The two convolutions alone, and the ReLU that a block has after its sum.
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

extension DeepNet {
  /// Sets what this net begins with in place of He's weights: called for each of its
  /// parameters after they are drawn.
  func begin(_ name: String, _ parameter: inout Parameter, seed: UInt64 = 0) {
    guard name.hasPrefix("block") else { return }
    if name.hasSuffix("bn2.weight") { parameter.value.fill(branchScale) }
    guard let start else { return }
    if name.contains("bn"), name.hasSuffix("bias") {
      // The norm leaves a deviation of 1: of what is shifted by 2 little is below 0.
      parameter.value.fill(2)
    }
    guard start != .open, name.contains("conv") else { return }
    let middle = middle(of: name, seed: seed)
    parameter.value.withUnsafeMutableElements { kernels in
      // [channels, channels, 3, 3]: of the nine places of a kernel the fourth is its middle.
      for i in 0..<kernels.count {
        kernels[i] = (start == .near ? kernels[i] / 2 : 0) + (i % 9 == 4 ? middle[i / 9] : 0)
      }
    }
  }

  /// What stands in the middle of a layer's kernels, [channels, channels]: its own channel, or a mixture that keeps sizes.
  private func middle(of name: String, seed: UInt64) -> [Float] {
    guard start == .rotation else {
      return (0..<channels * channels).map { $0 / channels == $0 % channels ? 1 : 0 }
    }
    // A sequence of its own for each layer: `block12.conv1` has the number 121.
    let layer = UInt64(name.filter(\.isNumber)) ?? 0
    var generator = SeededGenerator(seed: seed, stream: 10_000 + layer)
    return randomRotation(channels, using: &generator).flatMap { $0.map { Float($0) } }
  }
}

/// A random orthogonal matrix: random directions, each freed of those before it (Gram-Schmidt).
func randomRotation(_ size: Int, using generator: inout SeededGenerator) -> [[Double]] {
  var rows: [[Double]] = []
  while rows.count < size {
    var row = (0..<size).map { _ in Double(generator.nextNormal()) }
    for other in rows {
      let along = zip(row, other).map { $0 * $1 }.reduce(0, +)
      row = zip(row, other).map { $0 - along * $1 }
    }
    let length = row.map { $0 * $0 }.reduce(0, +).squareRoot()
    rows.append(row.map { $0 / length })
  }
  return rows
}

/// What the trainings of one comparison share.
struct Course: Sendable {
  var data: Dataset
  /// What is never learned from.
  var test: Dataset
  /// What rates are chosen on, where any are.
  var keptBack: Dataset?
  var epochs: Int
  var seeds: [UInt64]
  var rate: Float = 0.02
  var batch = 32
}

/// One network trained with several seeds.
struct DeepRun: Codable, Sendable {
  var net: DeepNet
  /// [seed][epoch]: the share of training images wrong at the moment when they were used, with the statistics of their
  /// batch, in per cent.
  var errors: [[Double]]
  /// The error on all training images after training, in test mode, in per cent, over the seeds.
  var trainingErrors: Summary
  /// The error on the test set after training, in per cent, over the seeds.
  var testErrors: Summary
  /// [seed][layer]: the standard deviation behind each batch normalization of the blocks after training.
  var responses: [[Double]]
  var parameters: Int

  /// The training error of the last epoch over the seeds.
  var final: Summary { Summary(errors.map { $0.last ?? .nan }) }

  /// Epoch by epoch.
  var curve: [Summary] { errors[0].indices.map { epoch in Summary(errors.map { $0[epoch] }) } }

  /// The first epochs, in which it shows what learns easily.
  static let earlyEpochs = 5
  /// The training error of the first epochs, their mean, over the seeds.
  var early: Summary { Summary(errors.map { Summary(Array($0.prefix(Self.earlyEpochs))).mean }) }

  /// Whether the last norms of the blocks leave what they began with, 1: then γ has hardly moved.
  var isNearStart: Bool { abs(branchResponses.mean - 1) < 0.1 }

  /// The response of the second layer of each block, mean over all blocks but the last, over the seeds: what the last one
  /// says is read by the classifier, and in every net it is louder than all others.
  var branchResponses: Summary {
    Summary(
      responses.map { layers in Summary(stride(from: 1, to: max(2, layers.count - 2), by: 2).map { layers[$0] }).mean })
  }
}

extension DeepRun {
  /// What trains a network: SGD with momentum, at a rate that falls as a cosine. At a rate that stays, a net that is
  /// measured after a bad step may look ten times worse than it is.
  static func trainer(of net: DeepNet, _ course: Course, seed: UInt64) throws -> Trainer {
    var model = try Model(net.layers, input: course.data.sampleShape, seed: seed)
    model.visitParameters { name, parameter in net.begin(name, &parameter, seed: seed) }
    var schedule: any Schedule = CosineDecay(course.rate, over: course.epochs)
    if let epochs = net.warmUp { schedule = WarmUp(CosineDecay(course.rate, over: course.epochs), over: epochs) }
    return Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9), schedule: schedule, batchSize: course.batch,
      seed: seed)
  }

  /// Trains a network once for each seed, and returns the first seed's model as well.
  static func train(_ net: DeepNet, _ course: Course, even: Bool = false) throws -> (run: DeepRun, model: Model) {
    let trained = try inParallel(course.seeds.count) { index in
      var trainer = try trainer(of: net, course, seed: course.seeds[index])
      try trainer.trainResumably(
        on: course.data, epochs: course.epochs, observers: course.observers(of: net, even: even))
      return trainer
    }
    func error(_ trainer: Trainer, on data: Dataset) -> Double {
      100 * evaluate(trainer.model, on: data, loss: SoftmaxCrossEntropy()).error
    }
    let sample = course.data.batch(first: 128).inputs
    return (
      DeepRun(
        net: net, errors: trained.map { $0.history.map { 100 * ($0.trainingError ?? .nan) } },
        trainingErrors: Summary(trained.map { error($0, on: course.data) }),
        testErrors: Summary(trained.map { error($0, on: course.test) }),
        responses: trained.map { layerResponses($0.model, on: sample) },
        parameters: trained[0].model.parameterCount), trained[0].model
    )
  }
}

/// The standard deviation behind every batch normalization of the blocks, before what follows it: figure 7 of He et al.
/// 2016.
func layerResponses(_ model: Model, on images: Tensor) -> [Double] {
  var (x, result) = (images, [Double]())
  for entry in model.layers.entries {
    var layer = entry.layer
    if var inner = (layer as? ResidualBlock)?.residual ?? (layer as? Sequential) {
      let last = inner.forward(x, mode: .inference)
      for (place, inside) in inner.entries.enumerated() where inside.layer is BatchNorm {
        let output = place == inner.entries.count - 1 ? last : inner.activation(at: place)
        result.append(rounded(TensorStatistics(output).deviation, decimals: 4))
      }
    }
    x = layer.forward(x, mode: .inference)
  }
  return result
}
