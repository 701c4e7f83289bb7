// The page of chapter 6: dropout's relatives and rivals, and a convolutional net.

import Workbook

extension Dropouts {
  /// DropConnect, L2, batch normalization, averages.
  static func addRelatives(to page: inout Page, _ told: Findings) {
    let (controls, norm) = (told.controls, told.controls?.apart?.norm ?? [])
    let decay = told.decay
    func kept(_ place: Int) -> Tuned? { told.contest.indices.contains(place) ? told.contest[place] : nil }
    let units = told.bestUnitsOnNorm
    let both = controls?.apart?.sharesAlone?.best
    let authors = both == nil ? "" : " (\(authorsShares))"
    let half = short(Double(contestants[Place.connect].recipe.dropConnect))
    let less = controls?.apart?.sharesElsewhere?.nets.first { $0.setting == .connect }
    let nets: [(name: String, net: Tuned?)] =
      [
        (contestants[Place.dropout].name + authors, kept(Place.dropout)),
        (
          both.map {
            "both dropped, \(short(Double($0.pixels.share))) and \(short(Double($0.units.share))) (the best shares)"
          } ?? "", told.bothAtBest
        ), (less.map { "DropConnect, \(short(Double($0.units)))" } ?? "", less?.net),
        ("DropConnect, \(half)", kept(Place.connect)), ("L2", decay), ("batch norm", kept(Place.norm)),
      ]
      + (norm.count == 2
        ? [
          ("batch norm, pixels dropped, \(short(Double(ApartFindings.pixels.inputDropout)))", norm[0]),
          (
            "batch norm, hidden units dropped" + (units.map { ", \(short(Double($0.share)))" } ?? ""),
            units?.net ?? norm[1]
          ),
        ] : [])
      + [(contestants[Place.both].name + authors, kept(Place.both))]
    let rows = nets.compactMap { row in row.net.map { (name: row.name, net: $0) } }
    let isEnd = rows.contains { told.isEnd($0.net.rate) || Recipe.isEnd($0.net.decay) }
    page.prose(
      """
      ## Relatives and rivals

      *DropConnect* leaves out single weights instead of whole units (here of the second layer): $y = x\\,(R \\circ W)^T/(1-p) + b$, with a mask $R$ of zeros and ones. *Batch \
      normalization* (chapter 5) adds noise of its own: a Korean report (S3) says that it makes dropout superfluous.
      """)
    page.table(
      Table(
        """
        Points of test error saved against the plain net (\(fixed(told.contest[0].testErrors.mean, 1)) %); \(grouped(told.few)) images, layers of \(told.wide), each net at its best rate\(decay.decay > 0 ? " (L2: also at its best λ, \(short(Double(decay.decay))))" : ""); \
        \(counted(told.contest[0].runs.count, "seed"))\(decay.runs.count < told.contest[0].runs.count ? " (L2: \(decay.runs.count))" : "")\
        \(both == nil ? "" : ". The rivals' shares were not tuned: DropConnect has had two; on batch norm the units had 0.2 and ½, the pixels one")\(isEnd ? ". †: at the smallest or the largest rate or λ tried" : "")
        """,
        columns: ["left out or added", "points saved, ± 95 %"],
        rows: rows.map { row in
          [
            TableCell(row.name + (told.isEnd(row.net.rate) || Recipe.isEnd(row.net.decay) ? "†" : "")),
            TableCell(spread(told.gain(row.net))),
          ]
        }))
    page.project(
      told.contestGains[Place.dropout].worded(
        above: "Dropout helps here. Do its rivals?", below: "Dropout costs here. Do its rivals?",
        withinChance: "Which helps more: dropout or one of its rivals?"))
    var words: [String] = []
    if norm.count == 2 {
      let alone = [norm[0], units?.net ?? norm[1]].map { told.contest[Place.norm].testErrors - $0.testErrors }
      let tried = units == nil ? "" : ", at the better of 0.2 and ½,"
      words.append(
        "**On top of batch norm, dropped hidden units\(tried) \(plural(alone[1])), and dropped pixels (\(short(Double(ApartFindings.pixels.inputDropout)))) \(plural(alone[0])).**"
      )
    }
    if let teams = controls?.teams, teams.count == 2 {
      let (plain, dropout) = (teams[0].single - teams[0].errors, teams[0].single - teams[1].single)
      words.append(
        "A real ensemble of \(teams[0].members) plain nets "
          + (plain - dropout).worded(
            above: "saves more than dropout in one net", below: "saves less than dropout in one net",
            withinChance: "saves as much as dropout in one net")
          + " (\(spread(plain)) points)\(teamAgainstPixels(teams[0], told)).")
    }
    if !words.isEmpty { page.prose(words.joined(separator: " ")) }
  }

  /// An ensemble beside one net with pixels dropped at their best share.
  private static func teamAgainstPixels(_ team: ControlFindings.Team, _ told: Findings) -> String {
    guard let pixels = told.controls?.apart?.sharesAlone?.best?.pixels.net.testErrors else { return "" }
    return difference(team.errors, pixels).worded(
      above: ", but less than one net with pixels dropped at their best share",
      below: ", more than one net with pixels dropped at their best share", withinChance: "")
  }

  /// A convolutional net, where it was tried.
  static func addMaps(to page: inout Page, _ findings: Findings) {
    guard let found = findings.controls?.maps, found.kinds.count > 1 else { return }
    page.prose(
      """
      ### In a convolutional net

      In a convolutional net (chapter 9) one set of weights makes a whole picture, called a *map*. Neighbouring values of a map are nearly \
      the same, so where one is missing, the next can replace it. Therefore Tompson et al. drop whole maps (`nn.Dropout2d`). We try it with a small LeNet (chapter 10) on the same \
      \(grouped(findings.few)) images:
      """)
    page.table(
      Table(
        "Points of test error saved against nothing dropped (\(fixed(found.kinds[0].net.testErrors.mean, 1)) %). Two convolutions of 8 and 16 maps, a dense layer of 128; each at its best rate and the best share of \(MapFindings.shares.map { short(Double($0)) }.joined(separator: ", ")) on validation images; \(counted(found.kinds[0].net.runs.count, "seed"))\(found.kinds.contains { $0.share == MapFindings.shares.last } ? ". †: the largest share tried" : "")",
        columns: ["what is dropped", "best p", "points saved, ± 95 %"],
        rows: found.kinds.dropFirst().map { kind in
          [
            TableCell(kind.recipe.name),
            TableCell(short(Double(kind.share)) + (kind.share == MapFindings.shares.last ? "†" : "")),
            TableCell(spread(found.gain(kind.recipe))),
          ]
        }))
    page.project("In a convolutional net: drop units, values or maps?")
    let coloured = findings.controls?.photographMaps
    page.prose(
      (found.gain(.maps) - found.gain(.values)).worded(
        above: "**Whole maps save more than single values**, as expected.",
        below:
          "**Single values save more than whole maps.** But 8 and 16 maps are narrow layers; wider ones were not tried.",
        withinChance: "Whole maps and single values cannot be told apart here.")
        + (coloured == nil ? " Photographs were not tried with such a net." : ""))
    if let coloured { addPhotographMaps(to: &page, coloured) }
  }
}
