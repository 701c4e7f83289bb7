// How a page is shown.

/// How a page is shown to this reader; the command line's options, without the command line.
public struct Presentation: Sendable {
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

  /// What standard output gets.
  public var format: Format
  /// The look; nil follows the reader's preference in HTML.
  public var theme: Theme?
  /// Columns of the terminal, or nil to ask it.
  public var width: Int?
  /// Whether to use colour, or nil to decide from the terminal and `NO_COLOR`.
  public var usesColor: Bool?
  /// Whether figures also open in windows.
  public var opensWindows: Bool
  /// Whether a page that is longer than the terminal goes through a pager.
  public var usesPager: Bool
  /// Whether the reader is asked the page's questions.
  public var asksQuestions: Bool
  /// Called before the page waits for the reader's answer.
  public var beforeAnswer: (@Sendable () -> Void)?

  /// Makes what computes the panels of the HTML; asked when the page has been printed, since it may take a minute. nil
  /// writes them without.
  public var panels: (@Sendable () -> PanelModule)?

  /// Creates a presentation.
  public init(
    format: Format = .terminal, theme: Theme? = nil, width: Int? = nil, usesColor: Bool? = nil,
    opensWindows: Bool = false, usesPager: Bool = false, asksQuestions: Bool = false,
    beforeAnswer: (@Sendable () -> Void)? = nil, panels: (@Sendable () -> PanelModule)? = nil
  ) {
    self.format = format
    self.theme = theme
    self.width = width
    self.usesColor = usesColor
    self.opensWindows = opensWindows
    self.usesPager = usesPager
    self.asksQuestions = asksQuestions
    self.beforeAnswer = beforeAnswer
    self.panels = panels
  }
}
