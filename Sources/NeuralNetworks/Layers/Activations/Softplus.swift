// Softplus, a smooth ReLU.

import Foundation
import Tensors

/// Softplus: y = log(1 + eˣ), a smooth ReLU; y′ = σ(x).
///
/// Shapes: any, unchanged. Computed as max(x, 0) + log(1 + e^(−|x|)), which cannot overflow.
/// - Source: Dugas et al. 2001, "Incorporating second-order functional knowledge".
public struct Softplus: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { x, y, count in
      for i in 0..<count { y[i] = max(x[i], 0) + log1p(exp(-abs(x[i]))) }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, input, into: &inputGradient) { dy, x, dx, count in
      for i in 0..<count { dx[i] = dy[i] / (1 + exp(-x[i])) }
    }
  }
}
