// The page of chapter 11: why the deep net is slow: the changes, an addition that fades out, the answer and the results.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The suspects, and what came out.
  static func addReason(to page: inout Page, _ runs: PageRuns<Findings>) {
    let (findings, nets) = (runs.reported, runs.reported.fair)
    guard isTested(nets) else { return }
    let (deep, residual) = (nets.deepPlain.net.name, nets.deepResidual.net.name)
    page.prose(
      """
      ## What is the reason, then?

      Some suspects need no experiment. \(cleared(findings)) For the others we change \(deep), without any addition, and train it \
      again. If a change closes the gap to \(residual), the addition may work by doing the same.
      """)
    addChanges(to: &page, findings)
    addFading(to: &page, findings)
    addResults(to: &page, findings)
    addDetails(to: &page, runs)
  }

  /// What is changed, and why it may help.
  private static func addChanges(to page: inout Page, _ findings: Findings) {
    let (nets, changes) = (findings.fair, findings.tried)
    guard !changes.isEmpty else { return }
    let growth = findings.flow?.net(residual: false)?.before
    let texts: [(Change?, String)] = [
      (
        findings.oneSize,
        """
        **Steps of one size.** Before training the first block gets a larger gradient than the last\
        \(growth.map { ", \(short($0.span)) times as large" } ?? ""). One rate may not suit both (Yang et al. 2019). So before every \
        step we divide each layer's gradient by its root mean square.
        """
      ),
      (
        findings.openReLUs,
        """
        **Open ReLUs.** At the start each ReLU sets half of its inputs to 0. If every norm begins with β = 2 instead of 0, only about \
        2 % of its output is negative.
        """
      ),
      (
        findings.exactCopies,
        """
        **Exact copies.** The ReLUs are open, and every kernel begins as a 1 in its middle for its own channel and 0 elsewhere. So \
        each block hands its input on, but for norms and ReLUs, and mixes no channels.
        """
      ),
      (
        findings.nearCopies,
        """
        **Near copies.** The same, but He's weights at half their size stand beside the 1.
        """
      ),
      (
        findings.widened,
        """
        **\(widerName)** instead of \(nets.deepPlain.net.channels). Where a layer has few channels, its ReLUs may cut off what no \
        later layer can restore.
        """
      ),
    ]
    page.prose(texts.filter { $0.0 != nil }.map { "- \($0.1)" }.joined(separator: "\n"))
    if findings.nearCopies != nil {
      page.fold("Near copies in PyTorch") { $0.prose(nearCopiesInPyTorch(nets)) }
      if let task = trainingTask(findings) { page.sideNote(task) }
    }
    let narrow = changes.filter { $0.name != widerName }
    guard narrow.count > 1,
      let best = narrow.indices.min(by: { narrow[$0].remedy.treated.mean < narrow[$1].remedy.treated.mean })
    else { return }
    page.predict(
      "\(nets.deepPlain.net.channels) channels, no addition: which change leaves the fewest training images wrong?",
      choices: narrow.map(\.name), answer: best,
      "\(sentenceCase(nets.deepPlain.net.name)) has \(fixed(nets.deepPlain.trainingErrors.mean, 1)) % wrong as it is; "
        + narrow.map { "with \($0.name) \(fixed($0.remedy.treated.mean, 1)) %" }.joined(separator: ", ") + ".")
    // A deck has at most 18 slides, and the addition that fades out asks for one.
    if findings.faded == nil { page.project("Without an addition: which change helps most?") }
  }

  /// The start of the plain net that helps, to type.
  private static func nearCopiesInPyTorch(_ nets: DegradationFindings) -> String {
    """
    With the net from above, without “self.shortcut(x) +”:

    ```python
    with torch.no_grad():
        for block in net[3:\(3 + nets.deepPlain.net.blocks)]:
            for layer, norm in (block.branch[0], block.branch[2]):
                c = range(layer.out_channels)
                layer.weight.mul_(0.5)[c, c, 1, 1] += 1
                norm.bias.fill_(2)
    ```
    """
  }

  /// The comparison as an exercise, at the rates of the record.
  private static func trainingTask(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let plain = own.row()?.fewest?.rate,
      let residual = own.row(residual: true)?.fewest?.rate, let near = findings.nearCopiesRow?.rate
    else { return nil }
    let nets = findings.fair
    return """
      **To do in PyTorch.** \(grouped(nets.trainingCount)) digits of mean 0 and deviation 1, batches of \(nets.batch), momentum 0.9, \
      \(counted(nets.epochs, "epoch")), a rate that falls as a cosine. Train \(nets.deepPlain.net.name) from the net above (rate \
      \(short(plain))), then with the shortcut (\(short(residual))), then from near copies without it (\(short(near))). Which training \
      errors do you expect? The table below has ours.
      """
  }

  /// An addition that is there at first and gone later.
  private static func addFading(to page: inout Page, _ findings: Findings) {
    guard let faded = findings.faded, let fading = findings.fadingRow?.net.fading else { return }
    let nets = findings.fair
    let (deep, residual) = (nets.deepPlain.net.name, nets.deepResidual.net.name)
    page.prose(
      """
      ### An addition that fades out

      With shortcuts a signal has short paths past the blocks (Veit et al. 2016). Are they needed during the whole training? We put \
      a factor $a$ in front of $x$, which falls evenly from 1 to 0 until the end of epoch \(fading.to). From there on the net is \
      \(deep). In the PyTorch block this is `a * self.shortcut(x)`.
      """)
    page.math("y = \\max(0,\\; a\\,x + F(x))")
    let answer: Int? =
      switch faded.answerByCount {
      case .closes: 0
      case .narrows: 1
      case .stays: 2
      case .unclear: nil
      }
    if let answer {
      page.predict(
        """
        The addition is gone by epoch \(fading.to) of \(nets.epochs). In the end \(residual) has \
        \(fixed(faded.residual.mean, 1)) % of its training images wrong, \(deep) \(fixed(faded.usual.mean, 1)) %. And this net?
        """,
        choices: ["about as few as \(residual)", "more, but fewer than \(deep)", "as many as \(deep), or more"],
        answer: answer,
        faded.isCounted
          ? "The middle one of \(faded.treated.count) nets has \(fixed(faded.treated.median, 1)) % wrong."
          : "It has \(fixed(faded.treated.mean, 1)) % wrong, \(points(faded.rest)) points more than \(residual).")
      page.project(
        "An addition that is gone by epoch \(fading.to): what then?",
        notes: "With a = 1 the net is residual, with a = 0 it is plain.")
    }
    let reserve =
      answer == 0 || answer == 1
      ? " But that half has the small steps; most of the learning is done while the shortcut is there." : ""
    let failing = faded.treated.values.max() ?? 0
    let failed =
      faded.isCounted && failing > 2 * faded.treated.median
      ? " One of the nets fails, with \(fixed(failing, 1)) % wrong: taking the shortcut away may itself do harm." : ""
    page.prose((fadingFinding(findings) ?? "") + reserve + failed)
  }

  /// Every net in one figure and one table, and what follows.
  private static func addResults(to page: inout Page, _ findings: Findings) {
    let nets = findings.fair
    page.prose(
      """
      ### The changes side by side

      \(shortAnswer(findings))
      """)
    let shown = shown(findings)
    guard !findings.tried.isEmpty, findings.ownRates?.row() != nil else { return }
    page.figure(changesFigure(findings, shown))
    page.project(
      changesSlide(findings),
      notes: "A change is made: does the gap go with it? Each point is a net with its own seed.")
    page.table(
      Table(
        "\(sentenceCase(nets.deepPlain.net.name)) with each change: training images wrong after \(counted(nets.epochs, "epoch")). “Yes”: beyond chance, although \(Remedy.tried) changes were tried",
        columns: [
          "net", .init("wrong (%)", digits: 1), "epochs to \(Int(fewErrors)) %",
          .init("fewer than \(nets.deepPlain.net.name)?"),
        ],
        rows: shown.map { net in
          [
            TableCell(net.rowName), TableCell(net.typical),
            TableCell(net.epochs.map { epochsText($0) } ?? "–"), TableCell(net.isFewer),
          ]
        }))
    page.prose(conclusion(findings))
    page.slide(
      fitsReading(findings) ? "Near copies and more channels help; why is a guess" : "What the changes say",
      shortAnswer(findings))
  }

  /// A net of the figure and the table.
  struct Shown {
    var name: String
    /// Short enough to stand beside a figure.
    var label: String {
      [" with ", ", "].reduce(name) { $0.replacing($1 + widerName, with: ", \(Controls.width) ch.") }
    }
    var errors: Summary
    /// The epoch from which on few images are wrong; nil inside where there is none, outside where it was not recorded.
    var epochs: Int??
    var isFewer = "–"
    /// Whether one of its nets fails, so that the middle one tells more than the mean.
    var isCounted = false
    var typical: Double { isCounted ? errors.median : errors.mean }
    var rowName: String { isCounted ? "\(name) (middle net)" : name }
    var color: Int
    /// Its gradient before training; nil where that was not measured.
    var before: OwnRates.Begun?
  }
  static func shown(_ findings: Findings) -> [Shown] {
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let changes = findings.tried + [findings.wideOpen, findings.wideCopies, findings.fading].compactMap { $0 }
    let wide = DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width)
    let own = findings.ownRates
    return [
      Shown(
        name: plain.net.name, errors: plain.trainingErrors, epochs: epochs(of: plain.firstCurve), color: 4,
        before: own?.before())
    ]
      + changes.map {
        Shown(
          name: $0.name, errors: $0.remedy.treated, epochs: $0.epochs?.changed, isFewer: $0.isFewer,
          isCounted: $0.remedy.isCounted, color: $0.name == findings.fading?.name ? 2 : 3, before: findings.before($0))
      }
      + [
        Shown(
          name: residual.net.name, errors: residual.trainingErrors, epochs: epochs(of: residual.firstCurve),
          isFewer: "yes", color: 0, before: own?.before(residual: true))
      ]
      + [findings.controls?.row(wide)?.trainingErrors].compactMap { errors in
        errors.map {
          Shown(
            name: "\(residual.net.name), \(widerName)", errors: $0,
            epochs: findings.residualCurve(isWide: true).map { epochs(of: $0) },
            isFewer: (plain.trainingErrors - $0).direction() == .above ? "yes" : "–", color: 0,
            before: own?.before(residual: true, channels: Controls.width))
        }
      }
  }

  /// The training errors of every net, one point a seed: as it is, and with each change.
  private static func changesFigure(_ findings: Findings, _ shown: [Shown]) -> Figure {
    let nets = findings.fair
    // Nets without a mistake have no place on this axis.
    let leastShown = 0.02
    let title =
      if let both = findings.wideCopies?.remedy, both.gain.direction() == .above {
        "Without any addition, near copies with \(widerName) leave \(fixed(both.treated.mean, 1)) % of the training images wrong, not \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %"
      } else { "Training images that \(nets.deepPlain.net.name) gets wrong, as it is and with each change" }
    func place(_ index: Int) -> Double { Double(shown.count - index) }
    return Figure(
      title,
      .lines(
        LineChart(
          x: Axis("training images wrong (%)", log: true),
          y: Axis(
            "", range: 0.4...Double(shown.count) + 0.6,
            ticks: shown.indices.reversed().map { (place($0), shown[$0].label) }
          ),
          shown.enumerated().map { index, net in
            let values = net.errors.values
            return Series(
              "", x: values.map { max(leastShown, $0) },
              y: values.indices.map {
                place(index) + 0.4 * (Double($0) / Double(max(1, values.count - 1)) - 0.5)
              }, style: .points, color: net.color)
          })),
      caption: """
        Each point is a net with its own seed: \(nets.deepPlain.net.depth) layers, \(nets.deepPlain.net.channels) channels unless named, \
        after \(counted(nets.epochs, "epoch")), each kind at its own best rate. Nets without a mistake are drawn at \(leastShown) %.
        """, name: "causes")
  }

  /// The slide of that figure.
  static func changesSlide(_ findings: Findings) -> String {
    switch findings.faded?.answerByCount {
    case .closes: "The addition is needed only in the first half"
    case .narrows:
      findings.faded?.isMostlyGained == true
        ? "The addition is needed mainly in the first half" : "The addition is needed early and, in part, later"
    case .stays: "The addition is needed throughout"
    case .unclear, nil:
      findings.tried.contains { $0.remedy.answer == .closes }
        ? "One change alone closes the gap" : "No single change closes the gap"
    }
  }
}
