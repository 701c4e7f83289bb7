// The second central kernel: inner products, in which the sum runs along the lanes.

import CVectors

/// Computes C[m, n] = start + Σₖ Σₗ a[aRows[m] + aTaps[k] + l] · b[bRows[n] + bTaps[k] + l], l from 0 to `width` − 1: inner
/// products of M rows and N columns, both read in pieces of `width` neighbouring numbers.
///
/// A dense layer with few samples uses these inner products: an input times the weights of each unit. So does the
/// gradient of a convolution's weights if there are few filters: a filter's gradient times the image, shifted by each
/// tap.
///
/// Up to six rows share each piece of b, and up to two columns share each piece of a. Every pair has `width` sums,
/// which are added at the end, in halves:
///
///     b₀[k]    ▮▮▮▮▮▮▮▮       b₁[k]    ▮▮▮▮▮▮▮▮
///     a₀[k]  · ████████       a₀[k]  · ████████  → Σ₀      4 + 4, 2 + 2, 1 + 1: an order that does not
///     …           …           …           …                depend on the length of the machine's vectors
///     a₅[k]  · ████████       a₅[k]  · ████████  → Σ₅
///
/// - Parameters:
///   - rows: the number of rows M.
///   - columns: the number of columns N.
///   - taps: the number of pieces K.
///   - width: the length of a piece, 8 or 16.
///   - a: the base address of the rows.
///   - aRows: the offsets of the M rows.
///   - aTaps: the offsets of the K pieces within a row.
///   - b: the base address of the columns.
///   - bRows: the offsets of the N columns.
///   - bTaps: the offsets of the K pieces within a column.
///   - c: result (m, n) is stored at `c[m * cRow + n * cColumn]`.
///   - cRow: the distance between results of neighbouring rows.
///   - cColumn: the distance between results of neighbouring columns.
///   - start: the numbers to which the sums are added.
/// - Complexity: M·N·K·width multiply-adds.
public func innerProducts(
  rows: Int, columns: Int, taps: Int, width: Int,
  a: UnsafePointer<Float>, aRows: UnsafePointer<Int>, aTaps: UnsafePointer<Int>,
  b: UnsafePointer<Float>, bRows: UnsafePointer<Int>, bTaps: UnsafePointer<Int>,
  c: UnsafeMutablePointer<Float>, cRow: Int, cColumn: Int, start: SumStart = .zero
) {
  demand(width == 8 || width == 16, "innerProducts: pieces of 8 or 16 expected, got \(width)")
  withUnsafePointer(to: Float(0)) { zero in
    // The initial values of the sums: their address, and the distances between rows and columns there.
    let (from, fromRow, fromColumn) =
      switch start {
      case .zero: (zero, 0, 0)
      case .rows(let numbers): (numbers, 1, 0)
      case .columns(let numbers): (numbers, 0, 1)
      case .present: (UnsafePointer(c), cRow, cColumn)
      }
    let products = Products(
      rows: rows, columns: columns, taps: taps, a: a, aRows: aRows, aTaps: aTaps, b: b, bRows: bRows, bTaps: bTaps,
      c: c, cRow: cRow, cColumn: cColumn, from: from, fromRow: fromRow, fromColumn: fromColumn)
    if width == 16 { products.run(Sixteen.self) } else { products.run(Eight.self) }
  }
}

/// A vector of sums, one for each lane.
private protocol Lanes {
  static var width: Int { get }
  init()
  init(_ source: UnsafePointer<Float>)
  mutating func add(_ x: Self, times y: Self)
  var sum: Float { get }
}

private struct Sixteen: Lanes {
  static var width: Int { 16 }
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
  static var width: Int { 8 }
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

/// The operands, and the loops around the block of rows and columns.
private struct Products {
  var rows: Int
  var columns: Int
  var taps: Int
  var a: UnsafePointer<Float>
  var aRows: UnsafePointer<Int>
  var aTaps: UnsafePointer<Int>
  var b: UnsafePointer<Float>
  var bRows: UnsafePointer<Int>
  var bTaps: UnsafePointer<Int>
  var c: UnsafeMutablePointer<Float>
  var cRow: Int
  var cColumn: Int
  var from: UnsafePointer<Float>
  var fromRow: Int
  var fromColumn: Int

  /// Processes the rows in blocks of equal height that fit the registers: at most six rows by two columns.
  func run<L: Lanes>(_: L.Type) {
    let most = VECTOR_LANES * VECTOR_REGISTERS >= 128 ? 6 : 3
    let pairs = 2 * most * L.width <= 3 * VECTOR_LANES * VECTOR_REGISTERS / 4 ? columns / 2 : 0
    let blocks = (rows + most - 1) / most
    for block in 0..<blocks {
      let first = block * rows / blocks
      let height = (block + 1) * rows / blocks - first
      if pairs > 0 { runPairs(L.self, pairs, height: height, first) }
      if pairs * 2 < columns { runSingles(L.self, from: pairs * 2, height: height, first) }
    }
  }

  // Two functions, because the compiler limits how much it inlines into one.
  @inline(never) private func runPairs<L: Lanes>(_: L.Type, _ pairs: Int, height: Int, _ m: Int) {
    for pair in 0..<pairs { pick(L.self, height, isPair: true, m, 2 &* pair) }
  }

  @inline(never) private func runSingles<L: Lanes>(_: L.Type, from first: Int, height: Int, _ m: Int) {
    for n in first..<columns { pick(L.self, height, isPair: false, m, n) }
  }

  @inline(__always) private func pick<L: Lanes>(_: L.Type, _ height: Int, isPair: Bool, _ m: Int, _ n: Int) {
    switch height {
    case 1: block(L.self, height: 1, isPair: isPair, m, n)
    case 2: block(L.self, height: 2, isPair: isPair, m, n)
    case 3: block(L.self, height: 3, isPair: isPair, m, n)
    case 4: block(L.self, height: 4, isPair: isPair, m, n)
    case 5: block(L.self, height: 5, isPair: isPair, m, n)
    default: block(L.self, height: 6, isPair: isPair, m, n)
    }
  }

  /// Computes `height` rows starting at row m and one or two columns starting at column n.
  ///
  /// `height` and `isPair` are constants at every call, as in the tile of `broadcastProduct`.
  @inline(__always) private func block<L: Lanes>(_: L.Type, height: Int, isPair: Bool, _ m: Int, _ n: Int) {
    let offsets = aRows + m
    @inline(__always) func row(_ i: Int) -> UnsafePointer<Float> { i < height ? a + offsets[i] : a }
    let (a0, a1, a2, a3, a4, a5) = (row(0), row(1), row(2), row(3), row(4), row(5))
    let (b0, b1) = (b + bRows[n], isPair ? b + bRows[n &+ 1] : b)
    var (s0, s1, s2, s3, s4, s5) = (L(), L(), L(), L(), L(), L())
    var (t0, t1, t2, t3, t4, t5) = (L(), L(), L(), L(), L(), L())
    var (aTap, bTap) = (aTaps, bTaps)
    let end = aTaps + taps
    while aTap != end {
      let (tap, place) = (aTap.pointee, bTap.pointee)
      aTap += 1
      bTap += 1
      let x = L(b0 + place)
      let y = isPair ? L(b1 + place) : x
      @inline(__always) func add(_ row: UnsafePointer<Float>, _ s: inout L, _ t: inout L) {
        let piece = L(row + tap)
        s.add(x, times: piece)
        if isPair { t.add(y, times: piece) }
      }
      add(a0, &s0, &t0)
      if height > 1 { add(a1, &s1, &t1) }
      if height > 2 { add(a2, &s2, &t2) }
      if height > 3 { add(a3, &s3, &t3) }
      if height > 4 { add(a4, &s4, &t4) }
      if height > 5 { add(a5, &s5, &t5) }
    }
    let (target, from) = (c + (m &* cRow &+ n &* cColumn), from + (m &* fromRow &+ n &* fromColumn))
    @inline(__always) func store(_ i: Int, _ s: L, _ t: L) {
      target[i &* cRow] = from[i &* fromRow] + s.sum
      if isPair { target[i &* cRow &+ cColumn] = from[i &* fromRow &+ fromColumn] + t.sum }
    }
    store(0, s0, t0)
    if height > 1 { store(1, s1, t1) }
    if height > 2 { store(2, s2, t2) }
    if height > 3 { store(3, s3, t3) }
    if height > 4 { store(4, s4, t4) }
    if height > 5 { store(5, s5, t5) }
  }
}
