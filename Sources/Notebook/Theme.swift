// The themes of pages.

/// The look of pages and figures.
public enum Theme: String, Sendable, CaseIterable {
  /// Dark text on warm white.
  case light
  /// Light text on charcoal.
  case dark
  /// Black on white, 20 points, thick lines, for the back row.
  case projector
}
