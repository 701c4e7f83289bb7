// The Gaussian error linear unit.

import Foundation
import Tensors

/// The Gaussian error linear unit: y = x·Φ(x), where Φ is the distribution function of N(0, 1); y′ = Φ(x) + x·φ(x).
///
/// Shapes: any, unchanged. The tanh form, ½x·(1 + tanh(√(2/π)·(x + 0.044715x³))), differs by less than 5·10⁻⁴.
/// - Source: Hendrycks and Gimpel 2016, arXiv:1606.08415.
public struct GELU: Layer {
  /// Whether the tanh form is used.
  public let isApproximate: Bool

  /// Creates the layer.
  public init(approximate isApproximate: Bool = false) { self.isApproximate = isApproximate }

  /// √(2/π), and the coefficient of x³.
  private static let slope = Float(0.797_884_560_8), cubic = Float(0.044715)

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    if isApproximate {
      Kernels.map(input, into: &output) { x, y, count in
        for i in 0..<count {
          y[i] = 0.5 * x[i] * (1 + tanh(Self.slope * (x[i] + Self.cubic * x[i] * x[i] * x[i])))
        }
      }
    } else {
      Kernels.map(input, into: &output) { x, y, count in
        for i in 0..<count { y[i] = x[i] * Self.distribution(x[i]) }
      }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    if isApproximate {
      Kernels.map(outputGradient, input, into: &inputGradient) { dy, x, dx, count in
        for i in 0..<count {
          let t = tanh(Self.slope * (x[i] + Self.cubic * x[i] * x[i] * x[i]))
          let inner = Self.slope * (1 + 3 * Self.cubic * x[i] * x[i])
          dx[i] = dy[i] * (0.5 * (1 + t) + 0.5 * x[i] * (1 - t * t) * inner)
        }
      }
    } else {
      Kernels.map(outputGradient, input, into: &inputGradient) { dy, x, dx, count in
        for i in 0..<count {
          let density = 0.398_942_28 * exp(-0.5 * x[i] * x[i])
          dx[i] = dy[i] * (Self.distribution(x[i]) + x[i] * density)
        }
      }
    }
  }

  /// Φ(x) = ½·erfc(−x/√2): erfc stays accurate for large negative x, where 1 + erf loses all digits.
  private static func distribution(_ x: Float) -> Float { 0.5 * erfc(-x * Float(0.5).squareRoot()) }
}
