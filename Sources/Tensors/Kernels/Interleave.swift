// Rows to panels and back: this places numbers of many channels side by side in a vector.

extension Kernels {
  /// Writes `rows` rows of `count` numbers as columns of a panel: `panel[i * width + r] = source[r * rowStride + i]`,
  /// and 0 for r beyond the last row.
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
        var i = 0
        while i &+ 8 <= count {
          transpose(from: source + i, s, into: target, width)
          target += 8 &* width
          i &+= 8
        }
        while i < count {
          for r in 0..<8 { target[r] = source[r &* s &+ i] }
          target += width
          i &+= 1
        }
      } else if left > 0 {
        // The last row is read in place of the missing ones, and masked.
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

  /// Adds up the rows of a panel: `sums[r]` = Σᵢ `panel[i * width + r]`.
  static func sumRows(
    _ count: Int, of width: Int, from panel: UnsafePointer<Float>, into sums: UnsafeMutablePointer<Float>
  ) {
    for first in stride(from: 0, to: width, by: 8) {
      var (sum, row) = (SIMD8<Float>(), UnsafeRawPointer(panel + first))
      for _ in 0..<count {
        sum += row.loadUnaligned(as: SIMD8<Float>.self)
        row += 4 &* width
      }
      UnsafeMutableRawPointer(sums + first).storeBytes(of: sum, as: SIMD8<Float>.self)
    }
  }

  /// The inverse of `interleave`: `target[r * rowStride + i] = panel[i * width + r]` for r in 0 ..< `rows`.
  static func deinterleave(
    rows: Int, count: Int, from panel: UnsafePointer<Float>, width: Int,
    into target: UnsafeMutablePointer<Float>, rowStride: Int
  ) {
    let (w, s) = (width, rowStride)
    var r = 0
    while r &+ 8 <= rows {
      var i = 0
      while i &+ 8 <= count {
        transpose(from: panel + (i &* w &+ r), w, into: target + (r &* s &+ i), s)
        i &+= 8
      }
      while i < count {
        for k in r..<r &+ 8 { target[k &* s &+ i] = panel[i &* w &+ k] }
        i &+= 1
      }
      r &+= 8
    }
    while r < rows {
      for i in 0..<count { target[r &* s &+ i] = panel[i &* w &+ r] }
      r &+= 1
    }
  }

  /// Transposes an 8 × 8 block: loads eight rows, splits them three times, and stores them as columns.
  @inline(__always) private static func transpose(
    from source: UnsafePointer<Float>, _ sourceStride: Int, into target: UnsafeMutablePointer<Float>,
    _ targetStride: Int
  ) {
    @inline(__always) func row(_ r: Int) -> SIMD8<Float> {
      UnsafeRawPointer(source + r &* sourceStride).loadUnaligned(as: SIMD8<Float>.self)
    }
    @inline(__always) func store(_ r: Int, _ x: SIMD8<Float>) {
      UnsafeMutableRawPointer(target + r &* targetStride).storeBytes(of: x, as: SIMD8<Float>.self)
    }
    /// The even lanes of both, and the odd lanes of both: applied three times, this is a transposition.
    @inline(__always) func split(_ x: SIMD8<Float>, _ y: SIMD8<Float>) -> (SIMD8<Float>, SIMD8<Float>) {
      (SIMD8(lowHalf: x.evenHalf, highHalf: y.evenHalf), SIMD8(lowHalf: x.oddHalf, highHalf: y.oddHalf))
    }
    let ((a0, a1), (b0, b1)) = (split(row(0), row(1)), split(row(2), row(3)))
    let ((c0, c1), (d0, d1)) = (split(row(4), row(5)), split(row(6), row(7)))
    let ((e0, e2), (f0, f2), (e1, e3), (f1, f3)) = (split(a0, b0), split(c0, d0), split(a1, b1), split(c1, d1))
    let ((r0, r4), (r2, r6), (r1, r5), (r3, r7)) = (split(e0, f0), split(e2, f2), split(e1, f1), split(e3, f3))
    store(0, r0)
    store(1, r1)
    store(2, r2)
    store(3, r3)
    store(4, r4)
    store(5, r5)
    store(6, r6)
    store(7, r7)
  }
}

extension Kernels {
  /// Copies short rows. A call of `memcpy` for ten numbers takes longer than the copy itself.
  @inline(never) static func copyRows(
    _ rows: Int, of count: Int, from source: UnsafePointer<Float>, rowStride: Int,
    to target: UnsafeMutablePointer<Float>, targetStride: Int
  ) {
    var (source, target) = (source, target)
    for _ in 0..<rows {
      if count >= 8 {
        var i = 0
        while i < count {
          // The last eight numbers end at the end of the row.
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
