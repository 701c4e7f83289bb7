// The page of chapter 10: why cross-entropy learns faster at the same rate.

import Foundation
import Workbook

extension LeNet {
  /// The push of each loss at an output, and how long both are in LeNet-5.
  static func addPushes(to page: inout Page, _ findings: VariantFindings) {
    page.prose(
      """
      ### Why cross-entropy is faster at the same rate

      Take one output with the sum $z$ and the target $y$, which is 1 for the right digit and 0 for the other nine. The *push* \
      is the derivative of the loss with respect to $z$ (chapter 8). For squared error $\\tfrac12(s - y)^2$ behind a sigmoid \
      $s = \\sigma(z)$, and for cross-entropy behind a softmax with the probability $p$, it is
      """)
    page.math("\\text{squared error: } (s - y)\\, s(1 - s) \\qquad \\text{cross-entropy: } p - y")
    page.prose(
      """
      The factor $s(1 - s)$ is at most ¼, and it shrinks as soon as the net begins to learn: since nine of the ten outputs should \
      be 0 for each image, all ten fall at first. Where they all stand at 0.1, the factor is 0.09, and the gradients at the ten \
      sums together have the lengths
      """)
    let (little, much) = plateau
    page.math(
      "\\text{squared error: } \\sqrt{9 \\cdot (0.1 \\cdot 0.09)^2 + (0.9 \\cdot 0.09)^2} = \(fixed(little, 3))")
    page.math("\\text{cross-entropy: } \\sqrt{9 \\cdot 0.1^2 + 0.9^2} = \(fixed(much, 2))")
    page.prose(
      """
      With cross-entropy the gradient is then \(fixed(much / little, 0)) times as long. So at the same rate squared error takes \
      shorter steps.
      """)
    guard let steps = findings.firstSteps, steps.images.count == 3 else { return }
    page.table(pushTable(steps, findings))
    page.prose(
      """
      After a tenth of the first epoch the gradient of cross-entropy is \(short(steps.advantage(1).mean, digits: 2)) \
      times as long as that of squared error. At \(findings.rate) squared error then takes the steps that cross-entropy would \
      take at \(short(Double(findings.rate) / steps.advantage(1).mean, digits: 1)). The ratio stays below \
      \(fixed(much / little, 0)), because the outputs do not all stand at 0.1 at the same time, and it changes while the net learns.\
      \(slowRates(findings))
      """)
  }

  /// The length of the gradient of both losses at ten sums where every output stands at 0.1.
  static var plateau: (squaredError: Double, crossEntropy: Double) {
    func length(_ slope: Double) -> Double { (9 * pow(0.1 * slope, 2) + pow(0.9 * slope, 2)).squareRoot() }
    return (length(0.1 * 0.9), length(1))
  }

  /// The rates that the two losses chose.
  private static func slowRates(_ findings: VariantFindings) -> String {
    guard let slow = findings.slowAblation else { return "" }
    let rates = findings.ownAblationRates
    guard rates.count == slow.cells.count else { return "" }
    // Pairs that differ in the loss alone: both lists have the other two parts in the same order.
    func chosen(_ hasCrossEntropy: Bool) -> [Double] {
      zip(slow.cells, rates).filter { $0.0.hasCrossEntropy == hasCrossEntropy }.map(\.1.rate)
    }
    func range(_ values: [Double]) -> String {
      let (least, most) = (values.min() ?? 0, values.max() ?? 0)
      return abs(most / least - 1) < 1e-3
        ? short(least, digits: 2) : "\(short(least, digits: 2)) to \(short(most, digits: 2))"
    }
    let (squared, entropy) = (chosen(false), chosen(true))
    let ratios = zip(squared, entropy).map { $0 / $1 }
    let chose =
      " When each network chooses its own rate, those with squared error choose \(range(squared)), those with cross-entropy \(range(entropy))"
    return (ratios.min() ?? 0) > 1
      ? "\(chose): in networks that differ in nothing else, \(range(ratios)) times as large, on a grid of 1, 2, 5. That is roughly what the shorter gradient asks for."
      : "\(chose)."
  }

  private static func pushTable(_ steps: FirstSteps, _ findings: VariantFindings) -> Table {
    Table(
      "Length of the gradient at the ten sums z of LeNet-5, of both losses at the same z: 1,000 training images, \(counted(steps.squaredError[0].count, "seed")), training at \(findings.rate)",
      columns: [
        "when", .init("mean output that should be 0", digits: 2), .init("squared error", digits: 3),
        .init("cross-entropy", digits: 3), .init("ratio", digits: 1),
      ],
      rows: zip(["before training", "after a tenth of an epoch", "after one epoch"], steps.images.indices).map {
        name, moment in
        [
          TableCell(name), .measured(steps.falseOutput[moment]), .measured(steps.squaredError[moment]),
          .measured(steps.crossEntropy[moment]), .measured(steps.advantage(moment)),
        ]
      })
  }
}
