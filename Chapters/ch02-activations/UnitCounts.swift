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
    _ findings: Activations.Findings, on data: Dataset, test: Dataset, keep: ([Deep]) throws -> Void
  ) throws -> [Deep] {
    guard let nets = findings.firstWeights else { return [] }
    let (probe, steps) = (data.batch(first: findings.census.probeCount), nets.steps)
    var found: [Deep] = []
    for method in FirstWeights.Method.allCases {
      for (start, factor) in [(FirstWeights.Start.he, Float(1)), (.he, 4), (.pyTorch, 1)] {
        guard let best = nets[method, start, DeepNet.depth]?.rate else { continue }
        let runs = try inParallel(findings.seeds.count) { index in
          let seed = findings.seeds[index]
          var model = try firstWeightsNet(start, layers: DeepNet.depth, input: data.sampleShape, seed: seed)
          let losses = learn(&model, on: data, rate: factor * best, steps: steps, by: method.optimizer, seed: seed)
          if hasDiverged(losses) { return [Double.nan, .nan] }
          return [
            deadShare(of: model, layers: DeepNet.depth, on: probe),
            rounded(100 * evaluate(model, on: test, loss: SoftmaxCrossEntropy()).error, decimals: 2),
          ]
        }
        let sound = runs.filter { $0[1].isFinite }
        found.append(
          Deep(
            method: method.name, start: start, rate: factor * best, factor: factor, steps: steps,
            dead: Summary(sound.map { rounded($0[0], decimals: 5) }), errors: Summary(sound.map { $0[1] }),
            diverged: runs.count - sound.count))
        try keep(found)
      }
    }
    return found
  }
}
