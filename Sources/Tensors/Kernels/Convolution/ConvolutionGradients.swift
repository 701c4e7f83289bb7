// Backward: the gradients with respect to the weights, the biases and the input.

extension Convolution {
  /// Computes ∂L/∂w for a batch, and ∂L/∂b if requested, after `forward` on the same input.
  ///
  /// ∂L/∂w[m, tap] = Σ ∂L/∂y[n, m, position] · x[n, position + tap], over samples and positions.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, M, H′, W′].
  ///   - input: x, [N, C, H, W].
  ///   - weightGradient: [M, C/groups, kernel height, kernel width], overwritten.
  ///   - biasGradient: [M], overwritten; an empty tensor is left unchanged.
  public mutating func weightGradient(
    _ outputGradient: Tensor, input: Tensor, into weightGradient: inout Tensor, bias biasGradient: inout Tensor
  ) {
    let input = hasBorder ? padded : input
    if pieces.isEmpty {
      weightGradientOfPanels(outputGradient, input: input, into: &weightGradient)
    } else {
      weightGradientAlongRows(outputGradient, input: input, into: &weightGradient)
    }
    if !biasGradient.isEmpty { addBiasParts(into: &biasGradient) }
  }

  /// ∂L/∂b[m] = Σ ∂L/∂y[n, m, i, j]: adds the sums over positions that were computed while the gradients were packed.
  private func addBiasParts(into biasGradient: inout Tensor) {
    let g = geometry
    let (parts, groupSize) = (biasParts.shape[0], biasParts.shape[2])
    withBases(biasParts, &biasGradient) { sums, db in
      db.update(repeating: 0, count: g.filters)
      for part in 0..<parts {
        for group in 0..<g.groups {
          let (sums, db) = (sums + (part * g.groups + group) * groupSize, db + group * g.groupFilters)
          for m in 0..<g.groupFilters { db[m] += sums[m] }
        }
      }
    }
  }

  /// Each row of the product is one tap, each column one filter, and the sums run over positions.
  private mutating func weightGradientOfPanels(
    _ outputGradient: Tensor, input: Tensor, into weightGradient: inout Tensor
  ) {
    let g = geometry
    let samples = input.shape[0]
    let (width, panels, area, gridArea) = (panelWidth, panels, g.output.area, grid.area)
    gradientPanels.resize(to: Shape(samples, g.groups, panels, area * width))
    biasParts.resize(to: Shape(samples, g.groups, panels * width))
    withBases(outputGradient, &gradientPanels, &biasParts) { source, target, sums in
      Parallel.forEach(chunks: samples * g.groups * panels, on: (source, target, sums)) { chunk, memory in
        let (source, target, sums) = memory
        let (panel, group, sample, _) = unravel(chunk, panels, g.groups, samples)
        let first = panel * width
        let rows = target + chunk * area * width
        Kernels.interleave(
          rows: min(width, g.groupFilters - first), count: area,
          from: source + (sample * g.filters + group * g.groupFilters + first) * area, rowStride: area,
          into: rows, width: width)
        Kernels.sumRows(area, of: width, from: rows, into: sums + chunk * width)
      }
    }
    // Two tiles of taps at a time. The samples are divided among the threads as well: each thread then reads the
    // samples it has written, and the partial sums are added. For large weight tensors this addition would cost too
    // much.
    let height = 12
    let tapBlocks = chunks(of: g.taps, by: height)
    let blocks = g.groups * panels * tapBlocks
    let (groups, partSize) = (g.groups, g.groups * panels * g.taps * width)
    let parts = partSize > 65_536 ? 1 : min(4, samples)
    let partRows = chunks(of: samples, by: parts)
    gradientParts.resize(to: Shape(parts, partSize))
    withOffsets(positions, taps) { positions, taps in
      withOffsets(panelRows, panelRows) { panelRows, _ in
        withBases(input, gradientPanels, &gradientParts) { x, dy, sums in
          Parallel.forEach(chunks: blocks * parts, on: (sums, taps, x, dy, panelRows, positions)) { chunk, memory in
            let (sums, taps, x, dy, panelRows, positions) = memory
            let (block, place, part, _) = unravel(chunk, tapBlocks, groups * panels, parts)
            let tap = block * height
            let target = sums + (part * partSize + (place * g.taps + tap) * width)
            for sample in part * partRows..<min((part + 1) * partRows, samples) {
              broadcastProduct(
                rows: min(height, g.taps - tap), taps: area, columns: width,
                a: x + (sample * g.channels + place / panels * g.groupChannels) * gridArea, aRows: taps + tap,
                aTaps: positions, b: dy + (sample * groups * panels + place) * area * width, bTaps: panelRows,
                c: target, cRow: width, start: sample == part * partRows ? .zero : .present)
            }
          }
        }
      }
    }
    withBases(&gradientParts, &weightGradient) { sums, dw in
      Parallel.forEach(chunks: groups * panels, on: (sums, dw)) { place, memory in
        let (sums, dw) = memory
        let first = sums + place * g.taps * width
        for part in 1..<max(1, parts) {
          let more = first + part * partSize
          for i in 0..<g.taps * width { first[i] += more[i] }
        }
        let filter = place % panels * width
        Kernels.deinterleave(
          rows: min(width, g.groupFilters - filter), count: g.taps, from: first, width: width,
          into: dw + (place / panels * g.groupFilters + filter) * g.taps, rowStride: g.taps)
      }
    }
  }

  // MARK: The input

  /// Computes ∂L/∂x for a batch, after ``weightGradient(_:input:into:bias:)`` on the same output gradient.
  ///
  /// - Parameters:
  ///   - outputGradient: ∂L/∂y, [N, M, H′, W′].
  ///   - weight: w, [M, C/groups, kernel height, kernel width].
  ///   - inputGradient: [N, C, H, W], overwritten.
  public mutating func inputGradient(_ outputGradient: Tensor, weight: Tensor, into inputGradient: inout Tensor) {
    if isUnitStride {
      transpose(weight)
      let done = inputGradientOfSixteens(outputGradient, into: &inputGradient)
      if done < outputGradient.shape[0] {
        widen(outputGradient)
        gatheredInputGradient(samples: done..<outputGradient.shape[0], into: &inputGradient)
      }
    } else {
      inputGradient.fill(0)
      scatteredInputGradient(outputGradient, weight, into: &inputGradient)
    }
  }

  /// Each row of the product is one channel, each column one pixel, which gathers the gradients of all outputs that
  /// read it.
  private func gatheredInputGradient(samples: Range<Int>, into inputGradient: inout Tensor) {
    let g = geometry
    let grid = grid
    let (top, left) = (g.window.padding.top, g.window.padding.left)
    let filterTaps = g.groupFilters * g.window.kernel.area
    let layout = Self.wideLayout(g, grid, taps)
    let bandHeight = max(1, min(g.image.height, 1024 / max(1, grid.width)))
    let bands = chunks(of: g.image.height, by: bandHeight)
    let blocks = chunks(of: g.groupChannels, by: 48)
    withOffsets(gradientTaps, weightTaps) { gradientTaps, weightTaps in
      withOffsets(channelRows, channelRows) { channelRows, _ in
        withBases(wideGradient, flipped, &inputGradient) { dy, w, dx in
          Parallel.forEach(
            chunks: samples.count * g.groups * bands * blocks, on: (dy, dx, channelRows, w, gradientTaps, weightTaps)
          ) { chunk, memory in
            let (dy, dx, channelRows, w, gradientTaps, weightTaps) = memory
            let (block, band, group, place) = unravel(chunk, blocks, bands, g.groups)
            let sample = samples.lowerBound + place
            let (channel, row) = (group * g.groupChannels + block * 48, band * bandHeight)
            let rows = min(48, g.groupChannels - block * 48)
            let height = min(bandHeight, g.image.height - row)
            let source = dy + (sample * g.filters + group * g.groupFilters) * layout.channel
            let target = dx + ((sample * g.channels + channel) * g.image.height + row) * g.image.width
            let first = (row + top) * grid.width + left
            @inline(__always) func product(
              _ columns: Int, at place: Int, to c: UnsafeMutablePointer<Float>, _ cRow: Int
            ) {
              broadcastProduct(
                rows: rows, taps: filterTaps, columns: columns, a: w + channel * filterTaps, aRows: channelRows,
                aTaps: weightTaps, b: source + place, bTaps: gradientTaps, c: c, cRow: cRow)
            }
            if grid.width == g.image.width {
              product(height * grid.width, at: first, to: target, g.image.area)
            } else if g.image.width >= 16 {
              for i in 0..<height {
                product(g.image.width, at: first + i * grid.width, to: target + i * g.image.width, g.image.area)
              }
            } else {
              let length = (height - 1) * grid.width + g.image.width
              Scratch.withFloats(rows * length) { wide in
                product(length, at: first, to: wide, length)
                for c in 0..<rows {
                  Kernels.copyRows(
                    height, of: g.image.width, from: wide + c * length, rowStride: grid.width,
                    to: target + c * g.image.area, targetStride: g.image.width)
                }
              }
            }
          }
        }
      }
    }
  }

  /// Computes Wᵀ·∂L/∂y, one row for each tap, then adds each element to the pixel it came from (col2im); for strides
  /// above 1.
  private func scatteredInputGradient(_ outputGradient: Tensor, _ weight: Tensor, into inputGradient: inout Tensor) {
    let g = geometry
    let area = g.output.area
    withOffsets(gradientTaps, counting) { gradientTaps, counting in
      withOffsets(filterRows, filterRows) { filterRows, _ in
        withBases(outputGradient, weight, &inputGradient) { dy, w, dx in
          Parallel.forEach(
            chunks: outputGradient.shape[0] * g.groups, on: (w, counting, dy, filterRows, gradientTaps, dx)
          ) { chunk, memory in
            let (w, counting, dy, filterRows, gradientTaps, dx) = memory
            let (group, sample) = (chunk % g.groups, chunk / g.groups)
            Scratch.withFloats(g.taps * area) { columns in
              broadcastProduct(
                rows: g.taps, taps: g.groupFilters, columns: area, a: w + group * g.groupFilters * g.taps,
                aRows: counting, aTaps: filterRows, b: dy + (sample * g.filters + group * g.groupFilters) * area,
                bTaps: gradientTaps, c: columns, cRow: area)
              Self.scatter(g, columns, into: dx + (sample * g.channels + group * g.groupChannels) * g.image.area)
            }
          }
        }
      }
    }
  }

  /// Adds each column element to the pixel it came from and omits the border: col2im for one group of one sample.
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

  /// Transposes weights [M, C, taps] to [C, M, taps] within each group, for the backward pass.
  private mutating func transpose(_ weight: Tensor) {
    let g = geometry
    let area = g.window.kernel.area
    flipped.resize(to: Shape(g.channels, g.groupFilters, area))
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
}
