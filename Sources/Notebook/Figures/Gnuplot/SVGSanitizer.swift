// Turns gnuplot's SVG file into an element that can stand in a page: harmless, small, with ids of its own.

import Basics

/// Reads gnuplot's SVG and writes a small `<svg>` element.
///
/// It is a whitelist: elements and attributes that a picture needs are read, understood and written anew, so nothing
/// that gnuplot, a label or a newer version lets through reaches the page.
struct SVGSanitizer {
  // Not FoundationXML: it adds a fifth to the start-up of every program, and libxml2 with an ICU of its own to its needs.

  /// What was read of an element.
  private struct Tag {
    var name: String
    var attributes: [String: String]
    var isClosing: Bool
    var isEmpty: Bool
  }

  /// The properties that an element has from those around it.
  private struct State {
    var fill = "none", stroke = "none", strokeWidth = "1", color = "black"
    var fillOpacity = "", size = "", anchor = "start", weight = "", transform = ""
  }

  private let text: [UInt8]
  private var at = 0
  /// The elements written, for merging and for sharing between frames.
  private(set) var elements: [String] = []
  private var defined: [String: String] = [:]
  private var used: Set<String> = []
  private let id: String
  private let fontSize: String

  /// Reads a file; nil where it is not a complete SVG file, as when gnuplot was ended half-way.
  init?(_ file: [UInt8], id: String, fontSize: Double) {
    let tail = String(decoding: file.suffix(40), as: UTF8.self)
    guard tail.contains("</svg>") else { return nil }
    text = file
    self.id = id
    self.fontSize = Numbers.script(fontSize)
    read()
  }

  /// The whole element.
  func svg(width: Double, height: Double, title: String, description: String) -> String {
    Self.open(id: id, width: width, height: height, fontSize: fontSize, title: title, description: description)
      + definitions() + elements.joined() + "</svg>"
  }

  /// The start of an element with its texts.
  static func open(id: String, width: Double, height: Double, fontSize: String, title: String, description: String)
    -> String
  {
    "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\" role=\"img\" aria-labelledby=\"\(id)-t \(id)-d\" viewBox=\"0 0 \(Numbers.script(width)) \(Numbers.script(height))\" "
      + "font-family=\"Inter, system-ui, sans-serif\" font-size=\"\(fontSize)\" fill=\"none\">"
      + "<title id=\"\(id)-t\">\(title.escapedForMarkup)</title><desc id=\"\(id)-d\">\(description.escapedForMarkup)</desc>"
  }

  /// The marker shapes that are used.
  func definitions() -> String {
    guard !used.isEmpty else { return "" }
    return "<defs>" + used.sorted().compactMap { defined[$0] }.joined() + "</defs>"
  }

  // MARK: Reading

  private mutating func read() {
    var states: [State] = [State()]
    var open: [String] = []
    var ignoring = 0
    var words = ""
    while let tag = nextTag(collecting: &words, open.last == "text") {
      if tag.isClosing {
        if ignoring > 0 {
          ignoring -= 1
          continue
        }
        if tag.name == "text", let state = states.last { write(words, state) }
        if !open.isEmpty { open.removeLast() }
        if states.count > 1 { states.removeLast() }
        continue
      }
      if ignoring > 0 {
        if !tag.isEmpty { ignoring += 1 }
        continue
      }
      switch tag.name {
      case "svg", "g", "text":
        var state = states[states.count - 1]
        update(&state, tag.attributes)
        if tag.name == "text" { words = "" }
        if !tag.isEmpty {
          states.append(state)
          open.append(tag.name)
        }
        continue
      case "defs":
        if !tag.isEmpty { readDefinitions() }
        continue
      case "path", "polygon", "polyline", "rect", "circle", "line", "use", "image":
        var state = states[states.count - 1]
        update(&state, tag.attributes)
        write(tag, state)
      default: break
      }
      if !tag.isEmpty { ignoring += 1 }
    }
  }

  /// The next tag, with the text before it; nil at the end. Comments, declarations and instructions are skipped.
  private mutating func nextTag(collecting words: inout String, _ collects: Bool) -> Tag? {
    while true {
      let start = at
      while at < text.count, text[at] != 60 { at += 1 }
      if collects, at > start { words += Self.unescape(String(decoding: text[start..<at], as: UTF8.self)) }
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

  /// The marker shapes, by name.
  private mutating func readDefinitions() {
    var words = ""
    var depth = 0
    while let tag = nextTag(collecting: &words, false) {
      if tag.name == "defs", tag.isClosing { return }
      if tag.isClosing {
        depth -= 1
        continue
      }
      if !tag.isEmpty { depth += 1 }
      guard let name = tag.attributes["id"], depth == 0 || !tag.isEmpty else { continue }
      // gnuplot's fourteen shapes refer to each other; here each is drawn in full.
      guard let number = name.dropPrefix("gpPt"), let shape = Self.shapes[number] else { continue }
      defined[number] = "<path id=\"\(id)-m\(number)\" \(shape)/>"
    }
  }

  /// The shapes of the markers in use, in gnuplot's unit.
  private static let shapes: [String: String] = {
    let round = "M1,0A1,1 0 1 1 -1,0A1,1 0 1 1 1,0z"
    let up = "M0,-1.33L-1.33,.67L1.33,.67z", down = "M0,1.33L-1.33,-.67L1.33,-.67z"
    let square = "M-1,-1H1V1H-1z", diamond = "M0,-1.41L1.41,0L0,1.41L-1.41,0z"
    let pentagon = "M0,1.33L1.265,.411L.782,-1.067L-.782,-1.067L-1.265,.411z"
    func full(_ d: String) -> String { "fill=\"currentColor\" d=\"\(d)\"" }
    func empty(_ d: String) -> String { "stroke=\"currentColor\" stroke-width=\".35\" d=\"\(d)\"" }
    return [
      "0": empty("M-1,0H1M0,-1V1"), "1": empty("M-1,-1L1,1M1,-1L-1,1"),
      "2": empty("M-1,0H1M0,-1V1M-1,-1L1,1M-1,1L1,-1"),
      "3": empty(square), "4": full(square), "5": empty(round), "6": full(round), "7": empty(up), "8": full(up),
      "9": empty(down), "10": full(down), "11": empty(diamond), "12": full(diamond), "13": empty(pentagon),
      "14": full(pentagon),
    ]
  }()

  // MARK: State

  private func update(_ state: inout State, _ a: [String: String]) {
    if let v = a["color"].flatMap(Self.paint) { state.color = v }
    if let v = a["fill"].flatMap(Self.paint) { state.fill = v == "currentColor" ? state.color : v }
    if let v = a["stroke"].flatMap(Self.paint) { state.stroke = v == "currentColor" ? state.color : v }
    if let v = a["stroke-width"].flatMap(Self.number) { state.strokeWidth = v }
    if let v = a["fill-opacity"].flatMap(Self.number) { state.fillOpacity = v }
    if let v = a["font-size"].flatMap(Self.number) { state.size = v }
    if let v = a["text-anchor"], ["start", "middle", "end"].contains(v) { state.anchor = v }
    if a["font-weight"] == "bold" || a["font-family"]?.hasSuffix(":Bold") == true { state.weight = "bold" }
    if let v = a["transform"], Self.isTransform(v) { state.transform = v }
  }

  /// A colour in one spelling, or nil.
  private static func paint(_ value: String) -> String? {
    let v = value.filter { $0 != " " }
    if v.hasPrefix("rgb("), v.hasSuffix(")") {
      let parts = v.dropFirst(4).dropLast().split(separator: ",").compactMap { Int($0) }
      guard parts.count == 3, parts.allSatisfy({ (0...255).contains($0) }) else { return nil }
      return "rgb(\(parts[0]),\(parts[1]),\(parts[2]))"
    }
    if v.hasPrefix("#"), v.count == 7, let packed = UInt32(v.dropFirst(), radix: 16) {
      return "rgb(\(packed >> 16),\((packed >> 8) & 255),\(packed & 255))"
    }
    return ["none", "black", "white", "gray", "currentColor"].contains(v) ? v : nil
  }

  /// A number with at most two decimals, or nil.
  private static func number(_ value: String) -> String? {
    guard let v = Double(value.hasSuffix("px") ? String(value.dropLast(2)) : value), v.isFinite else { return nil }
    return short((v * 100).rounded() / 100)
  }

  private static func short(_ v: Double) -> String {
    let t = Numbers.script(v, digits: 6)
    return t.hasPrefix("0.") ? String(t.dropFirst()) : t
  }

  private static func isTransform(_ v: String) -> Bool {
    v.utf8.allSatisfy { b in
      (b | 32 >= 97 && b | 32 <= 122) || (b >= 48 && b <= 57) || [32, 40, 41, 44, 45, 46].contains(b)
    }
  }

  /// A path's or polygon's numbers to one decimal; nil where it has anything else in it.
  private static func compact(_ value: String) -> String? {
    var out: [UInt8] = []
    let bytes = Array(value.utf8)
    out.reserveCapacity(bytes.count)
    var i = 0
    while i < bytes.count {
      let b = bytes[i]
      switch b {
      case 48...57, 45, 46, 43:
        let isNegative = b == 45
        if b == 45 || b == 43 { i += 1 }
        var whole = 0, tenth = 0, hundredth = 0, place = 0
        while i < bytes.count, (bytes[i] >= 48 && bytes[i] <= 57) || (bytes[i] == 46 && place == 0) {
          if bytes[i] == 46 {
            place = 1
          } else if place == 0 {
            whole = whole * 10 + Int(bytes[i] - 48)
            if whole > 10_000_000 { return nil }
          } else {
            if place == 1 { tenth = Int(bytes[i] - 48) }
            if place == 2 { hundredth = Int(bytes[i] - 48) }
            place += 1
          }
          i += 1
        }
        var tenths = whole * 10 + tenth + (hundredth >= 5 ? 1 : 0)
        if isNegative { tenths = -tenths }
        if let last = out.last, (last >= 48 && last <= 57) || last == 46 { if tenths >= 0 { out.append(32) } }
        if tenths < 0 { out.append(45) }
        let size = abs(tenths)
        out.append(contentsOf: Array(String(size / 10).utf8))
        if size % 10 != 0 { out += [46, UInt8(48 + size % 10)] }
      case 77, 76, 90, 109, 108, 122, 72, 104, 86, 118:
        // A line follows a move by itself.
        if b == 76, out.contains(where: { $0 == 77 }) { if out.last != 32 { out.append(32) } } else { out.append(b) }
        i += 1
      case 44:
        out.append(44)
        i += 1
      case 32, 9, 10, 13:
        if let last = out.last, (last >= 48 && last <= 57) { out.append(32) }
        i += 1
      default: return nil
      }
    }
    while out.last == 32 { out.removeLast() }
    return String(decoding: out, as: UTF8.self)
  }

  // MARK: Writing

  private func attributes(_ state: State) -> String {
    var a = ""
    if state.fill != "none" { a += " fill=\"\(state.fill)\"" }
    if state.fill != "none", !state.fillOpacity.isEmpty, state.fillOpacity != "1" {
      a += " fill-opacity=\"\(state.fillOpacity)\""
    }
    if state.stroke != "none" {
      a += " stroke=\"\(state.stroke)\""
      if state.strokeWidth != "1" { a += " stroke-width=\"\(state.strokeWidth)\"" }
    }
    return a
  }

  private mutating func write(_ tag: Tag, _ state: State) {
    let a = tag.attributes
    guard state.fill != "none" || state.stroke != "none" || tag.name == "use" || tag.name == "image" else { return }
    var look = attributes(state)
    if state.stroke != "none", let dashes = a["stroke-dasharray"], let kept = Self.compact(dashes), !kept.isEmpty {
      look += " stroke-dasharray=\"\(kept)\""
    }
    func n(_ key: String) -> String { a[key].flatMap(Self.number) ?? "0" }
    switch tag.name {
    case "path":
      guard let d = a["d"].flatMap(Self.compact), !d.isEmpty else { return }
      append(
        "<path\(look) d=\"", d, mergeable: state.fill == "none" || state.fillOpacity.isEmpty || state.fillOpacity == "1"
      )
    case "polygon", "polyline":
      guard let points = a["points"].flatMap(Self.compact), !points.isEmpty else { return }
      // Written as a path, so that equal neighbours become one element; translucent ones would not add up.
      append(
        "<path\(look) d=\"", "M" + points + (tag.name == "polygon" ? "z" : ""),
        mergeable: state.fill == "none" || state.fillOpacity.isEmpty || state.fillOpacity == "1")
    case "rect":
      elements.append(
        "<rect\(look) x=\"\(n("x"))\" y=\"\(n("y"))\" width=\"\(n("width"))\" height=\"\(n("height"))\"/>")
    case "circle":
      elements.append("<circle\(look) cx=\"\(n("cx"))\" cy=\"\(n("cy"))\" r=\"\(n("r"))\"/>")
    case "line":
      elements.append("<line\(look) x1=\"\(n("x1"))\" y1=\"\(n("y1"))\" x2=\"\(n("x2"))\" y2=\"\(n("y2"))\"/>")
    case "use":
      guard let name = (a["xlink:href"] ?? a["href"])?.dropPrefix("#gpPt"), Self.shapes[name] != nil,
        let transform = a["transform"], Self.isTransform(transform)
      else { return }
      // Dots as round-ended strokes of no length: all dots of a cloud become one small path.
      if name == "6", let (x, y, size) = Self.placement(transform) {
        append(
          "<path stroke=\"\(state.color)\" stroke-width=\"\(size)\" stroke-linecap=\"round\" d=\"", "M\(x),\(y)h0",
          mergeable: true)
        return
      }
      used.insert(name)
      defined[name] = "<path id=\"\(id)-m\(name)\" \(Self.shapes[name] ?? "")/>"
      elements.append(
        "<use href=\"#\(id)-m\(name)\" transform=\"\(transform.replacing(" scale", with: "scale"))\" color=\"\(state.color)\"/>"
      )
    case "image":
      guard let source = a["xlink:href"] ?? a["href"], let data = source.dropPrefix("data:image/png;base64,"),
        data.utf8.allSatisfy({ ($0 | 32 >= 97 && $0 | 32 <= 122) || ($0 >= 47 && $0 <= 57) || $0 == 43 || $0 == 61 })
      else { return }
      elements.append(
        "<image x=\"\(n("x"))\" y=\"\(n("y"))\" width=\"\(n("width"))\" height=\"\(n("height"))\" preserveAspectRatio=\"none\" "
          + "image-rendering=\"pixelated\" style=\"image-rendering:pixelated\" href=\"data:image/png;base64,\(data)\"/>"
      )
    default: break
    }
  }

  /// Appends a path, to the one before it where that looks the same.
  private mutating func append(_ start: String, _ d: String, mergeable: Bool) {
    if mergeable, let last = elements.last, last.hasPrefix(start), last.hasSuffix("\"/>"), last.utf8.count < 60_000 {
      elements[elements.count - 1] = String(last.dropLast(3)) + d + "\"/>"
    } else {
      elements.append(start + d + "\"/>")
    }
  }

  private mutating func write(_ words: String, _ state: State) {
    let text = words
    guard text.contains(where: { $0 != " " && $0 != "\n" }) else { return }
    var a = ""
    if let (x, y) = Self.translation(state.transform), !state.transform.contains("rotate") {
      a = " x=\"\(x)\" y=\"\(y)\""
    } else {
      a = " transform=\"\(state.transform)\""
    }
    a += " fill=\"\(state.fill)\""
    if !state.size.isEmpty, state.size != fontSize { a += " font-size=\"\(state.size)\"" }
    if state.anchor != "start" { a += " text-anchor=\"\(state.anchor)\"" }
    if state.weight == "bold" { a += " font-weight=\"700\"" }
    // Coloured and muted text may stand on lines: a halo in the page's colour keeps it readable.
    if !["rgb(1,2,3)", "rgb(2,2,2)", "rgb(253,253,254)", "rgb(0,0,0)", "rgb(255,255,255)", "black", "white"].contains(
      state.fill)
    {
      a += " style=\"paint-order:stroke;stroke:var(--bg,#fff);stroke-width:4px;stroke-linejoin:round\""
    }
    elements.append("<text\(a)>\(text.escapedForMarkup)</text>")
  }

  /// The place and twice the size of `translate(x,y) scale(s)`.
  private static func placement(_ transform: String) -> (String, String, String)? {
    guard let (x, y) = translation(transform), let start = transform.firstRange(of: "scale(")?.upperBound,
      let scale = Double(transform[start...].prefix { $0 != ")" }), scale.isFinite
    else { return nil }
    return (x, y, short((scale * 200).rounded() / 100))
  }

  /// The two numbers of `translate(x,y)`.
  private static func translation(_ transform: String) -> (String, String)? {
    guard let rest = transform.dropPrefix("translate("), let close = rest.firstIndex(of: ")") else { return nil }
    let parts = rest[..<close].split(separator: ",")
    guard parts.count == 2, let x = number(String(parts[0])), let y = number(String(parts[1])) else { return nil }
    return (x, y)
  }

  /// XML text as characters.
  private static func unescape(_ text: String) -> String {
    guard text.contains("&") else { return text }
    return text.replacing("&lt;", with: "<").replacing("&gt;", with: ">").replacing("&quot;", with: "\"")
      .replacing("&#39;", with: "'").replacing("&apos;", with: "'").replacing("&amp;", with: "&")
  }
}

extension String {
  /// What follows a prefix; nil without it.
  func dropPrefix(_ prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

  /// This text with every occurrence of `part` replaced.
  func replacing(_ part: String, with other: String) -> String {
    guard !part.isEmpty, contains(part) else { return self }
    var result = "", rest = self[...]
    while let range = rest.firstRange(of: part) {
      result += rest[..<range.lowerBound]
      result += other
      rest = rest[range.upperBound...]
    }
    return result + rest
  }
}
