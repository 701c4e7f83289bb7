// The page of chapter 6: pixels and hidden units apart, noise in their place, and what the trained nets look like inside.

import Workbook

extension Dropouts.Findings {
  /// What is saved at each width of `controls.apart`: by pixels alone, by hidden units alone, by both.
  var apartGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.wide != nil else { return nil }
    let places = apart.widths.compactMap { byWidth.settings.firstIndex(of: $0) }
    guard places.count == apart.widths.count else { return nil }
    let plain = places.map { byWidth.nets[0][$0].testErrors }
    return [
      .init("pixels", zip(plain, apart.pixels).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.units).map { $0 - $1.testErrors }),
      .init("both", zip(plain, places).map { $0 - byWidth.nets[1][$1].testErrors }),
    ]
  }

  /// The same over the number of images.
  var sizeGains: [Summary.Row]? {
    guard let apart = controls?.apart, apart.sizes == bySize.settings, apart.unitsBySize.count == apart.sizes.count,
      apart.pixelsBySize.count == apart.sizes.count
    else { return nil }
    let plain = bySize.nets[0].map(\.testErrors)
    return [
      .init("pixels", zip(plain, apart.pixelsBySize).map { $0 - $1.testErrors }),
      .init("hidden units", zip(plain, apart.unitsBySize).map { $0 - $1.testErrors }),
      .init("both", bySize.gains),
    ]
  }
}

extension Summary {
  /// What one thing saves, setting by setting.
  struct Row {
    var name: String
    var gains: [Summary]
    init(_ name: String, _ gains: [Summary]) { (self.name, self.gains) = (name, gains) }
    var first: Summary { gains[0] }
    var last: Summary { gains[gains.count - 1] }
  }
}

/// `1.2 ± 0.4`: a mean and half of its 95 % interval.
private func spread(_ gain: Summary) -> String { "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty, 1))" }

extension Dropouts {
  /// Points of what each saves, side by side so that none hides another.
  static func gainChart(_ rows: [Summary.Row], at settings: [Int], x label: String) -> Plot {
    let seeds = rows.flatMap(\.gains).map(\.count).min() ?? 0
    return .lines(
      LineChart(
        x: Axis(label, log: true, ticks: settings.map { (Double($0), grouped($0)) }),
        y: Axis("points of test error saved" + intervalLabel(seeds)),
        rows.enumerated().map { place, row in
          Series(
            row.name, x: settings.map { Double($0) * [0.97, 1, 1.03][place % 3] }, y: row.gains.map(\.mean),
            deviation: row.gains.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points, isEmphasized: place == 0,
            color: [2, 0, 1][place % 3])
        },
        references: [.init(.horizontal, at: 0, "as without dropout")]))
  }

  /// `Dropped pixels save at every width; half of the hidden units saves 0.4 points with 256 and costs 2.9 with 32`.
  static func apartTitle(_ rows: [Summary.Row], _ widths: [Int]) -> String {
    let (pixels, units) = (rows[0], rows[1])
    let first =
      pixels.gains.allSatisfy(saves)
      ? "Dropped pixels save at every width"
      : "Dropped pixels save at \(pixels.gains.count(where: saves)) of \(widths.count) widths"
    return
      "\(first); dropping half of the hidden units \(effectOrNone(units.last, size)) with layers of \(widths[widths.count - 1]), and \(effectOrNone(units.first, size)) with layers of \(widths[0])"
  }

  /// What pixels and hidden units save, each alone and together, in one sentence.
  static func apartWords(_ rows: [Summary.Row], _ widths: [Int]) -> String {
    let (pixels, units, both) = (rows[0], rows[1], rows[2])
    return
      "In layers of \(widths[widths.count - 1]), dropping a fifth of the pixels \(effectOrNone(pixels.last, size)), dropping half of the hidden units \(effectOrNone(units.last, size)), dropping both \(effectOrNone(both.last, size)). In layers of \(widths[0]) the pixels \(plural(pixels.first)), the hidden units \(plural(units.first))."
  }

  /// Whether anything has to be missing: noise in the place of dropout.
  static func addNoise(to page: inout Page, _ findings: Findings) {
    guard let apart = findings.controls?.apart, apart.noise.count == 3, let wide = apart.wide else { return }
    let plain = findings.contest[0].testErrors
    let dropped = [wide.pixels, wide.units, findings.contest[Place.dropout]].map { plain - $0.testErrors }
    let noisy = apart.noise.map { plain - $0.testErrors }
    let less = zip(dropped, noisy).map { $0 - $1 }
    page.prose(
      """
      ### Must anything be missing?

      One reason why dropout may help is its many thinned nets, and they need units that are *missing*. There is a control. In \
      training multiply each unit, or pixel, by a random number from the normal distribution $N(1, p/(1 - p))$. Mean and variance \
      are those of dropout's own factor $m_i/(1 - p)$, but nothing is left out altogether, and there is no thinned net (Srivastava \
      et al., section 10). Neighbours are as unreliable as before: at $p = 1/2$ such a factor is off by 100 % as a rule, and below 0 in \
      one case of six.
      """)
    page.predict(
      "Such noise in the place of dropout, with layers of \(findings.wide): compared with dropout it saves",
      choices: ["clearly less", "about as much", "clearly more"],
      answer: less.contains(where: saves) ? 0 : less.contains(where: costs) ? 2 : 1,
      "Both dropped: \(fixed(dropped[2].mean, 1)) points. Noise on both: \(fixed(noisy[2].mean, 1)).")
    page.table(
      Table(
        "Points of test error saved, ± half of the 95 % interval; layers of \(findings.wide), \(grouped(findings.few)) images, \(counted(plain.count, "seed")), each net at its own best learning rate (recorded run)",
        columns: ["on what", "dropped", "noise instead", "difference"],
        rows: ["a fifth of the pixels", "half of the hidden units", "both"].enumerated().map { place, name in
          [TableCell(name)]
            + [dropped[place], noisy[place], less[place]].map {
              TableCell(spread($0))
            }
        }))
    let isSame = less.allSatisfy { !saves($0) && !costs($0) }
    page.project(
      isSame
        ? "Noise saves as much: no unit need be missing altogether"
        : "Noise in the place of dropout: does it save as much?")
    page.prose(
      isSame
        ? """
        No row shows a difference, as far as \(counted(plain.count, "seed")) can tell. On pixels that is a sharp answer, \(spread(less[0])) \
        points between the two where dropout saves \(fixed(dropped[0].mean, 1)). On hidden units it is a blunt one: \(spread(less[1])), \
        where no more than \(fixed(dropped[1].mean, 1)) is saved. So nothing has to be missing *altogether*, and it is not the \
        thinned nets.

        Two reasons remain. Units that cannot rely on their neighbours: under such noise they cannot, either. And an average of many \
        nets: those that noise disturbs share their weights as thinned nets do, only there are infinitely many of them. Noise that is the same for all \
        units of an image would tell the two apart; it was not tried.
        """
        : "The two differ beyond chance in \(less.count { saves($0) || costs($0) }) of 3 rows, so it is not the size of the noise alone."
    )
    page.fold("For one linear unit such noise, or dropout, is an L2 penalty") {
      $0.prose(
        """
        Let $\\sum_i w_i x_i$ be its output and $(t - \\sum_i w_i x_i)^2$ its loss. Let its inputs be multiplied by independent \
        factors $f_i$ of mean 1 and variance $p/(1-p)$: those of dropout, $m_i/(1-p)$, or normal ones. So the mean loss is
        """)
      $0.math(
        "E\\left[\\left(t - \\sum_i f_i w_i x_i\\right)^2\\right] = \\left(t - \\sum_i w_i x_i\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2"
      )
      $0.prose(
        """
        The first term is the loss without noise, the second a price on the squared weights as L2 has it (chapter 7), each \
        weighted by the size of its input (Baldi and Sadowski, below). Only mean and variance of the factors count. In a net of several \
        layers this is no more than a first approximation.
        """)
      $0.code("noise", in: "Apart.swift")
    }
  }

  /// Wrong labels at one rate: who learns them by heart.
  static func addByHeart(to page: inout Page, _ nets: [Tuned], _ findings: Findings) {
    let names = ["nothing dropped", "pixels", "hidden units", "both"]
    let learned = nets.map { $0.learnedByHeart.mean }
    let errors = nets.map(\.testErrors)
    func frame(_ value: @escaping (RunErrors) -> [Double]?, _ label: String, _ range: ClosedRange<Double>) -> Plot {
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis(label + intervalLabel(nets[0].runs.count), range: range),
          nets.indices.map { net in
            let runs = nets[net].runs.compactMap(value)
            let curve = (runs.first ?? []).indices.map { epoch in Summary(runs.map { $0[epoch] }) }
            return Series(
              names[net], y: curve.map(\.mean), deviation: curve.map { $0.count < 3 ? 0 : $0.uncertainty },
              style: .line,
              isEmphasized: net == 2, color: [6, 2, 0, 1][net])
          }))
    }
    let highest = nets.flatMap { $0.runs.flatMap { $0.curve.dropFirst(3) } }.max() ?? 30
    let gain = errors[0] - errors[3]
    let titles = [
      "By the end \(percent(learned[0])) of the wrong labels are learned by heart, \(percent(learned[1])) with dropped pixels, \(percent(learned[2])) with dropped hidden units, \(percent(learned[3])) with both",
      "At this rate the plain net ends at \(fixed(errors[0].mean, 1)) % errors on new images, with both dropped at \(fixed(errors[3].mean, 1)) %",
    ]
    page.figure(
      Figure(
        titles[0], exploring: FigureParameter("shown", names: ["wrong labels answered", "error on new images"]),
        caption: """
          All at one learning rate, \(short(Double(nets[0].rate), digits: 3)), the best for the plain net with right labels; layers of \(findings.wide), \
          \(percent(Double(wrongShare))) of \(grouped(findings.noisy.size)) labels wrong. Mean of \(counted(nets[0].runs.count, "seed"))\
          \(intervalBars(nets[0].runs.count, "shading")); errors on a thousand test images; \(findings.data).
          """,
        name: "wrong-labels", titles: { titles[Int($0)] }
      ) { shown in
        shown == 0
          ? frame({ $0.answered.map { $0.map { 100 * $0 } } }, "wrong labels answered (%)", 0...100)
          : frame({ $0.curve }, "error on new images (%)", 0...(highest * 1.1).rounded(.up))
      })
    page.project(
      learned[0] - learned[2] > 0.3
        ? "Dropped hidden units keep wrong labels from being learned"
        : gain.worded(
          above: "With wrong labels, dropout errs less at one rate",
          below: "With wrong labels, dropout errs more at one rate",
          withinChance: "Who learns the wrong labels by heart?"))
  }

  /// What is found inside the trained nets.
  static func addInside(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings, isRecorded: Bool) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    page.table(
      Table(
        "What it costs (points of error) to take units of the first hidden layer away, and how many of its \(findings.wide) units carry it; \(counted(nets[0].halfLost.count, "seed"))\(isRecorded ? " (recorded run)" : "")",
        columns: [
          "trained with", .init("half, by chance", digits: 1), .init("the quarter that does most", digits: 1),
          .init("units that carry", digits: 0),
        ],
        rows: nets.map {
          [TableCell($0.name), .measured($0.halfLost), .measured($0.bestLost), .measured($0.carrying)]
        }))
    page.sideNote(
      """
      What a unit *does*, $c$, is its output (root mean square) times the length of its outgoing weights. If all did as much, \
      $(\\sum c)^2/\\sum c^2$ would be their number; if one did everything, 1. That is the last column.
      """)
    guard let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units"),
      let pixels = net("pixels"), let decay = net("L2")
    else { return }
    var words: [String] = []
    if saves(plain.halfLost - noise.halfLost) {
      words.append(
        """
        The net that learned with *noise* on its units has never missed one altogether, and loses \(fixed(noise.halfLost.mean, 1)) points in \
        place of \(fixed(plain.halfLost.mean, 1)) when half are taken away. To have learned with values that are far off is enough.
        """)
    }
    if saves(plain.bestLost - units.bestLost) {
      words.append(
        """
        No net has practised to lose the very units that do most. There, too, dropped hidden units help: \
        \(fixed(units.bestLost.mean, 1)) points in place of \(fixed(plain.bestLost.mean, 1)).
        """)
    }
    if costs(plain.halfLost - decay.halfLost), saves(plain.carrying - decay.carrying) {
      words.append(
        """
        L2 makes a net fragile: \(fixed(decay.carrying.mean, 0)) of its units carry the layer, against \(fixed(plain.carrying.mean, 0)). \
        It shrinks the weights of all the others, and where few carry, each one that is missed costs more.
        """)
    }
    let isSturdier = saves(plain.halfLost - units.halfLost)
    words.append(
      """
      So units \(isSturdier ? "do rely on each other less with dropout" : "rely on each other as before"). Is that *why* it errs less? \
      \(saves(plain.halfLost - pixels.halfLost) ? "" : "Not where it gains most: with dropped pixels the net errs least, and breaks as the plain one does. For the little that dropped hidden units save, it may be. ")\
      A sturdy net and a net that errs less are two things.
      """)
    page.prose(words.joined(separator: "\n\n"))
    addPictures(to: &page, nets, findings, isRecorded: isRecorded)
  }

  /// The weights of the units that do most.
  private static func addPictures(
    to page: inout Page, _ nets: [InsideFindings], _ findings: Findings, isRecorded: Bool
  ) {
    let shown = nets.filter { !$0.pictures.isEmpty }
    guard let count = shown.map(\.pictures.count).min(), count > 0, shown.count > 1 else { return }
    page.figure(
      Figure(
        "The weights of the units that do most",
        .images(
          ImageGrid(
            columns: count,
            shown.flatMap { net in
              net.pictures.prefix(count).map {
                ImageGrid.Picture(width: 28, height: 28, pixels: $0.map { Float($0) / 127 })
              }
            }, isSigned: true, rowLabels: shown.map(\.name))),
        caption: """
          Each picture: the 784 incoming weights of one unit of the first layer, \(count) units of one net in a row\(isRecorded ? " (recorded run, first seed)" : ""). \
          Look for strokes and spots, and for the grain between them, which is left of the initial weights. They are here to be looked at: no number is drawn from them.
          """,
        name: "first-layer"))
  }
}
