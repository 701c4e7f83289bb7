// Formulas for HTML in MathML Core, which browsers display without a library.

/// Writes a formula as MathML.
enum MathML {
  /// Returns a `<math>` element; for a formula that cannot be parsed, its source with the error message.
  static func html(_ tex: String, isDisplay: Bool) -> String {
    do {
      let node = try TeXParser.parse(tex)
      let inner = row(node)
      let label = MathText.linear(node).replacing("\u{A0}", with: " ").escapedForMarkup
      return isDisplay
        ? "<math display=\"block\" aria-label=\"\(label)\">\(inner)</math>"
        : "<math aria-label=\"\(label)\">\(inner)</math>"
    } catch {
      return "<code class=\"tex-error\" title=\"\(error.description.escapedForMarkup)\">\(tex.escapedForMarkup)</code>"
    }
  }

  private static func row(_ node: MathNode) -> String {
    if case .row(let nodes) = node { return "<mrow>\(sequence(nodes))</mrow>" }
    return "<mrow>\(sequence([node]))</mrow>"
  }

  private static func sequence(_ nodes: [MathNode]) -> String {
    var result = ""
    var isFirst = true
    var previous: MathNode.Class?
    for (index, node) in nodes.enumerated() {
      if case .symbol(let text, let kind) = node {
        // A minus sign after a relation or an opening parenthesis is a prefix.
        let isSign = kind == .binary && (isFirst || [.relation, .binary, .open, .punctuation].contains(previous))
        result += symbol(text, kind, isSign: isSign)
        previous = kind
      } else {
        result += element(node)
        if case .space = node {} else { previous = .ordinary }
        // Add a thin space between the name of a function and an argument without parentheses: tanh x, but tanh(x).
        if case .name(let text, let takesLimits) = node,
          takesLimits || (text.count > 1 && index + 1 < nodes.count && MathText.startsWithWord(nodes[index + 1]))
        {
          result += "<mspace width=\"0.17em\"></mspace>"
        }
      }
      isFirst = false
    }
    return result
  }

  private static func symbol(_ text: String, _ kind: MathNode.Class, isSign: Bool = false) -> String {
    let escaped = text.escapedForMarkup
    switch kind {
    case .ordinary where text == "/": return "<mo stretchy=\"false\" lspace=\"0\" rspace=\"0\">/</mo>"
    case .ordinary where text == "|" || text == "‖":
      return "<mo stretchy=\"false\" lspace=\"0.05em\" rspace=\"0.05em\">\(escaped)</mo>"
    case .ordinary where text.first?.isLetter == true || "∞∂∇∅…⋯⋮⋱".contains(text):
      return "<mi mathvariant=\"normal\">\(escaped)</mi>"
    case .open, .close: return "<mo stretchy=\"false\">\(escaped)</mo>"
    case .binary, .prefix: return isSign ? "<mo form=\"prefix\">\(escaped)</mo>" : "<mo>\(escaped)</mo>"
    case .ordinary, .relation, .punctuation, .large: return "<mo>\(escaped)</mo>"
    }
  }

  private static func element(_ node: MathNode) -> String {
    switch node {
    case .row(let nodes): return "<mrow>\(sequence(nodes))</mrow>"
    case .identifier(let text): return "<mi>\(text.escapedForMarkup)</mi>"
    case .name(let text, _):
      return text.count == 1
        ? "<mi mathvariant=\"normal\">\(text.escapedForMarkup)</mi>"
        : "<mi>\(text.replacing(" ", with: "\u{A0}").escapedForMarkup)</mi>"
    case .number(let text): return "<mn>\(text.escapedForMarkup)</mn>"
    case .symbol(let text, let kind): return symbol(text, kind)
    case .text(let text): return "<mtext>\(text.replacing(" ", with: "\u{A0}").escapedForMarkup)</mtext>"
    case .space(let width): return "<mspace width=\"\(width)em\"></mspace>"
    case .fraction(let a, let b): return "<mfrac>\(row(a))\(row(b))</mfrac>"
    case .binomial(let a, let b):
      return "<mrow><mo>(</mo><mfrac linethickness=\"0\">\(row(a))\(row(b))</mfrac><mo>)</mo></mrow>"
    case .root(let inner, nil): return "<msqrt>\(row(inner))</msqrt>"
    case .root(let inner, let index?): return "<mroot>\(row(inner))\(row(index))</mroot>"
    case .scripts(let base, let sub, let sup): return scripts(base, sub, sup)
    case .fenced(let left, let inner, let right):
      let open = left.isEmpty ? "" : "<mo form=\"prefix\" stretchy=\"true\">\(left.escapedForMarkup)</mo>"
      let close = right.isEmpty ? "" : "<mo form=\"postfix\" stretchy=\"true\">\(right.escapedForMarkup)</mo>"
      return "<mrow>\(open)\(row(inner))\(close)</mrow>"
    case .accent(let inner, let accent):
      let (mark, isUnder) = mark(accent)
      let stretches = accent == .overline || accent == .underline
      let tag = isUnder ? "munder" : "mover"
      let attribute = isUnder ? "accentunder" : "accent"
      return "<\(tag) \(attribute)=\"true\">\(row(inner))<mo stretchy=\"\(stretches)\">\(mark)</mo></\(tag)>"
    case .brace(let inner, let label, let isOver):
      let tag = isOver ? "mover" : "munder"
      let braced = "<\(tag)>\(row(inner))<mo stretchy=\"true\">\(isOver ? "⏞" : "⏟")</mo></\(tag)>"
      return label.map { "<\(tag)>\(braced)\(row($0))</\(tag)>" } ?? braced
    case .matrix(let rows, let left, let right, let layout):
      let cells = rows.map { row in
        let cells = row.enumerated().map { index, cell in
          let align =
            switch layout {
            case .centered: ""
            case .cases: " style=\"text-align:left\""
            case .aligned:
              index.isMultiple(of: 2) && row.count > 1
                ? " style=\"text-align:right;padding-right:0\"" : " style=\"text-align:left;padding-left:0\""
            }
          return "<mtd\(align)>\(MathML.row(cell))</mtd>"
        }
        return "<mtr>\(cells.joined())</mtr>"
      }
      let table = "<mtable\(layout == .aligned ? " displaystyle=\"true\"" : "")>\(cells.joined())</mtable>"
      let open = left.isEmpty ? "" : "<mo form=\"prefix\" stretchy=\"true\">\(left.escapedForMarkup)</mo>"
      let close = right.isEmpty ? "" : "<mo form=\"postfix\" stretchy=\"true\">\(right.escapedForMarkup)</mo>"
      return "<mrow>\(open)\(table)\(close)</mrow>"
    }
  }

  private static func scripts(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?) -> String {
    // A prime is already raised. As a superscript, browsers would raise it again and make it smaller.
    if case .symbol(let primes, .ordinary)? = sup, primes.allSatisfy({ $0 == "′" }) {
      return "<mrow>\(scripts(base, sub, nil))<mo form=\"postfix\" lspace=\"0\" rspace=\"0\">\(primes)</mo></mrow>"
    }
    let isStacked: Bool =
      switch base {
      case .symbol(let text, .large): !"∫∬∮".contains(text)
      case .name(_, let takesLimits): takesLimits
      default: false
      }
    let (below, above, both) = isStacked ? ("munder", "mover", "munderover") : ("msub", "msup", "msubsup")
    switch (sub, sup) {
    case (let sub?, nil): return "<\(below)>\(element(base))\(row(sub))</\(below)>"
    case (nil, let sup?): return "<\(above)>\(element(base))\(row(sup))</\(above)>"
    case (let sub?, let sup?): return "<\(both)>\(element(base))\(row(sub))\(row(sup))</\(both)>"
    case (nil, nil): return element(base)
    }
  }

  private static func mark(_ accent: MathNode.Accent) -> (String, isUnder: Bool) {
    switch accent {
    case .hat: ("^", false)
    case .bar, .overline: ("¯", false)
    case .tilde: ("~", false)
    case .dot: ("˙", false)
    case .doubleDot: ("¨", false)
    case .vector: ("→", false)
    case .underline: ("_", true)
    }
  }
}
