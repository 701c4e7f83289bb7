// Checks a learner's file: compile, call, compare.

import Basics
import Foundation
import Synchronization

/// Checks answers in child processes.
package struct Checker: Sendable {
  /// The compiler and the built core.
  package var toolchain: Toolchain
  /// Where compiled answers are kept.
  package var cache: URL
  package var limits: AnswerLimits
  /// The cage in which untrusted code is compiled and called.
  private var cage: Cage?
  /// The checkout with the solutions, whose results serve as the reference for fresh numbers.
  private var root: URL
  private var fresh: FreshStore?

  /// A checker that uses what was built beside the running program.
  ///
  /// - Parameters:
  ///   - program: an executable in the build folder.
  ///   - root: the top folder of the checkout.
  ///   - cache: a folder to write to.
  ///   - limits: limits of time and memory.
  ///   - draw: the seed of unpublished numbers, for which an answer has to be correct as well.
  /// - Throws: ``CheckerError`` if something is missing, including the cage if it is required.
  package init(
    program: URL, root: URL, cache: URL, limits: AnswerLimits = .init(), draw: UInt64? = nil
  ) throws {
    if limits.requiresCage { cage = try Cage() }
    toolchain = try Toolchain(program: program, root: root, cache: cache)
    self.cache = cache
    self.limits = limits
    self.root = root
    fresh = draw.map(FreshStore.init)
  }

  /// The result of a check.
  package enum Result: Sendable {
    /// The compiler's errors.
    case doesNotCompile([String])
    /// The judgments on all cases, the responses they are based on, and the printed output of the answer.
    case reviewed(Review, [Response], printed: String)
  }

  /// Checks the answer to `exercise` in `file`.
  ///
  /// Unchanged code is not run again: its responses are kept beside the compiled answer. A file without any changes to
  /// the stub is not even compiled.
  ///
  /// - Parameters:
  ///   - shown: the file's name in messages.
  ///   - onCase: receives each judgment as it arrives.
  /// - Throws: ``CheckerError`` if the answer cannot be checked: no compiler, a full disk.
  package func check(
    _ exercise: any AnyExercise, file: URL, shownAs shown: String, onCase: (Int, Judgment) -> Void = { _, _ in }
  ) throws -> Result {
    func result(_ responses: [Response], printed: String = "", fresh: Finding? = nil) -> Result {
      var review = exercise.review(responses)
      review.fresh = fresh
      return .reviewed(review, responses, printed: printed)
    }
    func report(_ responses: [Response]) {
      for (index, response) in responses.enumerated() { onCase(index, exercise.judge(response, inCase: index)) }
    }
    func halted(_ halt: Halt) -> Result {
      let responses = [.halted(halt)] + [Response](repeating: .halted(.notRun), count: exercise.calls.count - 1)
      report(responses)
      return result(responses)
    }
    if let source = try? AnswerLibrary.source(in: file), isUntouched(String(decoding: source, as: UTF8.self)) {
      let responses = [Response](repeating: .unsolved, count: exercise.calls.count)
      report(responses)
      return result(responses)
    }
    let library: AnswerLibrary
    switch try compile(file, exercise.name, shown) {
    case .library(let made): library = made
    case .errors(let lines): return .doesNotCompile(lines)
    case .refused(let reason): return halted(Halt(kind: .forbidden, reason: reason))
    case .busy: return halted(.busy)
    }

    let record = library.path.deletingPathExtension().appendingPathExtension(fresh == nil ? "json" : "graded.json")
    if let kept = Record(at: record), kept.digest == library.digest, kept.responses.count == exercise.calls.count {
      report(kept.responses)
      return result(kept.responses, printed: kept.printed)
    }
    let draws: FreshCases?
    do {
      draws = try fresh?.cases(of: exercise.id) { seed in
        try solution(of: exercise).map { try FreshCases($0, seed: seed) }
      }
    } catch let busy as RemoteHalt {
      // Without the solution's results, an answer with hard-coded published results would pass.
      return halted(busy.halt)
    }
    let (responses, printed, finding) = try process(exercise, library).run(fresh: draws) { index, response in
      onCase(index, exercise.judge(response, inCase: index))
    }
    // Time and memory depend on the machine and its load: keep only what the code alone determines.
    if responses.allSatisfy({ !$0.isHalted }), finding == nil {
      Record(digest: library.digest, responses: responses, printed: printed).write(to: record)
    }
    return result(responses, printed: printed, fresh: finding)
  }

  private func compile(_ file: URL, _ name: String, _ shown: String) throws -> AnswerLibrary.Compilation {
    try AnswerLibrary.compile(file, type: name, shownAs: shown, toolchain: toolchain, cache: cache, cage: cage)
  }

  private func process(_ exercise: any AnyExercise, _ library: AnswerLibrary) -> AnswerProcess {
    AnswerProcess(exercise: exercise, library: library, toolchain: toolchain, cage: cage, limits: limits)
  }

  /// The solution, ready to call; `nil` in a checkout without solutions.
  private func solution(of exercise: any AnyExercise) throws -> AnswerProcess? {
    let file = root.appendingPathComponent(exercise.solutionFile)
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    switch try compile(file, exercise.name, exercise.solutionFile) {
    case .library(let library): return process(exercise, library)
    case .busy: throw RemoteHalt(.busy)
    case .errors, .refused: return nil
    }
  }

  /// Compiles an answer for use in a chapter, optimized.
  ///
  /// - Returns: the library's path.
  /// - Throws: ``CheckerError`` with the compiler's errors.
  package func library(for exercise: ExerciseEntry, file: URL) throws -> URL {
    let compilation = try AnswerLibrary.compile(
      file, type: exercise.name, shownAs: exercise.file, toolchain: toolchain, cache: cache, cage: nil, for: .chapter)
    switch compilation {
    case .library(let library): return library.path
    case .errors(let lines): throw CheckerError(lines.joined(separator: "\n"))
    case .refused(let reason): throw CheckerError(reason)
    case .busy: throw CheckerError(Halt.busy.reason)
    }
  }
}

/// The draws of one run, the same for all submissions.
private final class FreshStore: Sendable {
  private let seed: UInt64
  private let drawn = Mutex<[ExerciseID: FreshCases?]>([:])

  init(seed: UInt64) { self.seed = seed }

  func cases(of exercise: ExerciseID, draw: (UInt64) throws -> FreshCases?) throws -> FreshCases? {
    try drawn.withLock { drawn in
      if let known = drawn[exercise] { return known }
      let cases = try draw(seed)
      drawn[exercise] = .some(cases)
      return cases
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

  /// Reads a record; `nil` if there is none or it cannot be read.
  init?(at url: URL) {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let data = try? Data(contentsOf: url), let record = try? decoder.decode(Record.self, from: data) else {
      return nil
    }
    self = record
  }

  /// Saves the record. If the disk is full, the next run only takes longer.
  func write(to url: URL) {
    let encoder = JSONEncoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    if let data = try? encoder.encode(self) { try? AtomicFile.write(data, to: url.path) }
  }
}
