// Tests of what is kept about a learner.

import ExerciseKit
import Foundation
import Testing

@Suite struct LearnerProgressTests {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("progress-\(UUID().uuidString)")

  @Test("Progress survives, and counts attempts only for code that has changed")
  func roundTrip() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    let failed = Review(judgments: [.failed(Finding(part: "", summary: "expected 1, got 2", details: []))])
    let passed = Review(judgments: [.passed])
    #expect(try LearnerProgress(from: folder)["4.3"].attempts == 0)
    for (review, digest) in [(failed, "a"), (failed, "a"), (failed, "b"), (passed, "c")] {
      try LearnerProgress.update(in: folder) { $0.note(review, of: "4.3", digest: digest, at: Date()) }
    }
    try LearnerProgress.update(in: folder) {
      $0.note(Review(judgments: [.unsolved]), of: "4.4", digest: "d", at: Date())
    }
    let progress = try LearnerProgress(from: folder)
    #expect(progress["4.3"].attempts == 3)
    #expect(progress["4.3"].passed != nil)
    #expect(progress["4.3"].lastFinding == nil)
    #expect(progress["4.4"].attempts == 0, "an untouched stub is no attempt")
  }

  @Test("Whatever number a progress file claims, the next attempt can be counted")
  func claims() throws {
    var progress = LearnerProgress()
    progress["4.3"].attempts = .max
    progress["4.4"].attempts = .min
    for id in ["4.3", "4.4"] as [ExerciseID] {
      progress.note(Review(judgments: [.passed]), of: id, digest: "a", at: Date())
    }
    #expect(progress["4.3"].attempts == 1_000_000)
    #expect(progress["4.4"].attempts == 1)
  }

  @Test("A progress file that is broken is not overwritten")
  func broken() throws {
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let file = folder.appendingPathComponent("exercises.json")
    try Data("{ half".utf8).write(to: file)
    #expect(throws: CheckerError.self) { try LearnerProgress.update(in: folder) { $0["4.3"].hints = 1 } }
    #expect(try Data(contentsOf: file) == Data("{ half".utf8))
  }
}
