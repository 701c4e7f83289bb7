// The width of text in a terminal, where a Korean syllable takes two columns and a combining accent none.

extension Character {
  /// The number of terminal columns.
  var columns: Int {
    guard let scalar = unicodeScalars.first else { return 0 }
    let value = scalar.value
    if value < 0x300 { return value < 0x20 || (0x7F..<0xA0).contains(value) ? 0 : 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch value {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F,
      0x1F900...0x1F9FF, 0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}

extension StringProtocol {
  /// The number of terminal columns.
  package var columns: Int { reduce(0) { $0 + $1.columns } }

  /// The text padded with spaces on the right.
  func padded(to width: Int) -> String { String(self) + String(repeating: " ", count: Swift.max(width - columns, 0)) }

  /// The text padded with spaces on the left.
  func paddedLeft(to width: Int) -> String {
    String(repeating: " ", count: Swift.max(width - columns, 0)) + String(self)
  }

  /// The text centred in a width.
  func centered(in width: Int) -> String {
    let space = Swift.max(width - columns, 0)
    return String(repeating: " ", count: space / 2) + String(self) + String(repeating: " ", count: space - space / 2)
  }

  /// The text without trailing spaces.
  var withoutTrailingSpaces: String {
    var text = String(self)
    while text.last == " " { text.removeLast() }
    return text
  }

  /// The text with no-break spaces inside measurements: `51 %`, `0.80 ± 0.02`.
  var withMeasuresTogether: String {
    String(self).replacing(" %", with: "\u{A0}%").replacing(" ± ", with: "\u{A0}±\u{A0}")
  }
}
