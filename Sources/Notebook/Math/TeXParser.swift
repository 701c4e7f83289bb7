// A parser for the TeX of formulas. It reads what chapters need and reports a clear error for anything else.

/// Parses a formula written in TeX.
struct TeXParser {
  private let source: [Character]
  private var position = 0
  private var depth = 0
  /// The maximum nesting; deeper nesting is an error, so that the stack cannot overflow.
  private static let maximumDepth = 60

  private init(_ tex: String) { source = Array(tex) }

  /// Returns the tree of a formula.
  ///
  /// - Throws: `MathError` with the position and the reason.
  static func parse(_ tex: String) throws(MathError) -> MathNode {
    var parser = TeXParser(tex)
    let rows = try parser.parseRows(until: .end)
    if rows.count == 1, rows[0].count == 1 { return rows[0][0] }
    return .matrix(rows, left: "", right: "", .aligned)
  }

  /// The token that ends a row.
  private enum End: Equatable { case end, brace, bracket, right, environment }

  private func error(_ message: String) -> MathError { MathError(message: message, position: position) }

  private var isAtEnd: Bool { position >= source.count }

  private mutating func skipSpaces() {
    while position < source.count {
      if source[position].isWhitespace {
        position += 1
      } else if source[position] == "%" {
        while position < source.count, !source[position].isNewline { position += 1 }
      } else {
        return
      }
    }
  }

  private func startsWith(_ text: String) -> Bool { source[position...].starts(with: text) }

  /// Parses cells separated by `&` in rows separated by `\\`.
  private mutating func parseRows(until end: End) throws(MathError) -> [[MathNode]] {
    var rows: [[MathNode]] = [[]]
    while true {
      let cell = try parseRow(until: end)
      rows[rows.count - 1].append(cell)
      skipSpaces()
      if !isAtEnd, source[position] == "&" {
        position += 1
      } else if startsWith("\\\\") {
        position += 2
        skipSpaces()
        if end == .environment, startsWith("\\end") { return rows }
        if isAtEnd, end == .end { return rows }
        rows.append([])
      } else {
        return rows
      }
    }
  }

  private mutating func parseRow(until end: End) throws(MathError) -> MathNode {
    depth += 1
    defer { depth -= 1 }
    guard depth < Self.maximumDepth else { throw error("formula nested too deeply") }
    var nodes: [MathNode] = []
    while true {
      skipSpaces()
      if isAtEnd {
        if end == .end { break }
        throw error(
          end == .right ? "\\left without \\right" : end == .environment ? "\\begin without \\end" : "{ without }")
      }
      let character = source[position]
      if character == "&" { break }
      if startsWith("\\\\") { break }
      if character == "}" {
        if end == .brace { break }
        throw error("} without {")
      }
      if character == "]", end == .bracket { break }
      if startsWith("\\right"), !isLetter(at: position + 6) {
        if end == .right { break }
        throw error("\\right without \\left")
      }
      if startsWith("\\end"), !isLetter(at: position + 4) {
        if end == .environment { break }
        throw error("\\end without \\begin")
      }
      if character == "^" || character == "_" || character == "'" {
        let base = nodes.popLast() ?? .row([])
        nodes.append(try parseScripts(of: base))
        continue
      }
      nodes.append(try parseAtom())
    }
    return nodes.count == 1 ? nodes[0] : .row(nodes)
  }

  private func isLetter(at place: Int) -> Bool {
    source.indices.contains(place) && source[place].isLetter && source[place].isASCII
  }

  private mutating func parseScripts(of base: MathNode) throws(MathError) -> MathNode {
    var sub: MathNode?
    var sup: MathNode?
    while true {
      skipSpaces()
      guard !isAtEnd else { break }
      if source[position] == "'" {
        var primes = ""
        while !isAtEnd, source[position] == "'" {
          primes += "′"
          position += 1
        }
        let prime = MathNode.symbol(primes, .ordinary)
        sup = sup.map { .row([$0, prime]) } ?? prime
      } else if source[position] == "^" {
        position += 1
        let script = try parseArgument("^")
        sup = sup.map { .row([$0, script]) } ?? script
      } else if source[position] == "_" {
        guard sub == nil else { throw error("two subscripts") }
        position += 1
        sub = TeXParser.word(try parseArgument("_"))
      } else {
        break
      }
    }
    if case .brace(let inner, nil, let isOver) = base, let label = isOver ? sup : sub {
      return .brace(inner, label: label, isOver: isOver)
    }
    return .scripts(base, sub: sub, sup: sup)
  }

  /// A subscript that is a word is set upright, `D_{in}` and `\\eta_{max}`; indices are set in italics, `W_{ij}`.
  private static func word(_ node: MathNode) -> MathNode {
    guard case .row(let nodes) = node else { return node }
    var text = ""
    for node in nodes {
      guard case .identifier(let letter) = node, letter.first?.isASCII == true else { return .row(nodes) }
      text += letter
    }
    let isIndices = text.allSatisfy { "ijklmnpqrstuvxyz".contains($0) }
    return text == "in" || (text.count > 2 && !isIndices) ? .name(text) : node
  }

  /// Parses `{…}` or a single atom.
  private mutating func parseArgument(_ owner: String) throws(MathError) -> MathNode {
    skipSpaces()
    guard !isAtEnd else { throw error("\(owner) without its argument") }
    if source[position] == "{" {
      position += 1
      let row = try parseRow(until: .brace)
      try expectBrace()
      return row
    }
    guard source[position] != "}", source[position] != "&", source[position] != "^", source[position] != "_" else {
      throw error("\(owner) without its argument")
    }
    return try parseAtom(single: true)
  }

  private mutating func expectBrace() throws(MathError) {
    guard !isAtEnd, source[position] == "}" else { throw error("{ without }") }
    position += 1
  }

  /// Returns the characters of `{…}`.
  private mutating func rawArgument(_ owner: String) throws(MathError) -> String {
    skipSpaces()
    guard !isAtEnd, source[position] == "{" else { throw error("\(owner) without { }") }
    var level = 0
    let start = position + 1
    while !isAtEnd {
      if source[position] == "\\" {
        position += 2
        continue
      }
      if source[position] == "{" { level += 1 }
      if source[position] == "}" {
        level -= 1
        if level == 0 {
          position += 1
          return String(source[start..<(position - 1)])
        }
      }
      position += 1
    }
    position = min(position, source.count)
    throw error("{ without }")
  }

  private mutating func parseAtom(single: Bool = false) throws(MathError) -> MathNode {
    let character = source[position]
    switch character {
    case "\\": return try parseCommand()
    case "{":
      position += 1
      let row = try parseRow(until: .brace)
      try expectBrace()
      return row
    case _ where character.isNumber && character.isASCII:
      var digits = ""
      while !isAtEnd, source[position].isASCII,
        source[position].isNumber
          || (!single && ".,".contains(source[position]) && position + 1 < source.count
            && source[position + 1].isNumber && source[position + 1].isASCII)
      {
        digits.append(source[position])
        position += 1
        if single { break }
      }
      return .number(digits)
    default: break
    }
    position += 1
    switch character {
    case "+", "*": return .symbol(character == "*" ? "∗" : "+", .binary)
    case "-", "−": return .symbol("−", .binary)
    case "=", "<", ">", "≈", "≤", "≥", "→", "∈", "∼", "≠", "⇒", "∝": return .symbol(String(character), .relation)
    case ":": return .symbol(":", .relation)
    case "(", "[": return .symbol(String(character), .open)
    case ")", "]", "!": return .symbol(String(character), .close)
    case ",", ";": return .symbol(String(character), .punctuation)
    case "/": return .symbol("/", .ordinary)
    case "·", "×", "±": return .symbol(String(character), .binary)
    case "~": return .space(0.33)
    case _ where character.isLetter: return .identifier(String(character))
    default: return .symbol(String(character), .ordinary)
    }
  }

  private mutating func commandName() -> String {
    position += 1
    guard !isAtEnd else { return "" }
    var name = ""
    while isLetter(at: position) {
      name.append(source[position])
      position += 1
    }
    if name.isEmpty {
      name = String(source[position])
      position += 1
    }
    return name
  }

  private mutating func parseCommand() throws(MathError) -> MathNode {
    let start = position
    let name = commandName()
    if let letter = TeXSymbols.greek[name] {
      return name.first?.isUppercase == true ? .name(letter) : .identifier(letter)
    }
    if let (symbol, kind) = TeXSymbols.symbols[name] { return .symbol(symbol, kind) }
    if TeXSymbols.names.contains(name) { return .name(name) }
    if let text = TeXSymbols.limitNames[name] { return .name(text, takesLimits: true) }
    if let width = TeXSymbols.spaces[name] { return .space(width) }
    if let accent = TeXSymbols.accents[name] { return .accent(try parseArgument("\\" + name), accent) }
    switch name {
    case "frac", "dfrac", "tfrac", "cfrac":
      let numerator = try parseArgument("\\" + name)
      return .fraction(numerator, try parseArgument("\\" + name))
    case "binom":
      let upper = try parseArgument("\\binom")
      return .binomial(upper, try parseArgument("\\binom"))
    case "sqrt":
      skipSpaces()
      var index: MathNode?
      if !isAtEnd, source[position] == "[" {
        position += 1
        index = try parseRow(until: .bracket)
        guard !isAtEnd, source[position] == "]" else { throw error("[ without ]") }
        position += 1
      }
      return .root(try parseArgument("\\sqrt"), index: index)
    case "text", "textrm", "textit", "mbox": return .text(unescaped(try rawArgument("\\" + name)))
    case "mathrm", "operatorname", "mathsf", "mathtt", "textbf":
      if !isAtEnd, source[position] == "*" { position += 1 }
      skipSpaces()
      return .name(unescaped(try rawArgument("\\" + name)))
    case "mathbf": return try alphabet(.bold, name)
    case "boldsymbol", "bm": return try alphabet(.boldItalic, name)
    case "mathbb": return try alphabet(.blackboard, name)
    case "mathcal", "mathscr": return try alphabet(.calligraphic, name)
    case "mathit", "mathop", "displaystyle", "textstyle", "limits", "nolimits", "big", "Big", "bigl", "bigr", "Bigl",
      "Bigr", "biggl", "biggr", "bigg":
      // These commands are ignored, because sizes follow from the content.
      if name == "mathit" || name == "mathop" { return try parseArgument("\\" + name) }
      return .row([])
    case "left":
      let left = try delimiter("\\left")
      let inner = try parseRow(until: .right)
      position += 6
      let right = try delimiter("\\right")
      return .fenced(left, inner, right)
    case "underbrace", "overbrace":
      return .brace(try parseArgument("\\" + name), label: nil, isOver: name == "overbrace")
    case "substack": return .matrix(try group(), left: "", right: "", .centered)
    case "begin":
      let environment = try rawArgument("\\begin")
      let rows = try parseRows(until: .environment)
      position += 4
      guard try rawArgument("\\end") == environment else { throw error("\\end does not match \\begin{\(environment)}") }
      switch environment {
      case "matrix", "array": return .matrix(rows, left: "", right: "", .centered)
      case "pmatrix": return .matrix(rows, left: "(", right: ")", .centered)
      case "bmatrix": return .matrix(rows, left: "[", right: "]", .centered)
      case "vmatrix": return .matrix(rows, left: "|", right: "|", .centered)
      case "cases": return .matrix(rows, left: "{", right: "", .cases)
      case "aligned", "align", "align*", "gathered", "split": return .matrix(rows, left: "", right: "", .aligned)
      default: throw error("unknown environment \(environment)")
      }
    default:
      position = start
      throw error("unknown command \\\(name)")
    }
  }

  private mutating func group() throws(MathError) -> [[MathNode]] {
    skipSpaces()
    guard !isAtEnd, source[position] == "{" else { throw error("\\substack without { }") }
    position += 1
    let rows = try parseRows(until: .brace)
    try expectBrace()
    return rows
  }

  private func unescaped(_ text: String) -> String {
    text.replacing("\\,", with: " ").replacing("\\ ", with: " ").replacing("\\%", with: "%")
      .replacing("\\_", with: "_").replacing("~", with: " ")
  }

  private mutating func alphabet(_ alphabet: TeXSymbols.Alphabet, _ name: String) throws(MathError) -> MathNode {
    let argument = try parseArgument("\\" + name)
    func convert(_ node: MathNode) -> MathNode {
      switch node {
      case .identifier(let text), .number(let text):
        .name(text.map { TeXSymbols.letter($0, in: alphabet) }.joined())
      case .name(let text, let limits):
        .name(text.map { TeXSymbols.letter($0, in: alphabet) }.joined(), takesLimits: limits)
      case .row(let nodes): .row(nodes.map(convert))
      case .scripts(let base, let sub, let sup): .scripts(convert(base), sub: sub, sup: sup)
      default: node
      }
    }
    return convert(argument)
  }

  private mutating func delimiter(_ owner: String) throws(MathError) -> String {
    skipSpaces()
    guard !isAtEnd else { throw error("\(owner) without its delimiter") }
    if source[position] == "\\" {
      let name = commandName()
      guard let (symbol, _) = TeXSymbols.symbols[name] else { throw error("unknown delimiter \\\(name)") }
      return symbol
    }
    let character = source[position]
    guard "()[]|./<>".contains(character) else { throw error("unknown delimiter \(character)") }
    position += 1
    return character == "." ? "" : character == "<" ? "⟨" : character == ">" ? "⟩" : String(character)
  }
}
