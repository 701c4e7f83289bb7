// The fast convolution: a matrix product whose right-hand side is the image itself, read at shifted places.

/// A convolution prepared for one geometry: where each tap reads, and the memory it works in.
///
/// Write the image's rows one behind the other, `width` apart. Then the pixels that tap (c, u, v) multiplies, for all
/// output positions, are one run of memory that starts at c·H·W + u·width + v:
///
///     image row 0   ■ ■ ■ ■ ■ ■ ·      tap (0, 0) reads the run that starts here ↑, tap (1, 2) the run that starts
///     image row 1   ■ ■ ■ ■ ■ ■ ·      two pixels into the next row, and so on: twenty-five overlapping runs, and
///     image row 2   ■ ■ ■ ■ ■ ■ ·      not one of them copied
///
/// The output comes out on the image's own grid, `width` apart, with kernel − 1 columns of nonsense at the end of each
/// row, which are dropped. The gradients run the same way on a grid whose nonsense is zero. A stride above 1 breaks the
/// runs: then the columns are copied out first (im2col), into a band of rows at a time.
///
/// Chunks are cut by samples, groups, filters and rows; none depends on the number of threads.
public struct Convolution: Sendable {
  /// The sizes.
  public let geometry: ConvolutionGeometry

  /// The image with its border: rows `grid.width` apart.
  private let grid: Extent
  /// For each tap of a group, the distance from an output position to the pixel it multiplies, on the grid.
  private let tapOffsets: [Int]

  // Workspaces, grown by the first batch and kept.
  private var padded = Tensor.empty
  private var wideGradient = Tensor.empty
  private var columns = Tensor.empty
  private var flipped = Tensor.empty

  /// Prepares a convolution.
  public init(_ geometry: ConvolutionGeometry) {
    self.geometry = geometry
    let (g, w) = (geometry, geometry.window)
    // A last partial step of the stride may leave rows unread; they stay on the grid.
    let grid = Extent(
      g.image.height + w.padding.top + w.padding.bottom, g.image.width + w.padding.left + w.padding.right)
    self.grid = grid
    tapOffsets = (0..<g.groupChannels).flatMap { c in
      (0..<w.kernel.height).flatMap { u in
        (0..<w.kernel.width).map { v in c * grid.area + u * w.dilation.height * grid.width + v * w.dilation.width }
      }
    }
  }

  private var hasBorder: Bool { !geometry.window.padding.isZero }
  private var isUnitStride: Bool { geometry.window.stride == 1 }

  /// Rows of output that are computed at once: about a thousand positions, so that they stay in the fast caches.
  private var bandHeight: Int { max(1, min(geometry.output.height, 1024 / max(1, grid.width))) }

  /// Filters that are computed at once.
  private var filterBlock: Int { min(geometry.groupFilters, 48) }

  // MARK: Forward

  /// Computes y = w ⋆ x + b for a batch.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - bias: b, [M], or nil.
  ///   - output: y, [N, M, H′, W′], resized and overwritten.
  public mutating func forward(_ input: Tensor, weight: Tensor, bias: Tensor?, into output: inout Tensor) {
    let g = geometry
    let samples = input.shape[0]
    demand(
      input.shape == [samples, g.channels, g.image.height, g.image.width] && weight.shape == g.weightShape,
      "Convolution: input [N, \(g.channels), \(g.image.height), \(g.image.width)] and weights \(g.weightShape) "
        + "expected, got \(input.shape) and \(weight.shape)")
    output.resize(to: [samples, g.filters, g.output.height, g.output.width])
    pad(input)
    let (bands, blocks) = (chunks(of: g.output.height, by: bandHeight), chunks(of: g.groupFilters, by: filterBlock))
    let (grid, isUnitStride, bandHeight, filterBlock) = (grid, isUnitStride, bandHeight, filterBlock)

    withBases(hasBorder ? padded : input, weight, bias, tapOffsets, &output) { x, w, b, offsets, y in
      Parallel.forEach(chunks: samples * g.groups * bands * blocks) { chunk in
        let (block, band, group, sample) = unravel(chunk, blocks, bands, g.groups)
        let (firstFilter, firstRow) = (group * g.groupFilters + block * filterBlock, band * bandHeight)
        let rows = min(filterBlock, g.groupFilters - block * filterBlock)
        let height = min(bandHeight, g.output.height - firstRow)
        let image = x + (sample * g.channels + group * g.groupChannels) * grid.area
        let target = y + ((sample * g.filters + firstFilter) * g.output.height + firstRow) * g.output.width
        let weights = w + firstFilter * g.taps
        if isUnitStride {
          let wideLength = (height - 1) * grid.width + g.output.width
          if grid.width == g.output.width {
            // A kernel of width 1 without border leaves no nonsense: write in place.
            broadcastProduct(
              rows: rows, taps: g.taps, columns: wideLength, a: weights, aRow: g.taps, b: image + firstRow * grid.width,
              offsets: offsets, c: target, cRow: g.output.area, bias: b.map { $0 + firstFilter })
          } else {
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * wideLength) { wide in
              let wide = wide.baseAddress.unsafelyUnwrapped
              broadcastProduct(
                rows: rows, taps: g.taps, columns: wideLength, a: weights, aRow: g.taps,
                b: image + firstRow * grid.width, offsets: offsets, c: wide, cRow: wideLength,
                bias: b.map { $0 + firstFilter })
              for m in 0..<rows {
                for i in 0..<height {
                  (target + m * g.output.area + i * g.output.width).update(
                    from: wide + m * wideLength + i * grid.width, count: g.output.width)
                }
              }
            }
          }
        } else {
          let positions = height * g.output.width
          withUnsafeTemporaryAllocation(of: Float.self, capacity: g.taps * positions) { columns in
            let columns = columns.baseAddress.unsafelyUnwrapped
            Self.gather(g, grid, image, offsets, rows: firstRow..<firstRow + height, into: columns)
            withRowOffsets(g.taps, positions) { rowOffsets in
              broadcastProduct(
                rows: rows, taps: g.taps, columns: positions, a: weights, aRow: g.taps, b: columns,
                offsets: rowOffsets, c: target, cRow: g.output.area, bias: b.map { $0 + firstFilter })
            }
          }
        }
      }
    }
  }

  // MARK: Backward

  /// Computes ∂L/∂w of a batch, and ∂L/∂b where asked for, after ``forward(_:weight:bias:into:)`` on the same input.
  public mutating func weightGradient(
    _ outputGradient: Tensor, input: Tensor, into weightGradient: inout Tensor, bias biasGradient: inout Tensor
  ) {
    let g = geometry
    let samples = input.shape[0]
    if !biasGradient.isEmpty { Self.sumOverPositions(outputGradient, g, into: &biasGradient) }
    let rowBlocks = chunks(of: g.groupFilters, by: 4)
    let tapBlocks = chunks(of: g.taps, by: 5)
    let grid = grid

    if isUnitStride {
      widen(outputGradient)
      let layout = wideLayout
      let length = (g.output.height - 1) * grid.width + g.output.width
      withBases(hasBorder ? padded : input, wideGradient, nil, tapOffsets, &weightGradient) {
        x, dy, _, offsets, dw in
        Parallel.forEach(chunks: g.groups * rowBlocks * tapBlocks) { chunk in
          let (tapBlock, rowBlock, group, _) = unravel(chunk, tapBlocks, rowBlocks, g.groups)
          let (filter, tap) = (group * g.groupFilters + rowBlock * 4, tapBlock * 5)
          dotProducts(
            rows: min(4, g.groupFilters - rowBlock * 4), columns: min(5, g.taps - tap), length: length,
            samples: samples, a: dy + filter * layout.channel + layout.lead, aRow: layout.channel,
            aSample: g.filters * layout.channel, b: x + group * g.groupChannels * grid.area, offsets: offsets + tap,
            bSample: g.channels * grid.area, c: dw + filter * g.taps + tap, cRow: g.taps)
        }
      }
    } else {
      gatherAll(hasBorder ? padded : input)
      let area = g.output.area
      withBases(columns, outputGradient, nil, (0..<g.taps).map { $0 * area }, &weightGradient) {
        x, dy, _, offsets, dw in
        Parallel.forEach(chunks: g.groups * rowBlocks * tapBlocks) { chunk in
          let (tapBlock, rowBlock, group, _) = unravel(chunk, tapBlocks, rowBlocks, g.groups)
          let (filter, tap) = (group * g.groupFilters + rowBlock * 4, tapBlock * 5)
          dotProducts(
            rows: min(4, g.groupFilters - rowBlock * 4), columns: min(5, g.taps - tap), length: area, samples: samples,
            a: dy + filter * area, aRow: area, aSample: g.filters * area, b: x + group * g.taps * area,
            offsets: offsets + tap, bSample: g.groups * g.taps * area, c: dw + filter * g.taps + tap, cRow: g.taps)
        }
      }
    }
  }

  /// Computes ∂L/∂x of a batch, after ``weightGradient(_:input:into:bias:)`` on the same output gradient.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, M, H′, W′].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - inputGradient: [N, C, H, W], overwritten.
  public mutating func inputGradient(_ outputGradient: Tensor, weight: Tensor, into inputGradient: inout Tensor) {
    let g = geometry
    let samples = outputGradient.shape[0]
    transpose(weight)
    let grid = grid
    let (top, left) = (g.window.padding.top, g.window.padding.left)
    let filterTaps = g.groupFilters * g.window.kernel.area

    if isUnitStride {
      // The transpose of reading at +offset is reading at −offset, on a grid with zeros where nothing was computed.
      let layout = wideLayout
      let kernelTaps = Array(tapOffsets.prefix(g.window.kernel.area))
      let offsets = (0..<g.groupFilters).flatMap { m in kernelTaps.map { m * layout.channel + layout.lead - $0 } }
      let bandHeight = max(1, min(g.image.height, 1024 / max(1, grid.width)))
      let bands = chunks(of: g.image.height, by: bandHeight)
      let blocks = chunks(of: g.groupChannels, by: 48)
      withBases(wideGradient, flipped, nil, offsets, &inputGradient) { dy, w, _, offsets, dx in
        Parallel.forEach(chunks: samples * g.groups * bands * blocks) { chunk in
          let (block, band, group, sample) = unravel(chunk, blocks, bands, g.groups)
          let (channel, firstRow) = (group * g.groupChannels + block * 48, band * bandHeight)
          let rows = min(48, g.groupChannels - block * 48)
          let height = min(bandHeight, g.image.height - firstRow)
          let source = dy + (sample * g.filters + group * g.groupFilters) * layout.channel
          let target = dx + ((sample * g.channels + channel) * g.image.height + firstRow) * g.image.width
          let start = (firstRow + top) * grid.width + left
          let length = (height - 1) * grid.width + g.image.width
          if grid.width == g.image.width {
            broadcastProduct(
              rows: rows, taps: filterTaps, columns: length, a: w + channel * filterTaps, aRow: filterTaps,
              b: source + start, offsets: offsets, c: target, cRow: g.image.area)
          } else {
            withUnsafeTemporaryAllocation(of: Float.self, capacity: rows * length) { wide in
              let wide = wide.baseAddress.unsafelyUnwrapped
              broadcastProduct(
                rows: rows, taps: filterTaps, columns: length, a: w + channel * filterTaps, aRow: filterTaps,
                b: source + start, offsets: offsets, c: wide, cRow: length)
              for c in 0..<rows {
                for i in 0..<height {
                  (target + c * g.image.area + i * g.image.width).update(
                    from: wide + c * length + i * grid.width, count: g.image.width)
                }
              }
            }
          }
        }
      }
    } else {
      inputGradient.fill(0)
      let area = g.output.area
      let rowOffsets = (0..<g.groupFilters).map { $0 * area }
      withBases(outputGradient, weight, nil, rowOffsets, &inputGradient) { dy, w, _, rowOffsets, dx in
        Parallel.forEach(chunks: samples * g.groups) { chunk in
          let (group, sample) = (chunk % g.groups, chunk / g.groups)
          withUnsafeTemporaryAllocation(of: Float.self, capacity: g.taps * area) { columns in
            let columns = columns.baseAddress.unsafelyUnwrapped
            // Wᵀ·∂L/∂y, one row for each tap, then every number back to the pixel it came from (col2im).
            broadcastProduct(
              rows: g.taps, taps: g.groupFilters, columns: area, a: w + group * g.groupFilters * g.taps, aRow: 1,
              aTap: g.taps, b: dy + (sample * g.filters + group * g.groupFilters) * area, offsets: rowOffsets,
              c: columns, cRow: area)
            Self.scatter(g, columns, into: dx + (sample * g.channels + group * g.groupChannels) * g.image.area)
          }
        }
      }
    }
  }

  // MARK: Grids

  /// Copies the input onto a grid with a border of zeros, where there is a border.
  private mutating func pad(_ input: Tensor) {
    let g = geometry
    if !hasBorder { return }
    let samples = input.shape[0]
    // A fresh tensor is zero, and only the inside is ever written.
    padded.resize(to: [samples, g.channels, grid.height, grid.width])
    let grid = grid
    let start = g.window.padding.top * grid.width + g.window.padding.left
    withBases(input, &padded) { source, target in
      Parallel.forEach(chunks: samples) { sample in
        for channel in sample * g.channels..<(sample + 1) * g.channels {
          for row in 0..<g.image.height {
            (target + channel * grid.area + start + row * grid.width).update(
              from: source + (channel * g.image.height + row) * g.image.width, count: g.image.width)
          }
        }
      }
    }
  }

  /// How the output gradient lies on the grid: for each channel `lead` zeros, the rows `grid.width` apart with zeros at
  /// their ends, and `lead` zeros behind.
  private var wideLayout: (lead: Int, channel: Int) {
    let lead = tapOffsets[geometry.window.kernel.area - 1]
    return (lead, 2 * lead + geometry.output.height * grid.width)
  }

  /// Spreads the output gradient onto the grid.
  private mutating func widen(_ outputGradient: Tensor) {
    let g = geometry
    let samples = outputGradient.shape[0]
    let (layout, grid) = (wideLayout, grid)
    // Zero when fresh; the zeros between the rows are never written.
    wideGradient.resize(to: [samples, g.filters, layout.channel])
    withBases(outputGradient, &wideGradient) { source, target in
      Parallel.forEach(chunks: samples) { sample in
        for filter in sample * g.filters..<(sample + 1) * g.filters {
          for row in 0..<g.output.height {
            (target + filter * layout.channel + layout.lead + row * grid.width).update(
              from: source + (filter * g.output.height + row) * g.output.width, count: g.output.width)
          }
        }
      }
    }
  }

  /// Turns weights [M, C, taps] into [C, M, taps] within each group, for the way back.
  private mutating func transpose(_ weight: Tensor) {
    let g = geometry
    let area = g.window.kernel.area
    flipped.resize(to: [g.channels, g.groupFilters, area])
    withBases(weight, &flipped) { source, target in
      for group in 0..<g.groups {
        for m in 0..<g.groupFilters {
          for c in 0..<g.groupChannels {
            (target + ((group * g.groupChannels + c) * g.groupFilters + m) * area).update(
              from: source + ((group * g.groupFilters + m) * g.groupChannels + c) * area, count: area)
          }
        }
      }
    }
  }

  // MARK: Columns, for strides above 1

  /// Copies the pixels under each tap into rows: im2col for a band of output rows of one group of one sample.
  private static func gather(
    _ g: ConvolutionGeometry, _ grid: Extent, _ image: UnsafePointer<Float>, _ offsets: UnsafePointer<Int>,
    rows: Range<Int>, into columns: UnsafeMutablePointer<Float>
  ) {
    let (down, across) = (g.window.stride.height * grid.width, g.window.stride.width)
    var target = columns
    for tap in 0..<g.taps {
      for i in rows {
        let source = image + offsets[tap] + i * down
        for j in 0..<g.output.width { target[j] = source[j * across] }
        target += g.output.width
      }
    }
  }

  /// The columns of a whole batch, [N, groups, taps, positions].
  private mutating func gatherAll(_ input: Tensor) {
    let g = geometry
    let samples = input.shape[0]
    columns.resize(to: [samples, g.groups, g.taps, g.output.area])
    let grid = grid
    withBases(input, input, nil, tapOffsets, &columns) { x, _, _, offsets, columns in
      Parallel.forEach(chunks: samples * g.groups) { chunk in
        Self.gather(
          g, grid, x + chunk * g.groupChannels * grid.area, offsets, rows: 0..<g.output.height,
          into: columns + chunk * g.taps * g.output.area)
      }
    }
  }

  /// Adds every column element to the pixel it came from, leaving out the border: col2im of one group of one sample.
  private static func scatter(
    _ g: ConvolutionGeometry, _ columns: UnsafePointer<Float>, into image: UnsafeMutablePointer<Float>
  ) {
    let (k, s, d, p) = (g.window.kernel, g.window.stride, g.window.dilation, g.window.padding)
    var source = columns
    for c in 0..<g.groupChannels {
      for u in 0..<k.height {
        for v in 0..<k.width {
          for i in 0..<g.output.height {
            let y = i * s.height + u * d.height - p.top
            if y >= 0 && y < g.image.height {
              let row = image + (c * g.image.height + y) * g.image.width
              for j in 0..<g.output.width {
                let x = j * s.width + v * d.width - p.left
                if x >= 0 && x < g.image.width { row[x] += source[j] }
              }
            }
            source += g.output.width
          }
        }
      }
    }
  }

  /// ∂L/∂b[m] = Σ ∂L/∂y[n, m, i, j] over samples and positions.
  private static func sumOverPositions(_ outputGradient: Tensor, _ g: ConvolutionGeometry, into sums: inout Tensor) {
    let samples = outputGradient.shape[0]
    withBases(outputGradient, &sums) { dy, sums in
      Parallel.forEach(chunks: g.filters) { filter in
        var total: Float = 0
        for sample in 0..<samples {
          total += Kernels.sum(dy + (sample * g.filters + filter) * g.output.area, count: g.output.area)
        }
        sums[filter] = total
      }
    }
  }
}

// MARK: Helpers

/// The number of pieces of at most `size` in `count`.
private func chunks(of count: Int, by size: Int) -> Int { (count + size - 1) / size }

/// The four indices of chunk number `chunk`, fastest first.
private func unravel(_ chunk: Int, _ a: Int, _ b: Int, _ c: Int) -> (Int, Int, Int, Int) {
  (chunk % a, chunk / a % b, chunk / a / b % c, chunk / a / b / c)
}

/// Offsets 0, `width`, 2·`width`, … of the rows of an ordinary matrix.
private func withRowOffsets(_ rows: Int, _ width: Int, _ body: (UnsafePointer<Int>) -> Void) {
  withUnsafeTemporaryAllocation(of: Int.self, capacity: rows) { offsets in
    for row in 0..<rows { offsets[row] = row * width }
    body(UnsafePointer(offsets.baseAddress.unsafelyUnwrapped))
  }
}

private func withBases(
  _ a: Tensor, _ b: inout Tensor, _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>) -> Void
) {
  a.withUnsafeElements { a in
    b.withUnsafeMutableElements { b in
      if let a = a.baseAddress, let b = b.baseAddress { body(a, b) }
    }
  }
}

private func withBases(
  _ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ offsets: [Int], _ y: inout Tensor,
  _ body: (
    UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>?, UnsafePointer<Int>, UnsafeMutablePointer<Float>
  ) -> Void
) {
  x.withUnsafeElements { x in
    w.withUnsafeElements { w in
      offsets.withUnsafeBufferPointer { offsets in
        y.withUnsafeMutableElements { y in
          guard let x = x.baseAddress, let w = w.baseAddress, let o = offsets.baseAddress, let y = y.baseAddress
          else { return }
          if let bias {
            bias.withUnsafeElements { body(x, w, $0.baseAddress, o, y) }
          } else {
            body(x, w, nil, o, y)
          }
        }
      }
    }
  }
}
