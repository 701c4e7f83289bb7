// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let (exchanges, gains, today) = (told.exchanges, told.gains, findings.exchanges)
    page.prose(
      """
      ## Do the parts help?

      We train pairs of small LeNets. The two nets of a pair differ in one part only and use the same seeds, so we can compare \
      them seed by seed. The parts are:

      - *average → max*: the pooling takes the maximum instead of the mean.
      - *tiling → overlapping*: the windows of the pooling overlap, as AlexNet's do.
      - *without → with LRN*: local response normalization, explained at the end of this section.
      - *5×5 → two 3×3*: two small kernels replace one larger kernel in conv2.
      - *all → table of 1998*: conv2 has only the connections of the table of 1998 (*What it costs*).\
      \(exchanges.count > 5 ? "\n- *5×5 → depthwise + 1×1*: conv2 is taken apart." : "")
      """)
    func names(_ findings: Set<Comparison.Finding>) -> String {
      let names = gains.indices.filter { findings.contains(gains[$0].finding) }.map {
        "*\(exchanges[$0].name)*"
      }
      return names.isEmpty ? "none" : names.joined(separator: " and ")
    }
    /// `*average → max* saves 0.13 points and …`: what is beyond chance.
    let beyond = gains.indices.compactMap { place in
      gains[place].told.map { "*\(exchanges[place].name)* \($0)" }
    }
    page.figure(
      Figure(
        !gains[0].isMeasured
          ? "Pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
          : recorded.map { $0.trainingCount != findings.trainingCount } == true
            ? "With \(grouped(told.trainingCount)) digits, \(beyond.isEmpty ? "no exchange has an effect beyond chance" : beyond.joined(separator: " and "))"
            : gains.allSatisfy { $0.finding == .chance }
              ? "No exchange changed the error beyond chance"
              : "Gains beyond chance: \(names([.gain, .smallGain])); losses: \(names([.loss]))",
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
          \(exchanges.count) hold together at 95 %. A whisker that crosses 0 means no difference beyond chance. \
          \(recorded == nil ? "" : "Recorded full run: ")\(counted(told.epochs, "epoch")) of \(grouped(told.trainingCount)) images (\(told.data)), \(seedRange(gains)).
          """,
        name: "parts", isWide: true))
    let proven = gains.indices.filter {
      gains[$0].finding != .chance && gains[$0].isMeasured
    }
    let origin = recorded == nil ? "Of \(gains.count) swaps" : "In the full run"
    page.project(
      proven.isEmpty
        ? (recorded == nil ? "\(origin) of a part none shows an effect" : "\(origin) no swap of a part shows an effect")
        : proven.count == 1
          ? "\(origin) only \(exchanges[proven[0]].name) shows an effect"
          : "\(origin) \(proven.count)\(recorded == nil ? "" : " of \(gains.count) swaps") show an effect",
      notes: """
        An interval that contains 0 is no finding. LRN is local response normalization. In the table of 1998 a filter sees only \
        some of the maps.
        """)
    page.prose(powerWords(told))
    page.fold("The nets, the errors and the gains") { page in
      page.prose(
        """
        All nets have 5×5 convolutions with 6 and 16 filters, max pooling, ReLU and three dense layers, with these exceptions:

        - *average → max*: windows of 2×2, taking the mean or the maximum.
        - *tiling → overlapping*: maxima of 2×2 windows with stride 2, or of 3×3 windows with stride 2.
        - *without → with LRN*: both with overlapping windows, one with LRN after each pooling (AlexNet's paper has it before), with α = 5·10⁻⁴, β = 0.75, κ = 2, q = 5.
        - *5×5 → two 3×3*: the second convolution, in nets with 12 filters in each convolution and 2×2 maxima.
        - *all → table of 1998*: which maps the filters of the second convolution see, with 2×2 maxima.\
        \(exchanges.count > 5 ? "\n- *5×5 → depthwise + 1×1*: the second convolution taken apart, with 2×2 maxima." : "")
        """)
      func table(_ lead: String, _ exchanges: [PartExchange]) -> Table {
        // The interval of the figure.
        let level = exchanges[0].gain(among: exchanges.count).level
        return
          Table(
            "\(lead)Test error in %, and the gain in percentage points, seed by seed",
            columns: [
              "exchange", "seeds", "before", "after", .init("gain", digits: 2), .init("\(level) interval"), "finding",
            ],
            rows: exchanges.map { exchange in
              let gain = exchange.gain(among: exchanges.count)
              return [
                TableCell(exchange.name), TableCell(gain.gain.count), TableCell(exchange.from.formatted(decimals: 2)),
                TableCell(exchange.to.formatted(decimals: 2)), TableCell(gain.gain.mean),
                gain.isMeasured ? TableCell(gain.interval) : "–", TableCell(gain.finding.rawValue),
              ]
            })
      }
      if recorded != nil { page.table(table("Recorded run: ", exchanges)) }
      page.table(
        table(
          "\(recorded == nil ? "" : "This shorter run, \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) images: ")",
          today))
    }
    addResponseNorm(to: &page, findings)
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
    var words = """
      Which effects can these intervals exclude? The published gains were measured on ImageNet. As the same share of the errors on \
      these digits, they would be \(list(published.map { "\(fixed($0.1.points, 2)) points for *\(names[$0.0])*" })).
      """
    if !excluded.isEmpty {
      words +=
        " For \(list(excluded.map { "*\(names[$0.0])*" })) the interval excludes a gain of this size on digits. This says nothing about ImageNet."
    }
    if !hidden.isEmpty {
      words +=
        " For \(list(hidden.map { "*\(names[$0.0])*" })) the expected gain is too small for this test: it lies inside the interval (the upper \(hidden.count == 1 ? "end is" : "ends are") \(list(hidden.map { bound(gains[$0.0]) })) points)."
    }
    return words
  }

  /// `0.18`: the largest gain that the interval contains.
  static func bound(_ comparison: Comparison) -> String { fixed(max(0, comparison.gain.mean + comparison.reach), 2) }
}
