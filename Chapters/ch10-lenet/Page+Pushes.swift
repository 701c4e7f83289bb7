// The page of chapter 10: why cross-entropy learns faster at the same rate.

import Foundation
import Workbook

extension LeNet {
  /// The push of each loss at an output, and how long both are in LeNet-5.
  static func addPushes(to page: inout Page, _ findings: VariantFindings) {
    let (little, much) = plateau
    page.prose(
      """
      ### Why cross-entropy is faster at the same rate

      **At the same rate squared error takes shorter steps.** Take one output with the sum $z$ and the target $y$, which is 1 for \
      the right digit and 0 for the other nine. The *push* is the derivative of the loss with respect to $z$ (chapter 8). For \
      squared error $\\tfrac12(s - y)^2$ behind a sigmoid $s = \\sigma(z)$, and for cross-entropy behind a softmax with the \
      probability $p$, it is
      """)
    page.math("\\text{squared error: } (s - y)\\, s(1 - s) \\qquad \\text{cross-entropy: } p - y")
    page.prose(
      """
      The factor $s(1 - s)$ is at most ¼, and it shrinks as soon as the net begins to learn: nine of the ten outputs should \
      be 0, so all ten fall at first, towards the mean target, 0.1. Where they all stand there, the factor is 0.09, and the ten pushes together have the lengths
      """)
    page.math(
      "\\text{squared error: } \\sqrt{9 \\cdot (0.1 \\cdot 0.09)^2 + (0.9 \\cdot 0.09)^2} = \(fixed(little, 3))")
    page.math("\\text{cross-entropy: } \\sqrt{9 \\cdot 0.1^2 + 0.9^2} = \(fixed(much, 2))")
    guard let steps = findings.firstSteps, steps.images.count == 3 else { return }
    page.prose(
      """
      So with cross-entropy the gradient can be \(fixed(much / little, 0)) times as long. In LeNet-5 we measured \
      \(short(steps.advantage(1).mean, digits: 2)) times, after a tenth of the first epoch.\(slowRates(findings)) And the \
      scale of squared error is a convention: `F.mse_loss` takes the mean of the ten squares, and its gradient is 5 times shorter than that \
      of our half of their sum. **So “the same rate” for two losses means nothing.**
      """)
  }

  /// The length of the gradient of both losses at ten sums where every output stands at 0.1.
  static var plateau: (squaredError: Double, crossEntropy: Double) {
    func length(_ slope: Double) -> Double { (9 * pow(0.1 * slope, 2) + pow(0.9 * slope, 2)).squareRoot() }
    return (length(0.1 * 0.9), length(1))
  }

  /// The rates that the two losses chose.
  private static func slowRates(_ findings: VariantFindings) -> String {
    guard let slow = findings.ablation else { return "" }
    let rates = findings.ownAblationRates
    guard rates.count == slow.cells.count else { return "" }
    // Pairs that differ in the loss alone: both lists have the other two parts in the same order.
    func chosen(_ hasCrossEntropy: Bool) -> [Double] {
      zip(slow.cells, rates).filter { $0.0.hasCrossEntropy == hasCrossEntropy }.map(\.1)
    }
    func range(_ values: [Double]) -> String {
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      return abs(most / least - 1) < 1e-3
        ? short(least, digits: 2) : "\(short(least, digits: 2)) to \(short(most, digits: 2))"
    }
    let (squared, entropy) = (chosen(false), chosen(true))
    let ratios = zip(squared, entropy).map { $0 / $1 }
    return (ratios.min() ?? 0) > 1
      ? " When each net chooses its own rate, those with squared error choose rates \(range(ratios)) times as large\((ratios.max() ?? 0) < (findings.firstSteps?.advantage(1).mean ?? 0) ? ": larger, as the shorter gradient asks, but not as much" : "")."
      : " When each net chooses its own rate, those with squared error choose \(range(squared)), those with cross-entropy \(range(entropy))."
  }
}
