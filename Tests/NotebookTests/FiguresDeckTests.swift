// Figures as slides draw them: names beside a plot, a few of many bars.

import Testing

@testable import Notebook

@Suite("Figures on slides")
struct FiguresDeckTests {
  @Test("beside a plot with equal scales there is room for names that are short, and the plot becomes higher")
  func keyBeside() {
    let series = [Series("first", x: [0, 1], y: [0, 1]), Series("second", x: [0, 1], y: [1, 0])]
    func layout(_ series: [Series]) -> LineChartLayout {
      let chart = LineChart(x: Axis("x", range: 0...1), y: Axis("y", range: 0...1), series, hasEqualScales: true)
      return chart.layout(PlotStyle.deck { chart.script($0).height }, prefersKey: true)
    }
    let named = layout(series)
    #expect(named.key.count == 2 && named.key.allSatisfy { $0.x > named.right && $0.y > named.top })
    let long = layout(
      series.map { Series($0.name + ", with a name that is far too long to stand beside it", x: $0.x, y: $0.y) })
    #expect(long.key.count == 2 && long.key.allSatisfy { $0.y < long.top })
  }

  @Test("the bars that were picked for a slide stand on it alone, a page has all of them")
  func pickedBars() {
    let chart = BarChart(
      categories: ["left", "middle", "right"], y: Axis("v"), [.init("s", [1, 2, 3], deviation: [1, 1, 1])],
      onSlide: [0, 2])
    var style = PlotStyle(theme: .projector)
    #expect(chart.script(style).text().contains("middle"))
    style.screen = .deck
    let script = chart.script(style)
    #expect(!script.text().contains("middle") && script.text().contains("right"))
    #expect(script.hover?["places"] == [0, 2] && script.hover?["of"] == 3)
  }
}
