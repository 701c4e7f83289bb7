// The page of chapter 3: black on white.

import Foundation
import Workbook

extension Preprocessings {
  /// The same digits, black on white.
  static func addInk(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let (raw, centered) = (findings.learning.best(.raw), findings.learning.best(.meanImage))
    let (inkRaw, inkCentered) = (findings.ink.best(.raw), findings.ink.best(.meanImage))
    let (mean, signs) = (findings.digits.pixelMean, findings.signs)
    let (ratio, factors) = (inkRaw.loss.mean / raw.loss.mean, [0.5, 1, 2, 4])
    let paper = inkRaw.loss - raw.loss
    let filters = findings.paper.map { (black: PaperNet(findings.convolution), white: $0) }
    func bars(_ name: String, _ losses: [Summary], color: Int) -> BarChart.Bars {
      .init(name, losses.map(\.mean), deviation: losses.map(\.deviation), color: color)
    }
    let isHarder = paper.direction() == .above
    // Whether the seeds leave no more than chance between black and white, once the mean is subtracted.
    let isMended = isHarder && (inkCentered.loss - centered.loss).direction() == .withinChance
    page.prose(
      """
      ## Black on white

      On these digits raw pixels did not do badly. That is an accident of the data. People wrote the digits with dark pens on white \
      paper, but MNIST stores them inverted: white ink on black paper. So most pixels are 0, and their mean is only \
      \(short(mean)). Exchange black and white again, $x' = 1 - x$, and the paper is white. The information is the same, but the \
      mean is \(short(1 - mean)).
      """)
    page.predict(
      "The dense net on raw pixels, on white paper instead of black paper. Its training loss after \(findings.epochs) epochs is",
      choices: ["half as large", "the same", "about twice as large", "about four times as large"],
      answer: factors.indices.min { abs(log(ratio / factors[$0])) < abs(log(ratio / factors[$1])) } ?? 0,
      """
      It is \(fixed(inkRaw.loss.mean, 2)) on white paper and \(fixed(raw.loss.mean, 2)) on black paper.\(isHarder ? " A mean of \(short(1 - mean)) in every pixel makes a long valley." : "")
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
    page.prose(
      """
      \(foretold(findings))\(filters.map { filterWords($0.black, $0.white) } ?? "")\(longWords(findings.longPaper ?? full?.longPaper))
      """)
    let rows: [(String, (loss: Summary, error: Summary), (loss: Summary, error: Summary))] =
      [("dense, black paper", raw, centered), ("dense, white paper", inkRaw, inkCentered)]
      + (filters.map { nets in
        [("convolutional, black paper", nets.black), ("convolutional, white paper", nets.white)].map {
          ($0.0, ($0.1.raw.loss, $0.1.raw.error), ($0.1.centred.loss, $0.1.centred.error))
        }
      } ?? [])
    page.table(
      Table(
        "After \(counted(findings.epochs, "epoch")): the training loss of the last epoch, and the test error in %",
        columns: [
          "net", .init("raw: loss", digits: 3), .init("centred: loss", digits: 3), .init("raw: error", digits: 1),
          .init("centred: error", digits: 1),
        ],
        rows: rows.map { name, raw, centred in
          [
            TableCell(name), .measured(raw.loss), .measured(centred.loss), .measured(raw.error),
            .measured(centred.error),
          ]
        }))
    addExchange(to: &page, findings)
    page.prose(
      """
      Chapter 2 shows the same valley from another side: if all inputs are positive, all weights of a unit are pushed the same way. \
      \(signs.single[0].mean > 99.5 && signs.batch[0].mean < 0.5
        ? "With one digit at a time this happens to all units of the first layer; with batches of 32 it happens to none."
        : "With one raw digit at a time this happens to \(fixed(signs.single[0].mean, 0)) % of the units of the first layer, in batches of 32 to \(fixed(signs.batch[0].mean, 0)) %.")
      """)
    if let full, let others = full.otherNets {
      addOtherNets(to: &page, full, others, isRecorded: findings.otherNets == nil)
    }
  }

  /// What is left of the difference when the dense net is trained for longer; empty where that was not measured.
  private static func longWords(_ long: PaperNet?) -> String {
    guard let long else { return "A bad valley costs time; what is left of it after many epochs is not measured here." }
    let cost = long.cost
    return """
      A bad valley costs time. What is left of it after \(Findings.longEpochs) epochs? On white paper the dense net then ends at a \
      training loss of \(fixed(long.raw.loss.mean, 4)) raw and \(fixed(long.centred.loss.mean, 4)) centred, and gets \
      \(fixed(long.raw.error.mean, 1)) % and \(fixed(long.centred.error.mean, 1)) % of the test digits wrong\(cost.error.worded(
        above: ": still \(fixed(cost.error.mean, 1)) points more without centring\(cost.error.intervalNote(2)).",
        below: ": \(fixed(-cost.error.mean, 1)) points fewer without centring\(cost.error.magnitude.intervalNote()).",
        withinChance: ", no difference beyond chance."))
      """
  }

  /// What white paper does to the convolutional net.
  private static func filterWords(_ black: PaperNet, _ white: PaperNet) -> String {
    let (onBlack, onWhite) = (black.cost, white.cost)
    let loss = onWhite.loss.worded(
      above: "the mean raises its loss by \(fixed(onWhite.loss.mean, 2))\(onWhite.loss.intervalNote(2))",
      below: "the mean does it no harm", withinChance: "the mean does not raise its loss beyond chance")
    return """
      And the convolutional net? On white paper \(loss). On black paper \(onBlack.loss.worded(
        above: "raw pixels end \(fixed(onBlack.loss.mean, 2)) above centred ones",
        below: "raw pixels end even \(fixed(-onBlack.loss.mean, 2)) below centred ones, against the derivation. The reason is not tested. (With raw digits the paper is 0 under most windows, and these then add nothing to the gradient of a filter)",
        withinChance: "raw and centred pixels do not differ beyond chance")).


      """
  }

  /// Whether it is needless with what most nets of today have.
  private static func addOtherNets(
    to page: inout Page, _ full: Findings, _ others: PaperFindings, isRecorded: Bool
  ) {
    let dense = PaperNet(full.ink)
    let nets =
      [
        ("dense", dense), ("dense, Adam", others.adam),
        ("dense, batch norm", others.normalized),
      ]
    page.table(
      Table(
        "White paper\(isRecorded ? ", recorded run" : ""), after \(full.epochs) epochs: training loss, and test error in %",
        columns: [
          "net", .init("raw: loss", digits: 3), .init("centred: loss", digits: 3),
          .init("raw: error", digits: 1),
          .init("centred: error", digits: 1),
        ],
        rows: nets.map { name, net in
          [
            TableCell(name), .measured(net.raw.loss), .measured(net.centred.loss), .measured(net.raw.error),
            .measured(net.centred.error),
          ]
        }))
    func words(_ net: PaperNet) -> String {
      let loss = net.cost.loss.worded(
        above: "the mean still raises the loss by \(fixed(net.cost.loss.mean, 2))",
        below: "raw pixels even end at a lower loss",
        withinChance: "the mean does not raise the training loss beyond chance")
      let isRaised = net.cost.loss.direction() == .above
      return loss
        + net.cost.error.worded(
          above: ", \(isRaised ? "and" : "but it raises") the test error by \(fixed(net.cost.error.mean, 1)) points",
          below: "", withinChance: "")
    }
    page.prose(
      """
      Do newer methods make centring unnecessary? In plain descent the mean of white paper raises the loss of the dense net by \
      \(fixed(dense.cost.loss.mean, 2)). Adam gives each weight its own step size (chapter 1). With Adam \(words(others.adam)). A \
      likely reason is that step sizes for single weights cannot straighten a valley that lies at an angle to the axes. Batch \
      normalization subtracts from each unit's input its mean over the batch (chapter 5). With it \(words(others.normalized)). \
      This mean is the mean image seen through the weights, estimated from 32 images.
      """)
  }

  /// Whether the mean or the size of the sums makes white paper hard: with the sizes exchanged.
  private static func addExchange(to page: inout Page, _ findings: Findings) {
    guard let sums = findings.controls?.sums else { return }
    let (raw, centred) = (findings.ink.best(.raw).loss, findings.ink.best(.meanImage).loss)
    let (small, large) = sums.losses
    // What each does alone: the mean with small sums, large sums without the mean.
    let (byMean, bySums) = (small - centred, large - centred)
    let costs = "\(short(byMean.mean)) of the \(short((raw - centred).mean))"
    // Where one of two costs is a tenth of the other, the other is the reason.
    let found = byMean.worded(
      above: bySums.worded(
        above: bySums.mean < 0.1 * byMean.mean
          ? "Almost all of the damage (\(costs)) is done by the mean itself."
          : "Each of the two does harm: the mean alone costs \(costs).",
        below: "The mean itself does the damage; large sums alone even help.",
        withinChance: "The mean itself does the damage: large sums alone cost nothing beyond chance."),
      below: "The mean is not the reason.",
      withinChance: bySums.worded(
        above: "The size of the sums does the damage, not the mean.", below: "Neither does the damage alone.",
        withinChance: "Neither does the damage alone."))
    page.prose(
      "White paper also makes the sums of the tanh units larger ($w \\cdot x + b$, before tanh). \(found) (The fold shows how this was tested.)"
    )
    page.fold("The mean, or the larger sums?") { page in
      page.prose(
        """
        With the same first weights, the sums of the tanh units are \(fixed(sums.factor, 1)) times as large on white paper as after \
        centring, and so they are nearer to where tanh is flat (chapter 4). To separate the two causes, we exchange the sizes: we \
        divide the first weights by \(fixed(sums.factor, 1)) for raw pixels and multiply them by it for centred pixels.
        """)
      page.table(
        Table(
          "Training loss of the dense net on white paper",
          columns: [
            "sums of the tanh units", .init("mean subtracted", digits: 3), .init("raw, with the mean", digits: 3),
          ],
          rows: [
            ["small", .measured(centred), .measured(small)], ["large", .measured(large), .measured(raw)],
          ]))
    }
  }

  /// That dividing by one deviation leaves κ as it is, and what the loss says.
  private static func divided(_ findings: Findings) -> String {
    let net = findings.learning
    guard net.methods.contains(.channelStandard), net.methods.contains(.channelMean) else { return "" }
    let (with, without) = (net.best(.channelStandard).loss, net.best(.channelMean).loss)
    return (with - without).worded(
      above: """
         One preparation does not fit: *channel std* divides all pixels by one number, so it leaves $\\kappa$ as it is, but the net ends \
        at \(fixed(with.mean, 2)) instead of \(fixed(without.mean, 2)). A likely reason, which was not tested, is that all layers share one \
        rate: larger inputs make the first layer learn faster than the second, and one rate cannot suit both.
        """, below: "", withinChance: "")
  }

  /// The curvature that the mean adds to the digits', and whether the losses follow it; empty where it is not known.
  private static func foretold(_ findings: Findings) -> String {
    guard let found = findings.digits.curvatures else { return "" }
    let losses =
      [Method.meanImage, .channelMean, .raw].map { findings.learning.best($0).loss } + [findings.ink.best(.raw).loss]
    let follows = zip(losses, losses.dropFirst()).allSatisfy { ($1 - $0).direction() == .above }
    let told = losses.map { fixed($0.mean, 2) }
    return """
      The derivation predicts the order of the losses. The largest eigenvalue of $\\Sigma$ is about \(fixed(found.largest, 0)). The \
      mean adds a curvature of $\\mu^T\\mu$: 0 if the mean image is subtracted, about \(fixed(found.channel, 0)) with the channel \
      mean, \(fixed(found.raw, 0)) for raw digits, and \(fixed(found.white, 0)) on white paper. The larger this curvature, the smaller \
      the rate must be. The losses of the dense net \(follows ? "follow this order" : "do not follow this order beyond chance"): \
      \(told.dropLast().joined(separator: ", ")) and \(told[3]).\(divided(findings))


      """
  }
}
