// The section of chapter 7 about bias and variance.

import Workbook

extension Regularization {
  /// The squared error of nets on the moons, and its parts.
  static func addSpread(to page: inout Page, _ kinds: [MoonSpread], _ checks: MoonChecks?) {
    page.prose(
      """
      On the moons both can be measured. At one place let $p$ be the true probability of class 1, $q$ the probability that one \
      net gives it, and $\\bar{q}$ the mean of $q$ over nets. A new point there has the label $y$, which is 0 or 1. Then the mean squared error is
      """)
    page.math("E\\left[(q - y)^2\\right] = p(1 - p) + (\\bar{q} - p)^2 + E\\left[(q - \\bar{q})^2\\right]")
    page.prose(
      "The first part no net can avoid. The second is the squared bias, and the third is the variance. On average over new points:"
    )
    page.table(
      Table(
        "The parts of the mean squared error, times 100: \(counted(kinds[0].count, "net")) of each kind, each with its own points",
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
    let words = words(kinds, checks)
    if !words.isEmpty { page.prose(words) }
  }

  /// What L2 does to the variance, as a slide says it.
  private static func varianceTitle(_ kinds: [MoonSpread]) -> String {
    let (wide, penalized) = (kinds[kinds.count - 2], kinds[kinds.count - 1])
    return wide.variance - penalized.variance > penalized.bias - wide.bias && penalized.variance < wide.variance
      ? "L2 lowers the variance by more than it adds bias" : "The parts of the squared error on the moons"
  }

  /// What the parts say: of the widest net, of the widest with a penalty, and of the narrower ones.
  private static func words(_ kinds: [MoonSpread], _ checks: MoonChecks?) -> String {
    let (narrow, wide, penalized) = (kinds[0], kinds[kinds.count - 2], kinds[kinds.count - 1])
    var sentences: [String] = []
    if wide.variance > wide.bias {
      sentences.append("The large net is hardly wrong on average; most of what it could avoid is variance.")
    }
    if wide.variance - penalized.variance > penalized.bias - wide.bias {
      sentences.append("**That is how L2 helps: it lowers the variance by more than it raises the bias.**")
    }
    if narrow.bias > wide.bias, narrow.variance < wide.variance {
      sentences.append("A smaller net has less variance, too, but more bias.")
    }
    if let squared = checks?.squared, squared.count == 3, (squared[0] - squared[2]).direction() == .above {
      sentences.append("The best of the smaller ones stays behind the large net with L2, by more than chance.")
      if (squared[1] - squared[0]).direction() == .above {
        sentences.append(
          "(Squared errors count how sure an answer is, too. So small nets look better here than in the figure of all regularizers.)"
        )
      }
    }
    return sentences.joined(separator: " ")
  }
}
