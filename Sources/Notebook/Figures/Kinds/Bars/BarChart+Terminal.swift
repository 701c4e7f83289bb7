// A bar chart in a terminal, in block characters.

extension BarChart {
  package func cells(_ terminal: TerminalPicture) -> CellCanvas {
    let width = terminal.width
    let names = categories.map { CellCanvas.wrap($0, max(10, width * 3 / 10)) }
    let left = (names.joined().map(\.count).max() ?? 0) + 1
    let scale = valueScale(5)
    let base = scale.isLogarithmic ? scale.low : min(max(0, scale.low), scale.high)
    func label(_ s: Bars, _ i: Int) -> String {
      let v = s.values[i]
      let deviation = i < s.deviation.count && s.deviation[i].isFinite ? " ± \(valueText(s.deviation[i]))" : ""
      return (v.isFinite ? valueText(v) : Numbers.text(v)) + deviation
    }
    var room = 0
    for s in series {
      for i in s.values.indices.prefix(categories.count) { room = max(room, label(s, i).count) }
    }
    let hasNegative = scale.low < base
    let across = max(8, width - left - 1 - (room + 1) * (hasNegative ? 2 : 1))
    let origin = left + (hasNegative ? room + 1 : 0)
    func eighths(_ v: Double) -> Int { Int((min(max(scale.fraction(v), 0), 1) * Double(across * 8)).rounded()) }
    let zero = eighths(base)
    var lines: [[(text: String, x: Int, color: Int?)]] = []
    for line in CellCanvas.wrap(self.y.label, width) { lines.append([(line, 0, nil)]) }
    let keyed = series.indices.filter { series.count > 1 && !series[$0].name.isEmpty }
    var row: [(text: String, x: Int, color: Int?)] = []
    var at = 0
    for i in keyed {
      let name = CellCanvas.clip(series[i].name, width - 2)
      if at > 0, at + name.count + 2 > width {
        lines.append(row)
        (row, at) = ([], 0)
      }
      row.append(("■ " + name, at, terminal.color(colorIndex(i))))
      at += name.count + 4
    }
    if !row.isEmpty { lines.append(row) }
    for (i, name) in names.enumerated() {
      let height = max(name.count, series.count)
      for k in 0..<height {
        var line: [(text: String, x: Int, color: Int?)] = []
        if name.indices.contains(k) { line.append((name[k], left - 1 - name[k].count, nil)) }
        if series.indices.contains(k), series[k].values.indices.contains(i) {
          let v = series[k].values[i]
          let paint = terminal.color(colorIndex(k))
          var end = zero
          if AxisScale.isDrawable(v, log: scale.isLogarithmic) {
            end = eighths(v)
            let (a, b) = (min(zero, end), max(zero, end))
            if end >= zero {
              let partial = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
              let whole = (b - a) / 8
              line.append((String(repeating: "█", count: whole) + partial[(b - a) % 8], origin + a / 8, paint))
            } else {
              let cells = max(1, (b - a + 4) / 8)
              line.append((String(repeating: "█", count: cells), origin + b / 8 - cells, paint))
            }
          }
          let text = label(series[k], i)
          line.append(
            (
              text,
              end >= zero
                ? origin + (end + 7) / 8 + 1 : origin + zero / 8 - max(1, (zero - end + 4) / 8) - text.count - 1, nil
            ))
        }
        lines.append(line)
      }
      if series.count > 1, i + 1 < names.count { lines.append([]) }
    }
    var canvas = CellCanvas(width: width, height: lines.count)
    for (y, line) in lines.enumerated() {
      for part in line { canvas.write(part.text, max(0, part.x), y, color: part.color) }
    }
    return canvas
  }
}
