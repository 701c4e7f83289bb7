// The section of chapter 9 about the parts of a small network.

import Foundation
import Workbook

extension SlidingWindow {
  /// Pairs of networks that differ in one part.
  static func addParts(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## Do the parts earn their place?

      Five pairs of small LeNets (5×5 convolutions with 6 and 16 filters, max pooling, ReLU, three dense layers). The two of \
      a pair differ in one part only and have the same seeds, so that they are compared seed by seed:

      - *average → max*: windows of 2×2, that give the mean or the maximum.
      - *tiling → overlapping*: maxima of 2×2 windows with stride 2, or of 3×3 windows with stride 2.
      - *without → with LRN*: both with overlapping windows, one with LRN behind each pooling (AlexNet's paper has it in front), with α = 5·10⁻⁴, β = 0.75, κ = 2, q = 5.
      - *5×5 → two 3×3*: the second convolution, in nets with 12 filters in each convolution and 2×2 maxima.
      - *all → table of 1998*: which maps the filters of the second convolution see, with 2×2 maxima.
      """)
    let (exchanges, gains) = (findings.parts.exchanges, findings.parts.gains)
    let mostUseful = (0..<4).max { gains[$0].gain.mean < gains[$1].gain.mean } ?? 0
    let isUseful = [.gain, .smallGain].contains(gains[mostUseful].finding)
    page.predict(
      "Which exchange takes the most off the test error of this small network?",
      choices: [
        "max pooling for average pooling", "overlapping windows for windows that tile",
        "adding local response normalization", "two 3×3 convolutions for one 5×5", "none by more than chance",
      ],
      answer: isUseful ? mostUseful : 4,
      """
      \(isUseful ? "It" : "The most useful of the four, *\(exchanges[mostUseful].name)*,") makes \
      \(gains[mostUseful].measured.text): \(exchanges[mostUseful].from.formatted(decimals: 2)) % before, \
      \(exchanges[mostUseful].to.formatted(decimals: 2)) % after\(isUseful ? "" : ", which these runs cannot tell from chance").
      """)
    func names(of finding: Comparison.Finding) -> String {
      gains.indices.filter { gains[$0].finding == finding }.map { exchanges[$0].name }.joined(separator: ", ")
    }
    let (useful, harmful) = (names(of: .gain), names(of: .loss))
    page.figure(
      Figure(
        !gains[0].isMeasured
          ? "Five pairs of networks that differ in one part; so few runs cannot tell a gain from chance"
          : "More than chance is gained by \(useful.isEmpty ? "none of the exchanges" : useful), and lost by \(harmful.isEmpty ? "none" : harmful)",
        .bars(
          BarChart(
            categories: exchanges.map(\.name), y: Axis("test error (%)"),
            [
              .init("before", exchanges.map(\.from.mean), deviation: exchanges.map(\.from.deviation), color: 7),
              .init("after", exchanges.map(\.to.mean), deviation: exchanges.map(\.to.deviation), color: 0),
            ])),
        caption: """
          \(findings.epochs) epochs of \(grouped(findings.trainingCount)) images (\(findings.data)), \(grouped(findings.testCount)) test images, \(findings.seedWords). \
          More than chance: the 95 % interval of the mean difference, seed by seed, leaves out 0; a gain is also over 0.05 points.
          """,
        name: "parts", isWide: true))
    page.table(
      Table(
        "Test error in %, and the gain in percentage points, seed by seed",
        columns: ["exchange", "before", "after", .init("gain", digits: 2), "finding"],
        rows: exchanges.indices.map {
          [
            TableCell(exchanges[$0].name), TableCell(exchanges[$0].from.formatted(decimals: 2)),
            TableCell(exchanges[$0].to.formatted(decimals: 2)),
            gains[$0].gain.count < 2
              ? TableCell(gains[$0].gain.mean) : .measured(gains[$0].gain),
            TableCell(gains[$0].finding.rawValue),
          ]
        }))
  }
}
