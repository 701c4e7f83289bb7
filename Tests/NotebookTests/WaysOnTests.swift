// Where a page leads: other chapters, papers, the answer behind its figure, the frame in an address, the site.

import Foundation
import Testing

@testable import Notebook

@Suite struct WaysOnTests {
  func html(_ build: (inout Page) -> Void) -> String {
    var place = Place()
    place.shelf.name = "ch04-x"
    place.shelf.chapters = (3...5).map { .init(number: $0, name: "ch0\($0)-x", title: "Title \($0)") }
    var page = Page(chapter: 4, "Title", lead: "Lead")
    build(&page)
    return HTMLRenderer(place.record(page, figures: page.figures.map { _ in nil })).document()
  }

  @Test("other chapters are links, this one and those of books are not")
  func chapters() {
    let html = html { page in
      page.prose("See chapters 3 and 5, chapter 4, chapter 9, and *A Book*, chapter 3; `chapter 5`.")
    }
    let found = html.matches(of: #/<a class="chapter" href="([^"]*)" title="([^"]*)">/#).map { "\($0.1) \($0.2)" }
    #expect(found == ["../ch03-x/index.html Title 3", "../ch05-x/index.html Title 5"])
  }

  @Test("papers are links by their arXiv number or their DOI")
  func papers() {
    let html = html {
      $0.furtherReading(["He 2015, arXiv:1502.01852, section 2", "Prechelt, doi:10.1007/3-540-49430-8_3."])
    }
    #expect(
      html.contains(
        "<a href=\"https://arxiv.org/abs/1502.01852\" rel=\"noopener noreferrer\">arXiv:1502.01852</a>, section"))
    #expect(html.contains("<a href=\"https://doi.org/10.1007/3-540-49430-8_3\""))
  }

  @Test("without scripts an answer stands behind the figure after its question, or behind the question")
  func answers() throws {
    let html = html { page in
      page.prose("## First")
      page.predict("Up?", choices: ["yes", "no"], answer: 0, "One.")
      page.prose("Between.")
      page.figure(DeckTests.figure)
      page.project("It falls")
      page.prose("## Second")
      page.predict("Down?", choices: ["yes", "no"], answer: 1, "Two.")
      page.prose("## Third")
      page.figure(Figure("Other", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])]))))
    }
    let places = ["Up?", "Between.", "ch04-figure-it-falls", "One.", "Down?", "Two.", "Third<a", "ch04-figure-other"]
      .map {
        html.range(of: $0)?.lowerBound
      }
    #expect(places.allSatisfy { $0 != nil })
    #expect(places.compactMap { $0 } == places.compactMap { $0 }.sorted())
    #expect(html.contains("data-of=\"ch04-predict-1\"") && html.contains("data-of=\"ch04-predict-2\""))
    // The mark is the figure's, not the answer's.
    #expect(html.contains("data-figure=\"1\" class=\"plot\" data-s=\"1\""))
  }

  @Test("categories are buttons with names, on the page, in the data and in words")
  func categories() throws {
    let figure = Figure("One of two", exploring: FigureParameter("unit", names: ["tanh", "ReLU"], initial: 1)) {
      value in
      .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("s", y: [1, value])]))
    }
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.figure(figure)
    let drawn = RenderedFigure(svgs: ["<svg></svg>", "<svg></svg>"], altTexts: ["", ""], script: "", csv: "")
    let html = HTMLRenderer(Place().record(page, figures: [drawn])).document()
    #expect(html.contains("<button type=\"button\" aria-pressed=\"false\">tanh</button>"))
    #expect(html.contains("<button type=\"button\" aria-pressed=\"true\">ReLU</button>"))
    #expect(CSVTable.text(figure).contains("\nReLU,s,1,1,"))
  }

  @Test("a line chart says where its numbers stand")
  func hover() throws {
    let chart = LineChart(
      x: Axis("x", range: 0...10), y: Axis("y", log: true, range: 1...100), [Series("s", x: [0, 10], y: [1, 100])])
    let style = PlotStyle(theme: .light)
    let hover = try #require(chart.script(style).hover)
    struct Hover: Decodable { var names: [String] }
    let data = Data(hover.description.utf8)
    #expect(try JSONDecoder().decode(Hover.self, from: data).names == ["s"])
    let layout = chart.layout(style)
    guard case .object(let members) = hover, case .array(let x)? = members["x"], case .array(let y)? = members["y"]
    else {
      Issue.record("expected axes, found \(hover)")
      return
    }
    #expect(Array(x.prefix(2)) == [.number(layout.left), .number(layout.right)] && x.last == .bool(false))
    #expect(Array(y.prefix(2)) == [.number(layout.bottom), .number(layout.top)] && y.last == .bool(true))
  }

  @Test("bars, cells and bins say where they stand, where the picture has the data's own numbers")
  func outlines() throws {
    let style = PlotStyle(theme: .light)
    func members(_ script: GnuplotScript) throws -> [String: JSONValue] {
      let hover = try #require(script.hover)
      guard case .object(let members) = hover else { return [:] }
      return members
    }
    let bars = try members(
      BarChart(categories: ["a", "b"], y: Axis("y"), [.init("s", [1, 2]), .init("t", [3, 4])]).script(style))
    #expect(bars["kind"] == .string("bars") && bars["count"] == .whole(2) && bars["isUpright"] == .bool(true))
    let bins = try members(
      HistogramGrid(columns: ["c"], rows: [.init("r", range: 0...1, [.init(heights: [1, 2, 3])])]).script(style))
    guard case .array(let panels)? = bins["panels"], case .array(let panel)? = panels.first else {
      Issue.record("expected panels, found \(bins)")
      return
    }
    #expect(panel.last == .number(3))
    let cells = try members(HeatMap([[1, 2, 3], [4, 5, 6]]).script(style))
    #expect(cells["rows"] == .whole(2) && cells["columns"] == .whole(3))
    // A ragged matrix is drawn with gaps, which its data file does not have.
    #expect(HeatMap([[1, 2, 3], [4]]).script(style).hover == nil)
  }

  @Test("a chain too long for a phone goes on in a second row, with an arrow out of the first and one into the second")
  func folded() {
    let chain = Diagram(
      (0..<8).map { .init("n\($0)", x: 1.4 * Double($0), y: 0) }, edges: (0..<7).map { .init($0, $0 + 1) })
    let phone = chain.folded(for: PlotStyle(theme: .light, isNarrow: true))
    #expect(Set(phone.nodes.map(\.y)).count == 2 && phone.edges.count == 8)
    #expect(phone.nodes.prefix(8).map(\.x).max() ?? 0 < 5)
    #expect(chain.folded(for: PlotStyle(theme: .light)).nodes.count == 8)
  }

  @Test("a site has the front page, the claims, and a folder a chapter that leads back")
  func site() throws {
    try withTemporaryFolder { folder in
      var page = Page(chapter: 4, "Weights & more", lead: "Lead")
      page.prose("## Why\n\nBecause of variance.")
      page.claim(Claim("It falls", source: "S2", published: "1", measured: "1", verdict: .reproduced))
      let shelf = Shelf(name: "ch04-weights", folder: folder + "/out/ch04-weights")
      _ = try page.publish(RunRecord(), on: shelf, as: Presentation(format: .json), console: Transcript().console())
      let (out, site) = (folder + "/out", folder + "/site")
      try Book(readingFrom: out).writeSite(to: site, board: Scoreboard(readingFrom: [out]))
      let front = try String(contentsOfFile: site + "/index.html", encoding: .utf8)
      #expect(front.contains("href=\"ch04-weights/index.html\"") && front.contains("href=\"claims.html\""))
      #expect(front.contains("\"heading\":\"Why\"") && front.contains("Because of variance."))
      let chapter = try String(contentsOfFile: site + "/ch04-weights/index.html", encoding: .utf8)
      #expect(chapter.contains("<a class=\"book\" href=\"../index.html\">"))
      let claims = try String(contentsOfFile: site + "/claims.html", encoding: .utf8)
      #expect(claims.contains("It falls") && claims.contains("<a class=\"book\" href=\"index.html\">"))
    }
  }
}
