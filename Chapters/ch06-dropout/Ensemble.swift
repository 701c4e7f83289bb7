// All 2^M thinned nets of a small net, averaged exactly, against one pass with scaled weights.

import Foundation
import Workbook

/// A net with M hidden units, trained with dropout on them, and every net that dropout can make of it.
struct ExactEnsemble: Codable, Sendable {
  /// M.
  var units: Int
  /// The number of thinned nets, 2^M.
  var nets: Int
  /// Test errors in per cent: the mean of the thinned nets, their averaged probabilities, the normalized geometric mean
  /// of these, and one pass with scaled weights.
  var singleError: Double
  var averageError: Double
  var geometricError: Double
  var scaledError: Double
  /// The largest difference of a probability between the scaled net and the geometric, the arithmetic mean.
  var differenceFromGeometric: Double
  var differenceFromAverage: Double
  /// The mean difference of a probability between the scaled net and the arithmetic mean.
  var meanDifference: Double
  /// The test error of averages over the first k sampled nets, for each of `sampleCounts`.
  var sampledErrors: [Double]
  static let sampleCounts = [1, 2, 4, 8, 16, 32, 64, 128, 256]
}

extension ExactEnsemble {
  /// Trains 784 → M → 10 with a dropout rate of ½ on the hidden units, then runs all 2^M nets on the test images.
  ///
  /// With p = ½ every mask is equally likely, so the exact expectation is the plain mean over all of them.
  init(units: Int = 10, on digits: Digits, passes: Int, seed: UInt64) throws {
    let loss = SoftmaxCrossEntropy()
    let net = Sequential([
      "flatten": Flatten(), "fc1": Dense(784, units, initializer: .heNormal), "act1": ReLU(),
      "drop": Dropout(dropping: 0.5), "out": Dense(units, 10, initializer: .lecunNormal),
    ])
    var trainer = Trainer(
      try Model(net, input: digits.train.sampleShape, seed: seed), loss: loss, optimizer: SGD(momentum: 0.9),
      schedule: ConstantRate(0.01), batchSize: 25, seed: seed)
    try trainer.trainResumably(on: digits.train, epochs: max(1, 2 * passes / digits.train.count))
    let batch = digits.test.batch(first: digits.test.count)
    let outputs = layerOutputs(of: trainer.model.layers, on: batch.inputs)
    let hidden = outputs[2].output
    guard let last = trainer.model.layers["out"] as? Dense else {
      preconditionFailure("the net above ends in a dense layer")
    }

    self.units = units
    nets = 1 << units
    let (average, geometric, single) = Self.averageAll(last, hidden, batch.labels)
    var (plain, softmax) = (last, Softmax())
    let scaled = softmax.forward(plain.forward(hidden))
    singleError = single
    averageError = Self.error(average, batch.labels)
    geometricError = Self.error(geometric, batch.labels)
    scaledError = Self.error(scaled.elements.map(Double.init), batch.labels)
    let differences = zip(scaled.elements, average).map { abs(Double($0) - $1) }
    differenceFromAverage = differences.max() ?? .nan
    meanDifference = differences.reduce(0, +) / Double(differences.count)
    differenceFromGeometric = zip(scaled.elements, geometric).map { abs(Double($0) - $1) }.max() ?? .nan

    // Masks drawn at random, as one would do where 2^M is too many.
    var generator = SeededGenerator(seed: seed, stream: 64)
    var sum = [Double](repeating: 0, count: scaled.count)
    sampledErrors = []
    for k in 1...(Self.sampleCounts.last ?? 1) {
      var net = Self.thinned(last, generator.nextInt(below: nets))
      let probabilities = softmax.forward(net.forward(hidden))
      for i in sum.indices { sum[i] += Double(probabilities.elements[i]) }
      if Self.sampleCounts.contains(k) { sampledErrors.append(Self.error(sum, batch.labels)) }
    }
  }

  // snippet: averageAll
  /// Runs every thinned net on the hidden activations; returns the arithmetic
  /// and the normalized geometric mean of the probabilities, and the mean error.
  private static func averageAll(
    _ last: Dense, _ hidden: Tensor, _ labels: [Int]
  ) -> (average: [Double], geometric: [Double], singleError: Double) {
    let nets = 1 << last.inputs
    var average = [Double](repeating: 0, count: labels.count * 10)
    var (logarithms, errors) = (average, 0.0)
    var softmax = Softmax()
    for mask in 0..<nets {
      var net = thinned(last, mask)
      let logits = net.forward(hidden)
      let probabilities = softmax.forward(logits)
      for i in average.indices {
        average[i] += Double(probabilities.elements[i]) / Double(nets)
        // The logarithm of a softmax is the logit minus a constant of its row,
        // and constants of a row vanish when the mean is normalized.
        logarithms[i] += Double(logits.elements[i]) / Double(nets)
      }
      errors += error(probabilities.elements.map(Double.init), labels)
    }
    return (average, normalized(logarithms), errors / Double(nets))
  }

  /// The output layer with the inputs in `mask` alone, scaled up by 2 as in
  /// training with p = ½.
  static func thinned(_ last: Dense, _ mask: Int) -> Dense {
    var thin = last
    let inputs = last.inputs
    thin.weight.value.withUnsafeMutableElements { w in
      for i in w.indices { w[i] *= mask >> (i % inputs) & 1 == 1 ? 2 : 0 }
    }
    return thin
  }
  // snippet.end

  /// exp of each row, divided by its sum.
  private static func normalized(_ logarithms: [Double]) -> [Double] {
    stride(from: 0, to: logarithms.count, by: 10).flatMap { start -> [Double] in
      let row = logarithms[start..<start + 10]
      let largest = row.max() ?? 0
      let powers = row.map { exp($0 - largest) }
      let sum = powers.reduce(0, +)
      return powers.map { $0 / sum }
    }
  }

  /// The share of rows of ten whose largest number is not at the label, in per cent.
  private static func error(_ scores: [Double], _ labels: [Int]) -> Double {
    var wrong = 0
    for (n, label) in labels.enumerated() {
      var best = 0
      for j in 1..<10 where scores[n * 10 + j] > scores[n * 10 + best] { best = j }
      if best != label { wrong += 1 }
    }
    return 100 * Double(wrong) / Double(labels.count)
  }
}
