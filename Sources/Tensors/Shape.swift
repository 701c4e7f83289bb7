// The extent of a tensor along each axis.

/// The extent of a tensor along each axis, outermost first.
///
/// Images are `[N, C, H, W]`: batch, channels, height, width. A batch of vectors is `[N, features]`.
/// Elements are stored row-major: the last axis is contiguous in memory.
public struct Shape: Hashable, Sendable {
  /// The extents, outermost axis first; each is at least 0.
  public var dimensions: [Int]

  /// Creates a shape from its extents.
  ///
  /// - Precondition: no extent is negative.
  public init(_ dimensions: [Int]) {
    demand(dimensions.allSatisfy { $0 >= 0 }, "Shape: extents must not be negative, got \(dimensions)")
    self.dimensions = dimensions
  }

  /// The number of axes.
  public var rank: Int { dimensions.count }

  /// The number of elements: the product of the extents, 1 for a scalar.
  public var count: Int { dimensions.reduce(1, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int {
    get { dimensions[axis] }
    set { dimensions[axis] = newValue }
  }

  /// The shape of one sample of a batch: this shape without its first axis.
  public var withoutBatch: Shape { Shape(Array(dimensions.dropFirst())) }

  /// The shape of a batch of `count` samples of this shape.
  public func batched(_ count: Int) -> Shape { Shape([count] + dimensions) }
}

extension Shape: ExpressibleByArrayLiteral {
  public init(arrayLiteral elements: Int...) { self.init(elements) }
}

extension Shape: CustomStringConvertible {
  /// `[16, 5, 5]`.
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
