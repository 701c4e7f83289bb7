// Dead units where the other parts do not count them: at rates around the usual one and far above it, behind centred
// pixels, and eight layers deep with momentum and with Adam; a part that is added to the record.

import Foundation
import Workbook

/// More counts of dead units.
struct UnitCounts: Codable, Sendable {
  /// A function in the nets of *Dead units*.
  struct Row: Codable, Sendable {
    var name: String
    var rates: [Float]
    /// [rate][seed].
    var nets: [[Census]]
  }

  /// ReLUs of eight layers after training.
  struct Deep: Codable, Sendable {
    var method: String
    var start: FirstWeights.Start
    /// The best rate of these nets times a factor.
    var rate: Float
    var factor: Float
    var steps: Int
    /// The share of dead units and the test error (%) of each seed that did not diverge.
    var dead: Summary
    var errors: Summary
    var diverged: Int
  }

  var rows: [Row]
  /// ReLU with the mean pixel subtracted, and with the mean image.
  var centred: Row
  var centredByImage: Row? = nil
  var deep: [Deep]

  subscript(name: String) -> Row? { rows.first { $0.name == name } }
}

/// Flattens images and subtracts their mean image.
struct CentredFlatten: Layer {
  let mean: MeanImage

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { [input.count] }

  func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    var (flatten, centred) = (Flatten(), input)
    mean.apply(to: &centred)
    flatten.forward(centred, into: &output, in: &pass)
  }

  func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    var flatten = Flatten()
    flatten.backward(outputGradient, input: input, output: output, into: &inputGradient)
  }
}

extension UnitCounts {
  /// The rates between those of the census, and those at which nearly everything diverges.
  static let (between, high): ([Float], [Float]) = ([0.07, 0.14], [0.6, 0.8])
  static let centredRates: [Float] = [0.1, 0.2, 0.25, 0.3, 0.35]
  /// A leak as large as PReLU's first one, which stays as it is.
  static let wideLeak: Float = 0.25
  static let wideName = "leaky ReLU, 0.25"

  /// What is trained with two layers.
  static var cases: [(name: String, rates: [Float], example: (Float) -> CensusCase)] {
    [
      ("ReLU", between + high, { CensusCase(function: .relu, rate: $0, bias: 0) }),
      ("leaky ReLU", between + high, { CensusCase(function: .leaky, rate: $0, bias: 0) }),
      (wideName, [0.1, 0.2, 0.25, 0.3], { CensusCase(function: .leaky, rate: $0, bias: 0, leak: wideLeak) }),
    ] + Cure.allCases.map { cure in (cure.name, between, { cure.example(rate: $0) }) }
  }

  /// Measures what the record does not have yet; `keep` hears of each part when it is done.
  static func measured(
    _ findings: Activations.Findings, on train: Dataset, first data: Dataset, test: Dataset,
    keep: (UnitCounts) throws -> Void = { _ in }
  ) throws -> UnitCounts {
    let seeds = findings.census.seeds
    func row(_ name: String, _ rates: [Float], on images: Dataset, _ example: (Float) -> CensusCase) throws -> Row {
      let (probe, examples) = (images.batch(first: findings.census.probeCount), rates.map(example))
      let all = try inParallel(rates.count * seeds.count) { index in
        try census(
          examples[index / seeds.count], on: images, probe: probe, steps: findings.census.steps,
          seed: seeds[index % seeds.count]
        ).brief
      }
      return Row(
        name: name, rates: rates, nets: rates.indices.map { Array(all[$0 * seeds.count..<($0 + 1) * seeds.count]) })
    }
    var found =
      findings.units ?? UnitCounts(rows: [], centred: Row(name: "ReLU", rates: [], nets: []), deep: [])
    for (name, rates, example) in cases where found[name] == nil {
      found.rows.append(try row(name, rates, on: train, example))
      try keep(found)
    }
    if found.centred.nets.isEmpty {
      found.centred = try row("ReLU", centredRates, on: train.centred) {
        CensusCase(function: .relu, rate: $0, bias: 0)
      }
      try keep(found)
    }
    if found.centredByImage == nil {
      let mean = MeanImage.fit(train.batch(first: min(5000, train.count)).inputs)
      found.centredByImage = try row("ReLU", centredRates, on: train) {
        CensusCase(function: .relu, rate: $0, bias: 0, mean: mean)
      }
      try keep(found)
    }
    if found.deep.isEmpty {
      found.deep = try deep(findings, on: data, test: test) {
        found.deep = $0; try keep(found)
      }
    }
    return found
  }
}

/// The share of a deep net's ReLUs that answer none of the images.
func deadShare(of model: Model, layers: Int, on probe: Batch) -> Double {
  let outputs = layerOutputs(of: model.layers, on: probe.inputs)
  // Flatten, then sums and outputs in turn.
  let dead = (0..<layers).map { layer -> Int in
    let output = outputs[2 * layer + 2].output
    let (samples, units, all) = (output.shape[0], output.shape[1], output.elements)
    return (0..<units).count { unit in (0..<samples).allSatisfy { all[$0 * units + unit] <= 0 } }
  }
  return Double(dead.reduce(0, +)) / Double(layers * DeepNet.width)
}

extension UnitCounts {
  /// Eight layers at their best rates and at higher ones, and at the best for a longer training.
  private static func deep(
    _ findings: Activations.Findings, on data: Dataset, test: Dataset, keep: ([Deep]) throws -> Void
  ) throws -> [Deep] {
    guard let nets = findings.firstWeights else { return [] }
    let (probe, steps) = (data.batch(first: findings.census.probeCount), nets.steps)
    typealias Case = (method: FirstWeights.Method?, start: FirstWeights.Start, factor: Float, steps: Int, seeds: Int)
    let all = findings.seeds.count
    let cases: [Case] =
      [1, 4].map { (nil, .he, $0, steps, all) } + [1, 2, 4].map { (.sgd, .he, $0, steps, all) }
      + [1, 4, 16].map { (.adam, .he, $0, steps, all) } + [(.sgd, .pyTorch, 1, steps, all)]
      + [(.adam, .pyTorch, 1, steps, all), (.sgd, .he, 1, 5 * steps, 5), (.adam, .he, 1, 5 * steps, 5)]
    var found: [Deep] = []
    for (method, start, factor, steps, count) in cases {
      let best =
        method.flatMap { nets[$0, start, DeepNet.depth]?.rate } ?? findings.deepNets.nets[DeepNet.relu].rate
      let runs = try inParallel(min(count, all)) { index in
        let seed = findings.seeds[index]
        var model =
          method == nil
          ? try Model(deepNet(DeepNet.kinds[DeepNet.relu]), input: data.sampleShape, seed: seed)
          : try firstWeightsNet(start, layers: DeepNet.depth, input: data.sampleShape, seed: seed)
        let losses = learn(
          &model, on: data, rate: factor * best, steps: steps, by: method?.optimizer ?? SGD(), seed: seed)
        if hasDiverged(losses) { return (Double.nan, Double.nan) }
        let error = 100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error
        return (deadShare(of: model, layers: DeepNet.depth, on: probe), rounded(error, decimals: 2))
      }
      let sound = runs.filter { $0.0.isFinite }
      found.append(
        Deep(
          method: method?.name ?? "SGD", start: start, rate: factor * best, factor: factor, steps: steps,
          dead: Summary(sound.map { rounded($0.0, decimals: 5) }), errors: Summary(sound.map(\.1)),
          diverged: runs.count - sound.count))
      try keep(found)
    }
    return found
  }
}
