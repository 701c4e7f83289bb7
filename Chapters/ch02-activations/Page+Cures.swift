// The page of chapter 2: whether a leak or a round corner helps where ReLUs die.

import Workbook

extension Activations {
  /// Whether the cures help at the rate that kills.
  static func addCures(to page: inout Page, _ census: CensusFindings) {
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    let leak = rows[0].above(rows[2], hot)
    let slower = deaths.costOfRate(hot, against: usual)
    guard leak.count >= 3, slower.count >= 3, usual != hot else { return }
    page.prose(
      """
      ### Do the cures help?

      \(slower.direction() == .above ? "**The high rate costs more than any cure gains.** At" : "At") \(deaths.rates[hot]) ReLU ends \
      \(fixed(abs(slower.mean), 2)) \(slower.mean < 0 ? "below" : "above") its own loss at \(deaths.rates[usual]). \
      \(leak.worded(
        above: "Leaky ReLU ends a little lower there than ReLU\(rows[2].diverged(hot) > rows[0].diverged(hot) ? ", where it does not diverge" : "").",
        below: "Leaky ReLU ends higher there than ReLU.", withinChance: "Leaky ReLU ends there within chance of ReLU."))\
      \(fates(census)) \(slower.direction() == .above ? "So lower the rate first." : "")
      """)
    guard census.hasCures else { return }
    page.fold("The losses of all at each rate") {
      addLosses(to: &$0, census)
      let gains = gains(census)
      if !gains.isEmpty { $0.prose(gains) }
      $0.table(table(census))
    }
  }

  /// Where hardly any unit is dead: which cures end lower all the same.
  private static func gains(_ census: CensusFindings) -> String {
    let (rows, usual) = (census.rows, census.whole.usual)
    let gains = rows.dropFirst(3).filter { row in
      rows[0].above(row, usual).direction(among: rows.count - 3) == .above && row.diverged(usual) == 0
    }
    let lower = gains.map(\.name)
    return lower.isEmpty
      ? ""
      : "At a rate of \(census.whole.rates[usual]), where hardly any ReLU is dead, \(listed(lower)) \(lower.count == 1 ? "ends" : "end") a little lower than ReLU, by \(listed(gains.map { rows[0].above($0, usual).withInterval(3) })): a gain that has nothing to do with dead units."
  }

  /// Who diverges at the high rate, in a sentence.
  private static func fates(_ census: CensusFindings) -> String {
    guard !census.lost.isEmpty else { return "" }
    return
      " \(listed(census.lost)) \(census.lost.count == 1 ? "diverges" : "diverge") there on all seeds, ReLU on \(census.rows[0].diverged(census.whole.hot) == 0 ? "none" : "some")."
  }

  private static func table(_ census: CensusFindings) -> Table {
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    return Table(
      "\(counted(census.seeds.count, "seed")). Last column: by how much the loss at \(deaths.rates[hot]) is lower than ReLU's, on the seeds on which neither diverges, with its 95 % interval",
      columns: [
        "activation", .init("dead at \(deaths.rates[hot]) (%)", digits: 1), "diverged at \(deaths.rates[hot])",
        .init("loss at \(deaths.rates[usual])", digits: 3), .init("loss at \(deaths.rates[hot])", digits: 3),
        "lower than ReLU",
      ],
      rows: rows.map { row in
        let below = rows[0].above(row, hot)
        let isThere = row.losses(hot).count > 2
        return [
          TableCell(row.name), isThere ? TableCell(row.dead(hot).inPercent.mean) : "–",
          TableCell("\(row.diverged(hot))"), .measured(row.losses(usual)),
          isThere ? .measured(row.losses(hot)) : "–",
          row.name == rows[0].name || !isThere ? "–" : TableCell("\(fixed(below.mean, 3)) (\(below.interval(3)))"),
        ]
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
