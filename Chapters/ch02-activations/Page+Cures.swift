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
    let leaky = leak.worded(
      above:
        "Leaky ReLU ends a little lower there than ReLU\(rows[2].diverged(hot) > rows[0].diverged(hot) ? ", where it does not diverge" : "").",
      below: "Leaky ReLU ends higher there than ReLU.", withinChance: "Leaky ReLU ends there within chance of ReLU.")
    page.prose(
      """
      \(slower.direction() == .above ? "**The rate of \(deaths.rates[hot]) costs more than any cure gains, so lower the rate first.**" : "At the rate of \(deaths.rates[hot]) ReLU ends no higher.") \
      \(leaky) \(gains(census))
      """)
    guard census.hasCures else { return }
    page.fold("The losses of all at each rate") { addLosses(to: &$0, census) }
  }

  /// Where hardly any unit is dead: which cures end lower all the same.
  private static func gains(_ census: CensusFindings) -> String {
    let (rows, usual) = (census.rows, census.whole.usual)
    let lower = rows.dropFirst(3).filter { row in
      rows[0].above(row, usual).direction(among: rows.count - 3) == .above && row.diverged(usual) == 0
    }.map(\.name)
    return lower.isEmpty
      ? ""
      : "At \(census.whole.rates[usual]), where hardly any ReLU is dead, \(listed(lower)) \(lower.count == 1 ? "ends" : "end") a little lower than ReLU: a gain that has nothing to do with dead units."
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
      Training loss of the nets of *Dead units* (bold: differs from ReLU's beyond chance; in brackets: so many of \
      \(counted(census.seeds.count, "net")) diverged)
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

  /// The losses of all at each rate.
  private static func addLosses(to page: inout Page, _ census: CensusFindings) {
    let (deaths, rows) = (census.whole, census.rows)
    let (rates, hot) = (deaths.rates, deaths.hot)
    let seeds = rows[0].nets[hot].count
    page.figure(
      Figure(
        census.everyoneSuffers
          ? "At the rate that kills ReLUs, \(rates[hot]), \(census.lost.isEmpty ? "" : "\(listed(census.lost)) diverge, and ")every function that still learns ends higher than at \(rates[deaths.usual])"
          : "ReLU and its cures at rates up to \(rates[hot])",
        .lines(
          LineChart(
            x: Axis("learning rate", ticks: rates.map { (Double($0), "\($0)") }),
            y: Axis("training loss", range: 0.15...0.45),
            rows.indices.filter { $0 != 1 }.map { place in
              let row = rows[place]
              // As long as most of the nets learn.
              let places = rates.indices.prefix { 2 * row.diverged($0) <= seeds }
              return Series(
                row.name, x: places.map { Double(rates[$0]) }, y: places.map { row.losses($0).mean },
                deviation: place == 0 ? places.map { row.losses($0).deviation } : [], style: .line,
                isEmphasized: place == 0, color: place < 3 ? [0, 1, 3][place] : Cure.allCases[place - 3].color)
            })),
        caption: """
          The nets of *Dead units* after \(census.steps) steps; mean of \(counted(seeds, "seed")), without nets that diverge, and ReLU's standard deviation. A line ends where more \
          than half of them diverge.
          """,
        name: "cures"))
  }
}
