// What is drawn, and what every kind of plot can do.

/// What a figure draws: a plot of one of the kinds in `Kinds`.
public struct Plot: Sendable {
  let kind: any PlotKind

  /// Creates a plot; each kind has a function of its own name for it, such as ``lines(_:)``.
  package init(_ kind: some PlotKind) { self.kind = kind }

  /// The same plots with the ranges of their axes and colours fixed to what all of them need, so that nothing but the
  /// data moves from one frame of a figure to the next. Plots of different kinds share nothing.
  static func sharingScales(_ frames: [Plot]) -> [Plot] {
    func shared<Kind: PlotKind>(_ first: Kind) -> [Plot]? {
      let kinds = frames.compactMap { $0.kind as? Kind }
      return kinds.count == frames.count ? Kind.sharingScales(kinds).map { Plot($0) } : nil
    }
    guard frames.count > 1, let first = frames.first else { return frames }
    return shared(first.kind) ?? frames
  }
}

/// A kind of plot: all that a page, a terminal and a reader need of one.
///
/// To add a kind, write a structure of its data in a folder of `Kinds`, or in the chapter that alone draws it, let it
/// conform, and give ``Plot`` a static function of its name. Nothing else has to know of it.
package protocol PlotKind: Sendable {
  /// The gnuplot script that draws it, with its data in inline blocks.
  func script(_ style: PlotStyle) -> GnuplotScript

  /// Its picture in the cells of a terminal.
  func cells(_ terminal: TerminalPicture) throws -> CellCanvas

  /// Its picture in plain characters, for a terminal that can show nothing else; by default its cells without colour.
  func plain(_ terminal: TerminalPicture) throws -> String

  /// What it shows, in one to a dozen sentences computed from its data: for screen readers, and for pictures that do
  /// not load.
  var altText: String { get }

  /// Its numbers as a table of at most `maximumRows` rows, evenly chosen.
  func table(maximumRows: Int) -> Table

  /// Its numbers as comma-separated values.
  var csv: CSVTable { get }

  /// Its numbers as `page.json` has them.
  var json: JSONValue { get }

  /// The same plots on common scales; by default each keeps its own.
  static func sharingScales(_ plots: [Self]) -> [Self]
}

extension PlotKind {
  package func plain(_ terminal: TerminalPicture) throws -> String { try cells(terminal).text(color: false) }

  package static func sharingScales(_ plots: [Self]) -> [Self] { plots }
}
