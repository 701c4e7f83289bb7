// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part, as they are and with their maps scaled.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let (exchanges, scaled) = (told.exchanges, told.scaledExchanges)
    let isTuned = told.hasTunedExchanges
    let images = grouped(told.exchangeImages)
    page.prose(
      """
      ## Do the parts help?

      \(scaled == nil ? "" : "**First give the numbers in a net's maps a good size (its *scale*), then compare its parts.** ")Maximum or average, tiling or overlapping windows, one \
      5×5 or two 3×3: we exchanged one part of a small LeNet with He's first weights (chapter 4) at a time and trained it on \(images) \
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
    page.fold("How the parts were measured, and LRN's formula") { page in
      page.table(
        Table(
          "Test error in %, and the gain in percentage points, seed by seed",
          columns: [
            "net", "exchange", "before", "after", .init("gain", digits: 2),
            .init("\(exchanges[0].gain.level) interval"),
          ],
          rows: rows("as it was", exchanges) + rows("scaled", scaled ?? [])
            + rows("PyTorch's weights", told.torchExchange.map { [$0] } ?? [])))
      page.prose(
        """
        The net is LeNet-5 with ReLU and max pooling of 2×2. *Overlapping* are maxima of 3×3 windows with stride 2; LRN stands after \
        each of them. The last two exchanges are in the second convolution; for two 3×3 both convolutions have 12 filters.\
        \(scaled == nil ? "" : " *Scaled* nets multiply their maps by \(fixed(Double(ScaleControl.factor), 3)) after each pooling; the net with LRN has no constant.\(told.torchExchange == nil ? "" : " PyTorch's weights: drawn within $\\pm 1/\\sqrt{D_{in}}$, biases 0; no constant.")") \
        All learn with batches of 32 and momentum 0.9\(isTuned ? ", at the best of up to \(TunedPart.allRates.count) rates, each twice the one before, by the errors on \(grouped(told.ownRates?.validationCount ?? 0)) digits that were kept back" : "").
        """)
      addResponseNorm(to: &page)
    }
  }

  private static func rows(_ net: String, _ exchanges: [PartExchange]) -> [[TableCell]] {
    exchanges.map { exchange in
      let gain = exchange.gain
      return [
        TableCell(net), TableCell(exchange.name), TableCell(exchange.from.formatted(decimals: 2)),
        TableCell(exchange.to.formatted(decimals: 2)), TableCell(gain.gain.mean),
        gain.isMeasured ? TableCell(gain.interval) : "–",
      ]
    }
  }

  private static func partsFigure(_ told: Findings, isRecorded: Bool) -> Figure {
    let scaled = told.scaledExchanges
    // Drawn are those that were measured in both nets.
    let exchanges = told.exchanges.filter { exchange in scaled?.contains { $0.name == exchange.name } ?? true }
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
            + (scaled.map { [bars("maps times \(fixed(Double(ScaleControl.factor), 1))", $0, 0)] } ?? []))),
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
      ? "With \(images) digits, no exchange changes the error beyond chance" : "With \(images) digits, \(listed(beyond))"
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
      in the maps smaller.\(range ?? "") So we changed nothing but that: all maps times \(fixed(Double(ScaleControl.factor), 1)) after each \
      pooling. With maxima this alone lowers the error from \(fixed(pooling.to.mean, 1)) to \
      \(fixed(scaled.to.mean, 1)) %. Then we exchanged the parts again:
      """
  }

  /// Whether the net as PyTorch begins it has the fault.
  private static func torchWords(_ told: Findings) -> String {
    let start = " `nn.Conv2d` and `nn.Linear` begin with weights 2.4 times smaller than He's"
    guard let torch = told.torchExchange, let plain = told.plainExchange(PartExchange.pooling),
      let scaled = told.scaledExchanges?.first, (plain.to - torch.to).direction() == .above,
      (scaled.to - torch.to).direction() != .below
    else { return start + "." }
    let pooling =
      (torch.gain.told == nil ? nil : torch.gain.gain).map {
        $0.mean > 0 ? " There maxima save \(fixed($0.mean, 1)) points against averages." : ""
      } ?? ""
    return start
      + "; from these the net with maxima has \(fixed(torch.to.mean, 1)) % wrong without a constant. **So the net that you build in PyTorch did not have this fault.**\(pooling)"
  }

  /// What is left of each exchange once the maps are scaled.
  private static func partsWords(_ told: Findings) -> String {
    let leads = [(PartExchange.pooling, "the lead of average pooling"), (PartExchange.lrn, "the gain of LRN")]
    let gone = leads.filter { name, _ in
      told.plainExchange(name)?.gain.finding != .chance && told.exchange(name)?.gain.told == nil
    }
    let why =
      gone.isEmpty
      ? ""
      : """
      **With the constant, \(listed(gone.map(\.1))) \(gone.count == 1 ? "is" : "are") gone.** It was a matter of scale, not of \
      averages or of channels that compete. In a ReLU net a constant acts like smaller initial weights (chapter 4). So before you compare parts, see to the scale, for example by batch norm (chapter 5).\(torchWords(told))
      """
    let apart =
      told.exchange(PartExchange.apart)?.gain.finding == .loss
      ? " Depthwise and 1×1 still cost errors, with far fewer weights." : ""
    return why + "\n\n" + apart.drop { $0 == " " }
  }
}
