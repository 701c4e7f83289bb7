// The three ways a page can look.

/// The look of pages and figures.
public enum Theme: String, Sendable, CaseIterable {
  /// Dark ink on warm paper.
  case light
  /// Light ink on charcoal.
  case dark
  /// Black on white, 20 points, thick lines: for the back row.
  case projector
}
