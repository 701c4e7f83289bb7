// The page of chapter 6: dropout's relatives and rivals, and a convolutional net.

import Workbook

extension Dropouts {
  /// DropConnect, L2, batch normalization.
  static func addRelatives(to page: inout Page, _ told: Findings) {
    let (controls, norm) = (told.controls, told.controls?.apart?.norm ?? [])
    let decay = told.decay
    func kept(_ place: Int) -> Tuned? { told.contest.indices.contains(place) ? told.contest[place] : nil }
    let (units, best) = (told.bestUnitsOnNorm, controls?.apart?.sharesAlone?.best)
    let connect =
      told.bestConnect ?? kept(Place.connect).map { (share: contestants[Place.connect].recipe.dropConnect, net: $0) }
    func named(_ name: String, _ share: Float) -> String { "\(name), \(short(Double(share)))" }
    let pixelShare = ApartFindings.pixels.inputDropout
    let nets: [(name: String, net: Tuned?)] =
      [
        (best.map { named("pixels dropped", $0.pixels.share) } ?? "", best?.pixels.net),
        (best.map { named("hidden units dropped", $0.units.share) } ?? "", best?.units.net),
        (connect.map { named("DropConnect", $0.share) } ?? "", connect?.net), ("L2", decay),
        ("batch norm", kept(Place.norm)),
      ]
      + (norm.count == 2
        ? [
          (named("batch norm, pixels dropped", pixelShare), norm[0]),
          (
            named("batch norm, hidden units dropped", units?.share ?? ApartFindings.units.dropout),
            units?.net ?? norm[1]
          ),
        ] : [("batch norm, both dropped", kept(Place.both))])
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
        Points of test error saved against the plain net (\(fixed(told.contest[0].testErrors.mean, 1)) %); \(grouped(told.few)) images, layers of \(told.wide), each net at its best rate; \
        \(counted(told.contest[0].runs.count, "seed"))\
        \(best == nil ? "" : ". Tried were 5 shares in the first two rows, 2 of DropConnect and of units on batch norm, 1 of pixels on batch norm, and \(Recipe.penalties.count) values of λ for L2")\(isEnd ? ". †: at the smallest or the largest rate or λ tried" : "")
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
      words.append(
        saves(alone[0]) && !saves(alone[1])
          ? "**With batch norm in our net, drop pixels and leave the hidden units alone:** on top of it dropped pixels still save errors, and dropped hidden units make no difference that we could see."
          : "On top of batch norm, dropped hidden units \(plural(alone[1])), and dropped pixels \(plural(alone[0])).")
    }
    words.append("The rivals were tuned less than dropout, so the table does not say which is best.")
    if best != nil { page.prose(words.joined(separator: " ")) }
    if let maps = mapWords(told) { page.prose(maps) }
  }

  /// A convolutional net, where it was tried.
  private static func mapWords(_ findings: Findings) -> String? {
    guard let found = findings.controls?.maps, found.kinds.count > 1 else { return nil }
    func named(_ recipe: MapRecipe) -> String {
      let share = found.kinds.first { $0.recipe == recipe }?.share ?? 0
      return "\(recipe.name) (share \(short(Double(share)))) \(spread(found.gain(recipe)))"
    }
    return """
      **In a convolutional net** (chapter 9) neighbouring values of a map are nearly \
      the same. Therefore Tompson et al. drop whole maps (`nn.Dropout2d`). In a small LeNet (chapter 10) with 8 and 16 maps and the same \
      \(grouped(findings.few)) digits, each kind dropped at the best share of three saves these points (± 95 %): \(named(.values)), \(named(.units)), \(named(.maps)).
      """
  }
}
