// The page of chapter 5: why it works.

import Foundation
import Workbook

extension Norms {
  /// Four reasons, each with its control, and what is left of them.
  ///
  /// - Parameter told: what a full run has measured, where this one is none.
  static func addDispute(to page: inout Page, _ findings: Findings, told: Findings? = nil) {
    page.prose(
      """
      ## Why does it work? A dispute

      The third question, and the deeper part of this chapter: who only wants to use batch norm may stop here. Four reasons \
      are given. The first three can each be put to a test of their own; the fourth is only touched:

      1. *Steadier inputs.* Ioffe and Szegedy (2015) spoke of *internal covariate shift*: the inputs of each layer move while the \
      layers before it learn, and batch norm stops that. Most texts repeat it, S0, S1, S3 and S4 too.
      2. *Steps that correct themselves.* The scale of the weights no longer counts, so a rate that is too large grows harmless \
      (van Laarhoven 2017).
      3. *A smoother loss.* Along a step loss and gradient change less, so a larger step is safe (Santurkar et al. 2018).
      4. *Noise.* What an image becomes depends on which others share its batch, and that changes in every epoch: it hinders \
      learning by heart.
      """)
    page.slide(
      "Why does batch norm work?",
      """
      1. Steadier inputs (*internal covariate shift*)?
      2. Steps that correct themselves?
      3. A smoother loss?
      4. Noise that regularizes?
      """, notes: "A vote before each test, and one at the end.")
    addSteadiness(to: &page, findings)
    let (turning, decay) = (findings.turning ?? told?.turning, findings.decay ?? told?.decay)
    if let turning {
      page.prose("### 2. Steps that correct themselves?")
      addTurning(to: &page, turning, isRecorded: findings.turning == nil)
    }
    if let decay { addDecay(to: &page, decay, isRecorded: findings.decay == nil) }
    addSmoothness(to: &page, findings)
    addLearningByHeart(to: &page, findings, told: told)
    addVerdict(
      to: &page, findings, turning: turning, heart: findings.heartAgain ?? told?.heartAgain ?? findings.heart,
      told: told)
  }

  /// The answer to the third question: how much of the lead is left without steady inputs.
  private static func answer(_ dispute: DisputeFindings, _ recorded: DisputeFindings?) -> String {
    func share(_ found: DisputeFindings) -> String {
      let errors = found.bestErrors
      return "\(fixed(found.noisyLead.mean, 1)) of \(fixed((errors[0] - errors[1]).mean, 1)) points"
    }
    guard dispute.isRefuted else {
      return
        "Steady inputs are what batch norm was made for, and it delivers them. Whether they are the reason, this run does not decide."
    }
    let long = recorded.map { $0.isRefuted ? ", in the longer recorded run by \(share($0))" : "" } ?? ""
    return
      "So the answer to the third question is, for this small net: mostly not. Steady inputs are what batch norm was made for, and it delivers them. But take them away by noise, and the net still beats the one without a norm, by \(share(dispute))\(long)."
  }

  /// The first reason: noise behind the norm.
  private static func addSteadiness(to page: inout Page, _ findings: Findings) {
    let dispute = findings.dispute
    let (errors, movements, best) = (dispute.bestErrors, dispute.movements, dispute.best)
    let variants = StabilityVariant.experiment
    let worse = dispute.worseAt
    page.prose(
      """
      ### 1. Steadier inputs?

      Then unsteady inputs should take the advantage away. Santurkar, Tsipras, Ilyas and Madry added noise *behind* batch norm, \
      so that the distributions moved more than without any norm. Here in small: three hidden layers of 100 ReLU units, He's \
      weights, batches of 60; the noise scales and shifts every unit anew in every step. Each net has the best of \
      \(dispute.rates.count) learning rates\(dispute.validation == nil ? "" : ", chosen on images kept back").\
      \(dispute.noiseAlone == nil ? "" : " The control is the same noise without a norm.")
      """)
    page.predict(
      "Batch norm with noise after it that shakes every distribution in every step, each net at its own best learning rate: its test error will be",
      choices: ["lower than that of the net without a norm", "not clearly different", "higher"],
      answer: !isClear(dispute.noisyLead, beyond: 0) ? 1 : dispute.noisyLead.mean > 0 ? 0 : 2,
      "Averaged over the run: \(percentage(errors[0])) without a norm, \(percentage(errors[1])) with one, and \(percentage(errors[2])) with norm and noise.\(dispute.isRefuted && !worse.isEmpty ? " At \(worse.count == 1 ? "the small rate" : "the small rates") \(listed(worse)) the shaken net does worse than the one without a norm." : "")"
    )
    page.project("Shake every distribution. What happens to batch norm?")
    let lost =
      variants.indices.flatMap { i in dispute.diverged(i).map { "\(variants[i].rawValue) at \(short($0))" } }
      + dispute.rates.indices.filter { (dispute.noiseAlone?[$0].maximum ?? 0) >= 100 }.map {
        "\(StabilityVariant.noiseAlone.rawValue) at \(short(dispute.rates[$0]))"
      }
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
            }
              + (dispute.shownNoiseAlone.map {
                [Series(StabilityVariant.noiseAlone.rawValue, x: dispute.rates, y: $0.map(\.mean), color: 3)]
              } ?? []))),
        caption: """
          Mean of the errors at every \(dispute.probed[0][0].steps.first ?? 0)th step, over \(findings.seedWords), \
          \(findings.data).\(lost.isEmpty ? "" : " Runs diverged, which counts as guessing (90 %) and may lie above the axis: \(lost.joined(separator: "; ")).")
          """,
        name: "noisy-errors"))
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
            .measured(best),
            "–",
          ]
        ]
      } ?? []
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
        } + controlRow))
    page.sideNote(
      "Movement: (|change of mean| + |change of deviation|)/deviation from one step to the next, inputs of the last hidden activation, averaged over the units; without a norm it includes the change of batch. With batch norm it is measured after the norm, which keeps mean and deviation of every batch."
    )
    page.prose(
      dispute.isRefuted
        ? "Shaken, batch norm still beats no norm by \(fixed(dispute.noisyLead.mean, 1)) points\(dispute.noisyLead.magnitude.intervalNote()), though its distributions move more: steadiness is not needed in this small net. The noise \(dispute.costOfNoise.mean < 0 ? "saves" : "costs") \(fixed(abs(dispute.costOfNoise.mean), 1)) points\(dispute.costOfNoise.magnitude.intervalNote())\(dispute.costsEverywhere ? ", and the steady net is the better one at every rate" : "").\(control(dispute))"
        : "In this run the noise experiment does not decide.\(control(dispute))")
  }

  /// What the same noise does without a norm.
  private static func control(_ dispute: DisputeFindings) -> String {
    var words = ""
    if let cost = dispute.costWithoutNorm {
      words = cost.worded(
        above:
          " Without a norm the same noise costs \(fixed(cost.mean, 1)) points\(cost.magnitude.intervalNote()): there it is a real disturbance.",
        below:
          " Without a norm the same noise even saves \(fixed(-cost.mean, 1)) points\(cost.magnitude.intervalNote()).",
        withinChance:
          " Without a norm the same noise makes no difference beyond chance (\(fixed(abs(cost.mean), 1)) points \(cost.mean < 0 ? "fewer" : "more")\(cost.magnitude.intervalNote())): to that net it is no great disturbance."
      )
    } else {
      words = " A control is missing in this run: the same noise without a norm."
    }
    return words
  }

  /// The loss and the gradient along the step.
  private static func addSmoothness(to page: inout Page, _ findings: Findings) {
    let (dispute, probed) = (findings.dispute, findings.dispute.probed)
    let changes = dispute.gradientChanges
    func chart(_ label: String, _ value: (StabilityRun) -> [Double]) -> Plot {
      .lines(
        LineChart(
          x: Axis("step of the training"), y: Axis(label),
          probed.indices.map { i in
            let steps = probed[i][0].steps
            return Series(
              StabilityVariant.experiment[i].rawValue, x: steps.map(Double.init),
              y: steps.indices.map { step in Summary(probed[i].map { value($0)[step] }).mean }, isEmphasized: i == 1,
              color: i)
          }))
    }
    let smoother = changes[0] - changes[1]
    let isSmoother = isClear(smoother, beyond: 0) && smoother.mean > 0
    page.prose(
      """
      ### 3. A smoother loss?

      Imagine a walk down a curve: where the slope hardly changes on the way, a long step is safe. From points along the training we \
      walk up to four steps against the gradient and note how much it changes. \
      \(isSmoother ? "At one rate it changes by \(fixed(changes[0].mean, 1)) times its own size without a norm, and by \(fixed(changes[1].mean, 1)) times with one. So it is smoother" : "At one rate it changes by \(fixed(changes[0].mean, 1)) times its own size without a norm and by \(fixed(changes[1].mean, 1)) times with one. And were it smoother"): \
      is that a cause? There is a doubt. With weights $a$ times as long the slope before a norm is $1/a$ as large, and what it does \
      within a way of some length it now does within one $a$ times as long: the curvature falls like $1/a^2$. With weights twice as \
      long batch norm would look four times as smooth, and the net would do the same. Both nets start at He's lengths here; at \
      others the comparison would come out otherwise. So smoothness is no property of the net alone.
      """)
    page.fold("The walk along the step: measure, numbers, code") { page in
      page.prose(
        """
        Noted are how far the loss ranges and the largest $\\|g' - g\\|/\\|g\\|$, with $g$ the gradient here and $g'$ the one ahead. \
        Divided by the rate this is the constant that Santurkar's theory is about (Lipschitz's, of the gradient along the step).

        What would such numbers mean? 0 is a slope that stays as it is. 1 means that the change is as large as the gradient \
        was: it has shrunk to nearly nothing, or kept its length and turned by 60°. 5 means that it has become four to six times as \
        large. A cosine below 0 between the two means that the gradient ahead points back: the step has overshot.
        """)
      page.table(smoothnessTable(findings))
      page.prose(ownRateWords(dispute))
      page.figure(
        Figure(
          isSmoother
            ? "At one rate the gradient changes less within four steps with batch norm: \(short(changes[1].mean)) times its own size, without \(short(changes[0].mean))"
            : "How much the gradient changes along the step, with and without batch norm",
          chart("change of the gradient within four steps (1: its own size)", \.gradientChanges),
          caption: """
            At \(short(dispute.rates[dispute.best[0]])), \(dispute.probedRate)\(dispute.failingRate.map { "; four steps reach \(short($0)), where the plain net fails anyway" } ?? ""). \
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

  /// What is left of the four reasons.
  private static func addVerdict(
    to page: inout Page, _ findings: Findings, turning: TurnFindings?, heart: HeartFindings, told: Findings?
  ) {
    let dispute = findings.dispute
    func points(_ difference: Summary) -> String { "\(fixed(abs(difference.mean), 1)) points" }
    var rows: [[TableCell]] = []
    let (lead, cost) = (dispute.noisyLead, dispute.costOfNoise)
    rows.append([
      "steadier inputs", "noise behind the norm",
      TableCell(
        dispute.isRefuted
          ? "not needed: shaken, still \(points(lead)) ahead of no norm"
            + cost.worded(above: "; of use: the noise costs \(points(cost))", below: "", withinChance: "")
          : "not decided in this run"),
    ])
    if let turning {
      let (large, best) = (turning.costOfHolding(2), turning.costOfHolding(1))
      rows.append([
        "steps that correct themselves", "lengths of the weights held",
        TableCell(
          large.worded(
            above: "part of why large rates are tolerated: at eight times the best rate it costs \(points(large))",
            below: "no: it even saves \(points(large))", withinChance: "not needed for large rates")
            + best.worded(
              above: "; at the best rate \(points(best))", below: "", withinChance: "; at the best rate nothing")),
      ])
    }
    let smoother = dispute.gradientChanges[0] - dispute.gradientChanges[1]
    rows.append([
      "a smoother loss", "a walk along the step",
      TableCell(
        smoother.worded(
          above: "it goes with it, but its size hangs on the length of the weights: no cause shown",
          below: "no", withinChance: "not seen")),
    ])
    rows.append([
      "noise that regularizes", "none: batch norm on or off, few images",
      TableCell(
        heart.gap.worded(
          above: "batch norm saves \(points(heart.gap)) on new images; the noise was not isolated",
          below: "not seen: on new images batch norm costs \(points(heart.gap)); the noise was not isolated",
          withinChance:
            "not seen, and not isolated: on new images between \(fixed(heart.gap.mean - heart.gap.uncertainty, 1)) and \(fixed(heart.gap.mean + heart.gap.uncertainty, 1)) points saved"
        )),
    ])
    page.prose("### What is left")
    page.table(
      Table("Four reasons, and what their controls leave of them", columns: ["reason", "control", "left"], rows: rows))
    page.project("Four reasons, and what is left of them", notes: "Whose vote has changed?")
    page.prose(
      """
      \(answer(dispute, told?.dispute)) What it surely gives is in the formula: the scale of the weights no longer \
      counts, and so bad starts and large rates are forgiven. Why it is sooner even at each net's own best rate, no single control \
      here explains, nor do the papers agree.
      """)
  }

  /// What the walk found: both nets at one rate, and batch norm at its own.
  private static func smoothnessTable(_ findings: Findings) -> Table {
    let dispute = findings.dispute
    var rows = dispute.probed.indices.map { i in
      (StabilityVariant.experiment[i].rawValue, dispute.rates[dispute.best[0]], dispute.probed[i])
    }
    if let own = dispute.probedAtOwn, dispute.best[1] != dispute.best[0] {
      rows.append(("batch norm, own rate", dispute.rates[dispute.best[1]], own))
    }
    let directed = rows.allSatisfy { $0.2.allSatisfy { $0.sizes != nil && $0.cosines != nil } }
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
        ] + (directed ? [mean { $0.cosines ?? [] }] : [])
      })
  }

  /// Whether batch norm is the smoother one at its own best rate, too.
  private static func ownRateWords(_ dispute: DisputeFindings) -> String {
    guard let own = dispute.probedAtOwn, dispute.best[1] != dispute.best[0] else {
      return "At one rate a step may be near the edge for one net and small for the other."
    }
    let there = Summary(own.map { Summary($0.gradientChanges).mean })
    let difference = dispute.gradientChanges[0] - there
    let smoother = dispute.gradientChanges[0] - dispute.gradientChanges[1]
    let spends =
      isClear(smoother, beyond: 0) && smoother.mean > 0
      ? " Its slope is smoother at equal steps, and it spends this on larger ones." : ""
    return
      "At one rate a step may be near the edge for one net and small for the other. So the last row has batch norm at its own best rate: "
      + difference.worded(
        above: "its gradient changes less than that of the plain net even then.",
        below:
          "there its gradient changes more than that of the plain net." + spends,
        withinChance:
          "there the two are alike, within chance." + spends
      )
  }
}
