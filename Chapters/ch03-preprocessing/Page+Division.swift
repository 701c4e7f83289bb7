// The page of chapter 3: dividing by the standard deviation.

import Foundation
import Workbook

extension PhotographEnding {
  /// What dividing changes by each of its two parts, as far as the seeds can tell.
  enum Reason { case pace, start, both, neither }

  var reason: Reason? {
    parts.map { start, pace in
      switch (start.direction(), pace.direction()) {
      case (.above, .above): .both
      case (.above, _): .start
      case (_, .above): .pace
      default: .neither
      }
    }
  }
}

extension Preprocessings {
  /// What dividing adds to subtracting, why, and in which nets.
  static func addDivision(to page: inout Page, _ rule: [RuleTable], _ photographs: PhotographFindings?) {
    page.prose(
      """
      ## And the standard deviation?

      Columns of a table may have different units, such as years and dollars. Then the column with the larger numbers limits the rate: for two \
      features, one of them ten times as large, descent takes \(TwoScales(scale: 10).steps) steps, and \(TwoScales(scale: 1).steps) if both are \
      divided by their standard deviations. But all pixels have the same unit. A lecture slide of CS231n (2019) says “center only”; its \
      notes call dividing common, but not strictly necessary. What does it do?

      **Dividing by σ changes only the first layer, and in two ways: it starts 1/σ times as large, and it learns 1/σ² times as fast.** The \
      reason: $w \\cdot x/\\sigma = w' \\cdot x$ with $w' = w/\\sigma$, so $w'$ starts $1/\\sigma$ times as large. A step of plain descent moves \
      $w$ in proportion to its input, $x/\\sigma$, and so $w'$ in proportion to $x/\\sigma^2$.\(sizes(photographs)) A net in which both are undone \
      is the net without dividing, step for step.
      """)
    if let end = photographs?.ending, let parts = end.parts, let start = end.start, let pace = end.pace,
      let mean = end.row(.channelMean), let both = end.row(.channelStandard)
    {
      let rows: [(String, PhotographFindings.Row, Summary?)] = [
        ("neither (channel mean)", mean, nil), ("larger start alone", start, parts.start),
        ("faster steps alone", pace, parts.pace),
        ("both (mean and std)", both, end.points(.channelStandard, than: .channelMean)),
      ]
      page.prose("So we gave the net on photographs, with the means subtracted, each of the two alone.")
      page.table(
        Table(
          "Dividing in its two parts: photographs, each net at its best rate (95 %; bold: beyond chance)",
          columns: [
            "first layer", "best rate", .init("training loss", digits: 2), .init("test error (%)", digits: 1), "change",
          ],
          rows: rows.map {
            [
              TableCell($0.0), TableCell(short($0.1.rate) + ($0.1.isAtEnd ? "*" : "")), .measured($0.1.loss),
              .measured($0.1.error), $0.2 == nil ? "" : cell($0.2),
            ]
          }))
      page.project("Dividing: a larger start and faster steps")
      page.prose(partWords(end))
    }
    addNets(to: &page, rule, photographs)
  }

  /// `Here that is 4 times as large and 16 times as fast.`, with a space before it; empty without photographs.
  private static func sizes(_ photographs: PhotographFindings?) -> String {
    guard let deviations = photographs?.deviations, !deviations.isEmpty else { return "" }
    let sigma = deviations.reduce(0, +) / Double(deviations.count)
    return """
       On our photographs σ is about \(fixed(sigma, 2)): \(fixed(1 / sigma, 0)) times as large and \(fixed(1 / sigma / sigma, 0)) times as fast.
      """
  }

  /// Which part of dividing costs errors on photographs.
  private static func partWords(_ end: PhotographEnding) -> String {
    guard let parts = end.parts, let division = end.points(.channelStandard, than: .channelMean),
      let mean = end.row(.channelMean), let both = end.row(.channelStandard)
    else { return "" }
    let rates = """
      With dividing the best rate is \(short(mean.rate / both.rate)) times as small, so the layers behind the first learn more slowly.
      """
    switch (division.direction(), end.reason) {
    case (.above, .pace):
      return """
        **The faster steps cost the errors, not the start.** All layers share one rate. \(both.rate < mean.rate ? rates : "")
        """
    case (.above, .start): return "**The larger start costs the errors, not the faster steps.**"
    case (.above, .both):
      return """
        **Both parts cost errors here**, the start alone \(fixed(parts.start.mean, 1)) points and the faster steps alone \
        \(fixed(parts.pace.mean, 1)). All layers share one rate. \(both.rate < mean.rate ? rates : "")

        \(lossWords(mean, both))
        """
    case (.above, _): return "Together they cost errors; of neither part alone do we see a cost."
    case (.below, _): return "**Together they save errors here.** \(both.rate < mean.rate ? rates : "")"
    default:
      return """
        **At its own rate the divided net errs as much as the other one, as far as five seeds can tell.** \(both.rate < mean.rate ? rates : "")
        """
    }
  }

  /// That the training losses differ in the same way: what is lost is speed. Empty where they do not.
  private static func lossWords(_ mean: PhotographFindings.Row, _ both: PhotographFindings.Row) -> String {
    (both.loss - mean.loss).direction() == .above
      ? """
      The divided net is behind in its training loss, too: what dividing costs in this short training is speed.
      """ : ""
  }

  private typealias Setting = (name: String, saved: Summary, cost: Summary)

  /// What the mean saves and what dividing costs, each net in one row.
  private static func settings(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> [Setting] {
    var rows: [Setting] = rule.map { ($0.title, $0.mean.negated, $0.division) }
    if let found = headline(photographs) { rows.append(("photographs", found.mean.negated, found.division)) }
    if let found = photographs, let mean = found.points(.channelMean, than: .raw, normalized: true),
      let division = found.points(.channelStandard, than: .channelMean, normalized: true)
    {
      rows.append(("photographs, batch norm", mean.negated, division))
    }
    return rows
  }

  /// In how many of our nets dividing cost errors, and in how many it saved some; nil where that was not measured.
  static func divisionCount(_ rule: [RuleTable], _ photographs: PhotographFindings?) -> String? {
    let costs = settings(rule, photographs).map { $0.cost.direction() }
    guard costs.count > 1 else { return nil }
    return
      "dividing cost errors in \(costs.count { $0 == .above }) of our \(costs.count) nets and saved some in \(costs.count { $0 == .below })"
  }

  /// That ordinary digits, whose mean is small, gain nothing; empty where some do.
  static func onBlackDigits(_ rule: [RuleTable]) -> String {
    guard !rule.isEmpty, rule.allSatisfy({ $0.mean.direction() == .withinChance }) else { return "" }
    return " On ordinary digits, white on black paper, the channel mean changes no test error beyond chance."
  }

  /// Four nets, each in one row, and the advice that follows.
  private static func addNets(to page: inout Page, _ rule: [RuleTable], _ photographs: PhotographFindings?) {
    let rows = settings(rule, photographs)
    guard !rows.isEmpty else { return }
    page.table(
      Table(
        "What the mean saves, and what dividing as well costs, in points of test error (95 %; bold: beyond chance)",
        columns: ["net", "the mean saves", "dividing costs"],
        rows: rows.map { [TableCell($0.name), cell($0.saved), cell($0.cost)] }))
    page.project("What the mean saves, and what dividing costs")
    let (dear, cheap) = (rows.filter { $0.cost.direction() == .above }, rows.filter { $0.cost.direction() == .below })
    func names(_ rows: [Setting]) -> String { rows.map { "*\($0.name)*" }.joined(separator: " and ") }
    let found =
      dear.isEmpty && cheap.isEmpty
      ? "In no net do we see a difference by dividing."
      : (dear.isEmpty ? "" : "Dividing cost errors in \(names(dear)). ")
        + (cheap.isEmpty ? "" : "It saved some in \(names(cheap)).")
    page.prose(
      """
      \(found) **So neither is always better; where you do divide, choose the rate anew.**\(photographs?.normalized == nil
        ? "" : " With batch norm the mean acts only through the averages of the test, as above.")
      """)
    guard !rule.isEmpty else { return }
    page.fold("How the nets on digits were measured, with all rates") { page in
      page.prose(
        """
        Both nets learn \(grouped(rule[0].count)) images in \(counted(rule[0].epochs, "epoch")) at a constant rate. \
        \(grouped(rule[0].validationCount)) other images and \(rule[0].choosing.count) seeds choose it from rates a factor of 2 apart; \
        \(grouped(rule[0].testCount)) test images and \(rule[0].seeds.count) other seeds measure. The table above averages the three methods \
        of descent, seed by seed.
        """)
      page.table(ruleRates(rule))
    }
  }

  /// Each net with each kind of descent: the errors of the three preparations, with their rates.
  private static func ruleRates(_ tables: [RuleTable]) -> Table {
    Table(
      "Test errors (%), with the best rate in brackets",
      columns: ["net, descent", "raw", "channel mean", "mean and std"],
      rows: tables.flatMap { table in
        table.descents.map { descent in
          [TableCell("\(table.title), \(descent.title)")]
            + RuleTable.methods.map { method in
              guard let row = table.row(descent, method) else { return "–" }
              return TableCell("\(row.error.formatted(decimals: 1)) (\(short(row.rate)))")
            }
        }
      })
  }

  /// What dividing does in a net with batch norm; nil where it was not measured.
  static func divisionBehindNorm(_ photographs: PhotographFindings?) -> String? {
    photographs?.points(.channelStandard, than: .channelMean, normalized: true).map {
      $0.worded(
        above: "With batch norm dividing cost errors on photographs.",
        below: "With batch norm dividing saved errors on photographs.",
        withinChance: "With batch norm dividing made no difference that we could see.")
    }
  }

  /// The recommendation, in the same words at the beginning and in the takeaway.
  static let advice =
    "**Your own net: subtract the channel mean only. Pretrained weights: use their numbers.** Then choose the learning rate."

  /// What most recipes do besides, and what came of it.
  static func divisionReasons(_ photographs: PhotographFindings?) -> String {
    let alone = headline(photographs).map { found in
      found.division.worded(
        above: "Without it, dividing slowed our small net down on photographs.",
        below: "Without it, dividing saved our small net errors.",
        withinChance: "Without it, dividing gave our small net no gain that we could see.")
    }
    return """
      Most recipes divide by the standard deviation, too. \
      \([divisionBehindNorm(photographs), alone].compactMap { $0 }.joined(separator: " "))
      """
  }
}
