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
    // Of the rates that are too large for a bowl with the curvature of the fresh net: the curvature, over that of their own edge.
    let ratios = found.rates.indices.filter { first * found.rates[$0] > 2 }
      .map { found.typical($0, after: later) * found.rates[$0] / 2 }
    let hovers =
      ratios.count > 1 && ratios.allSatisfy { (0.5...2.1).contains($0) }
      ? """
      Where the rate is above the edge of the fresh net, the curvature is still \(fixed(ratios.min() ?? 1, 1)) to \(fixed(ratios.max() ?? 1, 1)) times \
      2/rate after \(later) steps; Cohen et al. (2021) found it near 2/rate in larger nets, after a rise to this edge. In the end it falls \
      with the loss, as the curvature of cross-entropy does.\u{20}
      """ : ""
    page.prose(
      """
      \(thrown < first / 2 ? "**Steps that are too long throw the net to a flatter place:** at the rate \(short(found.rates[last])) the curvature falls from \(short(first)) to \(short(thrown)) in \(soon) steps. " : "")\
      \(hovers)So find the rate of a net by trying.
      """)
  }
}
