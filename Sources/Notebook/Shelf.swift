// Where a page stands: its folder, its neighbours, and what the reader has done so far.

/// Where a page stands among the others of the book.
public struct Shelf: Sendable {
  /// A chapter of the book, for the ways on.
  public struct Entry: Sendable, Equatable {
    /// The chapter's number.
    public var number: Int
    /// `ch04-weight-init`: the folder of the page beside this one's.
    public var name: String
    /// Its title, in Markdown.
    public var title: String
    /// What it answers, in Markdown; empty where that is not known.
    public var question: String
    /// Creates an entry.
    public init(number: Int, name: String, title: String, question: String = "") {
      self.number = number
      self.name = name
      self.title = title
      self.question = question
    }
  }

  /// The page's name: `ch04-weight-init`. Made from the chapter's number where empty.
  public var name: String
  /// The page's own folder: gets `index.html`, `page.json` and `figures/`.
  public var folder: String
  /// All chapters of the book.
  public var chapters: [Entry]
  /// Whether the book is in the folder around the page's, to be linked to.
  public var hasBook: Bool
  /// Where answers are kept over all chapters, or nil for nowhere.
  public var progressFolder: String?
  /// The chapter's exercises, and how the reader's answers stand.
  public var exercises: [ExerciseLink]
  /// What the last line recommends: `./workbook check ch04`.
  public var nextCommand: String

  /// Creates a place for a page.
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

  /// The same place for the page of a chapter, which has a name in any case.
  func named(forChapter chapter: Int) -> Shelf {
    var shelf = self
    if name.isEmpty { shelf.name = chapter < 10 ? "ch0\(chapter)" : "ch\(chapter)" }
    return shelf
  }

  /// What all anchors of the page begin with: `ch04`.
  var anchor: String { String(name.prefix(4)) }

  /// The chapter at a distance in the list from the one of a number; nil past the ends.
  func neighbor(of chapter: Int, _ distance: Int) -> Entry? {
    guard let here = chapters.firstIndex(where: { $0.number == chapter }) else { return nil }
    return chapters.indices.contains(here + distance) ? chapters[here + distance] : nil
  }
}
