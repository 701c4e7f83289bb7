// The page of chapter 6: when dropout pays, and its relatives.

import Workbook

extension Dropouts {
  /// Narrow and wide layers.
  static func addWidths(to page: inout Page, _ findings: Findings) {
    let (byWidth, widths, gains, last) = (
      findings.byWidth, findings.byWidth.settings, findings.byWidth.gains, findings.byWidth.last
    )
    page.prose(
      """
      ## When does it help?

      A net of two hidden layers of ReLU units learns from \(grouped(findings.few)) images: \(grouped(findings.steps)) steps with \
      batches of \(batchSize), momentum 0.9, the learning rate falling along half a cosine. Dropout has its authors' rates for \
      digits, half of the hidden units and a fifth of the pixels, but not their bound on the weights (below) nor their long \
      training. Each net has the best of \
      \(counted(findings.rates.count, "learning rate")), chosen \(findings.tuningSeeds == 0 ? "by the recorded full run " : "")\
      on images that are neither trained on nor tested on. Each seed \
      draws its own \(grouped(findings.few)) images. All labels are right. S4 warns that training takes longer with dropout; here \
      all nets get the same number of steps.
      """)
    page.code("layers", in: "Networks.swift")
    page.predict(
      """
      Layers of \(widths[0]) units and layers of \(widths[last]). On new images, dropout makes fewer mistakes than no dropout in
      """,
      choices: ["both", "only the narrow net", "only the wide net", "neither"],
      answer: saves(gains[last]) ? (saves(gains[0]) ? 0 : 2) : saves(gains[0]) ? 1 : 3,
      "With \(widths[0]) units dropout \(effect(gains[0])) points, with \(widths[last]) it \(effect(gains[last]))."
    )
    page.project("Narrow or wide: where does dropout help?")
    page.figure(
      Figure(
        saves(gains[last]) && costs(gains[0])
          ? "Dropout costs a narrow net \(fixed(-gains[0].mean, 1)) points and saves a wide one \(fixed(gains[last].mean, 1))"
          : saves(gains[last])
            ? "With layers of \(widths[last]) units dropout saves \(fixed(gains[last].mean, 1)) points"
            : "What dropout saves, by the width of the layers",
        gainChart(byWidth, x: "units in each hidden layer", log: true),
        caption: """
          Points of test error saved by dropout, each net at its own best rate; above the line dropout helps. Mean of \
          \(findings.seedWords), seed by seed, bars its 95 % interval. \(grouped(findings.few)) training images, \(findings.data).
          """,
        name: "width-sweep"))
    page.project("Dropout wants wide layers")
    page.prose(
      """
      A thinned net has half of the units. In a layer of \(widths[0]) that is too few for \(grouped(findings.steps)) steps: with \
      dropout the net misclassifies \(fixed(byWidth.nets[1][0].trainingErrors.mean, 1)) % of its *own* training images, \
      without \(fixed(byWidth.nets[0][0].trainingErrors.mean, 1)) %. In a layer of \(widths[last]) half is still plenty.

      Srivastava et al. say so in their guide: where $n$ units are right without dropout, take $n/(1-p)$ with it. They add a \
      high momentum, because the noise of the masks averages out over many steps, and an upper bound of 3 to 4 on the norm of \
      each unit's weights (*max-norm*), which keeps large rates from running away.
      """)
  }

  /// What dropout saves, point by point.
  private static func gainChart(_ pair: PairFindings, x label: String, log: Bool) -> Plot {
    .lines(
      LineChart(
        x: Axis(label, log: log, ticks: pair.settings.map { (Double($0), grouped($0)) }),
        y: Axis("points of test error saved"),
        [
          Series(
            "dropout", x: pair.settings.map(Double.init), y: pair.gains.map(\.mean),
            deviation: pair.gains.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: true,
            color: 1)
        ], references: [.init(.horizontal, at: 0, "as without dropout")]))
  }

  /// From few images to many.
  static func addSizes(to page: inout Page, _ findings: Findings) {
    let (bySize, sizes, gains, last) = (
      findings.bySize, findings.bySize.settings, findings.bySize.gains, findings.bySize.last
    )
    let falls = isClear(gains[0] - gains[last], beyond: 0) && gains[0].mean > gains[last].mean
    page.prose(
      """
      ### With more data?

      S4 says that dropout is not needed when data are plentiful. The wide net again, the same number of \
      steps, from few images to many:
      """)
    page.figure(
      Figure(
        saves(gains[0]) && falls
          ? "From \(grouped(sizes[0])) to \(grouped(sizes[last])) images, what dropout saves falls from \(fixed(gains[0].mean, 1)) to \(fixed(gains[last].mean, 1)) points"
          : "What dropout saves, by the number of training images",
        gainChart(bySize, x: "training images", log: true),
        caption: """
          Layers of \(findings.wide) units, \(grouped(findings.steps)) steps for every size: \
          \(counted(max(1, findings.steps * batchSize / sizes[0]), "epoch")) of \(grouped(sizes[0])) images, \
          \(counted(max(1, findings.steps * batchSize / sizes[last]), "epoch")) of \(grouped(sizes[last])). Mean of \
          \(findings.seedWords), bars its 95 % interval; \(findings.data).
          """,
        name: "size-sweep"))
    page.project(falls ? "The more data, the less dropout saves" : "What dropout saves, by the number of images")
    page.prose(
      """
      Two things change along this axis. With more images there is less to learn by heart. And with the same number of \
      steps each image is seen less often, so it counts more that dropout slows the learning down. This experiment does \
      not tell the two apart.
      """)
  }

  /// A fifth of the labels wrong.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let (noisy, lowest, final, heart) = (
      findings.noisy, findings.noisy.lowest, findings.noisy.final, findings.noisy.learnedByHeart
    )
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
      "\(percent(heart[0].mean)) of them; with dropout \(percent(heart[1].mean)).")
    page.project("A fifth of the labels are wrong. How many are learned?")
    page.figure(
      Figure(
        saves(noisy.gain)
          ? "With a fifth of the labels wrong, dropout saves \(fixed(noisy.gain.mean, 1)) points"
          : "With a fifth of the labels wrong, no difference beyond chance",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("error on new images, right labels (%)"),
            zip(["no dropout", "dropout"], noisy.curves).enumerated().map { index, pair in
              Series(pair.0, y: pair.1.map(\.mean), style: .line, isEmphasized: index == 1, color: index)
            })),
        caption: """
          \(grouped(noisy.size)) images, 20 % of the labels wrong, layers of \(findings.wide). The curves are on every tenth test \
          image, the title is on all of them. Mean of \(counted(noisy.nets[0].runs.count, "seed")), \(findings.data).
          """,
        name: "wrong-labels"))
    page.project(saves(noisy.gain) ? "Dropout refuses wrong labels" : "Wrong labels: no difference beyond chance")
    page.prose(
      """
      Without dropout the curve falls to \(fixed(lowest[0].mean, 1)) % and ends at \(fixed(final[0].mean, 1)) %; with it the lowest is \
      \(fixed(lowest[1].mean, 1)) % and the last \(fixed(final[1].mean, 1)) %. To stop at the lowest point takes a validation set (chapter 7).
      """)
  }

  /// DropConnect, batch normalization, dropped pixels.
  static func addRelatives(to page: inout Page, _ findings: Findings) {
    let (gains, onTop) = (findings.contestGains, findings.onTop)
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units, here those between the two hidden layers: \
      $y = x\\,(R \\circ W)^T/(1-p) + b$, with a mask $R$ of zeros and ones. *L2* penalizes large weights (chapter 7), here with the best of three strengths. *Batch \
      normalization* (chapter 5) adds noise of its own, and S3 says that it makes dropout superfluous.
      """)
    page.table(
      Table(
        """
        Error (%) after \(grouped(findings.steps)) steps on \(grouped(findings.few)) images, layers of \(findings.wide), \
        \(findings.seedWords). Saves: points less on new images than the first row, seed by seed, with the 95 % interval of \
        the mean
        """,
        columns: [
          "left out or added", "best rate, λ", .init("own images", digits: 1), .init("new images", digits: 1), "saves",
        ],
        rows: contestants.indices.map { index in
          let (net, gain) = (findings.contest[index], gains[index])
          return [
            TableCell(contestants[index].name),
            TableCell(short(Double(net.rate)) + (net.decay == 0 ? "" : ", λ = \(short(Double(net.decay)))")),
            .measured(net.trainingErrors),
            .measured(net.testErrors),
            TableCell(
              index == 0
                ? "–" : gain.count < 3 ? fixed(gain.mean, 1) : "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty, 1))"),
          ]
        }))
    page.project("Dropout and its rivals")
    let onTopReason =
      costs(onTop)
      ? " Li et al. (below) give a reason: the variance that batch norm keeps for the test is taken in training, where dropout has widened it."
      : ""
    page.prose(
      "Dropout on top of batch norm \(effect(onTop)) points, \(chance(onTop, beyond: 0)).\(onTopReason)")
  }
}
