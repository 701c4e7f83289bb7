// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let (exchanges, gains) = (told.exchanges, told.gains)
    /// `*average → max* saves 0.13 points and …`: what is beyond chance.
    let beyond = gains.indices.compactMap { place in gains[place].told.map { "*\(exchanges[place].name)* \($0)" } }
    let result =
      !gains[0].isMeasured
      ? "So few seeds show no difference that is more than chance."
      : beyond.isEmpty
        ? "No exchange makes a difference that we can see."
        : "**\(beyond.count == 1 ? "Only one exchange has an effect" : "\(beyond.count) exchanges have an effect") beyond chance: \(list(beyond)).**"
    page.prose(
      """
      ## Do the parts help?

      Maximum or average, tiling or overlapping pooling, one 5×5 or two 3×3: we exchanged \(exchanges.count) parts of a small \
      LeNet, one at a time, and trained it on \(grouped(told.trainingCount)) digits. \(result) \
      All nets have one learning rate, \(short(Double(Bench.commonRate))), tuned for none of \
      them; so an effect may also be one of the rate. On digits these choices hardly matter: take the simpler part.\(recorded == nil ? "" : fewImages(findings, told))
      """)
    page.fold("The exchanges one by one, LRN, and the table of 1998") { page in
      page.figure(
        Figure(
          !gains[0].isMeasured
            ? "Pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
            : beyond.isEmpty
              ? "With \(grouped(told.trainingCount)) digits, no exchange changes the error beyond chance"
              : "With \(grouped(told.trainingCount)) digits, \(list(beyond))",
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
            \(counted(told.epochs, "epoch")) of \(grouped(told.trainingCount)) images (\(told.data)), \(seedRange(gains)).
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
          All learn with batches of 32 and momentum 0.9.
          """)
      addOldParts(to: &page, findings, telling: told)
    }
  }

  /// What the first exchange does in this run, which has fewer images.
  private static func fewImages(_ findings: Findings, _ told: Findings) -> String {
    guard findings.trainingCount < told.trainingCount, let gain = findings.gains.first, gain.isMeasured else {
      return ""
    }
    let effect = gain.told ?? "changes nothing beyond chance"
    return
      " (This run trains less, on \(grouped(findings.trainingCount)) images: there *\(findings.exchanges[0].name)* \(effect).)"
  }

  /// `8 to 24 seeds`.
  private static func seedRange(_ gains: [Comparison]) -> String {
    let counts = gains.map(\.gain.count)
    guard let least = counts.min(), let most = counts.max() else { return "" }
    return least == most ? counted(most, "seed") : "\(least) to \(most) seeds"
  }

  /// What intervals of this width say of effects as large as the published ones.
  private static func powerWords(_ findings: Findings) -> String {
    let (parts, gains) = (findings.parts, findings.gains)
    if !gains[0].isMeasured { return "So few runs cannot tell a gain from chance." }
    let published = [
      (1, PublishedEffect.overlapping(on: parts.max)), (2, PublishedEffect.responseNorm(on: parts.overlapping)),
      (3, PublishedEffect.stacked(on: parts.five)),
    ]
    let names = findings.exchanges.map(\.name)
    let hidden = published.filter { gains[$0.0].unseen($0.1) != nil }
    let excluded = published.filter { place, effect in
      gains[place].gain.mean + gains[place].reach < effect.points
    }
    var words = ""
    if let (place, effect) = hidden.first {
      words += """
        The published gains were measured on ImageNet, where there are more errors to save. There \
        *\(names[place])* saved \(short(100 * (effect.share ?? 0))) % of all errors. \(short(100 * (effect.share ?? 0))) % of the \
        \(fixed(findings.exchanges[place].from.mean, 1)) % here is \(fixed(effect.points, 2)) points, but our interval for this gain \
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
        " For \(list(excluded.map { "*\(names[$0.0])* a gain as on ImageNet would be \(fixed($0.1.points, 2)) points" })); the interval excludes that on digits. This says nothing about ImageNet."
    }
    return words
  }
}
