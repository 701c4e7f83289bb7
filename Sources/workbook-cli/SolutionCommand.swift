// `./workbook solution 4.3`: how we wrote it, once you have passed or given up

import ArgumentParser
import Foundation
import Workbook

/// Prints the solution of an exercise.
struct SolutionCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solution", abstract: "How we wrote it, once you have passed or given up.",
    discussion: "Before an answer has passed it asks first; where there is no terminal to ask in, it wants --yes.")

  @Argument(help: "4.3, Ex04_3, or a file.") var name: String
  @Flag(help: "Show it without asking.") var yes = false

  func run() throws {
    let exercise = try ExerciseScope.exercise(name)
    guard let text = try? String(contentsOf: exercise.solutionURL, encoding: .utf8) else {
      throw CheckerError("\(exercise.solutionFile) is not in this checkout; it may be a handout without solutions.")
    }
    let hasPassed = try LearnerProgress(from: Checkout.progress)[exercise.id].passed != nil
    if !hasPassed && !yes {
      try confirm("Exercise \(exercise.label) has not passed yet. Show the solution all the same?")
    }
    if !hasPassed { try LearnerProgress.update(in: Checkout.progress) { $0[exercise.id].sawSolution = true } }
    print(text, terminator: "")
  }
}

/// Asks a question that wants a yes; ends the program quietly on anything else.
///
/// - Throws: `CheckerError` where there is no terminal to ask in.
func confirm(_ question: String) throws {
  guard isatty(STDIN_FILENO) == 1 else {
    throw CheckerError("\(question) There is no terminal to ask in: say so with --yes")
  }
  printErrorText("\(question) [y/N] ")
  guard readLine()?.lowercased().hasPrefix("y") == true else { throw ExitCode(1) }
}
