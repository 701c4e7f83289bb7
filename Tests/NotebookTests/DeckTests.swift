// The deck: what a chapter marks, in its order, and an appendix with the rest.

import Foundation
import Testing

@testable import Notebook

@Suite struct DeckTests {
  struct Card: Decodable {
    var title: String
    var notes: String
    var appendix: Bool
  }

  /// A page's HTML without drawing, and its deck.
  func deck(_ build: (inout Page) -> Void) throws -> (html: String, cards: [Card]) {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    build(&page)
    let figures = page.figures.map { _ in RenderedFigure?.none }
    let html = HTMLRenderer(Place().record(page, figures: figures)).document()
    let deck = try #require(html.firstMatch(of: #/class="deck"[^>]*>(.*?)</script>/#.dotMatchesNewlines())).1
    return (html, try JSONDecoder().decode([Card].self, from: Data(deck.utf8)))
  }

  static let figure = Figure("It *falls*", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])])))

  @Test("a marked chapter's talk is its title and its marks, in their order; all other exhibits are the appendix")
  func marked() throws {
    let (html, cards) = try deck { page in
      page.slide("Does it fall?", "With *one* step.", notes: "Ask the room.")
      page.prose("## The question\n\nFirst.\n\nWhat leads to the figure.")
      page.figure(Self.figure)
      page.project("It falls at once", notes: "Look at the left.")
      page.table(Table("Numbers", columns: ["a"], rows: [[1]]))
      page.callout(.takeaway, "Remember.")
    }
    #expect(cards.map(\.title) == ["", "Does it fall?", "It falls at once", "Numbers", "Takeaway"])
    #expect(cards.map(\.appendix) == [false, false, false, true, true])
    #expect(cards[1].notes == "<p>Ask the room.</p>" && cards[2].notes == "<p>Look at the left.</p>")
    #expect(html.contains("<div class=\"slide\" data-s=\"1\"><p>With <em>one</em> step.</p></div>"))
    #expect(html.contains("<p data-n=\"2\">What leads to the figure.</p>"))
  }

  @Test("an unmarked chapter's talk is its question, its predictions, its figures and its takeaway")
  func derived() throws {
    let (_, cards) = try deck { page in
      page.prose("## The question\n\nFirst.\n\nMore.")
      page.predict("Up or down?", choices: ["up", "down"], answer: 1)
      page.figure(Self.figure)
      page.prose("## Next\n\nMore to read.")
      page.math("x = 1")
      page.callout(.note, "By the way.")
      page.callout(.takeaway, "Remember.")
    }
    let talk = cards.filter { !$0.appendix }
    #expect(talk.map(\.title) == ["", "The question", "Predict", "It <em>falls</em>", "Takeaway"])
    #expect(cards.filter(\.appendix).map(\.title) == ["Next", "Note"])
  }

  @Test("titles that the back row cannot read at a glance are told, and stop nothing")
  func longTitles() {
    var page = Page(chapter: 4, "Title", lead: "Lead")
    page.slide(String(repeating: "a", count: 60))
    page.slide(String(repeating: "a", count: 61))
    page.prose("Text.")
    page.project("**" + String(repeating: "a", count: 58) + "** $x$")
    #expect(page.deck.map(\.isShort) == [true, false, true])
  }

  @Test("a fold is closed in HTML, one element of the article, and indented in a terminal")
  func folds() throws {
    func add(to page: inout Page) {
      page.fold("The *stages*") { page in
        page.prose("Inside.")
        page.table(Table("Numbers", columns: ["a"], rows: [[1]]))
      }
      page.prose("After.")
    }
    let (html, cards) = try deck(add)
    #expect(html.contains("<details class=\"fold\"><summary>The <em>stages</em></summary><p>Inside.</p>"))
    #expect(!cards.contains { $0.title == "Numbers" })
    try withTemporaryFolder { folder in
      var page = Page(chapter: 4, "Title", lead: "Lead")
      add(to: &page)
      let transcript = Transcript()
      _ = try page.publish(RunRecord(), on: Shelf(folder: folder), as: Presentation(), console: transcript.console())
      #expect(transcript.text.contains("▾ The *stages*\n\n  Inside.\n"))
      #expect(transcript.text.contains("\nAfter.\n"))
    }
  }

  @Test("long tables and long code of the appendix are dealt to several slides")
  func parts() throws {
    let (html, cards) = try deck { page in
      page.slide("Marked")
      page.table(Table("Long", columns: ["a"], rows: (0..<20).map { [.whole($0)] }))
      page.table(Table("Short", columns: ["a"], rows: (0..<9).map { [.whole($0)] }))
    }
    #expect(html.contains("data-s=\"2 3\" data-rows=\"10 10\""))
    #expect(html.contains("data-s=\"4\">"))
    #expect(cards.last?.title == "Short" && cards[3].title == "Long <small>2 of 2</small>")
  }

  @Test("claims with long reasons take more slides than claims without")
  func reasons() throws {
    let (html, _) = try deck { page in
      for k in 0..<5 {
        page.claim(
          Claim(
            "Claim \(k)", source: "S2", published: "1", measured: "1", verdict: .partly,
            reason: String(repeating: "because it is so ", count: k < 2 ? 16 : 1)))
      }
    }
    #expect(html.contains("data-s=\"1 2 3\" data-rows=\"1 1 3\""))
  }

  @Test("deals long code to slides between its parts, never before a closing bracket")
  func longCode() {
    func function(_ lines: Int) -> String {
      (["func f() {"] + (0..<(lines - 2)).map { "  let x\($0) = 0" } + ["}"]).joined(separator: "\n")
    }
    #expect(HTMLRenderer.shares(ofCode: function(16)) == [])
    #expect(HTMLRenderer.shares(ofCode: function(12) + "\n\n" + function(17)) == [13, 17])
    let nested = (["func f() {"] + Array(repeating: "  }", count: 28) + ["}"])
    #expect(HTMLRenderer.shares(ofCode: nested.joined(separator: "\n")).reduce(0, +) == 30)
    let bracket = (0..<30).map { $0 == 15 ? "}" : "  let x\($0) = 0" }.joined(separator: "\n")
    #expect(HTMLRenderer.shares(ofCode: bracket) == [14, 16])
    #expect(HTMLRenderer.shares(ofCode: function(60)).max() ?? 0 <= 27)
  }
}
