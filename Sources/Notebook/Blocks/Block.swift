// What a page is made of.

/// A block of a page, as data; renderers draw it.
enum Block: Sendable {
  case prose([MarkdownBlock])
  /// Displayed TeX.
  case math(String)
  case sideNote([Inline])
  case callout(Callout, [MarkdownBlock])
  case code(CodeExcerpt)
  case table(Table)
  case figure(Figure)
  case prediction(Prediction)
  case claim(Claim)
  case exercises([ExerciseLink])
  case furtherReading([String])
}

/// A box that stands out from the prose.
public enum Callout: Sendable, Equatable {
  /// Something worth knowing.
  case note
  /// The mistake that is easily made here.
  case mistake
  /// What a source has wrong: which one.
  case erratum(String)
  /// What to remember.
  case takeaway

  /// What stands above the box.
  var heading: String {
    switch self {
    case .note: "Note"
    case .mistake: "A common mistake"
    case .erratum(let source): source.isEmpty ? "Erratum in the source" : "Erratum in \(source)"
    case .takeaway: "Takeaway"
    }
  }

  /// The name of its kind in HTML and JSON.
  var kind: String {
    switch self {
    case .note: "note"
    case .mistake: "mistake"
    case .erratum: "erratum"
    case .takeaway: "takeaway"
    }
  }
}

/// A sentence of a source put to the test by this run.
public struct Claim: Sendable, Equatable, Codable {
  /// What the data of this run say. Computed by the chapter, never typed.
  public enum Verdict: String, Sendable, Codable, CaseIterable {
    /// The published effect, in this run.
    case reproduced
    /// The direction but not the size, or not everywhere.
    case partly
    /// Not in this run; the reason is given.
    case notHere = "not here"
    /// Measured with fewer than three seeds: nothing is decided.
    case undecided
  }

  /// The claim in a sentence, in Markdown.
  public var text: String
  /// Who says so: `S2`, `He et al. 2015`.
  public var source: String
  /// The published effect.
  public var published: String
  /// The effect here, as text with its spread: `0.046 ± 0.000`.
  public var measured: String
  /// Over how many seeds it was measured; 0 for a count or a formula, which chance does not enter.
  public var seeds: Int
  /// What the data say.
  public var verdict: Verdict
  /// Why the verdict is not plain, in Markdown; may be empty where it is reproduced.
  public var reason: String

  /// Creates a claim; one or two seeds leave it undecided, whatever they say.
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

  /// `3 seeds`, `1 seed`, `no seed`.
  var seedCount: String { seeds == 0 ? "no seed" : seeds == 1 ? "1 seed" : "\(seeds) seeds" }
}

extension Claim.Verdict {
  /// The verdicts that a tally tells: that nothing is decided only where it is so.
  static func told(_ claims: [Claim]) -> [Claim.Verdict] {
    allCases.filter { verdict in verdict != .undecided || claims.contains { $0.verdict == verdict } }
  }
}

/// An exercise of the chapter and how it stands.
public struct ExerciseLink: Sendable, Equatable {
  /// How the learner's answer stands.
  public enum Status: Sendable, Equatable {
    /// Not yet tried.
    case open
    /// Solved.
    case passed
    /// Tried, and what was wrong.
    case failed(String)
  }
  /// `4.2`.
  public var id: String
  /// The title: `He initialization`.
  public var title: String
  /// About how long it takes.
  public var minutes: Int
  /// How the learner's answer stands.
  public var status: Status

  /// Creates a link.
  public init(id: String, _ title: String, minutes: Int, status: Status = .open) {
    self.id = id
    self.title = title
    self.minutes = minutes
    self.status = status
  }
}
