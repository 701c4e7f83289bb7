// The page of chapter 5: what normalization does to training.

import Foundation
import Workbook

extension Norms {
  /// Training curves, learning rates and depth.
  static func addSweeps(to page: inout Page, _ findings: Findings) {
    let (sweeps, limit) = (findings.sweeps, SweepFindings.limit)
    let (ratio, gain, best) = (sweeps.reachRatio, findings.gain, findings.bestPair)
    let isFactor = ratio.count >= 3 && ratio.minimum > 1
    page.prose(
      """
      ## Does it train better?

      Now the five-layer net.\(findings.halves == nil ? "" : " First the training curve:")
      """)
    if let halves = findings.halves { addCurves(to: &page, halves, findings) }
    page.prose(
      "How large may the rate be?\(findings.keptBack == nil ? " (The rates are chosen by the tested images, which chapter 3 forbids: an error at a best rate is a little too low.)" : "")"
    )
    page.predict(
      """
      At a rate of \(short(sweeps.rates[0].settings[0], digits: 2)) the net **without** a norm still learns; at \
      \(short(sweeps.guessesFrom)) it only guesses. How does the error of the net **with** batch norm go, from the smallest rate to the \
      largest?
      """,
      drawing: Normalization.batch.name,
      "It falls, stays low over a wide range of rates, and in the end rises to guessing too\(isFactor ? ". The largest rate at which the net learns is \(reach(ratio)) than without a norm" : "")."
    )
    page.figure(
      Figure(
        isFactor
          ? "With batch norm the net still learns at rates \(reach(ratio))"
          : "Test error by learning rate, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: errorAxis(sweeps.rates),
            sweepSeries(sweeps.rates),
            references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          The five-layer net. A net learns where it makes less than \(Int(limit)) % errors; a run that diverged counts as guessing. Mean of \(findings.seedWords)\(shadingNote(findings.seeds.count)); \(findings.data).
          """,
        name: "rate-sweep"))
    page.project(
      isFactor
        ? "Batch norm tolerates much larger learning rates"
        : "At its best rate: \(fixed(best[0].mean, 0)) % errors without a norm, \(fixed(best[1].mean, 0)) % with")
    page.prose(
      """
      **At its own best rate batch norm \(gain.mean < 0 ? "costs" : "saves") \(fixed(abs(gain.mean), 1)) points, \(chance(gain, beyond: 0)).** \
      \(rateWords(findings))\(fewWords(findings)) This is a dense net after a short training; chapter 10 trains convolutional nets to the end, with batch norm and without.
      """)
    if let depth = findings.depth { addDepth(to: &page, depth, data: findings.data) }
  }

  /// The gain on few images.
  private static func fewWords(_ findings: Findings) -> String {
    guard let controls = findings.controls else { return "" }
    let saved = controls.chosen(0, at: 1).errors - controls.chosen(1, at: 1).errors
    return isClear(saved, beyond: 0) && saved.mean > 0
      ? "With only \(grouped(controls.trainingCount)) images it saves \(fixed(saved.mean, 1))." : ""
  }

  /// `8 times larger on average (4 to 16, depending on the seed)`.
  private static func reach(_ ratio: Summary) -> String {
    "\(short(ratio.geometricMean, digits: 2)) times larger"
      + (ratio.minimum == ratio.maximum ? "" : " (\(factorRange(ratio)), depending on the seed)")
  }

  /// The loss of both nets at equal rates, and at their own best ones.
  private static func addCurves(to page: inout Page, _ halves: HalvesFindings, _ findings: Findings) {
    let rates = findings.sweeps.bestRates
    let shown = halves.curves.filter { $0.norm == .batch || $0.rate == rates[0] }
    guard shown.count == 3, let plain = shown.first, let own = shown.last else { return }
    let isFaster = zip(own.keptLosses, plain.keptLosses).allSatisfy { $0 < $1 }
    page.figure(
      Figure(
        isFaster
          ? "Each at its own best rate, the loss on new images falls faster with batch norm"
          : "The loss on new images at equal rates and at own best rates, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("step of the training"), y: Axis("loss on new images, logarithmic scale", log: true),
            zip(shown, [0, 4, 1]).map { curve, color in
              Series(
                "\(curve.norm == .none ? "no norm" : curve.norm.name), \(short(curve.rate))",
                x: curve.keptLosses.indices.map { Double(halves.stretch * ($0 + 1)) }, y: curve.keptLosses,
                isEmphasized: color == 1, color: color)
            })),
        caption:
          "The five-layer net. Beside the names: the learning rates; \(short(rates[0])) is the best without a norm, \(short(rates[1])) with batch norm. Images kept back, mean of \(counted(halves.seeds, "seed")), \(findings.data).",
        name: "loss-curves"))
    page.project(
      isFaster ? "At own best rates the loss falls faster with batch norm" : "The loss with and without batch norm")
    guard let (fitted, plainFitted) = own.losses.last.flatMap({ last in plain.losses.last.map { (last, $0) } }),
      let (new, plainNew) = own.keptLosses.last.flatMap({ last in plain.keptLosses.last.map { (last, $0) } }),
      fitted > plainFitted, new < plainNew
    else { return }
    page.prose(
      "**Do not judge by the loss of the training batches.** At the end it is \(fixed(fitted, 2)) with batch norm and \(fixed(plainFitted, 2)) without, the reverse of the loss on new images (\(fixed(new, 2)) and \(fixed(plainNew, 2))). With batch norm a training step uses the noisy statistics of its 32 images."
    )
  }

  /// Every size of the initial weights, at one rate and at rates of their own.
  static func addScales(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## What wrong initial weights do

      Without a norm, small weights shrink the signal from layer to layer; before a norm they only make each step turn the weights further. \
      We vary the size of the initial weights:
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
      The net makes \(fixed(atEighth.mean, 0)) % errors; with He's weights it makes \(fixed(atHe.mean, 0)) %.\
      \(atEighth.mean > 70 ? " Five hidden layers shrink the signal to 1/\(divisor)⁵ = 1/\(grouped(product)), and every step is thousands of times too small: in two epochs nothing moves." : "")
      """
    )
    page.project("Initial weights 1/\(divisor) of He's: what happens?")
    let spans = sweeps.spansBySeed
    let forgives = isClear(spans[1] - spans[0], beyond: 0) && spans[1].mean > spans[0].mean
    page.figure(
      Figure(
        forgives
          ? scaleTitle(sweeps)
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
        ? "Batch norm forgives \(sweeps.forgivesLarge ? "bad initial weights" : "small initial weights, not large ones")"
        : "Bad initial weights: does batch norm forgive them?")
    page.prose(scaleWords(sweeps))
    if let controls = findings.controls { page.prose(scaleControl(controls)) }
  }

  /// What batch norm forgives, small weights and large ones.
  private static func scaleTitle(_ sweeps: SweepFindings) -> String {
    let most = sweeps.scales[1].errors.last?.mean ?? 0
    let with =
      sweeps.forgivesLarge
      ? "At one rate batch norm forgives small and large initial weights"
      : "At one rate batch norm forgives small initial weights; large ones cost errors (up to \(fixed(most, 0)) %)"
    return "\(with). Without it only those near He's work"
  }

  /// What the nets do at a rate of their own for each size.
  static func scaleControl(_ found: NormControls) -> String {
    let (small, least) = (found.chosen(0, at: 0.125), found.chosen(0, at: 1).errors)
    let norm = found.byScale[1].map(\.errors.mean)
    return
      "At its own best rate (\(grouped(found.trainingCount)) images) every size between 1/8 and 8 learns with batch norm, to errors between \(fixed(norm.min() ?? 0, 0)) and \(fixed(norm.max() ?? 0, 0)) %. "
      + (small.errors.mean > 70
        ? "Without a norm 1/8 of He's weights only guess at each of the \(small.tried.count) rates tried."
        : (small.errors - least).worded(
          above: "Without a norm a better rate helps 1/8 of He's weights in part.",
          below: "Without a norm 1/8 of He's weights are even better than He's.",
          withinChance: "Without a norm 1/8 of He's weights are as good as He's, within chance."))
  }

  /// What the size of the weights does with batch norm: nothing but to scale the step.
  private static func scaleWords(_ sweeps: SweepFindings) -> String {
    let (quarter, whole) = (sweeps.error(with: 0.25), sweeps.error(with: 1))
    return
      (isClear(whole - quarter, beyond: 0) && quarter.mean < whole.mean
      ? "With batch norm small weights even look better than He's. That is because 0.03 is a small rate for this net: "
      : "With batch norm the size of the weights acts through the step alone: ")
      + "weights a quarter as large have a gradient four times as large, so **a step turns them 16 times as far.** On the right of the figure long weights are turned too little."
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
