// Estimates the width of text.

/// Estimates of the width of text from the widths of Inter, with a margin for fallback fonts.
package enum TextExtent {
  /// The larger of the advance widths of Inter and DejaVu Sans for the characters 32 … 126, in hundredths of the font
  /// size. A reader has one of the two, or a font between them.
  private static let widths: [Double] = [
    32, 41, 46, 84, 68, 96, 78, 28, 40, 40, 53, 84, 32, 49, 32, 38, 66, 64, 65, 68, 68, 65, 66, 64, 66, 66, 34, 34,
    84, 84, 84, 54, 100, 72, 69, 77, 78, 64, 62, 78, 78, 30, 57, 69, 59, 94, 79, 80, 67, 80, 70, 68, 68, 78, 72, 100,
    69, 70, 69, 40, 38, 40, 84, 50, 53, 62, 66, 59, 66, 62, 38, 65, 64, 28, 28, 58, 28, 98, 64, 63, 65, 65, 42, 55,
    40, 64, 60, 86, 60, 60, 57, 64, 35, 64, 84,
  ]

  /// The width of a text in a font size, in pixels.
  static func width(_ text: String, _ size: Double, bold: Bool = false) -> Double {
    var sum = 0.0
    for character in text {
      guard let scalar = character.unicodeScalars.first else { continue }
      switch scalar.value {
      case 32...126: sum += widths[Int(scalar.value) - 32]
      case 0x207b, 0x208b: sum += 53
      case 0x2070...0x209f, 0xb9, 0xb2, 0xb3: sum += 44
      case 0x1100...0x115f, 0x2e80...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xff00...0xff60, 0x1f300...0x1faff:
        sum += 105
      case 0x2190...0x22ff, 0xb1, 0xd7: sum += 84
      case 0x2014, 0x2026, 0xbc...0xbe: sum += 100
      default: sum += 66
      }
    }
    return sum / 100 * size * (bold ? 1.13 : 1)
  }

  /// Breaks a text at spaces into lines of at most the width `limit`; a longer word is not broken.
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

  /// Truncates a text to the width `limit`, with an ellipsis.
  package static func clip(_ text: String, _ size: Double, limit: Double, bold: Bool = false) -> String {
    guard width(text, size, bold: bold) > limit else { return text }
    var kept = text
    while kept.count > 1, width(kept + "…", size, bold: bold) > limit { kept.removeLast() }
    return kept + "…"
  }
}
