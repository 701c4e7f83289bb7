// The page of chapter 8: a line through points of which some are wrong by far, and more losses judged by their push.

import Foundation
import Workbook

extension Losses {
  /// Which loss for a number, where some targets are wrong.
  static func addOutliers(to page: inout Page, _ found: OutlierFindings?) {
    page.prose(
      """
      ## A number: what do outliers do?

      For a number, squared error has the error as its push: $\\delta = e$, with $e = z - y$. So a target that is wrong by far pulls hardest. *Absolute error*, $|e|$, pushes with 1, however large \
      the error. *Huber's loss* is squared error up to $|e| = 1$ and absolute error beyond.
      """)
    if let found {
      page.figure(Charts.outliers(found))
      page.project(
        found.isPulledMost
          ? "A few wrong points pull the line of squared error" : "A line through points with outliers",
        notes: "The points at the upper edge are those whose decimal point slipped.")
      page.prose(found.reading)
    }
    page.fold("More losses, judged by their push: hinge, focal loss, class weights") { page in
      page.prose(
        """
        *Hinge*, $\\max(0, 1 - yz)$ for labels $y = \\pm 1$, pushes with full force until an answer is right with a margin of 1, and then stops. For ten scores, as in a support vector machine, it is \
        $\\sum_{i \\ne t} \\max(0, z_i - z_t + 1)$: \(short(hinge([1, 2, 3]))) for the logits 1, 2, 3 above. (PyTorch: `nn.MultiMarginLoss`, divided by the number of classes.)

        For rare classes, *class weights* multiply their push: `nn.CrossEntropyLoss(weight=w)`, with a number for each class. The class given as `ignore_index` pushes not at all. *Focal loss* (Lin et al. 2017) multiplies $-\\ln p_t$ by $(1 - p_t)^2$, so that the many easy examples hardly \
        push. None of these was tried here.
        """)
    }
  }
}

extension OutlierFindings {
  /// By how much farther from the true line squared error is than each other loss, with the outliers.
  private var excess: [Summary] { [1, 2].map { spoilt[0] - spoilt[$0] } }

  /// Whether the outliers pull squared error more than both others.
  var isPulledMost: Bool { excess.allSatisfy { $0.direction() == .above } }

  /// What a limited push costs without the outliers.
  private var pricing: String {
    [1, 2].allSatisfy { (clean[$0] - clean[0]).direction() == .withinChance }
      ? "in these \(counted(seeds, "set")) of \(count) points a limited push costs nothing beyond chance; with outliers it saves much"
      : "with outliers a limited push saves much"
  }

  /// What the figure comes to, and the names in PyTorch.
  var reading: String {
    let clean = clean.map { fixed($0.mean, 2) }
    let without =
      Set(clean).count == 1
      ? "Without the outliers each of the three is \(clean[0]) off"
      : "Without the outliers they are \(clean[0]), \(clean[1]) and \(clean[2]) off"
    return """
      \(without), so \(isPulledMost ? pricing : "here the loss makes little difference"). In PyTorch the three are `nn.MSELoss`, `nn.L1Loss` and `nn.HuberLoss(delta=1)`. \
      The bound of 1 is a choice: it should be larger than usual errors and smaller than outliers.
      """
  }
}

extension Charts {
  /// The points of one set, with the lines of three losses.
  static func outliers(_ found: OutlierFindings) -> Figure {
    let ends = [0.0, 2]
    let far = found.spoilt.map { fixed($0.mean, 2) }
    let truth = OutlierFindings.truth
    return Figure(
      "With \(found.outliers) outliers in \(found.count) points the line of squared error is \(far[0]) off on average, that of absolute error \(far[1]), that of Huber's loss \(far[2])",
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
        The points lie on y = \(short(truth.slope))x + \(short(truth.intercept)), with normal errors of deviation \(OutlierFindings.noise); in \(found.outliers) of them the decimal point has slipped, so y is ten times too \
        large (drawn at the upper edge where it is above 12). Lines by gradient descent. Off: the mean distance from the true line over x, mean of \(counted(found.seeds, "seed")); the figure has the first.
        """,
      name: "outliers")
  }
}
