// The error for a model whose shapes do not fit.

import Tensors

/// A layer that cannot accept its input: names the layer, what it expects, what it receives, and the arithmetic.
///
///     layer 8 fc1 (Dense): expects 400 features, receives [256]; Dense(256, 120) would accept them; 256 = 16·4·4;
///     an input of [1, 32, 32] would give 16·5·5 = 400; so would padding 2 in conv1
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer's kind: `Dense`.
  public var kind: String
  /// The layer's position in its network, counted from 1, and its name, outermost first; each enclosing sequence adds
  /// an element.
  public var path: [String]
  /// What the layer expects: `400 features`.
  public var expected: String
  /// The shape of one sample of the input.
  public var received: Shape
  /// The calculation that shows the mistake, or how to fix it; may be empty.
  public var arithmetic: String
  /// A correction elsewhere in the network that was tried and works; may be empty. See `ShapeAdvice.swift`.
  public var advice: String

  /// Creates an error for one layer; the enclosing sequences add its position.
  public init(_ kind: String, expected: String, received: Shape, arithmetic: String = "") {
    self.kind = kind
    self.path = []
    self.expected = expected
    self.received = received
    self.arithmetic = arithmetic
    self.advice = ""
  }

  /// The same error with the position in one more enclosing sequence.
  public func inside(_ place: String) -> ShapeError {
    var error = self
    error.path.insert(place, at: 0)
    return error
  }

  public var description: String {
    let place = path.isEmpty ? kind : path.joined(separator: " › ") + " (\(kind))"
    let size = received.rank > 1 ? "\(received) = \(received.count)" : "\(received)"
    return (["\(place): expects \(expected), receives \(size)", arithmetic, advice].filter { !$0.isEmpty })
      .joined(separator: "; ")
  }
}

/// Throws a ``ShapeError`` unless a layer's own sizes are valid.
///
/// Creating a layer never stops the program. Every mistake in a description is therefore reported in the same way: by a
/// ``ShapeError``, thrown when the layer's output shape is computed. Until then, a layer of invalid size has no
/// weights.
func refuse(
  _ kind: String, unless isPossible: Bool, _ expected: String, _ arithmetic: @autoclosure () -> String,
  _ input: Shape
) throws(ShapeError) {
  if !isPossible { throw ShapeError(kind, expected: expected, received: input, arithmetic: arithmetic()) }
}

/// Throws a ``ShapeError`` unless a layer has inputs and outputs.
func refuse(_ kind: String, from inputs: Int, to outputs: Int, _ input: Shape) throws(ShapeError) {
  try refuse(
    kind, unless: inputs > 0 && outputs > 0, "features", "a layer from \(inputs) to \(outputs) features does nothing",
    input)
}
