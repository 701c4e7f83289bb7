// The page of chapter 3: black on white, why it is hard, and what Adam and batch norm make of it.

import Foundation
import Workbook

extension Preprocessings {
  /// The same digits, black on white.
  static func addInk(to page: inout Page, _ findings: Findings) {
    let (raw, centered) = (findings.learning.best(.raw).error, findings.learning.best(.meanImage).error)
    let (inkRaw, inkCentered) = (findings.ink.best(.raw).error, findings.ink.best(.meanImage).error)
    let mean = findings.digits.pixelMean
    let ratio = inkRaw.mean / raw.mean
    let paper = inkRaw - raw
    let isHarder = paper.direction() == .above
    // Whether the seeds leave no more than chance between black and white, once the mean is subtracted.
    let isMended = isHarder && (inkCentered - centered).direction() == .withinChance
    page.prose(
      """
      ## Black on white

      Does the mean also matter to nets that learn real images? MNIST stores digits in white ink on black paper. So most pixels are 0, \
      and their mean is only \(short(mean)). Exchange black and white, $x' = 1 - x$: the information is the \
      same, but the mean is \(short(1 - mean)).

      A dense net with 32 tanh units (tanh is a smooth step from −1 to 1) and a convolutional net with eight filters (chapter 9) learn \
      \(grouped(findings.digits.trainingCount)) digits in \(findings.epochs) epochs, that is, passes through all images. In PyTorch:

      ```python
      from torch import nn
      dense = nn.Sequential(
          nn.Flatten(), nn.Linear(784, 32), nn.Tanh(), nn.Linear(32, 10))
      filters = nn.Sequential(
          nn.Conv2d(1, 8, 5), nn.Tanh(), nn.MaxPool2d(2), nn.Flatten(),
          nn.Linear(8 * 12 * 12, 10))
      ```
      """)
    page.predict(
      "The dense net on raw pixels, on white paper instead of black paper. After \(findings.epochs) epochs its test error is",
      choices: ["half as large", "the same", "about twice as large", "more than three times as large"],
      answer: ratio > 3 ? 3 : ratio > 1.4 ? 2 : ratio > 0.7 ? 1 : 0,
      """
      It is \(fixed(ratio, 1)) times as large as on black paper.\(isHarder ? " Bright paper makes a large mean, and a large mean makes a long valley." : "")
      """)
    page.project("Black on white: the same information?")
    page.figure(
      Figure(
        isHarder
          ? "On white paper the dense net ends at \(fixed(inkRaw.mean, 1)) % wrong; with the mean subtracted, "
            + (isMended ? "the paper does not matter" : "at \(fixed(inkCentered.mean, 1)) %")
          : paper.direction() == .below
            ? "On white paper raw pixels learn even better than on black paper"
            : paper.count < 3
              ? "Raw pixels end at \(fixed(raw.mean, 1)) % wrong on black paper and \(fixed(inkRaw.mean, 1)) % on white paper: so few seeds decide nothing"
              : "On white paper raw pixels learn as well as on black paper, as far as these seeds can tell",
        .bars(paperBars(findings)),
        caption:
          """
          Test errors of the dense net\(findings.paper == nil ? "" : " and the convolutional net (filters)"), each preparation at its best \
          learning rate. \(findings.overSeeds) with its standard deviation (\(findings.data)).
          """,
        name: "ink"))
    page.project(
      isMended
        ? "With the mean subtracted, paper does not matter"
        : isHarder ? "On white paper raw pixels learn worse" : "Is white paper harder to learn from?")
    if isMended {
      page.prose(
        """
        Without a mean, white paper is black paper with the sign changed, and first weights are as often negative as positive. So centred pixels must do \
        as well on both, and they do. **Only the mean made white paper hard.**\(whiteFilters(findings))\(ghost(findings))
        """)
    }
    page.fold("How this was measured, and a control: is it only the larger sums?") {
      $0.prose(
        """
        Plain gradient descent in batches of 32, with Xavier's first weights (chapter 4) and biases of 0. Of rates a factor of 3 apart each \
        preparation gets its own: for the test error the one with the fewest errors on images set aside for it, for the training loss \
        (cross-entropy, chapter 8) the one with the lowest loss in the last epoch.

        \(exchange(findings))
        """)
    }
  }

  /// The test errors of both nets on both papers, of each preparation that was measured on all of them.
  private static func paperBars(_ findings: Findings) -> BarChart {
    let filters = findings.paper
    func errors(_ method: Method, _ white: [Summary]) -> [Summary] {
      let black = [findings.learning.best(method).error, findings.convolution.best(method).error]
      return zip(black, white).flatMap { [$0, $1] }
    }
    func bars(_ name: String, _ errors: [Summary], color: Int) -> BarChart.Bars {
      .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    var all = [
      bars("raw", errors(.raw, [findings.ink.best(.raw).error] + (filters.map { [$0.raw.error] } ?? [])), color: 6)
    ]
    if let channel = findings.channelPaper, findings.convolution.methods.contains(.channelMean) {
      all.append(bars("channel mean", errors(.channelMean, [channel.dense.error, channel.filters.error]), color: 2))
    }
    let centred = [findings.ink.best(.meanImage).error] + (filters.map { [$0.centred.error] } ?? [])
    all.append(bars("mean image", errors(.meanImage, centred), color: 0))
    let categories = ["dense, black paper", "dense, white paper", "filters, black paper", "filters, white paper"]
    return BarChart(
      categories: filters == nil ? ["black paper", "white paper"] : categories, y: Axis("test error (%)"), all)
  }

  /// That the seeds cannot tell what white paper costs the filters; empty where they can.
  private static func whiteFilters(_ findings: Findings) -> String {
    guard let filters = findings.paper, filters.cost.error.direction() == .withinChance else { return "" }
    return " (For the filters the seeds differ too much to tell.)"
  }

  /// Why the mean image costs the filters errors; empty where it does not.
  private static func ghost(_ findings: Findings) -> String {
    guard findings.convolution.methods.contains(.channelMean),
      (findings.convolution.best(.meanImage).error - findings.convolution.best(.channelMean).error).direction()
        == .above
    else { return "" }
    return """
       The mean image costs the filters errors. We think that its ghost of digits does it: the paper is no longer flat, and filters find \
      edges there.
      """
  }

  /// Whether the mean makes white paper hard, or the large sums that it makes: each alone, with the sizes exchanged.
  private static func exchange(_ findings: Findings) -> String {
    guard let sums = findings.controls?.sums else { return "" }
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
    func loss(_ value: Summary) -> String { fixed(value.mean, 2) }
    return """
      White paper also makes the sums $w \\cdot x + b$ before tanh larger, and so nearer to where tanh is flat (chapter 4). To tell the two \
      apart, the first weights were made \(fixed(sums.factor, 1)) times smaller for raw pixels: the loss is \(loss(small)), against \(loss(raw)) with \
      the usual weights. For centred pixels they were made as many times larger: \(loss(large)) against \(loss(centred)). **\(found)**
      """
  }

  /// What the mean adds to the curvature of digits, and how well that predicts losses.
  static func addSpectrum(to page: inout Page, _ findings: Findings, _ spectrum: SpectrumFindings?) {
    guard let spectrum, let centred = spectrum.row(.meanImage), let white = spectrum.row(.raw, onWhite: true) else {
      return
    }
    page.prose(
      """
      ## Why white paper is hard

      **In the first layer of a net, too, a mean makes the loss curve sharply in one direction.** How sharply, we calculate for linear units with the same \
      inputs. Call the largest curvature $\\lambda_{\\mathrm{max}}$. Without a mean it is \(fixed(centred.largest, 0)) for digits, and on white paper \
      \(fixed(white.largest, 0)): the mean adds at most the sum of the squares of all pixels' means. If one direction is ten times as curved, the rate must be about \
      ten times as small, and such units learn all other directions ten times as slowly.
      """)
    page.table(meanTable(spectrum, findings))
    page.project("The larger the curvature, the smaller the best rate")
    page.prose(
      """
      \(order(findings, spectrum)) \(bestRates(findings, spectrum))
      """)
  }

  /// λmax and the losses of the dense net, at each rate that is best for one of the rows.
  private static func meanTable(_ spectrum: SpectrumFindings, _ findings: Findings) -> Table {
    func net(_ row: Spectrum) -> LearningExperiment { row.isWhite ? findings.ink : findings.learning }
    let rates = Set(spectrum.rows.map { net($0).rates[net($0).bestRate($0.method)] }).sorted().prefix(3)
    return Table(
      """
      The same digits with four means: $\\lambda_{\\mathrm{max}}$ of linear units, and the training loss of the dense net at the rates \
      that are best for one of them (bold: the best of a row)
      """,
      columns: ["preparation", .init("λmax", digits: 0)]
        + rates.map { .init("rate \(short(Double($0)))", digits: 2) },
      rows: spectrum.rows.map { row in
        [TableCell(row.isWhite ? "raw, white paper" : row.method.name), TableCell(row.largest)]
          + rates.map { rate in
            guard let place = net(row).rates.firstIndex(of: rate) else { return "–" }
            let loss = fixed(net(row).finalLoss(row.method, rate: place).mean, 2)
            return TableCell(place == net(row).bestRate(row.method) ? "**\(loss)**" : loss)
          }
      })
  }

  /// Whether the losses follow the curvature that the mean adds.
  private static func order(_ findings: Findings, _ spectrum: SpectrumFindings) -> String {
    let losses = spectrum.rows.map { ($0.isWhite ? findings.ink : findings.learning).best($0.method).loss }
    let follows = zip(losses, losses.dropFirst()).allSatisfy { ($1 - $0).direction() == .above }
    return follows
      ? "**The losses of the dense net follow the order of $\\lambda_{\\mathrm{max}}$.**"
      : "The losses of the dense net do not follow the predicted order beyond chance."
  }

  /// That the best rates of the dense net differ by less than the curvatures of linear units; empty where they do not.
  private static func bestRates(_ findings: Findings, _ spectrum: SpectrumFindings) -> String {
    let rows = spectrum.rows.map { row in
      let net = row.isWhite ? findings.ink : findings.learning
      return (curvature: row.largest, rate: Double(net.rates[net.bestRate(row.method)]))
    }
    guard let flat = rows.min(by: { $0.curvature < $1.curvature }),
      let curved = rows.max(by: { $0.curvature < $1.curvature }), flat.rate > curved.rate,
      flat.rate / curved.rate < 0.5 * curved.curvature / flat.curvature
    else { return "" }
    return "The best rate falls by less than $\\lambda_{\\mathrm{max}}$ grows: this net is not linear."
  }

  /// White paper with Adam, with batch norm and for longer.
  static func addOthers(
    to page: inout Page, _ findings: Findings, _ full: Findings?, _ photographs: PhotographFindings?
  ) {
    guard let others = findings.otherNets ?? full?.otherNets else { return }
    let norms = findings.norms ?? full?.norms ?? []
    let adam = others.adam.cost.error
    let (short, long) = (PaperNet(findings.ink).cost.error, (findings.longPaper ?? full?.longPaper)?.cost.error)
    page.prose(
      """
      ## Do Adam and batch norm make it unnecessary?

      \(adam.worded(
        above: """
          **Adam does not\(adam.mean < short.mean ? ", though the mean costs it less" : "").** It gives each weight its own step size \
          (chapter 1), and this cannot straighten a valley that lies at an angle to the axes.
          """, below: "With Adam raw pixels even make fewer errors.",
        withinChance: "With Adam we see no cost of the mean in test errors."))

      \(long.map { longWords($0, after: short) } ?? "")

      """)
    page.table(costTable(findings, others, findings.longPaper ?? full?.longPaper))
    page.prose(normWords(norms, photographs))
    guard !norms.isEmpty else { return }
    page.table(normTable(norms))
    page.project("Behind batch norm only the averages see the mean")
    page.fold("Why batch norm learns the same weights") {
      $0.prose(
        """
        Write $x = \\mu + d$. Every sum $w \\cdot x$ of a batch contains the same $w \\cdot \\mu$, and batch norm subtracts it with the mean of \
        the batch. The gradient of $w$ is $\\sum \\delta x$ over the batch, with $\\delta = \\partial L/\\partial(w \\cdot x)$. Behind batch norm \
        $\\sum \\delta = 0$, because moving all sums alike changes nothing; so the gradient equals $\\sum \\delta d$. In a test $w \\cdot \\mu$ is large \
        with raw pixels and moves far while the weights move, so its average lags behind.
        """)
    }
  }

  /// What the mean costs the dense net on white paper, by the training.
  private static func costTable(_ findings: Findings, _ others: PaperFindings, _ long: PaperNet?) -> Table {
    let short = counted(findings.epochs, "epoch")
    let rows: [(String, PaperNet?)] = [
      ("plain descent, \(short)", PaperNet(findings.ink)), ("Adam, \(short)", others.adam),
      ("plain descent, \(Findings.longEpochs) epochs", long),
    ]
    return Table(
      "What the mean costs the dense net on white paper, in points of test error (95 %)",
      columns: ["training", "the mean costs"],
      rows: rows.compactMap { name, net in net.map { [TableCell(name), cell($0.cost.error)] } })
  }

  /// What is left of the difference when the dense net is trained for longer.
  private static func longWords(_ error: Summary, after short: Summary) -> String {
    error.worded(
      above: """
        **\(error.mean < short.mean / 2 ? "More epochs pay most of it back**: what a bad valley costs is mostly time." : "More epochs do not pay it back.**")
        """,
      below: "After \(Findings.longEpochs) epochs of plain descent raw pixels even make fewer errors.",
      withinChance:
        "**More epochs pay it back**: after \(Findings.longEpochs) epochs of plain descent we see no difference in test errors."
    )
  }

  /// That the mean drops out of batch norm, in the sums and in the gradient, and what is left of it in the averages.
  private static func normWords(_ norms: [NormControl], _ photographs: PhotographFindings?) -> String {
    let identity = """
      **Batch norm does, in training.** It subtracts the mean of each unit's sums (chapter 5), and what the mean of the pixels adds to them goes \
      with it. With one rate and one seed, raw and centred pixels therefore learn the same weights.
      """
    guard let dense = norms.first(where: { $0.net == .dense }) else { return identity }
    let left = dense.costs.exact.direction() == .withinChance
    let test = dense.costs.running.worded(
      above: left
        ? """
        In a test it uses means and variances averaged over the training. With raw pixels these averages lag behind the weights, and this \
        costs errors. Computed anew with the final weights, they cost none.\(fallingWords(photographs)) **Centring costs nothing, so do it all the same.**
        """ : "The test errors differ, with statistics computed anew, too.",
      below: "In the test raw pixels even err less.",
      withinChance: "In the test errors we see no difference, either.")
    return "\(identity) \(test)"
  }

  /// Whether a rate that falls to 0 leaves a lag; empty where that was not measured.
  private static func fallingWords(_ photographs: PhotographFindings?) -> String {
    guard let found = photographs?.ending?.setting(.norm)?.points(.channelMean, than: .raw)?.negated else { return "" }
    let place = " On photographs, where the rate falls to 0 and the weights come to rest,"
    return found.worded(
      above: "\(place) \(fixed(found.mean, 1)) points are left of it.", below: "\(place) raw pixels even err less.",
      withinChance: "\(place) we see no such cost.")
  }

  /// Raw and centred pixels behind batch norm: with averages, and with statistics computed anew.
  private static func normTable(_ norms: [NormControl]) -> Table {
    Table(
      """
      The dense net with batch norm on white paper at one constant rate: training loss, and test error (%) with the averages of the \
      training, and with statistics computed anew
      """,
      columns: ["pixels", "training loss", "error: averages", "error: anew"],
      rows: norms.flatMap { norm in
        [("raw", norm.raw), ("centred", norm.centred)].map { name, end in
          [
            TableCell(name), TableCell(end.loss.formatted(decimals: 3)), TableCell(end.running.formatted(decimals: 1)),
            TableCell(end.exact.formatted(decimals: 1)),
          ]
        }
      })
  }
}
