// The style of all figures: sizes, colours, dashes, marker shapes.

/// The sizes and colours with which a plot is drawn.
package struct PlotStyle: Sendable {
  /// The width of the canvas, in pixels of the view box.
  package var width: Double
  /// The font size of ordinary text.
  package var font: Double
  /// The line width of an ordinary line.
  package var line: Double
  /// The size of markers, in gnuplot's unit.
  var marker: Double
  /// The screen for which the plot is drawn.
  var screen = Screen.page
  /// Whether it is drawn for a phone: panels are stacked, names are above.
  package var isNarrow: Bool { screen == .phone }
  /// Whether the background is dark; used only for pictures that cannot follow a style sheet.
  var isDark = false

  /// The style of a figure on a page.
  init(theme: Theme, isWide: Bool = false, isNarrow: Bool = false) {
    screen = isNarrow ? .phone : .page
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

  /// The space for a picture on two screens, a wide one and one of 4:3, in pixels: below a title of two lines and
  /// beside it; and the minimum height of the smallest text, 2.5 % of the screen.
  private static let deckRooms: [(below: (Double, Double), beside: (Double, Double), slider: Double, text: Double)] = [
    ((1760, 766), (1316, 918), 96, 27), ((912, 550), (672, 655), 68, 19.2),
  ]

  /// The style of a figure on a slide: the widest canvas whose smallest text the back row can read.
  ///
  /// - Parameters:
  ///   - hasSlider: whether there is a slider below the picture.
  ///   - height: returns the height of the plot in a style.
  static func deck(hasSlider: Bool = false, height: (PlotStyle) -> Double) -> PlotStyle {
    func share(_ style: PlotStyle) -> Double {
      let height = height(style)
      return deckRooms.map { room in
        [room.below, room.beside].map { w, h in
          min(w / style.width, (h - (hasSlider ? room.slider : 0)) / height) * style.smallFont / room.text
        }.max() ?? 0
      }.min() ?? 0
    }
    let styles = stride(from: 960.0, through: 480, by: -60).map { width -> PlotStyle in
      var style = PlotStyle(theme: .projector)
      style.screen = .deck
      (style.width, style.font, style.line, style.marker) = (width, 25, 4.5, 1.35)
      return style
    }
    return styles.first { share($0) >= 1 } ?? styles.max { share($0) < share($1) } ?? styles[0]
  }

  /// The maximum height of a picture on a slide whose smallest text has 2.5 % of the screen's height.
  package var deckHeight: Double { 520 * smallFont / 21 }

  /// A fraction of the width that depends on the screen: a slide is wide and low, a phone is narrow and high.
  package func share(page: Double, phone: Double, deck: Double) -> Double {
    switch screen {
    case .page: page
    case .phone: phone
    case .deck: deck
    }
  }

  /// The font size of secondary text: captions of panels, tick labels of small multiples.
  package var smallFont: Double { (font * 0.84).rounded() }

  // Colours for which the style sheet has rules, in gnuplot's notation.

  /// Text.
  package var ink: String { isDark ? Palette.ink.dark : Palette.ink.light }
  /// Axes and ticks: a grey for both backgrounds.
  var axis: String { "#8a8f98" }
  /// Secondary text.
  package var muted: String { isDark ? Palette.muted.dark : Palette.muted.light }
  /// Grid lines.
  var grid: String { isDark ? Palette.grid.dark : Palette.grid.light }

  /// Text on a pale cell: black, which becomes white if the dark theme darkens the cell.
  static let inkOnPale = "#020202"
  /// Text on a deep cell: white, which becomes black if the dark theme lightens the cell.
  static let inkOnDeep = "#fdfdfe"

  /// The colour of the lines, areas and markers of series `index`.
  func color(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkLine : entry.line
  }

  /// The colour of text about series `index`: darker than its line if that is too pale to read.
  func textColor(_ index: Int) -> String {
    let entry = Palette.entry(index)
    return isDark ? entry.darkText : entry.text
  }

  /// The dash pattern of series `index` in gnuplot's notation.
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
