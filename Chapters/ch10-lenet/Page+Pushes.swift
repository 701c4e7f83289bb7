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
      With cross-entropy the gradient is \(fixed(much / little, 0)) times as long. So at the same rate squared error takes \
      shorter steps\(slowRates(findings)).
      """)
    guard let steps = findings.firstSteps, steps.images.count == 3 else { return }
    page.table(pushTable(steps, findings))
    page.prose(
      """
      After a tenth of the first epoch the gradient of cross-entropy is \(short(steps.advantage(1).mean, digits: 2)) \
      times as long as that of squared error. At \(findings.rate) squared error then takes the steps that cross-entropy would \
      take at \(short(Double(findings.rate) / steps.advantage(1).mean, digits: 1)).
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
    func range(_ hasCrossEntropy: Bool) -> String {
      let all = zip(slow.cells, rates).filter { $0.0.hasCrossEntropy == hasCrossEntropy }.map(\.1.rate)
      let (least, most) = (all.min() ?? 0, all.max() ?? 0)
      return least == most ? short(least) : "\(short(least)) to \(short(most))"
    }
    return
      ". When each network chooses its own rate, those with squared error choose \(range(false)), those with cross-entropy \(range(true)): the larger rate makes up for the shorter gradient"
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
