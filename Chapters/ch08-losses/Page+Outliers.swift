// The page of chapter 8: a line through points of which some are wrong by far.

import Foundation
import Workbook

extension Losses {
  /// Which loss for a number, where some targets are wrong.
  static func addOutliers(to page: inout Page, _ found: OutlierFindings?) {
    page.prose(
      """
      ## A number: what do outliers do?

      **For a number, a target that is wrong by far pulls squared error hardest.** Its push is the error, $\\delta = e$ with $e = z - y$. *Absolute error*, $|e|$, pushes with 1, however large \
      the error. *Huber's loss* is squared error up to a bound, here $|e| = 1$, and absolute error beyond.
      """)
    guard let found else { return }
    page.figure(Charts.outliers(found))
    page.project(
      found.isPulledMost
        ? "A few wrong points pull the line of squared error" : "A line through points with outliers",
      notes: "The points at the upper edge are those whose decimal point slipped.")
    page.table(
      Table(
        "How far the line is from the true one, mean over x from 0 to 2, \(counted(found.seeds, "set")) of \(found.count) points",
        columns: [
          "loss", .init("no outliers", digits: 3), .init("\(found.outliers) outliers", digits: 3), "PyTorch",
        ],
        rows: NumberLoss.allCases.indices.map { place in
          [
            TableCell(NumberLoss.allCases[place].name), TableCell(found.clean[place].mean),
            TableCell(found.spoilt[place].mean), ["`nn.MSELoss()`", "`nn.L1Loss()`", "`nn.HuberLoss(delta=1)`"][place],
          ]
        }))
    page.prose(found.reading)
  }
}

extension OutlierFindings {
  /// Whether the outliers pull squared error more than both others.
  var isPulledMost: Bool { [1, 2].allSatisfy { (spoilt[0] - spoilt[$0]).direction() == .above } }

  /// What absolute error costs without outliers, and what to take.
  var reading: String {
    let price = (clean[1] - clean[0]).worded(
      above:
        "Without outliers absolute error is \(fixed(clean[1].mean / clean[0].mean, 2)) times as far off as squared error.",
      below: "", withinChance: "")
    let huber =
      isPulledMost && (clean[2] - clean[0]).direction() != .above
      ? " Huber's loss pays no price that we could see, and outliers pull it little. "
      : " "
    let least =
      (spoilt[2] - spoilt[1]).direction() == .above ? " With outliers absolute error is a little better still." : ""
    return """
      \(price)\
      \(huber.dropLast())\(least) The bound (`delta`) has the unit of the target: here 1, about \(fixed(1 / Double(OutlierFindings.noise), 0)) times the usual error of \(OutlierFindings.noise).
      """
  }
}

extension Charts {
  /// The points of one set, with the lines of three losses.
  static func outliers(_ found: OutlierFindings) -> Figure {
    let ends = [0.0, 2]
    let truth = OutlierFindings.truth
    return Figure(
      found.isPulledMost
        ? "\(found.outliers) outliers in \(found.count) points pull the line of squared error far off, those of the two other losses hardly"
        : "The lines of three losses through \(found.count) points with \(found.outliers) outliers",
      .lines(
        LineChart(
          x: Axis("x", range: 0...2), y: Axis("y", range: 0...12),
          [
            Series(
              "points", x: found.points.dropFirst(found.outliers).map(\.x),
              y: found.points.dropFirst(found.outliers).map(\.y), style: .points, color: 7),
            Series(
              "outliers", x: found.points.prefix(found.outliers).map(\.x),
              y: found.points.prefix(found.outliers).map { max(0, min(12, $0.y)) }, style: .points, color: 5),
          ]
            + zip(NumberLoss.allCases, found.lines).map { loss, line in
              Series(
                loss.name, x: ends, y: ends.map { line($0) }, style: .line, isEmphasized: loss == .squared,
                color: [0, 1, 3][NumberLoss.allCases.firstIndex(of: loss) ?? 0])
            })),
      caption: """
        The points lie on y = \(short(truth.slope))x + \(short(truth.intercept)), with normal errors of deviation \(OutlierFindings.noise); in the outliers the decimal point has slipped, so y is ten times too \
        large (drawn at the upper edge where it is above 12). Lines by gradient descent.
        """,
      name: "outliers")
  }
}
