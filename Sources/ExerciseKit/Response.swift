// The result of one call, and the judgment on it.

import Basics

/// The result of one call of an answer.
package enum Response: Sendable, Codable, Equatable {
  /// It returned.
  case value(Outcome)
  /// It threw an error, described by this text.
  case threw(String)
  /// It is still the stub.
  case unsolved
  /// It did not complete.
  case halted(Halt)

  /// Makes the call of a case and records whatever happens, short of a crash.
  package init<Answer>(of answer: Answer, in example: Case<Answer>) {
    do {
      self = .value(try example.answer(answer))
    } catch is Unsolved {
      self = .unsolved
    } catch let error as RemoteHalt {
      self = .halted(error.halt)
    } catch {
      // The text comes from untrusted code: clip it and remove control characters.
      self = .threw(String(describing: error).clipped(to: 2000).withoutControls)
    }
  }

  /// Whether two answers responded in the same way.
  func agrees(with other: Response, tolerance: Double) -> Bool {
    switch (self, other) {
    case (.value(let a), .value(let b)): a.agrees(with: b, tolerance: tolerance)
    case (.threw, .threw): true
    default: false
    }
  }

  /// Whether the call did not complete.
  package var isHalted: Bool { if case .halted = self { true } else { false } }
}

/// Why a call did not complete.
package struct Halt: Sendable, Codable, Equatable {
  /// The reasons for a halt.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case crash, time, memory, exit, forbidden, refused, output
    /// It wrote into the channel for results.
    case forged
    /// The machine was too busy: this says nothing about the answer.
    case busy
    case notRun = "not run"
  }
  package var kind: Kind
  /// The reason as text: `no result after 10 s: …`.
  package var reason: String
  /// The place in the learner's file, if known: `line 7: let x = numbers[9]`.
  package var place: String?

  init(kind: Kind, reason: String, place: String? = nil) {
    self.kind = kind
    self.reason = reason
    self.place = place
  }
}

/// The judgment on one case.
package enum Judgment: Sendable, Equatable {
  case passed
  /// The exercise has not been attempted.
  case unsolved
  case failed(Finding)
}

/// What is wrong in one case.
package struct Finding: Sendable, Equatable {
  /// The part of the result: `input gradient`; empty if there is only one.
  package var part: String
  /// The finding in one line: `expected 0.2, got 0.1`.
  package var summary: String
  /// Further lines: the worst element, the relative error, the tolerance, what to look at.
  package var details: [String]
  /// Why the call did not complete, if it did not.
  package var halt: Halt.Kind?

  package init(part: String, summary: String, details: [String], halt: Halt.Kind? = nil) {
    self.part = part
    self.summary = summary
    self.details = details
    self.halt = halt
  }

  /// The finding as an indented paragraph.
  package var text: String { ([summary] + details.map { "  " + $0 }).joined(separator: "\n") }
}

/// An answer compared with the catalogue: a judgment for each case, and the known mistake, if there is one.
package struct Review: Sendable {
  /// One judgment for each case.
  package var judgments: [Judgment]
  /// The mutant whose outputs equal those of the answer in every case.
  package var misconception: Misconception?
  /// A mutant whose outputs equal those of the answer in some of the wrong results.
  package var guess: Misconception?
  /// What is wrong for unpublished numbers; `nil` if nothing is, or if they were not tried.
  package var fresh: Finding?

  package init(judgments: [Judgment], misconception: Misconception? = nil) {
    self.judgments = judgments
    self.misconception = misconception
  }

  /// Whether every case passed.
  package var passed: Bool { fresh == nil && !judgments.isEmpty && judgments.allSatisfy { $0 == .passed } }
  /// The finding in the case in which the answer was stopped, if it was.
  private var stop: Finding? {
    judgments.lazy.compactMap { if case .failed(let finding) = $0, finding.halt != nil { finding } else { nil } }.first
      ?? fresh.flatMap { $0.halt == nil ? nil : $0 }
  }
  /// Why the answer was stopped.
  package var halt: Halt.Kind? { stop?.halt }
  package var haltReason: String? { stop?.summary }
  /// Whether every case is still the stub.
  package var unsolved: Bool { !judgments.isEmpty && judgments.allSatisfy { $0 == .unsolved } }
}

/// A named mistake, without its implementation.
package struct Misconception: Sendable, Codable, Equatable {
  /// Completes "your answer …": `divides by the fan-out`.
  package var name: String
  /// Its effect on training.
  package var effect: String
}
