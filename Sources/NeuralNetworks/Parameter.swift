// A tensor that learns.

import Tensors

/// A tensor that learns: its value, the gradient of the loss with respect to it, and whether weight decay applies.
public struct Parameter: Hashable, Sendable {
  /// The current value.
  public var value: Tensor
  /// ∂L/∂value of the last backward pass, of the same shape.
  public var gradient: Tensor
  /// Whether L2 and L1 penalties apply: to weights yes; to biases, γ and β no.
  public var decays: Bool

  /// Creates a parameter with a zero gradient.
  public init(_ value: Tensor, decays: Bool = true) {
    self.value = value
    self.gradient = Tensor(zeros: value.shape)
    self.decays = decays
  }

  /// Creates a parameter of zeros.
  ///
  /// Value and gradient share their memory until one of them is written: to count a network's weights takes half of it.
  public init(_ shape: Shape, decays: Bool = true) {
    value = Tensor(zeros: shape)
    gradient = value
    self.decays = decays
  }

  /// Hands itself to `visit` under a name: `bias?.visit(as: "bias", visit)` visits a bias only if there is one.
  mutating func visit(as name: String, _ visit: (String, inout Parameter) throws -> Void) rethrows {
    try visit(name, &self)
  }

  /// Swaps the gradient with `other`, so that a kernel can write to it without a copy.
  mutating func exchangeGradient(with other: inout Tensor) { swap(&gradient, &other) }
}
