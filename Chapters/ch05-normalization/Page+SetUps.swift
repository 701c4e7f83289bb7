// The page of chapter 5: which nets are trained on what, and how large the gain is on each.

import Foundation
import Workbook

extension Norms {
  /// One table of all nets, so that a figure can name its net by a letter.
  static func addSetUps(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    let (drift, sizes, dispute) = (findings.drift, findings.sizes, findings.dispute)
    let steps = dispute.probed.first?.first?.steps.last ?? 0
    func row(_ net: String, _ what: String, _ images: Int, _ length: String, _ seeds: Int, _ use: String) -> [TableCell]
    {
      [
        TableCell(net), TableCell(what), TableCell(grouped(images)), TableCell(length), TableCell("\(seeds)"),
        TableCell(use),
      ]
    }
    let fiveLayers = "perceptron, 5 hidden layers of 64"
    var rows = [
      row(
        "A", "LeNet-5+, and LeNet-5++ with batch norm (chapter 10)", drift.trainingCount,
        counted(drift.epochs, "epoch"),
        drift.traces[0].count, "range; cost"),
      row(
        "B", fiveLayers, findings.trainingCount, "2 epochs", findings.seeds.count,
        "rates, weights, scale, angles"),
    ]
    if let controls = findings.controls {
      rows.append(
        row("B", "the same", controls.trainingCount, "2 epochs", controls.seeds, "weights, each at its own rate"))
    }
    let heart = findings.heartAgain ?? findings.heart
    rows.append(
      row("B", "the same", heart.trainingCount, counted(heart.epochs, "epoch"), heart.results[0].count, "noise"))
    rows.append(
      row(
        "C", "small LeNet", sizes.trainingCount, counted(SizeFindings.epochs(of: sizes.trainingCount), "epoch"),
        sizes.sweeps[0].results[0].count, "batch sizes"))
    if let controls = findings.controls {
      rows.append(
        row("C", "the same", controls.pairCount, "2 epochs", controls.seeds, "batches of 2, each at its own rate"))
    }
    rows.append(
      row(
        "D", "perceptron, 3 hidden layers of 100", findings.trainingCount, "\(grouped(steps)) steps",
        findings.seeds.count,
        "shaken inputs, smoothness"))
    page.prose(
      """
      Four nets answer them. A *perceptron* is a net of dense layers; all hidden units here are ReLUs, all data are \(findings.data), \
      and a step takes 32 images where nothing else is said (60 for net D).
      """)
    page.table(
      Table(
        "The nets of this chapter\(isRecorded ? ", as the recorded run trained them; all figures and numbers in the text are from that run" : "")",
        columns: ["net", "what it is", "images", "trained for", "seeds", "used for"], rows: rows))
    if let kept = findings.keptBack {
      page.sideNote(
        """
        *Its own best rate* always means: of all the learning rates tried, the one with the fewest errors on images that are neither learned from \
        nor tested on (\(grouped(kept)) of them for net B).
        """)
    }
  }

  /// The points of error that batch norm saves on each training, from short to long.
  static func gains(_ findings: Findings) -> [(name: String, plain: Summary, normalized: Summary)] {
    var rows: [(name: String, plain: Summary, normalized: Summary)] = []
    if let controls = findings.controls {
      rows.append(
        (
          "net B, \(grouped(controls.trainingCount)) images, 2 epochs", controls.chosen(0, at: 1).errors,
          controls.chosen(1, at: 1).errors
        ))
    }
    let (best, dispute) = (findings.sweeps.bestErrors, findings.dispute.bestErrors)
    rows.append(("net B, \(grouped(findings.trainingCount)) images, 2 epochs", best[0], best[1]))
    let steps = findings.dispute.probed.first?.first?.steps.last ?? 0
    rows.append(("net D, \(grouped(steps)) steps, averaged over the run", dispute[0], dispute[1]))
    if let noise = findings.noise, noise.errors(.own).count > 0 {
      rows.append(
        (
          "net B, \(grouped(noise.trainingCount)) images, \(noise.epochs) epochs", noise.errors(.none),
          noise.errors(.own)
        ))
    } else {
      let heart = findings.heartAgain ?? findings.heart
      rows.append(
        ("net B, \(grouped(heart.trainingCount)) images, \(heart.epochs) epochs", heart.errors(0), heart.errors(1)))
    }
    return rows
  }

  /// How large the gain is, where it is first claimed.
  static func addGains(to page: inout Page, _ findings: Findings) {
    let rows = gains(findings)
    let saved = rows.map { ($0.plain - $0.normalized).mean }
    guard let shortest = saved.first, let least = saved.dropFirst().min(), let most = saved.dropFirst().max() else {
      return
    }
    func number(_ value: Double) -> String { fixed(value, 1).replacingOccurrences(of: "-", with: "−") }
    page.table(
      Table(
        "Test errors (%), each net at its own best rate: how much batch norm saves, with the 95 % interval",
        columns: [
          "training", .init("no norm", digits: 1), .init("batch norm", digits: 1), "points saved",
        ],
        rows: rows.map { name, plain, normalized in
          let saved = plain - normalized
          return [
            TableCell(name), .measured(plain), .measured(normalized),
            TableCell(number(saved.mean) + (saved.count < 3 ? "" : " (\(saved.interval()))")),
          ]
        }))
    page.prose(
      """
      \(shortest > most
        ? "**The gain shrinks when training is longer**: it is \(number(shortest)) points in the shortest training, and between \(number(least)) and \(number(most)) points in the others."
        : "The gain lies between \(number(min(shortest, least))) and \(number(max(shortest, most))) points.")\
      \(findings.noise?.errors(.own).count ?? 0 > 0 ? " (The last row leaves out images that do not fill a batch of \(NoiseFindings.batch); *Noise that regularizes?* shows why this matters.)" : " (In the last row stored statistics that do not fit may be a part of the difference.)") \
      Keep these sizes in mind for the dispute at the end: they are what it has to explain.
      """)
  }
}
