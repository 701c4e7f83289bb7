// The scaled exponential linear unit.

import Tensors

/// The scaled exponential linear unit: y = γ·x where x > 0, γ·α·(eˣ − 1) elsewhere.
///
/// Shapes: any, unchanged. With LeCun initialization, the mean and variance of the activations converge to 0 and 1.
/// - Source: Klambauer et al. 2017, arXiv:1706.02515, eq. 2 and 14.
public struct SELU: Layer {
  /// α = 1.6733 in the paper.
  public let alpha: Float
  /// γ = 1.0507, called λ in the paper.
  public let gamma: Float

  /// Creates the layer.
  public init(alpha: Float = 1.673_263_2, gamma: Float = 1.050_701) {
    self.alpha = alpha
    self.gamma = gamma
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  public mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    Kernels.map(input, into: &output) { [alpha, gamma] x, y, count in
      Kernels.expMinusOne(x, into: y, count: count)
      for i in 0..<count { y[i] = gamma * (x[i] > 0 ? x[i] : alpha * y[i]) }
    }
  }

  public mutating func backward(
    _ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor
  ) {
    if inputGradient.isEmpty { return }
    Kernels.map(outputGradient, input, into: &inputGradient) { [alpha, gamma] dy, x, dx, count in
      Kernels.exp(x, into: dx, count: count)
      for i in 0..<count { dx[i] = gamma * (x[i] > 0 ? dy[i] : dy[i] * alpha * dx[i]) }
    }
  }
}
