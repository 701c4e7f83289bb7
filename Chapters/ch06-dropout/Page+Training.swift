// The page of chapter 6: when dropout pays, and its relatives.

import Workbook

extension Dropouts {
  /// Narrow and wide layers; pixels and hidden units.
  static func addWidths(to page: inout Page, _ findings: Findings) {
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

      Now we train nets with two hidden layers of ReLU units on \(grouped(findings.few)) images. Every net has its own best learning rate, and all have the \
      same \(grouped(findings.steps)) steps. On digits, the authors of dropout do *two* things at once: they drop half of the hidden units, \
      and a fifth of the *pixels*.\(rows == nil ? "" : " We try each alone, and both together.")
      """)
    page.fold("How the nets are trained") {
      $0.prose(
        """
        Batches of \(batchSize), with a momentum of 0.9 (each step is 0.9 times the step before plus the new gradient step). The learning rate falls to 0 like the first half of a cosine wave: \
        $\\eta(t) = \\eta\\,(1 + \\cos(\\pi t/T))/2$. The learning rates tried go from \(findings.rateWords). The best one is \
        that with the fewest mistakes on other images, which are used neither for training nor for the test; \
        \(ends.count == 0 ? "no net has its best rate" : "\(ends.count) of \(ends.of) nets \(ends.count == 1 ? "has its" : "have their") best rate") at an end of \
        what was tried. Errors are those of all test images, where nothing else is said. Each seed draws its own images; all labels are right. S4 warns that training takes longer with dropout. \
        Here all nets get the same number of steps; longer trainings follow.
        """)
      $0.code("layers", in: "Networks.swift")
    }
    if let rows {
      addApart(to: &page, rows, findings)
      return
    }
    addPair(to: &page, findings, drawn)
    page.prose(
      """
      A dropped unit removes a part of the net. \(costs(gains[narrow]) ? "Half of \(widths[narrow]) units are too few for \(grouped(findings.steps)) steps: with both dropped the net" : "With layers of \(widths[narrow]) and both dropped the net") \
      gets \(fixed(byWidth.nets[1][narrow].trainingErrors.mean, 1)) % of its *own* training images wrong, \
      without dropout \(fixed(byWidth.nets[0][narrow].trainingErrors.mean, 1)) %. \
      \(costs(gains[narrow]) ? findings.narrowLonger.map { verdictOfTime($0, byWidth) } ?? "" : "")\(saves(gains[last]) ? "Half of \(widths[last]) units are still enough. " : "")\
      \(shareOfHidden(findings))

      The guide of Srivastava et al. says the same: if $n$ units are right without dropout, take $n/(1-p)$ with it.
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
        ? "With dropped pixels as well, more time makes up for most of it: \(after) the cost falls from \(fixed(cost, 1)) to \(longer.gain.magnitude.withInterval()) points, and the error on its own images from \(own[0]) to \(own[1]) %. "
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
  static func addSizes(to page: inout Page, _ findings: Findings) {
    let (bySize, sizes, gains, last) = (
      findings.bySize, findings.bySize.settings, findings.bySize.gains, findings.bySize.last
    )
    let longer = [findings.fewLonger, findings.equalEpochs].compactMap(\.self)
    let falls = isClear(gains[0] - gains[last], beyond: 0) && gains[0].mean > gains[last].mean
    func epochs(_ size: Int) -> String { counted(max(1, findings.steps * batchSize / size), "epoch") }
    if let rows = findings.sizeGains, let many = findings.equalEpochs {
      page.prose(ofManyImages(rows, many, findings))
      let figure = Figure(
        "From \(grouped(sizes[0])) to \(grouped(sizes[last])) images, the saving by dropped hidden units goes from \(fixed(rows[1].first.mean, 1)) to \(fixed(rows[1].last.mean, 1)) points, that by dropped pixels from \(fixed(rows[0].first.mean, 1)) to \(fixed(rows[0].last.mean, 1))",
        gainChart(rows, at: sizes, x: "training images"),
        caption: """
          Layers of \(findings.wide). \(grouped(findings.steps)) steps are \(epochs(sizes[0])) of \(grouped(sizes[0])) images, and \(epochs(sizes[last])) of \(grouped(sizes[last])). \
          Mean of \(bySize.seedWords)\(intervalBars(gains[last].count)); \(findings.data).
          """,
        name: "size-sweep")
      page.fold("The steps from few images to many") { $0.figure(figure) }
      return
    }
    page.prose(
      """
      ### With more data?

      Srivastava et al. say that dropout gains nothing when data are plentiful. We train the wide net again, with the same number of \
      steps, on few images and on many:
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
      steps each image is seen less often, while dropout slows the learning down. \
      \(findings.equalEpochs == nil ? "Which of the two it is, this run does not tell." : "")
      """)
    guard let many = findings.equalEpochs else { return }
    guard let few = findings.fewLonger else {
      page.prose(
        "In \(grouped(many.steps)) steps dropout \(effect(many.gain)) with \(grouped(many.size)) images. Whether that is due to the images or to the steps, this run does not tell."
      )
      return
    }
    let place = findings.bySize.settings.firstIndex(of: few.size)
    let shown = place.map { findings.bySize.gains[$0] } ?? findings.contestGains[Place.dropout]
    let goes = saves(few.gain - many.gain) && saves(shown - many.gain)
    let short = findings.bySize.gains[findings.bySize.last]
    page.prose(
      "So we train both sizes for \(grouped(many.steps)) steps as well. That shows each of the \(grouped(many.size)) images as often as \(grouped(findings.steps)) steps show each of \(grouped(findings.few)). With \(grouped(few.size)) images, dropping both \(effectOrNone(shown)) in \(grouped(findings.steps)) steps, and \(effectOrNone(few.gain)) in \(grouped(few.steps)). With \(grouped(many.size)) images it \(effectOrNone(short)) in \(grouped(findings.steps)) steps, and \(effectOrNone(many.gain)) in \(grouped(many.steps)). "
        + many.gain.worded(
          above: "Given the time, it still helps with more data.",
          below: "It costs with more data even then, so it is not time alone that is missing.",
          withinChance: saves(few.gain) && goes
            ? costs(short)
              ? "So with \(grouped(many.size)) images dropout costs where the training is short. Given the time it costs nothing, but gains nothing, either."
              : "So with \(grouped(many.size)) images dropout gains nothing, however long the training."
            : saves(few.gain)
              ? "The two are too near each other to say that more data take the gain away."
              : "So many steps make it superfluous with few images, too."))
  }

  /// The same where pixels and hidden units were told apart: what more images do in the same steps, and given the time.
  private static func ofManyImages(_ rows: [Summary.Row], _ many: LongerFindings, _ findings: Findings) -> String {
    let (steps, longer, size) = (grouped(findings.steps), grouped(many.steps), grouped(many.size))
    let apart = findings.controls?.apart
    func saved(_ net: Tuned?) -> Summary? { net.map { many.nets[0].testErrors - $0.testErrors } }
    let (pixels, units) = (saved(apart?.pixelsLonger.last), saved(apart?.unitsMany?.first))
    let given =
      [pixels.map { "dropped pixels \(plural($0))" }, units.map { "dropped hidden units \(plural($0))" }]
      .compactMap(\.self) + ["both \(plural(many.gain))"]
    let verdict: String
    if let pixels, let units, saves(pixels), !saves(units) {
      verdict =
        "So with this many images and this much training the statement is true of hidden units, but not of pixels. Published results differ: on all 60,000 images of MNIST, Srivastava et al. (2014, table 2) report 1.6 % errors for a standard net, 1.25 % with dropout and 1.06 % with max-norm as well, with layers of 1024 units. They also train much longer than we do."
    } else {
      verdict = many.gain.worded(
        above: "Given the time, dropping both still helps with more data.",
        below: "Dropping both costs even then, so it is not time alone that is missing.",
        withinChance: "Given the time, dropping both costs nothing with more data, and gains nothing, either.")
    }
    return """
      ### With more data?

      Srivastava et al. say that dropout gains nothing when data are plentiful. In the table, with \(size) images in \(steps) steps, dropped hidden units \(plural(rows[1].last)). \
      But two things have changed there. There are more images, so there is less to learn by heart. And each image is seen less often, while dropout slows the learning down. \
      So we train \(longer) steps as well, which show each of the \(size) images as often as \(steps) steps show each of \(grouped(findings.few)). \
      Then \(given.joined(separator: ", ")). \(verdict)
      """
  }
}
