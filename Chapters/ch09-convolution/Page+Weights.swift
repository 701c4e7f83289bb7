// The section of chapter 9 about equal weights everywhere.

import Foundation
import Workbook

extension SlidingWindow {
  /// Neighbours, and pixels without any.
  static func addSharedWeights(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let dense = denseParameters(1024, 6 * 28 * 28)
    page.prose(
      """
      ## The same weights everywhere

      LeNet's first layer makes six maps of 28×28 from an image of 32×32. As a convolution it has \
      \(convolutionParameters(1, 6, kernel: 5)) parameters; a dense layer between the same two shapes would have \
      \(grouped(dense)). The convolution is this dense layer with two restrictions. Nearly all weights are 0, because each output \
      sees only its window (*sparse connectivity*). The others are tied together: the same few weights stand in every row \
      (*weight sharing*). Here is a kernel of 2×2 on an image of 3×3, as a matrix from nine pixels (row by row) to four outputs:

      ```text
      kernel    matrix
       a b      a b 0 c d 0 0 0 0
       c d      0 a b 0 c d 0 0 0
                0 0 0 a b 0 c d 0
                0 0 0 0 a b 0 c d
      ```

      Forwards the pixels are multiplied by this matrix, backwards the gradients by its transpose.

      Equal weights give *translation equivariance*: **if the image shifts, the map shifts with it.** The proof is one line. Let \
      $z$ be the image moved by one pixel, $z_j = x_{j-1}$. At place $j$ its map is \
      $\\sum_v w_v z_{j+v} = \\sum_v w_v x_{j-1+v} = y_{j-1}$: the old map, moved by one pixel.
      """)
    page.figure(equivarianceFigure(findings))
    page.project(
      "The map shifts along; with stride 2 only by even steps", notes: "Cover the last row: will stride 2 do the same?")
    page.prose(
      """
      Two things break it. The border: padding adds zeros, so a unit can tell that it is at the edge. The stride: with a stride of \
      2, a shift by one pixel is half a step, so the map's values change (Zhang 2019 blurs the map before each stride).

      Equivariance is not *invariance*, which means that the answer stays the same.
      """)
    addMoved(to: &page, reported(findings, recorded))
    page.prose(
      """
      ## Do neighbours and equal weights pay?

      A convolution assumes that neighbouring pixels belong together. Does it win by that? We shuffle the pixels of all images, in \
      the same way for every image. For a dense net nothing changes, because it does not know which pixels are neighbours. The \
      experiments of this section differ in pixels, images and epochs: compare within one, not between two.
      """)
    addShuffling(to: &page, findings, recorded: recorded)
    addSeparation(to: &page, findings, recorded: recorded)
    page.fold("How all this was measured") {
      addShufflingMethod(to: &$0, findings, recorded: recorded)
      addSeparationMethod(to: &$0, findings, recorded: recorded)
      addAnywhereMethod(to: &$0, reported(findings, recorded))
    }
  }

  /// A convolutional net and dense ones of its size, pixels in order and shuffled: each at its own rate, where that was
  /// measured, else at one rate.
  static func addShuffling(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let (race, locality) = (findings.race ?? recorded?.race, findings.locality)
    let deep = race == nil ? nil : findings.deepRace ?? recorded?.deepRace
    let work = race == nil ? nil : findings.workRace ?? recorded?.workRace
    let (beatsDeep, beatsWork) = (
      leads(over: \.deepRace, findings, recorded), leads(over: \.workRace, findings, recorded)
    )
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
      A LeNet and a dense net learn from \(grouped(count)) digits (\(findings.data)) for \(counted(epochs, "epoch")), and \
      again from the same digits with all pixels shuffled in the same way. By how many percentage points does shuffling raise the test error of the \
      *convolutional* net?
      """,
      choices: ["0.5", "2", "5", "10", "25"], answer: (10 * shuffleCost.gain.mean).rounded() / 10,
      """
      The convolution gets \(fixed(conv.0.mean, 1)) % wrong in order and \(fixed(conv.1.mean, 1)) % shuffled, after \
      \(counted(epochs, "epoch")). A window of shuffled pixels contains no edge, so one kernel for all places finds little that is of use everywhere.
      """)
    page.project(
      "Shuffle all pixels the same way: what breaks?", notes: "To the dense net nothing has changed. Say why.")
    let leads = advantage.gain.direction() == .above
    let shuffledSize = fixed(abs(shuffledAdvantage.gain.mean), 1)
    let shuffledLead = shuffledAdvantage.gain.worded(
      above: "shuffled, it makes \(shuffledSize) points fewer",
      below: "shuffled, it makes \(shuffledSize) points more",
      withinChance: "shuffled, there is no difference beyond chance")
    page.figure(
      Figure(
        !advantage.isMeasured
          ? "A convolutional net and a dense one, pixels in order and shuffled; so few runs cannot tell a difference from chance"
          : leads
            ? "In order, the convolution makes \(fixed(advantage.gain.mean, 1)) points fewer errors than the dense net; \(shuffledLead)"
            : "With the pixels in order the convolution does not lead the dense net here",
        .bars(
          BarChart(
            categories: ["pixels in order", "pixels shuffled"], y: Axis("test error (%)"),
            [
              .init(
                "convolutional", [conv.0.mean, conv.1.mean], deviation: [conv.0.deviation, conv.1.deviation], color: 0),
              .init(
                deep == nil ? "dense" : "dense, as many parameters", [dense.0.mean, dense.1.mean],
                deviation: [dense.0.deviation, dense.1.deviation], color: 1),
            ]
              + [("dense, as much work", work, 7), ("dense, as deep as LeNet", deep, 2)].compactMap {
                name, net, color in
                net.map {
                  .init(
                    name, [$0.ordered.mean, $0.shuffled.mean],
                    deviation: [$0.ordered.deviation, $0.shuffled.deviation], color: color)
                }
              })),
        caption: """
          \(isRecorded ? "Recorded run. " : "")Nets with about \(grouped(Int((Double(locality.dense.parameters) / 1000).rounded()) * 1000)) parameters each\(work.map { "; *as much work* has as many multiply-adds as the convolution and \(grouped($0.parameters)) parameters" } ?? ""); \
          \(race == nil ? "all at one learning rate" : "each at its own learning rate"). \(grouped(count)) training images (\(findings.data)), \
          \(counted(epochs, "epoch")), mean and standard deviation of \(counted(race?.dense.ordered.count ?? findings.seeds.count, "seed")).\
          \(trainingWords([race?.convolutional, race?.dense, work, deep]))
          """,
        name: "shuffled-pixels"))
    page.project(
      shuffleCost.gain.direction() == .above && denseCost.gain.mean < shuffleCost.gain.mean / 4
        ? "Shuffling hurts the convolution, \(denseCost.finding == .chance ? "not" : "hardly") the dense net"
        : leads && shuffledAdvantage.gain.direction() != .above
          ? "Shuffled, the convolution leads no more" : "Pixels in order, and shuffled: who leads?")
    let most = [race?.convolutional, race?.dense, deep].compactMap { $0?.orderedTraining?.mean }.max()
    page.prose(
      """
      \(leads && shuffledAdvantage.gain.direction() == .below ? "**On shuffled pixels the convolution is the worse net: its lead comes from the order of the pixels.** " : "")\
      \(beatsDeep ? "Depth is not the reason\(beatsWork ? ", nor is work" : ""): it also beats a dense net that is as deep\(beatsWork ? ", and by \(fixed((work?.ordered.mean ?? 0) - conv.0.mean, 1)) points one that does as much work" : ""). " : "")\
      \(leads && (most ?? 100) < 2 ? "Nor is it faster learning: in order all nets get nearly all their training images right. So the convolution is better on *new* images. " : "")\
      \(race.map(fitWords) ?? "")
      """)
  }

  /// That the convolution of shuffled pixels fits its own images less well.
  private static func fitWords(_ race: OwnRateRace) -> String {
    guard let own = race.convolutional.shuffledTraining, own.mean > 2, race.shuffledAdvantage.gain.mean < 0 else {
      return ""
    }
    return
      "Shuffled, after \(counted(race.epochs, "epoch")) it still has \(fixed(own.mean, 1)) % of its own images wrong, so a longer training might lower its error. "
  }

  /// How the convolution and the dense nets were trained.
  private static func addShufflingMethod(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let (race, locality) = (findings.race ?? recorded?.race, findings.locality)
    let deep = race == nil ? nil : findings.deepRace ?? recorded?.deepRace
    let inputs = deep == nil ? 1024 : 784
    let dense = race?.dense.parameters ?? locality.dense.parameters
    let chosen = race.map { race in
      """
      Each net learns at the best of \(race.rates.count) rates, by the errors on \(grouped(race.validationCount)) digits that \
      were kept back\(race.dense.orderedRate == race.dense.shuffledRate ? "; the dense nets have one rate for both orders" : "").
      """
    }
    page.prose(
      """
      *All nets* have He's first weights (chapter 4) and learn with batches of 32, a momentum of 0.9 and a rate that falls to 0 like half a cosine wave.

      *Shuffled pixels.* The convolution is LeNet-5 with ReLU and max pooling. The dense net has \
      \(denseUnits(parameters: dense, inputs: inputs)) ReLU units in its hidden layer\
      \(deep == nil ? "" : ", that of as much work \(OwnRateRace.unitsOfEqualWork(inputs: inputs)), the deep one \(deepUnits(inputs)) in each of four")\
      \(deep != nil ? "; they read 28×28 pixels without LeNet's border" : ""). \(chosen ?? "All nets learn at the one rate \(Bench.commonRate), which falls along a cosine.")
      """)
  }

  /// What nets have wrong of the images that they learned from, in order, for a caption.
  static func trainingWords(_ nets: [SeparatedNet?]) -> String {
    let errors = nets.compactMap { $0?.orderedTraining?.mean }
    guard errors.count == nets.compactMap({ $0 }).count, errors.count > 1 else { return "" }
    let shuffled = nets.first.flatMap { $0?.shuffledTraining?.mean }.map {
      "; shuffled, the convolution: \(fixed($0, 1)) %"
    }
    return " Wrong of their own training images, in order: \(listed(errors.map { fixed($0, 1) })) %\(shuffled ?? "")."
  }

  /// The units in each hidden layer of the deep dense net.
  static func deepUnits(_ inputs: Int) -> Int {
    table(of: deepDenseRival(inputs: inputs), input: [inputs]).first { $0.kind == "Dense" }?.output.first ?? 0
  }
}
