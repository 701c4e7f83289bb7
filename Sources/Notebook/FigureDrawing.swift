// Draws a page's figures with gnuplot and explains a failure.

/// Draws the figures of a page.
enum FigureDrawing {
  /// Draws all figures in one batch; if that fails, tables replace them on the page.
  ///
  /// If gnuplot rejects one figure, the others are still drawn.
  static func draw(_ figures: [Figure], theme: Theme) -> (figures: [RenderedFigure?], problems: [String]) {
    guard !figures.isEmpty else { return ([], []) }
    let renderer = FigureRenderer(theme: theme)
    do {
      return (try renderer.render(figures), [])
    } catch GnuplotError.missing(let program) {
      return (figures.map { _ in nil }, [without(GnuplotError.missing(program: program))])
    } catch GnuplotError.tooOld(let version) {
      return (figures.map { _ in nil }, [without(GnuplotError.tooOld(version: version))])
    } catch {
      var problems: [String] = []
      let drawn = figures.map { figure -> RenderedFigure? in
        do {
          return try renderer.render([figure]).first
        } catch {
          problems.append(without(error))
          return nil
        }
      }
      return (drawn, problems)
    }
  }

  private static func without(_ error: any Error) -> String {
    let text = "\(error)"
    return text + (text.hasSuffix(".") ? " " : ". ") + "The page shows the numbers instead of the picture."
  }

  /// Returns a picture for the terminal, or nil if it cannot be drawn; publishing reports the reason.
  static func terminal(_ plot: Plot, columns: Int, graphics: TerminalGraphics, theme: Theme) -> String? {
    try? TerminalPicture.draw(plot, columns: columns, graphics: graphics, theme: theme)
  }

  /// Opens a window with the figure, which stays open after the run.
  static func openWindow(_ figure: Figure, theme: Theme) throws {
    guard !figure.frames.isEmpty else { return }
    try LiveWindow(title: Markdown.plain(figure.title), theme: theme).show(figure.frames[figure.initialFrame])
  }
}
