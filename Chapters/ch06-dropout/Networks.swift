// The nets of this chapter, trained with anything left out, and what is measured of them.

import Foundation
import Workbook

/// What is left out of a net of two hidden layers, and whether it is normalized.
struct Recipe: Hashable, Sendable {
  /// The share of hidden units that dropout leaves out.
  var dropout: Float = 0
  /// The share of the second layer's weights that DropConnect leaves out.
  var dropConnect: Float = 0
  var hasBatchNorm = false
  var width = 100

  static let plain = Recipe()

  // snippet: layers
  var layers: Sequential {
    Sequential {
      Flatten().named("flatten")
      for (index, inputs) in [(1, 784), (2, width)] {
        if dropConnect > 0 && index == 2 {
          DropConnect(inputs, width, dropping: dropConnect, initializer: .heNormal)
            .named("fc2")
        } else {
          Dense(inputs, width, initializer: .heNormal).named("fc\(index)")
        }
        if hasBatchNorm { BatchNorm(width).named("norm\(index)") }
        ReLU().named("act\(index)")
        if dropout > 0 { Dropout(dropping: dropout).named("drop\(index)") }
      }
      Dense(width, 10, initializer: .lecunNormal).named("out")
    }
  }
  // snippet.end
}

/// What came of one training run; errors in per cent.
struct RunErrors: Codable, Sendable {
  /// On the images it learned from, with nothing left out.
  var trainingError: Double
  var testError: Double
  /// The test error after each epoch.
  var curve: [Double]

  /// How much worse it does on images it has not seen.
  var gap: Double { testError - trainingError }
}

/// What came of one training run, with the net itself.
struct Result: Sendable {
  var outcome: RunErrors
  var model: Model
}

/// Trains a net on as many images as `passes`, whatever the size of the set; batches of 25, momentum 0.9.
///
/// A training that diverges counts as guessing: 90 % errors.
func trained(
  _ recipe: Recipe, on train: Dataset, testing test: Dataset, passes: Int, rate: Float = 0.01, curve: Bool = false,
  seed: UInt64
) throws -> Result {
  let loss = SoftmaxCrossEntropy()
  var trainer = Trainer(
    try Model(recipe.layers, input: train.sampleShape, seed: seed), loss: loss, optimizer: SGD(momentum: 0.9),
    schedule: ConstantRate(rate), batchSize: 25, seed: seed)
  let epochs = max(1, passes / train.count)
  do {
    try trainer.trainResumably(on: train, testing: curve ? test : nil, epochs: epochs)
  } catch is Divergence {
    // The trainer stands at the last good epoch; a net that has left it guesses.
    let known = trainer.history.compactMap(\.testError).map { 100 * $0 }
    let outcome = RunErrors(
      trainingError: 90, testError: 90, curve: known + [Double](repeating: 90, count: epochs - known.count))
    return Result(outcome: outcome, model: trainer.model)
  }
  let outcome = RunErrors(
    trainingError: 100 * evaluate(trainer.model, on: train, loss: loss).error,
    testError: 100 * evaluate(trainer.model, on: test, loss: loss).error,
    curve: trainer.history.compactMap(\.testError).map { 100 * $0 })
  return Result(outcome: outcome, model: trainer.model)
}

/// The same data with a share of its labels replaced by random other ones.
func withWrongLabels(_ data: Dataset, share: Float, seed: UInt64) -> Dataset {
  var (copy, generator) = (data, SeededGenerator(seed: seed, stream: 62))
  for index in copy.labels.indices where generator.nextUniform() < share {
    let shift = 1 + generator.nextInt(below: data.classCount - 1)
    copy.labels[index] = UInt8((Int(copy.labels[index]) + shift) % data.classCount)
  }
  return copy
}

// snippet: damaged
/// The test error of a trained net when a random share of its first hidden
/// layer's units is taken away for good, the rest scaled up to make up for it.
func damaged(
  _ model: Model, removing share: Float, on test: Dataset, seed: UInt64
) -> Double {
  var (model, generator) = (model, SeededGenerator(seed: seed, stream: 63))
  guard var next = model.layers["fc2"] as? Dense else { return .nan }
  let order = generator.permutation(of: next.inputs)
  let count = Int((Float(next.inputs) * share).rounded())
  let (gone, scale) = (Set(order.prefix(count)), 1 / (1 - share))
  let inputs = next.inputs
  next.weight.value.withUnsafeMutableElements { w in
    for i in w.indices { w[i] = gone.contains(i % inputs) ? 0 : w[i] * scale }
  }
  model.layers["fc2"] = next
  return 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error
}
// snippet.end

/// The first layer's weights of a model as pictures: what each of the first `count` units looks for.
func features(_ model: Model, count: Int) -> [ImageGrid.Picture] {
  guard let layer = model.layers["fc1"] as? Dense else { return [] }
  return (0..<min(count, layer.outputs)).map { unit in
    ImageGrid.Picture(
      width: 28, height: 28, pixels: Array(layer.weight.value.elements[unit * 784..<(unit + 1) * 784]))
  }
}

/// The correlation of each weight of the first layer with the one for the pixel to the right: 0 for weights at random.
func neighbourCorrelation(_ model: Model) -> Double {
  guard let layer = model.layers["fc1"] as? Dense else { return .nan }
  let weights = layer.weight.value.elements
  var (count, sums, squares, products) = (0.0, (0.0, 0.0), (0.0, 0.0), 0.0)
  for i in weights.indices where i % 28 < 27 {
    let (a, b) = (Double(weights[i]), Double(weights[i + 1]))
    count += 1
    sums = (sums.0 + a, sums.1 + b)
    squares = (squares.0 + a * a, squares.1 + b * b)
    products += a * b
  }
  let variances = (squares.0 - sums.0 * sums.0 / count, squares.1 - sums.1 * sums.1 / count)
  return (products - sums.0 * sums.1 / count) / (variances.0 * variances.1).squareRoot()
}

/// How the hidden units of the first layer answer to test images: the share that is 0, and how alike two units are.
struct HiddenStatistics: Codable, Sendable {
  /// The share of zeros behind the first ReLU.
  var sparsity: Double
  /// The mean |correlation| of two different living units.
  var correlation: Double

  /// How many test images are looked at.
  static let images = 200
}

extension HiddenStatistics {
  init(_ model: Model, on test: Dataset, count: Int = images) {
    let outputs = layerOutputs(of: model.layers, on: test.batch(first: count).inputs)
    guard let hidden = outputs.first(where: { $0.name == "act1" })?.output else {
      (sparsity, correlation) = (.nan, .nan)
      return
    }
    let (rows, units) = (hidden.shape[0], hidden.shape[1])
    sparsity = Double(hidden.elements.count { $0 == 0 }) / Double(hidden.count)
    // Standardized columns: a correlation is then a mean of products.
    let columns: [[Double]] = (0..<units).compactMap { unit in
      let values = (0..<rows).map { Double(hidden.elements[$0 * units + unit]) }
      let mean = values.reduce(0, +) / Double(rows)
      let spread = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(rows)).squareRoot()
      return spread > 1e-6 ? values.map { ($0 - mean) / spread } : nil
    }
    var (sum, pairs) = (0.0, 0.0)
    for a in columns.indices.prefix(40) {
      for b in columns.indices.prefix(40) where b > a {
        var product = 0.0
        for row in 0..<rows { product += columns[a][row] * columns[b][row] }
        sum += abs(product / Double(rows))
        pairs += 1
      }
    }
    correlation = sum / max(1, pairs)
  }
}
