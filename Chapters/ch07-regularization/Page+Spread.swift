// The section of chapter 7 about bias and variance.

import Workbook

extension Regularization {
  /// The squared error of nets on the moons, and its parts.
  static func addSpread(to page: inout Page, _ kinds: [MoonSpread], _ checks: MoonChecks?) {
    page.prose(
      """
      On the moons both parts can be measured. At one place let $p$ be the true probability of class 1, $q$ the probability that one \
      net gives it, and $\\bar{q}$ the mean of $q$ over nets. A new point there has the label $y$, which is 0 or 1. Then the mean squared error is
      """)
    page.math("E\\left[(q - y)^2\\right] = p(1 - p) + (\\bar{q} - p)^2 + E\\left[(q - \\bar{q})^2\\right]")
    page.prose(
      "The first part no net can avoid. The second is the squared bias, and the third is the variance. On average over new points:"
    )
    page.table(
      Table(
        "The parts of the mean squared error, times 100; \(counted(kinds[0].count, "net")) of each kind, each with its own \(grouped(Moon.points)) points and initial weights (bias² is corrected for the number of nets)",
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
    page.project(varianceTitle(kinds), notes: "Which column changes most from the third row to the last?")
    page.prose(words(kinds, checks))
  }

  /// What L2 does to the variance, as a slide says it.
  private static func varianceTitle(_ kinds: [MoonSpread]) -> String {
    let (wide, penalized) = (kinds[kinds.count - 2], kinds[kinds.count - 1])
    return wide.variance - penalized.variance > penalized.bias - wide.bias && penalized.variance < wide.variance
      ? "L2 lowers the variance by more than it adds bias" : "The parts of the squared error on the moons"
  }

  /// What the parts say: of the narrowest net, of the widest, of the widest with a penalty, and of one between.
  static func words(_ kinds: [MoonSpread], _ checks: MoonChecks?) -> String {
    func part(_ value: Double) -> String { fixed(100 * value, 1) }
    let (narrow, wide, penalized) = (kinds[0], kinds[kinds.count - 2], kinds[kinds.count - 1])
    let start = checks.map {
      " Of this variance, \(part($0.startVariance[0])) come from the initial weights alone: so much is left between nets that have the same points."
    }
    let first =
      "With \(wide.units) units \(wide.variance > wide.bias ? "most of what could be avoided is variance" : "most of what could be avoided is bias") (\(part(wide.variance)), against \(part(wide.bias)) of bias²).\(start ?? "")"
    let second =
      penalized.variance < wide.variance
      ? " L2 takes the variance of \(wide.units) units from \(part(wide.variance)) to \(part(penalized.variance)), and \(penalized.bias > wide.bias ? "adds a little bias" : "does not even raise the bias") (\(part(penalized.bias)) instead of \(part(wide.bias))). **That is how L2 helps here: it lowers the variance by more than it raises the bias.**"
      : ""
    let third =
      narrow.bias > wide.bias
      ? "\n\nWith \(narrow.units) units the bias is larger (\(part(narrow.bias))), and the variance is \(narrow.variance < wide.variance ? "smaller" : "no smaller") (\(part(narrow.variance)))."
      : ""
    return first + second + third + (kinds.count == 4 ? between(kinds, checks) : "")
  }

  /// What a net of medium width has, and the answer of the section.
  private static func between(_ kinds: [MoonSpread], _ checks: MoonChecks?) -> String {
    func part(_ value: Double) -> String { fixed(100 * value, 1) }
    let (narrow, middle, wide, penalized) = (kinds[0], kinds[1], kinds[2], kinds[3])
    guard middle.error < wide.error, middle.error < narrow.error else { return "" }
    var text =
      " \(middle.units) units have the smallest sum of the three without a penalty (\(part(middle.error)))"
    if let squared = checks?.squared, squared.count == 3 {
      let less = squared[1] - squared[0]
      text += less.worded(
        above:
          ", \(fixed(less.mean, 1)) less than \(wide.units) units\(less.intervalNote()). Squared errors count how sure an answer is, too, and show a gain that the errors above leave within chance",
        below: "",
        withinChance:
          "; that they have less than \(wide.units) units may be chance (\(less.interval()) between them)")
    }
    text += ". "
    if penalized.error < middle.error {
      text +=
        "So a smaller net can be a regularizer, but L2 on the large net does more (\(part(penalized.error)))."
    }
    return text
  }
}
