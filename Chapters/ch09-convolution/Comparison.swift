// Two ways of doing one thing, and what a few seeds can tell of the difference.

import Workbook

/// Two ways of doing one thing, run with the same seeds.
struct Comparison: Sendable {
  /// What a comparison comes to.
  enum Finding: String, Sendable {
    case tooFewRuns = "too few runs"
    case gain
    /// Beyond chance, but of 0.05 points or less.
    case smallGain = "small gain"
    case chance
    case loss
  }

  /// What the new way takes off the error, in percentage points, seed by seed.
  var gain: Summary

  init(from old: Summary, to new: Summary) { gain = old - new }

  /// The difference of two comparisons with the same seeds.
  init(_ first: Comparison, minus second: Comparison) { gain = first.gain - second.gain }

  /// A gain or loss is beyond chance where the 95 % interval of its mean leaves out 0. One run says nothing about
  /// chance.
  var finding: Finding {
    if !isMeasured { return .tooFewRuns }
    if !isClear(gain, beyond: 0) { return .chance }
    return gain.mean < 0 ? .loss : gain.mean > 0.05 ? .gain : .smallGain
  }

  /// Reproduced where there is a gain, partly where it is small, not here where it is chance or a loss.
  var verdict: Claim.Verdict {
    switch finding {
    case .gain: .reproduced
    case .smallGain: .partly
    case .tooFewRuns: .undecided
    case .chance, .loss: .notHere
    }
  }

  /// Whether there are enough runs to tell a gain from chance.
  var isMeasured: Bool { gain.values.count >= 3 }

  /// The gain without its sign.
  var size: Summary { Summary(gain.mean < 0 ? gain.values.map { -$0 } : gain.values) }

  /// `0.42 ± 0.10 points fewer errors`.
  var measured: Claim.Measurement {
    .init(size, unit: "points " + (gain.mean < 0 ? "more" : "fewer") + " errors", decimals: 2)
  }

  /// `a lead of 0.42 ± 0.10 points in order`.
  func lead(_ words: String, _ unit: String) -> Claim.Measurement {
    .init(words + (gain.mean < 0 ? "a lag" : "a lead") + " of ", size, unit: unit, decimals: 2)
  }

  /// Why the verdict is what it is, and what else there is to say.
  func reason(_ remarks: String...) -> String {
    let finding =
      switch finding {
      case .tooFewRuns: "so few runs cannot tell a gain from chance"
      case .gain: ""
      case .smallGain: "more than chance, but not over 0.05 points"
      case .chance: "no more than chance: the mean may be off by \(fixed(gain.uncertainty, 2))"
      case .loss: "a loss, and more than chance"
      }
    return ([finding] + remarks).filter { !$0.isEmpty }.joined(separator: "; ")
  }
}
