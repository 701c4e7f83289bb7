// Syntax highlighting for the lines of Python that stand beside Swift: sufficient for reading, not a parser.

/// Splits Python source into tokens for colouring; see ``SwiftHighlighter``.
enum PythonHighlighter {
  private static let keywords: Set<String> = [
    "False", "None", "True", "and", "as", "assert", "break", "class", "continue", "def", "del", "elif", "else",
    "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or",
    "pass", "raise", "return", "try", "while", "with", "yield",
  ]

  /// Returns the tokens of a source; joined, their texts are the source.
  static func tokens(_ source: String) -> [SwiftHighlighter.Token] {
    let token =
      #/(?<comment>#[^\n]*)|(?<string>"[^"\n]*"|'[^'\n]*')|(?<word>[A-Za-z_]\w*)|(?<number>\d[\d.]*(?:e[+-]?\d+)?)/#
    var tokens: [SwiftHighlighter.Token] = []
    var end = source.startIndex
    for match in source.matches(of: token) {
      if end < match.range.lowerBound {
        tokens.append(.init(text: String(source[end..<match.range.lowerBound]), kind: .plain))
      }
      let kind: SwiftHighlighter.Kind =
        if match.comment != nil {
          .comment
        } else if match.string != nil {
          .string
        } else if match.number != nil {
          .number
        } else {
          keywords.contains(String(match.0)) ? .keyword : .plain
        }
      tokens.append(.init(text: String(match.0), kind: kind))
      end = match.range.upperBound
    }
    if end < source.endIndex { tokens.append(.init(text: String(source[end...]), kind: .plain)) }
    return tokens
  }
}
