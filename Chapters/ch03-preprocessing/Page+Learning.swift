// The page of chapter 3: the same networks on digits prepared in seven ways.

import Foundation
import Workbook

extension Preprocessings {
  /// Seven ways, two nets, each at the best of its rates.
  static func addExperiment(to page: inout Page, _ findings: Findings) {
    let (learning, convolution, bestLoss) = (findings.learning, findings.convolution, findings.bestLoss)
    let worse = findings.worse(.whitened, learning)
    func first(_ method: Method) -> Double { learning.firstEpoch(method, of: findings.epochs) }
    page.prose(
      """
      ## The experiment

      Two small nets learn the digits, \(findings.epochs) epochs of plain gradient descent in batches of 32: a dense one with 32 tanh \
      units, and one with eight filters, each of which looks at 5×5 neighbouring pixels everywhere with the same 25 weights (chapter \
      9). Every preparation gets the learning rate that suits it: for training loss the rate that ends lowest, for test error the \
      rate with \(learning.validation == nil ? learning.judge : "the fewest mistakes on validation images, which are set aside for choosing").
      """)
    page.fold("Both nets, in code") { $0.code("nets", in: "Learning.swift") }
    page.predict(
      "Which preparation ends with the lowest **training** loss in the dense net?",
      choices: learning.methods.map(\.name),
      answer: learning.methods.firstIndex(of: bestLoss) ?? 0,
      "\(learning.best(bestLoss).loss.formatted(decimals: 3)) in the last epoch.")
    page.project("Which preparation learns fastest?")
    page.figure(
      Figure(
        bestLoss != .whitened
          ? "The lowest training loss in the dense net: \(bestLoss.name)"
          : "Whitened digits end with the lowest training loss"
            + (findings.whitenedStartsSlower
              ? ", but begin slower: in the first epoch its mean loss is \(fixed(first(.whitened), 2)), with the mean image \(fixed(first(.meanImage), 2))"
              : ""),
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training loss", log: true),
            learning.methods.filter { [Method.raw, .meanImage, .whitened, bestLoss].contains($0) }.map { method in
              let curve = learning.curve(method)
              return Series(
                method.name, x: curve.indices.map { 8 * Double($0) + 4 }, y: curve, style: .line,
                isEmphasized: method == bestLoss, color: [6, 0, 4, 2, 3, 1, 5][method.rawValue])
            },
            references: (1..<max(1, findings.epochs)).map { epoch in
              .init(.vertical, at: Double(epoch * ((findings.digits.trainingCount + 31) / 32)), "epoch \(epoch + 1)")
            })),
        caption: """
          The dense net, each way at the one of \(learning.grid) with the lowest training loss in the last epoch, chosen on the \
          seeds that are shown: small differences say nothing. The other ways are in the tables below. Means of 8 steps. \
          \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) images (\(findings.data)). The loss falls in steps \
          where an epoch ends: from then on the images have been seen before.
          """,
        name: "learning-curves"))
    page.project(bestLoss == .whitened ? "Whitened digits are learned fastest" : "Learned fastest: \(bestLoss.name)")
    if bestLoss == .whitened, findings.whitenedStartsSlower {
      page.prose(
        """
        Two pixels, whitened, took one step; digits start slowly. In the first epoch every image is new, so that its loss is one on \
        images not yet seen. A possible reason, tested below: the whitened net must learn hundreds of weak, noisy directions, and \
        what it learns of the noise in one image does not help with the next. From the second epoch on it meets the same noise again.
        """)
    }
    page.predict(
      "And on **test** images: with whitening, how many mistakes does the dense net make, compared with the mean image?",
      choices: ["fewer", "about as many", "more"],
      answer: isClear(worse) ? (worse.mean > 0 ? 2 : 0) : 1,
      "\(learning.best(.whitened).error.formatted(decimals: 1)) % against \(learning.best(.meanImage).error.formatted(decimals: 1)) %."
    )
    page.project("On test images: does whitening help?")
    let shown = convolution.methods
    page.figure(
      Figure(
        testTitle(findings),
        .bars(
          BarChart(
            categories: shown.map(\.name), y: Axis("test error (%)"),
            [("dense net", learning), ("convolutional net", convolution)].enumerated().map { index, net in
              let errors = shown.map { net.1.best($0).error }
              return .init(net.0, errors.map(\.mean), deviation: errors.map(\.deviation), color: index)
            })),
        caption: """
          Each at the rate with \(learning.judge), of \(learning.grid) (dense) and \(convolution.grid) (convolutional\(atEnds(convolution))), \
          whitened with ε = \(short(Double(epsilon))); \(counted(findings.seeds.count, "seed")), bars of one standard deviation. The \
          convolutional net sees PCA's coordinates arranged as a picture, and whitened digits turned back to pixels. After \
          \(counted(findings.epochs, "epoch")); what remains of the differences in nets that are trained out is not measured.
          """,
        name: "test-errors"))
    let byPCA = findings.worse(.principal, convolution)
    page.project(
      byPCA.direction(beyond: 1) == .above
        ? "PCA costs the convolutional net \(fixed(byPCA.mean, 0)) points of error"
        : "New images: do whitening and PCA help?")
    addErrorsByRate(to: &page, findings)
    page.fold("All losses and errors, each with its rate") {
      $0.table(table(of: learning, "The dense net"))
      $0.table(table(of: convolution, "The convolutional net"))
    }
    if let controls = findings.controls { page.prose(leadingWords(controls, findings)) }
    let turned = findings.worse(.principal, learning)
    page.prose(
      """
      A dense net does not care about the order of its inputs: with PCA it makes \
      \(isClear(turned) ? "\(errorsMore(turned)) than with" : "about as many errors as with") the mean image. \(pixelDivision(findings))
      """)
    let filtered = findings.worse(.whitened, convolution)
    let (centring, overRaw) = (
      findings.centring, convolution.best(.whitened).error - convolution.best(.raw).error
    )
    page.prose(
      """
      A filter looks at neighbours, and among PCA's coordinates, sorted by variance, there are none.\(shuffledWords(findings))

      \(isClear(filtered)
        ? "With whitened pixels the convolutional net makes \(errorsMore(filtered)) than with the mean image\(isClear(overRaw) ? ", and \(errorsMore(overRaw)) than raw" : "; held against raw pixels the difference is not clear")."
        : "Whitened pixels make no clear difference to the convolutional net.") \
      \(isClear(centring) && centring.mean > 0
        ? "It is subtracting the mean image that costs it: \(errorsMore(centring)) than raw."
        : centring.direction() == .below
          ? "With the mean image it makes \(errorsMore(centring)) than raw."
          : "At its best rate centring gains it nothing beyond chance.")
      """)
  }

  /// Whether noise in weak directions is what whitening costs: with the leading directions alone.
  private static func leadingWords(_ controls: ControlFindings, _ findings: Findings) -> String {
    let (all, some, centred) = (
      findings.learning.best(.whitened), controls.leading.best(.whitened), findings.learning.best(.meanImage)
    )
    let saved = some.error - all.error
    let first = [findings.learning, controls.leading].map { $0.firstEpoch(.whitened, of: findings.epochs) }
    let above = some.error - centred.error
    let held = saved.worded(
      above: "So the weak directions are not what costs the errors.",
      below: above.worded(
        above:
          "So the weak directions cost \(fixed(saved.magnitude.mean, 1)) of the \(fixed(findings.worse(.whitened, findings.learning).mean, 1)) points; what costs the others is not known.",
        below: "So the weak directions cost the errors; without them whitening even gains.",
        withinChance: "So the weak directions cost the errors: the mean image does no better beyond chance."),
      withinChance: "That is no difference beyond chance, so another reason must be found.")
    return """
      Is it the noise in weak directions? Keep only the first \(controls.kept) of the whitened ones, nine tenths of the variance. \
      The loss of the first epoch is then \(fixed(first[1], 2)) instead of \(fixed(first[0], 2)), and on test images the dense net makes \
      \(errorsMore(saved)). \(held)
      """
  }

  /// How much of what PCA costs the convolutional net is the loss of neighbours, and what the rest is not.
  private static func shuffledWords(_ findings: Findings) -> String {
    guard let controls = findings.controls else { return "" }
    let (net, shuffled) = (findings.convolution, controls.shuffled.best(.raw).error)
    let (order, all) = (shuffled - net.best(.raw).error, findings.worse(.principal, net))
    let scattered = controls.scattered.best(.principal).error - net.best(.meanImage).error
    func cost(_ points: Summary) -> String { "\(fixed(points.mean, 1)) points\(points.intervalNote())" }
    let places = (all - scattered).worded(
      above:
        "It is where the coordinates lie: those that tell digits apart crowd into the first rows of the picture. Scattered all over it they cost \(cost(scattered)).",
      below:
        "It is not that the coordinates that tell digits apart crowd into the first rows of the picture: scattered all over it they cost even more, \(cost(scattered)).",
      withinChance:
        "It is not that the coordinates that tell digits apart crowd into the first rows of the picture: scattered all over it they cost \(cost(scattered))."
    )
    return """
       Is that why PCA costs it \(cost(all))? Put the pixels of all images in one other order, the same for all, and nothing but the \
      neighbourhoods is gone: raw, it then makes \(errorsMore(order)). \
      \(2 * order.mean > all.mean ? "So that is most of it." : "Most of the cost has another reason. \(places)")
      """
  }

  /// A net's losses and errors, each with its rate.
  private static func table(of net: LearningExperiment, _ name: String) -> Table {
    let rates = net.methods.flatMap { [net.marked(net.errorRate($0)), net.marked(net.bestRate($0))] }
    return Table(
      "\(name), each number at the rate that suits it best\(rates.contains { $0.hasSuffix("*") } ? "; * is an end of the rates" : "")",
      columns: [
        "preparation", .init("training loss", digits: 3), "its rate", .init("test error (%)", digits: 1), "its rate",
      ],
      rows: net.methods.map { method in
        let best = net.best(method)
        return [
          TableCell(method.name), .measured(best.loss), TableCell(net.marked(net.bestRate(method))),
          .measured(best.error), TableCell(net.marked(net.errorRate(method))),
        ]
      })
  }

  /// The same errors at every rate, raw against centred against divided.
  private static func addErrorsByRate(to page: inout Page, _ findings: Findings) {
    let nets = [findings.learning, findings.convolution]
    let ways = [Method.raw, .meanImage, .channelStandard]
    page.figure(
      Figure(
        rateTitle(findings),
        exploring: FigureParameter(
          "net", names: ["dense net", "convolutional net"],
          initial: nets[0].widening == nil && nets[1].widening != nil ? 1 : 0),
        caption: """
          Every rate that was tried. A net that guesses errs in 90 %. \(counted(findings.seeds.count, "seed")), bands of one standard deviation.
          """,
        name: "errors-by-rate",
        titles: { place in rateTitle(nets[Int(place)]) }
      ) { place in
        let net = nets[Int(place)]
        return .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", range: 0...100),
            ways.filter { net.methods.contains($0) }.map { method in
              let places = net.rates.indices.filter { net.error(method, rate: $0).mean.isFinite }
              let errors = places.map { net.error(method, rate: $0) }
              return Series(
                method.name, x: places.map { Double(net.rates[$0]) }, y: errors.map(\.mean),
                deviation: errors.map(\.deviation), isEmphasized: method == .meanImage,
                color: [6, 0, 4, 2][method.rawValue])
            }))
      })
    page.project(
      nets.allSatisfy { $0.widening == nil }
        ? "Which rates does each preparation bear?" : "Centred pixels bear rates at which raw ones fail")
    page.prose(
      """
      \(findings.learning.widening == nil && findings.convolution.widening == nil
        ? "" : "Subtracting the mean image widens the range of rates. ")\
      \(shift(findings))
      """)
  }

  /// What centring and dividing do to the rates that a net can be given.
  private static func rateTitle(_ findings: Findings) -> String {
    let net =
      findings.learning.widening != nil ? "dense" : findings.convolution.widening != nil ? "convolutional" : nil
    return net.map { "With the mean image subtracted, the \($0) net learns at a rate at which raw pixels fail" }
      ?? "Test error by learning rate, raw, centred and divided"
  }

  /// The same of one net, in numbers.
  private static func rateTitle(_ net: LearningExperiment) -> String {
    guard let rate = net.widening else { return "Test error by learning rate" }
    let raw = net.error(.raw, rate: rate)
    let guessing = raw.values.count { $0 > 80 }
    return
      "At a rate of \(short(Double(net.rates[rate]))) raw nets err in \(fixed(raw.mean, 0)) %"
      + (guessing > 0 ? " (\(guessing) of \(raw.count) only guess)" : "")
      + ", centred ones in \(fixed(net.error(.meanImage, rate: rate).mean, 0)) %"
  }

  /// That dividing moves the good rates down: what it does at the smallest rate, and where it is best.
  private static func shift(_ findings: Findings) -> String {
    let net = findings.learning
    guard net.rates.count > 1, net.methods.contains(.channelMean) else { return "" }
    let saved = net.error(.channelMean, rate: 0) - net.error(.channelStandard, rate: 0)
    let factor = short(1 / findings.digits.pixelDeviation)
    let square = short(1 / (findings.digits.pixelDeviation * findings.digits.pixelDeviation))
    let did = saved.worded(
      above: "saves \(fixed(saved.mean, 1)) points of error\(saved.intervalNote())",
      below: "costs \(fixed(-saved.mean, 1)) points of error\(saved.magnitude.intervalNote())",
      withinChance: "changes nothing beyond chance")
    let best = [Method.channelMean, .channelStandard].map { short(Double(net.rates[net.errorRate($0)])) }
    return """
      Dividing by the deviation of the channel moves the good rates down: with one channel it makes all inputs \(factor) times as \
      large, which for the first layer is a rate \(square) times as large, and larger initial weights. At \
      \(short(Double(net.rates[0]))) it \(did) in the dense net\(findings.divisionLowers ? "" : "; at the best rate of each (\(best[0]) without, \(best[1]) with) it saves nothing"). \
      What it buys is that published rates and initial weights fit: the inputs then have a standard deviation \
      of \(short(findings.digits.standardizedDeviation)), as the derivation in chapter 4 assumes.
      """
  }

  /// What dividing each pixel by its own deviation does, in both nets.
  private static func pixelDivision(_ findings: Findings) -> String {
    let nets = [("dense", findings.learning), ("convolutional", findings.convolution)]
      .filter { $0.1.methods.contains(.pixelStandard) }
    if nets.isEmpty { return "" }
    let parts = nets.map { name, net in
      let worse = findings.worse(.pixelStandard, net)
      return isClear(worse) ? "the \(name) net makes \(errorsMore(worse))" : "the \(name) net shows no clear difference"
    }
    if !nets.contains(where: { isClear(findings.worse(.pixelStandard, $0.1)) }) {
      return
        "Dividing each pixel by its own deviation changes \(nets.count == 2 ? "neither net" : "the \(nets[0].0) net not") clearly."
    }
    return
      "With each pixel divided by its own deviation \(parts.joined(separator: ", ")), compared with the mean image."
  }

  /// `; at an end of its rates: raw`.
  private static func atEnds(_ net: LearningExperiment) -> String {
    let ends = net.methods.filter { net.marked(net.errorRate($0)).hasSuffix("*") }.map(\.name)
    return ends.isEmpty ? "" : "; at an end of them: \(ends.joined(separator: ", "))"
  }

  /// What the test errors of both nets say.
  private static func testTitle(_ findings: Findings) -> String {
    let (white, turned) = (
      findings.worse(.whitened, findings.learning), findings.worse(.principal, findings.convolution)
    )
    func costs(_ points: Summary) -> String {
      isClear(points) && points.mean > 0 ? "\(fixed(points.mean, 0)) points of test error" : "nothing"
    }
    return
      "Whitening (ε = \(short(Double(epsilon)))) costs the dense net \(costs(white)), PCA the convolutional net \(costs(turned))"
  }

  /// The same digits, black on white.
  static func addInk(to page: inout Page, _ findings: Findings) {
    let (raw, centered) = (findings.learning.best(.raw), findings.learning.best(.meanImage))
    let (inkRaw, inkCentered) = (findings.ink.best(.raw), findings.ink.best(.meanImage))
    let (mean, signs) = (findings.digits.pixelMean, findings.signs)
    let (ratio, factors) = (inkRaw.loss.mean / raw.loss.mean, [0.5, 1, 2, 4])
    let paper = inkRaw.loss - raw.loss
    let sums = findings.controls?.sums
    func bars(_ name: String, _ losses: [Summary], color: Int) -> BarChart.Bars {
      .init(name, losses.map(\.mean), deviation: losses.map(\.deviation), color: color)
    }
    let isHarder = paper.direction() == .above
    // Whether the seeds leave no more than chance between black and white, once the mean is subtracted.
    let isMended = isHarder && (inkCentered.loss - centered.loss).direction() == .withinChance
    page.prose(
      """
      ## Black on white

      For these digits the raw pixels did not do badly. That is an accident of the data: MNIST is white on black, most pixels \
      are 0, and their mean is only \(short(mean)). Exchange black and white, $x' = 1 - x$, as on paper. The information \
      is the same, the mean is \(short(1 - mean)).
      """)
    page.predict(
      "The dense net on raw pixels, black on white instead of white on black. Its training loss after \(findings.epochs) epochs is",
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
            + (isMended ? "paper and ink do not matter" : "at \(short(inkCentered.loss.mean))")
          : paper.direction() == .below
            ? "On white paper raw pixels learn even better than on black"
            : paper.count < 3
              ? "Raw pixels end at a loss of \(short(raw.loss.mean)) on black and of \(short(inkRaw.loss.mean)) on white: so few seeds decide nothing"
              : "On white paper raw pixels learn as well as on black, as far as these seeds can tell",
        .bars(
          BarChart(
            categories: ["white on black", "black on white"] + (sums == nil ? [] : ["on white, sums exchanged"]),
            y: Axis("training loss, last epoch"),
            [
              bars("raw", [raw.loss, inkRaw.loss] + (sums.map { [$0.losses.raw] } ?? []), color: 6),
              bars(
                "mean image subtracted", [centered.loss, inkCentered.loss] + (sums.map { [$0.losses.centred] } ?? []),
                color: 0),
            ])),
        caption:
          """
          The dense net, each at the rate with the lowest training loss, of \(findings.learning.grid): \(inkRates(findings)). \
          \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) images (\(findings.data)).\
          \(sums.map { " Sums exchanged: the first weights of raw pixels divided by \(fixed($0.factor, 1)), those of centred ones multiplied by it." } ?? "")
          """,
        name: "ink"))
    page.project(
      isMended
        ? "With the mean subtracted, paper does not matter"
        : isHarder ? "On white paper raw pixels learn worse" : "Is white paper harder to learn from?")
    page.prose(
      """
      \(foretold(findings))\(exchanged(findings))Raw, its test error is \(percentage(inkRaw.error)), centred \(percentage(inkCentered.error)); white on black it was \
      \(percentage(raw.error)) and \(percentage(centered.error)).

      Would another optimizer or a normalization make all this needless? Chapter 1 finds that Adam cancels the scale of each weight \
      but not a valley that lies at an angle, which is what a mean in many pixels makes. Chapter 5 finds that a net with batch norm \
      bears larger rates and bad first weights. How much centring still gains under either is not measured.

      Chapter 2 shows the same valley from another side: inputs of one sign tie the signs of a unit's gradients. It is not a second \
      reason. \
      \(signs.single[0].mean > 99.5 && signs.batch[0].mean < 0.5
        ? "With one digit at a time this happens to all units of the first layer; with batches of 32 to none."
        : "One raw digit at a time, that is so for \(fixed(signs.single[0].mean, 0)) % of the units of the first layer, in batches of 32 for \(fixed(signs.batch[0].mean, 0)) %.")
      """)
  }

  /// `raw 0.3, centred 1 on black; raw 0.03, centred 1 on white`, and where one is an end of the rates.
  private static func inkRates(_ findings: Findings) -> String {
    let nets = [(findings.learning, "black"), (findings.ink, "white")]
    let ends = nets.flatMap { net, _ in [Method.raw, .meanImage].map { net.marked(net.bestRate($0)) } }
    func rate(_ net: LearningExperiment, _ method: Method) -> String { short(Double(net.rates[net.bestRate(method)])) }
    return nets.map { "raw \(rate($0, .raw)), centred \(rate($0, .meanImage)) on \($1)" }.joined(separator: "; ")
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

  /// The rates of the smallest and of the largest ε, and those that are an end of the rates tried.
  private static func sweepRates(_ sweep: WhiteningFindings) -> String {
    guard let rates = sweep.rates, rates.count > 1 else { return "" }
    let ends = zip(sweep.epsilons, rates).filter { $1.isAtEnd }.map { short($0.0) }
    return " Rates: \(rates.map { short($0.rate) }.joined(separator: ", ")), in the order of ε"
      + (ends.isEmpty ? "." : "; at an end of the rates tried for ε = \(ends.joined(separator: ", ")).")
  }

  /// Whether the ε at which least is whitened errs as the mean image does, seed by seed.
  private static func lastGap(_ sweep: WhiteningFindings, _ centred: Summary) -> String {
    guard let last = sweep.tuned.last else { return "" }
    let gap = last - centred
    return gap.worded(
      above: "That is still \(errorsMore(gap)) than with the mean image alone.",
      below: "That is \(errorsMore(gap)) than with the mean image alone.",
      withinChance: "That is as much as with the mean image alone, within chance.")
  }

  /// How much to whiten.
  static func addWhitening(to page: inout Page, _ findings: Findings) {
    let (sweep, centered) = (findings.whitening, findings.learning.best(.meanImage))
    let (epsilons, errors, kept) = (sweep.epsilons, sweep.tuned, sweep.kept)
    page.prose(
      """
      ## How much to whiten

      Whitening treats a direction in which digits differ and one in which they hardly do as equals. The second kind is mostly \
      noise: pixels in the corners that a single writer's pen has touched. $\\varepsilon$ decides where the line is drawn: directions \
      of a variance far below it stay small.
      """)
    page.predict(
      "From left to right ε grows, and less is whitened. How does the dense net's test error go, each ε at a rate of its own?",
      drawing: "whitened",
      "From \(fixed(errors[0].mean, 1)) % at ε = \(short(epsilons[0])) to \(fixed(errors[errors.count - 1].mean, 1)) % at \(short(epsilons[epsilons.count - 1])). \(lastGap(sweep, centered.error))"
    )
    page.figure(
      Figure(
        isClear(errors[0] - errors[sweep.best], beyond: 0)
          ? "With the whitening taken back the error approaches the mean image's \(fixed(centered.error.mean, 1)) %: \(fixed(errors[0].mean, 1)) % at ε = \(short(epsilons[0])), \(fixed(errors[sweep.best].mean, 1)) % at \(short(epsilons[sweep.best]))"
          : errors[0].count < 3
            ? "\(fixed(errors[0].mean, 1)) % errors at ε = \(short(epsilons[0])), \(fixed(errors[sweep.best].mean, 1)) % at \(short(epsilons[sweep.best])): so few seeds decide nothing"
            : "How much is whitened, ε = \(short(epsilons[0])) to \(short(epsilons[epsilons.count - 1])), makes no clear difference to the test error",
        .lines(
          LineChart(
            x: Axis("ε: the larger, the less is whitened", log: true),
            y: Axis("test error (%)", range: 0...1.15 * (errors.map { $0.mean + $0.deviation }.max() ?? 1)),
            [Series("whitened", x: epsilons, y: errors.map(\.mean), deviation: errors.map(\.deviation), color: 1)],
            references: [.init(.horizontal, at: centered.error.mean, "mean image alone")])),
        caption: """
          The dense net (\(findings.data)), for each ε at the rate with \(findings.learning.judge); \(findings.overSeeds.lowercased()), with \
          a band of one standard deviation. The mean image alone has \(centered.error.formatted(decimals: 1)) %.\(sweepRates(sweep))
          """,
        name: "whitening-errors"))
    page.project(
      isClear(errors[0] - errors[sweep.best], beyond: 0)
        ? "Less whitening, fewer mistakes"
        : errors[0].count < 3
          ? "How much should be whitened?" : "How much is whitened makes no clear difference")
    page.figure(
      Figure(
        "The smaller ε, the less is left of a digit",
        exploring: FigureParameter("ε", values: epsilons, initial: epsilons.firstIndex { $0 >= 0.01 } ?? 0),
        caption:
          "Eight test digits (\(findings.data)), whitened and turned back to pixels, each frame on its own scale.",
        name: "whitening", isWide: true,
        titles: { value in
          let index = epsilons.firstIndex(of: value) ?? 0
          return "ε = \(short(value)): a digit correlates with the original by \(fixed(kept[index], 2))"
        }
      ) { value in
        let row = sweep.pictures[epsilons.firstIndex(of: value) ?? 0]
        return .images(preparedGrid([row], ["ε = \(short(value))"]))
      })
  }
}
