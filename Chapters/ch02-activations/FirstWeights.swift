// PyTorch's default first weights against He's, in dense ReLU nets of several depths: a part that is added to the record.

import Foundation
import Workbook

/// ReLU nets from PyTorch's default weights and from He's, each with SGD and with Adam at its best rate.
struct FirstWeights: Codable, Sendable {
  /// The optimizer; the rates are those that may be tried, each twice the one before.
  enum Method: String, CaseIterable, Codable, Sendable {
    case sgd, adam

    var name: String { self == .sgd ? "SGD with momentum" : "Adam" }
    var optimizer: any Optimizer { self == .sgd ? SGD(momentum: 0.9) : Adam() }
    var rates: [Float] {
      self == .sgd ? (-9...2).map { 0.1 * pow(2, Float($0)) } : (-6...4).map { 0.001 * pow(2, Float($0)) }
    }
  }

  /// The weights, in the layer of the outputs, too; the biases are PyTorch's in both, because He's rule has none.
  enum Start: String, CaseIterable, Codable, Sendable {
    case pyTorch, he

    var name: String { self == .pyTorch ? "PyTorch's default" : "He's" }
    var initializer: Initializer { self == .pyTorch ? .torchUniform : .heNormal }
  }

  /// One net at the best of the rates that were tried.
  struct Net: Codable, Sendable {
    var method: Method
    var start: Start
    var layers: Int
    /// What `RateSearch` found.
    var tried: [Float]
    var costs: [Double]
    var rate: Float
    /// The test error (%) for each seed, and how many of them diverged.
    var errors: Summary
    var diverged: Int

    /// Whether the best rate lies between two worse ones.
    var isInside: Bool { rate != tried.first && rate != tried.last }
    /// Whether it guesses with every seed, or nearly.
    var isLost: Bool { errors.minimum > RateSearch.lost }
    /// Whether it does better than that with every seed.
    var learns: Bool { errors.maximum < RateSearch.lost }
  }

  static let depths = [3, 8, 16]
  /// The error (%) of a net that guesses.
  static let guessing = 90.0

  var steps: Int
  /// The images that chose the rates, the seeds that did, and the images of the test.
  var keptCount: Int
  var trials: Int
  var testCount: Int
  var nets: [Net]
  /// With batch norm in front of each ReLU; not in older records. With He's weights the last layer has Xavier's.
  var normed: [Net]? = nil
  /// Eight layers trained with momentum `longer` times as long; not in older records.
  var long: [Net]? = nil
  static let longer = 10
  /// Eight convolutions with momentum: the default, He's weights, and the default with batch norm; not in older records.
  var conv: [Net]? = nil

  subscript(method: Method, start: Start, layers: Int) -> Net? {
    nets.first { $0.method == method && $0.start == start && $0.layers == layers }
  }
}

/// A dense net of ReLUs with biases as `nn.Linear` draws them.
func firstWeightsNet(
  _ start: FirstWeights.Start, layers: Int, isNormed: Bool = false, input: Shape, seed: UInt64
) throws -> Model {
  let hidden = (0..<layers).flatMap { layer -> [any Layer] in
    [Dense(layer == 0 ? input.count : DeepNet.width, DeepNet.width, initializer: start.initializer)]
      + (isNormed ? [BatchNorm(DeepNet.width)] : []) + [ReLU()]
  }
  // As the page's code draws it, where batch norm takes away the size of all weights but these.
  let last = isNormed && start == .he ? .xavierNormal : start.initializer
  var model = try Model(
    Sequential([Flatten()] + hidden + [Dense(DeepNet.width, 10, initializer: last)]), input: input, seed: seed)
  drawBiases(&model, seed: seed)
  return model
}

/// Draws the biases of the dense layers as `nn.Linear` does: uniform within ±1/√n for n inputs.
func drawBiases(_ model: inout Model, seed: UInt64) {
  var (generator, inputs) = (SeededGenerator(seed: seed, stream: 28), 1)
  var isDense = true
  model.visitParameters { name, parameter in
    if name.hasSuffix("weight") {
      isDense = parameter.value.shape.rank == 2
      if isDense { inputs = parameter.value.shape[1] }
    }
    guard isDense, name.hasSuffix("bias") else { return }
    let limit = 1 / Float(inputs).squareRoot()
    parameter.value = Tensor(
      parameter.value.shape, (0..<parameter.value.shape.count).map { _ in limit * (2 * generator.nextUniform() - 1) })
  }
}

extension FirstWeights {
  /// Measures net by net; `keep` hears of each when it is done.
  static func measured(
    on data: Dataset, kept: Dataset, test: Dataset, steps: Int, trials: [UInt64], seeds: [UInt64], depths: [Int],
    keep: (FirstWeights) throws -> Void = { _ in }
  ) throws -> FirstWeights {
    var found = FirstWeights(
      steps: steps, keptCount: kept.count, trials: trials.count, testCount: test.count, nets: [])
    for layers in depths {
      for method in Method.allCases {
        for start in Start.allCases {
          found.nets.append(
            try Net(
              method, start, layers: layers, on: data, kept: kept, test: test, steps: steps, trials: trials,
              seeds: seeds))
          try keep(found)
        }
      }
    }
    return found
  }
}

extension FirstWeights.Net {
  /// Chooses a rate on the images kept back, and trains with it.
  init(
    _ method: FirstWeights.Method, _ start: FirstWeights.Start, layers: Int, on data: Dataset, kept: Dataset,
    test: Dataset, steps: Int, trials: [UInt64], seeds: [UInt64], isNormed: Bool = false, isConv: Bool = false
  ) throws {
    func error(_ rate: Float, _ seed: UInt64, on images: Dataset) throws -> (error: Double, isLost: Bool) {
      var model =
        try isConv
        ? convWeightsNet(start, isNormed: isNormed, input: data.sampleShape, seed: seed)
        : firstWeightsNet(start, layers: layers, isNormed: isNormed, input: data.sampleShape, seed: seed)
      let losses = learn(&model, on: data, rate: rate, steps: steps, by: method.optimizer, seed: seed)
      if hasDiverged(losses) { return (FirstWeights.guessing, true) }
      return (100 * evaluate(model, on: images, loss: SoftmaxCrossEntropy()).error, false)
    }
    let search = try RateSearch(method.rates) { rate in
      Summary(try inParallel(trials.count) { try error(rate, trials[$0], on: kept).error }).mean
    }
    let runs = try inParallel(seeds.count) { try error(search.rate, seeds[$0], on: test) }
    self.init(
      method: method, start: start, layers: layers, tried: search.tried, costs: search.costs, rate: search.rate,
      errors: Summary(runs.map { rounded($0.error, decimals: 2) }), diverged: runs.count { $0.isLost })
  }
}
