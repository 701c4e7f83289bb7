// A page with a figure of every kind and an explorable one of most, to be looked at and walked through in a browser.
//
// GALLERY=folder swift test --filter GalleryTests leaves the page and its text for a terminal in that folder.

import Basics
import CZlib
import Foundation
import Testing

@testable import Notebook

enum Gallery {
  /// What each sample shows, as a chapter would say it.
  static let findings = [
    "spread": "He keeps **ReLU** alive; 0.01 loses the signal", "training": "Adam is lowest after 200 steps",
    "scatter": "The three digits overlap", "bars": "Here every net does better than published",
    "long-bars": "Elastic distortion helps only with the rest", "histograms": "Small weights shrink the histograms",
    "confusion": "Most digits are read as what they are", "sweep": "One diagonal of rates and sizes works",
    "kernel": "A kernel that finds diagonal edges", "contour": "Momentum takes the valley",
    "images": "Sixteen rings", "filters": "Two rows of filters on one scale", "color-images": "Four photographs",
    "network": "LeNet-5 as volumes", "graph": "A computation graph with a skip",
    "window": "Nine products, one sum",
  ]

  static let wide: Set<String> = ["histograms", "network", "window"]

  /// One parameter swept over each kind of plot that chapters explore.
  static func explorable() -> [Figure] {
    let rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]
    let steps = (0..<60).map(Double.init)
    return [
      Figure(
        "A rate of 0.1 falls fastest; 1 does not fall",
        exploring: FigureParameter("learning rate", values: rates, initial: 4), name: "explore-lines"
      ) { rate in
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss (nats)", range: 0...3),
            [
              Series(
                "training", x: steps, y: steps.map { rate >= 1 ? 2.4 : 2.3 * pow(1 - rate / 1.2, $0) },
                deviation: steps.map { _ in 0.1 }, style: .line, isEmphasized: true),
              Series(
                "test", x: steps, y: steps.map { rate >= 1 ? 2.6 : 0.2 + 2.2 * pow(1 - rate / 1.5, $0) }, style: .line),
            ], references: [.init(.horizontal, at: 2.3026, "chance: ln 10")]))
      },
      Figure(
        "The histograms widen with the weights",
        exploring: FigureParameter("standard deviation of the weights", values: [0.01, 0.02, 0.05], initial: 1),
        caption: "Three frames.", name: "explore-histograms", isWide: true
      ) { scale in
        .histograms(
          HistogramGrid(
            columns: (1...4).map { "layer \($0)" },
            rows: [
              .init(
                "tanh", range: -1...1,
                (1...4).map { layer in
                  let width = scale * 20 / Double(layer)
                  return .init(
                    heights: (0..<40).map { exp(-pow((Double($0) - 19.5) / 20 / width, 2) / 2) },
                    title: "σ = \(Numbers.script(width, digits: 2))", note: "12 % at ±1")
                })
            ], xLabel: "activation"))
      },
      Figure(
        "More dropped, fewer sure answers",
        exploring: FigureParameter("share dropped", unit: "%", values: [0, 25, 50, 75], initial: 2),
        name: "explore-heat"
      ) { dropped in
        .heatMap(
          HeatMap(
            (0..<6).map { i in (0..<6).map { j in i == j ? 1 - dropped / 120 : dropped / 600 } },
            rows: Samples.digits, columns: Samples.digits, xLabel: "predicted", yLabel: "true", showsNumbers: true))
      },
      Figure(
        "Filters take shape",
        exploring: FigureParameter("epoch", values: [0, 1, 5], initial: 0), name: "explore-filters"
      ) { epoch in
        .images(
          ImageGrid(
            columns: 6,
            (0..<6).map { k in
              .init(
                width: 5, height: 5,
                pixels: (0..<25).map { p in
                  Float(Samples.noise(p * 13 + k * 101)) + Float(epoch) * Float(p % 5 - 2) / 10
                })
            }, isSigned: true))
      },
      Figure(
        "Depth hurts the plain net only",
        exploring: FigureParameter("depth", unit: "layers", values: [4, 8, 16], initial: 0), name: "explore-bars"
      ) { depth in
        .bars(
          BarChart(
            categories: ["plain", "residual"], y: Axis("test error (%)"),
            [.init("", [1 + depth / 4, 1.4], deviation: [0.2, 0.1])]))
      },
      Figure(
        "Momentum overshoots",
        exploring: FigureParameter("momentum", values: [0, 0.5, 0.9], initial: 1), name: "explore-contour"
      ) { momentum in
        var contour = Samples.contour
        contour.paths = contour.paths.map { path in
          Series(path.name, x: path.x.map { $0 * (1 + momentum / 10) }, y: path.y, isEmphasized: path.isEmphasized)
        }
        return .contour(contour)
      },
    ]
  }

  static func place(folder: String) -> Place {
    var place = Sample.place(folder: folder)
    place.shelf.name = "gallery"
    place.shelf.chapters = []
    return place
  }

  static func page() -> Page {
    var page = Page(
      chapter: 13, "Every kind of figure", lead: "Not a chapter: what chapters can show, on one page to be looked at.")
    page.prose("## Figures\n\nOne of every kind, with the numbers of the chapter that it resembles.")
    for sample in Samples.all {
      page.figure(
        Figure(
          findings[sample.name] ?? sample.name, sample.plot, caption: "Made up, not measured.", name: sample.name,
          isWide: wide.contains(sample.name)))
    }
    page.prose("## Explorable figures\n\nA parameter that the reader moves, with a frame for each value.")
    for figure in explorable() { page.figure(figure) }
    page.prose("## Formulas\n\nInline $\\hat{y} = \\sigma(w^\\top x + b)$ and displayed:")
    for tex in [
      #"\frac{\partial L}{\partial x_i} = \sum_{j=1}^{m} \frac{\partial L}{\partial y_j} \frac{\partial y_j}{\partial x_i}"#,
      #"\hat{x}^{(k)} = \frac{x^{(k)} - \mathrm{E}[x^{(k)}]}{\sqrt{\mathrm{Var}[x^{(k)}] + \epsilon}}"#,
      #"\mathrm{ReLU}(x) = \begin{cases} x & x > 0 \\ 0 & \text{otherwise} \end{cases}"#,
      #"J = \begin{bmatrix} \frac{\partial y_1}{\partial x_1} & \cdots & \frac{\partial y_1}{\partial x_n} \\ \vdots & \ddots & \vdots \\ \frac{\partial y_m}{\partial x_1} & \cdots & \frac{\partial y_m}{\partial x_n} \end{bmatrix}"#,
    ] { page.math(tex) }
    page.prose("## Tables and boxes")
    page.table(
      Table(
        "Parameters by layer, with a thousands separator in the whole column",
        columns: ["layer", "output", "parameters", "share (%)"],
        rows: [
          ["conv 1", "6×28×28", 156, 0.25], ["conv 2", "16×10×10", 2416, 3.9], ["dense 1", "120", 48120, 78.0],
          ["all", "", 61706, 100.0],
        ]))
    page.predict(
      "How many parameters has LeNet-5?", unit: "parameters", answer: 61706.0,
      "Most of them stand in the first dense layer.")
    page.predict("Which layer has most?", choices: ["conv 2", "dense 1", "dense 2"], answer: 1)
    page.prose("## A curve\n\nDrawn before it is seen, as in figure 3.")
    page.predict("How does the loss fall?", drawing: "loss", "By half in each step.")
    page.figure(
      Figure(
        "It halves in every step",
        .lines(
          LineChart(
            x: Axis("step", range: 0...8), y: Axis("loss", range: 0...1),
            [
              Series("loss", x: (0...8).map(Double.init), y: (0...8).map { pow(0.5, Double($0)) }),
              Series("a straight line", x: [0, 8], y: [1, 0], style: .line),
            ])),
        name: "halves"))
    for kind in [Callout.note, .mistake, .erratum("S2"), .takeaway] {
      page.callout(kind, "A box with **emphasis**, `code`, $x^2$ and a [link](https://arxiv.org/abs/1502.01852).")
    }
    page.code("findings", in: "Gallery.swift")
    page.prose("## Hostile labels\n\nText stays text: \(Samples.hostile)")
    page.figure(
      Figure(
        "Labels: `quotes`, $x$ and <script>alert(1)</script>",
        .lines(
          LineChart(
            x: Axis(Samples.hostile), y: Axis("a million points"),
            [Series("<script>alert(1)</script>", y: (0..<1_000_000).map { Samples.noise($0) }, style: .line)])),
        name: "hostile"))
    page.claim(
      Claim(
        "Pages show every kind of block", source: "S0", published: "all", measured: "all", seeds: 1,
        verdict: .partly, reason: "as far as this one goes"))
    return page
  }
}

@Suite(.enabled(if: Gnuplot.isAvailable, "gnuplot is not installed"))
struct GalleryTests {
  @Test("a page with every kind of figure and a million points is drawn whole, and stays small")
  func gallery() throws {
    let keep = ProcessInfo.processInfo.environment["GALLERY"]
    try withTemporaryFolder { temporary in
      let folder = (keep ?? temporary) + "/gallery"
      let transcript = Transcript()
      let place = Gallery.place(folder: folder)
      let html = try String(
        contentsOfFile: place.publish(Gallery.page(), console: transcript.console()), encoding: .utf8)
      #expect(transcript.errors.isEmpty)
      #expect(html.components(separatedBy: "class=\"explore\"").count == Gallery.explorable().count + 1)
      #expect(!html.contains("<script>alert"))
      #expect(html.utf8.count < 3_000_000)
      if keep != nil { try AtomicFile.write(transcript.text, to: folder + "/terminal.txt") }
    }
  }

  @Test("frames of an explorable figure share what does not change")
  func sharing() throws {
    let figure = Gallery.explorable()[0]
    let rendered = try #require(try FigureRenderer(theme: .light).render([figure]).first)
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      var page = Page(chapter: 1, "Title", lead: "Lead")
      let empty = try String(contentsOfFile: place.publish(page), encoding: .utf8).utf8.count
      page.figure(figure)
      let html = try String(contentsOfFile: place.publish(page), encoding: .utf8)
      let frames = (rendered.svgs + rendered.narrowSVGs + rendered.deckSVGs).map(\.utf8.count).reduce(0, +)
      // The script, the slider, the table, the first picture twice and the strip for paper are in it too.
      let data = try unpackedFrames(in: html)
      struct Pictures: Codable { var pieces: [String], broad: [[Int]], narrow: [[Int]], deck: [[Int]] }
      let pictures = try JSONEncoder().encode(JSONDecoder().decode(Pictures.self, from: Data(data.utf8))).count
      #expect(pictures < frames * 7 / 10, "\(pictures) of \(frames)")
      let packed = try #require(html.firstMatch(of: #/class="packed">([^<]*)</#)).1.utf8.count
      #expect(packed < pictures / 2, "\(packed) of \(pictures)")
      #expect(html.utf8.count - empty < 3 * frames / 2)
    }
  }
}

/// What a figure of a page has packed: the pictures and the tables of its frames, as JSON.
func unpackedFrames(in html: String) throws -> String {
  let packed = try #require(html.firstMatch(of: #/class="packed">([^<]*)</#)).1
  let bytes = [UInt8](try #require(Data(base64Encoded: String(packed))))
  var text = [UInt8](repeating: 0, count: 10_000_000), size = uLong(text.count)
  let status = uncompress(&text, &size, bytes, uLong(bytes.count))
  #expect(status == Z_OK)
  return String(decoding: text.prefix(Int(size)), as: UTF8.self)
}
