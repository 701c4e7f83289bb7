// What is wrong with an answer in the form of a compiler, so that an editor can put it beside the line.

import Foundation
import Workbook

/// `Exercises/ch04/NAME.swift:12:3: error: standardDeviation(…): expected 0.1155, got 0.5774`: one line for each problem.
enum ProblemLines {
  /// The lines of one check; none where nothing is wrong.
  ///
  /// The compiler's own already have their place. A wrong result stands at the function that was called, by the name in
  /// front of the bracket.
  static func lines(_ exercise: any AnyExercise, _ result: Checker.Result, source: String, shownAs file: String)
    -> [String]
  {
    switch result {
    case .doesNotCompile(let lines):
      return lines.filter { $0.contains(": error:") }.map { $0.trimmingCharacters(in: .whitespaces) }
    case .reviewed(let review, _, _):
      if review.unsolved { return ["\(file):1:1: info: not attempted"] }
      return zip(exercise.calls, review.judgments).compactMap { call, judgment in
        guard case .failed(let finding) = judgment, finding.halt != .notRun else { return nil }
        let name = String(call.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
        return "\(file):\(line(of: name, in: source)):3: error: \(call): \(finding.summary)"
      }
    }
  }

  /// The line, from 1, on which a function of this name begins; the first function's where there is none.
  static func line(of name: String, in source: String) -> Int {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let place =
      lines.firstIndex { $0.contains("func \(name)(") } ?? lines.firstIndex { $0.contains("func ") } ?? 0
    return place + 1
  }
}
