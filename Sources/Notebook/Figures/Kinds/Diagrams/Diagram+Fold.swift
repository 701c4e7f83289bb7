// The layout of a long chain in two rows, for phones.

extension Diagram {
  /// The diagram in two rows if it is too long for a phone, cut where there is no node; otherwise the diagram itself.
  /// If an arrow crosses the cut, its node of the first row is drawn again in the second row, so that the arrow has
  /// both ends.
  func folded(for style: PlotStyle) -> Diagram {
    let extent = span(nodes)
    let drawn = edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) }
    guard style.isNarrow, nodes.allSatisfy({ $0.x.isFinite && $0.y.isFinite }), extent.width > 5.5, extent.width < 30,
      let best = cuts(near: extent.middle).map({ rows(cutAt: $0, drawn) }).min(by: { $0.width < $1.width }),
      best.width < 0.9 * extent.width
    else { return self }
    let low = nodes.map { $0.y - $0.size.height / 2 }.min() ?? 0
    let high = nodes.map { $0.y + $0.size.height / 2 }.max() ?? 0
    // Leave space above the second row for text above its nodes.
    let drop = high - low + 0.9
    let shift = extent.left - span(best.second.map { nodes[$0] }).left
    var folded = self
    func moved(_ node: Node) -> Node {
      var node = node
      node.x += shift
      node.y -= drop
      return node
    }
    var copies: [Int: Int] = [:]
    for index in best.second {
      if best.isAfterCut[index] {
        folded.nodes[index] = moved(nodes[index])
      } else {
        copies[index] = folded.nodes.count
        folded.nodes.append(moved(nodes[index]))
      }
    }
    folded.edges = drawn.map { edge in
      guard best.isAfterCut[edge.from] != best.isAfterCut[edge.to] else { return edge }
      var edge = edge
      (edge.from, edge.to) = (copies[edge.from] ?? edge.from, copies[edge.to] ?? edge.to)
      return edge
    }
    return folded
  }

  /// The two rows of a cut: whether each node is after the cut, the nodes of the second row, and the width of the wider
  /// row.
  private func rows(cutAt cut: Double, _ edges: [Edge]) -> (isAfterCut: [Bool], second: [Int], width: Double) {
    let isAfterCut = nodes.map { $0.x > cut }
    let crossing = edges.filter { isAfterCut[$0.from] != isAfterCut[$0.to] }
    let copies = Set(crossing.map { isAfterCut[$0.from] ? $0.to : $0.from })
    let second = nodes.indices.filter { isAfterCut[$0] || copies.contains($0) }
    let first = nodes.indices.filter { !isAfterCut[$0] }
    return (isAfterCut, second, max(span(first.map { nodes[$0] }).width, span(second.map { nodes[$0] }).width))
  }

  private func span(_ nodes: [Node]) -> (left: Double, middle: Double, width: Double) {
    let left = nodes.map { $0.x - $0.size.width / 2 }.min() ?? 0
    let right = nodes.map { $0.x + $0.size.width / 2 }.max() ?? 0
    return (left, (left + right) / 2, right - left)
  }

  /// The positions near `middle` that no node covers, the nearest first.
  private func cuts(near middle: Double) -> [Double] {
    func isFree(_ x: Double) -> Bool {
      nodes.allSatisfy { node in
        // Text without an outline can be wrapped.
        let half: Double = node.form == .plain ? 0.3 : max(node.size.width / 2, 0.3)
        let reach: Double = half + (node.form == .volume ? 0.3 : 0)
        return abs(node.x - x) > reach
      }
    }
    let steps = (0...30).flatMap { step in [0.05 * Double(step), -0.05 * Double(step)] }
    return steps.map { middle + $0 }.filter(isFree)
  }
}
