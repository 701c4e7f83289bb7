// Matrix multiplication: the three loops one would write, and the fast version that must agree with them.

/// The kernels that layers are made of: for each a naive reference that reads like the formula, and a fast version.
public enum Kernels {}

extension Kernels {
  /// C = A·B by the definition: the reference that the fast kernel is tested against.
  ///
  /// - Parameters:
  ///   - a: [M, K].
  ///   - b: [K, N].
  /// - Returns: [M, N], C[m, n] = Σₖ A[m, k]·B[k, n].
  public static func naiveMatrixMultiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (rows, inner, columns) = productSizes(a, b)
    var c = Tensor([rows, columns])
    c.withUnsafeMutableElements { c in
      for m in 0..<rows {
        for n in 0..<columns {
          var sum: Float = 0
          for k in 0..<inner { sum += a.elements[m * inner + k] * b.elements[k * columns + n] }
          c[m * columns + n] = sum
        }
      }
    }
    return c
  }

  /// C = A·B on all cores.
  ///
  /// - Parameters:
  ///   - a: [M, K].
  ///   - b: [K, N].
  /// - Returns: [M, N].
  public static func matrixMultiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (rows, inner, columns) = productSizes(a, b)
    var c = Tensor([rows, columns])
    let offsets = (0..<inner).map { $0 * columns }
    c.withUnsafeMutableElements { c in
      a.withUnsafeElements { a in
        b.withUnsafeElements { b in
          offsets.withUnsafeBufferPointer { offsets in
            guard let (a, b, c, offsets) = bases(a, b, c, offsets) else { return }
            // Tiles of C, cut by the problem's size alone.
            let (height, width) = (48, 256)
            let (tilesDown, tilesAcross) = ((rows + height - 1) / height, (columns + width - 1) / width)
            Parallel.forEach(chunks: tilesDown * tilesAcross) { tile in
              let (m, n) = (tile / tilesAcross * height, tile % tilesAcross * width)
              broadcastProduct(
                rows: min(height, rows - m), taps: inner, columns: min(width, columns - n), a: a + m * inner,
                aRow: inner, b: b + n, offsets: offsets, c: c + m * columns + n, cRow: columns)
            }
          }
        }
      }
    }
    return c
  }

  private static func productSizes(_ a: Tensor, _ b: Tensor) -> (rows: Int, inner: Int, columns: Int) {
    demand(
      a.shape.rank == 2 && b.shape.rank == 2 && a.shape[1] == b.shape[0],
      "matrixMultiply: [M, K]·[K, N] expected, got \(a.shape)·\(b.shape)")
    return (a.shape[0], a.shape[1], b.shape[1])
  }

  private static func bases(
    _ a: UnsafeBufferPointer<Float>, _ b: UnsafeBufferPointer<Float>, _ c: UnsafeMutableBufferPointer<Float>,
    _ offsets: UnsafeBufferPointer<Int>
  ) -> (UnsafePointer<Float>, UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafePointer<Int>)? {
    guard let a = a.baseAddress, let b = b.baseAddress, let c = c.baseAddress, let offsets = offsets.baseAddress
    else { return nil }
    return (a, b, c, offsets)
  }
}
