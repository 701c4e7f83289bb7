// The page of chapter 6: dropout's relatives and rivals.

import Workbook

extension Dropouts {
  /// Whether dropout helps, as a title. Whether batch norm does is the table's: few seeds do not agree on it.
  private static func rivals(_ dropout: Summary) -> String {
    if saves(dropout) { return "Dropout helps here. Do its rivals?" }
    return costs(dropout) ? "Dropout costs here. Do its rivals?" : "Which helps more: dropout or one of its rivals?"
  }

  /// DropConnect, batch normalization, averages.
  static func addRelatives(to page: inout Page, _ told: Findings) {
    let (controls, plain) = (told.controls, told.contest[0].testErrors)
    let teams = controls?.teams ?? []
    let decay = controls?.decay ?? told.contest[Place.decay]
    func kept(_ place: Int) -> Tuned? { told.contest.indices.contains(place) ? told.contest[place] : nil }
    let norm = controls?.apart?.norm ?? []
    let nets: [(name: String, net: Tuned?)] =
      [0, Place.pixels, Place.hidden, Place.dropout].map { (contestants[$0].name, kept($0)) }
      + [("L2", decay), (contestants[Place.connect].name, kept(Place.connect)), ("batch norm", kept(Place.norm))]
      + (norm.count == 2
        ? [("batch norm, pixels dropped", norm[0]), ("batch norm, hidden units dropped", norm[1])] : [])
      + [(contestants[Place.both].name, kept(Place.both))]
    let rows = nets.compactMap { row in row.net.map { (name: row.name, net: $0) } }
    /// Seed by seed, over those that both have.
    func gain(_ net: Tuned) -> Summary {
      Summary(Array(plain.values.prefix(net.runs.count))) - Summary(Array(net.testErrors.values.prefix(plain.count)))
    }
    func cell(_ gain: Summary) -> TableCell {
      TableCell(gain.count < 3 ? fixed(gain.mean, 1) : spread(gain))
    }
    let isEnd = rows.contains { told.isEnd($0.net.rate) || Recipe.isEnd($0.net.decay) }
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units: \
      $y = x\\,(R \\circ W)^T/(1-p) + b$, with a mask $R$ of zeros and ones (∘: number by number). We use it between the two hidden layers only, where dropout has masks in both layers, so its row is no fair comparison with dropout. \
      *L2* penalizes large weights (chapter 7), here with the best of \
      \(counted(Recipe.penalties.count, "strength"))\(controls?.decay != nil ? ", each at a learning rate of its own" : " at the rate of the plain net"). *Batch \
      normalization* (chapter 5) adds noise of its own. Ioffe and Szegedy left dropout out with it, and a Korean report (S3) says that it makes dropout superfluous.
      """)
    page.table(
      Table(
        """
        \(grouped(told.steps)) steps on \(grouped(told.few)) images, layers of \(told.wide); \
        \(counted(plain.count, "seed"))\(decay.runs.count < plain.count ? " (L2: \(decay.runs.count))" : ""). Points saved against the first row\
        \(isEnd ? ". †: the smallest or the largest tried" : "")
        """,
        columns: [
          "left out or added", "rate, λ", .init("test error (%)", digits: 1), "points saved, ± 95 %",
        ],
        rows: rows.enumerated().map { index, row in
          [
            TableCell(row.name),
            TableCell(
              short(Double(row.net.rate), digits: 3) + (told.isEnd(row.net.rate) ? "†" : "")
                + (row.net.decay == 0
                  ? "" : ", λ = \(short(Double(row.net.decay)))\(Recipe.isEnd(row.net.decay) ? "†" : "")")),
            .number(row.net.testErrors.mean),
            index == 0 ? "–" : cell(gain(row.net)),
          ]
        }))
    page.project(rivals(told.contestGains[Place.dropout]))
    var words: [String] = []
    if let best = rows.dropFirst().max(by: { gain($0.net).mean < gain($1.net).mean }), saves(gain(best.net)) {
      words.append("The most is saved by \(best.name): \(fixed(gain(best.net).mean, 1)) points.")
    }
    if norm.count == 2 {
      let alone = norm.map { told.contest[Place.norm].testErrors - $0.testErrors }
      words.append(
        "With batch norm, dropped hidden units \(plural(alone[1])), and dropped pixels \(plural(alone[0])).")
    } else {
      let onTop = told.onTop
      words.append(
        onTop.worded(
          above: "With batch norm dropout still \(effect(onTop)).", below: "With batch norm dropout \(effect(onTop)).",
          withinChance: "With batch norm dropout \(effect(onTop)), \(chance(onTop, beyond: 0))."))
    }
    if teams.count == 2 { words.append(teamWords(teams)) }
    page.prose(words.joined(separator: " "))
    page.sideNote(
      "Dropped units and batch norm can disturb each other. With masks the variance in front of a norm is larger in training than at test time, but the norm stores the variance of training (Li et al., below)."
    )
  }

  /// `save 0.8 points`, `make no difference beyond chance`: what several things do.
  static func plural(_ saved: Summary) -> String {
    saves(saved) || costs(saved)
      ? "\(saved.mean < 0 ? "cost" : "save") \(fixed(saved.magnitude.mean, 1)) points"
      : "make no difference beyond chance"
  }

  /// Whether the average of several nets does what dropout does.
  static func teamWords(_ teams: [ControlFindings.Team]) -> String {
    let (plain, dropped) = (teams[0].single - teams[0].errors, teams[1].single - teams[1].errors)
    let dropout = teams[0].single - teams[1].single
    let which = (plain - dropout).worded(
      above: "which is more than dropout in one net", below: "which is less than dropout in one net",
      withinChance: "which is as much as dropout in one net, within chance")
    let all = teams[0].single - teams[1].errors
    let again =
      saves(dropped)
      ? "With both dropped it saves \(fixed(all.mean, 1)) points, \(fixed(dropped.mean, 1)) of them by averaging"
      : "Nets with dropout gain nothing beyond chance from being averaged"
    return
      "A real ensemble averages \(teams[0].members) plain nets of different initial weights, and so takes \(teams[0].members) trainings. It \(saves(plain) ? "saves \(fixed(plain.mean, 1)) points" : "saves nothing beyond chance"), \(which). \(again)."
  }
}
