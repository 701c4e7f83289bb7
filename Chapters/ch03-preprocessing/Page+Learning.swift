// The page of chapter 3: the same networks on digits prepared in seven ways.

import Foundation
import Workbook

extension Preprocessings {
  /// What turning the axes and whitening do, in short; all seven ways and two nets in folds.
  ///
  /// - Parameter full: a full run, this one or the recorded one.
  static func addTurning(to page: inout Page, _ findings: Findings, _ full: Findings?) {
    let (learning, convolution, bestLoss) = (findings.learning, findings.convolution, findings.bestLoss)
    page.prose(
      """
      ## Do PCA and whitening help?

      Whitened digits vary equally in all directions, so that no direction is steep. Both nets of *Black on white* learn digits on black paper, as \
      MNIST stores them. The rates tried are a factor of 3 apart, so a small difference may come from the rates.
      """)
    let change = findings.overRaw(.whitened, learning)
    page.predict(
      "The dense net learns whitened digits. Compared with raw pixels, its **test** error is",
      choices: ["more than 1 point lower", "within 1 point", "more than 1 point higher"],
      answer: change.mean < -1 ? 0 : change.mean > 1 ? 2 : 1,
      """
      It is \(fixed(learning.best(.whitened).error.mean, 1)) %, on raw pixels \(fixed(learning.best(.raw).error.mean, 1)) %, although \
      the training loss is \(bestLoss == .whitened ? "the lowest" : "another matter").
      """)
    page.project("Whitened digits: more or fewer test errors?")
    page.prose(conclusions(findings))
    page.figure(
      Figure(
        testTitle(findings),
        .bars(
          BarChart(
            categories: convolution.methods.map(\.name), y: Axis("test error (%)"),
            [("dense net", learning), ("convolutional net", convolution)].enumerated().map { index, net in
              let errors = convolution.methods.map { method in
                index == 1 && method == .principal ? findings.turned : net.1.best(method).error
              }
              return .init(net.0, errors.map(\.mean), deviation: errors.map(\.deviation), color: index)
            })),
        caption: """
          After \(counted(findings.epochs, "epoch")); mean and standard deviation of \(counted(findings.seeds.count, "seed")). For the \
          convolutional net, PCA's coordinates are arranged as a picture\(findings.controls == nil ? "" : ", scattered over it at random"), \
          and whitened digits are turned back to pixels.
          """,
        name: "test-errors"))
    page.project(
      findings.turningCost.direction(beyond: 1) == .above
        ? "PCA costs the convolutional net \(fixed(findings.turningCost.mean, 1)) points of error"
        : "New images: do whitening and PCA help?")
    page.fold("How PCA and whitening are computed") { addComponents(to: &$0, findings) }
    page.fold("How fast each is learned, at which rates, and how much to whiten") { page in
      page.figure(
        Figure(
          bestLoss != .whitened
            ? "The lowest training loss in the dense net: \(bestLoss.name)"
            : "Whitened digits end with the lowest training loss"
              + (findings.whitenedStartsSlower
                ? ", but in the first epoch they are slower than with the mean image" : ""),
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
            The dense net. \(findings.overSeeds), \(grouped(findings.digits.trainingCount)) images (\(findings.data)); means of 8 steps. The \
            loss falls suddenly where an epoch ends, because the net has then seen all images before.
            """,
          name: "learning-curves"))
      let words = weakWords(findings)
      if !words.isEmpty { page.prose(words) }
      addErrorsByRate(to: &page, findings)
      if let words = full.flatMap(bytes) { page.prose(words) }
      page.prose(whiteningStrength(findings))
    }
    page.fold("All losses and errors, with their rates, and the differences") {
      $0.table(table(of: learning, "The dense net"))
      $0.table(table(of: convolution, "The convolutional net", scattered: findings.controls?.scattered))
      addDifferences(to: &$0, findings)
    }
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

  /// Why whitened digits begin slowly and err more, and the control: the leading directions alone.
  private static func weakWords(_ findings: Findings) -> String {
    guard findings.bestLoss == .whitened, findings.whitenedStartsSlower else { return "" }
    let guess = """
      Why do whitened digits begin slowly? Whitening makes hundreds of weak, noisy directions as large as the strong ones, and the \
      noise of one image does not help with a new one.
      """
    guard let controls = findings.controls else { return guess }
    let (all, some) = (findings.learning.best(.whitened).error, controls.leading.best(.whitened).error)
    let above = some - findings.learning.best(.meanImage).error
    let found = (some - all).worded(
      above: "The net then errs even more, so noise is not the reason.",
      below: """
        The net then makes \(fixed((all - some).mean, 1)) points fewer test errors, so the noise costs errors\(above.worded(
          above: ", but it is not the whole reason", below: "", withinChance: ", and it is the whole reason")).
        """,
      withinChance: "The net then errs as much within chance, so the reason for the errors is another one.")
    return "\(guess) We kept only the first \(controls.kept) whitened directions. \(found)"
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
  private static func addErrorsByRate(to page: inout Page, _ findings: Findings) {
    let nets = [findings.learning, findings.convolution]
    let ways: [Method] = [.raw, .meanImage, .channelMean, .channelStandard]
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
    page.prose(
      """
      \(nets.allSatisfy { $0.widening == nil } ? "" : "Subtracting the mean image widens the range of rates. ")\
      Dividing by the standard deviation of the channel moves the good rates down (*And the standard deviation?*).
      """)
  }

  /// What comes of pixels that were never divided by 255.
  private static func bytes(_ full: Findings) -> String? {
    full.otherNets.map {
      """
      And if we forget to divide the pixels by 255? At its best rate the dense net then gets \(fixed($0.bytes.error.mean, 0)) % wrong, and \
      \(fixed(full.learning.best(.raw).error.mean, 0)) % on pixels from 0 to 1. Nearly all curvatures are 255² times as large, and every tanh \
      unit begins where tanh is flat.
      """
    }
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
      "At the rate \(short(Double(net.rates[rate]))), nets on raw pixels get \(fixed(raw.mean, 0)) % wrong"
      + (guessing > 0 ? " (\(guessing) of \(raw.count) only guess)" : "")
      + ", on centred pixels \(fixed(net.error(.meanImage, rate: rate).mean, 0)) %"
  }

  /// What the test errors of both nets say, compared with raw pixels.
  private static func testTitle(_ findings: Findings) -> String {
    func costs(_ points: Summary) -> String {
      isClear(points) && points.mean > 0 ? "\(fixed(points.mean, 1)) points" : "nothing"
    }
    return """
      Test errors, compared with raw pixels: whitening (ε = \(short(Double(epsilon)))) costs the dense net \
      \(costs(findings.overRaw(.whitened, findings.learning))), PCA the convolutional net \(costs(findings.turningCost))
      """
  }
}
