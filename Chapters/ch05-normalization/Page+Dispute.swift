// The page of chapter 5: why it works. Parts of batch norm, noise after it, and what is left.

import Foundation
import Workbook

extension Norms {
  /// The reasons that have been given, one experiment for each.
  static func addDispute(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Why does it work? A dispute

      The first explanation was this: the inputs of a layer move while the layers before it learn (*internal covariate shift*; *covariate shift* alone means that training and test data differ), and batch norm stops it (Ioffe and Szegedy 2015).\(findings.parts?.bothHelp == true ? " It is one of five causes tested here." : "")
      """)
    addAnswer(to: &page, findings)
    addSteadiness(to: &page, findings)
    addParts(to: &page, findings)
    if let turning = findings.turning { addTurning(to: &page, turning, findings.decay) }
    addNoise(to: &page, findings)
  }

  /// Noise after the norm, and the same noise without one.
  private static func addSteadiness(to page: inout Page, _ findings: Findings) {
    guard let found = findings.noiseCost else { return }
    page.prose(
      """
      \(findings.parts == nil ? "" : "### Steady inputs\n\n")We make the inputs unsteady again, as Santurkar et al. (2018) did: each step multiplies every unit by a random factor and shifts it, after the norm or in its place. \
      \(found.shakenWords) **\(found.steadiness.worded(
        above: "That is \(fixed(found.steadiness.mean, 2)) points: steady inputs may explain so much of the lead of \(fixed(found.gain.mean, 2))\(found.isNotAll ? ", not all of it" : "").",
        below: "Noise does even less harm with batch norm: steady inputs do not explain the lead.",
        withinChance: found.isSteadinessSmall
          ? "Noise does as much harm without a norm, so steady inputs do not explain the lead."
          : "From the noise alone nothing can be decided."))** \
      This holds if noise harms both nets alike\(alikeWords(findings)).
      """)
    guard let table = noiseTable(findings, found) else {
      page.figure(partsFigure(findings, found))
      page.project(noiseTitle(found))
      return
    }
    page.fold("The noise, and what it costs") {
      $0.prose(
        "The factor is $e^{\(short(PartsFindings.noise))a}$ and the shift $\(short(PartsFindings.noise))\\,b$, with normal $a$ and $b$ (mean 0, deviation 1).\(found.isLeadGone ? " With it batch norm's lead is gone." : "")"
      )
      $0.table(table)
    }
  }

  /// How much further the noise makes the inputs move in both nets, where that was measured.
  private static func alikeWords(_ findings: Findings) -> String {
    let moved = [PartsFindings.Version.none, .noisy, .batch, .noisyBatch].compactMap {
      findings.parts?.net($0)?.movement?.mean
    }
    guard moved.count == 4 else { return "" }
    return
      " (it adds \(fixed(moved[3] - moved[2], 2)) to how far the inputs move with batch norm, \(fixed(moved[1] - moved[0], 2)) without)"
  }

  /// Both nets with the noise and without; nil for the smaller net.
  private static func noiseTable(_ findings: Findings, _ found: NoiseCost) -> Table? {
    guard let parts = findings.parts else { return nil }
    let nets: [(PartsFindings.Version, Summary, Summary?)] = [
      (.none, found.plain, nil), (.noisy, found.noisyPlain, found.withoutNorm), (.batch, found.normalized, nil),
      (.noisyBatch, found.noisyNorm, found.withNorm),
    ]
    return Table(
      "Noise in the five-layer net, each version at its own best rate, \(counted(found.plain.count, "seed")). *Move*: how far mean and deviation of the inputs of the last activation go in one step, in units of the deviation\(nets.contains { parts.net($0.0)?.movement == nil } ? " (–: not measured)" : "").",
      columns: ["network", "test error (%)", "the noise costs", "the inputs move"],
      rows: nets.map { version, errors, cost in
        [
          .text(version.rawValue), .text(errors.formatted(decimals: 2)),
          .text(cost.map { "\(fixed($0.mean, 2)) points" } ?? ""),
          .text(parts.net(version)?.movement.map { short($0.mean, digits: 2) } ?? "–"),
        ]
      })
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
  static func partsFigure(_ findings: Findings, _ found: NoiseCost) -> Figure {
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
    let quiet: [PartsFindings.Version] = [.batch, .bare, .mean, .deviation, .layer]
    let shown = quiet.compactMap { parts.net($0) }
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
          ])),
      caption:
        "The five-layer net, each version at the best of \(counted(PartsFindings.rates.count, "rate")) from \(short(PartsFindings.rates[0])) to \(short(PartsFindings.rates.last ?? 0))\(shown.allSatisfy { ![PartsFindings.rates.first, PartsFindings.rates.last].contains($0.rate) } ? " (never an end)" : ""); mean of \(counted(level.count, "seed")); \(findings.data).",
      name: "parts", isWide: true)
  }
}
