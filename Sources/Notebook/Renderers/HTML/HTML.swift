// The pieces of HTML: escaping, anchors, Markdown.

import Foundation

/// Writes text as HTML. Every text of a page goes through here; nothing in it can become a tag or a script.
enum HTML {
  /// Escapes text for elements and quoted attributes; control characters vanish.
  static func escape(_ text: String) -> String {
    var result = ""
    result.reserveCapacity(text.utf8.count + 16)
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      case "\n", "\t": result.unicodeScalars.append(scalar)
      case _ where scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value): continue
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result
  }

  /// Whether a link may be followed: other pages, mail, places in this one; no scripts, no data.
  static func isSafe(_ destination: String) -> Bool {
    let text = destination.trimmed.lowercased().filter { !$0.isWhitespace && ($0.asciiValue ?? 32) >= 32 }
    guard let colon = text.firstIndex(of: ":") else { return !text.hasPrefix("//") }
    let scheme = text[..<colon]
    if scheme.contains("/") || scheme.contains("#") || scheme.contains("?") { return true }
    return ["http", "https", "mailto"].contains(scheme)
  }

  /// Markdown spans as HTML.
  static func inlines(_ inlines: [Inline]) -> String {
    inlines.map { inline in
      switch inline {
      case .text(let text): escape(text.withMeasuresTogether)
      case .emphasis(let inner): "<em>\(HTML.inlines(inner))</em>"
      case .strong(let inner): "<strong>\(HTML.inlines(inner))</strong>"
      case .code(let text): "<code>\(escape(text))</code>"
      case .math(let tex): MathML.html(tex, isDisplay: false)
      case .lineBreak: "<br>"
      case .link(let inner, let destination):
        isSafe(destination)
          ? "<a href=\"\(escape(destination))\"\(destination.hasPrefix("http") ? " rel=\"noopener noreferrer\"" : "")>\(HTML.inlines(inner))</a>"
          : HTML.inlines(inner)
      }
    }.joined()
  }

  /// A line of Markdown as HTML.
  static func markdown(_ text: String) -> String { inlines(Markdown.inlines(text)) }

  /// Returns HTML in which a name with a number behind its hyphen, as LeNet-5++, is never broken at that hyphen.
  static func keepingNames(_ html: String) -> String {
    // Tags are matched too, and left alone: an address may have such a name in it.
    html.replacing(#/<[^>]*>|[A-Za-z]+-[0-9][A-Za-z0-9]*\+*/#) { match in
      match.output.hasPrefix("<") ? String(match.output) : "<span class=\"whole\">\(match.output)</span>"
    }
  }

  /// Markdown blocks inside another block, where headings would break the outline.
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
      // An item of one paragraph needs no paragraph.
      if case .paragraph(let inlines)? = blocks.first {
        let rest = blocks.dropFirst()
        return "<li>\(HTML.inlines(inlines))\(rest.isEmpty ? "" : HTML.blocks(Array(rest)))</li>"
      }
      return "<li>\(HTML.blocks(blocks))</li>"
    }
    return "<\(tag)\(isOrdered && start != 1 ? " start=\"\(start)\"" : "")>\(inner.joined())</\(tag)>"
  }

  static func code(_ text: String, language: String) -> String {
    let body = language.isEmpty || language == "swift" ? SwiftHighlighter.html(text) : escape(text)
    return "<pre tabindex=\"0\"><code>\(body)</code></pre>"
  }

  /// A text as a `data:` address; only what would end the attribute or the address is encoded.
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

/// What a page does to gnuplot's pictures before they are shown.
enum SVG {
  /// Returns a picture as a file of its own, its text in ink instead of the marker colour.
  static func standalone(_ svg: String) -> String {
    "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
      + svg.replacing("rgb(1,2,3)", with: "#1d2024").replacing("rgb(  1,   2,   3)", with: "#1d2024") + "\n"
  }

  /// Returns a picture with another identifier: those of its title, its description and its markers begin with it.
  static func renamed(_ svg: String, _ id: String) -> String {
    guard let match = svg.firstMatch(of: #/aria-labelledby="([^" ]+)-t /#) else { return prefixed(svg, id + "-") }
    return svg.replacing(match.1, with: id)
  }

  /// Returns a picture whose identifiers begin with a prefix, so that pictures of several pages can stand in one book.
  private static func prefixed(_ svg: String, _ prefix: String) -> String {
    var result = svg
    for quote in ["\"", "'"] {
      result = result.replacing(" id=\(quote)", with: " id=\(quote)\(prefix)")
      result = result.replacing("href=\(quote)#", with: "href=\(quote)#\(prefix)")
    }
    return result.replacing("url(#", with: "url(#\(prefix)")
  }
}

/// SHA-256, for the page's promise that only its own scripts run.
///
/// Source: FIPS 180-4.
enum SHA256 {
  private static let constants: [UInt32] = {
    // The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes.map { root($0, power: 3) }
  }()
  private static let start: [UInt32] = [2, 3, 5, 7, 11, 13, 17, 19].map { root($0, power: 2) }

  /// The first 32 bits of the fractional part of a root, found bit by bit in whole numbers.
  private static func root(_ value: UInt64, power: Int) -> UInt32 {
    // The largest r with r^power ≤ value · 2^(32·power): r / 2^32 is the root.
    var low: UInt64 = 0
    var high: UInt64 = 1 << 37
    func isTooLarge(_ r: UInt64) -> Bool {
      // r^power against value·2^(32·power) in 128 bits and more: compare r^2·r >> 64 with care.
      let square = r.multipliedFullWidth(by: r)
      if power == 2 { return square.high > value || (square.high == value && square.low > 0) }
      let lower = square.low.multipliedFullWidth(by: r)
      let upper = square.high.multipliedFullWidth(by: r)
      let (middle, carry) = lower.high.addingReportingOverflow(upper.low)
      let top = upper.high + (carry ? 1 : 0)
      // The product is top·2^128 + middle·2^64 + lower.low; the limit is value·2^96.
      let limitTop = value >> 32
      let limitMiddle = value << 32
      if top != limitTop { return top > limitTop }
      if middle != limitMiddle { return middle > limitMiddle }
      return lower.low > 0
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if isTooLarge(middle) { high = middle } else { low = middle }
    }
    return UInt32(truncatingIfNeeded: low)
  }

  /// Returns the digest in base 64.
  static func base64(_ text: String) -> String { Data(digest(Array(text.utf8))).base64EncodedString() }

  /// Returns the 32 bytes of the digest.
  static func digest(_ message: [UInt8]) -> [UInt8] {
    var bytes = message + [0x80]
    while bytes.count % 64 != 56 { bytes.append(0) }
    let bits = UInt64(message.count) * 8
    bytes += (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
    var hash = start
    func rotate(_ x: UInt32, _ n: UInt32) -> UInt32 { (x >> n) | (x << (32 - n)) }
    for block in stride(from: 0, to: bytes.count, by: 64) {
      var w = (0..<16).map { i -> UInt32 in
        (0..<4).reduce(0) { ($0 << 8) | UInt32(bytes[block + 4 * i + $1]) }
      }
      for i in 16..<64 {
        let a = rotate(w[i - 15], 7) ^ rotate(w[i - 15], 18) ^ (w[i - 15] >> 3)
        let b = rotate(w[i - 2], 17) ^ rotate(w[i - 2], 19) ^ (w[i - 2] >> 10)
        w.append(w[i - 16] &+ a &+ w[i - 7] &+ b)
      }
      var v = hash
      for i in 0..<64 {
        let s1 = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25)
        let choice = (v[4] & v[5]) ^ (~v[4] & v[6])
        let t1 = v[7] &+ s1 &+ choice &+ constants[i] &+ w[i]
        let s0 = rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)
        let majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2])
        v = [t1 &+ s0 &+ majority, v[0], v[1], v[2], v[3] &+ t1, v[4], v[5], v[6]]
      }
      hash = zip(hash, v).map { $0 &+ $1 }
    }
    return hash.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(24 - 8 * $0)) } }
  }
}
