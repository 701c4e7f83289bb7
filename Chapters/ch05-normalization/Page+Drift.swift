// The page of chapter 5: LeNet-5 with and without, and what the norm costs.

import Foundation
import Workbook

extension Norms {
  /// The answer to the first question: what enters every activation, epoch after epoch.
  static func addDrift(to page: inout Page, _ findings: Findings) {
    let (drift, growths, epochs) = (findings.drift, findings.drift.growths, findings.drift.epochs)
    page.prose(
      """
      ## Does it keep the numbers in range?

      LeNet-5+ is the small convolutional net of chapter 10; LeNet-5++ is the same net with batch norm, on its outputs too. Both start with He's weights \
      (chapter 4). After every epoch we measure the spread of the numbers that enter the activations.
      """)
    let curves: [(String, [[Double]], Int)] = [
      ("no norm", drift.traces[0].map(\.inputs), 0),
      ("after the norm", drift.traces[1].map(\.inputs), 1),
      ("before the norm", drift.traces[1].map(\.sums), 2),
    ]
    let means = curves.map { curve in (0...epochs).map { e in Summary(curve.1.map { $0[e] }).mean } }
    let top = (means.flatMap(\.self).max() ?? 1) * 1.08
    let spreads =
      isClear(growths[0] - Summary(growths[0].values.map { _ in 1 }), beyond: 0) && growths[0].mean > 1
      && abs(growths[1].mean - 1) < 0.1
    page.figure(
      Figure(
        spreads
          ? "Without a norm the spread grows \(short(growths[0].mean, digits: 2)) times; after a norm it stays as it was"
          : "The spread of what enters the activations, without a norm, after one and before it",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("standard deviation of the activation inputs", range: 0...top),
            zip(curves, means).map { curve, values in
              Series(
                curve.0, x: (0...epochs).map(Double.init), y: values, isEmphasized: curve.2 == 1, color: curve.2)
            })),
        caption: """
          LeNet-5+ and LeNet-5++, \(grouped(drift.trainingCount)) images, rate 0.02; average over the four hidden activations, measured on 256 training images; pixels not centred. \
          Mean of \(counted(drift.traces[0].count, "seed")), \(drift.data).
          """,
        name: "drift"))
    page.project(
      spreads
        ? "Without a norm the spread grows; with one it stays"
        : "Does the spread of the inputs grow without a norm?"
    )
    page.prose(
      """
      \(spreads ? "**So the first answer is yes.** " : "")After the norm this is so *by construction*: the spread equals $|\\gamma|$, and $\\gamma$ starts at 1 and moves slowly. \
      “Before the norm” the sums grow \(growths[2].mean < growths[0].mean ? "less than without a norm" : "too"), since their inputs \
      were normalized one layer earlier. **Batch norm does not stop weights from drifting; it stops the next layer from noticing.**
      """)
  }

  /// What it costs, and how it is folded.
  static func addCost(to page: inout Page, _ findings: Findings) {
    let drift = findings.drift
    page.prose(
      """
      ## What it costs, and how the cost disappears

      In training each step takes longer, and the backward pass needs one more copy of every activation.\(findings.gain.direction() == .above ? " In as many steps the five-layer net made fewer errors; whether that makes up for the time, we did not measure." : "")

      **In use it costs nothing.** Then $\\mu$ and $\\sigma$ are fixed numbers, so the layer only multiplies each channel by a number and adds a number, and the layer before it can do both. With \
      $k = \\gamma/\\sqrt{\\sigma^2 + \\varepsilon}$ its new weights are $W' = k\\,W$ and its new bias is $b' = k\\,(b - \\mu) + \\beta$; the norm is then left out. \
      After this folding, \(drift.folding.map(\.changedAnswers).reduce(0, +)) of \(grouped(drift.folding.map(\.images).reduce(0, +))) answers change, and no *logit* (a sum before the softmax) by more than \(short(drift.folding.map(\.largestDifference).max() ?? 0, digits: 2)).
      """)
  }
}
