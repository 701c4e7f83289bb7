import Foundation
import Testing

@testable import Notebook

@Suite struct LivePanelPageTests {
  @Test(
    "half precision keeps what it can", arguments: [0, 1, -1, 0.1, 65_504, 1e-7, 3e-5, -0.333_333_3, 1e9] as [Float])
  func halves(_ number: Float) {
    let kept = Half(number).value
    // Ten bits behind the first; below 2⁻¹⁴ steps of 2⁻²⁴; nothing above 65,504.
    #expect(number > 65_504 ? kept == .infinity : abs(kept - number) <= max(abs(number) * 0x1p-11, 0x1p-25))
    #expect(Half(kept).bits == Half(number).bits)
  }

  private func page(panels: PanelModule?) throws -> (html: String, text: String, json: String) {
    var page = Page(chapter: 9, "Windows", lead: "Lead.")
    page.figure(
      Figure(
        "Frames", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("s", x: [0, 1], y: [0, 1])])), name: "frames"))
    page.panel(
      LivePanel("window", "Drag *it*", caption: "What if?", figure: "frames", settings: ["stride": 2], numbers: [0.1]) {
        [$0[0], 2]
      })
    var presentation = Presentation()
    if let panels { presentation.panels = { panels } }
    let record = PageRecord(
      page: page, run: RunRecord(seed: 1), shelf: Shelf(name: "ch09-x"),
      presentation: presentation, figures: [nil])
    return (HTMLRenderer(record).document(), page.text, JSONRenderer.json(of: record).description)
  }

  @Test("a page with a panel carries the module once, and lets WebAssembly in")
  func module() throws {
    let html = try page(panels: .compiled(Data([1, 2, 3]))).html
    #expect(html.components(separatedBy: "id=\"live-module\">AQID</script>").count == 2)
    #expect(html.contains("'wasm-unsafe-eval'; worker-src blob:;"))
    #expect(html.contains("data-panel=\"window\"") && html.contains("\"stride\":2"))
    #expect(html.contains("figure 1</a> show the same"))
    #expect(HTMLRenderer.module(in: html) == "<script type=\"application/gzip\" id=\"live-module\">AQID</script>")
  }

  @Test("a module with an answer of the reader's says which, and whose panel it is")
  func answer() throws {
    let answer = PanelAnswer(panel: "window", exercise: "9.2 <Convolution>")
    let html = try page(panels: .compiled(Data([1, 2, 3]), answer: answer)).html
    #expect(html.contains("id=\"live-module\" data-panel=\"window\" data-exercise=\"9.2 &lt;Convolution&gt;\">AQID<"))
  }

  @Test("without a module the page says why; without panels there is nothing to say")
  func missing() throws {
    #expect(try page(panels: .unavailable("no <compiler>")).html.contains("data-missing=\"no &lt;compiler&gt;\""))
    #expect(try !page(panels: nil).html.contains("wasm-unsafe-eval"))
  }

  @Test("numbers are proved as the page holds them, and the panel is in text and JSON")
  func contents() throws {
    let (_, text, json) = try page(panels: nil)
    // A tenth in half precision is 0.0999755859375.
    #expect(json.contains("0.0999755859375"))
    #expect(json.contains("\"kind\":\"panel\"") && json.contains("\"figure\":\"frames\""))
    #expect(text.contains("Drag it What if?"))
  }
}
