// Claims: the statement of a source, the measurement of this run, and the verdict.

import Basics

/// A statement of a source that this run tests.
public struct Claim: Sendable, Equatable, Codable {
  /// The conclusion from the data of this run. The chapter computes it from the measurements.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// This run shows the published effect.
    case reproduced
    /// The result follows from a calculation, so it tests the program rather than the claim.
    case calculated
    /// This run shows the direction of the effect but not its size, or shows the effect only in some cases.
    case partly
    /// This run does not show the effect; the reason is given.
    case notHere = "not here"
    /// No decision: fewer than three seeds were measured, or the training was too short to tell, or the result does not
    /// differ significantly from that of a larger run with another verdict. The record of a full run has none.
    case undecided

    /// The symbol of the verdict, so that verdicts differ in more than their colour.
    package var mark: String {
      switch self {
      case .reproduced: "✓"
      case .calculated: "="
      case .partly: "◐"
      case .notHere: "✗"
      case .undecided: "?"
      }
    }
  }

  /// The claim in a sentence, in Markdown.
  public var text: String
  /// The source of the claim: `S2`, `He et al. 2015`.
  public var source: String
  /// The published effect.
  public var published: String
  /// The measured effect as numbers; nil if it has none.
  public var measurement: Measurement?
  /// The measured effect as text with its standard deviation: `0.046 ± 0.000`.
  public var measured: String
  /// The number of seeds; 0 for a count or a formula, which does not depend on chance.
  public var seeds: Int
  /// The conclusion from the data.
  public var verdict: Verdict
  /// The reason for the verdict, in Markdown; may be empty for a reproduced claim.
  public var reason: String
  /// The name of the figure that shows the effect, if there is one.
  public var figure: String?
  /// The result of the recorded run for the same claim, if its verdict differs; on a page that reports the recorded
  /// run, the result of this run.
  public internal(set) var other: Other?

  private enum CodingKeys: String, CodingKey {
    case text = "claim"
    case source, published, measurement, measured, seeds, verdict, reason, figure, other
  }

  /// Creates a claim with a measurement; with one or two seeds, it is undecided.
  public init(
    _ text: String, source: String, published: String, measured: Measurement, verdict: Verdict, reason: String = ""
  ) {
    self.init(
      text, source: source, published: published, measured: measured.text, seeds: measured.seeds, verdict: verdict,
      reason: reason)
    measurement = measured
  }

  /// Creates a claim whose effect is not a number; with one or two seeds, it is undecided.
  public init(
    _ text: String, source: String, published: String, measured: String, seeds: Int = 0, verdict: Verdict,
    reason: String = ""
  ) {
    self.text = text
    self.source = source
    self.published = published
    self.measured = measured
    self.seeds = seeds
    self.verdict = (1..<3).contains(seeds) ? .undecided : verdict
    self.reason = reason
  }

  /// Returns the claim with the name of the figure that shows the effect, to which the page links.
  public func shown(in figure: String) -> Claim {
    var copy = self
    copy.figure = figure
    return copy
  }

  /// `3 seeds`, `1 seed`; `no seeds` if nothing was random.
  var seedCount: String { seeds == 0 ? "no seeds" : seeds == 1 ? "1 seed" : "\(seeds) seeds" }

  /// The first measured number, without the numbers it is compared with.
  var headline: String {
    guard var first = measurement, !first.against.isEmpty else { return measured }
    first.against = []
    return first.text + " …"
  }

  /// The verdict of this run as text: `undecided here` if the recorded run has a decision.
  var verdictText: String {
    verdict == .undecided && other?.isThisRun == false ? "undecided here" : verdict.rawValue
  }

  /// The verdict of the run just made, which the page of a recorded run mentions beside its own.
  package var ownVerdict: Verdict { other.map { $0.isThisRun ? $0.verdict : verdict } ?? verdict }

  /// Where the measurement was made: `here`, or `recorded full run` on a page that reports the recorded run.
  var place: String { other?.isThisRun == true ? other?.reported ?? "" : "here" }
}

extension Claim {
  /// The result of a run other than the one that the page reports.
  public struct Other: Sendable, Equatable, Codable {
    /// Its verdict.
    public var verdict: Verdict
    /// What it measured, as text.
    public var measured: String
    /// The number of seeds.
    public var seeds: Int
    /// The name of the run: `recorded full run`, `this run`.
    public var run: String
    /// On a page that reports the recorded run, the name of the recorded run; otherwise nil.
    public var reported: String?

    /// Whether the page reports the recorded run and this is the result of the run just made.
    var isThisRun: Bool { reported != nil }
    /// `recorded full run: ✓ reproduced, 1.04 ± 0.13 %`, or `this run: ? undecided here, 1.2 %`.
    var text: String {
      let name = isThisRun && verdict == .undecided ? "undecided here" : verdict.rawValue
      return "\(run): \(verdict.mark) \(name)" + (measured.isEmpty ? "" : ", \(measured)")
    }
  }
}

extension Claim {
  /// Whether another claim is the same statement of the same source.
  func isSame(as other: Claim) -> Bool { text == other.text && source == other.source }

  /// Returns the claim of this run with the result of the recorded run, if that has a different verdict other than
  /// `undecided`.
  ///
  /// A run with no more seeds overrules the recorded one only if the 95 % intervals of their measurements do not
  /// overlap; otherwise its own verdict becomes undecided.
  func compared(with found: Claim, of run: RunRecord) -> Claim {
    guard found.verdict != verdict, found.verdict != .undecided else { return self }
    var claim = self
    claim.other = Other(verdict: found.verdict, measured: found.measured, seeds: found.seeds, run: run.nameOfRecord)
    if let (here, there) = (measurement, found.measurement) as? (Measurement, Measurement),
      here.seeds <= there.seeds, here.isWithinChance(of: there), verdict != .undecided
    {
      claim.verdict = .undecided
      claim.reason = "too few seeds to contradict the recorded run: \(seeds) here, \(found.seeds) there"
    }
    return claim
  }

  /// Returns the claim with the verdict of the recorded run and the result of this run, for a page whose figures and
  /// text describe the recorded run.
  ///
  /// This run repeats the recorded one in small. A verdict that differs is therefore undecided here, unless it contradicts
  /// the recorded one.
  func beside(_ live: Claim, of run: RunRecord) -> Claim {
    var claim = self
    claim.other = Other(
      verdict: live.verdict == verdict || live.contradicts(self) ? live.verdict : .undecided, measured: live.measured,
      seeds: live.seeds, run: "this run", reported: run.nameOfRecord)
    return claim
  }

  /// Whether only one of the two shows the effect, and both measured the same quantity over several seeds, with 95 %
  /// intervals that do not overlap.
  private func contradicts(_ recorded: Claim) -> Bool {
    guard (verdict == .notHere) != (recorded.verdict == .notHere),
      let (here, there) = (measurement, recorded.measurement) as? (Claim.Measurement, Claim.Measurement)
    else {
      return false
    }
    return here.deviation != nil && there.deviation != nil && here.lead == there.lead && here.unit == there.unit
      && here.against.map { $0.lead + $0.unit } == there.against.map { $0.lead + $0.unit }
      && !here.isWithinChance(of: there)
  }
}

extension RunRecord {
  /// `recorded full run`.
  fileprivate var nameOfRecord: String { size == "normal" ? "recorded run" : "recorded \(size) run" }
}

extension Claim.Measurement {
  /// Whether the 95 % intervals of all means overlap those of another measurement of the same quantity. This is
  /// stricter than an interval of the differences, because a page makes about a dozen comparisons. Numbers without a
  /// standard deviation do not depend on chance, so the result is false for them.
  func isWithinChance(of other: Self) -> Bool {
    guard let (a, b) = (uncertainty, other.uncertainty) as? (Double, Double), against.count == other.against.count
    else { return false }
    return (value - other.value).magnitude <= a + b
      && zip(against, other.against).allSatisfy { $0.isWithinChance(of: $1) }
  }

  /// Half the width of the mean's 95 % interval; nil for a single number.
  private var uncertainty: Double? {
    deviation.map { studentT(freedom: seeds - 1) * $0 / Double(seeds).squareRoot() }
  }
}

extension Claim.Verdict {
  /// A key to the symbols of some claims whose meaning is not obvious; nil if there are none.
  static func key(of claims: [Claim]) -> String? {
    claims.contains { $0.verdict == .calculated }
      ? "= calculated: it follows from a formula, and the measurement checks the program."
      : nil
  }

  /// The verdicts that a tally counts; `calculated` and `undecided` only if there are any.
  static func counted(in claims: [Claim]) -> [Claim.Verdict] {
    allCases.filter { verdict in
      ![.calculated, .undecided].contains(verdict) || claims.contains { $0.verdict == verdict }
    }
  }
}

extension Claim {
  /// A measured number with its standard deviation and unit, and optionally the numbers it is compared with.
  ///
  /// ```swift
  /// Claim.Measurement(value: 302, unit: "steps", against: .init(value: 31, unit: "with cross-entropy")).text
  /// // 302 steps against 31 with cross-entropy
  /// ```
  public struct Measurement: Sendable, Equatable, Codable {
    /// The words before the number, including the space after them: `at least `.
    public var lead: String
    /// The mean over the seeds, or a single number.
    public var value: Double
    /// The standard deviation over the seeds; nil for a single number.
    public var deviation: Double?
    /// The text after the number: `%`, `steps`, `times at the best rate of each`.
    public var unit: String
    /// The number of seeds; 0 if the value does not depend on chance.
    public var seeds: Int
    /// The number of decimals; nil for as many as the number needs.
    public var decimals: Int?
    /// The number of significant digits of a single number if no decimals are given; nil for two.
    public var digits: Int?
    /// The numbers it is compared with. The text joins them with `against`, unless their lead says something else.
    public var against: [Measurement]

    /// Creates a measurement.
    public init(
      _ lead: String = "", value: Double, deviation: Double? = nil, unit: String = "", seeds: Int = 0,
      decimals: Int? = nil, digits: Int? = nil, against: Measurement...
    ) {
      self.lead = lead
      self.value = value
      self.deviation = deviation
      self.unit = unit
      self.seeds = seeds
      self.decimals = decimals
      self.digits = digits
      self.against = against
    }

    /// The measurement as part of a sentence: `4.3 ± 0.6 times`, `302 steps against 31 with cross-entropy`.
    public var text: String {
      let space = unit.isEmpty || unit.first.map { ",;:)".contains($0) } == true ? "" : " "
      return against.reduce(lead + number + space + unit) { text, other in
        text + (other.lead.isEmpty ? " against " : other.lead.first == "," ? "" : " ") + other.text
      }
    }

    /// `4.3 ± 0.6`, without the unit.
    private var number: String {
      guard let deviation else {
        return decimals.map { written(value, $0) } ?? short(value, digits: digits ?? 2)
      }
      if decimals == nil, value != 0, abs(value) < 1e-4 { return short(value) + " ± " + short(deviation) }
      // As many decimals as are needed for three digits of the mean.
      let needed = value.isFinite && value != 0 ? min(6, max(0, 2 - Numbers.exponent(value))) : 2
      return written(value, decimals ?? needed) + " ± " + written(deviation, decimals ?? needed)
    }

    private func written(_ value: Double, _ decimals: Int) -> String {
      value.isFinite ? fixed(value, decimals) : short(value)
    }
  }
}
