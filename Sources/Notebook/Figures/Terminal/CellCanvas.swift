// A grid of character cells with colours: what a terminal can show without images.

/// A rectangle of character cells.
package struct CellCanvas {
  /// One character with its colours, as indices in the terminal's palette of 256.
  package struct Cell: Equatable {
    var character: Character = " "
    var color: Int?
    var ground: Int?
    var isBold = false

    package init(character: Character = " ", color: Int? = nil, ground: Int? = nil, isBold: Bool = false) {
      self.character = character
      self.color = color
      self.ground = ground
      self.isBold = isBold
    }
  }

  let width: Int
  private(set) var rows: [[Cell]]

  package init(width: Int, height: Int) {
    self.width = max(width, 1)
    rows = Array(repeating: Array(repeating: Cell(), count: max(width, 1)), count: max(height, 0))
  }

  var height: Int { rows.count }

  /// The cell at a position; nil outside the canvas.
  package subscript(_ x: Int, _ y: Int) -> Cell? {
    get { x >= 0 && x < width && y >= 0 && y < rows.count ? rows[y][x] : nil }
    set { if let newValue, x >= 0, x < width, y >= 0, y < rows.count { rows[y][x] = newValue } }
  }

  /// Whether a number of cells in a row are all empty.
  func isFree(_ x: Int, _ y: Int, _ count: Int) -> Bool {
    guard x >= 0, x + count <= width, y >= 0, y < rows.count else { return false }
    return (x..<(x + count)).allSatisfy { rows[y][$0].character == " " && rows[y][$0].ground == nil }
  }

  /// Writes text starting at a position, truncated at the right edge. Wide characters are replaced to keep the
  /// alignment.
  package mutating func write(
    _ text: String, _ x: Int, _ y: Int, color: Int? = nil, bold: Bool = false, ground: Int? = nil
  ) {
    for (i, character) in text.onOneLine.enumerated() {
      guard x + i < width else { return }
      self[x + i, y] = Cell(character: Self.single(character), color: color, ground: ground, isBold: bold)
    }
  }

  /// The character, or a replacement that takes one column.
  static func single(_ character: Character) -> Character {
    guard let scalar = character.unicodeScalars.first else { return " " }
    switch scalar.value {
    case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe00...0xfe0f, 0xff00...0xff60,
      0x1f000...:
      return "?"
    case 0..<32, 127..<160, 0x200b...0x200f: return " "
    default: return character
    }
  }

  /// The rows as text without trailing spaces, with escape codes if `color` is true.
  package func text(color: Bool) -> String {
    rows.map { row -> String in
      let end = (row.lastIndex { $0.character != " " || $0.ground != nil } ?? -1) + 1
      var line = "", current = Cell()
      for cell in row.prefix(end) {
        if color, cell.color != current.color || cell.ground != current.ground || cell.isBold != current.isBold {
          // Attributes accumulate in a terminal, so reset them before setting others.
          var codes = current == Cell(character: current.character) ? [] : ["0"]
          if cell.isBold { codes.append("1") }
          if let c = cell.color { codes.append("38;5;\(c)") }
          if let g = cell.ground { codes.append("48;5;\(g)") }
          line += "\u{1b}[" + (codes.isEmpty ? ["0"] : codes).joined(separator: ";") + "m"
          current = cell
        }
        line.append(cell.character)
      }
      if color, current.color != nil || current.ground != nil || current.isBold { line += "\u{1b}[0m" }
      return line
    }.joined(separator: "\n")
  }

  /// The nearest of a terminal's 256 colours, from its grey ramp or its cube with six levels per channel.
  static func nearest(_ color: UInt32) -> Int {
    let v = [Int(color >> 16) & 255, Int(color >> 8) & 255, Int(color) & 255]
    let levels = [0, 95, 135, 175, 215, 255]
    let steps = v.map { c in levels.indices.min { abs(levels[$0] - c) < abs(levels[$1] - c) } ?? 0 }
    let cube = zip(steps, v).reduce(0) { $0 + (levels[$1.0] - $1.1) * (levels[$1.0] - $1.1) }
    let step = min(max((v.reduce(0, +) / 3 - 8 + 5) / 10, 0), 23)
    let grey = v.reduce(0) { $0 + (8 + 10 * step - $1) * (8 + 10 * step - $1) }
    return grey < cube ? 232 + step : 16 + 36 * steps[0] + 6 * steps[1] + steps[2]
  }

  /// Keeps only some rows.
  mutating func keep(_ range: ClosedRange<Int>) { rows = Array(rows[range]) }

  /// Truncates a text to a number of characters.
  package static func clip(_ text: String, _ count: Int) -> String {
    let plain = text.onOneLine
    return plain.count <= count ? plain : count < 1 ? "" : String(plain.prefix(count - 1)) + "…"
  }

  /// Breaks a text into lines of at most `count` characters.
  static func wrap(_ text: String, _ count: Int) -> [String] {
    var lines: [String] = []
    for word in text.onOneLine.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= count {
        lines[lines.count - 1] += " " + word
      } else {
        var rest = word[...]
        while rest.count > count {
          lines.append(String(rest.prefix(count)))
          rest = rest.dropFirst(count)
        }
        lines.append(String(rest))
      }
    }
    return lines
  }
}

extension CellCanvas {
  /// The canvas without empty rows at the top and bottom.
  package func trimmed() -> CellCanvas {
    func isEmpty(_ row: [Cell]) -> Bool { row.allSatisfy { $0.character == " " && $0.ground == nil } }
    guard let first = rows.firstIndex(where: { !isEmpty($0) }), let last = rows.lastIndex(where: { !isEmpty($0) })
    else { return self }
    var copy = self
    copy.keep(first...last)
    return copy
  }
}
