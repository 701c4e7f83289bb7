// The page of chapter 6: when dropout pays, and its relatives.

import Workbook

extension Dropouts {
  /// Narrow and wide layers; pixels and hidden units.
  ///
  /// - Parameters:
  ///   - findings: the record's, where there is one.
  ///   - seeds: how many seeds the run of this page has.
  static func addWidths(to page: inout Page, _ findings: Findings, seeds: Int) {
    let (byWidth, widths, gains, last, narrow) = (
      findings.byWidth, findings.byWidth.settings, findings.byWidth.gains, findings.byWidth.last,
      findings.byWidth.narrow
    )
    let ends = findings.ends
    // The narrowest net loses so much that nothing else could be read beside it.
    let drawn = PairFindings(settings: Array(widths[narrow...]), nets: byWidth.nets.map { Array($0[narrow...]) })
    let rows = findings.apartGains
    page.prose(
      """
      ## When does it help?

      \(grouped(findings.few)) images, two hidden layers of ReLU units, every net at the best of its learning rates and for the \
      same \(grouped(findings.steps)) steps. What its authors use on digits is *two* things at once: half of the hidden units \
      are dropped, and a fifth of the *pixels*.\(rows == nil ? "" : " They must be told apart: each alone, and both.")\
      \(seeds == findings.seeds.count ? "" : " (Recorded run, \(findings.seeds.count) seeds.)")
      """)
    page.fold("How the nets are trained") {
      $0.prose(
        """
        Batches of \(batchSize), momentum 0.9, the learning rate falling along half a cosine \
        ($\\eta(t) = \\eta\\,(1 + \\cos(\\pi t/T))/2$). The authors' bound on the \
        weights (below) and their long training are left out. The learning rates tried go from \(findings.rateWords); the best is \
        the one with the fewest mistakes on images that are neither trained on nor tested on, and \
        \(ends.count == 0 ? "no net has its best rate" : "\(ends.count) of \(ends.of) nets \(ends.count == 1 ? "has its" : "have their") best rate") at an end of \
        what was tried. Errors are those of all test images, unless a thousand of them are named, on which errors come out a little higher. Each seed draws its own images; all labels are right. S4 warns that training takes longer with dropout; \
        here all nets get the same number of steps, and controls have more.
        """)
      $0.code("layers", in: "Networks.swift")
    }
    if let rows {
      let lead = rows[0].last - rows[1].last
      page.predict(
        "Layers of \(widths[last]) units. Which saves more errors on new images?",
        choices: ["half of the hidden units dropped", "a fifth of the pixels dropped", "both save about as much"],
        answer: lead.worded(above: 1, below: 0, withinChance: 2), apartWords(rows, Array(widths[narrow...])))
      page.project("Hidden units or pixels: which is better dropped?")
      page.figure(
        Figure(
          apartTitle(rows, drawn.settings), gainChart(rows, at: drawn.settings, x: "units in each hidden layer"),
          caption: """
            Points of test error saved, each net at its own best rate; above the line dropping helps. Hidden units: half \
            ($p = 0.5$); pixels: a fifth ($p = 0.2$). Mean of \(counted(rows[0].first.count, "seed")), seed by seed\(intervalBars(rows[0].first.count)). \
            \(grouped(findings.few)) training images, \(findings.data).\(narrow > 0 ? " " + ofNarrowest(byWidth) : "")
            """,
          name: "width-sweep"))
      page.project(
        rows[0].gains.allSatisfy(saves) && costs(rows[1].first)
          ? "Dropped pixels help everywhere, dropped units do not"
          : "Pixels and hidden units, by the width of the layers")
    } else {
      addPair(to: &page, findings, drawn)
    }
    page.prose(
      """
      \(rows.map { saves($0[0].last) ? "A dropped pixel changes the picture: each image is seen in many versions, as in data augmentation (chapter 7). " : "" } ?? "")\
      A dropped unit takes a part of the net away. \(costs(gains[narrow]) ? "Half of \(widths[narrow]) is too few for \(grouped(findings.steps)) steps: with both dropped the net" : "With layers of \(widths[narrow]) and both dropped the net") \
      misclassifies \(fixed(byWidth.nets[1][narrow].trainingErrors.mean, 1)) % of its *own* training images, \
      without \(fixed(byWidth.nets[0][narrow].trainingErrors.mean, 1)) %. \
      \(costs(gains[narrow]) ? findings.narrowLonger.map { verdictOfTime($0, byWidth) } ?? "" : "")\(saves(gains[last]) ? "In a layer of \(widths[last]) half is still plenty. " : "")\
      \(rows == nil ? shareOfHidden(findings) : "")

      Srivastava et al. say so in their guide: where $n$ units are right without dropout, take $n/(1-p)$ with it. \
      They add a high momentum, because the noise of the masks averages out over many steps, and an upper bound of 3 to 4 on the norm of \
      each unit's weights (*max-norm*), which keeps large rates from running away.
      """)
  }

  /// The pair alone, where pixels and hidden units were not told apart.
  private static func addPair(to page: inout Page, _ findings: Findings, _ drawn: PairFindings) {
    let (byWidth, widths, gains, last, narrow) = (
      findings.byWidth, findings.byWidth.settings, findings.byWidth.gains, findings.byWidth.last,
      findings.byWidth.narrow
    )
    page.predict(
      """
      Layers of \(widths[narrow]) units and layers of \(widths[last]). On new images, dropout makes fewer mistakes than no dropout in
      """,
      choices: ["both", "only the narrow net", "only the wide net", "neither"],
      answer: saves(gains[last]) ? (saves(gains[narrow]) ? 0 : 2) : saves(gains[narrow]) ? 1 : 3,
      """
      With \(widths[narrow]) units dropout \(effect(gains[narrow])), with \(widths[last]) it \(effect(gains[last])).\
      \(saves(gains[last]) && costs(gains[narrow]) ? " Half of \(widths[narrow]) units are too few to learn the digits in \(grouped(findings.steps)) steps. Half of \(widths[last]) are plenty: the net errs on \(fixed(byWidth.nets[1][last].trainingErrors.mean, 1)) % of its own images, and on fewer new ones." : "")
      """)
    page.project("Narrow or wide: where does dropout help?")
    page.figure(
      Figure(
        saves(gains[last]) && costs(gains[narrow])
          ? "With \(widths[narrow]) units a layer dropout costs \(fixed(-gains[narrow].mean, 1)) points, with \(widths[last]) it saves \(fixed(gains[last].mean, 1))"
          : saves(gains[last])
            ? "With layers of \(widths[last]) units dropout saves \(fixed(gains[last].mean, 1)) points"
            : "What dropout saves, by the width of the layers",
        gainChart([gainSeries("dropout", drawn, color: 1)], drawn.settings, x: "units in each hidden layer"),
        caption: """
          Points of test error saved by dropout (hidden units with p = ½, pixels with p = 0.2), each net at its own best rate; \
          above the line dropout helps. Mean of \
          \(drawn.seedWords), seed by seed\(intervalBars(gains[last].count)). \(grouped(findings.few)) training images, \(findings.data). \
          \(narrow > 0 ? ofNarrowest(byWidth) : "")\(findings.endNote(byWidth.named("units")))
          """,
        name: "width-sweep"))
    page.project(
      saves(gains[last] - gains[narrow])
        ? costs(gains[last]) ? "Dropout costs less in wide layers" : "Dropout wants wide layers"
        : "Above 0 dropout helps, below 0 it costs")
  }

  /// What becomes of the narrowest net, which is not drawn.
  private static func ofNarrowest(_ byWidth: PairFindings) -> String {
    let (gain, units) = (byWidth.gains[0], "With \(byWidth.settings[0]) units (not drawn) dropping both")
    guard gain.maximum < 0 else { return "\(units) \(effect(gain))." }
    func range(_ net: Int) -> String {
      let errors = byWidth.nets[net][0].testErrors
      return "\(fixed(errors.minimum, 0)) to \(fixed(errors.maximum, 0)) %"
    }
    return
      "\(units) costs with every seed, and with some of them far more than with others: the errors are \(range(1)) with dropout, \(range(0)) without."
  }

  /// What five times the steps do for the narrow net.
  private static func verdictOfTime(_ longer: LongerFindings, _ byWidth: PairFindings) -> String {
    let (after, cost) = ("in \(grouped(longer.steps)) steps", -byWidth.gains[byWidth.narrow].mean)
    let own = [byWidth.nets[1][byWidth.narrow], longer.nets[1]].map { fixed($0.trainingErrors.mean, 1) }
    return longer.gain.worded(
      above: "What was missing is time: \(after) dropout \(effect(longer.gain)) there too. ",
      below: longer.makesUp(for: cost)
        ? "More time makes up for most of it: \(after) the cost falls from \(fixed(cost, 1)) to \(longer.gain.magnitude.withInterval()) points, and the error on its own images from \(own[0]) to \(own[1]) %. "
        : "More time does not make up for it: \(after) dropout still \(effect(longer.gain)). ",
      withinChance: "More time makes up for it: \(after) dropout \(effect(longer.gain)), within chance. ")
  }

  /// How much of what dropout saves comes from the hidden units alone.
  private static func shareOfHidden(_ findings: Findings) -> String {
    let (both, hidden) = (findings.contestGains[Place.dropout], findings.contestGains[Place.hidden])
    guard saves(both), saves(hidden) else { return "" }
    return
      "Without dropped pixels, of hidden units alone, dropout saves \(fixed(hidden.mean, 1)) of these \(fixed(both.mean, 1)) points"
      + (saves(both - hidden) ? "." : ", which is not less beyond chance.")
  }

  /// What dropout saves, point by point.
  private static func gainSeries(
    _ name: String, _ pair: PairFindings, style: Series.Style = .points, color: Int
  ) -> Series {
    Series(
      name, x: pair.settings.map(Double.init), y: pair.gains.map(\.mean),
      deviation: pair.gains.map { $0.count < 3 ? 0 : $0.uncertainty }, style: style, isEmphasized: color == 1,
      color: color)
  }

  private static func gainChart(_ series: [Series], _ ticks: [Int], x label: String) -> Plot {
    let seeds = series.contains { $0.deviation.contains { $0 > 0 } } ? 3 : 1
    return .lines(
      LineChart(
        x: Axis(label, log: true, ticks: Set(ticks).sorted().map { (Double($0), grouped($0)) }),
        y: Axis("points of test error saved" + intervalLabel(seeds)), series,
        references: [.init(.horizontal, at: 0, "as without dropout")]))
  }

  /// From few images to many.
  ///
  /// - Parameter isRecorded: whether these findings are the record's, on the page of another run.
  static func addSizes(to page: inout Page, _ findings: Findings, isRecorded: Bool = false) {
    let (bySize, sizes, gains, last) = (
      findings.bySize, findings.bySize.settings, findings.bySize.gains, findings.bySize.last
    )
    let longer = [findings.fewLonger, findings.equalEpochs].compactMap(\.self)
    let falls = isClear(gains[0] - gains[last], beyond: 0) && gains[0].mean > gains[last].mean
    func epochs(_ size: Int) -> String { counted(max(1, findings.steps * batchSize / size), "epoch") }
    page.prose(
      """
      ### With more data?

      S4 says that dropout is not needed when data are plentiful. The wide net again, the same number of \
      steps, from few images to many\(isRecorded || findings.recordedSeeds != nil ? " (in the recorded run)" : ""):
      """)
    // Two points are a sentence, not a picture.
    if !findings.drawsSizes {
      page.prose(
        "With \(grouped(sizes[0])) images dropout \(effect(gains[0])), with \(grouped(sizes[last])) it \(effectOrNone(gains[last])). With as many steps each of the more images is seen less often, and dropout slows the learning down: whether it is the images or the time, this run does not tell."
      )
      return
    }
    var series = [gainSeries("\(grouped(findings.steps)) steps", bySize, color: 1)]
    if let steps = longer.first?.steps {
      let pair = PairFindings(settings: longer.map(\.size), nets: [0, 1].map { net in longer.map { $0.nets[net] } })
      series.append(gainSeries("\(grouped(steps)) steps", pair, color: 0))
    }
    if let rows = findings.sizeGains {
      page.figure(
        Figure(
          "From \(grouped(sizes[0])) to \(grouped(sizes[last])) images, what dropped hidden units save goes from \(fixed(rows[1].first.mean, 1)) to \(fixed(rows[1].last.mean, 1)) points, what dropped pixels save from \(fixed(rows[0].first.mean, 1)) to \(fixed(rows[0].last.mean, 1))",
          gainChart(rows, at: sizes, x: "training images"),
          caption: """
            Layers of \(findings.wide) units, \(grouped(findings.steps)) steps: \(epochs(sizes[0])) of \
            \(grouped(sizes[0])) images, \(epochs(sizes[last])) of \(grouped(sizes[last])). \
            Mean of \(bySize.seedWords)\(intervalBars(gains[last].count)); \(findings.data).
            """,
          name: "size-sweep"))
      page.project(falls ? "The more data, the less dropout saves" : "With more data, does dropout still help?")
      addVerdictOfSizes(to: &page, findings)
      return
    }
    page.figure(
      Figure(
        saves(gains[0]) && falls
          ? "From \(grouped(sizes[0])) to \(grouped(sizes[last])) images, what dropout saves falls from \(fixed(gains[0].mean, 1)) to \(fixed(gains[last].mean, 1)) points"
          : "What dropout saves, by the number of training images",
        gainChart(series, sizes + longer.map(\.size), x: "training images"),
        caption: """
          Layers of \(findings.wide) units. \(grouped(findings.steps)) steps are \(epochs(sizes[0])) of \
          \(grouped(sizes[0])) images, \(epochs(sizes[last])) of \(grouped(sizes[last])). \
          \(findings.equalEpochs.map { "\(grouped($0.steps)) steps show each of \(grouped($0.size)) images as often as \(grouped(findings.steps)) show each of \(grouped(findings.few)). " } ?? "")\
          Mean of \(bySize.seedWords)\(intervalBars(gains[last].count)); \(findings.data).\(findings.endNote(bySize.named("images")))
          """,
        name: "size-sweep"))
    page.project(falls ? "The more data, the less dropout saves" : "With more data, does dropout still help?")
    addVerdictOfSizes(to: &page, findings)
  }

  /// More images, or fewer showings of each.
  private static func addVerdictOfSizes(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      Two things change along this axis. With more images there is less to learn by heart. And with the same number of \
      steps each image is seen less often, so it counts more that dropout slows the learning down. \
      \(findings.equalEpochs.map { verdictOfEpochs($0, few: findings.fewLonger, findings) } ?? "Which of the two it is, this run does not tell.")\(ofPixels(findings))
      """)
  }

  /// What dropped pixels alone save in as many steps.
  private static func ofPixels(_ findings: Findings) -> String {
    guard let nets = findings.controls?.apart?.pixelsLonger, nets.count == 2, let few = findings.fewLonger,
      let many = findings.equalEpochs
    else { return "" }
    let gains = zip([few, many], nets).map { $0.nets[0].testErrors - $1.testErrors }
    return
      " Dropped pixels alone, in \(grouped(few.steps)) steps: they \(plural(gains[0])) with \(grouped(few.size)) images, and \(plural(gains[1])) with \(grouped(many.size))."
  }

  /// What the control with equal epochs says, beside the small set with as many steps.
  private static func verdictOfEpochs(_ many: LongerFindings, few: LongerFindings?, _ findings: Findings) -> String {
    let (images, steps) = (grouped(many.size), grouped(many.steps))
    guard let few else {
      return
        "In \(steps) steps dropout \(effect(many.gain)) with \(images) images. Whether that is due to the images or to the steps, this run does not tell."
    }
    // The small set with as many showings of each image as the large one has in its many steps.
    let place = findings.bySize.settings.firstIndex(of: few.size)
    let shown = place.map { findings.bySize.gains[$0] } ?? findings.contestGains[Place.dropout]
    let goes = saves(few.gain - many.gain) && saves(shown - many.gain)
    return
      """
      Compare at equal steps (\(steps)): with \(grouped(few.size)) images dropout \(effect(few.gain)), with \(images) it \
      \(effectOrNone(many.gain)). Or at equal showings of each image (\(grouped(findings.steps)) steps of \(grouped(few.size)), \
      \(steps) of \(images)): with \(grouped(few.size)) it \(effect(shown)).
      """ + " "
        + many.gain.worded(
          above: "Given the time, it still pays with more data.",
          below: "It costs with more data even then, so it is not time alone that is missing.",
          withinChance: saves(few.gain) && goes
            ? "Either way the gain goes when data come."
            : saves(few.gain)
              ? "Too near each other to say that the gain goes when data come."
              : "So many steps make it superfluous with few images, too.")
  }

  /// Whether dropout helps, as a title. Whether batch norm does is the table's: few seeds do not agree on it.
  private static func rivals(_ dropout: Summary) -> String {
    if saves(dropout) { return "Dropout helps here. Do its rivals?" }
    return costs(dropout) ? "Dropout costs here. Do its rivals?" : "Which helps more: dropout or one of its rivals?"
  }

  /// DropConnect, batch normalization, averages.
  ///
  /// - Parameters:
  ///   - told: the findings that the table is told from, the record's where there is one.
  ///   - isRecorded: whether these are the record's.
  static func addRelatives(to page: inout Page, _ findings: Findings, told: Findings, isRecorded: Bool) {
    let (controls, plain) = (told.controls, told.contest[0].testErrors)
    let teams = controls?.teams ?? []
    let decay = controls?.decay ?? told.contest[Place.decay]
    func kept(_ place: Int) -> Tuned? { told.contest.indices.contains(place) ? told.contest[place] : nil }
    let norm = controls?.apart?.norm ?? []
    let nets: [(name: String, net: Tuned?)] =
      [0, Place.pixels, Place.hidden, Place.dropout].map { (contestants[$0].name, kept($0)) }
      + [("L2", decay), (contestants[Place.connect].name, kept(Place.connect)), ("batch norm", kept(Place.norm))]
      + (norm.count == 2
        ? [("batch norm, pixels dropped", norm[0]), ("batch norm, hidden units dropped", norm[1])] : [])
      + [(contestants[Place.both].name, kept(Place.both))]
    let rows = nets.compactMap { row in row.net.map { (name: row.name, net: $0) } }
    /// Seed by seed, over those that both have.
    func gain(_ net: Tuned) -> Summary {
      Summary(Array(plain.values.prefix(net.runs.count))) - Summary(Array(net.testErrors.values.prefix(plain.count)))
    }
    func cell(_ gain: Summary) -> TableCell {
      TableCell(gain.count < 3 ? fixed(gain.mean, 1) : "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty, 1))")
    }
    let isEnd = rows.contains { told.isEnd($0.net.rate) || Recipe.isEnd($0.net.decay) }
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units, here those between the two hidden layers: \
      $y = x\\,(R \\circ W)^T/(1-p) + b$, with a mask $R$ of zeros and ones (∘: number by number). *L2* penalizes large weights (chapter 7), here with the best of \
      \(counted(Recipe.penalties.count, "strength"))\(controls?.decay != nil ? ", each at a learning rate of its own" : " at the rate of the plain net"). *Batch \
      normalization* (chapter 5) adds noise of its own; Ioffe and Szegedy left dropout out with it, and S3 says that it makes dropout superfluous.
      """)
    page.table(
      Table(
        """
        Errors after \(grouped(told.steps)) steps on \(grouped(told.few)) images, layers of \(told.wide), each at its own best rate, \
        \(counted(plain.count, "seed"))\(isRecorded ? " (recorded run)" : "")\(decay.runs.count < plain.count ? "; L2 \(decay.runs.count)" : ""). Errors on their own images: at most \(fixed(rows.map(\.net.trainingErrors.mean).max() ?? 0, 1)) %. Points saved: against the first row, ± half of the 95 % interval\
        \(isEnd ? ". †: the smallest or the largest tried" : "")
        """,
        columns: [
          "left out or added", "rate, λ", .init("new images (%)", digits: 1), "points saved",
        ],
        rows: rows.enumerated().map { index, row in
          [
            TableCell(row.name),
            TableCell(
              short(Double(row.net.rate), digits: 3) + (told.isEnd(row.net.rate) ? "†" : "")
                + (row.net.decay == 0
                  ? "" : ", λ = \(short(Double(row.net.decay)))\(Recipe.isEnd(row.net.decay) ? "†" : "")")),
            .measured(row.net.testErrors),
            index == 0 ? "–" : cell(gain(row.net)),
          ]
        }))
    page.project(rivals(told.contestGains[Place.dropout]))
    var words: [String] = []
    if let best = rows.dropFirst().max(by: { gain($0.net).mean < gain($1.net).mean }), saves(gain(best.net)) {
      words.append("Most is saved by \(best.name): \(fixed(gain(best.net).mean, 1)) points.")
    }
    if norm.count == 2 {
      let alone = norm.map { told.contest[Place.norm].testErrors - $0.testErrors }
      words.append(
        "Added to batch norm, dropped hidden units \(plural(alone[1])), and dropped pixels \(plural(alone[0])).")
    } else {
      let onTop = told.onTop
      words.append(
        onTop.worded(
          above: "With batch norm dropout still \(effect(onTop)).", below: "With batch norm dropout \(effect(onTop)).",
          withinChance: "With batch norm dropout \(effect(onTop)), \(chance(onTop, beyond: 0))."))
    }
    if teams.count == 2 { words.append(teamWords(teams)) }
    page.prose(words.joined(separator: " "))
    page.sideNote(
      "A known reason why dropped units and a norm can quarrel: with masks the variance before a norm is larger in training than in the test, and the stored variance is the one of training (Li et al., below)."
    )
  }

  /// `save 0.8 points`, `make no difference beyond chance`: what several things do.
  static func plural(_ saved: Summary) -> String {
    saves(saved) || costs(saved)
      ? "\(saved.mean < 0 ? "cost" : "save") \(fixed(saved.magnitude.mean, 1)) points"
      : "make no difference beyond chance"
  }

  /// Whether the average of several nets does what dropout does.
  static func teamWords(_ teams: [ControlFindings.Team]) -> String {
    let (plain, dropped) = (teams[0].single - teams[0].errors, teams[1].single - teams[1].errors)
    let dropout = teams[0].single - teams[1].single
    let which = (plain - dropout).worded(
      above: "more than dropout in one net", below: "less than dropout in one net",
      withinChance: "as much as dropout in one net within chance")
    let all = teams[0].single - teams[1].errors
    let again =
      saves(dropped)
      ? "with both dropped it saves \(fixed(all.mean, 1)), \(fixed(dropped.mean, 1)) of it by averaging"
      : "nets with dropout gain nothing beyond chance from being averaged"
    return
      "A real ensemble, \(teams[0].members) plain nets averaged, \(saves(plain) ? "saves \(fixed(plain.mean, 1)) points" : "saves nothing beyond chance"), \(which), for \(teams[0].members) trainings; \(again)."
  }
}
