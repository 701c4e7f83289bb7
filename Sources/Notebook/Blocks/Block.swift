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
  /// Computes in the browser.
  case panel(LivePanel)
  case claim(Claim)
  case exercises([ExerciseLink])
  case furtherReading([String])
  /// A slide of its own words: on the deck alone.
  case slide(Slide, [MarkdownBlock])
  /// The block before it is on the deck.
  case projection(Slide)
  /// What follows, up to the end of the fold, is for a second reading.
  case foldStart(String)
  case foldEnd
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
  /// What is to be written, in a sentence of Markdown; empty where it is not known.
  public var task: String
  /// The file to write it in, from the top of the checkout; empty where it is not known.
  public var file: String
  /// How the learner's answer stands.
  public var status: Status

  /// Creates a link.
  public init(
    id: String, _ title: String, minutes: Int, task: String = "", file: String = "", status: Status = .open
  ) {
    self.id = id
    self.title = title
    self.minutes = minutes
    self.task = task
    self.file = file
    self.status = status
  }
}
