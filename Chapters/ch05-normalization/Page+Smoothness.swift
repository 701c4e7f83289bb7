// The page of chapter 5: is the loss smoother, and what is left of the four reasons.

import Foundation
import Workbook

extension Norms {
  /// The third reason: the loss and the gradient along the step.
  static func addSmoothness(to page: inout Page, _ findings: Findings) {
    let (dispute, probed) = (findings.dispute, findings.dispute.probed)
    let changes = dispute.gradientChanges
    let smoother = changes[0] - changes[1]
    let isSmoother = isClear(smoother, beyond: 0) && smoother.mean > 0
    page.prose(
      """
      ### 3. A smoother loss?

      Where the slope hardly changes on the way, a long step is safe. We walk up to four steps against the gradient $g$ and compare it with the gradient $g'$ ahead. At one rate, $g'$ differs from $g$ by \
      \(fixed(changes[0].mean, 1)) times the size of $g$ without a norm, and by \(fixed(changes[1].mean, 1)) times with batch norm.

      \(ownRateWords(dispute))
      """)
    page.fold("The walk along the step: drawing, numbers, code") { page in
      page.figure(stretched)
      page.prose(
        """
        The comparison at one rate depends on the length of the weights. Stretch the weight axis by $a$: the slope becomes $1/a$ of what it was, and it changes over a distance $a$ times as long, \
        so the curvature becomes $1/a^2$, and the net looks smoother while it computes the same.

        We record the range of the loss on the way, and the largest $\\|g' - g\\|/\\|g\\|$. \
        Divided by the length of the way, $\\|g' - g\\|$ estimates the constant of Santurkar's theory (the Lipschitz constant of the gradient, along the step).

        What do such numbers mean? With 0 the gradient stays as it is. With 1 the change is as large as the gradient: it has \
        shrunk to almost nothing, or has kept its length and turned by 60°. With 5 the gradient is four to six times as \
        large. The cosine is that of the angle between the two; where it is negative, the gradient ahead points back: the step has gone too far.
        """)
      page.table(smoothnessTable(findings))
      page.figure(
        Figure(
          isSmoother
            ? "At one rate the gradient changes less within four steps with batch norm: \(short(changes[1].mean)) times its own size, without \(short(changes[0].mean))"
            : "How much the gradient changes along the step, with and without batch norm",
          .lines(
            LineChart(
              x: Axis("step of the training"), y: Axis("change of the gradient within four steps (1: its own size)"),
              probed.indices.map { i in
                let steps = probed[i][0].steps
                return Series(
                  StabilityVariant.experiment[i].rawValue, x: steps.map(Double.init),
                  y: steps.indices.map { step in Summary(probed[i].map { $0.gradientChanges[step] }).mean },
                  isEmphasized: i == 1, color: i)
              })),
          caption: """
            Net D at \(short(dispute.rates[dispute.best[0]])), \(dispute.probedRate)\(dispute.failingRate.map { "; four steps reach \(short($0)), where the plain net fails anyway" } ?? ""). \
            The largest ‖g′ − g‖/‖g‖ of three places, 1, 2 and 4 steps ahead, on the same batch. Mean of \(findings.seedWords), \(findings.data).
            """,
          name: "gradient-change"))
      page.project(
        isSmoother
          ? "At one rate, a norm keeps the gradient steadier in a step"
          : "Does a norm keep the gradient steady along a step?")
      page.code("probe", in: "Landscape.swift")
    }
  }

  /// One loss over an axis, and over the same axis stretched.
  private static var stretched: Figure {
    let places = stride(from: -1.5, through: 4, by: 0.05).map { $0 }
    func loss(_ w: Double) -> Double { (w - 1) * (w - 1) }
    return Figure(
      "The same loss over weights twice as long: half the slope, a quarter of the curvature",
      .lines(
        LineChart(
          x: Axis("weight", range: -1.5...4), y: Axis("loss", range: 0...4.5),
          [
            Series(
              "weights w", x: places.filter { loss($0) <= 4.5 }, y: places.map(loss).filter { $0 <= 4.5 }, color: 0),
            Series(
              "weights 2w", x: places.filter { loss($0 / 2) <= 4.5 },
              y: places.map { loss($0 / 2) }.filter { $0 <= 4.5 },
              isEmphasized: true, color: 1),
          ])),
      caption:
        "A drawing, not a measurement: (w − 1)², and the same curve with its axis stretched by 2. The net computes the same at both minima.",
      name: "stretched-axis")
  }

  /// What the comparison is worth at each net's own best rate, where lengths cancel.
  private static func ownRateWords(_ dispute: DisputeFindings) -> String {
    guard let there = dispute.changeAtOwn else {
      return "But longer weights look smoother at one rate: smoothness at one rate is no property of the net alone."
    }
    let plain = dispute.gradientChanges[0]
    let numbers = "\(fixed(there.mean, 1)) times with batch norm against \(fixed(plain.mean, 1)) times without"
    return
      "But at one rate longer weights look smoother, too (the fold has a drawing). The fair comparison is at each net's own best rate: weights $a$ times as long need a rate $a^2$ times as large, and then a step covers the same part of the valley. There the gradient "
      + (plain - there).worded(
        above:
          "changes less with batch norm too: \(numbers). So the smoothness is real. Whether it is the cause, this does not show: it may be another effect of whatever makes batch norm faster.",
        below: "changes more with batch norm: \(numbers). Batch norm spends its smoothness on larger steps.",
        withinChance:
          "changes equally much, within chance: \(numbers). Batch norm spends its smoothness on larger steps.")
  }

  /// What is left of the four reasons.
  static func addVerdict(to page: inout Page, _ findings: Findings) {
    let dispute = findings.dispute
    var rows: [[TableCell]] = []
    let lead = dispute.noisyLead
    rows.append([
      "steadier inputs", "noise after the norm, and without one",
      TableCell(
        dispute.isRefuted
          ? "not the main reason: shaken, batch norm still leads by \(fixed(lead.mean, 1)) points"
          : "not decided in this run"),
    ])
    if let turning = findings.turning {
      let (large, best) = (turning.costOfHolding(2), turning.costOfHolding(1))
      rows.append([
        "steps that correct themselves", "lengths of the weights held",
        TableCell(
          large.worded(
            above: "a part of why large rates are tolerated (\(fixed(large.mean, 1)) points)",
            below: "no", withinChance: "not needed for large rates")
            + best.worded(
              above: "; at the best rate too", below: "",
              withinChance:
                "; at the best rate between \(best.interval().replacingOccurrences(of: " to ", with: " and ")) of the \(fixed(findings.sweeps.gain.mean, 1)) points: not decided"
            )),
      ])
    }
    let smoother = dispute.gradientChanges[0] - dispute.gradientChanges[1]
    rows.append([
      "a smoother loss", "a walk along the step",
      TableCell(
        smoother.worded(
          above:
            "it goes with batch norm\(dispute.isSmootherAtOwn ? ", at each net's own best rate too" : " at one rate"); no cause is shown",
          below: "no", withinChance: "not seen")),
    ])
    rows.append(["noise that regularizes", noiseControl(findings), TableCell(noiseVerdict(findings))])
    page.prose("### What is left")
    page.table(
      Table("Four reasons, and what their controls leave of them", columns: ["reason", "control", "left"], rows: rows))
    page.project("Four reasons, and what is left of them", notes: "Whose vote has changed?")
    page.prose(
      """
      \(answer(dispute)) What is certain follows from the formula: the scale of the weights no longer \
      matters, so batch norm forgives bad initial weights and large rates. Why it is ahead even at each net's own best rate, none of these controls explains completely.

      The best-known effect of norms is missing here, because our nets have at most five hidden layers: with norms, nets of 20 and more layers begin to learn that would not begin without. \
      In residual nets (chapter 11) batch norm makes what a block adds small at the start, so a very deep net starts almost like a shallow one (De and Smith 2020). \
      Nets that set this scale by hand train without any norm (Brock et al. 2021).
      """)
  }

  /// The answer to the third question: how much of the lead is left without steady inputs.
  private static func answer(_ dispute: DisputeFindings) -> String {
    guard dispute.isRefuted else {
      return
        "Batch norm was made for steady inputs, and it delivers them. Whether they are the reason, this run does not decide."
    }
    return
      "So the answer to the third question is, for these small nets: mostly not. Shaken by noise, the net keeps \(fixed(dispute.noisyLead.mean, 1))\(dispute.noisyLead.magnitude.intervalNote()) of the \(fixed(dispute.gain.mean, 1)) points\(dispute.gain.magnitude.intervalNote()) by which batch norm leads. The share is large; the effect itself is small."
  }

  /// What the walk found: both nets at one rate, and batch norm at its own.
  private static func smoothnessTable(_ findings: Findings) -> Table {
    let dispute = findings.dispute
    var rows = dispute.probed.indices.map { i in
      (StabilityVariant.experiment[i].rawValue, dispute.rates[dispute.best[0]], dispute.probed[i])
    }
    if let own = dispute.probedAtOwn, dispute.best[1] != dispute.best[0] {
      rows.append(("batch norm, own best rate", dispute.rates[dispute.best[1]], own))
    }
    let directed = rows.contains { $0.2.allSatisfy { $0.cosines != nil } }
    return Table(
      "Up to four steps ahead\(directed ? ", the cosine at four" : ""); mean over the run and \(findings.seedWords)",
      columns: [
        "net", "rate", .init("loss range", digits: 2), .init("most ‖g′ − g‖/‖g‖", digits: 2),
      ] + (directed ? [.init("cosine", digits: 2)] : []),
      rows: rows.map { name, rate, runs in
        func mean(_ value: (StabilityRun) -> [Double]) -> TableCell {
          .measured(Summary(runs.map { Summary(value($0)).mean }))
        }
        return [
          TableCell(name), TableCell(short(rate)), .measured(Summary(runs.map(\.lossRange))), mean(\.gradientChanges),
        ] + (directed ? [runs.allSatisfy { $0.cosines != nil } ? mean { $0.cosines ?? [] } : "not recorded"] : [])
      })
  }
}
