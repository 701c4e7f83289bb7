// HTML: nothing of the author's becomes a tag, nothing of the page asks the network.

import Foundation
import Testing

@testable import Notebook

@Suite struct HTMLTests {
  func html(_ build: (inout Page) -> Void) throws -> String {
    try withTemporaryFolder { folder in
      var options = PageOptions()
      options.outputFolder = folder
      var page = Page(chapter: 4, "Title", lead: "Lead", options: options, console: Transcript().console())
      build(&page)
      return try String(contentsOfFile: page.publish(), encoding: .utf8)
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
      let guess = page.predict(evil, choices: [evil, evil])
      page.reveal(guess, answer: 0, evil)
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

  @Test(
    "computes SHA-256",
    arguments: [
      ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
      ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
      (
        "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
      ),
    ])
  func digest(text: String, expected: String) {
    #expect(SHA256.digest(Array(text.utf8)).map { String(format: "%02x", $0) }.joined() == expected)
  }

  @Test("gives headings different anchors and never skips a level")
  func headings() throws {
    let html = try html { $0.prose("### Early\n\n## Same\n\n## Same\n\n### Deep") }
    #expect(html.contains("<h2 id=\"ch04-early\""))
    #expect(html.contains("id=\"ch04-same-2\""))
    #expect(html.contains("<h3 id=\"ch04-deep\""))
    #expect(html.components(separatedBy: "<h1").count == 2)
  }

  @Test("deals one idea to a slide, titled by the finding")
  func slides() throws {
    let html = try html { page in
      page.prose("## Question\n\nFirst.\n\nMore to say.")
      page.figure(Figure("It *falls*", .lines(LineChart(x: Axis("x"), y: Axis("y"), [Series("a", y: [1, 2])]))))
    }
    #expect(html.contains(#"["", "Question", "It \u003cem>falls\u003c/em>"]"#))
    #expect(html.contains("<p data-s=\"1\">First.</p>"))
    #expect(html.contains("<p data-n=\"1 2\">More to say.</p>"))
  }

  @Test("deals the rows of a long table over several slides")
  func parts() throws {
    let html = try html { page in
      page.table(Table("Long", columns: ["a"], rows: (0..<20).map { [.whole($0)] }))
      page.table(Table("Short", columns: ["a"], rows: (0..<9).map { [.whole($0)] }))
      for k in 0..<7 {
        page.claim(Claim("Claim \(k)", source: "S2", published: "1", measured: "1", verdict: .reproduced))
      }
    }
    #expect(html.contains("data-s=\"1 2\" data-parts=\"2\""))
    #expect(html.contains("data-s=\"3\">"))
    #expect(html.contains("data-s=\"4 5\" data-parts=\"2\""))
    #expect(html.contains("Claims put to the test \\u003csmall>2 of 2"))
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

  @Test("writes data addresses that survive an attribute")
  func dataAddress() {
    #expect(
      HTML.dataAddress("a,b\n\"<1>\" 50%#", type: "text/csv")
        == "data:text/csv;charset=utf-8,a,b%0A%22%3C1%3E%22%2050%25%23")
  }
}
