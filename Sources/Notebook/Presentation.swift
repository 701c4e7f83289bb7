// How a page is shown to the reader.

/// How a page is shown to this reader. It corresponds to the options of the command line.
public struct Presentation: Sendable {
  /// The output on standard output. The files are written in any case.
  public enum Format: String, Sendable, CaseIterable {
    /// Text with colours and plots in characters.
    case terminal
    /// The path of the article.
    case html
    /// The path of the slides.
    case slides
    /// The page as JSON.
    case json
  }

  /// The output on standard output.
  public var format: Format
  /// The theme; with nil, the HTML follows the reader's preference.
  public var theme: Theme?
  /// The number of columns of the terminal, or nil to query it.
  public var width: Int?
  /// Whether to use colour, or nil to decide based on the terminal and `NO_COLOR`.
  public var usesColor: Bool?
  /// Whether figures also open in windows.
  public var opensWindows: Bool
  /// Whether a page that is longer than the terminal is shown in a pager.
  public var usesPager: Bool
  /// Whether the reader is asked the page's questions.
  public var asksQuestions: Bool
  /// Called before the page waits for the reader's answer.
  public var beforeAnswer: (@Sendable () -> Void)?

  /// Makes the module that computes the panels of the HTML file. It is called after the page is printed, because it may
  /// take a minute. With nil, the panels are written without it.
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
