// The page of chapter 5: what becomes of batch norm in small batches.

import Foundation
import Workbook

extension Norms {
  /// The price: it needs a batch.
  static func addBatchSizes(to page: inout Page, _ findings: Findings) {
    let (found, rows) = (findings.sizes, pairRows(findings))
    let size = found.sizes[0]
    let (all, placed, again) = (rows[3].errors, rows[2].errors, found.reestimated.errors[0])
    page.prose(
      """
      ## The price: it needs a batch

      The net of this section is a small LeNet: two convolutions, then a dense layer of 64 units. A norm stands before each of the three activations.
      """)
    page.predict(
      "With batches of \(size) the net with batch norm makes many more mistakes. Which norm is to blame?",
      choices: [
        "those after the convolutions", "the one after the dense layer", "none: the stored statistics are too rough",
      ],
      answer: found.denseNormBreaks
        ? 1 : found.sparedByStatistics.mean > found.sparedByPlacement.mean ? 2 : 0,
      """
      With norms everywhere the net makes \(fixed(all.mean, 0)) % errors, with norms after the convolutions only \
      \(fixed(placed.mean, 0)) %. Stored statistics measured again after training, over all images, \(found.sparedByStatistics.mean < 0.2 * found.errors(.batch)[0].mean ? "hardly help" : "give \(fixed(again.mean, 0)) %").
      """)
    page.project("Batches of \(size): which norm is to blame?")
    let isOwn = findings.controls != nil
    page.table(
      Table(
        "Batches of \(size), \(grouped(isOwn ? findings.controls?.pairCount ?? 0 : found.trainingCount)) images, \(isOwn ? "each net at its own best rate, " : "")\(counted(all.count, "seed")), pixels not centred",
        columns: ["small LeNet with", "test error (%)"],
        rows: rows.map { [.text($0.name), TableCell($0.errors.formatted(decimals: 0))] }))
    page.project(
      found.denseNormBreaks && found.sparedByPlacement.direction() == .above
        ? "Batches of \(size) break the norm after the dense layer"
        : "Batches of \(size): \(fixed(all.mean, 0)) % errors, or \(fixed(placed.mean, 0)) % without the dense norm")
    page.prose(
      """
      \(found.denseNormBreaks ? "**Why does the dense norm break?**" : "Here no single norm explains the loss. What does a dense norm see?") Take the two numbers $a > b$ that a unit of a dense layer has for two images. Their mean lies half-way between them, and their deviation is half \
      the distance. So $\\hat{a} = +1$ and $\\hat{b} = -1$, *whatever they were*: all that is left is which one is the \
      larger. And almost nothing goes back. The two gradients of a unit must add up to 0 and be at right angles to \
      $(+1, -1)$ (*The way back*), and only $(0, 0)$ does both. After a convolution a channel has many numbers even for two images.
      """)
    page.fold("Other batch sizes") { $0.addSizeTable(findings) }
    page.prose(
      """
      **So in tiny batches put no batch norm after a dense layer.** \(beside(rows, found)) on ResNet-50 with 2 images Wu and He measured 24.1 % errors with group norm and 34.7 % with batch norm.
      """)
  }

  /// Group norm against batch norm after the convolutions: in the smallest batches, and where batch norm is ahead.
  private static func beside(_ rows: [(name: String, errors: Summary)], _ found: SizeFindings) -> String {
    let ahead = found.placedAhead.filter { $0 != found.sizes[0] }.map { "\($0)" }
    let larger = ahead.isEmpty ? "" : "; of \(listed(ahead)) batch norm does better (fold)"
    return (rows[2].errors - rows[1].errors).worded(
      above: "In our convolutions, too, group norm does better in batches of \(found.sizes[0])\(larger);",
      below: "In our convolutions batch norm does better; but",
      withinChance:
        "In our convolutions batch norm and group norm do not differ beyond chance in batches of \(found.sizes[0])\(larger). But"
    )
  }

  /// The nets in the smallest batches: at rates of their own where those were measured.
  static func pairRows(_ findings: Findings) -> [(name: String, errors: Summary)] {
    let (found, controls) = (findings.sizes, findings.controls)
    return [
      ("no norm", controls?.inPairs(.none) ?? found.errors(.none)[0]),
      ("group norm", controls?.inPairs(.group) ?? found.errors(.group)[0]),
      (
        "batch norm after the convolutions only",
        controls?.inPairs(.convolutionsOnly) ?? found.convolutionsOnly.errors[0]
      ),
      ("batch norm everywhere", controls?.inPairs(.everywhere) ?? found.errors(.batch)[0]),
    ]
  }
}

extension Page {
  /// The nets at all batch sizes, with their deviations.
  fileprivate mutating func addSizeTable(_ findings: Norms.Findings) {
    let found = findings.sizes
    let rows: [(String, [Summary])] =
      SizeFindings.kinds.map { ($0 == .none ? "no norm" : $0.name, found.errors($0)) }
      + [("batch norm, convolutions only", found.convolutionsOnly.errors)]
    table(
      Table(
        "Test error (%) by batch size; \(grouped(found.trainingCount)) images, one learning rate for all, proportional to the batch size (0.1 at 32); \(findings.seedWords); pixels not centred",
        columns: ["small LeNet with"] + found.sizes.map { .init("\($0)", digits: 1) },
        rows: rows.map { name, errors in [TableCell(name)] + errors.map { TableCell.measured($0) } }))
  }
}
