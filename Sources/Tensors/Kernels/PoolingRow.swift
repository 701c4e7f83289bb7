// Eight neighbouring windows of one row of a pooling, one in each lane.

/// The windows of one row of the output whose columns all lie inside the image.
struct PoolingRow {
  /// Columns between one window and the next: 1 or 2.
  let stride: Int
  /// How many windows there are; at least eight.
  let count: Int

  /// Visits the row in pieces of eight windows; the last overlaps the one before it where the row is no multiple.
  @inline(__always) func forEachEight(_ visit: (_ first: Int) -> Void) {
    var j = 0
    while j < count {
      visit(min(j, count &- 8))
      j &+= 8
    }
  }

  /// The pixels that windows j to j + 7 have at one and the same place, of which `pixel` is that of window 0.
  ///
  /// Every second pixel is taken from two vectors that overlap by one, so that nothing is read beyond the last window.
  @inline(__always) func eight(_ pixel: UnsafePointer<Float>, at j: Int) -> SIMD8<Float> {
    let start = UnsafeRawPointer(pixel + j &* stride)
    let near = start.loadUnaligned(as: SIMD8<Float>.self)
    if stride == 1 { return near }
    let far = (start + 7 * MemoryLayout<Float>.stride).loadUnaligned(as: SIMD8<Float>.self)
    return SIMD8(lowHalf: near.evenHalf, highHalf: far.oddHalf)
  }
}
