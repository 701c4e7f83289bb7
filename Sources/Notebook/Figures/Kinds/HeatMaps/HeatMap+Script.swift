// A matrix in colour as a gnuplot script: cells, their numbers in black or white, and a colour scale.

import Basics

extension HeatMap {
  /// The values at the ends of the colour scale.
  var ends: (low: Double, high: Double) {
    let all = values.joined().filter { AxisScale.isDrawable($0) }
    var low = valueRange?.lowerBound ?? all.min() ?? 0, high = valueRange?.upperBound ?? all.max() ?? 1
    if case .diverging(let middle) = scale {
      let reach = max(abs(high - middle), abs(low - middle))
      (low, high) = (middle - reach, middle + reach)
    }
    if !(high > low) { high = low + max(abs(low) * 0.1, 1) }
    return (low, high)
  }

  package static func sharingScales(_ maps: [HeatMap]) -> [HeatMap] {
    let low = maps.map(\.ends.low).min() ?? 0, high = maps.map(\.ends.high).max() ?? 1
    return maps.map { map in
      var map = map
      map.valueRange = map.valueRange ?? low...max(low, high)
      return map
    }
  }

  /// A function that returns the colour of a value, or nil if it has none. Call it once for each map, because computing
  /// the scale reads every value.
  var colors: (Double) -> UInt32? {
    let (low, high) = ends
    return { value in
      guard !value.isNaN else { return nil }
      let t = value == .infinity ? 1 : value == -.infinity ? 0 : (value - low) / (high - low)
      return showsNumbers ? Palette.step(stops, t) : Palette.ramp(stops, t)
    }
  }

  var stops: [UInt32] {
    if case .diverging = scale { return Palette.diverging }
    return showsNumbers ? Palette.sequential : Palette.viridis
  }

  /// The text of a value: a whole number if all values are whole, otherwise with decimals that depend on the largest.
  func text(_ value: Double) -> String {
    if value.isNaN { return "–" }
    if value.isInfinite { return value > 0 ? "∞" : "−∞" }
    let all = values.joined().filter { $0.isFinite }
    if all.allSatisfy({ $0 == $0.rounded() && abs($0) < 1e6 }) { return grouped(Int(value)) }
    let most = all.map { abs($0) }.max() ?? 1
    if most >= 1e5 || most < 0.005 { return Numbers.text(value, digits: 2) }
    return fixed(value, most >= 100 ? 0 : most >= 10 ? 1 : 2)
  }

  /// The number of columns, which is that of the longest row.
  var columnCount: Int { max(values.map(\.count).max() ?? 0, 0) }

  /// The rows of numbers, with missing values in short rows as NaN, averaged if there are too many to be seen.
  func cells(atMost limit: Int) -> [[Double]] {
    let width = columnCount
    let full = values.map { $0 + Array(repeating: .nan, count: width - $0.count) }
    let (dy, dx) = (max(1, (full.count + limit - 1) / limit), max(1, (width + limit - 1) / limit))
    guard dy > 1 || dx > 1 else { return full }
    return stride(from: 0, to: full.count, by: dy).map { y in
      stride(from: 0, to: width, by: dx).map { x in
        var sum = 0.0, count = 0.0
        for row in full[y..<min(y + dy, full.count)] {
          for v in row[x..<min(x + dx, width)] where v.isFinite {
            sum += v
            count += 1
          }
        }
        return count > 0 ? sum / count : .nan
      }
    }
  }

  /// The script of this map.
  package func script(_ style: PlotStyle) -> GnuplotScript {
    let font = style.font
    let cells = cells(atMost: 256)
    let r = cells.count, c = cells.first?.count ?? 0
    guard r > 0, c > 0 else {
      var script = GnuplotScript(style: style, height: font * 5)
      script.plane()
      script.label("no values to draw", style.width / 2, font * 2.5, .center, color: style.muted)
      script.add("plot NaN notitle")
      return script
    }
    let names = columns.prefix(c).map { $0.onOneLine }
    let rowNames = rows.prefix(r).map { TextExtent.clip($0.onOneLine, font, limit: style.width * 0.3) }
    var left = (rowNames.map { TextExtent.width($0, font) }.max() ?? 0) + (rowNames.isEmpty ? 4 : font * 0.8)
    let hasBar = !showsNumbers
    let (low, high) = ends
    let color = colors
    let barTicks = AxisScale(Axis("", range: low...high), over: [], count: 4).ticks
    let barRoom = hasBar ? font * 2.2 + (barTicks.map { TextExtent.width($0.label, style.smallFont) }.max() ?? 0) : 4
    let available = style.width - left - barRoom
    let tallest = style.width * style.share(page: 0.62, phone: 1.1, deck: 0.42)
    // Cells are square, unless numbers need wide cells or there are few.
    let cellWidth = min(
      available / Double(c), showsNumbers ? font * 6 : max(tallest / Double(r), available / Double(c) * 0.35))
    let cellHeight =
      showsNumbers ? min(max(font * 1.9, cellWidth * 0.5), cellWidth) : min(cellWidth, tallest / Double(r))
    let width = cellWidth * Double(c), height = cellHeight * Double(r)
    // A small map is centred.
    if rowNames.isEmpty { left += max(0, (available - width) / 2) }
    let title = yLabel.isEmpty ? 0.0 : font * 1.6
    let top = title + font * 0.4
    let (right, bottom) = (left + width, top + height)

    let widest = names.map { TextExtent.width($0, font) }.max() ?? 0
    let isTurned = widest > cellWidth * 0.96 && c == names.count
    let clipped = names.map { TextExtent.clip($0, font, limit: font * 8) }
    let nameRoom = names.isEmpty ? 0 : isTurned ? min(widest, font * 8) * 0.71 + font : font * 1.4
    let below = bottom + nameRoom + (xLabel.isEmpty ? font * 0.3 : font * 1.6)
    var script = GnuplotScript(style: style, height: below + 2)
    script.plane()
    if !yLabel.isEmpty { script.label(yLabel.onOneLine, 2, font * 0.8) }
    // If the rows are lower than a small name, some names are left out.
    let isLow = cellHeight < font * 1.1
    let step = max(1, Int((style.smallFont * 0.95 / cellHeight).rounded(.up)))
    for (i, name) in rowNames.enumerated() where i % step == 0 {
      script.label(
        name, left - font * 0.45, top + (Double(i) + 0.5) * cellHeight, .right, size: isLow ? style.smallFont : nil)
    }
    // Rotated names need the height of a line each: if columns are narrower, some names are left out.
    let every = isTurned ? max(1, Int((font * 1.15 / cellWidth).rounded(.up))) : 1
    for (i, name) in clipped.enumerated() where i % every == 0 {
      let x = left + (Double(i) + 0.5) * cellWidth
      isTurned
        ? script.label(name, x + font * 0.2, bottom + font * 0.7, .right, rotated: 45)
        : script.label(name, x, bottom + font * 0.85, .center)
    }
    if !xLabel.isEmpty { script.label(xLabel.onOneLine, left + width / 2, below - font * 0.6, .center) }

    var plots: [String] = []
    if r * c <= 900 {
      let gap = cellWidth > 12 ? 1.0 : 0
      var boxes: [String] = []
      for (i, row) in cells.enumerated() {
        for (j, value) in row.enumerated() {
          let x = left + Double(j) * cellWidth, y = top + Double(i) * cellHeight
          boxes.append(
            GnuplotScript.row(x, y, x, x + cellWidth - gap, y, y + cellHeight - gap, Double(color(value) ?? 0xb9bcc2)))
        }
      }
      script.data("cells", boxes)
      plots.append("$cells using 1:2:3:4:5:6:7 with boxxyerror fc rgb variable fs solid 1 noborder notitle")
    } else {
      var pixels: [String] = []
      for (i, row) in cells.enumerated() {
        for (j, value) in row.enumerated() {
          let paint = color(value) ?? 0xb9bcc2
          pixels.append(
            GnuplotScript.row(
              Double(j), Double(i), Double(paint >> 16), Double((paint >> 8) & 255), Double(paint & 255)))
        }
      }
      script.data("cells", pixels)
      let n = { (v: Double) in Numbers.script(v) }
      plots.append(
        "$cells using (\(n(left + cellWidth / 2))+$1*\(n(cellWidth))):(\(n(top + cellHeight / 2))+$2*\(n(cellHeight))):3:4:5 with rgbimage notitle"
      )
    }
    if showsNumbers {
      let texts = cells.map { $0.map(text) }
      let longest = texts.joined().map { TextExtent.width($0, 1) }.max() ?? 1
      let size = min(font, (cellWidth - 5) / longest, cellHeight * 0.72)
      if size >= 7 {
        for (i, row) in cells.enumerated() {
          for (j, value) in row.enumerated() {
            // Choose the text colour with the better contrast; WCAG's ratios are equal at a luminance of 0.179.
            let isDark = Palette.luminance(color(value) ?? 0xb9bcc2) < 0.179
            script.label(
              texts[i][j], left + (Double(j) + 0.5) * cellWidth - 0.5, top + (Double(i) + 0.5) * cellHeight - 0.5,
              .center,
              color: isDark ? PlotStyle.inkOnDeep : PlotStyle.inkOnPale, size: (size * 2).rounded(.down) / 2)
          }
        }
      }
    }
    if hasBar {
      let x = right + font * 0.8, steps = 40
      var boxes: [String] = []
      for k in 0..<steps {
        let y = bottom - Double(k + 1) / Double(steps) * height
        boxes.append(
          GnuplotScript.row(
            x, y, x, x + font * 0.8, y - 0.4, y + height / Double(steps),
            Double(Palette.ramp(stops, (Double(k) + 0.5) / Double(steps)))))
      }
      script.data("scale", boxes)
      plots.append("$scale using 1:2:3:4:5:6:7 with boxxyerror fc rgb variable fs solid 1 noborder notitle")
      for tick in barTicks {
        let y = bottom - (tick.place - low) / (high - low) * height
        script.line(x + font * 0.8, y, x + font * 1.0, y, color: style.axis, width: 1)
        script.label(tick.label, x + font * 1.2, y, .left, size: style.smallFont)
      }
    }
    script.add("plot \\\n  " + plots.joined(separator: ", \\\n  "))
    // If cells are averages or rows are short, the data file contains other numbers than the picture.
    if values.count == r, values.allSatisfy({ $0.count == c }) {
      script.hover = [
        "kind": "cells", "box": .init([left, top, right, bottom]), "rows": .whole(r), "columns": .whole(c),
      ]
    }
    return script
  }
}

extension AxisScale {
  /// Whether a value can be drawn on a linear axis.
  static func isDrawable(_ value: Double) -> Bool { isDrawable(value, log: false) }
}
