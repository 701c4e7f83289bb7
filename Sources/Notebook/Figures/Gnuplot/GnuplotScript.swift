// A gnuplot script under construction: quoting, data blocks, and text at pixel positions of the canvas.

/// A gnuplot script under construction.
///
/// All text is quoted with `quote`, uses single quotes (in which gnuplot neither runs back-quoted commands nor expands
/// macros) and is drawn without enhanced mode (in which `_ ^ { } @ &` would be markup).
package struct GnuplotScript {
  /// The canvas, in pixels.
  let width: Double
  private(set) var height: Double
  let style: PlotStyle
  /// The positions of the numbers in the picture, for a page that shows the number under the pointer; nil if there are
  /// none.
  var hover: JSONValue?
  /// Whether its images have a pale middle colour, so that the dark theme inverts them.
  var turnsInDark = false
  private(set) var lines: [String] = []
  private var labelCount = 0, arrowCount = 0, objectCount = 0

  package init(style: PlotStyle, height: Double) {
    self.style = style
    self.width = style.width
    self.height = height.rounded(.up)
  }

  /// The whole script: the terminal, followed by everything that was added.
  func text(terminal: String? = nil) -> String {
    let size = "\(Numbers.script(width)),\(Numbers.script(height))"
    let head = terminal ?? "svg size \(size) dynamic noenhanced font 'Inter,\(Numbers.script(style.font))' butt"
    return (["set encoding utf8", "set terminal \(head)"] + lines).joined(separator: "\n") + "\n"
  }

  /// Adds a line.
  package mutating func add(_ line: String) { lines.append(line) }

  /// The lines that satisfy a condition.
  func linesMatching(_ condition: (String) -> Bool) -> [String] { lines.filter(condition) }

  /// Removes the lines that satisfy a condition.
  mutating func removeLines(_ condition: (String) -> Bool) { lines.removeAll(where: condition) }

  /// A text as a quoted gnuplot string.
  static func quote(_ text: String) -> String {
    var plain = ""
    for scalar in text.unicodeScalars {
      switch scalar.value {
      case 0..<32, 127..<160, 0x2028, 0x2029, 0x202a...0x202e, 0x2066...0x2069, 0xfffe, 0xffff: plain += " "
      case 39: plain += "''"
      default: plain.unicodeScalars.append(scalar)
      }
    }
    return "'" + plain + "'"
  }

  /// A text as a quoted tick label, which gnuplot reads as a number format.
  static func quoteTick(_ text: String) -> String {
    quote(String(text.flatMap { $0 == "%" ? ["%", "%"] : [$0] }))
  }

  /// Removes labels and objects before the next panel of a multiplot.
  mutating func nextPanel() {
    lines.append("unset label; unset object; unset arrow")
    (labelCount, arrowCount, objectCount) = (0, 0, 0)
  }

  /// Numbers separated by spaces.
  package static func row(_ values: Double...) -> String { values.map { Numbers.script($0) }.joined(separator: " ") }

  /// Adds a named block of data.
  package mutating func data(_ name: String, _ rows: [String]) {
    lines.append("$\(name) << EOD")
    lines.append(contentsOf: rows)
    lines.append("EOD")
  }

  /// A pixel of the canvas, counted from the top left, in gnuplot's screen coordinates.
  func screen(_ x: Double, _ y: Double) -> String {
    "screen \(Numbers.script(x / width, digits: 5)), screen \(Numbers.script(1 - y / height, digits: 5))"
  }

  package enum Justify: String { case left, center, right }

  /// Adds text whose vertical middle is at a pixel.
  package mutating func label(
    _ text: String, _ x: Double, _ y: Double, _ justify: Justify = .left, color: String? = nil, size: Double? = nil,
    bold: Bool = false, rotated: Double = 0
  ) {
    guard !text.isEmpty else { return }
    labelCount += 1
    var line = "set label \(labelCount) \(Self.quote(text)) at \(screen(x, y)) \(justify.rawValue)"
    line += " front textcolor rgb '\(color ?? style.ink)'"
    if bold || size != nil {
      line += " font 'Inter\(bold ? ":Bold" : ""),\(Numbers.script(size ?? style.font))'"
    }
    if rotated != 0 { line += " rotate by \(Numbers.script(rotated))" }
    lines.append(line)
  }

  /// Adds a straight line between two pixels, with or without an arrowhead.
  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, color: String, width lineWidth: Double,
    dash: String = "solid",
    head: Bool = false, front: Bool = false
  ) {
    arrowCount += 1
    let ending =
      head
      ? "head filled size screen \(Numbers.script(max(7, lineWidth * 4.5) / width, digits: 4)),20,60 fixed" : "nohead"
    lines.append(
      "set arrow \(arrowCount) from \(screen(x1, y1)) to \(screen(x2, y2)) \(ending) \(front ? "front" : "back") "
        + "lc rgb '\(color)' lw \(Numbers.script(lineWidth)) dt \(dash)")
  }

  /// Adds a filled rectangle with its corners in pixels.
  mutating func rectangle(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, fill: String?, border: String? = nil, width: Double = 1,
    opacity: Double = 1
  ) {
    objectCount += 1
    let paint =
      fill.map { "fc rgb '\($0)' fs \(opacity < 1 ? "transparent " : "")solid \(Numbers.script(opacity))" }
      ?? "fs empty"
    let edge = border.map { " border lc rgb '\($0)'" } ?? " noborder"
    lines.append(
      "set object \(objectCount) rectangle from \(screen(x1, y1)) to \(screen(x2, y2)) back \(paint)\(edge) lw \(Numbers.script(width))"
    )
  }

  /// Sets the margins of the plot area in pixels from the top left of the canvas.
  mutating func area(left: Double, top: Double, right: Double, bottom: Double) {
    func f(_ v: Double) -> String { Numbers.script(v, digits: 5) }
    lines.append("set lmargin at screen \(f(left / width)); set rmargin at screen \(f(right / width))")
    lines.append("set tmargin at screen \(f(1 - top / height)); set bmargin at screen \(f(1 - bottom / height))")
  }

  /// Sets up a plane without axes whose unit is a pixel of the canvas, with y pointing downwards.
  package mutating func plane() {
    lines.append("unset key; unset border; unset tics")
    area(left: 0, top: 0, right: width, bottom: height)
    lines.append("set xrange [0:\(Numbers.script(width))]; set yrange [\(Numbers.script(height)):0]")
  }

  /// Sets up two axis lines with outward ticks and a light grid.
  mutating func axes(font: Double? = nil) {
    let small = font.map { " font ',\(Numbers.script($0))'" } ?? ""
    lines.append("unset key; set border 3 lc rgb '\(style.axis)' lw \(Numbers.script(style.line * 0.5))")
    lines.append("set tics nomirror out scale 0.6,0.3 textcolor rgb '\(style.ink)'\(small)")
    lines.append("set style line 100 lc rgb '\(style.grid)' lw \(Numbers.script(style.line * 0.4)) dt (2,4)")
  }

  /// Sets the range and the ticks of an axis.
  mutating func scale(_ name: String, _ scale: AxisScale, grid: Bool) {
    func n(_ v: Double) -> String { Numbers.script(v, digits: 12) }
    lines.append("set \(name)range [\(n(scale.low)):\(n(scale.high))]")
    if scale.isLogarithmic { lines.append("set logscale \(name) 10") }
    let major = scale.ticks.map { "\(Self.quoteTick($0.label)) \(n($0.place))" }
    let minor = scale.minorTicks.map { "'' \(n($0)) 1" }
    let all = (major + minor).joined(separator: ", ")
    let offset = name == "x" ? "offset 0,0.5 " : ""
    lines.append(all.isEmpty ? "unset \(name)tics" : "set \(name)tics \(offset)(\(all))")
    if grid { lines.append("set grid \(name)tics back ls 100") }
  }
}
