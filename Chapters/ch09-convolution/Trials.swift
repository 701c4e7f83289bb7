// The trainings of chapter 9: which part of a small convolutional network earns its place.

import Foundation
import Workbook

/// What all trainings of this chapter share.
struct Bench: Sendable {
  var train: Dataset
  var test: Dataset
  var epochs: Int
  var seeds: [UInt64]
  var rate: Float = Bench.commonRate
  /// The rate of all nets of this chapter, tuned for none of them.
  static let commonRate: Float = 0.003
}

/// A network to try: a name, and its layers.
struct Trial: Sendable {
  var name: String
  var layers: Sequential
}

/// Trains a network once for each seed: cross-entropy, batches of 32, momentum
/// 0.9, a rate that falls along a cosine so that the last steps are small.
func finishedModels(
  _ trial: Trial, in bench: Bench, afterEach: () -> Void = {}
) throws -> [Model] {
  try inParallel(bench.seeds.count) { index in
    let model = try finishedModel(trial, in: bench, seed: bench.seeds[index])
    afterEach()
    return model
  }
}

/// The same for one seed.
func finishedModel(_ trial: Trial, in bench: Bench, seed: UInt64) throws -> Model {
  let model = try Model(trial.layers, input: bench.train.sampleShape, seed: seed)
  var trainer = Trainer(
    model, loss: SoftmaxCrossEntropy(), optimizer: SGD(momentum: 0.9),
    schedule: CosineDecay(bench.rate, over: bench.epochs),
    batchSize: 32, seed: seed)
  try trainer.trainResumably(on: bench.train, epochs: bench.epochs)
  return trainer.model
}

/// The test errors of several models in per cent.
func testErrors(_ models: [Model], on test: Dataset) -> Summary {
  Summary(models.map { 100 * evaluate($0, on: test, loss: SoftmaxCrossEntropy()).error })
}

/// A LeNet with parts to choose: for 32×32 images, always 14×14 after the first pooling and 5×5 after the second.
struct Parts: Sendable {
  enum Pooling: Sendable { case average, max, overlapping }
  enum Middle: Sendable {
    /// One 5×5 convolution over the 14×14 maps.
    case five
    /// Two 3×3 convolutions with a ReLU between them: the same reach.
    case twoThrees
    /// A 5×5 kernel for each map alone (depthwise), and a 1×1 convolution that mixes them.
    case separable
  }
  var channels = (first: 6, second: 16)
  var pooling = Pooling.max
  var middle = Middle.five
  var hasResponseNorm = false
  /// What each map is multiplied by after its pooling; nil: nothing.
  var scale: Float?
  var initializer = Initializer.heNormal

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
      Conv2D(1, first, kernel: 5, initializer: initializer).named("conv1")
      ReLU().named("relu1")
      pool.named("pool1")
      if hasResponseNorm { LocalResponseNorm(alpha: 5e-4, k: 2).named("norm1") }
      if let scale { ScaledMaps(scale).named("scale1") }
      switch middle {
      case .five: Conv2D(first, second, kernel: 5, initializer: initializer).named("conv2")
      case .separable:
        Conv2D(first, first, kernel: 5, groups: first, initializer: initializer).named("conv2a")
        Conv2D(first, second, kernel: 1, initializer: initializer).named("conv2b")
      case .twoThrees:
        Conv2D(first, second, kernel: 3, initializer: initializer).named("conv2a")
        ReLU().named("relu2a")
        Conv2D(second, second, kernel: 3, initializer: initializer).named("conv2b")
      }
      ReLU().named("relu2")
      pool.named("pool2")
      if hasResponseNorm { LocalResponseNorm(alpha: 5e-4, k: 2).named("norm2") }
      if let scale { ScaledMaps(scale).named("scale2") }
      Flatten().named("flatten")
      Dense(second * 25, 120, initializer: initializer).named("fc1")
      ReLU().named("relu3")
      Dense(120, 84, initializer: initializer).named("fc2")
      ReLU().named("relu4")
      Dense(84, 10, initializer: initializer).named("fc3")
    }
  }
}

/// The hidden units h of a dense network of two layers with so many parameters: h·(inputs + 1) + 10·(h + 1).
func denseUnits(parameters: Int, inputs: Int = 1024) -> Int { (parameters - 10) / (inputs + 11) }

/// A dense network of two layers with about as many parameters as LeNet-5, or with so many hidden units.
func denseRival(parameters: Int = 61_706, inputs: Int = 1024, units: Int? = nil) -> Sequential {
  let hidden = units ?? denseUnits(parameters: parameters, inputs: inputs)
  return Sequential([
    "flatten": Flatten(), "fc1": Dense(inputs, hidden, initializer: .heNormal), "relu1": ReLU(),
    "fc2": Dense(hidden, 10, initializer: .heNormal),
  ])
}

/// A dense network of five layers of weights, as LeNet-5 has, with at least as many parameters.
func deepDenseRival(parameters: Int = 61_706, inputs: Int = 1024) -> Sequential {
  func count(_ h: Int) -> Int { h * (inputs + 1) + 3 * h * (h + 1) + 10 * (h + 1) }
  let hidden = (1...).first { count($0) >= parameters } ?? 1
  return Sequential {
    Flatten().named("flatten")
    for index in 1...4 {
      Dense(index == 1 ? inputs : hidden, hidden, initializer: .heNormal).named("fc\(index)")
      ReLU().named("relu\(index)")
    }
    Dense(hidden, 10, initializer: .heNormal).named("fc5")
  }
}

extension Dataset {
  /// The same images with their pixels in another order, one order for all.
  func permuted(seed: UInt64) -> Dataset {
    var generator = SeededGenerator(seed: seed, stream: 0x9E12)
    let size = imageShape.count
    let order = generator.permutation(of: size)
    var result = self
    result.name = name + ", pixels shuffled"
    result.pixels = [UInt8](unsafeUninitializedCapacity: pixels.count) {
      target, count in
      pixels.withUnsafeBufferPointer { source in
        for start in stride(from: 0, to: source.count, by: size) {
          for place in 0..<size { target[start + place] = source[start + order[place]] }
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
