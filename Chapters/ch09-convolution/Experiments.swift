// The two experiments of chapter 9: whether neighbours matter, and which part earns its place.

import Workbook

/// What a network has wrong, in per cent over the seeds.
struct NetErrors: Codable, Sendable {
  var parameters: Int
  /// With the pixels as they are, and trained again with all pixels shuffled.
  var ordered: Summary
  var shuffled: Summary
}

/// The first experiment: a convolutional net and a dense one of the same size, pixels in order and shuffled.
struct LocalityExperiment: Codable, Sendable {
  var convolutional: NetErrors
  var dense: NetErrors

  /// Takes what has been measured.
  init(convolutional: NetErrors, dense: NetErrors) { (self.convolutional, self.dense) = (convolutional, dense) }

  init(_ bench: Bench, afterEach: () -> Void = {}) throws {
    let trials = [Trial(name: "convolutional", layers: Parts().layers), Trial(name: "dense", layers: denseRival())]
    var scrambled = bench
    scrambled.train = bench.train.permuted(seed: 1)
    scrambled.test = bench.test.permuted(seed: 1)
    let models = try trials.map { try finishedModels($0, in: bench, afterEach: afterEach) }
    let confused = try trials.map { try finishedModels($0, in: scrambled, afterEach: afterEach) }
    let errors = zip(models, confused).map { models, confused in
      NetErrors(
        parameters: models[0].parameterCount, ordered: testErrors(models, on: bench.test),
        shuffled: testErrors(confused, on: scrambled.test))
    }
    self.init(convolutional: errors[0], dense: errors[1])
  }
}

extension LocalityExperiment {
  /// How many times the multiply-adds of the dense net the convolutional one has.
  var workRatio: Double {
    func work(_ layers: Sequential) -> Int {
      table(of: layers, input: LeNet5.inputShape).reduce(0) { $0 + $1.multiplyAdds }
    }
    return Double(work(Parts().layers)) / Double(max(1, work(denseRival(parameters: dense.parameters))))
  }
}

/// The second experiment: pairs of small convolutional networks that differ in one part.
struct PartsExperiment: Codable, Sendable {
  /// Test errors in per cent of each pooling, the first of them known from the experiment before.
  var max: Summary
  var average: Summary
  var overlapping: Summary
  /// Overlapping pooling with local response normalization after it; AlexNet's paper has it in front.
  var responseNorm: Summary
  /// Twelve channels to twelve: one 5×5 convolution, and two 3×3 ones.
  var five: Summary
  var twoThrees: Summary

  static let count = 5

  /// Takes what has been measured.
  init(
    max: Summary, average: Summary, overlapping: Summary, responseNorm: Summary, five: Summary, twoThrees: Summary
  ) {
    (self.max, self.average, self.overlapping, self.responseNorm) = (max, average, overlapping, responseNorm)
    (self.five, self.twoThrees) = (five, twoThrees)
  }

  /// The exchanges of one part for another.
  var exchanges: [(name: String, from: Summary, to: Summary)] {
    [
      (PartExchange.pooling, average, max), (PartExchange.overlap, max, overlapping),
      (PartExchange.lrn, overlapping, responseNorm), (PartExchange.stack, five, twoThrees),
    ]
  }
  /// - Parameter plain: the net with 2×2 maxima and all connections, from the experiment before.
  init(_ bench: Bench, plain: NetErrors, afterEach: () -> Void = {}) throws {
    func errors(_ name: String, _ parts: Parts) throws -> Summary {
      testErrors(
        try finishedModels(Trial(name: name, layers: parts.layers), in: bench, afterEach: afterEach), on: bench.test)
    }
    max = plain.ordered
    average = try errors("average pooling", Parts(pooling: .average))
    overlapping = try errors("overlapping pooling", Parts(pooling: .overlapping))
    responseNorm = try errors("with response normalization", Parts(pooling: .overlapping, hasResponseNorm: true))
    five = try errors("one 5×5", Parts(channels: (12, 12), middle: .five))
    twoThrees = try errors("two 3×3", Parts(channels: (12, 12), middle: .twoThrees))
  }
}
