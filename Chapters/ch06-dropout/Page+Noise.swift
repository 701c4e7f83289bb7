// The page of chapter 6: noise in the place of dropping, and the main comparison.

import Workbook

extension Dropouts {
  /// The main comparison, and why.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Must anything be missing?
      """)
    let rows = findings.lengthRows
    if rows.count == 4 {
      addComparison(to: &page, rows, findings)
    } else {
      page.prose("That takes noise in the place of the mask, which this run has not measured.")
    }
  }

  private static func addComparison(to page: inout Page, _ rows: [LengthRow], _ findings: Findings) {
    let longer = findings.fewLonger?.steps ?? findings.steps
    page.prose(
      """
      For a linear unit only mean and variance of the factors count. Is that so in our net? We replace the mask by random factors that are never 0 and never negative. \
      Like $m_i/(1-p)$ they have the mean 1 and the variance $p/(1-p)$.

      ```python
      s = np.log(1 / (1 - p)) ** 0.5
      factor = np.exp(s * np.random.randn(*h.shape) - s**2 / 2)  # above 0, mean 1
      h = h * factor                                             # in training only
      ```
      """)
    let (pixels, less) = (rows[1], rows[1].less[0])
    page.predict(
      "We put such noise on the pixels, in the place of dropping them. Compared with dropping, the net errs on new images",
      choices: ["clearly more", "about as often", "clearly less"],
      answer: less.worded(above: 0, below: 2, withinChance: 1),
      "It errs on \(fixed(pixels.noise[0].mean, 1)) % with noise and on \(fixed(pixels.dropped[0].mean, 1)) % with pixels dropped."
    )
    addLengthFigure(to: &page, rows, longer, findings)
    page.project(
      findings.noiseIsAsGood
        ? "Noise on the pixels saves as much as dropping them"
        : "Noise in the place of dropout: does it save as much?")
    page.prose(verdict(rows, longer, findings))
    page.fold("The numbers, and the differences") { addLengthTable(to: &$0, rows, longer, findings) }
  }

  /// What the main figure shows, in words.
  private static func verdict(_ rows: [LengthRow], _ longer: Int, _ findings: Findings) -> String {
    let (good, less) = (findings.noiseKinds, rows.flatMap(\.less))
    let kinds = ["pixels", "hidden units", "both"]
    // One pair of several may differ by chance.
    let better = kinds.indices.compactMap { kind -> (name: String, when: String)? in
      let places = rows[kind + 1].less.indices.filter { rows[kind + 1].less[$0].direction(among: less.count) == .above }
      return places.isEmpty ? nil : (kinds[kind], places == [1] ? " (after \(grouped(longer)) steps)" : "")
    }
    let unsure = kinds.filter { name in !good.contains(name) && !better.contains { $0.name == name } }
    let noise =
      findings.noiseIsAsGood
      ? "**Of the pixels nothing need be missing: for \(listed(good)) noise saves about as much as dropping.**"
      : "Noise on the pixels does not save as much as dropping them, as far as these nets say."
    let rest =
      (better.isEmpty
        ? ""
        : " For \(listed(better.map { $0.name + $0.when })) dropping is better than noise.")
      + (unsure.isEmpty ? "" : " For \(listed(unsure)) we cannot say.")
    let more = findings.wantsTime
    let lasting = kinds.indices.allSatisfy { saves(findings.gain(rows, $0 + 1, 1)) }
    let time =
      (lasting
        ? "**With \(grouped(longer)) steps everything that is dropped still saves**"
        : "With \(grouped(longer)) steps dropping saves in \(kinds.indices.count { saves(findings.gain(rows, $0 + 1, 1)) }) of 3 rows")
      + (more.isEmpty
        ? ", about as much as with \(grouped(findings.steps))."
        : ". For \(listed(more)) it saves more than with \(grouped(findings.steps)). There give a net with dropout time.")
    return "\(noise)\(rest)\n\n\(time)"
  }

  private static func addLengthFigure(
    to page: inout Page, _ rows: [LengthRow], _ longer: Int, _ findings: Findings
  ) {
    let seeds = rows[0].dropped[0].count
    let lengths = [findings.steps, longer].map { "\(grouped($0)) steps" }
    func series(_ name: String, _ shift: Double, _ color: Int, _ isThick: Bool, _ value: (LengthRow) -> Summary?)
      -> Series
    {
      let shown = rows.enumerated().compactMap { place, row in value(row).map { (Double(place) + shift, $0) } }
      return Series(
        name, x: shown.map(\.0), y: shown.map(\.1.mean),
        deviation: shown.map { $0.1.count < 3 ? 0 : $0.1.uncertainty }, style: .points, isEmphasized: isThick,
        color: color)
    }
    let least =
      rows.dropFirst().map { ($0.name, $0.dropped[1]) }.min { $0.1.mean < $1.1.mean } ?? (
        rows[0].name, rows[0].dropped[1]
      )
    page.figure(
      Figure(
        "After \(grouped(longer)) steps \(fixed(rows[0].dropped[1].mean, 1)) % of new images are wrong with nothing dropped, \(fixed(least.1.mean, 1)) % with \(least.0) dropped",
        .lines(
          LineChart(
            x: Axis("", range: -0.4...3.5, ticks: rows.enumerated().map { (Double($0), $1.name) }),
            y: Axis("error on new images (%)" + intervalLabel(seeds)),
            [
              series("dropped, \(lengths[0])", -0.18, 0, true) { $0.dropped.first },
              series("noise, \(lengths[0])", -0.06, 1, false) { $0.noise.first },
              series("dropped, \(lengths[1])", 0.06, 2, true) { $0.dropped.last },
              series("noise, \(lengths[1])", 0.18, 3, false) { $0.noise.last },
            ])),
        caption: """
          Dropped (\(rows[1].share) of the pixels, \(rows[2].share) of the hidden units), or disturbed by noise at \(rows[1].noiseShare == rows[1].share && rows[2].noiseShare == rows[2].share ? "the same shares, which are its best, too" : "its own best shares, \(rows[1].noiseShare) and \(rows[2].noiseShare)"). Each net at its own best learning rate. \
          Layers of \(findings.wide), \(grouped(findings.few)) images. Mean of \(counted(seeds, "seed"))\(intervalBars(seeds)); \(findings.data).
          """,
        name: "lengths", isWide: true))
  }

  private static func addLengthTable(
    to page: inout Page, _ rows: [LengthRow], _ longer: Int, _ findings: Findings
  ) {
    func interval(_ saved: Summary, _ decimals: Int) -> TableCell {
      TableCell(fixed(saved.mean, decimals) + (saved.count < 3 ? "" : " (\(saved.interval(decimals)))"))
    }
    page.table(
      Table(
        "Errors on new images (%); points that dropping saves against nothing dropped, and more than noise (95 % intervals)",
        columns: [
          "dropped", "steps", .init("error", digits: 2), "saved", "more than noise",
        ],
        rows: rows.indices.dropFirst().flatMap { place in
          [findings.steps, longer].enumerated().map { length, steps -> [TableCell] in
            let row = rows[place]
            return [
              TableCell(row.name), TableCell(grouped(steps)), .number(row.dropped[length].mean),
              interval(findings.gain(rows, place, length), 1), interval(row.less[length], 2),
            ]
          }
        }))
    page.table(
      Table(
        "Points that \(grouped(longer)) steps save more than \(grouped(findings.steps)), seed by seed",
        columns: ["dropped", "more (95 % interval)"],
        rows: rows.indices.dropFirst().map { place in
          [TableCell(rows[place].name), interval(findings.gain(rows, place, 1) - findings.gain(rows, place, 0), 1)]
        }))
  }
}
