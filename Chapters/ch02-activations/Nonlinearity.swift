// The activations of the page: what each is called, its layer, the weights that suit it.

import Foundation
import Workbook

/// An activation function.
enum Nonlinearity: Int, CaseIterable, Codable, Sendable {
  case sigmoid, tanh, relu, leaky, prelu, elu

  var name: String { ["sigmoid", "tanh", "ReLU", "leaky ReLU", "PReLU", "ELU"][rawValue] }

  /// A fresh layer.
  var layer: any Layer {
    switch self {
    case .sigmoid: Sigmoid()
    case .tanh: Tanh()
    case .relu: ReLU()
    case .leaky: LeakyReLU()
    case .prelu: PReLU()
    case .elu: ELU()
    }
  }

  /// The gain of the weights in front of it: σ = gain/√fan-in. Chapter 4 derives the √2 of the rectifiers.
  var gain: Float { self == .sigmoid || self == .tanh ? 1 : Float(2).squareRoot() }

  /// The initializer of the layer in front of it, its gain multiplied by `factor`.
  func initializer(times factor: Float = 1) -> Initializer { .scaled(.fanIn, .normal, gain: gain * factor) }

  /// The place in the palette: the same in all figures.
  var color: Int { [1, 2, 0, 3, 4, 5][rawValue] }
}

/// A function and its slope on a grid, both computed by the layer itself.
struct Curve: Sendable {
  var x: [Double]
  var y: [Double]
  var slope: [Double]

  /// Sends the numbers of a grid through `layer`, and ones back.
  init(_ layer: any Layer, from low: Double = -5, to high: Double = 5, count: Int = 201) {
    x = (0..<count).map { low + (high - low) * Double($0) / Double(count - 1) }
    (y, slope) = Curve.values(of: layer, at: x)
  }

  static func values(of layer: any Layer, at x: [Double]) -> (y: [Double], slope: [Double]) {
    var layer = layer
    let input = Tensor([x.count, 1], x.map { Float($0) })
    let output = layer.forward(input, mode: .training)
    let slope = layer.backward(Tensor([x.count, 1], repeating: 1), input: input, output: output)
    return (output.elements.map { Double($0) }, slope.elements.map { Double($0) })
  }
}

/// What one hidden layer of ReLUs can do: bend a straight line once for each unit.
struct Hinges: Sendable {
  var x: [Double]
  var y: [Double]
  /// The largest distance from the curve.
  var error: Double
  /// Where each hinge begins, and its slope from there on.
  var kinks: [(place: Double, slope: Double)]

  /// The hinges one by one, each from its kink to where it leaves the picture, at ±`height` or at 1; a NaN between two breaks
  /// the line.
  func single(height: Double = 1.2) -> (x: [Double], y: [Double]) {
    let parts = kinks.map { place, slope in
      let end = min(1, place + height / max(abs(slope), 1e-9))
      return (x: [place, end, end], y: [0, slope * (end - place), .nan])
    }
    return (Array(parts.flatMap(\.x).dropLast()), Array(parts.flatMap(\.y).dropLast()))
  }

  /// The curve to follow, on 0 … 1.
  static func curve(_ x: Double) -> Double { sin(2 * .pi * x) }

  /// A layer of `units` ReLUs, solved by hand: unit i adds vᵢ·max(0, x − kᵢ), where vᵢ
  /// is the change of slope that a broken line through the curve needs at its kink kᵢ.
  init(units: Int) {
    let kinks = (0...units).map { Double($0) / Double(units) }
    let slopes = zip(kinks, kinks.dropFirst()).map {
      (Self.curve($1) - Self.curve($0)) / ($1 - $0)
    }
    let v = slopes.indices.map { slopes[$0] - ($0 > 0 ? slopes[$0 - 1] : 0) }
    x = (0...200).map { Double($0) / 200 }
    y = x.map { x in
      Self.curve(0) + v.indices.reduce(0) { $0 + v[$1] * max(0, x - kinks[$1]) }
    }
    error = zip(x, y).map { abs(Self.curve($0) - $1) }.max() ?? 0
    self.kinks = zip(kinks, v).map { ($0, $1) }
  }
}
