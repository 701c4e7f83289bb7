// A window that slides over an image: the arithmetic shared by convolution and pooling.

/// A window that slides over an image: its size, its step, the border around the image, and the spacing of its taps.
public struct Window: Hashable, Sendable {
  /// The height and width of the window, in taps.
  public var kernel: Extent
  /// The step from one position to the next, downwards and rightwards.
  public var stride: Extent
  /// The border added around the image.
  public var padding: Padding
  /// The distance between neighbouring taps; 1 is a dense window.
  public var dilation: Extent
  /// Whether a last, partial window counts (PyTorch's `ceil_mode`).
  public var roundsUp: Bool

  /// Creates a window. Invalid numbers do not crash: ``problem`` describes them, and the window fits into no image.
  public init(
    kernel: Extent, stride: Extent = 1, padding: Padding = 0, dilation: Extent = 1, roundsUp: Bool = false
  ) {
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.roundsUp = roundsUp
  }

  /// Why the window is invalid, or nil: a kernel, stride or dilation below 1, or a padding below 0.
  public var problem: (expected: String, arithmetic: String)? {
    func isPositive(_ extent: Extent) -> Bool { extent.height > 0 && extent.width > 0 }
    if !isPositive(kernel) { return ("a kernel of at least 1×1", "a kernel of \(kernel) has no weights") }
    if !isPositive(stride) { return ("a stride of at least 1×1", "with stride \(stride) the window never moves") }
    if !isPositive(dilation) {
      return ("a dilation of at least 1×1", "with dilation \(dilation) all taps of a window read one pixel")
    }
    if padding.top < 0 || padding.left < 0 || padding.bottom < 0 || padding.right < 0 {
      return ("a padding of at least 0", "a padding of \(padding) would cut the image")
    }
    return nil
  }

  /// The height and width that the window covers, including its gaps: dilation·(kernel − 1) + 1.
  public var span: Extent {
    Extent(dilation.height * (kernel.height - 1) + 1, dilation.width * (kernel.width - 1) + 1)
  }

  /// The number of positions of the window over an image along each axis, or nil if it does not fit.
  ///
  /// ⌊(size + padding − span) / stride⌋ + 1, along each axis.
  public func outputSize(over image: Extent) -> Extent? {
    if problem != nil { return nil }
    let down = Self.positions(
      image.height, padding.top, padding.bottom, span.height, stride.height, roundsUp: roundsUp)
    let across = Self.positions(image.width, padding.left, padding.right, span.width, stride.width, roundsUp: roundsUp)
    guard let down, let across else { return nil }
    return Extent(down, across)
  }

  /// The smallest image into which the window fits.
  public var smallestImage: Extent {
    Extent(max(1, span.height - padding.top - padding.bottom), max(1, span.width - padding.left - padding.right))
  }

  /// The calculation of ``outputSize(over:)`` as text: `output height (32 + 2·2 − 5)/1 + 1 = 32, width …`.
  public func arithmetic(over image: Extent) -> String {
    if let problem { return problem.arithmetic }
    func axis(_ size: Int, _ before: Int, _ after: Int, _ span: Int, _ stride: Int) -> String {
      let border = before == after ? (before == 0 ? "" : " + 2·\(before)") : " + \(before) + \(after)"
      let room = size + before + after - span
      // Rounded down, also below 0: a window that does not fit has 0 positions or fewer.
      let positions = (room < 0 ? (room + 1) / stride - 1 : room / stride) + 1
      return "(\(size)\(border) − \(span))/\(stride) + 1 = \(positions < 0 ? "−" : "")\(positions.magnitude)"
    }
    let down = axis(image.height, padding.top, padding.bottom, span.height, stride.height)
    let across = axis(image.width, padding.left, padding.right, span.width, stride.width)
    return down == across ? "output size \(down)" : "output height \(down), width \(across)"
  }

  private static func positions(
    _ size: Int, _ before: Int, _ after: Int, _ span: Int, _ stride: Int, roundsUp: Bool
  ) -> Int? {
    let room = size + before + after - span
    if room < 0 { return nil }
    var positions = (roundsUp ? room + stride - 1 : room) / stride + 1
    // A partial window must still start inside the image or its left border.
    if roundsUp && (positions - 1) * stride >= size + before { positions -= 1 }
    return positions
  }
}

/// A height and a width.
public struct Extent: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows.
  public var height: Int
  /// Columns.
  public var width: Int

  /// Creates an extent.
  public init(_ height: Int, _ width: Int) {
    self.height = height
    self.width = width
  }

  /// A square.
  public init(integerLiteral side: Int) { self.init(side, side) }

  /// A square.
  public init(_ side: Int) { self.init(side, side) }

  /// height · width.
  public var area: Int { height * width }

  public var description: String { "\(height)×\(width)" }
}

/// A border around an image, in pixels on each side.
public struct Padding: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
  /// Rows above.
  public var top: Int
  /// Columns to the left.
  public var left: Int
  /// Rows below.
  public var bottom: Int
  /// Columns to the right.
  public var right: Int

  /// Creates a border.
  public init(top: Int, left: Int, bottom: Int, right: Int) {
    self.top = top
    self.left = left
    self.bottom = bottom
    self.right = right
  }

  /// The same border on all four sides.
  public init(integerLiteral width: Int) { self.init(width) }

  /// The same border on all four sides.
  public init(_ width: Int) { self.init(top: width, left: width, bottom: width, right: width) }

  /// Whether there is no border.
  public var isZero: Bool { top == 0 && left == 0 && bottom == 0 && right == 0 }

  public var description: String {
    top == left && left == bottom && bottom == right ? "\(top)" : "\(top), \(left), \(bottom), \(right)"
  }
}
