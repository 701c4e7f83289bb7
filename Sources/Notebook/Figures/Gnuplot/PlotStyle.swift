// The look of every figure: sizes, colours, dashes, marker shapes, and how wide a text will be.

/// The measures and colours with which a plot is drawn.
struct PlotStyle: Sendable {
  /// The size of the canvas's width, in pixels of the view box.
  var width: Double
  /// The size of ordinary text.
  var font: Double
  /// The width of an ordinary line.
  var line: Double
  /// The size of markers, in gnuplot's unit.
  var marker: Double
  /// Whether it is drawn for a phone: panels stack, names go above.
  var isNarrow: Bool
  /// Whether the ground is dark; only for pictures that cannot follow a style sheet.
  var isDark = false

  /// The style of a figure on a page.
  init(theme: Theme, isWide: Bool = false, isNarrow: Bool = false) {
    self.isNarrow = isNarrow
    switch (theme, isNarrow) {
    case (.projector, false):
      (width, font, line, marker) = (isWide ? 1100 : 960, 20, 4, 1.15)
    case (.projector, true):
      (width, font, line, marker) = (440, 16, 3, 0.9)
    case (_, false):
      (width, font, line, marker) = (isWide ? 960 : 760, 15, 2.2, 0.72)
    case (_, true):
      (width, font, line, marker) = (380, 13, 2, 0.6)
    }
  }

  /// The size of secondary text: captions of panels, tick labels of small multiples.
  var smallFont: Double { (font * 0.84).rounded() }

  // Colours that the style sheet knows, written as gnuplot reads them.

  /// Text: the marker colour that one rule of the style sheet turns into the theme's.
  var ink: String { isDark ? "#e8e6e1" : "#010203" }
  /// Axes and ticks.
  var axis: String { "#8a8f98" }
  /// Text that stands back.
  var muted: String { isDark ? "#9aa1ab" : "#5d646e" }
  /// Grid lines.
  var grid: String { isDark ? "#4a5058" : "#b9bcc2" }

  /// Text on a pale cell: black, which becomes white where the cell does not stay pale.
  static let inkOnPale = "#020202"
  /// Text on a deep cell: the other way about.
  static let inkOnDeep = "#fdfdfe"

  /// The colour of the lines, areas and markers of series `index`.
  func color(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkLine : entry.line
  }

  /// The colour of text about series `index`: darker than its line where that is too pale to read.
  func textColor(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkText : entry.text
  }

  /// The dash pattern of series `index` as gnuplot reads it.
  func dash(_ index: Int) -> String {
    let patterns = ["solid", "(12,5)", "(3,4)", "(12,4,3,4)", "(20,6)", "(6,3)", "(12,4,3,4,3,4)", "(2,6)"]
    return patterns[abs(index) % patterns.count]
  }

  /// The marker shape of series `index`: circle, triangle, square, diamond, …
  func point(_ index: Int) -> Int {
    let shapes = [7, 9, 5, 13, 11, 15, 6, 4]
    return shapes[abs(index) % shapes.count]
  }
}

/// The colours of series: Okabe and Ito's, which are told apart with any colour vision, with darker and lighter
/// variants for text on light and on dark ground.
enum Palette {
  struct Entry: Sendable {
    var name: String
    var line: String, text: String
    var darkLine: String, darkText: String
    /// The colour in a terminal of 256 colours.
    var terminal: Int
  }

  /// Each `text` has a contrast of at least 4.5 on the light ground, each `darkText` on the dark one.
  static let entries: [Entry] = [
    Entry(name: "blue", line: "#0072b2", text: "#0069a6", darkLine: "#4aa3dd", darkText: "#63b6ea", terminal: 32),
    Entry(
      name: "vermillion", line: "#d55e00", text: "#b34700", darkLine: "#e8743b", darkText: "#f0935a", terminal: 166),
    Entry(name: "green", line: "#009e73", text: "#00704f", darkLine: "#22b58b", darkText: "#4cc9a0", terminal: 36),
    Entry(name: "purple", line: "#cc79a7", text: "#a2527f", darkLine: "#d68cb5", darkText: "#e3a3c6", terminal: 175),
    Entry(name: "orange", line: "#e69f00", text: "#8a5f00", darkLine: "#e69f01", darkText: "#edb43c", terminal: 178),
    Entry(name: "sky", line: "#56b4e9", text: "#1c6f9e", darkLine: "#7cc5ee", darkText: "#9ad2f2", terminal: 74),
    Entry(name: "grey", line: "#6b7280", text: "#5b616c", darkLine: "#a3a9b3", darkText: "#b4bac3", terminal: 245),
    Entry(name: "olive", line: "#8c8a00", text: "#6b6900", darkLine: "#c2bf3a", darkText: "#d2cf5c", terminal: 142),
  ]

  /// The entry at a place in the palette, which repeats.
  static func entry(_ index: Int) -> Entry { entries[((index % entries.count) + entries.count) % entries.count] }

  /// A colour between the stops of a ramp; `t` in 0 … 1.
  static func ramp(_ stops: [UInt32], _ t: Double) -> UInt32 {
    let place = min(max(t.isFinite ? t : 0, 0), 1) * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    let part = place - Double(low)
    var mixed: UInt32 = 0
    for shift in [16, 8, 0] as [UInt32] {
      let a = Double((stops[low] >> shift) & 255), b = Double((stops[low + 1] >> shift) & 255)
      mixed |= UInt32((a + (b - a) * part).rounded()) << shift
    }
    return mixed
  }

  /// Viridis, from dark to light.
  static let viridis: [UInt32] = [
    0x440154, 0x482878, 0x3e4a89, 0x31688e, 0x26838f, 0x1f9d8a, 0x35b779, 0x6cce59, 0xb4de2c, 0xfde725,
  ]

  /// Light to dark blue, for matrices of shares: zero is nearly paper.
  static let sequential: [UInt32] = [0xf4f6f8, 0xd3e3ef, 0xa6cae2, 0x6baed6, 0x3a8bc2, 0x1667a6, 0x08478a, 0x072f63]

  /// Blue through white to vermillion.
  static let diverging: [UInt32] = [0x053a6b, 0x0072b2, 0x78b7dc, 0xf5f5f3, 0xf2a673, 0xd55e00, 0x7a2f00]

  /// How many colours a ramp has where a style sheet must know each of them.
  static let steps = 25

  /// The colour of a ramp at one of `steps` places, the one nearest to `t`.
  static func step(_ stops: [UInt32], _ t: Double) -> UInt32 {
    let place = (min(max(t.isFinite ? t : 0, 0), 1) * Double(steps - 1)).rounded()
    return ramp(stops, place / Double(steps - 1))
  }

  /// The colour that stands on a dark ground for one on a light ground: the same hue, with the luminance turned about
  /// the one that is as far from black as from white, so that black text on the one is as clear as white on the other.
  static func inverted(_ color: UInt32) -> UInt32 {
    let target = max(0.05 * 1.05 / (luminance(color) + 0.05) - 0.05, 0.016)
    let isLighter = target > luminance(color)
    // Towards white or black until the luminance fits: it rises or falls all the way.
    var low = 0.0, high = 1.0
    for _ in 0..<20 {
      let middle = (low + high) / 2
      let found = luminance(ramp([color, isLighter ? 0xffffff : 0x000000], middle))
      if (found < target) == isLighter { low = middle } else { high = middle }
    }
    return ramp([color, isLighter ? 0xffffff : 0x000000], (low + high) / 2)
  }

  /// The tones of contour lines from low to high, without viridis' yellow, which is lost on paper; on a dark ground the
  /// low ones are lifted.
  static let contourTones: [(light: String, dark: String)] = [
    ("#440154", "#9a78d8"), ("#482878", "#8c8ae0"), ("#3e4a89", "#7b9ce6"), ("#31688e", "#62afe0"),
    ("#26838f", "#4fbfcc"), ("#1f9d8a", "#4ecbae"), ("#35b779", "#72d68c"), ("#6cce59", "#a0df6b"),
  ]

  /// The relative luminance of a colour, as WCAG defines it.
  static func luminance(_ color: UInt32) -> Double {
    func linear(_ channel: UInt32) -> Double {
      let v = Double(channel & 255) / 255
      return v <= 0.04045 ? v / 12.92 : power((v + 0.055) / 1.055, 2.4)
    }
    return 0.2126 * linear(color >> 16) + 0.7152 * linear(color >> 8) + 0.0722 * linear(color)
  }

  /// `#rrggbb` of a packed colour.
  static func hex(_ color: UInt32) -> String {
    let digits = String(color & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The packed colour of `#rrggbb`.
  static func packed(_ hex: String) -> UInt32 { UInt32(hex.dropFirst(), radix: 16) ?? 0 }
}

/// How much room a text takes, estimated from Inter's widths with a margin for the fonts that replace it.
enum TextExtent {
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
  static func clip(_ text: String, _ size: Double, limit: Double, bold: Bool = false) -> String {
    guard width(text, size, bold: bold) > limit else { return text }
    var kept = text
    while kept.count > 1, width(kept + "…", size, bold: bold) > limit { kept.removeLast() }
    return kept + "…"
  }
}
