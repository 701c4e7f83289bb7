// The page of chapter 1: how the curvature of a net changes as it learns.

import Workbook

extension GradientDescent {
  /// The largest curvature of the spiral net during its training, at rates below and above the edge of the fresh net.
  static func addCurvatures(to page: inout Page, _ found: CurvatureCourse) {
    let (soon, end) = (20, found.steps[found.steps.count - 1])
    page.table(
      Table(
        "The largest curvature of the spiral net as it learns (medians of \(counted(found.curvatures[0][0].count, "net")))",
        columns: [
          "rate", "edge of a bowl at 2/rate", "before", .init("after \(soon) steps"),
          .init("after \(grouped(end)) steps"),
        ],
        rows: found.rates.indices.map { rate in
          [TableCell(short(found.rates[rate])), TableCell(short(2 / found.rates[rate]))]
            + [0, soon, end].map { TableCell(short(found.typical(rate, after: $0))) }
        }))
    let last = found.rates.count - 1
    let (first, later, final) = (
      found.typical(last, after: 0), found.typical(last, after: soon), found.typical(last, after: end)
    )
    let flattens = later < first / 2 && final < 2 / found.rates[last]
    page.prose(
      """
      \(flattens ? "**Steps that are too long throw the net to a flatter place.** At the rate \(short(found.rates[last])) the curvature falls below \(short(2 / found.rates[last])), where such steps no longer diverge. " : "")\
      So find the rate of a net by trying.
      """)
  }
}
