// The result of drawing a figure with gnuplot.

/// A drawn figure, with everything that the renderers need.
public struct RenderedFigure: Sendable {
  /// One `<svg>` element for each frame: sanitized, without a prolog, with unique ids and a title for screen readers.
  /// The elements have the colours of the light theme; ``FigureRenderer/styleSheet`` defines the others.
  public var svgs: [String]
  /// The same for screens narrower than 480 pixels: larger text, stacked panels. Show only one of the two.
  public var narrowSVGs: [String] = []
  /// The same for slides: text that the back row can read.
  public var deckSVGs: [String] = []
  /// A description of each frame, computed from its data: trend, extremes, crossings.
  public var altTexts: [String]
  /// The gnuplot script of the first frame, with its data inline.
  public var script: String
  /// All numbers of the figure as comma-separated values with a header line.
  public var csv: String
}
