// The page of chapter 6: units that rely on each other, and noise in the place of dropout.

import Workbook

extension Dropouts {
  /// Noise that drops nothing, units taken away for good, and in a fold the price that both put on large contributions.
  static func addReliance(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Units that rely on each other

      Is the inventors' reason right? A unit may correct the mistakes of another one, and be useless without it. They call this *co-adaptation*.
      """)
    let inside = findings.controls?.apart?.inside ?? []
    if !inside.isEmpty {
      addNoise(to: &page, findings)
      page.prose("### Which nets bear the loss of units?")
    }
    addDamage(to: &page, findings)
    guard !inside.isEmpty else { return }
    addSturdiness(to: &page, inside, findings)
    addPrice(to: &page, findings)
  }

  /// What a trained net loses with a share of its units.
  private static func addDamage(to page: inout Page, _ findings: Findings) {
    let reliance = findings.reliance
    let (losses, spared) = (reliance.losses, reliance.spared)
    page.prose(
      """
      A net with such units should break when some of them are removed for good. We remove a random share of \
      the first hidden layer of a trained net, scale the rest up, and measure the error.
      """)
    // What the units were worth, seed by seed, so that both nets begin at 0.
    let lost = reliance.damage.map { net in net.map { $0 - net[0] } }
    let whole = lost[0]
    page.predict(
      """
      We remove more and more units of the net trained **without** dropout, up to \(percent(Double(removedShares.last ?? 0))) of them. \
      By how many points does its error grow? Draw it into the figure below.
      """,
      drawing: "trained without dropout",
      "Slowly at first, then faster and faster: by \(fixed(whole[removedShares.count - 1].mean, 0)) points with \(percent(Double(removedShares.last ?? 0))) of the units gone."
    )
    // An axis that ends at the answer would give it away.
    let top = 5 * (lost.flatMap { $0.map(\.mean) }.max().map { 1.5 * $0 / 5 } ?? 1).rounded(.up)
    page.figure(
      Figure(
        "Half of the units gone costs \(fixed(losses[0].mean, 1)) points without dropout and \(fixed(losses[1].mean, 1)) with both dropped in training"
          + (findings.seeds.count < 3 || saves(spared) ? "" : ": within chance"),
        .lines(
          LineChart(
            x: Axis("share of the first hidden layer removed"),
            y: Axis("points of test error added" + intervalLabel(findings.seeds.count), range: 0...max(10, top)),
            zip(["trained without dropout", "trained with both dropped"], lost).enumerated().map { index, pair in
              Series(
                pair.0, x: removedShares.map(Double.init), y: pair.1.map(\.mean),
                deviation: pair.1.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: index == 1,
                color: index)
            })),
        caption: """
          Each net compared with itself when whole; *both*: \(authorsShares). Mean of \(findings.seedWords)\(intervalBars(findings.seeds.count)); \
          \(findings.data).
          """,
        name: "damage"))
    page.project(
      spared.worded(
        above: "Trained with dropout, a net survives losing units",
        below: "Without dropout a net survives losing units better",
        withinChance: "Units removed: too few nets to tell"))
    page.prose("The test favours the net with dropout: half of the units gone is what it was trained on.")
  }

  /// What dropping and noise in their place save.
  struct NoiseRow {
    /// On what; and as a question names it.
    var name: String
    var asked: String
    var dropped: Summary
    var noise: Summary
    var less: Summary { dropped - noise }

    init(_ name: String, asked: String? = nil, _ dropped: Summary, _ noise: Summary) {
      (self.name, self.asked, self.dropped, self.noise) = (name, asked ?? "on \(name)", dropped, noise)
    }
  }

  /// From that where dropping saves most on: the less there is to save, the less can be told.
  static func noiseRows(_ findings: Findings) -> [NoiseRow] {
    guard let apart = findings.controls?.apart, apart.noise.count == 3, let wide = apart.wide else { return [] }
    let plain = findings.contest[0].testErrors
    var rows = zip(
      ["a fifth of the pixels", "half of the hidden units", "both"],
      zip([wide.pixels, wide.units, findings.contest[Place.dropout]], apart.noise)
    ).map { name, pair in
      NoiseRow(
        name, asked: name == "both" ? "on half of the hidden units and a fifth of the pixels" : nil,
        plain - pair.0.testErrors, plain - pair.1.testErrors)
    }
    let places = apart.noiseWherePays ?? []
    if places.count > 0, apart.wrong.count == 2 {
      let plain = findings.noisy.nets[0].testErrors
      let wrong = "\(percent(Double(wrongShare))) of the labels wrong"
      rows.append(
        NoiseRow(
          "half of the hidden units, \(wrong)", asked: "on half of the hidden units, with \(wrong)",
          plain - apart.wrong[1].testErrors, plain - places[0].testErrors))
    }
    if places.count > 1, let units = apart.unitsBySize.first {
      let plain = findings.bySize.nets[0][0].testErrors
      let size = "\(grouped(findings.bySize.settings[0])) images"
      rows.append(
        NoiseRow(
          "half of the hidden units, \(size)", asked: "on half of the hidden units, with \(size)",
          plain - units.testErrors, plain - places[1].testErrors))
    }
    if let maps = findings.controls?.maps, maps.kinds.contains(where: { $0.recipe == .valueNoise }) {
      rows.append(
        NoiseRow(
          "single values of a LeNet's maps", asked: "on single values of a LeNet's maps", maps.gain(.values),
          maps.gain(.valueNoise)))
    }
    return rows.sorted { $0.dropped.mean > $1.dropped.mean }
  }

  /// Whether noise saves as much in every row. One of several may differ by chance alone, so together they are held
  /// against a wider interval.
  static func noiseIsAsGood(_ findings: Findings) -> Bool {
    let rows = noiseRows(findings)
    return rows.count >= 3
      && rows.allSatisfy { $0.less.direction(among: rows.count) == .withinChance }
  }

  /// Whether anything has to be missing: noise in the place of dropout.
  private static func addNoise(to page: inout Page, _ findings: Findings) {
    let rows = noiseRows(findings)
    guard rows.count >= 3 else { return }
    page.prose(
      """
      ### Must anything be missing?

      Must a unit be missing, or is it enough that it is unreliable? In training we multiply each unit, or pixel, by a random number of the normal \
      distribution $N(1, p/(1 - p))$, which has the mean and the variance of dropout's own factor $m_i/(1 - p)$. Nothing is ever missing (Srivastava et al., section 10):

      ```python
      h = h * np.random.normal(1, (p / (1 - p)) ** 0.5, h.shape)  # in training
      ```
      """)
    // Asked is a setting of dense nets: convolutional ones come later.
    let asked = rows.first { !$0.name.contains("LeNet") } ?? rows[0]
    page.predict(
      "We put such noise in the place of dropout \(asked.asked), in layers of \(findings.wide). Compared with dropout it saves",
      choices: ["clearly less", "about as much", "clearly more"],
      answer: asked.less.worded(above: 0, below: 2, withinChance: 1),
      "Dropping saves \(fixed(asked.dropped.mean, 1)) points, noise \(fixed(asked.noise.mean, 1)).")
    let isSame = noiseIsAsGood(findings)
    let odd = rows.indices.filter { saves(rows[$0].less) || costs(rows[$0].less) }
    page.table(
      Table(
        "Points of test error saved, ± 95 %, most first. \(grouped(findings.few)) images and layers of \(findings.wide) where nothing else is said; noise of the same variance",
        columns: ["on what", "dropped", "noise instead", "difference"],
        rows: rows.indices.map { place in
          [TableCell(rows[place].name + (odd.contains(place) ? " \\*" : ""))]
            + [rows[place].dropped, rows[place].noise].map { TableCell(spread($0)) }
            + [TableCell("\(fixed(rows[place].less.mean, 2)) ± \(fixed(rows[place].less.uncertainty, 2))")]
        }))
    page.project(
      isSame
        ? "Noise saves as much: no unit need be missing altogether"
        : "Noise in the place of dropout: does it save as much?")
    guard isSame else {
      let differ = rows.count { $0.less.direction(among: rows.count) != .withinChance }
      return page.prose(
        "The two differ beyond chance in \(differ) of \(rows.count) settings, so it is not the size of the noise alone."
      )
    }
    let isBest =
      findings.gainsAlone == nil ? "" : " The best shares were not tried with noise."
    page.prose(
      """
      **No unit has to be missing: noise saves about as much as dropout.** In \(rows.count - odd.count) of \(rows.count) settings the two cannot be told apart\(odd.isEmpty ? "" : "; the other\(odd.count == 1 ? "" : "s") (\\*) may be chance among so many").\(weakRow(rows))\(isBest) \
      The inventors may still be right: with noise, too, no unit can rely on another.
      """)
  }

  /// Where so little is saved that noise could save nothing and not be told from dropout.
  private static func weakRow(_ rows: [NoiseRow]) -> String {
    guard let last = rows.last, last.less.uncertainty > last.dropped.mean / 2 else { return "" }
    return " (The last row shows little by itself: too little is saved there.)"
  }
}
