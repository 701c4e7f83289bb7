// The output of a check on the terminal.

import Foundation
import Workbook

/// Prints judgments as they arrive.
struct CheckReport {
  var terminal: TerminalStyle
  /// Whether every case is shown, or only those that failed.
  var isDetailed: Bool
  /// Whether a failure of this exercise has been explained: further ones get one line each.
  private var hasExplained = false

  init(terminal: TerminalStyle, isDetailed: Bool) {
    self.terminal = terminal
    self.isDetailed = isDetailed
  }

  mutating func begin(_ exercise: any AnyExercise) {
    hasExplained = false
    guard isDetailed else { return }
    print(terminal.bold(exercise.label) + terminal.dim("  \(exercise.difficulty.rawValue), \(exercise.minutes) min"))
    print(terminal.dim("  " + exercise.file))
    // Flush, because the first case may take a long time.
    fflush(nil)
  }

  mutating func show(_ judgment: Judgment, of exercise: any AnyExercise, case index: Int) {
    guard isDetailed else { return }
    switch judgment {
    case .passed: line("✓", exercise.calls[index], terminal.green)
    case .unsolved: break
    case .failed(let finding) where finding.halt == .notRun: break
    case .failed(let finding):
      line("✗", exercise.calls[index], terminal.red)
      explain(finding, inFull: !hasExplained)
      hasExplained = true
    }
    fflush(nil)
  }

  func end(_ exercise: any AnyExercise, _ result: Checker.Result) {
    switch result {
    case .doesNotCompile(let lines):
      headline("✗", exercise, "does not compile", terminal.red)
      for text in lines.prefix(40) { print("    " + text) }
      if lines.count > 40 { print("    … and \(lines.count - 40) more lines") }
    case .reviewed(let review, _, let printed):
      let total = review.judgments.count
      if review.unsolved {
        headline("○", exercise, "not attempted", terminal.dim)
        if isDetailed {
          paragraph("Write your answer in \(exercise.file), then check again.")
          print("  A hint: ./workbook hint \(exercise.id)")
        }
      } else if review.passed {
        headline("✓", exercise, "\(total) of \(total) cases", terminal.green)
        if isDetailed { print("  Our solution: ./workbook solution \(exercise.id)") }
      } else if review.halt == .busy {
        headline("?", exercise, "not examined", terminal.red)
        paragraph(review.haltReason ?? "")
      } else {
        let passed = review.judgments.count { $0 == .passed }
        headline("✗", exercise, "\(passed) of \(total) cases", terminal.red)
        let skipped = review.judgments.count {
          if case .failed(let finding) = $0 { finding.halt == .notRun } else { false }
        }
        if skipped > 0 { print("    the other \(skipped) were not run") }
        if !isDetailed { explainFirst(review, of: exercise) }
        if let fresh = review.fresh { explain(fresh, inFull: true) }
        if let known = review.misconception {
          paragraph("It looks as if your answer \(known.name).", terminal.bold)
          paragraph(known.effect)
          if isDetailed { paragraph("See it: ./workbook check \(exercise.id) --plot", terminal.dim) }
        } else if let guess = review.guess {
          paragraph("Some results look as if your answer \(guess.name). There may be other mistakes.", terminal.bold)
          if isDetailed { paragraph("A hint: ./workbook hint \(exercise.id)", terminal.dim) }
        } else if isDetailed {
          paragraph("A hint: ./workbook hint \(exercise.id)", terminal.dim)
        }
      }
      if isDetailed { show(printed: printed) }
    }
    if isDetailed { print("") }
  }

  /// The totals over several exercises.
  func summarize(_ records: [CheckRecord]) {
    let counts = CheckRecord.Status.allCases.map { status in (status, records.count { $0.status == status }) }
    print(
      terminal.bold(
        counts.filter { $0.1 > 0 || $0.0 == .passed }.map { "\($0.1) \($0.0.rawValue)" }.joined(separator: ", ")))
  }

  private func headline(_ mark: String, _ exercise: any AnyExercise, _ remark: String, _ style: (String) -> String) {
    print(isDetailed ? "  " + style("\(mark) \(remark)") : style(mark) + " \(exercise.label): \(remark)")
  }

  private func line(_ mark: String, _ text: String, _ style: (String) -> String) {
    let lines = terminal.wrapped(text, indent: 4)
    print("  " + style(mark) + " " + (lines.first.map { String($0.dropFirst(4)) } ?? ""))
    for rest in lines.dropFirst() { print(rest) }
  }

  private func explain(_ finding: Finding, inFull: Bool) {
    for text in [finding.summary] + (inFull ? finding.details : []) {
      for row in terminal.wrapped(text, indent: 6) { print(row) }
    }
  }

  private func explainFirst(_ review: Review, of exercise: any AnyExercise) {
    for (index, judgment) in review.judgments.enumerated() {
      guard case .failed(let finding) = judgment else { continue }
      line("✗", exercise.calls[index], terminal.red)
      explain(finding, inFull: true)
      return
    }
  }

  private func paragraph(_ text: String, _ style: (String) -> String = { $0 }) {
    for row in terminal.wrapped(text, indent: 2) { print(style(row)) }
  }

  /// The output of the learner's own `print` calls.
  private func show(printed: String) {
    let lines = printed.split(separator: "\n")
    guard !lines.isEmpty else { return }
    print(terminal.dim("  Your code printed:"))
    for text in lines.prefix(20) { print(terminal.dim("    " + text.prefix(200))) }
    if lines.count > 20 { print(terminal.dim("    … and \(lines.count - 20) more lines")) }
  }
}
