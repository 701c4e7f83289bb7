// Text for terminals: wrapping, alignment, colours, narrow screens.

import Foundation
import Testing

@testable import Notebook

@Suite struct TerminalTests {
  func renderer(
    columns: Int = 80, isTerminal: Bool = false, environment: [String: String] = [:], usesColor: Bool? = nil
  ) -> TerminalRenderer {
    var place = Place()
    place.presentation.usesColor = usesColor
    return TerminalRenderer(
      place.presentation,
      console: Transcript().console(columns: columns, isTerminal: isTerminal, environment: environment))
  }

  @Test(
    "counts the columns of wide characters and accents",
    arguments: [
      ("abc", 3), ("한국어", 6), ("e\u{301}", 1), ("日本", 4), ("Dᵢₙ ≤ ½", 7), ("─│▌", 3), ("", 0), ("\u{1B}", 0),
    ])
  func columns(text: String, expected: Int) {
    #expect(text.columns == expected)
  }

  @Test("wraps at spaces, between wide characters, and inside words that are too long")
  func wraps() {
    func lines(_ text: String, _ width: Int) -> [String] {
      Wrap.lines([Span(text)], width: width).map { $0.map(\.text).joined() }
    }
    #expect(lines("one two three", 7) == ["one two", "three"])
    #expect(lines("가나다라마", 6) == ["가나다", "라마"])
    #expect(lines("abcdefghij", 4) == ["abcd", "efgh", "ij"])
    #expect(lines("nn.init.dirac_(w.data.clone())", 14) == ["nn.init", ".dirac_(w.data", ".clone())"])
    #expect(lines("a\u{A0}b c", 3) == ["a b", "c"])
    #expect(lines("", 10) == [""])
    // What is joined and has no room breaks at its joint, not inside a number.
    #expect(lines("at 0.1000\u{A0}±\u{A0}0.0000 of", 13) == ["at", "0.1000 ±", "0.0000 of"])
  }

  @Test("folds code behind commas, at spaces, or wherever it must, and loses nothing")
  func foldedCode() {
    func folded(_ line: String, _ width: Int) -> [String] { TerminalRenderer.folded(line, width: width) }
    #expect(folded("  let a = 1", 20) == ["  let a = 1"])
    #expect(folded("  call(first, second, third)", 22) == ["  call(first, second,", "      third)"])
    for line in [
      "  // 가나다라마바사아자차카타파하가나다라마바사", String(repeating: "x", count: 99), "    a b c d e f g h i j k l m n o p q r",
    ] {
      let pieces = folded(line, 20)
      #expect(pieces.allSatisfy { $0.columns <= 21 }, "\(pieces)")
      // A comment goes on as a comment.
      func bare(_ text: String) -> String { text.filter { $0 != " " && $0 != "/" } }
      #expect(bare(pieces.joined()) == bare(line))
    }
    #expect(folded("  /// one two three four", 16) == ["  /// one two", "  /// three four"])
  }

  @Test("keeps every line within the terminal", arguments: [30, 40, 60, 80, 120])
  func width(columns: Int) throws {
    let transcript = Transcript()
    _ = try withTemporaryFolder { folder in
      var place = Sample.place(folder: folder)
      place.run.settings = [:]
      _ = try place.publish(Sample.page(), console: transcript.console(columns: columns))
    }
    // A path is never broken.
    let lines = transcript.text.split(separator: "\n").filter { !$0.hasPrefix("Page: ") }
    // Below 38 columns a picture says nothing any more, and is drawn 38 wide.
    let longest = lines.max { $0.columns < $1.columns } ?? ""
    #expect(longest.columns <= max(38, columns), "\(longest)")
    // Prose is never broader than an eye follows; figures, tables and code take what there is.
    let prose = lines.filter { $0.contains("Every layer multiplies") || $0.contains("For independent") }
    #expect(prose.count == 2 && prose.allSatisfy { $0.columns <= 76 })
    #expect(lines.count > 50)
  }

  @Test("frames stand side by side where a terminal is broad enough, and escape codes take no room")
  func smallMultiples() {
    let text = TerminalRenderer.sideBySide([["\u{1B}[1mab\u{1B}[0m", "c", ""], ["d"]], width: 3)
    #expect(text == "\u{1B}[1mab\u{1B}[0m   d\nc\n")
  }

  @Test("what ASCII has no sign for is said, not lost")
  func ascii() {
    #expect("error ŷ − y ≤ ⅔ · σ′".asASCII == "error y^ - y <= 2/3 * sigma'")
    #expect("10⁻³ → ‖é‖₂".asASCII == "10^-3 -> ||e||2")
  }

  @Test("aligns numbers on their decimal points and gives a column the same digits")
  func decimals() {
    let table = Table(
      "t", columns: ["a", "b", "c"], rows: [["x", 0.5, "1.25"], ["y", 12.25, "30"], ["z", -3, "0.1 ± 0.02"]])
    let lines = TerminalTable(renderer: renderer()).text(table).split(separator: "\n").map(Array.init)
    let dots = lines[3...4].map { $0.firstIndex(of: ".") }
    #expect(dots[0] == dots[1])
    // Powers of ten among plain numbers have tails of other lengths: these stand at the right.
    let mixed = Table("t", columns: ["a", "b"], rows: [["x", "4.5×10⁻⁷"], ["y", "383"], ["z", "0.25"]])
    let ends = TerminalTable(renderer: renderer()).text(mixed).split(separator: "\n").dropFirst(3)
    #expect(ends.map(\.columns) == [ends.first?.columns, ends.first?.columns, ends.first?.columns])
  }

  @Test(
    "writes numbers with the digits they need",
    arguments: [
      ([0.492, 0.046], ["0.492", "0.046"]), ([1.0, 2.0], ["1", "2"]), ([1e-9, 2e-3], ["1.0×10⁻⁹", "2.0×10⁻³"]),
      ([12345.678, 1234.5, 2.5], ["12,345.7", "1,234.5", "2.5"]), ([-12345.0, -0.4], ["−12,345.00", "−0.40"]),
      ([0.0, -0.0001], ["0.000000", "−0.000100"]),
      ([.nan, .infinity], ["–", "∞"]),
    ])
  func digits(values: [Double], expected: [String]) {
    let style = NumberStyle(values.map { .number($0) }, digits: nil)
    #expect(values.map { style.text(.number($0)) } == expected)
  }

  @Test("text that is a number stands where numbers stand", arguments: [("∞", true), ("6 ×", true), ("16×10", false)])
  func numericText(text: String, isNumber: Bool) {
    let table = Table("", columns: ["", "value"], rows: [["a", 1.5], ["b", TableCell(text)]])
    #expect(table.formatted().isNumeric == [false, isNumber])
  }

  @Test("stacks rows where the columns do not fit")
  func stacks() {
    let table = Table("", columns: ["", "first", "second", "third"], rows: [["row", 123456.5, 123456.5, 123456.5]])
    let text = TerminalTable(renderer: renderer(columns: 24)).text(table)
    #expect(text.split(separator: "\n").count == 4)
    #expect(text.contains("second"))
  }

  @Test(
    "writes escape codes to a colour terminal only",
    arguments: [
      (true, [:], nil as Bool?, true), (false, [:], nil, false), (true, ["NO_COLOR": "1"], nil, false),
      (true, ["NO_COLOR": ""], nil, true), (true, ["TERM": "dumb"], nil, false), (true, [:], false, false),
      (true, ["NO_COLOR": "1"], true, false),
    ] as [(Bool, [String: String], Bool?, Bool)])
  func colors(isTerminal: Bool, environment: [String: String], usesColor: Bool?, expected: Bool) {
    let text = renderer(isTerminal: isTerminal, environment: environment, usesColor: usesColor)
      .text(of: .prose(Markdown.parse("**bold** [a](https://x.org)")), figureNumber: 0)
    #expect(text.contains("\u{1B}") == expected)
  }

  @Test("lets no control character of the data reach the terminal")
  func controls() {
    let evil = "a\u{1B}]0;owned\u{7}b\u{9B}31mc"
    let blocks: [Block] = [
      .prose(
        Markdown.parse("\(evil) `\(evil)` **\(evil)** [x](https://x.org/\(evil))\n\n```\n\(evil)\n```\n## \(evil)")),
      .math("\\text{\(evil)}"), .callout(.erratum(evil), Markdown.parse(evil)),
      .table(Table(evil, columns: ["\(evil)"], rows: [["\(evil)"]])),
      .claim(Claim(evil, source: evil, published: evil, measured: evil, verdict: .partly, reason: evil)),
      .exercises([ExerciseLink(id: evil, evil, minutes: 1, status: .failed(evil))]),
      .prediction(Prediction(question: evil, choices: [evil], unit: "", tolerance: 0)),
      .code(CodeExcerpt(name: evil, path: evil, line: 1, code: evil)),
      .figure(Figure(evil, .lines(LineChart(x: Axis(evil), y: Axis(evil), [Series(evil, y: [1, 2])])), caption: evil)),
    ]
    for block in blocks {
      let text = renderer().text(of: block, figureNumber: 1)
      #expect(
        !text.unicodeScalars.contains { $0.value == 0x1B || $0.value == 7 || (0x7F..<0xA0).contains($0.value) },
        "\(block)")
    }
  }

  @Test("what all frames are said to show is said once, and nothing of what cannot be moved")
  func frames() {
    let figure = Figure(
      "It falls", exploring: FigureParameter("rate", values: [0.1, 0.2, 0.3], initial: 1),
      caption: "Target 0. Move the rate: each step is larger.",
      captions: { "Target 0. Move the rate: each step is larger, here \($0). At \($0) it is alone." }
    ) { rate in .bars(BarChart(categories: ["a"], y: Axis("v"), [.init("s", [rate])])) }
    let text = renderer().figure(figure, number: 1).split(whereSeparator: \.isWhitespace).joined(separator: " ")
    func count(_ words: String) -> Int { text.components(separatedBy: words).count - 1 }
    #expect(count("Target 0.") == 1 && count("Each step is larger") == 1 && count("Move") == 0, "\(text)")
    for value in ["0.1", "0.2", "0.3"] { #expect(count("At \(value) it is alone.") == 1, "\(text)") }
    // A figure that does not move may say the word.
    let still = Figure("It falls", figure.frames[0], caption: "Move on: nothing here moves.")
    #expect(renderer().figure(still, number: 1).contains("Move on: nothing here moves."))
  }

  @Test(
    "a caption says nothing of moving where nothing moves",
    arguments: [
      ("Move ŷ: the push follows. It is 0.5 here.", "The push follows. It is 0.5 here."), ("Drag a point.", ""),
      ("Movement costs. Turning too.", "Movement costs. Turning too."), ("", ""),
    ])
  func still(caption: String, expected: String) {
    #expect(Figure.still(caption) == expected)
  }
}
