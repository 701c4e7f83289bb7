// Where the statistics come from: the training set alone, or a look at the test set too.

import Foundation
import Workbook

/// The test errors in per cent of a classifier whose preparation has seen more or less.
struct LeakRun: Codable, Sendable {
  /// Statistics of the training images alone.
  var alone: Double
  /// Of the training images and the test images.
  var withTest: Double
  /// Of the training images and as many others that are neither: the control.
  var withOthers: Double
  /// The rate that each of the three was given, by validation images.
  var rates: [Float]?
}

/// Halves the side of each image by averages of 2×2: enough for digits, and eigenvectors in a moment.
func halved(_ samples: TensorSamples) -> TensorSamples {
  var pool = AveragePool(2)
  return TensorSamples(
    name: samples.name, inputs: pool.forward(samples.inputs), labels: samples.labels, classCount: samples.classCount)
}

/// Trains a linear classifier on few images, prepared with statistics of the
/// training images alone, of these and the test images, of these and others;
/// each at the rate with the fewest errors on validation images.
func leak(
  _ method: Method, epsilon: Float, train: TensorSamples, test: TensorSamples,
  others: TensorSamples, validation: TensorSamples,
  epochs: Int, rates: [Float], seed: UInt64
) throws -> LeakRun {
  let best = try [nil, test, others].map { more in
    let preparation = method.fit(
      train.joined(with: more), epsilon: epsilon)
    let seen = train.prepared(by: preparation)
    let held = validation.prepared(by: preparation)
    let unseen = test.prepared(by: preparation)
    let runs = try rates.compactMap { rate in
      try linearModel(seen, epochs: epochs, rate: rate, seed: seed).map {
        (rate: rate, chosen: errors($0, on: held), error: errors($0, on: unseen))
      }
    }
    return runs.min { $0.chosen < $1.chosen } ?? (rates[0], 100, .nan)
  }
  return LeakRun(
    alone: best[0].error, withTest: best[1].error,
    withOthers: best[2].error, rates: best.map(\.rate))
}

/// The errors in per cent of a classifier that has nothing to learn: its labels are coins.
struct ChoiceRun: Codable, Sendable {
  /// Features chosen on the training set; the error on the test set.
  var honest: Double
  /// Features chosen on training and test set together; the error on the test set, and on samples never looked at.
  var leaked: Double
  var unseen: Double
}

/// Random samples with random labels, −1 or 1: there is nothing to learn.
struct Coins: Sendable {
  var features: Int
  var inputs: [Float]
  var labels: [Float]

  init(count: Int, features: Int, seed: UInt64) {
    var generator = SeededGenerator(seed: seed, stream: 0xC0)
    var x = Tensor(zeros: [count, features])
    x.fillNormal(standardDeviation: 1, using: &generator)
    (self.features, inputs) = (features, x.elements)
    labels = (0..<count).map { _ in Float(2 * generator.nextInt(below: 2) - 1) }
  }

  /// The error in per cent on the samples `tested` of a classifier that adds up the
  /// features that agree best with the labels of the samples `seen`.
  func error(
    trainedOn train: Range<Int>, choosing chosen: Int, by seen: Range<Int>,
    testedOn tested: Range<Int>
  ) -> Double {
    func agreement(_ feature: Int, _ samples: Range<Int>) -> Float {
      samples.reduce(0) { $0 + labels[$1] * inputs[$1 * features + feature] }
    }
    let all = (0..<features).map { (feature: $0, size: abs(agreement($0, seen))) }
    let best = all.sorted { $0.size > $1.size }.prefix(chosen).map(\.feature)
    // The weights are learned from the training samples alone, in either case.
    let weights = best.map { agreement($0, train) }
    let wrong = tested.count { n in
      let sum = zip(best, weights).reduce(Float(0)) {
        $0 + $1.1 * inputs[n * features + $1.0]
      }
      return sum * labels[n] <= 0
    }
    return 100 * Double(wrong) / Double(tested.count)
  }
}

/// Chooses features on the training set, and on training and test set together.
///
/// - Parameters:
///   - count: the samples of each set: training, test, unseen.
///   - features: how many there are to choose from, `chosen` of them.
func chooseFeatures(count: Int, features: Int, chosen: Int, seed: UInt64) -> ChoiceRun {
  let coins = Coins(count: 3 * count, features: features, seed: seed)
  let (train, both) = (0..<count, 0..<2 * count)
  func error(by seen: Range<Int>, testedOn tested: Range<Int>) -> Double {
    coins.error(trainedOn: train, choosing: chosen, by: seen, testedOn: tested)
  }
  return ChoiceRun(
    honest: error(by: train, testedOn: count..<2 * count), leaked: error(by: both, testedOn: count..<2 * count),
    unseen: error(by: both, testedOn: 2 * count..<3 * count))
}

/// A linear classifier, trained; nil where it diverged.
func linearModel(_ train: TensorSamples, epochs: Int, rate: Float, seed: UInt64) throws -> Model? {
  let net = Sequential(["flatten": Flatten(), "output": Dense(train.sampleShape.count, 10)])
  var trainer = Trainer(
    try Model(net, input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
    schedule: ConstantRate(rate), batchSize: 20, seed: seed)
  do { try trainer.trainResumably(on: train, epochs: epochs) } catch is Divergence { return nil }
  return trainer.model
}

/// The error of a model in per cent.
func errors(_ model: Model, on samples: TensorSamples) -> Double {
  100 * evaluate(model, on: samples, loss: SoftmaxCrossEntropy()).error
}

/// The test errors in per cent of a classifier whose test images come from another camera: brighter, with less
/// contrast, x′ = ½ + x/2.
struct CameraRun: Codable, Sendable {
  /// Images as the training set's, prepared with its statistics.
  var usual: Double
  /// Brighter images, prepared with the statistics of the training set: what a user would meet.
  var training: Double
  /// Brighter images, prepared with their own statistics: what the laboratory reports if it looks at them.
  var own: Double
  /// The control: images as the training set's with half the contrast about its mean image, prepared with its statistics.
  var faded: Double?
}

/// Measures what statistics of the test set hide.
func camera(train: TensorSamples, test: TensorSamples, epochs: Int, rate: Float, seed: UInt64) throws -> CameraRun {
  let method = Method.meanImage
  let seen = method.fit(train.inputs)
  let model = try linearModel(train.prepared(by: seen), epochs: epochs, rate: rate, seed: seed)
  func error(_ samples: TensorSamples) -> Double { model.map { errors($0, on: samples) } ?? .nan }
  var brighter = test
  brighter.inputs.withUnsafeMutableElements { pixels in
    for i in pixels.indices { pixels[i] = 0.5 + 0.5 * pixels[i] }
  }
  // m + (x − m)/2, and m subtracted.
  var faded = test.prepared(by: seen)
  faded.inputs.withUnsafeMutableElements { pixels in
    for i in pixels.indices { pixels[i] *= 0.5 }
  }
  return CameraRun(
    usual: error(test.prepared(by: seen)), training: error(brighter.prepared(by: seen)),
    own: error(brighter.prepared(by: method.fit(brighter.inputs))), faded: error(faded))
}

extension TensorSamples {
  /// The samples at some places.
  func at(_ indices: [Int]) -> TensorSamples {
    var batch = Batch()
    load(indices[...], into: &batch)
    return TensorSamples(name: name, inputs: batch.inputs, labels: batch.labels, classCount: classCount)
  }

  /// The inputs of these samples and of others.
  func joined(with others: TensorSamples?) -> Tensor {
    guard let others else { return inputs }
    return Tensor(sampleShape.batched(count + others.count), inputs.elements + others.inputs.elements)
  }

  /// `count` random samples.
  func drawn(_ count: Int, seed: UInt64) -> TensorSamples {
    var generator = SeededGenerator(seed: seed, stream: 0x1EA)
    return at(Array(generator.permutation(of: self.count).prefix(count)))
  }
}
