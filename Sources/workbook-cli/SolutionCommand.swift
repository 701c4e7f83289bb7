// `./workbook solution 4.3`: show our solution, once you have passed or given up

import ArgumentParser
import Foundation
import Workbook

/// Prints the solution of an exercise.
struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution", abstract: "Show our solution, once you have passed or given up.",
    discussion: "If no answer has passed yet, it asks first; without a terminal, it needs --yes.")

  @Argument(help: "4.3, Ex04_3, or a file.") var name: String
  @Flag(help: "Show it without asking.") var yes = false

  func run() throws {
    let exercise = try ExerciseScope.exercise(name)
    guard let text = try? String(contentsOf: exercise.solutionURL, encoding: .utf8) else {
      throw CheckerError("\(exercise.solutionFile) is not in this checkout; it may be a handout without solutions.")
    }
    let hasPassed = try LearnerProgress(from: Checkout.progress)[exercise.id].passed != nil
    if !hasPassed && !yes {
      try confirm("Exercise \(exercise.label) has not passed yet. Show the solution anyway?")
    }
    if !hasPassed { try LearnerProgress.update(in: Checkout.progress) { $0[exercise.id].sawSolution = true } }
    print(text, terminator: "")
  }
}

/// Asks a yes-or-no question; ends the program silently on anything but yes.
///
/// - Throws: `CheckerError` if there is no terminal.
func confirm(_ question: String) throws {
  guard isatty(STDIN_FILENO) == 1 else {
    throw CheckerError("\(question) There is no terminal to answer in: confirm with --yes")
  }
  printErrorText("\(question) [y/N] ")
  guard readLine()?.lowercased().hasPrefix("y") == true else { throw ExitCode(1) }
}
