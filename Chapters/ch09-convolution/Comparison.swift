// Two ways of doing one thing, and what a few seeds can tell of the difference.

import Workbook

/// How large an effect was where it was found, as points of error on these digits.
struct PublishedEffect: Sendable {
  /// The top-1 error of AlexNet on ImageNet, in per cent: about 40.
  static let alexNetError = 40.0
  /// Simonyan and Zisserman 2015, section 4.1: with 5×5 layers in place of pairs of 3×3 the top-1 error is 7 % higher.
  /// Read as a share of it; as points it would be a larger effect.
  static let smallKernels = 0.07 / 1.07

  /// 0.4 of those points, with overlapping windows (Krizhevsky et al. 2012, section 3.4).
  static func overlapping(on errors: Summary) -> PublishedEffect { PublishedEffect(0.4 / alexNetError, on: errors) }
  /// 1.4 of them, with response normalization (section 3.3).
  static func responseNorm(on errors: Summary) -> PublishedEffect { PublishedEffect(1.4 / alexNetError, on: errors) }
  /// Two 3×3 in place of one 5×5.
  static func stacked(on errors: Summary) -> PublishedEffect { PublishedEffect(smallKernels, on: errors) }

  /// The share of the errors that it takes off; nil where no size is published.
  var share: Double?
  /// The points of error that it would take off here.
  var points: Double
  /// Whether its size is published; else it is the least that counts as a gain.
  var isSized: Bool { share != nil }

  /// An effect that takes this share off the error.
  ///
  /// - Parameters:
  ///   - share: 0 … 1; nil where no size is published.
  ///   - errors: what the old way has wrong here.
  init(_ share: Double? = nil, on errors: Summary) {
    self.share = share
    points = share.map { $0 * errors.mean } ?? Comparison.least
  }
}

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

  /// The points of error from where on a gain is not small.
  static let least = 0.05

  /// What the new way takes off the error, in percentage points, seed by seed.
  var gain: Summary

  /// How many comparisons are looked at together: the more, the wider the interval of each (Bonferroni).
  var count = 1

  init(from old: Summary, to new: Summary, among count: Int = 1) {
    gain = old - new
    self.count = count
  }

  /// The difference of two comparisons with the same seeds.
  init(_ first: Comparison, minus second: Comparison) { gain = first.gain - second.gain }

  /// Half the width of the interval.
  var reach: Double { gain.uncertainty(among: count) }
  /// `95 %`, or `99.17 %` among six.
  var level: String { "\(short(100 - 5 / Double(max(1, count)), digits: 4)) %" }

  /// A gain or loss is beyond chance where the interval of its mean leaves out 0. One run says nothing about chance.
  var finding: Finding {
    if !isMeasured { return .tooFewRuns }
    if !isClear(gain, beyond: 0) || (count > 1 && abs(gain.mean) <= reach) { return .chance }
    return gain.mean < 0 ? .loss : gain.mean > Self.least ? .gain : .smallGain
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

  /// Why a difference within chance does not refute: a gain as large as the published one lies inside the interval too.
  /// Nil where the interval leaves it out, or where there is more than chance.
  func unseen(_ effect: PublishedEffect) -> String? {
    guard finding == .chance, effect.points <= gain.mean + reach else { return nil }
    return effect.share.map {
      "no gain beyond chance, but the published one is not excluded: \(short(100 * $0)) % of the errors would be \(fixed(effect.points, 2)) points here"
    }
      ?? "no gain beyond chance, but one of \(fixed(effect.points, 2)) points, the least that counts here, is not excluded; no size is published"
  }

  /// How large a gain can be at most, where there is none beyond chance and the interval ends below a tenth of the errors:
  /// then that bound is the finding. Nil elsewhere.
  func bound(on errors: Summary) -> String? {
    let most = gain.mean + reach
    guard finding == .chance, most < 0.1 * errors.mean else { return nil }
    return
      "no gain beyond chance: on digits at most \(fixed(max(0, most), 2)) points, \(percent(max(0, most) / errors.mean)) of the errors (\(level))"
  }

  /// How large an effect would have been seen, where there is none beyond chance; empty elsewhere.
  func seen(_ effect: PublishedEffect?) -> String {
    guard finding == .chance, let effect, effect.isSized else { return "" }
    return
      "the published gain, \(short(100 * (effect.share ?? 0))) % of the errors, would be \(fixed(effect.points, 2)) points here"
  }

  /// `saves 0.42 points`, `costs 0.10 points`; nil within chance or where too few runs cannot tell.
  var told: String? {
    switch finding {
    case .gain, .smallGain: "saves \(fixed(gain.mean, 2)) points"
    case .loss: "costs \(fixed(-gain.mean, 2)) points"
    case .chance, .tooFewRuns: nil
    }
  }

  /// Whether there are enough runs to tell a gain from chance.
  var isMeasured: Bool { gain.values.count >= 3 }

  /// The gain without its sign.
  var size: Summary { gain.magnitude }

  /// `−0.10 to 0.42`: the interval of the gain.
  var interval: String { "\(fixed(gain.mean - reach, 2)) to \(fixed(gain.mean + reach, 2))" }
  /// ` (95 %: −0.10 to 0.42)`, of the gain without its sign; empty with fewer than three seeds.
  private var note: String {
    size.count < 3 ? "" : " (\(level): \(fixed(size.mean - reach, 2)) to \(fixed(size.mean + reach, 2)))"
  }

  /// `0.42 ± 0.10 points fewer errors (95 %: 0.17 to 0.67)`.
  var measured: Claim.Measurement {
    .init(
      size,
      unit: "points \(gain.mean < 0 ? "more" : "fewer") errors"
        + note, decimals: 2)
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
      case .chance: "no more than chance: the mean may be off by \(fixed(reach, 2))\(count > 1 ? " (\(level))" : "")"
      case .loss: "a loss, and more than chance"
      }
    return ([finding] + remarks).filter { !$0.isEmpty }.joined(separator: "; ")
  }
}
