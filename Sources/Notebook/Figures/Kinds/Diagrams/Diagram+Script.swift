// Boxes, circles, volumes and arrows as a gnuplot script on a plane of pixels.

extension Diagram {
  /// The positions of a diagram's parts: the size of a cell and the pixel of its origin.
  struct Layout {
    var unit: Double
    var left: Double, top: Double, height: Double
    var minX: Double, maxY: Double
    func pixel(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
      (left + (x - minX) * unit, top + (maxY - y) * unit)
    }
  }

  /// Whether a node has coordinates that can be drawn. Other nodes and their edges are left out.
  private func isDrawable(_ node: Node) -> Bool {
    [node.x, node.y, node.size.width, node.size.height].allSatisfy { $0.isFinite && abs($0) < 1e4 }
  }

  /// The extent of a volume's depth to the right and upwards, in cells.
  private func depth(_ node: Node) -> Double { node.form == .volume ? min(node.size.height * 0.38, 0.6) : 0 }

  /// Computes the scale.
  func layout(_ style: PlotStyle) -> Layout {
    let shown = nodes.filter(isDrawable)
    var (minX, maxX, minY, maxY) = (Double.infinity, -Double.infinity, Double.infinity, -Double.infinity)
    for node in shown {
      let d = depth(node)
      // The text of a volume is above and below it and about one cell wide.
      let half =
        node.form == .volume || node.form == .plain && !node.text.isEmpty
        ? max(node.size.width / 2, 0.52) : node.size.width / 2
      minX = min(minX, node.x - half + d / 4)
      maxX = max(maxX, node.x + max(half + d / 2, node.size.width / 2 + d))
      minY = min(minY, node.y - node.size.height / 2)
      maxY = max(maxY, node.y + node.size.height / 2 + d)
    }
    for edge in edges where edge.bend != 0 {
      guard nodes.indices.contains(edge.from), nodes.indices.contains(edge.to) else { continue }
      let (a, b) = (nodes[edge.from], nodes[edge.to])
      guard isDrawable(a), isDrawable(b) else { continue }
      let (mx, my) = bow(a, b, edge.bend * 0.5)
      (minX, maxX) = (min(minX, mx - 0.1), max(maxX, mx + 0.1))
      (minY, maxY) = (min(minY, my - 0.15), max(maxY, my + (edge.label.isEmpty ? 0.15 : 0.35)))
    }
    guard minX < maxX else { return Layout(unit: 80, left: 0, top: 0, height: 60, minX: 0, maxY: 1) }
    let unit = min(style.width - 12, (style.width - 12)) / max(maxX - minX, 0.5)
    let kept = min(unit, 130 * style.font / 15)
    let hasDetailBelow = shown.contains { $0.form == .volume }
    let top = style.font * (hasDetailBelow ? 1.6 : edges.contains { $0.bend != 0 && !$0.label.isEmpty } ? 1.2 : 0.6)
    return Layout(
      unit: kept, left: (style.width - (maxX - minX) * kept) / 2, top: top,
      height: top + (maxY - minY) * kept + style.font * (hasDetailBelow ? 3.2 : 0.8), minX: minX, maxY: maxY)
  }

  /// The control point of a bent arrow, in cells: positive bends are to the left of the direction.
  private func bow(_ a: Node, _ b: Node, _ bend: Double) -> (Double, Double) {
    let (dx, dy) = (b.x - a.x, b.y - a.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
    return ((a.x + b.x) / 2 - dy / length * bend * 2, (a.y + b.y) / 2 + dx / length * bend * 2)
  }

  /// The point where the line from the centre of a node towards another point leaves the node, in pixels.
  private func border(_ node: Node, toward p: (x: Double, y: Double), _ layout: Layout, gap: Double) -> (
    x: Double, y: Double
  ) {
    let c = layout.pixel(node.x, node.y)
    let (dx, dy) = (p.x - c.x, p.y - c.y)
    let length = max((dx * dx + dy * dy).squareRoot(), 1e-9)
    let (w, h) = (node.size.width * layout.unit / 2, node.size.height * layout.unit / 2)
    var t: Double
    switch node.form {
    case .circle: t = min(w, h) / length
    case .box, .plain: t = min(w / max(abs(dx), 1e-9), h / max(abs(dy), 1e-9))
    case .volume:
      let more = depth(node) * layout.unit
      t = min((w + (dx > 0 ? more : 0)) / max(abs(dx), 1e-9), (h + (dy < 0 ? more : 0)) / max(abs(dy), 1e-9))
    }
    t = min(t + gap / length, 0.95)
    return (c.x + dx * t, c.y + dy * t)
  }

  /// The script of this diagram.
  package func script(_ style: PlotStyle) -> GnuplotScript { folded(for: style).unfoldedScript(style) }

  private func unfoldedScript(_ style: PlotStyle) -> GnuplotScript {
    let layout = layout(style)
    var script = GnuplotScript(style: style, height: layout.height)
    script.plane()
    var polygons: [(rows: [String], fill: String, opacity: Double, border: String)] = []
    for (e, edge) in edges.enumerated() {
      guard nodes.indices.contains(edge.from), nodes.indices.contains(edge.to), edge.from != edge.to,
        isDrawable(nodes[edge.from]), isDrawable(nodes[edge.to]), edge.bend.isFinite
      else { continue }
      addEdge(&script, edge, e, layout)
    }
    for node in nodes where isDrawable(node) {
      let c = layout.pixel(node.x, node.y)
      let (w, h) = (node.size.width * layout.unit, node.size.height * layout.unit)
      let color = node.color.map { style.color($0) } ?? style.axis
      let opacity = node.color == nil ? 0.1 : 0.2
      func corners(_ points: [(Double, Double)]) -> [String] {
        (points + [points[0]]).map { GnuplotScript.row($0.0, $0.1) }
      }
      let (x1, y1, x2, y2) = (c.x - w / 2, c.y - h / 2, c.x + w / 2, c.y + h / 2)
      switch node.form {
      case .plain: break
      case .box:
        polygons.append((corners([(x1, y1), (x2, y1), (x2, y2), (x1, y2)]), color, opacity, color))
      case .circle:
        let r = min(w, h) / 2
        let circle = (0..<48).map { step -> (Double, Double) in
          let turn = Double(step) / 48
          return (c.x + r * cosine(turn), c.y + r * cosine(turn - 0.25))
        }
        polygons.append((corners(circle), color, opacity, color))
      case .volume:
        let d = depth(node) * layout.unit
        polygons.append(
          (corners([(x1, y1), (x1 + d, y1 - d), (x2 + d, y1 - d), (x2, y1)]), color, opacity * 0.6, color))
        polygons.append(
          (corners([(x2, y1), (x2 + d, y1 - d), (x2 + d, y2 - d), (x2, y2)]), color, opacity * 2.2, color))
        polygons.append((corners([(x1, y1), (x2, y1), (x2, y2), (x1, y2)]), color, opacity * 1.3, color))
      }
      addText(&script, node, c, w, h, layout)
    }
    var plots: [String] = []
    for (i, polygon) in polygons.enumerated() {
      script.data("shape\(i + 1)", polygon.rows)
      plots.append(
        "$shape\(i + 1) using 1:2 with filledcurves closed fc rgb '\(polygon.fill)' fs transparent solid \(Numbers.script(polygon.opacity)) border lc rgb '\(polygon.border)' lw \(Numbers.script(style.line * 0.6)) notitle"
      )
    }
    if plots.isEmpty { plots = ["NaN notitle"] }
    let curves = script.linesMatching { $0.hasPrefix("#curve ") }.map { String($0.dropFirst(7)) }
    script.removeLines { $0.hasPrefix("#curve ") }
    script.add("plot \\\n  " + (plots + curves).joined(separator: ", \\\n  "))
    return script
  }

  /// Adds the text and the detail of a node: inside the node where they fit, above and below a volume.
  private func addText(
    _ script: inout GnuplotScript, _ node: Node, _ c: (x: Double, y: Double), _ w: Double, _ h: Double, _ layout: Layout
  ) {
    let style = script.style
    let text = node.text.onOneLine, detail = node.detail.onOneLine
    if node.form == .volume {
      let d = depth(node) * layout.unit
      let room = max(layout.unit * 1.05, w + d)
      let size = fit(text, style.font, room)
      script.label(text, c.x + d / 2, c.y - h / 2 - d - size * 0.7, .center, size: size, bold: true)
      var details = TextExtent.wrap(detail, style.smallFont, limit: room, lines: 2)
      // A shape that would be too small to read is written on two lines.
      if details.count == 1, fit(detail, style.smallFont, room) < style.smallFont * 0.85,
        let cross = detail.firstIndex(of: "×")
      {
        let next = detail.index(after: cross)
        details = [String(detail[..<next]), String(detail[next...])]
      }
      for (k, line) in details.enumerated() where !line.isEmpty {
        let size = fit(line, style.smallFont, room)
        script.label(
          line, c.x + d / 4, c.y + h / 2 + size * (0.9 + 1.2 * Double(k)), .center, color: style.muted, size: size)
      }
      return
    }
    let room = node.form == .plain ? max(w, layout.unit * 1.0) : node.form == .circle ? min(w, h) * 0.86 : w * 0.94
    var lines = [text]
    var size = fit(text, style.font, room)
    if size < style.font * 0.8, text.contains(" ") {
      lines = TextExtent.wrap(text, style.font * 0.85, limit: room, lines: 3)
      size = lines.map { fit($0, style.font * 0.9, room) }.min() ?? size
    }
    let small = style.smallFont
    // A detail that would be small is written on two lines.
    let details =
      fit(detail, small, room) < small * 0.95 ? TextExtent.wrap(detail, small, limit: room, lines: 2) : [detail]
    let detailSize = details.map { fit($0, small, room) }.min() ?? small
    let total = Double(lines.count) * size * 1.2 + (detail.isEmpty ? 0 : detailSize * 1.25 * Double(details.count))
    var y = c.y - total / 2
    for line in lines {
      script.label(line, c.x, y + size * 0.6, .center, size: size)
      y += size * 1.2
    }
    for (k, line) in details.enumerated() where !line.isEmpty {
      script.label(line, c.x, y + detailSize * (0.62 + 1.25 * Double(k)), .center, size: detailSize)
    }
  }

  /// The font size, at most `size` and at least 7, with which a text fits a width.
  private func fit(_ text: String, _ size: Double, _ room: Double) -> Double {
    let needed = TextExtent.width(text, size)
    return needed <= room ? size : max(7, (size * room / needed * 2).rounded(.down) / 2)
  }

  private func addEdge(_ script: inout GnuplotScript, _ edge: Edge, _ index: Int, _ layout: Layout) {
    let style = script.style
    let (a, b) = (nodes[edge.from], nodes[edge.to])
    let width = style.line * 0.7
    let color = style.muted
    let dash = edge.isDashed ? "(6,4)" : "solid"
    var middle: (x: Double, y: Double)
    if edge.bend == 0 {
      let start = border(a, toward: layout.pixel(b.x, b.y), layout, gap: 1)
      let end = border(b, toward: layout.pixel(a.x, a.y), layout, gap: 3)
      script.line(start.x, start.y, end.x, end.y, color: color, width: width, dash: dash, head: true)
      middle = ((start.x + end.x) / 2, (start.y + end.y) / 2)
    } else {
      let (kx, ky) = bow(a, b, edge.bend)
      let k = layout.pixel(kx, ky)
      let start = border(a, toward: k, layout, gap: 1), end = border(b, toward: k, layout, gap: 3)
      func at(_ t: Double) -> (x: Double, y: Double) {
        let (p, q, r) = ((1 - t) * (1 - t), 2 * t * (1 - t), t * t)
        return (p * start.x + q * k.x + r * end.x, p * start.y + q * k.y + r * end.y)
      }
      script.data("bend\(index + 1)", (0...20).map { at(Double($0) / 20 * 0.97) }.map { GnuplotScript.row($0.x, $0.y) })
      script.add(
        "#curve $bend\(index + 1) using 1:2 with lines lc rgb '\(color)' lw \(Numbers.script(width)) dt \(dash) notitle"
      )
      let before = at(0.94)
      script.line(before.x, before.y, end.x, end.y, color: color, width: width, head: true)
      middle = at(0.5)
    }
    if !edge.label.isEmpty {
      // The label is above a horizontal arrow and to the right of a steep one.
      let (p, q) = (layout.pixel(a.x, a.y), layout.pixel(b.x, b.y))
      let isLevel = abs(q.x - p.x) >= abs(q.y - p.y)
      let text = edge.label.onOneLine
      let size = style.smallFont
      if isLevel {
        let room =
          edge.bend != 0 ? .infinity : max(abs(q.x - p.x) - (a.size.width + b.size.width) / 2 * layout.unit, size * 2)
        for (k, line) in TextExtent.wrap(text, size, limit: room * 1.0, lines: 2).reversed().enumerated() {
          script.label(
            line, middle.x, middle.y - size * (0.8 + 1.15 * Double(k)), .center, color: style.muted,
            size: min(size, fit(line, size, room * 1.05)))
        }
      } else {
        script.label(text, middle.x + size * 0.5, middle.y, .left, color: style.muted, size: size)
      }
    }
  }
}
