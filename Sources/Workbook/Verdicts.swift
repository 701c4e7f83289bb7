// The rules by which a run judges a claim: what a few seeds can tell from chance, and what a verdict needs.

import Foundation
import Notebook
import Training

extension Summary {
  /// Which way a difference points, as far as its seeds can tell.
  public enum Direction: Sendable {
    /// The difference is more than chance, and positive.
    case above
    /// The difference is more than chance, and negative.
    case below
    /// The seeds cannot tell it from none.
    case withinChance
  }

  /// Above or below where the 95 % interval of the mean leaves out `none` and the mean is further from it than `limit`;
  /// else, and with fewer than three seeds, within chance. Among several comparisons made at once the interval is wider.
  public func direction(from none: Double = 0, beyond limit: Double = 0, among comparisons: Int = 1) -> Direction {
    let (distance, chance) = (mean - none, uncertainty(among: comparisons))
    guard count >= 3, abs(distance) > max(chance, limit) else { return .withinChance }
    return distance > 0 ? .above : .below
  }

  /// The one of three wordings that the interval allows: how a title or a takeaway that states a direction is made.
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

/// Whether a difference, measured seed by seed, is more than chance: the 95 % interval of its mean leaves out 0, and the
/// mean is beyond `limit`.
///
/// Fewer than three seeds cannot tell; among several comparisons the interval is wider.
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
  /// The verdict on what chance does not enter, a count or a formula; or on a finding that has been held against chance.
  ///
  /// Reproduced where it holds, partly where it only points the same way, else not here.
  public static func of(_ holds: Bool, partly: Bool = false) -> Claim.Verdict {
    holds ? .reproduced : partly ? .partly : .notHere
  }

  /// The same verdict for what a calculation already proves: a measurement that agrees tests the program, not the claim.
  public var ofCalculation: Claim.Verdict { self == .reproduced ? .calculated : self }

  /// The same verdict, but no more than partly: where something other than the named cause may have done it.
  public var atMostPartly: Claim.Verdict { self == .reproduced ? .partly : self }

  /// The verdict on an effect with a direction, measured once for each seed.
  ///
  /// - Fewer than three seeds decide nothing.
  /// - Within chance it is not here: where the 95 % interval of the mean holds what there would be without an effect.
  ///   "Partly" would call chance a finding.
  /// - Reproduced where every seed has the size that the claim needs, partly where the mean has only the direction.
  ///
  /// - Parameters:
  ///   - effect: the effect, larger where the claim holds more.
  ///   - none: what would be measured without an effect: 0 for a difference, 1 for a ratio.
  ///   - enough: from where on the effect is as large as the claim says.
  public static func ofEffect(_ effect: Summary, over none: Double = 0, from enough: Double) -> Claim.Verdict {
    guard effect.count >= 3 else { return .undecided }
    guard effect.mean - effect.uncertainty > none else { return .notHere }
    return effect.minimum >= enough ? .reproduced : .partly
  }

  /// The verdict on a factor, measured once for each seed: as on an effect, of its logarithm, since what multiplies is
  /// spread evenly on a logarithmic scale. Without an effect it would be 1.
  ///
  /// - Parameter enough: from where on the factor is as large as the claim says.
  public static func ofFactor(_ factor: Summary, from enough: Double) -> Claim.Verdict {
    .ofEffect(Summary(factor.values.map { log($0) }), from: log(enough))
  }

  /// The verdict on a number that should be near a published one, measured once for each seed.
  ///
  /// Reproduced where the mean is within `tolerance` of it, partly within `loosely`; fewer than three seeds decide nothing.
  public static func ofAgreement(
    _ value: Summary, with published: Double, within tolerance: Double, loosely: Double = 0
  ) -> Claim.Verdict {
    guard value.count >= 3 else { return .undecided }
    let distance = abs(value.mean - published)
    return .of(distance < tolerance, partly: distance < loosely)
  }
}

/// The reason of a verdict; where fewer than three seeds were measured, that they are too few.
public func reason(_ text: String = "", seeds: Int) -> String { seeds < 3 ? "a verdict needs three seeds" : text }

extension Claim.Measurement {
  /// The mean of several seeds with its deviation, the mean alone where there was one; as many decimals as the mean needs
  /// unless some are given.
  public init(_ lead: String, _ summary: Summary, unit: String = "", decimals: Int? = nil, against others: Self...) {
    self.init(
      lead, value: summary.mean, deviation: summary.count < 2 ? nil : summary.deviation, unit: unit,
      seeds: summary.count, decimals: decimals ?? (abs(summary.mean) < 1e-4 ? nil : summary.decimals))
    against = others
  }

  /// The same without words in front.
  public init(_ summary: Summary, unit: String = "", decimals: Int? = nil, against others: Self...) {
    self.init("", summary, unit: unit, decimals: decimals)
    against = others
  }
}
