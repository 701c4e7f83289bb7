// Pooling over tiles of 2×2, as in LeNet-5 and VGG: no two windows overlap, and there is no border.

extension Kernels {
  /// Averages of 2×2 tiles, eight or four at a time: adds two rows, then neighbouring columns.
  static func averageTwoByTwo(
    _ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>
  ) {
    let width = g.output.width
    for i in 0..<g.output.height {
      let upper = x + 2 * i * g.image.width
      let (lower, target) = (upper + g.image.width, y + i * width)
      if width >= 8 {
        forEach(8, in: width) { j in
          let column =
            UnsafeRawPointer(upper + 2 * j).loadUnaligned(as: SIMD16<Float>.self)
            + UnsafeRawPointer(lower + 2 * j).loadUnaligned(as: SIMD16<Float>.self)
          UnsafeMutableRawPointer(target + j).storeBytes(
            of: (column.evenHalf + column.oddHalf) * 0.25, as: SIMD8<Float>.self)
        }
      } else if width >= 4 {
        forEach(4, in: width) { j in
          let column = pixels(upper + 2 * j) + pixels(lower + 2 * j)
          UnsafeMutableRawPointer(target + j).storeBytes(of: (column.evenHalf + column.oddHalf) * 0.25, as: Tiles.self)
        }
      } else {
        for j in 0..<width {
          target[j] = ((upper[2 * j] + lower[2 * j]) + (upper[2 * j + 1] + lower[2 * j + 1])) * 0.25
        }
      }
    }
  }

  /// Gives each pixel of a tile a quarter of the tile's gradient.
  static func averageTwoByTwoGradient(
    _ g: PoolingGeometry, _ dy: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>
  ) {
    // Pixels beyond the last whole tile receive nothing.
    if g.output.height * 2 != g.image.height || g.output.width * 2 != g.image.width {
      dx.update(repeating: 0, count: g.image.area)
    }
    for i in 0..<g.output.height {
      let (source, upper, lower) = (
        dy + i * g.output.width, dx + 2 * i * g.image.width, dx + (2 * i + 1) * g.image.width
      )
      if g.output.width < 4 {
        for j in 0..<g.output.width {
          let share = source[j] * 0.25
          (upper[2 * j], upper[2 * j + 1], lower[2 * j], lower[2 * j + 1]) = (share, share, share, share)
        }
        continue
      }
      forEach(4, in: g.output.width) { j in
        let share = UnsafeRawPointer(source + j).loadUnaligned(as: Tiles.self) * 0.25
        var row = Pixels()
        (row.evenHalf, row.oddHalf) = (share, share)
        UnsafeMutableRawPointer(upper + 2 * j).storeBytes(of: row, as: Pixels.self)
        UnsafeMutableRawPointer(lower + 2 * j).storeBytes(of: row, as: Pixels.self)
      }
    }
  }

  // MARK: The largest

  /// The largest pixel of each tile, four tiles at a time; rows must have at least four tiles.
  static func maxTwoByTwo(_ g: PoolingGeometry, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>) {
    for i in 0..<g.output.height {
      let upper = x + 2 * i * g.image.width
      let (lower, target) = (upper + g.image.width, y + i * g.output.width)
      forEach(4, in: g.output.width) { j in
        let (above, below) = (pixels(upper + 2 * j), pixels(lower + 2 * j))
        let top = above.evenHalf.replacing(with: above.oddHalf, where: beats(above.oddHalf, above.evenHalf))
        let bottom = below.evenHalf.replacing(with: below.oddHalf, where: beats(below.oddHalf, below.evenHalf))
        let largest = top.replacing(with: bottom, where: beats(bottom, top))
        UnsafeMutableRawPointer(target + j).storeBytes(of: largest, as: Tiles.self)
      }
    }
  }

  /// Gives the gradient of each tile to its largest pixel, and 0 to the others; rows must have at least four tiles.
  static func maxTwoByTwoGradient(
    _ g: PoolingGeometry, _ dy: UnsafePointer<Float>, _ x: UnsafePointer<Float>, _ dx: UnsafeMutablePointer<Float>
  ) {
    // Pixels beyond the last whole tile receive nothing.
    if g.output.height * 2 != g.image.height || g.output.width * 2 != g.image.width {
      dx.update(repeating: 0, count: g.image.area)
    }
    let none = Tiles(repeating: 0)
    for i in 0..<g.output.height {
      let (upper, lower) = (2 * i * g.image.width, (2 * i + 1) * g.image.width)
      let source = dy + i * g.output.width
      forEach(4, in: g.output.width) { j in
        let (above, below) = (pixels(x + upper + 2 * j), pixels(x + lower + 2 * j))
        let isRightAbove = beats(above.oddHalf, above.evenHalf), isRightBelow = beats(below.oddHalf, below.evenHalf)
        let top = above.evenHalf.replacing(with: above.oddHalf, where: isRightAbove)
        let bottom = below.evenHalf.replacing(with: below.oddHalf, where: isRightBelow)
        let isBelow = beats(bottom, top)
        let gradient = UnsafeRawPointer(source + j).loadUnaligned(as: Tiles.self)
        let forAbove = gradient.replacing(with: none, where: isBelow)
        let forBelow = none.replacing(with: gradient, where: isBelow)
        var row = Pixels()
        row.evenHalf = forAbove.replacing(with: none, where: isRightAbove)
        row.oddHalf = none.replacing(with: forAbove, where: isRightAbove)
        UnsafeMutableRawPointer(dx + upper + 2 * j).storeBytes(of: row, as: Pixels.self)
        row.evenHalf = forBelow.replacing(with: none, where: isRightBelow)
        row.oddHalf = none.replacing(with: forBelow, where: isRightBelow)
        UnsafeMutableRawPointer(dx + lower + 2 * j).storeBytes(of: row, as: Pixels.self)
      }
    }
  }

  /// One number for each of four tiles, and one row of their pixels.
  private typealias Tiles = SIMD4<Float>
  private typealias Pixels = SIMD8<Float>

  @inline(__always) private static func pixels(_ place: UnsafePointer<Float>) -> Pixels {
    UnsafeRawPointer(place).loadUnaligned(as: Pixels.self)
  }

  /// Whether a pixel replaces the largest so far: of equal pixels the first is kept, and NaN replaces any number.
  @inline(__always) private static func beats(_ next: Tiles, _ largest: Tiles) -> SIMDMask<SIMD4<Int32>> {
    (next .> largest) .| (next .!= next)
  }

  /// Visits a row in pieces; if its width is not a multiple of the piece, the last piece overlaps the one before it.
  @inline(__always) private static func forEach(_ piece: Int, in width: Int, _ visit: (Int) -> Void) {
    var j = 0
    while j < width {
      visit(min(j, width &- piece))
      j &+= piece
    }
  }
}
