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
    // On white paper smaller rates are tried as well: none chosen is the smallest then.
    let smaller =
      filters.map {
        findings.convolution.rates.count > 1 && ![$0.white.raw, $0.white.centred].contains(where: \.isAtEnd)
      } == true
      ? ", where rates below those of figure 7 were tried, too: neither is an end of them" : ""
    let isHarder = paper.direction() == .above
    // Whether the seeds leave no more than chance between black and white, once the mean is subtracted.
    let isMended = isHarder && (inkCentered.loss - centered.loss).direction() == .withinChance
    page.prose(
      """
      ## Black on white

      For these digits the raw pixels did not do badly. That is an accident of the data: MNIST is written in white on black *paper*, most \
      pixels are 0, and their mean is only \(short(mean)). Exchange black and white, $x' = 1 - x$, and the paper is white. The \
      information is the same, the mean is \(short(1 - mean)).
      """)
    page.predict(
      "The dense net on raw pixels, on white paper instead of black paper. Its training loss after \(findings.epochs) epochs is",
      choices: ["half as large", "the same", "about twice as large", "about four times as large"],
      answer: factors.indices.min { abs(log(ratio / factors[$0])) < abs(log(ratio / factors[$1])) } ?? 0,
      """
      \(inkRaw.loss.formatted(decimals: 2)) against \(raw.loss.formatted(decimals: 2)).\(isHarder ? " A mean of \(short(1 - mean)) in every pixel makes a long valley." : "")
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
          The dense net\(filters == nil ? "" : " and the convolutional one (filters)"), each at the rate with the lowest training loss, the dense one of \(findings.learning.grid): \(inkRates(findings)). \
          \(filters.map { "The convolutional one: raw \(rateOnPaper($0.white.raw)), centred \(rateOnPaper($0.white.centred)) on white paper\(smaller). " } ?? "")\
          \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) images (\(findings.data)).
          """,
        name: "ink"))
    page.project(
      isMended
        ? "With the mean subtracted, paper does not matter"
        : isHarder ? "On white paper raw pixels learn worse" : "Is white paper harder to learn from?")
    page.prose(
      """
      \(foretold(findings))\(exchanged(findings))\(filters.map { filterWords($0.black, $0.white) } ?? "")Raw, the dense net's test error is \(percentage(inkRaw.error)), centred \(percentage(inkCentered.error)), on white paper; on black paper it was \
      \(percentage(raw.error)) and \(percentage(centered.error)).

      Chapter 2 shows the same valley from another side: inputs of one sign tie the signs of a unit's gradients. It is not a second \
      reason. \
      \(signs.single[0].mean > 99.5 && signs.batch[0].mean < 0.5
        ? "With one digit at a time this happens to all units of the first layer; with batches of 32 to none."
        : "One raw digit at a time, that is so for \(fixed(signs.single[0].mean, 0)) % of the units of the first layer, in batches of 32 for \(fixed(signs.batch[0].mean, 0)) %.")
      """)
    if let full, let others = full.otherNets {
      addOtherNets(to: &page, full, others, isRecorded: findings.otherNets == nil)
    }
  }

  /// `0.03`, and whether it is an end of the rates.
  private static func rateOnPaper(_ end: PaperNet.End) -> String {
    short(end.rate) + (end.isAtEnd ? " (an end of its rates)" : "")
  }

  /// What white paper does to the convolutional net.
  private static func filterWords(_ black: PaperNet, _ white: PaperNet) -> String {
    let (onBlack, onWhite) = (black.cost, white.cost)
    let errors = "its test error is \(percentage(white.raw.error)) raw and \(percentage(white.centred.error)) centred"
    let loss = onWhite.loss.worded(
      above:
        "the mean costs the convolutional net a loss of \(fixed(onWhite.loss.mean, 2))\(onWhite.loss.intervalNote(2)), and \(errors)",
      below: "the mean does the convolutional net no harm, and \(errors)",
      withinChance: "the mean costs the convolutional net no loss beyond chance, and \(errors)")
    return """
      And a convolution? On black paper raw pixels end \(onBlack.loss.worded(
        above: "\(fixed(onBlack.loss.mean, 2)) above centred", below: "\(fixed(-onBlack.loss.mean, 2)) below centred",
        withinChance: "as low as centred, within chance")). On white paper \(loss).


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
      + (full.paper.map { [("convolutional", $0)] } ?? [])
    page.table(
      Table(
        "White paper\(isRecorded ? ", recorded run" : ""): \(full.epochs) epochs, each at the best of its rates, \(counted(full.seeds.count, "seed")); plain descent but for Adam; training loss, test error in %",
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
        above: "the mean still costs a loss of \(fixed(net.cost.loss.mean, 2))",
        below: "raw pixels even end at a lower loss",
        withinChance: "the mean costs no training loss beyond chance")
      return loss
        + net.cost.error.worded(
          above: " and \(fixed(net.cost.error.mean, 1)) points of test error", below: "", withinChance: "")
    }
    page.prose(
      """
      Do Adam and batch norm make centring needless? In plain descent the mean of white paper costs a loss of \
      \(fixed(dense.cost.loss.mean, 2)). With Adam \(words(others.adam)): it cancels the scale of each weight's gradient, not a valley \
      that lies at an angle (chapter 1). With batch norm behind the first layer \(words(others.normalized)): it \
      subtracts the mean of each sum, which is the mean image seen through the weights, as far as a batch of 32 knows it (chapter 5).
      """)
  }

  /// `raw 0.3, centred 1 on black; raw 0.03, centred 1 on white`, and where one is an end of the rates.
  private static func inkRates(_ findings: Findings) -> String {
    let nets = [(findings.learning, "black"), (findings.ink, "white")]
    let ends = nets.flatMap { net, _ in [Method.raw, .meanImage].map { net.marked(net.bestRate($0)) } }
    func rate(_ net: LearningExperiment, _ method: Method) -> String { short(Double(net.rates[net.bestRate(method)])) }
    return nets.map { "raw \(rate($0, .raw)), centred \(rate($0, .meanImage)) on \($1) paper" }.joined(separator: "; ")
      + (ends.contains { $0.hasSuffix("*") } ? "; one of these is an end of the rates" : ", none an end of them")
  }

  /// Whether the mean or the size of the sums makes white paper hard: with the sizes exchanged.
  private static func exchanged(_ findings: Findings) -> String {
    guard let sums = findings.controls?.sums else { return "" }
    let (raw, centred) = (findings.ink.best(.raw).loss, findings.ink.best(.meanImage).loss)
    let (small, large) = sums.losses
    // What each does alone: the mean with small sums, large sums without the mean.
    let (byMean, bySums) = (small - centred, large - centred)
    let costs =
      "alone the mean costs \(short(byMean.mean)), large sums \(short(bySums.mean)), both together \(short((raw - centred).mean))"
    // Where one of two costs is a tenth of the other, the other is the reason.
    let found = byMean.worded(
      above: bySums.worded(
        above: bySums.mean < 0.1 * byMean.mean ? "So it is the mean: \(costs)." : "So each does harm: \(costs).",
        below: "So it is the mean; large sums alone even help.",
        withinChance: "So it is the mean: large sums alone cost nothing beyond chance."),
      below: "So it is not the mean.",
      withinChance: bySums.worded(
        above: "So it is the size of the sums, and not the mean.", below: "So neither does it alone.",
        withinChance: "So neither does it alone."))
    return """
      But the paper has changed two things. With the same first weights the sums of the tanh units begin \(fixed(sums.factor, 1)) times as \
      large as after centring, nearer to where tanh is flat (chapter 4). Exchange the sizes: divide the first weights by \
      \(fixed(sums.factor, 1)) for raw pixels, multiply them by it for centred ones. Raw pixels then end at \(short(small.mean)), centred ones at \
      \(short(large.mean)). \(found)


      """
  }

  /// The curvature that the mean adds to the digits', and whether the losses follow it; empty where it is not known.
  private static func foretold(_ findings: Findings) -> String {
    guard let found = findings.digits.curvatures else { return "" }
    let losses =
      [Method.meanImage, .channelMean, .raw].map { findings.learning.best($0).loss } + [findings.ink.best(.raw).loss]
    let follows = zip(losses, losses.dropFirst()).allSatisfy { ($1 - $0).direction() == .above }
    let told = losses.map { fixed($0.mean, 2) }
    return """
      \(follows ? "The derivation foretold the order." : "The derivation foretells an order.") The largest eigenvalue of \
      $\\Sigma$ is about \(fixed(found.largest, 0)). The mean adds one of $\\mu^T\\mu$: 0 with the mean image subtracted, \
      about \(fixed(found.channel, 0)) with the channel mean, \(fixed(found.raw, 0)) for raw digits, and \
      \(fixed(found.white, 0)) on white paper. A linear unit diverges at rates above $2/\\lambda_{\\mathrm{max}}$, and the losses of this \
      tanh net \(follows ? "follow" : "do not follow beyond chance"): \(told.dropLast().joined(separator: ", ")) and \(told[3]).


      """
  }
}
