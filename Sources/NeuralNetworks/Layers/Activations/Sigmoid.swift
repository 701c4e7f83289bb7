// The logistic sigmoid, and a famous way to get its derivative wrong.

import Tensors

/// The logistic sigmoid: y = σ(x) = 1/(1 + e⁻ˣ), σ′ = y·(1 − y).
///
/// Shapes: any, unchanged. Outputs lie in (0, 1); the slope is ¼ at 0 and below 5·10⁻⁵ at ±10.
public struct Sigmoid: Layer {
  /// The derivative that the backward pass multiplies by.
  public enum Derivative: Hashable, Sendable {
    /// y·(1 − y).
    case correct
    /// 1 − y²: the derivative of tanh, as in the system that made the LeNet table of the sources. It is wrong: nearly 1
    /// for outputs near 0, where the right one vanishes, and so removes the slow start of mean squared error there.
    /// Chapter 8 explains what it does to one unit, chapter 10 what to LeNet.
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
