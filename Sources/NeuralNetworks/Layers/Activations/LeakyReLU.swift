// The leaky rectified linear unit.

import Foundation
import Tensors

/// The leaky rectified linear unit: y = x where x > 0, slope·x elsewhere.
///
/// Shapes: any, unchanged. No unit can die: its slope is never 0.
/// - Source: Maas, Hannun and Ng 2013, "Rectifier nonlinearities improve neural network acoustic models".
public struct LeakyReLU: Layer {
  /// The slope on the negative side; 0.01 in the paper.
  public let slope: Float

  /// Creates the layer.
  public init(slope: Float = 0.01) { self.slope = slope }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { [slope] x, y, count in
      for i in 0..<count { y[i] = x[i] > 0 ? x[i] : slope * x[i] }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, input, into: &inputGradient) { [slope] dy, x, dx, count in
      for i in 0..<count { dx[i] = x[i] > 0 ? dy[i] : slope * dy[i] }
    }
  }
}
