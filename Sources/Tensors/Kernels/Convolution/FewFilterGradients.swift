// Backward for few filters: the gradient of the weights as inner products along the rows of the image.

extension Convolution {
  /// The pieces of 8 neighbouring positions that make up the output: their offsets on the grid, their offsets in the
  /// gradient packed by `packRows`, and the offsets of the filters there.
  ///
  /// A row of 28 has four pieces, at 0, 8, 16 and 20: the last is moved back, and the elements it would count twice are
  /// packed as 0. All three are empty for strides above 1, for rows shorter than a piece, and for enough filters to
  /// fill the lanes.
  static func rowPieces(_ g: ConvolutionGeometry, _ grid: Extent) -> ([Int], [Int], [Int]) {
    if g.groupFilters >= 12 || g.window.stride != 1 || g.output.width < 8 { return ([], [], []) }
    let each = chunks(of: g.output.width, by: 8)
    let pieces = (0..<g.output.height).flatMap { i in
      (0..<each).map { i * grid.width + min($0 * 8, g.output.width - 8) }
    }
    let rows = min(g.output.height, packedRows(g))
    return (pieces, pieces.indices.map { $0 * 8 }, (0..<g.groupFilters).map { $0 * rows * each * 8 })
  }

  /// The number of output rows packed at a time: as many as fit into the fastest cache.
  private static func packedRows(_ g: ConvolutionGeometry) -> Int {
    max(1, 6144 / (g.groupFilters * chunks(of: g.output.width, by: 8) * 8))
  }

  /// Computes ∂L/∂w for few filters: ∂L/∂w[m, tap] = Σ ∂L/∂y[n, m, position] · x[n, position + tap].
  ///
  /// Each row of the product is one tap, each column one filter; the lanes are neighbouring positions of an output row.
  mutating func weightGradientAlongRows(
    _ outputGradient: Tensor, input: Tensor, into weightGradient: inout Tensor
  ) {
    let (g, grid, samples) = (geometry, grid, input.shape[0])
    let rows = min(g.output.height, Self.packedRows(g))
    let each = chunks(of: g.output.width, by: 8)
    // The samples are divided into parts, whose sums are added at the end.
    let parts = min(8, samples)
    let size = g.groupFilters * g.taps
    gradientParts.resize(to: Shape(parts, g.groups, size))
    biasParts.resize(to: Shape(parts, g.groups, g.groupFilters))
    withOffsets(taps, pieces) { taps, pieces in
      withOffsets(packedPieces, packedFilters) { packedPieces, packedFilters in
        withBases(input, outputGradient, &gradientParts, &biasParts) { x, dy, sums, biasSums in
          Parallel.forEach(
            chunks: parts * g.groups, on: (x, dy, sums, biasSums, taps, pieces, packedPieces, packedFilters)
          ) { chunk, memory in
            let (x, dy, sums, biasSums, taps, pieces, packedPieces, packedFilters) = memory
            let bias = biasSums + chunk * g.groupFilters
            bias.update(repeating: 0, count: g.groupFilters)
            let (group, part) = (chunk % g.groups, chunk / g.groups)
            let samplesOfPart = part * samples / parts..<(part + 1) * samples / parts
            Scratch.withFloats(g.groupFilters * rows * each * 8) { packed in
              for sample in samplesOfPart {
                let image = x + (sample * g.channels + group * g.groupChannels) * grid.area
                let gradient = dy + (sample * g.filters + group * g.groupFilters) * g.output.area
                for row in stride(from: 0, to: g.output.height, by: rows) {
                  let height = min(rows, g.output.height - row)
                  for m in 0..<g.groupFilters {
                    bias[m] += Self.packRows(
                      gradient + (m * g.output.height + row) * g.output.width, rows: height, of: g.output.width,
                      into: packed + packedFilters[m])
                  }
                  innerProducts(
                    rows: g.taps, columns: g.groupFilters, taps: height * each, width: 8, a: image, aRows: taps,
                    aTaps: pieces + row * each, b: packed, bRows: packedFilters, bTaps: packedPieces,
                    c: sums + chunk * size, cRow: 1, cColumn: g.taps,
                    start: row == 0 && sample == samplesOfPart.lowerBound ? .zero : .present)
                }
              }
            }
          }
        }
      }
    }
    withBases(gradientParts, &weightGradient) { sums, dw in
      let count = g.groups * size
      dw.update(from: sums, count: count)
      for part in 1..<max(1, parts) {
        let more = sums + part * count
        for i in 0..<count { dw[i] += more[i] }
      }
    }
  }

  /// Copies rows of at least 8 numbers in pieces of 8 and returns the sum of all numbers. In the last piece of a row,
  /// the numbers that the previous piece already holds are replaced by zeros.
  private static func packRows(
    _ source: UnsafePointer<Float>, rows: Int, of width: Int, into target: UnsafeMutablePointer<Float>
  ) -> Float {
    let (whole, rest) = (width / 8, width % 8)
    var (sums, source, target) = (SIMD8<Float>(), source, target)
    // True in the lanes in which the last piece holds a new number.
    let kept = SIMD8<Int32>(0, 1, 2, 3, 4, 5, 6, 7) .>= SIMD8(repeating: Int32(8 - rest))
    @inline(__always) func copy(_ x: SIMD8<Float>) {
      sums += x
      UnsafeMutableRawPointer(target).storeBytes(of: x, as: SIMD8<Float>.self)
      target += 8
    }
    for _ in 0..<rows {
      for piece in 0..<whole {
        copy(UnsafeRawPointer(source + piece &* 8).loadUnaligned(as: SIMD8<Float>.self))
      }
      if rest > 0 {
        let last = UnsafeRawPointer(source + (width &- 8)).loadUnaligned(as: SIMD8<Float>.self)
        copy(SIMD8<Float>().replacing(with: last, where: kept))
      }
      source += width
    }
    let four = sums.lowHalf + sums.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}
