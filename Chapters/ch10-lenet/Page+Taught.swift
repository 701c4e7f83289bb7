// The page of chapter 10: everything that the earlier chapters taught, and what is missed when one part is left out.

import Foundation
import Workbook

extension LeNet {
  /// The last row, taken apart.
  static func addTaught(to page: inout Page, _ findings: VariantFindings) {
    guard let all = findings.allRow, let plusPlus = findings.ownRates?.named("LeNet-5++") else { return }
    let error = Summary(all.runs.map(\.finalError))
    let gap = plusPlus.finalError - error
    let size = "\(fixed(abs(gap.mean), 2)) points (95 % interval \(gap.magnitude.interval(2)))"
    page.prose(
      """
      ## Everything together

      The network *everything* has the same layers and all that the earlier chapters recommend for such a net: ReLU (chapter \
      2), He's initial weights (chapter 4), batch normalization (chapter 5), cross-entropy (chapter 8), max pooling (chapter \
      9), momentum 0.9 (chapter 1), a rate that falls along half a cosine to 0, and digits that are shifted by up to two \
      pixels each time they are used (chapter 7). It ends at \(error.formatted(decimals: 2)) % errors. \
      \(gap.worded(
        above: "That is lower than LeNet-5++ by \(size).", below: "That is higher than LeNet-5++ by \(size).",
        withinChance: "LeNet-5++ has \(fixed(plusPlus.finalError.mean, 2)) %; over the \(counted(gap.count, "seed")) that both have, the difference is within chance."))
      """)
    guard let leftOut = findings.leftOut else {
      addFirstLook(to: &page, findings)
      return
    }
    page.prose(
      """
      Which parts matter? \(leftOut.rows.count == TaughtPart.allCases.count ? "Each part is left out once" : "Some parts are left out, one at a time"), \
      the rate is chosen anew, and the error is divided by that of the whole.
      """)
    page.figure(leftOutFigure(leftOut, findings))
    page.project(leftOutSlide(leftOut))
    page.prose(leftOutFinding(leftOut) + earlyFinding(findings))
    page.fold("The errors, the rates, and a first look after \(counted(findings.taught?.choiceEpochs ?? 4, "epoch"))") {
      $0.table(leftOutTable(leftOut, findings))
      addFirstLook(to: &$0, findings)
    }
  }

  /// The factors with their intervals.
  private static func leftOutFigure(_ leftOut: LeftOut, _ findings: VariantFindings) -> Figure {
    let ranking = leftOut.ranking
    let factors = ranking.map { leftOut.factor($0, among: leftOut.rows.count) }
    // The part that is missed most stands at the top.
    func height(_ place: Int) -> Double { Double(ranking.count - place) }
    return Figure(
      leftOutTitle(leftOut),
      .lines(
        LineChart(
          x: Axis("error without the part, divided by the error of the whole", log: true),
          y: Axis(
            "left out", range: 0.5...Double(ranking.count) + 0.5,
            ticks: ranking.indices.map { (height($0), ranking[$0].part.tick) }),
          [false, true].flatMap { isMissed -> [Series] in
            let places = ranking.indices.filter { (factors[$0].low > 1) == isMissed }
            guard !places.isEmpty else { return [] }
            return [
              Series(
                "", x: places.flatMap { [factors[$0].low, factors[$0].high, .nan] }.dropLast(),
                y: places.flatMap { Array(repeating: height($0), count: 3) }.dropLast(), style: .line,
                isEmphasized: isMissed, color: 0),
              Series(
                "", x: places.map { factors[$0].mean }, y: places.map(height), style: .points, isEmphasized: isMissed,
                color: 0),
            ]
          }, references: [.init(.vertical, at: 1, "no difference")])),
      caption: """
        \(findings.data), after \(counted(findings.epochs, "epoch")), \(seedCounts(leftOut)). Right of the line at 1 the part is \
        missed. The intervals are widened so that all \(leftOut.rows.count) hold together with 95 %.
        """, name: "left-out", isWide: true)
  }

  /// The smallest error of each part's choice of a rate; nil where not all were made.
  static func firstLook(_ findings: VariantFindings) -> [(part: TaughtPart, error: Double, rate: Double)]? {
    let rows = TaughtPart.allCases.compactMap { part in
      findings.worth?[part.trial].flatMap { trial in
        trial.choice.errors.min().map { (part: part, error: $0, rate: trial.choice.rate) }
      }
    }
    return rows.count == TaughtPart.allCases.count ? rows : nil
  }

  /// What was missed most in the short runs that chose the rates, and what the long ones can tell.
  private static func earlyFinding(_ findings: VariantFindings) -> String {
    guard let least = findings.allRow?.choice.errors.min(), let rows = firstLook(findings) else { return "" }
    let most = rows.sorted { $0.error > $1.error }.prefix(2)
    return """


      **What to take home.** A first look, after \(counted(findings.taught?.choiceEpochs ?? 4, "epoch")) \
      and with one seed only, suggests that two parts matter early in training: the error is \(fixed(least, 2)) % with everything, \
      \(listed(most.map { "\(fixed($0.error, 2)) % without \($0.part.name)" })). After \(counted(findings.epochs, "epoch")) \
      with all digits so few mistakes are left that this experiment cannot tell which part still matters: it would need many \
      more seeds, or a harder task.
      """
  }

  /// What the choice of the rates has shown already.
  private static func addFirstLook(to page: inout Page, _ findings: VariantFindings) {
    guard let all = findings.allRow?.choice, let least = all.errors.min(), let worth = findings.worth,
      let rows = firstLook(findings)
    else { return }
    let sorted = rows.sorted { $0.error > $1.error }
    page.table(
      Table(
        "While the rates were chosen: errors after \(counted(findings.taught?.choiceEpochs ?? 4, "epoch")) on the \(grouped(worth.keptBack)) digits kept back, one seed",
        columns: ["left out", .init("error (%)", digits: 2), "its own rate"],
        rows: [["nothing", TableCell(least), TableCell(short(all.rate))]]
          + sorted.map { [TableCell($0.part.name), TableCell($0.error), TableCell(short($0.rate))] }))
    page.prose(
      """
      Each of these numbers comes from one training, so only large differences mean something. In so short a training \
      \(listed(sorted.prefix(2).map(\.part.name))) are missed most.
      """)
  }

  /// Errors after the whole training.
  private static func leftOutTable(_ leftOut: LeftOut, _ findings: VariantFindings) -> Table {
    Table(
      "Test errors after \(counted(findings.epochs, "epoch"))",
      columns: ["left out", "in its place", .init("test error (%)", digits: 2), "its own rate", "seeds"],
      rows: [
        [
          "nothing", "–", .measured(leftOut.whole), TableCell(findings.allRow.map { short($0.choice.rate) } ?? "–"),
          TableCell("\(leftOut.whole.count)"),
        ]
      ]
        + leftOut.ranking.map {
          [
            TableCell($0.part.name), TableCell($0.part.instead), .measured($0.error), TableCell(short($0.rate)),
            TableCell("\($0.error.count)"),
          ]
        })
  }

  private static func seedCounts(_ leftOut: LeftOut) -> String {
    let counts = Set(([leftOut.whole] + leftOut.rows.map(\.error)).map(\.count)).sorted()
    return counts.map(String.init).joined(separator: " or ") + " seeds"
  }

  private static func leftOutTitle(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    return missed.isEmpty
      ? "No single part is missed by more than chance"
      : "Of \(leftOut.rows.count) parts only \(listed(missed.map(\.part.name))) \(missed.count == 1 ? "is" : "are") missed by more than chance"
  }

  private static func leftOutSlide(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    switch missed.count {
    case 0: return "Left out one at a time, no part is clearly missed"
    case 1: return "One part left out: \(missed[0].part.name) is missed"
    case 2: return "One part left out: what is missed"
    default: return "One part left out: \(missed.count) of \(leftOut.rows.count) are missed"
    }
  }

  /// What is missed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut) -> String {
    let count = leftOut.rows.count
    func told(_ row: LeftOut.Row) -> String {
      let factor = leftOut.factor(row, among: count)
      return
        "Without \(row.part.name) the error is \(fixed(factor.mean, 2)) times as large, \(fixed(row.error.mean, 2)) instead of \(fixed(leftOut.whole.mean, 2)) % (interval of the factor: \(fixed(factor.low, 2)) to \(fixed(factor.high, 2)))."
    }
    let (missed, open, harmful) = (leftOut.missed, leftOut.open, leftOut.harmful)
    let first = (missed.isEmpty ? Array(leftOut.ranking.prefix(1)) : missed).map(told).joined(separator: " ")
    let factors = open.map { leftOut.factor($0, among: count) }
    let others =
      missed.isEmpty && harmful.isEmpty
      ? "But for all \(count) parts the interval contains 1"
      : "For the other \(open.count) parts the interval contains 1"
    let second =
      open.isEmpty
      ? ""
      : " \(others): without one of them the error may be anything from \(fixed(factors.map(\.low).min() ?? 1, 2)) to \(fixed(factors.map(\.high).max() ?? 1, 2)) times that of the whole."
    let third =
      harmful.isEmpty
      ? "" : " Without \(listed(harmful.map(\.part.name))) the net makes fewer mistakes, by more than chance."
    let untried = TaughtPart.allCases.filter { part in !leftOut.rows.contains { $0.part == part } }.map(\.name)
    let fourth =
      untried.isEmpty ? "" : " \(listed(untried).capitalizedFirst) \(untried.count == 1 ? "was" : "were") not left out."
    return """
      \(first)\(second)\(third)\(fourth)

      Why are these intervals wider than usual? With \(counted(count, "comparison")) one is likely to look significant by luck, \
      so each has to pass a stricter test. And a few seeds say little about how much a result varies from seed to seed, so this \
      variation is estimated from all of these networks together.

      A part that is not missed is not useless. Other parts may do the same work, and where so few mistakes are left, there is \
      little room for any of them.
      """
  }
}
