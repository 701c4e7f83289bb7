// The page of chapter 5: what becomes of batch norm in small batches.

import Foundation
import Workbook

extension Norms {
  /// The price: it needs a batch.
  static func addBatchSizes(to page: inout Page, _ findings: Findings) {
    let (found, sizes) = (findings.sizes, findings.sizes.sizes)
    let (batch, placed, again) = (found.errors(.batch), found.convolutionsOnly.errors, found.reestimated.errors)
    let breaks = found.ratios(.batch).minimum > 1.5
    page.prose(
      """
      ## The price: it needs a batch

      The net of this section is a small LeNet: two convolutions, then a dense layer of 64 units; a norm stands before each of the three activations. \
      The learning rate is proportional to the batch size.
      """)
    page.predict(
      "With batches of 2 the net with batch norm makes many more mistakes. Which norm is to blame?",
      choices: [
        "those after the convolutions", "the one after the dense layer", "none: the stored statistics are too rough",
      ],
      answer: found.denseNormBreaks
        ? 1 : found.sparedByStatistics.mean > found.sparedByPlacement.mean ? 2 : 0,
      """
      With norms everywhere the net makes \(fixed(batch[0].mean, 0)) % errors, with norms after the convolutions only \
      \(fixed(placed[0].mean, 1)) %. Stored statistics measured again after training, over all images, \(found.sparedByStatistics.mean < 0.2 * batch[0].mean ? "hardly help" : "give \(fixed(again[0].mean, 0)) %").\
      \(found.denseNormBreaks ? " Two numbers say little about a mean and a spread; a map has many numbers." : "")
      """)
    page.project("Batches of 2: which norm is to blame?")
    page.figure(sizeFigure(findings, breaks: breaks))
    page.project(
      breaks && found.denseNormBreaks && isClear(found.sparedByPlacement, beyond: 0)
        ? "Batches of \(sizes[0]) break the norm after the dense layer"
        : "Batches of \(sizes[0]): \(fixed(batch[0].mean, 0)) % errors, or \(fixed(placed[0].mean, 0)) % without the dense norm"
    )
    page.prose(rightEnd(found))
    page.fold("The numbers of all norms, and recomputed statistics") { $0.addSizeTable(findings) }
    page.prose(
      """
      **Why does the dense norm break?** Take the two numbers $a > b$ that a unit of a dense layer has for two images. Their mean lies half-way between them, and their deviation is half \
      the distance. So $\\hat{a} = +1$ and $\\hat{b} = -1$, *whatever they were*: all that is left is which one is the \
      larger. And almost nothing goes back. The two gradients of a unit must add up to 0 and be at right angles to \
      $(+1, -1)$ (*The way back*), and only $(0, 0)$ does both. The exception is the $\\varepsilon$: where the two numbers are nearly equal, a \
      gradient passes, multiplied by up to $1/\\sqrt{\\varepsilon} \\approx 316$. So in most steps a unit before such a norm learns \
      nothing, and now and then it gets a *kick*.
      """)
    if let controls = findings.controls { addPairControl(to: &page, controls) }
    page.prose(
      """
      \(found.denseNormBreaks
        ? "None of this explains ResNet-50, which suffers with 2 images although its smallest sample has 98 values (Wu and He 2018)."
        : "Here no single norm explains the loss.")

      **When batches must be small, use group norm.** In our convolutions batch norm is as good; but on ResNet-50 with 2 images Wu and He measured 24.1 % errors with group norm and 34.7 % with batch norm. Or take the means over the images of all graphics cards together (*SyncBN*). \
      If you only fine-tune a trained net, keep its stored statistics (*frozen* batch norm).
      """)
  }

  /// Test errors by batch size, on a logarithmic axis, so that the lines near each other can be told apart.
  private static func sizeFigure(_ findings: Findings, breaks: Bool) -> Figure {
    let found = findings.sizes
    let (sizes, placed) = (found.sizes, found.convolutionsOnly.errors)
    let rows: [(String, [Summary], Int)] =
      [Normalization.none, .group, .batch].map { ($0 == .none ? "no norm" : $0.name, found.errors($0), $0.color) }
      // Layer norm's colour, which is not drawn here.
      + [("batch norm, convolutions only", placed, Normalization.layer.color)]
    let means = rows.flatMap { $0.1.map(\.mean) }.filter { $0 > 0 }
    let (low, high) = ((means.min() ?? 1) / 1.15, (means.max() ?? 90) * 1.3)
    let ticks = [1.0, 1.5, 2, 3, 5, 10, 15, 20, 30, 50, 90].filter { $0 >= low && $0 <= high }
    return Figure(
      breaks && found.denseNormBreaks
        ? "In batches of 2 the batch norm after the dense layer breaks; those after convolutions do not"
        : "Test error by batch size, for each normalization",
      .lines(
        LineChart(
          x: Axis("batch size", log: true, ticks: sizes.map { (Double($0), "\($0)") }),
          y: Axis(
            "test error (%), logarithmic scale", log: true, range: low...high, ticks: ticks.map { ($0, short($0)) }),
          rows.map { name, errors, color in
            Series(
              name, x: sizes.map(Double.init), y: errors.map(\.mean), deviation: halfIntervals(errors),
              isEmphasized: color == Normalization.batch.color, color: color)
          })),
      caption: """
        Small LeNet, \(grouped(found.trainingCount)) images. Group norm has 4 groups. \
        Mean of \(findings.seedWords)\(shadingNote(findings.seeds.count)); \(findings.data). The fold has the other norms.
        """,
      name: "batch-size")
  }

  /// What the figure says of large batches.
  private static func rightEnd(_ found: SizeFindings) -> String {
    let last = found.sizes.count - 1
    let saved = found.errors(.none)[last] - found.errors(.batch)[last]
    return "In batches of \(found.sizes[last]) "
      + saved.worded(
        above: "batch norm makes fewer errors than no norm.",
        below: "the net without a norm makes the fewest mistakes.",
        withinChance: "batch norm and no norm cannot be told apart.")
      + (found.denseNormBreaks
        ? " Group norm, which never looks at another image, stays level over all batch sizes." : "")
  }

  /// Batches of 2 with every net at its own best rate, and with two ways to stop the kicks.
  static func addPairControl(to page: inout Page, _ found: NormControls) {
    let (all, mild, placed, cut) = (
      found.inPairs(.everywhere), found.inPairs(.largeEpsilon), found.inPairs(.convolutionsOnly),
      found.inPairs(.kicksCut)
    )
    guard all.count > 0, mild.count > 0, placed.count > 0, cut.count > 0 else { return }
    let isNotRate = isClear(all - placed, beyond: 0) && isClear(all - cut, beyond: 0) && isClear(cut - mild, beyond: 0)
    page.prose(
      """
      \(isNotRate ? "It is not the learning rate: the same happens with each net at its own best rate." : "Is it the rate, or the kicks? Each net has its own best rate.") Limiting the factor on the way back to 3.2 takes away the kicks only. \
      With $\\varepsilon = 0.1$ it is at most $1/\\sqrt{0.1} = 3.2$, too, and more than the sign goes forward.
      """)
    page.table(
      Table(
        "Batches of 2, \(grouped(found.pairCount)) images, each net at its own best rate",
        columns: ["batch norm", "test error (%)"],
        rows: [
          ("everywhere", all), ("everywhere, the factor on the way back limited to 3.2", cut),
          ("everywhere, ε = 0.1", mild), ("after the convolutions only", placed),
        ].map { [.text($0), TableCell($1.formatted(decimals: 0))] }))
    if isNotRate {
      page.prose("**So the kicks do a part of the harm, and the lost sizes another.**")
    }
  }
}

extension Page {
  /// All norms at all batch sizes, with their deviations.
  fileprivate mutating func addSizeTable(_ findings: Norms.Findings) {
    let (found, kinds) = (findings.sizes, Normalization.allCases)
    let rows: [(String, [Summary])] =
      kinds.map { ($0 == .none ? "no norm" : $0.name, found.errors($0)) }
      + [
        ("batch norm, convolutions only", found.convolutionsOnly.errors),
        ("batch norm, statistics recomputed", found.reestimated.errors),
      ]
    table(
      Table(
        "Test error (%) by batch size; instance norm stands after the convolutions only, because one value has no variance",
        columns: ["layer"] + found.sizes.map { .init("\($0)", digits: 1) },
        rows: rows.map { name, errors in [TableCell(name)] + errors.map { TableCell.measured($0) } }))
    prose(
      "*Statistics recomputed*: after training, mean and variance are measured over all training images at once and replace the stored ones. The weights stay as they are."
    )
  }
}
