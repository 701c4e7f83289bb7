// The page of chapter 2: whether a leak or a round corner helps where ReLUs die.

import Workbook

extension Activations {
  /// The cures with their numbers, and whether they help at the rate that kills.
  static func addCures(to page: inout Page, _ census: CensusFindings) {
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    page.table(table(census))
    let leak = rows[0].above(rows[2], hot)
    let slower = deaths.costOfRate(hot, against: usual)
    guard leak.count >= 3, slower.count >= 3, usual != hot else { return }
    let lost = rows[2].diverged(hot)
    let seeds = lost > 0 ? ", on the \(leak.count) seeds on which it does not diverge" : ""
    let living =
      rows[2].dead(hot).mean < 0.005 ? "Leaky ReLU, which has no dead units there, ends" : "Leaky ReLU ends there"
    let leaky = leak.worded(
      above: "\(living) \(fixed(leak.mean, 2)) lower than ReLU\(seeds).", below: "\(living) higher than ReLU\(seeds).",
      withinChance: "\(living) within chance of ReLU\(seeds).")
    let isSmall = slower.direction() == .above && leak.mean < slower.mean / 2
    page.prose(
      """
      **What is beyond chance?** All functions begin from the same seeds, so we take their difference seed by seed. It \
      is beyond chance if the 95 % interval of its \
      mean leaves out 0, which happens even where two ± overlap.

      **Do dead units hurt?** \
      \(slower.direction() == .above ? "From the rate \(deaths.rates[usual]) to \(deaths.rates[hot]) ReLU's loss rises by \(fixed(slower.mean, 2))." : "At the rate of \(deaths.rates[hot]) ReLU ends no higher.") \
      \(early(deaths))\(leaky)\(isSmall ? " **So most of the harm comes even without dead units: lower the rate first.**" : "")

      \(gains(census)) \(edges(census))
      """)
  }

  /// Whether the loss is above its lowest value already at the first rate at which units die, with a space behind it.
  private static func early(_ deaths: CensusExperiment) -> String {
    let losses = deaths.rates.indices.map { Summary(deaths.results[0][$0].map(\.loss)).mean }
    guard let first = deaths.rates.indices.first(where: { deaths.dead(0, $0).mean >= 0.005 }), first < deaths.hot,
      let best = losses.indices.filter({ losses[$0].isFinite }).min(by: { losses[$0] < losses[$1] }), best < first
    else { return "" }
    let cost = deaths.costOfRate(first, against: best)
    guard cost.direction() == .above else { return "" }
    return """
      At \(deaths.rates[first]), the lowest rate at which more than 0.5 % are dead, it is already \
      \(fixed(cost.mean, 2)) higher than at its best rate, \
      \(deaths.rates[best]).\u{20}
      """
  }

  /// Where hardly any unit is dead: which cures end lower all the same, and which higher.
  private static func gains(_ census: CensusFindings) -> String {
    let (rows, usual) = (census.rows, census.whole.usual)
    func names(_ direction: Summary.Direction) -> String? {
      let found = rows.dropFirst(3).filter { row in
        rows[0].above(row, usual).direction(among: rows.count - 3) == direction && row.diverged(usual) == 0
      }.map(\.name)
      return found.isEmpty ? nil : "\(listed(found)) \(found.count == 1 ? "ends" : "end") a little"
    }
    let parts = [
      names(.above).map { "\($0) lower than ReLU" }, names(.below).map { "\($0) higher than ReLU" },
    ]
    let text = parts.compactMap { $0 }.joined(separator: ", ")
    return text.isEmpty ? "" : "At \(census.whole.rates[usual]), where hardly any ReLU is dead, \(text)."
  }

  /// Which of them bear the higher rates.
  private static func edges(_ census: CensusFindings) -> String {
    guard census.hasCures, let edge = census.edge else { return "" }
    let relu = census.reluAlwaysLearns ? "; ReLU diverged in none at any rate" : ""
    return "Beyond a rate of \(edge.rate) \(listed(edge.names)) diverge in most nets\(relu)."
  }

  /// What each does on the left, and its losses at a usual rate and at the one that kills.
  private static func table(_ census: CensusFindings) -> Table {
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    let left = [
      "ReLU": "0", "leaky ReLU": "0.01x", "PReLU": "αx, α learned", "ELU": "α(eˣ − 1)", "GELU": "xΦ(x), for all x",
      "SiLU": "xσ(x), for all x",
    ]
    /// The loss at a rate, bold where it differs from ReLU's, and how many nets diverged.
    func loss(_ row: CensusFindings.Row, _ rate: Int) -> TableCell {
      let (losses, lost) = (row.losses(rate), row.diverged(rate))
      let many = lost == 0 ? "" : " (\(lost))"
      guard losses.count > 2 else { return TableCell("–\(many)") }
      let text = losses.formatted(decimals: 3).replacing(" ", with: "\u{a0}")
      return TableCell((rows[0].above(row, rate).direction() == .withinChance ? text : "**\(text)**") + many)
    }
    return Table(
      """
      Training loss of the nets of *Dead units* (bold: differs from ReLU's beyond chance, see below; in brackets: so \
      many of \
      \(counted(census.seeds.count, "net")) diverged, the others are averaged)
      """,
      columns: [
        "function", "where x ≤ 0", "loss at \(deaths.rates[usual])", "loss at \(deaths.rates[hot])",
        .init("dead at \(deaths.rates[hot]) (%)", digits: 1),
      ],
      // The initial bias is no function; its claim has the numbers.
      rows: rows.indices.filter { $0 != 1 }.map { rows[$0] }.map { row in
        [
          TableCell(row.name), TableCell(left[row.name] ?? "0"), loss(row, usual), loss(row, hot),
          row.losses(hot).count > 2 ? TableCell(row.dead(hot).inPercent.mean) : "–",
        ]
      }
        + Cure.allCases.filter { cure in !rows.contains { $0.name == cure.name } }.map {
          [TableCell($0.name), TableCell(left[$0.name] ?? ""), "–", "–", "–"]
        })
  }
}
