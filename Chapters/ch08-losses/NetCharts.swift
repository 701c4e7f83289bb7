// The figures of the networks in chapter 8.

import Foundation
import Workbook

extension Charts {
  /// The steps to a round error against the learning rate, a line for each ending.
  static func paces(_ paces: Sprints, common: Float, data: String) -> Figure {
    let endings = Ending.judged.prefix(paces.steps.count).indices.filter {
      Ending.compared.contains(Ending.judged[$0]) && Ending.judged[$0] != .bareSquared
    }
    let (same, fastest) = (paces.leads(at: common)?[0], paces.leads[0])
    let atOne = same.map { "\(fixed($0.mean, 1)) times the steps of cross-entropy" }
    return Figure(
      atOne.map {
        "After sigmoids squared error takes \($0) at a rate of \(common), each at its fastest \(fixed(fastest.mean, 1)) times"
      }
        ?? "After sigmoids, each at its fastest rate, squared error takes \(fixed(fastest.mean, 1)) times the steps of cross-entropy",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: paces.rates.map { (Double($0), "\($0)") }),
          y: Axis("steps to \(percent(Sprints.level)) error", log: true),
          endings.map { ending in
            // A rate at which a run was given up has no number.
            let places = paces.rates.indices.filter { !paces.steps[ending][$0].contains(nil) }
            return Series(
              Ending.judged[ending].name, x: places.map { Double(paces.rates[$0]) },
              y: places.map { paces.summary(ending, $0).mean }, isEmphasized: ending == 0 || ending == 2,
              color: Ending.judged[ending].color)
          }, references: [.init(.vertical, at: Double(common), "")])),
      caption: """
        \(Sprints.digits.test) test digits (\(data)), mean of \(counted(paces.steps[0][0].count, "seed")). A curve ends where some run did not get there in \
        \(grouped(paces.limit)) steps. The lowest point of a curve is its fastest rate; dotted: the rate \(common).
        """,
      name: "paces")
  }

  /// By how many points each ending is surer than right, epoch by epoch.
  static func sureness(_ endings: [EndingCalibration], data: String) -> Figure {
    func of(_ ending: Ending) -> Summary? { endings.first { $0.ending == ending }?.excess.last }
    let (entropy, squared) = (of(.softmaxEntropy), of(.softmaxSquared))
    func said(_ excess: Summary) -> String {
      excess.worded(
        above: "\(fixed(excess.mean, 1)) points more confident than accurate",
        below: "\(fixed(-excess.mean, 1)) points less confident than accurate", withinChance: "as confident as accurate"
      )
    }
    let epochs = endings.first?.epochs ?? 0
    func isOfSoftmax(_ ending: EndingCalibration) -> Bool {
      [.softmaxSquared, .softmaxEntropy].contains(ending.ending)
    }
    return Figure(
      entropy.flatMap { entropy in
        squared.map {
          "After \(counted(epochs, "epoch")) a softmax with cross-entropy is \(said(entropy)), with squared error \(said($0))"
        }
      } ?? "How much more confident than accurate each ending is",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("confidence − accuracy (points)", range: -15...5),
          endings.map { ending in
            Series(
              ending.ending.name, x: (1...epochs).map { Double($0) }, y: ending.excess.map(\.mean), style: .line,
              isEmphasized: isOfSoftmax(ending), color: ending.ending.color)
          }
            + endings.filter(isOfSoftmax).map {
              Series(
                "", x: [Double($0.best + 1)], y: [$0.excess[$0.best].mean], style: .points, color: $0.ending.color)
            }, references: [.init(.horizontal, at: 0, "as sure as right")])),
      caption: """
        Above 0 a net is too sure (overconfident), below 0 too modest. The points: where a softmax has the least $-\\ln p$ on these digits. Test digits (\(data)), mean of \
        \(counted(endings.first?.floor.count ?? 0, "seed")), each at its best rate.
        """,
      name: "sureness")
  }

  /// Validation error against the learning rate, for each ending.
  static func rates(_ sweep: RateSweep, control: RateSweep?, data: String) -> Figure {
    let (squared, entropy) = (sweep.bestText(0), sweep.bestText(2))
    let highest = min(100, sweep.errors.joined().map(\.mean).max() ?? 100)
    let top = 10 * (highest / 10).rounded(.up)
    let beyond =
      (control?.rates.indices).map { Array($0) }?.compactMap { place -> String? in
        guard let control, control.errors[0][place].mean > top else { return nil }
        return "\(fixed(control.errors[0][place].mean, 0)) % at \(short(Double(control.rates[place])))"
      } ?? []
    let shown = Ending.allCases.indices.filter { Ending.compared.contains(Ending.allCases[$0]) }
    let atAnEnd = shown.filter { [sweep.rates.first, sweep.rates.last].contains(sweep.best($0)) }
    return Figure(
      squared == entropy
        ? "With sigmoids, squared error and cross-entropy are both best at a rate of \(squared)"
        : "With sigmoids, squared error is best at a rate of \(squared), cross-entropy at \(entropy)",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: sweep.rates.map { (Double($0), "\($0)") }),
          y: Axis("validation error (%)", range: 0...top),
          shown.map { index in
            Series(
              Ending.allCases[index].name, x: sweep.rates.map(Double.init), y: sweep.errors[index].map(\.mean),
              isEmphasized: index == 0 || index == 2, color: Ending.allCases[index].color)
          }
            + (control.map { control in
              // Rates at which it learns nothing are named below instead.
              let places = control.rates.indices.filter { control.errors[0][$0].mean <= top }
              return [
                Series(
                  Ending.bareSquared.name, x: places.map { Double(control.rates[$0]) },
                  y: places.map { control.errors[0][$0].mean }, color: Ending.bareSquared.color)
              ]
            } ?? []))),
      caption: """
        After \(counted(sweep.epochs, "epoch")), as long as the races; \(data), mean of \(counted(sweep.errors[0][0].count, "seed")). \
        The race below uses for each net its *best* rate, the one with the least mean error. A range of \
        rates in the title: chance cannot tell them apart.\(atAnEnd.isEmpty ? "" : " At an end of the grid, so perhaps better still beyond it: \(atAnEnd.map { Ending.allCases[$0].name }.joined(separator: "; ")).")\
        \(beyond.isEmpty ? "" : " Above the frame, no activation: \(beyond.joined(separator: "; ")).")
        """,
      name: "learning-rates")
  }

  /// Test error step by step for each ending: those with sigmoids, and those with a softmax.
  static func curves(
    _ runs: [NetRuns], titles: [String], control: NetRuns?, caption: String, name: String
  ) -> Figure {
    let least = runs.flatMap { $0.curve.errors.map(\.mean) }.min() ?? 0
    return Figure(
      titles[0], exploring: FigureParameter("outputs", names: Ending.families.map(\.name)), caption: caption,
      name: name, titles: { titles[Int($0)] }
    ) { family in
      .lines(
        LineChart(
          x: Axis("step"),
          y: Axis("test error (%)", log: true, range: (least < 10 ? 5 : 10)...100, ticks: errorTicks),
          // The control stands beside the sigmoids that it is without.
          (runs.compared.filter { Ending.families[Int(family)].endings.contains($0.ending) }
            + (family == 0 ? control.map { [$0] } ?? [] : [])).map { run in
              Series(
                run.ending.name, x: run.curve.steps, y: run.curve.errors.map(\.mean), style: .line,
                color: run.ending.color)
            }))
    }
  }

  /// Of a logarithmic axis of errors in per cent.
  private static let errorTicks = [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 90].map { (Double($0), "\($0)") }

  /// The error soon after the start against the bias of the outputs, for the three rules.
  static func biases(_ stuck: BadStarts, data: String) -> Figure {
    let (errors, biases) = (stuck.errors, stuck.biases)
    let worst = stuck.shown.flatMap { errors[$0.color].flatMap(\.values) }.max() ?? 100
    let top = max(20, 10 * (worst / 10 + 0.1).rounded(.up))
    // Nine of ten wrong is guessing.
    let guessing = biases.indices.flatMap { place in
      stuck.shown.compactMap { rule -> String? in
        let values = errors[rule.color][place].values
        let count = values.count { $0 > 85 }
        return count == 0
          ? nil
          : "\(count) of \(values.count) runs with \(rule.name) from \(share(sigmoid(Double(biases[place]))))"
      }
    }
    return Figure(
      badStartsTitle(stuck),
      .lines(
        LineChart(
          x: Axis(
            "what all outputs say at first (the bias grows in equal steps)",
            range: Double(biases[0]) - 0.8...Double(biases[biases.count - 1]) + 0.8,
            ticks: biases.map { (Double($0), share(sigmoid(Double($0)))) }),
          y: Axis("test error (%)", range: 0...top),
          stuck.shown.map(\.color).map { index in
            Series(
              Ending.allCases[index].name,
              x: biases.flatMap { bias in errors[index][0].values.map { _ in Double(bias) + 0.35 * Double(index - 1) }
              },
              y: errors[index].flatMap(\.values), style: .points, color: Ending.allCases[index].color)
          })),
      caption: """
        Each point is a run, \(counted(errors[0][0].count, "seed")) for each rule and start, drawn side by side: its test error after \
        \(counted(stuck.epochs, "epoch")), sigmoid outputs. \(guessing.isEmpty ? "" : "At about 90 %, no better than guessing: \(guessing.joined(separator: "; ")). ")The \
        learning rates differ: \(stuck.shown.map { "\($0.name) \(stuck.rates[$0.color])" }.joined(separator: "; ")); \
        \(data).
        """,
      name: "output-bias")
  }

  /// Who is held up near 0, and who suffers near 1.
  private static func badStartsTitle(_ stuck: BadStarts) -> String {
    let high = stuck.biases.count - 1
    guard stuck.errors[0][0].count >= 3 else {
      return "Where all outputs begin near 0, or near 1: test error after \(counted(stuck.epochs, "epoch"))"
    }
    func names(_ rules: [Rule]) -> String { rules.map(\.name).joined(separator: " and ") }
    let held = stuck.shown.filter { stuck.isHeldUp($0, at: 0) }
    let suffering = stuck.shown.filter { stuck.suffers($0, at: high) }
    let low =
      held.isEmpty
      ? "no loss is slowed down"
      : held == [.squaredError]
        ? "only squared error is slowed down (\(stuck.reach(.squaredError, at: 0)) % errors, run by run)"
        : "\(names(held)) \(held.count == 1 ? "is" : "are") slowed down"
    let upper =
      suffering.isEmpty
      ? "none suffers"
      : suffering.count == stuck.shown.count
        ? "both suffer" : "\(names(suffering)) \(suffering.count == 1 ? "suffers" : "suffer")"
    return "Where all outputs begin near 0 \(low); near 1 \(upper)"
  }

  /// How right the softmax is against how sure.
  static func calibration(_ calibration: Calibration, data: String) -> Figure {
    let (plain, smooth) = (calibration.excess(0), calibration.excess(1))
    func said(_ index: Int) -> String {
      "\(fixed(calibration.confidence(index).mean, 0)) % sure, \(fixed(calibration.accuracy(index).mean, 0)) % right"
    }
    let scaled = calibration.scaled.map {
      (temperature: fixed($0.temperature.mean, 2), sure: fixed($0.confidence.mean, 0))
    }
    return Figure(
      (isClear(plain) && plain.mean > 0
        ? "Plain labels make the net too sure: \(said(0)); smoothed labels make it \(isClear(smooth) ? (smooth.mean > 0 ? "a little less so" : "too modest") : "about as sure as right"): \(said(1))"
        : "How sure the net is, and how right: \(said(0)) with plain labels, \(said(1)) with smoothed ones")
        + (scaled.map { "; with a temperature of \($0.temperature), \($0.sure) % sure" } ?? ""),
      .lines(
        LineChart(
          x: Axis("how sure the net is (%)", range: 20...100),
          y: Axis("confidence − accuracy (points)"),
          Calibration.smoothings.indices.map { index in
            let points = Calibration.points(calibration.runs[index])
            return Series(
              index == 0 ? "plain labels" : "label smoothing \(Calibration.smoothings[index])",
              x: points.map { $0.sure + (index == 0 ? 0 : 0.7) }, y: points.map { $0.sure - $0.right },
              deviation: points.map(\.chance), style: .points, isEmphasized: index == 0,
              color: index == 0 ? Ending.softmaxSquared.color : 0)
          }
            + (calibration.rescaled.map { tempered in
              let points = Calibration.points(tempered.map(\.reliability))
              return [
                Series(
                  "plain labels, rescaled", x: points.map { $0.sure - 0.7 }, y: points.map { $0.sure - $0.right },
                  deviation: points.map(\.chance), style: .points, color: 2)
              ]
            } ?? []), references: [.init(.horizontal, at: 0, "as sure as right")])),
      caption: """
        Above the line the net is too sure (overconfident), below it too modest. Test digits (\(data)) in intervals of the largest probability. Softmax and \
        cross-entropy, \(counted(calibration.epochs, "epoch")), mean of \(counted(plain.count, "seed")), bars: its 95 % interval. Most answers are in the last interval: \(fixed(calibration.surest.mean, 0)) % with plain labels.\(calibration.rescaled == nil ? "" : " Rescaled: logits divided by a temperature.")
        """,
      name: "calibration")
  }
}
