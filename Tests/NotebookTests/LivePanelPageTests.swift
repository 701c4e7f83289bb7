import Basics
import Foundation
import Testing

@testable import Notebook

@Suite struct LivePanelPageTests {
  @Test("rounded rows: steps of a row's largest over 127, a row of one number as it was; zeros stay zeros")
  func rounded() throws {
    let rows = RoundedRows([12.7, -6.3, 0.06, 0, 0, 0], width: 3)
    #expect(rows.steps == [127, -63, 1, 0, 0, 0] && rows.sizes == [12.7 / 127, 0])
    // Two words, two sizes, six steps; −63 is 193 in a byte of its own.
    #expect(rows.bytes[..<8] == [3, 0, 0, 0, 2, 0, 0, 0] && rows.bytes[16...] == [127, 193, 1, 0, 0, 0])
    let biases: [Float] = [0.1, -1e-3, 70_000]
    #expect(zip(RoundedRows(biases, width: 1).values, biases).allSatisfy { abs($0 - $1) <= 2e-7 * abs($1) })
    let weights = (0..<400).map { Float(($0 * 37) % 101 - 50) / 170 }
    let values = RoundedRows(weights, width: 400).values
    #expect(zip(values, weights).allSatisfy { abs($0 - $1) <= 0.5001 * 50 / 170 / 127 } && values != weights)
  }

  private func page(
    panels: PanelModule?, has: Bool = true
  ) throws -> (html: String, text: String, json: String) {
    var page = Page(chapter: 9, "Windows", lead: "Lead.")
    page.figure(
      Figure(
        "Frames", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("s", x: [0, 1], y: [0, 1])])), name: "frames"))
    let panel = LivePanel(
      "window", "Drag *it*", caption: "What if?", figure: "frames", settings: ["stride": 2],
      numbers: [RoundedRows([12.7, 1.04], width: 2)]
    ) { [[2], [$0[1]]] }
    if has { page.panel(panel) }
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
    #expect(html.contains("figure 1</a> shows one case"))
    #expect(HTMLRenderer.module(in: html) == "<script type=\"application/gzip\" id=\"live-module\">AQID</script>")
  }

  @Test("beside the module, a panel costs a page less than 50 kB, whose scripts the policy knows by their digest")
  func growth() throws {
    let html = try page(panels: .compiled(Data([1, 2, 3]))).html
    let without = try page(panels: .compiled(Data([1, 2, 3])), has: false).html
    #expect(!without.contains("id=\"live-script\""))
    let grown = html.utf8.count - without.utf8.count
    #expect(grown > 10_000 && grown < 50_000)
    #expect(html.contains("'sha256-\(SHA256.base64(PageScript.panels))'"))
    #expect(PageScript.panels.contains("const workerScript = \"// Unpacks the page's compressed data"))
  }

  @Test("the questions to try stand under their panel with closed answers; what each does stands in the panel's data")
  func questions() throws {
    let html = try page(panels: .compiled(Data([1, 2, 3]))).html, questions = PanelQuestion.all(of: "window")
    #expect(questions.count > 3 && PanelQuestion.all(of: "no such panel").isEmpty)
    #expect(html.components(separatedBy: ">Show me</button>").count == questions.count + 1)
    #expect(html.contains("<details><summary>Answer</summary>") && html.contains("\"acts\":[{\"set\":{\"stride\":2}}"))
    for one in questions {
      #expect(html.contains(HTML.markdown(one.question)) && html.contains(HTML.markdown(one.answer)))
    }
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
    // In steps of a tenth.
    #expect(json.contains("\"proof\":[[2],[1]]"))
    #expect(json.contains("\"kind\":\"panel\"") && json.contains("\"figure\":\"frames\""))
    #expect(text.contains("Drag it What if?"))
  }
}
