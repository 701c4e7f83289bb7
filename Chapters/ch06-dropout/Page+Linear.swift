// The page of chapter 6: what the noise of a mask amounts to, and to which penalty it is equal in a linear unit.

import Foundation
import Workbook

extension Dropouts {
  /// The least noise of a sum, and the penalty on the weights.
  ///
  /// - Parameter isAsLarge: whether a sum of both signs is disturbed about as much as it is large, at one half.
  static func addNoiseOfSums(to page: inout Page, isAsLarge: Bool) {
    /// 1/√n in per cent: the least noise of a sum of n products at p = ½.
    func least(_ inputs: Int) -> String { percent(1 / Double(inputs).squareRoot()) }
    page.prose(
      """
      \(isAsLarge ? "**At $p = 1/2$ the noise of a sum of both signs is about as large as the sum.** " : "")\
      It is smallest if all $n$ products are equal: then it is $1/\\sqrt{n}$ of the sum, \(least(256)) for 256 inputs and \(least(32)) for 32. \
      So a unit escapes the noise only if many inputs tell it the same thing. After a narrow layer there are few.

      What does the noise do to the weights? For a linear unit there is an exact answer. Let $y = \\sum w_i f_i x_i$, with independent factors $f_i$ of mean 1. For dropout $f_i = m_i/(1-p)$ has the variance $p/(1-p)$. So
      """)
    page.math("E[y] = \\sum_i w_i x_i \\qquad \\text{Var}(y) = \\frac{p}{1-p} \\sum_i w_i^2 x_i^2")
    page.prose("and with a target $t$ the squared error is, on average over the masks,")
    page.math(
      "E[(y-t)^2] = \\left(E[y]-t\\right)^2 + \\text{Var}(y) = \\left(\\sum_i w_i x_i - t\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2"
    )
    page.prose(
      """
      The first term is the loss with nothing dropped. The second is a penalty on large weights, like L2 (chapter 7), but stronger on weights of large inputs. \
      **Of the factors only mean and variance are left.** In a net with ReLU this is not exact.
      """)
    page.slide(
      "For a linear unit, dropout is a penalty on weights",
      """
      $$E[(y-t)^2] = \\left(\\sum_i w_i x_i - t\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2$$

      $E$: the mean over all masks. Only mean and variance of the factors count.
      """)
  }
}
