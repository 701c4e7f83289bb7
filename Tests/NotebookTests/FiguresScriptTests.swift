// Figures before gnuplot: scripts against golden files, layout, scales, thinning, alt texts, numbers, colours.

import Foundation
import Testing

@testable import Notebook

@Suite struct FiguresScriptTests {
  static let kinds = ["spread", "bars", "long-bars", "kernel", "graph", "filters"]

  @Test("scripts are those that were looked at and found good", arguments: kinds)
  func golden(_ name: String) throws {
    let plot = try #require(Samples.all.first { $0.name == name }).plot
    try GoldenTests().check(FigureRenderer(theme: .light).script(for: plot), "figures-\(name).gp")
  }

  @Test("equal plots give equal scripts, in every theme", arguments: Theme.allCases)
  func deterministic(_ theme: Theme) {
    for sample in Samples.all {
      let renderer = FigureRenderer(theme: theme)
      #expect(renderer.script(for: sample.plot) == renderer.script(for: sample.plot))
    }
  }

  @Test("text in a script stays within its quotes")
  func quoting() {
    #expect(GnuplotScript.quote("it's `ls` $x\n\"y\"") == "'it''s `ls` $x \"y\"'")
    #expect(GnuplotScript.quoteTick("50 %") == "'50 %%'")
  }

  @Test("the label of a reference line keeps off the bars of points", arguments: [(0.0, 0.0), (1, 0), (0, 1)])
  func referenceLabel(left: Double, right: Double) throws {
    // Points far above the line, with bars that reach down to it at one end or at none.
    let deviation = [left, left, 0, 0, right, right].map { 3 * $0 }
    let chart = LineChart(
      x: Axis("x"), y: Axis("y", range: 0...4),
      [Series("a", x: [0, 1, 2, 3, 4, 5], y: [3, 3, 3, 3, 3, 3], deviation: deviation, style: .points)],
      references: [.init(.horizontal, at: 1, "the line")])
    let script = FigureRenderer(theme: .light).script(for: .lines(chart))
    let place = try #require(script.firstMatch(of: #/'the line' at screen ([0-9.]+)/#).flatMap { Double($0.output.1) })
    #expect((place < 0.5) == (right > 0), "\(place)")
  }

  @Test("names at lines' ends keep a line's distance", arguments: [0.0, 0.001, 0.02])
  func repelling(_ gap: Double) {
    let series = (0..<8).map { Series("line \($0)", y: [1, 2, 3 + gap * Double($0)]) }
    let chart = LineChart(x: Axis("x"), y: Axis("y"), series)
    let style = PlotStyle(theme: .light)
    var layout = chart.layout(style)
    var script = GnuplotScript(style: style, height: layout.height)
    chart.addNames(&script, &layout)
    let rows = layout.labels.map(\.y).sorted()
    #expect(rows.count == 8)
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $1 - $0 >= style.font * 1.2 })
    #expect(rows.allSatisfy { $0 >= layout.top - style.font && $0 <= layout.bottom + style.font })
    #expect(layout.labels.allSatisfy { $0.x + TextExtent.width($0.text, style.font) <= style.width + 1 })
  }

  @Test("names too long for the margin go above the plot, inside the canvas")
  func key() {
    let long = "a name that no margin of any figure would ever have room for, not even a wide one"
    let layout = LineChart(x: Axis("x"), y: Axis("y"), [Series(long, y: [1, 2]), Series("b" + long, y: [2, 1])]).layout(
      PlotStyle(theme: .light))
    #expect(layout.key.map(\.x) == [0, 0] && layout.key.allSatisfy { $0.y < layout.top })
    #expect(layout.labels.isEmpty)
  }

  @Test(
    "with equal scales a unit is as long upwards as to the right, wide or tall", arguments: [0.4, 1, 6], [true, false])
  func equalScales(height: Double, isNarrow: Bool) {
    let style = PlotStyle(theme: .light, isNarrow: isNarrow)
    let chart = LineChart(
      x: Axis("x", range: 0...2), y: Axis("y", range: 0...(2 * height)), [Series("a", x: [0, 2], y: [0, 1])],
      hasEqualScales: true)
    let layout = chart.layout(style)
    let (across, up) = ((layout.right - layout.left) / 2, (layout.bottom - layout.top) / (2 * height))
    #expect(abs(across - up) < 1e-6 && layout.right <= style.width && across > 10)
  }

  @Test(
    "ticks are round numbers inside the range",
    arguments: [(0.0, 1.0), (-3.2, 7.9), (0.0012, 0.0018), (1e7, 4e9), (-1e-7, 1e-7), (5, 5)])
  func ticks(_ low: Double, _ high: Double) {
    let scale = AxisScale(Axis("x"), over: [low, high], count: 5)
    #expect(scale.low <= low && scale.high >= high && scale.low < scale.high)
    #expect((2...9).contains(scale.ticks.count))
    #expect(
      scale.ticks.allSatisfy {
        $0.place >= scale.low - 1e-9 * abs(scale.low) && $0.place <= scale.high + 1e-9 * abs(scale.high)
      })
    #expect(Set(scale.ticks.map(\.label)).count == scale.ticks.count)
  }

  @Test("logarithmic ticks are powers of ten, or 1, 2, 5 between them where there are few")
  func logarithmicTicks() {
    let broad = AxisScale(Axis("y", log: true), over: [1e-4, 0, 1], count: 5)
    #expect(broad.ticks.map(\.label) == ["10⁻⁴", "10⁻³", "10⁻²", "10⁻¹", "10⁰"])
    let narrow = AxisScale(Axis("y", log: true), over: [0.95, 6], count: 5)
    #expect(narrow.ticks.map(\.label) == ["1", "2", "5"])
    // Errors in per cent: most of a decade and a half, read off in numbers and not in powers.
    let errors = AxisScale(Axis("y", log: true), over: [0.6, 12], count: 5)
    #expect(errors.ticks.map(\.label) == ["1", "2", "5", "10"])
    let wide = AxisScale(Axis("y", log: true), over: [0.01, 100], count: 5)
    #expect(wide.ticks.map(\.label) == ["0.01", "0.1", "1", "10", "100"])
  }

  @Test("whole numbers have ticks of whole numbers, and no digit that says nothing")
  func wholeTicks() {
    func labels(_ data: [Double], _ count: Int = 6) -> [String] {
      AxisScale(Axis("x"), over: data, count: count, padding: 0.02).ticks.map(\.label)
    }
    #expect(labels([1, 16]) == ["5", "10", "15"])
    #expect(labels([1, 2, 3]) == ["1", "2", "3"])
    #expect(labels([0, 1500], 7) == ["0", "250", "500", "750", "1000", "1250", "1500"])
    #expect(labels([0, 0.5, 12]) == ["0.0", "2.5", "5.0", "7.5", "10.0"])
  }

  @Test("numbers are short, exact to their digits, and read as they were meant")
  func numbers() {
    #expect(Numbers.script(0.1) == "0.1")
    #expect(Numbers.script(Double(Float(0.1))) == "0.1")
    #expect(Numbers.script(-1234567) == "-1234567")
    #expect(Numbers.text(0.000012) == "1.2×10⁻⁵")
    #expect(Numbers.text(-0.25) == "−0.25")
    #expect(Numbers.text(.nan) == "not a number")
  }

  @Test("a million points become a few thousand, and no peak is lost")
  func decimation() {
    var y = (0..<1_000_000).map { Double($0 % 97) / 97 }
    y[123_456] = 40
    y[777_777] = -30
    let series = Series("long", y: y, style: .line)
    let chart = LineChart(x: Axis("step"), y: Axis("loss"), [series])
    let x = AxisScale(chart.x, over: chart.allX, count: 5), scale = AxisScale(chart.y, over: chart.allY, count: 5)
    let kept = Decimation.pieces(series, x: x, y: scale, columns: 700).joined().map { y[$0] }
    #expect(kept.count < 3000)
    #expect(kept.contains(40) && kept.contains(-30))
  }

  @Test("a cloud of a hundred thousand points is thinned where points hide each other")
  func cloud() {
    let series = Series(
      "cloud", x: (0..<100_000).map { Samples.noise($0) }, y: (0..<100_000).map { Samples.noise($0 * 31) },
      style: .points)
    let scale = AxisScale(Axis("x"), over: series.x, count: 5)
    let kept = Decimation.pieces(series, x: scale, y: scale, columns: 700).joined()
    #expect(kept.count <= 3000 && kept.count > 100)
  }

  @Test("A shape without words is called by the captions above and below it")
  func captionsOfShapes() throws {
    let diagram = Diagram(
      [
        .init("", x: 0, y: 0, form: .volume), .init("32²", x: 0, y: -1, form: .plain),
        .init("image", x: 0, y: 1, form: .plain), .init("", x: 2, y: 0, form: .box),
        .init("10", x: 2, y: -1, detail: "850", form: .plain), .init("alone", x: 5, y: 0),
      ], edges: [.init(0, 3)])
    #expect(diagram.spokenNodes.map(\.node) == [0, 3, 5])
    #expect(diagram.spokenNodes.map(\.name) == ["image, 32²", "10 (850)", "alone"])
    #expect(diagram.altText.contains("Arrows: image, 32² to 10 (850)."))
  }

  @Test("alt texts tell trend, extremes, crossings and ends")
  func altTexts() {
    let chart = LineChart(
      x: Axis("epoch"), y: Axis("loss", log: true),
      [
        Series("fast", y: [4, 1, 0.5, 0.6]), Series("slow", y: [3, 2, 1, 0.2]),
        Series("wild", y: [1, 9, .infinity, .nan]),
      ],
      references: [.init(.horizontal, at: 2.3, "chance")])
    let text = chart.altText
    for part in [
      "loss against epoch, y on a log scale", "slow falls steadily from 3 to 0.2", "lowest 0.5 at 3",
      "fast and slow cross 2 times",
      "then infinite from 3 on", "fast is highest (0.6), slow lowest (0.2)", "y = 2.3: chance",
    ] { #expect(text.contains(part), "\(part) in: \(text)") }
    #expect(Samples.confusion.altText.contains("Highest 976 at 2, 2"))
    #expect(Samples.bars.altText.contains("LeNet-5++ 0.48"))
    #expect(
      Samples.window.altText.contains(
        "row 2, column 3 of an image of 6 by 6. Pixel times weight, added up: 0.5 × −1 + 0.2 × 1 + 0.5 × −2"))
    #expect(abs(Samples.window.sum + 1.2) < 1e-12 && Samples.window.output.count == 4)
    #expect(Samples.all.allSatisfy { $0.plot.kind.altText.count > 30 })
  }

  @Test("one of a thing is not called by its plural")
  func singular() {
    func chart(_ style: Series.Style) -> LineChart {
      LineChart(x: Axis("x"), y: Axis("y"), [Series("", x: [3], y: [2], style: style)])
    }
    #expect(chart(.points).altText == "Scatter plot of y against x. The series: 1 point, x 3, y 2.")
    #expect(chart(.line).altText == "Line chart of y against x. The series: a single point, 2 at 3.")
    #expect(BarChart(categories: ["a"], y: Axis("v"), []).altText == "Bar chart of v for 1 category.")
    #expect(HeatMap([[1, 2]]).altText.hasPrefix("Heat map of 1 row and 2 columns."))
    #expect(ImageGrid(columns: 1, [.init(width: 5, height: 5, pixels: [])]).altText == "1 picture, 5 by 5 pixels.")
    #expect(
      HistogramGrid(columns: [], rows: [.init("r", range: 0...1, [])]).altText == "Grid of histograms, 1 row of 0.")
  }

  @Test("the CSV has every number, a header, and no formula")
  func csv() {
    let figure = Figure(
      "x",
      .lines(
        LineChart(x: Axis("step, in thousands"), y: Axis("loss"), [Series("=cmd()", y: [0.5, .nan], deviation: [0.1])]))
    )
    #expect(
      CSVTable.text(figure) == "series,\"step, in thousands\",loss,deviation\n'=cmd(),1,0.5,0.1\n'=cmd(),2,NaN,\n")
    let swept = Figure("y", exploring: FigureParameter("rate", values: [0.1, 1])) { r in
      .bars(BarChart(categories: ["a"], y: Axis("v"), [.init("s", [r])]))
    }
    #expect(CSVTable.text(swept) == "rate,series,category,v,deviation\n0.1,s,a,0.1,\n1,s,a,1,\n")
    #expect(Samples.all.allSatisfy { CSVTable.text(Figure("z", $0.plot)).contains("\n") })
  }

  @Test("the frames of an explorable figure share their axes")
  func frames() {
    let plots = [1.0, 10].map { a in Plot.lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("s", y: [0, a])])) }
    let scripts = Plot.sharingScales(plots).map { FigureRenderer(theme: .light).script(for: $0) }
    func axes(_ script: String) -> [Substring] {
      script.split(separator: "\n").filter { $0.hasPrefix("set yrange") || $0.hasPrefix("set ytics") }
    }
    #expect(axes(scripts[0]) == axes(scripts[1]))
    #expect(scripts[0] != scripts[1])
  }

  @Test("text has a contrast of 4.5 on its ground, lines of 3 on the dark one")
  func contrast() {
    func ratio(_ a: String, _ b: String) -> Double {
      let (l, m) = (Palette.luminance(Palette.packed(a)), Palette.luminance(Palette.packed(b)))
      return (max(l, m) + 0.05) / (min(l, m) + 0.05)
    }
    for entry in Palette.entries {
      #expect(ratio(entry.text, "#fdfcf9") >= 4.5, "\(entry.name)")
      #expect(ratio(entry.darkText, "#15171a") >= 4.5, "\(entry.name)")
      #expect(ratio(entry.darkLine, "#15171a") >= 3, "\(entry.name)")
    }
    for map in [Samples.confusion, Samples.kernel] {
      for value in map.values.joined() {
        let ground = Palette.hex(map.colors(value) ?? 0)
        #expect(max(ratio(ground, "#ffffff"), ratio(ground, "#000000")) >= 4.5)
      }
    }
  }
}

@Suite struct ThemeColorTests {
  /// WCAG's contrast of two colours.
  func contrast(_ a: UInt32, _ b: UInt32) -> Double {
    let (x, y) = (Palette.luminance(a), Palette.luminance(b))
    return (max(x, y) + 0.05) / (min(x, y) + 0.05)
  }

  @Test("text on cells keeps a contrast of 4.5, on paper and on a dark ground")
  func cells() {
    for stops in [Palette.sequential, Palette.diverging] {
      for k in 0..<Palette.steps {
        let light = Palette.step(stops, Double(k) / Double(Palette.steps - 1))
        let dark = Palette.inverted(light)
        let isDeep = Palette.luminance(light) < 0.179
        #expect(contrast(light, isDeep ? 0xffffff : 0) >= 4.5, "\(Palette.hex(light))")
        #expect(contrast(dark, isDeep ? 0 : 0xffffff) >= 4.4, "\(Palette.hex(light)), \(Palette.hex(dark))")
      }
    }
  }

  @Test("one level's line is thick and in the colour of text, where one is named, and told")
  func emphasis() {
    var surface = Samples.contour
    let renderer = FigureRenderer(theme: .light)
    let ink = "lc rgb '\(PlotStyle(theme: .light).ink)' lw"
    #expect(!renderer.script(for: .contour(surface)).contains("? $2 : NaN) with lines \(ink)"))
    surface.emphasis = 0.5
    surface.levels = [0.1, 0.5, 0.9]
    let script = renderer.script(for: .contour(surface))
    #expect(script.contains("(abs($3 - 0.5) < ") && script.contains("? $2 : NaN) with lines \(ink)"))
    #expect(surface.altText.contains("the thick line is at 0.5"))
  }

  @Test("names of series and of contour lines can be read on both grounds")
  func series() {
    for entry in Palette.entries {
      #expect(contrast(Palette.packed(entry.text), 0xfdfcf9) >= 4.5, "\(entry.name)")
      #expect(contrast(Palette.packed(entry.darkText), 0x15171a) >= 4.5, "\(entry.name)")
    }
    // Lines need 3, WCAG's number for graphics; the palest of viridis' greens misses it on paper.
    for tone in Palette.contourTones {
      #expect(contrast(Palette.packed(tone.dark), 0x15171a) >= 4.5)
    }
  }
}

@Suite struct GnuplotVersionTests {
  /// What gnuplot 6 has removed or made an error, by its list of deprecated syntax and its release notes: data from `-`
  /// (inside a multiplot), `clabel`, style increments, positional `dgrid3d`, `reread`.
  @Test("scripts use nothing that gnuplot 6 no longer has")
  func removed() {
    let plots = Samples.all.map(\.plot) + Gallery.explorable().flatMap(\.frames)
    for plot in plots {
      for isNarrow in [false, true] {
        let script = FigureRenderer(theme: .light).script(for: plot, isNarrow: isNarrow)
        for word in ["'-'", "\"-\"", "clabel", "style increment", "dgrid3d", "reread", "errorbars"] {
          #expect(!script.contains(word), "\(word)")
        }
      }
    }
  }

  @Test("the description of a picture and of a surface says what is seen in it, not only what it is")
  func descriptions() {
    func image(_ bright: Int) -> String {
      let pixels = (0..<16).map { Float($0 == bright ? 1 : 0) }
      return ImageGrid(columns: 1, [.init(width: 4, height: 4, pixels: pixels, caption: "digit")]).altText
    }
    #expect(image(0).contains("digit: 6 % bright, mean 0.062, most of it 12 % from the left and 12 % from the top."))
    #expect(image(0) != image(15))
    func surface(_ bend: Double) -> String {
      let heights = (0..<9).map { row in (0..<9).map { Double(row) - 4.2 + bend * Double($0 % 3) } }
      return ContourPlot(
        x: Axis("x", range: 0...1), y: Axis("y", range: 0...1), heights: heights, emphasis: 0
      ).altText
    }
    #expect(surface(0).contains("44.4 % of the plane lies above it") && surface(0) != surface(1))
  }

  @Test("a deviation that is not drawn is told all the same")
  func undrawn() {
    func chart(_ drawsDeviation: Bool) -> LineChart {
      LineChart(
        x: Axis("x"), y: Axis("y"), [Series("s", y: [1, 2], deviation: [0.25, 0.5], drawsDeviation: drawsDeviation)])
    }
    let style = PlotStyle(theme: .light)
    #expect(
      chart(true).script(style).text().contains("$band1") && !chart(false).script(style).text().contains("$band1"))
    #expect(CSVTable.text(Figure("f", .lines(chart(false)))).contains("s,2,2,0.5"))
  }

  @Test("curves without a name have that of their row in the numbers, and no height")
  func namedRows() {
    let rows = LineChart(
      x: Axis("errors"), y: Axis("", ticks: [(2, "plain"), (1, "residual")]),
      [Series("", x: [7, 8], y: [1.9, 2.1], style: .points), Series("", x: [0.5], y: [1], style: .points)])
    let table = rows.table(maximumRows: 10)
    #expect(table.columns.map(\.title) == ["series", "errors"])
    #expect(table.rows.map { $0[0] } == ["plain", "plain", "residual"])
    #expect(rows.altText.contains("residual: 1 point") && rows.csv.rows[0].hasPrefix("plain,7,1.9"))
  }
}
