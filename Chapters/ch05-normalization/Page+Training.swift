// The page of chapter 5: what normalization does to training.

import Foundation
import Workbook

extension Norms {
  /// Depth and learning rates.
  static func addSweeps(to page: inout Page, _ findings: Findings) {
    let (sweeps, limit) = (findings.sweeps, SweepFindings.limit)
    let (ratio, gain, best) = (sweeps.reachRatio, findings.gain, findings.bestPair)
    let isFactor = ratio.count >= 3 && ratio.minimum > 1
    page.prose(
      """
      ## Does it train better?
      """)
    if let depth = findings.depth { addDepth(to: &page, depth, data: findings.data) }
    page.prose(
      """
      Now the five-layer net, which learns in both versions. We train it on \(grouped(findings.trainingCount)) images for two epochs, at every learning rate.\
      \(findings.keptBack == nil ? " (The rates are chosen by the tested images, which chapter 3 forbids: an error at a best rate is a little too low.)" : "")
      """)
    page.predict(
      """
      At a rate of \(short(sweeps.rates[0].settings[0], digits: 2)) the net **without** a norm still learns; at \
      \(short(sweeps.guessesFrom)) it only guesses. How does the error of the net **with** batch norm go, from the smallest rate to the \
      largest?
      """,
      drawing: Normalization.batch.name,
      """
      It falls, stays low over a wide range of rates, and in the end rises to guessing too\(isFactor ? ". The largest rate at which the net learns is \(factorRange(ratio)) times as large as without a norm" : "").
      """)
    page.figure(
      Figure(
        isFactor
          ? "With batch norm the net still learns at rates \(factorRange(ratio)) times larger"
          : "Test error by learning rate, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: errorAxis(sweeps.rates),
            sweepSeries(sweeps.rates),
            references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          The five-layer net. A net learns where it makes less than \(Int(limit)) % errors; a run that diverged counts as guessing. The rates are a \
          factor of 2 apart. Mean of \(findings.seedWords)\(shadingNote(findings.seeds.count)); \(findings.data).
          """,
        name: "rate-sweep"))
    page.project(
      isFactor
        ? "Batch norm tolerates much larger learning rates"
        : "At its best rate: \(fixed(best[0].mean, 0)) % errors without a norm, \(fixed(best[1].mean, 0)) % with")
    page.prose(
      """
      \(isFactor ? "With batch norm the net learns at \(short(ratio.geometricMean, digits: 2)) times larger rates. " : "")\
      At its best rate (\(listed(sweeps.bestRates))\(gain.count > findings.seeds.count ? "; \(counted(gain.count, "seed"))" : "")) the net makes \
      \(percentage(best[0])) errors without a norm and \(percentage(best[1])) with. Batch norm \
      \(gain.mean < 0 ? "costs" : "saves") \(fixed(abs(gain.mean), 1)) points\(gain.magnitude.intervalNote()), \(chance(gain, beyond: 0)). \
      \(rateWords(findings))On shorter and longer trainings:
      """)
    addGains(to: &page, findings)
  }

  /// Every size of the initial weights, at one rate and at rates of their own.
  static func addScales(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## What wrong initial weights do

      Without a norm, small weights shrink the signal from layer to layer. Before a norm they only make each step turn the weights further. \
      We fix the rate and vary the size of the initial weights:
      """)
    let sweeps = findings.sweeps
    let (atEighth, atHe) = (sweeps.error(without: 0.125), sweeps.error(without: 1))
    // The size nearest to an eighth that was tried.
    let settings = sweeps.scales[0].settings
    let divisor = Int((1 / settings[nearest(to: 0.125, in: settings)]).rounded())
    let product = (0..<5).reduce(1) { result, _ in result * divisor }
    page.predict(
      "Without a norm, all initial weights 1/\(divisor) of He's: after two epochs the test error is",
      choices: ["about the same as with He's weights", "about twice as high", "that of guessing"],
      answer: atEighth.mean > 70 ? 2 : atEighth.mean > 1.5 * atHe.mean ? 1 : 0,
      """
      The net makes \(percentage(atEighth)) errors; with He's weights it makes \(percentage(atHe)).\
      \(atEighth.mean > 70 ? " Five hidden layers shrink the signal to 1/\(divisor)⁵ = 1/\(grouped(product)), and every step is thousands of times too small: in two epochs nothing moves." : "")
      """
    )
    page.project("Initial weights 1/\(divisor) of He's: what happens?")
    let spans = sweeps.spansBySeed
    let forgives = isClear(spans[1] - spans[0], beyond: 0) && spans[1].mean > spans[0].mean
    page.figure(
      Figure(
        forgives
          ? "Batch norm forgives initial weights \(sweeps.isWiderThanSweep ? "at every size tried" : "over a wide range"); without it only those near He's work"
          : "Test error by the size of the initial weights, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("initial weights, as multiples of He's", log: true),
            y: errorAxis(sweeps.scales),
            sweepSeries(sweeps.scales), references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          The five-layer net after two epochs at learning rate 0.03, which suits the net without a norm. Mean of \(findings.seedWords)\(shadingNote(findings.seeds.count)); \(findings.data).
          """,
        name: "scale-sweep"))
    page.project(
      forgives
        ? "Batch norm forgives bad initial weights"
        : "Bad initial weights: does batch norm forgive them?")
    page.prose(scaleWords(sweeps))
    if let controls = findings.controls { page.prose(scaleControl(controls)) }
  }

  /// What the net with weights of an eighth does at rates of its own.
  static func scaleControl(_ found: NormControls) -> String {
    let (small, least) = (found.chosen(0, at: 0.125), found.chosen(0, at: 1).errors)
    let (norm, atHe) = (found.byScale[1].map(\.errors.mean), found.chosen(1, at: 1).errors)
    let (most, few) = (norm.max() ?? 0, norm.min() ?? 0)
    let start =
      "One rate for all sizes is not fair. So we give each size its own best rate, out of \(small.tried.count) between \(short(small.tried.min() ?? 0)) and \(short(small.tried.max() ?? 0)) (\(grouped(found.trainingCount)) images, \(counted(found.seeds, "seed"))). Without a norm, a net that starts at 1/8 of He's weights then gets \(percentage(small.errors)) of the test images wrong, and one that starts at He's weights \(percentage(least)). "
    let middle =
      small.errors.mean > 70
      ? "None of these rates helps the small weights; by the arithmetic above they would need a rate thousands of times as large. "
      : (small.errors - least).worded(
        above: "A better rate helps in part. ", below: "At their own rates the small weights are even better. ",
        withinChance: "At their own rates the small weights are as good, within chance. ")
    return start + middle
      + "With batch norm the net gets \(percentage(atHe)) wrong from He's weights, and between \(fixed(few, 0)) and \(fixed(most, 0)) % from any size between 1/8 and 8: what the large weights of the figure lacked was, for the most part, longer steps. (Weights 8 times as long would need a rate 64 times as large, which is beyond the rates tried.)"
  }

  /// What the size of the weights does with batch norm: nothing but to scale the step.
  private static func scaleWords(_ sweeps: SweepFindings) -> String {
    let (quarter, whole) = (sweeps.error(with: 0.25), sweeps.error(with: 1))
    let (lead, small) = (sweeps.error(without: 1) - whole, sweeps.error(without: 1) - quarter)
    let step =
      "weights a quarter as large have a gradient four times as large, so a step turns them 4 · 4 = 16 times as far. On the right of the figure the same rule works against the net: weights 4 times as large are turned only 1/16 as far, and two epochs are too short."
    let words =
      (isClear(whole - quarter, beyond: 0) && quarter.mean < whole.mean
        ? "With batch norm small weights look better than He's only because 0.03 is a small rate for this net: " + step
        : "With batch norm the size of the weights acts through the step alone: " + step)
    guard lead.count >= 3 else { return words }
    return words + " At He's weights and this rate "
      + lead.worded(
        above: "batch norm saves only \(fixed(lead.mean, 1)) points\(lead.magnitude.intervalNote())",
        below: "the net without a norm is ahead by \(fixed(-lead.mean, 1)) points\(lead.magnitude.intervalNote())",
        withinChance: "the net without a norm is as good, within chance")
      + (isClear(small, beyond: 0) && small.mean > max(0, lead.mean)
        ? "; with a quarter of He's weights, at the same rate, it saves \(fixed(small.mean, 1))\(small.intervalNote()) against the net without a norm at He's."
        : ".")
  }

  /// A logarithmic axis of the errors of two sweeps, so that the small ones can be told apart.
  private static func errorAxis(_ sweeps: [Sweep]) -> Axis {
    let least = sweeps.flatMap { $0.errors.map(\.mean) }.filter { $0 > 0 }.min() ?? 4
    let low = least / 1.15
    return Axis(
      "test error (%), logarithmic scale", log: true, range: low...100,
      ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) })
  }

  private static func sweepSeries(_ sweeps: [Sweep]) -> [Series] {
    zip(pair, sweeps).map { kind, sweep in
      Series(
        kind == .none ? "no norm" : kind.name, x: sweep.settings, y: sweep.errors.map(\.mean),
        deviation: halfIntervals(sweep.errors), isEmphasized: kind == .batch,
        color: kind.color)
    }
  }
}
