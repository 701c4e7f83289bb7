// The page of chapter 5: which nets are trained on what, and how large the gain is on each.

import Foundation
import Workbook

extension Norms {
  /// The net of most experiments, and a table of all.
  static func addSetUps(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      Most experiments train *the five-layer net*: a net of dense layers with 5 hidden layers of 64 ReLUs, which sees \(findings.data) for two epochs in steps of 32 images, \
      by plain gradient descent at a constant learning rate. Its pixels are standardized with one mean and one deviation for all (chapter 3).
      """)
    page.fold("How this was measured") {
      $0.table(setUps(findings, isRecorded: isRecorded))
      $0.prose(
        """
        \(findings.keptBack == nil ? "" : "*Its own best rate* always means: of all the learning rates tried, the one with the fewest errors on images that are neither learned from nor tested on. ")\
        Two epochs at a constant rate, without momentum, favour a net that learns fast.\
        \(isRecorded ? " Figures and text give the numbers of the recorded run; the claims at the end show the run just made beside it." : "")
        """)
    }
  }

  private static func setUps(_ findings: Findings, isRecorded: Bool) -> Table {
    let (drift, sizes, heart) = (findings.drift, findings.sizes, findings.heartAgain ?? findings.heart)
    func row(_ net: String, _ images: Int, _ length: String, _ seeds: Int, _ use: String) -> [TableCell] {
      [TableCell(net), TableCell(grouped(images)), TableCell(length), TableCell("\(seeds)"), TableCell(use)]
    }
    var rows = [
      row(
        "LeNet-5+, and LeNet-5++ with batch norm", drift.trainingCount, counted(drift.epochs, "epoch"),
        drift.traces[0].count, "range; cost"),
      row(
        "five-layer net", findings.trainingCount, "2 epochs", findings.seeds.count,
        "rates, weights, scale, angles"),
    ]
    if let five = findings.fiveLayers {
      rows.append(
        row("five-layer net", findings.trainingCount, "2 epochs", five.gain.count, "each version at its best rate"))
    }
    if let depth = findings.depth {
      let most = depth.depths.max() ?? 0
      rows.append(row("the same with up to \(most) layers", depth.trainingCount, "2 epochs", depth.seeds, "depth"))
    }
    if let controls = findings.controls {
      rows.append(
        row("five-layer net", controls.trainingCount, "2 epochs", controls.seeds, "weights, each size at its own rate"))
    }
    rows.append(
      row(
        "five-layer net", heart.trainingCount, counted(heart.epochs, "epoch"),
        findings.noise?.errors(.own).count ?? heart.results[0].count, "noise"))
    rows.append(
      row(
        "small LeNet", sizes.trainingCount, counted(SizeFindings.epochs(of: sizes.trainingCount), "epoch"),
        sizes.sweeps[0].results[0].count, "batch sizes"))
    if let controls = findings.controls {
      rows.append(
        row("small LeNet", controls.pairCount, "2 epochs", controls.seeds, "batches of 2, each at its own rate"))
    }
    if findings.fiveLayers == nil {
      let steps = findings.dispute.probed.first?.first?.steps.last ?? 0
      rows.append(
        row(
          "multilayer perceptron, 3 hidden layers of 100", findings.trainingCount, "\(grouped(steps)) steps of 60",
          findings.seeds.count, "shaken inputs, smoothness"))
    }
    return Table(
      "The trainings of this chapter\(isRecorded ? ", as the recorded run made them" : "")",
      columns: ["net", "images", "trained for", "seeds", "used for"], rows: rows)
  }

  /// At which rates the net without a norm is ahead.
  static func rateWords(_ findings: Findings) -> String {
    let (gain, ahead) = (findings.gain, findings.sweeps.plainAhead)
    guard isClear(gain, beyond: 0), gain.mean > 0, !ahead.isEmpty else { return "" }
    return
      "At small rates (\(ahead.count > 2 ? "up to \(short(ahead.max() ?? 0, digits: 3))" : listed(ahead))) the lead is gone, as Bjorck et al. (2018) found in much larger nets; here the net without a norm is even ahead. "
  }
}
