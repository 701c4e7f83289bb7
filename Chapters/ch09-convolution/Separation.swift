// Windows and equal weights, taken apart: the same units with all pixels, with a window, and with a window and equal weights.

import Foundation
import Workbook

/// One net of the three: what it has wrong, at the rate that suits it.
struct SeparatedNet: Codable, Sendable {
  var parameters: Int
  /// Test errors in per cent, with the pixels in order and shuffled, and the rate chosen for each.
  var ordered: Summary
  var orderedRate: Float
  var shuffled: Summary
  var shuffledRate: Float
  /// What it still has wrong of the digits that it learned from, after the training; records made before it have none.
  var orderedTraining: Summary?
  var shuffledTraining: Summary?
}

/// Three nets of the same units: dense, with windows, and with windows and equal weights.
struct SeparationExperiment: Codable, Sendable {
  var trainingCount: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  var dense: SeparatedNet
  var local: SeparatedNet
  var shared: SeparatedNet
  /// The rates that each net could choose from; records made before it have none.
  var rates: [Float]?

  /// The rates of a run that has little time, and of one that has more.
  static let fewRates: [Float] = [0.02, 0.06, 0.15]
  static let manyRates: [Float] = [0.003, 0.01, 0.03, 0.06, 0.1, 0.2, 0.3]
  static var nets: [Trial] { nets(filters: 6, 16) }

  /// Three nets of the same units and depth; each step takes away one freedom.
  static func nets(filters first: Int, _ second: Int) -> [Trial] {
    func behind(_ one: any Layer, _ two: any Layer) -> Sequential {
      Sequential([
        "flatten": Flatten(),
        "one": one, "relu1": ReLU(),
        "maps": Unflatten([first, 10, 10]), "pool": MaxPool(2), "flatten2": Flatten(),
        "two": two, "relu2": ReLU(),
        "out": Dense(9 * second, 10, initializer: .heNormal),
      ])
    }
    return [
      Trial(
        name: "dense",
        layers: behind(
          Dense(196, 100 * first, initializer: .heNormal), Dense(25 * first, 9 * second, initializer: .heNormal))),
      Trial(
        name: "windows",
        layers: behind(
          LocallyConnected(1, first, image: 14, window: Window(kernel: 5)),
          LocallyConnected(first, second, image: 5, window: Window(kernel: 3)))),
      Trial(
        name: "equal weights",
        layers: Sequential([
          "one": Conv2D(1, first, kernel: 5, initializer: .heNormal), "relu1": ReLU(),
          "pool": MaxPool(2),
          "two": Conv2D(first, second, kernel: 3, initializer: .heNormal), "relu2": ReLU(),
          "flatten": Flatten(), "out": Dense(9 * second, 10, initializer: .heNormal),
        ])),
    ]
  }

  /// Takes what has been measured.
  init(
    trainingCount: Int, validationCount: Int, testCount: Int, epochs: Int, dense: SeparatedNet, local: SeparatedNet,
    shared: SeparatedNet, rates: [Float]? = nil
  ) {
    (self.trainingCount, self.validationCount, self.testCount) = (trainingCount, validationCount, testCount)
    (self.epochs, self.rates) = (epochs, rates)
    (self.dense, self.local, self.shared) = (dense, local, shared)
  }

  /// - Parameters:
  ///   - bench: the digits; they are halved to 14×14, and the rate there plays no part.
  ///   - validation: so many of the training digits, the last ones, choose the rates and are not trained on.
  init(
    _ bench: Bench, validation: Int, epochs: Int, rates: [Float] = fewRates, afterEach: @escaping () -> Void = {}
  ) throws {
    var small = bench
    (small.train, small.test, small.epochs) = (bench.train.halved(), bench.test.halved(), epochs)
    let contest = RateContest(small, validation: validation, rates: rates, shuffle: 2, afterEach: afterEach)
    let nets = try Self.nets.map(contest.outcome)
    self.init(
      trainingCount: contest.trainingCount, validationCount: validation, testCount: bench.test.count, epochs: epochs,
      dense: nets[0], local: nets[1], shared: nets[2], rates: rates)
  }

  /// What one of the nets has wrong in order where every seed chooses its own rate.
  static func chosenBySeed(
    _ place: Int, _ bench: Bench, validation: Int, rates: [Float], afterEach: @escaping () -> Void = {}
  ) throws -> Summary {
    var small = bench
    (small.train, small.test) = (bench.train.halved(), bench.test.halved())
    return try RateContest(small, validation: validation, rates: rates, shuffle: 2, afterEach: afterEach)
      .chosenBySeed(nets[place])
  }

  /// What a net can learn: weights that are held at 0 do not count.
  static func freeParameters(of layers: Sequential) -> Int {
    layers.entries.reduce(0) { $0 + (($1.layer as? LocallyConnected)?.freeParameters ?? $1.layer.parameterCount) }
  }

  /// How many trainings it takes with so many seeds.
  static func trainings(seeds: Int, rates: [Float] = fewRates) -> Int {
    nets.count * RateContest.trainings(seeds: seeds, rates: rates)
  }
}

extension Dataset {
  /// The last `count` samples.
  func suffix(_ count: Int) -> Dataset {
    var part = self
    part.pixels = Array(pixels.suffix(count * imageShape.count))
    part.labels = Array(labels.suffix(count))
    return part
  }

  /// The same images at half the side, each pixel the mean of four, and without a border.
  func halved() -> Dataset {
    let (side, half) = (imageShape[2], imageShape[2] / 2)
    var result = self
    result.imageShape = [1, half, half]
    result.transform.padding = 0
    result.pixels = [UInt8](unsafeUninitializedCapacity: pixels.count / 4) { target, filled in
      pixels.withUnsafeBufferPointer { source in
        for row in 0..<source.count / side / 2 {
          for x in 0..<half {
            let place = 2 * row * side + 2 * x
            let sum: Int =
              Int(source[place]) + Int(source[place + 1]) + Int(source[place + side]) + Int(source[place + side + 1])
            target[row * half + x] = UInt8(sum / 4)
          }
        }
      }
      filled = pixels.count / 4
    }
    return result
  }
}

/// Vectors as maps again, [C·H·W] → [C, H, W]: nothing is computed.
struct Unflatten: Layer {
  let shape: Shape

  init(_ shape: Shape) { self.shape = shape }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    if input == [shape.count] { return shape }
    throw ShapeError(
      kind, expected: "\(shape.count) features", received: input, arithmetic: "\(shape) has \(shape.count) numbers")
  }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output = input.reshaped(to: shape.batched(input.shape[0]))
  }

  mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if !inputGradient.isEmpty { inputGradient = outputGradient.reshaped(to: input.shape) }
  }
}
