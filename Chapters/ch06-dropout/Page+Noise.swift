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
      page.prose(
        "The inventors' reason is that no unit may rely on another one, which may be missing in the next step.")
    }
  }

  private static func addComparison(to page: inout Page, _ rows: [LengthRow], _ findings: Findings) {
    let longer = findings.fewLonger?.steps ?? findings.steps
    page.prose(
      """
      Or is it enough that values are unreliable? In the place of the mask we multiply each value by a random number that is never 0 and never negative. \
      Like the mask's factor $m_i/(1-p)$ it has the mean 1 and the variance $p/(1-p)$. (It is *log-normal*: its logarithm is normally distributed.)

      ```python
      s = np.log(1 / (1 - p)) ** 0.5
      factor = np.exp(s * np.random.randn(*h.shape) - s**2 / 2)  # above 0, mean 1
      h = h * factor                                             # in training only
      ```
      """)
    let (pixels, less) = (rows[1], rows[1].less[0])
    page.predict(
      "We put such noise on the pixels, in the place of dropping them (\(pixels.name.replacing("pixels, ", with: "share ")), \(grouped(findings.steps)) steps). Compared with dropping, the net errs on new images",
      choices: ["clearly more", "about as often", "clearly less"],
      answer: less.worded(above: 0, below: 2, withinChance: 1),
      "It errs on \(fixed(pixels.noise[0].mean, 1)) % with noise and on \(fixed(pixels.dropped[0].mean, 1)) % with pixels dropped. Our explanation: a sum over many inputs hardly notices more of the factors than their mean and variance, and these are the same."
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
    let kinds = ["pixels", "hidden units", "both at their best shares"]
    // One pair of several may differ by chance.
    let better = kinds.indices.compactMap { kind -> (name: String, when: String)? in
      let places = rows[kind + 1].less.indices.filter { rows[kind + 1].less[$0].direction(among: less.count) == .above }
      return places.isEmpty ? nil : (kinds[kind], places == [1] ? " (after \(grouped(longer)) steps)" : "")
    }
    let unsure = kinds.filter { name in !good.contains(name) && !better.contains { $0.name == name } }
    let noise =
      findings.noiseIsAsGood
      ? "**Of the pixels nothing need be missing: for \(list(good)) noise saves about as much as dropping.**"
      : "Noise on the pixels does not save as much as dropping them, as far as these nets say."
    let rest =
      (better.isEmpty
        ? ""
        : " For \(list(better.map { $0.name + $0.when })) dropping is better than noise of this variance, so there mean and variance are not all that counts.")
      + (unsure.isEmpty ? "" : " For \(list(unsure)) we cannot say.")
    let reason =
      findings.noiseIsAsGood
      ? " The inventors' reason fits noise as well: nothing can rely on a value that is disturbed." : ""
    func saved(_ row: Int, _ length: Int) -> Summary { rows[0].dropped[length] - rows[row].dropped[length] }
    let more = kinds.indices.filter { saves(saved($0 + 1, 1) - saved($0 + 1, 0)) }.map { kinds[$0] }
    let lasting = kinds.indices.allSatisfy { saves(saved($0 + 1, 1)) }
    let time =
      (lasting
        ? "**With \(grouped(longer)) steps everything that is dropped still saves**"
        : "With \(grouped(longer)) steps dropping saves in \(kinds.indices.count { saves(saved($0 + 1, 1)) }) of 3 rows")
      + (more.isEmpty
        ? ", about as much as with \(grouped(findings.steps))."
        : ". For \(list(more)) it saves more than with \(grouped(findings.steps)), so give a net with dropout time.")
    return "\(noise)\(rest)\(reason)\n\n\(time)"
  }

  /// `pixels and both at their best shares`.
  private static func list(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + (names.last ?? "")
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
    let own = rows.flatMap(\.own).max() ?? 0
    page.figure(
      Figure(
        "After \(grouped(longer)) steps \(fixed(rows[0].dropped[1].mean, 1)) % of new images are wrong with nothing dropped, \(fixed(least.1.mean, 1)) % with \(least.0.hasPrefix("both") ? "both (best shares)" : least.0.replacing(", ", with: " (") + ")") dropped",
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
          Dropped, or disturbed by noise of the same mean and variance: nothing, pixels, hidden units, both, each at its best share. Each net at its own best learning rate; on its own images none errs on more than \(fixed(max(own, 0.1), 1)) %. \
          Layers of \(findings.wide), \(grouped(findings.few)) images. Mean of \(counted(seeds, "seed"))\(intervalBars(seeds)); \(findings.data).
          """,
        name: "lengths", isWide: true))
  }

  private static func addLengthTable(
    to page: inout Page, _ rows: [LengthRow], _ longer: Int, _ findings: Findings
  ) {
    page.table(
      Table(
        "Errors on new images (%); what dropping saves against nothing dropped in as many steps, and how much more than noise, ± 95 %",
        columns: [
          "dropped", "steps", .init("error", digits: 2), .init("with noise", digits: 2), "saved", "more than noise",
        ],
        rows: rows.indices.flatMap { place in
          [findings.steps, longer].enumerated().map { length, steps -> [TableCell] in
            let row = rows[place]
            let saved = rows[0].dropped[length] - row.dropped[length]
            return [
              TableCell(row.name), TableCell(grouped(steps)), .number(row.dropped[length].mean),
              row.noise.isEmpty ? "–" : .number(row.noise[length].mean), place == 0 ? "–" : TableCell(spread(saved)),
              row.noise.isEmpty
                ? "–"
                : TableCell("\(fixed(row.less[length].mean, 2)) ± \(fixed(row.less[length].uncertainty, 2))"),
            ]
          }
        }))
  }
}
