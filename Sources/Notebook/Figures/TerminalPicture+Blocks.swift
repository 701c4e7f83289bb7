// Bars, matrices and images in a terminal, in block characters.

extension TerminalPicture {
  func bars(_ chart: BarChart) -> CellCanvas {
    let names = chart.categories.map { CellCanvas.wrap($0, max(10, width * 3 / 10)) }
    let left = (names.joined().map(\.count).max() ?? 0) + 1
    let scale = chart.valueScale(5)
    let base = scale.isLogarithmic ? scale.low : min(max(0, scale.low), scale.high)
    func label(_ s: BarChart.Bars, _ i: Int) -> String {
      let v = s.values[i]
      let deviation = i < s.deviation.count && s.deviation[i].isFinite ? " ± \(chart.valueText(s.deviation[i]))" : ""
      return (v.isFinite ? chart.valueText(v) : Numbers.text(v)) + deviation
    }
    var room = 0
    for s in chart.series {
      for i in s.values.indices.prefix(chart.categories.count) { room = max(room, label(s, i).count) }
    }
    let hasNegative = scale.low < base
    let across = max(8, width - left - 1 - (room + 1) * (hasNegative ? 2 : 1))
    let origin = left + (hasNegative ? room + 1 : 0)
    func eighths(_ v: Double) -> Int { Int((min(max(scale.fraction(v), 0), 1) * Double(across * 8)).rounded()) }
    let zero = eighths(base)
    var lines: [[(text: String, x: Int, color: Int?)]] = []
    for line in CellCanvas.wrap(chart.y.label, width) { lines.append([(line, 0, nil)]) }
    let keyed = chart.series.indices.filter { chart.series.count > 1 && !chart.series[$0].name.isEmpty }
    var row: [(text: String, x: Int, color: Int?)] = []
    var at = 0
    for i in keyed {
      let name = CellCanvas.clip(chart.series[i].name, width - 2)
      if at > 0, at + name.count + 2 > width {
        lines.append(row)
        (row, at) = ([], 0)
      }
      row.append(("■ " + name, at, color(chart.colorIndex(i))))
      at += name.count + 4
    }
    if !row.isEmpty { lines.append(row) }
    for (i, name) in names.enumerated() {
      let height = max(name.count, chart.series.count)
      for k in 0..<height {
        var line: [(text: String, x: Int, color: Int?)] = []
        if name.indices.contains(k) { line.append((name[k], left - 1 - name[k].count, nil)) }
        if chart.series.indices.contains(k), chart.series[k].values.indices.contains(i) {
          let v = chart.series[k].values[i]
          let paint = color(chart.colorIndex(k))
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
          let text = label(chart.series[k], i)
          line.append(
            (
              text,
              end >= zero
                ? origin + (end + 7) / 8 + 1 : origin + zero / 8 - max(1, (zero - end + 4) / 8) - text.count - 1, nil
            ))
        }
        lines.append(line)
      }
      if chart.series.count > 1, i + 1 < names.count { lines.append([]) }
    }
    var canvas = CellCanvas(width: width, height: lines.count)
    for (y, line) in lines.enumerated() {
      for part in line { canvas.write(part.text, max(0, part.x), y, color: part.color) }
    }
    return canvas
  }

  /// The shades that stand for brightness where there is no colour.
  static let shades: [Character] = [" ", "░", "▒", "▓", "█"]

  func shade(_ color: UInt32, dark isMore: Bool) -> Character {
    let light = power(Palette.luminance(color), 1 / 2.2)
    let t = isMore ? 1 - light : light
    return Self.shades[min(max(Int((t * 4).rounded()), 0), 4)]
  }

  func heatMap(_ map: HeatMap) -> CellCanvas {
    let cells = map.cells(atMost: max(10, min(width - 12, 120)))
    let c = cells.first?.count ?? 0
    guard c > 0 else {
      var canvas = CellCanvas(width: width, height: 1)
      canvas.write("no values to draw", 0, 0, color: grey)
      return canvas
    }
    let names = map.rows.prefix(cells.count).map { CellCanvas.clip($0, 14) }
    let left = (names.map(\.count).max() ?? -1) + 1
    let texts = map.showsNumbers ? cells.map { $0.map(map.text) } : []
    let longest = texts.joined().map(\.count).max() ?? 0
    let fits = map.showsNumbers && left + (longest + 1) * c <= width
    let columns = map.columns.prefix(c).map(\.onOneLine)
    let wide = fits ? longest + 2 : max(1, min(6, (width - left) / c, max(2, columns.map(\.count).max() ?? 2)))
    let cellWidth = left + wide * c <= width ? wide : max(1, (width - left) / c)
    let head = CellCanvas.wrap(map.yLabel, width)
    let (low, high) = map.ends
    let color = map.colors
    let foot = CellCanvas.wrap(map.xLabel, width)
    let footRows = (columns.isEmpty ? 0 : 1) + foot.count
    var canvas = CellCanvas(width: width, height: head.count + cells.count + footRows + (fits ? 0 : 1))
    for (k, line) in head.enumerated() { canvas.write(line, 0, k) }
    for (i, row) in cells.enumerated() {
      let y = head.count + i
      if names.indices.contains(i) { canvas.write(names[i], left - 1 - names[i].count, y) }
      for (j, value) in row.enumerated() {
        let paint = color(value)
        let ground = paint.map { CellCanvas.nearest($0) }
        let isDark = Palette.luminance(paint ?? 0xffffff) < 0.179
        let text = fits ? texts[i][j] : ""
        let padded =
          String(repeating: " ", count: max(0, cellWidth - text.count - 1)) + text + (cellWidth > text.count ? " " : "")
        for (k, character) in padded.prefix(cellWidth).enumerated() {
          if hasColor {
            canvas[left + j * cellWidth + k, y] = .init(character: character, color: isDark ? 255 : 16, ground: ground)
          } else {
            let blank = paint.map { color in shade(color, dark: map.stops != Palette.viridis) } ?? "?"
            canvas[left + j * cellWidth + k, y] = .init(character: fits ? character : blank)
          }
        }
      }
    }
    var y = head.count + cells.count
    if !columns.isEmpty {
      var next = left
      for (j, name) in columns.enumerated() {
        let text = CellCanvas.clip(name, 10)
        let start = max(left, left + j * cellWidth + (cellWidth - text.count + 1) / 2)
        guard start >= next, start + text.count <= width else { continue }
        canvas.write(text, start, y)
        next = start + text.count + 1
      }
      y += 1
    }
    for line in foot {
      canvas.write(line, max(0, left + (cellWidth * c - line.count) / 2), y)
      y += 1
    }
    if !fits {
      // What the colours mean, in one line.
      let (a, b) = (Numbers.text(low), Numbers.text(high))
      canvas.write(a, left, y)
      for k in 0..<16 {
        let paint = Palette.ramp(map.stops, Double(k) / 15)
        canvas[left + a.count + 1 + k, y] =
          hasColor
          ? .init(character: " ", ground: CellCanvas.nearest(paint))
          : .init(character: shade(paint, dark: map.stops != Palette.viridis))
      }
      canvas.write(b, left + a.count + 18, y)
    }
    return canvas
  }

  func images(_ grid: ImageGrid) -> CellCanvas {
    guard let first = grid.pictures.first else { return CellCanvas(width: width, height: 0) }
    let labels = grid.rowLabels.map { CellCanvas.clip($0, 14) }
    let left = (labels.map(\.count).max() ?? -1) + 1
    let wanted = max(1, min(grid.columns, grid.pictures.count))
    // A picture needs about a dozen columns to be recognized, a kernel as many as it has pixels.
    let least = min(max(first.width, 4), 14)
    let fitting = max(1, min(wanted, (width - left + 1) / (least + 1)))
    let across = labels.isEmpty ? ImageGrid.perRow(of: wanted, atMost: fitting) : fitting
    var cells = max(1, min((width - left + 1) / across - 1, first.width <= 8 ? first.width * 2 : first.width, 28))
    let reach = grid.reach
    // Kernels keep whole pixels.
    if first.width > 0, cells > first.width, first.width <= 12 { cells = cells / first.width * first.width }
    var blocks: [(start: Int, count: Int)] = []
    for start in stride(from: 0, to: grid.pictures.count, by: wanted) {
      // A labelled row that does not fit shows its first pictures; others wrap.
      let end = min(start + wanted, grid.pictures.count)
      if !labels.isEmpty {
        blocks.append((start, min(across, end - start)))
      } else {
        for s in stride(from: start, to: end, by: across) { blocks.append((s, min(across, end - s))) }
      }
    }
    let kept = blocks.prefix(6)
    var heights: [Int] = []
    for block in kept {
      var tall = 1
      for picture in grid.pictures[block.start..<(block.start + block.count)] {
        tall = max(tall, (cells * max(picture.height, 1) / max(picture.width, 1) + 1) / 2)
      }
      heights.append(min(tall, 28))
    }
    func captions(_ block: (start: Int, count: Int)) -> [[String]] {
      (block.start..<(block.start + block.count)).map {
        Array(CellCanvas.wrap(grid.pictures[$0].caption, cells).prefix(3))
      }
    }
    let captionRows = kept.map { captions($0).map(\.count).max() ?? 0 }
    let isCut = kept.reduce(0) { $0 + $1.count } < grid.pictures.count
    var canvas = CellCanvas(
      width: width,
      height: zip(heights, captionRows).reduce(0) { $0 + $1.0 + $1.1 + 1 } + (isCut ? 1 : 0) - (isCut ? 0 : 1))
    var y = 0
    for (b, block) in kept.enumerated() {
      if !labels.isEmpty, labels.indices.contains(block.start / wanted) {
        canvas.write(labels[block.start / wanted], 0, y + heights[b] / 2)
      }
      for k in 0..<block.count {
        let picture = grid.pictures[block.start + k]
        guard picture.width > 0, picture.height > 0 else { continue }
        let x0 = left + k * (cells + 1)
        let rows = min(28, max(1, (cells * picture.height / picture.width + 1) / 2))
        func sample(_ cx: Int, _ half: Int) -> UInt32 {
          // The average over the pixels that the half cell covers.
          let (ax, bx) = (
            cx * picture.width / cells, max(cx * picture.width / cells + 1, (cx + 1) * picture.width / cells)
          )
          let (ay, by) = (
            half * picture.height / (2 * rows),
            max(half * picture.height / (2 * rows) + 1, (half + 1) * picture.height / (2 * rows))
          )
          var sum = (0, 0, 0), count = 0
          for py in ay..<min(by, picture.height) {
            for px in ax..<min(bx, picture.width) {
              let c = grid.color(picture, px, py, reach: reach)
              sum = (sum.0 + Int(c >> 16), sum.1 + Int((c >> 8) & 255), sum.2 + Int(c & 255))
              count += 1
            }
          }
          let n = max(count, 1)
          return UInt32(sum.0 / n) << 16 | UInt32(sum.1 / n) << 8 | UInt32(sum.2 / n)
        }
        for cy in 0..<rows {
          for cx in 0..<cells {
            let (upper, lower) = (sample(cx, 2 * cy), sample(cx, 2 * cy + 1))
            if hasColor {
              canvas[x0 + cx, y + cy] = .init(
                character: "▀", color: CellCanvas.nearest(upper), ground: CellCanvas.nearest(lower))
            } else {
              var mix: UInt32 = 0
              for shift in [16, 8, 0] as [UInt32] {
                mix |= ((((upper >> shift) & 255) + ((lower >> shift) & 255)) / 2) << shift
              }
              canvas[x0 + cx, y + cy] = .init(character: shade(mix, dark: false))
            }
          }
        }
        for (line, text) in captions(block)[k].enumerated() {
          canvas.write(CellCanvas.clip(text, cells), x0 + max(0, (cells - text.count) / 2), y + heights[b] + line)
        }
      }
      y += heights[b] + captionRows[b] + 1
    }
    if isCut {
      let row = across < wanted && !labels.isEmpty ? "\(across) of \(wanted) in a row, " : ""
      canvas.write("… \(row)\(grid.pictures.count) pictures in all", 0, canvas.height - 1, color: grey)
    }
    return canvas
  }
}
