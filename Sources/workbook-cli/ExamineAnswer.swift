// The child process of a check: it calls one answer, and nothing else.

import ArgumentParser
import ExerciseCatalogue
import ExerciseKit

/// Loads a compiled answer and reports what it gives in each case. Not for people.
struct ExamineAnswer: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "examine-answer", shouldDisplay: false)

  @Argument var exercise: String
  @Argument var library: String
  @Option var from = 0
  @Option var seconds = 10.0
  @Option var memory = 1 << 30
  @Flag var requiresCage = false

  func run() throws {
    guard let id = ExerciseID(exercise), let exercise = Catalogue[id] else {
      throw ValidationError("there is no exercise \(exercise)")
    }
    AnswerExaminer.run(
      exercise, library: library, from: from,
      limits: AnswerLimits(seconds: seconds, memory: memory, requiresCage: requiresCage))
  }
}
