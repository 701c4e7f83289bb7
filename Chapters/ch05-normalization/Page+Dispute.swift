// The page of chapter 5: why it works.

import Foundation
import Workbook

extension Norms {
  /// Four reasons, each with its control, and what is left of them.
  ///
  /// - Parameter today: a smaller run, which has one sentence beside a figure.
  static func addDispute(to page: inout Page, _ findings: Findings, today: Findings? = nil) {
    let gain = findings.dispute.gain
    page.prose(
      """
      ## Why does it work? A dispute

      If you only want to use batch norm, you can skip to *What is left*. Why does it tolerate large rates, and why does net D end \
      \(fixed(abs(gain.mean), 1)) points \(gain.mean < 0 ? "behind" : "ahead")\(gain.magnitude.intervalNote())? Four reasons have been proposed:

      1. *Steadier inputs.* The inputs of a layer move while the layers before it learn (*internal covariate shift*); batch norm stops this \
      (Ioffe and Szegedy 2015, and most texts since).
      2. *Steps that correct themselves.* The scale of the weights no longer matters, so a rate that is too large becomes harmless \
      (van Laarhoven 2017).
      3. *A smoother loss.* Loss and gradient change less along a step, so a larger step is safe (Santurkar et al. 2018).
      4. *Noise.* The mean of a batch depends on which images are in it, and this noise hinders memorizing (overfitting).
      """)
    page.slide(
      "Why does batch norm work?",
      """
      1. Steadier inputs (*internal covariate shift*)?
      2. Steps that correct themselves?
      3. A smoother loss?
      4. Noise that regularizes?
      """, notes: "A vote before each test, and one at the end.")
    addSteadiness(to: &page, findings, today: today)
    if let turning = findings.turning {
      page.prose("### 2. Steps that correct themselves?")
      addTurning(to: &page, turning, gain: findings.sweeps.gain)
    }
    if let decay = findings.decay { addDecay(to: &page, decay) }
    addSmoothness(to: &page, findings)
    addNoise(to: &page, findings)
    addVerdict(to: &page, findings)
  }

  /// The first reason: noise after the norm.
  private static func addSteadiness(to page: inout Page, _ findings: Findings, today: Findings?) {
    let dispute = findings.dispute
    let (errors, movements, best) = (dispute.bestErrors, dispute.movements, dispute.best)
    let variants = StabilityVariant.experiment
    page.prose(
      """
      ### 1. Steadier inputs?

      If steady inputs are the reason, unsteady inputs should take the gain away. Santurkar et al. added noise *after* batch norm, \
      so that the distributions moved more than without any norm. Here in every step every unit of net D is multiplied by a new random factor $e^{0.3s}$ (mostly between 0.7 and 1.4) and shifted by a new random number $0.3b$; \
      $s$ and $b$ are normal with spread 1. Each net has its own best rate.\
      \(dispute.noiseAlone == nil ? "" : " The control is the same noise without a norm.")
      """)
    page.predict(
      "Noise after batch norm shakes every distribution in every step. At its own best rate, the test error of the shaken net will be",
      choices: ["lower than that of the net without a norm", "not clearly different", "higher"],
      answer: !isClear(dispute.noisyLead, beyond: 0) ? 1 : dispute.noisyLead.mean > 0 ? 0 : 2,
      "Averaged over the run: \(percentage(errors[0])) without a norm, \(percentage(errors[1])) with batch norm, and \(percentage(errors[2])) with batch norm and noise.\(smallRates(dispute))"
    )
    page.project("Shake every distribution. What happens to batch norm?")
    page.figure(noiseFigure(findings, today: today))
    page.project(
      dispute.isRefuted
        ? "Shaken by noise, batch norm still beats no norm"
        : dispute.costOfNoise.worded(
          above: "Noise after batch norm costs \(fixed(dispute.costOfNoise.mean, 1)) points",
          below: "Noise after batch norm does no harm", withinChance: "Noise after batch norm: does it do harm?")
    )
    let controlRow: [[TableCell]] =
      dispute.noiseAloneBest.map { best in
        [
          [
            TableCell(StabilityVariant.noiseAlone.rawValue), TableCell(short(dispute.noiseAloneRate ?? 0)),
            .measured(best), "not measured",
          ]
        ]
      } ?? []
    page.fold("Rates, errors and movements") {
      $0.table(
        Table(
          "Net D, each version at its own best learning rate, over \(findings.seedWords)",
          columns: [
            "net", "rate", .init("test error over the run (%)", digits: 1),
            .init("movement in one step (σ)", digits: 2),
          ],
          rows: variants.indices.map { i in
            [
              TableCell(variants[i].rawValue), TableCell(short(dispute.rates[best[i]])), .measured(errors[i]),
              variants[i] == .normalized ? "≈ 0 by construction" : .measured(movements[i]),
            ]
          } + controlRow))
      $0.prose(
        "Movement: (|change of mean| + |change of deviation|)/deviation from one step to the next, for the inputs of the last hidden activation, averaged over the units."
      )
    }
    page.prose(
      dispute.isRefuted
        ? """
        Shaken, batch norm still beats no norm by \(fixed(dispute.noisyLead.mean, 1)) points\(dispute.noisyLead.magnitude.intervalNote()), \
        although its inputs move \(short(movements[2].mean / movements[0].mean, digits: 2)) times as far in a step as without a norm; \
        the noise \(dispute.costOfNoise.mean < 0 ? "saves" : "costs") \(fixed(abs(dispute.costOfNoise.mean), 1))\(dispute.costOfNoise.magnitude.intervalNote()). \
        So steady inputs are of some use, but most of the gain does not need them.\(control(dispute)) \
        (The noise is new in every step and averages out: inputs may *move*; whether they may *drift* in one direction, the test does not say.)
        """
        : "In this run the noise experiment does not decide.\(control(dispute))")
  }

  /// Where nets with a norm make more mistakes than the one without.
  private static func smallRates(_ dispute: DisputeFindings) -> String {
    let shaken = dispute.worseAt(2)
    let both = dispute.worseAt(1).filter { shaken.contains($0) }
    func named(_ rates: [Double]) -> String { "At the small \(rates.count == 1 ? "rate" : "rates") \(listed(rates))" }
    if !both.isEmpty {
      return
        " \(named(both)) both nets with batch norm, shaken or not, make more mistakes than the net without (as Bjorck et al. 2018 found)."
    }
    return dispute.isRefuted && !shaken.isEmpty
      ? " \(named(shaken)) the shaken net does worse than the one without a norm." : ""
  }

  /// All nets at all rates, up to guessing.
  private static func noiseFigure(_ findings: Findings, today: Findings?) -> Figure {
    let (dispute, variants) = (findings.dispute, StabilityVariant.experiment)
    let low = (dispute.shown.flatMap { $0.map(\.mean) }.min() ?? 4) / 1.2
    let now = today.map { today in
      let errors = today.dispute.bestErrors
      return
        " Today's run, \(today.dispute.probed.first?.first?.steps.last ?? 0) steps: \(percentage(errors[0])) without a norm, \(percentage(errors[1])) with batch norm, \(percentage(errors[2])) shaken."
    }
    return Figure(
      dispute.isRefuted
        ? "Shaken by noise in every step, batch norm still beats no norm, each at its best rate"
        : "Test error by learning rate: no norm, batch norm, batch norm with noise",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: dispute.rates.map { ($0, short($0)) }),
          y: Axis(
            "test error over the run (%), logarithmic scale", log: true, range: low...100,
            ticks: [2.0, 3, 5, 10, 20, 30, 50, 90].filter { $0 >= low }.map { ($0, short($0)) }),
          variants.indices.map { i in
            Series(
              variants[i].rawValue, x: dispute.rates, y: dispute.shown[i].map(\.mean), isEmphasized: i == 1, color: i)
          }
            + (dispute.shownNoiseAlone.map {
              [Series(StabilityVariant.noiseAlone.rawValue, x: dispute.rates, y: $0.map(\.mean), color: 3)]
            } ?? []), references: [.init(.horizontal, at: 90, "guessing")])),
      caption: """
        Net D, mean over the run and \(findings.seedWords).\(best(dispute)) A run that diverged counts as guessing.\(now ?? "")
        """,
      name: "noisy-errors")
  }

  /// Nets whose best rate is the largest that was tried.
  private static func best(_ dispute: DisputeFindings) -> String {
    let last = dispute.best.indices.filter { dispute.best[$0] == dispute.rates.count - 1 }
    let names = last.map { StabilityVariant.experiment[$0].rawValue }
    return names.isEmpty
      ? ""
      : " The best rate of \(names.joined(separator: " and ")) is the largest that was tried; a larger one might be better still."
  }

  /// What the same noise does without a norm.
  private static func control(_ dispute: DisputeFindings) -> String {
    guard let cost = dispute.costWithoutNorm else {
      return " A control is missing in this run: the same noise without a norm."
    }
    return " Without a norm the same noise"
      + cost.worded(
        above: " costs \(fixed(cost.mean, 1)) points\(cost.magnitude.intervalNote()): the noise is a real disturbance.",
        below: " even saves \(fixed(-cost.mean, 1)) points\(cost.magnitude.intervalNote()).",
        withinChance:
          " makes no difference beyond chance (\(fixed(abs(cost.mean), 1)) points \(cost.mean < 0 ? "fewer" : "more")\(cost.magnitude.intervalNote()))."
      )
  }
}
