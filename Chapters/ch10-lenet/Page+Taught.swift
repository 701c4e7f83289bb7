// The page of chapter 10: everything that the chapters before taught, and what is missed when one part is left out.

import Foundation
import Workbook

extension LeNet {
  /// The last row, taken apart.
  static func addTaught(to page: inout Page, _ findings: VariantFindings) {
    guard let all = findings.allRow, let plusPlus = findings.ownRates?.named("LeNet-5++") else { return }
    let error = Summary(all.runs.map(\.finalError))
    let gap = plusPlus.finalError - error
    page.prose(
      """
      ## What the other chapters earn

      The last network has the same layers and what chapters 4 to 9 taught for such a net: He's first weights, ReLU, \
      cross-entropy, batch normalization, max pooling, momentum 0.9, a rate that falls as a cosine, and digits shifted by up \
      to two pixels each time they are used. It ends at \(error.formatted(decimals: 2)) % errors, \
      \(gap.worded(above: "\(fixed(gap.mean, 2)) points below LeNet-5++ (95 %: \(gap.interval(2)))", below: "above LeNet-5++ by \(fixed(-gap.mean, 2)) points", withinChance: "\(fixed(abs(gap.mean), 2)) points \(gap.mean < 0 ? "above" : "below") LeNet-5++, which seed by seed is within chance")).\
      \(findings.leftOut == nil ? (firstLook(findings) == nil ? " Which of these earns it was not taken apart." : " Which of these earns it?") : " Which of these earns it? \(findings.leftOut?.rows.count == TaughtPart.allCases.count ? "Each is left out once" : "Some of them are left out, one at a time"), the rate chosen anew:")
      """)
    if findings.leftOut?.rows.count != TaughtPart.allCases.count { addFirstLook(to: &page, findings) }
    guard let leftOut = findings.leftOut else { return }
    let ranking = leftOut.ranking
    page.figure(
      Figure(
        leftOutTitle(leftOut),
        .bars(
          BarChart(
            categories: ["everything"] + ranking.map { "without \($0.part.name)" },
            y: Axis("test error (%)"),
            [
              .init(
                "", [leftOut.whole.mean] + ranking.map(\.error.mean),
                deviation: ([leftOut.whole] + ranking.map(\.error)).map { leftOut.reach($0) }, color: 5)
            ])),
        caption: """
          \(findings.data), after \(counted(findings.epochs, "epoch")): means of \(seedCounts(leftOut)), with 95 % intervals from the \
          spread that all of these nets have in common. Left out means: \
          \(leftOut.rows.map(\.part).filter { $0.instead != "none" }.map { "\($0.instead) for \($0.name)" }.joined(separator: ", ")). \
          Rates were chosen after \(counted(4, "epoch")) on digits kept back.
          """, name: "left-out"))
    page.project(leftOutSlide(leftOut))
    page.prose(leftOutFinding(leftOut))
  }

  /// The smallest error of each part's choice of a rate; nil where not all were made.
  private static func firstLook(_ findings: VariantFindings) -> [(part: TaughtPart, error: Double, rate: Double)]? {
    let rows = TaughtPart.allCases.compactMap { part in
      findings.worth?[part.trial].flatMap { trial in
        trial.choice.errors.min().map { (part: part, error: $0, rate: trial.choice.rate) }
      }
    }
    return rows.count == TaughtPart.allCases.count ? rows : nil
  }

  /// What the choice of the rates has shown already, where not all parts were left out for the whole training.
  private static func addFirstLook(to page: inout Page, _ findings: VariantFindings) {
    guard let all = findings.allRow?.choice, let least = all.errors.min(), let worth = findings.worth,
      let rows = firstLook(findings)
    else { return }
    page.table(
      Table(
        "A first look: each part left out once, \(counted(findings.taught?.choiceEpochs ?? 4, "epoch")), one seed, on the \(grouped(worth.keptBack)) digits that chose its rate",
        columns: ["left out", "in its place", .init("error (%)", digits: 2), "its own rate"],
        rows: [["nothing", "–", TableCell(least), TableCell(short(all.rate))]]
          + rows.sorted { $0.error > $1.error }.map {
            [TableCell($0.part.name), TableCell($0.part.instead), TableCell($0.error), TableCell(short($0.rate))]
          }))
    let most = rows.sorted { $0.error > $1.error }.prefix(2).map(\.part.name)
    page.prose(
      "So far that is one training each: only large differences mean something. \(listed(most).capitalizedFirst) are missed most in so short a training."
    )
  }

  private static func seedCounts(_ leftOut: LeftOut) -> String {
    let counts = Set(([leftOut.whole] + leftOut.rows.map(\.error)).map(\.count)).sorted()
    return counts.map(String.init).joined(separator: " or ") + " seeds"
  }

  private static func leftOutTitle(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    return missed.isEmpty
      ? "Left out one at a time, none is missed by more than chance"
      : "Left out one at a time: only \(listed(missed.map(\.part.name))) \(missed.count == 1 ? "is" : "are") missed by more than chance"
  }

  private static func leftOutSlide(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    switch missed.count {
    case 0: return "Left out one at a time, none is clearly missed"
    case 1: return "Left out one at a time: \(missed[0].part.name) is missed"
    case 2: return "Missed most: \(listed(missed.map(\.part.name)))"
    default: return "Left out one at a time: \(missed.count) of \(leftOut.rows.count) are missed"
    }
  }

  /// What is missed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut) -> String {
    func told(_ row: LeftOut.Row) -> String {
      let factor = leftOut.factor(row)
      return
        "\(row.part.name) × \(fixed(factor.mean, 2)) (95 %: \(fixed(factor.low, 2)) to \(fixed(factor.high, 2)))"
    }
    let (missed, open, harmful) = (leftOut.missed, leftOut.open, leftOut.harmful)
    let first =
      missed.isEmpty
      ? "" : "Without it the error is multiplied by so much: \(missed.map(told).joined(separator: ", ")). "
    let widest = open.map { leftOut.factor($0) }.map { max($0.high, 1 / $0.low) }.max() ?? 1
    let second =
      open.isEmpty
      ? ""
      : "That \(listed(open.map(\.part.name))) \(open.count == 1 ? "is" : "are") missed cannot be told from chance, looking at \(leftOut.rows.count) at once: without \(open.count == 1 ? "it" : "one of them") the error changes by a factor of \(fixed(widest, 2)) at most."
    let third =
      harmful.isEmpty ? "" : " Without \(listed(harmful.map(\.part.name))) the net is even better, by more than chance."
    let untried = TaughtPart.allCases.filter { part in !leftOut.rows.contains { $0.part == part } }.map(\.name)
    let fourth =
      untried.isEmpty ? "" : " What \(listed(untried)) \(untried.count == 1 ? "earns" : "earn") in it was not measured."
    return first + second + third + fourth
      + " That a part is not missed here does not mean that it does nothing: where others do the same work, its absence does not show. And a task that is nearly solved has little room for any of them."
  }
}
