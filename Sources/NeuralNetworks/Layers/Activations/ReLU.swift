// The rectified linear unit.

import Tensors

/// The rectified linear unit: y = max(0, x), y′ = 1 where x > 0 and 0 elsewhere (including x = 0).
///
/// Shapes: any, unchanged.
/// - Source: Nair and Hinton 2010; Glorot, Bordes and Bengio 2011, "Deep sparse rectifier neural networks".
public struct ReLU: Layer {
  /// Creates the layer.
  public init() {}

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { x, y, count in
      // This form keeps NaN.
      for i in 0..<count { y[i] = x[i] < 0 ? 0 : x[i] }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, output, into: &inputGradient) { dy, y, dx, count in
      for i in 0..<count { dx[i] = y[i] > 0 ? dy[i] : 0 }
    }
  }
}
