// The location of a page: its folder, its neighbours, and the reader's progress.

/// The location of a page in the book.
public struct Shelf: Sendable {
  /// A chapter of the book, for links.
  public struct Entry: Sendable, Equatable {
    /// The chapter's number.
    public var number: Int
    /// `ch04-weight-init`: the folder of its page, beside the folder of this one.
    public var name: String
    /// The title, in Markdown.
    public var title: String
    /// The question that the chapter answers, in Markdown; empty if it is not known.
    public var question: String
    /// Creates an entry.
    public init(number: Int, name: String, title: String, question: String = "") {
      self.number = number
      self.name = name
      self.title = title
      self.question = question
    }
  }

  /// The page's name: `ch04-weight-init`. If empty, it is made from the chapter's number.
  public var name: String
  /// The page's folder, for `index.html`, `page.json` and `figures/`.
  public var folder: String
  /// All chapters of the book.
  public var chapters: [Entry]
  /// Whether the book is in the folder that contains the page's folder, so that the page can link to it.
  public var hasBook: Bool
  /// The folder with the reader's answers in all chapters, or nil to store none.
  public var progressFolder: String?
  /// The chapter's exercises with the status of the learner's answers.
  public var exercises: [ExerciseLink]
  /// The command recommended in the last line: `./workbook check ch04`.
  public var nextCommand: String

  /// Creates the location of a page.
  public init(
    name: String = "", folder: String = "out/page", chapters: [Entry] = [], hasBook: Bool = false,
    progressFolder: String? = nil, exercises: [ExerciseLink] = [], nextCommand: String = ""
  ) {
    self.name = name
    self.folder = folder
    self.chapters = chapters
    self.hasBook = hasBook
    self.progressFolder = progressFolder
    self.exercises = exercises
    self.nextCommand = nextCommand
  }

  /// The same location for the page of a chapter, with a name if it has none.
  func named(forChapter chapter: Int) -> Shelf {
    var shelf = self
    if name.isEmpty { shelf.name = chapter < 10 ? "ch0\(chapter)" : "ch\(chapter)" }
    return shelf
  }

  /// The prefix of all anchors of the page: `ch04`.
  var anchor: String { String(name.prefix(4)) }

  /// The chapter at a distance in the list from the chapter with a number; nil beyond the ends.
  func neighbor(of chapter: Int, _ distance: Int) -> Entry? {
    guard let here = chapters.firstIndex(where: { $0.number == chapter }) else { return nil }
    return chapters.indices.contains(here + distance) ? chapters[here + distance] : nil
  }
}
