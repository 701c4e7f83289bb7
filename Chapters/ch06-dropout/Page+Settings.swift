// The page of chapter 6: when dropout pays.

import Workbook

extension Dropouts {
  /// What dropout does to both errors of the net of the question, epoch by epoch.
  static func addFollowed(to page: inout Page, _ nets: [(name: String, errors: FollowedErrors)], _ findings: Findings) {
    guard let seeds = nets[0].errors.own.first?.count else { return }
    func ends(_ errors: KeyPath<FollowedErrors, [Summary]>) -> [Double] {
      nets.map { $0.errors[keyPath: errors].last?.mean ?? 0 }
    }
    let new = zip(ends(\.new), nets).map {
      "\(fixed($0, 1)) %\($1.name == nets[0].name ? " wrong without dropout" : " with \($1.name)")"
    }
    // The ends lie close together.
    let newEnds = ends(\.new)
    let newRange = max(0, (newEnds.min() ?? 0).rounded(.down) - 1)...((newEnds.max() ?? 18).rounded(.up) + 2)
    page.prose(
      nets.count > 2
        ? "Here is this net without dropout, with half of its hidden units dropped, and with a fifth of the pixels. These are *the authors' shares*; each is dropped alone."
        : "Here is this net without dropout, and with half of the hidden units and a fifth of the pixels dropped in training, *the authors' shares*:"
    )
    page.figure(
      Figure(
        "New images at the end: \(new.joined(separator: ", "))",
        exploring: FigureParameter("shown", names: ["new images", "own images"]),
        caption: """
          Each net at its own best learning rate; the first epochs lie above the axis. Mean of \
          \(counted(seeds, "seed"))\(intervalBars(seeds, "shading")); \(findings.data).
          """,
        name: "own-and-new"
      ) { shown in
        .lines(
          LineChart(
            x: Axis("epoch"),
            y: Axis(
              (shown == 0 ? "error on new images (%)" : "error on own images (%)") + intervalLabel(seeds),
              range: shown == 0 ? newRange : 0...20),
            nets.enumerated().map { place, net in
              let errors = shown == 0 ? net.errors.new : net.errors.own
              return Series(
                net.name, y: errors.map(\.mean), deviation: errors.map { $0.count < 3 ? 0 : $0.uncertainty },
                style: .line, isEmphasized: place == nets.count - 1,
                color: nets.count > 2 ? [6, 0, 2][place] : [6, 1][place])
            }))
      })
    page.prose(
      (ends(\.own).max() ?? 0) < 0.5
        ? "Dropout slows the learning down, but in the end \(nets.count > 2 ? "all three" : "both nets") know nearly all of their own images. Only on new ones do they differ."
        : "The nets differ on their own images as well as on new ones.")
  }

  /// Narrow and wide layers; pixels and hidden units.
  static func addWidths(to page: inout Page, _ findings: Findings) {
    let rows = findings.apartGains
    page.prose(
      """
      ## When does it help?

      On digits, its authors drop half of the hidden units *and* \
      a fifth of the *pixels*. We \(rows == nil ? "do so" : findings.gainsAlone == nil ? "try each alone, and both together," : "now try each alone, at several shares,") in nets with two hidden layers of ReLU units, each net at its own best learning rate.
      """)
    page.fold("How the nets are trained") { addProtocol(to: &$0, findings) }
    let byWidth = findings.byWidth
    // The narrowest net loses so much that nothing else could be read beside it.
    let widths = Array(byWidth.settings[byWidth.narrow...])
    guard let rows else {
      let both = Summary.Row("both", Array(byWidth.gains[byWidth.narrow...]))
      addWidthFigure(to: &page, "What dropout saves, by the width of the layers", [both], widths, findings)
      return
    }
    let (pixels, units) = (rows[0], rows[1])
    addSharesAlone(to: &page, findings)
    page.predict(
      "Layers of \(widths[0]) units in the place of \(findings.wide). What does dropping half of them do to the errors on new images?",
      choices: ["it saves more of them than in wide layers", "it saves about as many", "it makes more errors"],
      answer: costs(units.first) ? 2 : (units.first - units.last).worded(above: 0, below: 1, withinChance: 1),
      "Dropping them \(effectOrNone(units.first, size)) in layers of \(widths[0]), and \(effectOrNone(units.last, size)) in layers of \(findings.wide)."
    )
    let always = pixels.gains.allSatisfy(saves)
    let title =
      "Dropped pixels save at \(always ? "every width" : "\(pixels.gains.count(where: saves)) of \(widths.count) widths"); dropping half of the hidden units \(effectOrNone(units.last, size)) with layers of \(findings.wide), and \(effectOrNone(units.first, size)) with layers of \(widths[0])"
    let shares = findings.unitShares
    if let shares, findings.gainsAlone == nil {
      addShareFigure(to: &page, shares, findings)
      page.project("Which share of the hidden units pays?")
    }
    if shares != nil {
      page.fold("By the width of the layers") {
        addWidthFigure(to: &$0, title, rows, widths, findings)
        $0.prose(widerLayers(findings.byWidth))
      }
    } else {
      addWidthFigure(to: &page, title, rows, widths, findings)
      page.project(
        always && costs(units.first)
          ? "Dropped pixels help everywhere, dropped units do not"
          : "Pixels and hidden units, by the width of the layers"
      )
    }
    if let apart = findings.controls?.apart, costs(units.first) {
      let smaller = findings.narrowUnits.map {
        " At a share of \(short($0.share)), the best tried there, dropped units \(plural($0.gain))."
      }
      page.prose(
        "In layers of \(widths[0]) half of the units are too few: the net gets \(fixed(apart.units[0].trainingErrors.mean, 1)) % of its *own* images wrong.\(smaller ?? "") A dropped pixel takes no unit away."
      )
    }
    addPhotographs(to: &page, findings)
    addSettings(to: &page, isRule: always && costs(units.first), findings)
  }

  /// What width alone does, for the claim that layers with dropout should be wider.
  private static func widerLayers(_ byWidth: PairFindings) -> String {
    let pairs = byWidth.doubled
    let beyondWidth = pairs.count { pair in
      byWidth.settings.firstIndex(of: pair.wide).map { saves(byWidth.gains[$0]) } ?? false
    }
    return
      "Should a layer with dropout be wider, twice as wide for $p = 1/2$? Against half the width without dropout, both dropped save beyond chance in \(pairs.count { saves($0.gain) }) of \(counted(pairs.count, "pair")). Against the same width without dropout they do in \(beyondWidth): part of it is the width."
  }

  /// Points saved by pixels alone and by hidden units alone, share by share, in the wide layers.
  private static func addSharesAlone(to page: inout Page, _ findings: Findings) {
    guard let found = findings.gainsAlone, let best = findings.bestAlone else { return }
    let seeds = (found.pixels + found.units).map(\.count).min() ?? 0
    func told(_ alone: Alone) -> String { "\(short(alone.share)) (\(size(alone.gain)))" }
    page.figure(
      Figure(
        "The best share of the pixels is \(told(best.pixels)), of the hidden units \(told(best.units))",
        .lines(
          LineChart(
            x: Axis("share dropped", range: 0...0.75), y: Axis("points of test error saved" + intervalLabel(seeds)),
            [("pixels", found.pixels), ("hidden units", found.units)].enumerated().map { place, row in
              // The first point is the net with nothing dropped.
              Series(
                row.0, x: [0] + found.shares, y: [0] + row.1.map(\.mean),
                deviation: [0] + row.1.map { $0.count < 3 ? 0 : $0.uncertainty }, isEmphasized: place == 0,
                color: [2, 0][place])
            },
            references: [.init(.horizontal, at: 0, "nothing dropped")])),
        caption: """
          Each dropped alone; the best share is the one with the fewest mistakes on validation images. Layers of \(findings.wide), \(grouped(findings.few)) images, \(grouped(findings.steps)) steps, each net at its own best rate. \
          Mean of \(counted(seeds, "seed"))\(intervalBars(seeds, "shading")); \(findings.data).
          """,
        name: "shares-alone"))
    page.project("Which share of what pays?")
    let less = zip(found.pixels, found.units).map { $0 - $1 }.map { $0.direction(among: found.shares.count) }
    let alike = less.prefix { $0 == .withinChance }.count
    let isSplit = alike < less.count && less.dropFirst(alike).allSatisfy { $0 == .above }
    let equal =
      !isSplit
      ? "At equal shares pixels save more in \(less.count { $0 == .above }) of \(less.count)."
      : alike == 0
        ? "At every equal share pixels save more."
        : "Up to a share of \(short(found.shares[alike - 1])) the two cannot be told apart; from \(short(found.shares[alike])) on pixels save more."
    let usual = (ApartFindings.pixels.inputDropout, ApartFindings.units.dropout)
    let isUsual = Float(best.pixels.share) == usual.0 && Float(best.units.share) == usual.1
    let together = findings.bestBoth.map { both in
      " Both together at these shares save \(fixed(both.mean, 1)) points, "
        + (both - best.pixels.gain).worded(
          above: "more than pixels alone.", below: "less than pixels alone.",
          withinChance: "no more than pixels alone.")
    }
    page.prose(
      "\(equal)\(together ?? "") \(isUsual ? "The best shares are the authors'." : "The authors' shares are not the best here. Two names from now on:")"
    )
    if !isUsual { addNames(to: &page, best, findings) }
  }

  /// What the two sets of shares are called, and what uses them.
  private static func addNames(to page: inout Page, _ best: (pixels: Alone, units: Alone), _ findings: Findings) {
    func row(_ name: String, _ shares: [Double], _ use: String) -> [TableCell] {
      [TableCell(name)] + shares.map { TableCell(short($0)) } + [TableCell(use)]
    }
    page.table(
      Table(
        "Two sets of shares, and what uses them",
        columns: ["name", "pixels", "hidden units", "used in"],
        rows: [
          row(
            authorsShares, [Double("\(dropout.inputDropout)") ?? 0, Double("\(dropout.dropout)") ?? 0],
            "all figures and tables that name no others"),
          row(
            "the best shares, digits", [best.pixels.share, best.units.share],
            "figure \(page.figures.count), and where they are named"),
          findings.onPhotographs.map {
            row("the best shares, photographs", [$0.pixels.share, $0.units.share], "“Digits and photographs”")
          },
        ].compactMap(\.self)))
  }

  /// Points saved with each share of the hidden units dropped, in narrow and in wide layers.
  private static func addShareFigure(to page: inout Page, _ found: [SharesOfWidth], _ findings: Findings) {
    let seeds = found.flatMap(\.gains).map(\.count).min() ?? 0
    let limits = found.reversed().map { "up to a share of \(short($0.limit)) in layers of \($0.width)" }
    page.figure(
      Figure(
        "Beside dropped pixels, dropping hidden units costs nothing \(limits.joined(separator: ", and "))",
        .lines(
          LineChart(
            x: Axis("share of the hidden units dropped", range: 0...0.7),
            y: Axis("points of test error saved" + intervalLabel(seeds), range: -5...3),
            found.enumerated().map { place, net in
              let shown = net.gains.indices.filter { net.gains[$0].mean > -5 }
              return Series(
                "layers of \(net.width)", x: shown.map { net.shares[$0] }, y: shown.map { net.gains[$0].mean },
                deviation: shown.map { net.gains[$0].count < 3 ? 0 : net.gains[$0].uncertainty },
                isEmphasized: place == 1, color: [4, 0][place])
            },
            references: [.init(.horizontal, at: 0, "nothing dropped")])),
        caption: """
          A fifth of the pixels is dropped in all; what loses over 5 points is not drawn. \(grouped(findings.few)) images, \(grouped(findings.steps)) steps, each net at its own best rate. Mean of \
          \(counted(seeds, "seed"))\(intervalBars(seeds, "shading")); \(findings.data).
          """,
        name: "share-sweep"))
  }

  private static func addProtocol(to page: inout Page, _ findings: Findings) {
    let ends = findings.ends
    page.prose(
      """
      \(grouped(findings.steps)) steps on \(grouped(findings.few)) images where nothing else is said, in batches of \(batchSize), with a momentum of 0.9. The learning rate falls to 0 like the first half of a cosine wave: \
      $\\eta(t) = \\eta\\,(1 + \\cos(\\pi t/T))/2$. The rates tried go from \(findings.rateWords). The best is \
      that with the fewest mistakes on other images, which are used neither for training nor for the test; \
      \(ends.count) of \(ends.of) nets \(ends.count == 1 ? "has its" : "have their") best rate at an end of \
      what was tried\(ends.count == 0 ? "" : " (\(ends.places.joined(separator: ", ")))"). λ of L2 goes from \(range(Recipe.penalties)) in factors of about 3. Each seed draws its own images. S4 warns that training takes longer with dropout; here all nets of a row get the same number of steps.
      """)
  }

  /// `0.0001 to 0.01`
  static func range(_ values: [Float]) -> String {
    [values.min(), values.max()].map { short(Double($0 ?? 0), digits: 4) }.joined(separator: " to ")
  }

  /// Points of what each saves at each width, side by side so that none hides another.
  private static func addWidthFigure(
    to page: inout Page, _ title: String, _ rows: [Summary.Row], _ widths: [Int], _ findings: Findings
  ) {
    let seeds = rows.flatMap(\.gains).map(\.count).min() ?? 0
    page.figure(
      Figure(
        title,
        .lines(
          LineChart(
            x: Axis("units in each hidden layer", log: true, ticks: widths.map { (Double($0), grouped($0)) }),
            y: Axis("points of test error saved" + intervalLabel(seeds)),
            rows.enumerated().map { place, row in
              Series(
                row.name, x: widths.map { Double($0) * [0.97, 1, 1.03][place] }, y: row.gains.map(\.mean),
                deviation: row.gains.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points,
                isEmphasized: place == 0, color: [2, 0, 1][place])
            },
            references: [.init(.horizontal, at: 0, "as without dropout")])),
        caption: """
          Above the line dropping helps. Dropped: \(authorsShares). \(grouped(findings.few)) images, \(grouped(findings.steps)) steps. Mean of \
          \(counted(seeds, "seed"))\(intervalBars(seeds)); \(findings.data).
          """,
        name: "width-sweep"))
  }

  /// Digits beside photographs.
  private static func addPhotographs(to page: inout Page, _ findings: Findings) {
    guard let row = findings.controls?.apart?.photographs, let tried = findings.controls?.apart?.photographShares,
      let photographs = findings.onPhotographs, let digits = findings.bestAlone
    else { return }
    func cell(_ alone: Alone, _ isEnd: Bool) -> TableCell {
      TableCell("\(spread(alone.gain)) (\(short(alone.share))\(isEnd ? "†" : ""))")
    }
    func cells(
      _ name: String, _ plain: Tuned, _ pixels: Alone, _ units: Alone, _ both: Both, _ ends: [Bool] = [false, false]
    ) -> [TableCell] {
      [
        TableCell(name), TableCell(fixed(plain.testErrors.mean, 1)), cell(pixels, ends[0]), cell(units, ends[1]),
        TableCell("\(spread(both.gain)) (\(both.shares.map { short($0) }.joined(separator: ", ")))"),
      ]
    }
    let both = Both(
      usual: findings.contest[Place.dropout], findings.bothAtBest, Float(digits.pixels.share),
      Float(digits.units.share), against: findings.contest[0])
    func shares(_ choice: ShareChoice) -> String {
      choice.tried.map { short(Double($0.share)) }.joined(separator: ", ")
    }
    let areSeveral = tried.pixels.tried.count > 1
    let ends = areSeveral ? [tried.pixels.isEnd, tried.units.isEnd] : [false, false]
    page.prose("### Digits and photographs")
    page.table(
      Table(
        "Points of test error saved, ± 95 %; in brackets the best share\(areSeveral ? " (tried on photographs: \(shares(tried.pixels)) of the pixels; \(shares(tried.units)) of the units)" : ""). *Both*: at these or at \(authorsShares), whichever errs less on validation images. *Error*: nothing dropped. \(grouped(row.size)) images, layers of \(findings.wide)\(ends.contains(true) ? ". †: the largest share tried" : "")",
        columns: ["images", "error (%)", "pixels", "hidden units", "both"],
        rows: [
          cells("digits", findings.contest[0], digits.pixels, digits.units, both),
          cells("photographs", row.nets[0], photographs.pixels, photographs.units, photographs.both, ends),
        ]))
    let (onDigits, onPhotographs) = (
      digits.pixels.gain - digits.units.gain, photographs.pixels.gain - photographs.units.gain
    )
    let isOpposite = saves(onDigits) && costs(onPhotographs)
    page.project(isOpposite ? "Digits: drop pixels. Photographs: hidden units" : "Digits and photographs")
    let verdict =
      saves(photographs.pixels.gain)
      ? "hidden units save more than pixels" : "it is the hidden units that save"
    page.prose(
      onPhotographs.worded(
        above: "On the photographs, too, pixels save more than hidden units.",
        below: """
          **In this dense net on photographs (CIFAR-10, from JPEG copies) \(verdict).**
          """,
        withinChance: "On the photographs neither is better beyond chance.")
        + (isOpposite ? " Why, we did not measure." : "")
        + (photographs.both.atBest.map { together in
          let gain = difference(row.nets[0].testErrors, together.testErrors)
          return costs(gain - photographs.units.gain)
            ? " Both together, at \(short(photographs.pixels.share)) and \(short(photographs.units.share)), \(saves(gain) || costs(gain) ? plural(gain) : "save nothing beyond chance")."
            : ""
        } ?? ""))
  }

  /// Every setting in one table, and its rule.
  private static func addSettings(to page: inout Page, isRule: Bool, _ findings: Findings) {
    let settings = findings.settings
    guard !settings.isEmpty else { return }
    page.fold("More settings on digits") {
      addSettingsTable(to: &$0, settings)
      guard isRule else { return }
      let helped = settings.filter { $0.gains[0].map(saves) ?? false }
      let barely = helped.filter { $0.gains[0].map { $0.mean - $0.uncertainty < 0.1 } ?? false }.map(\.name)
      $0.prose(
        """
        A fifth of the pixels dropped helps in \(helped.count == settings.count ? "every setting" : "\(helped.count) of \(settings.count) settings")\(barely.isEmpty ? "" : " (barely with “\(barely.joined(separator: "”, “"))”)"), half of the hidden units in wide layers with few images, or with wrong labels.\(smallerShares(settings))
        """)
      if let words = authorsWords(findings) { $0.prose(words) }
    }
    if findings.onPhotographs == nil { page.project("When does dropping pay?") }
  }

  private static func addSettingsTable(to page: inout Page, _ settings: [Setting]) {
    let hasBest = settings.contains { $0.bestUnits != nil }
    page.table(
      Table(
        "Points of test error saved, ± 95 %, against a net with nothing dropped in the same setting: at \(authorsShares)\(hasBest ? ", and by hidden units at the best of several shares (in brackets)" : ""). Each row differs from the first only as stated",
        columns: ["setting", "pixels", "hidden units", "both"] + (hasBest ? ["units, best share"] : []),
        rows: settings.map { row in
          [TableCell(row.name)] + row.gains.map { $0.map { TableCell(spread($0)) } ?? "–" }
            + (hasBest
              ? [row.bestUnits.map { TableCell("\(spread($0.gain)) (\(short($0.share)))") } ?? "–"] : [])
        }))
  }

  /// What smaller shares do where half of the hidden units costs.
  private static func smallerShares(_ settings: [Setting]) -> String {
    let found = settings.filter { $0.gains[1].map(costs) ?? false }.compactMap { row in
      row.bestUnits.flatMap { $0.share < Double(ApartFindings.units.dropout) ? $0.gain : nil }
    }
    guard !found.isEmpty else { return "" }
    let (better, worse) = (found.count(where: saves), found.count(where: costs))
    let rows = counted(found.count, "such setting")
    return """
       Where half of them costs, a smaller share costs \(worse == 0 ? "nothing beyond chance" : "something in \(worse) of \(rows)"), and saves something in \(worse == 0 ? "\(better) of \(rows)" : "\(better)").
      """
  }

  /// What the widest layers say.
  private static func authorsWords(_ findings: Findings) -> String? {
    guard let gains = findings.authorsGains else { return nil }
    let bound =
      "with *max-norm* (each unit's weights at most \(short(ApartFindings.authorsBound)) long), as the authors advise,"
    return (gains[2] - gains[0]).worded(
      above: """
        In wider layers \(bound) hidden units add something to dropped pixels (\(spread(gains[2] - gains[0])) points).
        """,
      below: "In wider layers \(bound) hidden units take something from what dropped pixels save.",
      withinChance: "Even in wider layers \(bound) hidden units add nothing to dropped pixels.")
  }

  /// More images in the same steps, and given the time.
  static func addManyImages(to page: inout Page, _ findings: Findings) {
    guard let many = findings.equalEpochs, let apart = findings.controls?.apart, apart.pixelsLonger.count == 2,
      let unitsMany = apart.unitsMany?.first
    else { return }
    let gains = [apart.pixelsLonger[1], unitsMany].map { many.nets[0].testErrors - $0.testErrors }
    let ratio = many.steps / max(1, findings.steps)
    let best = findings.manyUnits
    let isTrue = saves(gains[0]) && !saves(gains[1]) && !(best.map { saves($0.gain) } ?? false)
    let smaller = best.map { " At a share of \(short($0.share)), the best tried, the units \(plural($0.gain))." }
    page.fold("With more data?") {
      $0.prose(
        """
        Srivastava et al. say that dropout gains nothing when data are plentiful. We try \(grouped(many.size)) images, and \(ratio) times the steps, so that each image is seen as often as before. There dropped pixels \(direction(gains[0])), and dropped hidden units (half of them) \(direction(gains[1])).\(smaller ?? "")\
        \(isTrue ? " So with this many images\(best == nil ? "" : ", at the shares tried,") the statement is true of hidden units, but not of pixels." : "")
        """)
    }
  }
}
