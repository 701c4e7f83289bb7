// `--mine`: the reader's own solved exercises, loaded into a chapter.

import Basics
import ExerciseKit
import Foundation

/// The answers of this checkout that pass their checks, ready to be called.
///
/// ```swift
/// let mine = run.learnersCode([.ex01_1, .ex09_2])
/// if let answer = mine.answer(to: .ex09_2, as: (any Ex09_2.Type).self) { … }
/// ```
package struct LearnersCode: Sendable {
  /// Exercises whose answers are loaded.
  package private(set) var used: [ExerciseEntry] = []
  /// Exercises that were asked for and are not loaded, with the reason.
  package private(set) var unused: [(exercise: ExerciseEntry, reason: String)] = []
  private var answers: [ExerciseID: LoadedAnswer] = [:]

  /// The reader's answer; `nil` where there is none that passes.
  ///
  /// - Parameters:
  ///   - exercise: one of those that were asked for.
  ///   - protocol: the metatype of the exercise's protocol; that of another exercise traps.
  package func answer<Answer>(to exercise: ExerciseEntry, as protocol: Answer.Type) -> Answer? {
    guard let type = answers[exercise.id]?.type else { return nil }
    let answer = type as? Answer
    demand(answer != nil, "exercise \(exercise.id): its answer is no \(Answer.self)")
    return answer
  }

  /// Checks, compiles and loads the answers to some exercises.
  ///
  /// Every answer is first checked in a process of its own, for once it is part of this program nothing can stop it.
  ///
  /// - Throws: `CheckerError` where the compiler or the built core is missing.
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

  /// How the answers stand: `passed`, `failed`, `not attempted` or `does not compile`.
  ///
  /// `./workbook check` says so: a chapter does not hold the cases.
  private static func statuses(of exercises: [ExerciseEntry]) throws -> [ExerciseID: String] {
    struct Record: Decodable {
      var exercise: ExerciseID
      var status: String
    }
    let script = Checkout.root.appendingPathComponent("workbook").path
    var check = ChildProcess([script, "check", "--json"] + exercises.map(\.id.description))
    // The build folder that this program is from: <build>/<platform>/debug/ch10-lenet.
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
  /// The reader's answers to some exercises; ends the program with one line where they cannot be had at all.
  package func learnersCode(_ exercises: [ExerciseEntry]) -> LearnersCode {
    do {
      guard let program = Bundle.main.executableURL else { throw CheckerError("this program does not know its place") }
      let cache = Checkout.progress.appendingPathComponent("answers", isDirectory: true)
      return try LearnersCode(exercises, checker: Checker(program: program, root: Checkout.root, cache: cache))
    } catch {
      CommandLineStop(text: "\(chapter.name): --mine: \(error)", code: 69).leave()
    }
  }
}
