// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part, as they are and with their maps scaled.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let scaled = told.scaledExchanges
    let isTuned = told.hasTunedExchanges
    let images = grouped(told.exchangeImages)
    page.prose(
      """
      ## Do the parts help?

      \(scaled == nil ? "" : "**First give the numbers in a net's maps a good size (its *scale*), then compare its parts.** ")Tiling or overlapping windows, \
      with LRN or without, maximum or average: we exchanged one part of a small LeNet with He's first weights (chapter 4) at a time and trained it on \(images) \
      digits\(isTuned ? ", each net at its own learning rate" : ""). \
      *LRN* (local response normalization) is a part of AlexNet: it divides each value by a number that grows with the values of \
      the neighbouring channels at the same pixel.

      \(isTuned
        ? scaleWords(told)
        : "All nets have one learning rate, \(short(Double(Bench.commonRate))), tuned for none of them, so **this decides nothing.**")
      """)
    page.figure(partsFigure(told, isRecorded: recorded != nil))
    page.project(
      told.gainOfScale?.direction() == .above
        ? "A constant does what average pooling and LRN did" : "One part exchanged at a time",
      notes: "Ask what average pooling and LRN have in common: both make the numbers in the maps smaller.")
    if scaled != nil, isTuned { page.prose(partsWords(told)) }
    if let best = told.bestPooling { addPoolings(to: &page, told.poolingScales + [best]) }
    page.fold("How the parts were measured, and LRN's formula") { page in
      page.prose(
        """
        The net is LeNet-5 with ReLU and max pooling of 2×2. *Overlapping* are maxima of 3×3 windows with stride 2; LRN stands after \
        each of them. Depthwise and 3×3 kernels are in the second convolution; for two 3×3 against one 5×5 both convolutions have 12 filters.\
        \(scaled == nil ? "" : " The constant is LRN's own where all values are 0, $2^{-3/4} = \(fixed(Double(ScaleControl.factor), 2))$, or its square; the net with LRN has none.\(told.torchExchanges.isEmpty ? "" : " PyTorch's weights: drawn within $\\pm 1/\\sqrt{D_{in}}$, biases 0.")") \
        All learn with batches of 32 and momentum 0.9\(isTuned ? ", at the best of up to \(TunedPart.allRates.count) rates, each twice the one before, by the errors on \(grouped(told.ownRates?.validationCount ?? 0)) digits that were kept back" : "").
        """)
      addResponseNorm(to: &page)
    }
  }

  private static func partsFigure(_ told: Findings, isRecorded: Bool) -> Figure {
    let scaled = told.scaledExchanges
    let exchanges = told.drawnExchanges
    func bars(_ name: String, _ exchanges: [PartExchange], _ color: Int) -> BarChart.Bars {
      let gains = exchanges.map(\.gain)
      return .init(
        name, gains.map { (100 * $0.gain.mean).rounded() / 100 },
        deviation: gains.map { $0.gain.count < 2 ? 0 : $0.reach }, color: color)
    }
    let gains = told.exchanges.map(\.gain)
    return Figure(
      !gains[0].isMeasured
        ? "Pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
        : scaled.map { scaledTitle($0) } ?? plainTitle(told),
      .bars(
        BarChart(
          categories: exchanges.map(\.name), y: Axis("points of test error saved"),
          [bars(scaled == nil ? "gain" : "net as it was", exchanges, scaled == nil ? 0 : 7)]
            + (scaled.map { scaled in
              let drawn = scaled.filter { item in exchanges.contains { $0.name == item.name } }
              return [bars("maps times \(fixed(Double(ScaleControl.factor), 2))", drawn, 0)]
            } ?? []))),
      caption: """
        Bars above 0 mean fewer errors after the exchange. The whiskers are intervals, widened so that the \(gains.count) of a net hold \
        together at 95 %. \(isRecorded ? "Recorded full run: " : "")\
        \(counted(told.hasTunedExchanges ? TunedPart.epochs : told.epochs, "epoch")) of \(grouped(told.exchangeImages)) images \
        (\(told.data)), \(counted(gains[0].gain.count, "seed")), \
        \(told.hasTunedExchanges ? "each net at its own learning rate" : "one learning rate for all nets, tuned for none").
        """,
      name: "parts")
  }

  /// What is beyond chance once the maps are scaled.
  private static func scaledTitle(_ scaled: [PartExchange]) -> String {
    let beyond = effects(scaled)
    return beyond.isEmpty
      ? "Once the maps are scaled, no exchange changes the error beyond chance"
      : "Once the maps are scaled, \(beyond.count == 1 ? "one exchange is" : "\(beyond.count) exchanges are") "
        + "beyond chance: \(listed(beyond))"
  }

  private static func plainTitle(_ told: Findings) -> String {
    let (beyond, images) = (effects(told.exchanges), grouped(told.exchangeImages))
    return beyond.isEmpty
      ? "With \(images) digits, no exchange changes the error beyond chance"
      : "With \(images) digits, \(listed(beyond))"
  }

  /// `*average → max* saves 0.13 points`, …: what is beyond chance.
  private static func effects(_ exchanges: [PartExchange]) -> [String] {
    exchanges.compactMap { exchange in exchange.gain.told.map { "*\(exchange.name)* \($0)" } }
  }

  /// That two parts seem to help, what they have in common, and what a constant does.
  private static func scaleWords(_ told: Findings) -> String {
    guard let scale = told.gainOfScale, scale.direction() == .above, let scaled = told.scaledExchanges?.first,
      let pooling = told.plainExchange(PartExchange.pooling), pooling.gain.gain.direction() == .below,
      told.plainExchange(PartExchange.lrn)?.gain.gain.direction() == .above
    else { return "" }
    let range = told.scaleControl.map { control in
      " In a trained net LRN multiplies nine values of ten by \(fixed(control.factors.map { $0[0] }.min() ?? 0, 3)) to \(fixed(control.factors.map { $0[2] }.max() ?? 0, 3)): nearly a constant."
    }
    return """
      In the net as it was, average pooling and LRN seem to help a lot. They have one thing in common: both make the numbers \
      in the maps smaller.\(range ?? "") So we changed nothing but that: all maps times \(fixed(Double(ScaleControl.factor), 2)) after each \
      pooling. With maxima this alone lowers the error from \(fixed(pooling.to.mean, 1)) to \
      \(fixed(scaled.to.mean, 1)) %. Then we exchanged the parts again:
      """
  }

  /// Each pooling at several scales, and at its best.
  private static func addPoolings(to page: inout Page, _ scales: [PoolingScale]) {
    let gains = scales.map(\.exchange.gain)
    guard let first = gains.first, let best = gains.last,
      let torch = scales.first(where: { $0.name == PoolingScale.torch })?.exchange.gain
    else { return }
    func words(_ gain: Comparison) -> String {
      switch gain.finding {
      case .gain, .smallGain: "maxima save \(fixed(gain.gain.mean, 1)) points"
      case .loss: "maxima cost \(fixed(-gain.gain.mean, 1)) points"
      case .chance, .tooFewRuns: "we cannot say which is better"
      }
    }
    page.prose(
      """
      **Which pooling looks better depends on the scale,** so each was tried at \(scales.count - 1) scales:
      """)
    page.table(
      Table(
        "Test error in %, \(counted(first.gain.count, "seed")); the best scale has the fewest errors on digits that were kept back",
        columns: ["scale", "average", "max", .init("max saves", digits: 2), .init("\(best.level) interval")],
        rows: zip(scales, gains).map { scale, gain in
          [
            TableCell(scale.name), TableCell(scale.average.errors.formatted(decimals: 2)),
            TableCell(scale.max.errors.formatted(decimals: 2)), TableCell(gain.gain.mean),
            gain.isMeasured ? TableCell(gain.interval) : "–",
          ]
        }))
    page.prose(
      """
      With He's weights \(words(first)). With PyTorch's, which are 2.4 times smaller, \(words(torch)). Each at its best scale, \
      \(words(best)). So a comparison at one scale tells of the scale.\(torch.finding == .gain ? " **In PyTorch, begin with maxima.**" : "")
      """)
  }

  /// What is left of LRN and of depthwise kernels once the maps are scaled.
  private static func partsWords(_ told: Findings) -> String {
    let isGone =
      told.plainExchange(PartExchange.lrn)?.gain.finding != .chance && told.exchange(PartExchange.lrn)?.gain.told == nil
    return isGone
      ? """
      **With the constant, the gain of LRN is gone.** It was a matter of scale, not of channels that compete. In a ReLU net a \
      constant acts like smaller first weights (chapter 4), and it shortens the steps of the layer behind it. \
      Batch norm (chapter 5) sees to the scale too.
      """ : ""
  }
}
