// The page of chapter 6: a fifth of the labels wrong.

import Workbook

extension Dropouts {
  /// Who learns wrong labels by heart, and what that costs.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let noisy = findings.ownNoisy
    let (heart, gain) = (noisy.learnedByHeart, noisy.gain)
    let shares = findings.noisyShares
    page.prose(
      """
      ## With wrong labels?

      We replace \(percent(Double(wrongShare))) of the training labels by random other ones. The test labels are right. A wrong label follows no rule: a net can only learn it *by heart*, that is, answer this one image with it.
      """)
    page.predict(
      """
      Each net learns at the rate that is best for it with such labels. Without dropout it then learns \(percent(heart[0].mean)) of the wrong labels by heart. \
      With \(shares) it learns by heart
      """,
      choices: ["fewer of them", "about as many", "more of them"],
      answer: (heart[1] - heart[0]).worded(above: 2, below: 0, withinChance: 1),
      "It learns \(percent(heart[1].mean)) of them by heart. And yet its error on new images is \(gain.worded(above: "\(fixed(gain.mean, 1)) points lower", below: "\(fixed(-gain.mean, 1)) points higher", withinChance: "as large, within chance"))."
    )
    page.project("A fifth of the labels are wrong. How many are learned?")
    guard let wrong = findings.controls?.wrong, let apart = findings.controls?.apart, apart.wrong.count == 2 else {
      return addErrorsOfBoth(to: &page, findings)
    }
    let (other, stopped) = (findings.plainAtOurRate, findings.stoppedNoisy)
    let pixels =
      findings.bestBoth(.wrong, against: noisy.nets[0]) == nil ? nil : findings.bestPixels(.wrong, apart.wrong[0])
    addWrongTable(
      to: &page,
      "\(percent(Double(wrongShare))) of \(grouped(noisy.size)) labels wrong, \(counted(noisy.nets[0].runs.count, "seed")). *By heart*: wrong labels learned so. *Missed*: rightly labelled images of its own. *Error*: on new images. *Saved*: against row 2, “nothing”",
      [
        ("nothing, at a large rate", other), ("nothing", noisy.nets[0]), (shares, noisy.nets[1]),
        (pixels.map { "pixels, \(short(Double($0.share)))" } ?? "", pixels?.net),
        ("\(shares), stopped early (chapter 7)", stopped),
      ], findings)
    page.project(
      noisy.nets[1].rate > noisy.nets[0].rate
        ? "With wrong labels, dropout allows a larger rate" : "Who learns the wrong labels by heart?")
    if let words = atOneRate(other, findings) { page.prose(words + "\n\n" + puzzle(findings)) }
    page.fold("Wrong labels: L2 and early stopping") {
      let decay = apart.sharesElsewhere?.nets.first { $0.setting == .wrong && $0.net.decay > 0 }?.net
      addWrongTable(
        to: &$0,
        "*Saved*: against “nothing” above. Each net at its own best rate\(decay == nil ? "" : "; λ of L2 is the best from \(range(SharesElsewhere.decays))")",
        [
          (pixels == nil ? "hidden units, 0.5" : "", pixels == nil ? apart.wrong[1] : nil),
          ("nothing, L2 (λ = \(short(Double(decay?.decay ?? 0), digits: 3)))", decay),
          ("nothing, stopped early", wrong.stopped[0]),
        ], findings)
    }
  }

  /// The plain net at the rate of that with both dropped, and at its own; nil where either makes no difference.
  private static func atOneRate(_ plain: Tuned?, _ findings: Findings) -> String? {
    guard let plain else { return nil }
    let noisy = findings.ownNoisy
    let (own, both) = (noisy.nets[0], noisy.nets[1])
    let (dropping, slower) = (
      difference(plain.testErrors, both.testErrors), difference(plain.testErrors, own.testErrors)
    )
    guard plain.rate > own.rate, saves(dropping), saves(slower), saves(noisy.gain),
      saves(difference(plain.learnedByHeart, noisy.learnedByHeart[1]))
    else { return nil }
    let isMost = 2 * slower.mean > dropping.mean
    return """
      At one rate (\(rate(plain))) dropout seems to protect much. **But \(isMost ? "most" : "a part") of that is the learning rate alone:** at its own best rate, \(rate(own)), the plain net learns few of the wrong labels by heart. To that dropout adds \(fixed(noisy.gain.mean, 1)) points.
      """
  }

  /// That not fewer wrong labels are what saves: a net with dropout learns more of them by heart, and errs less.
  private static func puzzle(_ findings: Findings) -> String {
    let (noisy, heart) = (findings.ownNoisy, findings.ownNoisy.learnedByHeart)
    guard saves(noisy.gain), saves(heart[1] - heart[0]) else { return "" }
    return
      "So what is saved does not come from fewer wrong labels learned by heart.\(missedWords(findings))"
  }

  /// What a small rate costs.
  private static func missedWords(_ findings: Findings) -> String {
    let noisy = findings.ownNoisy
    guard let few = findings.missed(noisy.nets[0]), let fewer = findings.missed(noisy.nets[1]), saves(few - fewer)
    else {
      return " A net can give an image its wrong label, and still answer other images well."
    }
    return
      " The small rate keeps the plain net from learning right labels, too: it misses \(fixed(few.mean, 1)) % of its rightly labelled images. Dropout allows a larger rate, and misses \(fixed(fewer.mean, 1)) %."
  }

  static func rate(_ net: Tuned) -> String { short(Double(net.rate), digits: 3) }

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

  /// Nets, their rates, and what each saves.
  private static func addWrongTable(
    to page: inout Page, _ caption: String, _ rows: [(String, Tuned?)], _ findings: Findings
  ) {
    let (noisy, hasMissed) = (findings.ownNoisy, findings.missed(findings.ownNoisy.nets[0]) != nil)
    var columns: [Table.Column] = ["dropped", "rate", .init("by heart (%)", digits: 0)]
    if hasMissed { columns.append(.init("missed (%)", digits: 1)) }
    columns += [.init("error (%)", digits: 1), "points saved (95 % interval)"]
    page.table(
      Table(
        caption, columns: columns,
        rows: rows.compactMap { name, net in net.map { (name, $0) } }.map { name, net in
          var cells = [TableCell(name), TableCell(rate(net)), .number(net.learnedByHeart.inPercent.mean)]
          if hasMissed { cells.append(.number(findings.missed(net)?.mean ?? .nan)) }
          let saved = spread(difference(noisy.nets[0].testErrors, net.testErrors))
          return cells + [.number(net.testErrors.mean), TableCell(name == "nothing" ? "–" : saved)]
        }))
  }
}
