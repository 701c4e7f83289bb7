// One neuron, its loss, and the chain rule through both, written out by hand.

import Foundation
import Workbook

// snippet: neuron
/// A sigmoid neuron: q = w·x, z = q + b, y = σ(z), and a penalty on the size of w:
/// r = ½cw², L = ½(y − t)² + r.
struct Neuron: Equatable {
  var w: Double, x: Double, b: Double, t: Double, c: Double

  // Forward: from the leaves to the loss.
  var q: Double { w * x }
  var z: Double { q + b }
  var y: Double { 1 / (1 + exp(-z)) }
  var r: Double { c * w * w / 2 }
  var loss: Double { (y - t) * (y - t) / 2 + r }

  // Backward: every slope is the slope after it times one local slope. The weight
  // reaches the loss by two paths, and their products add up.
  var dy: Double { y - t }
  var dz: Double { dy * y * (1 - y) }
  var dq: Double { dz * 1 }
  var db: Double { dz * 1 }
  var dw: Double { dq * x + 1 * c * w }
  var dx: Double { dq * w }
}
// snippet.end

extension Neuron {
  /// The neuron that the page begins with.
  static func example(w: Double) -> Neuron { Neuron(w: w, x: 1.5, b: -1, t: 0, c: 0.05) }

  /// ∂L/∂w by central differences: what the chain rule must agree with.
  func measuredSlope(step: Double = 1e-5) -> Double {
    var (above, below) = (self, self)
    above.w += step
    below.w -= step
    return (above.loss - below.loss) / (2 * step)
  }

  /// The graph with the value of each node and the slope of the loss with respect to it; on the arrows their own slopes.
  var diagram: Diagram {
    func node(
      _ text: String, _ value: Double, _ slope: Double?, x: Double, y: Double, color: Int? = nil
    ) -> Diagram.Node {
      let number = signed(value)
      return Diagram.Node(
        number.hasPrefix("≈") ? "\(text) \(number)" : "\(text) = \(number)", x: x, y: y,
        detail: slope.map { "← \(signed($0))" } ?? "", size: (0.9, 0.62), color: color)
    }
    return Diagram(
      [
        node("w", w, dw, x: 0, y: 2, color: 1), node("x", x, dx, x: 0, y: 1),
        node("b", b, db, x: 0, y: 0, color: 1),
        node("q", q, dq, x: 1.4, y: 1.3), node("z", z, dz, x: 2.7, y: 0.7),
        node("y", y, dy, x: 4.7, y: 0.7), node("r", r, 1, x: 2.7, y: 2),
        node("L", loss, 1, x: 6.7, y: 1.3, color: 0),
      ],
      edges: [
        .init(0, 3, label: "x"), .init(1, 3, label: "w"), .init(3, 4, label: "1"), .init(2, 4, label: "1"),
        .init(4, 5, label: "y(1−y) = \(fixed(y * (1 - y), 3))"), .init(5, 7, label: "y−t"),
        .init(0, 6, label: "cw = \(signed(c * w))"), .init(6, 7, label: "1"),
      ])
  }
}

/// `0.25`, `−1.00`, `0.0031`, `≈ 0`: two digits behind the point, more where there would be only zeros.
func signed(_ value: Double) -> String {
  let size = abs(value)
  if size >= 0.01 || size == 0 { return fixed(value, 2) }
  return size < 1e-4 ? "≈ 0" : short(value, digits: size < 0.001 ? 1 : 2)
}
