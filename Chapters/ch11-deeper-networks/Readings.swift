// How well a linear layer reads the digit after each block of a deep net before training: what the layers hand on.

import Foundation
import Workbook

/// Errors on new digits of a linear layer that is trained on what a net, itself untrained, makes of them after so many
/// blocks (Alain and Bengio 2016, *Understanding intermediate layers using linear classifier probes*).
struct LinearReadings: Codable, Sendable {
  /// Digits to learn from, and new ones.
  var trainingCount: Int
  var testCount: Int
  /// So many blocks were passed.
  var blocks: [Int]
  var nets: [Net]

  struct Net: Codable, Sendable {
    var net: DeepNet
    /// [place in `blocks`]: new digits that the linear layer gets wrong, in percent, over the seeds.
    var errors: [Summary]
  }

  func net(_ start: DeepNet.Start? = nil, residual: Bool = false) -> Net? {
    nets.first { $0.net.start == start && $0.net.isResidual == residual }
  }
}

extension LinearReadings {
  /// Reads the deep net as it is, with each of the starts, and the residual one.
  init(deep: Int, _ course: Course, report: (String) -> Void) throws {
    let test = course.test.prefix(2_000)
    (trainingCount, testCount) = (course.data.count, test.count)
    let places = Array(stride(from: 0, through: deep, by: max(1, deep / 8)))
    blocks = places
    nets = try
      ([nil, .open, .identity, .rotation].map { DeepNet(blocks: deep, isResidual: false, start: $0) }
      + [DeepNet(blocks: deep, isResidual: true)]).map { net in
        report(net.name)
        let found = try inParallel(course.seeds.count) { index in
          let seed = course.seeds[index]
          let model = try DeepRun.trainer(of: net, course, seed: seed).model
          let seen = Self.signals(in: model, course.data, after: places)
          let unseen = Self.signals(in: model, test, after: places)
          return try zip(seen, unseen).map { try Self.error(seen: $0, unseen: $1, seed: seed) }
        }
        return Net(
          net: net, errors: places.indices.map { place in Summary(found.map { $0[place] }).rounded(decimals: 2) })
      }
  }

  /// What the net hands on after each of these numbers of blocks, with the statistics of the whole batch.
  private static func signals(in model: Model, _ data: Dataset, after places: [Int]) -> [TensorSamples] {
    let batch = data.batch(first: data.count)
    var (x, passed, found) = (batch.inputs, 0, [TensorSamples]())
    for (index, entry) in model.layers.entries.enumerated() {
      var layer = entry.layer
      x = layer.forward(x, mode: .training)
      let next = index + 1 < model.layers.entries.count ? model.layers.entries[index + 1].name : ""
      if entry.name.hasPrefix("block") { passed += 1 }
      // A plain block is followed by the ReLU that a residual one has inside.
      let isEnd = entry.name == "pool1" || passed > 0 && !next.hasPrefix("relu")
      if isEnd, found.count < places.count, places[found.count] == passed {
        found.append(TensorSamples(name: data.name, inputs: x, labels: batch.labels, classCount: data.classCount))
      }
    }
    return found
  }

  /// The error on the unseen signals of a linear layer that has learned the seen ones, in percent.
  private static func error(seen: TensorSamples, unseen: TensorSamples, seed: UInt64) throws -> Double {
    let inputs = seen.sampleShape.count
    let layers = Sequential {
      Flatten().named("flatten")
      // Each input has mean 0 and deviation 1: no net is read better for the size of its signal alone.
      BatchNorm(inputs).named("norm")
      Dense(inputs, 10).named("fc")
    }
    var trainer = Trainer(
      try Model(layers, input: seen.sampleShape, seed: seed), loss: SoftmaxCrossEntropy(), optimizer: Adam(),
      schedule: CosineDecay(0.003, over: 10), batchSize: 32, seed: seed)
    try trainer.trainResumably(on: seen, epochs: 10)
    return 100 * evaluate(trainer.model, on: unseen, loss: SoftmaxCrossEntropy()).error
  }
}
