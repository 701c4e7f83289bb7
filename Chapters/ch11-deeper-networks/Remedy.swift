// A change to the deep plain net, and what it does: how many times fewer mistakes, against chance.

import Foundation
import Workbook

/// A suspected cause taken away from the deep plain net: does the effect go with it?
///
/// Errors of deep nets differ by factors, and one bad seed of ten is many points away from the others. So chance is judged
/// by ratios, the differences of logarithms, for every change alike.
struct Remedy: Sendable {
  /// Training errors of the deep plain net, of the same without the suspected cause, and of the residual one, in percent.
  var usual: Summary
  var treated: Summary
  var residual: Summary

  /// By how many points the plain net is behind the residual one.
  var gap: Summary { usual - residual }
  /// By how many points the remedy takes it down.
  var gain: Summary { usual - treated }
  /// By how many points it stays behind with the remedy.
  var rest: Summary { treated - residual }

  /// How many times fewer mistakes there are with the remedy.
  var factor: Ratio { Ratio(usual, over: treated) }

  /// So many changes were tried when this chapter was made; those that said nothing new are not in it any more.
  static let tried = 13

  /// Closes the gap, narrows it, leaves it, or cannot be told.
  enum Answer { case closes, narrows, stays, unclear }
  var answer: Answer {
    guard Ratio(usual, over: residual).logarithms.direction() == .above else { return .unclear }
    let isLeft = Ratio(treated, over: residual).logarithms.direction() == .above
    switch factor.direction {
    case .above:
      // A point that is left of ten is not what kept the net behind.
      return !isLeft || rest.mean < gap.mean / 10 ? .closes : .narrows
    default: return isLeft ? .stays : .unclear
    }
  }
}

/// How many times as many mistakes one net makes as another, seed by seed.
struct Ratio: Sendable {
  /// ln of it, over the seeds.
  var logarithms: Summary

  /// Half of one of 2000 images, in percent: what a net without a mistake counts as.
  static let least = 0.025

  init(_ first: Summary, over second: Summary, least: Double = Self.least) {
    func logarithms(_ errors: Summary) -> Summary { Summary(errors.values.map { log(max(least, $0)) }) }
    self.logarithms = logarithms(first) - logarithms(second)
  }

  /// The geometric mean.
  var value: Double { exp(logarithms.mean) }
  /// Against 1, with an interval that is wider than one of 95 %, because so many changes were tried.
  var direction: Summary.Direction { logarithms.direction(among: Remedy.tried) }
  /// `2.1 (1.1 to 4.0)`, with that interval.
  var text: String {
    let half = logarithms.uncertainty(among: Remedy.tried)
    guard logarithms.count > 2, half.isFinite else { return short(value) }
    return "\(short(value)) (\(short(exp(logarithms.mean - half))) to \(short(exp(logarithms.mean + half))))"
  }

  /// One of three wordings, as of `Summary`.
  func worded<Words>(
    above: @autoclosure () -> Words, below: @autoclosure () -> Words, withinChance: @autoclosure () -> Words
  ) -> Words {
    switch direction {
    case .above: above()
    case .below: below()
    case .withinChance: withinChance()
    }
  }
}
