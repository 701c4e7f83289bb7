// The page of chapter 2: whether a leak or a round corner helps where ReLUs die.

import Workbook

extension Activations {
  /// The cures with their numbers, and whether they help at the rate that kills.
  static func addCures(to page: inout Page, _ findings: Findings) {
    let census = findings.census
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    page.table(table(findings))
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
      \(findings.units == nil ? "\(beyondChance)\n\n" : "")\(gains(findings))\(findings.finiteWords)

      **Do dead units hurt?** \
      \(slower.direction() == .above ? "From the rate \(deaths.rates[usual]) to \(deaths.rates[hot]) ReLU's loss rises by \(fixed(slower.mean, 2))." : "At the rate of \(deaths.rates[hot]) ReLU ends no higher.") \
      \(leaky)\(isSmall ? " **So most of the harm comes even without dead units: lower the rate.**" : "")\(findings.finiteWords.isEmpty ? edges(census) : "")
      """)
  }

  /// Which functions end lower than ReLU, each at its own best rate, and which higher; with a space behind it.
  private static func gains(_ findings: Findings) -> String {
    let rows = findings.functionRows
    guard let relu = rows.first, rows.count > 2 else { return "" }
    func names(_ direction: Summary.Direction) -> String? {
      let found = rows.dropFirst().filter {
        relu.above($0).direction(among: rows.count - 1) == direction
      }.map(\.name)
      return found.isEmpty ? nil : "\(listed(found)) \(found.count == 1 ? "ends" : "end") a little"
    }
    let parts = [
      names(.above).map { "\($0) lower than ReLU" }, names(.below).map { "\($0) higher than ReLU" },
    ]
    let text = parts.compactMap { $0 }.joined(separator: ", ")
    return text.isEmpty
      ? "" : "At the best rates, where hardly any ReLU is dead, \(text). "
  }

  /// Which of them bear the higher rates.
  private static func edges(_ census: CensusFindings) -> String {
    guard census.hasCures, let edge = census.edge else { return "" }
    let relu = census.reluAlwaysLearns ? "; ReLU diverged in none at any rate" : ""
    return " Beyond a rate of \(edge.rate) \(listed(edge.names)) diverge in most nets\(relu)."
  }

  /// What each does on the left, its loss and its dead units at its best rate, and up to which rate no net diverges.
  private static func table(_ findings: Findings) -> Table {
    let rows = findings.functionRows
    let left = [
      "ReLU": "0", "leaky ReLU": "0.01x", "PReLU": "αx, α learned", "ELU": "α(eˣ − 1)", "GELU": "xΦ(x), for all x",
      "SiLU": "xσ(x), for all x",
    ]
    return Table(
      """
      The nets of *Dead units*, each function at its best rate\(best(rows)): training loss, dead units, and the highest rate \
      at which all \(counted(findings.census.seeds.count, "net")) stay finite
      """,
      columns: [
        "function", "where x ≤ 0", .init("loss", digits: 3), .init("dead (%)", digits: 1), "all finite up to",
      ],
      rows: rows.map { row in
        [
          TableCell(row.name), TableCell(left[row.name] ?? "0"), .measured(row.losses(row.best)),
          TableCell(row.dead(row.best).inPercent.mean),
          TableCell(row.bearable.map { short(Double(row.rates[$0])) } ?? "none"),
        ]
      })
  }

  /// The best rate, where it is the same for all.
  private static func best(_ rows: [UnitCounts.Row]) -> String {
    let rates = Set(rows.map { $0.rates[$0.best] })
    return rates.count == 1 ? " (\(short(Double(rates.first ?? 0))) for all)" : ""
  }
}
