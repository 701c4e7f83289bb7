// Calls every case in the answer's process and judges the responses here.

import Basics
import Foundation

/// The resources that an answer may use.
package struct AnswerLimits: Sendable {
  /// The processor time that one call may take, in seconds.
  package var seconds: Double
  /// The memory in use, in bytes.
  package var memory: Int
  /// Whether an answer is refused if the system has no cage for it: for untrusted code.
  package var requiresCage: Bool
  /// The number of threads that may run at the same time: far more than any of the system's pools starts.
  static let threads = max(512, 4 * ProcessInfo.processInfo.processorCount)

  /// By default, ten seconds per call and a gigabyte of memory.
  package init(seconds: Double = 10, memory: Int = 1 << 30, requiresCage: Bool = false) {
    self.seconds = seconds
    self.memory = memory
    self.requiresCage = requiresCage
  }
}

/// Calls a compiled answer in child processes.
struct AnswerProcess {
  var exercise: any AnyExercise
  var library: AnswerLibrary
  var toolchain: Toolchain
  var cage: Cage?
  var limits: AnswerLimits

  private func session() throws -> AnswerSession {
    let seconds = UInt64(limits.seconds * Double(2 * exercise.calls.count + 4)) + 10
    let command = [
      toolchain.host.path, library.path.path, "\(seconds)", "\(limits.memory + (2 << 30))",
      limits.requiresCage ? "caged" : "open",
    ]
    let caged = cage?.wrapped(command, reading: [toolchain.libraries, toolchain.host.path, library.path.path])
    return try AnswerSession(command: caged ?? command, limits: limits)
  }

  /// The response in one case.
  private func response(_ index: Int, from session: AnswerSession, variation: Variation? = nil) throws -> Response {
    guard let remote = RemoteAnswers.all[exercise.id] else { throw CheckerError("no remote answer to \(exercise.id)") }
    return try Remote.$line.withValue(session) {
      try Remote.$variation.withValue(variation) {
        guard let response = exercise.response(of: remote, inCase: index) else {
          throw CheckerError("\(remote) does not answer \(exercise.id)")
        }
        return response
      }
    }
  }

  /// Calls every case.
  ///
  /// After a crash the check continues with the next case, up to three times; a call that takes too long, uses too much
  /// memory or does something forbidden ends the check.
  ///
  /// - Parameters:
  ///   - fresh: draws of other numbers, for which an answer has to be correct as well.
  ///   - onResponse: receives each response as it arrives.
  /// - Returns: a response for every case, what the answer printed, and what is wrong with the fresh numbers.
  func run(
    fresh: FreshCases? = nil, onResponse: (Int, Response) -> Void
  ) throws -> (responses: [Response], printed: String, fresh: Finding?) {
    var responses: [Response] = []
    var (printed, crashes) = ("", 0)
    var current: AnswerSession?
    for index in exercise.calls.indices {
      let session = try current ?? self.session()
      current = session
      var response = try self.response(index, from: session)
      if case .halted(var halt) = response {
        session.close()
        current = nil
        if halt.kind == .crash {
          halt.place = library.line(at: session.output.trace, toolchain: toolchain, cage: cage)
          response = .halted(halt)
        }
        if printed.utf8.count < 65_536 { printed += session.output.text }
        crashes += 1
        responses.append(response)
        onResponse(index, response)
        guard halt.kind == .crash, crashes < 3 else { break }
      } else {
        responses.append(response)
        onResponse(index, response)
      }
    }
    while responses.count < exercise.calls.count {
      responses.append(.halted(.notRun))
      onResponse(responses.count - 1, .halted(.notRun))
    }
    var finding: Finding?
    if let fresh, crashes == 0,
      zip(responses.indices, responses).allSatisfy({ exercise.judge($1, inCase: $0) == .passed })
    {
      let session = try current ?? self.session()
      current = session
      finding = try fresh.finding { index, variation in try self.response(index, from: session, variation: variation) }
    }
    if let current {
      current.close()
      printed += current.output.text
    }
    return (responses, printed, finding)
  }

  /// The outcomes of the answer for a draw, one for every case; `nil` if there is none.
  ///
  /// - Throws: ``RemoteHalt`` if the machine was too busy.
  func outcomes(under seed: UInt64) throws -> [Outcome?] {
    let session = try self.session()
    defer { session.close() }
    return try exercise.calls.indices.map { index in
      let variation = Variation(of: exercise.id, seed: seed &+ UInt64(index))
      switch try self.response(index, from: session, variation: variation) {
      case .value(let outcome): return outcome
      case .halted(let halt) where halt.kind == .busy: throw RemoteHalt(halt)
      default: return nil
      }
    }
  }
}

/// Draws of unpublished numbers, with the results of the solution.
struct FreshCases: Sendable {
  private var exercise: any AnyExercise
  private var draws: [(seed: UInt64, outcomes: [Outcome?])]

  /// Draws three times. The seed is the grader's; answers never see it.
  init(_ solution: AnswerProcess, seed: UInt64) throws {
    exercise = solution.exercise
    var generator = SeededGenerator(seed: seed)
    draws = try (0..<3).map { _ in
      let seed = generator.next() as UInt64
      return (seed, try solution.outcomes(under: seed))
    }
  }

  /// What is wrong with an answer that is correct for the published numbers.
  ///
  /// A draw may land on a jump of the function, where two correct answers differ: only an answer that fails all draws
  /// is wrong.
  func finding(_ response: (Int, Variation) throws -> Response) throws -> Finding? {
    var first: Finding?
    for draw in draws {
      var wrong: Finding?
      for (index, outcome) in draw.outcomes.enumerated() where wrong == nil {
        guard let outcome else { continue }
        let given = try response(index, Variation(of: exercise.id, seed: draw.seed &+ UInt64(index)))
        if case .halted(let halt) = given, halt.kind == .busy {
          return Finding(part: "", summary: halt.reason, details: [], halt: .busy)
        }
        var finding: Finding
        switch exercise.judge(given, against: outcome, inCase: index) {
        case .passed: continue
        case .failed(let found): finding = found
        case .unsolved: finding = Finding(part: "", summary: "it reports that it is not solved", details: [])
        }
        finding.summary = "correct for the published numbers, but not for others: \(finding.summary)"
        finding.details.insert("the call: \(exercise.calls[index]), with other numbers", at: 0)
        wrong = finding
      }
      guard let wrong else { return nil }
      first = first ?? wrong
      if wrong.halt != nil { break }
    }
    return first
  }
}
