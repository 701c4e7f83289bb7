// The section of chapter 9 about equal weights everywhere.

import Foundation
import Workbook

extension SlidingWindow {
  /// Neighbours, and pixels without any.
  static func addSharedWeights(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let locality = findings.locality
    let dense = denseParameters(1024, 6 * 28 * 28)
    page.prose(
      """
      ## The same weights everywhere

      LeNet's first layer makes six maps of 28×28 from a 32×32 image. As a convolution it has \
      \(convolutionParameters(1, 6, kernel: 5)) parameters. A dense layer between the same two shapes would have \
      \(grouped(dense)): every one of its \(grouped(6 * 28 * 28)) outputs has weights of its own for all \(grouped(32 * 32)) pixels. The convolution is that \
      dense layer with nearly all weights set to 0, and the others tied together in groups that must be equal. The kernel \
      $a, b / c, d$ on an image of 3×3, written as a matrix from nine pixels to four outputs:

      ```text
      a b 0 c d 0 0 0 0
      0 a b 0 c d 0 0 0
      0 0 0 a b 0 c d 0
      0 0 0 0 a b 0 c d
      ```

      It buys *translation equivariance*: shift the image, and the map shifts with it.
      """)
    page.figure(equivarianceFigure(findings))
    page.project(
      "The map shifts along; with stride 2 only by even steps", notes: "Cover the last row: will stride 2 do the same?")
    page.prose(
      """
      Two things spoil it. At the border a padding of zeros is not image: a unit there can tell that it stands at the edge, and \
      from that a deep net can learn where it is. And behind a stride of 2 a shift by one pixel is half a step: the map does not \
      shift, its values change (Zhang 2019 blurs the map before each stride).

      Equivariance is not *invariance*, an answer that stays the same; pooling and examples bring a net nearer to that. \
      Which kernels a net learns, once its weights are tied like this, chapter 10 shows: the six of LeNet's first layer.

      ## Do neighbours and equal weights pay?

      A convolution assumes that neighbouring pixels belong together. To test it, shuffle the pixels of all images, the same \
      way for each. To a person the digits are then noise. A dense net knows of no neighbours: to it nothing has changed.
      """)
    addShuffling(to: &page, findings, recorded: recorded)
    addSeparation(to: &page, findings, recorded: recorded)
    let movedCount = min(LocalityExperiment.movedCount, findings.testCount)
    let fewer = movedCount < findings.testCount
    let (convShift, denseShift) = (locality.convolutional.shifted, locality.dense.shifted)
    let differences = [(convShift, locality.convolutional), (denseShift, locality.dense)].compactMap { shifted, net in
      shifted.first.map { $0 - net.ordered }
    }
    let sizes = differences.map { "\(fixed(abs($0.mean), 1))" }.joined(separator: " and ")
    let sample =
      differences.allSatisfy { $0.direction() == .above }
      ? ", which are harder: the errors at shift 0 are higher than above (by \(sizes) points for the two)"
      : differences.allSatisfy { $0.direction() == .below } ? ", which are easier (by \(sizes) points for the two)" : ""
    page.prose(
      """
      The convolutional net and the first dense one again (this run), trained on digits in the middle of the image and tested on digits pushed to the \
      right\(fewer ? ", this time on the first \(grouped(movedCount)) of the \(grouped(findings.testCount)) test images\(sample)" : ""):
      """)
    let moved = convShift.map { "\(fixed($0.mean, 0))" }.joined(separator: ", ")
    page.predict(
      "How does the convolution's test error grow as the digits are pushed 0 to \(locality.shifts.last ?? 4) pixels to the right?",
      drawing: "convolutional",
      """
      \(moved) %. The maps of a convolution move with the digit, but the dense layers after them have learned where to look.
      """)
    page.figure(
      Figure(
        "Pushed by 2 pixels, the dense net errs on \(percent(denseShift[2].mean / 100)), the convolution on \(percent(convShift[2].mean / 100))"
          + (convShift[2].mean > 1.5 * convShift[0].mean ? "; neither is immune" : ""),
        .lines(
          LineChart(
            x: Axis("shift to the right (pixels)"), y: Axis("test error (%)"),
            [
              Series(
                "convolutional", x: locality.shifts.map(Double.init), y: convShift.map(\.mean),
                deviation: convShift.map(\.deviation), isEmphasized: true, color: 0),
              Series(
                "dense", x: locality.shifts.map(Double.init), y: denseShift.map(\.mean),
                deviation: denseShift.map(\.deviation), color: 1),
            ])),
        caption: """
          Nothing was trained on shifted digits (\(findings.data), \(fewer ? "the first \(grouped(movedCount)) of \(grouped(findings.testCount))" : grouped(movedCount)) test images). \
          \(findings.seedWords.prefix(1).uppercased() + findings.seedWords.dropFirst()).
          """,
        name: "shifted-digits"))
  }

  /// A convolutional net and dense ones of its size, pixels in order and shuffled: each at its own rate, where that was
  /// measured, else at one rate.
  static func addShuffling(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let (race, locality) = (findings.ownRates ?? recorded?.ownRates, findings.locality)
    let deep = race == nil ? nil : findings.deepRival ?? recorded?.deepRival
    let (conv, dense) = (
      (
        race?.convolutional.ordered ?? locality.convolutional.ordered,
        race?.convolutional.shuffled ?? locality.convolutional.shuffled
      ),
      (race?.dense.ordered ?? locality.dense.ordered, race?.dense.shuffled ?? locality.dense.shuffled)
    )
    let (advantage, shuffledAdvantage) = (Comparison(from: dense.0, to: conv.0), Comparison(from: dense.1, to: conv.1))
    let (shuffleCost, denseCost) = (Comparison(from: conv.1, to: conv.0), Comparison(from: dense.1, to: dense.0))
    let isRecorded = race != nil && findings.ownRates == nil
    let (count, epochs) = (race?.trainingCount ?? findings.trainingCount, race?.epochs ?? findings.epochs)
    page.predict(
      """
      A LeNet and a dense net learn from \(grouped(count)) digits (\(findings.data)), and again from the same digits with \
      all pixels shuffled in the same way. How many points of test error (percentage points) does the shuffling cost the *convolutional* net?
      """,
      choices: ["0.5", "2", "5", "10", "25"], answer: shuffleCost.gain.mean,
      """
      \(conv.0.formatted(decimals: 2)) % errors in order, \(conv.1.formatted(decimals: 2)) % shuffled (dense: \
      \(dense.0.formatted(decimals: 2)) and \(dense.1.formatted(decimals: 2)) %). A window of shuffled \
      pixels holds no edge: one kernel for all places has nothing to look for.
      """)
    page.project(
      "Shuffle all pixels the same way: what breaks?", notes: "To the dense net nothing has changed. Say why.")
    let leads = advantage.gain.direction() == .above
    let shuffledSize = fixed(abs(shuffledAdvantage.gain.mean), 1)
    let shuffledLead = shuffledAdvantage.gain.worded(
      above: "leads by \(shuffledSize)", below: "lags by \(shuffledSize)",
      withinChance: "neither leads nor lags beyond chance")
    let rates = race == nil ? "At one rate" : "Each at its own rate"
    func units(_ net: SeparatedNet) -> String { "\(grouped(net.parameters)) parameters" }
    page.figure(
      Figure(
        !advantage.isMeasured
          ? "A convolutional net and a dense one, pixels in order and shuffled; so few runs cannot tell a lead from chance"
          : leads
            ? "\(rates), with the pixels in order the convolution leads the dense net by \(fixed(advantage.gain.mean, 1)) points; shuffle them, and it \(shuffledLead)"
            : "With the pixels in order the convolution does not lead the dense net here",
        .bars(
          BarChart(
            categories: ["pixels in order", "pixels shuffled"], y: Axis("test error (%)"),
            [
              .init(
                "convolutional", [conv.0.mean, conv.1.mean], deviation: [conv.0.deviation, conv.1.deviation], color: 0),
              .init(
                deep == nil ? "dense" : "dense, one hidden layer", [dense.0.mean, dense.1.mean],
                deviation: [dense.0.deviation, dense.1.deviation], color: 1),
            ]
              + (deep.map {
                [
                  .init(
                    "dense, as deep as LeNet", [$0.ordered.mean, $0.shuffled.mean],
                    deviation: [$0.ordered.deviation, $0.shuffled.deviation], color: 2)
                ]
              } ?? []))),
        caption: """
          \(isRecorded ? "Recorded run. " : "")\(race == nil ? "" : "The best of \(race?.rates.count ?? 0) rates for each net and order, chosen on \(grouped(race?.validationCount ?? 0)) digits kept back. ")\
          \(counted(epochs, "epoch")) of \(grouped(count)) images (\(findings.data)), \(grouped(race?.testCount ?? findings.testCount)) test images, \
          \(race.map { "mean and deviation of \($0.dense.ordered.count) seeds" } ?? findings.seedWords). \
          \(list([locality.convolutional.parameters, locality.dense.parameters, deep?.parameters].compactMap { $0.map { grouped($0) } })) parameters. \
          Convolutional: LeNet-5 with ReLU and max pooling. Dense: \(denseUnits(parameters: locality.dense.parameters)) ReLU units\
          \(deep == nil ? "" : ", or four hidden layers of \(deepUnits)"). One permutation for all images and seeds.
          """,
        name: "shuffled-pixels"))
    page.project(
      shuffleCost.gain.direction() == .above && denseCost.gain.mean < shuffleCost.gain.mean / 4
        ? "Shuffling hurts the convolution, hardly the dense net"
        : leads && shuffledAdvantage.gain.direction() != .above
          ? "Shuffled, the convolution leads no more" : "Pixels in order, and shuffled: who leads?")
    func raised(_ cost: Comparison, _ whose: String) -> String {
      "\(cost.gain.mean > 0 ? "raises" : "lowers") \(whose) by \(fixed(abs(cost.gain.mean), 1)) points"
        + (cost.finding == .chance ? ", within chance" : "")
    }
    let deepWords = deep.map { deep in
      let lead = Comparison(from: deep.ordered, to: conv.0).gain
      return " Nor is it the depth: the dense net that is as deep errs on \(percentage(deep.ordered)) in order, "
        + lead.worded(
          above: "\(fixed(lead.mean, 1)) points more than the convolution\(lead.magnitude.intervalNote()).",
          below: "\(fixed(-lead.mean, 1)) points less than the convolution.", withinChance: "as the convolution does.")
    }
    page.prose(
      """
      Shuffling \(raised(shuffleCost, "the convolution's test error")), and \(raised(denseCost, "the dense net's")).\(rateWords(race, denseCost, (recorded ?? findings).locality))\(deepWords ?? "") \
      \(race == nil ? "These nets learn at one rate, \(Bench.commonRate), that falls along a cosine; nobody looked for the best rate of each (chapter 10). " : "")The \
      nets have as many parameters, but the convolution does \(fixed(locality.workRatio, 1)) times as many multiply-adds; and two \
      restrictions are tested at once, windows and equal weights.
      """)
    if isRecorded {
      page.sideNote(
        """
        This run, with all nets at the one rate \(Bench.commonRate) and \(counted(findings.epochs, "epoch")): the convolution errs \
        on \(percentage(locality.convolutional.ordered)) in order and \(percentage(locality.convolutional.shuffled)) shuffled, the \
        dense net on \(percentage(locality.dense.ordered)) and \(percentage(locality.dense.shuffled)).
        """)
    }
  }

  /// Why the dense net errs otherwise on shuffled pixels, which cannot matter to it: its two rates differ.
  private static func rateWords(_ race: OwnRateRace?, _ cost: Comparison, _ atOneRate: LocalityExperiment) -> String {
    guard let dense = race?.dense, cost.finding != .chance, dense.orderedRate != dense.shuffledRate else { return "" }
    let same = Comparison(from: atOneRate.dense.shuffled, to: atOneRate.dense.ordered)
    let trained =
      zip([dense.orderedTraining], [dense.shuffledTraining]).compactMap { first, second in
        first.flatMap { first in
          second.map {
            ", with which \(fixed(first.mean, 1)) and \(fixed($0.mean, 1)) % of its own digits are wrong in the end"
          }
        }
      }.first ?? ""
    let control =
      same.finding == .chance
      ? " At one rate for both (\(short(Double(Bench.commonRate))), on more digits) it errs on \(fixed(atOneRate.dense.ordered.mean, 2)) and \(fixed(atOneRate.dense.shuffled.mean, 2)) %: nothing has changed."
      : ""
    return
      " To the dense net that cannot matter: the difference is that of its rates, \(short(Double(dense.orderedRate))) in order and \(short(Double(dense.shuffledRate))) shuffled, chosen for each on few digits\(trained).\(control)"
  }

  /// The units in each hidden layer of the deep dense net.
  static var deepUnits: Int {
    table(of: deepDenseRival(), input: LeNet5.inputShape).first { $0.kind == "Dense" }?.output.first ?? 0
  }
}
