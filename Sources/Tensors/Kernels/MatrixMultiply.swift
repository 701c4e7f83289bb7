// Matrix multiplication: the three obvious loops, and the fast version that must agree with them.

/// The kernels on which the layers are built: a naive reference that reads like the formula, and a fast version.
public enum Kernels {}

extension Kernels {
  /// C = A·B by the definition: the reference for the tests of the fast kernel.
  ///
  /// - Parameters:
  ///   - a: [M, K].
  ///   - b: [K, N].
  /// - Returns: [M, N], C[m, n] = Σₖ A[m, k]·B[k, n].
  public static func naiveMatrixMultiply(_ a: Tensor, _ b: Tensor) -> Tensor {
    let (rows, inner, columns) = productSizes(a, b)
    var c = Tensor(zeros: [rows, columns])
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
    var c = Tensor(zeros: [rows, columns])
    let (counting, aRows) = (Array(0..<max(rows, inner)), (0..<rows).map { $0 * inner })
    // Chunks of C, whose bounds depend on the size of the problem alone. Each chunk copies the 256×16 part of B that it
    // uses: its rows are then adjacent in memory, which suits the caches better than rows a whole width apart.
    let (height, width, depth) = (96, 16, 256)
    let panelRows = (0..<depth).map { $0 * width }
    let (down, across) = (chunks(of: rows, by: height), chunks(of: columns, by: width))
    withOffsets(aRows, counting) { aRows, counting in
      withOffsets(panelRows, panelRows) { panelRows, _ in
        withBases(a, b, &c) { a, b, c in
          Parallel.forEach(chunks: down * across, on: (b, a, aRows, counting, panelRows, c)) { chunk, memory in
            let (b, a, aRows, counting, panelRows, c) = memory
            let (m, n) = (chunk % down * height, chunk / down * width)
            let (used, tall) = (min(width, columns - n), min(height, rows - m))
            Scratch.withFloats(width * (depth + height)) { panel in
              let sums = panel + width * depth
              sums.update(repeating: 0, count: width * tall)
              for k in stride(from: 0, to: inner, by: depth) {
                let taps = min(depth, inner - k)
                for i in 0..<taps { (panel + i * width).update(from: b + (k + i) * columns + n, count: used) }
                broadcastProduct(
                  rows: tall, taps: taps, columns: used, a: a + k, aRows: aRows + m, aTaps: counting, b: panel,
                  bTaps: panelRows, c: sums, cRow: width, start: .present)
              }
              for i in 0..<tall { (c + (m + i) * columns + n).update(from: sums + i * width, count: used) }
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
}
