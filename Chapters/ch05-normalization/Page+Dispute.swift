// The page of chapter 5: why it works. The controls in one sentence each, their results, and what is left.

import Foundation
import Workbook

extension Norms {
  /// Each reason with its control, and then the answer.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    let (dispute, gain) = (findings.decisive, findings.decisive.gain)
    page.prose(
      """
      ## Why does it work? A dispute

      With batch norm \(dispute.net) ends \(fixed(abs(gain.mean), 1)) points \(gain.mean < 0 ? "behind" : "ahead"). All of this section is about one dense net after a short training: it says what makes it learn *faster*. \
      The first explanation was this: the inputs of a layer move while the layers before it learn (*internal covariate shift*), and batch norm stops it.
      """)
    addVerdict(to: &page, findings)
    page.slide(
      "Why does batch norm work?",
      """
      1. Steadier inputs (*internal covariate shift*)?
      2. Numbers in range?
      3. Steps that correct themselves?
      4. A smoother loss?
      5. Noise that regularizes?
      """, notes: "A vote before the controls, and one at the end.")
    addSteadiness(to: &page, dispute, findings)
    addHalves(to: &page, findings)
    if let turning = findings.turning { addTurning(to: &page, turning) }
    if let decay = findings.decay { addDecay(to: &page, decay) }
    addSmoothness(to: &page, findings)
    addNoise(to: &page, findings)
    addAnswer(to: &page, findings)
  }

  /// The first reason: noise after the norm, and the same noise without one.
  private static func addSteadiness(to page: inout Page, _ dispute: DisputeFindings, _ findings: Findings) {
    let (errors, over) = (dispute.bestErrors, findings.shakenOverCentred)
    let centred = over == nil ? nil : findings.centredErrors
    page.prose(
      """
      ### 1. Steadier inputs?

      After each norm we multiply and shift every unit by random numbers, new in every step. So the inputs of the next layer are no longer steady.
      """)
    page.predict(
      "At its own best rate, the test error of the net with batch norm and this noise will be",
      choices: [
        "lower than that of the net without a norm\(over == nil ? "" : " on centred pixels")", "not clearly different",
        "higher",
      ],
      answer: (over ?? dispute.noisyLead).worded(above: 0, below: 2, withinChance: 1),
      "\(fixed(errors[0].mean, 1)) % without a norm\(centred.map { " (\(fixed($0.mean, 1)) % with each pixel centred, as the first norm does, too)" } ?? ""), \(fixed(errors[1].mean, 1)) % with batch norm, \(fixed(errors[2].mean, 1)) % with batch norm and noise (\(counted(errors[0].count, "seed")); the figure has \(findings.seeds.count))."
    )
    page.figure(noiseFigure(findings))
    page.project(
      noiseTitle(dispute)
        ?? dispute.costOfNoise.worded(
          above: "Noise after batch norm costs \(fixed(dispute.costOfNoise.mean, 1)) points",
          below: "Noise after batch norm does no harm", withinChance: "Noise after batch norm: does it do harm?"))
    page.prose(steadyWords(dispute, findings.shakenOverCentred))
  }

  /// What the noise costs with a norm beside what it costs without one, as a title; nil where that was not measured.
  private static func noiseTitle(_ dispute: DisputeFindings) -> String? {
    guard let steady = dispute.steadiness, steady.count >= 3 else { return nil }
    return steady.worded(
      above: "Noise costs more with batch norm than without", below: "Noise costs less with batch norm than without",
      withinChance: isSmall(steady, of: dispute.gain)
        ? "Noise costs about as much with batch norm as without" : "What noise costs with batch norm and without")
  }

  /// What the noise costs with a norm and without one, and what steady inputs explain then.
  ///
  /// - Parameter over: by how much the net with batch norm and noise is ahead of no norm on centred pixels.
  private static func steadyWords(_ dispute: DisputeFindings, _ over: Summary?) -> String {
    let (cost, movements) = (dispute.costOfNoise, dispute.movements)
    let start = "The noise costs \(signed(cost.mean)) points. "
    guard let alone = dispute.costWithoutNorm, let steady = dispute.steadiness else { return start }
    let rest = "of the \(fixed(dispute.gain.mean, 1)) points"
    return start
      + "But without a norm, where there is nothing steady to lose, the same noise costs \(signed(alone.mean)). "
      + steady.worded(
        above: "**So steady inputs explain \(fixed(steady.mean, 1)) \(rest)**\(steady.intervalNote()).",
        below: "**So steady inputs explain none \(rest).**",
        withinChance:
          "**So steady inputs explain about \(isSmall(steady, of: dispute.gain) ? "none" : signed(steady.mean)) \(rest)** (the difference of the two costs, 95 %: \(signedInterval(steady))), if noise harms both nets alike."
      )
      + (dispute.isRefuted
        ? " Shaken, with inputs that move \(short(movements[2].mean / movements[0].mean, digits: 2)) times as far in a step as without a norm, batch norm is ahead of no norm\(over.map { $0.worded(above: ", also on centred pixels", below: ", but behind it on equally centred pixels", withinChance: ", but not of no norm on equally centred pixels") + " (\(signed($0.mean)) points, 95 %: \(signedInterval($0)))" } ?? "")."
        : "")
  }

  /// Whether a share within chance is small beside the whole.
  static func isSmall(_ share: Summary, of whole: Summary) -> Bool {
    share.mean + share.uncertainty < 0.25 * whole.mean
  }

  /// All nets at all rates, up to guessing.
  private static func noiseFigure(_ findings: Findings) -> Figure {
    let (dispute, variants) = (findings.decisive, StabilityVariant.experiment)
    let low = (dispute.shown.flatMap { $0.map(\.mean) }.min() ?? 4) / 1.2
    let all = zip(variants, dispute.shown) + [(.noiseAlone, dispute.shownNoiseAlone ?? [])]
    return Figure(
      noiseTitle(dispute).map { "\($0), each at its best rate" }
        ?? "Test error by learning rate: no norm, batch norm, batch norm with noise",
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: dispute.rates.map { ($0, short($0)) }),
          y: Axis(
            "\(dispute.isFiveLayers ? "test error" : "test error over the run") (%), logarithmic scale", log: true,
            range: low...100, ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) }),
          all.enumerated().filter { !$1.1.isEmpty }.map { place, line in
            Series(
              line.0.rawValue, x: dispute.rates, y: line.1.map(\.mean), deviation: halfIntervals(line.1),
              isEmphasized: line.0 == .normalized, color: place)
          }, references: [.init(.horizontal, at: 90, "guessing")])),
      caption:
        "\(dispute.caption(findings))\(shadingNote(dispute.bestErrors[0].count)). The noise is that of Santurkar et al.: factors mostly between 0.7 and 1.4.",
      name: "noisy-errors")
  }
}

extension DisputeFindings {
  /// Whether the nets are those of the sweeps.
  var isFiveLayers: Bool { hiddenLayers != nil }
  /// The net in words, inside a sentence.
  var net: String { isFiveLayers ? "the five-layer net" : "a net of 3 hidden layers of 100 units" }
  /// The net, the length of training and the seeds, for a caption.
  func caption(_ findings: Norms.Findings) -> String {
    let steps = probed.first?.first?.steps.last ?? 0
    return isFiveLayers
      ? "The five-layer net, \(grouped(findings.trainingCount)) images, 2 epochs, mean of \(findings.seedWords)"
      : "3 hidden layers of 100, \(grouped(steps)) steps, mean over the run and \(findings.seedWords)"
  }
}
