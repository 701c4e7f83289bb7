// `--mine`: the reader's own solved exercises, loaded into a chapter.

import ExerciseKit
import Foundation

/// The answers of this checkout that pass their checks, ready to be called.
///
/// ```swift
/// let mine = run.learnersCode([Catalogue.ex01_1, Catalogue.ex09_2])
/// if let answer = mine.answer(to: Catalogue.ex09_2) { … }
/// ```
package struct LearnersCode: Sendable {
  /// Exercises whose answers are loaded.
  package private(set) var used: [any AnyExercise] = []
  /// Exercises that were asked for and are not loaded, with the reason.
  package private(set) var unused: [(exercise: any AnyExercise, reason: String)] = []
  private var answers: [ExerciseID: LoadedAnswer] = [:]

  /// The reader's answer; `nil` where there is none that passes.
  package func answer<Answer>(to exercise: Exercise<Answer>) -> Answer? {
    answers[exercise.id]?.type as? Answer
  }

  /// Checks, compiles and loads the answers to some exercises.
  ///
  /// Every answer is first checked in a process of its own, as `./workbook check` does, for once it is part of this
  /// program nothing can stop it.
  ///
  /// - Throws: `CheckerError` where the compiler or the built core is missing.
  package init(_ exercises: [any AnyExercise], checker: Checker) throws {
    for exercise in exercises {
      let file = House.root.appendingPathComponent(exercise.file)
      switch try checker.check(exercise, file: file, shownAs: exercise.file) {
      case .doesNotCompile: unused.append((exercise, "does not compile"))
      case .reviewed(let review, _, _) where review.unsolved: unused.append((exercise, "not attempted"))
      case .reviewed(let review, _, _) where !review.passed: unused.append((exercise, "does not pass its checks"))
      case .reviewed:
        answers[exercise.id] = try LoadedAnswer(library: checker.library(for: exercise, file: file))
        used.append(exercise)
      }
    }
  }
}

/// The type behind a loaded library. Metatypes are constants, so it may be shared.
private struct LoadedAnswer: @unchecked Sendable {
  let type: Any

  init(library: URL) throws {
    guard let answer = AnswerExaminer.load(library.path) else {
      throw CheckerError("\(library.lastPathComponent) cannot be loaded into this program")
    }
    type = answer
  }
}

extension ChapterRun {
  /// The reader's answers to some exercises; ends the program with one line where they cannot be had at all.
  package func learnersCode(_ exercises: [any AnyExercise]) -> LearnersCode {
    do {
      guard let program = Bundle.main.executableURL else { throw CheckerError("this program does not know its place") }
      let cache = House.progress.appendingPathComponent("answers", isDirectory: true)
      return try LearnersCode(exercises, checker: Checker(program: program, root: House.root, cache: cache))
    } catch {
      CommandLineStop(text: "\(chapter.name): --mine: \(error)", code: 69).leave()
    }
  }
}
