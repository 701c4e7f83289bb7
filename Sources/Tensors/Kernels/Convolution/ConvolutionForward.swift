// Forward: y = w ⋆ x + b, with filters or with positions in the lanes.

extension Convolution {
  /// Computes y = w ⋆ x + b for a batch.
  ///
  /// - Parameters:
  ///   - input: x, [N, C, H, W].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - bias: b, [M], or nil.
  ///   - keepsWeights: whether later calls will use the same weights, as in inference: they are then packed only once.
  ///   - output: y, [N, M, H′, W′], resized and overwritten.
  public mutating func forward(
    _ input: Tensor, weight: Tensor, bias: Tensor?, keepsWeights: Bool = false, into output: inout Tensor
  ) {
    let g = geometry
    let samples = input.shape[0]
    demand(
      input.shape == Shape(samples, g.channels, g.image.height, g.image.width) && weight.shape == g.weightShape,
      "Convolution: input [N, \(g.channels), \(g.image.height), \(g.image.width)] and weights \(g.weightShape) "
        + "expected, got \(input.shape) and \(weight.shape)")
    output.resize(to: Shape(samples, g.filters, g.output.height, g.output.width))
    pad(input)
    if hasManyFilters {
      pack(weight, bias, keepsWeights: keepsWeights)
      filtersInLanes(hasBorder ? padded : input, into: &output)
    } else {
      positionsInLanes(hasBorder ? padded : input, weight: weight, bias: bias, into: &output)
    }
  }

  // MARK: Many filters

  /// Packs the weights of neighbouring filters side by side, [groups, panels, taps, panel width], and the biases too.
  private mutating func pack(_ weight: Tensor, _ bias: Tensor?, keepsWeights: Bool) {
    let g = geometry
    let (width, panels) = (panelWidth, panels)
    biasPanels.resize(to: Shape(g.groups, panels, width))
    if let bias {
      withBases(bias, &biasPanels) { source, target in
        for group in 0..<g.groups {
          (target + group * panels * width).update(from: source + group * g.groupFilters, count: g.groupFilters)
        }
      }
    }
    if keepsWeights && packedWeights.sharesStorage(with: weight) { return }
    packedWeights = keepsWeights ? weight : .empty
    weightPanels.resize(to: Shape(g.groups, panels, g.taps, width))
    withBases(weight, &weightPanels) { source, target in
      Parallel.forEach(chunks: g.groups * panels, on: (source, target)) { chunk, memory in
        let (source, target) = memory
        let first = chunk / panels * g.groupFilters + chunk % panels * width
        Kernels.interleave(
          rows: min(width, (chunk / panels + 1) * g.groupFilters - first), count: g.taps,
          from: source + first * g.taps, rowStride: g.taps, into: target + chunk * g.taps * width, width: width)
      }
    }
  }

  /// Each row of the product is one output position, each column one filter.
  ///
  /// Long sums are cut into pieces whose weights stay in the fastest cache throughout the loop over positions.
  private func filtersInLanes(_ input: Tensor, into output: inout Tensor) {
    let g = geometry
    let samples = input.shape[0]
    let (width, panels, gridArea) = (panelWidth, panels, grid.area)
    // Six rows form a tile. One chunk is a band of positions with at most four panels of filters.
    let band = g.output.area <= 192 ? g.output.area : 96
    let (bands, depth) = (chunks(of: g.output.area, by: band), min(g.taps, 256))
    let (blockPanels, blocks) = (min(panels, 4), chunks(of: panels, by: min(panels, 4)))
    withOffsets(positions, taps) { positions, taps in
      withBases(input, weightPanels, &output) { x, w, y in
        withOffsets(panelRows, counting) { panelRows, _ in
          biasPanels.withUnsafeElements { bias in
            guard let bias = bias.baseAddress else { return }
            Parallel.forEach(
              chunks: samples * g.groups * bands * blocks, on: (x, positions, panelRows, taps, w, bias, y)
            ) { chunk, memory in
              let (x, positions, panelRows, taps, w, bias, y) = memory
              let (block, bandIndex, group, sample) = unravel(chunk, blocks, bands, g.groups)
              let first = bandIndex * band
              let rows = min(band, g.output.area - first)
              let image = x + (sample * g.channels + group * g.groupChannels) * gridArea
              let firstPanel = block * blockPanels
              let lastPanel = min(firstPanel + blockPanels, panels)
              Scratch.withFloats(blockPanels * rows * width) { sums in
                for k in stride(from: 0, to: g.taps, by: depth) {
                  for panel in firstPanel..<lastPanel {
                    let place = group * panels + panel
                    broadcastProduct(
                      rows: rows, taps: min(depth, g.taps - k), columns: width, a: image, aRows: positions + first,
                      aTaps: taps + k, b: w + (place * g.taps + k) * width, bTaps: panelRows,
                      c: sums + (panel - firstPanel) * rows * width, cRow: width,
                      start: k == 0 ? .columns(bias + place * width) : .present)
                  }
                }
                for panel in firstPanel..<lastPanel {
                  let filter = sample * g.filters + group * g.groupFilters + panel * width
                  Kernels.deinterleave(
                    rows: min(width, g.groupFilters - panel * width), count: rows,
                    from: sums + (panel - firstPanel) * rows * width, width: width,
                    into: y + filter * g.output.area + first, rowStride: g.output.area)
                }
              }
            }
          }
        }
      }
    }
  }

  // MARK: Few filters

  /// Each row of the product is one filter, each column one output position; requires a stride of 1.
  ///
  /// Sixteen positions of one output row are sixteen neighbouring pixels of the grid. If the rows are shorter, the
  /// product runs across row ends, and the columns between the end of one row and the start of the next are discarded.
  private func positionsInLanes(_ input: Tensor, weight: Tensor, bias: Tensor?, into output: inout Tensor) {
    let g = geometry
    let samples = input.shape[0]
    let grid = grid
    // About a thousand positions at a time fit into the fast caches.
    let bandHeight = max(1, min(g.output.height, 1024 / max(1, grid.width)))
    let bands = chunks(of: g.output.height, by: bandHeight)
    let start = bias ?? .empty
    withOffsets(taps, counting) { taps, counting in
      withOffsets(filterRows, filterRows) { filterRows, _ in
        withBases(input, weight, &output) { x, w, y in
          start.withUnsafeElements { bias in
            let bias = bias.isEmpty ? nil : bias.baseAddress
            Parallel.forEach(chunks: samples * g.groups * bands, on: (x, y, filterRows, w, counting, taps, bias)) {
              chunk, memory in
              let (x, y, filterRows, w, counting, taps, bias) = memory
              let (band, group, sample, _) = unravel(chunk, bands, g.groups, samples)
              let (filter, row) = (group * g.groupFilters, band * bandHeight)
              let height = min(bandHeight, g.output.height - row)
              let image = x + (sample * g.channels + group * g.groupChannels) * grid.area + row * grid.width
              let target = y + ((sample * g.filters + filter) * g.output.height + row) * g.output.width
              @inline(__always) func product(
                _ columns: Int, from b: UnsafePointer<Float>, to c: UnsafeMutablePointer<Float>, _ cRow: Int
              ) {
                broadcastProduct(
                  rows: g.groupFilters, taps: g.taps, columns: columns, a: w + filter * g.taps, aRows: filterRows,
                  aTaps: counting, b: b, bTaps: taps, c: c, cRow: cRow,
                  start: bias.map { .rows($0 + filter) } ?? .zero)
              }
              if grid.width == g.output.width {
                product(height * grid.width, from: image, to: target, g.output.area)
              } else if g.output.width >= 16 {
                for i in 0..<height {
                  product(g.output.width, from: image + i * grid.width, to: target + i * g.output.width, g.output.area)
                }
              } else {
                let length = (height - 1) * grid.width + g.output.width
                Scratch.withFloats(g.groupFilters * length) { wide in
                  product(length, from: image, to: wide, length)
                  for m in 0..<g.groupFilters {
                    Kernels.copyRows(
                      height, of: g.output.width, from: wide + m * length, rowStride: grid.width,
                      to: target + m * g.output.area, targetStride: g.output.width)
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
