// AlexNet, VGG and ResNet in small: what makes each of them, in one to three million multiply-adds, trained side by side.

import Foundation
import Workbook

/// A family in small.
enum SlimNet: String, CaseIterable, Codable, Sendable {
  case alexNet = "AlexNet", vgg = "VGG", resNet = "ResNet"

  static let rates: [Float] = [0.003, 0.01, 0.03, 0.1, 0.3, 1]

  /// What it has of its family.
  var features: String {
    switch self {
    case .alexNet: "5×5 with a stride first, overlapping max pooling, LRN, dropout ½ in the dense layers"
    case .vgg: "3×3 alone, twice the channels where the map is halved, dropout ½ in the dense layers"
    case .resNet: "3×3 in pairs with an addition, batch normalization, global mean, one dense layer"
    }
  }

  /// The layers for images of `input`, [channels, side, side] with sides of 28 or 32.
  func layers(input: Shape) -> Sequential {
    let he = Initializer.heNormal
    func conv(
      _ from: Int, _ to: Int, _ kernel: Int = 3, stride: Int = 1
    ) -> [any Layer] {
      [
        Conv2D(
          from, to, kernel: Extent(kernel), stride: Extent(stride),
          padding: Padding(kernel / 2), initializer: he), ReLU(),
      ]
    }
    func classifier(_ inputs: Int) -> [any Layer] {
      [
        Flatten(), Dense(inputs, 64, initializer: he), ReLU(), Dropout(dropping: 0.5),
        Dense(64, 10, initializer: .lecunNormal),
      ]
    }
    let overlapping = MaxPool(3, stride: 2, padding: 1)
    switch self {
    case .alexNet:
      let norm = LocalResponseNorm(alpha: 5e-4, k: 2)
      var layers = conv(input[0], 16, 5, stride: 2)
      layers += [overlapping, norm]
      layers += conv(16, 32, 5)
      layers += [overlapping, norm]
      layers += conv(32, 48) + conv(48, 48) + conv(48, 32)
      layers += [overlapping]
      return Sequential(layers + classifier(32 * 4))
    case .vgg:
      var (layers, channels): ([any Layer], Int) = ([], input[0])
      for width in [8, 16, 32] {
        layers += conv(channels, width) + conv(width, width)
        layers += [MaxPool(2)]
        channels = width
      }
      let side = input[1] / 8
      return Sequential(layers + classifier(32 * side * side))
    case .resNet:
      return Sequential {
        Conv2D(
          input[0], 8, kernel: 3, stride: 2, padding: 1, bias: false, initializer: he
        ).named("conv1")
        BatchNorm(8).named("bn1")
        ReLU().named("relu1")
        for (stage, (before, width)) in [(8, 8), (8, 16), (16, 32)].enumerated() {
          ResidualBlock.basic(before, width, stride: width / before)
            .named("stage\(stage + 1)a")
          ResidualBlock.basic(width, width).named("stage\(stage + 1)b")
        }
        GlobalAveragePool().named("avgpool")
        Flatten().named("flatten")
        Dense(32, 10, initializer: .lecunNormal).named("fc")
      }
    }
  }
}

extension SlimNet {
  /// The rate with the fewest mistakes on images set aside, after at most half of the course.
  func bestRate(of rates: [Float], _ course: Course) throws -> Float {
    guard rates.count > 1 else { return rates[0] }
    let part = course.data.prefix(max(2_500, course.data.count / 2))
    let (training, validation) = part.splitting(validation: part.count / 5, seed: course.seeds[0])
    var trial = course
    (trial.data, trial.test, trial.epochs) = (training, validation, max(2, course.epochs / 2))
    trial.seeds = [course.seeds[0]]
    let errors = try inParallel(rates.count) { index in
      do {
        return try SlimRun.train(self, trial, rate: rates[index]).run.finalTest.mean
      } catch is Divergence { return Double.infinity }
    }
    return rates[errors.indices.min { errors[$0] < errors[$1] } ?? 0]
  }
}

/// One family in small, trained with several seeds.
struct SlimRun: Codable, Sendable {
  var net: SlimNet
  var rate: Float
  /// Layers with weights.
  var depth: Int
  var parameters: Int
  var multiplyAdds: Int
  /// [seed][epoch], in per cent: while training, and on test images.
  var trainingErrors: [[Double]]
  var testErrors: [[Double]]
  /// On the training images after training, in test mode.
  var finalTraining: Summary
  /// Of one epoch.
  var seconds: Double

  var finalTest: Summary { Summary(testErrors.map { $0.last ?? .nan }) }
}

extension SlimRun {
  /// Trains a family once for each seed, and returns the first seed's model as well.
  static func train(_ net: SlimNet, _ course: Course, rate: Float) throws -> (run: SlimRun, model: Model) {
    let input = course.data.sampleShape
    let layers = net.layers(input: input)
    let trained = try inParallel(course.seeds.count) { index in
      var trainer = Trainer(
        try Model(layers, input: input, seed: course.seeds[index]), loss: SoftmaxCrossEntropy(),
        optimizer: SGD(momentum: 0.9), schedule: CosineDecay(rate, over: course.epochs), batchSize: course.batch,
        seed: course.seeds[index])
      try trainer.trainResumably(on: course.data, testing: course.test, epochs: course.epochs)
      return trainer
    }
    return (
      SlimRun(
        net: net, rate: rate, depth: weightedLayers(layers), parameters: layers.parameterCount,
        multiplyAdds: layers.multiplyAdds(for: input),
        trainingErrors: trained.map { $0.history.map { 100 * ($0.trainingError ?? .nan) } },
        testErrors: trained.map { $0.history.map { 100 * ($0.testError ?? .nan) } },
        finalTraining: Summary(
          trained.map { 100 * evaluate($0.model, on: course.data, loss: SoftmaxCrossEntropy()).error }),
        seconds: trained.flatMap { $0.history.map(\.seconds) }.min() ?? .nan), trained[0].model
    )
  }
}

/// Convolutions and dense layers on the way through, shortcuts left out.
func weightedLayers(_ layers: Sequential) -> Int {
  layers.entries.reduce(0) { count, entry in
    switch entry.layer {
    case let inner as Sequential: count + weightedLayers(inner)
    case let block as ResidualBlock: count + weightedLayers(block.residual)
    case is Conv2D, is Dense: count + 1
    default: count
    }
  }
}
