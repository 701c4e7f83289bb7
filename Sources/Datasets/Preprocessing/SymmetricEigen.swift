// The eigenvalues and eigenvectors of a symmetric matrix.

import Tensors

/// A = Σₖ λₖ·uₖ·uₖᵀ: the eigenvalues of a symmetric matrix in decreasing order, and its orthonormal eigenvectors.
///
/// The algorithm has two steps: Householder reflections reduce A to a tridiagonal matrix T, and shifted QL iterations
/// diagonalize T. All vectors are stored as rows, so every inner loop runs along contiguous memory. The cost is about
/// 6·n³ operations in Double.
///
/// - Source: Householder 1958, doi:10.1145/320941.320947; Dubrulle, Martin and Wilkinson 1968, doi:10.1007/BF02165404.
struct SymmetricEigen {
  /// The eigenvalues, largest first.
  let values: [Double]
  /// The eigenvectors as rows, in the order of the values: [n, n]. In each, the entry of largest magnitude is positive.
  let vectors: [Double]

  /// Decomposes a symmetric matrix of `size` rows.
  init(_ matrix: [Double], size: Int) {
    demand(matrix.count == size * size, "SymmetricEigen: \(size)×\(size) elements, got \(matrix.count)")
    var work = matrix
    var diagonal = [Double](repeating: 0, count: size)
    var offDiagonal = [Double](repeating: 0, count: size)
    var rows = [Double](repeating: 0, count: size * size)
    work.withUnsafeMutableBufferPointer { a in
      rows.withUnsafeMutableBufferPointer { q in
        guard let a = a.baseAddress, let q = q.baseAddress else { return }
        Self.tridiagonalize(a, size, &diagonal, &offDiagonal)
        Self.accumulate(a, size, into: q)
        Self.iterate(q, size, &diagonal, &offDiagonal)
      }
    }
    let order = diagonal.indices.sorted { (diagonal[$1], $0) < (diagonal[$0], $1) }
    values = order.map { diagonal[$0] }
    vectors = order.flatMap { row -> [Double] in
      let vector = rows[row * size..<(row + 1) * size]
      let largest = vector.max { abs($0) < abs($1) } ?? 0
      return largest < 0 ? vector.map { -$0 } : Array(vector)
    }
  }

  /// Reduces A to tridiagonal form by reflections H = I − v·vᵀ with |v|² = 2; row k of A stores the v of step k.
  private static func tridiagonalize(
    _ a: UnsafeMutablePointer<Double>, _ n: Int, _ diagonal: inout [Double], _ offDiagonal: inout [Double]
  ) {
    var product = [Double](repeating: 0, count: n)
    for k in 0..<n {
      diagonal[k] = a[k * n + k]
      guard k + 1 < n else { break }
      let (v, m) = (a + k * n + k + 1, n - k - 1)
      // A row that is zero after its first entry needs no reflection: v = 0 represents H = I.
      var tail = 0.0
      for i in 1..<max(1, m) { tail += v[i] * v[i] }
      offDiagonal[k] = v[0]
      if tail == 0 {
        v[0] = 0
        continue
      }
      let norm = (v[0] * v[0] + tail).squareRoot()
      offDiagonal[k] = v[0] > 0 ? -norm : norm
      v[0] -= offDiagonal[k]
      let scale = (2 / (v[0] * v[0] + tail)).squareRoot()
      for i in 0..<m { v[i] *= scale }
      // H·B·H = B − v·wᵀ − w·vᵀ with p = B·v and w = p − ½(vᵀp)·v.
      let b = a + (k + 1) * n + k + 1
      product.withUnsafeMutableBufferPointer { w in
        guard let w = w.baseAddress else { return }
        forRows(m) { row in w[row] = dot(b + row * n, v, m) }
        let half = dot(w, v, m) / 2
        for i in 0..<m { w[i] -= half * v[i] }
        forRows(m) { row in
          let (line, x, y) = (b + row * n, v[row], w[row])
          for i in 0..<m { line[i] -= x * w[i] + y * v[i] }
        }
      }
    }
  }

  /// Multiplies the reflections, Qᵀ = H_{n−2}·…·H₀, starting with the last, which changes the fewest entries.
  private static func accumulate(_ a: UnsafeMutablePointer<Double>, _ n: Int, into q: UnsafeMutablePointer<Double>) {
    for i in 0..<n { q[i * n + i] = 1 }
    for k in (0..<max(0, n - 1)).reversed() {
      let (v, m) = (a + k * n + k + 1, n - k - 1)
      let block = q + (k + 1) * n + k + 1
      forRows(m) { row in
        let line = block + row * n
        let share = dot(line, v, m)
        for i in 0..<m { line[i] -= share * v[i] }
      }
    }
  }

  /// QL iterations with Wilkinson's shift; the rotations of a sweep are applied to the rows of `q` together.
  private static func iterate(
    _ q: UnsafeMutablePointer<Double>, _ n: Int, _ d: inout [Double], _ e: inout [Double]
  ) {
    guard n > 1 else { return }
    e[n - 1] = 0
    let norm = zip(d, e).reduce(0) { max($0, abs($1.0) + abs($1.1)) }
    let negligible = norm * .ulpOfOne
    var rotations: [(row: Int, cosine: Double, sine: Double)] = []
    for first in 0..<n {
      var sweeps = 0
      while true {
        // The block that starts here ends where an off-diagonal element is negligible.
        var last = first
        while last < n - 1 && abs(e[last]) > negligible * 0.5 { last += 1 }
        if last == first { break }
        sweeps += 1
        demand(sweeps <= 200, "SymmetricEigen: eigenvalue \(first) not found in 200 sweeps; is the matrix finite?")
        var g = (d[first + 1] - d[first]) / (2 * e[first])
        var r = hypotenuse(g, 1)
        g = d[last] - d[first] + e[first] / (g + (g < 0 ? -r : r))
        var (sine, cosine, moved) = (1.0, 1.0, 0.0)
        var broken = false
        rotations.removeAll(keepingCapacity: true)
        for i in (first..<last).reversed() {
          let (f, b) = (sine * e[i], cosine * e[i])
          r = hypotenuse(f, g)
          e[i + 1] = r
          if r == 0 {
            // The bulge has vanished early: the block splits here.
            d[i + 1] -= moved
            e[last] = 0
            broken = true
            break
          }
          (sine, cosine) = (f / r, g / r)
          g = d[i + 1] - moved
          r = (d[i] - g) * sine + 2 * cosine * b
          moved = sine * r
          d[i + 1] = g + moved
          g = cosine * r - b
          rotations.append((i, cosine, sine))
        }
        if !broken {
          d[first] -= moved
          e[first] = g
          e[last] = 0
        }
        rotate(q, n, rotations)
      }
    }
  }

  /// Applies rotations of rows i and i + 1 in order; blocks of columns are independent of each other.
  private static func rotate(
    _ q: UnsafeMutablePointer<Double>, _ n: Int, _ rotations: [(row: Int, cosine: Double, sine: Double)]
  ) {
    let grain = 64
    let pieces = (n + grain - 1) / grain
    func turn(_ piece: Int) {
      let (start, end) = (piece * grain, min(n, (piece + 1) * grain))
      for rotation in rotations {
        let (upper, lower) = (q + rotation.row * n, q + (rotation.row + 1) * n)
        for i in start..<end {
          let (x, y) = (upper[i], lower[i])
          lower[i] = rotation.sine * x + rotation.cosine * y
          upper[i] = rotation.cosine * x - rotation.sine * y
        }
      }
    }
    if rotations.count * n < 20_000 {
      for piece in 0..<pieces { turn(piece) }
    } else {
      Parallel.forEach(chunks: pieces, on: turn) { piece, turn in turn(piece) }
    }
  }

  /// Calls `body` for each row, on all cores if that is faster; the rows are independent of each other.
  private static func forRows(_ count: Int, _ body: (Int) -> Void) {
    let grain = 32
    if count < 128 {
      for row in 0..<count { body(row) }
      return
    }
    withoutActuallyEscaping(body) { body in
      Parallel.forEach(chunks: (count + grain - 1) / grain, on: body) { chunk, body in
        for row in chunk * grain..<min(count, (chunk + 1) * grain) { body(row) }
      }
    }
  }

  private static func dot(_ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ count: Int) -> Double {
    var sums = SIMD8<Double>.zero
    let whole = count / 8 * 8
    for i in stride(from: 0, to: whole, by: 8) {
      let a = UnsafeRawPointer(x + i).loadUnaligned(as: SIMD8<Double>.self)
      let b = UnsafeRawPointer(y + i).loadUnaligned(as: SIMD8<Double>.self)
      sums += a * b
    }
    var total = sums.sum()
    for i in whole..<count { total += x[i] * y[i] }
    return total
  }

  private static func hypotenuse(_ x: Double, _ y: Double) -> Double { (x * x + y * y).squareRoot() }
}
