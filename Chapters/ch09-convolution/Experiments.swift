// The two experiments of chapter 9: whether neighbours matter, and which part earns its place.

import Workbook

/// What a network has wrong, in per cent over the seeds.
struct NetErrors: Codable, Sendable {
  var parameters: Int
  /// With the pixels as they are, and trained again with all pixels shuffled.
  var ordered: Summary
  var shuffled: Summary
  /// Trained on digits in the middle, on digits that are pushed aside by each of some shifts.
  var shifted: [Summary]
  /// How alike the maps of the second convolution are, where there is one: see ``mapSimilarity(_:on:)``.
  var similarity: Summary?
}

/// The first experiment: a convolutional net and a dense one of the same size, pixels in order and shuffled.
struct LocalityExperiment: Codable, Sendable {
  var convolutional: NetErrors
  var dense: NetErrors
  /// Shifts in pixels.
  var shifts: [Int]

  /// At most so many test images are shifted.
  static let movedCount = 2_000

  /// Takes what has been measured.
  init(convolutional: NetErrors, dense: NetErrors, shifts: [Int]) {
    self.convolutional = convolutional
    self.dense = dense
    self.shifts = shifts
  }

  init(_ bench: Bench, shifts: [Int] = [0, 1, 2, 3, 4], afterEach: () -> Void = {}) throws {
    let trials = [Trial(name: "convolutional", layers: Parts().layers), Trial(name: "dense", layers: denseRival())]
    var scrambled = bench
    scrambled.train = bench.train.permuted(seed: 1)
    scrambled.test = bench.test.permuted(seed: 1)
    let models = try trials.map { try finishedModels($0, in: bench, afterEach: afterEach) }
    let confused = try trials.map { try finishedModels($0, in: scrambled, afterEach: afterEach) }
    let moved = shifts.map { bench.test.prefix(Self.movedCount).shifted(right: $0) }
    let errors = zip(models, confused).map { models, confused in
      NetErrors(
        parameters: models[0].parameterCount, ordered: testErrors(models, on: bench.test),
        shuffled: testErrors(confused, on: scrambled.test), shifted: moved.map { testErrors(models, on: $0) },
        similarity: mapSimilarity(models, on: bench.test))
    }
    self.init(convolutional: errors[0], dense: errors[1], shifts: shifts)
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
  /// The connection table of 1998 in place of all connections.
  var table: Summary
  /// How alike the maps of the second convolution are with all connections, and with that table.
  var similarity: (all: Summary, table: Summary) { (allSimilarity, tableSimilarity) }
  private var allSimilarity: Summary
  private var tableSimilarity: Summary
  /// Twelve channels to twelve: one 5×5 convolution, and two 3×3 ones.
  var five: Summary
  var twoThrees: Summary

  static let count = 6

  /// Takes what has been measured.
  init(
    max: Summary, average: Summary, overlapping: Summary, responseNorm: Summary, table: Summary,
    similarity: (all: Summary, table: Summary), five: Summary, twoThrees: Summary
  ) {
    (allSimilarity, tableSimilarity) = similarity
    (self.max, self.average, self.overlapping, self.responseNorm) = (max, average, overlapping, responseNorm)
    (self.table, self.five, self.twoThrees) = (table, five, twoThrees)
  }

  /// The exchanges of one part for another.
  var exchanges: [(name: String, from: Summary, to: Summary)] {
    [
      ("average → max", average, max), ("tiling → overlapping", max, overlapping),
      ("without → with LRN", overlapping, responseNorm), ("5×5 → two 3×3", five, twoThrees),
      ("all → table of 1998", max, table),
    ]
  }
  /// What each of them takes off the error.
  var gains: [Comparison] {
    let exchanges = exchanges
    return exchanges.map { Comparison(from: $0.from, to: $0.to, among: exchanges.count) }
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
    let withTable = try finishedModels(
      Trial(name: "table of 1998", layers: Parts(middle: .table).layers), in: bench, afterEach: afterEach)
    table = testErrors(withTable, on: bench.test)
    allSimilarity = plain.similarity ?? Summary([])
    tableSimilarity = mapSimilarity(withTable, on: bench.test) ?? Summary([])
    five = try errors("one 5×5", Parts(channels: (12, 12), middle: .five))
    twoThrees = try errors("two 3×3", Parts(channels: (12, 12), middle: .twoThrees))
  }
}
