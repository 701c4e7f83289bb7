// Pooling: the average or the largest pixel under a window, and the gradients of both.

/// All sizes of a pooling that maps planes `[H, W]` to `[H′, W′]`.
public struct PoolingGeometry: Hashable, Sendable {
  /// The input's height and width.
  public var image: Extent
  /// Kernel, stride, padding, dilation and rounding.
  public var window: Window
  /// Whether an average divides by the whole window, including the part in the border.
  public var countsPadding: Bool
  /// The output's height and width.
  public let output: Extent

  /// Creates a geometry, or returns nil if the window does not fit into the image.
  public init?(image: Extent, window: Window, countsPadding: Bool = true) {
    guard let output = window.outputSize(over: image) else { return nil }
    self.image = image
    self.window = window
    self.countsPadding = countsPadding
    self.output = output
  }

  /// Whether 2×2 windows tile the image: the common case, which has a separate kernel.
  var isTwoByTwo: Bool {
    window.kernel == 2 && window.stride == 2 && window.dilation == 1 && window.padding.isZero
      && output.height * 2 <= image.height && output.width * 2 <= image.width
  }

  /// The columns of the output whose windows lie between the left and right edges of the image.
  var wholeWindows: Range<Int> {
    let (stride, left) = (window.stride.width, window.padding.left)
    let extent = (window.kernel.width - 1) * window.dilation.width + 1
    let first = (left + stride - 1) / stride
    let beyond = min(output.width, (image.width + left - extent + stride) / stride)
    return first..<max(first, beyond)
  }

  /// The first and last tap along one axis that lie inside the image at output position `i`.
  @inline(__always) func taps(_ i: Int, stride: Int, padding: Int, kernel: Int, dilation: Int, size: Int) -> (
    first: Int, last: Int
  ) {
    var first = 0
    while first < kernel && i * stride - padding + first * dilation < 0 { first += 1 }
    var last = kernel - 1
    while last >= first && i * stride - padding + last * dilation >= size { last -= 1 }
    return (first, last)
  }

  /// The number by which an average at (i, j) divides.
  ///
  /// If the border counts, this is the window's area, less the part of a last partial window beyond the border.
  func divisor(_ i: Int, _ j: Int, present: Int) -> Int {
    if !countsPadding { return present }
    let (w, p) = (window, window.padding)
    func inside(_ i: Int, _ stride: Int, _ before: Int, _ after: Int, _ kernel: Int, _ dilation: Int, _ size: Int)
      -> Int
    {
      let start = i * stride - before
      return (0..<kernel).count { start + $0 * dilation < size + after }
    }
    return inside(i, w.stride.height, p.top, p.bottom, w.kernel.height, w.dilation.height, image.height)
      * inside(j, w.stride.width, p.left, p.right, w.kernel.width, w.dilation.width, image.width)
  }
}

extension Kernels {
  /// Average pooling by its definition: y[i, j] is the mean of the pixels under the window at (i, j).
  ///
  /// - Parameters:
  ///   - input: [N, C, H, W].
  ///   - g: all sizes.
  ///   - output: [N, C, H′, W′], resized and overwritten.
  public static func averagePool(_ input: Tensor, geometry g: PoolingGeometry, into output: inout Tensor) {
    if g.isTwoByTwo { return forEachPlane(input, g, into: &output) { x, y in averageTwoByTwo(g, x, y) } }
    forEachPlane(input, g, into: &output) { x, y in
      forEachWindow(g) { place, i, j, pixels in
        var sum: Float = 0
        var present = 0
        pixels.forEach {
          sum += x[$0]
          present += 1
        }
        y[place] = sum / Float(max(1, g.divisor(i, j, present: present)))
      }
    }
  }

  /// The gradient of average pooling: each pixel receives its share of every window that covers it.
  public static func averagePoolGradient(
    _ outputGradient: Tensor, geometry g: PoolingGeometry, into inputGradient: inout Tensor
  ) {
    if g.isTwoByTwo {
      return forEachGradientPlane(outputGradient, g, into: &inputGradient) { dy, dx in
        averageTwoByTwoGradient(g, dy, dx)
      }
    }
    forEachGradientPlane(outputGradient, g, into: &inputGradient) { dy, dx in
      dx.update(repeating: 0, count: g.image.area)
      forEachWindow(g) { place, i, j, pixels in
        var present = 0
        pixels.forEach { _ in present += 1 }
        let share = dy[place] / Float(max(1, g.divisor(i, j, present: present)))
        pixels.forEach { dx[$0] += share }
      }
    }
  }

  /// Max pooling: y[i, j] is the largest pixel under the window at (i, j); the border counts as −∞.
  ///
  /// There is one fast kernel for tiles of 2×2 and another for strides of 1 and 2; both give the same bits as
  /// ``naiveMaxPool(_:geometry:into:)``.
  public static func maxPool(_ input: Tensor, geometry g: PoolingGeometry, into output: inout Tensor) {
    if g.isTwoByTwo && g.output.width >= 4 {
      forEachPlane(input, g, into: &output) { x, y in maxTwoByTwo(g, x, y) }
    } else if g.window.stride.width <= 2 && g.wholeWindows.count >= 8 {
      forEachPlane(input, g, into: &output) { x, y in maxAlongRows(g, x, y) }
    } else {
      naiveMaxPool(input, geometry: g, into: &output)
    }
  }

  /// Max pooling by its definition, for windows of every kind.
  public static func naiveMaxPool(_ input: Tensor, geometry g: PoolingGeometry, into output: inout Tensor) {
    forEachPlane(input, g, into: &output) { x, y in
      forEachWindow(g) { place, _, _, pixels in y[place] = largest(of: pixels, x) }
    }
  }

  /// The largest pixel of a window. If any pixel is NaN, so is the result: a maximum must not hide an invalid value.
  @inline(__always) private static func largest(of pixels: Pixels, _ x: UnsafePointer<Float>) -> Float {
    var largest = -Float.infinity
    pixels.forEach { if x[$0] > largest || x[$0].isNaN { largest = x[$0] } }
    return largest
  }

  /// Max pooling of one plane, eight windows of a row at a time if all their columns lie inside the image.
  private static func maxAlongRows(
    _ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let whole = g.wholeWindows
    for columns in [0..<whole.lowerBound, whole.upperBound..<g.output.width] {
      forEachWindow(g, columns: columns) { place, _, _, pixels in y[place] = largest(of: pixels, x) }
    }
    forEachWindow(g, columns: whole.lowerBound..<whole.lowerBound + 1) { place, i, _, pixels in
      let row = PoolingRow(stride: g.window.stride.width, count: whole.count)
      row.forEachEight { j in
        var largest = SIMD8<Float>(repeating: -.infinity)
        pixels.forEach { pixel in
          let next = row.eight(x + pixel, at: j)
          largest.replace(with: next, where: (next .> largest) .| (next .!= next))
        }
        UnsafeMutableRawPointer(y + place + j).storeBytes(of: largest, as: SIMD8<Float>.self)
      }
    }
  }

  /// The gradient of max pooling: only the largest pixel receives it; if several are equal, the first in reading order.
  public static func maxPoolGradient(
    _ outputGradient: Tensor, input: Tensor, geometry g: PoolingGeometry, into inputGradient: inout Tensor
  ) {
    guard g.isTwoByTwo, g.output.width >= 4 else {
      return naiveMaxPoolGradient(outputGradient, input: input, geometry: g, into: &inputGradient)
    }
    forEachGradientPlane(outputGradient, input, g, into: &inputGradient) { dy, x, dx in
      maxTwoByTwoGradient(g, dy, x, dx)
    }
  }

  /// The gradient of max pooling by its definition, for windows of every kind.
  public static func naiveMaxPoolGradient(
    _ outputGradient: Tensor, input: Tensor, geometry g: PoolingGeometry, into inputGradient: inout Tensor
  ) {
    forEachGradientPlane(outputGradient, input, g, into: &inputGradient) { dy, x, dx in
      dx.update(repeating: 0, count: g.image.area)
      forEachWindow(g) { place, _, _, pixels in
        var (largest, winner) = (-Float.infinity, -1)
        pixels.forEach {
          if winner < 0 || x[$0] > largest || x[$0].isNaN { (largest, winner) = (x[$0], $0) }
        }
        if winner >= 0 { dx[winner] += dy[place] }
      }
    }
  }

  // MARK: Loops over planes and windows

  private static let planesPerChunk = 16

  /// The pixels of one window that lie inside the image.
  private struct Pixels {
    var rows: (first: Int, last: Int)
    var columns: (first: Int, last: Int)
    var origin: Int
    var down: Int
    var across: Int

    @inline(__always) func forEach(_ visit: (Int) -> Void) {
      var u = rows.first
      while u <= rows.last {
        var v = columns.first
        while v <= columns.last {
          visit(origin + u * down + v * across)
          v += 1
        }
        u += 1
      }
    }
  }

  /// Visits every window of one plane, or only those in the given columns.
  @inline(__always) private static func forEachWindow(
    _ g: PoolingGeometry, columns: Range<Int>? = nil,
    _ visit: (_ place: Int, _ i: Int, _ j: Int, _ pixels: Pixels) -> Void
  ) {
    let (w, p) = (g.window, g.window.padding)
    let positions = columns ?? 0..<g.output.width
    for i in 0..<g.output.height {
      let rows = g.taps(
        i, stride: w.stride.height, padding: p.top, kernel: w.kernel.height, dilation: w.dilation.height,
        size: g.image.height)
      for j in positions {
        let columns = g.taps(
          j, stride: w.stride.width, padding: p.left, kernel: w.kernel.width, dilation: w.dilation.width,
          size: g.image.width)
        let origin = (i * w.stride.height - p.top) * g.image.width + j * w.stride.width - p.left
        visit(
          i * g.output.width + j, i, j,
          Pixels(
            rows: rows, columns: columns, origin: origin, down: w.dilation.height * g.image.width,
            across: w.dilation.width))
      }
    }
  }

  private static func forEachPlane(
    _ input: Tensor, _ g: PoolingGeometry, into output: inout Tensor,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    demand(
      input.shape.rank == 4 && input.shape[2] == g.image.height && input.shape[3] == g.image.width,
      "pooling: [N, C, \(g.image.height), \(g.image.width)] expected, got \(input.shape)")
    output.resize(to: Shape(input.shape[0], input.shape[1], g.output.height, g.output.width))
    walk(input, g.image.area, &output, g.output.area, body)
  }

  private static func forEachGradientPlane(
    _ outputGradient: Tensor, _ g: PoolingGeometry, into inputGradient: inout Tensor,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    inputGradient.resize(to: Shape(outputGradient.shape[0], outputGradient.shape[1], g.image.height, g.image.width))
    walk(outputGradient, g.output.area, &inputGradient, g.image.area, body)
  }

  /// The same for a gradient that depends on the input.
  private static func forEachGradientPlane(
    _ outputGradient: Tensor, _ input: Tensor, _ g: PoolingGeometry, into inputGradient: inout Tensor,
    _ body: @Sendable (_ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>) -> Void
  ) {
    inputGradient.resize(to: input.shape)
    let planes = input.count / max(1, g.image.area)
    input.withUnsafeElements { x in
      outputGradient.withUnsafeElements { dy in
        inputGradient.withUnsafeMutableElements { dx in
          guard let x = x.baseAddress, let dy = dy.baseAddress, let dx = dx.baseAddress else { return }
          Parallel.forEach(chunks: (planes + planesPerChunk - 1) / planesPerChunk, on: (dx, dy, x)) { chunk, memory in
            let (dx, dy, x) = memory
            for plane in chunk * planesPerChunk..<min(planes, (chunk + 1) * planesPerChunk) {
              body(dy + plane * g.output.area, x + plane * g.image.area, dx + plane * g.image.area)
            }
          }
        }
      }
    }
  }

  private static func walk(
    _ source: Tensor, _ sourceArea: Int, _ target: inout Tensor, _ targetArea: Int,
    _ body: @Sendable (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let planes = source.count / max(1, sourceArea)
    source.withUnsafeElements { source in
      target.withUnsafeMutableElements { target in
        guard let source = source.baseAddress, let target = target.baseAddress else { return }
        Parallel.forEach(chunks: (planes + planesPerChunk - 1) / planesPerChunk, on: (source, target)) {
          chunk, memory in
          let (source, target) = memory
          for plane in chunk * planesPerChunk..<min(planes, (chunk + 1) * planesPerChunk) {
            body(source + plane * sourceArea, target + plane * targetArea)
          }
        }
      }
    }
  }
}
