// The pieces of HTML: escaping, anchors, Markdown.

import Foundation

/// Writes text as HTML. All text of a page is escaped here, so that it cannot become a tag or a script.
enum HTML {
  /// Whether a link is allowed: other pages, mail, and places in this page; no scripts and no data.
  static func isSafe(_ destination: String) -> Bool {
    let text = destination.trimmed.lowercased().filter { !$0.isWhitespace && ($0.asciiValue ?? 32) >= 32 }
    guard let colon = text.firstIndex(of: ":") else { return !text.hasPrefix("//") }
    let scheme = text[..<colon]
    if scheme.contains("/") || scheme.contains("#") || scheme.contains("?") { return true }
    return ["http", "https", "mailto"].contains(scheme)
  }

  /// Markdown spans as HTML.
  static func inlines(_ inlines: [Inline]) -> String {
    // Keep a formula and the punctuation after it on one line.
    func marks(behind index: Int) -> String {
      guard inlines.indices.contains(index), case .math = inlines[index], index + 1 < inlines.count,
        case .text(let text) = inlines[index + 1]
      else { return "" }
      return String(text.prefix { ".,;:!?)".contains($0) })
    }
    return inlines.enumerated().map { index, inline in
      switch inline {
      case .text(let text):
        keepingNames(String(text.dropFirst(marks(behind: index - 1).count)).withMeasuresTogether.escapedForMarkup)
      case .emphasis(let inner): "<em>\(HTML.inlines(inner))</em>"
      case .strong(let inner): "<strong>\(HTML.inlines(inner))</strong>"
      case .code(let text): "<code>\(text.escapedForMarkup)</code>"
      case .math(let tex):
        marks(behind: index).isEmpty
          ? MathML.html(tex, isDisplay: false)
          : "<span class=\"whole\">\(MathML.html(tex, isDisplay: false))\(marks(behind: index))</span>"
      case .lineBreak: "<br>"
      case .link(let inner, let destination):
        isSafe(destination)
          ? "<a href=\"\(destination.escapedForMarkup)\"\(destination.hasPrefix("http") ? " rel=\"noopener noreferrer\"" : "")>\(HTML.inlines(inner))</a>"
          : HTML.inlines(inner)
      }
    }.joined()
  }

  /// A line of Markdown as HTML.
  static func markdown(_ text: String) -> String { inlines(Markdown.inlines(text)) }

  /// Returns HTML in which a name with a number after its hyphen, such as LeNet-5++, is never broken at that hyphen.
  static func keepingNames(_ html: String) -> String {
    // Tags are matched too, and left unchanged, because an address may contain such a name.
    html.replacing(#/<[^>]*>|[A-Za-z]+-[0-9][A-Za-z0-9]*\+*/#) { match in
      match.output.hasPrefix("<") ? String(match.output) : "<span class=\"whole\">\(match.output)</span>"
    }
  }

  /// Markdown blocks inside another block, where headings would change the outline.
  static func blocks(_ blocks: [MarkdownBlock]) -> String {
    blocks.map { block in
      switch block {
      case .heading(_, let inlines): "<p><strong>\(HTML.inlines(inlines))</strong></p>"
      case .paragraph(let inlines): "<p>\(HTML.inlines(inlines))</p>"
      case .list(let isOrdered, let start, let items): list(isOrdered, start, items)
      case .quote(let inner): "<blockquote>\(HTML.blocks(inner))</blockquote>"
      case .code(let language, let text): code(text, language: language)
      case .math(let tex):
        "<div class=\"math\" tabindex=\"0\" role=\"group\" aria-label=\"formula\">\(MathML.html(tex, isDisplay: true))</div>"
      case .rule: "<hr>"
      }
    }.joined(separator: "\n")
  }

  static func list(_ isOrdered: Bool, _ start: Int, _ items: [[MarkdownBlock]]) -> String {
    let tag = isOrdered ? "ol" : "ul"
    let inner = items.map { blocks -> String in
      // An item with one paragraph needs no paragraph element.
      if case .paragraph(let inlines)? = blocks.first {
        let rest = blocks.dropFirst()
        return "<li>\(HTML.inlines(inlines))\(rest.isEmpty ? "" : HTML.blocks(Array(rest)))</li>"
      }
      return "<li>\(HTML.blocks(blocks))</li>"
    }
    return "<\(tag)\(isOrdered && start != 1 ? " start=\"\(start)\"" : "")>\(inner.joined())</\(tag)>"
  }

  static func code(_ text: String, language: String) -> String {
    let body =
      switch language {
      case "", "swift": SwiftHighlighter.html(SwiftHighlighter.tokens(text))
      case "python": SwiftHighlighter.html(PythonHighlighter.tokens(text))
      default: text.escapedForMarkup
      }
    return "<pre tabindex=\"0\"><code>\(body)</code></pre>"
  }

  /// A text as a `data:` address; only characters that would end the attribute or the address are encoded.
  static func dataAddress(_ text: String, type: String) -> String {
    var result = "data:\(type);charset=utf-8,"
    for byte in text.utf8 {
      switch byte {
      case 0x20: result += "%20"
      case 0x21, 0x24, 0x28...0x3B, 0x3D, 0x3F...0x5A, 0x5F, 0x61...0x7A, 0x7E:
        result.unicodeScalars.append(Unicode.Scalar(byte))
      default: result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
      }
    }
    return result
  }
}

/// Anchors made from titles; no two are equal.
struct Anchors {
  private let prefix: String
  private var taken: Set<String> = []

  init(prefix: String) { self.prefix = prefix }

  /// Returns the anchor of a title: `ch04-the-question`.
  mutating func make(_ title: String) -> String {
    let words = title.lowercased().split { !($0.isLetter || $0.isNumber) }.prefix(8).joined(separator: "-")
    let stem = "\(prefix.prefix(4))-\(words.isEmpty ? "part" : words)"
    var anchor = stem
    var number = 2
    while !taken.insert(anchor).inserted {
      anchor = "\(stem)-\(number)"
      number += 1
    }
    return anchor
  }
}

/// Changes to gnuplot's pictures before they are shown.
enum SVG {
  /// Returns a picture as a separate file.
  static func standalone(_ svg: String) -> String { "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\(svg)\n" }

  /// Returns a picture with another identifier, which is also the prefix of the ids of its title and description.
  static func renamed(_ svg: String, _ id: String) -> String {
    guard let match = svg.firstMatch(of: #/aria-labelledby="([^" ]+)-t /#) else { return svg }
    return svg.replacing(match.1, with: id)
  }
}
