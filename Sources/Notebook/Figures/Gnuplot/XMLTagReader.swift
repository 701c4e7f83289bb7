// Reads the tags of an XML file in sequence.

/// Reads tags with their attributes, and the text between them.
///
/// It reads gnuplot's files and tolerates malformed XML. (FoundationXML would work too, but it adds 30 to 70 ms to the
/// start of every program, and requires libxml2 and a second ICU.)
struct XMLTagReader {
  /// The parsed data of an element's tag.
  struct Tag {
    var name: String
    var attributes: [String: String]
    var isClosing: Bool
    var isEmpty: Bool
  }

  let text: [UInt8]
  private var at = 0

  init(text: [UInt8]) { self.text = text }

  /// The next tag, with the text before it; nil at the end. Comments, declarations and processing instructions are
  /// skipped.
  mutating func next(collecting words: inout String, _ collects: Bool) -> Tag? {
    while true {
      let start = at
      while at < text.count, text[at] != 60 { at += 1 }
      if collects, at > start { words += unescape(String(decoding: text[start..<at], as: UTF8.self)) }
      guard at < text.count else { return nil }
      if starts(with: "<!--") {
        while at < text.count, !starts(with: "-->") { at += 1 }
        continue
      }
      if at + 1 < text.count, text[at + 1] == 33 || text[at + 1] == 63 {
        while at < text.count, text[at] != 62 { at += 1 }
        continue
      }
      return tag()
    }
  }

  private func starts(with part: StaticString) -> Bool {
    part.withUTF8Buffer { bytes in
      guard at + bytes.count <= text.count else { return false }
      return bytes.indices.allSatisfy { text[at + $0] == bytes[$0] }
    }
  }

  private mutating func tag() -> Tag {
    at += 1
    var tag = Tag(name: "", attributes: [:], isClosing: false, isEmpty: false)
    if at < text.count, text[at] == 47 {
      tag.isClosing = true
      at += 1
    }
    func isNameByte(_ b: UInt8) -> Bool {
      (b | 32 >= 97 && b | 32 <= 122) || (b >= 48 && b <= 58) || b == 45 || b == 95
    }
    func name() -> String {
      let start = at
      while at < text.count, isNameByte(text[at]) { at += 1 }
      return String(decoding: text[start..<at], as: UTF8.self)
    }
    tag.name = name()
    while at < text.count, text[at] != 62 {
      if text[at] == 47 {
        tag.isEmpty = true
        at += 1
      } else if isNameByte(text[at]) {
        let key = name()
        while at < text.count, text[at] <= 32 { at += 1 }
        guard at < text.count, text[at] == 61 else { continue }
        at += 1
        while at < text.count, text[at] <= 32 { at += 1 }
        guard at < text.count, text[at] == 34 || text[at] == 39 else { continue }
        let quote = text[at]
        at += 1
        let start = at
        while at < text.count, text[at] != quote { at += 1 }
        tag.attributes[key] = String(decoding: text[start..<at], as: UTF8.self)
        at += 1
      } else {
        at += 1
      }
    }
    at += 1
    return tag
  }

  /// XML text with its entities replaced by characters.
  private func unescape(_ text: String) -> String {
    guard text.contains("&") else { return text }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
  }
}
