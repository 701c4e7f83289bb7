// The page of chapter 6: what dropped pixels and dropped hidden units save in every setting, each alone and both.

import Workbook

/// What is saved in one setting by dropped pixels, by dropped hidden units, and by both; nil where it was not measured.
struct Setting {
  var name: String
  var pixels: Summary?
  var units: Summary?
  var both: Summary?

  static func names(_ name: String, _ gains: [Summary?]) -> Setting {
    Setting(name: name, pixels: gains[0], units: gains[1], both: gains[2])
  }
}

extension Dropouts.Findings {
  /// The first row is the net of the text; each of the others says in what it differs.
  var settings: [Setting] {
    guard let rows = apartGains, let apart = controls?.apart, let sizes = sizeGains else { return [] }
    func saved(_ nets: LongerFindings?, _ net: Tuned?) -> Summary? {
      guard let nets, let net else { return nil }
      return nets.nets[0].testErrors - net.testErrors
    }
    func element(_ nets: [Tuned]?, _ place: Int) -> Tuned? {
      nets.flatMap { $0.indices.contains(place) ? $0[place] : nil }
    }
    let (narrow, least, most) = (apart.widths[0], bySize.settings[0], bySize.settings[bySize.last])
    var found = [
      Setting.names("layers of \(wide), \(grouped(few)) images, \(grouped(steps)) steps", rows.map(\.last)),
      Setting.names("layers of \(narrow)", rows.map(\.first)),
      Setting.names("\(grouped(least)) images", sizes.map(\.first)),
      Setting.names("\(grouped(most)) images", sizes.map(\.last)),
    ]
    if let longer = narrowLonger {
      found.insert(
        .names(
          "layers of \(narrow), \(grouped(longer.steps)) steps",
          [
            saved(longer, element(apart.narrowPixelsLonger, 0)), saved(longer, element(apart.unitsLonger, 0)),
            longer.gain,
          ]), at: 2)
    }
    if let longer = fewLonger {
      found.insert(
        .names(
          "\(grouped(longer.steps)) steps",
          [saved(longer, apart.pixelsLonger.first), saved(longer, element(apart.unitsLonger, 1)), longer.gain]), at: 1)
    }
    if let many = equalEpochs {
      found.append(
        .names(
          "\(grouped(many.size)) images, \(grouped(many.steps)) steps",
          [saved(many, element(apart.pixelsLonger, 1)), saved(many, element(apart.unitsMany, 0)), many.gain]))
    }
    if let gains = authorsGains {
      found.insert(
        .names("layers of \(ApartFindings.authorsWidth), max-norm", gains), at: fewLonger == nil ? 1 : 2)
    }
    if apart.wrong.count == 2 {
      found.append(
        .names(
          "\(percent(Double(Dropouts.wrongShare))) of the labels wrong",
          apart.wrong.map { noisy.nets[0].testErrors - $0.testErrors } + [noisy.gain]))
    }
    return found
  }

  /// What pixels, hidden units and both save in the widest layers, which have a bound on their weights.
  var authorsGains: [Summary]? {
    guard let nets = controls?.apart?.authors, nets.count == 4 else { return nil }
    return nets.dropFirst().map { nets[0].testErrors - $0.testErrors }
  }
}

extension Dropouts {
  /// The figure over the widths, what time does, and every setting in one table.
  static func addApart(to page: inout Page, _ rows: [Summary.Row], _ findings: Findings) {
    let (byWidth, narrow) = (findings.byWidth, findings.byWidth.narrow)
    let drawn = Array(byWidth.settings[narrow...])
    let lead = rows[0].last - rows[1].last
    page.predict(
      "Layers of \(findings.wide) units. Which saves more errors on new images?",
      choices: ["half of the hidden units dropped", "a fifth of the pixels dropped", "each saves about as much"],
      answer: lead.worded(above: 1, below: 0, withinChance: 2), apartWords(rows, drawn))
    page.project("Hidden units or pixels: which is better dropped?")
    page.figure(
      Figure(
        apartTitle(rows, drawn), gainChart(rows, at: drawn, x: "units in each hidden layer"),
        caption: """
          Above the line dropping helps. \(grouped(findings.few)) images, \(grouped(findings.steps)) steps. Mean of \
          \(counted(rows[0].first.count, "seed"))\(intervalBars(rows[0].first.count)); \(findings.data).
          """,
        name: "width-sweep"))
    page.project(
      rows[0].gains.allSatisfy(saves) && costs(rows[1].first)
        ? "Dropped pixels help everywhere, dropped units do not"
        : "Pixels and hidden units, by the width of the layers")
    if let apart = findings.controls?.apart, costs(rows[1].first) {
      page.prose(whyNarrow(rows, apart, findings))
    }
    let settings = findings.settings
    guard !settings.isEmpty else { return }
    let helped = settings.compactMap(\.pixels).count(where: saves)
    page.prose(
      rows[0].gains.allSatisfy(saves) && costs(rows[1].first)
        ? """
        The table has every setting of this section. Its rule is short. On these digits dropped pixels help in \(helped == settings.count ? "every row" : "\(helped) of \(settings.count) rows"). Dropped hidden units help \
        where the net has units to spare *and* something to learn by heart: wide layers with few images, or wrong labels. More steps shrink what they cost elsewhere, but do not turn it into a gain.
        """ : "One table for all settings of this section:")
    func cell(_ gain: Summary?) -> TableCell { gain.map { TableCell(spread($0)) } ?? "–" }
    page.table(
      Table(
        "Points of test error saved against a net with nothing dropped in the same setting. The first row is the net of the text; every other row differs from it only as stated",
        columns: ["setting", "pixels, ± 95 %", "hidden units, ± 95 %", "both, ± 95 %"],
        rows: settings.map { [TableCell($0.name), cell($0.pixels), cell($0.units), cell($0.both)] }))
    page.prose(authorsWords(rows, findings))
  }

  /// Why dropped hidden units cost in narrow layers.
  private static func whyNarrow(_ rows: [Summary.Row], _ apart: ApartFindings, _ findings: Findings) -> String {
    let (narrow, steps) = (apart.widths[0], grouped(findings.steps))
    func own(_ net: Tuned) -> String { fixed(net.trainingErrors.mean, 1) }
    var words = """
      Why do dropped hidden units cost so much in layers of \(narrow)? For each image only about \(narrow / 2) of the \(narrow) units are left. After \
      \(steps) steps this net gets \(own(apart.units[0])) % of its *own* images wrong, the plain net \(own(findings.byWidth.nets[0][findings.byWidth.narrow])) %. \
      In layers of \(findings.wide), half of the units are enough: both nets get \(own(findings.contest[0])) % of their own images wrong. (A dropped pixel takes no unit away. It shows the net each image in many \
      versions, and may act like data augmentation, chapter 7; that was not tested.)
      """
    if let longer = findings.narrowLonger, let units = apart.unitsLonger?.first,
      costs(longer.nets[0].testErrors - units.testErrors)
    {
      words +=
        " More time does not make up for missing units: after \(grouped(longer.steps)) steps the net gets only \(own(units)) % of its own images wrong, and still makes \(fixed((units.testErrors - longer.nets[0].testErrors).mean, 1)) points more errors on new ones."
    }
    return words
  }

  /// What the widest layers say.
  private static func authorsWords(_ rows: [Summary.Row], _ findings: Findings) -> String {
    let guide =
      "The authors' guide says: if $n$ units are right without dropout, take $n/(1-p)$ with it; train long; and keep the norm of each unit's weights below 3 to 4 (*max-norm*)."
    guard let gains = findings.authorsGains else {
      return guide + " Layers of 1024 units and more with max-norm, as the authors use them, were not tried."
    }
    let more = gains[0] - gains[1]
    return
      "\(guide) So we also tried layers of \(ApartFindings.authorsWidth) with a bound of \(short(ApartFindings.authorsBound)) (the authors use 1024 units and more). There dropped pixels \(plural(gains[0])), dropped hidden units \(plural(gains[1])), and both \(plural(gains[2])). "
      + more.worded(
        above: "So the pixels still pay more than the hidden units\(more.intervalNote()).",
        below: "So there the hidden units pay more than the pixels.",
        withinChance: "Which of the two pays more cannot be told there.")
      + (gains[2] - gains[0]).worded(
        above:
          " On top of dropped pixels, dropped hidden units add \(fixed((gains[2] - gains[0]).mean, 1)) there\((gains[2] - gains[0]).intervalNote()).",
        below: " On top of dropped pixels, dropped hidden units cost \(fixed((gains[0] - gains[2]).mean, 1)) there.",
        withinChance: " On top of dropped pixels, dropped hidden units add nothing there beyond chance.")
  }
}

extension Dropouts {
  /// What dropout does to both errors of the net of the question, epoch by epoch.
  static func addFollowed(to page: inout Page, _ nets: [FollowedErrors], _ findings: Findings) {
    guard nets.count == 2, let seeds = nets[0].own.first?.count else { return }
    let (plain, both) = (nets[0], nets[1])
    /// The first epoch after which the net has fewer than five in a hundred of its own images wrong.
    func learned(_ net: FollowedErrors) -> Int? { net.own.firstIndex { $0.mean < 5 }.map { $0 + 1 } }
    func last(_ errors: [Summary]) -> Double { errors.last?.mean ?? 0 }
    let gaps = nets.map { last($0.new) - last($0.own) }
    let slower: String
    if let first = learned(plain), let second = learned(both), second > first {
      slower =
        "The net with dropout learns more slowly: it has fewer than 5 % of its own images wrong after \(counted(second, "epoch")), the plain net after \(first)."
    } else {
      slower = ""
    }
    page.prose(
      "Here is the net of the question, without dropout and with it (half of the hidden units and a fifth of the pixels dropped):"
    )
    page.figure(
      Figure(
        "At the end \(fixed(gaps[0], 1)) points lie between own and new images without dropout, \(fixed(gaps[1], 1)) with it",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("error (%)" + intervalLabel(seeds), range: 0...40),
            [
              ("new images, no dropout", plain.new, 6, true), ("new images, both dropped", both.new, 1, true),
              ("own images, both dropped", both.own, 1, false), ("own images, no dropout", plain.own, 6, false),
            ].map { name, errors, color, isNew in
              Series(
                name, y: errors.map(\.mean), deviation: errors.map { $0.count < 3 ? 0 : $0.uncertainty }, style: .line,
                isEmphasized: isNew, color: color)
            })),
        caption: """
          All errors are measured with nothing left out. Each net at its own best learning rate. Mean of \
          \(counted(seeds, "seed"))\(intervalBars(seeds, "shading")); \(findings.data).
          """,
        name: "own-and-new"))
    page.prose(
      "\(slower) In the end both have learned their own images (\(fixed(last(plain.own), 1)) and \(fixed(last(both.own), 1)) % wrong), but the net with dropout makes fewer mistakes on new ones: \(fixed(last(both.new), 1)) instead of \(fixed(last(plain.new), 1)) %. The rest of the chapter asks when this is so, and why."
    )
  }
}
