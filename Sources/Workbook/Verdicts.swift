// The rules by which a run judges a claim: what a few seeds can distinguish from chance, and what a verdict needs.

import Foundation
import Notebook
import Training

extension Summary {
  /// The direction of a difference, as far as its seeds can show.
  public enum Direction: Sendable {
    /// The difference is more than chance, and positive.
    case above
    /// The difference is more than chance, and negative.
    case below
    /// The seeds cannot distinguish it from no difference.
    case withinChance
  }

  /// Above or below if the 95 % interval of the mean excludes `none` and the mean is further from it than `limit`;
  /// otherwise, or for fewer than three seeds, within chance. For several comparisons at once the interval is wider.
  public func direction(from none: Double = 0, beyond limit: Double = 0, among comparisons: Int = 1) -> Direction {
    let (distance, chance) = (mean - none, uncertainty(among: comparisons))
    guard count >= 3, abs(distance) > max(chance, limit) else { return .withinChance }
    return distance > 0 ? .above : .below
  }

  /// The one of three wordings that the interval supports, for titles and takeaways that state a direction.
  ///
  /// ```swift
  /// let title = saved.worded(
  ///   above: "Dropout saves errors", below: "Dropout costs errors", withinChance: "Dropout: no difference beyond chance")
  /// ```
  public func worded<Words>(
    from none: Double = 0, beyond limit: Double = 0, above: @autoclosure () -> Words, below: @autoclosure () -> Words,
    withinChance: @autoclosure () -> Words
  ) -> Words {
    switch direction(from: none, beyond: limit) {
    case .above: above()
    case .below: below()
    case .withinChance: withinChance()
    }
  }
}

/// Whether a difference, measured seed by seed, is more than chance: the 95 % interval of its mean excludes 0, and the
/// mean is beyond `limit`.
///
/// Fewer than three seeds cannot show that; for several comparisons the interval is wider.
public func isClear(_ difference: Summary, beyond limit: Double = 0.5, among comparisons: Int = 1) -> Bool {
  difference.direction(beyond: limit, among: comparisons) != .withinChance
}

/// `more than chance`, `within chance`, or that so few seeds cannot tell.
public func chance(_ difference: Summary, beyond limit: Double = 0.5) -> String {
  difference.count < 3
    ? "which so few seeds cannot tell from chance"
    : isClear(difference, beyond: limit) ? "more than chance" : "within chance"
}

extension Claim.Verdict {
  /// The verdict on a finding without chance, such as a count or a formula, or on one already tested against chance.
  ///
  /// Reproduced if it holds, partly if it only points in the same direction, otherwise not here.
  public static func of(_ holds: Bool, partly: Bool = false) -> Claim.Verdict {
    holds ? .reproduced : partly ? .partly : .notHere
  }

  /// The same verdict for what a calculation already proves: a measurement that agrees tests the program, not the claim.
  public var ofCalculation: Claim.Verdict { self == .reproduced ? .calculated : self }

  /// The same verdict, but at most partly: if something other than the named cause may explain it.
  public var atMostPartly: Claim.Verdict { self == .reproduced ? .partly : self }

  /// The verdict on an effect with a direction, measured once for each seed.
  ///
  /// - Fewer than three seeds decide nothing.
  /// - Not here if it is within chance: if the 95 % interval of the mean contains the value without an effect. "Partly"
  ///   would call chance a finding.
  /// - Reproduced if every seed reaches the size that the claim needs, partly if the mean only has the direction.
  ///
  /// - Parameters:
  ///   - effect: the effect; larger values support the claim more.
  ///   - none: the value without an effect: 0 for a difference, 1 for a ratio.
  ///   - enough: the smallest effect that supports the claim.
  public static func ofEffect(_ effect: Summary, over none: Double = 0, from enough: Double) -> Claim.Verdict {
    guard effect.count >= 3 else { return .undecided }
    guard effect.mean - effect.uncertainty > none else { return .notHere }
    return effect.minimum >= enough ? .reproduced : .partly
  }

  /// The verdict on a factor, measured once for each seed: the verdict on the effect of its logarithm, since factors
  /// are symmetric on a logarithmic scale. Without an effect it would be 1.
  ///
  /// - Parameter enough: the smallest factor that supports the claim.
  public static func ofFactor(_ factor: Summary, from enough: Double) -> Claim.Verdict {
    .ofEffect(Summary(factor.values.map { log($0) }), from: log(enough))
  }

  /// The verdict on a number that should be near a published one, measured once for each seed.
  ///
  /// Reproduced if the mean is within `tolerance` of it, partly if within `loosely`; undecided for fewer than three
  /// seeds.
  public static func ofAgreement(
    _ value: Summary, with published: Double, within tolerance: Double, loosely: Double = 0
  ) -> Claim.Verdict {
    guard value.count >= 3 else { return .undecided }
    let distance = abs(value.mean - published)
    return .of(distance < tolerance, partly: distance < loosely)
  }
}

/// The reason for a verdict; for fewer than three seeds, that there are too few.
public func reason(_ text: String = "", seeds: Int) -> String { seeds < 3 ? "a verdict needs three seeds" : text }

extension Claim.Measurement {
  /// Creates a measurement from the mean of several seeds and its deviation, or the mean alone for one seed; by default
  /// with as many decimals as the mean needs.
  public init(_ lead: String, _ summary: Summary, unit: String = "", decimals: Int? = nil, against others: Self...) {
    self.init(
      lead, value: summary.mean, deviation: summary.count < 2 ? nil : summary.deviation, unit: unit,
      seeds: summary.count, decimals: decimals ?? (abs(summary.mean) < 1e-4 ? nil : summary.decimals))
    against = others
  }

  /// The same without leading text.
  public init(_ summary: Summary, unit: String = "", decimals: Int? = nil, against others: Self...) {
    self.init("", summary, unit: unit, decimals: decimals)
    against = others
  }
}
