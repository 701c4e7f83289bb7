// `--mine`: loads the reader's own solved exercises into a chapter.

import Basics
import ExerciseKit
import Foundation

/// The answers in this checkout that pass their checks, ready to call.
///
/// ```swift
/// let mine = run.learnersCode([.ex01_1, .ex09_2])
/// if let answer = mine.answer(to: .ex09_2, as: (any Ex09_2.Type).self) { … }
/// ```
package struct LearnersCode: Sendable {
  /// The exercises whose answers are loaded.
  package private(set) var used: [ExerciseEntry] = []
  /// The exercises that were requested but not loaded, with the reason.
  package private(set) var unused: [(exercise: ExerciseEntry, reason: String)] = []
  private var answers: [ExerciseID: LoadedAnswer] = [:]

  /// The reader's answer; `nil` if there is none that passes.
  ///
  /// - Parameters:
  ///   - exercise: one of the requested exercises.
  ///   - protocol: the metatype of the exercise's protocol; it traps for the protocol of another exercise.
  package func answer<Answer>(to exercise: ExerciseEntry, as protocol: Answer.Type) -> Answer? {
    guard let type = answers[exercise.id]?.type else { return nil }
    let answer = type as? Answer
    demand(answer != nil, "exercise \(exercise.id): its answer is not of type \(Answer.self)")
    return answer
  }

  /// Checks, compiles and loads the answers to some exercises.
  ///
  /// Every answer is first checked in its own process, because nothing can stop it once it is part of this program.
  ///
  /// - Throws: `CheckerError` if the compiler or the built core is missing.
  package init(_ exercises: [ExerciseEntry], checker: Checker) throws {
    let statuses = try Self.statuses(of: exercises)
    for exercise in exercises {
      switch statuses[exercise.id] {
      case "passed":
        let file = Checkout.root.appendingPathComponent(exercise.file)
        answers[exercise.id] = try LoadedAnswer(library: checker.library(for: exercise, file: file))
        used.append(exercise)
      case "failed": unused.append((exercise, "does not pass its checks"))
      case let status: unused.append((exercise, status ?? "not checked"))
      }
    }
  }

  /// The status of the answers: `passed`, `failed`, `not attempted` or `does not compile`.
  ///
  /// It comes from `./workbook check`, because a chapter does not contain the cases.
  private static func statuses(of exercises: [ExerciseEntry]) throws -> [ExerciseID: String] {
    struct Record: Decodable {
      var exercise: ExerciseID
      var status: String
    }
    let script = Checkout.root.appendingPathComponent("workbook").path
    var check = ChildProcess([script, "check", "--json"] + exercises.map(\.id.description))
    // The build folder of this program: <build>/<platform>/debug/ch10-lenet.
    check.environment["WORKBOOK_BUILD"] =
      Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().path
    check.errors = .inherited
    check.outputLimit = 1 << 26
    let report: ChildProcess.Report
    do { report = try check.run() } catch { throw CheckerError("\(error)") }
    guard let records = try? JSONDecoder().decode([Record].self, from: report.bytes) else {
      throw CheckerError("./workbook check \(report.ending), without a verdict")
    }
    return Dictionary(records.map { ($0.exercise, $0.status) }) { first, _ in first }
  }
}

extension ChapterRun {
  /// The reader's answers to some exercises; ends the program with one line if they cannot be checked at all.
  package func learnersCode(_ exercises: [ExerciseEntry]) -> LearnersCode {
    do {
      guard let program = Bundle.main.executableURL else { throw CheckerError("this program cannot find its file") }
      let cache = Checkout.progress.appendingPathComponent("answers", isDirectory: true)
      return try LearnersCode(exercises, checker: Checker(program: program, root: Checkout.root, cache: cache))
    } catch {
      CommandLineStop(text: "\(chapter.name): --mine: \(error)", code: 69).leave()
    }
  }
}
