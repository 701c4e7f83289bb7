// Dead units eight layers deep, with momentum and with Adam; a part that is added to the record.

import Foundation
import Workbook

/// More counts of dead units.
struct UnitCounts: Codable, Sendable {
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
    /// Whether all biases begin at 0; nil: as PyTorch draws them.
    var isUnbiased: Bool? = nil
    /// The share of units that are dead before training.
    var born: Summary? = nil
  }

  var deep: [Deep]
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
  /// Eight layers at their best rates and at higher ones; `keep` hears of each net when it is done.
  static func deep(
    _ findings: Activations.Findings, on data: Dataset, kept: Dataset, test: Dataset, trials: [UInt64],
    keep: ([Deep]) throws -> Void
  ) throws -> [Deep] {
    guard let nets = findings.firstWeights else { return [] }
    let (probe, steps) = (data.batch(first: findings.census.probeCount), nets.steps)
    let cases: [(method: FirstWeights.Method, start: FirstWeights.Start, factor: Float, hasBiases: Bool)] =
      FirstWeights.Method.allCases.flatMap { [($0, .he, 1, true), ($0, .he, 4, true), ($0, .pyTorch, 1, true)] }
      + [(.adam, .pyTorch, 1, false)]
    var found: [Deep] = []
    for (method, start, factor, hasBiases) in cases {
      func fresh(_ seed: UInt64) throws -> Model {
        try firstWeightsNet(
          start, layers: DeepNet.depth, hasBiases: hasBiases, input: data.sampleShape, seed: seed)
      }
      func train(_ rate: Float, _ seed: UInt64, on images: Dataset) throws -> (model: Model, error: Double) {
        var model = try fresh(seed)
        let losses = learn(&model, on: data, rate: rate, steps: steps, by: method.optimizer, seed: seed)
        if hasDiverged(losses) { return (model, .nan) }
        return (model, rounded(100 * evaluate(model, on: images, loss: SoftmaxCrossEntropy()).error, decimals: 2))
      }
      // With biases the best rate is known.
      let known = hasBiases ? nets[method, start, DeepNet.depth]?.rate : nil
      let best =
        try known
        ?? RateSearch(method.rates) { rate in
          Summary(try inParallel(trials.count) { try train(rate, trials[$0], on: kept).error })
            .values.map { $0.isFinite ? $0 : FirstWeights.guessing }.reduce(0, +) / Double(trials.count)
        }.rate
      let runs = try inParallel(findings.seeds.count) { index in
        let seed = findings.seeds[index]
        let born = deadShare(of: try fresh(seed), layers: DeepNet.depth, on: probe)
        let (model, error) = try train(factor * best, seed, on: test)
        return [born, error.isFinite ? deadShare(of: model, layers: DeepNet.depth, on: probe) : .nan, error]
      }
      let sound = runs.filter { $0[2].isFinite }
      found.append(
        Deep(
          method: method.name, start: start, rate: factor * best, factor: factor, steps: steps,
          dead: Summary(sound.map { rounded($0[1], decimals: 5) }), errors: Summary(sound.map { $0[2] }),
          diverged: runs.count - sound.count, isUnbiased: hasBiases ? nil : true,
          born: Summary(runs.map { rounded($0[0], decimals: 5) })))
      try keep(found)
    }
    return found
  }
}
