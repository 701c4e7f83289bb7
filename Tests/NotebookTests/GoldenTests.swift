// The sample page as text and as HTML, compared with what was looked at and found good.
//
// After a change that is meant: UPDATE_GOLDEN=1 swift test --filter GoldenTests, and read the difference.

import Basics
import Foundation
import Testing

@testable import Notebook

@Suite struct GoldenTests {
  static let folder = (#filePath as NSString).deletingLastPathComponent + "/Golden"

  /// Compares a text with its golden file, or writes it where `UPDATE_GOLDEN` is set.
  func check(_ text: String, _ name: String) throws {
    let path = "\(Self.folder)/\(name)"
    if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] != nil {
      try AtomicFile.write(text, to: path)
      return
    }
    let golden = try String(contentsOfFile: path, encoding: .utf8).components(separatedBy: "\n")
    let lines = text.components(separatedBy: "\n")
    for (number, (expected, found)) in zip(golden, lines).enumerated() where expected != found {
      Issue.record("\(name), line \(number + 1): expected “\(expected)”, found “\(found)”")
      return
    }
    #expect(golden.count == lines.count, "\(name)")
  }

  /// The record of the sample page; no gnuplot, no time of day in it.
  func record() -> PageRecord {
    var place = Sample.place(folder: "out/ch04-weight-init")
    place.run.versions = [:]
    place.run.seconds = 14
    let page = Sample.page()
    return place.record(
      page, figures: page.blocks.compactMap { if case .figure = $0 { .some(nil) } else { nil } }
    )
  }

  @Test("the sample page in a terminal", arguments: [80, 40])
  func terminal(columns: Int) throws {
    let record = record()
    let renderer = TerminalRenderer(record.presentation, console: Transcript().console(columns: columns))
    let text = record.blocks.map { block in
      if case .figure = block { "" } else { renderer.text(of: block, figureNumber: 1) }
    }.joined()
    let claims = renderer.claimsSection(record.claims, text: JSONRenderer.searchText(record))
    try check(text + claims + renderer.foot(of: record, path: "out/ch04-weight-init/index.html"), "page-\(columns).txt")
  }

  @Test("the sample page in colour")
  func color() throws {
    let renderer = TerminalRenderer(
      console: Transcript().console(isTerminal: true, environment: ["TERM": "xterm"]))
    let text = record().blocks.prefix(8).map { renderer.text(of: $0, figureNumber: 1) }.joined()
    try check(text, "page-color.txt")
  }

  @Test("an explorable figure in HTML: slider, shared frames, the strip for paper")
  func explorable() throws {
    // Pictures by hand: gnuplot's differ from version to version.
    func svg(_ k: Int) -> String {
      "<svg role=\"img\" aria-labelledby=\"e-w\(k)-t e-w\(k)-d\"><title id=\"e-w\(k)-t\">t</title><desc id=\"e-w\(k)-d\">frame \(k)</desc><path d=\"M0,0 9,9\"/><circle cx=\"\(k)\"/></svg>"
    }
    var place = Place()
    place.shelf.name = "ch04-weight-init"
    let figure = Figure(
      "One size is right",
      exploring: FigureParameter("weight scale", unit: "σ", values: [0.01, 0.02, 0.05], initial: 1),
      name: "explore"
    ) { scale in .lines(LineChart(x: Axis("layer"), y: Axis("std"), [Series("s", y: [1, scale])])) }
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.figure(figure)
    let drawn = RenderedFigure(
      svgs: (0..<3).map(svg), narrowSVGs: (0..<3).map(svg), altTexts: ["a", "b", "c"], script: "plot x", csv: "x,y")
    let html = HTMLRenderer(place.record(page, figures: [drawn])).document()
    let start = try #require(html.range(of: "<figure id=\"ch04-figure-explore\"")),
      end = try #require(html.range(of: "</figure>"))
    // What is packed as it was before: other versions of zlib may pack it otherwise.
    let element = try String(html[start.lowerBound..<end.upperBound])
      .replacing(#/class="packed">[^<]*/#, with: "class=\"packed\">\(unpackedFrames(in: html))")
    try check(element.replacing("><", with: ">\n<"), "explore.html")
  }

  @Test("an explorable figure in a terminal: the first, the chosen and the last frame")
  func strip() throws {
    let renderer = TerminalRenderer(console: Transcript().console())
    let figure = Gallery.explorable()[0]
    #expect(renderer.chosenFrames(of: figure) == [0, 4, 6])
    var last = figure
    last.parameter?.initial = 6
    #expect(renderer.chosenFrames(of: last) == [0, 3, 6])
    guard Gnuplot.isAvailable else { return }
    let text = renderer.text(of: .figure(figure), figureNumber: 1)
    for part in ["learning rate = 0.001", "learning rate = 0.1", "learning rate = 1", "3 of 7 frames"] {
      #expect(text.contains(part), "\(part)")
    }
  }

  @Test("the sample page in HTML")
  func html() throws {
    // Style and script have their own reviewers; the golden file has the text.
    let html = HTMLRenderer(record()).document()
    let body = html.range(of: "<body>").map { String(html[$0.lowerBound...]) } ?? html
    let end = body.range(of: "<script>", options: .backwards).map { String(body[..<$0.lowerBound]) } ?? body
    try check(end, "page.html")
  }
}
