// `./workbook hint 4.3`: the next hint for an exercise

import ArgumentParser
import Foundation
import Workbook

/// Shows the hints of an exercise, one more each time it is called.
struct HintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hint", abstract: "Show the next hint for an exercise: a nudge, the idea, almost the code.")

  @Argument(help: "4.3, Ex04_3, or a file.") var name: String
  @Flag(help: "Show all hints at once.") var all = false

  func run() throws {
    let exercise = try ExerciseScope.exercise(name)
    let seen = try LearnerProgress(from: Checkout.progress)[exercise.id].hints
    let shown = all ? exercise.hints.count : min(max(0, seen), exercise.hints.count - 1) + 1
    print(Self.text(exercise, upTo: shown, terminal: TerminalStyle()))
    try LearnerProgress.update(in: Checkout.progress) { $0[exercise.id].hints = max(seen, shown) }
  }

  /// The first `count` hints.
  static func text(_ exercise: any AnyExercise, upTo count: Int, terminal: TerminalStyle) -> String {
    let names = ["A nudge", "The idea", "Almost the code"]
    var lines = [terminal.bold(exercise.label)]
    for (index, hint) in exercise.hints.prefix(count).enumerated() {
      lines += ["", terminal.bold("\(names[min(index, names.count - 1)]) (\(index + 1) of \(exercise.hints.count))")]
      lines += terminal.wrapped(hint, indent: 2)
    }
    lines.append("")
    let chapter = Chapter.all.first { $0.number == exercise.id.chapter }?.name ?? exercise.folder
    lines += terminal.wrapped(
      "On the page: “\(exercise.section)” in ./workbook run \(chapter).", indent: 0)
    lines.append(
      count < exercise.hints.count
        ? "Next hint: ./workbook hint \(exercise.id)"
        : "That was the last hint. The solution: ./workbook solution \(exercise.id)")
    return lines.joined(separator: "\n")
  }
}
