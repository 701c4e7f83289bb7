// One number between dying out and blowing up: the gain of a layer, swept.

import Foundation
import Workbook

/// What twenty layers make of a signal and of a gradient at one gain g, with σ = g/√Din.
struct ScaleFrame: Codable, Sendable {
  var gain: Double
  /// √E[x²] of the activations by layer.
  var tanhSignal: [Double]
  var reluSignal: [Double]
  /// The deviation of the gradient by layer.
  var tanhGradient: [Double]
  var reluGradient: [Double]
}

/// Sweeps the gain with one draw of random numbers for all of them.
func scaleSweep(gains: [Double], width: Int, depth: Int, seed: UInt64) -> [ScaleFrame] {
  var draw = Draw(width: width, depth: depth, samples: 32, seed: seed)
  return gains.map { gain in
    let initializer = Initializer.scaled(.fanIn, .normal, gain: Float(gain))
    let starts = [Start.Activation.tanh, .relu].map { Start(name: "", activation: $0, initializer: initializer) }
    let spreads = activationSpreads(starts, through: &draw)
    let (tanh, relu) = (spreads[0], spreads[1])
    return ScaleFrame(
      gain: gain, tanhSignal: tanh.map(\.rootMeanSquare), reluSignal: relu.map(\.rootMeanSquare),
      tanhGradient: tanh.map(\.gradientDeviation), reluGradient: relu.map(\.gradientDeviation))
  }
}

/// The frame in which `curve` changes least between its first layer and its last, as a ratio.
func mostLevel(_ frames: [ScaleFrame], _ curve: (ScaleFrame) -> [Double]) -> ScaleFrame? {
  frames.min { logRatio(curve($0)) < logRatio(curve($1)) }
}

/// |ln(last/first)|.
private func logRatio(_ values: [Double]) -> Double {
  guard let first = values.first, let last = values.last, first > 0, last > 0 else {
    return .infinity
  }
  return abs(log(last / first))
}
