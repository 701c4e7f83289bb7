// The other workhorse: inner products, where the sum runs along the lanes.

import CVectors

/// Computes c[m] = start[m] + Σₖ Σₗ a[aRows[m] + aTaps[k] + l] · b[bTaps[k] + l], l from 0 to `width` − 1: inner products
/// of M rows with one other, in which both are read in pieces of `width` neighbouring numbers.
///
/// A dense layer of few samples is made of these, an input against the weights of each unit; and the gradient of a
/// convolution's input, a pixel's gradient being the inner product of all that has read it with the weights it was
/// read with.
///
/// Six rows share each piece of b, and every row has `width` sums. They are added at the end, in halves:
///
///     b[k]     ▮▮▮▮▮▮▮▮ ▮▮▮▮▮▮▮▮
///     a₀[k]  · ████████ ████████  → Σ₀         8 + 8, 4 + 4, 2 + 2, 1 + 1: an order that does not
///     …             …                          depend on the length of the machine's vectors
///     a₅[k]  · ████████ ████████  → Σ₅
///
/// - Parameters:
///   - rows: the number of rows M.
///   - taps: the number of pieces K.
///   - width: the length of a piece, 8 or 16.
///   - a: the base of the rows.
///   - aRows: M places of rows.
///   - aTaps: K places of pieces within a row.
///   - b: the base of the other factor.
///   - bTaps: K places of its pieces.
///   - c: result m is stored at `c[m * cStep]`.
///   - cStep: the distance between results.
///   - start: M numbers to begin with, or nil for 0.
/// - Complexity: M·K·width multiply-adds.
public func innerProducts(
  rows: Int, taps: Int, width: Int,
  a: UnsafePointer<Float>, aRows: UnsafePointer<Int>, aTaps: UnsafePointer<Int>,
  b: UnsafePointer<Float>, bTaps: UnsafePointer<Int>,
  c: UnsafeMutablePointer<Float>, cStep: Int, start: UnsafePointer<Float>? = nil
) {
  demand(width == 8 || width == 16, "innerProducts: pieces of 8 or 16 expected, got \(width)")
  let products = Products(
    rows: rows, taps: taps, a: a, aRows: aRows, aTaps: aTaps, b: b, bTaps: bTaps, c: c, cStep: cStep, start: start)
  if width == 16 { products.run(Sixteen.self) } else { products.run(Eight.self) }
}

/// A row of sums, one for each lane.
private protocol Lanes {
  init()
  init(_ source: UnsafePointer<Float>)
  mutating func add(_ x: Self, times y: Self)
  var sum: Float { get }
}

private struct Sixteen: Lanes {
  var v = SIMD16<Float>()
  @inline(__always) init() {}
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD16<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times y: Self) {
    if VECTOR_FMA != 0 { v.addProduct(x.v, y.v) } else { v += x.v * y.v }
  }
  @inline(__always) var sum: Float {
    var half = Eight()
    half.v = v.lowHalf + v.highHalf
    return half.sum
  }
}

private struct Eight: Lanes {
  var v = SIMD8<Float>()
  @inline(__always) init() {}
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times y: Self) {
    if VECTOR_FMA != 0 { v.addProduct(x.v, y.v) } else { v += x.v * y.v }
  }
  @inline(__always) var sum: Float {
    let four = v.lowHalf + v.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }
}

/// The operands, and the loop around the block of rows.
private struct Products {
  var rows: Int
  var taps: Int
  var a: UnsafePointer<Float>
  var aRows: UnsafePointer<Int>
  var aTaps: UnsafePointer<Int>
  var b: UnsafePointer<Float>
  var bTaps: UnsafePointer<Int>
  var c: UnsafeMutablePointer<Float>
  var cStep: Int
  var start: UnsafePointer<Float>?

  @inline(never) func run<L: Lanes>(_: L.Type) {
    var m = 0
    // Sixteen registers of four lanes hold the sums of three rows.
    if VECTOR_LANES * VECTOR_REGISTERS >= 128 {
      while m &+ 6 <= rows {
        block(L.self, height: 6, m)
        m &+= 6
      }
    }
    while m &+ 3 <= rows {
      block(L.self, height: 3, m)
      m &+= 3
    }
    while m < rows {
      block(L.self, height: 1, m)
      m &+= 1
    }
  }

  /// `height` rows from row m on; a constant, see the tile of `broadcastProduct`.
  @inline(__always) private func block<L: Lanes>(_: L.Type, height: Int, _ m: Int) {
    let places = aRows + m
    @inline(__always) func row(_ i: Int) -> UnsafePointer<Float> { i < height ? a + places[i] : a }
    let (a0, a1, a2, a3, a4, a5) = (row(0), row(1), row(2), row(3), row(4), row(5))
    var (s0, s1, s2, s3, s4, s5) = (L(), L(), L(), L(), L(), L())
    var (aTap, bTap) = (aTaps, bTaps)
    let end = aTaps + taps
    while aTap != end {
      let x = L(b + bTap.pointee)
      let tap = aTap.pointee
      aTap += 1
      bTap += 1
      s0.add(x, times: L(a0 + tap))
      if height > 1 { s1.add(x, times: L(a1 + tap)) }
      if height > 2 { s2.add(x, times: L(a2 + tap)) }
      if height > 3 { s3.add(x, times: L(a3 + tap)) }
      if height > 4 { s4.add(x, times: L(a4 + tap)) }
      if height > 5 { s5.add(x, times: L(a5 + tap)) }
    }
    let target = c + m &* cStep
    @inline(__always) func store(_ i: Int, _ sums: L) { target[i &* cStep] = (start?[m &+ i] ?? 0) + sums.sum }
    store(0, s0)
    if height > 1 { store(1, s1) }
    if height > 2 { store(2, s2) }
    if height > 3 { store(3, s3) }
    if height > 4 { store(4, s4) }
    if height > 5 { store(5, s5) }
  }
}
