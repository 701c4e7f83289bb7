// A diagram in a terminal: gnuplot's bitmap for the arrows, characters for boxes and texts; as a list if it is too
// wide.

extension Diagram {
  package func cells(_ terminal: TerminalPicture) throws -> CellCanvas {
    let width = terminal.width, grey = terminal.grey
    guard !nodes.isEmpty,
      nodes.allSatisfy({ [$0.x, $0.y, $0.size.width, $0.size.height].allSatisfy { $0.isFinite && abs($0) < 1000 } })
    else {
      return list(width)
    }
    if drawnEdges.isEmpty, let grids = textGrids(terminal) { return grids }
    // Scale a cell of the plane to the terminal's width; rows are about half as many as columns.
    let minX = nodes.map { $0.x - max($0.size.width, 0.8) / 2 }.min() ?? 0,
      maxX = nodes.map { $0.x + max($0.size.width, 0.8) / 2 }.max() ?? 1
    let minY = nodes.map { $0.y - $0.size.height / 2 }.min() ?? 0,
      maxY = nodes.map { $0.y + $0.size.height / 2 }.max() ?? 1
    let unit = Double(width - 1) / max(maxX - minX, 0.5)
    let bends = edges.map(\.bend).filter { $0.isFinite }
    let above = max(0, bends.map { abs($0) }.max() ?? 0)
    let unitY = min(unit * 0.45, 8)
    let rows = Int((maxY - minY + 2 * above) * unitY) + 5
    guard rows <= 40 else { return list(width) }
    func column(_ x: Double) -> Double { (x - minX) * unit }
    func row(_ y: Double) -> Double { (maxY + above - y) * unitY + 2 }
    struct Box { var x1: Int, y1: Int, x2: Int, y2: Int }
    var boxes: [Box] = []
    for node in nodes {
      let need = max(node.text.onOneLine.count, node.detail.onOneLine.count) + (node.form == .plain ? 0 : 2)
      let lines = (node.detail.isEmpty ? 1 : 2) + (node.form == .plain ? 0 : 2)
      let half = Double(max(need, 3)) / 2
      let (cx, cy) = (column(node.x), row(node.y))
      let x1 = Int((cx - half).rounded(.down))
      let y1 = Int((cy - Double(lines) / 2).rounded())
      boxes.append(Box(x1: x1, y1: y1, x2: x1 + max(need, 3) - 1, y2: y1 + lines - 1))
    }
    // Boxes must not overlap or leave the canvas.
    let shift = max(0, -(boxes.map(\.x1).min() ?? 0))
    for i in boxes.indices {
      boxes[i].x1 += shift
      boxes[i].x2 += shift
      if boxes[i].x2 >= width {
        boxes[i].x1 -= boxes[i].x2 - width + 1
        boxes[i].x2 = width - 1
      }
    }
    for (i, a) in boxes.enumerated() {
      if a.x1 < 0 || a.y1 < 0 || a.y2 >= rows { return list(width) }
      for b in boxes[(i + 1)...] where a.x1 <= b.x2 + 2 && a.x2 + 2 >= b.x1 && a.y1 <= b.y2 && a.y2 >= b.y1 {
        return list(width)
      }
    }
    var script = ["set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1"]
    let tall = (rows + 1) / 2 * 2
    script.append("set xrange [0:\(2 * width)]; set yrange [\(4 * tall):0]")
    var plots: [String] = [], labels: [(text: String, x: Double, y: Double)] = [],
      heads: [(x: Int, y: Int, mark: Character)] = []
    for (e, edge) in edges.enumerated() {
      guard nodes.indices.contains(edge.from), nodes.indices.contains(edge.to), edge.from != edge.to, edge.bend.isFinite
      else { continue }
      let (a, b) = (boxes[edge.from], boxes[edge.to])
      let p = (x: Double(a.x1 + a.x2 + 1), y: Double(a.y1 + a.y2 + 1) * 2),
        q = (x: Double(b.x1 + b.x2 + 1), y: Double(b.y1 + b.y2 + 1) * 2)
      let (dx, dy) = (q.x - p.x, q.y - p.y)
      let length = max((dx * dx + dy * dy).squareRoot(), 1)
      let bow = edge.bend * unitY * 8
      let k = (x: (p.x + q.x) / 2 + dy / length * bow, y: (p.y + q.y) / 2 - dx / length * bow)
      func at(_ t: Double) -> (x: Double, y: Double) {
        let u: Double = (1 - t) * (1 - t), v: Double = 2 * t * (1 - t), w: Double = t * t
        let x: Double = u * p.x + v * k.x + w * q.x
        let y: Double = u * p.y + v * k.y + w * q.y
        return (x, y)
      }
      func isInside(_ box: Box, _ point: (x: Double, y: Double), _ margin: Double) -> Bool {
        let isAcross = point.x > Double(2 * box.x1) - margin && point.x < Double(2 * box.x2 + 2) + margin
        let isDown = point.y > Double(4 * box.y1) - margin && point.y < Double(4 * box.y2 + 4) + margin
        return isAcross && isDown
      }
      let path = (0...60).map { at(Double($0) / 60) }.filter { !isInside(a, $0, 0.5) && !isInside(b, $0, 1) }
      guard let tip = path.last, let first = path.first else { continue }
      script.append("$e\(e) << EOD")
      script += path.map { GnuplotScript.row($0.x, $0.y) }
      // The arrowhead is a character, because two strokes of a few dots are not recognizable.
      let before = path.count > 3 ? path[path.count - 4] : first
      let (hx, hy) = (tip.x - before.x, tip.y - before.y)
      heads.append(
        (Int(tip.x / 2), Int(tip.y / 4), abs(hx) * 0.8 >= abs(hy) ? (hx >= 0 ? "▶" : "◀") : (hy >= 0 ? "▼" : "▲")))
      script.append("EOD")
      plots.append("$e\(e) using 1:2 with lines lt 0 lw 1 dt solid notitle")
      if !edge.label.isEmpty {
        let m = at(0.5)
        labels.append((edge.label.onOneLine, m.x / 2, m.y / 4))
      }
    }
    var canvas = CellCanvas(width: width, height: rows)
    if !plots.isEmpty {
      script.append("plot " + plots.joined(separator: ", "))
      let bitmap = try terminal.bitmap(script, cellsWide: width, cellsHigh: tall)
      for cy in 0..<rows {
        for cx in 0..<width {
          if let dot = bitmap.cell(cx, cy) { canvas[cx, cy] = .init(character: dot.character, color: grey) }
        }
      }
    }
    for head in heads { canvas[head.x, head.y] = .init(character: head.mark, color: grey) }
    for (node, box) in zip(nodes, boxes) {
      let paint = node.color.map { terminal.color($0) }
      if node.form != .plain {
        let isRound = node.form == .circle
        for x in box.x1...box.x2 {
          canvas[x, box.y1] = .init(character: "─", color: paint)
          canvas[x, box.y2] = .init(character: "─", color: paint)
        }
        for y in box.y1...box.y2 {
          canvas[box.x1, y] = .init(character: "│", color: paint)
          canvas[box.x2, y] = .init(character: "│", color: paint)
        }
        canvas[box.x1, box.y1] = .init(character: isRound ? "╭" : "┌", color: paint)
        canvas[box.x2, box.y1] = .init(character: isRound ? "╮" : "┐", color: paint)
        canvas[box.x1, box.y2] = .init(character: isRound ? "╰" : "└", color: paint)
        canvas[box.x2, box.y2] = .init(character: isRound ? "╯" : "┘", color: paint)
      }
      let inset = node.form == .plain ? 0 : 1
      for (k, text) in [node.text.onOneLine, node.detail.onOneLine].enumerated() where !text.isEmpty {
        let x = box.x1 + (box.x2 - box.x1 + 1 - text.count) / 2
        canvas.write(text, x, box.y1 + inset + k, color: k == 1 ? grey : nil, bold: k == 0)
      }
    }
    // Edge labels go where they cover no text. If one does not fit, the diagram becomes a list.
    var left: [String] = []
    for label in labels {
      let n = label.text.count
      let x = Int(label.x) - n / 2, y = Int(label.y)
      func isClear(_ x: Int, _ y: Int) -> Bool {
        guard x >= 0, x + n <= width, y >= 0, y < rows else { return false }
        for k in x..<(x + n) {
          guard let character = canvas[k, y]?.character, let scalar = character.unicodeScalars.first else {
            return false
          }
          if character != " ", !(0x2800...0x28ff).contains(scalar.value) { return false }
        }
        return true
      }
      let spots: [(Int, Int)] = [
        (x, y - 1), (x, y + 1), (x, y), (x + 2, y - 1), (x + 2, y + 1), (x - 2, y - 1), (x, y - 2), (x, y + 2),
      ]
      if let spot = spots.first(where: { isClear($0.0, $0.1) }) {
        canvas.write(label.text, spot.0, spot.1, color: grey)
      } else {
        left.append(label.text)
      }
    }
    return left.isEmpty ? canvas.trimmed() : list(width)
  }

  /// A diagram without arrows, as grids of numbers are: its texts in their places, a row of text for each height; nil if
  /// they are too wide.
  private func textGrids(_ terminal: TerminalPicture) -> CellCanvas? {
    let texts = nodes.map { $0.text.onOneLine }
    let top = nodes.map(\.y).max() ?? 0, left = nodes.map(\.x).min() ?? 0
    // Rows are as far apart as the nearest cells above each other; what stands below a cell has a later row.
    let cells = nodes.filter { $0.form != .plain }
    let cellWidth = cells.map(\.size.width).min() ?? 0
    let isAbove = { (a: Node, b: Node) in abs(a.x - b.x) < 0.99 * cellWidth && a.y - b.y > 1e-6 }
    let rowHeight = cells.flatMap { a in cells.filter { isAbove(a, $0) }.map { a.y - $0.y } }.min() ?? 1
    var rows = nodes.map { Int(((top - $0.y) / rowHeight).rounded()) }
    for below in nodes.indices.sorted(by: { nodes[$0].y > nodes[$1].y }) {
      for above in nodes.indices where isAbove(nodes[above], nodes[below]) {
        rows[below] = max(rows[below], rows[above] + 1)
      }
    }
    // The narrowest scale at which the texts of no row touch.
    var scale = 0.0
    for a in nodes.indices {
      for b in nodes.indices where rows[a] == rows[b] && nodes[b].x - nodes[a].x > 1e-6 {
        let need = Double(texts[a].count + texts[b].count) / 2 + 1
        scale = max(scale, need / (nodes[b].x - nodes[a].x))
      }
    }
    let starts = nodes.indices.map { Int(((nodes[$0].x - left) * scale - Double(texts[$0].count) / 2).rounded()) }
    let shift = -(starts.min() ?? 0)
    let ends = nodes.indices.map { starts[$0] + shift + texts[$0].count }
    guard let end = ends.max(), end <= terminal.width, let last = rows.max(), last < 40 else { return nil }
    var canvas = CellCanvas(width: terminal.width, height: last + 1)
    for (index, node) in nodes.enumerated() {
      canvas.write(
        texts[index], starts[index] + shift, rows[index],
        color: node.form == .plain ? terminal.grey : node.color.map { terminal.color($0) }, bold: node.color != nil)
    }
    return canvas
  }

  package func plain(_ terminal: TerminalPicture) throws -> String { list(terminal.width).text(color: false) }

  /// A diagram as a list: each node with the targets of its arrows.
  private func list(_ width: Int) -> CellCanvas {
    let (edges, shown) = (drawnEdges, spokenNodes)
    let names = Dictionary(uniqueKeysWithValues: shown)
    // A chain is one line, which is wrapped.
    let isChain =
      edges.count == shown.count - 1
      && edges.enumerated().allSatisfy {
        $0.element.from == shown[$0.offset].node && $0.element.to == shown[$0.offset + 1].node
      }
    var lines: [String] = []
    if isChain, let first = shown.first {
      var line = first.name
      for edge in edges {
        let part = (edge.label.isEmpty ? "─▶ " : "─ \(edge.label.onOneLine) ─▶ ") + (names[edge.to] ?? "")
        if line.count + 1 + part.count <= width {
          line += " " + part
        } else {
          lines.append(line)
          line = "  " + part
        }
      }
      lines.append(line)
    } else {
      for (node, name) in shown {
        let out = edges.filter { $0.from == node }
        if out.isEmpty, edges.contains(where: { $0.to == node }) { continue }
        lines.append(name)
        for edge in out {
          lines.append(
            "  ─\(edge.isDashed ? "╌" : "─")▶ \(names[edge.to] ?? "")\(edge.label.isEmpty ? "" : "   \(edge.label.onOneLine)")"
          )
        }
      }
    }
    lines = lines.flatMap { line -> [String] in
      if line.count <= width { return [line] }
      let indent = String(line.prefix { $0 == " " })
      return CellCanvas.wrap(line, width - indent.count - 2).enumerated().map {
        ($0.offset == 0 ? indent : indent + "  ") + $0.element
      }
    }
    var canvas = CellCanvas(width: width, height: lines.count)
    for (y, line) in lines.enumerated() {
      canvas.write(line.drop { $0 == " " }.description, line.prefix { $0 == " " }.count, y)
    }
    return canvas
  }
}
