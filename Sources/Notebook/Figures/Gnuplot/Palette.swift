// The colours of figures on light and dark backgrounds.

/// The colours of series: the palette of Okabe and Ito, which is distinguishable with any colour vision, with darker
/// and lighter variants for text on light and dark backgrounds.
package enum Palette {
  struct Entry: Sendable {
    var name: String
    var line: String, text: String
    var darkLine: String, darkText: String
    /// The colour in a terminal with 256 colours.
    var terminal: Int
  }

  /// Each `text` has a contrast of at least 4.5 on the light background, each `darkText` on the dark one.
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

  /// The entry at an index; the palette repeats.
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

  /// A colour on a light background and its counterpart on a dark one.
  package typealias Pair = (light: String, dark: String)

  /// Text.
  static let ink: Pair = ("#1d2024", "#e8e6e1")
  /// Secondary text.
  static let muted: Pair = ("#5d646e", "#9aa1ab")
  /// Grid lines.
  static let grid: Pair = ("#b9bcc2", "#4a5058")
  /// The colours of the uncoloured faces of a cube (front, top and side), and of its edges.
  package static let faces: [Pair] = [("#eef0f2", "#2c3036"), ("#f8f9fa", "#373c43"), ("#d9dce0", "#22262b")]
  package static let edges: Pair = ("#5f6570", "#8a8f98")

  /// Light to dark blue, for matrices of shares: zero is almost the colour of paper.
  static let sequential: [UInt32] = [0xf4f6f8, 0xd3e3ef, 0xa6cae2, 0x6baed6, 0x3a8bc2, 0x1667a6, 0x08478a, 0x072f63]

  /// Blue through white to vermillion.
  static let diverging: [UInt32] = [0x053a6b, 0x0072b2, 0x78b7dc, 0xf5f5f3, 0xf2a673, 0xd55e00, 0x7a2f00]

  /// The number of colours of a ramp if a style sheet needs a rule for each of them.
  static let steps = 25

  /// The colour of a ramp at the one of `steps` positions that is nearest to `t`.
  static func step(_ stops: [UInt32], _ t: Double) -> UInt32 {
    let place = (min(max(t.isFinite ? t : 0, 0), 1) * Double(steps - 1)).rounded()
    return ramp(stops, place / Double(steps - 1))
  }

  /// The counterpart on a dark background of a colour on a light one: the same hue, with the luminance reflected about
  /// the value with equal contrast to black and white, so that black text on the one has the contrast of white on the
  /// other.
  static func inverted(_ color: UInt32) -> UInt32 {
    let turned = max(0.05 * 1.05 / (luminance(color) + 0.05) - 0.05, 0.016)
    // Almost white colours would glare on charcoal.
    let target = min(turned, 0.18 + (turned - 0.18) * 0.35)
    let isLighter = target > luminance(color)
    // Mix with white or black until the luminance fits; it is monotonic in the share.
    var low = 0.0, high = 1.0
    for _ in 0..<20 {
      let middle = (low + high) / 2
      let found = luminance(ramp([color, isLighter ? 0xffffff : 0x000000], middle))
      if (found < target) == isLighter { low = middle } else { high = middle }
    }
    return ramp([color, isLighter ? 0xffffff : 0x000000], (low + high) / 2)
  }

  /// The tones of contour lines from low to high, without the yellow of viridis, which is invisible on paper; on a dark
  /// background the low ones are lighter.
  static let contourTones: [Pair] = [
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

  /// The text `#rrggbb` of a packed colour.
  static func hex(_ color: UInt32) -> String {
    let digits = String(color & 0xFFFFFF, radix: 16)
    return "#" + String(repeating: "0", count: 6 - digits.count) + digits
  }

  /// The text `rgb(0,114,178)` for `#0072b2`, as SVG files contain it.
  static func rgb(_ hex: String) -> String {
    let color = packed(hex)
    return "rgb(\(color >> 16),\((color >> 8) & 255),\(color & 255))"
  }

  /// The packed colour of `#rrggbb`.
  static func packed(_ hex: String) -> UInt32 { UInt32(hex.dropFirst(), radix: 16) ?? 0 }
}
