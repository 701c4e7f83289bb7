// The gain of any activation: what a layer's weights must put back.

import Foundation

/// An activation by its formula, and its slope.
struct GainedActivation: Sendable {
  var name: String
  var value: @Sendable (Double) -> Double
  var slope: @Sendable (Double) -> Double

  /// The slope of the leaky ReLU below 0, as in PyTorch.
  static let leak = 0.01

  static let all = [
    GainedActivation(name: "ReLU", value: { max($0, 0) }, slope: { $0 > 0 ? 1 : 0 }),
    GainedActivation(
      name: "leaky ReLU, \(leak)", value: { $0 > 0 ? $0 : leak * $0 }, slope: { $0 > 0 ? 1 : leak }),
    GainedActivation(
      name: "GELU", value: { $0 * below($0) },
      slope: { below($0) + $0 * exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() }),
    GainedActivation(
      name: "SiLU", value: { $0 * logistic($0) }, slope: { logistic($0) * (1 + $0 * (1 - logistic($0))) }),
  ]

  /// Φ, the share of standard normal numbers below a number.
  private static func below(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  private static func logistic(_ z: Double) -> Double { 1 / (1 + exp(-z)) }

  /// √E[f(s·z)²], z from N(0, 1): what is left of a size s.
  func left(of size: Double) -> Double { Self.size { value(size * $0) } }

  /// The gain that keeps sums of size 1 at that size.
  var gain: Double { 1 / left(of: 1) }

  /// What a layer of this gain makes of the size of a gradient.
  var gradient: Double { gain * Self.size(slope) }

  /// √E[f(z)²] by a sum over a fine grid.
  private static func size(_ f: (Double) -> Double) -> Double {
    let places = stride(from: -9.9995, through: 10, by: 0.001).map { (z: $0, weight: exp(-$0 * $0 / 2)) }
    let total = places.reduce(0) { $0 + $1.weight }
    return (places.reduce(0) { $0 + $1.weight * f($1.z) * f($1.z) } / total).squareRoot()
  }
}
