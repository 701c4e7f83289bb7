// The line between the moons: where a net changes its mind.

import Foundation
import Workbook

extension Moon {
  /// The pieces of the line along which a grid over the plane is ½, by marching squares: x, y, x, y, …
  static func line(_ heights: [[Double]], level: Double = 0.5) -> [[Double]] {
    let (rows, columns) = (heights.count, heights.first?.count ?? 0)
    guard rows > 1, columns > 1 else { return [] }
    var (points, neighbors) = ([Int: (Double, Double)](), [Int: [Int]]())
    /// The crossing on the edge from one corner to its neighbor to the right or above, if there is one.
    func crossing(_ i: Int, _ j: Int, isUp: Bool) -> Int? {
      let (a, b) = (heights[j][i], isUp ? heights[j + 1][i] : heights[j][i + 1])
      guard (a > level) != (b > level) else { return nil }
      let edge = 2 * (j * columns + i) + (isUp ? 1 : 0)
      let t = (level - a) / (b - a)
      let (u, v) = (Double(i) + (isUp ? 0 : t), Double(j) + (isUp ? t : 0))
      points[edge] = (
        x.lowerBound + (x.upperBound - x.lowerBound) * u / Double(columns - 1),
        y.lowerBound + (y.upperBound - y.lowerBound) * v / Double(rows - 1)
      )
      return edge
    }
    func join(_ a: Int, _ b: Int) {
      neighbors[a, default: []].append(b)
      neighbors[b, default: []].append(a)
    }
    for j in 0..<rows - 1 {
      for i in 0..<columns - 1 {
        // Around the cell: below, right, above, left.
        let edges = [
          crossing(i, j, isUp: false), crossing(i + 1, j, isUp: true), crossing(i, j + 1, isUp: false),
          crossing(i, j, isUp: true),
        ]
        let found = edges.compactMap(\.self)
        if found.count == 2 { join(found[0], found[1]) }
        if found.count == 4 {
          // A saddle: the middle decides which corners belong together.
          let middle = (heights[j][i] + heights[j][i + 1] + heights[j + 1][i] + heights[j + 1][i + 1]) / 4
          let isCut = (middle > level) == (heights[j][i] > level)
          join(found[0], found[isCut ? 1 : 3])
          join(found[2], found[isCut ? 3 : 1])
        }
      }
    }
    var pieces: [[Double]] = []
    var open = Set(neighbors.keys)
    // Ends first; what is left are rings.
    for start in neighbors.keys.sorted(by: { (neighbors[$0]?.count ?? 0, $0) < (neighbors[$1]?.count ?? 0, $1) })
    where open.contains(start) {
      var (piece, next): ([Double], Int?) = ([], start)
      while let edge = next, let point = points[edge] {
        open.remove(edge)
        piece += [rounded(point.0, decimals: 2), rounded(point.1, decimals: 2)]
        next = neighbors[edge]?.first { open.contains($0) }
      }
      if neighbors[start]?.count == 2, piece.count > 4 { piece += piece.prefix(2) }
      pieces.append(piece)
    }
    return pieces
  }
}
