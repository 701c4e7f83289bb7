// The page of chapter 5: why it works.

import Foundation
import Workbook

extension Norms {
  /// Covariate shift against smoothness.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    let dispute = findings.dispute
    let (errors, movements, best) = (dispute.bestErrors, dispute.movements, dispute.best)
    let variants = StabilityVariant.allCases
    page.prose(
      """
      ## Why does it work? A dispute

      The sources give Ioffe and Szegedy's reason: *internal covariate shift*. Each layer's input distribution moves while the \
      layers before it learn, and batch norm stops that. In 2018 Santurkar, Tsipras, Ilyas and Madry put it to the test: they \
      added noise *after* batch norm, so that the distributions moved more than without any norm, and the net still trained \
      fast. Their own explanation: the loss becomes smoother. Along a step the loss and the gradient change less, so a larger \
      step is safe.

      Both parts can be repeated in small: three hidden layers of 100 ReLU units, He's weights, batches of 60. The noise after \
      the norm scales and shifts every unit anew in every step. Each net has the best of \(dispute.rates.count) learning rates.
      """)
    page.slide("Why does batch norm work?", "Internal covariate shift, say its authors. Is that so?")
    page.predict(
      "Batch norm with noise after it that shakes every distribution in every step, each net at its own best learning rate: its test error will be",
      choices: ["lower than that of the net without a norm", "not clearly different", "higher"],
      answer: !isClear(dispute.noisyLead, beyond: 0) ? 1 : dispute.noisyLead.mean > 0 ? 0 : 2,
      "Averaged over the run: \(percentage(errors[0])) without a norm, \(percentage(errors[1])) with one, and \(percentage(errors[2])) with norm and noise."
    )
    page.project("Shake every distribution. What happens to batch norm?")
    let worse = dispute.worseAt
    let lost = variants.indices.flatMap { i in dispute.diverged(i).map { "\(variants[i].rawValue) at \(short($0))" } }
    // As high as the points at which no run diverged.
    let drawn = variants.indices.flatMap { i in
      dispute.shown[i].indices.filter { !dispute.diverged(i).contains(dispute.rates[$0]) }.map {
        dispute.shown[i][$0].mean
      }
    }
    let top = 10 * ((drawn.max() ?? 90) / 10 + 0.1).rounded(.up)
    page.figure(
      Figure(
        dispute.isRefuted
          ? "Shaken by noise in every step, batch norm still beats no norm, each at its best rate"
          : "Test error by learning rate: no norm, batch norm, batch norm with noise",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true, ticks: dispute.rates.map { ($0, short($0)) }),
            y: Axis("test error over the run (%)", range: 0...top),
            variants.indices.map { i in
              Series(
                variants[i].rawValue, x: dispute.rates, y: dispute.shown[i].map(\.mean), isEmphasized: i == 1, color: i
              )
            })),
        caption: """
          Mean of the errors at every \(dispute.probed[0][0].steps.first ?? 0)th step, over \(findings.seedWords), \
          \(findings.data).\(lost.isEmpty ? "" : " Runs diverged, which counts as guessing (90 %) and may lie above the axis: \(lost.joined(separator: ", ")).")\(worse.isEmpty ? "" : " At \(listed(worse)) the shaken net does worse than the one without a norm.")
          """,
        name: "noisy-errors"))
    page.project(
      dispute.isRefuted
        ? "Shaken batch norm still beats no norm"
        : "Errors: no norm \(fixed(errors[0].mean, 0)) %, norm \(fixed(errors[1].mean, 0)) %, with noise \(fixed(errors[2].mean, 0)) %"
    )
    page.table(
      Table(
        "Each net at its own best learning rate, over \(findings.seedWords)",
        columns: [
          "net", "rate", .init("test error over the run (%)", digits: 1), .init("movement in one step (σ)", digits: 2),
        ],
        rows: variants.indices.map { i in
          [
            TableCell(variants[i].rawValue), TableCell(short(dispute.rates[best[i]])), .measured(errors[i]),
            variants[i] == .normalized ? "≈ 0 by construction" : .measured(movements[i]),
          ]
        }))
    page.sideNote(
      "Movement: (|change of mean| + |change of deviation|)/deviation from one step to the next, inputs of the last hidden activation, averaged over the units; without a norm it includes the change of batch. With batch norm it is measured after the norm, which keeps mean and deviation of every batch."
    )
    page.prose(
      dispute.isRefuted
        ? "Shaken, batch norm still beats no norm by \(fixed(dispute.noisyLead.mean, 1)) points\(dispute.noisyLead.magnitude.intervalNote()), though its distributions move more: steadiness is not needed in this small net. The noise \(dispute.costOfNoise.mean < 0 ? "saves" : "costs") \(fixed(abs(dispute.costOfNoise.mean), 1)) points\(dispute.costOfNoise.magnitude.intervalNote())\(dispute.costsEverywhere ? ", and the steady net is the better one at every rate" : ""). A control is missing: the same noise without a norm."
        : "In this run the noise experiment does not decide.")
    addSmoothness(to: &page, findings)
  }

  /// The loss and the gradient along the step.
  private static func addSmoothness(to page: inout Page, _ findings: Findings) {
    let (dispute, probed) = (findings.dispute, findings.dispute.probed)
    let (changes, ranges) = (dispute.gradientChanges, dispute.lossRanges)
    func chart(_ label: String, _ value: (StabilityRun) -> [Double]) -> Plot {
      .lines(
        LineChart(
          x: Axis("step"), y: Axis(label),
          probed.indices.map { i in
            let steps = probed[i][0].steps
            return Series(
              StabilityVariant.allCases[i].rawValue, x: steps.map(Double.init),
              y: steps.indices.map { step in Summary(probed[i].map { value($0)[step] }).mean }, isEmphasized: i == 1,
              color: i)
          }))
    }
    page.prose(
      """
      And smoothness? Both nets train at one rate. From each probed point we walk up to four steps along the negative gradient, \
      and note how far the loss ranges and how much the gradient changes.
      """)
    page.code("probe", in: "Landscape.swift")
    page.table(
      Table(
        "Along the step, both nets at one rate, mean over the run and \(findings.seedWords)",
        columns: ["net", .init("range of the loss", digits: 2), .init("largest ‖g′ − g‖/‖g‖", digits: 2)],
        rows: probed.indices.map { i in
          [TableCell(StabilityVariant.allCases[i].rawValue), .measured(ranges[i]), .measured(changes[i])]
        }))
    let smoother = changes[0] - changes[1]
    page.figure(
      Figure(
        isClear(smoother, beyond: 0) && smoother.mean > 0
          ? "Within four steps the gradient changes less with batch norm: at most by \(short(changes[1].mean)) of its own size, without by \(short(changes[0].mean))"
          : "How much the gradient changes along the step, with and without batch norm",
        chart("largest relative change of the gradient within four steps", \.gradientChanges),
        caption: """
          At \(short(dispute.rates[dispute.best[0]])), \(dispute.probedRate)\(dispute.failingRate.map { "; four steps reach \(short($0)), where the plain net fails anyway" } ?? ""). \
          The largest ‖g′ − g‖/‖g‖ of three places, 1, 2 and 4 steps ahead, on the same batch. Mean of \(findings.seedWords), \(findings.data).
          """,
        name: "gradient-change"))
    page.project(
      isClear(smoother, beyond: 0) && smoother.mean > 0
        ? "At one rate, the gradient changes less with batch norm" : "How much the gradient changes along the step")
    page.callout(
      .note,
      """
      **Disputed.** That batch norm helps is not in doubt; why it helps is. "Less internal covariate shift" is the reason its \
      authors gave and our sources repeat; the noise experiment speaks against it as *the* reason. Smoothness is the rival \
      explanation. Scale invariance alone changes the effective learning rate, and the noise of the batch may regularize. One \
      small net decides none of this. Read both papers.
      """)
  }
}
