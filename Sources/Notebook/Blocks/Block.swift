// The blocks of a page.

/// A block of a page, as data that the renderers draw.
enum Block: Sendable {
  case prose([MarkdownBlock])
  /// A displayed formula in TeX.
  case math(String)
  case sideNote([Inline])
  case callout(Callout, [MarkdownBlock])
  case code(CodeExcerpt)
  case table(Table)
  case figure(Figure)
  case prediction(Prediction)
  /// A panel that computes in the browser.
  case panel(LivePanel)
  case claim(Claim)
  case exercises([ExerciseLink])
  case furtherReading([String])
  /// A slide with its own text, which only the deck shows.
  case slide(Slide, [MarkdownBlock])
  /// Adds the preceding block to the deck.
  case projection(Slide)
  /// Starts a fold: the blocks up to its end are for a second reading.
  case foldStart(String)
  case foldEnd
}

/// A box that stands out from the prose.
public enum Callout: Sendable, Equatable {
  /// Additional information.
  case note
  /// A mistake that is easy to make here.
  case mistake
  /// An error in a source; the value names the source.
  case erratum(String)
  /// The main point to remember.
  case takeaway

  /// The heading of the box.
  var heading: String {
    switch self {
    case .note: "Note"
    case .mistake: "A common mistake"
    case .erratum(let source): source.isEmpty ? "Erratum in the source" : "Erratum in \(source)"
    case .takeaway: "Takeaway"
    }
  }

  /// The name of this kind in HTML and JSON.
  var kind: String {
    switch self {
    case .note: "note"
    case .mistake: "mistake"
    case .erratum: "erratum"
    case .takeaway: "takeaway"
    }
  }
}

/// An exercise of the chapter and the status of the learner's answer.
public struct ExerciseLink: Sendable, Equatable {
  /// The status of the learner's answer.
  public enum Status: Sendable, Equatable {
    /// Not yet tried.
    case open
    /// Solved.
    case passed
    /// Tried without success; the value says what was wrong.
    case failed(String)
  }
  /// The exercise's number: `4.2`.
  public var id: String
  /// The title: `He initialization`.
  public var title: String
  /// The approximate time it takes, in minutes.
  public var minutes: Int
  /// The task in one sentence of Markdown; empty if it is not known.
  public var task: String
  /// The file to edit, relative to the root of the checkout; empty if it is not known.
  public var file: String
  /// The status of the learner's answer.
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
