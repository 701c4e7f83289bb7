// The problems of an answer in a compiler's format, so that an editor can show them beside the line.

import Foundation
import Workbook

/// `Exercises/ch04/NAME.swift:12:3: error: standardDeviation(…): expected 0.1155, got 0.5774`: one line per problem.
enum ProblemLines {
  /// The lines of one check; none if nothing is wrong.
  ///
  /// Compiler errors already have a place. A wrong result is reported at the function that was called, found by the
  /// name in front of the parenthesis.
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

  /// The line, from 1, on which the function with this name begins; that of the first function if there is none.
  static func line(of name: String, in source: String) -> Int {
    let lines = source.split(separator: "\n", omittingEmptySubsequences: false)
    let place =
      lines.firstIndex { $0.contains("func \(name)(") } ?? lines.firstIndex { $0.contains("func ") } ?? 0
    return place + 1
  }
}
