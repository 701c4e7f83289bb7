// The page of chapter 10: with `--mine`, the reader's layers beside the library's.

import Foundation
import Workbook

extension LeNet {
  static func learnersPage(_ findings: LearnersRunFindings) -> Page {
    let (yours, ours, gap) = (findings.yours, findings.ours, findings.gap)
    let count = findings.layers.count { $0.isYours }
    var page = page(
      lead: "\(findings.name), trained by your own layers: \(count) of \(findings.layers.count) are yours.")
    page.prose("## Whose layer is whose")
    page.table(
      Table(
        "The network", columns: ["layer", "kind", "whose"],
        rows: findings.layers.map {
          [TableCell($0.name), TableCell($0.kind), $0.isYours ? "yours" : "the library's"]
        }))
    if !findings.unused.isEmpty {
      page.prose(
        "The library stands in for "
          + findings.unused.map { "exercise \($0.label) (\($0.reason))" }.joined(separator: ", ") + ".")
    }

    page.prose("## The same run, twice")
    page.figure(
      Figure(
        gap < 0.01
          ? "Your layers and the library's learn alike: the losses differ by at most \(short(gap, digits: 1))"
          : "Your layers learn differently: the losses differ by up to \(short(gap))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss"),
            [
              Series("the library's", y: ours.losses, style: .line, color: 0),
              Series("yours", y: yours.losses, style: .points, isEmphasized: true, color: 1),
            ])),
        caption:
          "\(grouped(findings.imageCount)) images, batches of \(findings.batch), \(counted(findings.epochs, "epoch")), one seed.",
        name: "mine"))
    page.table(
      Table(
        "After \(counted(findings.epochs, "epoch"))",
        columns: ["layers", .init("test error (%)", digits: 2), .init("seconds per epoch", digits: 2)],
        rows: [("yours", yours), ("the library's", ours)].map { name, result in
          [TableCell(name), TableCell(100 * result.error), TableCell(result.seconds)]
        }))
    page.callout(
      .takeaway,
      gap < 0.01
        ? "There is no magic in a framework: what you wrote is what it does. What it adds is speed: here "
          + "\(fixed(yours.seconds / max(ours.seconds, 1e-9), 0)) times."
        : "Both pass every check and yet differ: look for what the checks do not reach, such as large batches.")
    page.exercises()
    return page
  }
}
