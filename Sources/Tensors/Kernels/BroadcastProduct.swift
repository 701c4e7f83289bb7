// The central kernel: a matrix product whose factors are read wherever they lie in memory.

import CVectors

/// The initial values of the sums in ``broadcastProduct(rows:taps:columns:a:aRows:aTaps:b:bTaps:c:cRow:start:)``.
public enum SumStart {
  /// 0.
  case zero
  /// One number for each row of C: M of them.
  case rows(UnsafePointer<Float>)
  /// One number for each column of C: N of them.
  case columns(UnsafePointer<Float>)
  /// The present contents of C: the product is added to them.
  case present
}

/// Computes C[m, n] = start + Σₖ A[m, k] · B[k, n], where A[m, k] is `a[aRows[m] + aTaps[k]]` and B[k, n] is
/// `b[bTaps[k] + n]`.
///
/// If the offsets are multiples of the row widths, this is the ordinary matrix product. With other offsets it is a
/// convolution, and the matrix of columns that im2col would copy is never built:
///
/// - *positions in lanes*: a row of A holds the weights of one filter, and row k of B is the image itself, read
///   starting at tap k;
/// - *filters in lanes*: a row of A is the image seen from one output position, and row k of B holds the weights of
///   all filters at tap k.
///
/// One element of A is broadcast against a vector of B. A tile of six rows of C stays in registers throughout the loop
/// over k:
///
///              B[k, n …]  ▮▮▮▮▮▮▮▮ ▮▮▮▮▮▮▮▮       two loads
///     A[m, k]      ▪  →   ████████ ████████
///     A[m+1, k]    ▪  →   ████████ ████████       six loads that fill a register with one element,
///     …                       …        …          twelve multiply-adds
///     A[m+5, k]    ▪  →   ████████ ████████
///
/// Each sum runs over k in order. An element of C therefore has the same bits at every position in a tile, and with
/// vectors of sixteen, eight or four lanes.
///
/// - Parameters:
///   - rows: the number of rows M of A and C.
///   - taps: the length K of each sum.
///   - columns: the number of columns N of C.
///   - a: the base address of A.
///   - aRows: the offsets of the M rows of A.
///   - aTaps: the K offsets within a row of A.
///   - b: the base address of B.
///   - bTaps: the offsets of the K rows of B; `b[offset + n]` must be readable for n in 0 ..< N.
///   - c: the base address of C; element (m, n) is `c[m * cRow + n]`.
///   - cRow: the distance between rows of C.
///   - start: the initial values of the sums.
/// - Complexity: M·N·K multiply-adds.
public func broadcastProduct(
  rows: Int, taps: Int, columns: Int,
  a: UnsafePointer<Float>, aRows: UnsafePointer<Int>, aTaps: UnsafePointer<Int>,
  b: UnsafePointer<Float>, bTaps: UnsafePointer<Int>,
  c: UnsafeMutablePointer<Float>, cRow: Int, start: SumStart = .zero
) {
  let product = Product(
    rows: rows, taps: taps, a: a, aRows: aRows, aTaps: aTaps, b: b, bTaps: bTaps, c: c, cRow: cRow, start: start)
  // The widest panel whose six rows of sums fit the registers.
  if VECTOR_LANES == 16 && columns >= 64 {
    let wide = columns / 64 * 64
    product.run(Panel64.self, from: 0, to: wide, of: columns)
    product.run(Panel16.self, from: wide, to: columns, of: columns)
  } else if columns >= 16 && (VECTOR_LANES > 4 || VECTOR_REGISTERS == 32) {
    let whole = columns / 16 * 16
    product.run(Panel16.self, from: 0, to: whole, of: columns)
    if columns - whole > 8 {
      product.run(Panel16.self, from: whole, to: columns, of: columns)
    } else {
      product.run(Panel8.self, from: whole, to: columns, of: columns)
    }
  } else if columns >= 8 {
    product.run(Panel8.self, from: 0, to: columns, of: columns)
  } else {
    product.runOneByOne(columns: columns)
  }
}

/// Adjacent columns of C, held in consecutive registers.
private protocol Panel {
  static var width: Int { get }
  init(repeating value: Float)
  init(_ source: UnsafePointer<Float>)
  mutating func add(_ x: Self, times factor: Float)
  func store(_ target: UnsafeMutablePointer<Float>)
}

private struct Panel8: Panel {
  static var width: Int { 8 }
  var v: SIMD8<Float>
  @inline(__always) init(repeating value: Float) { v = SIMD8(repeating: value) }
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times factor: Float) {
    let f = SIMD8(repeating: factor)
    if VECTOR_FMA != 0 { v.addProduct(x.v, f) } else { v += x.v * f }
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Float>.self)
  }
}

private struct Panel16: Panel {
  static var width: Int { 16 }
  var v: SIMD16<Float>
  @inline(__always) init(repeating value: Float) { v = SIMD16(repeating: value) }
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD16<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times factor: Float) {
    let f = SIMD16(repeating: factor)
    if VECTOR_FMA != 0 { v.addProduct(x.v, f) } else { v += x.v * f }
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD16<Float>.self)
  }
}

private struct Panel64: Panel {
  static var width: Int { 64 }
  var p0: Panel16, p1: Panel16, p2: Panel16, p3: Panel16
  @inline(__always) init(repeating value: Float) {
    p0 = Panel16(repeating: value)
    (p1, p2, p3) = (p0, p0, p0)
  }
  @inline(__always) init(_ p: UnsafePointer<Float>) {
    (p0, p1, p2, p3) = (Panel16(p), Panel16(p + 16), Panel16(p + 32), Panel16(p + 48))
  }
  @inline(__always) mutating func add(_ x: Self, times factor: Float) {
    p0.add(x.p0, times: factor)
    p1.add(x.p1, times: factor)
    p2.add(x.p2, times: factor)
    p3.add(x.p3, times: factor)
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    p0.store(p)
    p1.store(p + 16)
    p2.store(p + 32)
    p3.store(p + 48)
  }
}

/// The operands, and the loops around the tile.
private struct Product {
  var rows: Int
  var taps: Int
  var a: UnsafePointer<Float>
  var aRows: UnsafePointer<Int>
  var aTaps: UnsafePointer<Int>
  var b: UnsafePointer<Float>
  var bTaps: UnsafePointer<Int>
  var c: UnsafeMutablePointer<Float>
  var cRow: Int
  var start: SumStart

  /// Computes the columns `first ..< end` of C, which has `columns` columns in all, in panels.
  ///
  /// A last panel that would extend past the last column is moved back: it computes some elements twice, with identical
  /// bits. That would be wrong when the product is added to C; the remaining columns are then computed one by one.
  @inline(never) func run<P: Panel>(_: P.Type, from first: Int, to end: Int, of columns: Int) {
    var n = first
    while n < end {
      if n &+ P.width > columns {
        if case .present = start { return runOneByOne(from: n, columns: end) }
        n = columns &- P.width
      }
      var m = 0
      while m &+ 6 <= rows {
        tile(P.self, height: 6, m, n)
        m &+= 6
      }
      switch rows &- m {
      case 1: tile(P.self, height: 1, m, n)
      case 2: tile(P.self, height: 2, m, n)
      case 3: tile(P.self, height: 3, m, n)
      case 4: tile(P.self, height: 4, m, n)
      case 5: tile(P.self, height: 5, m, n)
      default: break
      }
      n &+= P.width
    }
  }

  /// Computes one tile: `height` rows starting at row m, one panel of columns starting at column n.
  ///
  /// `height` is a constant at every call, so the compiler removes the comparisons with it.
  @inline(__always) private func tile<P: Panel>(_: P.Type, height: Int, _ m: Int, _ n: Int) {
    let offsets = aRows + m
    @inline(__always) func row(_ i: Int) -> UnsafePointer<Float> { i < height ? a + offsets[i] : a }
    let (a0, a1, a2, a3, a4, a5) = (row(0), row(1), row(2), row(3), row(4), row(5))
    let target = c + (m &* cRow &+ n)
    @inline(__always) func place(_ i: Int) -> UnsafeMutablePointer<Float> { target + i &* cRow }
    var (c0, c1, c2) = (P(repeating: 0), P(repeating: 0), P(repeating: 0))
    var (c3, c4, c5) = (c0, c1, c2)
    switch start {
    case .zero: break
    case .rows(let numbers):
      let numbers = numbers + m
      c0 = P(repeating: numbers[0])
      if height > 1 { c1 = P(repeating: numbers[1]) }
      if height > 2 { c2 = P(repeating: numbers[2]) }
      if height > 3 { c3 = P(repeating: numbers[3]) }
      if height > 4 { c4 = P(repeating: numbers[4]) }
      if height > 5 { c5 = P(repeating: numbers[5]) }
    case .columns(let numbers):
      c0 = P(numbers + n)
      (c1, c2, c3, c4, c5) = (c0, c0, c0, c0, c0)
    case .present:
      c0 = P(place(0))
      if height > 1 { c1 = P(place(1)) }
      if height > 2 { c2 = P(place(2)) }
      if height > 3 { c3 = P(place(3)) }
      if height > 4 { c4 = P(place(4)) }
      if height > 5 { c5 = P(place(5)) }
    }
    let b = b + n
    // Pointers rather than an index: with one register fewer, the compiler would keep some of the sums in memory.
    var (aTap, bTap) = (aTaps, bTaps)
    let end = aTaps + taps
    while aTap != end {
      let x = P(b + bTap.pointee)
      let tap = aTap.pointee
      aTap += 1
      bTap += 1
      c0.add(x, times: a0[tap])
      if height > 1 { c1.add(x, times: a1[tap]) }
      if height > 2 { c2.add(x, times: a2[tap]) }
      if height > 3 { c3.add(x, times: a3[tap]) }
      if height > 4 { c4.add(x, times: a4[tap]) }
      if height > 5 { c5.add(x, times: a5[tap]) }
    }
    c0.store(place(0))
    if height > 1 { c1.store(place(1)) }
    if height > 2 { c2.store(place(2)) }
    if height > 3 { c3.store(place(3)) }
    if height > 4 { c4.store(place(4)) }
    if height > 5 { c5.store(place(5)) }
  }

  /// Computes the same sums one at a time, for fewer columns than a vector has lanes.
  func runOneByOne(from first: Int = 0, columns: Int) {
    for m in 0..<rows {
      let row = a + aRows[m]
      for n in first..<columns {
        var sum: Float
        switch start {
        case .zero: sum = 0
        case .rows(let numbers): sum = numbers[m]
        case .columns(let numbers): sum = numbers[n]
        case .present: sum = c[m * cRow + n]
        }
        for k in 0..<taps {
          let (x, y) = (row[aTaps[k]], b[bTaps[k] + n])
          if VECTOR_FMA != 0 { sum.addProduct(x, y) } else { sum += x * y }
        }
        c[m * cRow + n] = sum
      }
    }
  }
}
