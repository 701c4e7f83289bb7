// Eight neighbouring windows of one row of a pooling layer's output, one in each lane.

/// The windows of one row of the output whose columns all lie inside the image.
struct PoolingRow {
  /// The number of columns from one window to the next: 1 or 2.
  let stride: Int
  /// The number of windows; at least eight.
  let count: Int

  /// Visits the row in pieces of eight windows; if the count is not a multiple of eight, the last piece overlaps the
  /// one before it.
  @inline(__always) func forEachEight(_ visit: (_ first: Int) -> Void) {
    var j = 0
    while j < count {
      visit(min(j, count &- 8))
      j &+= 8
    }
  }

  /// The pixels at the same position in windows j to j + 7, where `pixel` is the pixel at that position in window 0.
  ///
  /// For a stride of 2 they are taken from two vectors that overlap by one, so nothing beyond the last window is read.
  @inline(__always) func eight(_ pixel: UnsafePointer<Float>, at j: Int) -> SIMD8<Float> {
    let start = UnsafeRawPointer(pixel + j &* stride)
    let near = start.loadUnaligned(as: SIMD8<Float>.self)
    if stride == 1 { return near }
    let far = (start + 7 * MemoryLayout<Float>.stride).loadUnaligned(as: SIMD8<Float>.self)
    return SIMD8(lowHalf: near.evenHalf, highHalf: far.oddHalf)
  }
}
