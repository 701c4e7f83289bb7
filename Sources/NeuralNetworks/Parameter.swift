// A learned tensor and its gradient.

import Tensors

/// A learned tensor: its value, the gradient of the loss with respect to it, and whether weight decay applies.
public struct Parameter: Hashable, Sendable {
  /// The current value.
  public var value: Tensor
  /// ∂L/∂value of the last backward pass, with the same shape.
  public var gradient: Tensor
  /// Whether L2 and L1 penalties apply: true for weights; false for biases, γ and β.
  public var decays: Bool

  /// Creates a parameter with a zero gradient.
  public init(_ value: Tensor, decays: Bool = true) {
    self.value = value
    self.gradient = Tensor(zeros: value.shape)
    self.decays = decays
  }

  /// Creates a parameter of zeros.
  ///
  /// Value and gradient share their memory until one of them is written, which halves the memory needed to count a
  /// network's weights.
  public init(_ shape: Shape, decays: Bool = true) {
    value = Tensor(zeros: shape)
    gradient = value
    self.decays = decays
  }

  /// Calls `visit` with this parameter and a name: `bias?.visit(as: "bias", visit)` visits a bias only if there is one.
  mutating func visit(as name: String, _ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit(name, &self)
  }

  /// Swaps the gradient with `other`; a kernel can then write to it without a copy.
  mutating func exchangeGradient(with other: inout Tensor) { swap(&gradient, &other) }
}
