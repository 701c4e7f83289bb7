// What gnuplot made of a figure.

/// A figure after gnuplot has drawn it: everything the renderers need, and nothing they must compute.
public struct RenderedFigure: Sendable {
  /// One `<svg>` element for each frame, sanitized, without prolog, with unique ids and its title for screen readers.
  /// Its colours are those of paper; ``FigureRenderer/styleSheet`` gives the others.
  public var svgs: [String]
  /// The same for screens narrower than 480 pixels: larger text, stacked panels. Show one or the other.
  public var narrowSVGs: [String] = []
  /// The same for slides: text that the back row reads.
  public var deckSVGs: [String] = []
  /// What the figure shows, computed from its data, one for each frame: trend, extremes, crossings.
  public var altTexts: [String]
  /// The gnuplot script of the first frame, with its data inline.
  public var script: String
  /// All numbers behind the figure as comma-separated values with a header line.
  public var csv: String
}
