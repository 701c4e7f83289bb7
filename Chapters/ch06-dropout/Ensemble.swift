// All 2^M thinned nets of a small net, averaged exactly, against one pass with scaled weights.

import Foundation
import Workbook

/// A net with M hidden units, trained with dropout on them, and every net that dropout can make of it.
struct ExactEnsemble: Codable, Sendable {
  /// M.
  var units: Int
  /// The number of thinned nets, 2^M.
  var nets: Int
  /// Test errors in per cent: the same net trained without dropout; then, with it, the mean of the thinned nets, their
  /// averaged probabilities, and one pass with scaled weights.
  var plainError: Double
  var singleError: Double
  var averageError: Double
  var scaledError: Double
  /// The largest difference of a probability between the scaled net and the geometric mean.
  var differenceFromGeometric: Double
}

extension ExactEnsemble {
  /// Trains 784 → M → 10 without dropout and with a rate of ½ on the hidden units, then runs all 2^M nets on the test
  /// images.
  ///
  /// With p = ½ every mask is equally likely, so the exact expectation is the plain mean over all of them.
  init(units: Int = 10, train: Dataset, test: Dataset, steps: Int, seed: UInt64) throws {
    let batch = test.batch(first: test.count)
    let plain = try Self.trained(units: units, dropping: 0, on: train, steps: steps, seed: seed)
    let net = try Self.trained(units: units, dropping: 0.5, on: train, steps: steps, seed: seed)
    let hidden = layerOutputs(of: net.layers, on: batch.inputs)[2].output
    guard var last = net.layers["out"] as? Dense else { preconditionFailure("the net below ends in a dense layer") }

    self.units = units
    nets = 1 << units
    let (average, geometric, single) = Self.averageAll(last, hidden, batch.labels)
    var softmax = Softmax()
    let scaled = softmax.forward(last.forward(hidden))
    plainError = 100 * evaluate(plain, on: test, loss: SoftmaxCrossEntropy()).error
    singleError = single
    averageError = errorShare(average, batch.labels)
    scaledError = errorShare(scaled.elements, batch.labels)
    differenceFromGeometric = zip(scaled.elements, geometric).map { abs(Double($0) - $1) }.max() ?? .nan
  }

  private static func trained(
    units: Int, dropping rate: Float, on train: Dataset, steps: Int, seed: UInt64
  ) throws -> Model {
    let net = Sequential([
      "flatten": Flatten(), "fc1": Dense(784, units, initializer: .heNormal), "act1": ReLU(),
      "drop": Dropout(dropping: rate), "out": Dense(units, 10, initializer: .lecunNormal),
    ])
    let epochs = max(1, steps * 25 / train.count)
    var trainer = Trainer(
      try Model(net, input: train.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: SGD(),
      schedule: CosineDecay(0.1, over: epochs), batchSize: 25, seed: seed)
    try trainer.trainResumably(on: train, epochs: epochs)
    return trainer.model
  }

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
      let (z, q) = (logits.elements, probabilities.elements)
      for i in average.indices {
        average[i] += Double(q[i]) / Double(nets)
        // The logarithm of a softmax is the logit minus a constant of its row,
        // and constants of a row vanish when the mean is normalized.
        logarithms[i] += Double(z[i]) / Double(nets)
      }
      errors += errorShare(q, labels)
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
}

/// A wide net trained with dropout, and some of the nets that dropout can make of it, drawn at random; errors in per cent.
struct SampledEnsemble: Codable, Sendable {
  /// The same net trained without dropout.
  var plainError: Double
  /// One pass with all units.
  var scaledError: Double
  /// The error of an average over k thinned nets, for each of `counts`: the mean over as many groups as there are.
  var errors: [Double]
  static let counts = [1, 2, 4, 8, 16, 32, 64]

  var singleError: Double { errors[0] }
  var averageError: Double { errors[errors.count - 1] }
  /// How much of what averaging saves over one thinned net one pass saves as well: 1 for all of it.
  var shareOfOnePass: Double { (singleError - scaledError) / (singleError - averageError) }
}

extension SampledEnsemble {
  init(_ model: Model, plain: Model, on test: Dataset, seed: UInt64) {
    let (batch, masks) = (test.batch(first: test.count), Self.counts[Self.counts.count - 1])
    var (layers, softmax) = (model.layers, Softmax())
    let votes = (0..<masks).map { mask in
      softmax.forward(layers.forward(batch.inputs, mode: .training, seed: seed &+ UInt64(mask) &* 7919))
    }
    errors = Self.counts.map { count in
      Summary(
        stride(from: 0, to: masks, by: count).map { first in
          var sum = [Double](repeating: 0, count: batch.count * 10)
          for vote in votes[first..<first + count] {
            vote.withUnsafeElements { for i in sum.indices { sum[i] += Double($0[i]) } }
          }
          return errorShare(sum, batch.labels)
        }
      ).mean
    }
    plainError = 100 * evaluate(plain, on: test, loss: SoftmaxCrossEntropy()).error
    scaledError = 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error
  }
}

/// The share of rows of ten whose largest number is not at the label, in per cent.
func errorShare(_ scores: [some Comparable], _ labels: [Int]) -> Double {
  var wrong = 0
  for (n, label) in labels.enumerated() {
    var best = 0
    for j in 1..<10 where scores[n * 10 + j] > scores[n * 10 + best] { best = j }
    if best != label { wrong += 1 }
  }
  return 100 * Double(wrong) / Double(labels.count)
}
