// The page of chapter 6: which share of what to drop.

import Workbook

extension Dropouts {
  /// Points saved by pixels alone and by hidden units alone, share by share, in the wide layers.
  static func addShares(to page: inout Page, _ findings: Findings) {
    page.prose("## Which share, and when does it help?")
    guard let found = findings.gainsAlone, let best = findings.bestAlone else {
      let gain = findings.contestGains[Place.dropout]
      page.prose(
        """
        Srivastava et al. drop a fifth of the pixels and half of the hidden units of digits. In the net of this chapter that \(effectOrNone(gain, size)).
        """)
      return page.fold("How the nets are trained") { addProtocol(to: &$0, findings) }
    }
    let seeds = (found.pixels + found.units).map(\.count).min() ?? 0
    page.prose(
      """
      **Pixels and hidden units have best shares of their own**: those with \
      the fewest mistakes on validation images, which are kept back from training and test.
      """)
    func told(_ alone: Alone) -> String { "\(short(alone.share)) (\(size(alone.gain)))" }
    page.figure(
      Figure(
        "The best share of the pixels is \(told(best.pixels)), of the hidden units \(told(best.units))",
        .lines(
          LineChart(
            x: Axis("share dropped", range: 0...0.75), y: Axis("points of test error saved" + intervalLabel(seeds)),
            [("pixels", found.pixels), ("hidden units", found.units)].enumerated().map { place, row in
              // The first point is the net with nothing dropped.
              Series(
                row.0, x: [0] + found.shares, y: [0] + row.1.map(\.mean),
                deviation: [0] + row.1.map { $0.count < 3 ? 0 : $0.uncertainty }, isEmphasized: place == 0,
                color: [2, 0][place])
            },
            references: [.init(.horizontal, at: 0, "nothing dropped")])),
        caption: """
          Layers of \(findings.wide), \(grouped(findings.few)) images, \(grouped(findings.steps)) steps, each net at its own best learning rate. \
          Mean of \(counted(seeds, "seed"))\(intervalBars(seeds, "shading")); \(findings.data).
          """,
        name: "shares-alone"))
    page.project("Which share of what pays?")
    page.prose(together(best, findings))
    page.fold("How the nets are trained") { addProtocol(to: &$0, findings) }
  }

  /// What the best shares save together: the recipe of the page.
  private static func together(_ best: (pixels: Alone, units: Alone), _ findings: Findings) -> String {
    guard let both = findings.settings.first?.both?.gain, findings.recipe != nil else { return "" }
    let saved = (both - best.pixels.gain).worded(
      above: "Both together save more", below: "Both together save less",
      withinChance: "Both together save no more")
    return
      "\(saved) (\(fixed(both.mean, 1)) points)\(findings.isPixelsEnough ? ": on digits, drop pixels alone" : "")."
  }

  private static func addProtocol(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      \(grouped(findings.steps)) steps on \(grouped(findings.few)) images where nothing else is said, in batches of \(batchSize), SGD with a momentum of 0.9. The learning rate falls to 0 like the first half of a cosine wave: \
      $\\eta(t) = \\eta\\,(1 + \\cos(\\pi t/T))/2$. The rates tried go from \(findings.rateWords). Each seed draws its own images.\(findings.settings.contains { $0.both != nil } ? " Of both together, 3 to 5 pairs of shares were tried." : "")

      Srivastava et al. (2014) advise a wider net, a larger rate, a momentum of 0.95 to 0.99 and *max-norm*, a bound on the length of each unit's weights. Tried here: wider nets (claims), and a rate of its own for each; not the other two.
      """)
  }

  /// `0.0001 to 0.01`
  static func range(_ values: [Float]) -> String {
    [values.min(), values.max()].map { short(Double($0 ?? 0), digits: 4) }.joined(separator: " to ")
  }
}
