// The page of chapter 6: when dropout pays, and its relatives.

import Workbook

extension Dropouts {
  /// Narrow and wide layers.
  static func addWidths(to page: inout Page, _ findings: Findings) {
    let (byWidth, widths, gains, last, narrow) = (
      findings.byWidth, findings.byWidth.settings, findings.byWidth.gains, findings.byWidth.last,
      findings.byWidth.narrow
    )
    let ends = findings.ends
    // The narrowest net loses so much that nothing else could be read beside it.
    let drawn = PairFindings(settings: Array(widths[narrow...]), nets: byWidth.nets.map { Array($0[narrow...]) })
    page.prose(
      """
      ## When does it help?

      \(grouped(findings.few)) images, two hidden layers of ReLU units, every net at the best of its learning rates and for the \
      same \(grouped(findings.steps)) steps. Only dropout differs: half of the hidden units and a fifth of the \
      pixels.\(findings.tuningSeeds > 0 ? "" : " The rates are those of the recorded full run, a longer run of this chapter\(findings.recordedSeeds.map { " with \($0) seeds" } ?? ""), made once and kept with the book.")
      """)
    page.fold("How the nets are trained") {
      $0.prose(
        """
        Batches of \(batchSize), momentum 0.9, the learning rate falling along half a cosine \
        ($\\eta(t) = \\eta\\,(1 + \\cos(\\pi t/T))/2$). The rates of dropout are those of its authors for digits; their bound on the \
        weights (below) and their long training are left out. The learning rates tried go from \(findings.rateWords); the best is \
        the one with the fewest mistakes on images that are neither trained on nor tested on, and \
        \(ends.count == 0 ? "none of the best is an end" : "\(ends.count) of the \(ends.of) best \(ends.count == 1 ? "is an end" : "are ends")") of \
        what was tried. Each seed draws its own images; all labels are right. S4 warns that training takes longer with dropout; \
        here all nets get the same number of steps.
        """)
    }
    page.code("layers", in: "Networks.swift")
    page.predict(
      """
      Layers of \(widths[narrow]) units and layers of \(widths[last]). On new images, dropout makes fewer mistakes than no dropout in
      """,
      choices: ["both", "only the narrow net", "only the wide net", "neither"],
      answer: saves(gains[last]) ? (saves(gains[narrow]) ? 0 : 2) : saves(gains[narrow]) ? 1 : 3,
      "With \(widths[narrow]) units dropout \(effect(gains[narrow])), with \(widths[last]) it \(effect(gains[last]))."
    )
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
          \(byWidth.seedWords), seed by seed, bars its 95 % interval. \(grouped(findings.few)) training images, \(findings.data). \
          \(narrow > 0 ? "With \(widths[0]) units it \(effect(gains[0])), which is not drawn." : "")\(findings.endNote(byWidth.named("units")))
          """,
        name: "width-sweep"))
    page.project(
      saves(gains[last] - gains[narrow])
        ? "Dropout wants wide layers" : "What dropout saves, by the width of the layers")
    page.prose(
      """
      A thinned net has half of the units. \(costs(gains[narrow]) ? "In a layer of \(widths[narrow]) that is too few for \(grouped(findings.steps)) steps: with dropout the net" : "With layers of \(widths[narrow]) and dropout the net") \
      misclassifies \(fixed(byWidth.nets[1][narrow].trainingErrors.mean, 1)) % of its *own* training images, \
      without \(fixed(byWidth.nets[0][narrow].trainingErrors.mean, 1)) %. \
      \(costs(gains[narrow]) ? findings.narrowLonger.map(verdictOfTime) ?? "" : "")\(saves(gains[last]) ? "In a layer of \(widths[last]) half is still plenty. " : "")\
      \(shareOfHidden(findings))

      Srivastava et al. say so in their guide: where $n$ units are right without dropout, take $n/(1-p)$ with it. \
      \(byWidth.doubled.last.map { "Here a net of \($0.wide) with dropout, against one of \($0.narrow) without, \(effect($0.gain)). " } ?? "")They add a \
      high momentum, because the noise of the masks averages out over many steps, and an upper bound of 3 to 4 on the norm of \
      each unit's weights (*max-norm*), which keeps large rates from running away.
      """)
  }

  /// What five times the steps do for the narrow net.
  private static func verdictOfTime(_ longer: LongerFindings) -> String {
    let after = "in \(grouped(longer.steps)) steps"
    return longer.gain.worded(
      above: "What was missing is time: \(after) dropout \(effect(longer.gain)) there too. ",
      below: "More time does not make up for it: \(after) dropout still \(effect(longer.gain)). ",
      withinChance: "More time makes up for it: \(after) dropout \(effect(longer.gain)), within chance. ")
  }

  /// How much of what dropout saves comes from the hidden units alone.
  private static func shareOfHidden(_ findings: Findings) -> String {
    let (both, hidden) = (findings.contestGains[Place.dropout], findings.contestGains[Place.hidden])
    guard saves(both), saves(hidden) else { return "" }
    return
      "Of the \(fixed(both.mean, 1)) points, \(fixed(hidden.mean, 1)) come from the hidden units"
      + (saves(both - hidden)
        ? "; the rest comes with the dropped pixels." : "; that the dropped pixels add to it is within chance.")
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
    .lines(
      LineChart(
        x: Axis(label, log: true, ticks: Set(ticks).sorted().map { (Double($0), grouped($0)) }),
        y: Axis("points of test error saved"), series,
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
    page.prose(
      """
      ### With more data?

      S4 says that dropout is not needed when data are plentiful. The wide net again, the same number of \
      steps, from few images to many\(findings.recordedSeeds == nil ? "" : " (in the recorded run)"):
      """)
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
          Mean of \(bySize.seedWords), bars its 95 % interval; \(findings.data).\(findings.endNote(bySize.named("images")))
          """,
        name: "size-sweep"))
    page.project(falls ? "The more data, the less dropout saves" : "What dropout saves, by the number of images")
    page.prose(
      """
      Two things change along this axis. With more images there is less to learn by heart. And with the same number of \
      steps each image is seen less often, so it counts more that dropout slows the learning down. \
      \(findings.equalEpochs.map { verdictOfEpochs($0, few: findings.fewLonger) } ?? "Which of the two it is, this run does not tell.")
      """)
  }

  /// What the control with equal epochs says, beside the small set with as many steps.
  private static func verdictOfEpochs(_ many: LongerFindings, few: LongerFindings?) -> String {
    let start = "In \(grouped(many.steps)) steps dropout \(effect(many.gain)) with \(grouped(many.size)) images"
    guard let few else { return start + ". Whether that is due to the images or to the steps, this run does not tell." }
    return start + " and \(effect(few.gain)) with \(grouped(few.size)): "
      + many.gain.worded(
        above: "given the time, it still pays with more data.",
        below: "it costs with more data even then, so it is not time alone that is missing.",
        withinChance: saves(few.gain) && saves(few.gain - many.gain)
          ? "with as many steps for both, it is the data that make it superfluous."
          : saves(few.gain)
            ? "too near each other to say that it is the data that make it superfluous."
            : "so many steps make it superfluous with few images, too.")
  }

  /// A fifth of the labels wrong.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let (noisy, lowest, final, heart) = (
      findings.noisy, findings.noisy.lowest, findings.noisy.final, findings.noisy.learnedByHeart
    )
    let atBest = noisy.gainAtBest
    let rates = noisy.nets.map(\.rate)
    let isSlow = rates[0] < rates[1] && heart[0].mean < heart[1].mean
    page.prose(
      """
      ### With wrong labels?

      A fifth of the labels are replaced by random other ones. A net that learns them by heart has \
      learned nonsense.
      """)
    page.predict(
      "For how many of the mislabelled training images does the wide net, trained **without** dropout, answer the wrong label?",
      choices: ["hardly any", "about half", "nearly all"],
      answer: heart[0].mean < 0.25 ? 0 : heart[0].mean < 0.75 ? 1 : 2,
      """
      \(percent(heart[0].mean)) of them; with dropout \(percent(heart[1].mean)).\
      \(isSlow ? " Of the rates tried, \(short(Double(rates[0]))) serves this net best on new images, where dropout's is \(short(Double(rates[1]))): in \(findings.steps) steps it does not get to the wrong labels. A small rate is a restraint, too." : "")
      """)
    page.project("A fifth of the labels are wrong. How many are learned?")
    page.figure(
      Figure(
        saves(noisy.gain)
          ? "With a fifth of the labels wrong, dropout saves \(fixed(noisy.gain.mean, 1)) points at the end\(saves(atBest) ? ", \(fixed(atBest.mean, 1)) at the best epoch" : "")"
          : "With a fifth of the labels wrong, no difference beyond chance",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("error on new images, right labels (%)", range: noisy.shownErrors),
            zip(["no dropout", "dropout"], noisy.curves).enumerated().map { index, pair in
              Series(
                pair.0, y: pair.1.map(\.mean), deviation: pair.1.map { $0.count < 3 ? 0 : $0.uncertainty },
                style: .line,
                isEmphasized: index == 1, color: index)
            })),
        caption: """
          \(grouped(noisy.size)) images, 20 % of the labels wrong, layers of \(findings.wide). The curves and the best epoch are on every \
          tenth test image, the end in the title on all of them.\(noisy.curves.contains { ($0.first?.mean ?? 0) > noisy.shownErrors.upperBound } ? " The first epochs are above the axis." : "") Mean of \
          \(counted(noisy.nets[0].runs.count, "seed")), shading its 95 % interval; \
          \(findings.data).\(findings.endNote([("the net without dropout", noisy.nets[0]), ("that with dropout", noisy.nets[1])]))
          """,
        name: "wrong-labels"))
    page.project(
      saves(noisy.gain)
        ? "With wrong labels dropout saves \(fixed(noisy.gain.mean, 1)) points"
        : "Wrong labels: no difference beyond chance")
    page.prose(
      """
      Without dropout the error falls to \(fixed(lowest[0].mean, 1)) % and ends at \(fixed(final[0].mean, 1)) %; with it the lowest is \
      \(fixed(lowest[1].mean, 1)) % and the last \(fixed(final[1].mean, 1)) %. With both nets stopped at their best epochs, \
      picked by these same images, dropout \(effect(atBest)). To stop there in earnest takes a validation set (chapter 7).
      """)
  }

  /// DropConnect, batch normalization, dropped pixels.
  static func addRelatives(to page: inout Page, _ findings: Findings) {
    let (gains, onTop) = (findings.contestGains, findings.onTop)
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units, here those between the two hidden layers: \
      $y = x\\,(R \\circ W)^T/(1-p) + b$, with a mask $R$ of zeros and ones (∘: number by number). *L2* penalizes large weights (chapter 7), here with the best of \
      \(counted(Recipe.penalties.count, "strength")) at the rate of the plain net. *Batch \
      normalization* (chapter 5) adds noise of its own, and S3 says that it makes dropout superfluous. In convolutional nets \
      (chapter 9) neighbouring values of a map say nearly the same, so one drops whole maps, or only units of the dense layers \
      at the end. *Monte-Carlo dropout* leaves the masks on at test time and takes the scatter of several passes for a measure of \
      doubt.
      """)
    page.table(
      Table(
        """
        Error (%) after \(grouped(findings.steps)) steps on \(grouped(findings.few)) images, layers of \(findings.wide), \
        \(findings.seedWords). DropConnect: on the weights between the two hidden layers alone. Saves: points less on new images \
        than the first row, seed by seed, and the 95 % interval of the mean. †: an end of what was tried
        """,
        columns: [
          "left out or added", "best rate, λ", .init("own images", digits: 1), .init("new images", digits: 1), "saves",
        ],
        rows: contestants.indices.map { index in
          let (net, gain) = (findings.contest[index], gains[index])
          return [
            TableCell(contestants[index].name),
            TableCell(
              short(Double(net.rate), digits: 3) + (findings.isEnd(net.rate) ? "†" : "")
                + (net.decay == 0 ? "" : ", λ = \(short(Double(net.decay)))\(Recipe.isEnd(net.decay) ? "†" : "")")),
            TableCell(net.trainingErrors.mean),
            .measured(net.testErrors),
            TableCell(
              index == 0
                ? "–" : gain.count < 3 ? fixed(gain.mean, 1) : "\(fixed(gain.mean, 1)) (\(gain.interval()))"),
          ]
        }))
    page.project("Dropout and its rivals")
    page.prose(
      onTop.worded(
        above: "With batch norm dropout still \(effect(onTop)).",
        below:
          "With batch norm dropout \(effect(onTop)). Li et al. (below) give a reason: the variance that batch norm keeps for the test is taken in training, where dropout has widened it.",
        withinChance: "With batch norm dropout \(effect(onTop)), \(chance(onTop, beyond: 0))."))
  }
}
