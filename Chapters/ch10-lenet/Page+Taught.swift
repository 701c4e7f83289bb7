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
      9), momentum 0.9 (chapter 1), a rate that falls along half a cosine to 0 (a large step saves time far from a minimum, and jumps over it when near), and digits that are shifted by up to two \
      pixels each time they are used (chapter 7). It ends at \(error.formatted(decimals: 2)) % errors. \
      \(gap.worded(
        above: "That is lower than LeNet-5++ by \(size).", below: "That is higher than LeNet-5++ by \(size).",
        withinChance: "LeNet-5++ has \(fixed(plusPlus.finalError.mean, 2)) %; over the \(counted(gap.count, "seed")) that both have, the difference is within chance."))
      """)
    guard let leftOut = findings.leftOutFew ?? findings.leftOut else { return }
    page.prose(findings.leftOutFew.map { fewQuestion($0, error, findings) } ?? leftOutQuestion(leftOut))
    page.figure(leftOutFigure(leftOut, findings))
    page.project(leftOutSlide(leftOut))
    page.prose(leftOutFinding(leftOut, rateFinding(leftOut, findings)))
    if leftOut.isPaired, let caveat = rateCaveat(leftOut, findings) {
      page.prose(caveat)
      if !findings.fewAtRates.isEmpty { page.table(rateTable(findings)) }
    }
    if leftOut.isPaired, let many = findings.leftOut { page.prose(manyFinding(many, findings)) }
    page.fold("The errors and the rates") {
      $0.table(leftOutTable(leftOut, findings))
      if leftOut.isPaired, let many = findings.leftOut { $0.table(leftOutTable(many, findings)) }
      $0.prose(intervalReason(leftOut))
    }
  }

  /// Why the parts are left out with few digits.
  private static func fewQuestion(_ leftOut: LeftOut, _ error: Summary, _ findings: VariantFindings) -> String {
    """
    Which parts matter? At \(fixed(error.mean, 2)) % only \(fixed(error.mean * Double(findings.testCount) / 100, 0)) mistakes are \
    left, too few to see what one part does. So the task is made harder: each seed draws \(grouped(Worth.fewDigits)) of the training \
    digits and learns from these for \(counted(Worth.fewEpochs, "epoch")). With everything the error is then \
    \(leftOut.whole.formatted(decimals: 2)) %. Now each part is left out once, the rate is chosen anew on digits kept back, and \
    the error is divided by that of the whole with the same digits.
    """
  }

  /// What all factors rest on: the rate of the whole, which one seed chose; and what other rates make of it, where they
  /// were tried.
  static func rateCaveat(_ leftOut: LeftOut, _ findings: VariantFindings) -> String? {
    guard let worth = findings.worth, let rate = worth[Worth.few(nil)]?.choice.rate else { return nil }
    let first =
      "One reservation holds for the whole figure. All \(leftOut.rows.count) factors are divided by the error of the same network, at the rate \(short(rate)) with momentum 0.9, and one seed chose this rate."
    let tried = findings.fewAtRates
    let better = leftOut.ranking.filter { $0.error.mean < leftOut.whole.mean && $0.rate < rate / 3 }.map(\.part.name)
    guard tried.count == Worth.fewRates.count else {
      return better.isEmpty
        ? first
        : first
          + " It may be too large: without \(better.joined(separator: ", or without ")), the net chose a rate of \(short(rate / 10)) or so, and has fewer errors. Then factors below 1 may come from the rate, and that max pooling does harm may be no more than that."
    }
    // Both at the same rate, seed by seed.
    let gaps = tried.map { (rate: $0.rate, gap: $0.whole - $0.means) }
    let worse = gaps.filter { $0.gap.direction() == .above }.map { short(Double($0.rate)) }
    let begin =
      "\(first) So the whole and the net without max pooling were trained at three rates each, on the same digits"
    guard let (best, corrected) = findings.leftOutFewBest else { return begin + "." }
    let gap = gaps.first { $0.rate == best }?.gap ?? gaps[0].gap
    let missed = corrected.missed.map { row in
      "\(row.part.name) × \(fixed(corrected.factor(row, among: corrected.rows.count).mean, 2))"
    }
    return """
      \(begin) (table below). At \(short(Double(best))) the whole has \(fixed(corrected.whole.mean, 2)) % errors, fewer than the \
      \(fixed(leftOut.whole.mean, 2)) % by which the figure divides. So its rate was too large, and all factors are somewhat too small. \
      Divided by \(fixed(corrected.whole.mean, 2)) %, with intervals as wide, these parts are missed: \(listed(missed)). \
      \(corrected.harmful.isEmpty ? "No factor is then below 1 by more than chance." : "\(listed(corrected.harmful.map(\.part.name)).capitalizedFirst) still \(corrected.harmful.count == 1 ? "does" : "do") harm.") \
      \(gap.worded(
        above: "At \(short(Double(best))) the net without max pooling still makes fewer mistakes, by more than chance.",
        below: "At \(short(Double(best))) max pooling is even better than averages.",
        withinChance: "At \(short(Double(best))) both poolings are level within chance (95 % interval of the difference: \(gap.interval(2)) points)\(worse.isEmpty ? "" : ", though max pooling is worse at \(listed(worse))"). At the best rate of each, nothing is left of the harm."))
      This is the lesson of figure 2 once more. (The rate \(short(Double(best))) was picked by its errors on the test digits, which \
      favours the whole a little.)
      """
  }

  /// The whole and the net without max pooling at three rates.
  private static func rateTable(_ findings: VariantFindings) -> Table {
    Table(
      "Test errors at three rates with momentum 0.9, after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) images, \(counted(findings.fewAtRates[0].whole.count, "seed"))",
      columns: [
        "rate", .init("everything (%)", digits: 2), .init("averages in place of max pooling (%)", digits: 2),
        "difference in points, 95 % interval",
      ],
      rows: findings.fewAtRates.map { row in
        [
          TableCell(short(Double(row.rate))), .measured(row.whole), .measured(row.means),
          TableCell((row.whole - row.means).interval(2)),
        ]
      })
  }

  /// What the net without a norm has to do with its rate.
  private static func rateFinding(_ leftOut: LeftOut, _ findings: VariantFindings) -> String {
    guard leftOut.isPaired, let row = leftOut.missed.first(where: { $0.part == .norm }),
      let rate = findings.worth?[Worth.few(nil)]?.choice.rate, row.rate < rate / 3
    else { return "" }
    return
      " Without batch normalization the net bears only small rates: of those tried \(short(row.rate)) is best, against \(short(rate)) with everything."
  }

  private static func leftOutQuestion(_ leftOut: LeftOut) -> String {
    """
    Which parts matter? \(leftOut.rows.count == TaughtPart.allCases.count ? "Each part is left out once" : "Some parts are left out, one at a time"), \
    the rate is chosen anew, and the error is divided by that of the whole.
    """
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
        \(findings.data), after \(counted(leftOut.isPaired ? Worth.fewEpochs : findings.epochs, "epoch"))\(leftOut.isPaired ? " of \(grouped(Worth.fewDigits)) images" : ""), \(seedCounts(leftOut)). Right of the line at 1 the part is \
        missed. The intervals are widened so that all \(leftOut.rows.count) hold together with 95 %. They do not contain what another \
        choice of the rates could change.
        """, name: "left-out", isWide: true)
  }

  /// What is left of it with all digits.
  private static func manyFinding(_ many: LeftOut, _ findings: VariantFindings) -> String {
    let factors = many.rows.map { many.factor($0, among: many.rows.count) }
    return """
      With all \(grouped(findings.trainingCount)) digits, \(counted(findings.epochs, "epoch")) and \(seedCounts(many)) \
      \(many.missed.isEmpty ? "no part is missed by more than chance" : "\(many.missedText) missed by more than chance"): \
      the intervals of the eight factors reach from \(fixed(factors.map(\.low).min() ?? 1, 2)) to \
      \(fixed(factors.map(\.high).max() ?? 1, 2)). So few mistakes are left there that this experiment cannot tell the parts apart.
      """
  }

  /// How the intervals are made.
  private static func intervalReason(_ leftOut: LeftOut) -> String {
    """
    With \(counted(leftOut.rows.count, "comparison")) one is likely to look significant by luck, so each interval is wider than \
    usual. \(leftOut.isPaired ? "With few digits all networks of a seed learn from the same digits, so what they have in common is taken off. " : "")\
    The variation from seed to seed is estimated from all of these networks together, because a few seeds say little about it. \
    Each rate was chosen with one seed; the intervals do not contain what a better choice could change.
    """
  }

  /// Errors after the whole training.
  private static func leftOutTable(_ leftOut: LeftOut, _ findings: VariantFindings) -> Table {
    Table(
      leftOut.isPaired
        ? "Test errors after \(counted(Worth.fewEpochs, "epoch")) of \(grouped(Worth.fewDigits)) images"
        : "Test errors after \(counted(findings.epochs, "epoch")) of \(grouped(findings.trainingCount)) images",
      columns: ["left out", "in its place", .init("test error (%)", digits: 2), "its own rate", "seeds"],
      rows: [
        [
          "nothing", "–", .measured(leftOut.whole),
          TableCell(
            (leftOut.isPaired ? findings.worth?[Worth.few(nil)]?.choice : findings.allRow?.choice).map {
              short($0.rate)
            }
              ?? "–"),
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
    let (missed, count) = (leftOut.missed, leftOut.rows.count)
    guard leftOut.isPaired else {
      return missed.isEmpty
        ? "No single part is missed by more than chance"
        : "Of \(count) parts only \(leftOut.missedText) missed by more than chance"
    }
    let digits = "With \(grouped(Worth.fewDigits)) digits"
    return missed.isEmpty
      ? "\(digits) no single part is missed by more than chance"
      : missed.count > 3
        ? "\(digits), \(missed.count) of the \(count) parts are missed by more than chance"
        : "\(digits), \(leftOut.missedText) missed by more than chance"
  }

  private static func leftOutSlide(_ leftOut: LeftOut) -> String {
    let missed = leftOut.missed
    let digits = leftOut.isPaired ? "With \(grouped(Worth.fewDigits)) digits, " : "One part left out: "
    switch missed.count {
    case 0:
      return leftOut.isPaired
        ? "\(digits)no part is clearly missed" : "Left out one at a time, no part is clearly missed"
    case 1: return "\(digits)\(leftOut.missedText) missed"
    default: return "\(digits)\(missed.count) of \(leftOut.rows.count) parts are missed"
    }
  }

  /// What is missed and what is not, in words.
  static func leftOutFinding(_ leftOut: LeftOut, _ reason: String = "") -> String {
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
      \(first)\(reason)\(second)\(third)\(fourth)

      A part that is not missed is not useless. Other parts may do the same work, and where so few mistakes are left, there is \
      little room for any of them.
      """
  }
}
