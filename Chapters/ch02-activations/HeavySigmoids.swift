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
        before: Summary(found.map(\.0.narrowness)), after: Summary(found.map(\.1.narrowness)))
    }
  }

  /// The outputs of the hidden layers, the last left out.
  private static func spread(
    of model: Model, _ kind: DeepNet.Kind, on probe: Batch
  ) -> (offset: Double, narrowness: Double) {
    let outputs = layerOutputs(of: model.layers, on: probe.inputs)
    // Flatten, then sums and outputs in turn.
    let layers = (0..<kind.layers - 1).map { outputs[2 * $0 + 2].output }
    let offsets = layers.map { layer in
      let all = layer.elements.map { Double($0) }
      let mean = all.reduce(0, +) / Double(all.count)
      return abs(mean) / (all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count)).squareRoot()
    }
    return (Summary(offsets).mean, Summary(layers.map(curvatureRatio)).median)
  }
}

/// The largest eigenvalue of the mean of x·xᵀ over the mean of its others; by power iteration.
func curvatureRatio(_ inputs: Tensor) -> Double {
  let (count, n, all) = (inputs.shape[0], inputs.shape[1], inputs.elements)
  var vector = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
  var (largest, trace) = (0.0, 0.0)
  for value in all { trace += Double(value) * Double(value) / Double(count) }
  for _ in 0..<60 {
    var next = [Double](repeating: 0, count: n)
    for row in 0..<count {
      let x = all[row * n..<(row + 1) * n]
      var dot = 0.0
      for (value, weight) in zip(x, vector) { dot += Double(value) * weight }
      dot /= Double(count)
      for (place, value) in x.enumerated() { next[place] += dot * Double(value) }
    }
    largest = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
    if largest == 0 { return .nan }
    vector = next.map { $0 / largest }
  }
  return largest / ((trace - largest) / Double(n - 1))
}
