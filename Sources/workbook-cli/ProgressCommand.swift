// `./workbook progress`: which exercises you have solved, and what is next

import ArgumentParser
import Foundation
import Workbook

/// Shows a learner's progress.
struct ProgressCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "progress", abstract: "Show which exercises you have solved, and what is next.",
    discussion: "Kept in .workbook/exercises.json, outside the sources: it survives `git pull` and `reset`.")

  @Flag(help: "Print JSON.") var json = false
  @Flag(help: "No colour (also: NO_COLOR=1, or output that is not a terminal).") var noColor = false

  /// One exercise's line.
  struct Row: Codable {
    var exercise: String
    var title: String
    var passed: Bool
    /// Whether the code has changed since it passed.
    var changed: Bool
    var attempts: Int
    var hints: Int
    var sawSolution: Bool
    var finding: String?
  }

  func run() throws {
    let rows = try Self.rows()
    print(try json ? rows.jsonText() : Self.text(rows, terminal: TerminalStyle(noColor: noColor)))
  }

  /// The status of every exercise.
  static func rows() throws -> [Row] {
    let progress = try LearnerProgress(from: Checkout.progress)
    return ExerciseEntry.all.map { exercise in
      let entry = progress[exercise.id]
      return Row(
        exercise: exercise.id.description, title: exercise.title, passed: entry.passed != nil,
        changed: entry.passed != nil
          && LearnerProgress.digest(of: Checkout.root.appendingPathComponent(exercise.file)) != entry.passedDigest,
        attempts: entry.attempts, hints: entry.hints, sawSolution: entry.sawSolution,
        finding: entry.passed == nil ? entry.lastFinding : nil)
    }
  }

  /// The table: a line for each chapter's bar, then the exercises that were started.
  static func text(_ rows: [Row], terminal: TerminalStyle) -> String {
    var lines = [terminal.bold("Your exercises")]
    let solved = rows.count { $0.passed }
    for chapter in Chapter.all {
      let own = rows.filter { ExerciseID($0.exercise)?.chapter == chapter.number }
      guard !own.isEmpty else { continue }
      let marks = own.map { row in
        row.passed ? terminal.green("●") : row.attempts > 0 ? terminal.red("◐") : terminal.dim("○")
      }
      lines += ["", terminal.bold("\(chapter.number)  \(chapter.title)") + "  " + marks.joined(separator: " ")]
      for row in own where row.attempts > 0 || row.hints > 0 || row.passed {
        var notes: [String] = []
        if row.passed { notes.append(row.changed ? "passed, changed since" : "passed") }
        if row.attempts > 0 { notes.append("\(row.attempts) attempt\(row.attempts == 1 ? "" : "s")") }
        if row.hints > 0 { notes.append("\(row.hints) hint\(row.hints == 1 ? "" : "s")") }
        if row.sawSolution { notes.append("solution seen") }
        lines.append("   \(row.exercise) \(row.title): " + notes.joined(separator: ", "))
        if let finding = row.finding {
          lines += terminal.wrapped(finding.onOneLine, indent: 7).prefix(2).map(terminal.dim)
        }
      }
    }
    lines += ["", "\(solved) of \(rows.count) solved."]
    if let next = rows.first(where: { !$0.passed }) {
      lines.append("Next: \(next.exercise) \(next.title).   ./workbook watch")
    }
    return lines.joined(separator: "\n")
  }
}
