// Claims: what a source says, what came out here, and the verdict.

import Basics

/// A sentence of a source put to the test by this run.
public struct Claim: Sendable, Equatable, Codable {
  /// What the data of this run say. Computed by the chapter, never typed.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// The published effect, in this run.
    case reproduced
    /// It came out as a calculation says it must: this tests the program rather than the claim.
    case calculated
    /// The direction but not the size, or not everywhere.
    case partly
    /// Not in this run; the reason is given.
    case notHere = "not here"
    /// Measured with fewer than three seeds, or with a test that could not have seen the published effect, or not to be
    /// told from a larger run that says something else: nothing is decided.
    case undecided

    /// The sign of the verdict, so that colour is not the only difference.
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
  /// Who says so: `S2`, `He et al. 2015`.
  public var source: String
  /// The published effect.
  public var published: String
  /// The effect here, as numbers; nil where it has none.
  public var measurement: Measurement?
  /// The effect here, as text with its spread: `0.046 ± 0.000`.
  public var measured: String
  /// Over how many seeds it was measured; 0 for a count or a formula, which chance does not enter.
  public var seeds: Int
  /// What the data say.
  public var verdict: Verdict
  /// Why the verdict is not plain, in Markdown; may be empty where it is reproduced.
  public var reason: String
  /// The name of the figure that shows it, where one does.
  public var figure: String?
  /// What the recorded run says of the same claim, where that is another verdict; or what this run says of it, on a page
  /// that reports the recorded one.
  public internal(set) var other: Other?

  private enum CodingKeys: String, CodingKey {
    case text = "claim"
    case source, published, measurement, measured, seeds, verdict, reason, figure, other
  }

  /// Creates a claim about something that has been measured; one or two seeds leave it undecided.
  public init(
    _ text: String, source: String, published: String, measured: Measurement, verdict: Verdict, reason: String = ""
  ) {
    self.init(
      text, source: source, published: published, measured: measured.text, seeds: measured.seeds, verdict: verdict,
      reason: reason)
    measurement = measured
  }

  /// Creates a claim whose effect is no number; one or two seeds leave it undecided.
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

  /// The claim with the figure that shows it, by its name: the reader is led there.
  public func shown(in figure: String) -> Claim {
    var copy = self
    copy.figure = figure
    return copy
  }

  /// `3 seeds`, `1 seed`; `no seeds` where nothing was drawn at random.
  var seedCount: String { seeds == 0 ? "no seeds" : seeds == 1 ? "1 seed" : "\(seeds) seeds" }

  /// The first number that was measured, without what it is held against.
  var headline: String {
    guard var first = measurement, !first.against.isEmpty else { return measured }
    first.against = []
    return first.text + " …"
  }

  /// The verdict of this run: `undecided here` where the recorded run has decided.
  var verdictText: String { verdict == .undecided && other != nil ? "undecided here" : verdict.rawValue }

  /// Where the measurement was made: `here`, or `recorded full run` on a page that reports that one.
  var place: String { other?.isThisRun == true ? other?.reported ?? "" : "here" }
}

extension Claim {
  /// What another run found than the one that the page reports.
  public struct Other: Sendable, Equatable, Codable {
    /// Its verdict.
    public var verdict: Verdict
    /// What it measured, as text.
    public var measured: String
    /// Over how many seeds.
    public var seeds: Int
    /// Which run it is: `recorded full run`, `this run`.
    public var run: String
    /// On a page that reports the recorded run, what to call that one; else nil.
    public var reported: String?

    /// Whether the page reports the recorded run, and this is the one just made.
    var isThisRun: Bool { reported != nil }
    /// `recorded full run: ✓ reproduced, 1.04 ± 0.13 %`; nil where this run cannot decide what the recorded one did.
    var text: String? {
      if isThisRun, verdict == .undecided { return nil }
      return "\(run): \(verdict.mark) \(verdict.rawValue)" + (measured.isEmpty ? "" : ", \(measured)")
    }
  }
}

extension Claim {
  /// Whether another claim is the same sentence of the same source.
  func isSame(as other: Claim) -> Bool { text == other.text && source == other.source }

  /// The claim of this run with what the recorded run found, where that is another verdict, and not that nothing is decided.
  ///
  /// A run of no more seeds overrules the recorded one only where the 95 % intervals of their measurements do not overlap;
  /// else its own verdict is undecided.
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

  /// The claim as the recorded run decided it, with what this run says: for a page whose figures and sentences are about
  /// the recorded run. A run that decides nothing adds no line.
  func beside(_ live: Claim, of run: RunRecord) -> Claim {
    var claim = self
    claim.other = Other(
      verdict: live.verdict, measured: live.measured, seeds: live.seeds, run: "this run", reported: run.nameOfRecord)
    return claim
  }
}

extension RunRecord {
  /// `recorded full run`.
  fileprivate var nameOfRecord: String { size == "normal" ? "recorded run" : "recorded \(size) run" }
}

extension Claim.Measurement {
  /// Whether all its means could be those of another measurement of the same: the 95 % intervals of both overlap. That is
  /// stricter than the interval of their difference, since a page compares a dozen. Numbers without a spread are not within
  /// chance, which does not enter them.
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
  /// What the signs of some claims mean, where their words do not say it; nil where there is none of those.
  static func key(of claims: [Claim]) -> String? {
    claims.contains { $0.verdict == .calculated }
      ? "= calculated: it follows from a formula, and the measurement checks the program."
      : nil
  }

  /// The verdicts that a tally counts; `calculated` and `undecided` only where there is one.
  static func counted(in claims: [Claim]) -> [Claim.Verdict] {
    allCases.filter { verdict in
      ![.calculated, .undecided].contains(verdict) || claims.contains { $0.verdict == verdict }
    }
  }
}

extension Claim {
  /// What was measured: a number with its spread and its unit, and perhaps the numbers it is held against.
  ///
  /// ```swift
  /// Claim.Measurement(value: 302, unit: "steps", against: .init(value: 31, unit: "with cross-entropy")).text
  /// // 302 steps against 31 with cross-entropy
  /// ```
  public struct Measurement: Sendable, Equatable, Codable {
    /// The words in front of the number, with the space after them: `at least `.
    public var lead: String
    /// The mean over the seeds, or the one number there is.
    public var value: Double
    /// The standard deviation over the seeds; nil for a single number.
    public var deviation: Double?
    /// What follows the number: `%`, `steps`, `times at the best rate of each`.
    public var unit: String
    /// Over how many seeds it was measured; 0 where chance does not enter.
    public var seeds: Int
    /// How many decimals are written; nil for as many as the number needs.
    public var decimals: Int?
    /// How many digits of a single number matter, where no decimals are given; nil for two.
    public var digits: Int?
    /// What it is compared with. The text says `against`, unless a lead says something else.
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

    /// As a sentence has it: `4.3 ± 0.6 times`, `302 steps against 31 with cross-entropy`.
    public var text: String {
      let space = unit.isEmpty || unit.first.map { ",;:)".contains($0) } == true ? "" : " "
      return against.reduce(lead + number + space + unit) { text, other in
        text + (other.lead.isEmpty ? " against " : other.lead.first == "," ? "" : " ") + other.text
      }
    }

    /// `4.3 ± 0.6`, without its unit.
    private var number: String {
      guard let deviation else {
        return decimals.map { written(value, $0) } ?? short(value, digits: digits ?? 2)
      }
      if decimals == nil, value != 0, abs(value) < 1e-4 { return short(value) + " ± " + short(deviation) }
      // As many decimals as the mean needs to show three digits.
      let needed = value.isFinite && value != 0 ? min(6, max(0, 2 - Numbers.exponent(value))) : 2
      return written(value, decimals ?? needed) + " ± " + written(deviation, decimals ?? needed)
    }

    private func written(_ value: Double, _ decimals: Int) -> String {
      value.isFinite ? fixed(value, decimals) : short(value)
    }
  }
}
