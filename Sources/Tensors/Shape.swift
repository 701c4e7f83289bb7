// The extent of a tensor along each axis.

/// The extent of a tensor along each axis, outermost first.
///
/// Images are `[N, C, H, W]`: batch, channels, height, width. A batch of vectors is `[N, features]`.
/// Elements are stored row-major: the last axis is contiguous in memory.
///
/// `Shape(samples, classes)` never allocates heap memory, even where the optimizer does not remove the array behind a
/// literal; training steps use this form.
public struct Shape: Hashable, Sendable {
  /// The number of axes.
  public let rank: Int

  // Up to four extents are stored inline, so the shapes of vectors, images and their batches allocate no memory.
  // Extents past the rank are 1, which changes neither the product nor equality.
  private let first: Int
  private let second: Int
  private let third: Int
  private let fourth: Int
  /// The extents after the fourth.
  private let rest: [Int]

  @usableFromInline init(rank: Int, _ first: Int, _ second: Int, _ third: Int, _ fourth: Int, _ rest: [Int]) {
    self.rank = rank
    (self.first, self.second, self.third, self.fourth) = (first, second, third, fourth)
    self.rest = rest
    demand(
      first >= 0 && second >= 0 && third >= 0 && fourth >= 0 && rest.allSatisfy { $0 >= 0 },
      "Shape: extents must not be negative, got \(dimensions)")
  }

  /// Creates a shape from its extents.
  ///
  /// - Precondition: no extent is negative.
  public init(_ dimensions: [Int]) {
    func extent(_ axis: Int) -> Int { axis < dimensions.count ? dimensions[axis] : 1 }
    self.init(
      rank: dimensions.count, extent(0), extent(1), extent(2), extent(3),
      dimensions.count > 4 ? Array(dimensions[4...]) : [])
  }

  /// The shape of a batch of vectors, without an intermediate array.
  public init(_ samples: Int, _ features: Int) { self.init(rank: 2, samples, features, 1, 1, []) }

  /// The shape of an image, without an intermediate array.
  public init(_ channels: Int, _ height: Int, _ width: Int) { self.init(rank: 3, channels, height, width, 1, []) }

  /// The shape of a batch of images, without an intermediate array.
  public init(_ samples: Int, _ channels: Int, _ height: Int, _ width: Int) {
    self.init(rank: 4, samples, channels, height, width, [])
  }

  /// The extents, outermost axis first; each is at least 0.
  public var dimensions: [Int] { [first, second, third, fourth].prefix(rank) + rest }

  /// The number of elements: the product of the extents, 1 for a scalar.
  public var count: Int { rest.reduce(first * second * third * fourth, *) }

  /// The number of positions in each channel of a batch [N, C, …]: the product of the extents after the second.
  public var positions: Int { rest.reduce(third * fourth, *) }

  /// The extent of one axis.
  public subscript(axis: Int) -> Int {
    demand(0 <= axis && axis < rank, "Shape: \(self) has no axis \(axis)")
    return switch axis {
    case 0: first
    case 1: second
    case 2: third
    case 3: fourth
    default: rest[axis - 4]
    }
  }

  /// The shape of one sample of a batch: this shape without its first axis.
  public var withoutBatch: Shape {
    Shape(
      rank: max(0, rank - 1), second, third, fourth, rest.first ?? 1, rest.count > 1 ? Array(rest.dropFirst()) : [])
  }

  /// The shape of a batch of `count` samples of this shape.
  public func batched(_ count: Int) -> Shape {
    Shape(rank: rank + 1, count, first, second, third, rank > 3 ? [fourth] + rest : [])
  }
}

extension Shape: ExpressibleByArrayLiteral {
  // Inlinable: this allows the optimizer to remove the array.
  @inlinable public init(arrayLiteral elements: Int...) {
    switch elements.count {
    case 1: self.init(rank: 1, elements[0], 1, 1, 1, [])
    case 2: self.init(elements[0], elements[1])
    case 3: self.init(elements[0], elements[1], elements[2])
    case 4: self.init(elements[0], elements[1], elements[2], elements[3])
    default: self.init(elements)
    }
  }
}

extension Shape: CustomStringConvertible {
  /// `[16, 5, 5]`.
  public var description: String { "[" + dimensions.map(String.init).joined(separator: ", ") + "]" }
}
