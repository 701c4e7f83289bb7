// The page of chapter 5: why it works. Parts of batch norm, noise after it, and what is left.

import Foundation
import Workbook

extension Norms {
  /// The reasons that have been given, one experiment for each.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Why does it work? A dispute

      The first explanation was this: the inputs of a layer move while the layers before it learn (*internal covariate shift*), and batch norm stops it (Ioffe and Szegedy 2015). \
      To test it, we make the inputs unsteady again: after each norm we multiply and shift every unit by random numbers, new in every step. \
      The same noise goes into a net without a norm, where there is nothing steady to lose.\(findings.parts == nil ? "" : "\n\n**In the next figure every net gets centred pixels**, so that the first norm's centring (*Does it train better?*) is no advantage; each has its own best rate.")
      """)
    addSteadiness(to: &page, findings)
    addParts(to: &page, findings)
    if let turning = findings.turning { addTurning(to: &page, turning, findings.decay) }
    addNoise(to: &page, findings)
    addAnswer(to: &page, findings)
  }

  /// Noise after the norm, and the same noise without one.
  private static func addSteadiness(to page: inout Page, _ findings: Findings) {
    guard let found = findings.noiseCost else { return }
    page.figure(partsFigure(findings, found))
    page.project(noiseTitle(found))
    page.prose(
      """
      If steady inputs are the reason, the noise must cost more with batch norm. It costs \(fixed(found.withNorm.mean, 1)) points there and \(fixed(found.withoutNorm.mean, 1)) without a norm. \
      **\(found.steadiness.worded(
        above: "So steady inputs may explain a part of the lead\(found.isNotAll ? ", not all of it" : ""): the two costs differ by \(fixed(found.steadiness.mean, 1)) points\(found.steadiness.intervalNote()), the lead is \(fixed(found.gain.mean, 1)).",
        below: "Noise does even less harm with batch norm: steady inputs do not explain the lead.",
        withinChance: found.isSteadinessSmall
          ? "Noise does as much harm without a norm, so steady inputs do not explain the lead."
          : "From the noise alone nothing can be decided."))** \
      This holds if noise harms both nets alike. The inputs of the shaken net move \(short(found.timesTheMovement, digits: 2)) times as far in a step as those of the net without a norm.\(found.shakenWords)
      """)
  }

  /// What the noise costs with a norm beside what it costs without one, as a title.
  private static func noiseTitle(_ found: NoiseCost) -> String {
    found.steadiness.worded(
      above: found.isSteadinessSure
        ? "Noise costs more with batch norm than without" : "What noise costs with batch norm and without",
      below: "Noise costs less with batch norm than without",
      withinChance: found.isSteadinessSmall
        ? "Noise costs about as much with batch norm as without" : "What noise costs with batch norm and without")
  }

  /// The points that each version is ahead of no norm; of the smaller net the errors of the four that it has.
  private static func partsFigure(_ findings: Findings, _ found: NoiseCost) -> Figure {
    guard let parts = findings.parts else {
      let errors = [found.plain, found.normalized, found.noisyNorm, found.noisyPlain]
      return Figure(
        noiseTitle(found),
        .bars(
          BarChart(
            categories: ["no norm", "batch norm", "batch norm + noise", "no norm + noise"],
            y: Axis("test error over the run (%)", range: 0...1.2 * (errors.map(\.mean).max() ?? 90)),
            [.init("error", errors.map(\.mean), deviation: halfIntervals(errors), color: 1)])),
        caption:
          "3 hidden layers of 100, each net at its best rate, mean over the run and \(findings.seedWords)\(shadingNote(found.gain.count)); \(findings.data).",
        name: "parts")
    }
    let shown = PartsFindings.Version.allCases.dropFirst().compactMap { parts.net($0) }
    let leads = shown.map { parts.lead($0.version) ?? Summary([]) }
    let level = parts.errors(.none) ?? Summary([])
    return Figure(
      partsTitle(parts),
      .bars(
        BarChart(
          categories: shown.map(\.version.rawValue), y: Axis("points fewer errors than no norm, ± 95 % interval"),
          [
            .init(
              "points ahead", leads.map { rounded($0.mean, decimals: 2) },
              deviation: leads.map { $0.count < 3 ? 0 : $0.uncertainty }, color: 1)
          ],
          // A slide has room for six.
          onSlide: shown.indices.filter { shown[$0].version != .bare })),
      caption:
        "The five-layer net, pixels centred one by one, each version at the best of \(counted(PartsFindings.rates.count, "rate")) from \(short(PartsFindings.rates[0])) to \(short(PartsFindings.rates.last ?? 0))\(shown.allSatisfy { ![PartsFindings.rates.first, PartsFindings.rates.last].contains($0.rate) } ? " (never an end)" : ""); \(grouped(findings.trainingCount)) images, 2 epochs, mean of \(counted(level.count, "seed")); \(findings.data). No norm makes \(fixed(level.mean, 1)) % errors. The noise is that of Santurkar et al. (2018): factors mostly between 0.7 and 1.4.",
      name: "parts", isWide: true)
  }
}
