// Converts gnuplot's SVG file to a safe, small element for a page, with unique identifiers.

import Basics

/// Reads gnuplot's SVG and writes a small `<svg>` element.
///
/// It uses a whitelist: the elements and attributes that a picture needs are parsed and written again, so nothing else
/// in gnuplot's output reaches the page.
struct SVGSanitizer {
  /// The properties that an element inherits.
  private struct State {
    var fill = "none", stroke = "none", strokeWidth = "1", color = "black"
    var fillOpacity = "", size = "", anchor = "start", weight = "", transform = ""
  }

  private var tags: XMLTagReader
  /// The written elements, for merging and for sharing between frames.
  private(set) var elements: [String] = []
  private let id: String
  private let fontSize: String

  /// Reads a file; nil if it is not a complete SVG file, for example because gnuplot was interrupted.
  init?(_ file: [UInt8], id: String, fontSize: Double) {
    let tail = String(decoding: file.suffix(40), as: UTF8.self)
    guard tail.contains("</svg>") else { return nil }
    tags = XMLTagReader(text: file)
    self.id = id
    self.fontSize = Numbers.script(fontSize)
    read()
  }

  /// The whole element.
  func svg(
    width: Double, height: Double, title: String, description: String, hover: JSONValue? = nil,
    turnsInDark: Bool = false
  ) -> String {
    Self.open(
      id: id, width: width, height: height, fontSize: fontSize, title: title, description: description, hover: hover,
      turnsInDark: turnsInDark)
      + elements.joined() + "</svg>"
  }

  /// The start tag of the element, with its title and description.
  static func open(
    id: String, width: Double, height: Double, fontSize: String, title: String, description: String,
    hover: JSONValue? = nil, turnsInDark: Bool = false
  ) -> String {
    let numbers = hover.map { " data-hover=\"\($0.description.escapedForMarkup)\"" } ?? ""
    return
      "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"plot\(turnsInDark ? " turns" : "")\" role=\"img\" aria-labelledby=\"\(id)-t \(id)-d\" viewBox=\"0 0 \(Numbers.script(width)) \(Numbers.script(height))\" "
      + "font-family=\"Inter, system-ui, sans-serif\" font-size=\"\(fontSize)\" fill=\"none\"\(numbers)>"
      + "<title id=\"\(id)-t\">\(title.escapedForMarkup)</title><desc id=\"\(id)-d\">\(description.escapedForMarkup)</desc>"
  }

  // MARK: Reading

  private mutating func read() {
    var states: [State] = [State()]
    var open: [String] = []
    var ignoring = 0
    var words = ""
    while let tag = tags.next(collecting: &words, open.last == "text") {
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
      case "path", "polygon", "polyline", "rect", "circle", "line", "use", "image":
        var state = states[states.count - 1]
        update(&state, tag.attributes)
        write(tag, state)
      default: break
      }
      if !tag.isEmpty { ignoring += 1 }
    }
  }

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

  /// A colour in a uniform notation, or nil.
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

  /// A number without the zero before its decimal point.
  static func short(_ v: Double) -> String {
    let t = Numbers.script(v, digits: 6)
    return t.hasPrefix("0.") ? String(t.dropFirst()) : t
  }

  private static func isTransform(_ v: String) -> Bool {
    v.utf8.allSatisfy { b in
      (b | 32 >= 97 && b | 32 <= 122) || (b >= 48 && b <= 57) || [32, 40, 41, 44, 45, 46].contains(b)
    }
  }

  /// A path with its numbers rounded to one decimal and its coordinates relative to the previous point, which is
  /// shorter. Numbers without a preceding letter, such as a dash pattern, stay absolute. nil for anything else.
  private static func compact(_ value: String) -> String? {
    enum Mode { case numbers, move, steps, closed }
    var out: [UInt8] = []
    let bytes = Array(value.utf8)
    out.reserveCapacity(bytes.count)
    var mode = Mode.numbers, isY = false, place = (x: 0, y: 0), i = 0
    while i < bytes.count {
      switch bytes[i] {
      case 48...57, 45, 46, 43:
        guard let tenths = tenths(bytes, &i) else { return nil }
        if mode == .move, !isY, out.last != 77 {
          mode = .steps
          out.append(108)
        }
        let before = isY ? place.y : place.x
        if isY { place.y = tenths } else { place.x = tenths }
        switch mode {
        case .numbers: if !out.isEmpty { out.append(44) }
        case .move: if isY { out.append(44) }
        case .steps: if out.last != 108 { out.append(isY ? 44 : 32) }
        case .closed: return nil
        }
        append(mode == .steps ? tenths - before : tenths, to: &out)
        isY.toggle()
      case 77:
        out.append(77)
        (mode, isY) = (.move, false)
        i += 1
      case 90, 122:
        out.append(122)
        mode = .closed
        i += 1
      // After a move, numbers are lines without a letter.
      case 76, 44, 32, 9, 10, 13: i += 1
      default: return nil
      }
    }
    return String(decoding: out, as: UTF8.self)
  }

  /// Reads a number in tenths; nil if it is far too large.
  private static func tenths(_ bytes: [UInt8], _ i: inout Int) -> Int? {
    let isNegative = bytes[i] == 45
    if bytes[i] == 45 || bytes[i] == 43 { i += 1 }
    var whole = 0, tenth = 0, hundredth = 0, decimals = -1
    while i < bytes.count, (48...57).contains(bytes[i]) || bytes[i] == 46 && decimals < 0 {
      let digit = Int(bytes[i]) - 48
      switch decimals {
      case _ where digit < 0: decimals = 0
      case -1: whole = whole * 10 + digit
      case 0: (tenth, decimals) = (digit, 1)
      case 1: (hundredth, decimals) = (digit, 2)
      default: break
      }
      guard whole <= 10_000_000 else { return nil }
      i += 1
    }
    let tenths = whole * 10 + tenth + (hundredth >= 5 ? 1 : 0)
    return isNegative ? -tenths : tenths
  }

  /// Writes tenths as a number, without the zero before its decimal point.
  private static func append(_ tenths: Int, to out: inout [UInt8]) {
    let (whole, tenth) = (abs(tenths) / 10, abs(tenths) % 10)
    if tenths < 0 { out.append(45) }
    if whole > 0 || tenth == 0 { out += Array(String(whole).utf8) }
    if tenth > 0 { out += [46, UInt8(48 + tenth)] }
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

  private mutating func write(_ tag: XMLTagReader.Tag, _ state: State) {
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
      guard let points = a["points"].flatMap({ Self.compact("M" + $0) }), points != "M" else { return }
      // Written as a path, so that equal neighbours become one element; translucent ones would not overlap correctly.
      append(
        "<path\(look) d=\"", points + (tag.name == "polygon" ? "z" : ""),
        mergeable: state.fill == "none" || state.fillOpacity.isEmpty || state.fillOpacity == "1")
    case "rect":
      elements.append(
        "<rect\(look) x=\"\(n("x"))\" y=\"\(n("y"))\" width=\"\(n("width"))\" height=\"\(n("height"))\"/>")
    case "circle":
      elements.append("<circle\(look) cx=\"\(n("cx"))\" cy=\"\(n("cy"))\" r=\"\(n("r"))\"/>")
    case "line":
      elements.append("<line\(look) x1=\"\(n("x1"))\" y1=\"\(n("y1"))\" x2=\"\(n("x2"))\" y2=\"\(n("y2"))\"/>")
    case "use":
      guard let name = (a["xlink:href"] ?? a["href"])?.dropPrefix("#gpPt"), let shape = MarkerShape.byNumber[name],
        let (x, y, size) = a["transform"].flatMap(Self.placement)
      else { return }
      // All markers of a series become one small path.
      append("<path\(shape.look(color: state.color, size: size)) d=\"", shape.path(x, y, size), mergeable: true)
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

  /// Appends a path, or extends the previous one if it looks the same.
  private mutating func append(_ start: String, _ d: String, mergeable: Bool) {
    if mergeable, let last = elements.last, last.hasPrefix(start), last.hasSuffix("\"/>"), last.utf8.count < 60_000 {
      elements[elements.count - 1] = String(last.dropLast(3)) + d + "\"/>"
    } else {
      elements.append(start + d + "\"/>")
    }
  }

  /// The colours of text that is on the background or on a cell, never on lines.
  private static let plainInks: Set<String> = Set(
    [Palette.ink.light, PlotStyle.inkOnPale, PlotStyle.inkOnDeep, "#000000", "#ffffff"].compactMap(paint)
      + ["black", "white"])

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
    // Coloured and muted text may overlap lines: a halo in the page's background colour keeps it readable.
    if !Self.plainInks.contains(state.fill) {
      a += " style=\"paint-order:stroke;stroke:var(--bg,#fff);stroke-width:4px;stroke-linejoin:round\""
    }
    elements.append("<text\(a)>\(text.escapedForMarkup)</text>")
  }

  /// The position and the size of `translate(x,y) scale(s)`.
  private static func placement(_ transform: String) -> (x: Double, y: Double, size: Double)? {
    guard isTransform(transform), let (x, y) = translation(transform), let px = Double(x), let py = Double(y),
      let start = transform.firstRange(of: "scale(")?.upperBound,
      let size = Double(transform[start...].prefix { $0 != ")" }), size.isFinite
    else { return nil }
    return (px, py, size)
  }

  /// The two numbers of `translate(x,y)`.
  private static func translation(_ transform: String) -> (String, String)? {
    guard let rest = transform.dropPrefix("translate("), let close = rest.firstIndex(of: ")") else { return nil }
    let parts = rest[..<close].split(separator: ",")
    guard parts.count == 2, let x = number(String(parts[0])), let y = number(String(parts[1])) else { return nil }
    return (x, y)
  }
}

extension String {
  /// The text after a prefix; nil if the prefix is missing.
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
