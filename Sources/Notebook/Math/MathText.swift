// Formulas on one line of Unicode: D_{in} becomes Dᵢₙ, \frac{1}{n} becomes 1/n.

import Basics

/// Writes a formula on one line of Unicode.
enum MathText {
  /// Returns a formula on one line with no-break spaces; a formula that cannot be parsed is returned as written.
  static func inline(_ tex: String) -> String {
    guard let node = try? TeXParser.parse(tex) else { return tex }
    return linear(node).replacing(" ", with: "\u{A0}")
  }

  /// Returns a node on one line.
  static func linear(_ node: MathNode) -> String {
    switch node {
    case .row(let nodes): return sequence(nodes)
    case .identifier(let text), .number(let text), .text(let text), .name(let text, _): return text
    case .symbol(let text, _): return text
    case .space(let width): return width >= 1.5 ? "   " : width >= 0.9 ? "  " : width > 0.25 ? " " : ""
    case .fraction(let a, let b):
      let text = "\(grouped(a))/\(grouped(b, isDenominator: true))"
      return commonFractions[text] ?? text
    case .binomial(let a, let b): return "C(\(linear(a)), \(linear(b)))"
    case .root(let inner, let index):
      let sign =
        switch index.map(linear) {
        case nil: "√"
        case "3": "∛"
        case "4": "∜"
        case let index?: (script(index, superscripts) ?? "") + "√"
        }
      return isAtom(inner) ? sign + linear(inner) : "\(sign)(\(linear(inner)))"
    case .scripts(let base, let sub, let sup): return scripts(base, sub, sup)
    case .fenced(let left, let inner, let right): return left + linear(inner) + right
    case .accent(let inner, let accent):
      let text = linear(inner)
      return text.count == 1
        ? text + combining(accent)
        : accent == .overline || accent == .bar
          ? text.map { String($0) + combining(accent) }.joined() : "\(name(accent))(\(text))"
    case .brace(let inner, let label, _): return linear(inner) + (label.map { " [\(linear($0))]" } ?? "")
    case .matrix(let rows, let left, let right, let layout):
      switch layout {
      case .aligned: return rows.map { $0.map(linear).joined() }.joined(separator: "; ")
      case .cases: return "{ " + rows.map { $0.map(linear).joined(separator: "  ") }.joined(separator: "; ")
      case .centered:
        let body = rows.map { $0.map(linear).joined(separator: ", ") }.joined(separator: "; ")
        return (left.isEmpty ? "[" : left) + body + (right.isEmpty ? "]" : right)
      }
    }
  }

  /// Returns nodes side by side, with the spaces that their classes require.
  static func sequence(_ nodes: [MathNode]) -> String {
    var result = ""
    for (index, node) in nodes.enumerated() {
      let before = index > 0 ? nodes[index - 1] : nil, next = index + 1 < nodes.count ? nodes[index + 1] : nil
      var text = linear(node)
      // 1/N x could be read as 1/(N x).
      if case .fraction = node, text.contains("/"), let next, isFactor(next) { text = "(\(text))" }
      result += gap(before, node, next: next) + text
      if case .symbol(_, let kind) = node, needsSpace(after: kind, before: before), index + 1 < nodes.count {
        result += " "
      }
    }
    return result
  }

  /// Returns the space between two neighbours; binary and relation symbols have their own space after them.
  static func gap(_ before: MathNode?, _ node: MathNode, next: MathNode?) -> String {
    guard let before else { return "" }
    if case .symbol(_, let kind) = node, kind == .relation || (kind == .binary && isOperand(before)) { return " " }
    // log x, but log(x) and −log x.
    if case .name(let text, _) = head(before), text.count > 1, startsWithWord(node) { return " " }
    if case .name(let text, _) = head(node), text.count > 1, endsWithWord(before) { return " " }
    if case .symbol(_, .large) = head(before) { return " " }
    return ""
  }

  /// Whether a symbol is followed by a space: always after relations and commas, after a binary symbol if it joins two
  /// operands.
  static func needsSpace(after kind: MathNode.Class, before: MathNode?) -> Bool {
    switch kind {
    case .relation, .punctuation: true
    case .binary: before.map(isOperand) ?? false
    default: false
    }
  }

  private static func isOperand(_ node: MathNode) -> Bool {
    if case .symbol(_, let kind) = node { return kind == .ordinary || kind == .close }
    if case .space = node { return false }
    return true
  }

  private static func head(_ node: MathNode) -> MathNode {
    if case .scripts(let base, _, _) = node { return base }
    return node
  }

  static func startsWithWord(_ node: MathNode) -> Bool {
    switch head(node) {
    case .identifier, .number, .name, .text, .root, .fraction, .accent: true
    default: false
    }
  }

  private static func endsWithWord(_ node: MathNode) -> Bool {
    switch node {
    case .identifier, .number, .name, .text, .root, .fraction, .accent, .scripts, .fenced: true
    case .symbol(_, .close): true
    default: false
    }
  }

  /// Whether a node after a fraction is multiplied by it.
  private static func isFactor(_ node: MathNode) -> Bool {
    switch head(node) {
    case .fenced, .symbol(_, .large), .symbol(_, .open), .symbol(_, .ordinary): true
    default: startsWithWord(node)
    }
  }

  /// Fractions that exist as characters.
  private static let commonFractions = [
    "1/2": "½", "1/3": "⅓", "2/3": "⅔", "1/4": "¼", "3/4": "¾", "1/5": "⅕", "1/6": "⅙", "1/8": "⅛",
  ]

  private static func isAtom(_ node: MathNode) -> Bool {
    switch node {
    case .identifier, .number, .name, .text, .fenced, .accent: true
    case .symbol(_, .ordinary): true
    case .scripts(let base, _, _): isAtom(base)
    case .row(let nodes): nodes.count == 1 && isAtom(nodes[0])
    default: false
    }
  }

  private static func grouped(_ node: MathNode, isDenominator: Bool = false) -> String {
    let text = linear(node)
    if isAtom(node) || (text.first == "√" && isRoot(node)) { return text }
    // A product needs parentheses in the denominator but not in the numerator.
    if !isDenominator, case .row(let nodes) = node, !nodes.contains(where: isSum) { return text }
    return "(\(text))"
  }

  private static func isRoot(_ node: MathNode) -> Bool { if case .root = node { true } else { false } }

  private static func isSum(_ node: MathNode) -> Bool {
    if case .symbol(let text, let kind) = node { return kind == .relation || "+−±".contains(text) }
    if case .fraction = node { return true }
    return false
  }

  private static func scripts(_ base: MathNode, _ sub: MathNode?, _ sup: MathNode?) -> String {
    var text =
      isAtom(base) || isLarge(base) || (base == .row([]))
      ? linear(base) : isClose(base) ? linear(base) : "(\(linear(base)))"
    if let sub {
      let plain = linear(sub)
      if let small = script(plain, subscripts) {
        text += small
      } else {
        text += plain.count == 1 ? "_\(plain)" : "_(\(plain))".singleWord(plain)
      }
    }
    if let sup {
      let plain = linear(sup)
      if let small = script(plain, superscripts) {
        text += small
      } else {
        text += plain.count == 1 ? "^\(plain)" : "^(\(plain))"
      }
    }
    return text
  }

  private static func isLarge(_ node: MathNode) -> Bool {
    if case .symbol(_, .large) = node { return true }
    if case .name(_, true) = node { return true }
    return false
  }

  private static func isClose(_ node: MathNode) -> Bool { if case .symbol = node { true } else { false } }

  /// Returns a script in small characters, or nil if Unicode lacks one of them.
  static func script(_ text: String, _ table: [Character: Character]) -> String? {
    var result = ""
    for character in text where character != " " {
      guard let small = table[character] else { return nil }
      result.append(small)
    }
    return result.isEmpty ? nil : result
  }

  static let superscripts: [Character: Character] = table(
    "0123456789+−-=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW′*∗⊤αβγδθϵ",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ′**ᵀᵅᵝᵞᵟᶿᵋ")
  static let subscripts: [Character: Character] = table(
    "0123456789+−-=()aehijklmnoprstuvxβγρϕχ,",
    "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ,")

  private static func table(_ from: String, _ to: String) -> [Character: Character] {
    Dictionary(zip(from, to), uniquingKeysWith: { first, _ in first })
  }

  static func combining(_ accent: MathNode.Accent) -> String {
    switch accent {
    case .hat: "\u{302}"
    case .bar: "\u{304}"
    case .overline: "\u{305}"
    case .tilde: "\u{303}"
    case .dot: "\u{307}"
    case .doubleDot: "\u{308}"
    case .vector: "\u{20D7}"
    case .underline: "\u{332}"
    }
  }

  private static func name(_ accent: MathNode.Accent) -> String {
    switch accent {
    case .hat: "hat"
    case .bar, .overline: "mean"
    case .tilde: "tilde"
    case .dot: "dot"
    case .doubleDot: "ddot"
    case .vector: "vec"
    case .underline: "underline"
    }
  }
}

extension String {
  /// A subscript without parentheses if it is one word: `W_hy`.
  fileprivate func singleWord(_ word: String) -> String {
    word.allSatisfy { $0.isLetter || $0.isNumber } ? "_\(word)" : self
  }
}
