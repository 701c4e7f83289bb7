// How a page is run and shown.

/// How a page is run and shown; the command line's options, without the command line.
public struct PageOptions: Sendable {
  /// What standard output gets. The files are written in any case.
  public enum Format: String, Sendable, CaseIterable {
    /// Text with colours and plots of characters.
    case terminal
    /// The article.
    case html
    /// The same, one screen at a time.
    case slides
    /// The page as data.
    case json
  }

  /// A chapter of the book, for the links at the top of a page.
  public struct ChapterLink: Sendable, Equatable {
    /// The chapter's number.
    public var number: Int
    /// `ch04-weight-init`: the folder of the page beside this one's.
    public var name: String
    /// Its title, in Markdown.
    public var title: String
    /// Creates a link.
    public init(number: Int, name: String, title: String) {
      self.number = number
      self.name = name
      self.title = title
    }
  }

  /// The program's name: `ch04-weight-init`. Made from the chapter's number where empty.
  public var name = ""
  /// What standard output gets.
  public var format = Format.terminal
  /// The look; nil follows the reader's preference in HTML.
  public var theme: Theme?
  /// The page's own folder: gets `index.html`, `page.json` and `figures/`.
  public var outputFolder = "out/page"
  /// Columns of the terminal, or nil to ask it.
  public var width: Int?
  /// Whether to use colour, or nil to decide from the terminal and `NO_COLOR`.
  public var usesColor: Bool?
  /// Whether questions are asked before their experiments.
  public var predicts = false
  /// Where answers are kept over all chapters, or nil for nowhere.
  public var progressFolder: String?
  /// The run behind the page.
  public var run = RunRecord()
  /// The seconds that the whole run will still take, where that can be told: shown beside each progress bar.
  public var secondsLeft: (@Sendable () -> Double?)?
  /// Whether the page of a chapter, or the book (nil), is there to be linked to; by default all are.
  public var isMade: (@Sendable (_ chapter: String?) -> Bool) = { _ in true }
  /// Called before the page waits for the reader's answer.
  public var beforeAnswer: (@Sendable () -> Void)?
  /// All chapters of the book.
  public var chapters: [ChapterLink] = []
  /// The chapter's exercises, and how the reader's answers stand.
  public var exercises: [ExerciseLink] = []
  /// What the last line recommends: `./workbook check ch04`.
  public var nextCommand = ""
  /// Whether figures also open in windows.
  public var opensWindows = false

  /// Creates the usual options.
  public init() {}
}
