// Tests of judgments, diagnoses and their wording.

import ExerciseKit
import Testing

@Suite struct ExaminationTests {
  let twice = Case<Double>("f(1)", gives: 2.0) { $0 }

  func finding(_ got: some ExerciseValue, _ wanted: some ExerciseValue, tolerance: Double = 1e-4) -> Finding? {
    let (got, wanted) = (got.outcome, wanted.outcome)
    let example = Case<Int>("f()", tolerance: tolerance, gives: wanted) { _ in got }
    guard case .failed(let finding) = example.judgment(on: Response(of: 0, in: example)) else { return nil }
    return finding
  }

  @Test("A number within the tolerance passes, one outside of it does not")
  func tolerance() {
    #expect(finding(Float(0.20001), Float(0.2)) == nil)
    #expect(finding(Float(0.2003), Float(0.2)) != nil)
    #expect(finding(10_000.9, 10_000.0) == nil, "relative above 1")
    #expect(finding(0.00009, 0.0) == nil, "absolute below 1")
    #expect(finding(Float.nan, Float(1)) != nil)
    #expect(finding(Float.infinity, Float(1)) != nil)
    #expect(finding(-Double.infinity, Double.infinity) != nil)
    #expect(finding(Double.nan, Double.nan) == nil, "NaN may be what is asked for")
    #expect(finding([1, 2], [1, 2]) == nil)
    #expect(finding([1, 3], [1, 2], tolerance: 10) != nil, "integers are exact")
  }

  @Test("What an answer throws cannot steer a terminal, nor fill a report")
  func thrown() throws {
    struct Evil: Error, CustomStringConvertible {
      let description = "\u{1B}]0;evil\u{7}\u{202E}" + String(repeating: "x\u{301}", count: 1 << 19)
    }
    let example = Case<Int>("f()", gives: 1.0) { _ -> Double in throw Evil() }
    guard case .threw(let words) = Response(of: 0, in: example) else {
      Issue.record("expected an error")
      return
    }
    #expect(words.hasPrefix("]0;evil"))
    #expect(words.unicodeScalars.count == 2001 - 3, "2000, the three that steer, and an ellipsis")
  }

  @Test("A finding says what was expected, what came, where, and by how much")
  func wording() throws {
    let one = try #require(finding(Float(1), Float(0.2)))
    #expect(one.summary == "expected 0.2, got 1")
    #expect(one.details == ["relative error 4, allowed 0.0001", "that is 5 times the expected number"])

    let tiny = try #require(finding([2.0, -2.0], [8e-5, -8e-5]))
    #expect(tiny.details.last == "absolute error 2, allowed 0.0001", "25,000 times next to nothing says nothing")

    var long = (0..<12).map(Double.init)
    let right = long
    long[7] = 70
    let worst = try #require(
      finding(
        Outcome(parts: [.init(shape: [3, 4], values: long)]),
        Outcome(parts: [.init(shape: [3, 4], values: right)])))
    #expect(worst.summary == "expected 7 at [1, 3], got 70")
    #expect(worst.details.contains("1 of 12 numbers is off; it is [1, 3]: expected 7, got 70"))
    #expect(worst.details.contains("expected […, 5, 6, »7«] there, got […, 5, 6, »70«]"))

    let lost = try #require(finding([Float.nan, .infinity], [Float(1), 2]))
    #expect(lost.details.first?.hasPrefix("both numbers are off; the worst is") == true)
    #expect(lost.details.last?.contains("comes from") == true, "where no number is, its origin is told")

    let flags = try #require(finding([1, 2, 3], [1, 2]))
    #expect(flags.summary == "expected the shape [2], got the shape [3]")
    #expect(finding(false, true)?.summary == "expected true, got false")
    let named = try #require(
      finding(
        Outcome(("input gradient", 1.0), ("bias gradient", 3.0)),
        Outcome(("input gradient", 1.0), ("bias gradient", 2.0))))
    #expect(named.part == "bias gradient")
    #expect(named.summary == "bias gradient: expected 2, got 3")
  }

  @Test("An answer that does what a known mistake does is told so; another wrong one is not")
  func diagnosis() {
    let exercise = Exercise<Double>(
      ExerciseEntry("1.1", "Twice", name: "Ex01_1_Twice", minutes: 1), section: "", difficulty: .easy, hints: [],
      cases: [twice, Case("f(2)", gives: 4.0) { $0 * 2 }],
      mutants: [Mutant("forgets to double", effect: "Too small.", 1.0)])
    #expect(exercise.review(of: 2).passed)
    #expect(exercise.review(of: 2).misconception == nil)
    #expect(exercise.review(of: 1).misconception?.name == "forgets to double")
    #expect(exercise.review(of: 3).misconception == nil)
    #expect(!exercise.review(of: 3).passed)
  }

  @Test("Nothing attempted is neither passed nor failed")
  func unsolved() {
    let stub = Case<Int>("f()", gives: 1.0) { _ -> Double in throw Unsolved("1.1 Twice") }
    #expect(stub.judgment(on: Response(of: 0, in: stub)) == .unsolved)
    let wrong = Case<Int>("f()", gives: 1.0) { _ -> Double in throw CheckerError("no") }
    guard case .failed(let finding) = wrong.judgment(on: Response(of: 0, in: wrong)) else {
      Issue.record("an error is a failure")
      return
    }
    #expect(finding.summary == "expected a result, got the error: no")
  }

  @Test("Central differences agree with derivatives by hand")
  func centralDifferences() {
    let gradient = CentralDifferences.gradient(at: [0.5, -2]) { x in x[0] * x[0] * x[1] }
    #expect(abs(gradient[0] + 2) < 1e-8 && abs(gradient[1] - 0.25) < 1e-8)
    let product = CentralDifferences.gradient(at: [3], upstream: [1, 10]) { x in [x[0], x[0] * x[0]] }
    #expect(abs(product[0] - 61) < 1e-6)
  }

  @Test(
    "Exercises are found by many names",
    arguments: ["4.3", "04.3", "04_3", "Ex04_3", "ex04_3", "Ex04_3_HeInitialization"])
  func names(_ text: String) { #expect(ExerciseID(text) == "4.3") }

  @Test("What is no exercise's name is refused", arguments: ["", "4", "ch04", "4.3.1", "0.1", "4.0", "a.b", "4.-1"])
  func noNames(_ text: String) { #expect(ExerciseID(text) == nil) }
}
