// The page of chapter 1: how the curvature of a net changes as it learns.

import Workbook

extension GradientDescent {
  /// The largest curvature of the spiral net during its training, at rates below and above the edge of the fresh net.
  static func addCurvatures(to page: inout Page, _ found: CurvatureCourse) {
    let (soon, later, end) = (20, 200, found.steps[found.steps.count - 1])
    page.table(
      Table(
        "The largest curvature of the spiral net as it learns (medians of \(counted(found.curvatures[0][0].count, "net")))",
        columns: ["rate", "edge of a bowl at 2/rate", "before"]
          + [soon, later, end].map { .init("after \(grouped($0)) steps") },
        rows: found.rates.indices.map { rate in
          [TableCell(short(found.rates[rate])), TableCell(short(2 / found.rates[rate]))]
            + [0, soon, later, end].map { TableCell(short(found.typical(rate, after: $0))) }
        }))
    let last = found.rates.count - 1
    let (first, thrown) = (found.typical(last, after: 0), found.typical(last, after: soon))
    page.prose(
      """
      \(thrown < first / 2 ? "**Steps that are too long throw the net to a flatter place:** at the rate \(short(found.rates[last])) the curvature falls from \(short(first)) to \(short(thrown)) in \(soon) steps. " : "")\
      So find the rate of a net by trying.
      """)
  }
}
