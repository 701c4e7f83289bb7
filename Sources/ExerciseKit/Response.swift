// What came back from one call, and what to think of it.

import Basics

/// What one call of an answer led to.
package enum Response: Sendable, Codable, Equatable {
  /// It returned.
  case value(Outcome)
  /// It threw an error, given here in words.
  case threw(String)
  /// It is still the stub.
  case unsolved
  /// It did not get to its end.
  case halted(Halt)

  /// Makes a case's call and keeps whatever happens, short of a crash.
  package init<Answer>(of answer: Answer, in example: Case<Answer>) {
    do {
      self = .value(try example.answer(answer))
    } catch is Unsolved {
      self = .unsolved
    } catch let error as RemoteHalt {
      self = .halted(error.halt)
    } catch {
      // In the words of somebody who may want to harm whoever reads them.
      self = .threw(String(describing: error).clipped(to: 2000).withoutControls)
    }
  }

  /// Whether two answers did the same.
  func agrees(with other: Response, tolerance: Double) -> Bool {
    switch (self, other) {
    case (.value(let a), .value(let b)): a.agrees(with: b, tolerance: tolerance)
    case (.threw, .threw): true
    default: false
    }
  }

  /// Whether the call did not get to its end.
  package var isHalted: Bool { if case .halted = self { true } else { false } }
}

/// Why a call did not get to its end.
package struct Halt: Sendable, Codable, Equatable {
  /// The kinds of ends.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case crash, time, memory, exit, forbidden, refused, output
    /// It wrote where only results are written.
    case forged
    /// The machine had no time for it: nothing is said of the answer.
    case busy
    case notRun = "not run"
  }
  package var kind: Kind
  /// In words: `no result after 10 s: …`.
  package var reason: String
  /// Where in the learner's file, if that is known: `line 7: let x = numbers[9]`.
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
  /// Which part of the result: `input gradient`; empty where there is only one.
  package var part: String
  /// In one line: `expected 0.2, got 0.1`.
  package var summary: String
  /// Further lines: the worst element, the relative error, the tolerance, what to look at.
  package var details: [String]
  /// Why the call did not get to its end, if it did not.
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

/// An answer held against the catalogue: a judgment for each case, and the known mistake where it is one.
package struct Review: Sendable {
  /// The number of judgments is that of the cases.
  package var judgments: [Judgment]
  /// The mutant whose outputs are those of the answer in every case.
  package var misconception: Misconception?
  /// A mutant whose outputs are those of the answer in some of what is wrong.
  package var guess: Misconception?
  /// What is wrong with numbers that have not been published; `nil` where nothing is, or it was not tried.
  package var fresh: Finding?

  package init(judgments: [Judgment], misconception: Misconception? = nil) {
    self.judgments = judgments
    self.misconception = misconception
  }

  /// Every case passed.
  package var passed: Bool { fresh == nil && !judgments.isEmpty && judgments.allSatisfy { $0 == .passed } }
  /// The finding in the case at which the answer was stopped, if it was.
  private var stop: Finding? {
    judgments.lazy.compactMap { if case .failed(let finding) = $0, finding.halt != nil { finding } else { nil } }.first
      ?? fresh.flatMap { $0.halt == nil ? nil : $0 }
  }
  /// Why the answer was stopped.
  package var halt: Halt.Kind? { stop?.halt }
  package var haltReason: String? { stop?.summary }
  /// No case got further than the stub.
  package var unsolved: Bool { !judgments.isEmpty && judgments.allSatisfy { $0 == .unsolved } }
}

/// A named mistake, without its implementation.
package struct Misconception: Sendable, Codable, Equatable {
  /// Completes "your answer …": `divides by the fan-out`.
  package var name: String
  /// What it would do to training.
  package var effect: String
}
