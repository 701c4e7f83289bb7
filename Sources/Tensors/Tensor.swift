// A dense array of numbers with a shape: the input and output of every layer.

/// A dense, row-major array of 32-bit floats with a shape.
///
/// A tensor is a value: a copy is a snapshot, and shares storage until one of the two is written.
/// The element type is always `Float`: kernels are then concrete code, which the compiler can vectorize.
///
///     var image = Tensor(zeros: [1, 28, 28])
///     image[0, 14, 14] = 1
///     image.shape                          // [1, 28, 28]
public struct Tensor: Hashable, Sendable {
  /// The extent along each axis.
  public private(set) var shape: Shape

  /// All elements in row-major order; `elements.count == shape.count`, always.
  public private(set) var elements: [Float]

  /// Creates a tensor of zeros; on Linux a large one uses no physical memory until it is written.
  public init(zeros shape: Shape) {
    self.shape = shape
    elements = zeroElements(shape.count)
  }

  /// Creates a tensor in which every element is `value`.
  public init(_ shape: Shape, repeating value: Float = 0) {
    self.shape = shape
    self.elements = [Float](repeating: value, count: shape.count)
  }

  /// Creates a tensor from its elements in row-major order.
  ///
  /// - Precondition: `elements.count == shape.count`.
  public init(_ shape: Shape, _ elements: [Float]) {
    demand(
      elements.count == shape.count,
      "Tensor: shape \(shape) holds \(shape.count) elements, got \(elements.count)")
    self.shape = shape
    self.elements = elements
  }

  /// Creates a vector `[elements.count]`.
  public init(vector elements: [Float]) { self.init([elements.count], elements) }

  /// A tensor without elements, `[0]`: a placeholder for a result that was not requested.
  public static let empty = Tensor([0])

  /// The number of elements.
  public var count: Int { elements.count }

  /// Whether the tensor has no elements.
  public var isEmpty: Bool { elements.isEmpty }

  /// Whether both tensors share the same memory: a copy does until one of the two is written.
  public func sharesStorage(with other: Tensor) -> Bool {
    !isEmpty && withUnsafeElements { own in other.withUnsafeElements { own.baseAddress == $0.baseAddress } }
  }

  // MARK: Shape

  /// Changes the shape to `shape`, and keeps the storage if the number of elements stays the same.
  ///
  /// The contents afterwards are unspecified unless the number of elements is unchanged.
  /// Workspaces use this: the first batch allocates memory, the next thousand do not.
  public mutating func resize(to shape: Shape) {
    if shape == self.shape { return }
    if shape.count != elements.count { elements = [Float](repeating: 0, count: shape.count) }
    self.shape = shape
  }

  /// The same elements with another shape.
  ///
  /// - Precondition: both shapes hold the same number of elements.
  public func reshaped(to shape: Shape) -> Tensor { Tensor(shape, elements) }

  // MARK: Elements

  /// One element, by its index along each axis. For examples and tests: kernels use pointers.
  public subscript(indices: Int...) -> Float {
    get { elements[offset(indices)] }
    set { elements[offset(indices)] = newValue }
  }

  /// The index of an element in `elements`.
  private func offset(_ indices: [Int]) -> Int {
    demand(indices.count == shape.rank, "Tensor: shape \(shape) needs \(shape.rank) indices, got \(indices)")
    var offset = 0
    for (axis, index) in indices.enumerated() {
      demand(0 <= index && index < shape[axis], "Tensor: index \(indices) is outside shape \(shape)")
      offset = offset * shape[axis] + index
    }
    return offset
  }

  /// The tensor of the same shape whose elements are `transform` of these: `x.map { max(0, $0) }`.
  ///
  /// For examples and tests; layers write into existing tensors.
  @inlinable public func map(_ transform: (Float) throws -> Float) rethrows -> Tensor {
    Tensor(shape, try elements.map(transform))
  }

  /// Sets every element to `value`.
  public mutating func fill(_ value: Float) {
    withUnsafeMutableElements { $0.update(repeating: value) }
  }

  /// Calls `body` with a buffer of the elements.
  public func withUnsafeElements<Result>(_ body: (UnsafeBufferPointer<Float>) throws -> Result) rethrows -> Result {
    try elements.withUnsafeBufferPointer(body)
  }

  /// Calls `body` with a mutable buffer of the elements.
  ///
  /// A kernel calls this once for each tensor: the uniqueness check is then made once, not for each element.
  public mutating func withUnsafeMutableElements<Result>(
    _ body: (UnsafeMutableBufferPointer<Float>) throws -> Result
  ) rethrows -> Result {
    try elements.withUnsafeMutableBufferPointer { try body($0) }
  }
}

extension Tensor: CustomStringConvertible {
  /// The shape and the first elements: `Tensor [2, 3] [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]`.
  public var description: String {
    let shown = elements.prefix(12).map { "\($0)" }.joined(separator: ", ")
    return "Tensor \(shape) [\(shown)\(count > 12 ? ", …" : "")]"
  }
}
