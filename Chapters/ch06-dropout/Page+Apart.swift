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
func spread(_ gain: Summary) -> String { "\(fixed(gain.mean, 1)) ± \(fixed(gain.uncertainty, 1))" }

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

  /// What dropping and noise in its place save: on what, by dropping, by noise.
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

      Dropout makes many thinned nets. Is that why it helps? There is a control in which nothing is missing. In \
      training multiply each unit, or pixel, by a random number from the normal distribution $N(1, p/(1 - p))$. It has the mean and the variance \
      of dropout's own factor $m_i/(1 - p)$, but it leaves nothing out altogether, so there is no thinned net (Srivastava \
      et al., section 10). The neighbours are as unreliable as before: at $p = 1/2$ such a factor typically differs from 1 by 1.
      """)
    page.predict(
      "We put such noise in the place of dropout, with layers of \(findings.wide). Compared with dropout it saves",
      choices: ["clearly less", "about as much", "clearly more"],
      answer: less.prefix(3).contains(where: saves) ? 0 : less.prefix(3).contains(where: costs) ? 2 : 1,
      "Both dropped: \(fixed(rows[2].dropped.mean, 1)) points. Noise on both: \(fixed(rows[2].noise.mean, 1)).")
    page.table(
      Table(
        "Points of test error saved, ± half of the 95 % interval. \(grouped(findings.few)) images and layers of \(findings.wide) where nothing else is said",
        columns: ["on what", "dropped", "noise instead", "difference"],
        rows: zip(rows, less).map { row, less in
          [TableCell(row.name)] + [row.dropped, row.noise, less].map { TableCell(spread($0)) }
        }))
    // One of several rows may differ by chance alone: together they are held against a wider interval.
    let isSame = less.allSatisfy { $0.direction(among: rows.count) == .withinChance }
    let odd = rows.indices.filter { saves(less[$0]) || costs(less[$0]) }
    page.project(
      isSame
        ? "Noise saves as much: no unit need be missing altogether"
        : "Noise in the place of dropout: does it save as much?")
    page.prose(
      isSame
        ? """
        \(odd.isEmpty ? "No row shows a difference beyond chance." : "Of \(rows.count) rows \(odd.count) \(odd.count == 1 ? "shows" : "show") a difference whose 95 % interval leaves out 0 (\(odd.map { rows[$0].name }.joined(separator: "; "))). Among \(rows.count) comparisons that may well be chance.") \
        \(rows.count > 3 ? sharpest(rows, less) : "On pixels that is a sharp answer, \(spread(less[0])) points between the two where dropout saves \(fixed(rows[0].dropped.mean, 1)). On hidden units it is a blunt one: \(spread(less[1])) where dropout saves \(fixed(rows[1].dropped.mean, 1)).") \
        So no unit has to be missing *altogether*: noise does most of what dropout does, if not all, and for that no thinned nets are needed.
        """
        : "The two differ beyond chance in \(less.count { $0.direction(among: rows.count) != .withinChance }) of \(rows.count) rows, so it is not the size of the noise alone."
    )
    page.prose(
      """
      What do dropout and noise have in common? For one linear unit the answer can be computed. Let $\\sum_i w_i x_i$ be its output and $(t - \\sum_i w_i x_i)^2$ its \
      loss. Multiply its inputs by independent factors $f_i$ of mean 1 and variance $p/(1-p)$, those of dropout or those of the noise. Then the mean loss is
      """)
    page.math(
      "E\\left[\\left(t - \\sum_i f_i w_i x_i\\right)^2\\right] = \\left(t - \\sum_i w_i x_i\\right)^2 + \\frac{p}{1-p} \\sum_i w_i^2 x_i^2"
    )
    page.prose(
      """
      The first term is the loss without noise. The second is a price on the squared weights, in which each weight counts by the size of its \
      input (Baldi and Sadowski, below). It depends only on the mean and the variance of the factors, so dropout and noise cost the same. In a net of several layers this is a first approximation.

      Compare this price with L2 (chapter 7). L2 charges $w_i^2$ for a weight, whether its input is large or small. This price charges the square of $w_i x_i$, of what the input \
      *contributes* to the sum. Let two inputs, of size 4 and 1, add up to 8. L2 is least with weights of 1.88 and 0.47: the large input \
      contributes 7.5, the small one 0.5. This price is least with weights of 1 and 4: each contributes 4. So it favours equal contributions, \
      and a net that pays it should lose less when units are taken away.

      \(isSame ? reasons(findings) : "")
      """)
    page.fold("The noise, in Swift") { $0.code("noise", in: "Apart.swift") }
  }

  /// Where the answer is sharpest: where dropped hidden units, or single values, save most.
  private static func sharpest(
    _ rows: [(name: String, dropped: Summary, noise: Summary)], _ less: [Summary]
  ) -> String {
    let place = rows.indices.dropFirst(3).max { rows[$0].dropped.mean < rows[$1].dropped.mean } ?? 0
    return
      "The answer is sharpest where dropping saves most. On \(rows[place].name.replacing(" (below)", with: "")) it saves \(fixed(rows[place].dropped.mean, 1)) points, and noise saves \(fixed(rows[place].noise.mean, 1)), with \(spread(less[place])) points between the two."
  }

  /// The reasons that remain, and what speaks against each.
  private static func reasons(_ findings: Findings) -> String {
    let inside = findings.controls?.apart?.inside ?? []
    func lost(_ name: String) -> Summary? { inside.first { $0.name == name }?.halfLost }
    var price = ""
    if let plain = lost("nothing"), let units = lost("hidden units"), let decay = lost("L2"), saves(plain - units) {
      price =
        " The last one agrees with what happens when half of the units are taken away (*Units that rely on each other*, below): the net with dropped units loses \(fixed(units.mean, 1)) points, the plain net \(fixed(plain.mean, 1)).\(saves(decay - plain) ? " A net with L2 loses \(fixed(decay.mean, 1)); it puts the work on the large inputs." : "") But the first reason predicts the same, and a net trained with this price alone was not tried."
    }
    return """
      So three explanations remain. First, a unit cannot rely on its neighbours; this holds for noise as well as for dropout. Second, the net is an average of many disturbed nets that share their weights. \
      Third, there is a price on large contributions.\(price)
      """
  }

  /// Wrong labels at one rate: who learns them by heart.
  static func addByHeart(to page: inout Page, _ nets: [Tuned], _ findings: Findings) {
    let names = ["nothing dropped", "pixels", "hidden units", "both"]
    let learned = nets.map { $0.learnedByHeart.mean }
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
    // On the images of the curves, so that the title says what the figure shows.
    let ends = nets.map { net in Summary(net.runs.compactMap(\.curve.last)) }
    let gain = ends[0] - ends[3]
    let titles = [
      "By the end \(percent(learned[0])) of the wrong labels are learned by heart, \(percent(learned[1])) with dropped pixels, \(percent(learned[2])) with dropped hidden units, \(percent(learned[3])) with both",
      gain.worded(
        above:
          "At this rate the net with both dropped ends with \(fixed(gain.mean, 1)) points fewer errors on new images than the plain net",
        below:
          "At this rate the net with both dropped ends with \(fixed(-gain.mean, 1)) points more errors on new images than the plain net",
        withinChance: "Errors on new images, epoch by epoch"),
    ]
    page.figure(
      Figure(
        titles[0], exploring: FigureParameter("shown", names: ["wrong labels given", "error on new images"]),
        caption: """
          All at one learning rate, \(short(Double(nets[0].rate), digits: 3)), the best for the plain net with right labels. Errors on a thousand test \
          images. Mean of \(counted(nets[0].runs.count, "seed"))\(intervalBars(nets[0].runs.count, "shading")); \(findings.data).
          """,
        name: "wrong-labels", titles: { titles[Int($0)] }
      ) { shown in
        shown == 0
          ? frame({ $0.answered.map { $0.map { 100 * $0 } } }, "wrong labels given (%)", 0...100)
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
  static func addInside(to page: inout Page, _ nets: [InsideFindings], _ findings: Findings) {
    func net(_ name: String) -> InsideFindings? { nets.first { $0.name == name } }
    page.table(
      Table(
        "Points of error lost when units of the first hidden layer are removed, and how many of its \(findings.wide) units do the work; \(counted(nets[0].halfLost.count, "seed"))",
        columns: [
          "trained with", .init("half, at random", digits: 1), .init("the quarter that does most", digits: 1),
          .init("units at work", digits: 0),
        ],
        rows: nets.map {
          [TableCell($0.name), .measured($0.halfLost), .measured($0.bestLost), .measured($0.carrying)]
        }))
    page.sideNote(
      """
      We measure what a unit does, $c$, by its output (root mean square) times the length of its outgoing weights. The last column is \
      $(\\sum c)^2/\\sum c^2$. If all units do the same, that is their number. If one unit does everything, it is 1.
      """)
    guard let plain = net("nothing"), let units = net("hidden units"), let noise = net("noise on hidden units"),
      let pixels = net("pixels"), let decay = net("L2")
    else { return }
    var words: [String] = []
    if saves(plain.halfLost - noise.halfLost) {
      words.append(
        """
        The net that learned with *noise* on its units never lost one altogether in training. Still it loses only \(fixed(noise.halfLost.mean, 1)) points when \
        half are removed, where the plain net loses \(fixed(plain.halfLost.mean, 1)). So it is enough to have learned with values that are often far off.
        """)
    }
    if saves(plain.bestLost - units.bestLost) {
      words.append(
        """
        No net has been trained to lose exactly the units that do most. There, too, the net with dropped hidden units holds better: it loses \
        \(fixed(units.bestLost.mean, 1)) points, the plain net \(fixed(plain.bestLost.mean, 1)).
        """)
    }
    if costs(plain.halfLost - decay.halfLost), saves(plain.carrying - decay.carrying) {
      words.append(
        """
        L2 makes a net fragile. Only \(fixed(decay.carrying.mean, 0)) of its units do the work, against \(fixed(plain.carrying.mean, 0)) in the plain net. \
        L2 shrinks the weights of all the others, and so each unit that is removed costs more.
        """)
    }
    let isSturdier = saves(plain.halfLost - units.halfLost)
    words.append(
      """
      So with dropout units \(isSturdier ? "rely on each other less" : "rely on each other as before").\(isSturdier ? spreading(plain, units) : "") Is that *why* the net errs less? \
      \(saves(plain.halfLost - pixels.halfLost) ? "" : "Not where dropout saves most: with dropped pixels the net errs least, and breaks as easily as the plain one. For what dropped hidden units save, it may be the reason. ")\
      A net that breaks less easily is not the same as a net that errs less.
      """)
    page.prose(words.joined(separator: "\n\n"))
    addPictures(to: &page, nets)
  }

  /// Whether the work is also spread over more units.
  private static func spreading(_ plain: InsideFindings, _ units: InsideFindings) -> String {
    let more = units.carrying - plain.carrying
    let counts = "(\(fixed(units.carrying.mean, 0)) instead of \(fixed(plain.carrying.mean, 0)))"
    return " "
      + (more.mean < plain.carrying.mean / 10
        ? "The work is hardly spread over more units \(counts). What has changed is how well the net bears the loss of some."
        : "The work is spread over more units \(counts).")
  }

  /// The weights of the units that do most.
  private static func addPictures(to page: inout Page, _ nets: [InsideFindings]) {
    let shown = nets.filter { !$0.pictures.isEmpty }
    guard let count = shown.map(\.pictures.count).min(), count > 0, shown.count > 1 else { return }
    let figure =
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
          With L2 those weights have shrunk to 0 which the images do not need.
          """,
        name: "first-layer")
    page.fold("What the first layer looks like") { $0.figure(figure) }
  }
}
