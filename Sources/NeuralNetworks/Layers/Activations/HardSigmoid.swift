// A piecewise linear sigmoid.

import Foundation
import Tensors

/// The hard sigmoid: y = min(1, max(0, α·x + β)), a sigmoid without an exponential.
///
/// Shapes: any, unchanged.
/// - Source: Courbariaux, Bengio and David 2015, arXiv:1511.00363.
public struct HardSigmoid: Layer {
  /// The slope in the middle.
  public let alpha: Float
  /// The value at 0.
  public let beta: Float

  /// Creates the layer.
  public init(alpha: Float = 0.2, beta: Float = 0.5) {
    self.alpha = alpha
    self.beta = beta
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { [alpha, beta] x, y, count in
      for i in 0..<count { y[i] = min(1, max(0, alpha * x[i] + beta)) }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, output, into: &inputGradient) { [alpha] dy, y, dx, count in
      for i in 0..<count { dx[i] = y[i] > 0 && y[i] < 1 ? alpha * dy[i] : 0 }
    }
  }
}
