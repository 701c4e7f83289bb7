// Syntax highlighting for Swift: sufficient for reading, not a parser.

/// Splits Swift source into tokens for colouring.
enum SwiftHighlighter {
  /// The kind of a token.
  enum Kind: String { case plain, keyword = "k", string = "s", comment = "c", number = "n", type = "t" }

  /// A token.
  struct Token: Equatable {
    var text: String
    var kind: Kind
  }

  private static let keywords: Set<String> = [
    "actor", "any", "as", "associatedtype", "async", "await", "borrowing", "break", "case", "catch", "class",
    "consuming",
    "continue", "default", "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate",
    "for", "func", "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "mutating", "nil",
    "nonisolated", "open", "operator", "private", "protocol", "public", "repeat", "rethrows", "return", "self", "Self",
    "some", "static", "struct", "subscript", "super", "switch", "throw", "throws", "true", "try", "typealias", "var",
    "where", "while",
  ]

  /// Returns the tokens of a source; joined, their texts are the source.
  static func tokens(_ source: String) -> [Token] {
    let text = Array(source)
    var tokens: [Token] = []
    var i = 0
    func add(_ end: Int, _ kind: Kind) {
      let piece = String(text[i..<end])
      if kind == .plain, tokens.last?.kind == .plain {
        tokens[tokens.count - 1].text += piece
      } else {
        tokens.append(Token(text: piece, kind: kind))
      }
      i = end
    }
    while i < text.count {
      let character = text[i]
      if text[i...].starts(with: "//") {
        add(text[i...].firstIndex(where: \.isNewline) ?? text.count, .comment)
      } else if text[i...].starts(with: "/*") {
        var end = i + 2
        while end < text.count, !text[end...].starts(with: "*/") { end += 1 }
        add(min(end + 2, text.count), .comment)
      } else if text[i...].starts(with: "\"\"\"") {
        var end = i + 3
        while end < text.count, !text[end...].starts(with: "\"\"\"") { end += 1 }
        add(min(end + 3, text.count), .string)
      } else if character == "#", let close = rawStringEnd(text, i) {
        add(close, .string)
      } else if character == "\"" {
        var end = i + 1
        var depth = 0
        while end < text.count, !text[end].isNewline {
          if text[end] == "\\", end + 1 < text.count {
            if text[end + 1] == "(" { depth += 1 }
            end += 2
            continue
          }
          if depth > 0, text[end] == "(" { depth += 1 }
          if depth > 0, text[end] == ")" { depth -= 1 }
          if depth == 0, text[end] == "\"" { break }
          end += 1
        }
        add(min(end + 1, text.count), .string)
      } else if character.isLetter || character == "_" || character == "@" || character == "#" {
        var end = i + 1
        while end < text.count, text[end].isLetter || text[end].isNumber || text[end] == "_" { end += 1 }
        let word = String(text[i..<end])
        let isMember = i > 0 && text[i - 1] == "."
        let isAttribute = (character == "@" || character == "#") && end > i + 1
        add(
          end, isAttribute || (keywords.contains(word) && !isMember) ? .keyword : character.isUppercase ? .type : .plain
        )
      } else if character.isNumber {
        var end = i + 1
        while end < text.count,
          text[end].isNumber || text[end].isLetter || text[end] == "_"
            || (text[end] == "." && end + 1 < text.count && text[end + 1].isNumber)
            || ("+-".contains(text[end]) && "eE".contains(text[end - 1]))
        { end += 1 }
        add(end, .number)
      } else {
        add(i + 1, .plain)
      }
    }
    return tokens
  }

  /// The end of a raw string that starts at `start` (`#"…"#`, on one line or several), or nil if there is none.
  private static func rawStringEnd(_ text: [Character], _ start: Int) -> Int? {
    var i = start
    while i < text.count, text[i] == "#" { i += 1 }
    let marks = i - start
    guard i < text.count, text[i] == "\"" else { return nil }
    let isBlock = text[i...].starts(with: "\"\"\"")
    let close = Array(repeating: Character("\""), count: isBlock ? 3 : 1) + Array(repeating: "#", count: marks)
    i += isBlock ? 3 : 1
    while i < text.count, isBlock || !text[i].isNewline {
      if text[i...].starts(with: close) { return i + close.count }
      i += 1
    }
    return i
  }

  /// Returns tokens as HTML.
  static func html(_ tokens: [Token]) -> String {
    tokens.map { token in
      token.kind == .plain
        ? token.text.escapedForMarkup : "<span class=\"\(token.kind.rawValue)\">\(token.text.escapedForMarkup)</span>"
    }.joined()
  }
}
