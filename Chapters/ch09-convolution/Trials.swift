// The trainings of chapter 9: which part of a small convolutional network earns its place.

import Foundation
import Workbook

/// What all trainings of this chapter share.
struct Bench: Sendable {
  var train: Dataset
  var test: Dataset
  var epochs: Int
  var seeds: [UInt64]
  var rate: Float = 0.003
}

/// A network to try: a name, and its layers.
struct Trial: Sendable {
  var name: String
  var layers: Sequential
}

// snippet: finishedModels
/// Trains a network once for each seed: cross-entropy, batches of 32, momentum
/// 0.9, a rate that falls along a cosine so that the last steps are small.
func finishedModels(
  _ trial: Trial, in bench: Bench, afterEach: () -> Void = {}
) throws -> [Model] {
  try bench.seeds.map { seed in
    let model = try Model(trial.layers, input: bench.train.sampleShape, seed: seed)
    var trainer = Trainer(
      model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
      schedule: CosineDecay(bench.rate, over: bench.epochs),
      batchSize: 32, seed: seed)
    try trainer.trainResumably(on: bench.train, epochs: bench.epochs)
    afterEach()
    return trainer.model
  }
}
// snippet.end

/// The test errors of several models in per cent.
func testErrors(_ models: [Model], on test: Dataset) -> Summary {
  Summary(models.map { 100 * evaluate($0, on: test, loss: SoftmaxCrossEntropy()).error })
}

/// A LeNet with parts to choose: for 32×32 images, always 14×14 behind the first pooling and 5×5 behind the second.
struct Parts: Sendable {
  enum Pooling: Sendable { case average, max, overlapping }
  enum Middle: Sendable {
    /// One 5×5 convolution over the 14×14 maps.
    case five
    /// Two 3×3 convolutions with a ReLU between them: the same reach.
    case twoThrees
    /// One 5×5 convolution in which each filter sees only the maps of the table of 1998; needs 6 and 16 channels.
    case table
  }
  var channels = (first: 6, second: 16)
  var pooling = Pooling.max
  var middle = Middle.five
  var hasResponseNorm = false

  private var pool: any Layer {
    switch pooling {
    case .average: AveragePool(2)
    case .max: MaxPool(2)
    // Rounded up, so that the maps are as large as with the other two: (28 − 3)/2 + 1 = 13.5 → 14.
    case .overlapping: MaxPool(3, stride: 2, roundsUp: true)
    }
  }

  var layers: Sequential {
    let (first, second) = channels
    return Sequential {
      Conv2D(1, first, kernel: 5, initializer: .heNormal).named("conv1")
      ReLU().named("relu1")
      pool.named("pool1")
      if hasResponseNorm { LocalResponseNorm(alpha: 5e-4, k: 2).named("norm1") }
      switch middle {
      case .five: Conv2D(first, second, kernel: 5, initializer: .heNormal).named("conv2")
      case .table: TableConv2D(.lenet5, kernel: 5, initializer: .heNormal).named("conv2")
      case .twoThrees:
        Conv2D(first, second, kernel: 3, initializer: .heNormal).named("conv2a")
        ReLU().named("relu2a")
        Conv2D(second, second, kernel: 3, initializer: .heNormal).named("conv2b")
      }
      ReLU().named("relu2")
      pool.named("pool2")
      if hasResponseNorm { LocalResponseNorm(alpha: 5e-4, k: 2).named("norm2") }
      Flatten().named("flatten")
      Dense(second * 25, 120, initializer: .heNormal).named("fc1")
      ReLU().named("relu3")
      Dense(120, 84, initializer: .heNormal).named("fc2")
      ReLU().named("relu4")
      Dense(84, 10, initializer: .heNormal).named("fc3")
    }
  }
}

/// A dense network of two layers with about as many parameters as LeNet-5.
func denseRival(parameters: Int = 61_706, inputs: Int = 1024) -> Sequential {
  // h·(inputs + 1) + 10·(h + 1) = parameters
  let hidden = (parameters - 10) / (inputs + 11)
  return Sequential([
    "flatten": Flatten(), "fc1": Dense(inputs, hidden, initializer: .heNormal), "relu1": ReLU(),
    "fc2": Dense(hidden, 10, initializer: .heNormal),
  ])
}

extension Dataset {
  /// The same images with their pixels in another order, one order for all.
  func permuted(seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 0x9E12)
    let size = imageShape.count
    let order = generator.permutation(of: size)
    var result = self
    result.name = name + ", pixels shuffled"
    result.pixels = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for index in 0..<self.count {
          for place in 0..<size { target[index * size + place] = source[index * size + order[place]] }
        }
      }
      count = pixels.count
    }
    return result
  }

  /// The same images moved to the right, black where they were.
  func shifted(right distance: Int) -> Dataset {
    let width = imageShape[2]
    var result = self
    result.pixels = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, count in
      pixels.withUnsafeBufferPointer { source in
        for row in 0..<source.count / width {
          for x in 0..<width { target[row * width + x] = x >= distance ? source[row * width + x - distance] : 0 }
        }
      }
      count = pixels.count
    }
    return result
  }
}

/// Two ways of doing one thing, run with the same seeds.
struct Comparison: Sendable {
  /// What a comparison comes to.
  enum Finding: String, Sendable {
    case tooFewRuns = "too few runs"
    case gain
    /// Beyond chance, but of 0.05 points or less.
    case smallGain = "small gain"
    case chance
    case loss
  }

  /// What the new way takes off the error, in percentage points, seed by seed.
  var gain: Summary

  init(from old: Summary, to new: Summary) { gain = old - new }

  /// The difference of two comparisons with the same seeds.
  init(_ first: Comparison, minus second: Comparison) { gain = first.gain - second.gain }

  /// A gain or loss is beyond chance where the 95 % interval of its mean leaves out 0. One run says nothing about
  /// chance.
  var finding: Finding {
    if !isMeasured { return .tooFewRuns }
    if !isClear(gain, beyond: 0) { return .chance }
    return gain.mean < 0 ? .loss : gain.mean > 0.05 ? .gain : .smallGain
  }

  /// Reproduced where there is a gain; partly where it is small, or seen in too few runs; not here where it is chance.
  var verdict: Claim.Verdict {
    switch finding {
    case .gain: .reproduced
    case .smallGain: .partly
    case .tooFewRuns: gain.mean > 0.05 ? .partly : .notHere
    case .chance, .loss: .notHere
    }
  }

  /// Whether there are enough runs to tell a gain from chance.
  var isMeasured: Bool { gain.values.count >= 3 }

  /// `0.42 ± 0.10 points fewer errors`.
  var measured: String {
    let size = Summary(gain.mean < 0 ? gain.values.map { -$0 } : gain.values)
    return size.formatted(decimals: 2) + " points " + (gain.mean < 0 ? "more" : "fewer") + " errors"
  }

  /// Why the verdict is what it is, and what else there is to say.
  func reason(_ remarks: String...) -> String {
    let finding =
      switch finding {
      case .tooFewRuns: "so few runs cannot tell a gain from chance"
      case .gain: ""
      case .smallGain: "more than chance, but not over 0.05 points"
      case .chance: "no more than chance: the mean may be off by \(fixed(gain.uncertainty, 2))"
      case .loss: "a loss, and more than chance"
      }
    return ([finding] + remarks).filter { !$0.isEmpty }.joined(separator: "; ")
  }
}

/// The first experiment: a convolutional net and a dense one of the same size, pixels in order and shuffled.
struct LocalityExperiment: Sendable {
  /// Test errors in per cent: as they are, and shuffled.
  var convolutional: (ordered: Summary, shuffled: Summary)
  var dense: (ordered: Summary, shuffled: Summary)
  /// Shifts in pixels, and the errors of both nets (trained on digits in the middle) on shifted digits.
  var shifts: [Int]
  var shiftedErrors: (convolutional: [Summary], dense: [Summary])
  var parameters: (convolutional: Int, dense: Int)

  init(_ bench: Bench, shifts: [Int] = [0, 1, 2, 3, 4], afterEach: () -> Void = {}) throws {
    let trials = (Trial(name: "convolutional", layers: Parts().layers), Trial(name: "dense", layers: denseRival()))
    var scrambled = bench
    scrambled.train = bench.train.permuted(seed: 1)
    scrambled.test = bench.test.permuted(seed: 1)
    let models = (
      try finishedModels(trials.0, in: bench, afterEach: afterEach),
      try finishedModels(trials.1, in: bench, afterEach: afterEach)
    )
    let confused = (
      try finishedModels(trials.0, in: scrambled, afterEach: afterEach),
      try finishedModels(trials.1, in: scrambled, afterEach: afterEach)
    )
    convolutional = (testErrors(models.0, on: bench.test), testErrors(confused.0, on: scrambled.test))
    dense = (testErrors(models.1, on: bench.test), testErrors(confused.1, on: scrambled.test))
    self.shifts = shifts
    let moved = shifts.map { bench.test.prefix(2_000).shifted(right: $0) }
    shiftedErrors = (moved.map { testErrors(models.0, on: $0) }, moved.map { testErrors(models.1, on: $0) })
    parameters = (models.0[0].parameterCount, models.1[0].parameterCount)
  }
}

/// The second experiment: pairs of small convolutional networks that differ in one part.
struct PartsExperiment: Sendable {
  /// Test errors in per cent of each pooling, the first of them known from the experiment before.
  var max: Summary
  var average: Summary
  var overlapping: Summary
  /// Overlapping pooling with local response normalization behind it; AlexNet's paper has it in front.
  var responseNorm: Summary
  /// The connection table of 1998 in place of all connections.
  var table: Summary
  /// Twelve channels to twelve: one 5×5 convolution, and two 3×3 ones.
  var five: Summary
  var twoThrees: Summary

  static let count = 6

  init(_ bench: Bench, max known: Summary, afterEach: () -> Void = {}) throws {
    func errors(_ name: String, _ parts: Parts) throws -> Summary {
      testErrors(
        try finishedModels(Trial(name: name, layers: parts.layers), in: bench, afterEach: afterEach), on: bench.test)
    }
    max = known
    average = try errors("average pooling", Parts(pooling: .average))
    overlapping = try errors("overlapping pooling", Parts(pooling: .overlapping))
    responseNorm = try errors("with response normalization", Parts(pooling: .overlapping, hasResponseNorm: true))
    table = try errors("table of 1998", Parts(middle: .table))
    five = try errors("one 5×5", Parts(channels: (12, 12), middle: .five))
    twoThrees = try errors("two 3×3", Parts(channels: (12, 12), middle: .twoThrees))
  }
}
