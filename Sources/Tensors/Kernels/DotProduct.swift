// The other workhorse: many inner products of long runs of numbers.

import CVectors

/// Computes C[m, j] = b[j] + Σₛ Σₚ A[m·aRow + s·aSample + p] · B[offsetⱼ + s·bSample + p]: inner products of runs of
/// `length` numbers, summed over `samples`.
///
/// The gradient of a convolution's weights is made of these: the output gradient of channel m against the image
/// shifted to tap j, over all positions and all samples. A dense layer's forward pass is another: an input row against
/// a weight row.
///
/// Every sum runs in sixteen lanes that are added at the end, in halves. A machine with shorter vectors takes the sixteen
/// in two passes of eight or four of four: a lane sees the same products in the same order, and the bits are the same.
///
/// - Parameters:
///   - rows: the number of runs M in A.
///   - columns: the number of runs J in B.
///   - length: the length of each run.
///   - samples: how many runs are summed for each element of C.
///   - a: run m of sample n begins at `a[n * aSample + m * aRow]`.
///   - aRow: the distance between the runs of one sample in A.
///   - aSample: the distance between samples in A.
///   - b: run j of sample n begins at `b[n * bSample + offsets[j]]`.
///   - offsets: J offsets from `b`.
///   - bSample: the distance between samples in B.
///   - c: element (m, j) at `c[m * cRow + j]`; overwritten.
///   - cRow: the distance between rows of C.
///   - bias: J numbers to start from, or nil for 0.
/// - Complexity: M·J·length·samples multiply-adds.
public func dotProducts(
  rows: Int, columns: Int, length: Int, samples: Int = 1,
  a: UnsafePointer<Float>, aRow: Int, aSample: Int = 0,
  b: UnsafePointer<Float>, offsets: UnsafePointer<Int>, bSample: Int = 0,
  c: UnsafeMutablePointer<Float>, cRow: Int, bias: UnsafePointer<Float>? = nil
) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 12 * 16 + 16) { scratch in
    guard let sums = scratch.baseAddress else { return }
    // A last, partial vector is loaded so that it ends where the runs end; lanes that have been counted are masked.
    let mask = UnsafeMutableRawPointer(sums + 12 * 16).assumingMemoryBound(to: UInt32.self)
    for lane in 0..<16 { mask[lane] = lane < 16 - length % 16 ? 0 : ~0 }
    // Two blocks of columns at a time: their runs stay in the fastest cache while the rows pass by.
    for first in stride(from: 0, to: columns, by: 2 * DotBlock.width) {
      for m in stride(from: 0, to: rows, by: DotBlock.height) {
        for j in stride(from: first, to: min(first + 2 * DotBlock.width, columns), by: DotBlock.width) {
          let block = DotBlock(
            length: length, samples: samples, a: a + m * aRow, aRow: aRow, aSample: aSample,
            lastRow: min(DotBlock.height, rows - m) - 1, b: b, offsets: offsets + j, bSample: bSample,
            lastColumn: min(DotBlock.width, columns - j) - 1, c: c + m * cRow + j, cRow: cRow,
            bias: bias.map { $0 + j }, mask: mask, sums: sums)
          if length < 16 {
            block.scalars()
          } else if VECTOR_LANES == 16 {
            block.run(SixteenLanes.self)
          } else if VECTOR_LANES == 8 || VECTOR_REGISTERS == 32 {
            block.run(EightLanes.self)
          } else {
            block.run(FourLanes.self)
          }
        }
      }
    }
  }
}

/// Some of the sixteen lanes in which a sum runs.
private protocol Lanes {
  static var count: Int { get }
  init()
  init(_ source: UnsafePointer<Float>)
  mutating func add(_ x: Self, times y: Self)
  /// Sets the lanes to 0 where the bits of the mask are.
  mutating func keep(_ mask: UnsafePointer<UInt32>)
  func store(_ target: UnsafeMutablePointer<Float>)
}

private struct SixteenLanes: Lanes {
  static var count: Int { 16 }
  var v = SIMD16<Float>()
  @inline(__always) init() {}
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD16<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times y: Self) {
    if VECTOR_FMA != 0 { v.addProduct(x.v, y.v) } else { v += x.v * y.v }
  }
  @inline(__always) mutating func keep(_ mask: UnsafePointer<UInt32>) {
    let bits = UnsafeRawPointer(mask).loadUnaligned(as: SIMD16<UInt32>.self)
    v = unsafeBitCast(unsafeBitCast(v, to: SIMD16<UInt32>.self) & bits, to: SIMD16<Float>.self)
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD16<Float>.self)
  }
}

private struct EightLanes: Lanes {
  static var count: Int { 8 }
  var v = SIMD8<Float>()
  @inline(__always) init() {}
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times y: Self) {
    if VECTOR_FMA != 0 { v.addProduct(x.v, y.v) } else { v += x.v * y.v }
  }
  @inline(__always) mutating func keep(_ mask: UnsafePointer<UInt32>) {
    let bits = UnsafeRawPointer(mask).loadUnaligned(as: SIMD8<UInt32>.self)
    v = unsafeBitCast(unsafeBitCast(v, to: SIMD8<UInt32>.self) & bits, to: SIMD8<Float>.self)
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD8<Float>.self)
  }
}

private struct FourLanes: Lanes {
  static var count: Int { 4 }
  var v = SIMD4<Float>()
  @inline(__always) init() {}
  @inline(__always) init(_ p: UnsafePointer<Float>) { v = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self) }
  @inline(__always) mutating func add(_ x: Self, times y: Self) {
    if VECTOR_FMA != 0 { v.addProduct(x.v, y.v) } else { v += x.v * y.v }
  }
  @inline(__always) mutating func keep(_ mask: UnsafePointer<UInt32>) {
    let bits = UnsafeRawPointer(mask).loadUnaligned(as: SIMD4<UInt32>.self)
    v = unsafeBitCast(unsafeBitCast(v, to: SIMD4<UInt32>.self) & bits, to: SIMD4<Float>.self)
  }
  @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(p).storeBytes(of: v, as: SIMD4<Float>.self)
  }
}

/// Twelve inner products at once: every vector of A meets four of B, every vector of B three of A.
///
///                 B₀    B₁    B₂    B₃
///           A₀    Σ     Σ     Σ     Σ      seven loads, twelve multiply-adds;
///           A₁    Σ     Σ     Σ     Σ      twelve sums, three vectors of A and one of B fill sixteen registers
///           A₂    Σ     Σ     Σ     Σ
private struct DotBlock {
  static var height: Int { 3 }
  static var width: Int { 4 }

  var length: Int
  var samples: Int
  var a: UnsafePointer<Float>
  var aRow: Int
  var aSample: Int
  /// The last row and column of the block that exist; those beyond repeat them and are not stored.
  var lastRow: Int
  var b: UnsafePointer<Float>
  var offsets: UnsafePointer<Int>
  var bSample: Int
  var lastColumn: Int
  var c: UnsafeMutablePointer<Float>
  var cRow: Int
  var bias: UnsafePointer<Float>?
  /// Sixteen masks for the last, partial vector.
  var mask: UnsafePointer<UInt32>
  /// The sixteen lanes of each of the twelve sums, between the passes and their addition.
  var sums: UnsafeMutablePointer<Float>

  /// One column of the block: three sums.
  private struct Column<L: Lanes> {
    var r0 = L(), r1 = L(), r2 = L()

    @inline(__always) mutating func add(_ b: L, times a: (L, L, L)) {
      r0.add(a.0, times: b)
      r1.add(a.1, times: b)
      r2.add(a.2, times: b)
    }

    @inline(__always) func store(_ p: UnsafeMutablePointer<Float>) {
      r0.store(p)
      r1.store(p + 64)
      r2.store(p + 128)
    }
  }

  /// Takes the sixteen lanes in passes of as many as a register holds, then adds them.
  @inline(__always) func run<L: Lanes>(_: L.Type) {
    for lane in stride(from: 0, to: 16, by: L.count) { pass(L.self, lane) }
    for m in 0...lastRow {
      let four = addLanes(sums + 64 &* m)
      let target = c + m &* cRow
      if lastColumn == 3 {
        var start = SIMD4<Float>()
        if let bias { start = UnsafeRawPointer(bias).loadUnaligned(as: SIMD4<Float>.self) }
        UnsafeMutableRawPointer(target).storeBytes(of: start + four, as: SIMD4<Float>.self)
      } else {
        for j in 0...lastColumn { target[j] = (bias?[j] ?? 0) + four[j] }
      }
    }
  }

  /// The lanes from `lane` on of all twelve sums; sum (m, j) goes to `sums[64 * m + 16 * j]`.
  @inline(never) private func pass<L: Lanes>(_: L.Type, _ lane: Int) {
    let (mask, sums) = (mask + lane, sums + lane)
    var (s0, s1, s2, s3) = (Column<L>(), Column<L>(), Column<L>(), Column<L>())
    let whole = length & ~15
    let (to1, to2) = (min(1, lastRow) &* aRow, min(2, lastRow) &* aRow)
    var a0 = a + lane
    var b0 = b + (lane &+ offsets[0])
    let (o1, o2, o3) = (
      offsets[min(1, lastColumn)] &- offsets[0], offsets[min(2, lastColumn)] &- offsets[0],
      offsets[min(3, lastColumn)] &- offsets[0]
    )
    var sample = 0
    while sample < samples {
      let (a1, a2, b1, b2, b3) = (a0 + to1, a0 + to2, b0 + o1, b0 + o2, b0 + o3)
      var p = 0
      while p < whole {
        let x = (L(a0 + p), L(a1 + p), L(a2 + p))
        s0.add(L(b0 + p), times: x)
        s1.add(L(b1 + p), times: x)
        s2.add(L(b2 + p), times: x)
        s3.add(L(b3 + p), times: x)
        p &+= 16
      }
      if whole < length {
        p = length &- 16
        var x = (L(a0 + p), L(a1 + p), L(a2 + p))
        x.0.keep(mask)
        x.1.keep(mask)
        x.2.keep(mask)
        s0.add(L(b0 + p), times: x)
        s1.add(L(b1 + p), times: x)
        s2.add(L(b2 + p), times: x)
        s3.add(L(b3 + p), times: x)
      }
      a0 += aSample
      b0 += bSample
      sample &+= 1
    }
    s0.store(sums)
    s1.store(sums + 16)
    s2.store(sums + 32)
    s3.store(sums + 48)
  }

  /// Adds the sixteen lanes of four sums, each in halves: 8 + 8, 4 + 4, 2 + 2, 1 + 1.
  @inline(__always) private func addLanes(_ lanes: UnsafePointer<Float>) -> SIMD4<Float> {
    @inline(__always) func four(_ i: Int) -> SIMD4<Float> {
      let v = UnsafeRawPointer(lanes + 16 * i).loadUnaligned(as: SIMD16<Float>.self)
      let eight = v.lowHalf + v.highHalf
      return eight.lowHalf + eight.highHalf
    }
    @inline(__always) func pair(_ x: SIMD4<Float>, _ y: SIMD4<Float>) -> SIMD4<Float> {
      SIMD4(lowHalf: x.lowHalf, highHalf: y.lowHalf) + SIMD4(lowHalf: x.highHalf, highHalf: y.highHalf)
    }
    let (a, b) = (pair(four(0), four(1)), pair(four(2), four(3)))
    return SIMD4(lowHalf: a.evenHalf, highHalf: b.evenHalf) + SIMD4(lowHalf: a.oddHalf, highHalf: b.oddHalf)
  }

  /// Runs shorter than sixteen.
  func scalars() {
    for m in 0...lastRow {
      for j in 0...lastColumn {
        var sum = bias?[j] ?? 0
        for sample in 0..<samples {
          let x = a + sample * aSample + m * aRow
          let y = b + sample * bSample + offsets[j]
          for p in 0..<length {
            if VECTOR_FMA != 0 { sum.addProduct(x[p], y[p]) } else { sum += x[p] * y[p] }
          }
        }
        c[m * cRow + j] = sum
      }
    }
  }
}
