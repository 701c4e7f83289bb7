// The page of chapter 5: LeNet-5 with and without, and a recurrent net.

import Foundation
import Workbook

extension Norms {
  /// The answer to the first question: what enters every activation, epoch after epoch.
  static func addDrift(to page: inout Page, _ findings: Findings) {
    let (drift, growths, epochs) = (findings.drift, findings.drift.growths, findings.drift.epochs)
    page.prose(
      """
      ## Does it keep the numbers in range?

      LeNet-5+ is the small convolutional net of chapter 10; LeNet-5++ is the same net with batch norm. Both start with He's weights \
      (chapter 4). After every epoch we measure how widely the numbers that enter the activations are spread.
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
          LeNet-5+ and LeNet-5++, \(grouped(drift.trainingCount)) images, rate 0.02; average over the four hidden activations, measured on 256 training images. \
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
      \(spreads ? "**So the first answer is yes.** " : "")After the norm the spread stays *by construction*: it equals $|\\gamma|$, and $\\gamma$ starts at 1 and moves slowly. \
      Before the norm the sums of the same net grow to \(short(growths[2].mean, digits: 3)) times their first spread only: their inputs \
      were normalized one layer earlier, so the growth of one layer is not multiplied by that of the layers before it. **Batch norm does not stop weights from drifting; it stops the next layer from noticing.**
      """)
  }

  /// What it costs, and how it is folded.
  static func addCost(to page: inout Page, _ findings: Findings) {
    let drift = findings.drift
    page.prose(
      """
      ## What it costs, and how the cost disappears

      In training, batch norm adds two numbers per channel to learn and two to keep, it takes time, and the backward pass needs one more copy of every activation. \
      The five norms of LeNet-5++ have 472 numbers to learn, and as many to keep.
      """)
    page.prose(
      """
      In inference $\\mu$ and $\\sigma$ are fixed numbers, so the layer only multiplies each channel by a number and adds a number. The layer before it can do both. With \
      $k = \\gamma/\\sqrt{\\sigma^2 + \\varepsilon}$ its new weights are $W' = k\\,W$ and its new bias is $b' = k\\,(b - \\mu) + \\beta$; the norm is then left out.
      """)
    page.prose(
      """
      After folding, no output of the last layer differs by more than \(short(drift.worstFold.largestDifference)), and \
      \(drift.folding.map(\.changedAnswers).reduce(0, +)) of \(grouped(drift.folding.map(\.images).reduce(0, +))) answers change. **In use batch norm costs nothing.**
      """)
  }

  /// A statistic for every moment.
  static func addRecurrence(to page: inout Page, _ findings: Findings) {
    let (low, high) = (findings.sharedLow, findings.sharedHigh)
    page.fold("Why batch norm is awkward in recurrent nets") {
      $0.prose(
        """
        A *recurrent* net reads a sequence one time step after the other, and its numbers are spread differently at every step. In a \
        net that reads digits row by row, normalized with statistics shared by all steps, the spread lies between \(short(low)) and \(short(high, digits: 3)): \
        the first rows of every digit are black. Cooijmans et al. (2016) kept statistics for every time step. Layer norm uses one sample at one step, so its spread is always 1; that is one reason why transformers use it.
        """)
    }
  }
}
