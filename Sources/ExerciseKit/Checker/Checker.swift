// From a learner's file to a judgment: compile, call, compare.

import Basics
import Foundation

/// Examines answers in child processes.
package struct Checker: Sendable {
  /// The compiler and the built core.
  package var toolchain: Toolchain
  /// The program that calls an answer, with its first arguments.
  package var examiner: [String]
  /// Where compiled answers are kept.
  package var cache: URL
  package var limits: AnswerLimits

  /// A checker that uses the running program as its examiner.
  ///
  /// - Parameters:
  ///   - program: the running executable; it has to know the subcommand `examine-answer`.
  ///   - root: the top folder of the checkout.
  ///   - cache: a folder to write to.
  ///   - limits: of time and memory.
  package init(program: URL, root: URL, cache: URL, limits: AnswerLimits = .init()) throws {
    toolchain = try Toolchain(program: program, root: root, cache: cache)
    examiner = [program.path, "examine-answer"]
    self.cache = cache
    self.limits = limits
  }

  /// What came of a check.
  package enum Result: Sendable {
    /// The compiler's errors.
    case doesNotCompile([String])
    /// A judgment for every case, the responses behind them, and what the answer printed.
    case reviewed(Review, [Response], printed: String)
  }

  /// Checks the answer to `exercise` in `file`.
  ///
  /// Unchanged code is not run again: its responses are kept beside the compiled answer.
  ///
  /// - Parameters:
  ///   - shown: the file's name in messages.
  ///   - onCase: gets each judgment as it comes.
  /// - Throws: ``CheckerError`` where nothing can be said of the answer: no compiler, a full disk.
  package func check(
    _ exercise: any AnyExercise, file: URL, shownAs shown: String, onCase: (Int, Judgment) -> Void = { _, _ in }
  ) throws -> Result {
    let compilation = try AnswerLibrary.compile(
      file, type: exercise.name, shownAs: shown, toolchain: toolchain, cache: cache, optimized: false)
    guard case .library(let library) = compilation else {
      guard case .errors(let lines) = compilation else { return .doesNotCompile([]) }
      return .doesNotCompile(lines)
    }

    let record = library.path.deletingPathExtension().appendingPathExtension("json")
    if let kept = Record(at: record), kept.digest == library.digest, kept.responses.count == exercise.calls.count {
      for (index, response) in kept.responses.enumerated() { onCase(index, exercise.judge(response, inCase: index)) }
      return .reviewed(exercise.review(kept.responses), kept.responses, printed: kept.printed)
    }
    let process = AnswerProcess(exercise: exercise, library: library.path, examiner: examiner, limits: limits)
    let (responses, printed) = try process.run { index, response in
      onCase(index, exercise.judge(response, inCase: index))
    }
    // Time and memory depend on the machine and its day: only what the code itself decides is kept.
    if responses.allSatisfy({ !$0.isHalted }) {
      Record(digest: library.digest, responses: responses, printed: printed).write(to: record)
    }
    return .reviewed(exercise.review(responses), responses, printed: printed)
  }

  /// Compiles an answer for use in a chapter, optimized.
  ///
  /// - Returns: the library's path.
  /// - Throws: ``CheckerError`` with the compiler's errors.
  package func library(for exercise: ExerciseEntry, file: URL) throws -> URL {
    let compilation = try AnswerLibrary.compile(
      file, type: exercise.name, shownAs: exercise.file, toolchain: toolchain, cache: cache, optimized: true)
    switch compilation {
    case .library(let library): return library.path
    case .errors(let lines): throw CheckerError(lines.joined(separator: "\n"))
    }
  }
}

/// The responses of one version of an answer.
private struct Record: Codable {
  var digest: String
  var responses: [Response]
  var printed: String

  init(digest: String, responses: [Response], printed: String) {
    self.digest = digest
    self.responses = responses
    self.printed = printed
  }

  /// Reads a record; `nil` where there is none, or none that can be read.
  init?(at url: URL) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? Data(contentsOf: url), let record = try? decoder.decode(Record.self, from: data) else {
      return nil
    }
    self = record
  }

  /// Keeps the record; a disk that is full costs only the time of the next run.
  func write(to url: URL) {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    if let data = try? encoder.encode(self) { try? AtomicFile.write(data, to: url.path) }
  }
}
