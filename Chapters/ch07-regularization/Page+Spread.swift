// The section of chapter 7 about bias and variance.

import Workbook

extension Regularization {
  /// The squared error of nets on the moons, and its parts.
  static func addSpread(to page: inout Page, _ kinds: [MoonSpread]) {
    page.prose(
      """
      On the moons both parts can be measured. At one place let $p$ be the true probability of class 1, $q$ the probability that one \
      net gives it, and $\\bar{q}$ the mean of $q$ over nets with other points. A new point there has the label $y$, which is 0 or 1. Then the mean squared error is
      """)
    page.math("E\\left[(q - y)^2\\right] = p(1 - p) + (\\bar{q} - p)^2 + E\\left[(q - \\bar{q})^2\\right]")
    page.prose(
      "The first part no net can avoid. The second is the squared bias, and the third is the variance. On average over new points:"
    )
    page.table(
      Table(
        "The parts of the mean squared error, times 100; \(counted(kinds[0].count, "net")) of each kind, each with its own \(grouped(Moon.points)) points",
        columns: [
          "net", .init("unavoidable", digits: 1), .init("bias²", digits: 1), .init("variance", digits: 1),
          .init("sum", digits: 1),
        ],
        rows: kinds.map {
          [
            TableCell($0.name), TableCell(100 * $0.noise), TableCell(100 * $0.bias), TableCell(100 * $0.variance),
            TableCell(100 * $0.error),
          ]
        }))
    page.prose(words(kinds))
  }

  /// What the parts say: of the narrowest net, of the widest, and of the widest with a price.
  static func words(_ kinds: [MoonSpread]) -> String {
    func part(_ value: Double) -> String { fixed(100 * value, 1) }
    let (narrow, wide, price) = (kinds[0], kinds[kinds.count - 2], kinds[kinds.count - 1])
    let first =
      "With \(wide.units) units \(wide.variance > wide.bias ? "most of what could be avoided is variance" : "most of what could be avoided is bias") (\(part(wide.variance)), against \(part(wide.bias)) of bias²). "
    let second =
      narrow.bias > wide.bias
      ? "With \(narrow.units) units the bias is larger (\(part(narrow.bias))), and the variance is \(narrow.variance < wide.variance ? "smaller" : "no smaller") (\(part(narrow.variance))). "
      : ""
    let third =
      price.variance < wide.variance
      ? "L2 takes the variance of \(wide.units) units from \(part(wide.variance)) to \(part(price.variance)), and \(price.bias > wide.bias ? "pays with a little more bias" : "does not even raise the bias") (\(part(price.bias)) instead of \(part(wide.bias))). **That is how L2 helps here: it lowers the variance by more than it raises the bias.**"
      : ""
    let between = kinds.count == 4 ? kinds[1] : nil
    let fourth = between.map {
      $0.error < wide.error && $0.error < kinds[0].error && $0.error > price.error
        ? " (Layers of \($0.units) units come to \(part($0.error)) in all, the least of the nets without a penalty.)"
        : ""
    }
    return first + second + third + (fourth ?? "")
  }
}
