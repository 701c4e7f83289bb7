// The Markdown of prose: headings, paragraphs, lists, quotes, fenced code, displayed formulas.

/// A block of Markdown.
enum MarkdownBlock: Equatable, Sendable {
  case heading(level: Int, [Inline])
  case paragraph([Inline])
  case list(isOrdered: Bool, start: Int, items: [[MarkdownBlock]])
  case quote([MarkdownBlock])
  case code(language: String, String)
  /// TeX between lines of `$$`.
  case math(String)
  case rule
}

/// Parses the subset of Markdown that pages use.
///
/// There are no errors: anything unknown is shown as written, and HTML has no meaning.
enum Markdown {
  /// The maximum nesting of quotes and lists; deeper markup is text.
  static let maximumDepth = 12

  /// Returns the blocks of a text.
  static func parse(_ source: String) -> [MarkdownBlock] {
    parse(lines: source.split(separator: "\n", omittingEmptySubsequences: false).map(withoutReturn), depth: 0)
  }

  /// Returns the spans of one paragraph, for captions and titles.
  static func inlines(_ source: String) -> [Inline] {
    var parser = InlineParser(source.split(separator: "\n").map { withoutReturn($0).trimmed }.joined(separator: "\n"))
    return parser.parse()
  }

  /// Returns plain text without emphasis or links, with formulas in Unicode.
  static func plain(_ source: String) -> String { plain(inlines(source)) }

  /// Returns the plain text of spans.
  static func plain(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .text(let text), .code(let text): text
      case .emphasis(let inner), .strong(let inner), .link(let inner, _): plain(inner)
      case .math(let tex): MathText.inline(tex)
      case .lineBreak: " "
      }
    }.joined()
  }

  /// Returns the plain text of blocks, for searching and counting words.
  static func plain(_ blocks: [MarkdownBlock]) -> String {
    blocks.map { block in
      switch block {
      case .heading(_, let inlines), .paragraph(let inlines): plain(inlines)
      case .list(_, _, let items): items.map { plain($0) }.joined(separator: " ")
      case .quote(let inner): plain(inner)
      case .code(_, let text): text
      case .math(let tex): MathText.inline(tex)
      case .rule: ""
      }
    }.joined(separator: "\n")
  }

  private static func withoutReturn(_ line: Substring) -> String {
    line.hasSuffix("\r") ? String(line.dropLast()) : String(line)
  }

  private static func parse(lines: [String], depth: Int) -> [MarkdownBlock] {
    var blocks: [MarkdownBlock] = []
    var paragraph: [String] = []
    var i = 0

    func endParagraph() {
      guard !paragraph.isEmpty else { return }
      var parser = InlineParser(paragraph.joined(separator: "\n"))
      blocks.append(.paragraph(parser.parse()))
      paragraph = []
    }

    while i < lines.count {
      let line = lines[i]
      let text = line.trimmed
      if text.isEmpty {
        endParagraph()
        i += 1
      } else if text.hasPrefix("```") {
        endParagraph()
        let indent = line.prefix { $0 == " " }.count
        let language = String(text.dropFirst(3)).trimmed
        var code: [String] = []
        i += 1
        while i < lines.count, !lines[i].trimmed.hasPrefix("```") {
          code.append(String(lines[i].dropFirst(min(indent, lines[i].prefix { $0 == " " }.count))))
          i += 1
        }
        i += 1
        blocks.append(.code(language: language, code.joined(separator: "\n")))
      } else if text.hasPrefix("$$") {
        endParagraph()
        var tex = String(text.dropFirst(2))
        i += 1
        if tex.count > 2, tex.hasSuffix("$$") {
          tex.removeLast(2)
        } else {
          while i < lines.count, !lines[i].trimmed.hasSuffix("$$") {
            tex += "\n" + lines[i]
            i += 1
          }
          if i < lines.count { tex += "\n" + lines[i].trimmed.dropLast(2) }
          i += 1
        }
        blocks.append(.math(tex.trimmed))
      } else if let heading = headingLevel(text) {
        endParagraph()
        var title = String(text.dropFirst(heading)).trimmed
        while title.hasSuffix("#") { title.removeLast() }
        blocks.append(.heading(level: heading, inlines(title)))
        i += 1
      } else if isRule(text) {
        endParagraph()
        blocks.append(.rule)
        i += 1
      } else if text.hasPrefix(">"), depth < maximumDepth {
        endParagraph()
        var inner: [String] = []
        while i < lines.count, lines[i].trimmed.hasPrefix(">") {
          let rest = lines[i].trimmed.dropFirst()
          inner.append(String(rest.hasPrefix(" ") ? rest.dropFirst() : rest))
          i += 1
        }
        blocks.append(.quote(parse(lines: inner, depth: depth + 1)))
      } else if let first = ListMarker(line), depth < maximumDepth, paragraph.isEmpty || !first.isOrdered {
        endParagraph()
        var items: [[MarkdownBlock]] = []
        while i < lines.count, let marker = ListMarker(lines[i]), marker.isOrdered == first.isOrdered,
          marker.indent < first.content
        {
          var inner = [String(lines[i].dropFirst(marker.content))]
          i += 1
          while i < lines.count {
            let indent = lines[i].prefix { $0 == " " }.count
            if lines[i].trimmed.isEmpty {
              // An empty line belongs to the item only if the item continues after it.
              guard i + 1 < lines.count, lines[i + 1].prefix(while: { $0 == " " }).count >= marker.content,
                !lines[i + 1].trimmed.isEmpty
              else { break }
              inner.append("")
            } else if indent >= marker.content {
              inner.append(String(lines[i].dropFirst(marker.content)))
            } else if ListMarker(lines[i]) == nil, headingLevel(lines[i].trimmed) == nil,
              !(inner.last ?? "").isEmpty, !lines[i].trimmed.hasPrefix("```")
            {
              inner.append(lines[i].trimmed)
            } else {
              break
            }
            i += 1
          }
          items.append(parse(lines: inner, depth: depth + 1))
          while i + 1 < lines.count, lines[i].trimmed.isEmpty, let next = ListMarker(lines[i + 1]),
            next.isOrdered == first.isOrdered
          { i += 1 }
        }
        blocks.append(.list(isOrdered: first.isOrdered, start: first.number, items: items))
      } else {
        paragraph.append(text + (line.hasSuffix("  ") ? "  " : ""))
        i += 1
      }
    }
    endParagraph()
    return blocks
  }

  private static func headingLevel(_ text: String) -> Int? {
    let level = text.prefix { $0 == "#" }.count
    return (1...6).contains(level) && text.dropFirst(level).hasPrefix(" ") ? level : nil
  }

  private static func isRule(_ text: String) -> Bool {
    text.count >= 3 && (text.allSatisfy { $0 == "-" } || text.allSatisfy { $0 == "*" })
  }

  /// The start of a list item: `- `, `* `, `+ ` or `1. `.
  private struct ListMarker {
    var indent: Int
    var content: Int
    var isOrdered: Bool
    var number = 1

    init?(_ line: String) {
      indent = line.prefix { $0 == " " }.count
      let text = line.dropFirst(indent)
      if let bullet = text.first, "-*+".contains(bullet), text.dropFirst().hasPrefix(" ") {
        isOrdered = false
        content = indent + 2
        return
      }
      let digits = text.prefix { $0.isASCII && $0.isNumber }
      guard !digits.isEmpty, digits.count < 6, text.dropFirst(digits.count).hasPrefix(". ") else { return nil }
      isOrdered = true
      number = Int(digits) ?? 1
      content = indent + digits.count + 2
    }
  }
}

extension StringProtocol {
  /// The text without white space at both ends.
  var trimmed: String {
    var text = self[...]
    while let first = text.first, first.isWhitespace { text = text.dropFirst() }
    while let last = text.last, last.isWhitespace { text = text.dropLast() }
    return String(text)
  }
}
