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
  /// The share of activations in each of 50 bins, for the layers of `drawnLayers`: −1 … 1, and 0 … 3 without zeros.
  var tanhHistograms: [[Double]]
  var reluHistograms: [[Double]]
  static let drawnLayers = [1, 2, 3, 5, 8, 12, 16, 20]
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
      tanhGradient: tanh.map(\.gradientDeviation), reluGradient: relu.map(\.gradientDeviation),
      tanhHistograms: drawn(tanh), reluHistograms: drawn(relu))
  }
}

/// The histograms of the layers that are drawn, to four digits.
private func drawn(_ spreads: [Spread]) -> [[Double]] {
  ScaleFrame.drawnLayers.filter { $0 <= spreads.count }.map { layer in
    spreads[layer - 1].histogram.map { rounded($0, decimals: 4) }
  }
}

/// √E[tanh²(s·z)], z from N(0, 1).
func sizeAfterTanh(of size: Double) -> Double {
  let places = stride(from: -8.0, through: 8, by: 0.05).map { (z: $0, weight: exp(-$0 * $0 / 2)) }
  let total = places.reduce(0) { $0 + $1.weight }
  return (places.reduce(0) { $0 + $1.weight * pow(tanh(size * $1.z), 2) } / total).squareRoot()
}

/// The size √E[x²] at which the activations of tanh layers of one gain settle: s² = E[tanh²(g·s·z)]; 0 for a gain of at
/// most 1.
func settledSize(gain: Double) -> Double {
  if gain <= 1 { return 0 }
  return (0..<1_000).reduce(1.0) { size, _ in sizeAfterTanh(of: gain * size) }
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
