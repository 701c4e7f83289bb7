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

      Does the mean also matter to nets that learn real images? Two small nets learn \(grouped(findings.digits.trainingCount)) digits \
      (\(findings.data)) with pixels from 0 to 1, in \(findings.epochs) epochs (an epoch is one pass through all training images), by \
      plain gradient descent in batches of 32. The dense net has 32 tanh units; $\\tanh z$ is a smooth step from −1 to 1. The \
      convolutional net has eight filters; each looks at 5×5 neighbouring pixels with the same 25 weights everywhere (chapter 9). Each \
      preparation gets its own learning rate: for the training loss (cross-entropy, chapter 8) the rate with the lowest loss in the end, \
      for the test error the rate with \(learning.validation == nil ? learning.judge : "the fewest errors on validation images, which are set aside for such choices").

      People write digits with dark pens on white paper, but MNIST stores them inverted: white ink on black paper. So most pixels \
      are 0, and their mean is only \(short(mean)). Exchange black and white again, $x' = 1 - x$, and the paper is white. The \
      information is the same, but the mean is \(short(1 - mean)).
      """)
    page.prose(
      """
      Both nets in PyTorch:

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
    page.fold("Both nets, in Swift") { $0.code("nets", in: "Learning.swift") }
    page.predict(
      "The dense net on raw pixels, on white paper instead of black paper. Its training loss after \(findings.epochs) epochs is",
      choices: ["half as large", "the same", "about twice as large", "more than three times as large"],
      answer: ratio > 3 ? 3 : ratio > 1.4 ? 2 : ratio > 0.7 ? 1 : 0,
      """
      It is \(fixed(inkRaw.loss.mean, 2)) on white paper and \(fixed(raw.loss.mean, 2)) on black paper, \(fixed(ratio, 1)) times as large.\(isHarder ? " A mean of \(short(1 - mean)) in every pixel makes a long valley." : "")
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
          The dense net\(filters == nil ? "" : " and the convolutional net (filters)") after \(counted(findings.epochs, "epoch")), each at its \
          best learning rate. \(findings.overSeeds), \(grouped(findings.digits.trainingCount)) images (\(findings.data)).
          """,
        name: "ink"))
    page.project(
      isMended
        ? "With the mean subtracted, paper does not matter"
        : isHarder ? "On white paper raw pixels learn worse" : "Is white paper harder to learn from?")
    addSpectrum(to: &page, findings, full)
    addExchange(to: &page, findings)
    addSigns(to: &page, findings.signs)
    addOthers(to: &page, findings, full)
  }

  /// The same valley in the signs of gradients.
  private static func addSigns(to page: inout Page, _ signs: SignFindings) {
    page.prose(
      """
      Chapter 2 shows the same valley from another side: if all inputs are positive, all weights of a unit are pushed the same way. \
      \(signs.single[0].mean > 99.5 && signs.batch[0].mean < 0.5
        ? "With one digit at a time this happens to all units of the first layer; with batches of 32 it happens to none."
        : "With one raw digit at a time this happens to \(fixed(signs.single[0].mean, 0)) % of the units of the first layer, in batches of 32 to \(fixed(signs.batch[0].mean, 0)) %.")
      """)
  }

  /// White paper in other nets, with other methods and for longer.
  private static func addOthers(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let others = findings.otherNets ?? full?.otherNets
    // The nets of one table are of one run.
    let base = findings.otherNets == nil && others != nil ? full ?? findings : findings
    let dense = PaperNet(base.ink)
    func cells(_ name: String, _ net: PaperNet) -> [TableCell] {
      [
        TableCell(name), .measured(net.raw.loss), .measured(net.centred.loss), .measured(net.raw.error),
        .measured(net.centred.error),
      ]
    }
    var rows = [cells("dense, black paper", PaperNet(base.learning)), cells("dense, white paper", dense)]
    if let others {
      rows += [
        cells("dense, Adam, white paper", others.adam), cells("dense, batch norm, white paper", others.normalized),
      ]
    }
    let filters = base.paper.map { (black: PaperNet(base.convolution), white: $0) }
    if let filters {
      rows += [
        cells("convolutional, black paper", filters.black), cells("convolutional, white paper", filters.white),
      ]
    }
    page.prose(
      others.map { others in
        """
        ## Do Adam and batch norm make it unnecessary?

        \(answer(others, dense)) \(shortReasons(others))
        """
      } ?? "## In other nets")
    page.table(
      Table(
        (findings.otherNets == nil && others != nil ? "Recorded run, after" : "After")
          + " \(counted(base.epochs, "epoch")): the training loss of the last epoch, and the test error in %",
        columns: [
          "net", .init("raw: loss", digits: 3), .init("centred: loss", digits: 3), .init("raw: error", digits: 1),
          .init("centred: error", digits: 1),
        ],
        rows: rows))
    page.prose(longWords(findings.longPaper ?? full?.longPaper))
    let words = filters.map { filterWords($0.black, $0.white, base) } ?? ""
    let norm = others.map { normWords(dense, $0.normalized) } ?? ""
    if !(words + norm).isEmpty {
      page.fold("The convolutional net, and what batch norm costs here") { $0.prose(words + norm) }
    }
  }

  /// The answer for Adam and for batch norm.
  private static func answer(_ others: PaperFindings, _ dense: PaperNet) -> String {
    let (adam, norm) = (others.adam.cost, others.normalized.cost)
    let first = adam.loss.worded(
      above: """
        Adam does not: on white paper the mean still raises the loss by \(fixed(adam.loss.mean, 2)) (with plain descent by \
        \(fixed(dense.cost.loss.mean, 2)))
        """, below: "With Adam raw pixels even end at a lower loss",
      withinChance: "With Adam the mean does not raise the loss beyond chance")
    let errors = adam.error.worded(
      above: " and the test error by \(fixed(adam.error.mean, 1)) points.", below: ".", withinChance: ".")
    let second = norm.loss.worded(
      above: "Batch norm does not either: the mean still raises the loss by \(fixed(norm.loss.mean, 2))",
      below: "With batch norm raw pixels even end at a lower loss",
      withinChance: norm.error.worded(
        above: "Batch norm nearly does: with it the mean does not raise the training loss beyond chance",
        below: "Batch norm does: with it the mean does not raise the training loss beyond chance",
        withinChance: "Batch norm does: with it the mean does not raise the training loss beyond chance"))
    let rest = norm.error.worded(
      above: ", but it raises the test error by \(fixed(norm.error.mean, 1)) points\(norm.error.intervalNote()).",
      below: ".", withinChance: ".")
    return "\(first)\(errors) \(second)\(rest)"
  }

  /// Why.
  private static func shortReasons(_ others: PaperFindings) -> String {
    """
    Adam gives each weight its own step size (chapter 1). \(others.adam.cost.loss.direction() == .above
      ? "This cannot straighten a valley that lies at an angle to the axes, which is the likely reason." : "") \
    Batch normalization (chapter 5) subtracts from each pre-activation its mean over the batch, which is the mean image seen through the \
    weights, estimated from 32 images.
    """
  }

  /// What is left of the difference when the dense net is trained for longer; empty where that was not measured.
  private static func longWords(_ long: PaperNet?) -> String {
    guard let long else { return "A bad valley costs time; what is left of it after many epochs is not measured here." }
    let cost = long.cost
    return """
      A bad valley costs time. What is left of it after \(Findings.longEpochs) epochs? On white paper the dense net then ends at a \
      training loss of \(fixed(long.raw.loss.mean, 3)) raw and \(fixed(long.centred.loss.mean, 3)) centred, and gets \
      \(fixed(long.raw.error.mean, 2)) % and \(fixed(long.centred.error.mean, 2)) % of the test digits wrong\(cost.error.worded(
        above: ": still \(fixed(cost.error.mean, 2)) points more without centring\(cost.error.intervalNote(2)).",
        below: ": \(fixed(-cost.error.mean, 1)) points fewer without centring\(cost.error.magnitude.intervalNote()).",
        withinChance: ", no difference beyond chance."))
      """
  }

  /// What white paper does to the convolutional net, and what centring does to it on black paper.
  private static func filterWords(_ black: PaperNet, _ white: PaperNet, _ findings: Findings) -> String {
    let (onBlack, onWhite) = (black.cost, white.cost)
    let loss = onWhite.loss.worded(
      above: "the mean raises its loss by \(fixed(onWhite.loss.mean, 2))\(onWhite.loss.intervalNote(2))",
      below: "the mean does it no harm", withinChance: "the mean does not raise its loss beyond chance")
    let onBlackLoss = onBlack.loss.worded(
      above: "raw pixels end \(fixed(onBlack.loss.mean, 2)) above centred ones",
      below:
        "raw pixels end even \(fixed(-onBlack.loss.mean, 2)) below centred ones\(onBlack.loss.magnitude.intervalNote(2)), against the derivation",
      withinChance: "raw and centred pixels do not differ beyond chance")
    let costs = findings.centring.worded(
      above:
        ", and the mean image costs it \(fixed(findings.centring.mean, 1)) points of test error\(findings.centring.intervalNote())",
      below: "", withinChance: "")
    return """
      The convolutional net: on white paper \(loss). On black paper \(onBlackLoss)\(costs).\(costs.isEmpty
        ? ""
        : " One possible reason, not tested: raw paper is 0 under most windows, and these windows add nothing to the gradient of a filter. With the mean image subtracted they do.")
      """
  }

  /// That batch norm makes the loss of centred pixels higher than no norm does, and what becomes of the error.
  private static func normWords(_ plain: PaperNet, _ norm: PaperNet) -> String {
    let error = (norm.centred.error - plain.centred.error).worded(
      above: "and it makes more errors", below: "but it makes fewer errors",
      withinChance: "though it makes as many errors within chance")
    return (norm.centred.loss - plain.centred.loss).worded(
      above: """
         On centred pixels the net with batch normalization ends at a higher loss than the net without \
        (\(fixed(norm.centred.loss.mean, 3)) and \(fixed(plain.centred.loss.mean, 3))), \(error). A likely reason, not tested, is that in \
        training the mean and deviation of each batch vary, which disturbs the net like noise.
        """, below: "", withinChance: "")
  }

  /// Whether the mean or the size of the sums makes white paper hard: with the sizes exchanged.
  private static func addExchange(to page: inout Page, _ findings: Findings) {
    guard let sums = findings.controls?.sums else { return }
    let (raw, centred) = (findings.ink.best(.raw).loss, findings.ink.best(.meanImage).loss)
    let (small, large) = sums.losses
    // What each does alone: the mean with small sums, large sums without the mean.
    let (byMean, bySums) = (small - centred, large - centred)
    let costs = "\(fixed(byMean.mean, 2)) of the \(fixed((raw - centred).mean, 2))"
    // Where one of two costs is a tenth of the other, the other is the reason.
    let found = byMean.worded(
      above: bySums.worded(
        above: bySums.mean < 0.1 * byMean.mean
          ? "Almost all of the damage (\(costs)) is done by the mean itself."
          : "Each of the two does harm: the mean alone costs \(costs).",
        below: "The mean itself does the damage; large pre-activations alone even help.",
        withinChance: "The mean itself does the damage: large pre-activations alone cost nothing beyond chance."),
      below: "The mean is not the reason.",
      withinChance: bySums.worded(
        above: "The size of the pre-activations does the damage, not the mean.",
        below: "Neither does the damage alone.",
        withinChance: "Neither does the damage alone."))
    page.prose(
      "White paper also makes the *pre-activations* larger (the sums $w \\cdot x + b$, before tanh). \(found) (The fold shows how this was tested.)"
    )
    page.fold("The mean, or the larger pre-activations?") { page in
      page.prose(
        """
        With the same first weights, the pre-activations of the tanh units are \(fixed(sums.factor, 1)) times as large on white paper as after \
        centring, and so they are nearer to where tanh is flat (chapter 4). To separate the two causes, we exchange the sizes: we \
        divide the first weights by \(fixed(sums.factor, 1)) for raw pixels and multiply them by it for centred pixels.
        """)
      page.table(
        Table(
          "Training loss of the dense net on white paper",
          columns: [
            "pre-activations", .init("mean subtracted", digits: 3), .init("raw, with the mean", digits: 3),
          ],
          rows: [
            ["small", .measured(centred), .measured(small)], ["large", .measured(large), .measured(raw)],
          ]))
    }
  }
}
