// The fast convolution: matrix products that read the image, the weights and the gradients in place.

/// A convolution prepared for one geometry: the offset that each tap reads, and the workspaces.
///
/// Write the image's rows one after the other, `grid.width` apart. Then tap (c, u, v) of the kernel reads, for the output
/// position (i, j), the pixel at
///
///     positions[i, j] + taps[c, u, v]    with   positions[i, j] = i·stride·width + j·stride
///                                        and    taps[c, u, v] = c·height·width + u·dilation·width + v·dilation
///
/// Both tables are made once, and the matrix of columns that im2col would copy is never built:
///
/// | | A: broadcast | B: in lanes | sum over |
/// |---|---|---|---|
/// | forward, many filters | image at a position | weights of 16 filters | taps |
/// | forward, few filters | weights of a filter | 16 neighbouring positions | taps |
/// | gradient of the weights, many filters | image at a tap | gradients of up to 16 filters | positions and samples |
/// | gradient of the input | weights of a channel | 16 neighbouring positions, or 16 samples | filters and taps |
///
/// Filters in lanes waste no lanes on small images and allow any stride. With fewer than twelve filters most lanes
/// would be empty, so positions are placed in the lanes instead. With few filters, the gradient of the weights consists
/// of inner products: the gradient of a filter times the image, shifted by a tap.
///
/// The work is cut into chunks by samples, groups, filters and positions, never by the number of threads.
public struct Convolution: Sendable {
  /// The sizes.
  public let geometry: ConvolutionGeometry

  /// The size of the image with its border.
  let grid: Extent
  /// The offset on the grid, from an output position, that each tap of a group reads; [C/groups · kernel height ·
  /// kernel width].
  let taps: [Int]
  /// The offset of each output position on the grid; [H′ · W′].
  let positions: [Int]
  /// 0, 1, 2, …: the offsets of the taps in weights [M, taps] and of the positions in gradients [M, positions].
  let counting: [Int]
  /// 0, taps, 2·taps, …: the offsets of the filters in the weights.
  let filterRows: [Int]
  /// 0, panel, 2·panel, …: the offsets of the rows of a panel.
  let panelRows: [Int]
  /// For the gradient of the input: the offset from a pixel at which the output gradient of each filter and tap is
  /// read, the offset of the weight that multiplies it, and the offsets of the channels in the weights.
  let gradientTaps: [Int]
  let weightTaps: [Int]
  let channelRows: [Int]
  /// The taps that reach each pixel, for sixteen samples at a time.
  let pixelPlan: PixelPlan

  /// For the gradient of the weights of few filters: the offsets of pieces of 8 positions of one output row on the grid
  /// and in the packed gradient of a filter, and the offsets of the filters there; empty if another kernel is used.
  let pieces: [Int]
  let packedPieces: [Int]
  let packedFilters: [Int]

  // Workspaces, allocated by the first batch and reused.
  var padded = Tensor.empty
  var wideGradient = Tensor.empty
  var gradientPanels = Tensor.empty
  var interleaved = Tensor.empty
  var gradientParts = Tensor.empty
  /// Sums of the output gradient over positions: [parts, groups, at least M/groups].
  var biasParts = Tensor.empty
  var weightPanels = Tensor.empty
  var biasPanels = Tensor.empty
  var flipped = Tensor.empty
  /// The weights from which `weightPanels` was made, kept for inference: a copy shares their storage until they change.
  var packedWeights = Tensor.empty

  /// Prepares a convolution.
  public init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (g, w) = (geometry, geometry.window)
    // The stride may leave the last rows unread; they stay on the grid.
    let grid = Extent(
      g.image.height + w.padding.top + w.padding.bottom, g.image.width + w.padding.left + w.padding.right)
    self.grid = grid
    let taps = (0..<g.groupChannels).flatMap { c in
      (0..<w.kernel.height).flatMap { u in
        (0..<w.kernel.width).map { v in c * grid.area + u * w.dilation.height * grid.width + v * w.dilation.width }
      }
    }
    self.taps = taps
    positions = (0..<g.output.height).flatMap { i in
      (0..<g.output.width).map { j in i * w.stride.height * grid.width + j * w.stride.width }
    }
    counting = Array(0..<max(taps.count, g.output.area))
    filterRows = (0..<g.groupFilters).map { $0 * taps.count }
    (pieces, packedPieces, packedFilters) = Self.rowPieces(g, grid)
    let panel = Self.panelWidth(filters: g.groupFilters)
    panelRows = (0..<max(taps.count, g.output.area)).map { $0 * panel }
    pixelPlan = PixelPlan(g)
    if w.stride == 1 {
      let gather = GatherPlan(g, grid, taps)
      (gradientTaps, weightTaps) = (gather.gradientTaps, gather.weightTaps)
      channelRows = (0..<g.groupChannels).map { $0 * g.groupFilters * w.kernel.area }
    } else {
      gradientTaps = (0..<g.groupFilters).map { $0 * g.output.area }
      (weightTaps, channelRows) = ([], [])
    }
  }

  /// The number of filters packed side by side in a panel.
  private static func panelWidth(filters: Int) -> Int {
    VectorUnit.lanes == 16 && filters >= 64 ? 64 : filters > 8 ? 16 : 8
  }

  var panelWidth: Int { Self.panelWidth(filters: geometry.groupFilters) }
  /// The number of panels of one group.
  var panels: Int { chunks(of: geometry.groupFilters, by: panelWidth) }
  var hasBorder: Bool { !geometry.window.padding.isZero }
  var isUnitStride: Bool { geometry.window.stride == 1 }
  /// Whether the lanes hold filters rather than positions.
  var hasManyFilters: Bool { geometry.groupFilters >= 12 || !isUnitStride }

  // MARK: Grids

  /// Copies the input onto a grid with a border of zeros, if the convolution has padding.
  mutating func pad(_ input: Tensor) {
    let g = geometry
    if !hasBorder { return }
    let samples = input.shape[0]
    // A new tensor is zero, and only the interior is ever written.
    padded.resize(to: Shape(samples, g.channels, grid.height, grid.width))
    let grid = grid
    let start = g.window.padding.top * grid.width + g.window.padding.left
    withBases(input, &padded) { source, target in
      Parallel.forEach(chunks: samples * g.channels, on: (source, target)) { channel, memory in
        let (source, target) = memory
        Kernels.copyRows(
          g.image.height, of: g.image.width, from: source + channel * g.image.area, rowStride: g.image.width,
          to: target + (channel * grid.area + start), targetStride: grid.width)
      }
    }
  }

  /// The layout of the output gradient on the grid: for each channel `lead` zeros, then the rows, `grid.width` apart
  /// and padded with zeros, then `lead` zeros.
  static func wideLayout(_ g: ConvolutionGeometry, _ grid: Extent, _ taps: [Int]) -> (lead: Int, channel: Int) {
    let lead = taps[g.window.kernel.area - 1]
    return (lead, 2 * lead + g.output.height * grid.width)
  }

  /// Spreads the output gradient onto the grid.
  mutating func widen(_ outputGradient: Tensor) {
    let g = geometry
    let samples = outputGradient.shape[0]
    let (grid, layout) = (grid, Self.wideLayout(g, grid, taps))
    // A new tensor is zero; the zeros between the rows are never overwritten.
    wideGradient.resize(to: Shape(samples, g.filters, layout.channel))
    withBases(outputGradient, &wideGradient) { source, target in
      Parallel.forEach(chunks: samples, on: (source, target)) { sample, memory in
        let (source, target) = memory
        for filter in sample * g.filters..<(sample + 1) * g.filters {
          Kernels.copyRows(
            g.output.height, of: g.output.width, from: source + filter * g.output.area, rowStride: g.output.width,
            to: target + (filter * layout.channel + layout.lead), targetStride: grid.width)
        }
      }
    }
  }
}

// MARK: Helpers

/// The number of pieces of at most `size` elements that `count` elements make.
func chunks(of count: Int, by size: Int) -> Int { (count + size - 1) / size }

/// The four indices of chunk number `chunk`, fastest first.
func unravel(_ chunk: Int, _ a: Int, _ b: Int, _ c: Int) -> (Int, Int, Int, Int) {
  (chunk % a, chunk / a % b, chunk / a / b % c, chunk / a / b / c)
}

/// Calls `body` with pointers to the elements of two tensors; the second is writable.
func withBases(
  _ a: Tensor, _ b: inout Tensor, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    b.withUnsafeMutableElements { b in
      if let a = a.baseAddress, let b = b.baseAddress { body(a, b) }
    }
  }
}

/// Calls `body` with pointers to the elements of two tensors; both are writable.
func withBases(
  _ a: inout Tensor, _ b: inout Tensor, _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeMutableElements { a in
    b.withUnsafeMutableElements { b in
      if let a = a.baseAddress, let b = b.baseAddress { body(a, b) }
    }
  }
}

/// Calls `body` with pointers to the elements of three tensors; the last two are writable.
func withBases(
  _ a: Tensor, _ b: inout Tensor, _ c: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  c.withUnsafeMutableElements { c in
    if let c = c.baseAddress { withBases(a, &b) { body($0, $1, c) } }
  }
}

/// Calls `body` with pointers to the elements of three tensors; the last is writable.
func withBases(
  _ a: Tensor, _ b: Tensor, _ c: inout Tensor,
  _ body: (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    if let a = a.baseAddress { withBases(b, &c) { body(a, $0, $1) } }
  }
}

/// Calls `body` with pointers to the elements of four tensors; the last two are writable.
func withBases(
  _ a: Tensor, _ b: Tensor, _ c: inout Tensor, _ d: inout Tensor,
  _ body: (
    UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>
  ) -> Void
) {
  a.withUnsafeElements { a in
    if let a = a.baseAddress { withBases(b, &c, &d) { body(a, $0, $1, $2) } }
  }
}

/// Calls `body` with pointers to two tables of offsets.
func withOffsets(_ a: [Int], _ b: [Int], _ body: (UnsafePointer<Int>, UnsafePointer<Int>) -> Void) {
  a.withUnsafeBufferPointer { a in
    b.withUnsafeBufferPointer { b in
      if let a = a.baseAddress, let b = b.baseAddress { body(a, b) }
    }
  }
}
