// Plots in a terminal: images where it can, else gnuplot's bitmap as braille with the text set as text.

import Foundation

/// Draws plots for a terminal.
public struct TerminalPicture {
  let width: Int
  let hasColor: Bool
  let theme: Theme
  let program: String
  let seconds: Double

  /// Returns a plot as lines of text (or an image in escape codes) at most `columns` wide.
  ///
  /// Line charts, contours, histograms and drawings are gnuplot's bitmap turned into braille, with text around and in
  /// it; bars, matrices and images, of which the `pbm` terminal's eight colours would leave little, are set in blocks.
  /// Throws `GnuplotError`. Widths below 40 are drawn 40 wide.
  public static func draw(
    _ plot: Plot, title: String = "", columns: Int, graphics: TerminalGraphics, theme: Theme
  ) throws -> String {
    try draw(plot, title: title, columns: columns, graphics: graphics, theme: theme, program: Gnuplot.program)
  }

  static func draw(
    _ plot: Plot, title: String, columns: Int, graphics: TerminalGraphics, theme: Theme, program: String,
    seconds: Double = 20
  ) throws -> String {
    let width = max(columns, 40)
    let heading = CellCanvas.wrap(title, width).map { $0 + "\n" }.joined()
    switch graphics {
    case .sixel, .kitty:
      do {
        return heading
          + (try image(plot, columns: width, graphics: graphics, theme: theme, program: program, seconds: seconds))
      } catch GnuplotError.failed {
        // This gnuplot has no terminal that makes images.
        return try draw(
          plot, title: title, columns: columns, graphics: .braille(color: true), theme: theme, program: program)
      }
    case .braille(let color):
      let picture = TerminalPicture(width: width, hasColor: color, theme: theme, program: program, seconds: seconds)
      return heading + (try picture.canvas(plot).text(color: color))
    case .dumb:
      let picture = TerminalPicture(width: width, hasColor: false, theme: theme, program: program, seconds: seconds)
      return heading.asASCII + (try picture.plain(plot)).asASCII
    }
  }

  // MARK: Images

  /// The plot as an image in the protocol of the terminal.
  private static func image(
    _ plot: Plot, columns: Int, graphics: TerminalGraphics, theme: Theme, program: String, seconds: Double
  ) throws -> String {
    var style = PlotStyle(theme: theme)
    style.isDark = theme == .dark
    let script = FigureRenderer(theme: theme).build(plot, style)
    // Ten pixels a column is what most terminals have; the canvas is scaled as a whole.
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

  // MARK: Braille

  /// The plot in cells.
  func canvas(_ plot: Plot) throws -> CellCanvas {
    switch plot {
    case .lines(let chart): return try lines(chart, surface: nil)
    case .contour(let contour): return try lines(contour.pathChart, surface: contour)
    case .histograms(let grid): return try histograms(grid)
    case .bars(let chart): return bars(chart)
    case .heatMap(let map): return heatMap(map)
    case .images(let grid): return images(grid)
    case .diagram(let diagram): return try self.diagram(diagram)
    case .cubes(let cubes): return try self.cubes(cubes)
    }
  }

  /// Runs a script on gnuplot's bitmap terminal.
  func bitmap(_ lines: [String], cellsWide: Int, cellsHigh: Int) throws -> Bitmap {
    let head = [
      "set encoding utf8", "set terminal pbm color size \(2 * cellsWide),\(4 * cellsHigh)",
      "unset key; unset border; unset tics",
    ]
    let text = (head + lines).joined(separator: "\n") + "\n"
    let files = try Gnuplot.draw([("picture", text)], program: program, seconds: seconds)
    guard let file = files.first, let bitmap = Bitmap(file) else {
      throw GnuplotError.failed(message: "it wrote a bitmap that breaks off", figure: "")
    }
    return bitmap
  }

  /// The colour, in a terminal's 256, of palette entry `index`.
  func color(_ index: Int) -> Int { Palette.entry(index).terminal }
  let grey = 244, faint = 240

  func lines(_ chart: LineChart, surface: ContourPlot?) throws -> CellCanvas {
    // Without colour a letter on each curve and before its name says which it is.
    let isLettered = !hasColor && chart.series.count { !$0.name.isEmpty } > 1
    func letter(_ i: Int) -> Character { Character(Unicode.Scalar(UInt8(97 + i % 26))) }
    let names = chart.series.indices.map { i -> String in
      let name = chart.displayName(i)
      return isLettered && !name.isEmpty ? "\(letter(i)) \(name)" : name
    }
    let shown = names.indices.filter { !names[$0].isEmpty }
    let widest = shown.map { names[$0].count }.max() ?? 0
    let rows = surface != nil ? max(10, min(20, width / 4)) / 2 * 2 : max(10, min(18, width / 5)) / 2 * 2
    let isCloud = chart.series.count > 1 && chart.series.allSatisfy { $0.style == .points }
    let isDirect = widest <= width * 3 / 10 && shown.count <= rows && !isCloud && surface == nil && widest > 0
    let y = AxisScale(chart.y, over: chart.allY, count: max(3, rows / 4), padding: 0.06, nearZero: true)
    let left = min((y.ticks.map(\.label.count).max() ?? 1) + 1, 12)
    let right = width - (isDirect ? widest + 2 : 1)
    let across = right - left - 1
    let x = AxisScale(chart.x, over: chart.allX, count: max(3, across / 9), padding: 0.02)

    // Names above where they do not fit beside.
    var key: [(series: Int, x: Int, row: Int)] = []
    var keyRows = 0
    if !isDirect, !shown.isEmpty {
      var (at, row) = (0, 0)
      for i in shown {
        let needed = min(names[i].count, width - 4) + 3
        if at > 0, at + needed > width { (at, row) = (0, row + 1) }
        key.append((i, at, row))
        at += needed + 2
      }
      keyRows = row + 1
    }
    let title = chart.y.label.isEmpty ? [] : CellCanvas.wrap(chart.y.label, width)
    let top = title.count + keyRows
    let xTitle = chart.x.label.isEmpty ? [] : CellCanvas.wrap(chart.x.label, width)
    var canvas = CellCanvas(width: width, height: top + rows + 2 + xTitle.count)
    for (k, line) in title.enumerated() { canvas.write(line, 0, k) }

    var script = GnuplotScript(style: PlotStyle(theme: theme), height: 100)
    var thinned = surface
    // Half of the levels: cells are coarse, and the paths matter more.
    thinned?.levels = (surface?.drawnLevels ?? []).enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
    let hasSurface = thinned?.addContours(&script, x, y) ?? false
    script.add("set lmargin at screen 0; set rmargin at screen 1; set bmargin at screen 0; set tmargin at screen 1")
    script.scale("x", x, grid: false)
    script.scale("y", y, grid: false)
    script.add("unset xtics; unset ytics")
    chart.addCurves(
      &script, x, y, columns: 2 * across, terminal: true,
      before: hasSurface ? ["$lines using 1:2 with lines lt 0 lw 1 notitle"] : [])
    let bitmap = try bitmap(script.lines, cellsWide: across, cellsHigh: rows)
    for cy in 0..<rows {
      for cx in 0..<across {
        guard let dot = bitmap.cell(cx, cy) else { continue }
        let series = dot.pen - 1
        let isSeries = chart.series.indices.contains(series) || dot.pen <= 8
        canvas[left + 1 + cx, top + cy] = .init(
          character: dot.character, color: isSeries ? color(penColor(chart, series)) : grey,
          isBold: chart.series.indices.contains(series) && chart.series[series].isEmphasized)
      }
    }
    func column(_ v: Double) -> Int { left + 1 + min(max(Int(x.fraction(v) * Double(across)), 0), across - 1) }
    func row(_ v: Double) -> Int { top + min(max(Int((1 - y.fraction(v)) * Double(rows)), 0), rows - 1) }

    // Axes and grid.
    for cy in 0..<rows { canvas[left, top + cy] = .init(character: "│", color: grey) }
    for cx in 0..<across { canvas[left + 1 + cx, top + rows] = .init(character: "─", color: grey) }
    canvas[left, top + rows] = .init(character: "└", color: grey)
    var taken = -1
    for tick in y.ticks.reversed() {
      let r = row(tick.place)
      guard r > taken else { continue }
      taken = r
      let label = CellCanvas.clip(tick.label, left)
      canvas.write(label, left - label.count, r)
      canvas[left, r] = .init(character: "┤", color: grey)
      for cx in stride(from: left + 2, to: right, by: 2) where canvas.isFree(cx, r, 1) {
        canvas[cx, r] = .init(character: "·", color: faint)
      }
    }
    var next = 0
    for tick in x.ticks {
      let c = column(tick.place)
      canvas[c, top + rows] = .init(character: "┴", color: grey)
      let start = min(max(c - (tick.label.count - 1) / 2, 0), width - tick.label.count)
      guard start >= next else { continue }
      canvas.write(tick.label, start, top + rows + 1)
      next = start + tick.label.count + 1
    }
    for (k, line) in xTitle.enumerated() {
      canvas.write(line, max(0, min(left + (across - line.count) / 2 + 1, width - line.count)), top + rows + 2 + k)
    }
    // References: through empty cells only, with their text where it covers nothing.
    for reference in chart.references {
      let isLevel = reference.direction == .horizontal
      let scale = isLevel ? y : x
      guard AxisScale.isDrawable(reference.at, log: scale.isLogarithmic), (0...1).contains(scale.fraction(reference.at))
      else { continue }
      func isEmpty(_ cx: Int, _ cy: Int) -> Bool {
        canvas[cx, cy].map { $0.character == " " || $0.character == "·" } ?? false
      }
      let (r, c) = (row(reference.at), column(reference.at))
      if isLevel {
        for cx in (left + 1)..<right where isEmpty(cx, r) { canvas[cx, r] = .init(character: "╌", color: grey) }
      } else {
        for cy in top..<(top + rows) where isEmpty(c, cy) { canvas[c, cy] = .init(character: "╎", color: grey) }
      }
      let text = CellCanvas.clip(reference.label, across - 2)
      let n = text.count
      func isClear(_ cx: Int, _ cy: Int) -> Bool {
        guard cx > left, cx + n <= right, cy >= top, cy < top + rows else { return false }
        return (cx..<(cx + n)).allSatisfy { k in canvas[k, cy].map { " ·╌╎".contains($0.character) } ?? false }
      }
      var spots: [(Int, Int)] = []
      if isLevel {
        for start in stride(from: right - n, through: left + 1, by: -3) {
          spots += [(start, r - 1), (start, r + 1), (start, r)]
        }
      } else {
        for cy in top..<(top + rows) { spots += [(c + 1, cy), (c - n - 1, cy)] }
      }
      if let spot = spots.first(where: { isClear($0.0, $0.1) }) { canvas.write(text, spot.0, spot.1, color: grey) }
    }
    // Names.
    let pieces = chart.pieces(x, y, columns: 200)
    if isDirect {
      var wishes = shown.map { i -> (series: Int, row: Int) in
        guard let last = pieces[i].last?.last else { return (i, top + rows - 1) }
        return (i, row(chart.series[i].y[last]))
      }
      wishes.sort { ($0.row, $0.series) < ($1.row, $1.series) }
      var places = wishes.map(\.row)
      for k in places.indices.dropFirst() where places[k] <= places[k - 1] { places[k] = places[k - 1] + 1 }
      var limit = top + rows - 1
      for k in places.indices.reversed() {
        places[k] = min(places[k], limit)
        limit = places[k] - 1
      }
      for (k, wish) in wishes.enumerated() {
        canvas.write(
          names[wish.series], right + 1, places[k], color: color(chart.colorIndex(wish.series)),
          bold: chart.series[wish.series].isEmphasized)
      }
    }
    for entry in key {
      let isBold = chart.series[entry.series].isEmphasized
      let paint = color(chart.colorIndex(entry.series))
      canvas.write(
        chart.series[entry.series].style == .points ? "●" : "━━", entry.x, title.count + entry.row, color: paint)
      canvas.write(
        CellCanvas.clip(names[entry.series], width - entry.x - 3), entry.x + 3, title.count + entry.row, color: paint,
        bold: isBold)
    }
    if isLettered {
      for (k, i) in shown.enumerated() {
        let all = Array(pieces[i].joined())
        guard !all.isEmpty else { continue }
        for part in [0.12, 0.42, 0.72] {
          let j = all[min(Int((part + 0.05 * Double(k % 5)) * Double(all.count)), all.count - 1)]
          canvas[column(chart.series[i].x[j]), row(chart.series[i].y[j])] = .init(character: letter(i))
        }
      }
    }
    return canvas
  }

  /// The palette entry of a pen: of the first series that draws with it.
  func penColor(_ chart: LineChart, _ series: Int) -> Int {
    chart.series.indices.contains(series) ? chart.colorIndex(series) : series
  }
}
