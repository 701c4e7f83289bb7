// The page of chapter 6: what takes a full run: other shares dropped, and wrong labels with every control.

import Workbook

extension WrongLabelControls {
  /// What dropout saves at its own best rate against the plain net at the same one, and how many more of the wrong labels
  /// the plain net answers there, in points.
  func atEqualRate(_ noisy: NoisyFindings) -> (error: Summary, learned: Summary) {
    Self.difference(plainAtOther, noisy.nets[1])
  }
  /// The same at the rate that suits the plain net with right labels.
  func atUsualRate(_ noisy: NoisyFindings) -> (error: Summary, learned: Summary) {
    Self.difference(noisy.asked, dropoutAtOther)
  }
  /// What dropout, trained to the end, saves against the plain net stopped in time.
  func againstStopped(_ noisy: NoisyFindings) -> Summary { Self.difference(stopped[0], noisy.nets[1]).error }

  /// Seed by seed, over those that both have.
  private static func difference(_ plain: Tuned, _ other: Tuned) -> (error: Summary, learned: Summary) {
    let count = min(plain.runs.count, other.runs.count)
    func first(_ summary: Summary) -> Summary { Summary(Array(summary.values.prefix(count))) }
    return (
      first(plain.testErrors) - first(other.testErrors),
      first(plain.learnedByHeart.inPercent) - first(other.learnedByHeart.inPercent)
    )
  }
}

extension Dropouts {
  /// Which share to drop, in a narrow and in a wide net.
  static func addShares(to page: inout Page, _ findings: Findings) {
    guard let found = findings.controls?.allShares else { return }
    // Against dropped pixels alone, where these were tried.
    let hasPixels = found.shares[0] == 0 && found.shares.count > 1
    let gains = found.gains.map { gains in hasPixels ? gains.map { $0 - gains[0] } : gains }
    // Of the narrow net only the upper part would fit: its losses grow without end.
    let least = gains[1].map { $0.mean - ($0.count < 3 ? 0 : $0.uncertainty) }.min() ?? 0
    let most = gains.flatMap { $0.map { $0.mean + ($0.count < 3 ? 0 : $0.uncertainty) } }.max() ?? 1
    let floor = min(-4, least.rounded(.down))
    let hidden = gains.contains { $0.contains { $0.mean < floor } }
    let figure =
      Figure(
        shareTitle(found),
        .lines(
          LineChart(
            // Each share at an equal distance from the next, so that every one has its label.
            x: Axis(
              "share of hidden units dropped, p",
              ticks: found.shares.indices.dropFirst(hasPixels ? 1 : 0).map { (Double($0), short(found.shares[$0])) }),
            y: Axis("points of test error saved" + intervalLabel(gains[0][0].count), range: floor...max(1, most + 0.3)),
            found.widths.indices.map { width in
              let shown = found.shares.indices.filter { gains[width][$0].mean >= floor && !(hasPixels && $0 == 0) }
              return Series(
                "\(found.widths[width]) units", x: shown.map { Double($0) + (width == 0 ? -0.08 : 0.08) },
                y: shown.map { gains[width][$0].mean },
                deviation: shown.map { gains[width][$0].count < 3 ? 0 : gains[width][$0].uncertainty },
                style: .points, isEmphasized: width == 1, color: width)
            },
            references: [.init(.horizontal, at: 0, hasPixels ? "dropped pixels alone" : "as without dropout")])),
        caption: """
          Each point at its own best learning rate\(hidden ? ". Points below the axis: \(belowAxis(found, gains, floor))" : ""). Mean of \
          \(counted(gains[0][0].count, "seed"))\(intervalBars(gains[0][0].count)); \(findings.data).
          """,
        name: "share-sweep")
    let words = shareWords(found, isToldBefore: findings.apartGains != nil)
    page.fold("Other shares of the hidden units") {
      $0.figure(figure)
      if !words.isEmpty { $0.prose(words) }
    }
  }

  /// What dropped hidden units add to dropped pixels; empty where pixels alone were not tried.
  ///
  /// - Parameter isToldBefore: whether the page has said before what pixels alone save.
  static func shareWords(_ found: ShareFindings, isToldBefore: Bool = false) -> String {
    guard found.shares[0] == 0, found.shares.count > 1 else { return "" }
    let alone = found.gains.map { $0[0] }
    let more = found.widths.indices.map { width -> (share: Double, gain: Summary) in
      let errors = found.nets[width].map { Summary($0.runs.compactMap(\.validationError)).mean }
      let best = errors.indices.dropFirst().min { errors[$0] < errors[$1] } ?? 1
      return (found.shares[best], found.gains[width][best] - alone[width])
    }
    let pixels = found.widths.indices.map { "\(effectOrNone(alone[$0], size)) with \(found.widths[$0]) units" }
    let start = isToldBefore ? "" : "Dropping pixels alone \(pixels.joined(separator: ", and it ")). "
    if more.allSatisfy({ !saves($0.gain) && !costs($0.gain) }) {
      return start
        + "Even at the share that is best on images set aside for this choice (\(found.widths.indices.map { "\(short(more[$0].share)) with \(found.widths[$0]) units" }.joined(separator: ", "))), dropping hidden units as well adds nothing beyond chance."
    }
    return start + "At the best share the hidden units add to that: "
      + found.widths.indices.map {
        "\(fixed(more[$0].gain.mean, 1)) points with \(found.widths[$0]) units (95 %: \(more[$0].gain.interval()))"
      }.joined(separator: ", ") + "."
  }

  /// What the narrow and the wide net ask for.
  static func shareTitle(_ found: ShareFindings) -> String {
    if found.shares[0] == 0, found.shares.count > 1 {
      let added = found.gains.map { gains in gains.map { $0 - gains[0] } }
      let harm = found.widths.indices.map { width in
        found.shares.indices.first { place in
          place > 0 && found.shares.indices[place...].allSatisfy { costs(added[width][$0]) }
        }
      }
      let isUseless = added.allSatisfy { !$0.dropFirst().contains(where: saves) }
      let words = found.widths.indices.compactMap { width in
        harm[width].map { "from \(short(found.shares[$0])) on with \(found.widths[width]) units" }
      }
      return
        "On top of dropped pixels, dropping hidden units \(isUseless ? "adds nothing at any p" : "adds something at some p")\(words.isEmpty ? "" : ", and costs \(words.joined(separator: ", and "))")"
    }
    let chosen = found.chosen.map { found.shares[$0] }
    let (narrow, wide) = (found.saving(0), found.saving(1))
    switch (narrow.isEmpty, wide.isEmpty) {
    case (true, false):
      return "With \(found.widths[0]) units no share helps, with \(found.widths[1]) it is \(range(wide))"
    case (false, false) where chosen[0] == chosen[1]:
      return "With \(found.widths[0]) units as with \(found.widths[1]), p = \(short(chosen[0])) errs least"
    case (false, false):
      return "\(found.widths[0]) units want p = \(short(chosen[0])), \(found.widths[1]) units p = \(short(chosen[1]))"
    case (false, true):
      return "With \(found.widths[1]) units no share helps, with \(found.widths[0]) it is \(range(narrow))"
    case (true, true): return "No share saves anything beyond chance"
    }
  }

  /// `0.1 to 0.5`.
  private static func range(_ shares: [Double]) -> String {
    let ends = [shares.min() ?? 0, shares.max() ?? 0].map { short($0) }
    return ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")
  }

  /// `−9.3 at 0.7 and −25.0 at 0.8 with 32 units`.
  private static func belowAxis(_ found: ShareFindings, _ gains: [[Summary]], _ floor: Double) -> String {
    found.widths.indices.compactMap { width in
      let points = found.shares.indices.filter { gains[width][$0].mean < floor }
      guard !points.isEmpty else { return nil }
      return points.map { "\(fixed(gains[width][$0].mean, 1)) at \(short(found.shares[$0]))" }.joined(
        separator: ", ")
        + " with \(found.widths[width]) units"
    }.joined(separator: "; ")
  }

  /// A convolutional net, and dropout at test time.
  static func addMaps(to page: inout Page, _ findings: Findings) {
    let monteCarlo =
      "*Monte-Carlo dropout* leaves the masks on at test time. How much several passes differ then measures how uncertain the net is (Gal and Ghahramani)."
    guard let found = findings.controls?.maps, found.kinds.count > 1 else {
      page.sideNote(
        "In a convolutional net (chapter 9) one drops whole maps (Tompson et al., below), or only units of the dense layers at the end. "
          + monteCarlo)
      return
    }
    page.prose(
      """
      ### In a convolutional net

      In a convolutional net (chapter 9) one set of weights makes a whole picture, called a *map*. Neighbouring values of a map are nearly \
      the same, so where one is missing, the next can replace it. Therefore Tompson et al. drop whole maps. We try it with a small LeNet (the convolutional net of chapter 10) on the same \
      \(grouped(findings.few)) images. Each row has the best of \(MapFindings.shares.count) shares and of several learning rates:
      """)
    page.table(
      Table(
        "Two convolutions of 8 and 16 maps, a dense layer of 128; \(counted(found.kinds[0].net.runs.count, "seed")). Points saved against the first row",
        columns: [
          "what is dropped", "p", "learning rate", .init("test error (%)", digits: 1), "points saved, ± 95 %",
        ],
        rows: found.kinds.map { kind in
          let gain = found.gain(kind.recipe)
          return [
            TableCell(kind.recipe.name), TableCell(kind.recipe == .nothing ? "–" : short(Double(kind.share))),
            TableCell(rate(kind.net)), .number(kind.net.testErrors.mean),
            TableCell(kind.recipe == .nothing ? "–" : gain.count < 3 ? fixed(gain.mean, 1) : spread(gain)),
          ]
        }))
    page.project("In a convolutional net: drop units, values or maps?")
    page.prose(mapWords(found))
    page.sideNote(monteCarlo)
  }

  /// Which kind saves, and whether whole maps are better than single values.
  static func mapWords(_ found: MapFindings) -> String {
    let dropping = found.kinds.dropFirst().filter { $0.recipe != .valueNoise }
    let saving = dropping.filter { saves(found.gain($0.recipe)) }.map(\.recipe.name)
    let lead = found.gain(.maps) - found.gain(.values)
    let first =
      saving.isEmpty
      ? "None of them saves anything beyond chance. "
      : saving.count == dropping.count
        ? "All of them help. "
        : "Dropping \(saving.dropLast().joined(separator: ", "))\(saving.count > 1 ? " or " : "")\(saving.last ?? "") helps beyond chance. "
    return first
      + lead.worded(
        above:
          "Whole maps save \(fixed(lead.mean, 1)) points more than single values\(lead.intervalNote()), as expected.",
        below:
          "Whole maps save \(fixed(-lead.mean, 1)) points less than single values\(lead.magnitude.intervalNote()). So dropping whole maps is not better here. Whether neighbours replace a missing value was not measured. With only 8 and 16 maps, a whole map may be too much to lose.",
        withinChance:
          "Whole maps and single values cannot be told apart here (\(lead.interval()) points between them): the reason above may be right, and this net does not show it."
      )
  }

  /// A fifth of the labels wrong.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let (noisy, heart) = (findings.noisy, findings.noisy.learnedByHeart)
    let (asked, atEnd, atBest) = (noisy.asked, noisy.gainAtEnd, noisy.gainAtBest)
    page.prose(
      """
      ### With wrong labels?

      We replace \(percent(Double(wrongShare))) of the training labels by random other ones. A net that learns them by heart has \
      learned something false. The test labels are right.
      """)
    page.predict(
      """
      The wide net learns **without** dropout, at the learning rate that is best \
      \(noisy.usual == nil ? "with these labels" : "with right labels"), \(rate(asked)). To how many of the mislabelled \
      images does it give the wrong label?
      """,
      choices: ["hardly any", "about half", "nearly all"],
      answer: asked.learnedByHeart.mean < 0.25 ? 0 : asked.learnedByHeart.mean < 0.75 ? 1 : 2,
      "To \(percent(asked.learnedByHeart.mean)) of them.\(asked.learnedByHeart.mean < 0.75 ? "" : " The loss does not know which labels are wrong, and layers of \(findings.wide) units have room for \(grouped(Int(Double(wrongShare) * Double(noisy.size)))) exceptions.")"
    )
    page.project("A fifth of the labels are wrong. How many are learned?")
    let byHeart = findings.controls?.apart?.byHeart ?? []
    if byHeart.count == 4, let wrong = findings.controls?.wrong, findings.controls?.apart?.wrong.count == 2 {
      addByHeart(to: &page, byHeart, findings)
      page.prose(wrongWords(wrong, noisy, findings.controls?.apart?.wrong ?? []))
      page.fold("Each net at its own best rate, at other rates, and stopped early") {
        addWrongTable(to: &$0, findings)
        $0.prose(earlyWords(wrong, noisy))
      }
      return
    }
    if byHeart.count == 4 { addByHeart(to: &page, byHeart, findings) }
    addWrongTable(to: &page, findings)
    let more = costs(heart[0] - heart[1])
    if let wrong = findings.controls?.wrong {
      page.prose(wrongWords(wrong, noisy, findings.controls?.apart?.wrong ?? []) + " " + earlyWords(wrong, noisy))
    } else {
      if more, noisy.nets[0].rate < noisy.nets[1].rate {
        page.prose(
          """
          With wrong labels the plain net is best at a small rate, at which \(grouped(findings.steps)) steps are too few to learn \
          them: a small rate is a restraint, too.
          """)
      }
      if more, saves(noisy.gain) {
        page.prose(
          """
          Dropout's net answers more of the wrong labels and still errs less on new images: it does not protect by refusing them.
          """)
      }
    }
    if byHeart.count == 4 { return }
    page.figure(
      Figure(
        saves(atEnd)
          ? "With a fifth of the labels wrong, dropout is ahead at the end\(saves(atBest) ? " and at the best epoch" : "")"
          : costs(atEnd)
            ? "With a fifth of the labels wrong, dropout is behind at the end"
            : "With a fifth of the labels wrong, too few nets to tell what dropout does",
        .lines(
          LineChart(
            x: Axis("epoch"),
            y: Axis("error on new images (%)" + intervalLabel(atEnd.count), range: noisy.shownErrors),
            zip(["no dropout", "dropout"], noisy.curves).enumerated().map { index, pair in
              Series(
                pair.0, y: pair.1.map(\.mean), deviation: pair.1.map { $0.count < 3 ? 0 : $0.uncertainty },
                style: .line,
                isEmphasized: index == 1, color: index)
            })),
        caption: """
          Each net at its own best learning rate; layers of \(findings.wide). A thousand of the test images: there dropout \
          \(effectOrNone(atEnd)) at the end, \(effectOrNone(atBest)) at the best epochs (which these same images picked).\
          \(noisy.curves.contains { ($0.first?.mean ?? 0) > noisy.shownErrors.upperBound } ? " The first epochs are above the axis." : "") Mean of \
          \(counted(noisy.nets[0].runs.count, "seed"))\(intervalBars(atEnd.count, "shading")); \
          \(findings.data).
          """,
        name: "wrong-labels"))
    page.project(
      saves(atEnd) || costs(atEnd)
        ? "With wrong labels dropout \(size(noisy.gain))"
        : "Wrong labels: too few nets to tell what dropout does")
  }

  private static func rate(_ net: Tuned) -> String { short(Double(net.rate), digits: 3) }

  /// Each net at its own best rate, at the other's, and stopped in time.
  private static func addWrongTable(to page: inout Page, _ findings: Findings) {
    let noisy = findings.noisy
    // One row where the two rates are the same.
    let usual = noisy.usual.flatMap { $0.rate == noisy.nets[0].rate ? nil : $0 }
    let (wrong, apart) = (findings.controls?.wrong, findings.controls?.apart?.wrong ?? [])
    let rows: [(String, String, Tuned?)] = [
      ("nothing", "at the best rate for right labels", usual),
      ("nothing", "at the best rate with both dropped", wrong?.plainAtOther),
      ("nothing", "", noisy.nets[0]), ("pixels", "", apart.first),
      ("hidden units", "", apart.count == 2 ? apart[1] : nil),
      ("both", "", noisy.nets[1]), ("nothing", "stopped early", wrong?.stopped[0]),
      ("both", "stopped early", wrong?.stopped[1]),
    ]
    let shown = rows.compactMap { row in row.2.map { (row.0, row.1, $0) } }
    // The smallest rate is no end any more where half of it errs more.
    func isEnd(_ net: Tuned) -> Bool {
      let isBeaten = wrong.map { $0.plainBelow.testErrors.mean > noisy.nets[0].testErrors.mean } ?? false
      return findings.isEnd(net.rate) && !(isBeaten && net.rate == findings.rates.min())
    }
    // Seed by seed, over those that both have.
    func saved(_ net: Tuned) -> Summary {
      let count = min(net.runs.count, noisy.nets[0].runs.count)
      return Summary(Array(noisy.nets[0].testErrors.values.prefix(count)))
        - Summary(Array(net.testErrors.values.prefix(count)))
    }
    page.table(
      Table(
        """
        \(percent(Double(wrongShare))) of \(grouped(noisy.size)) labels wrong. Each net has its own best learning rate where nothing else is said. *Error*: on new images; *wrong given*: the share of the wrong labels that the net gives back; *saved*: points of error, against nothing dropped at its best rate\
        \(shown.contains { isEnd($0.2) } ? "; †: the smallest or the largest learning rate tried" : "")
        """,
        columns: [
          "dropped", "rate", .init("error (%)", digits: 1), .init("wrong given (%)", digits: 0), "saved, ± 95 %",
        ],
        rows: shown.map { name, words, net in
          let gain = saved(net)
          return [
            TableCell(words.isEmpty ? name : "\(name), \(words)"), TableCell("\(rate(net))\(isEnd(net) ? "†" : "")"),
            .number(net.testErrors.mean), .number(net.learnedByHeart.inPercent.mean),
            net.runs.map(\.testError) == noisy.nets[0].runs.map(\.testError)
              ? "–"
              : TableCell(gain.count < 3 ? fixed(gain.mean, 1) : spread(gain)),
          ]
        }))
  }

  /// What the controls say: pixels and hidden units apart, and against a plain net that is stopped in time.
  ///
  /// - Parameter apart: pixels alone, hidden units alone, where they were measured.
  static func wrongWords(_ wrong: WrongLabelControls, _ noisy: NoisyFindings, _ apart: [Tuned] = []) -> String {
    let equal = wrong.atEqualRate(noisy)
    let own = (noisy.learnedByHeart[0] - noisy.learnedByHeart[1]).inPercent
    var words: [String] = []
    if apart.count == 2 {
      let alone = apart.map { noisy.nets[0].testErrors - $0.testErrors }
      words.append(
        "In the figure all nets have one learning rate. In the last row of the table each net has the rate that suits it best. Dropped hidden units \(plural(alone[1])), dropped pixels \(plural(alone[0])), both \(plural(noisy.gain)).\(saves(alone[1] - alone[0]) ? " Here it is the hidden units that help. A likely reason is that the net changes in every step, and so it cannot fit single images exactly." : "")"
      )
    } else {
      func learned(_ difference: Summary) -> String {
        difference.worded(
          above: "answers \(fixed(difference.mean, 0)) points fewer of the wrong labels",
          below: "answers \(fixed(-difference.mean, 0)) points more of the wrong labels",
          withinChance: "answers as many of the wrong labels")
      }
      words.append(
        "At one learning rate, \(rate(noisy.nets[1])), dropout \(learned(equal.learned)) and \(effectOrNone(equal.error))."
      )
    }
    if costs(own), saves(noisy.gain) {
      words.append(
        "But refusing wrong labels is not all that counts. The plain net is best at a rate so small (\(rate(noisy.nets[0]))) that it learns only \(percent(noisy.learnedByHeart[0].mean)) of the wrong labels, fewer than the net with both dropped (\(percent(noisy.learnedByHeart[1].mean))), and still it makes more errors on new images."
      )
    }
    return words.joined(separator: " ")
  }

  /// Half of the plain net's rate, and early stopping.
  static func earlyWords(_ wrong: WrongLabelControls, _ noisy: NoisyFindings) -> String {
    let (stopped, below) = (wrong.againstStopped(noisy), wrong.plainBelow)
    let count = min(below.runs.count, noisy.nets[0].runs.count)
    let more = below.testErrors - Summary(Array(noisy.nets[0].testErrors.values.prefix(count)))
    let isBeaten = noisy.nets[0].rate > below.rate && saves(more)
    let early =
      Summary(Array(noisy.nets[0].testErrors.values.prefix(wrong.stopped[0].runs.count))) - wrong.stopped[0].testErrors
    return
      "\(isBeaten ? "At half of its best rate the plain net makes \(fixed(more.mean, 1)) points more errors. " : "")Early stopping is another remedy: take the weights of the epoch with the fewest errors on \(wrong.keptBack) validation images (chapter 7). \(saves(early) ? "That saves the plain net \(fixed(early.mean, 1)) points." : "That saves the plain net nothing, since its rate is small already.") "
      + stopped.worded(
        above:
          "Compared with the stopped plain net, the net with both dropped and trained to the end still saves \(fixed(stopped.mean, 1)) points\(stopped.intervalNote()).",
        below:
          "The stopped plain net makes \(fixed(-stopped.mean, 1)) points fewer errors\(stopped.magnitude.intervalNote()) than both dropped and trained to the end.",
        withinChance:
          "The stopped plain net makes as few errors as both dropped and trained to the end, within chance (\(stopped.interval()) points)."
      )
  }
}
