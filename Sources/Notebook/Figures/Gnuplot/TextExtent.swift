// How wide a text will be.

/// How much room a text takes, estimated from Inter's widths with a margin for the fonts that replace it.
package enum TextExtent {
  /// Inter's advance widths for the characters 32 … 126, in hundredths of the size.
  private static let widths: [Double] = [
    28, 28, 40, 63, 64, 81, 64, 22, 36, 36, 50, 66, 28, 46, 28, 36, 62, 46, 61, 64, 64, 61, 62, 57, 62, 62, 28, 28,
    66, 66, 66, 51, 94, 68, 65, 73, 72, 60, 59, 74, 74, 26, 54, 65, 56, 89, 75, 76, 63, 76, 64, 64, 64, 74, 68, 95,
    64, 66, 62, 36, 36, 36, 47, 45, 50, 56, 62, 56, 62, 58, 36, 61, 59, 24, 24, 54, 24, 87, 59, 60, 61, 61, 37, 52,
    36, 58, 56, 81, 54, 56, 54, 36, 33, 36, 66,
  ]

  /// The width of a text at a size, in pixels.
  static func width(_ text: String, _ size: Double, bold: Bool = false) -> Double {
    var sum = 0.0
    for character in text {
      guard let scalar = character.unicodeScalars.first else { continue }
      switch scalar.value {
      case 32...126: sum += widths[Int(scalar.value) - 32]
      case 0x2070...0x209f, 0xb9, 0xb2, 0xb3: sum += 42
      case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xff00...0xff60, 0x1f300...0x1faff:
        sum += 105
      case 0x2190...0x21ff, 0x2014: sum += 100
      default: sum += 64
      }
    }
    return sum / 100 * size * (bold ? 1.1 : 1.05)
  }

  /// Breaks a text into lines no wider than `limit`, at spaces; a longer word stays whole.
  static func wrap(_ text: String, _ size: Double, limit: Double, bold: Bool = false, lines most: Int = 3) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, lines.count == most || width(last + " " + word, size, bold: bold) <= limit {
        lines[lines.count - 1] = last + " " + word
      } else {
        lines.append(String(word))
      }
    }
    return lines.isEmpty ? [""] : lines
  }

  /// Cuts a text to `limit`, with an ellipsis.
  package static func clip(_ text: String, _ size: Double, limit: Double, bold: Bool = false) -> String {
    guard width(text, size, bold: bold) > limit else { return text }
    var kept = text
    while kept.count > 1, width(kept + "…", size, bold: bold) > limit { kept.removeLast() }
    return kept + "…"
  }
}
