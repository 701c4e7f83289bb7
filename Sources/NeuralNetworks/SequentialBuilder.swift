// The result builder for `Sequential { … }`.

/// Collects the layers of a ``Sequential``, each with its name, through `if`, `switch` and `for`.
@resultBuilder
public enum SequentialBuilder {
  /// A layer with a name: `Conv2D(1, 6, kernel: 5).named("conv1")`.
  public static func buildExpression(_ entry: Sequential.Entry) -> [Sequential.Entry] { [entry] }

  /// A layer named after its index, counted from 0.
  public static func buildExpression(_ layer: any Layer) -> [Sequential.Entry] { [.init(name: "", layer: layer)] }

  /// The layers of the first line.
  public static func buildPartialBlock(first: [Sequential.Entry]) -> [Sequential.Entry] { first }
  /// All layers so far, and those of the next line.
  public static func buildPartialBlock(
    accumulated: [Sequential.Entry], next: [Sequential.Entry]
  ) -> [Sequential.Entry] { accumulated + next }

  /// The layers of an `if` without `else`.
  public static func buildOptional(_ entries: [Sequential.Entry]?) -> [Sequential.Entry] { entries ?? [] }
  /// The layers of the first branch.
  public static func buildEither(first: [Sequential.Entry]) -> [Sequential.Entry] { first }
  /// The layers of the second branch.
  public static func buildEither(second: [Sequential.Entry]) -> [Sequential.Entry] { second }
  /// The layers of a `for`.
  public static func buildArray(_ entries: [[Sequential.Entry]]) -> [Sequential.Entry] { entries.flatMap(\.self) }
}

extension Sequential {
  /// Creates a sequence whose layers depend on conditions:
  ///
  ///     Sequential {
  ///       Conv2D(1, 6, kernel: 5).named("conv1")
  ///       if isNormalized { BatchNorm(6).named("bn1") }
  ///       ReLU().named("act1")
  ///     }
  ///
  /// A layer without a name is named after its index: `0`, `1`, `2`, ….
  public init(@SequentialBuilder _ layers: () -> [Entry]) {
    self.init(
      layers().enumerated().map {
        $0.element.name.isEmpty ? Entry(name: "\($0.offset)", layer: $0.element.layer) : $0.element
      })
  }
}

extension Layer {
  /// This layer with a name, for use in the braces of a ``Sequential``.
  public func named(_ name: String) -> Sequential.Entry { .init(name: name, layer: self) }
}
