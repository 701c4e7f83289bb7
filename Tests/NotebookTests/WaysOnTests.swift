// Where a page leads: other chapters, papers, the answer behind its figure, the frame in an address, the site.

import Foundation
import Testing

@testable import Notebook

@Suite struct WaysOnTests {
  func html(_ lead: String = "Lead", _ build: (inout Page) -> Void) -> String {
    var place = Place()
    place.shelf.name = "ch04-x"
    place.shelf.chapters = (3...5).map {
      .init(number: $0, name: "ch0\($0)-x", title: "Title \($0)", question: "Why \($0)?")
    }
    var page = Page(chapter: 4, "Title", lead: lead)
    build(&page)
    return HTMLRenderer(place.record(page, figures: page.figures.map { _ in nil })).document()
  }

  /// Where the links of a class lead, and their words.
  func links(_ html: String, _ style: String) -> [String] {
    html.matches(of: #/<a class="(\w+)" href="([^"]*)"[^>]*>(.*?)<\/a>/#).filter { $0.1 == style }.map {
      "\($0.2) \($0.3)"
    }
  }

  @Test("other chapters are links, this one and those of books are not")
  func chapters() {
    let html = html { page in
      page.prose("See chapters 3 and 5, chapter 4, chapter 9, and *A Book*, chapter 3; `chapter 5`.")
      page.prose("Chapter 3's weights, chapters 2 to 5.")
    }
    let (third, fifth) = ("../ch03-x/index.html", "../ch05-x/index.html")
    #expect(links(html, "chapter") == ["\(third) 3", "\(fifth) 5", "\(third) Chapter 3", "\(fifth) 5"])
    #expect(html.contains("title=\"Title 3\" data-chapter=\"3\" data-question=\"Why 3?\" aria-label=\"chapter 3\""))
  }

  @Test("chapters and figures are links in the lead, captions, questions, answers, tables, claims, boxes and folds")
  func everywhere() {
    let chart = LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])])
    let html = html("In the lead, chapter 3.") { page in
      page.figure(Figure("It falls", .lines(chart), caption: "In a caption, chapter 3, figure 1."))
      page.predict(
        "In a question, chapter 3 and figure 1?", choices: ["chapter 3", "no"], answer: 0, "In an answer, chapter 3.")
      page.table(Table("In a table's caption, figure 1", columns: ["a"], rows: [["In a cell, chapter 3"]]))
      page.callout(.note, "In a box, figure 1.")
      page.fold("Folded, chapter 3") { $0.prose("In a fold, figure 1 and chapter 3.") }
      page.claim(
        Claim(
          "In a claim, chapter 3", source: "S2", published: "figure 1", measured: "1", verdict: .partly,
          reason: "In a reason, figure 1."))
    }
    // In the answer's own words too; not on a button, nor what a fold is opened by, nor the figure of a paper.
    #expect(links(html, "chapter").count == 8)
    #expect(links(html, "to") == Array(repeating: "#ch04-figure-it-falls figure 1", count: 6))
  }

  @Test("figures of papers and of other chapters are not taken for this page's, sections are found by their names")
  func figures() {
    let chart = LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])])
    let html = html { page in
      page.prose(
        "## The price\n\nS0's figure 1, He et al. (2016, figure 1), figure 1 of He, whose figure 1 it is; figure 2.")
      page.prose("## Next\n\nFigure 1 of chapter 5, figures 1 and 9, see *The price* and “Next”, figure 1, 2 runs.")
      page.figure(Figure("It falls", .lines(chart)))
    }
    #expect(links(html, "chapter") == ["../ch05-x/index.html#fig1 Figure 1", "../ch05-x/index.html chapter 5"])
    #expect(
      links(html, "to") == [
        "#ch04-figure-it-falls 1", "#ch04-the-price <em>The price</em>", "#ch04-next “Next”",
        "#ch04-figure-it-falls figure 1",
      ])
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

  @Test("a chain too long for a phone goes on in a second row, which begins with the node that it is left from")
  func folded() throws {
    let chain = Diagram(
      (0..<8).map { .init("n\($0)", x: 1.4 * Double($0), y: 0) }, edges: (0..<7).map { .init($0, $0 + 1) })
    let phone = chain.folded(for: PlotStyle(theme: .light, isNarrow: true))
    #expect(Set(phone.nodes.map(\.y)).count == 2 && phone.edges.count == 7)
    #expect(phone.nodes.map(\.x).max() ?? 0 < 6.2)
    // Every arrow joins two nodes of one row that have words.
    for edge in phone.edges {
      let (from, to) = (phone.nodes[edge.from], phone.nodes[edge.to])
      #expect(from.y == to.y && !from.text.isEmpty && !to.text.isEmpty)
    }
    let again = try #require(phone.nodes.last)
    #expect(phone.nodes.count == 9 && phone.nodes.count { $0.text == again.text } == 2)
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
      #expect(Book.words("<h1>One</h1><p>two<b>three</b>.</p><svg>x</svg><td>4</td><td>5</td>") == "One twothree. 4 5")
      #expect(Book.words("<p>for <math aria-label=\"x²\"><mi>x</mi></math>, y</p>") == "for x², y")
      let chapter = try String(contentsOfFile: site + "/ch04-weights/index.html", encoding: .utf8)
      #expect(chapter.contains("<a class=\"book\" href=\"../index.html\">"))
      let claims = try String(contentsOfFile: site + "/claims.html", encoding: .utf8)
      #expect(claims.contains("It falls") && claims.contains("<a class=\"book\" href=\"index.html\">"))
    }
  }
}
