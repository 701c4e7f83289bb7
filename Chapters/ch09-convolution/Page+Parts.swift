// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let (exchanges, gains) = (told.exchanges, told.gains)
    let isTuned = told.hasTunedExchanges
    /// `*average → max* saves 0.13 points and …`: what is beyond chance.
    let beyond = gains.indices.compactMap { place in gains[place].told.map { "*\(exchanges[place].name)* \($0)" } }
    let result =
      !gains[0].isMeasured
      ? "So few seeds show no difference that is more than chance."
      : beyond.isEmpty
        ? "No exchange makes a difference that we can see."
        : "\(beyond.count == 1 ? "Only one exchange has an effect" : "\(beyond.count) exchanges have an effect") beyond chance: \(list(beyond))."
    let images = grouped(told.exchangeImages)
    page.prose(
      """
      ## Do the parts help?

      Maximum or average, tiling or overlapping pooling, one 5×5 or two 3×3: we exchanged \(exchanges.count) parts of a small \
      LeNet, one at a time, and trained it on \(images) digits\(isTuned ? ", each net at its own learning rate" : ""). \(result) \
      \(isTuned
        ? "Where the interval contains 0, take the simpler part."
        : "All nets have one learning rate, \(short(Double(Bench.commonRate))), tuned for none of them, so **this decides nothing; it is only an example of widened intervals.**")
      """)
    if isTuned {
      page.prose([constantWords(told), poolingWords(told)].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    }
    page.fold("The exchanges one by one, LRN, and the table of 1998") { page in
      page.figure(
        Figure(
          !gains[0].isMeasured
            ? "Pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
            : beyond.isEmpty
              ? "With \(images) digits, no exchange changes the error beyond chance"
              : "With \(images) digits, \(list(beyond))",
          .bars(
            BarChart(
              categories: exchanges.map(\.name), y: Axis("points of test error gained"),
              [
                .init(
                  "gain", gains.map { (100 * $0.gain.mean).rounded() / 100 },
                  deviation: gains.map { $0.gain.count < 2 ? 0 : $0.reach }, color: 0)
              ])),
          caption: """
            Bars above 0 mean fewer errors after the exchange. The whiskers are intervals, widened so that all \
            \(exchanges.count) hold together at 95 %. \(recorded == nil ? "" : "Recorded full run: ")\
            \(counted(isTuned ? TunedPart.epochs : told.epochs, "epoch")) of \(images) images (\(told.data)), \(seedRange(gains))\(isTuned ? ", each net at its own learning rate" : "; one learning rate for all nets, tuned for none").
            """,
          name: "parts"))
      page.table(
        Table(
          "Test error in %, and the gain in percentage points, seed by seed",
          columns: [
            "exchange", "seeds", "before", "after", .init("gain", digits: 2), .init("\(gains[0].level) interval"),
            "finding",
          ],
          rows: zip(exchanges, gains).map { exchange, gain in
            [
              TableCell(exchange.name), TableCell(gain.gain.count), TableCell(exchange.from.formatted(decimals: 2)),
              TableCell(exchange.to.formatted(decimals: 2)), TableCell(gain.gain.mean),
              gain.isMeasured ? TableCell(gain.interval) : "–", TableCell(gain.finding.rawValue),
            ]
          }))
      page.prose(
        powerWords(told) + """


          All nets have 5×5 convolutions with 6 and 16 filters, max pooling of 2×2, ReLU and three dense layers. *Overlapping* are \
          maxima of 3×3 windows with stride 2. *LRN* stands after each overlapping pooling (AlexNet's paper has it before), with \
          α = 5·10⁻⁴, β = 0.75, κ = 2, q = 5. In *5×5 → two 3×3* the second convolution is exchanged, in nets with 12 filters in \
          each convolution\(exchanges.count > 5 ? "; in *5×5 → depthwise + 1×1* it is the second one too; a depthwise filter cannot combine maps while it looks, and has far fewer weights, which this experiment does not separate" : ""). \
          All learn with batches of 32 and momentum 0.9\(isTuned ? ", at the rate of \(list(TunedPart.allRates.map { short(Double($0)) })) with the fewest errors on \(grouped(told.ownRates?.validationCount ?? 0)) digits that were kept back" : "").
          """)
      addOldParts(to: &page, findings, telling: told)
    }
  }

  /// What LRN's gain is made of: its factor hardly varies, and a constant in its place may save as much.
  private static func constantWords(_ told: Findings) -> String {
    guard let gain = told.gains.dropFirst(2).first?.gain, gain.direction() == .above else { return "" }
    guard let control = told.scaleControl, let rest = told.gainOverConstant, control.factors.count == 2 else {
      return
        "**LRN:** with AlexNet's numbers it multiplies small values by \(short(pow(2, -0.75), digits: 3)). A constant may do as much; that was not tested."
    }
    let saved = gain - rest
    let (low, high) = (control.factors.map { $0[0] }.min() ?? 0, control.factors.map { $0[2] }.max() ?? 0)
    return """
      **Is that gain of LRN the work of neighbouring channels?** In a trained net it multiplies nine values of ten by \
      \(fixed(low, 3)) to \(fixed(high, 3)): nearly a constant. So we put the constant \
      \(fixed(Double(control.factor), 3)) in its place, at the same rate. That saves \(saved.formatted(decimals: 2)) points, LRN \(fixed(gain.mean, 2)). \
      \(rest.worded(
        above: "So LRN does a little more than a constant: \(fixed(rest.mean, 2)) points.",
        below: "**So the gain is a matter of scale, not of channels that compete.**",
        withinChance: "**So the gain is a matter of scale, not of channels that compete.**"))
      """
  }

  /// What to do about the two kinds of pooling.
  private static func poolingWords(_ told: Findings) -> String {
    guard let gain = told.gains.first?.gain, gain.direction() == .below,
      let rates = told.tunedParts.map({ nets in
        ["average", "plain"].compactMap { name in nets.first { $0.name == name }?.rate }
      }), rates.count == 2
    else { return "" }
    // A constant in the place of LRN does as much.
    let isScale = told.gainOverConstant.map { $0.direction() != .above } ?? false
    return """
      **Average or maximum?** Here average pooling errs less. It makes the values of the maps smaller, too\(rates[0] > rates[1] ? ", and bears a larger rate (\(short(Double(rates[0]))) against \(short(Double(rates[1]))))" : ""). \
      \(isScale ? "So its gain, like that of LRN, may be a matter of scale" : "That may be its advantage"); maxima times a constant were not tested.
      """
  }

  /// `8 to 24 seeds`.
  private static func seedRange(_ gains: [Comparison]) -> String {
    let counts = gains.map(\.gain.count)
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? counted(most, "seed") : "\(least) to \(most) seeds"
  }

  /// What intervals of this width say of effects as large as the published ones.
  private static func powerWords(_ findings: Findings) -> String {
    let (exchanges, gains) = (findings.exchanges, findings.gains)
    if !gains[0].isMeasured { return "So few runs cannot tell a gain from chance." }
    let published: [(Int, PublishedEffect)] = [
      (1, PublishedEffect.overlapping(on: exchanges[1].from)), (2, .responseNorm(on: exchanges[2].from)),
      (3, .stacked(on: exchanges[3].from)),
    ]
    let names = exchanges.map(\.name)
    let hidden = published.filter { gains[$0.0].unseen($0.1) != nil }
    let excluded = published.filter { place, effect in
      gains[place].gain.mean + gains[place].reach < effect.points
    }
    var words = ""
    if let (place, effect) = hidden.first {
      words += """
        The published gains were measured on ImageNet, where there are more errors to save. There \
        *\(names[place])* saved \(short(100 * (effect.share ?? 0))) % of all errors. \(short(100 * (effect.share ?? 0))) % of the \
        \(fixed(exchanges[place].from.mean, 1)) % here is \(fixed(effect.points, 2)) points, but our interval for this gain \
        reaches from \(gains[place].interval) points. So we can neither confirm nor deny it.
        """
      let others = hidden.dropFirst()
      if !others.isEmpty {
        words +=
          " The same holds for \(list(others.map { "*\(names[$0.0])* (\(fixed($0.1.points, 2)) points expected)" }))."
      }
    }
    if !excluded.isEmpty {
      words +=
        " For \(list(excluded.map { "*\(names[$0.0])* a gain as on ImageNet would be \(fixed($0.1.points, 2)) points" })); the interval excludes that on digits. This holds for our rates, and says nothing about ImageNet."
    }
    return words
  }
}
