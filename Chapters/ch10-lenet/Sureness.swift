// How sure the shown network is of its answers, and how often it is wrong where it is sure.

import Foundation
import Workbook

/// The answers to which a network gives at least a certain probability.
struct Sureness: Codable, Sendable {
  var limit: Double
  var answers: Int
  var wrong: Int
  /// How many would be wrong on average if the probabilities were right: Σ(1 − p).
  var expected: Double

  /// Whether more are wrong than that, by more than their number varies: by the root of it.
  var isTooSure: Bool { Double(wrong) > expected + 1.96 * expected.squareRoot() }

  init(_ evaluation: Evaluation, from limit: Double) {
    let sure = evaluation.confidences.indices.filter { Double(evaluation.confidences[$0]) >= limit }
    self.limit = limit
    answers = sure.count
    wrong = sure.count { evaluation.predictions[$0] != evaluation.truths[$0] }
    expected = rounded(sure.reduce(0) { $0 + 1 - Double(evaluation.confidences[$1]) }, decimals: 2)
  }

  /// From 0, from the full per cent that the shown mistakes have at least, and from 99 %.
  static func rows(_ evaluation: Evaluation, shown: Int) -> [Sureness] {
    let least = evaluation.worstMistakes.prefix(shown).map { Double(evaluation.confidences[$0]) }.min() ?? 0.9
    return [0, (100 * least).rounded(.down) / 100, 0.99].map { Sureness(evaluation, from: $0) }
  }
}
