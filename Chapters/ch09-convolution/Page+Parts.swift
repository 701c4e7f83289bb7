// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    page.prose(
      """
      ## Do the parts earn their place?

      Five pairs of small LeNets. The two of a pair differ in one part only and have the same seeds, so that they are \
      compared seed by seed: maximum or mean in the pooling; windows of the pooling that overlap or tile; with LRN or \
      without; one 5×5 or two 3×3; all connections in conv2 or the table of 1998 (*What it costs*).
      """)
    let (exchanges, gains) = (findings.parts.exchanges, findings.parts.gains)
    let now = gains.map(\.gain)
    let kept = recorded?.parts.gains.map(\.gain)
    func bars(_ name: String, _ gains: [Summary], _ color: Int) -> BarChart.Bars {
      .init(
        name, gains.map { (100 * $0.mean).rounded() / 100 },
        deviation: gains.map { $0.count < 2 ? 0 : $0.uncertainty(among: exchanges.count) }, color: color)
    }
    /// What is reported is what the larger run found.
    let reported = recorded?.parts.gains ?? gains
    func names(_ findings: Set<Comparison.Finding>) -> String {
      let names = reported.indices.filter { findings.contains(reported[$0].finding(among: exchanges.count)) }.map {
        "*\(exchanges[$0].name)*"
      }
      return names.isEmpty ? "none" : names.joined(separator: " and ")
    }
    /// `*average → max* gains 1.01 and …`: what is beyond chance.
    func told(_ gains: [Comparison]) -> String {
      let found = gains.indices.compactMap { place in
        gains[place].told(among: exchanges.count).map { "*\(exchanges[place].name)* \($0)" }
      }
      return found.isEmpty ? "no exchange is beyond chance" : found.joined(separator: " and ")
    }
    let size = "\(findings.epochs) epochs of \(grouped(findings.trainingCount)) images"
    page.figure(
      Figure(
        !reported[0].isMeasured
          ? "Five pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
          : recorded.map { $0.trainingCount != findings.trainingCount } == true
            ? "With \(grouped(recorded?.trainingCount ?? 0)) digits \(told(reported))"
            : reported.allSatisfy { $0.finding(among: exchanges.count) == .chance }
              ? "No exchange changed the error beyond chance"
              : "Gains beyond chance: \(names([.gain, .smallGain])); losses: \(names([.loss]))",
        .bars(
          BarChart(
            categories: exchanges.map(\.name), y: Axis("points of test error gained"),
            [bars("gain", kept ?? now, 0)])),
        caption: """
          Test error before less test error after, seed by seed: mean and \(short(100 - 5 / Double(exchanges.count), digits: 4)) % \
          interval, since \(exchanges.count) exchanges are looked at. \
          \(recorded.map { "Recorded full run, \($0.epochs) epochs of \(grouped($0.trainingCount)) images, \(counted($0.seeds.count, "seed")). This run is in the table below." } ?? "\(size) (\(findings.data)), \(counted(findings.seeds.count, "seed")).")
          """,
        name: "parts", isWide: true))
    let proven = reported.indices.filter {
      reported[$0].finding(among: exchanges.count) != .chance && reported[$0].isMeasured
    }
    let origin = recorded == nil ? "Of \(reported.count) swaps" : "In the full run"
    page.project(
      proven.isEmpty
        ? (recorded == nil ? "\(origin) of a part none shows an effect" : "\(origin) no swap of a part shows an effect")
        : proven.count == 1
          ? "\(origin) only \(exchanges[proven[0]].name) shows an effect"
          : "\(origin) \(proven.count)\(recorded == nil ? "" : " of \(reported.count) swaps") show an effect",
      notes: """
        An interval that crosses 0 is no finding. LRN is local response normalization; in the table of 1998 a filter sees \
        some of the maps only.
        """)
    page.prose(powerWords(findings))
    if let recorded, recorded.trainingCount > findings.trainingCount {
      let shrinking = exchanges.indices.filter { gains[$0].isLarger(than: reported[$0]) }
      if !shrinking.isEmpty {
        page.prose(
          """
          In the longer run, with \(short(Double(recorded.trainingCount) / Double(findings.trainingCount))) times the images and \
          \(short(Double(recorded.trainingCount * recorded.epochs) / Double(findings.trainingCount * findings.epochs))) times the \
          steps, \(shrinking.count == 1 ? "one of these differences has" : "\(shrinking.count) of these differences have") shrunk by \
          more than chance: \(shrinking.map { "*\(exchanges[$0].name)*" }.joined(separator: " and ")). Which of the two, data or \
          steps, did it is not separated here.
          """)
      }
    }
    page.fold("The nets, the errors and the gains") { page in
      page.prose(
        """
        5×5 convolutions with 6 and 16 filters, max pooling, ReLU, three dense layers, but for:

        - *average → max*: windows of 2×2, taking the mean or the maximum.
        - *tiling → overlapping*: maxima of 2×2 windows with stride 2, or of 3×3 windows with stride 2.
        - *without → with LRN*: both with overlapping windows, one with LRN after each pooling (AlexNet's paper has it before), with α = 5·10⁻⁴, β = 0.75, κ = 2, q = 5.
        - *5×5 → two 3×3*: the second convolution, in nets with 12 filters in each convolution and 2×2 maxima.
        - *all → table of 1998*: which maps the filters of the second convolution see, with 2×2 maxima.
        """)
      page.table(
        Table(
          "\(recorded == nil ? "" : "This run: ")Test error in %, and the gain in percentage points, seed by seed (\(size))",
          columns: ["exchange", "before", "after", .init("gain", digits: 2), "95 % interval", "finding"],
          rows: exchanges.indices.map {
            [
              TableCell(exchanges[$0].name), TableCell(exchanges[$0].from.formatted(decimals: 2)),
              TableCell(exchanges[$0].to.formatted(decimals: 2)),
              TableCell(gains[$0].gain.mean), gains[$0].isMeasured ? TableCell(gains[$0].interval) : "–",
              TableCell(gains[$0].finding.rawValue),
            ]
          }))
    }
  }

  /// What a run of this size could see, said before the claims are.
  private static func powerWords(_ findings: Findings) -> String {
    let (parts, gains) = (findings.parts, findings.parts.gains)
    let published = [
      (1, PublishedEffect.overlapping(on: parts.max)), (2, PublishedEffect.responseNorm(on: parts.overlapping)),
      (3, PublishedEffect.stacked(on: parts.five)),
    ]
    let names = findings.parts.exchanges.map(\.name)
    let hidden = published.filter { gains[$0.0].unseen($0.1) != nil }
    if !gains[0].isMeasured { return "So few runs cannot tell a gain from chance." }
    if hidden.isEmpty { return "The published gains, as shares of the errors here, are large enough to be seen." }
    return """
      What can be seen at all? The published gains were measured on ImageNet. As the same share of the errors here they would be \
      \(list(hidden.map { "\(fixed($0.1.points, 2)) points for *\(names[$0.0])*" })), and the intervals are \
      \(list(hidden.map { "± \(fixed(gains[$0.0].gain.uncertainty, 2))" })). So this run cannot decide \
      \(hidden.count == 1 ? "that one; its claim" : "those; their claims") below can only come out undecided, or by a surprise.
      """
  }
}
