// The outcome of one check, as data.

import Workbook

/// The status of an answer, for JSON, tables and grades.
struct CheckRecord: Codable, Sendable {
  /// The possible results of a check.
  enum Status: String, Codable, Sendable, CaseIterable {
    case passed, failed
    case notAttempted = "not attempted"
    case doesNotCompile = "does not compile"
    case missing
    /// The machine was too busy: this says nothing about the answer.
    case notExamined = "not examined"
  }

  /// One case.
  struct CaseRecord: Codable, Sendable {
    var call: String
    var passed: Bool
    /// What is wrong; empty if nothing is.
    var finding: String
  }

  var exercise: String
  var title: String
  var status: Status
  var passedCases: Int
  var cases: [CaseRecord]
  /// The known mistake, if the answer makes one.
  var misconception: String?
  var effect: String?
  /// The first thing that is wrong.
  var reason: String?
  /// Why the answer was stopped, if it was.
  var halt: Halt.Kind?
  /// What the answer printed.
  var printed: String?

  init(_ exercise: any AnyExercise, _ result: Checker.Result) {
    self.exercise = exercise.id.description
    title = exercise.title
    switch result {
    case .doesNotCompile(let lines):
      status = .doesNotCompile
      passedCases = 0
      cases = []
      let errors = lines.filter { $0.contains("error:") }
      // Notes below a line of code are indented and drawn as branches.
      reason =
        errors.first { !$0.hasPrefix(" ") }
        ?? (errors.first ?? lines.first).map { String($0.trimmingPrefix { " |`-".contains($0) }) }
    case .reviewed(let review, _, let text):
      status =
        review.passed ? .passed : review.unsolved ? .notAttempted : review.halt == .busy ? .notExamined : .failed
      passedCases = review.judgments.count { $0 == .passed }
      cases = zip(exercise.calls, review.judgments).map { call, judgment in
        switch judgment {
        case .passed: CaseRecord(call: call, passed: true, finding: "")
        case .unsolved: CaseRecord(call: call, passed: false, finding: "not attempted")
        case .failed(let finding): CaseRecord(call: call, passed: false, finding: finding.text)
        }
      }
      if let fresh = review.fresh {
        cases.append(CaseRecord(call: "numbers drawn in this run", passed: false, finding: fresh.text))
      }
      misconception = review.misconception?.name
      effect = review.misconception?.effect
      halt = review.halt
      // The reason for being stopped explains more than an earlier wrong number.
      let untouched = review.judgments.count { $0 == .unsolved }
      let isPart = status == .failed && untouched > 0
      reason =
        review.haltReason ?? review.firstFinding?.summary
        ?? (isPart ? "\(untouched) of \(cases.count) cases are not attempted" : nil)
      printed = text.isEmpty ? nil : text
    }
  }

  /// A record of a missing answer.
  init(missing exercise: any AnyExercise) {
    self.exercise = exercise.id.description
    title = exercise.title
    status = .missing
    passedCases = 0
    cases = []
    reason = "expected \(exercise.name).swift, found none"
  }

  /// A record of an answer that was refused without being read.
  init(refused exercise: any AnyExercise, _ reason: String) {
    self.init(missing: exercise)
    status = .failed
    halt = .refused
    self.reason = reason
  }
}
