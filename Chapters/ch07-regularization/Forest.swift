// Gains one below the other: a dot and a whisker for each, in the colour of what can be said of it.

import Workbook

/// Rows of gains, the first at the top.
struct Forest: PlotKind {
  /// What the interval that decides says of a gain.
  enum Verdict: String, CaseIterable {
    case helps
    case undecided = "may be chance"
    case hurts
    case comparison = "for comparison"

    var color: Int {
      switch self {
      case .helps: 2
      case .undecided: 4
      case .hurts: 1
      case .comparison: 6
      }
    }
  }
  struct Row: Sendable {
    var name: String
    var gain: Summary
    var verdict: Verdict
  }
  var rows: [Row]

  var chart: LineChart {
    /// Whiskers, then dots, so that no dot is hidden.
    func series(_ name: String, _ dots: [(place: Double, gain: Summary)], _ color: Int) -> [Series] {
      dots.filter { $0.gain.count > 2 }.map { dot in
        let (mean, half) = (dot.gain.mean, dot.gain.uncertainty)
        return Series(
          "", x: [mean - half, mean + half].map { rounded($0, decimals: 2) }, y: [dot.place, dot.place], style: .line,
          color: color)
      }
        + (dots.isEmpty
          ? []
          : [
            Series(
              name, x: dots.map { rounded($0.gain.mean, decimals: 2) }, y: dots.map(\.place), style: .points,
              isEmphasized: true, color: color)
          ])
    }
    let places = rows.indices.map { Double(rows.count - $0) }
    return LineChart(
      x: Axis("points of test error saved\(rows.allSatisfy { $0.gain.count > 2 } ? ", ± 95 % interval" : "")"),
      y: Axis(
        "", range: 0.4...Double(rows.count) + 0.6,
        ticks: rows.indices.map { (places[$0], "\(rows[$0].name) \(fixed(rows[$0].gain.mean, 1))") }),
      Verdict.allCases.flatMap { verdict in
        let dots = rows.indices.filter { rows[$0].verdict == verdict }.map { (places[$0], rows[$0].gain) }
        return series(verdict.rawValue, dots, verdict.color)
      }, references: [.init(.vertical, at: 0, "")])
  }
}

/// Drawn as lines and dots; its numbers have the names of the rows, which those do not know.
extension Forest {
  func script(_ style: PlotStyle) -> GnuplotScript { chart.script(style) }

  func cells(_ terminal: TerminalPicture) throws -> CellCanvas { try chart.cells(terminal) }

  func plain(_ terminal: TerminalPicture) throws -> String { try chart.plain(terminal) }

  var altText: String {
    "Points of test error saved: "
      + rows.map { "\($0.name) \(fixed($0.gain.mean, 1)) (\($0.verdict.rawValue))" }
      .joined(separator: "; ") + "."
  }

  func table(maximumRows: Int) -> Table {
    return Table(
      chart.x.label, columns: ["training", "saved", "interval", "finding"],
      rows: rows.prefix(maximumRows).map { row in
        let (mean, half) = (row.gain.mean, row.gain.uncertainty)
        return [
          TableCell(row.name), TableCell(fixed(mean, 1)),
          TableCell(row.gain.count < 3 ? "–" : "\(fixed(mean - half, 1)) to \(fixed(mean + half, 1))"),
          TableCell(row.verdict.rawValue),
        ]
      })
  }

  /// As the lines have them: the page points at dots by these.
  var csv: CSVTable { chart.csv }

  var json: JSONValue { chart.json }
}
