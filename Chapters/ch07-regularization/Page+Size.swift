// The section of chapter 7 about the number of weights.

import Foundation
import Workbook

extension Regularization {
  /// The bare net in other widths, and narrower nets on the moons.
  private static func addWidths(to page: inout Page, _ findings: Findings) {
    let moons = findings.moonRates.flatMap { moons in
      moons.entry("fewer units").map {
        " On the moons \($0.setting) units instead of 64 + 64 \(moons.gain($0).worded(beyond: 0.5, above: "save errors", below: "cost errors", withinChance: "make no difference that we could see") as String)."
      }
    }
    guard let widths = findings.widths, !widths.isEmpty else {
      page.prose("The oldest advice against overfitting is to use fewer weights.\(moons ?? "")")
      return
    }
    let board = findings.shown
    let bare = board.testError(0)
    func saved(_ net: WidthTraining) -> Summary { bare - Summary(net.testErrors) }
    let narrow = widths.filter { $0.width < 1 }.map(saved)
    let isWorse = !narrow.isEmpty && narrow.allSatisfy { $0.direction(beyond: 0.5) == .below }
    let isWiderBetter = widths.first { $0.width == 2 }.map { saved($0).direction() == .above } ?? false
    page.prose(
      """
      \(isWorse ? "**Not on our digits: with half of its kernels and units the bare net makes more errors\(isWiderBetter ? ", with twice as many fewer" : "").** " : "")We train the bare net of figure 2 narrower and wider.\(moons ?? "")
      """)
    let own = board.ownError(0).mean
    let rows =
      (widths.map { ($0.width, $0.parameters, $0.rate, $0.trainingError, Optional($0)) }
      + [(1, WidthTraining.usual, board.rate, own, nil)]).sorted { $0.0 < $1.0 }
    page.table(
      Table(
        "The bare net in other widths, each at its best rate, \(counted(board.seeds, "seed")): errors in % on its own and on new digits, and points saved, ± 95 % interval",
        columns: [
          "kernels + units", .init("parameters", digits: 0), "rate", .init("own errors", digits: 1),
          .init("new errors", digits: 1), "saved",
        ],
        rows: rows.map { width, parameters, rate, own, net in
          [
            TableCell("\(Int(6 * width)) + \(Int(48 * width))"), TableCell(parameters), TableCell(short(Double(rate))),
            TableCell(own), TableCell(net.map { Summary($0.testErrors).mean } ?? bare.mean),
            net.map { TableCell(interval(saved($0))) } ?? "–",
          ]
        }))
    page.project("Does a smaller net overfit less?", notes: "Which of the two errors falls with the width?")
  }

  /// Double descent.
  static func addDescent(to page: inout Page, _ findings: Findings) {
    let descent = findings.descent
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    let (narrow, peak, last) = (descent.bestNarrow, descent.peak, descent.features.count - 1)
    func isLower(_ a: Summary, _ b: Summary) -> Bool { isClear(b - a) ? b.mean > a.mean : b.mean > a.mean + 0.5 }
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.prose("## Is a smaller net a regularizer?")
    addWidths(to: &page, findings)
    page.prose(
      """
      What happens around the point where a net can just fit all its digits? We take the simplest net whose size we can vary: \
      one layer of random ReLU features, $\\varphi(x) = \\max(0, Ax)$, whose matrix $A$ is drawn once and never trained. After it comes a linear map, fitted by least squares to \
      \(descent.samples) digits.
      """)
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: what does the test error do?",
      drawing: "test, no penalty",
      """
      It \(["falls all the way", "falls, then rises for good", "falls, rises to a peak, and falls again"][answer]).\
      \(answer == 2 ? " This is called *double descent*." : "")
      """)
    page.project("More and more weights: what does the error do?")
    page.figure(Charts.descent(descent, data: findings.data))
    page.project(
      answer == 0
        ? "More features: the error has no peak"
        : answer == 1
          ? "From some number on, more features err more"
          : descent.features[peak] == descent.samples
            ? "The error peaks where features equal examples" : "The error peaks, and falls again with more features",
      notes: "Then cover the curve without a penalty: what is left of the peak with L2?")
    let rescue = bare[peak] - ridge[peak]
    page.prose(
      """
      \(descent.hasLargestWeightsAtPeak ? "Why the peak? With as many features as digits there is one exact fit, and it needs the largest weights. (Two digits with the features $(1, 1)$ and $(1, 1.01)$ and the targets 0 and 1 ask for $w = (-100, 100)$.) With more features there are many exact fits, and the solver takes the one with the smallest weights. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes most of the peak away. " : "")\
      **So with random features do not limit the number of weights; limit their size.**
      """)
  }
}
