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
      ## Seven preparations on black paper

      Now both nets of *Black on white* learn the digits as MNIST stores them, white on black, prepared in seven ways.
      """)
    page.predict(
      "Which preparation ends with the lowest **training** loss in the dense net?",
      choices: learning.methods.map(\.name),
      answer: learning.methods.firstIndex(of: bestLoss) ?? 0,
      "Its loss in the last epoch is \(fixed(learning.best(bestLoss).loss.mean, 3)).")
    page.project("Which preparation learns fastest?")
    page.figure(
      Figure(
        bestLoss != .whitened
          ? "The lowest training loss in the dense net: \(bestLoss.name)"
          : "Whitened digits end with the lowest training loss"
            + (findings.whitenedStartsSlower
              ? ", but begin slower: their mean loss in the first epoch is \(fixed(first(.whitened), 2)), with the mean image \(fixed(first(.meanImage), 2))"
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
          The dense net, each preparation at the best of \(learning.grid). The curves are means of 8 steps. \(findings.overSeeds), \
          \(grouped(findings.digits.trainingCount)) images (\(findings.data)). The loss falls suddenly where an epoch ends, because the net \
          has then seen all images before.
          """,
        name: "learning-curves"))
    page.project(bestLoss == .whitened ? "Whitened digits are learned fastest" : "Learned fastest: \(bestLoss.name)")
    if bestLoss == .whitened, findings.whitenedStartsSlower {
      page.prose(
        """
        Whitened images of two pixels needed one step, but whitened digits start slowly. In the first epoch every image is new to the \
        net. A possible reason, tested below, is noise: whitening makes hundreds of weak, noisy directions as large as the \
        strong ones, and what the net learns from the noise of one image does not help with the next image. From the second \
        epoch on the net meets the same noise again.
        """)
      if let words = noiseWords(findings) { page.fold("A second limit: single images") { $0.prose(words) } }
    }
    page.predict(
      "And on **test** images: how many errors does the dense net make with whitening, compared with the mean image?",
      choices: ["fewer", "about as many", "more"],
      answer: isClear(worse) ? (worse.mean > 0 ? 2 : 0) : 1,
      "It gets \(fixed(learning.best(.whitened).error.mean, 1)) % wrong with whitening, \(fixed(learning.best(.meanImage).error.mean, 1)) % with the mean image."
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
              // Scattered over the picture where that was measured: in rows its first ones hold all that counts.
              let errors = shown.map { method in
                index == 1 && method == .principal
                  ? findings.controls?.scattered.best(.principal).error ?? net.1.best(method).error
                  : net.1.best(method).error
              }
              return .init(net.0, errors.map(\.mean), deviation: errors.map(\.deviation), color: index)
            })),
        caption: """
          After \(counted(findings.epochs, "epoch")), each at its own learning rate; mean and standard deviation of \
          \(counted(findings.seeds.count, "seed")). For the convolutional net, PCA's coordinates are arranged as a \
          picture\(findings.controls == nil ? "" : ", scattered over it at random"), and whitened digits are turned back to pixels.
          """,
        name: "test-errors"))
    let byPCA = findings.turningCost
    page.project(
      byPCA.direction(beyond: 1) == .above
        ? "PCA costs the convolutional net \(fixed(byPCA.mean, 0)) points of error"
        : "New images: do whitening and PCA help?")
    addErrorsByRate(to: &page, findings, full)
    page.fold("All losses and errors, each with its rate") {
      $0.table(table(of: learning, "The dense net"))
      $0.table(table(of: convolution, "The convolutional net", scattered: findings.controls?.scattered))
    }
    addDifferences(to: &page, findings)
  }

  /// The numbers of a run that is smaller than the recorded one.
  static func addToday(to page: inout Page, _ today: Findings) {
    page.fold("The numbers of this run, which is shorter than the recorded one") { page in
      page.prose(
        """
        All figures and sentences above are about the recorded run. This run had \(grouped(today.digits.trainingCount)) images and \
        \(counted(today.epochs, "epoch")).
        """)
      page.table(table(of: today.learning, "The dense net in this run"))
      page.table(
        table(of: today.convolution, "The convolutional net in this run", scattered: today.controls?.scattered))
    }
  }

  /// The sum of all eigenvalues, which single images meet: after the mean image, and whitened.
  private static func noiseWords(_ findings: Findings) -> String? {
    guard let variance = findings.digits.variance else { return nil }
    let shares = findings.digits.shares
    let whitened = zip([0] + shares, shares).reduce(0) { sum, pair in
      let one = (pair.1 - pair.0) * variance
      return sum + one / (one + Double(epsilon))
    }
    return """
      With one image per step, the step must be small enough for this image alone, and the curvature of its \
      loss is ‖x‖². Whitening (ε = \(short(Double(epsilon)))) raises the mean of ‖x‖² from \
      \(fixed(variance, 0)) to \(fixed(whitened, 0)), so the safe rate falls by a factor of about \(fixed(whitened / variance, 0)). In \
      batches of 32 this limit is weaker. It may be one reason why \(rateOfWhitened(findings))
      """
  }

  /// The best rates of the mean image and of whitened digits.
  private static func rateOfWhitened(_ findings: Findings) -> String {
    let net = findings.learning
    let rates = [Method.meanImage, .whitened].map { Double(net.rates[net.bestRate($0)]) }
    return
      "the best rate is \(short(rates[0])) with the mean image and \(short(rates[1])) whitened, although whitening lowers $\\lambda_{\\mathrm{max}}$ from about \(findings.digits.curvatures.map { fixed($0.largest, 0) } ?? "more") to 1."
  }

  /// A net's losses and errors, each with its rate.
  ///
  /// - Parameter scattered: the net on PCA's coordinates out of their order, where that was measured.
  private static func table(
    of net: LearningExperiment, _ name: String, scattered: LearningExperiment? = nil
  ) -> Table {
    let rates = net.methods.flatMap { [net.marked(net.errorRate($0)), net.marked(net.bestRate($0))] }
    return Table(
      "\(name), each number at its best rate\(rates.contains { $0.hasSuffix("*") } ? "; * is the smallest or largest rate tried" : "")",
      columns: [
        "preparation", .init("training loss", digits: 3), "its rate", .init("test error (%)", digits: 1), "its rate",
      ],
      rows: net.methods.map { method in
        let net = method == .principal ? scattered ?? net : net
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
    let ways = [Method.raw, .meanImage, .channelMean, .channelStandard]
    page.figure(
      Figure(
        rateTitle(findings),
        exploring: FigureParameter(
          "net", names: ["dense net", "convolutional net"],
          initial: nets[0].widening == nil && nets[1].widening != nil ? 1 : 0),
        caption: """
          Both axes are logarithmic. A net that guesses gets 90 % wrong. Mean and standard deviation of \(counted(findings.seeds.count, "seed")).
          """,
        name: "errors-by-rate",
        titles: { place in rateTitle(nets[Int(place)]) }
      ) { place in
        let net = nets[Int(place)]
        // The text speaks of channel std in the dense net; a fourth name has no room beside the curves of the other.
        let ways = place == 0 ? ways : ways.filter { $0 != .channelStandard }
        let all = ways.filter { net.methods.contains($0) }.flatMap { method in
          net.rates.indices.map { net.error(method, rate: $0).mean }.filter(\.isFinite)
        }
        let lowest = min(4, max(0.1, 0.8 * (all.min() ?? 4)))
        return .lines(
          LineChart(
            x: Axis("learning rate", log: true),
            y: Axis(
              "test error (%)", log: true, range: lowest...100,
              ticks: [2, 5, 10, 20, 50, 100].filter { $0 >= lowest }.map { ($0, short($0)) }),
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
      \(full.map(bytes) ?? "")
      """)
    let words = shift(findings)
    if !words.isEmpty { page.fold("What dividing by the standard deviation does to the rate") { $0.prose(words) } }
  }

  /// What comes of pixels that were never divided by 255.
  private static func bytes(_ full: Findings) -> String {
    guard let others = full.otherNets else { return "" }
    return """
      And if we forget to divide the pixels by 255? At its best rate (\(short(others.bytes.rate))\(others.bytes.isAtEnd ? ", at the end of the range tried" : "")) \
      the dense net gets \(percentage(others.bytes.error)) wrong on pixels from 0 to 255, and \
      \(percentage(full.learning.best(.raw).error)) on pixels from 0 to 1. There are two reasons: beside the bias all curvatures are \
      255² = \(grouped(255 * 255)) times as large (*The derivation*), and every tanh unit begins saturated, which means that its output is \
      near −1 or 1, where the slope of tanh is nearly 0.
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
      "At a rate of \(short(Double(net.rates[rate]))) nets on raw pixels get \(fixed(raw.mean, 0)) % wrong"
      + (guessing > 0 ? " (\(guessing) of \(raw.count) only guess)" : "")
      + ", on centred pixels \(fixed(net.error(.meanImage, rate: rate).mean, 0)) %"
  }

  /// That dividing moves the good rates down: what it does at the smallest rate, and where it is best.
  private static func shift(_ findings: Findings) -> String {
    let net = findings.learning
    guard net.rates.count > 1, net.methods.contains(.channelMean) else { return "" }
    let saved = net.error(.channelMean, rate: 0) - net.error(.channelStandard, rate: 0)
    let factor = short(1 / findings.digits.pixelDeviation)
    let square = short(1 / (findings.digits.pixelDeviation * findings.digits.pixelDeviation))
    let did = saved.worded(
      above: "saves \(fixed(saved.mean, 1)) percentage points of error\(saved.intervalNote())",
      below: "costs \(fixed(-saved.mean, 1)) points of error\(saved.magnitude.intervalNote())",
      withinChance: "changes nothing beyond chance")
    let best = [Method.channelMean, .channelStandard].map { short(Double(net.rates[net.errorRate($0)])) }
    return """
      Dividing by the standard deviation of the channel moves the good rates down. On grey images it makes all inputs \(factor) times \
      as large. Then the gradients of the first layer are \(factor) times as large, and the weights that it needs are \(factor) times \
      smaller. Together this acts like a learning rate \(factor)² = \(square) times as large, and also like larger initial weights. At the \
      rate \(short(Double(net.rates[0]))) it \(did) in the dense net\(findings.divisionLowers ? "" : "; at the best rate of each (\(best[0]) without, \(best[1]) with) it saves nothing"). \
      Colour images have three deviations, but ImageNet's (0.229, 0.224 and 0.225) differ by only 2 %, so there too the division is \
      nearly one factor. The division is still useful: published rates and initial weights fit, because the inputs have a standard deviation \
      of \(short(findings.digits.standardizedDeviation)), as the derivation in chapter 4 assumes.
      """
  }

  /// What the test errors of both nets say.
  private static func testTitle(_ findings: Findings) -> String {
    let (white, turned) = (findings.worse(.whitened, findings.learning), findings.turningCost)
    func costs(_ points: Summary) -> String {
      isClear(points) && points.mean > 0 ? "\(fixed(points.mean, 0)) points of test error" : "nothing"
    }
    return
      "Whitening (ε = \(short(Double(epsilon)))) costs the dense net \(costs(white)), PCA the convolutional net \(costs(turned))"
  }
}
