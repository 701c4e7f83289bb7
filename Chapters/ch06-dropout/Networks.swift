// The nets of this chapter, trained with anything left out, and what is measured of them.

import Foundation
import Workbook

/// What is left out of a net of two hidden layers, and whether it is normalized.
struct Recipe: Hashable, Sendable {
  /// The share of hidden units that dropout leaves out, and that of pixels.
  var dropout: Float = 0
  var inputDropout: Float = 0
  /// The share of the second layer's weights that DropConnect leaves out.
  var dropConnect: Float = 0
  var hasBatchNorm = false
  /// Whether noise of the same mean and variance stands in for dropped units and pixels.
  var isNoise = false
  /// Whether each image is shifted at random, by up to two pixels, each time that it is learned.
  var isShifted = false
  /// Whether the mean of all pixels is subtracted, and their deviation divided by, before any is dropped.
  var isStandardized = false
  /// λ of an L2 penalty on the weights; 0 for none, and else one of several that are tried.
  var decay: Float = 0
  var inputs = 784
  var width = 100

  /// The same with hidden layers of `width` units.
  func wide(_ width: Int) -> Recipe {
    var copy = self
    copy.width = width
    return copy
  }

  /// Every λ that is tried.
  static let penalties: [Float] = [0.0001, 0.0003, 0.001, 0.003, 0.01]
  /// Whether λ is an end of what is tried.
  static func isEnd(_ decay: Float) -> Bool { decay == penalties.first || decay == penalties.last }
  /// The same with every λ: the recipe alone where it has no penalty.
  var decays: [Recipe] { decay == 0 ? [self] : Self.penalties.map(penalized) }

  /// The same with λ = `decay`.
  func penalized(_ decay: Float) -> Recipe {
    var copy = self
    copy.decay = decay
    return copy
  }

  /// Dropout, or the noise that stands in for it.
  private func dropping(_ share: Float) -> any Layer {
    isNoise ? LogNormalNoise(matching: share) : Dropout(dropping: share)
  }

  var layers: Sequential {
    Sequential {
      Flatten().named("flatten")
      if isStandardized { Standardized().named("standardized") }
      if inputDropout > 0 { dropping(inputDropout).named("drop0") }
      for (index, count) in [(1, inputs), (2, width)] {
        if dropConnect > 0 && index == 2 {
          DropConnect(count, width, dropping: dropConnect, initializer: .heNormal)
            .named("fc2")
        } else {
          Dense(count, width, initializer: .heNormal).named("fc\(index)")
        }
        if hasBatchNorm { BatchNorm(width).named("norm\(index)") }
        ReLU().named("act\(index)")
        if dropout > 0 { dropping(dropout).named("drop\(index)") }
      }
      Dense(width, 10, initializer: .lecunNormal).named("out")
    }
  }

  /// The penalty, where there is one.
  var hooks: [any TrainingObserver] {
    let decay = decay
    return decay > 0 ? [TrainingHooks(gradientsReady: { $0.addPenalty(l2: decay) })] : []
  }
}

/// What came of one training run; errors in per cent, all measured with nothing left out.
struct RunErrors: Codable, Sendable {
  /// On the images it learned from, on those that the learning rate is chosen by where it is, and on new ones.
  var trainingError: Double
  var validationError: Double?
  var testError: Double
  /// The test error after each epoch, where it was followed.
  var curve: [Double] = []
  /// The share of the wrong labels that the net gives back, where there were some; 0 … 1.
  var learnedByHeart: Double?

  /// A training that diverged counts as guessing.
  static let guessing = RunErrors(trainingError: 90, validationError: 90, testError: 90)
}

/// A net at its best learning rate, and λ where it has one, seed by seed.
struct Tuned: Codable, Sendable {
  var rate: Float
  /// λ; 0 for no penalty.
  var decay: Float
  var runs: [RunErrors]

  var testErrors: Summary { Summary(runs.map(\.testError)) }
  var trainingErrors: Summary { Summary(runs.map(\.trainingError)) }
  /// The share of the wrong labels that it gives back, 0 … 1.
  var learnedByHeart: Summary { Summary(runs.map { $0.learnedByHeart ?? 0 }) }
}

/// Of all trainings but those of the exact ensemble.
let batchSize = 50

/// Trains a net for so many steps, whatever the size of the set: batches of 50, momentum 0.9, the rate falling along half a
/// cosine.
///
/// - Parameters:
///   - validation: the images that a rate is chosen by; nil where it is known.
///   - some: the images whose error is followed from epoch to epoch; nil where it is not.
func trained(
  _ recipe: Recipe, on right: Dataset, wrongLabels: Float = 0, validation: Dataset?, testing test: Dataset,
  following some: Dataset? = nil, steps: Int, rate: Float, seed: UInt64
) throws -> (errors: RunErrors, model: Model) {
  let train = wrongLabels > 0 ? right.withWrongLabels(wrongLabels, seed: seed, stream: Dropouts.wrongStream) : right
  let (loss, epochs) = (SoftmaxCrossEntropy(), max(1, steps * batchSize / train.count))
  var trainer = Trainer(
    try Model(recipe.layers, input: train.sampleShape, seed: seed), loss: loss, optimizer: SGD(momentum: 0.9),
    schedule: CosineDecay(rate, over: epochs), batchSize: batchSize, seed: seed)
  if recipe.isShifted { trainer.augmentation = Augmentation([RandomShift(by: 2)]) }
  do {
    try trainer.trainResumably(on: train, testing: some, epochs: epochs, observers: recipe.hooks)
  } catch is Divergence {
    return (.guessing, trainer.model)
  }
  let errors = RunErrors(
    trainer.model, trainedOn: train, right: right, validation: validation, test: test,
    curve: trainer.history.compactMap(\.testError).map { 100 * $0 })
  return (errors, trainer.model)
}

extension RunErrors {
  /// Measures a trained net; `right` are the images it learned from with their right labels.
  init(
    _ model: Model, trainedOn train: Dataset, right: Dataset, validation: Dataset?, test: Dataset, curve: [Double] = []
  ) {
    let loss = SoftmaxCrossEntropy()
    let own = evaluate(model, on: train, loss: loss)
    let wrong = train.labels.indices.filter { train.labels[$0] != right.labels[$0] }
    let learned = wrong.count { own.predictions[$0] == Int(train.labels[$0]) }
    self.init(
      trainingError: 100 * own.error,
      validationError: validation.map { 100 * evaluate(model, on: $0, loss: loss).error },
      testError: 100 * evaluate(model, on: test, loss: loss).error, curve: curve,
      learnedByHeart: wrong.isEmpty ? nil : Double(learned) / Double(wrong.count))
  }
}

extension Dataset {
  /// So many of its samples, drawn anew for each seed: the spread over seeds is then also that over training sets.
  func drawn(_ count: Int, seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 64)
    return samples(at: Array(generator.permutation(of: self.count).prefix(count)))
  }
}

/// The test error of a trained net when a random share of its first hidden layer's units is taken away for good.
func damaged(
  _ model: Model, removing share: Float, on test: Dataset, by generator: inout SeededGenerator
) -> Double {
  let layer = model.layers["fc2"]
  guard let next = layer as? Dense ?? (layer as? DropConnect)?.dense else { return .nan }
  let order = generator.permutation(of: next.inputs)
  return damaged(model, without: Set(order.prefix(Int((Float(next.inputs) * share).rounded()))), on: test)
}

/// The test error of a trained net when some of its first hidden layer's units
/// are taken away for good, the rest scaled up to make up for it.
func damaged(_ model: Model, without gone: Set<Int>, on test: Dataset) -> Double {
  var model = model
  let layer = model.layers["fc2"]
  guard var next = layer as? Dense ?? (layer as? DropConnect)?.dense
  else { return .nan }
  let inputs = next.inputs
  let scale = Float(inputs) / Float(max(1, inputs - gone.count))
  next.weight.value.withUnsafeMutableElements { w in
    for i in w.indices { w[i] = gone.contains(i % inputs) ? 0 : w[i] * scale }
  }
  model.layers["fc2"] = next
  return 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error
}

/// How unevenly the units of the first layer have learned.
struct HiddenStatistics: Codable, Sendable {
  /// The deviation of ‖w − w at initialization‖ over the units, over its mean.
  var unevenness: Double
}

extension HiddenStatistics {
  /// Compares the weights of each unit with those that its seed had given it.
  init(_ model: Model, seed: UInt64) {
    guard let start = try? Model(model.layers, input: model.inputShape, seed: seed),
      let (before, after) = (start.layers["fc1"] as? Dense, model.layers["fc1"] as? Dense) as? (Dense, Dense)
    else {
      unevenness = .nan
      return
    }
    let (old, new, inputs) = (before.weight.value.elements, after.weight.value.elements, after.inputs)
    let moved = Summary(
      (0..<after.outputs).map { unit in
        (unit * inputs..<(unit + 1) * inputs).reduce(0.0) { sum, i in
          sum + Double(new[i] - old[i]) * Double(new[i] - old[i])
        }.squareRoot()
      })
    unevenness = moved.deviation / moved.mean
  }
}
