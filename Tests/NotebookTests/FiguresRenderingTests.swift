// Figures through gnuplot: harmless and well-formed elements, whatever the data and the labels are.

import Foundation
import Testing

@testable import Notebook

#if canImport(FoundationXML)
import FoundationXML
#endif

/// Reads an element, collecting what a page must be able to rely on.
final class ElementReader: NSObject, XMLParserDelegate {
  private(set) var names: Set<String> = []
  private(set) var ids: [String] = []
  private(set) var references: [String] = []
  private(set) var handlers: [String] = []
  private(set) var text = ""

  init?(_ svg: String) {
    super.init()
    let parser = XMLParser(data: Data(svg.utf8))
    parser.delegate = self
    guard parser.parse() else { return nil }
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    names.insert(name)
    if let id = attributes["id"] { ids.append(id) }
    if let reference = attributes["href"] ?? attributes["xlink:href"] { references.append(reference) }
    handlers += attributes.keys.filter { $0.hasPrefix("on") }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }
}

@Suite(.enabled(if: Gnuplot.isAvailable, "gnuplot is not installed"))
struct FiguresRenderingTests {
  static let allowed: Set<String> = [
    "svg", "title", "desc", "defs", "path", "use", "text", "rect", "circle", "line", "image",
  ]

  /// Renders and checks everything that holds for all figures.
  @discardableResult
  func check(_ figures: [Figure], theme: Theme = .light) throws -> [RenderedFigure] {
    let rendered = try FigureRenderer(theme: theme).render(figures)
    #expect(rendered.count == figures.count)
    var ids: [String] = []
    for (figure, result) in zip(figures, rendered) {
      #expect(result.svgs.count == figure.frames.count && result.narrowSVGs.count == figure.frames.count)
      #expect(result.altTexts.count == figure.frames.count)
      for svg in result.svgs + result.narrowSVGs {
        let reader = try #require(ElementReader(svg), "\(figure.name) is not well-formed")
        #expect(reader.names.isSubset(of: Self.allowed), "\(figure.name): \(reader.names.subtracting(Self.allowed))")
        #expect(reader.handlers.isEmpty)
        #expect(reader.references.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png;base64,") })
        #expect(
          reader.references.filter { $0.hasPrefix("#") }.allSatisfy { reader.ids.contains(String($0.dropFirst())) })
        #expect(svg.hasPrefix("<svg ") && svg.contains("role=\"img\"") && !svg.contains("currentColor\" d=\"\""))
        ids += reader.ids
      }
    }
    #expect(Set(ids).count == ids.count, "ids must differ on a page")
    return rendered
  }

  @Test("named ticks stand in the order of their places, whatever order they are given in")
  func tickOrder() {
    let axis = Axis("", range: 0...4, ticks: [(3, "top"), (1, "low"), (2, "middle")])
    #expect(AxisScale(axis, over: [0, 4], count: 3, padding: 0).ticks.map(\.label) == ["low", "middle", "top"])
  }

  @Test("every kind of plot becomes a small, well-formed, harmless element", arguments: Theme.allCases)
  func kinds(_ theme: Theme) throws {
    let rendered = try check(Samples.all.map { Figure($0.name, $0.plot, name: "same name") }, theme: theme)
    for (sample, result) in zip(Samples.all, rendered) {
      #expect(result.svgs[0].utf8.count < 90_000, "\(sample.name)")
      #expect(
        result.svgs[0].contains("fill=\"rgb(29,32,36)\"") || sample.name == "kernel",
        "\(sample.name) has text that follows the theme")
      #expect(result.script.hasPrefix("# "))
    }
  }

  @Test("labels are text, never commands, markup or tags")
  func hostile() throws {
    let h = Samples.hostile
    let axis = Axis(h, ticks: [(0, h), (1, "50 % %g")])
    let plots: [Plot] = [
      .lines(
        LineChart(
          x: axis, y: axis, [Series(h, y: [0, 1]), Series("", y: [1, 0])],
          references: [.init(.horizontal, at: 0.5, h), .init(.vertical, at: 1.5, h)])),
      .bars(BarChart(categories: [h, "b"], y: axis, [.init(h, [1, 2]), .init("c", [2, 1])])),
      .histograms(
        HistogramGrid(
          columns: [h], rows: [.init(h, range: 0...1, [.init(heights: [1, 2], title: h, note: h)])], xLabel: h)),
      .heatMap(HeatMap([[1, 2]], rows: [h], columns: [h, h], xLabel: h, yLabel: h)),
      .contour(
        ContourPlot(
          x: Axis(h, range: 0...1), y: Axis(h, range: 0...1), heights: [[0, 1], [1, 2]],
          paths: [Series(h, y: [0.1, 0.9])])),
      .images(ImageGrid(columns: 1, [.init(width: 1, height: 1, pixels: [0.5], caption: h)], rowLabels: [h])),
      .diagram(
        Diagram([.init(h, x: 0, y: 0, detail: h), .init(h, x: 2, y: 0, form: .volume)], edges: [.init(0, 1, label: h)])),
    ]
    let folder = FileManager.default.currentDirectoryPath + "/pwned"
    let rendered = try check(plots.map { Figure(h, $0, name: h) })
    #expect(!FileManager.default.fileExists(atPath: folder))
    for result in rendered { #expect(!result.svgs[0].contains("<script")) }
    let reader = try #require(ElementReader(rendered[0].svgs[0]))
    #expect(reader.text.contains("`touch pwned` @x _1^2 {z} %d \\n & <script>alert(1)</script> second line"))
    for plot in plots {
      for graphics in [TerminalGraphics.braille(color: false), .dumb] {
        let text = try TerminalPicture.draw(plot, title: h, columns: 60, graphics: graphics, theme: .light)
        #expect(!text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" })
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 60 }, "\(graphics)")
      }
    }
  }

  static let brokenValues: [(name: String, values: [Double])] = [
    ("empty", []), ("single", [1]), ("nan", [.nan, .nan]), ("infinite", [1, .infinity, -.infinity, 2]),
    ("zero", [0, 0, 0]),
    ("huge", [1e300, -1e300, .leastNonzeroMagnitude]), ("mixed", [.nan, 1, .nan, 2, 3, .nan]),
  ]

  /// Plots of every kind with such values.
  static func broken(_ name: String, _ v: [Double]) -> [(String, Plot)] {
    var plots: [(String, Plot)] = []
    for log in [false, true] {
      let axis = Axis("a", log: log)
      for style in [Series.Style.line, .lineAndMarkers, .points, .steps, .arrows] {
        plots.append(
          (
            "\(name) \(style) \(log)",
            .lines(LineChart(x: Axis("x"), y: axis, [Series("s", y: v, deviation: v, style: style)]))
          ))
      }
      plots.append(
        (
          "\(name) bars \(log)",
          .bars(BarChart(categories: v.indices.map { "\($0)" }, y: axis, [.init("s", v, deviation: v)]))
        ))
    }
    plots.append(
      (
        "\(name) histogram",
        .histograms(
          HistogramGrid(columns: ["c"], rows: [.init("r", range: 1...1, [.init(heights: v), .init(heights: [])])]))
      ))
    plots.append(("\(name) heat", .heatMap(HeatMap([v, [1]], showsNumbers: true))))
    plots.append(("\(name) diverging", .heatMap(HeatMap([v, v], scale: .diverging(around: 0)))))
    plots.append(
      (
        "\(name) contour",
        .contour(
          ContourPlot(
            x: Axis("x", range: 0...1), y: Axis("y", range: 0...1), heights: [v, v], paths: [Series("p", y: v)]))
      ))
    plots.append(
      (
        "\(name) images",
        .images(
          ImageGrid(
            columns: 2,
            [.init(width: v.count, height: 1, pixels: v.map { Float($0) }), .init(width: 3, height: 3, pixels: [1])],
            isSigned: name == "nan"))
      ))
    plots.append(
      (
        "\(name) diagram",
        .diagram(
          Diagram(
            [.init("a", x: v.first ?? 0, y: v.last ?? 0), .init("b", x: 1, y: 1)],
            edges: [.init(0, 1, bend: v.first ?? 0), .init(0, 7), .init(1, 1)]))
      ))
    return plots
  }

  /// Plots of every kind with nothing at all.
  static let nothing: [(String, Plot)] = {
    var plots: [(String, Plot)] = []
    plots.append(("no lines", .lines(LineChart(x: Axis(""), y: Axis(""), []))))
    plots.append(("no bars", .bars(BarChart(categories: [], y: Axis(""), []))))
    plots.append(("no rows", .histograms(HistogramGrid(columns: [], rows: []))))
    plots.append(("no cells", .heatMap(HeatMap([]))))
    plots.append(("no pictures", .images(ImageGrid(columns: 0, []))))
    plots.append(("no nodes", .diagram(Diagram([]))))
    plots.append(("no window", .window(WindowPicture(image: [], kernel: [], position: (0, 0)))))
    plots.append(("no axis range", .contour(ContourPlot(x: Axis("x"), y: Axis("y"), heights: [[1, 2], [3, 4]]))))
    return plots
  }()

  @Test(
    "NaN, infinities, nothing and single points give a picture, on a page and in a terminal",
    arguments: 0...brokenValues.count)
  func broken(_ which: Int) throws {
    let plots =
      which == Self.brokenValues.count
      ? Self.nothing : Self.broken(Self.brokenValues[which].name, Self.brokenValues[which].values)
    try check(plots.map { Figure($0.0, $0.1) })
    for (name, plot) in plots {
      for graphics in [TerminalGraphics.braille(color: true), .dumb] {
        #expect(throws: Never.self, "\(name)") {
          try TerminalPicture.draw(plot, columns: 50, graphics: graphics, theme: .dark)
        }
      }
    }
  }

  @Test("a series that stops at NaN says so at its end")
  func diverged() throws {
    let chart = LineChart(
      x: Axis("x"), y: Axis("y"), [Series("lr 1", y: [1, 2, .infinity]), Series("lr 2", y: [1, 2, .nan])])
    let svg = try FigureRenderer(theme: .light).render([Figure("d", .lines(chart))])[0].svgs[0]
    #expect(svg.contains("lr 1 → ∞") && svg.contains("lr 2 → NaN"))
  }

  @Test("a million points stay a small picture")
  func million() throws {
    let chart = LineChart(
      x: Axis("step"), y: Axis("loss"), [Series("noisy", y: (0..<1_000_000).map { Samples.noise($0) }, style: .line)])
    let script = FigureRenderer(theme: .light).script(for: .lines(chart))
    #expect(script.utf8.count < 100_000)
  }

  @Test("terminal pictures fit their columns, without escape codes where there is no colour", arguments: [40, 80])
  func terminal(_ columns: Int) throws {
    for sample in Samples.all {
      for graphics in [TerminalGraphics.braille(color: true), .braille(color: false), .dumb] {
        let text = try TerminalPicture.draw(
          sample.plot, title: "The finding", columns: columns, graphics: graphics, theme: .light)
        let plain = text.replacing(#/\u{1b}\[[0-9;]*m/#, with: "")
        let widest = plain.split(separator: "\n").map(\.count).max() ?? 0
        #expect(widest <= columns, "\(sample.name) \(graphics): \(widest)")
        #expect(plain.contains("The finding"))
        if graphics != .braille(color: true) { #expect(!text.contains("\u{1b}"), "\(sample.name)") }
        if graphics == .dumb { #expect(text.unicodeScalars.allSatisfy { $0.isASCII }, "\(sample.name)") }
      }
    }
  }

  @Test("names and numbers of a chart are text in a terminal")
  func terminalText() throws {
    let text = try TerminalPicture.draw(
      .lines(Samples.spread), columns: 90, graphics: .braille(color: false), theme: .light)
    for part in [
      "standard deviation of the activations", "0.1┤", "ReLU, He", "tanh, 0.05 (saturated)", "tanh, 0.01", "layer",
    ] {
      #expect(text.contains(part), "\(part)")
    }
    #expect(text.unicodeScalars.contains { (0x2801...0x28ff).contains($0.value) })
  }

  /// A plot in a terminal of 60 columns without colour, line by line.
  private static func lines(_ plot: Plot) throws -> [String] {
    try TerminalPicture.draw(plot, columns: 60, graphics: .braille(color: false), theme: .light)
      .split(separator: "\n").map(String.init)
  }

  @Test("cells without arrows stay grids of numbers, with their names below them")
  func numberGrids() throws {
    var nodes: [Diagram.Node] = []
    for (i, row) in [["1", "−2"], ["3", "a+b"]].enumerated() {
      for (j, text) in row.enumerated() {
        nodes.append(Diagram.Node(text, x: 0.4 * Double(j), y: -0.4 * Double(i), size: (width: 0.4, height: 0.4)))
      }
    }
    nodes.append(Diagram.Node("g", x: 0.2, y: -0.76, form: .plain, size: (width: 0.3, height: 0.3)))
    let rows = try Self.lines(.diagram(Diagram(nodes))).map { $0.split(separator: " ").joined(separator: " ") }
    #expect(rows == ["1 −2", "3 a+b", "g"])
  }

  @Test("the numbers under a window are three blocks with their signs and the sum")
  func windowBlocks() throws {
    let picture = WindowPicture(image: [[1, 0, 0], [0, 0.5, 0]], kernel: [[2, 0], [0, -1]], position: (0, 0))
    let text = try Self.lines(.window(picture)).map { $0.split(separator: " ").joined(separator: " ") }
    #expect(text.contains("1 0 2 0 2 0"))
    #expect(text.contains("0 0.5 × 0 −1 = 0 −0.5 Σ = 1.5"))
  }

  @Test("names on the axis are whole, each in a row of its own")
  func namedTicks() throws {
    let names = (1...14).map { "regularizer number \($0)" }
    let chart = LineChart(
      x: Axis("points"), y: Axis("", ticks: names.enumerated().map { (Double($0.offset), $0.element) }),
      [Series("helps", x: names.indices.map(Double.init), y: names.indices.map(Double.init), style: .points)])
    let text = try Self.lines(.lines(chart)).joined(separator: "\n")
    for name in names { #expect(text.contains(name + "┤"), "\(name)") }
  }

  @Test("images for terminals come in the terminal's protocol")
  func images() throws {
    let kitty = try TerminalPicture.draw(.lines(Samples.spread), columns: 60, graphics: .kitty, theme: .dark)
    #expect(kitty.hasPrefix("\u{1b}_Ga=T,f=100") || kitty.contains("⠤"))
    let sixel = try TerminalPicture.draw(.lines(Samples.spread), columns: 60, graphics: .sixel, theme: .dark)
    #expect(sixel.contains("\u{1b}P") || sixel.contains("⠤"))
  }
}

@Suite struct SVGSanitizerTests {
  @Test("only what a picture needs passes")
  func whitelist() throws {
    let file = """
      <?xml version="1.0"?><!DOCTYPE svg><svg onload="alert(1)"><script>alert(2)</script><style>*{}</style><!-- <g> -->
      <foreignObject><div>three</div></foreignObject><a href="javascript:x"><path d="M1,1 L2,2" stroke="red"/></a>
      <g fill="none" stroke="rgb( 1,  2, 3)"><path onclick="x()" d="M1.26,1.00 L2.00,2.00" style="fill:url(#x)"/><path d="M3,3 L4,alert"/></g>
      <image xlink:href="http://example.org/x.png" width="1"/><image xlink:href="data:text/html;base64,AAAA"/>
      <use xlink:href="#gpPt4" transform="translate(1,2) scale(3)"/><use xlink:href="#other" transform="x"/>
      <g fill="rgb(1,2,3)"><text>a &lt;b&gt; &amp; c</text></g></svg>
      """
    let svg = try #require(SVGSanitizer(Array(file.utf8), id: "f", fontSize: 15)).svg(
      width: 10, height: 10, title: "<t>", description: "\"d\"")
    let reader = try #require(ElementReader(svg))
    for bad in [
      "script", "alert", "onload", "onclick", "example.org", "javascript", "foreignObject", "three", "text/html",
      "url(", "<style",
    ] {
      #expect(!svg.contains(bad), "\(bad)")
    }
    #expect(svg.contains("M1.3,1l.7,1") && svg.contains("a &lt;b&gt; &amp; c") && svg.contains("M-2,-1 4,-1 4,5 -2,5z"))
    #expect(reader.text.contains("<t>"))
  }

  @Test("a file that breaks off is no picture")
  func truncated() {
    #expect(SVGSanitizer(Array("<svg><g><path d=\"M1,1".utf8), id: "f", fontSize: 15) == nil)
    #expect(SVGSanitizer([], id: "f", fontSize: 15) == nil)
  }

  @Test("a bitmap that breaks off is none")
  func bitmap() {
    #expect(Bitmap(Array("P6\n4 4\n255\nabc".utf8)) == nil)
    let dots = Array("P6\n2 4\n255\n".utf8) + [255, 85, 85] + [UInt8](repeating: 255, count: 21)
    #expect(Bitmap(dots)?.cell(0, 0)?.character == "⠁")
    #expect(Bitmap(dots)?.cell(0, 0)?.pen == 1)
  }
}
