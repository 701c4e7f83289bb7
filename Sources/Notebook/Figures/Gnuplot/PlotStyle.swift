// The look of every figure: sizes, colours, dashes, marker shapes.

/// The measures and colours with which a plot is drawn.
struct PlotStyle: Sendable {
  /// The size of the canvas's width, in pixels of the view box.
  var width: Double
  /// The size of ordinary text.
  var font: Double
  /// The width of an ordinary line.
  var line: Double
  /// The size of markers, in gnuplot's unit.
  var marker: Double
  /// Whether it is drawn for a phone: panels stack, names go above.
  var isNarrow: Bool
  /// Whether the ground is dark; only for pictures that cannot follow a style sheet.
  var isDark = false

  /// The style of a figure on a page.
  init(theme: Theme, isWide: Bool = false, isNarrow: Bool = false) {
    self.isNarrow = isNarrow
    switch (theme, isNarrow) {
    case (.projector, false):
      (width, font, line, marker) = (isWide ? 1100 : 960, 20, 4, 1.15)
    case (.projector, true):
      (width, font, line, marker) = (440, 16, 3, 0.9)
    case (_, false):
      (width, font, line, marker) = (isWide ? 960 : 760, 15, 2.2, 0.72)
    case (_, true):
      (width, font, line, marker) = (380, 13, 2, 0.6)
    }
  }

  /// The size of secondary text: captions of panels, tick labels of small multiples.
  var smallFont: Double { (font * 0.84).rounded() }

  // Colours that the style sheet knows, written as gnuplot reads them.

  /// Text.
  var ink: String { isDark ? Palette.ink.dark : Palette.ink.light }
  /// Axes and ticks: a grey for both grounds.
  var axis: String { "#8a8f98" }
  /// Text that stands back.
  var muted: String { isDark ? Palette.muted.dark : Palette.muted.light }
  /// Grid lines.
  var grid: String { isDark ? Palette.grid.dark : Palette.grid.light }

  /// Text on a pale cell: black, which becomes white where the cell does not stay pale.
  static let inkOnPale = "#020202"
  /// Text on a deep cell: the other way about.
  static let inkOnDeep = "#fdfdfe"

  /// The colour of the lines, areas and markers of series `index`.
  func color(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkLine : entry.line
  }

  /// The colour of text about series `index`: darker than its line where that is too pale to read.
  func textColor(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkText : entry.text
  }

  /// The dash pattern of series `index` as gnuplot reads it.
  func dash(_ index: Int) -> String {
    let patterns = ["solid", "(12,5)", "(3,4)", "(12,4,3,4)", "(20,6)", "(6,3)", "(12,4,3,4,3,4)", "(2,6)"]
    return patterns[abs(index) % patterns.count]
  }

  /// The marker shape of series `index`: circle, triangle, square, diamond, …
  func point(_ index: Int) -> Int {
    let shapes = [7, 9, 5, 13, 11, 15, 6, 4]
    return shapes[abs(index) % shapes.count]
  }
}
