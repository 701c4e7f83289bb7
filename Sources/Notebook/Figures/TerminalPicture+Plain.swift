// Plots in plain ASCII: gnuplot's `dumb` terminal and rows of characters, where a terminal can show nothing else.

extension TerminalPicture {
  // MARK: ASCII

  /// The plot in plain characters: charts by gnuplot's `dumb` terminal, the rest as it is in cells without colour.
  func plain(_ plot: Plot) throws -> String {
    switch plot {
    case .lines(let chart): return try dumb(chart)
    case .contour(let contour): return try dumb(contour.pathChart)
    case .diagram(let diagram): return list(diagram).text(color: false)
    case .histograms(let grid): return columns(grid)
    case .cubes: return AltText.describe(plot).wrapped(width)
    default: return try canvas(plot).text(color: false)
    }
  }

  func dumb(_ chart: LineChart) throws -> String {
    let marks = Array("*#$%@&=ox+")
    var out = chart.y.label.isEmpty ? "" : chart.y.label.wrapped(width) + "\n"
    let names = chart.series.indices.filter { !chart.displayName($0).isEmpty }
    if !names.isEmpty {
      out +=
        names.map { "\(marks[$0 % marks.count]) \(CellCanvas.clip(chart.displayName($0), width - 4))" }.joined(
          separator: "   "
        ).wrapped(width) + "\n"
    }
    let x = AxisScale(chart.x, over: chart.allX, count: max(3, width / 12), padding: 0.02)
    let y = AxisScale(chart.y, over: chart.allY, count: 5, padding: 0.06, nearZero: true)
    var script = [
      "set encoding utf8", "set terminal dumb noenhanced size \(width),20 aspect 1",
      "unset key; set border 3; set tics nomirror",
    ]
    var builder = GnuplotScript(style: PlotStyle(theme: theme), height: 100)
    func ascii(_ scale: AxisScale) -> AxisScale {
      var scale = scale
      scale.ticks = scale.ticks.map { ($0.place, $0.label.asASCII) }
      scale.minorTicks = []
      return scale
    }
    builder.scale("x", ascii(x), grid: false)
    builder.scale("y", ascii(y), grid: false)
    builder.removeLines { _ in false }
    script += builder.lines
    var plots: [String] = []
    for (i, pieces) in chart.pieces(x, y, columns: width).enumerated() {
      let rows = pieces.map { $0.map { GnuplotScript.row(chart.series[i].x[$0], chart.series[i].y[$0]) } }.joined(
        separator: [""])
      guard !pieces.isEmpty else { continue }
      script += ["$s\(i) << EOD"] + Array(rows) + ["EOD"]
      plots.append(
        "$s\(i) using 1:2 with \(chart.series[i].style == .points ? "points" : "lines") lc 0 notitle".replacing(
          "lc 0 ", with: ""))
    }
    guard !plots.isEmpty else { return out + "no finite values to draw" }
    // The terminal picks its characters in order of the plots: each series draws its own by number.
    var k = 0
    for i in chart.series.indices where script.contains("$s\(i) << EOD") {
      plots[k] = plots[k].replacing(
        " notitle",
        with: plots[k].contains("points")
          ? " pt '\(marks[i % marks.count] == "$" ? "$" : String(marks[i % marks.count]))' notitle"
          : " lt \(i % marks.count + 1) notitle")
      k += 1
    }
    script.append("plot " + plots.joined(separator: ", "))
    let files = try Gnuplot.draw(
      [("picture", script.joined(separator: "\n") + "\n")], program: program, seconds: seconds)
    let text = String(decoding: files.first ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { line -> String in
      var line = String(line.filter { $0 != "\u{c}" })
      while line.last == " " { line.removeLast() }
      return String(line.prefix(width))
    }.filter { !$0.isEmpty }
    out += lines.joined(separator: "\n")
    if !chart.x.label.isEmpty {
      let label = CellCanvas.clip(chart.x.label, width)
      out += "\n" + String(repeating: " ", count: max(0, (width - label.count) / 2)) + label
    }
    return out
  }

  /// Histograms as rows of characters, one a bin.
  func columns(_ grid: HistogramGrid) -> String {
    let levels = Array(" .:-=+*#%@")
    var out: [String] = []
    for row in grid.rows {
      out.append(
        CellCanvas.clip(
          "\(row.name)  (\(Numbers.text(row.range.lowerBound)) to \(Numbers.text(row.range.upperBound)))", width))
      for (c, panel) in row.panels.enumerated() {
        let name = grid.columns.indices.contains(c) ? grid.columns[c] : "\(c + 1)"
        let count = min(panel.heights.count, width - 36)
        guard count > 0 else { continue }
        let bins = (0..<count).map { b -> Double in
          let part = panel.heights[
            (b * panel.heights.count / count)..<max(
              b * panel.heights.count / count + 1, (b + 1) * panel.heights.count / count)]
          return part.filter { $0.isFinite }.max() ?? 0
        }
        let most = max(bins.max() ?? 0, 1e-300)
        let bar = String(bins.map { levels[min(max(Int(($0 / most * 9).rounded()), 0), 9)] })
        let words = [panel.title, panel.note].filter { !$0.isEmpty }.joined(separator: " ").onOneLine
        out.append(String("  \(CellCanvas.clip(name, 10).padded(10)) |\(bar)| \(words)".prefix(width)))
      }
    }
    return out.joined(separator: "\n")
  }
}

extension String {
  /// The text in lines of at most `count` characters.
  func wrapped(_ count: Int) -> String { CellCanvas.wrap(self, count).joined(separator: "\n") }

  /// The text with spaces to a length.
  func padded(_ count: Int) -> String { self + String(repeating: " ", count: max(0, count - self.count)) }

  /// The text in ASCII: powers as `10^-3`, signs by their nearest, the rest as `?`; which may make it longer.
  var asASCII: String {
    let raised: [Character: Character] = [
      "⁰": "0", "¹": "1", "²": "2", "³": "3", "⁴": "4", "⁵": "5", "⁶": "6", "⁷": "7", "⁸": "8", "⁹": "9", "⁻": "-",
    ]
    let plain: [Character: String] = [
      "−": "-", "–": "-", "—": "-", "·": "*", "×": "x", "→": ">", "▶": ">", "─": "-", "╌": "-", "│": "|", "┤": "+",
      "┴": "+", "└": "+",
      "…": "~", "±": "+", "“": "\"", "”": "\"", "’": "'", "½": "half", "σ": "s", "μ": "u", "∞": "inf", "∂": "d",
      "█": "#", "▓": "%", "▒": "+", "░": ".",
      "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": "|", "▎": "|", "▏": "|", "■": "#", "●": "o", "₁": "1", "₂": "2",
      "÷": "/",
    ]
    var out = "", wasRaised = false
    for character in self {
      if let digit = raised[character] {
        if !wasRaised { out.append("^") }
        out.append(digit)
        wasRaised = true
        continue
      }
      wasRaised = false
      if character.isASCII { out.append(character) } else { out += plain[character] ?? "?" }
    }
    return out
  }
}
