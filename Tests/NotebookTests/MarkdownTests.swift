// The Markdown of prose.

import Testing

@testable import Notebook

@Suite struct MarkdownTests {
  @Test(
    "reads spans",
    arguments: [
      ("plain *em* text", [Inline.text("plain "), .emphasis([.text("em")]), .text(" text")]),
      ("**a *b* c**", [.strong([.text("a "), .emphasis([.text("b")]), .text(" c")])]),
      ("`a * b * c`", [.code("a * b * c")]),
      ("``a ` b``", [.code("a ` b")]),
      ("snake_case_name", [.text("snake_case_name")]),
      ("3 * 4 * 5", [.text("3 * 4 * 5")]),
      ("never *closed", [.text("never *closed")]),
      ("**a *b**", [.strong([.text("a *b")])]),
      (#"\*no\*"#, [.text("*no*")]),
      ("costs $5 and $10", [.text("costs $5 and $10")]),
      ("size $D_{in}$.", [.text("size "), .math("D_{in}"), .text(".")]),
      ("[He](https://x.org/a_(b))", [.link([.text("He")], destination: "https://x.org/a_(b)")]),
      ("<https://x.org>", [.link([.text("https://x.org")], destination: "https://x.org")]),
      ("a < b", [.text("a < b")]),
      ("one\ntwo", [.text("one two")]),
    ])
  func spans(source: String, expected: [Inline]) {
    #expect(Markdown.inlines(source) == expected)
  }

  @Test("reads headings, lists in lists, quotes and fenced code")
  func blocks() {
    let blocks = Markdown.parse(
      """
      ## The question
      Prose
      goes on.

      1. one
      2. two
         - inner

      > quoted

      ```swift
      let a = 1
      ```
      $$
      x^2
      $$
      ---
      """)
    #expect(
      blocks == [
        .heading(level: 2, [.text("The question")]),
        .paragraph([.text("Prose goes on.")]),
        .list(
          isOrdered: true, start: 1,
          items: [
            [.paragraph([.text("one")])],
            [.paragraph([.text("two")]), .list(isOrdered: false, start: 1, items: [[.paragraph([.text("inner")])]])],
          ]),
        .quote([.paragraph([.text("quoted")])]),
        .code(language: "swift", "let a = 1"),
        .math("x^2"),
        .rule,
      ])
  }

  @Test("survives hostile nesting", arguments: ["*", "> ", "[", "- ", "`", "$", "_*", "**", "\\", "<"])
  func nesting(piece: String) {
    let text = String(repeating: piece, count: 3000)
    #expect(Markdown.plain(Markdown.parse(text)).count <= text.count)
  }
}
