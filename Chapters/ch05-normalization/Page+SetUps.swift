// The page of chapter 5: which nets are trained on what, and how large the gain is on each.

import Foundation
import Workbook

extension Norms {
  /// The net of most experiments, and a table of all.
  static func addSetUps(to page: inout Page, _ findings: Findings, isRecorded: Bool) {
    page.prose(
      """
      Most experiments train one net, *the five-layer net*: a *multilayer perceptron* (a net of dense layers) with 5 hidden layers of 64 ReLUs. \
      Where another net is used, the text and the caption say so. All data are \(findings.data), and a step takes 32 images where nothing else is said. \
      Training is plain stochastic gradient descent: at a constant learning rate, without momentum. (Two epochs at a constant rate favour a net that learns fast.)\
      \(isRecorded ? " Figures and text give the numbers of the recorded run; the claims at the end show the run just made beside it." : "")
      """)
    page.fold("All trainings in a table: nets, images, seeds") { $0.table(setUps(findings, isRecorded: isRecorded)) }
    if let kept = findings.keptBack {
      page.sideNote(
        """
        *Its own best rate* always means: of all the learning rates tried, the one with the fewest errors on images that are neither learned from \
        nor tested on (\(grouped(kept)) of them for the five-layer net).
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

  /// The points of error that batch norm saves on each training of the five-layer net.
  static func gains(_ findings: Findings) -> [(name: String, plain: Summary, normalized: Summary)] {
    var rows: [(name: String, plain: Summary, normalized: Summary)] = []
    if let controls = findings.controls {
      rows.append(
        (
          "\(grouped(controls.trainingCount)) images, 2 epochs", controls.chosen(0, at: 1).errors,
          controls.chosen(1, at: 1).errors
        ))
    }
    let best = findings.bestPair
    rows.append(("\(grouped(findings.trainingCount)) images, 2 epochs", best[0], best[1]))
    if let noise = findings.noise, noise.errors(.own).count > 0 {
      rows.append(
        ("\(grouped(noise.trainingCount)) images, \(noise.epochs) epochs", noise.errors(.none), noise.errors(.own)))
    } else {
      let heart = findings.heartAgain ?? findings.heart
      rows.append(("\(grouped(heart.trainingCount)) images, \(heart.epochs) epochs", heart.errors(0), heart.errors(1)))
    }
    return rows
  }

  /// How large the gain is, where it is first claimed.
  static func addGains(to page: inout Page, _ findings: Findings) {
    func number(_ value: Double) -> String { fixed(value, 1).replacingOccurrences(of: "-", with: "−") }
    page.table(
      Table(
        "The five-layer net, each version at its own best rate: test errors (%), and the points that batch norm saves, with the 95 % interval",
        columns: ["training", .init("no norm", digits: 1), .init("batch norm", digits: 1), "points saved"],
        rows: gains(findings).map { name, plain, normalized in
          let saved = plain - normalized
          return [
            TableCell(name), .measured(plain), .measured(normalized),
            TableCell(number(saved.mean) + (saved.count < 3 ? "" : " (\(saved.interval()))")),
          ]
        }))
  }

  /// At which rates the net without a norm is ahead.
  static func rateWords(_ findings: Findings) -> String {
    let (gain, ahead) = (findings.gain, findings.sweeps.plainAhead)
    guard isClear(gain, beyond: 0), gain.mean > 0, !ahead.isEmpty else { return "" }
    return
      "At small rates (\(ahead.count > 2 ? "up to \(short(ahead.max() ?? 0, digits: 3))" : listed(ahead))) the net without a norm is ahead, as Bjorck et al. (2018) found in much larger nets. "
  }

  /// How much of the gain is there at the best rate of the net without a norm, where the first steps of both nets turn the
  /// weights about equally far.
  static func angleWords(_ findings: Findings) -> String {
    let (sweeps, gain, atPlain) = (findings.sweeps, findings.gain, findings.gainAtPlainRate)
    guard isClear(gain, beyond: 0), gain.mean > 0, sweeps.bestRates[0] != sweeps.bestRates[1] else { return "" }
    let own = short(sweeps.bestRates[0], digits: 3)
    let saved = atPlain.worded(
      above:
        "Of the \(fixed(gain.mean, 1)) points, \(fixed(atPlain.mean, 1))\(atPlain.intervalNote()) are there at \(own) already, the best rate of the net without a norm. ",
      below: "At \(own), the best rate of the net without a norm, batch norm is behind; the gain needs a larger rate. ",
      withinChance:
        "At \(own), the best rate of the net without a norm, the gain is within chance; it needs a larger rate. ")
    guard let angles = findings.turning?.firstAngles(at: sweeps.bestRates[0]) else {
      return saved + "But equal rates are not equal steps: before a norm only the angle of a step counts."
    }
    let isAlike = abs(log(angles.normalized / angles.plain)) < 0.3
    return saved
      + "Equal rates are not equal steps: before a norm only the angle counts. \(isAlike ? "Here the angles are nearly equal too" : "Here the angles differ"): the first step at \(own) turns the weights by \(short(angles.plain, digits: 2))° without a norm and by \(short(angles.normalized, digits: 2))° with batch norm.\(isAlike ? " That holds for these initial weights and for the first step; other initial weights at the same rate would give another share, and later the angles part." : " So this share says little.")"
  }
}

extension TurnFindings {
  /// The angle of the first step in degrees at the best rate of the net without a norm: without a norm, and with batch norm.
  ///
  /// The first gradient does not depend on the rate, so the angle of a small step is proportional to it.
  func firstAngles(at rate: Double) -> (plain: Double, normalized: Double)? {
    guard let plain = courses(.plain).first(where: { abs($0.rate / rate - 1) < 0.01 })?.angles.first,
      let small = courses(.normalized).first, let angle = small.angles.first, small.rate > 0
    else { return nil }
    return (plain.mean, angle.mean * rate / small.rate)
  }
}
