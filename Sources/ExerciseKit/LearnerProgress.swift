// What a learner has done so far, kept outside the sources.

import Basics
import Foundation

/// The state of every exercise, in `exercises.json` of the progress folder.
package struct LearnerProgress: Sendable, Codable, Equatable {
  /// What is known about one exercise.
  package struct Entry: Sendable, Codable, Equatable {
    /// When an answer first passed.
    package var passed: Date?
    /// The digest of the last answer that passed; the code may have changed since.
    package var passedDigest: String?
    /// The number of checks of code that was neither untouched nor checked before.
    package var attempts = 0
    /// The digest of the last answer that was checked.
    package var lastDigest: String?
    /// What was wrong with it, in one line; `nil` if nothing was.
    package var lastFinding: String?
    /// The number of hints shown.
    package var hints = 0
    /// Whether the solution was shown before an answer passed.
    package var sawSolution = false

    package init() {}
  }

  /// By exercise: `4.3`.
  private var exercises: [String: Entry] = [:]

  package init() {}

  /// What is known about an exercise.
  package subscript(id: ExerciseID) -> Entry {
    get { exercises[id.description] ?? Entry() }
    set { exercises[id.description] = newValue }
  }

  /// Reads the progress kept in `folder`; a missing file is not an error.
  ///
  /// - Throws: ``CheckerError`` if the file exists and cannot be read: it must not be overwritten.
  package init(from folder: URL) throws {
    let file = Self.file(in: folder)
    guard FileManager.default.fileExists(atPath: file.path) else { return }
    do {
      self = try JSONDecoder().decode(LearnerProgress.self, from: Data(contentsOf: file))
    } catch {
      throw CheckerError(
        "\(file.path): expected the progress of exercises as JSON, found something else (\(error)). "
          + "Fix it, or move it away to start over.")
    }
  }

  /// Changes the progress kept in `folder`.
  ///
  /// - Throws: ``CheckerError`` if it can be neither read nor written.
  package static func update(in folder: URL, _ change: (inout LearnerProgress) -> Void) throws {
    var progress = try LearnerProgress(from: folder)
    let before = progress
    change(&progress)
    guard progress != before else { return }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    let data = try encoder.encode(progress)
    do { try AtomicFile.write(data, to: file(in: folder).path) } catch { throw CheckerError("progress: \(error)") }
  }

  /// Records the outcome of a check.
  package mutating func note(_ review: Review, of id: ExerciseID, digest: String, at date: Date) {
    guard !review.unsolved, review.halt != .busy else { return }
    // The file belongs to the learner and may contain any number.
    if self[id].lastDigest != digest { self[id].attempts = min(max(0, self[id].attempts), 999_999) + 1 }
    self[id].lastDigest = digest
    self[id].lastFinding = review.misconception?.name ?? review.firstFinding?.summary
    if review.passed {
      self[id].passed = self[id].passed ?? date
      self[id].passedDigest = digest
    }
  }

  /// The digest of a file; `nil` if it cannot be read.
  package static func digest(of file: URL) -> String? {
    (try? Data(contentsOf: file)).map { SHA256.hexadecimal([UInt8]($0)) }
  }

  private static func file(in folder: URL) -> URL { folder.appendingPathComponent("exercises.json") }
}

extension Review {
  /// What is wrong in the first case that failed.
  package var firstFinding: Finding? {
    judgments.lazy.compactMap { if case .failed(let finding) = $0 { finding } else { nil } }.first ?? fresh
  }
}
