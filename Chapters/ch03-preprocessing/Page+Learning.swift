// The page of chapter 3: the same networks on digits prepared in seven ways.

import Foundation
import Workbook

extension Preprocessings {
  /// Seven ways, two nets, each at the best of its rates.
  ///
  /// - Parameter full: a full run, this one or the recorded one.
  static func addExperiment(to page: inout Page, _ findings: Findings, _ full: Findings?) {
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
        what it learns of the noise in one image does not help with the next. From the second epoch on it meets the same noise again.\
        \(noiseWords(findings))
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
    addErrorsByRate(to: &page, findings, full)
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
      A filter looks at neighbours, and among PCA's coordinates, sorted by variance, there are none: they are not for convolutions.

      \(isClear(filtered)
        ? "With whitened pixels the convolutional net makes \(errorsMore(filtered)) than with the mean image\(isClear(overRaw) ? ", and \(errorsMore(overRaw)) than raw" : "; held against raw pixels the difference is not clear")."
        : "Whitened pixels make no clear difference to the convolutional net.") \
      \(isClear(centring) && centring.mean > 0
        ? "It is subtracting the mean image that costs it: \(errorsMore(centring)) than raw."
        : centring.direction() == .below
          ? "With the mean image it makes \(errorsMore(centring)) than raw."
          : "At its best rate centring gains it nothing beyond chance.")
      """)
    if let controls = findings.controls {
      page.fold("What costs the convolution so much with PCA?") { addOrders(to: &$0, controls, findings) }
    }
  }

  /// Pixels and coordinates, in their order and out of it.
  private static func addOrders(to page: inout Page, _ controls: ControlFindings, _ findings: Findings) {
    let net = findings.convolution
    page.table(
      Table(
        "Test error (%) of the convolutional net",
        columns: ["what it sees", .init("in order", digits: 1), .init("in another order", digits: 1)],
        rows: [
          [
            "raw pixels", .measured(net.best(.raw).error), .measured(controls.shuffled.best(.raw).error),
          ],
          [
            "PCA's coordinates", .measured(net.best(.principal).error),
            .measured(controls.scattered.best(.principal).error),
          ],
        ]))
    page.prose(shuffledWords(controls, findings))
  }

  /// The sum of all eigenvalues, which single images meet: after the mean image, and whitened.
  private static func noiseWords(_ findings: Findings) -> String {
    guard let variance = findings.digits.variance else { return "" }
    let shares = findings.digits.shares
    let whitened = zip([0] + shares, shares).reduce(0) { sum, pair in
      let one = (pair.1 - pair.0) * variance
      return sum + one / (one + Double(epsilon))
    }
    return """
       There is a second limit, too. $\\kappa$ speaks of all images at once; one image alone has the curvature $x^T x$, on average the \
      *sum* of the eigenvalues, and in small batches that limits the rate as well. Whitening makes the largest eigenvalue 1, but the sum \
      \(fixed(whitened, 0)), where the mean image alone leaves \(fixed(variance, 0)).
      """
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
  private static func shuffledWords(_ controls: ControlFindings, _ findings: Findings) -> String {
    let (net, shuffled) = (findings.convolution, controls.shuffled.best(.raw).error)
    let (order, all) = (shuffled - net.best(.raw).error, findings.worse(.principal, net))
    let scattered = controls.scattered.best(.principal).error - net.best(.meanImage).error
    func cost(_ points: Summary) -> String { "\(fixed(points.mean, 1)) points\(points.intervalNote())" }
    let places = (all - scattered).worded(
      above:
        "It is where the coordinates lie: those that tell digits apart crowd into the first rows of the picture. Scattered all over it they cost \(cost(scattered)). Why crowding costs so much is not tested.",
      below:
        "It is not that the coordinates that tell digits apart crowd into the first rows of the picture: scattered all over it they cost even more, \(cost(scattered)).",
      withinChance:
        "It is not that the coordinates that tell digits apart crowd into the first rows of the picture: scattered all over it they cost \(cost(scattered))."
    )
    return """
      Are the lost neighbours why PCA costs it \(cost(all))? Put the pixels of all images in one other order, the same for all, and nothing but the \
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
  private static func addErrorsByRate(to page: inout Page, _ findings: Findings, _ full: Findings?) {
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
      \(shift(findings))\(full.map(bytes) ?? "")
      """)
  }

  /// What comes of pixels that were never divided by 255.
  private static func bytes(_ full: Findings) -> String {
    guard let others = full.otherNets else { return "" }
    return """


      And if the pixels are never divided by 255, a common slip? Then all inputs are 255 times as large, which for the first layer is \
      a rate \(grouped(255 * 255)) times as large, and every tanh unit begins saturated. At the best of its rates (\
      \(short(others.bytes.rate))\(others.bytes.isAtEnd ? ", an end of those tried" : "")) the dense net errs in \
      \(percentage(others.bytes.error)) on raw bytes, on divided pixels in \(percentage(full.learning.best(.raw).error)), both in the \
      recorded run.
      """
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
}
