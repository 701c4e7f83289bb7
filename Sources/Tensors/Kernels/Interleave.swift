// Rows into panels and back: how numbers of many channels come to lie side by side in a vector.

extension Kernels {
  /// Writes `rows` rows of `count` numbers as columns of a panel: `panel[i * width + r] = source[r * rowStride + i]`,
  /// and 0 where r is beyond the rows.
  ///
  /// - Parameters:
  ///   - rows: at most `width`.
  ///   - width: a multiple of 8.
  static func interleave(
    rows: Int, count: Int, from source: UnsafePointer<Float>, rowStride: Int,
    into panel: UnsafeMutablePointer<Float>, width: Int
  ) {
    for first in stride(from: 0, to: width, by: 8) {
      let source = source + first * rowStride
      var target = panel + first
      let left = rows - first
      if left >= 8 {
        let s = rowStride
        for i in 0..<count {
          let p = source + i
          let eight = SIMD8(p[0], p[s], p[2 &* s], p[3 &* s], p[4 &* s], p[5 &* s], p[6 &* s], p[7 &* s])
          UnsafeMutableRawPointer(target).storeBytes(of: eight, as: SIMD8<Float>.self)
          target += width
        }
      } else if left > 0 {
        // The last row stands in for those that do not exist, and is masked.
        @inline(__always) func row(_ r: Int) -> UnsafePointer<Float> { source + min(r, left &- 1) &* rowStride }
        let (p1, p2, p3, p4) = (row(1), row(2), row(3), row(4))
        let (p5, p6, p7) = (row(5), row(6), row(7))
        var mask = SIMD8<UInt32>(repeating: 0)
        for r in 0..<left { mask[r] = ~0 }
        for i in 0..<count {
          let eight = SIMD8(source[i], p1[i], p2[i], p3[i], p4[i], p5[i], p6[i], p7[i])
          let kept = unsafeBitCast(eight, to: SIMD8<UInt32>.self) & mask
          UnsafeMutableRawPointer(target).storeBytes(of: kept, as: SIMD8<UInt32>.self)
          target += width
        }
      } else {
        for _ in 0..<count {
          UnsafeMutableRawPointer(target).storeBytes(of: SIMD8<Float>(), as: SIMD8<Float>.self)
          target += width
        }
      }
    }
  }

  /// The way back: `target[r * rowStride + i] = panel[i * width + r]` for r in 0 ..< `rows`.
  static func deinterleave(
    rows: Int, count: Int, from panel: UnsafePointer<Float>, width: Int,
    into target: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let whole = count & ~7
    for r in 0..<rows {
      let (source, target) = (panel + r, target + r * rowStride)
      let w = width
      var i = 0
      while i < whole {
        let p = source + i &* w
        let eight = SIMD8(p[0], p[w], p[2 &* w], p[3 &* w], p[4 &* w], p[5 &* w], p[6 &* w], p[7 &* w])
        UnsafeMutableRawPointer(target + i).storeBytes(of: eight, as: SIMD8<Float>.self)
        i &+= 8
      }
      while i < count {
        target[i] = source[i &* w]
        i &+= 1
      }
    }
  }
}

extension Kernels {
  /// Copies a short row. A call of `memcpy` for ten numbers takes longer than the copy.
  @inline(never) static func copyRows(
    _ rows: Int, of count: Int, from source: UnsafePointer<Float>, rowStride: Int,
    to target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    var (source, target) = (source, target)
    for _ in 0..<rows {
      if count >= 8 {
        var i = 0
        while i < count {
          // The last eight end where the row ends.
          let place = min(i, count &- 8)
          let eight = UnsafeRawPointer(source + place).loadUnaligned(as: SIMD8<Float>.self)
          UnsafeMutableRawPointer(target + place).storeBytes(of: eight, as: SIMD8<Float>.self)
          i &+= 8
        }
      } else {
        for i in 0..<count { target[i] = source[i] }
      }
      source += rowStride
      target += targetStride
    }
  }
}
