// The page of chapter 6: a fifth of the labels wrong.

import Workbook

extension Dropouts {
  /// Who learns wrong labels by heart, and what that costs.
  static func addWrongLabels(to page: inout Page, _ findings: Findings) {
    let noisy = findings.noisy
    let asked = noisy.asked
    page.prose(
      """
      ### With wrong labels?

      We replace \(percent(Double(wrongShare))) of the training labels by random other ones. The test labels are right. Wrong labels follow no rule, so each has to be learned by heart.
      """)
    page.predict(
      """
      The wide net learns **without** dropout, at the learning rate that is best \
      \(noisy.usual == nil ? "with these labels" : "with right labels"), \(rate(asked)). To how many of the mislabelled \
      images does it give the wrong label?
      """,
      choices: ["hardly any", "about half", "nearly all"],
      answer: asked.learnedByHeart.mean < 0.25 ? 0 : asked.learnedByHeart.mean < 0.75 ? 1 : 2,
      "To \(percent(asked.learnedByHeart.mean)) of them.\(asked.learnedByHeart.mean < 0.75 ? "" : " The loss does not know which labels are wrong, and the net has room for all of them.")"
    )
    page.project("A fifth of the labels are wrong. How many are learned?")
    let byHeart = findings.controls?.apart?.byHeart ?? []
    guard byHeart.count == 4, let wrong = findings.controls?.wrong, let apart = findings.controls?.apart?.wrong,
      apart.count == 2
    else {
      addErrorsOfBoth(to: &page, findings)
      return
    }
    addByHeart(to: &page, byHeart, findings)
    let alone = apart.map { noisy.nets[0].testErrors - $0.testErrors }
    let (learned, heart) = (byHeart.map { $0.learnedByHeart.mean }, noisy.learnedByHeart)
    page.prose(
      """
      \(learned[0] - learned[2] > 0.3 && learned[0] - learned[1] < 0.1 ? "**At this rate dropped hidden units hinder learning by heart; dropped pixels do not.** " : "")\
      But this rate suits no net here. At its own best rate the plain net gives \(percent(heart[0].mean)) of the wrong labels, the net with both dropped \(percent(heart[1].mean))\(saves(heart[1] - heart[0]) && saves(noisy.gain) ? ", and yet that net errs on \(fixed(noisy.gain.mean, 1)) points less. **So less learning by heart is not what saves its errors.**" : ".") \
      Alone, hidden units \(direction(alone[1]))\(saves(alone[1] - alone[0]) ? " more than pixels" : "") (the table above).
      """)
    page.fold("Wrong labels: other rates, and early stopping") { addWrongTable(to: &$0, wrong, apart, noisy) }
  }

  static func rate(_ net: Tuned) -> String { short(Double(net.rate), digits: 3) }

  /// Wrong labels at one rate: who learns them by heart.
  private static func addByHeart(to page: inout Page, _ nets: [Tuned], _ findings: Findings) {
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
              style: .line, isEmphasized: net == 2, color: [6, 2, 0, 1][net])
          }))
    }
    let highest = nets.flatMap { $0.runs.flatMap { $0.curve.dropFirst(3) } }.max() ?? 30
    // On the images of the curves, so that the title says what the figure shows.
    let gain = Summary(nets[0].runs.compactMap(\.curve.last)) - Summary(nets[3].runs.compactMap(\.curve.last))
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
          All at one learning rate, \(rate(nets[0])), the best for the plain net with right labels. Errors on a thousand test \
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
        ? "At one rate, dropped units keep wrong labels out" : "Who learns the wrong labels by heart?")
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
    to page: inout Page, _ wrong: WrongLabelControls, _ apart: [Tuned], _ noisy: NoisyFindings
  ) {
    // One row where the two rates are the same.
    let usual = noisy.usual.flatMap { $0.rate == noisy.nets[0].rate ? nil : $0 }
    let rows: [(String, Tuned?)] = [
      ("nothing, at the best rate for right labels", usual),
      ("nothing, at the best rate with both dropped", wrong.plainAtOther),
      ("nothing, at half of its rate", wrong.plainBelow),
      ("nothing", noisy.nets[0]), ("pixels", apart[0]), ("hidden units", apart[1]), ("both", noisy.nets[1]),
      ("nothing, stopped early", wrong.stopped[0]), ("both, stopped early", wrong.stopped[1]),
    ]
    page.table(
      Table(
        """
        \(percent(Double(wrongShare))) of \(grouped(noisy.size)) labels wrong. Each net has its own best learning rate where nothing else is said. *Error*: on new images; *wrong given*: the share of the wrong labels that the net gives back; *saved*: points of error, against nothing dropped at its best rate
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
    page.prose(
      "Early stopping takes the weights of the epoch with the fewest errors on \(wrong.keptBack) validation images (chapter 7)."
    )
  }
}
