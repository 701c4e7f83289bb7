// The logistic sigmoid, and a known error in its derivative.

import Tensors

/// The logistic sigmoid: y = σ(x) = 1/(1 + e⁻ˣ), σ′ = y·(1 − y).
///
/// Shapes: any, unchanged. Outputs lie in (0, 1); the slope is ¼ at 0 and below 5·10⁻⁵ at ±10.
public struct Sigmoid: Layer {
  /// The derivative that the backward pass uses.
  public enum Derivative: Hashable, Sendable {
    /// y·(1 − y).
    case correct
    /// 1 − y², the derivative of tanh, as in the system that produced the LeNet table in the sources. It is wrong: for
    /// outputs near 0 it is nearly 1, whereas the correct derivative vanishes. It thereby removes the slow start of
    /// training with mean squared error. Chapter 8 explains its effect on one unit, chapter 10 its effect on LeNet.
    case published
  }

  /// The derivative in use.
  public let derivative: Derivative

  /// Creates the layer.
  public init(derivative: Derivative = .correct) { self.derivative = derivative }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { x, y, count in Kernels.sigmoid(x, into: y, count: count) }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    switch derivative {
    case .correct:
      Kernels.map(outputGradient, output, into: &inputGradient) { dy, y, dx, count in
        for i in 0..<count { dx[i] = dy[i] * y[i] * (1 - y[i]) }
      }
    case .published:
      Kernels.map(outputGradient, output, into: &inputGradient) { dy, y, dx, count in
        for i in 0..<count { dx[i] = dy[i] * (1 - y[i] * y[i]) }
      }
    }
  }
}
