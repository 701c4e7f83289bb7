// HTML: nothing of the author's becomes a tag, nothing of the page asks the network.

import Basics
import Foundation
import Testing

@testable import Notebook

@Suite struct HTMLTests {
  func html(_ build: (inout Page) -> Void) throws -> String {
    try withTemporaryFolder { folder in
      var place = Place()
      place.shelf.folder = folder
      var page = Page(chapter: 4, "Title", lead: "Lead")
      build(&page)
      return try String(contentsOfFile: place.publish(page), encoding: .utf8)
    }
  }

  @Test("keeps hostile text inert everywhere")
  func hostile() throws {
    let evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>\"'&"
    let html = try html { page in
      page.prose(
        "## \(evil)\n\n\(evil) `\(evil)` *\(evil)* [\(evil)](javascript:alert(1))\n\n- \(evil)\n\n```\n\(evil)\n```")
      page.math("\\text{\(evil)}")
      page.math(evil)
      page.sideNote(evil)
      page.callout(.erratum(evil), evil)
      page.table(Table(evil, columns: ["\(evil)"], rows: [["\(evil)"], [1.5]]))
      page.claim(Claim(evil, source: evil, published: evil, measured: evil, verdict: .notHere, reason: evil))
      page.predict(evil, choices: [evil, evil], answer: 0, evil)
      page.exercises([ExerciseLink(id: evil, evil, minutes: 1, status: .failed(evil))])
      page.furtherReading([evil])
      page.code(evil, in: evil)
      page.figure(
        Figure(evil, .lines(LineChart(x: Axis(evil), y: Axis(evil), [Series(evil, y: [1, 2])])), caption: evil))
    }
    #expect(!html.contains("<script>alert"))
    #expect(!html.contains("<img"))
    #expect(!html.lowercased().contains("javascript:"))
    #expect(html.components(separatedBy: "<script").count == html.components(separatedBy: "</script>").count)
  }

  @Test("what is said of a figure follows its slider: titles, captions, numbers")
  func frames() throws {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.figure(
      Figure(
        "Any rate", exploring: FigureParameter("rate", unit: "s⁻¹", values: [0.1, 0.5], initial: 1), name: "rates",
        titles: { "A rate of **\($0)**" }, captions: { "Half of it is \($0 / 2)." }
      ) { rate in .bars(BarChart(categories: ["a"], y: Axis("v"), [.init("s", [rate])])) })
    let drawn = RenderedFigure(svgs: ["<svg></svg>", "<svg></svg>"], altTexts: ["", ""], script: "", csv: "")
    let html = HTMLRenderer(Place().record(page, figures: [drawn])).document()
    #expect(html.contains("<span class=\"finding\">A rate of <strong>0.5</strong>.</span>"))
    #expect(html.contains("<span class=\"rest\">Half of it is 0.25.</span>"))
    #expect(html.contains("numbers behind figure 1, rate = <span class=\"frame-value\">0.5 s⁻¹</span>"))
    let json = try #require(html.firstMatch(of: #/class="frames">(.*?)</script>/#.dotMatchesNewlines())).1
    struct Frames: Decodable { var titles: [String], headings: [String], captions: [String], values: [String] }
    let frames = try JSONDecoder().decode(Frames.self, from: Data(json.utf8))
    #expect(frames.titles == ["A rate of <strong>0.1</strong>.", "A rate of <strong>0.5</strong>."])
    #expect(frames.headings == ["A rate of <strong>0.1</strong>", "A rate of <strong>0.5</strong>"])
    #expect(frames.captions == ["Half of it is 0.05.", "Half of it is 0.25."])
    #expect(frames.values == ["0.1 s⁻¹", "0.5 s⁻¹"])
    struct Packed: Decodable { var tables: [[Int]], rows: [String] }
    let packed = try JSONDecoder().decode(Packed.self, from: Data(unpackedFrames(in: html).utf8))
    func table(_ runs: [Int]) -> String {
      stride(from: 0, to: runs.count, by: 2).map { k in
        packed.rows[runs[k]..<(runs[k] + runs[k + 1])].joined()
      }.joined()
    }
    #expect(table(packed.tables[0]).contains(">0.1") && table(packed.tables[1]).contains(">0.5"))
    let deck = try #require(html.firstMatch(of: #/class="deck"[^>]*>(.*?)</script>/#.dotMatchesNewlines())).1
    #expect(deck.contains("A rate of \\u003cstrong>0.5\\u003c/strong>"))
  }

  @Test("the ways on stand at the top and at the end, by the list of chapters and not by what has been made")
  func waysOn() {
    func ways(_ chapter: Int, hasBook: Bool = false) -> [String] {
      var place = Place()
      place.shelf.chapters = (1...3).map { .init(number: $0, name: "ch0\($0)-x", title: "Title \($0)") }
      place.shelf.hasBook = hasBook
      let page = Page(chapter: chapter, "Title", lead: "Lead")
      let html = HTMLRenderer(place.record(page, figures: [])).document()
      return html.matches(of: #/<a rel="(prev|next)" href="([^"]+)"/#).map { "\($0.1) \($0.2)" }
    }
    let (back, on) = ("prev ../ch01-x/index.html", "next ../ch03-x/index.html")
    #expect(ways(2) == [back, on, back, on])
    #expect(ways(1) == ["next ../ch02-x/index.html", "next ../ch02-x/index.html"])
    #expect(ways(3, hasBook: true).last == "next ../index.html")
    #expect(ways(7) == [])
  }

  @Test("forbids everything but its own scripts")
  func policy() throws {
    let html = try html { $0.prose("Text") }
    #expect(html.contains("default-src 'none'"))
    #expect(html.contains("'sha256-\(SHA256.base64(PageScript.page))'"))
    #expect(!html.contains("src=\"http"))
    #expect(!html.contains("@import"))
    #expect(!html.contains("<link"))
  }

  @Test(
    "knows which links are safe",
    arguments: [
      ("https://x.org", true), ("mailto:a@b.c", true), ("#here", true), ("../page.html", true), ("a/b:c", true),
      ("javascript:alert(1)", false), ("JaVaScript:x", false), ("java\nscript:x", false), ("data:text/html,x", false),
      ("//x.org", false), ("vbscript:x", false), (" javascript:x", false),
    ])
  func links(destination: String, isSafe: Bool) {
    #expect(HTML.isSafe(destination) == isSafe)
  }

  @Test("gives headings different anchors and never skips a level")
  func headings() throws {
    let html = try html { $0.prose("### Early\n\n## Same\n\n## Same\n\n### Deep") }
    #expect(html.contains("<h2 id=\"ch04-early\""))
    #expect(html.contains("id=\"ch04-same-2\""))
    #expect(html.contains("<h3 id=\"ch04-deep\""))
    #expect(html.components(separatedBy: "<h1").count == 2)
  }

  @Test("a name is not broken at its hyphen, nor a formula off the stop behind it; tags stay as they are")
  func names() throws {
    #expect(HTML.keepingNames("LeNet-5++ and x-ray") == "<span class=\"whole\">LeNet-5++</span> and x-ray")
    #expect(HTML.keepingNames("<a href=\"/resnet-50\">it</a>") == "<a href=\"/resnet-50\">it</a>")
    let html = try html { page in
      page.prose("LeNet-5 is old.")
      page.slide("On LeNet-5")
      page.table(Table("Errors", columns: ["net", "error"], rows: [["LeNet-5++", 1.5]]))
    }
    #expect(html.contains(#""On \u003cspan class=\"whole\">LeNet-5\u003c/span>""#))
    #expect(html.contains("<th scope=\"row\"><span class=\"whole\">LeNet-5++</span></th>"))
    #expect(html.contains("<span class=\"whole\">LeNet-5</span> is old."))
    let formula = HTML.markdown("Above $x$, and $y$ or $z$.")
    #expect(formula.contains("</math>,</span> and <math") && formula.contains("</math> or <span class=\"whole\"><math"))
    #expect(formula.hasSuffix("</math>.</span>"))
  }

  @Test("a document is one click away wherever running text names it, and nowhere else")
  func sources() throws {
    let html = try html { page in
      page.prose("## S2\n\nS2, `S2`, $S_2$ and [S2](https://example.org); S4 and S9, which is none.\n\n- S2's list")
      page.callout(.erratum("S2"), "S2 says so.")
      page.predict("S2 or not?", choices: ["S2", "no"], answer: 0)
      page.claim(Claim("It falls", source: "S2", published: "1", measured: "1", verdict: .reproduced))
    }
    let links = html.matches(of: /<a class="source" href="#([^"]+)" title="([^"]+)">(S[0-9])<\/a>/)
    #expect(links.map { String($0.3) } == ["S2", "S4", "S2", "S4"] + Array(repeating: "S2", count: 6))
    #expect(links.first?.2.hasPrefix("Training Neural Networks, Part 1, notes in Korean on lecture 7 of ") == true)
    for link in links { #expect(html.contains("<b id=\"\(link.1)\">\(link.3)</b>")) }
  }

  @Test("tells over how many seeds a claim was measured, and that chance does not enter a formula")
  func seeds() throws {
    let html = try html { page in
      for seeds in [0, 1, 5] {
        page.claim(
          Claim("Claim", source: "S2", published: "1", measured: "1", seeds: seeds, verdict: .reproduced))
      }
    }
    for text in ["no seeds", "1 seed", "5 seeds"] { #expect(html.contains("<small>\(text)</small>")) }
  }

  @Test("a section and a figure of one name have different anchors")
  func anchors() throws {
    let html = try html { page in
      page.prose("## Thirty layers")
      page.figure(
        Figure("x", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])])), name: "thirty-layers"))
    }
    let ids = html.matches(of: /\sid="([^"]+)"/).map { String($0.1) }
    #expect(Set(ids).count == ids.count)
  }

  @Test(
    "colours Swift without losing a character",
    arguments: [
      "let x = 1 // why", #"let s = "a \(b("c")) d""#, "@main struct A<B> { var x: Int? = 0x1F }", "\"never closed",
      "/* open", "func f() async throws -> [Float]", "let r = #\"a \"b\" \\c\"# + x", "#if os(Linux)",
      "let r = #\"open",
    ])
  func highlighting(source: String) {
    #expect(SwiftHighlighter.tokens(source).map(\.text).joined() == source)
    #expect(SwiftHighlighter.tokens(source).count > 0)
  }

  @Test("Python's comments, keywords, texts and numbers have their colours, and nothing is lost")
  func python() {
    let source = "def f(x):  # for each x\n    return np.sum(x, axis=1) * 1e-3 + len('in')\n"
    let tokens = PythonHighlighter.tokens(source)
    #expect(tokens.map(\.text).joined() == source)
    func texts(_ kind: SwiftHighlighter.Kind) -> [String] { tokens.filter { $0.kind == kind }.map(\.text) }
    #expect(texts(.keyword) == ["def", "return"] && texts(.comment) == ["# for each x"])
    #expect(texts(.string) == ["'in'"] && texts(.number) == ["1", "1e-3"])
    #expect(HTML.code("for", language: "python").contains("<span class=\"k\">for</span>"))
  }

  @Test("writes data addresses that survive an attribute")
  func dataAddress() {
    #expect(
      HTML.dataAddress("a,b\n\"<1>\" 50%#", type: "text/csv")
        == "data:text/csv;charset=utf-8,a,b%0A%22%3C1%3E%22%2050%25%23")
  }
}
