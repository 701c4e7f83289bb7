// The hyperbolic tangent.

import Tensors

/// The hyperbolic tangent: y = tanh x, y′ = 1 − y².
///
/// Shapes: any, unchanged. Outputs lie in (−1, 1), centred on 0; the slope is 1 at 0 and below 0.01 for |x| > 3.
/// - Source: LeCun et al. 1998, "Efficient BackProp".
public struct Tanh: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { x, y, count in Kernels.tanh(x, into: y, count: count) }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, output, into: &inputGradient) { dy, y, dx, count in
      for i in 0..<count { dx[i] = dy[i] * (1 - y[i] * y[i]) }
    }
  }
}
