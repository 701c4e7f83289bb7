// Plots, and the protocol for all kinds of plots.

/// A plot of one of the kinds in `Kinds`.
public struct Plot: Sendable {
  let kind: any PlotKind

  /// Creates a plot. Each kind has a function with its name for this, such as ``lines(_:)``.
  package init(_ kind: some PlotKind) { self.kind = kind }

  /// The same plots with common ranges of axes and colours, so that only the data changes between the frames of a
  /// figure. Plots of different kinds share no ranges.
  static func sharingScales(_ frames: [Plot]) -> [Plot] {
    func shared<Kind: PlotKind>(_ first: Kind) -> [Plot]? {
      let kinds = frames.compactMap { $0.kind as? Kind }
      return kinds.count == frames.count ? Kind.sharingScales(kinds).map { Plot($0) } : nil
    }
    guard frames.count > 1, let first = frames.first else { return frames }
    return shared(first.kind) ?? frames
  }
}

/// A kind of plot, with everything that a page, a terminal and a reader need.
///
/// To add a kind, write a structure for its data in a folder of `Kinds`, or in the chapter that uses it, add the
/// conformance, and add a static function with its name to ``Plot``. No other code depends on the kinds.
package protocol PlotKind: Sendable {
  /// The gnuplot script that draws the plot, with its data in inline blocks.
  func script(_ style: PlotStyle) -> GnuplotScript

  /// The plot in the cells of a terminal.
  func cells(_ terminal: TerminalPicture) throws -> CellCanvas

  /// The plot in ASCII, for a terminal without Unicode; by default, its cells without colour.
  func plain(_ terminal: TerminalPicture) throws -> String

  /// A description in one to about twelve sentences, computed from the data, for screen readers and for pictures that
  /// do not load.
  var altText: String { get }

  /// The numbers as a table of at most `maximumRows` rows, evenly chosen.
  func table(maximumRows: Int) -> Table

  /// The numbers as comma-separated values.
  var csv: CSVTable { get }

  /// The numbers in the format of `page.json`.
  var json: JSONValue { get }

  /// The same plots on common scales; by default, each keeps its own scale.
  static func sharingScales(_ plots: [Self]) -> [Self]
}

extension PlotKind {
  package func plain(_ terminal: TerminalPicture) throws -> String { try cells(terminal).text(color: false) }

  package static func sharingScales(_ plots: [Self]) -> [Self] { plots }
}
