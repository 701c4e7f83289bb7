// The page of chapter 5: is the loss smoother, and what is left of the four reasons.

import Foundation
import Workbook

extension Norms {
  /// The third reason: the loss and the gradient along the step.
  static func addSmoothness(to page: inout Page, _ findings: Findings) {
    let (dispute, probed) = (findings.decisive, findings.decisive.probed)
    let changes = dispute.gradientChanges
    let smoother = changes[0] - changes[1]
    let isSmoother = isClear(smoother, beyond: 0) && smoother.mean > 0
    page.prose(
      """
      ### 3. A smoother loss?

      Where the slope hardly changes on the way, a long step is safe. We walk against the gradient $g$ of a batch and compare it with the gradient $g'$ of the same batch there.
      """)
    if let walk = fairWalk(dispute) { page.table(fairTable(walk, findings)) }
    page.prose(fairWords(dispute))
    page.fold("The walk in numbers") { page in
      page.prose(
        """
        At one rate, \(dispute.probedRate), $g'$ differs from $g$ within four steps by \(fixed(changes[0].mean, 1)) times the size of $g$ without a norm, and by \(fixed(changes[1].mean, 1)) times with batch norm. \
        This alone says little. Make all weights $a$ times as long and change nothing else: the slope becomes $1/a$ of what it was, and it changes over a way $a$ times as long, so the curvature becomes $1/a^2$. \
        The net computes the same and looks smoother. And a change of 1 can mean that the batch is fitted: then $g'$ is near 0, however rough the loss.

        A change $\\|g' - g\\|/\\|g\\|$ of 0 means that the gradient stays as it is. With 1 it has shrunk to almost nothing, or has kept its length and turned by 60°; with 5 it is four to six times as \
        large. The cosine is that of the angle between the two; where it is negative, the step has gone too far. Divided by the length of the way, \
        $\\|g' - g\\|$ estimates the constant of Santurkar's theory (the Lipschitz constant of the gradient, along the step).
        """)
      page.table(dispute.walk.map { walkTable($0, findings) } ?? smoothnessTable(findings))
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
            \(dispute.isFiveLayers ? "The five-layer net" : "3 hidden layers of 100") at \(short(dispute.rates[dispute.best[0]])), \(dispute.probedRate)\(dispute.failingRate.map { "; four steps reach \(short($0)), where the plain net fails anyway" } ?? ""). \
            The largest ‖g′ − g‖/‖g‖ of three places, 1, 2 and 4 steps ahead, on the same batch. Mean of \(findings.seedWords), \(findings.data).
            """, name: "gradient-change"))
      page.project(
        isSmoother
          ? "At one rate, a norm keeps the gradient steadier in a step"
          : "Does a norm keep the gradient steady along a step?")
    }
  }

  /// The walks of the net without a norm and of batch norm at its own best rate, where both were made.
  private static func fairWalk(_ dispute: DisputeFindings) -> [Walk]? {
    guard let walk = dispute.walk, walk.count == 3, walk.allSatisfy({ $0.looks.count == 3 }) else { return nil }
    return [walk[0], walk[2]]
  }

  /// Along 1 % of the weights, and along one step of each net.
  private static func fairTable(_ walk: [Walk], _ findings: Findings) -> Table {
    Table(
      "How the gradient changes on the way; each net at its own best rate, mean of \(findings.seedWords)",
      columns: [
        "way", "net", .init("cosine of the angle between g and g′", digits: 2), .init("‖g′ − g‖/‖g‖", digits: 2),
      ],
      rows: [(2, "1 % of the weights' length"), (0, "one step")].flatMap { place, way in
        zip(["no norm", "batch norm"], walk).map { name, walk in
          [TableCell(way), TableCell(name), .measured(walk.looks[place].cosine), .measured(walk.looks[place].change)]
        }
      })
  }

  /// What a comparison says in which lengths cancel: at a fixed share of the weights, and at each net's own best rate.
  private static func fairWords(_ dispute: DisputeFindings) -> String {
    if let walk = fairWalk(dispute) {
      let (plain, norm, one, own) = (walk[0].looks[2], walk[1].looks[2], walk[0].looks[0], walk[1].looks[0])
      func number(_ value: Summary) -> String { fixed(value.mean, 2).replacingOccurrences(of: "-", with: "−") }
      func turns(_ look: Walk.Look) -> String {
        "\(look.cosine.mean < 0 ? "turns round" : "keeps its direction for the most part") (cosine \(number(look.cosine)))"
      }
      let (far, near) = (
        plain.change.mean - norm.change.mean, abs(own.change.mean / one.change.mean - 1)
      )
      return
        "Along 1 % of the weights' length the gradient \(turns(plain)) without a norm and \(turns(norm)) with batch norm: "
        + (plain.change - norm.change).worded(
          above: "the loss is smoother with batch norm.", below: "the loss is *rougher* with batch norm.",
          withinChance: "the difference is within chance.")
        + (far > 0 && near < 0.15
          ? " Along the step that each net really takes, the two are nearly alike: the gradient changes by \(number(one.change)) and \(number(own.change)) times its size. Batch norm spends its smoothness on longer steps."
          : " Along the step that each net really takes, the gradient changes by \(number(one.change)) times its size without a norm and by \(number(own.change)) times with batch norm.")
    }
    guard let there = dispute.changeAtOwn else { return "So smoothness at one rate is no property of the net alone." }
    let plain = dispute.gradientChanges[0]
    let numbers = "\(fixed(there.mean, 1)) times with batch norm against \(fixed(plain.mean, 1)) times without"
    return "At each net's own best rate, where lengths cancel, the gradient "
      + (plain - there).worded(
        above: "changes less with batch norm too: \(numbers). Whether smoothness is the cause, this does not show.",
        below: "changes more with batch norm: \(numbers). Batch norm spends its smoothness on larger steps.",
        withinChance:
          "changes equally much, within chance: \(numbers). Batch norm spends its smoothness on larger steps.")
  }

  /// What is left of the four reasons.
  static func addVerdict(to page: inout Page, _ findings: Findings) {
    let dispute = findings.decisive
    var rows: [[TableCell]] = []
    rows.append([
      TableCell(
        "\(dispute.drifting == nil ? "1. steadier inputs" : "1. steadier inputs, in range") (Ioffe and Szegedy 2015)"),
      TableCell(dispute.drifting == nil ? "noise" : "noise, slow drift"),
      TableCell(steadinessLeft(dispute)),
    ])
    if let turning = findings.turning {
      let (large, best) = (turning.costOfHolding(2), turning.costOfHolding(1))
      rows.append([
        "2. steps that correct themselves (van Laarhoven 2017)", "lengths held",
        TableCell(
          large.worded(
            above:
              "part of why large rates are tolerated",
            below: "no", withinChance: "not needed for large rates")
            + best.worded(
              above: "; at the best rate too", below: "",
              withinChance:
                "; at the best rate \(best.interval()) points: not decided"
            )),
      ])
    }
    rows.append([
      "3. a smoother loss (Santurkar et al. 2018)", "a walk ahead", TableCell(smoothnessLeft(findings)),
    ])
    rows.append([
      "4. noise that regularizes (Ioffe and Szegedy 2015)", noiseControl(findings),
      TableCell(noiseVerdict(findings)),
    ])
    page.table(
      Table(
        "Four reasons, and what their controls leave of them",
        columns: ["reason", "control", "what is left"], rows: rows))
    page.project(
      "Four reasons, and what is left of them",
      notes: "The result first; then the evidence for each reason. Whose vote has changed?")
    page.prose(
      """
      \(answer(dispute)) What is certain follows from the formula: the scale of the weights no longer \
      matters, so batch norm forgives bad initial weights and large rates.

      \(angleWords(findings)) Why batch norm ends ahead at all, these controls together do not explain.\(missing(findings))

      In residual nets (chapter 11) batch norm makes what a block adds small at the start, so a very deep net starts almost like a shallow one (De and Smith 2020). \
      Nets that set this scale by hand train without any norm (Brock et al. 2021).
      """)
  }

  /// The controls that would decide about range, and what comes nearest to them.
  private static func missing(_ findings: Findings) -> String {
    guard findings.decisive.isFiveLayers else { return "" }
    let (sizes, last) = (findings.sizes, findings.sizes.sizes.count - 1)
    func errors(_ kind: Normalization) -> String { percentage(sizes.errors(kind)[last]) }
    return
      " Controls that would help are missing: to subtract only the mean, to divide only by the deviation, and layer norm in the same net. Nearest to them comes the small LeNet in batches of \(sizes.sizes[last]), at one rate for all: no norm has \(errors(.none)) errors, layer norm, which keeps the range without the batch, \(errors(.layer)), and batch norm \(errors(.batch))."
  }

  /// What the disturbances leave of the first reason.
  private static func steadinessLeft(_ dispute: DisputeFindings) -> String {
    guard dispute.isRefuted else {
      return dispute.isFiveLayers
        ? "not decided: noise takes away \(fixed(dispute.costOfNoise.mean, 1)) points, a slow drift all; both do harm of their own"
        : "not decided in this run"
    }
    let (cost, lead) = (dispute.costOfNoise, dispute.noisyLead)
    let steady = cost.worded(
      above: "steadiness explains at most \(fixed(cost.mean, 1)) points", below: "steadiness is not needed",
      withinChance: "steadiness is not seen to matter (shaken, the lead is \(fixed(lead.mean, 1)))")
    guard let drifting = dispute.driftingLead else { return steady + "; range was not tested" }
    return steady
      + drifting.worded(
        above: "; range is not needed for \(fixed(drifting.mean, 1))", below: "; range is not excluded",
        withinChance: "; range is not excluded")
  }

  /// What the walk leaves of the third reason.
  private static func smoothnessLeft(_ findings: Findings) -> String {
    let dispute = findings.decisive
    let smoother = dispute.gradientChanges[0] - dispute.gradientChanges[1]
    if let walk = dispute.walk, walk.count == 3, let plain = walk[0].looks.last, let norm = walk[2].looks.last {
      return smoother.worded(
        above: "smoother", below: "not smoother at one rate", withinChance: "not seen at one rate")
        + (plain.change - norm.change).worded(
          above:
            ", which allows longer steps; that it saves points is not shown",
          below: ", but not after 1 % of the weights' length; no cause is shown",
          withinChance: ", but after 1 % of the weights' length within chance; no cause is shown")
    }
    return smoother.worded(
      above:
        "it goes with batch norm\(dispute.isSmootherAtOwn ? ", at each net's own best rate too" : " at one rate"); no cause is shown",
      below: "no", withinChance: "not seen")
  }

  /// The answer to the third question: how much of the lead is left without steady inputs.
  private static func answer(_ dispute: DisputeFindings) -> String {
    guard dispute.isRefuted else {
      if dispute.isFiveLayers {
        return
          "So the third question is not decided, for the five-layer net. Noise takes away \(fixed(dispute.costOfNoise.mean, 1)) of the \(fixed(dispute.gain.mean, 1)) points, a slow drift all of them; but both do harm of their own, as they show without a norm. So that batch norm works by keeping its inputs steady and in range is neither excluded nor shown."
      }
      return
        "Batch norm was made for steady inputs, and it delivers them. Whether they are the reason, this run does not decide."
    }
    let (cost, lead, gain) = (dispute.costOfNoise, dispute.noisyLead, dispute.gain)
    let steady =
      "So the third question has an answer in two parts, for \(dispute.net). *Steadiness from step to step* "
      + cost.worded(
        above: "explains at most \(fixed(cost.mean, 1)) of the \(fixed(gain.mean, 1)) points: ",
        below: "is not needed: ", withinChance: "is not seen to matter: ")
      + "shaken, batch norm still leads by \(fixed(lead.mean, 1))\(lead.intervalNote()). "
    guard let drifting = dispute.driftingLead else {
      return steady + "Whether *range* is the reason, was not tested: the shaken net is in range, too."
    }
    return steady
      + drifting.worded(
        above:
          "*Range* is not needed for all of it either: with a slow drift it leads by \(fixed(drifting.mean, 1))\(drifting.intervalNote()).",
        below:
          "*Range* is neither shown nor excluded: with a slow drift the whole lead is gone, but such a drift also does harm of its own.",
        withinChance:
          "*Range* is neither shown nor excluded: with a slow drift no lead is left, but such a drift also does harm of its own."
      )
  }

  /// What the walk found at all three places.
  private static func walkTable(_ walk: [Walk], _ findings: Findings) -> Table {
    let names = ["no norm", "batch norm", "batch norm, own best rate"]
    let places = ["1 step", "4 steps", "1 % of the weights"]
    return Table(
      "The gradient g′ ahead compared with g; mean over the run and \(findings.seedWords)",
      columns: [
        "net", "rate", "how far ahead", .init("‖g′‖/‖g‖", digits: 2), .init("cosine", digits: 2),
        .init("‖g′ − g‖/‖g‖", digits: 2),
      ],
      rows: zip(names, walk).flatMap { name, walk in
        zip(places, walk.looks).map { place, look in
          [
            TableCell(name), TableCell(short(walk.rate)), TableCell(place), .measured(look.size),
            .measured(look.cosine), .measured(look.change),
          ]
        }
      })
  }

  /// What the walk found where only the largest change was noted: both nets at one rate, and batch norm at its own.
  private static func smoothnessTable(_ findings: Findings) -> Table {
    let dispute = findings.decisive
    var rows = dispute.probed.indices.map { i in
      (StabilityVariant.experiment[i].rawValue, dispute.rates[dispute.best[0]], dispute.probed[i])
    }
    if let own = dispute.probedAtOwn, dispute.best[1] != dispute.best[0] {
      rows.append(("batch norm, own best rate", dispute.rates[dispute.best[1]], own))
    }
    return Table(
      "Up to four steps ahead; mean over the run and \(findings.seedWords)",
      columns: ["net", "rate", .init("loss range", digits: 2), .init("most ‖g′ − g‖/‖g‖", digits: 2)],
      rows: rows.map { name, rate, runs in
        [
          TableCell(name), TableCell(short(rate)), .measured(Summary(runs.map(\.lossRange))),
          .measured(Summary(runs.map { Summary($0.gradientChanges).mean })),
        ]
      })
  }
}
