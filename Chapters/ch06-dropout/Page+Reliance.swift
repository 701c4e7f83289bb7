// The page of chapter 6: units that rely on each other, noise in the place of dropout, and what both do.

import Workbook

extension Dropouts {
  /// Units taken away for good, noise that drops nothing, and the price that both put on large contributions.
  static func addReliance(to page: inout Page, _ findings: Findings) {
    let reliance = findings.reliance
    let (losses, spared) = (reliance.losses, reliance.spared)
    page.prose(
      """
      ## Units that rely on each other

      Is the reason for dropout right? A unit may correct the mistakes of another one, and be useless without it. Srivastava et al. call this *co-adaptation*. \
      A net with such units should break when some of them are removed for good. We take the wide nets from above, remove a random share of \
      the first hidden layer, scale the rest up, and measure the error.
      """)
    // What the units were worth, seed by seed, so that both nets begin at 0.
    let lost = reliance.damage.map { net in net.map { $0 - net[0] } }
    let whole = lost[0]
    page.predict(
      """
      We remove more and more units of the net trained **without** dropout, up to \(percent(Double(removedShares.last ?? 0))) of them. \
      By how many points does its error grow?
      """,
      drawing: "trained without dropout",
      """
      Slowly at first, then faster and faster: by \(fixed(whole[removedShares.count / 2].mean, 0)) points with \
      \(percent(Double(removedShares[removedShares.count / 2]))) of the units gone, by \
      \(fixed(whole[removedShares.count - 1].mean, 0)) with \(percent(Double(removedShares.last ?? 0))).
      """)
    page.figure(
      Figure(
        "Half of the units gone costs \(fixed(losses[0].mean, 1)) points without dropout and \(fixed(losses[1].mean, 1)) with both dropped in training"
          + (findings.seeds.count < 3 || saves(spared) ? "" : ": within chance"),
        .lines(
          LineChart(
            x: Axis("share of the first hidden layer removed"),
            y: Axis("points of test error added" + intervalLabel(findings.seeds.count)),
            zip(["trained without dropout", "trained with both dropped"], lost).enumerated().map { index, pair in
              Series(
                pair.0, x: removedShares.map(Double.init), y: pair.1.map(\.mean),
                deviation: pair.1.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: index == 1,
                color: index)
            })),
        caption: """
          Each net compared with itself when whole. Mean of \(findings.seedWords)\(intervalBars(findings.seeds.count)); \
          \(findings.data).\(spared.count < 3 ? "" : " Difference at one half: \(fixed(spared.mean, 1)) points (95 %: \(spared.interval())).")
          """,
        name: "damage"))
    page.project(
      spared.worded(
        above: "Trained with dropout, a net survives losing units",
        below: "Without dropout a net survives losing units better",
        withinChance: "Units removed: too few nets to tell"))
    if let inside = findings.controls?.apart?.inside, !inside.isEmpty {
      addNoise(to: &page, findings)
      addReason(to: &page, inside, findings)
    } else if let lost = reliance.halfLost {
      addUntrained(to: &page, lost, reliance)
    }
  }

  /// Nets that have not practised missing units, where no more was measured.
  private static func addUntrained(to page: inout Page, _ lost: [Summary], _ reliance: RelianceFindings) {
    let places = [Place.decay, Place.connect, Place.norm]
    page.table(
      Table(
        "Points of error lost with half of the first hidden layer; only dropout has practised missing units",
        columns: ["trained with", .init("points lost", digits: 1)],
        rows: ([0, Place.dropout] + places).map { [TableCell(contestants[$0].name), .measured(lost[$0])] }))
    // More seeds decide more: the record's, where there is one.
    let decided = reliance.recordedHalfLost ?? lost
    let sturdier = places.filter { saves(decided[0] - decided[$0]) }.map { contestants[$0].name }
    page.prose(
      sturdier.isEmpty
        ? "No net that was not trained for it loses less than the plain one beyond chance."
        : "Nets with \(sturdier.joined(separator: " or ")), which were never trained for it, also lose less than the plain net\(reliance.recordedHalfLost == nil ? "" : " (by the recorded run)"); so losing little does not prove that the units have stopped relying on each other."
          + " Whether that is what dropout does, this chapter cannot say: one net has practised the test."
    )
  }

  /// What dropping and noise in their place save: on what, by dropping, by noise.
  static func noiseRows(_ findings: Findings) -> [(name: String, dropped: Summary, noise: Summary)] {
    guard let apart = findings.controls?.apart, apart.noise.count == 3, let wide = apart.wide else { return [] }
    let plain = findings.contest[0].testErrors
    var rows = zip(
      ["a fifth of the pixels", "half of the hidden units", "both"],
      zip([wide.pixels, wide.units, findings.contest[Place.dropout]], apart.noise)
    ).map { name, pair in (name: name, dropped: plain - pair.0.testErrors, noise: plain - pair.1.testErrors) }
    let places = apart.noiseWherePays ?? []
    if places.count > 0, apart.wrong.count == 2 {
      let plain = findings.noisy.nets[0].testErrors
      rows.append(
        (
          "half of the hidden units, \(percent(Double(wrongShare))) of the labels wrong",
          plain - apart.wrong[1].testErrors, plain - places[0].testErrors
        ))
    }
    if places.count > 1, let units = apart.unitsBySize.first {
      let plain = findings.bySize.nets[0][0].testErrors
      rows.append(
        (
          "half of the hidden units, \(grouped(findings.bySize.settings[0])) images", plain - units.testErrors,
          plain - places[1].testErrors
        ))
    }
    if let maps = findings.controls?.maps, maps.kinds.contains(where: { $0.recipe == .valueNoise }) {
      rows.append(("single values of a LeNet's maps (below)", maps.gain(.values), maps.gain(.valueNoise)))
    }
    return rows
  }

  /// Whether anything has to be missing: noise in the place of dropout.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    let rows = noiseRows(findings)
    guard rows.count >= 3 else { return }
    let less = rows.map { $0.dropped - $0.noise }
    page.prose(
      """
      ### Must anything be missing?

      The net with both dropped has been trained for exactly this test. A control has not: in training we multiply each unit, or pixel, by a random number from the normal \
      distribution $N(1, p/(1 - p))$. It has the mean and the variance of dropout's own factor $m_i/(1 - p)$, so its neighbours are just as unreliable. But nothing is ever missing, and \
      there are no thinned nets (Srivastava et al., section 10).
      """)
    page.predict(
      "We put such noise in the place of dropout, with layers of \(findings.wide). Compared with dropout it saves",
      choices: ["clearly less", "about as much", "clearly more"],
      answer: less.prefix(3).contains(where: saves) ? 0 : less.prefix(3).contains(where: costs) ? 2 : 1,
      "Both dropped: \(fixed(rows[2].dropped.mean, 1)) points. Noise on both: \(fixed(rows[2].noise.mean, 1)).")
    // One of several rows may differ by chance alone: together they are held against a wider interval.
    let isSame = less.allSatisfy { $0.direction(among: rows.count) == .withinChance }
    page.prose(
      isSame
        ? "\(rows.count > 3 ? sharpest(rows, less) : "On pixels dropout saves \(fixed(rows[0].dropped.mean, 1)) points and noise \(fixed(rows[0].noise.mean, 1)).") So no unit has to be missing *altogether*: noise does most of what dropout does, if not all."
        : "The two differ beyond chance in \(less.count { $0.direction(among: rows.count) != .withinChance }) of \(rows.count) rows, so it is not the size of the noise alone."
    )
    page.slide(
      isSame
        ? "Noise saves as much: no unit need be missing altogether"
        : "Noise in the place of dropout: does it save as much?",
      """
      Points of test error saved by dropping, and by noise of the same mean and variance:

      \(rows.map { "- \($0.name.replacing(" (below)", with: "")): \(fixed($0.dropped.mean, 1)), noise \(fixed($0.noise.mean, 1))" }.joined(separator: "\n"))
      """)
    let odd = rows.indices.filter { saves(less[$0]) || costs(less[$0]) }
    page.fold("Dropout and noise, in every setting") {
      $0.table(
        Table(
          "Points of test error saved, ± 95 %. \(grouped(findings.few)) images and layers of \(findings.wide) where nothing else is said",
          columns: ["on what", "dropped", "noise instead", "difference"],
          rows: zip(rows, less).map { row, less in
            [TableCell(row.name)] + [row.dropped, row.noise, less].map { TableCell(spread($0)) }
          }))
      if isSame {
        $0.prose(
          odd.isEmpty
            ? "No row shows a difference beyond chance."
            : "Of \(rows.count) rows \(odd.count) \(odd.count == 1 ? "shows" : "show") a difference whose 95 % interval leaves out 0 (\(odd.map { rows[$0].name }.joined(separator: "; "))). Among \(rows.count) comparisons that may well be chance."
        )
      }
      $0.code("noise", in: "Apart.swift")
    }
  }

  /// Where the answer is sharpest: where dropped hidden units, or single values, save most.
  private static func sharpest(
    _ rows: [(name: String, dropped: Summary, noise: Summary)], _ less: [Summary]
  ) -> String {
    let place = rows.indices.dropFirst(3).max { rows[$0].dropped.mean < rows[$1].dropped.mean } ?? 0
    return
      "The answer is sharpest where dropping saves most. On \(rows[place].name) it saves \(fixed(rows[place].dropped.mean, 1)) points, and noise saves \(fixed(rows[place].noise.mean, 1)) (difference \(spread(less[place])))."
      .replacing(
        "maps (below)", with: "maps (*In a convolutional net*, below)")
  }

  /// What dropout and noise have in common: a formula, what it predicts, and whether that is so.
  static func addReason(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    page.prose(
      """
      ### What dropout and noise have in common

      For one linear unit the effect can be computed. Let $\\sum_i w_i x_i$ be its output and $(t - \\sum_i w_i x_i)^2$ its \
      loss. Multiply its inputs by independent factors $f_i$ of mean 1 and variance $p/(1-p)$, those of dropout or those of the noise. Split the error into what it is without noise and what the noise adds. \
      The mixed term is 0 on average, because $E[f_i] = 1$, and what is left of the noise is its variance:
      """)
    page.math(
      "E\\left[\\left(t - \\sum_i f_i w_i x_i\\right)^2\\right] = \\left(t - \\sum_i w_i x_i\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2"
    )
    page.project("Dropout puts a price on large contributions")
    page.prose(
      """
      The first term is the loss without noise. The second is the variance of the noisy sum, and it acts as a *price*: the unit pays the square of what each input *contributes*, $w_i x_i$. Only the mean \
      and the variance of the factors matter, so dropout and noise cost the same. (In a net of several layers this is a first approximation.)

      L2 (chapter 7) charges $w_i^2$ instead, whether the input is large or small. Let a unit have two inputs, of size 4 and 1, and let its sum be 8, so that $4w_1 + w_2 = 8$. L2, which is $w_1^2 + w_2^2$, is smallest where the weights are in proportion to the inputs, at 1.88 and 0.47: \
      the large input contributes 7.5, the small one 0.5. The price of dropout is smallest with weights of 1 and 4: each input contributes 4, and at $p = 1/2$ the price is 32. With the weights of L2 it would be 57. A net can make \
      a few units large in the layer below. With L2 that pays as long as it costs less there than it saves here, because small weights are then enough. With dropout it does not pay.

      What follows? A net that was trained with unreliable inputs should lose less than the plain net when such inputs are taken away. With L2 this should not be so for hidden units, which the layer \
      below can make large. It may be so for pixels, whose size is given: among inputs of one size L2 spreads the work, too.
      """)
    let pixels = findings.controls?.apart?.pixelsLost ?? []
    let hasPixels = pixels.count > 2
    page.table(
      Table(
        "Points of test error lost when half of the hidden units\(hasPixels ? ", or half of the pixels," : "") are removed from a trained net; layers of \(findings.wide), \(counted(nets[0].halfLost.count, "seed"))",
        columns: ["trained with", "hidden units removed, ± 95 %"]
          + (hasPixels ? ["pixels removed, ± 95 %"] : []),
        rows: nets.indices.map { place in
          [TableCell(nets[place].name), TableCell(spread(nets[place].halfLost))]
            + (hasPixels ? [place < pixels.count ? TableCell(spread(pixels[place].lost)) : "–"] : [])
        }))
    page.project("Which nets break when parts are removed?")
    guard let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units"),
      let decay = net("L2")
    else { return }
    var words: [String] = []
    if saves(plain.halfLost - units.halfLost), saves(plain.halfLost - noise.halfLost) {
      words.append(
        "For hidden units it is so. When half of them are removed, the plain net loses \(fixed(plain.halfLost.mean, 1)) points, the net with dropped units \(fixed(units.halfLost.mean, 1)), and the net with noise \(fixed(noise.halfLost.mean, 1)), though it had never lost a unit."
      )
    }
    if costs(plain.halfLost - decay.halfLost) {
      words.append("The net with L2 breaks most easily: it loses \(fixed(decay.halfLost.mean, 1)).")
    }
    if hasPixels { words.append(ofPixels(pixels)) }
    page.prose(words.joined(separator: " "))
    page.prose(conclusion(isSturdier: saves(plain.halfLost - units.halfLost), findings))
    page.fold("Which units do the work") { addWork(to: &$0, nets, findings) }
  }

  /// Whether nets that learned with missing pixels bear the loss of pixels.
  private static func ofPixels(_ lost: [PixelLoss]) -> String {
    guard let plain = lost.first(where: { $0.name == "nothing" })?.lost,
      let pixels = lost.first(where: { $0.name == "pixels" })?.lost,
      let units = lost.first(where: { $0.name == "hidden units" })?.lost
    else { return "" }
    let (own, other) = (plain - pixels, plain - units)
    let numbers =
      "the plain net loses \(fixed(plain.mean, 1)) points, and the net with dropped pixels \(fixed(pixels.mean, 1))"
    let decay = lost.first { $0.name == "L2" }?.lost
    let further = [
      saves(other) ? "the net with dropped hidden units (\(fixed(units.mean, 1)))" : nil,
      decay.flatMap { saves(plain - $0) ? "the net with L2 (\(fixed($0.mean, 1)))" : nil },
    ].compactMap(\.self)
    return own.worded(
      above:
        "For pixels it is so, too\(own.mean < plain.mean / 2 ? ", but by less" : ""): when half of them are removed, \(numbers).",
      below: "For pixels it is not so: when half of them are removed, \(numbers).",
      withinChance: "For pixels there is no difference beyond chance: when half of them are removed, \(numbers).")
      + (further.isEmpty
        ? "" : " Here \(further.joined(separator: " and ")) also \(further.count == 1 ? "loses" : "lose") less.")
  }

  /// The one explanation, and what was not shown.
  private static func conclusion(isSturdier: Bool, _ findings: Findings) -> String {
    guard isSturdier else { return "So this chapter does not see that units rely on each other less with dropout." }
    let team = findings.controls?.teams?.first.map { $0.single - $0.errors }
    return """
      So the inventors' idea has a formula. Where inputs are unreliable, none of them may contribute too much, and units rely on each other less. Is that *why* the net makes fewer errors? It may be, but these \
      measurements do not prove it: a net that breaks less easily need not err less. A net trained with this price alone was not tried. And a net trained with masks is also an average of many nets, and an average errs less, too\
      \(team.map { saves($0) ? " (five plain nets averaged save \(fixed($0.mean, 1)) points)" : "" } ?? "").
      """
  }

  /// How many units do the work, what it costs to lose those that do most, and what the first layer looks like.
  private static func addWork(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    page.prose(
      """
      We measure what a unit does, $c$, by its output (root mean square) times the length of its outgoing weights. \
      $(\\sum c)^2/\\sum c^2$ is then the number of units at work: all of them if all do the same, 1 if one does everything.
      """)
    page.table(
      Table(
        "Points of error lost when the quarter of the units that does most is removed, and how many of the \(findings.wide) units are at work; ± 95 %, \(counted(nets[0].bestLost.count, "seed"))",
        columns: ["trained with", "points lost", "units at work"],
        rows: nets.map {
          [
            TableCell($0.name), TableCell(spread($0.bestLost)),
            TableCell("\(fixed($0.carrying.mean, 0)) ± \(fixed($0.carrying.uncertainty, 0))"),
          ]
        }))
    if let plain = net("nothing"), let units = net("hidden units"), let decay = net("L2") {
      var words: [String] = []
      if saves(plain.bestLost - units.bestLost) {
        words.append(
          "No net has been trained to lose exactly these units. The net with dropped hidden units holds better there, too: it loses \(fixed(units.bestLost.mean, 1)) points, the plain net \(fixed(plain.bestLost.mean, 1))."
        )
      }
      let counts = "(\(fixed(units.carrying.mean, 0)) instead of \(fixed(plain.carrying.mean, 0)))"
      words.append(
        (units.carrying - plain.carrying).mean < plain.carrying.mean / 10
          ? "But its work is hardly spread over more units \(counts). What has changed is how well the net bears the loss of some."
          : "Its work is spread over more units \(counts).")
      if saves(plain.carrying - decay.carrying) {
        words.append(
          "With L2 only \(fixed(decay.carrying.mean, 0)) units do the work, against \(fixed(plain.carrying.mean, 0)) in the plain net. It shrinks the weights of all the others."
        )
      }
      page.prose(words.joined(separator: " "))
    }
    addPictures(to: &page, nets)
  }

  /// The weights of the units that do most.
  private static func addPictures(to page: inout Page, _ nets: [InsideFindings]) {
    let shown = nets.filter { !$0.pictures.isEmpty }
    guard let count = shown.map(\.pictures.count).min(), count > 0, shown.count > 1 else { return }
    page.figure(
      Figure(
        "With dropout the first layer looks much as without; with L2 the grain of the initial weights is gone",
        .images(
          ImageGrid(
            columns: count,
            shown.flatMap { net in
              net.pictures.prefix(count).map {
                ImageGrid.Picture(width: 28, height: 28, pixels: $0.map { Float($0) / 127 })
              }
            }, isSigned: true, rowLabels: shown.map(\.name))),
        caption: """
          Each picture: the 784 incoming weights of one unit of the first layer, of those that do most; one net in a row. The grain is what is left of the initial weights. \
          L2 has shrunk to 0 all weights that the images do not need.
          """,
        name: "first-layer"))
  }
}
