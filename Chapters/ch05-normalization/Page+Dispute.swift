// The page of chapter 5: why it works.

import Foundation
import Workbook

extension Norms {
  /// What is left of four reasons, and then each with its control.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    let (gain, net) = (findings.decisive.gain, findings.decisive.net)
    page.prose(
      """
      ## Why does it work? A dispute

      Why does batch norm tolerate large rates, and why does \(net) end \
      \(fixed(abs(gain.mean), 1)) points \(gain.mean < 0 ? "behind" : "ahead")\(gain.magnitude.intervalNote()), each version at its own best rate? The first explanation was this: \
      the inputs of a layer move while the layers before it learn (*internal covariate shift*), and batch norm stops it. Three others followed. \
      Each control takes one reason away or makes it weaker:
      """)
    page.slide(
      "Why does batch norm work?",
      """
      1. Steadier inputs (*internal covariate shift*)?
      2. Steps that correct themselves?
      3. A smoother loss?
      4. Noise that regularizes?
      """, notes: "A vote before the table, and one at the end.")
    addVerdict(to: &page, findings)
    addSteadiness(to: &page, findings)
    if let turning = findings.turning {
      page.prose("### 2. Steps that correct themselves?")
      addTurning(to: &page, turning, gain: findings.gain)
    }
    if let decay = findings.decay { addDecay(to: &page, decay) }
    addSmoothness(to: &page, findings)
    addNoise(to: &page, findings)
  }

  /// The first reason: noise and drift after the norm.
  private static func addSteadiness(to page: inout Page, _ findings: Findings) {
    let dispute = findings.decisive
    let (errors, movements) = (dispute.bestErrors, dispute.movements)
    page.prose(
      """
      ### 1. Steadier inputs?

      If batch norm works because it keeps the inputs of each layer \(dispute.drifting == nil ? "steady" : "steady and in range"), then disturbing them *after* each norm should take the gain away. \
      *Noise* gives each unit a new random scale and shift in every step.\
      \(dispute.drifting == nil ? "" : " A *slow drift* moves each unit out of range in the course of the training.")
      """)
    page.predict(
      "Noise after batch norm shakes every distribution in every step. At its own best rate, the test error of the shaken net will be",
      choices: ["lower than that of the net without a norm", "not clearly different", "higher"],
      answer: !isClear(dispute.noisyLead, beyond: 0) ? 1 : dispute.noisyLead.mean > 0 ? 0 : 2,
      "\(dispute.isFiveLayers ? "After training" : "Averaged over the run"): \(percentage(errors[0])) without a norm, \(percentage(errors[1])) with batch norm, and \(percentage(errors[2])) with batch norm and noise.\(smallRates(dispute))"
    )
    page.figure(noiseFigure(findings))
    page.project(
      dispute.isRefuted
        ? "Shaken by noise, batch norm still beats no norm"
        : dispute.costOfNoise.worded(
          above: "Noise after batch norm costs \(fixed(dispute.costOfNoise.mean, 1)) points",
          below: "Noise after batch norm does no harm", withinChance: "Noise after batch norm: does it do harm?"))
    page.prose(
      dispute.isRefuted
        ? """
        Shaken, batch norm still beats no norm by \(fixed(dispute.noisyLead.mean, 1)) points\(dispute.noisyLead.magnitude.intervalNote()), \
        although its inputs move \(short(movements[2].mean / movements[0].mean, digits: 2)) times as far in a step as without a norm. \
        \(costWords(dispute))\(control(dispute)) \(driftWords(dispute))
        """
        : "In this run the noise experiment does not decide.\(undecided(dispute))\(control(dispute)) \(driftWords(dispute))"
    )
    page.fold("How the inputs are disturbed, and all numbers") {
      $0.prose(
        """
        *Noise*, after Santurkar et al.: each unit is multiplied by a random factor $e^{0.3s}$ (mostly between 0.7 and 1.4) and shifted by a random number $0.3b$; \
        $s$ and $b$ are normal with spread 1 and new in every step.\
        \(dispute.drifting == nil ? "" : " *Slow drift*: the numbers of each unit move from where the norm puts them to 2.7 times or 1/2.7 of that spread, and up or down by 1: a drift of the size of figure 1. It is milder in one respect: the next norm removes it before it can multiply from layer to layer.")\
        \(dispute.noiseAlone == nil ? "" : " The control is the same disturbance without a norm.") Each version has its own best rate. \
        How far inputs move is measured at the last hidden activation: by how much the mean and the standard deviation of each unit change from one step to the next, divided by that standard deviation.
        """)
      $0.table(disturbedTable(findings))
    }
  }

  /// What noise and drift leave where the lead of the shaken net is within chance.
  private static func undecided(_ dispute: DisputeFindings) -> String {
    guard dispute.isFiveLayers else { return "" }
    let (cost, lead) = (dispute.costOfNoise, dispute.noisyLead)
    return
      " The noise costs \(fixed(cost.mean, 1)) points\(cost.intervalNote()), and what is left of the lead, \(fixed(lead.mean, 1))\(lead.intervalNote()), is within chance."
  }

  /// What the noise costs batch norm.
  private static func costWords(_ dispute: DisputeFindings) -> String {
    let (cost, lead) = (dispute.costOfNoise, dispute.noisyLead)
    return cost.worded(
      above:
        "The noise costs \(fixed(cost.mean, 1)) points\(cost.intervalNote()). That is the most that steadiness from step to step can explain, because noise also does harm of its own.",
      below: "The noise even saves \(fixed(-cost.mean, 1)) points\(cost.magnitude.intervalNote()).",
      withinChance:
        "What the noise costs is within chance (\(cost.interval()) points): steadiness from step to step is not seen to matter."
    )
  }

  /// What the slow drift does, or that it was not tried.
  private static func driftWords(_ dispute: DisputeFindings) -> String {
    guard let lead = dispute.driftingLead, let cost = dispute.costOfDrift else {
      return
        "(The noise is new in every step and averages out, and the shaken net is still in range. So this tests steadiness from step to step; whether *range* is the reason, it does not test.)"
    }
    let harm: String =
      dispute.costOfDriftWithoutNorm.map { alone in
        alone.worded(
          above: " Without a norm the same drift costs \(fixed(alone.mean, 1)) points\(alone.intervalNote()).",
          below: " Without a norm the same drift even saves points.",
          withinChance:
            " Without a norm the same drift makes no difference beyond chance (\(alone.interval()) points).")
      } ?? ""
    let what = lead.worded(
      above:
        "With it batch norm still beats no norm by \(fixed(lead.mean, 1)) points\(lead.intervalNote()): so much does not need range.",
      below:
        "With it batch norm is behind the undisturbed net without a norm by \(fixed(-lead.mean, 1)) points\(lead.magnitude.intervalNote()): nothing of the gain is left.",
      withinChance:
        "With it nothing of the gain is left beyond chance: against the undisturbed net without a norm, batch norm is between \(ends(lead))."
    )
    return "\n\nThe shaken net is still in range; the slow drift takes range away. " + what
      + harm
      + cost.worded(
        above: lead.mean > 0 && isClear(lead, beyond: 0)
          ? ""
          : " So the drift does much harm of its own, and the test decides neither way.",
        below: "", withinChance: "")
  }

  /// `1.1 points behind and 0.3 ahead`: an interval around 0.
  private static func ends(_ lead: Summary) -> String {
    "\(fixed(max(0, lead.uncertainty - lead.mean), 1)) points behind and \(fixed(max(0, lead.mean + lead.uncertainty), 1)) points ahead"
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
  private static func noiseFigure(_ findings: Findings) -> Figure {
    let (dispute, variants) = (findings.decisive, StabilityVariant.experiment)
    let low = (dispute.shown.flatMap { $0.map(\.mean) }.min() ?? 4) / 1.2
    let others: [(StabilityVariant, [Summary]?)] =
      dispute.drifting.map { [(.drifting, $0.errors)] } ?? [(.noiseAlone, dispute.shownNoiseAlone)]
    let drifts = dispute.driftingLead.map { isClear($0, beyond: 0) && $0.mean > 0 }
    let title =
      switch drifts {
      case nil: "Shaken by noise in every step, batch norm still beats no norm, each at its best rate"
      case true?: "Shaken by noise or slowly drifting, batch norm still beats no norm, each at its best rate"
      case false?:
        "Shaken by noise, batch norm still beats no norm; with a slow drift it does not (each at its best rate)"
      }
    return Figure(
      dispute.isRefuted
        ? title
        : drifts == false && isClear(dispute.costOfNoise, beyond: 0) && dispute.costOfNoise.mean > 0
          ? "Noise takes away a part of batch norm's lead, a slow drift all of it"
          : "Test error by learning rate: no norm, batch norm, batch norm with noise",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: dispute.rates.map { ($0, short($0)) }),
          y: Axis(
            "\(dispute.isFiveLayers ? "test error" : "test error over the run") (%), logarithmic scale", log: true,
            range: low...100, ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) }),
          variants.indices.map { i in
            Series(
              variants[i].rawValue, x: dispute.rates, y: dispute.shown[i].map(\.mean),
              deviation: halfIntervals(dispute.shown[i]), isEmphasized: i == 1, color: i)
          }
            + others.enumerated().compactMap { place, other in
              other.1.map {
                Series(
                  other.0.rawValue, x: dispute.rates, y: $0.map(\.mean), deviation: halfIntervals($0), color: 3 + place)
              }
            }, references: [.init(.horizontal, at: 90, "guessing")])),
      caption: """
        \(dispute.caption(findings))\(shadingNote(dispute.bestErrors[0].count)).\(best(dispute)) A run that diverged counts as guessing.
        """, name: "noisy-errors")
  }

  /// Nets whose best rate is the largest that was tried.
  private static func best(_ dispute: DisputeFindings) -> String {
    let last = dispute.best.indices.filter { dispute.best[$0] == dispute.rates.count - 1 }
    let names = last.map { StabilityVariant.experiment[$0].rawValue }
    return names.isEmpty ? "" : " The best rate of \(names.joined(separator: " and ")) is the largest that was tried."
  }

  /// Each version at its best rate, and by how much it is ahead of the net without a norm.
  private static func disturbedTable(_ findings: Findings) -> Table {
    let dispute = findings.decisive
    var rows = StabilityVariant.experiment.enumerated().map { place, variant in
      (variant, dispute.rates[dispute.best[place]], dispute.bestErrors[place])
    }
    if let net = dispute.drifting { rows.append((.drifting, net.rate, dispute.driftingBest ?? net.bestErrors)) }
    if let rate = dispute.noiseAloneRate, let errors = dispute.noiseAloneBest {
      rows.append((.noiseAlone, rate, errors))
    }
    if let net = dispute.driftAlone { rows.append((.driftAlone, net.rate, dispute.driftAloneBest ?? net.bestErrors)) }
    let plain = dispute.bestErrors[0]
    return Table(
      "\(dispute.caption(findings, seeds: plain.count)): each version at its own best rate, and how many points it is ahead of no norm (95 % interval)",
      columns: [
        "version", "rate", .init(dispute.isFiveLayers ? "test error (%)" : "test error over the run (%)", digits: 1),
        "points ahead",
      ],
      rows: rows.map { variant, rate, errors in
        let ahead = Summary(Array(plain.values.prefix(errors.count))) - errors
        return [
          TableCell(variant.rawValue), TableCell(short(rate)), .measured(errors),
          TableCell(
            variant == .plain
              ? "–"
              : (fixed(ahead.mean, 1) + (ahead.count < 3 ? "" : " (\(ahead.interval()))")).replacingOccurrences(
                of: "-", with: "−")),
        ]
      })
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

extension DisputeFindings {
  /// Whether the nets are those of the sweeps.
  var isFiveLayers: Bool { hiddenLayers != nil }
  /// The net in words, inside a sentence.
  var net: String { isFiveLayers ? "the five-layer net" : "a net of 3 hidden layers of 100 units" }
  /// The net, the length of training and the seeds, for a caption.
  ///
  /// - Parameter seeds: how many there are, where they are not those of the findings.
  func caption(_ findings: Norms.Findings, seeds: Int? = nil) -> String {
    let steps = probed.first?.first?.steps.last ?? 0
    return isFiveLayers
      ? "The five-layer net, \(grouped(findings.trainingCount)) images, 2 epochs, mean of \(counted(seeds ?? findings.seeds.count, "seed"))"
      : "3 hidden layers of 100, \(grouped(steps)) steps, mean over the run and \(findings.seedWords)"
  }
}
