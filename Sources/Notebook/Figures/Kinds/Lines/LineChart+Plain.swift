// A line chart in ASCII, for terminals without Unicode.

extension LineChart {
  /// The chart in ASCII, drawn by gnuplot's `dumb` terminal, with a mark for each series.
  package func plain(_ terminal: TerminalPicture) throws -> String {
    let width = terminal.width
    let marks = Array("*#$%@&=ox+")
    var out = self.y.label.isEmpty ? "" : self.y.label.wrapped(width) + "\n"
    let names = series.indices.filter { !displayName($0).isEmpty }
    if !names.isEmpty {
      out +=
        names.map { "\(marks[$0 % marks.count]) \(CellCanvas.clip(displayName($0), width - 4))" }.joined(
          separator: "   "
        ).wrapped(width) + "\n"
    }
    let x = AxisScale(self.x, over: allX, count: max(3, width / 12), padding: 0.02)
    let y = AxisScale(self.y, over: allY, count: 5, padding: 0.06, nearZero: true)
    var script = [
      "set encoding utf8", "set terminal dumb noenhanced size \(width),20 aspect 1",
      "unset key; set border 3; set tics nomirror",
    ]
    var builder = GnuplotScript(style: PlotStyle(theme: terminal.theme), height: 100)
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
    for (i, pieces) in pieces(x, y, columns: width).enumerated() {
      let rows = pieces.map { $0.map { GnuplotScript.row(series[i].x[$0], series[i].y[$0]) } }.joined(
        separator: [""])
      guard !pieces.isEmpty else { continue }
      script += ["$s\(i) << EOD"] + Array(rows) + ["EOD"]
      plots.append(
        "$s\(i) using 1:2 with \(series[i].style == .points ? "points" : "lines") lc 0 notitle".replacing(
          "lc 0 ", with: ""))
    }
    guard !plots.isEmpty else { return out + "no finite values to draw" }
    // The terminal assigns its characters in the order of the plots; here each series gets its own by number.
    var k = 0
    for i in series.indices where script.contains("$s\(i) << EOD") {
      plots[k] = plots[k].replacing(
        " notitle",
        with: plots[k].contains("points")
          ? " pt '\(marks[i % marks.count] == "$" ? "$" : String(marks[i % marks.count]))' notitle"
          : " lt \(i % marks.count + 1) notitle")
      k += 1
    }
    script.append("plot " + plots.joined(separator: ", "))
    let files = try Gnuplot.draw(
      [("picture", script.joined(separator: "\n") + "\n")], program: terminal.program, seconds: terminal.seconds)
    let text = String(decoding: files.first ?? [], as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { line -> String in
      var line = String(line.filter { $0 != "\u{c}" })
      while line.last == " " { line.removeLast() }
      return String(line.prefix(width))
    }.filter { !$0.isEmpty }
    out += lines.joined(separator: "\n")
    if !self.x.label.isEmpty {
      let label = CellCanvas.clip(self.x.label, width)
      out += "\n" + String(repeating: " ", count: max(0, (width - label.count) / 2)) + label
    }
    return out
  }
}
