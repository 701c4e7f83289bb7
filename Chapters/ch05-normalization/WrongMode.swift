// Trained nets with batch norm, tested in the right mode and in wrong ones.

import Foundation
import Workbook

/// What a net with batch norm errs by when the wrong numbers stand in for mean and variance; test errors in per cent, one
/// for each seed.
struct ModeFindings: Codable, Sendable {
  static let batch = 32
  static let youngSteps = 10

  var rate: Double
  /// The stored statistics, as it should be.
  var stored: Summary
  /// The statistics of the batch that is tested: 32 images in the order of the set, 32 images of one digit, one image.
  var ofBatch: Summary
  var ofOneDigit: Summary
  var ofOneImage: Summary
  /// Stored statistics that have seen ten batches since they stood at 0 and 1.
  var young: Summary
}

extension ModeFindings {
  /// Trains the perceptron of the sweeps as there, and tests each net five times.
  init(on digits: Digits, rate: Double, seeds: [UInt64], epochs: Int) throws {
    let found = try inParallel(seeds.count) { place -> [Double] in
      var trainer = Trainer(
        try Model(perceptron(.batch), input: digits.train.sampleShape, seed: seeds[place]), loss: SoftmaxCrossEntropy(),
        optimizer: SGD(), schedule: ConstantRate(Float(rate)), batchSize: 32, seed: seeds[place])
      try trainer.trainResumably(on: digits.train, epochs: epochs)
      let (layers, test) = (trainer.model.layers, digits.test)
      let count = test.count - test.count % Self.batch
      let inOrder = (0..<count).map { $0 }
      let byDigit = (0..<10).flatMap { digit -> [Int] in
        let of = inOrder.filter { Int(test.labels[$0]) == digit }
        return Array(of.prefix(of.count - of.count % Self.batch))
      }
      return [
        100 * evaluate(trainer.model, on: test, loss: SoftmaxCrossEntropy()).error,
        errorByBatch(layers, on: test, inOrder, size: Self.batch),
        errorByBatch(layers, on: test, byDigit, size: Self.batch),
        // The layer refuses a batch of one; two equal images have the same mean and the same variance, 0.
        errorByBatch(layers, on: test, inOrder.flatMap { [$0, $0] }, size: 2),
        100
          * evaluate(
            try trainer.model.withYoungStatistics(of: Self.youngSteps, batches: Self.batch, from: digits.train),
            on: test, loss: SoftmaxCrossEntropy()
          ).error,
      ]
    }
    func of(_ place: Int) -> Summary { Summary(found.map { $0[place] }) }
    self.init(rate: rate, stored: of(0), ofBatch: of(1), ofOneDigit: of(2), ofOneImage: of(3), young: of(4))
  }
}

// snippet: errorByBatch
/// The error in per cent of a net left in training mode, so that each batch is
/// normalized with its own mean and variance.
func errorByBatch(
  _ layers: Sequential, on test: Dataset, _ order: [Int], size: Int
) -> Double {
  var (net, wrong) = (layers, 0)
  for first in stride(from: 0, to: order.count, by: size) {
    let batch = test.batch(order[first..<first + size])
    let scores = net.forward(batch.inputs, mode: .training).elements
    for (row, label) in batch.labels.enumerated() {
      let own = scores[row * 10..<row * 10 + 10]
      if (own.max() ?? 0) > own[own.startIndex + label] { wrong += 1 }
    }
  }
  return 100 * Double(wrong) / Double(order.count)
}
// snippet.end

extension Model {
  /// The same weights with running statistics that stood at 0 and 1 and have seen so many batches of `data` since.
  func withYoungStatistics(of steps: Int, batches size: Int, from data: Dataset) throws -> Model {
    var model = self
    model.visitBuffers { name, tensor in tensor.fill(name.hasSuffix("running_var") ? 1 : 0) }
    for step in 0..<steps {
      _ = model.layers.forward(
        data.batch((step * size..<(step + 1) * size).map { $0 % data.count }[...]).inputs, mode: .training)
    }
    return model
  }
}
