// The page of chapter 6: dropout's relatives and rivals, and a convolutional net.

import Workbook

extension Dropouts {
  /// DropConnect, L2, batch normalization.
  static func addRelatives(to page: inout Page, _ told: Findings) {
    func kept(_ place: Int) -> Tuned? { told.contest.indices.contains(place) ? told.contest[place] : nil }
    let norm = told.onNorm
    let connect =
      told.bestConnect ?? kept(Place.connect).map { (share: contestants[Place.connect].recipe.dropConnect, net: $0) }
    func named(_ name: String, _ share: Float) -> String { "\(name), \(short(Double(share)))" }
    let (shifted, shiftedPixels) = (told.plain(.shifted), told.bestPixels(.shifted, nil))
    var nets: [(name: String, net: Tuned?)] = [
      ("dropout, our shares", told.bothAtBest),
      ("dropout, \(srivastava) (0.2, 0.5)", told.recipe == nil ? nil : kept(Place.dropout)),
      (connect.map { named("DropConnect", $0.share) } ?? "", connect?.net), ("L2", told.decay),
      ("batch norm", kept(Place.norm)),
    ]
    if let norm {
      nets += [
        (named("batch norm, pixels dropped", norm.pixels.share), norm.pixels.net),
        (named("batch norm, units dropped", norm.units.share), norm.units.net),
      ]
    } else {
      nets.append(("batch norm, both dropped", kept(Place.both)))
    }
    nets.append(("digits shifted (chapter 7)", shifted))
    if let shiftedPixels {
      nets.append((named("shifted, pixels dropped", shiftedPixels.share), shiftedPixels.net))
    }
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
        Points of test error saved against the plain net (\(fixed(told.contest[0].testErrors.mean, 1)) %), each net at its best rate; \
        \(counted(told.contest[0].runs.count, "seed"))\(isEnd ? ". †: at the smallest or the largest rate or λ tried" : "")
        """,
        columns: ["left out or added", "points saved (95 % interval)"],
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
    guard let norm, told.recipe != nil else { return addMaps(to: &page, told) }
    let alone = [norm.pixels.net, norm.units.net].map { told.contest[Place.norm].testErrors - $0.testErrors }
    let words =
      saves(alone[0]) && !saves(alone[1])
      ? "**With batch norm in our net, drop pixels and leave the hidden units alone.** Batch norm adds nothing that we can see to dropped pixels."
      : "On top of batch norm, dropped hidden units \(plural(alone[1])), and dropped pixels \(plural(alone[0]))."
    page.prose([shiftWords(told), words].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    addMaps(to: &page, told)
  }

  /// Shifted digits, and pixels dropped of them.
  private static func shiftWords(_ told: Findings) -> String {
    guard let plain = told.plain(.shifted), let pixels = told.bestPixels(.shifted, nil) else { return "" }
    let (moved, usual) = (told.gain(plain), told.bestBoth ?? told.contestGains[Place.dropout])
    /// Points that dropped pixels save on top of shifts, after few steps and after many.
    var more = [difference(plain.testErrors, pixels.net.testErrors)]
    if let long = told.plain(.shiftedLonger), let pixels = told.bestPixels(.shiftedLonger, nil) {
      more.append(difference(long.testErrors, pixels.net.testErrors))
    }
    let steps = [told.steps, told.fewLonger?.steps ?? 0].map { "with \(grouped($0)) steps" }
    let alike = more.allSatisfy { !saves($0) && !costs($0) }
    return
      "\(saves(moved - usual) ? "**Shifted digits save more errors than dropout.**" : "Shifted digits \(plural(moved)).") On top of shifts, dropped pixels "
      + (alike
        ? "make no difference beyond chance\(more.count > 1 ? ", \(steps[1]) either" : "")."
        : zip(more, steps).map { "\(plural($0)) \($1)" }.joined(separator: ", and ") + ".")
  }

  /// A convolutional net, where it was tried: each kind, with digits as they are and shifted.
  private static func addMaps(to page: inout Page, _ findings: Findings) {
    guard let found = findings.controls?.maps, found.kinds.count > 1 else { return }
    page.prose(
      """
      **In a convolutional net** (chapter 9) neighbouring values of a map are nearly the same, so a missing one is told by its neighbours. \
      Therefore Tompson et al. drop whole maps (`nn.Dropout2d`). We tried each kind in a small LeNet (chapter 10) with 8 and 16 maps and the same \(grouped(findings.few)) digits:
      """)
    let longer = findings.fewLonger?.steps ?? found.steps
    let columns: [(name: String, kinds: [MapFindings.Kind])] = [
      ("as they are", found.kinds), ("shifted", found.shifted ?? []),
      ("shifted, \(grouped(longer)) steps", found.shiftedLonger ?? []),
    ].filter { !$0.kinds.isEmpty }
    func cell(_ recipe: MapRecipe, _ kinds: [MapFindings.Kind]) -> TableCell {
      guard let plain = kinds.first?.net, let kind = kinds.first(where: { $0.recipe == recipe }) else { return "–" }
      let error = fixed(kind.net.testErrors.mean, 1)
      return recipe == .nothing
        ? TableCell(error)
        : TableCell(
          "\(short(Double("\(kind.share)") ?? 0)): \(error) (\(difference(plain.testErrors, kind.net.testErrors).interval()))"
        )
    }
    let recipes = [MapRecipe.nothing, .values, .units, .maps, .pixels].filter { recipe in
      found.kinds.contains { $0.recipe == recipe }
    }
    page.table(
      Table(
        "Best share of those tried: error on new images (%); in brackets the 95 % interval of the points saved. \(grouped(found.steps)) steps, \(counted(found.kinds[0].net.runs.count, "seed"))\(found.shiftedLonger.map { " (last: \($0[0].net.runs.count))" } ?? "")\(columns.count == 1 ? "" : ". *Shifted*: by up to 2 pixels")",
        columns: ["dropped"] + columns.map { Table.Column($0.name) },
        rows: recipes.map { recipe in [TableCell(recipe.name)] + columns.map { cell(recipe, $0.kinds) } }))
    page.prose(mapWords(found))
  }

  /// Whole maps against single values, and whether dropping still saves where digits are shifted.
  private static func mapWords(_ found: MapFindings) -> String {
    let (values, maps) = (found.gain(.values), found.gain(.maps))
    let words = [
      (values - maps).worded(
        above: "**Here single values save more than whole maps, against the reason given.**",
        below: "Here whole maps save more than single values, as the reason says.",
        withinChance: "Here we cannot tell single values and whole maps apart.")
    ]
    return words.joined(separator: " ") + shiftedMapWords(found)
  }

  /// Whether dropping still saves where digits are shifted.
  private static func shiftedMapWords(_ found: MapFindings) -> String {
    guard let shifted = found.shifted, shifted.count > 1 else { return "" }
    /// Points that a kind saves, after few steps and after many.
    let gains = [shifted, found.shiftedLonger ?? []].map { kinds in
      kinds.dropFirst().map { difference(kinds[0].net.testErrors, $0.net.testErrors) }
    }
    let words =
      switch (gains[0].contains(where: saves), gains[1].contains(where: saves)) {
      case (true, _): "On shifted digits dropout still saves."
      case (false, true): "**On shifted digits dropout saves only with more steps.**"
      case (false, false): "On shifted digits no kind of dropout saves beyond chance."
      }
    return "\n\n\(words)"
  }
}
