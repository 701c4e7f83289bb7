// The one error of a model's description.

import Tensors

/// A layer that cannot take what it is given: says who, what it expects, what it receives, and the arithmetic.
///
///     layer 8 fc1 (Dense): expects 400 features, receives [256]; Dense(256, 120) would take them; 256 = 16·4·4; an input
///     of [1, 32, 32] would give 16·5·5 = 400; so would padding 2 in conv1
public struct ShapeError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The layer's kind: `Dense`.
  public var kind: String
  /// The layer's place in its network, counted from 1 and outermost first, with its name: filled in on the way up.
  public var path: [String]
  /// What the layer needs: `400 features`.
  public var expected: String
  /// The shape of one sample that arrives.
  public var received: Shape
  /// The calculation that shows the mistake, or how to fix it; may be empty.
  public var arithmetic: String
  /// What elsewhere in the network would fix it, found by trying; may be empty. See `ShapeAdvice.swift`.
  public var advice: String

  /// Creates an error of one layer; the network around it adds its place.
  public init(_ kind: String, expected: String, received: Shape, arithmetic: String = "") {
    self.kind = kind
    self.path = []
    self.expected = expected
    self.received = received
    self.arithmetic = arithmetic
    self.advice = ""
  }

  /// The same error one level further out.
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

/// Refuses an input where a layer's own sizes are impossible.
///
/// A layer never stops the program when it is made, so that every mistake in a description has one answer: a
/// ``ShapeError``, thrown where the layer meets a shape. Impossible sizes leave it without weights until then.
func refuse(
  _ kind: String, unless isPossible: Bool, _ expected: String, _ arithmetic: @autoclosure () -> String,
  _ input: Shape
) throws(ShapeError) {
  if !isPossible { throw ShapeError(kind, expected: expected, received: input, arithmetic: arithmetic()) }
}

/// Refuses an input where a layer leads from or to nothing.
func refuse(_ kind: String, from inputs: Int, to outputs: Int, _ input: Shape) throws(ShapeError) {
  try refuse(
    kind, unless: inputs > 0 && outputs > 0, "features", "a layer from \(inputs) to \(outputs) features does nothing",
    input)
}
