// A long chain in two rows, for phones.

extension Diagram {
  /// The diagram in two rows where it is longer than a phone can show, cut where no node stands; else itself. What an arrow
  /// leaves in the first row to arrive in the second is drawn again there, so that no arrow leads to nowhere.
  func folded(for style: PlotStyle) -> Diagram {
    let extent = span(nodes)
    let drawn = edges.filter { nodes.indices.contains($0.from) && nodes.indices.contains($0.to) }
    guard style.isNarrow, nodes.allSatisfy({ $0.x.isFinite && $0.y.isFinite }), extent.width > 5.5, extent.width < 30,
      let best = cuts(near: extent.middle).map({ rows(cutAt: $0, drawn) }).min(by: { $0.width < $1.width }),
      best.width < 0.9 * extent.width
    else { return self }
    let low = nodes.map { $0.y - $0.size.height / 2 }.min() ?? 0
    let high = nodes.map { $0.y + $0.size.height / 2 }.max() ?? 0
    // Above the second row there is room for what stands above its nodes.
    let drop = high - low + 0.9
    let shift = extent.left - span(best.second.map { nodes[$0] }).left
    var folded = self
    func moved(_ node: Node) -> Node {
      var node = node
      node.x += shift
      node.y -= drop
      return node
    }
    var again: [Int: Int] = [:]
    for index in best.second {
      if best.isBehind[index] {
        folded.nodes[index] = moved(nodes[index])
      } else {
        again[index] = folded.nodes.count
        folded.nodes.append(moved(nodes[index]))
      }
    }
    folded.edges = drawn.map { edge in
      guard best.isBehind[edge.from] != best.isBehind[edge.to] else { return edge }
      var edge = edge
      (edge.from, edge.to) = (again[edge.from] ?? edge.from, again[edge.to] ?? edge.to)
      return edge
    }
    return folded
  }

  /// The two rows of a cut: which nodes stand behind it, which stand in the second row, and how wide the wider row is.
  private func rows(cutAt cut: Double, _ edges: [Edge]) -> (isBehind: [Bool], second: [Int], width: Double) {
    let isBehind = nodes.map { $0.x > cut }
    let crossing = edges.filter { isBehind[$0.from] != isBehind[$0.to] }
    let again = Set(crossing.map { isBehind[$0.from] ? $0.to : $0.from })
    let second = nodes.indices.filter { isBehind[$0] || again.contains($0) }
    let first = nodes.indices.filter { !isBehind[$0] }
    return (isBehind, second, max(span(first.map { nodes[$0] }).width, span(second.map { nodes[$0] }).width))
  }

  private func span(_ nodes: [Node]) -> (left: Double, middle: Double, width: Double) {
    let left = nodes.map { $0.x - $0.size.width / 2 }.min() ?? 0
    let right = nodes.map { $0.x + $0.size.width / 2 }.max() ?? 0
    return (left, (left + right) / 2, right - left)
  }

  /// The places around `middle` that no node covers, the nearest first.
  private func cuts(near middle: Double) -> [Double] {
    func isFree(_ x: Double) -> Bool {
      nodes.allSatisfy { node in
        // Words alone break into lines.
        let half: Double = node.form == .plain ? 0.3 : max(node.size.width / 2, 0.3)
        let reach: Double = half + (node.form == .volume ? 0.3 : 0)
        return abs(node.x - x) > reach
      }
    }
    let steps = (0...30).flatMap { step in [0.05 * Double(step), -0.05 * Double(step)] }
    return steps.map { middle + $0 }.filter(isFree)
  }
}
