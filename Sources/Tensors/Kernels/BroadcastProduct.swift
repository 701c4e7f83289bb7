// The workhorse: a matrix product whose right-hand rows may start anywhere in memory.

/// Computes C[m, n] = b[m] + Σₖ A[m, k] · B[offsetₖ + n]: a matrix product in which row k of the right-hand side is
/// any run of numbers in memory.
///
/// With `offsetₖ = k · width` this is the ordinary product. With overlapping rows it is a convolution: tap (c, i, j) of
/// a kernel reads the same image, shifted by i rows and j pixels, and the columns that im2col would copy are never
/// built. One element of A is broadcast against a vector of B, so the sums run along k in order, and every element of
/// C is rounded in the same way wherever it stands in a tile.
///
/// - Parameters:
///   - rows: the number of rows M of A and C.
///   - taps: the length K of each sum.
///   - columns: the number of columns N of C.
///   - a: element (m, k) at `a[m * aRow + k * aTap]`.
///   - aRow: the distance between rows of A.
///   - aTap: the distance between neighbours in a row of A.
///   - b: the base to which the offsets refer.
///   - offsets: K offsets; `b[offset + n]` must be readable for n in 0 ..< N.
///   - c: element (m, n) at `c[m * cRow + n]`; overwritten.
///   - cRow: the distance between rows of C.
///   - bias: M numbers the sums start from, or nil for 0.
/// - Complexity: M·N·K multiply-adds.
public func broadcastProduct(
  rows: Int, taps: Int, columns: Int,
  a: UnsafePointer<Float>, aRow: Int, aTap: Int = 1,
  b: UnsafePointer<Float>, offsets: UnsafePointer<Int>,
  c: UnsafeMutablePointer<Float>, cRow: Int, bias: UnsafePointer<Float>? = nil
) {
  guard columns >= lanes else {
    return narrowProduct(
      rows: rows, taps: taps, columns: columns, a: a, aRow: aRow, aTap: aTap, b: b, offsets: offsets, c: c, cRow: cRow,
      bias: bias)
  }
  var n = 0
  while n < columns {
    let left = columns - n
    // The last tile moves back to end at the last column: it computes some elements twice, to the same bits.
    let isWide = left >= 4 * lanes
    let start = isWide || left >= lanes ? n : columns - lanes
    var m = 0
    while m < rows {
      let height = min(rows - m, 6) > 4 ? 6 : 4
      let used = min(height, rows - m)
      let tile = Tile(
        taps: taps, a: a + m * aRow, aRow: aRow, aTap: aTap, last: used - 1, b: b + start, offsets: offsets,
        c: c + m * cRow + start, cRow: cRow, bias: bias.map { $0 + m })
      switch (height, isWide) {
      case (6, true): tile.sixByFour()
      case (_, true): tile.fourByFour()
      case (6, false): tile.sixByOne()
      default: tile.fourByOne()
      }
      m += used
    }
    n += isWide ? 4 * lanes : lanes
  }
}

/// The same sums for fewer columns than a vector has lanes, one at a time.
private func narrowProduct(
  rows: Int, taps: Int, columns: Int, a: UnsafePointer<Float>, aRow: Int, aTap: Int, b: UnsafePointer<Float>,
  offsets: UnsafePointer<Int>, c: UnsafeMutablePointer<Float>, cRow: Int, bias: UnsafePointer<Float>?
) {
  for m in 0..<rows {
    for n in 0..<columns {
      var sum = bias?[m] ?? 0
      for k in 0..<taps { sum.addProduct(a[m * aRow + k * aTap], b[offsets[k] + n]) }
      c[m * cRow + n] = sum
    }
  }
}

private typealias Vector = SIMD16<Float>
private let lanes = 16

/// Sixty-four neighbouring numbers in four registers.
private struct Quad {
  var v0: Vector, v1: Vector, v2: Vector, v3: Vector

  @inline(__always) init(repeating value: Float) {
    v0 = Vector(repeating: value)
    (v1, v2, v3) = (v0, v0, v0)
  }

  @inline(__always) init(_ source: UnsafePointer<Float>) {
    let raw = UnsafeRawPointer(source)
    v0 = raw.loadUnaligned(as: Vector.self)
    v1 = raw.loadUnaligned(fromByteOffset: 64, as: Vector.self)
    v2 = raw.loadUnaligned(fromByteOffset: 128, as: Vector.self)
    v3 = raw.loadUnaligned(fromByteOffset: 192, as: Vector.self)
  }

  @inline(__always) mutating func add(_ x: Quad, times factor: Float) {
    let f = Vector(repeating: factor)
    v0.addProduct(x.v0, f)
    v1.addProduct(x.v1, f)
    v2.addProduct(x.v2, f)
    v3.addProduct(x.v3, f)
  }

  @inline(__always) func store(_ target: UnsafeMutablePointer<Float>) {
    let raw = UnsafeMutableRawPointer(target)
    raw.storeBytes(of: v0, as: Vector.self)
    raw.storeBytes(of: v1, toByteOffset: 64, as: Vector.self)
    raw.storeBytes(of: v2, toByteOffset: 128, as: Vector.self)
    raw.storeBytes(of: v3, toByteOffset: 192, as: Vector.self)
  }
}

/// One tile of C, small enough to live in registers while k runs.
///
/// A tile taller than the rows that are left computes its last row several times and stores it to the same place.
private struct Tile {
  var taps: Int
  var a: UnsafePointer<Float>
  var aRow: Int
  var aTap: Int
  /// The last row of the tile that exists.
  var last: Int
  var b: UnsafePointer<Float>
  var offsets: UnsafePointer<Int>
  var c: UnsafeMutablePointer<Float>
  var cRow: Int
  var bias: UnsafePointer<Float>?

  @inline(__always) func a(_ row: Int) -> UnsafePointer<Float> { a + min(row, last) * aRow }
  @inline(__always) func c(_ row: Int) -> UnsafeMutablePointer<Float> { c + min(row, last) * cRow }
  @inline(__always) func bias(_ row: Int) -> Float { bias?[min(row, last)] ?? 0 }

  /// Six rows of 64: 24 of the 32 vector registers hold sums.
  @inline(never) func sixByFour() {
    var (c0, c1, c2) = (Quad(repeating: bias(0)), Quad(repeating: bias(1)), Quad(repeating: bias(2)))
    var (c3, c4, c5) = (Quad(repeating: bias(3)), Quad(repeating: bias(4)), Quad(repeating: bias(5)))
    let (a0, a1, a2, a3, a4, a5) = (a(0), a(1), a(2), a(3), a(4), a(5))
    for k in 0..<taps {
      let row = Quad(b + offsets[k])
      let p = k &* aTap
      c0.add(row, times: a0[p])
      c1.add(row, times: a1[p])
      c2.add(row, times: a2[p])
      c3.add(row, times: a3[p])
      c4.add(row, times: a4[p])
      c5.add(row, times: a5[p])
    }
    c0.store(c(0))
    c1.store(c(1))
    c2.store(c(2))
    c3.store(c(3))
    c4.store(c(4))
    c5.store(c(5))
  }

  /// Four rows of 64.
  @inline(never) func fourByFour() {
    var (c0, c1) = (Quad(repeating: bias(0)), Quad(repeating: bias(1)))
    var (c2, c3) = (Quad(repeating: bias(2)), Quad(repeating: bias(3)))
    let (a0, a1, a2, a3) = (a(0), a(1), a(2), a(3))
    for k in 0..<taps {
      let row = Quad(b + offsets[k])
      let p = k &* aTap
      c0.add(row, times: a0[p])
      c1.add(row, times: a1[p])
      c2.add(row, times: a2[p])
      c3.add(row, times: a3[p])
    }
    c0.store(c(0))
    c1.store(c(1))
    c2.store(c(2))
    c3.store(c(3))
  }

  /// Six rows of 16, for the columns at the end.
  @inline(never) func sixByOne() {
    var (c0, c1, c2) = (vector(bias(0)), vector(bias(1)), vector(bias(2)))
    var (c3, c4, c5) = (vector(bias(3)), vector(bias(4)), vector(bias(5)))
    let (a0, a1, a2, a3, a4, a5) = (a(0), a(1), a(2), a(3), a(4), a(5))
    for k in 0..<taps {
      let row = UnsafeRawPointer(b + offsets[k]).loadUnaligned(as: Vector.self)
      let p = k &* aTap
      c0.addProduct(row, vector(a0[p]))
      c1.addProduct(row, vector(a1[p]))
      c2.addProduct(row, vector(a2[p]))
      c3.addProduct(row, vector(a3[p]))
      c4.addProduct(row, vector(a4[p]))
      c5.addProduct(row, vector(a5[p]))
    }
    store(c0, 0)
    store(c1, 1)
    store(c2, 2)
    store(c3, 3)
    store(c4, 4)
    store(c5, 5)
  }

  /// Four rows of 16.
  @inline(never) func fourByOne() {
    var (c0, c1, c2, c3) = (vector(bias(0)), vector(bias(1)), vector(bias(2)), vector(bias(3)))
    let (a0, a1, a2, a3) = (a(0), a(1), a(2), a(3))
    for k in 0..<taps {
      let row = UnsafeRawPointer(b + offsets[k]).loadUnaligned(as: Vector.self)
      let p = k &* aTap
      c0.addProduct(row, vector(a0[p]))
      c1.addProduct(row, vector(a1[p]))
      c2.addProduct(row, vector(a2[p]))
      c3.addProduct(row, vector(a3[p]))
    }
    store(c0, 0)
    store(c1, 1)
    store(c2, 2)
    store(c3, 3)
  }

  @inline(__always) func vector(_ value: Float) -> Vector { Vector(repeating: value) }
  @inline(__always) func store(_ value: Vector, _ row: Int) {
    UnsafeMutableRawPointer(c(row)).storeBytes(of: value, as: Vector.self)
  }
}
