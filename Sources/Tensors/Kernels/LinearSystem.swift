// Matrices turned, and linear equations solved: what a regression needs.

extension Tensor {
  /// The transpose of a matrix [M, N]: [N, M].
  public var transposed: Tensor {
    demand(shape.rank == 2, "transposed: a matrix expected, got \(shape)")
    let (rows, columns) = (shape[0], shape[1])
    var result = Tensor(zeros: [columns, rows])
    result.withUnsafeMutableElements { output in
      withUnsafeElements { input in
        for row in 0..<rows {
          for column in 0..<columns { output[column * rows + row] = input[row * columns + column] }
        }
      }
    }
    return result
  }
}

extension Kernels {
  /// Solves A·X = B for a symmetric, positive definite A, by Cholesky's A = L·Lᵀ.
  ///
  /// - Parameters:
  ///   - matrix: A, [N, N] row by row, of which the lower half is read; it becomes L.
  ///   - right: B, [N, columns] row by row.
  ///   - columns: the number of columns of B.
  /// - Returns: X, [N, columns] row by row.
  /// - Complexity: N³/6 + N²·columns multiply-adds.
  public static func solve(_ matrix: inout [Double], _ right: [Double], columns: Int) -> [Double] {
    let n = right.count / max(1, columns)
    demand(
      matrix.count == n * n && right.count == n * columns,
      "solve: \(n)×\(n) numbers expected for \(right.count) in \(columns) columns, got \(matrix.count)")
    var x = right
    matrix.withUnsafeMutableBufferPointer { a in
      x.withUnsafeMutableBufferPointer { x in
        func dot(_ i: Int, _ j: Int, _ count: Int) -> Double {
          (0..<count).reduce(0) { $0 + a[i * n + $1] * a[j * n + $1] }
        }
        for i in 0..<n {
          for j in 0..<i { a[i * n + j] = (a[i * n + j] - dot(i, j, j)) / a[j * n + j] }
          a[i * n + i] = max(1e-300, a[i * n + i] - dot(i, i, i)).squareRoot()
        }
        for c in 0..<columns {
          for i in 0..<n {
            let sum = (0..<i).reduce(x[i * columns + c]) { $0 - a[i * n + $1] * x[$1 * columns + c] }
            x[i * columns + c] = sum / a[i * n + i]
          }
          for i in (0..<n).reversed() {
            let sum = (i + 1..<n).reduce(x[i * columns + c]) { $0 - a[$1 * n + i] * x[$1 * columns + c] }
            x[i * columns + c] = sum / a[i * n + i]
          }
        }
      }
    }
    return x
  }
}
