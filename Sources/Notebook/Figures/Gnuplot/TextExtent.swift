// How wide a text will be.

/// How much room a text takes, estimated from Inter's widths with a margin for the fonts that replace it.
package enum TextExtent {
  /// The wider of Inter's and DejaVu Sans's advance widths for the characters 32 … 126, in hundredths of the size: a
  /// reader has the one or the other, or a font between them.
  private static let widths: [Double] = [
    32, 41, 46, 84, 68, 96, 78, 28, 40, 40, 53, 84, 32, 49, 32, 38, 66, 64, 65, 68, 68, 65, 66, 64, 66, 66, 34, 34,
    84, 84, 84, 54, 100, 72, 69, 77, 78, 64, 62, 78, 78, 30, 57, 69, 59, 94, 79, 80, 67, 80, 70, 68, 68, 78, 72, 100,
    69, 70, 69, 40, 38, 40, 84, 50, 53, 62, 66, 59, 66, 62, 38, 65, 64, 28, 28, 58, 28, 98, 64, 63, 65, 65, 42, 55,
    40, 64, 60, 86, 60, 60, 57, 64, 35, 64, 84,
  ]

  /// The width of a text at a size, in pixels.
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
