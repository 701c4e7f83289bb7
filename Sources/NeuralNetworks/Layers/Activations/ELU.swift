// The exponential linear unit.

import Tensors

/// The exponential linear unit: y = x where x > 0, α·(eˣ − 1) elsewhere; y′ = 1 and y + α, respectively.
///
/// Shapes: any, unchanged. Outputs lie above −α, and their mean is closer to 0 than that of a ReLU's outputs.
/// - Source: Clevert, Unterthiner and Hochreiter 2016, arXiv:1511.07289.
public struct ELU: Layer {
  /// α: the output approaches −α on the negative side.
  public let alpha: Float

  /// Creates the layer.
  public init(alpha: Float = 1) { self.alpha = alpha }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { [alpha] x, y, count in
      Kernels.expMinusOne(x, into: y, count: count)
      for i in 0..<count { y[i] = x[i] > 0 ? x[i] : alpha * y[i] }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, input, into: &inputGradient) { [alpha] dy, x, dx, count in
      Kernels.exp(x, into: dx, count: count)
      for i in 0..<count { dx[i] = x[i] > 0 ? dy[i] : dy[i] * alpha * dx[i] }
    }
  }
}
