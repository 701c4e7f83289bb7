// The time to draw a page of twelve figures of all kinds, one by one and in parallel.

import Foundation
import Notebook

/// Twelve figures of the sizes used in chapters.
private func figures() -> [Figure] {
  func noise(_ i: Int) -> Double { Double((i &* 7919 &+ 104_729) % 1009) / 1009 - 0.5 }
  let steps = (0..<400).map(Double.init)
  func bump(_ x: Double, _ width: Double) -> Double { exp(-(x / width) * (x / width)) }
  func curve(_ k: Int) -> Series {
    Series(
      "variant \(k)", x: steps,
      y: steps.map { step -> Double in exp(-step * Double(k) / 300) + 0.05 * noise(Int(step) * k) },
      deviation: steps.map { _ in 0.05 }, style: .line)
  }
  let lines = Plot.lines(LineChart(x: Axis("step"), y: Axis("loss", log: true), (1...5).map(curve)))
  let layers = Plot.lines(
    LineChart(
      x: Axis("layer"), y: Axis("standard deviation", log: true),
      (1...5).map { k in
        Series("start \(k)", y: (1...20).map { layer -> Double in pow(0.3 + 0.2 * Double(k), Double(layer)) })
      }))
  let cloud = Plot.lines(
    LineChart(
      x: Axis("first component"), y: Axis("second component"),
      (0..<10).map { k in
        Series(
          "\(k)", x: (0..<200).map { i -> Double in noise(i * 3 + k) + Double(k % 4) },
          y: (0..<200).map { i -> Double in noise(i * 11 + k) + Double(k / 4) }, style: .points)
      }))
  let bars = Plot.bars(
    BarChart(
      categories: ["LeNet-5", "LeNet-5+", "LeNet-5++"], y: Axis("test error (%)"),
      [.init("published", [1.06, 0.96, 0.78]), .init("here", [1.1, 0.9, 0.8], deviation: [0.1, 0.1, 0.1])]))
  let histograms = Plot.histograms(
    HistogramGrid(
      columns: (1...6).map { "layer \($0)" },
      rows: (0..<5).map { r in
        HistogramGrid.Row(
          "start \(r)", range: -1...1,
          (1...6).map { l in
            .init(heights: (0..<60).map { bump(Double($0) - 29.5, 12 * Double(l)) }, title: "σ = 0.\(l)")
          })
      }))
  let confusion = Plot.heatMap(
    HeatMap(
      (0..<10).map { i -> [Double] in (0..<10).map { j -> Double in i == j ? 970 : Double((i * 7 + j) % 9) } },
      rows: (0..<10).map { "\($0)" },
      columns: (0..<10).map { "\($0)" }, xLabel: "taken for", yLabel: "digit", showsNumbers: true))
  let sweep = Plot.heatMap(
    HeatMap((0..<20).map { i -> [Double] in (0..<30).map { bump(Double(i - $0), 8) } }, xLabel: "rate", yLabel: "size"))
  let axis = (0..<61).map { Double($0) / 30 - 1 }
  let contour = Plot.contour(
    ContourPlot(
      x: Axis("w₁", range: -1...1), y: Axis("w₂", range: -1...1),
      heights: axis.map { v -> [Double] in axis.map { u -> Double in u * u + 8 * v * v } },
      paths: [
        Series(
          "descent", x: (0..<30).map { step -> Double in 0.9 * pow(0.9, Double(step)) },
          y: (0..<30).map { step -> Double in pow(-0.8, Double(step)) })
      ]))
  let images = Plot.images(
    ImageGrid(
      columns: 10,
      (0..<20).map { k in
        .init(width: 28, height: 28, pixels: (0..<784).map { i -> Float in Float(noise(i * k) + 0.5) })
      }))
  let filters = Plot.images(
    ImageGrid(
      columns: 8,
      (0..<16).map { k in .init(width: 5, height: 5, pixels: (0..<25).map { i -> Float in Float(noise(i * 13 + k)) }) },
      isSigned: true))
  let network = Plot.diagram(
    Diagram(
      (0..<6).map {
        .init("layer \($0)", x: Double($0) * 1.5, y: 0, detail: "\(6 << $0)×28×28", form: .volume, size: (0.4, 1))
      }, edges: (0..<5).map { .init($0, $0 + 1) }))
  let graph = Plot.diagram(
    Diagram(
      [.init("x", x: 0, y: 0), .init("f", x: 1.5, y: 0), .init("L", x: 3, y: 0)], edges: [.init(0, 1), .init(1, 2)])
  )
  return [lines, layers, cloud, bars, histograms, confusion, sweep, contour, images, filters, network, graph].map {
    Figure("A finding", $0)
  }
}

/// The times of one way to draw the figures of a page.
struct PageFigure: Codable {
  var name: String
  var time: Timing
}

/// Times the drawing of a page's figures, each for screens and for phones.
func benchmarkPages(in context: BenchmarkContext, _ add: (PageFigure) -> Void) throws {
  guard Gnuplot.isAvailable else {
    context.output.say("\nPages: skipped, \(Gnuplot.problem ?? "no gnuplot")")
    return
  }
  let all = figures()
  context.output.progress("pages: \(all.count) figures")
  let times = try inTurn(
    runs: context.runs,
    [
      { seconds { for figure in all { _ = try? FigureRenderer(theme: .light).render([figure]) } } },
      { seconds { _ = try? FigureRenderer(theme: .light).render(all) } },
    ])
  let table = Table(
    "A page of \(all.count) figures, each for screens and phones, medians of \(context.runs)",
    [("", -40), ("median", 10), ("fastest", 10)], to: context.output)
  for (name, time) in zip(["one gnuplot for each figure, in turn", "two gnuplots in parallel, as in pages"], times) {
    add(PageFigure(name: name, time: time))
    table.row([name, duration(time.median), duration(time.fastest)])
  }
}
