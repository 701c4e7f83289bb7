// The lines that put a failed check into an editor.

import ExerciseCatalogue
import ExerciseKit
import Testing

@testable import workbook_cli

@Suite("Problems as an editor reads them") struct ProblemLinesTests {
  static let source =
    "import ExerciseKit\n\npublic enum E {\n  static func half() {}\n  static func whole(_ x: Int) {}\n}\n"

  @Test("a problem stands at the function that was called, or at the first")
  func places() {
    #expect(ProblemLines.line(of: "whole", in: Self.source) == 5)
    #expect(ProblemLines.line(of: "half", in: Self.source) == 4)
    #expect(ProblemLines.line(of: "nobody", in: Self.source) == 4)
    #expect(ProblemLines.line(of: "nobody", in: "") == 1)
  }

  @Test("the compiler's errors keep their place, its other lines are left out")
  func compiler() {
    let lines = ["    Exercises/a.swift:3:5: error: no such thing", "    let x = y", "            ^"]
    #expect(
      ProblemLines.lines(Catalogue.ex04_3, .doesNotCompile(lines), source: Self.source, shownAs: "a.swift") == [
        "Exercises/a.swift:3:5: error: no such thing"
      ])
  }

  @Test("each wrong case is one line, what passed none")
  func cases() {
    var judgments = [Judgment](repeating: .passed, count: Catalogue.ex04_3.calls.count)
    judgments[1] = .failed(Finding(part: "", summary: "expected 0.2, got 0.1", details: ["half as much"]))
    let result = Checker.Result.reviewed(Review(judgments: judgments), [], printed: "")
    let lines = ProblemLines.lines(Catalogue.ex04_3, result, source: Self.source, shownAs: "a.swift")
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("a.swift:4:3: error: \(Catalogue.ex04_3.calls[1])") == true)
    #expect(lines.first?.hasSuffix(": expected 0.2, got 0.1") == true)
  }
}
