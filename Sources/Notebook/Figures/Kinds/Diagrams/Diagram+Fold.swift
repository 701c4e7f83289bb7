// A long chain in two rows, for phones.

extension Diagram {
  /// What goes on in the next row ends in an arrow to nowhere, and begins there with one from nowhere.
  private static let stub = 0.62

  /// The diagram in two rows where it is longer than a phone can show, cut where no node stands; else itself.
  func folded(for style: PlotStyle) -> Diagram {
    let left = nodes.map { $0.x - $0.size.width / 2 }.min() ?? 0
    let right = nodes.map { $0.x + $0.size.width / 2 }.max() ?? 0
    guard style.isNarrow, nodes.allSatisfy({ $0.x.isFinite && $0.y.isFinite }), right - left > 5.5, right - left < 30,
      let cut = cut(near: (left + right) / 2)
    else { return self }
    let low = nodes.map { $0.y - $0.size.height / 2 }.min() ?? 0
    let high = nodes.map { $0.y + $0.size.height / 2 }.max() ?? 0
    let isBehind = nodes.map { $0.x > cut }
    let start = zip(nodes, isBehind).filter(\.1).map(\.0.x).min() ?? cut
    let first = nodes.map(\.x).min() ?? 0
    var folded = self
    for index in nodes.indices where isBehind[index] {
      folded.nodes[index].x += first - start
      folded.nodes[index].y -= high - low + 0.9
    }
    folded.edges = edges.flatMap { edge -> [Edge] in
      guard nodes.indices.contains(edge.from), nodes.indices.contains(edge.to),
        isBehind[edge.from] != isBehind[edge.to]
      else { return [edge] }
      func end(of place: Int, _ side: Double) -> Int {
        let node = folded.nodes[place]
        let x: Double = node.x + side * (node.size.width / 2 + Diagram.stub)
        folded.nodes.append(Node("", x: x, y: node.y, form: .plain, size: (0, 0)))
        return folded.nodes.count - 1
      }
      let (out, into) = (end(of: edge.from, 1), end(of: edge.to, -1))
      return [
        Edge(edge.from, out, label: edge.label, isDashed: edge.isDashed),
        Edge(into, edge.to, isDashed: edge.isDashed),
      ]
    }
    return folded
  }

  /// The place nearest to `middle` that no node covers.
  private func cut(near middle: Double) -> Double? {
    func isFree(_ x: Double) -> Bool {
      nodes.allSatisfy { node in
        // Words alone break into lines.
        let half = node.form == .plain ? 0.3 : max(node.size.width / 2, 0.3)
        let reach: Double = half + (node.form == .volume ? 0.3 : 0)
        return abs(node.x - x) > reach
      }
    }
    for step in 0...30 {
      let away = 0.05 * Double(step)
      if isFree(middle + away) { return middle + away }
      if isFree(middle - away) { return middle - away }
    }
    return nil
  }
}
