// The page of chapter 11: a plain block, a residual one, a bottleneck.

import Workbook

extension DeeperNetworks {
  /// Three blocks beside each other as boxes and arrows.
  static func blocksFigure(bottleneck: Bool = false) -> Figure {
    let after = ["BN, ReLU", "BN, ReLU", "BN"]
    let two = zip(["3×3, 8", "3×3, 8"], after.suffix(2)).map { (text: $0, detail: $1) }
    let three = zip(["1×1, 64", "3×3, 64", "1×1, 256"], after).map { (text: $0, detail: $1) }
    let changing = zip(["1×1, 128", "3×3, 128", "1×1, 512"], after).map { (text: $0, detail: $1) }
    var (nodes, edges): ([Diagram.Node], [Diagram.Edge]) = ([], [])
    func add(_ name: String, y: Double, channels: Int, _ steps: [(text: String, detail: String)], around arrows: Int) {
      let first = nodes.count
      let (places, widths) = steps.count == 2 ? ([1.15, 2.5], [0.95, 0.95]) : ([0.74, 1.66, 2.69], [0.8, 0.8, 1])
      nodes.append(.init("x", x: 0, y: y, detail: "\(channels)", form: .plain, size: (0.4, 0.5)))
      for (place, step) in steps.enumerated() {
        nodes.append(
          .init(step.text, x: places[place], y: y, detail: step.detail, size: (widths[place], 0.5), color: 0))
      }
      let sum = nodes.count
      if arrows > 0 { nodes.append(.init("+", x: 3.75, y: y, form: .circle, size: (0.32, 0.32), color: 3)) }
      nodes.append(.init("ReLU", x: 4.33, y: y, size: (0.58, 0.4), color: 2))
      nodes.append(.init("y", x: 4.9, y: y, detail: name, form: .plain, size: (0.4, 0.5)))
      edges += (first..<nodes.count - 1).map { .init($0, $0 + 1, label: arrows > 0 && $0 + 1 == sum ? "F(x)" : "") }
      if arrows == 1 { edges.append(.init(first, sum, label: "x", bend: steps.count == 2 ? 0.66 : 0.85)) }
      if arrows == 2 { edges.append(.init(first, sum, label: "projection: 1×1, 512, BN", isDashed: true, bend: 0.85)) }
    }
    if bottleneck {
      add("(a)", y: 0, channels: 256, three, around: 1)
      add("(b)", y: -1.45, channels: 256, changing, around: 2)
      return Figure(
        "A bottleneck, and one that changes the number of channels", .diagram(Diagram(nodes, edges: edges)),
        caption: """
          (a) A bottleneck. In (b) the input does not fit the sum, so a 1×1 convolution, the *projection shortcut*, changes its shape first.
          """, name: "bottleneck")
    }
    add("(a)", y: 0, channels: 8, two, around: 0)
    add("(b)", y: -1.3, channels: 8, two, around: 1)
    return Figure(
      "A residual block adds its input to what its branch F makes of it",
      .diagram(Diagram(nodes, edges: edges)),
      caption: """
        (a) A plain block, (b) a residual one. A box is a convolution with its kernel and its number of channels; the second line \
        says what follows it. Below x: its channels.
        """, name: "blocks")
  }
}
