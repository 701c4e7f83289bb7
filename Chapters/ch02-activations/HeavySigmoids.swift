// Sigmoids with large weights in the net of the race, and how narrow the valley behind sigmoids and ReLUs is.

import Foundation
import Workbook

/// A sigmoid in the net of the race whose weights behind the first layer are so many times the reference.
struct HeavySigmoid: Codable, Sendable {
  var factor: Float
  var racer: Racer

  static let factors: [Float] = [1, 4, 8]
  /// From 0.02 to 41, each twice the one before.
  static let rates: [Float] = (0..<12).map { 0.02 * pow(2, Float($0)) }
  /// Whether the chosen rate is an end of those.
  var isAtEnd: Bool { racer.rate == Self.rates.first || racer.rate == Self.rates.last }
}

/// The inputs that the layers of a deep net get from their units, at the start and after training.
struct Valley: Codable, Sendable {
  var name: String
  /// |mean| ÷ standard deviation of all outputs of a layer, the mean over the layers, one for each seed.
  var offsetBefore: Summary
  var offsetAfter: Summary
  /// The largest curvature of a unit of the next layer over the mean of the others, the median of the layers.
  var before: Summary
  var after: Summary
  /// What 1 + n·m²/s² gives after training, with m² and s² of single units, averaged over a layer; the median of the layers.
  /// Not in older records.
  var formula: Summary? = nil

  /// Which nets: sigmoids with the weights that suit them, the same centred, and ReLUs.
  static func measured(_ findings: Activations.Findings, on data: Dataset, seeds: [UInt64]) throws -> [Valley] {
    guard let sizes = findings.sizes else { return [] }
    let probe = data.batch(first: 1000)
    func sized(_ sigmoid: SizedSigmoid) -> (DeepNet.Kind, Float) {
      let best = sizes.best(sigmoid)
      return (sigmoid.kind(SizedSigmoid.products[best]), sizes.sigmoids[sigmoid.rawValue][best].rate)
    }
    let kinds = [
      sized(.plain), sized(.centred), (DeepNet.kinds[DeepNet.tanh], findings.deepNets.nets[DeepNet.tanh].rate),
      (DeepNet.kinds[DeepNet.relu], findings.deepNets.nets[DeepNet.relu].rate),
    ]
    return try kinds.map { kind, rate in
      let found = try inParallel(seeds.count) { index in
        var model = try Model(deepNet(kind), input: data.sampleShape, seed: seeds[index])
        let before = spread(of: model, kind, on: probe)
        _ = learn(&model, on: data, rate: rate, steps: findings.deepNets.steps, seed: seeds[index])
        return (before, spread(of: model, kind, on: probe))
      }
      return Valley(
        name: kind.name, offsetBefore: Summary(found.map(\.0.offset)), offsetAfter: Summary(found.map(\.1.offset)),
        before: Summary(found.map(\.0.narrowness)), after: Summary(found.map(\.1.narrowness)),
        formula: Summary(found.map(\.1.formula)))
    }
  }

  /// The outputs of the hidden layers, the last left out.
  private static func spread(
    of model: Model, _ kind: DeepNet.Kind, on probe: Batch
  ) -> (offset: Double, narrowness: Double, formula: Double) {
    let outputs = layerOutputs(of: model.layers, on: probe.inputs)
    // Flatten, then sums and outputs in turn.
    let layers = (0..<kind.layers - 1).map { outputs[2 * $0 + 2].output }
    let offsets = layers.map { layer in
      let all = layer.elements.map { Double($0) }
      let mean = all.reduce(0, +) / Double(all.count)
      return abs(mean) / (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)).squareRoot()
    }
    return (
      Summary(offsets).mean, Summary(layers.map(curvatureRatio)).median, Summary(layers.map(curvatureOfMeans)).median
    )
  }
}

/// The largest eigenvalue of the mean of x·xᵀ over the mean of its others; by power iteration.
func curvatureRatio(_ inputs: Tensor) -> Double {
  let (count, n, all) = (inputs.shape[0], inputs.shape[1], inputs.elements)
  let columns = Tensor([n, count], (0..<n).flatMap { column in (0..<count).map { all[$0 * n + column] } })
  let products = Kernels.matrixMultiply(columns, inputs).elements.map { Double($0) / Double(count) }
  let trace = (0..<n).reduce(0) { $0 + products[$1 * n + $1] }
  var (vector, largest) = ([Double](repeating: 1 / Double(n).squareRoot(), count: n), 0.0)
  for _ in 0..<60 {
    let next = (0..<n).map { row in (0..<n).reduce(0) { $0 + products[row * n + $1] * vector[$1] } }
    largest = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if largest == 0 { return .nan }
    vector = next.map { $0 / largest }
  }
  return largest / ((trace - largest) / Double(n - 1))
}

/// 1 + n·m²/s²: m² is the squared mean of a unit, s² its variance, both averaged over the n units.
func curvatureOfMeans(_ outputs: Tensor) -> Double {
  let (count, n, all) = (outputs.shape[0], outputs.shape[1], outputs.elements)
  let units = (0..<n).map { unit in
    let values = (0..<count).map { Double(all[$0 * n + unit]) }
    let mean = values.reduce(0, +) / Double(count)
    return (square: mean * mean, variance: values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count))
  }
  return 1 + Double(n) * units.reduce(0) { $0 + $1.square } / units.reduce(0) { $0 + $1.variance }
}
