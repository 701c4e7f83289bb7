// The spans of a paragraph: emphasis, code, links, formulas.

/// A span of a paragraph.
enum Inline: Equatable, Sendable {
  case text(String)
  case emphasis([Inline])
  case strong([Inline])
  case code(String)
  case link([Inline], destination: String)
  /// TeX between dollar signs.
  case math(String)
  case lineBreak
}

/// Parses the spans of one paragraph in a single pass.
///
/// An unclosed delimiter is text, and so is every character without a meaning.
struct InlineParser {
  private let source: [Character]
  private var position = 0
  /// The open delimiters, outermost first.
  private var open: [String] = []
  private static let maximumDepth = 24

  init(_ text: String) { source = Array(text) }

  /// Returns all spans.
  mutating func parse() -> [Inline] { parseSpans().spans }

  /// Parses up to the end of the innermost open delimiter, or to the end of the text.
  private mutating func parseSpans() -> (spans: [Inline], isClosed: Bool) {
    var spans: [Inline] = []
    var text = ""

    func flush() {
      if !text.isEmpty { spans.append(.text(text)) }
      text = ""
    }

    while position < source.count {
      let character = source[position]
      switch character {
      case "\\":
        if let next = peek(1), next.isPunctuation || next.isSymbol {
          text.append(next)
          position += 2
        } else {
          text.append(character)
          position += 1
        }
      case "`":
        if let code = codeSpan() {
          flush()
          spans.append(.code(code))
        } else {
          text.append(character)
          position += 1
        }
      case "$":
        if let tex = mathSpan() {
          flush()
          spans.append(.math(tex))
        } else {
          text.append(character)
          position += 1
        }
      case "[":
        if let link = link() {
          flush()
          spans.append(link)
        } else {
          text.append(character)
          position += 1
        }
      case "<":
        if let address = automaticLink() {
          flush()
          spans.append(.link([.text(address)], destination: address))
        } else {
          text.append(character)
          position += 1
        }
      case "\n":
        if text.hasSuffix("  ") {
          text = text.trimmingTrailingSpaces
          flush()
          spans.append(.lineBreak)
        } else {
          text = text.trimmingTrailingSpaces + " "
        }
        position += 1
      case "*", "_":
        let run = runLength(of: character)
        let delimiter = String(repeating: character, count: min(run, 2))
        if canClose(run),
          let place = open.lastIndex(of: delimiter)
            ?? open.lastIndex(where: { $0.first == character && $0.count <= run })
        {
          flush()
          if place == open.count - 1 {
            position += open[place].count
            return (merged(spans), true)
          }
          return (merged(spans), false)
        }
        if canOpen(run), open.count < Self.maximumDepth, !open.contains(delimiter) {
          flush()
          position += delimiter.count
          open.append(delimiter)
          let inner = parseSpans()
          open.removeLast()
          if inner.isClosed {
            spans.append(delimiter.count == 2 ? .strong(inner.spans) : .emphasis(inner.spans))
          } else {
            spans.append(.text(delimiter))
            spans += inner.spans
          }
        } else {
          text += String(repeating: character, count: run)
          position += run
        }
      default:
        text.append(character)
        position += 1
      }
    }
    text = text.trimmingTrailingSpaces.isEmpty && spans.isEmpty ? "" : text
    flush()
    return (merged(spans), false)
  }

  private func merged(_ spans: [Inline]) -> [Inline] {
    spans.reduce(into: []) { result, span in
      if case .text(let text) = span, case .text(let before)? = result.last {
        result[result.count - 1] = .text(before + text)
      } else {
        result.append(span)
      }
    }
  }

  private func peek(_ offset: Int) -> Character? {
    let place = position + offset
    return source.indices.contains(place) ? source[place] : nil
  }

  private func runLength(of character: Character) -> Int {
    source[position...].prefix { $0 == character }.count
  }

  private func canOpen(_ run: Int) -> Bool {
    guard let next = peek(run), !next.isWhitespace else { return false }
    // Keep snake_case unchanged.
    if source[position] == "_", let before = peek(-1), before.isLetter || before.isNumber { return false }
    return true
  }

  private func canClose(_ run: Int) -> Bool {
    guard let before = peek(-1), !before.isWhitespace else { return false }
    if source[position] == "_", let next = peek(run), next.isLetter || next.isNumber { return false }
    return true
  }

  private mutating func codeSpan() -> String? {
    let run = runLength(of: "`")
    var i = position + run
    while i < source.count {
      if source[i] == "`" {
        let length = source[i...].prefix { $0 == "`" }.count
        if length == run {
          let code = String(source[(position + run)..<i]).replacing("\n", with: " ")
          position = i + run
          return run > 1 ? code.trimmed : code
        }
        i += length
      } else {
        i += 1
      }
    }
    return nil
  }

  /// `$x$`: no space inside the dollar signs and no digit after them, so that prices are not formulas.
  private mutating func mathSpan() -> String? {
    guard let first = peek(1), !first.isWhitespace, first != "$" else { return nil }
    var i = position + 1
    while i < source.count {
      if source[i] == "\\" {
        i += 2
        continue
      }
      if source[i] == "$" {
        guard !source[i - 1].isWhitespace else { return nil }
        if i + 1 < source.count, source[i + 1].isNumber { return nil }
        let tex = String(source[(position + 1)..<i])
        position = i + 1
        return tex
      }
      i += 1
    }
    return nil
  }

  private mutating func link() -> Inline? {
    var depth = 0
    var i = position
    while i < source.count {
      if source[i] == "\\" {
        i += 1
      } else if source[i] == "[" {
        depth += 1
      } else if source[i] == "]" {
        depth -= 1
        if depth == 0 { break }
      }
      i += 1
    }
    guard i + 1 < source.count, source[i + 1] == "(" else { return nil }
    var level = 0
    var j = i + 1
    while j < source.count {
      if source[j] == "(" { level += 1 }
      if source[j] == ")" {
        level -= 1
        if level == 0 { break }
      }
      if source[j].isWhitespace { return nil }
      j += 1
    }
    guard j < source.count else { return nil }
    var label = InlineParser(String(source[(position + 1)..<i]))
    let destination = String(source[(i + 2)..<j])
    position = j + 1
    return .link(label.parse(), destination: destination)
  }

  private mutating func automaticLink() -> String? {
    guard let end = source[position...].firstIndex(of: ">") else { return nil }
    let address = String(source[(position + 1)..<end])
    guard address.hasPrefix("https://") || address.hasPrefix("http://"), !address.contains(where: \.isWhitespace)
    else { return nil }
    position = end + 1
    return address
  }
}

extension String {
  /// The text without trailing spaces.
  fileprivate var trimmingTrailingSpaces: String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
