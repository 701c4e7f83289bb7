// The section of chapter 9 about equal weights everywhere.

import Foundation
import Workbook

extension SlidingWindow {
  /// Neighbours, and pixels without any.
  static func addSharedWeights(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let (locality, advantage, shuffledAdvantage) = (findings.locality, findings.advantage, findings.shuffledAdvantage)
    let (shuffleCost, denseCost) = (findings.shuffleCost, findings.denseCost)
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
    page.predict(
      """
      A LeNet and a dense net learn from \(grouped(findings.trainingCount)) digits (\(findings.data)), and again from the same digits with \
      all pixels shuffled in the same way. How many points of test error does the shuffling cost the *convolutional* net?
      """,
      choices: ["0.5", "2", "5", "10", "25"], answer: shuffleCost.gain.mean,
      """
      \(locality.convolutional.ordered.formatted(decimals: 2)) % errors in order, \
      \(locality.convolutional.shuffled.formatted(decimals: 2)) % shuffled (dense: \
      \(locality.dense.ordered.formatted(decimals: 2)) and \(locality.dense.shuffled.formatted(decimals: 2)) %). A window of shuffled \
      pixels holds no edge: one kernel for all places has nothing to look for.
      """)
    page.project(
      "Shuffle all pixels the same way: what breaks?", notes: "To the dense net nothing has changed. Say why.")
    let leads = advantage.gain.direction() == .above
    let shuffledSize = fixed(abs(shuffledAdvantage.gain.mean), 2)
    let shuffledLead = shuffledAdvantage.gain.worded(
      above: "leads by \(shuffledSize)", below: "lags by \(shuffledSize)",
      withinChance: "neither leads nor lags beyond chance")
    page.figure(
      Figure(
        !advantage.isMeasured
          ? "A convolutional net and a dense one, pixels in order and shuffled; so few runs cannot tell a lead from chance"
          : leads
            ? "At one rate, with the pixels in order the convolution leads the dense net by \(fixed(advantage.gain.mean, 2)) points; shuffle them, and it \(shuffledLead)"
            : "With the pixels in order the convolution does not lead the dense net here",
        .bars(
          BarChart(
            categories: ["pixels in order", "pixels shuffled"], y: Axis("test error (%)"),
            [
              .init(
                "convolutional", [locality.convolutional.ordered.mean, locality.convolutional.shuffled.mean],
                deviation: [locality.convolutional.ordered.deviation, locality.convolutional.shuffled.deviation],
                color: 0),
              .init(
                "dense", [locality.dense.ordered.mean, locality.dense.shuffled.mean],
                deviation: [locality.dense.ordered.deviation, locality.dense.shuffled.deviation], color: 1),
            ])),
        caption: """
          \(grouped(locality.convolutional.parameters)) and \(grouped(locality.dense.parameters)) parameters, \
          \(findings.epochs) epochs of \(grouped(findings.trainingCount)) images (\(findings.data)), \(grouped(findings.testCount)) test images, \(findings.seedWords). \
          The convolutional net is LeNet-5 with ReLU and max pooling; one permutation for all images and seeds. The dense net: \
          1024 pixels, \(denseUnits(parameters: locality.dense.parameters)) ReLU units, 10 outputs.
          """,
        name: "shuffled-pixels"))

    page.project(
      shuffleCost.gain.direction() == .above && denseCost.gain.direction() == .withinChance
        ? "Shuffling hurts the convolution, not the dense net"
        : leads && shuffledAdvantage.gain.direction() != .above
          ? "Shuffled, the convolution leads no more" : "Pixels in order, and shuffled: who leads?")
    func raised(_ cost: Comparison) -> String {
      "\(cost.gain.mean > 0 ? "raises" : "lowers") it by \(fixed(abs(cost.gain.mean), 2))"
        + (cost.finding == .chance ? ", within chance" : "")
    }
    page.prose(
      """
      Shuffling \(raised(shuffleCost).replacingOccurrences(of: " it ", with: " the convolution's test error ")) points. For the \
      dense net it \(raised(denseCost)). \(ownRatesFinding(findings, recorded: recorded)) The two have as many parameters, but the \
      convolution does \(fixed(locality.workRatio, 1)) times as many multiply-adds; and two restrictions are tested at once, windows \
      and equal weights.
      """)
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
      ? ", which are harder (by \(sizes) points for the two)"
      : differences.allSatisfy { $0.direction() == .below } ? ", which are easier (by \(sizes) points for the two)" : ""
    page.prose(
      """
      The two nets of equal parameters again, trained on digits in the middle of the image and tested on digits pushed to the \
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
  /// What one rate for both leaves open, and what a rate for each says.
  static func ownRatesFinding(_ findings: Findings, recorded: Findings?) -> String {
    guard let race = findings.ownRates ?? recorded?.ownRates else {
      return
        "These nets learn at one rate, \(Bench.commonRate), that falls along a cosine; nobody looked for the best rate of each (chapter 10)."
    }
    let (gain, shuffled) = (race.advantage.gain, race.shuffledAdvantage.gain)
    func size(_ gain: Summary) -> String { "\(fixed(abs(gain.mean), 1)) points (95 %: \(gain.magnitude.interval(1)))" }
    let ordered = gain.worded(
      above: "the convolution leads by \(size(gain))", below: "the convolution lags by \(size(gain))",
      withinChance: "neither leads beyond chance")
    let after = shuffled.worded(
      above: "leads by \(size(shuffled))", below: "lags by \(size(shuffled))",
      withinChance: "neither leads nor lags beyond chance")
    let ends = [race.convolutional, race.dense].contains { $0.isAtEnd(of: race.rates) }
    return """
      Both learn at one rate here, \(Bench.commonRate), which need not suit both. Each at its own rate \
      (recorded: \(grouped(race.trainingCount)) digits, \(counted(race.epochs, "epoch")), \(counted(race.dense.ordered.count, "seed")), the best of \
      \(race.rates.count) rates\(ends ? ", one of them at the end of the grid" : "")) \(ordered) with the pixels in order, and shuffled it \(after).
      """
  }
}
