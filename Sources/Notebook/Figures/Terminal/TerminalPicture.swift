// Plots in a terminal: images if the terminal supports them, otherwise gnuplot's bitmap as braille, with text.

import Foundation

/// Draws plots for a terminal.
public struct TerminalPicture {
  package let width: Int
  let hasColor: Bool
  let theme: Theme
  let program: String
  let seconds: Double

  /// Returns a plot as lines of text (or an image in escape codes) of at most `columns` columns.
  ///
  /// Line charts, contours, histograms and diagrams use gnuplot's bitmap as braille characters, with text around and
  /// inside it. Bars, matrices and images use block characters, because the `pbm` terminal has only eight colours.
  /// Throws `GnuplotError`. Widths below 38 are increased to 38.
  public static func draw(
    _ plot: Plot, title: String = "", columns: Int, graphics: TerminalGraphics, theme: Theme
  ) throws -> String {
    try draw(plot, title: title, columns: columns, graphics: graphics, theme: theme, program: Gnuplot.program)
  }

  static func draw(
    _ plot: Plot, title: String, columns: Int, graphics: TerminalGraphics, theme: Theme, program: String,
    seconds: Double = 20
  ) throws -> String {
    let width = max(columns, 38)
    let heading = CellCanvas.wrap(title, width).map { $0 + "\n" }.joined()
    switch graphics {
    case .sixel, .kitty:
      do {
        return heading
          + (try image(plot, columns: width, graphics: graphics, theme: theme, program: program, seconds: seconds))
      } catch GnuplotError.failed {
        // This gnuplot has no terminal that produces images.
        return try draw(
          plot, title: title, columns: columns, graphics: .braille(color: true), theme: theme, program: program)
      }
    case .braille(let color):
      let picture = TerminalPicture(width: width, hasColor: color, theme: theme, program: program, seconds: seconds)
      return heading + (try plot.kind.cells(picture).text(color: color))
    case .dumb:
      // Signs that are spelled out take more space.
      let picture = TerminalPicture(
        width: max(width - 8, 30), hasColor: false, theme: theme, program: program, seconds: seconds)
      return heading.asASCII + (try plot.kind.plain(picture)).asASCII
    }
  }

  // MARK: Images

  /// The plot as an image in the protocol of the terminal.
  private static func image(
    _ plot: Plot, columns: Int, graphics: TerminalGraphics, theme: Theme, program: String, seconds: Double
  ) throws -> String {
    var style = PlotStyle(theme: theme)
    style.isDark = theme == .dark
    let script = plot.kind.script(style)
    // Most terminals have ten pixels per column; the canvas is scaled as a whole.
    let ground = theme == .dark ? "#15171a" : theme == .light ? "#fdfcf9" : "#ffffff"
    let factor = min(Double(columns) * 9 / script.width, 1.6)
    let size = "size \(Int(script.width * factor)),\(Int(script.height * factor))"
    let font =
      "font 'Inter,\(Numbers.script(style.font))' fontscale \(Numbers.script(0.75 * factor, digits: 3)) linewidth \(Numbers.script(factor, digits: 3))"
    let terminal = graphics == .sixel ? "sixelgd truecolor" : "pngcairo"
    let text = script.text(terminal: "\(terminal) noenhanced \(size) \(font) background rgb '\(ground)'")
    let file = try Gnuplot.draw([("picture", text)], program: program, seconds: seconds)
    guard let bytes = file.first else { throw GnuplotError.failed(message: "it wrote no image", figure: "") }
    if graphics == .sixel { return String(decoding: bytes, as: UTF8.self) + "\n" }
    let encoded = Array(Data(bytes).base64EncodedString().utf8)
    var out = ""
    var start = 0
    while start < encoded.count {
      let end = min(start + 4096, encoded.count)
      out += "\u{1b}_G" + (start == 0 ? "a=T,f=100,q=2,c=\(columns)," : "") + "m=\(end < encoded.count ? 1 : 0);"
      out += String(decoding: encoded[start..<end], as: UTF8.self) + "\u{1b}\\"
      start = end
    }
    return out + "\n"
  }

  // MARK: Cells

  /// Runs a script with gnuplot's bitmap terminal.
  package func bitmap(_ lines: [String], cellsWide: Int, cellsHigh: Int) throws -> Bitmap {
    let head = [
      "set encoding utf8", "set terminal pbm color size \(2 * cellsWide),\(4 * cellsHigh)",
      "unset key; unset border; unset tics",
    ]
    let text = (head + lines).joined(separator: "\n") + "\n"
    let files = try Gnuplot.draw([("picture", text)], program: program, seconds: seconds)
    guard let file = files.first, let bitmap = Bitmap(file) else {
      throw GnuplotError.failed(message: "it wrote an incomplete bitmap", figure: "")
    }
    return bitmap
  }

  /// The colour of the palette entry `index` in a terminal with 256 colours.
  package func color(_ index: Int) -> Int { Palette.entry(index).terminal }
  package let grey = 244, faint = 240

  /// The characters that represent brightness without colour.
  static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  func shade(_ color: UInt32, dark isMore: Bool) -> Character {
    let light = power(Palette.luminance(color), 1 / 2.2)
    let t = isMore ? 1 - light : light
    return Self.shades[min(max(Int((t * 4).rounded()), 0), 4)]
  }
}
