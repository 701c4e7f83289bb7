// The page of chapter 6: a fifth of the labels wrong.

import Workbook

extension Dropouts {
  /// Who learns wrong labels by heart, and what that costs.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let noisy = findings.noisy
    let (heart, gain) = (noisy.learnedByHeart, noisy.gain)
    page.prose(
      """
      ## With wrong labels?

      We replace \(percent(Double(wrongShare))) of the training labels by random other ones. The test labels are right. Wrong labels follow no rule, so each has to be learned by heart.
      """)
    page.predict(
      """
      Each net learns at the rate that is best for it with such labels. Without dropout it then gives \(percent(heart[0].mean)) of the mislabelled images their wrong label. \
      With half of the hidden units and a fifth of the pixels dropped (\(srivastava)) it gives the wrong label to
      """,
      choices: ["fewer of them", "about as many", "more of them"],
      answer: (heart[1] - heart[0]).worded(above: 2, below: 0, withinChance: 1),
      "It gives \(percent(heart[1].mean)) of them. Its error on new images is \(gain.worded(above: "\(fixed(gain.mean, 1)) points lower", below: "\(fixed(-gain.mean, 1)) points higher", withinChance: "as large, within chance"))."
    )
    page.project("A fifth of the labels are wrong. How many are learned?")
    let own = findings.controls?.apart?.byHeartOwn ?? []
    if own.count == 2 {
      let other = findings.controls?.apart?.byHeartOther
      addByHeart(to: &page, own + (other.map { [$0] } ?? []), findings)
    } else {
      addErrorsOfBoth(to: &page, findings)
    }
    guard let controls = findings.controls, let wrong = controls.wrong, let apart = controls.apart,
      apart.wrong.count == 2
    else { return }
    if let words = atOneRate(apart.byHeartOther, findings) { page.prose(words + puzzle(wrong, findings)) }
    page.fold("Wrong labels: other rates, and early stopping") {
      addWrongTable(to: &$0, wrong, apart, noisy)
      $0.prose(
        "Early stopping takes the weights of the epoch with the fewest errors on \(wrong.keptBack) validation images (chapter 7).\(below(wrong, noisy))"
      )
    }
  }

  /// The plain net at the rate of that with both dropped, and at its own; nil where either makes no difference.
  private static func atOneRate(_ plain: Tuned?, _ findings: Findings) -> String? {
    guard let plain else { return nil }
    let noisy = findings.noisy
    let (own, both, heart) = (noisy.nets[0], noisy.nets[1], noisy.learnedByHeart)
    let (dropping, slower) = (
      difference(plain.testErrors, both.testErrors), difference(plain.testErrors, own.testErrors)
    )
    let learned = plain.learnedByHeart
    guard plain.rate > own.rate, saves(dropping), saves(slower), saves(noisy.gain), saves(difference(learned, heart[1]))
    else { return nil }
    let more = saves(heart[1] - heart[0])
    let isMost = 2 * slower.mean > dropping.mean
    return """
      At one rate (\(rate(plain))) dropout seems to protect: the plain net gives \(fixed(learned.inPercent.mean, 0)) % of the wrong labels, and errs on \(fixed(dropping.mean, 1)) points more. \
      **But \(isMost ? "most" : "a part") of that is the learning rate alone.** At its own best rate, \(rate(own)), the plain net gives few of them, too. \
      What dropout adds beyond the best rate is \(fixed(noisy.gain.mean, 1)) points\(more ? ", and this although it gives more wrong labels, not fewer" : "").\
      \(findings.decayOfWrong.map { " L2 (chapter 7) at its best λ \(effectOrNone($0, size))." } ?? "")
      """
  }

  /// That not fewer wrong labels are what saves, where the fold shows it: a net that is stopped early gives no more of
  /// them than the plain net, and still saves.
  private static func puzzle(_ wrong: WrongLabelControls, _ findings: Findings) -> String {
    guard wrong.stopped.count > 1 else { return "" }
    let (plain, stopped) = (findings.noisy.nets[0], wrong.stopped[1])
    let gain = difference(plain.testErrors, stopped.testErrors)
    guard saves(gain), difference(stopped.learnedByHeart, plain.learnedByHeart).direction() == .withinChance else {
      return ""
    }
    return
      "\n\nSo what is saved does not come from fewer wrong labels. Stopped early, the net with \(srivastava) gives \(percent(stopped.learnedByHeart.mean)) of them, about as many as the plain net, and still saves \(fixed(gain.mean, 1)) points (see the fold). Where the gain comes from, we do not know."
  }

  static func rate(_ net: Tuned) -> String { short(Double(net.rate), digits: 3) }

  /// Wrong labels, each net at its own best rate: who learns them by heart, and who errs.
  private static func addByHeart(to page: inout Page, _ nets: [Tuned], _ findings: Findings) {
    let others = nets.dropFirst(2)
    let names = ["nothing dropped", srivastava] + others.map { "nothing, at \(rate($0))" }
    let learned = nets.map { $0.learnedByHeart }
    func last(_ net: Tuned) -> Summary { Summary(net.runs.compactMap(\.curve.last)) }
    page.figure(
      Figure(
        "By the end \(percent(learned[0].mean)) of the wrong labels are given with nothing dropped, \(percent(learned[1].mean)) with \(srivastava)",
        .lines(
          LineChart(
            x: Axis("epoch"),
            y: Axis(
              "wrong labels given (%)" + intervalLabel(nets[0].runs.count), range: 0...(others.isEmpty ? 50 : 100)),
            nets.indices.map { net in
              let runs = nets[net].runs.compactMap(\.answered)
              let curve = (runs.first ?? []).indices.map { epoch in Summary(runs.map { 100 * $0[epoch] }) }
              return Series(
                names[net], y: curve.map(\.mean), deviation: curve.map { $0.count < 3 ? 0 : $0.uncertainty },
                style: .line, isEmphasized: net == 1, color: [6, 1, 3][net])
            })),
        caption: """
          Each net at its own best rate (\(nets.prefix(2).map(rate).joined(separator: ", ")))\(others.isEmpty ? "" : ", and nothing dropped at that of \(srivastava)"). \
          Mean of \(counted(nets[0].runs.count, "seed"))\(intervalBars(nets[0].runs.count, "shading")); \(findings.data).
          """,
        name: "wrong-labels"))
    page.project(
      nets[1].rate > nets[0].rate && saves(last(nets[0]) - last(nets[1]))
        ? "With wrong labels, dropout allows a larger rate" : "Who learns the wrong labels by heart?")
  }

  /// What half of the plain net's best rate does; empty where that was not tried, as it was not the smallest.
  private static func below(_ wrong: WrongLabelControls, _ noisy: NoisyFindings) -> String {
    let lower = wrong.plainBelow
    guard abs(2 * lower.rate / noisy.nets[0].rate - 1) < 0.1 else { return "" }
    let more = difference(lower.testErrors, noisy.nets[0].testErrors)
    return more.worded(
      above: " At half of its best rate the plain net errs on \(fixed(more.mean, 1)) points more.",
      below: " At half of its best rate the plain net errs less.",
      withinChance: " At half of its best rate the plain net errs as much.")
  }

  /// The errors of the two nets, where no more was measured.
  private static func addErrorsOfBoth(to page: inout Page, _ findings: Findings) {
    let (noisy, atEnd) = (findings.noisy, findings.noisy.gainAtEnd)
    page.figure(
      Figure(
        atEnd.worded(
          above: "With a fifth of the labels wrong, dropout is ahead at the end",
          below: "With a fifth of the labels wrong, dropout is behind at the end",
          withinChance: "With a fifth of the labels wrong, too few nets to tell what dropout does"),
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("error on new images (%)" + intervalLabel(atEnd.count), range: noisy.shownErrors),
            zip(["no dropout", "dropout"], noisy.curves).enumerated().map { index, pair in
              Series(
                pair.0, y: pair.1.map(\.mean), deviation: pair.1.map { $0.count < 3 ? 0 : $0.uncertainty },
                style: .line, isEmphasized: index == 1, color: index)
            })),
        caption: """
          Each net at its own best learning rate; a thousand of the test images. Mean of \
          \(counted(noisy.nets[0].runs.count, "seed"))\(intervalBars(atEnd.count, "shading")); \(findings.data).
          """,
        name: "wrong-labels"))
    page.project("A fifth of the labels wrong, without and with dropout")
  }

  /// Each net at its own best rate, at the other's, and stopped in time.
  private static func addWrongTable(
    to page: inout Page, _ wrong: WrongLabelControls, _ apart: ApartFindings, _ noisy: NoisyFindings
  ) {
    let decay = apart.sharesElsewhere?.nets.first { $0.setting == .wrong }?.net
    let rows: [(String, Tuned?)] = [
      ("nothing, at the rate of \(srivastava)", apart.byHeartOther),
      ("nothing", noisy.nets[0]), ("pixels, 0.2", apart.wrong[0]), ("hidden units, 0.5", apart.wrong[1]),
      (srivastava, noisy.nets[1]),
      ("nothing, L2 (λ = \(short(Double(decay?.decay ?? 0), digits: 3)))", decay),
      ("nothing, stopped early", wrong.stopped[0]), ("\(srivastava), stopped early", wrong.stopped[1]),
    ]
    page.table(
      Table(
        """
        \(percent(Double(wrongShare))) of \(grouped(noisy.size)) labels wrong. Each net at its own best rate where nothing else is said. *Wrong given*: the share of the wrong labels that the net gives back; *saved*: against nothing dropped at its best rate\(decay == nil ? "" : ". λ of L2: the best from \(range(SharesElsewhere.decays))")
        """,
        columns: [
          "dropped", "rate", .init("error (%)", digits: 1), .init("wrong given (%)", digits: 0), "saved, ± 95 %",
        ],
        rows: rows.compactMap { name, net in net.map { (name, $0) } }.map { name, net in
          [
            TableCell(name), TableCell(rate(net)), .number(net.testErrors.mean),
            .number(net.learnedByHeart.inPercent.mean),
            name == "nothing" ? "–" : TableCell(spread(difference(noisy.nets[0].testErrors, net.testErrors))),
          ]
        }))
  }
}
