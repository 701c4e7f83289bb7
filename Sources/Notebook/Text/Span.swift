// Styled text, and its division into lines.

/// The style of text in a terminal.
struct TextStyle: Equatable, Sendable {
  /// The colours that a page uses in a terminal, which defines their hues.
  enum Ink: Equatable, Sendable { case plain, accent, good, bad, warning, muted, special }
  var ink = Ink.plain
  var isBold = false
  var isItalic = false
  var isUnderlined = false
  /// The destination of a link, or nil.
  var link: String?

  static let plain = TextStyle()
  static let bold = TextStyle(isBold: true)
  static let muted = TextStyle(ink: .muted)
}

/// Text with one style.
struct Span: Equatable, Sendable {
  var text: String
  var style: TextStyle

  init(_ text: String, _ style: TextStyle = .plain) {
    // Remove control characters, because text of any origin must not control the terminal.
    self.text = text.withoutControls
    self.style = style
  }
}

/// Breaks styled text into lines.
enum Wrap {
  /// Returns the lines of a text, none wider than `width` unless `width` is less than 2.
  ///
  /// Breaks at spaces and after wide characters; a word wider than the line is split, code behind a bracket or a comma, or
  /// in front of a point, if such a place is in the second half of the line.
  static func lines(_ spans: [Span], width: Int) -> [[Span]] {
    let width = max(width, 2)
    var lines: [[Span]] = []
    var line: [Span] = []
    var used = 0
    var word: [Span] = []
    var wordWidth = 0
    var pendingSpace: Span?

    func append(_ span: Span, to spans: inout [Span]) {
      if let last = spans.last, last.style == span.style {
        spans[spans.count - 1].text += span.text
      } else {
        spans.append(span)
      }
    }
    func endLine() {
      lines.append(line)
      line = []
      used = 0
      pendingSpace = nil
    }
    func endWord() {
      guard wordWidth > 0 else { return }
      if used > 0, used + (pendingSpace == nil ? 0 : 1) + wordWidth > width { endLine() }
      if let space = pendingSpace, used > 0 {
        append(space, to: &line)
        used += 1
      }
      pendingSpace = nil
      if wordWidth > width, word.contains(where: { $0.text.contains(" ") }) {
        // If joined words do not fit on a line, break between them rather than inside a number.
        for (index, piece) in Wrap.lines(word, width: width).enumerated() {
          if index > 0 { endLine() }
          for span in piece { append(span, to: &line) }
          used = piece.map(\.text.columns).reduce(0, +)
        }
      } else if wordWidth > width {
        let characters = word.flatMap { span in span.text.map { ($0, span.style) } }
        var next = 0
        while next < characters.count {
          let end = splitEnd(characters.map(\.0), from: next, room: width - used)
          for (character, style) in characters[next..<end] {
            append(Span(String(character), style), to: &line)
            used += character.columns
          }
          next = end
          if next < characters.count { endLine() }
        }
      } else {
        for span in word { append(span, to: &line) }
        used += wordWidth
      }
      word = []
      wordWidth = 0
    }

    for span in spans {
      for character in span.text {
        if character == " " {
          endWord()
          pendingSpace = Span(" ", span.style)
        } else if character.isNewline {
          endWord()
          endLine()
        } else {
          append(Span(character == "\u{A0}" ? " " : String(character), span.style), to: &word)
          wordWidth += character.columns
          if character.columns == 2 { endWord() }
        }
      }
    }
    endWord()
    if !line.isEmpty || lines.isEmpty { lines.append(line) }
    return lines
  }

  /// The end of the part of a long word, from `start`, that fills the rest of a line.
  private static func splitEnd(_ word: [Character], from start: Int, room: Int) -> Int {
    var (end, used) = (start, 0)
    while end < word.count, used + word[end].columns <= room {
      used += word[end].columns
      end += 1
    }
    guard end < word.count else { return end }
    let place = (start + (end - start + 1) / 2..<end + 1).last {
      $0 > start && ("(,".contains(word[$0 - 1]) || word[$0] == ".")
    }
    return place ?? end
  }
}
