// The page of chapter 3: black on white.

import Foundation
import Workbook

extension Preprocessings {
  /// The same digits, black on white.
  static func addInk(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let (raw, centered) = (findings.learning.best(.raw), findings.learning.best(.meanImage))
    let (inkRaw, inkCentered) = (findings.ink.best(.raw), findings.ink.best(.meanImage))
    let mean = findings.digits.pixelMean
    let ratio = inkRaw.loss.mean / raw.loss.mean
    let paper = inkRaw.loss - raw.loss
    let filters = findings.paper.map { (black: PaperNet(findings.convolution), white: $0) }
    func bars(_ name: String, _ losses: [Summary], color: Int) -> BarChart.Bars {
      .init(name, losses.map(\.mean), deviation: losses.map(\.deviation), color: color)
    }
    let isHarder = paper.direction() == .above
    // Whether the seeds leave no more than chance between black and white, once the mean is subtracted.
    let isMended = isHarder && (inkCentered.loss - centered.loss).direction() == .withinChance
    let learning = findings.learning
    page.prose(
      """
      ## Black on white

      Does the mean also matter to nets that learn real images? MNIST stores digits in white ink on black paper. So most pixels are 0, \
      and their mean is only \(short(mean)). Exchange black and white, $x' = 1 - x$, as with a pen on paper: the information is the \
      same, but the mean is \(short(1 - mean)).

      A dense net with 32 tanh units (tanh is a smooth step from −1 to 1) and a convolutional net with eight filters (chapter 9) learn \
      \(grouped(findings.digits.trainingCount)) digits in \(findings.epochs) epochs, that is, passes through all images. In PyTorch:

      ```python
      dense = nn.Sequential(
          nn.Flatten(), nn.Linear(784, 32), nn.Tanh(), nn.Linear(32, 10))
      filters = nn.Sequential(
          nn.Conv2d(1, 8, 5), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(),
          nn.Linear(8 * 12 * 12, 10))
      for w in [*dense.parameters(), *filters.parameters()]:
          nn.init.xavier_normal_(w) if w.dim() > 1 else nn.init.zeros_(w)
      ```
      """)
    page.fold("How this was measured") {
      $0.prose(
        """
        Plain gradient descent in batches of 32, on pixels from 0 to 1. Each preparation gets its own learning rate: for the training \
        loss (cross-entropy, chapter 8) the rate with the lowest loss in the last epoch, for the test error the rate with \
        \(learning.validation == nil ? learning.judge : "the fewest errors on validation images, which are set aside for such choices").
        """)
    }
    page.predict(
      "The dense net on raw pixels, on white paper instead of black paper. Its training loss after \(findings.epochs) epochs is",
      choices: ["half as large", "the same", "about twice as large", "more than three times as large"],
      answer: ratio > 3 ? 3 : ratio > 1.4 ? 2 : ratio > 0.7 ? 1 : 0,
      """
      It is \(fixed(ratio, 1)) times as large as on black paper.\(isHarder ? " Bright paper makes a large mean, and a large mean makes a long valley." : "")
      """)
    page.project("Black on white: the same information?")
    page.figure(
      Figure(
        isHarder
          ? "On white paper raw pixels end at a loss of \(short(inkRaw.loss.mean)); with the mean subtracted, "
            + (isMended ? "the paper does not matter" : "at \(short(inkCentered.loss.mean))")
          : paper.direction() == .below
            ? "On white paper raw pixels learn even better than on black paper"
            : paper.count < 3
              ? "Raw pixels end at a loss of \(short(raw.loss.mean)) on black paper and of \(short(inkRaw.loss.mean)) on white paper: so few seeds decide nothing"
              : "On white paper raw pixels learn as well as on black paper, as far as these seeds can tell",
        .bars(
          BarChart(
            categories: filters == nil
              ? ["black paper", "white paper"]
              : ["dense, black paper", "dense, white paper", "filters, black paper", "filters, white paper"],
            y: Axis("training loss, last epoch"),
            [
              bars(
                "raw", [raw.loss, inkRaw.loss] + (filters.map { [$0.black.raw.loss, $0.white.raw.loss] } ?? []),
                color: 6),
              bars(
                "mean image subtracted",
                [centered.loss, inkCentered.loss]
                  + (filters.map { [$0.black.centred.loss, $0.white.centred.loss] } ?? []),
                color: 0),
            ])),
        caption:
          """
          The dense net\(filters == nil ? "" : " and the convolutional net (filters)"), each at its best learning rate. \(findings.overSeeds) \
          with its standard deviation (\(findings.data)).
          """,
        name: "ink"))
    page.project(
      isMended
        ? "With the mean subtracted, paper does not matter"
        : isHarder ? "On white paper raw pixels learn worse" : "Is white paper harder to learn from?")
    if let filters {
      page.prose(
        [channelWords(findings), filterWords(filters.black.cost.loss)].filter { !$0.isEmpty }.joined(separator: " "))
    }
    addSpectrum(to: &page, findings, full)
  }

  /// Why the channel mean need not be measured on white paper.
  private static func channelWords(_ findings: Findings) -> String {
    guard findings.learning.methods.contains(.channelMean) else { return "" }
    return """
      Without a mean, white paper is black paper with the sign changed, and our nets do not notice the sign. So centred pixels must do as \
      well on both, within chance, and they do.
      """
  }

  /// Whether the convolutional net contradicts the derivation on black paper; empty where it does not.
  private static func filterWords(_ onBlack: Summary) -> String {
    onBlack.worded(
      above: "",
      below: """
        One pair of bars contradicts the derivation: on black paper the filters learn raw pixels a little better than centred ones. Perhaps \
        the mean image makes an even ground uneven; this was not tested.
        """, withinChance: "")
  }

  /// White paper in other nets, with other methods and for longer.
  static func addOthers(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    guard let others = findings.otherNets ?? full?.otherNets else { return }
    // The nets of one table are of one run.
    let base = findings.otherNets == nil ? full ?? findings : findings
    page.prose(
      """
      ## Do Adam and batch norm make it unnecessary?

      \(answer(others, norms: findings.norms ?? full?.norms))
      """)
    if let norms = findings.norms ?? full?.norms, !norms.isEmpty {
      page.table(normTable(norms))
      page.project("Behind batch norm only the averages see the mean")
    }
    page.fold("Why batch norm learns the same weights") {
      $0.prose(
        """
        Write $x = \\mu + d$. Every sum $w \\cdot x$ of a batch contains the same $w \\cdot \\mu$, and batch norm subtracts it with the mean of \
        the batch. The gradient of $w$ is $\\sum \\delta x$ over the batch, with $\\delta = \\partial L/\\partial(w \\cdot x)$. Behind batch norm \
        $\\sum \\delta = 0$, because moving all sums alike changes nothing; so the gradient equals $\\sum \\delta d$. In a test $w \\cdot \\mu$ is large \
        with raw pixels and moves far while the weights move, so its average lags behind.
        """)
    }
    page.fold("White paper: losses and errors, each at its best rate") { page in
      page.table(
        Table(
          "Raw and centred pixels on white paper in the dense net, after \(counted(base.epochs, "epoch"))",
          columns: [
            "training", .init("raw: error (%)", digits: 1), .init("centred: error (%)", digits: 1),
            .init("raw: loss", digits: 2), .init("centred: loss", digits: 2),
          ],
          rows: [
            ("plain descent", PaperNet(base.ink)), ("Adam", others.adam), ("batch norm", others.normalized),
          ].map { name, net in
            [
              TableCell(name), .measured(net.raw.error), .measured(net.centred.error), TableCell(net.raw.loss.mean),
              TableCell(net.centred.loss.mean),
            ]
          }))
    }
    page.prose(longWords(findings.longPaper ?? full?.longPaper))
  }

  /// The answer for Adam and for batch norm, each with its reason.
  private static func answer(_ others: PaperFindings, norms: [NormControl]?) -> String {
    let adam = others.adam.cost
    let first = adam.error.worded(
      above: """
        **Adam does not**: on white paper the mean still costs \(fixed(adam.error.mean, 1)) points of test error. Adam gives each weight \
        its own step size (chapter 1), and this cannot straighten a valley that lies at an angle to the axes.
        """, below: "With Adam raw pixels even make fewer errors.",
      withinChance: "With Adam the mean costs no test error beyond chance.")
    return "\(first)\n\n\(normWords(others.normalized, norms ?? []))"
  }

  /// That the mean drops out of batch norm, in the sums and in the gradient, and what is left of it in the averages.
  private static func normWords(_ found: PaperNet, _ norms: [NormControl]) -> String {
    let isEqual = zip(found.raw.loss.values, found.centred.loss.values).allSatisfy { abs($0 - $1) < 0.01 * $1 }
    let identity = """
      **Batch norm does, in training.** It subtracts the mean of each unit's sums (chapter 5), and what the mean of the pixels adds to them goes \
      with it. With one rate and one seed, raw and centred pixels therefore learn the same \
      weights\(isEqual ? ", and our training losses are equal seed by seed but for rounding" : ""). Zero padding is the exception: at the \
      border of an image its 0 is black beside raw pixels, and the mean beside centred ones. Our nets have none.
      """
    guard let dense = norms.first(where: { $0.net == .dense }) else { return identity }
    let left = dense.costs.exact.direction() == .withinChance
    let test = dense.costs.running.worded(
      above: left
        ? """
        **A test can still differ, by the averages alone**: it uses means and variances averaged while the weights moved, and with raw pixels \
        they lag behind. Computed anew with the final weights, the errors are equal. **So centre all the same.**
        """ : "The test errors differ, with statistics computed anew, too.",
      below: "In the test raw pixels even err less.",
      withinChance: "The test errors do not differ beyond chance, either.")
    return "\(identity)\n\n\(test)"
  }

  /// Raw and centred pixels behind batch norm: with averages, and with statistics computed anew.
  private static func normTable(_ norms: [NormControl]) -> Table {
    Table(
      """
      Nets with batch norm, raw and centred pixels at one rate: training loss, and test error (%) with the averages of the training, and with \
      statistics computed anew from training images
      """,
      columns: ["net", "pixels", "training loss", "error: averages", "error: anew"],
      rows: norms.flatMap { norm in
        [("raw", norm.raw), ("centred", norm.centred)].map { name, end in
          [
            norm.net == .dense ? "dense, white paper" : "photographs", TableCell(name),
            TableCell(end.loss.formatted(decimals: 3)), TableCell(end.running.formatted(decimals: 1)),
            TableCell(end.exact.formatted(decimals: 1)),
          ]
        }
      })
  }

  /// What is left of the difference when the dense net is trained for longer; empty where that was not measured.
  private static func longWords(_ long: PaperNet?) -> String {
    guard let long else { return "A bad valley costs time; what is left of it after many epochs is not measured here." }
    let error = long.cost.error
    return error.worded(
      above: """
        A bad valley costs time, and much of the cost is gone after \(Findings.longEpochs) epochs of plain descent: raw pixels then make \
        \(fixed(error.mean, 1)) points more errors on white paper.
        """,
      below: "After \(Findings.longEpochs) epochs of plain descent raw pixels even make fewer errors.",
      withinChance:
        "A bad valley costs time: after \(Findings.longEpochs) epochs of plain descent the test errors do not differ beyond chance."
    )
  }

  /// Whether the mean or the size of the sums makes white paper hard: with the sizes exchanged.
  static func addExchange(to page: inout Page, _ findings: Findings) {
    guard let sums = findings.controls?.sums else { return }
    let (raw, centred) = (findings.ink.best(.raw).loss, findings.ink.best(.meanImage).loss)
    let (small, large) = sums.losses
    // What each does alone: the mean with small sums, large sums without the mean.
    let (byMean, bySums) = (small - centred, large - centred)
    // Where one of two costs is a tenth of the other, the other is the reason.
    let found = byMean.worded(
      above: bySums.worded(
        above: bySums.mean < 0.1 * byMean.mean
          ? "Almost all of the damage is done by the mean itself." : "Each of the two does harm.",
        below: "The mean itself does the damage; large sums alone even help.",
        withinChance: "The mean itself does the damage: large sums alone cost nothing beyond chance."),
      below: "The mean is not the reason.",
      withinChance: bySums.worded(
        above: "The size of the sums does the damage, not the mean.",
        below: "Neither does the damage alone.",
        withinChance: "Neither does the damage alone."))
    page.fold("Is it the mean, or only the larger sums?") {
      $0.prose(
        """
        White paper also makes the sums $w \\cdot x + b$ before tanh larger, and so nearer to where tanh is flat (chapter 4). Is this the \
        reason? We exchanged the sizes: the first weights were made smaller for raw pixels and larger for centred ones. **\(found)**
        """)
      $0.table(
        Table(
          "Training loss of the dense net on white paper; small and large sums differ \(fixed(sums.factor, 1))-fold",
          columns: [
            "sums before tanh", .init("mean subtracted", digits: 3), .init("raw, with the mean", digits: 3),
          ],
          rows: [
            ["small", .measured(centred), .measured(small)], ["large", .measured(large), .measured(raw)],
          ]))
    }
  }
}
