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
      Four small nets answer them: net A is the LeNet-5 of chapter 10, net B a *perceptron* (a net of dense layers) with 5 hidden layers of 64 units, net C a small LeNet, and net D a perceptron \
      with 3 hidden layers of 100. All hidden units are ReLUs, all data are \(findings.data), and a step takes 32 images where nothing else is said (60 for net D).\
      \(isRecorded ? " Figures, text and claims give the numbers of the recorded run; where a number is of today's smaller run, it is marked so." : "")
      """)
    page.fold("The nets in a table: images, length of training, seeds") {
      $0.table(
        Table(
          "The nets of this chapter\(isRecorded ? ", as the recorded run trained them" : "")",
          columns: ["net", "what it is", "images", "trained for", "seeds", "used for"], rows: rows))
    }
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
    let first = rows[0].plain - rows[0].normalized
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
        ? "In the shortest training batch norm saves \(number(shortest)) points\(first.intervalNote()), in the longer ones \(number(least)) to \(number(most)). (The rows differ in more than length: in the net, in the images, and in whether the error is averaged over the run.)"
        : "The gain lies between \(number(min(shortest, least))) and \(number(max(shortest, most))) points.")\
      \(findings.noise?.errors(.own).count ?? 0 > 0 ? " In the last row, images that do not fill a batch of \(NoiseFindings.batch) are left out; *Noise that regularizes?* shows why this matters." : " (In the last row stored statistics that do not fit may be a part of the difference.)") \
      These sizes are what the dispute at the end has to explain.
      """)
  }

  /// The test error step by step, each net at its own best rate; only where batch norm was followed at its own.
  static func addCurve(to page: inout Page, _ findings: Findings) {
    let dispute = findings.dispute
    guard let own = dispute.probedAtOwn, let plain = dispute.probed.first, let first = plain.first, !own.isEmpty else {
      return
    }
    let steps = first.steps
    func curve(_ runs: [StabilityRun]) -> [Double] {
      steps.indices.map { place in
        Summary(runs.compactMap { $0.errors.indices.contains(place) ? $0.errors[place] : nil }).mean
      }
    }
    let (without, with) = (curve(plain), curve(own))
    let sooner = without.last.flatMap { end in with.firstIndex { $0 <= end }.map { steps[$0] } }
    let last = steps.last ?? 0
    let isSooner = (sooner ?? last) < last
    page.figure(
      Figure(
        isSooner
          ? "After \(grouped(sooner ?? 0)) steps batch norm is where the net without a norm is after \(grouped(last)), each at its best rate"
          : "Test error during training, each net at its own best rate",
        .lines(
          LineChart(
            x: Axis("step of the training"),
            y: Axis(
              "test error (%), logarithmic scale", log: true, ticks: [3, 4, 5, 7, 10, 15, 20].map { ($0, short($0)) }),
            [
              Series("no norm", x: steps.map(Double.init), y: without, color: 0),
              Series("batch norm", x: steps.map(Double.init), y: with, isEmphasized: true, color: 1),
            ])),
        caption: """
          Net D (3 hidden layers of 100, \(grouped(findings.trainingCount)) images, 60 in a step) at \(short(dispute.rates[dispute.best[0]])) without a norm and \
          \(short(dispute.rates[dispute.best[1]])) with. Mean of \(counted(plain.count, "seed")), \(findings.data).
          """,
        name: "learning-curve"))
  }
}
