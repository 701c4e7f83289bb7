// Reduces the points of a series to a few thousand that look the same.

/// Reduces curves and point clouds to the points that a picture can show.
enum Decimation {
  /// The indices of the curve's drawable pieces, without gaps, reduced so that the curve looks the same at a width of
  /// `columns` pixels.
  ///
  /// If x never decreases, the points are grouped by pixel column, and the first, lowest, highest and last point of
  /// each group are kept, so no peak is lost. Other curves lose only points within a pixel of the last kept one.
  static func pieces(_ series: Series, x: AxisScale, y: AxisScale, columns: Int) -> [[Int]] {
    let count = min(series.x.count, series.y.count)
    var pieces: [[Int]] = []
    var piece: [Int] = []
    var rises = true
    for i in 0..<count {
      if AxisScale.isDrawable(series.x[i], log: x.isLogarithmic),
        AxisScale.isDrawable(series.y[i], log: y.isLogarithmic)
      {
        if let last = piece.last, series.x[i] < series.x[last] { rises = false }
        piece.append(i)
      } else if !piece.isEmpty {
        pieces.append(piece)
        piece = []
      }
    }
    if !piece.isEmpty { pieces.append(piece) }
    let total = pieces.reduce(0) { $0 + $1.count }
    guard total > 2 * columns else { return pieces }
    if series.style == .points { return [cloud(series, pieces.flatMap { $0 }, x: x, y: y)] }
    let thinned = pieces.map {
      rises ? envelope(series, $0, x: x, columns: columns) : path(series, $0, x: x, y: y, columns: columns)
    }
    // With many gaps, pieces of a single point cannot all be shown.
    let most = 2 * columns
    return thinned.count <= most
      ? thinned : stride(from: 0, to: thinned.count, by: thinned.count / most + 1).map { thinned[$0] }
  }

  private static func envelope(_ series: Series, _ piece: [Int], x: AxisScale, columns: Int) -> [Int] {
    var kept: [Int] = []
    var start = 0
    while start < piece.count {
      let column = Int(x.fraction(series.x[piece[start]]) * Double(columns))
      var low = piece[start], high = piece[start]
      var end = start
      while end + 1 < piece.count, Int(x.fraction(series.x[piece[end + 1]]) * Double(columns)) == column {
        end += 1
        if series.y[piece[end]] < series.y[low] { low = piece[end] }
        if series.y[piece[end]] > series.y[high] { high = piece[end] }
      }
      var last = -1
      for i in [piece[start], min(low, high), max(low, high), piece[end]] where i != last {
        kept.append(i)
        last = i
      }
      start = end + 1
    }
    return kept
  }

  private static func path(_ series: Series, _ piece: [Int], x: AxisScale, y: AxisScale, columns: Int) -> [Int] {
    guard piece.count > 2 * columns else { return piece }
    var kept = [piece[0]]
    var (px, py) = (x.fraction(series.x[piece[0]]), y.fraction(series.y[piece[0]]))
    let near = 1 / Double(columns)
    for i in piece.dropFirst().dropLast() {
      let (qx, qy) = (x.fraction(series.x[i]), y.fraction(series.y[i]))
      guard abs(qx - px) + abs(qy - py) > near else { continue }
      kept.append(i)
      (px, py) = (qx, qy)
    }
    kept.append(piece[piece.count - 1])
    let most = 8 * columns
    return kept.count <= most ? kept : stride(from: 0, to: kept.count, by: kept.count / most + 1).map { kept[$0] }
  }

  /// Keeps one point in each small cell that has any; the cells grow until at most 3000 points are left.
  private static func cloud(_ series: Series, _ points: [Int], x: AxisScale, y: AxisScale) -> [Int] {
    var cells = 320.0
    var kept = points
    while kept.count > 3000, cells > 20 {
      var seen = Set<Int>()
      kept = kept.filter { i in
        let column = Int(x.fraction(series.x[i]) * cells * 2), row = Int(y.fraction(series.y[i]) * cells)
        return seen.insert(row &* 100_003 &+ column).inserted
      }
      cells *= 0.7
    }
    return kept
  }
}
