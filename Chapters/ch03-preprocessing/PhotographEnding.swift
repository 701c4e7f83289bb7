// Colour photographs, more of them and for longer, at a rate that falls to 0.

import Foundation
import Workbook

/// More photographs and more epochs than in the other trainings, at a rate that falls to zero as a cosine.
struct PhotographEnding: Codable, Sendable {
  var count: Int
  var validationCount: Int
  var testCount: Int
  var epochs: Int
  /// The seeds that chose the rates, and the others that were measured.
  var choosing: [UInt64]
  var seeds: [UInt64]
  var rows: [PhotographFindings.Row]

  static let methods: [Method] = [.raw, .channelMean, .channelStandard]

  func row(_ method: Method) -> PhotographFindings.Row? { rows.first { $0.method == method } }

  /// By how many points of test error one preparation differs from another.
  func points(_ method: Method, than other: Method) -> Summary? {
    guard let one = row(method), let two = row(other) else { return nil }
    return one.error - two.error
  }
}

extension PhotographEnding {
  /// Measures it on the photographs of a folder.
  ///
  /// - Throws: `DataError` where there are no photographs.
  init(from folder: String, _ run: ChapterRun) throws {
    var plan = try PhotographPlan(
      from: folder, count: 20_000, validationCount: 5_000, testCount: 10_000, epochs: 8, run)
    plan.decays = true
    (count, validationCount, testCount) = (plan.train.count, plan.validation.count, plan.test.count)
    (epochs, choosing, seeds) = (plan.epochs, [101], [1, 2, 3, 4, 5])
    rows = try plan.rows(
      Self.methods, rates: [0.01, 0.03], beyond: [0.001, 0.003, 0.1, 0.3], choosing: choosing, seeds: seeds)
  }
}
