// The activations of the page: what each is called, its layer, the weights that suit it.

import Foundation
import Workbook

/// An activation function.
enum Bend: Int, CaseIterable, Codable, Sendable {
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

/// x² as the largest of so many straight lines, its tangents: what one maxout unit can do.
struct MaxoutFit: Sendable {
  var x: [Double]
  var y: [Double]
  /// The largest distance from x² on −1 … 1.
  var error: Double

  // snippet: maxout
  /// The unit max(w₁x + b₁, …, wₖx + bₖ), its lines the tangents of x² at k places.
  init(pieces: Int) {
    let places = (0..<pieces).map { -1 + (2 * Double($0) + 1) / Double(pieces) }
    x = (0...160).map { Double($0) / 80 - 1 }
    y = x.map { x in places.map { 2 * $0 * x - $0 * $0 }.max() ?? 0 }
    error = zip(x, y).map { abs($0 * $0 - $1) }.max() ?? 0
  }
  // snippet.end
}
