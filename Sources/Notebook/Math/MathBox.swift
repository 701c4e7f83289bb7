// Formulas on several lines of a terminal: fractions with a bar, sums with limits, tall brackets.

/// A rectangle of characters with a baseline, on which neighbours are aligned.
struct MathBox: Equatable {
  /// The lines, all of the same width.
  var lines: [String]
  /// The index of the line with the baseline.
  var baseline: Int

  var width: Int { lines.first?.columns ?? 0 }

  /// Creates a box of one line.
  init(_ text: String) {
    lines = [text]
    baseline = 0
  }

  init(lines: [String], baseline: Int) {
    let width = lines.map(\.columns).max() ?? 0
    self.lines = lines.map { $0.padded(to: width) }
    self.baseline = baseline
  }

  /// Returns a displayed formula of at most `width` columns, if that is possible.
  static func display(_ tex: String, width: Int) -> [String] {
    guard let node = try? TeXParser.parse(tex) else { return tex.split(separator: "\n").map { $0.trimmed } }
    let box = MathBox(node)
    if box.width <= width { return box.lines.map(\.withoutTrailingSpaces) }
    // If it is too wide, break before relations, then before sums; as a last resort, write it on one line and wrap it.
    for isBreak in [isRelation, isRelationOrSum] {
      guard case .row(let nodes) = node else { break }
      var parts: [[MathNode]] = [[]]
      for node in nodes {
        if isBreak(node), !(parts.last ?? []).isEmpty {
          var trial = parts[parts.count - 1]
          trial.append(node)
          parts.append([node])
        } else {
          parts[parts.count - 1].append(node)
        }
      }
      // Join the parts again while they fit.
      var joined: [[MathNode]] = []
      for part in parts {
        if let last = joined.last, MathBox(.row(last + part)).width <= width - 4 {
          joined[joined.count - 1] = last + part
        } else {
          joined.append(part)
        }
      }
      let boxes = joined.map { MathBox(.row($0)) }
      if boxes.allSatisfy({ $0.width <= width - 2 }) {
        return boxes.enumerated().flatMap { index, box in
          box.lines.map { ((index > 0 ? "  " : "") + $0).withoutTrailingSpaces }
        }
      }
    }
    return Wrap.lines([Span(MathText.linear(node))], width: width).map { $0.map(\.text).joined() }
  }

  private static func isRelation(_ node: MathNode) -> Bool {
    if case .symbol(_, .relation) = node { true } else { false }
  }

  private static func isRelationOrSum(_ node: MathNode) -> Bool {
    if case .symbol(let text, .binary) = node, "+−±".contains(text) { return true }
    return isRelation(node)
  }

  /// Lays out a node.
  init(_ node: MathNode) {
    switch node {
    case .row(let nodes):
      var box = MathBox("")
      for (index, node) in nodes.enumerated() {
        let before = index > 0 ? nodes[index - 1] : nil
        var gap = MathText.gap(before, node, next: nil)
        let next = MathBox(node)
        // Separate two fractions, whose bars would look like one.
        if gap.isEmpty, case .fraction = node, case .fraction? = before { gap = " " }
        box = box.beside(MathBox(gap)).beside(next)
        if case .symbol(_, let kind) = node, MathText.needsSpace(after: kind, before: before), index + 1 < nodes.count {
          box = box.beside(MathBox(" "))
        }
      }
      self = box
    case .fraction(let a, let b):
      let upper = MathBox(a)
      let lower = MathBox(b)
      let width = max(upper.width, lower.width) + 2
      self = MathBox(
        lines: upper.lines.map { $0.centered(in: width) } + [String(repeating: "─", count: width)]
          + lower.lines.map { $0.centered(in: width) }, baseline: upper.lines.count)
    case .binomial(let a, let b):
      let upper = MathBox(a)
      let lower = MathBox(b)
      let width = max(upper.width, lower.width)
      self = MathBox(
        lines: upper.lines.map { $0.centered(in: width) } + lower.lines.map { $0.centered(in: width) },
        baseline: upper.lines.count
      ).fenced("(", ")")
    case .root(let inner, let index):
      let box = MathBox(inner)
      let text = MathText.linear(node)
      if box.lines.count == 1, box.width <= 1 || index != nil {
        self = MathBox(text)
      } else {
        let sign = index == nil ? "" : MathText.script(MathText.linear(index ?? .row([])), MathText.superscripts) ?? ""
        let last = box.lines.count - 1
        let body = box.lines.enumerated().map { (row, line) in
          (row == last ? sign + "√" : String(repeating: " ", count: sign.columns) + "│") + line
        }
        let roof =
          String(repeating: " ", count: sign.columns) + (last == 0 ? " " : "┌")
          + String(repeating: last == 0 ? "_" : "─", count: box.width)
        self = MathBox(lines: [roof] + body, baseline: box.baseline + 1)
      }
    case .scripts(let base, let sub, let sup): self = MathBox.scripts(base, sub, sup)
    case .fenced(let left, let inner, let right): self = MathBox(inner).fenced(left, right)
    case .accent(let inner, let accent):
      let box = MathBox(inner)
      if box.lines.count == 1 {
        self = MathBox(MathText.linear(node))
      } else {
        self = MathBox(lines: [String(repeating: "_", count: box.width)] + box.lines, baseline: box.baseline + 1)
        if accent == .vector { lines[0] = String(repeating: "─", count: max(box.width - 1, 0)) + "→" }
      }
    case .brace(let inner, let label, let isOver):
      let box = MathBox(inner)
      let width = max(box.width, 3)
      let half = (width - 3) / 2
      let bars = (String(repeating: "─", count: half), String(repeating: "─", count: width - 3 - half))
      let brace = isOver ? "┌\(bars.0)┴\(bars.1)┐" : "└\(bars.0)┬\(bars.1)┘"
      let text = label.map { MathBox($0).lines } ?? []
      let total = max(width, text.map(\.columns).max() ?? 0)
      let middle = (box.lines).map { $0.centered(in: total) }
      let mark = [brace.centered(in: total)]
      let words = text.map { $0.centered(in: total) }
      self =
        isOver
        ? MathBox(lines: words + mark + middle, baseline: words.count + 1 + box.baseline)
        : MathBox(lines: middle + mark + words, baseline: box.baseline)
    case .matrix(let rows, let left, let right, let layout):
      let boxes = rows.map { $0.map { MathBox($0) } }
      let count = boxes.map(\.count).max() ?? 0
      let widths = (0..<count).map { column in boxes.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0 }
      var lines: [String] = []
      for (index, row) in boxes.enumerated() {
        var line = MathBox("")
        for (column, cell) in row.enumerated() {
          if column > 0, layout != .aligned { line = line.beside(MathBox("  ")) }
          let padding = widths[column] - cell.width
          let before =
            switch layout {
            case .centered: padding / 2
            case .cases: 0
            case .aligned: column.isMultiple(of: 2) && count > 1 ? padding : 0
            }
          line = line.beside(MathBox(String(repeating: " ", count: before))).beside(cell)
            .beside(MathBox(String(repeating: " ", count: padding - before)))
        }
        if index > 0,
          boxes[index - 1].contains(where: { $0.lines.count > 1 }) || row.contains(where: { $0.lines.count > 1 })
        {
          lines.append("")
        }
        lines += line.lines
      }
      self = MathBox(lines: lines, baseline: lines.count / 2).fenced(left, right)
    default:
      self = MathBox(MathText.linear(node))
    }
  }

  private static func scripts(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?) -> MathBox {
    let isStacked: Bool =
      switch base {
      case .symbol(let text, .large): !"∫∬∮".contains(text)
      case .name(_, true): true
      default: false
      }
    let core = MathBox(base)
    if isStacked {
      let upper = sup.map { MathBox($0).lines } ?? []
      let lower = sub.map { MathBox($0).lines } ?? []
      let width = max(core.width, (upper + lower).map(\.columns).max() ?? 0)
      return MathBox(
        lines: (upper + core.lines + lower).map { $0.centered(in: width) }, baseline: upper.count + core.baseline)
    }
    let below = sub.map { sub in (sub, MathText.script(MathText.linear(sub), MathText.subscripts)) }
    let above = sup.map { sup in (sup, MathText.script(MathText.linear(sup), MathText.superscripts)) }
    if core.lines.count == 1, below.map({ $0.1 != nil }) ?? true, above.map({ $0.1 != nil }) ?? true {
      return MathBox(core.lines[0] + (below?.1 ?? "") + (above?.1 ?? ""))
    }
    // Put small scripts at the corners of a tall base; a script without small characters gets lines of its own.
    let upper = above.map { pair in pair.1.map { MathBox($0) } ?? MathBox(pair.0) }
    let lower = below.map { pair in pair.1.map { MathBox($0) } ?? MathBox(pair.0) }
    let width = max(upper?.width ?? 0, lower?.width ?? 0)
    var lines = core.lines.map { _ in "" }
    var baseline = core.baseline
    if let upper {
      if above?.1 != nil {
        lines[0] = upper.lines[0]
      } else {
        lines = upper.lines + lines
        baseline += upper.lines.count
      }
    }
    if let lower {
      if below?.1 != nil, core.lines.count > 1 || lines[lines.count - 1].isEmpty {
        lines[lines.count - 1] = lower.lines[0]
      } else {
        lines += lower.lines
      }
    }
    let raised = baseline - core.baseline
    let bodies = lines.indices.map { row -> String in
      let inner = row - raised
      let text = core.lines.indices.contains(inner) ? core.lines[inner] : String(repeating: " ", count: core.width)
      return text + lines[row].padded(to: width)
    }
    return MathBox(lines: bodies, baseline: baseline)
  }

  /// Returns two boxes side by side on a common baseline.
  func beside(_ other: MathBox) -> MathBox {
    let above = max(baseline, other.baseline)
    let below = max(lines.count - baseline, other.lines.count - other.baseline)
    func stretched(_ box: MathBox) -> [String] {
      let blank = String(repeating: " ", count: box.width)
      return Array(repeating: blank, count: above - box.baseline) + box.lines
        + Array(repeating: blank, count: below - (box.lines.count - box.baseline))
    }
    return MathBox(lines: zip(stretched(self), stretched(other)).map { $0 + $1 }, baseline: above)
  }

  /// Returns the box between fences of the same height.
  func fenced(_ left: String, _ right: String) -> MathBox {
    MathBox.fence(left, lines.count, baseline).beside(self).beside(MathBox.fence(right, lines.count, baseline))
  }

  private static func fence(_ text: String, _ height: Int, _ baseline: Int) -> MathBox {
    guard !text.isEmpty else { return MathBox("") }
    guard height > 1 else { return MathBox(text) }
    let parts: (top: String, middle: String, bottom: String, center: String?)
    switch text {
    case "(": parts = ("⎛", "⎜", "⎝", nil)
    case ")": parts = ("⎞", "⎟", "⎠", nil)
    case "[": parts = ("⎡", "⎢", "⎣", nil)
    case "]": parts = ("⎤", "⎥", "⎦", nil)
    case "{": parts = ("⎧", "⎪", "⎩", "⎨")
    case "}": parts = ("⎫", "⎪", "⎭", "⎬")
    case "|": parts = ("│", "│", "│", nil)
    case "‖": parts = ("║", "║", "║", nil)
    case "⌊": parts = ("⎢", "⎢", "⎣", nil)
    case "⌋": parts = ("⎥", "⎥", "⎦", nil)
    case "⌈": parts = ("⎡", "⎢", "⎢", nil)
    case "⌉": parts = ("⎤", "⎥", "⎥", nil)
    default: parts = (text, text, text, nil)
    }
    if let center = parts.center, height == 2 {
      return MathBox(lines: [center == "⎨" ? "⎰" : "⎱", center == "⎨" ? "⎱" : "⎰"], baseline: baseline)
    }
    let lines = (0..<height).map { row in
      row == 0
        ? parts.top : row == height - 1 ? parts.bottom : row == height / 2 ? parts.center ?? parts.middle : parts.middle
    }
    return MathBox(lines: lines, baseline: baseline)
  }
}
