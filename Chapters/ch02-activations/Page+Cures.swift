// The page of chapter 2: whether a leak or a round corner helps where ReLUs die.

import Workbook

extension Activations {
  /// Whether the cures help at the rate that kills.
  static func addCures(to page: inout Page, _ census: CensusFindings) {
    let (deaths, rows) = (census.whole, census.rows)
    let (hot, usual) = (deaths.hot, deaths.usual)
    let (leak, control) = (rows[0].above(rows[2], hot), rows[0].above(rows[2], usual))
    let slower = deaths.costOfRate(hot, against: usual)
    guard leak.count >= 3, slower.count >= 3, usual != hot else { return }
    page.prose(
      """
      ### Do the cures help?

      Each cure keeps a slope where ReLU has none. Does a net with it end lower at the rates at which ReLUs die?
      """)
    if census.hasCures { addLosses(to: &page, census) }
    page.prose(
      """
      **At a rate of \(deaths.rates[usual])**, where hardly any ReLU is dead, leaky ReLU and ReLU differ by \(fixed(control.magnitude.mean, 3)) \
      in their loss (95 % interval: \(control.magnitude.interval(3))\(control.worded(above: "", below: "", withinChance: ", within chance"))).\
      \(gains(census))

      **At a rate of \(deaths.rates[hot])**, where \(percent(rows[0].dead(hot).mean)) of the ReLUs are dead, \(fates(census)) \
      \(leak.worded(
        above: rows[2].diverged(hot) > rows[0].diverged(hot)
          ? "On the other \(counted(leak.count, "seed")) leaky ReLU ends a little lower than ReLU, by \(fixed(leak.mean, 3)) (\(leak.interval(3)))."
          : "Leaky ReLU ends lower than ReLU, by \(fixed(leak.mean, 3)) (\(leak.interval(3))).",
        below: "Leaky ReLU ends \(fixed(-leak.mean, 3)) higher than ReLU (\(leak.magnitude.interval(3))).",
        withinChance: "Leaky ReLU ends within chance of ReLU (a difference of \(fixed(leak.magnitude.mean, 3)), 95 % interval: \(leak.magnitude.interval(3)))."))

      \(slower.direction() == .above ? "The high rate costs more than any cure gains: at" : "At") \(deaths.rates[hot]) ReLU ends \
      \(fixed(abs(slower.mean), 3)) \(slower.mean < 0 ? "below" : "above") its own loss at \(deaths.rates[usual]) \
      (\(slower.magnitude.interval(3))).\(census.everyoneSuffers ? " Every other function that learns there ends higher than at \(deaths.rates[usual]), too." : "")\
      \(slower.direction() == .above ? " So lower the rate first." : "")
      """)
    if census.hasCures { page.fold("The numbers at both rates") { $0.table(table(census)) } }
  }

  /// Where hardly any unit is dead: which cures end lower all the same.
  private static func gains(_ census: CensusFindings) -> String {
    let (rows, usual) = (census.rows, census.whole.usual)
    let lower = rows.dropFirst(3).compactMap { row -> (name: String, words: String)? in
      let gain = rows[0].above(row, usual)
      return gain.direction(among: rows.count - 3) == .above && row.diverged(usual) == 0
        ? (row.name, "\(fixed(gain.mean, 3)) (\(gain.interval(3)))") : nil
    }
    return lower.isEmpty
      ? ""
      : " \(listed(lower.map(\.name))) \(lower.count == 1 ? "ends" : "end") lower than ReLU, by \(listed(lower.map(\.words))). That gain has nothing to do with dead units."
  }

  /// Who diverges at the high rate, in a sentence.
  private static func fates(_ census: CensusFindings) -> String {
    let (rows, hot) = (census.rows, census.whole.hot)
    let seeds = rows[0].nets[hot].count
    let others = rows.dropFirst(2).filter { $0.diverged(hot) > 0 }
    let relu = rows[0].diverged(hot) == 0 ? "ReLU on none" : "ReLU on \(rows[0].diverged(hot))"
    guard !others.isEmpty else { return "no net diverges." }
    let all = others.filter { $0.diverged(hot) == seeds }
    let some = others.filter { $0.diverged(hot) < seeds }
    var parts =
      all.isEmpty
      ? []
      : ["\(listed(all.map(\.name))) \(all.count == 1 ? "diverges" : "diverge") on all \(counted(seeds, "seed"))"]
    for row in some {
      parts.append(
        parts.isEmpty
          ? "\(row.name) diverges on \(row.diverged(hot)) of \(counted(seeds, "seed"))"
          : "\(row.name) on \(row.diverged(hot))")
    }
    let fewAtMost = some.map { $0.diverged(hot) }.max() ?? seeds
    return "\(listed(parts)); \(relu)."
      + (4 * fewAtMost <= seeds ? " So few against none may be chance\(all.isEmpty ? "" : "; all are not")." : "")
      + (all.isEmpty
        ? ""
        : " A possible reason, not tested: a ReLU that a long step has silenced takes part in no further step, and the others go on. All have "
          + "the weights that suit ReLU, which are a little large for PReLU and ELU.")
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
                row.name, x: places.map { Double(rates[$0]) }, y: places.map { row.losses($0).mean }, style: .line,
                isEmphasized: place == 0, color: place < 3 ? [0, 1, 3][place] : Cure.allCases[place - 3].color)
            })),
        caption: """
          The nets of *Dead units* after \(census.steps) steps; mean over those of \(counted(seeds, "seed")) that do not diverge. A net \
          diverges when its loss rises above \(short(divergence)). A line ends where more than half of the seeds diverge.
          """,
        name: "cures"))
    page.project(
      census.everyoneSuffers ? "The rate that kills ReLUs is too high for all" : "ReLU and its cures at rising rates")
  }
}
