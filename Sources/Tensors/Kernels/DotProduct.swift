// The other workhorse: many inner products of long runs of numbers.

/// Computes C[m, j] = b[j] + Σₛ Σₚ A[m·aRow + s·aSample + p] · B[offsetⱼ + s·bSample + p]: inner products of runs of
/// `length` numbers, summed over `samples`.
///
/// The gradient of a convolution's weights is made of these: the output gradient of channel m against the image
/// shifted to tap j, over all positions and all samples. A dense layer's forward pass is another: an input row against
/// a weight row. Sums run in sixteen lanes that are added at the end, in an order that depends on the sizes alone.
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
  for m in stride(from: 0, to: rows, by: 4) {
    for j in stride(from: 0, to: columns, by: 5) {
      let block = DotBlock(
        length: length, samples: samples, a: a + m * aRow, aRow: aRow, aSample: aSample, lastRow: min(3, rows - m - 1),
        b: b, offsets: offsets + j, bSample: bSample, lastColumn: min(4, columns - j - 1), c: c + m * cRow + j,
        cRow: cRow, bias: bias.map { $0 + j })
      if length >= lanes { block.vectors() } else { block.scalars() }
    }
  }
}

private typealias Vector = SIMD16<Float>
private let lanes = 16

/// Twenty inner products at once: every vector loaded from A meets five of B, every vector of B meets four of A.
private struct DotBlock {
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

  /// One column of the block: four sums in sixteen lanes each.
  struct Column {
    var r0 = Vector(), r1 = Vector(), r2 = Vector(), r3 = Vector()

    @inline(__always) mutating func add(_ a: (Vector, Vector, Vector, Vector), times b: Vector) {
      r0.addProduct(a.0, b)
      r1.addProduct(a.1, b)
      r2.addProduct(a.2, b)
      r3.addProduct(a.3, b)
    }
  }

  @inline(__always) func load(_ p: UnsafePointer<Float>, _ i: Int) -> Vector {
    UnsafeRawPointer(p + i).loadUnaligned(as: Vector.self)
  }

  @inline(never) func vectors() {
    var (s0, s1, s2, s3, s4) = (Column(), Column(), Column(), Column(), Column())
    let whole = length / lanes * lanes
    let rest = length - whole
    // The last, partial vector is loaded so that it ends where the runs end; its lanes that have been counted
    // already are set to 0 on one side.
    let counted: SIMDMask<SIMD16<Int32>> =
      SIMD16<Int32>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) .< Int32(lanes - rest)
    for sample in 0..<samples {
      let a0 = a + sample * aSample
      let a1 = a0 + min(1, lastRow) * aRow
      let a2 = a0 + min(2, lastRow) * aRow
      let a3 = a0 + min(3, lastRow) * aRow
      let base = b + sample * bSample
      let b0 = base + offsets[0]
      let b1 = base + offsets[min(1, lastColumn)]
      let b2 = base + offsets[min(2, lastColumn)]
      let b3 = base + offsets[min(3, lastColumn)]
      let b4 = base + offsets[min(4, lastColumn)]
      var p = 0
      while p < whole {
        let x = (load(a0, p), load(a1, p), load(a2, p), load(a3, p))
        s0.add(x, times: load(b0, p))
        s1.add(x, times: load(b1, p))
        s2.add(x, times: load(b2, p))
        s3.add(x, times: load(b3, p))
        s4.add(x, times: load(b4, p))
        p &+= lanes
      }
      if rest > 0 {
        p = length - lanes
        let x = (
          load(a0, p).replacing(with: 0, where: counted), load(a1, p).replacing(with: 0, where: counted),
          load(a2, p).replacing(with: 0, where: counted), load(a3, p).replacing(with: 0, where: counted)
        )
        s0.add(x, times: load(b0, p))
        s1.add(x, times: load(b1, p))
        s2.add(x, times: load(b2, p))
        s3.add(x, times: load(b3, p))
        s4.add(x, times: load(b4, p))
      }
    }
    store(s0, 0)
    store(s1, 1)
    store(s2, 2)
    store(s3, 3)
    store(s4, 4)
  }

  @inline(__always) func store(_ column: Column, _ j: Int) {
    if j > lastColumn { return }
    let start = bias?[j] ?? 0
    c[j] = start + sum(column.r0)
    if lastRow >= 1 { c[cRow + j] = start + sum(column.r1) }
    if lastRow >= 2 { c[2 * cRow + j] = start + sum(column.r2) }
    if lastRow >= 3 { c[3 * cRow + j] = start + sum(column.r3) }
  }

  /// Adds the lanes in halves.
  @inline(__always) func sum(_ v: Vector) -> Float {
    let eight = v.lowHalf + v.highHalf
    let four = eight.lowHalf + eight.highHalf
    let two = four.lowHalf + four.highHalf
    return two.x + two.y
  }

  /// Runs shorter than a vector.
  func scalars() {
    for m in 0...lastRow {
      for j in 0...lastColumn {
        var sum = bias?[j] ?? 0
        for sample in 0..<samples {
          let x = a + sample * aSample + m * aRow
          let y = b + sample * bSample + offsets[j]
          for p in 0..<length { sum.addProduct(x[p], y[p]) }
        }
        c[m * cRow + j] = sum
      }
    }
  }
}
