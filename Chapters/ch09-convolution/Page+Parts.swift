// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let told = recorded ?? findings
    let (exchanges, gains, today) = (told.exchanges, told.gains, findings.exchanges)
    /// `*average → max* saves 0.13 points and …`: what is beyond chance.
    let beyond = gains.indices.compactMap { place in
      gains[place].told.map { "*\(exchanges[place].name)* \($0)" }
    }
    let isShort = !gains[0].isMeasured
    page.prose(
      """
      ## Do the parts help?

      Maximum or average, tiling or overlapping pooling, one 5×5 or two 3×3: for the parts that one can exchange, we trained \
      \(exchanges.count) pairs of small LeNets that differ in one part only, on \(grouped(told.trainingCount)) digits. \
      \(isShort ? "So few seeds show no difference that is more than chance." : beyond.isEmpty ? "No exchange makes a difference that we can see." : "We see an effect in \(beyond.count) of the \(exchanges.count): \(list(beyond)).") \
      All nets learn with batches of 32, momentum 0.9 and one learning rate (\(short(Double(Bench.commonRate)))); none has been tuned for its parts, so an effect may also \
      be one of the rate.
      """)
    func names(_ findings: Set<Comparison.Finding>) -> String {
      let names = gains.indices.filter { findings.contains(gains[$0].finding) }.map {
        "*\(exchanges[$0].name)*"
      }
      return names.isEmpty ? "none" : names.joined(separator: " and ")
    }
    page.fold("The exchanges one by one: the figure, the published gains, the nets, the errors") { page in
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
          name: "parts"))
      page.prose(powerWords(told) + fewDigits(findings, recorded))
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

  /// That max pooling pays with few digits, where this run has fewer than the record and shows it.
  private static func fewDigits(_ today: Findings, _ recorded: Findings?) -> String {
    guard let recorded, recorded.trainingCount > today.trainingCount, let few = today.gains.first,
      let many = recorded.gains.first, few.finding == .gain, many.finding == .chance
    else { return "" }
    return """


      With fewer digits the first exchange does matter. In this shorter run, on \(grouped(today.trainingCount)) digits, max pooling \
      saves \(fixed(few.gain.mean, 1)) points (\(few.level): \(few.interval)); with \(grouped(recorded.trainingCount)) digits the \
      difference is within chance.
      """
  }

  /// `0.18`: the largest gain that the interval contains.
  static func bound(_ comparison: Comparison) -> String { fixed(max(0, comparison.gain.mean + comparison.reach), 2) }
}
