// Where the statistics come from: the training set alone, or a look at the test set too.

import Workbook

/// What a classifier reports if its preparation has seen the test set, and if it has not.
struct LeakRun: Codable, Sendable {
  /// The test error in per cent with statistics of the training set.
  var honest: Double
  /// The same with statistics of both sets.
  var leaked: Double
}

/// Halves the side of each image by averages of 2×2: enough for digits, and eigenvectors in a moment.
func halved(_ samples: TensorSamples) -> TensorSamples {
  var pool = AveragePool(2)
  return TensorSamples(
    name: samples.name, inputs: pool.forward(samples.inputs), labels: samples.labels, classCount: samples.classCount)
}

// snippet: leak
/// Trains a linear classifier on few images, with statistics from the training
/// images alone and with statistics from training and test images together.
func leak(
  _ method: Method, epsilon: Float, train: TensorSamples, test: TensorSamples,
  epochs: Int, rate: Float, seed: UInt64
) throws -> LeakRun {
  let both = Tensor(
    train.sampleShape.batched(train.count + test.count),
    train.inputs.elements + test.inputs.elements)
  let errors = try [train.inputs, both].map { seen in
    let preparation = method.fit(seen, epsilon: epsilon)
    return try linearError(
      train: train.prepared(by: preparation), test: test.prepared(by: preparation),
      epochs: epochs, rate: rate, seed: seed)
  }
  return LeakRun(honest: 100 * errors[0], leaked: 100 * errors[1])
}
// snippet.end

/// The test error of a linear classifier, 0 … 1.
func linearError(
  train: TensorSamples, test: TensorSamples, epochs: Int, rate: Float, seed: UInt64
) throws -> Double {
  let net = Sequential(["flatten": Flatten(), "output": Dense(train.sampleShape.count, 10)])
  var trainer = Trainer(
    try Model(net, input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
    schedule: ConstantRate(rate), batchSize: 20, seed: seed)
  try trainer.trainResumably(on: train, epochs: epochs)
  return evaluate(trainer.model, on: test, loss: SoftmaxCrossEntropy()).error
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
  /// One digit class at a time, prepared with the statistics of that class's test images.
  var alone: Double
}

/// Measures what statistics of the test set hide, and what they break.
func camera(train: TensorSamples, test: TensorSamples, epochs: Int, rate: Float, seed: UInt64) throws -> CameraRun {
  let method = Method.meanImage
  let seen = method.fit(train.inputs)
  let net = Sequential(["flatten": Flatten(), "output": Dense(train.sampleShape.count, 10)])
  var trainer = Trainer(
    try Model(net, input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
    schedule: ConstantRate(rate), batchSize: 20, seed: seed)
  try trainer.trainResumably(on: train.prepared(by: seen), epochs: epochs)
  func error(_ samples: TensorSamples) -> Double {
    100 * evaluate(trainer.model, on: samples, loss: SoftmaxCrossEntropy()).error
  }
  var brighter = test
  brighter.inputs.withUnsafeMutableElements { pixels in
    for i in pixels.indices { pixels[i] = 0.5 + 0.5 * pixels[i] }
  }
  var mistakes = 0.0
  for digit in 0..<10 {
    let part = test.only(digit)
    if part.count > 0 { mistakes += error(part.prepared(by: method.fit(part.inputs))) * Double(part.count) }
  }
  return CameraRun(
    usual: error(test.prepared(by: seen)), training: error(brighter.prepared(by: seen)),
    own: error(brighter.prepared(by: method.fit(brighter.inputs))), alone: mistakes / Double(test.count))
}

extension TensorSamples {
  /// The samples at some places.
  func at(_ indices: [Int]) -> TensorSamples {
    var batch = Batch()
    load(indices[...], into: &batch)
    return TensorSamples(name: name, inputs: batch.inputs, labels: batch.labels, classCount: classCount)
  }

  /// The samples of one class.
  func only(_ label: Int) -> TensorSamples { at(labels.indices.filter { labels[$0] == label }) }

  /// `count` random samples.
  func drawn(_ count: Int, seed: UInt64) -> TensorSamples {
    var generator = SeededGenerator(seed: seed, stream: 0x1EA)
    return at(Array(generator.permutation(of: self.count).prefix(count)))
  }
}
