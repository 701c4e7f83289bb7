// The page of chapter 6: what dropping saves in a convolutional net on photographs.

import Workbook

extension Dropouts {
  /// The LeNet on colour photographs: every share in a row.
  static func addPhotographMaps(to page: inout Page, _ found: PhotographMaps) {
    guard let plain = found.plain, found.kinds.count > 1 else { return }
    let shares = Array(Set(found.kinds.dropFirst().map(\.share))).sorted()
    let recipes = [MapRecipe.units, .values, .maps]
    page.prose(
      "The same net on \(grouped(found.size)) colour photographs, the use that people have for it, with \(grouped(found.steps)) steps:"
    )
    page.table(
      Table(
        "Points of test error saved, ± 95 %, against nothing dropped (\(fixed(plain.testErrors.mean, 1)) %; on its own images \(fixed(plain.trainingErrors.mean, 1)) %); each net at its best rate; \(counted(plain.runs.count, "seed")); \(found.data)",
        columns: ["what is dropped"] + shares.map { Table.Column("share \(short(Double($0)))") },
        rows: recipes.map { recipe in
          [TableCell(recipe.name)] + shares.map { found.gain(recipe, $0).map { TableCell(spread($0)) } ?? "–" }
        }))
    page.prose(photographMapWords(found, recipes, shares))
  }

  /// What saves most, and what costs.
  private static func photographMapWords(_ found: PhotographMaps, _ recipes: [MapRecipe], _ shares: [Float]) -> String {
    func named(_ kind: MapFindings.Kind) -> String { "\(kind.recipe.name) (share \(short(Double(kind.share))))" }
    let gains = found.kinds.dropFirst().compactMap { kind in
      found.gain(kind.recipe, kind.share).map { (kind: kind, gain: $0) }
    }
    let saving = gains.filter { saves($0.gain) }
    guard let most = saving.max(by: { $0.gain.mean < $1.gain.mean }) else {
      return "Here nothing that we drop saves anything beyond chance."
    }
    // What cannot be told from the best.
    let level = saving.filter { $0.kind.recipe != most.kind.recipe && !saves(most.gain - $0.gain) }
    let costly = gains.filter { costs($0.gain) }
    return "**Dropped \(named(most.kind)) save most, \(fixed(most.gain.mean, 1)) points"
      + (level.isEmpty ? ".**" : ";** \(level.map { named($0.kind) }.joined(separator: " and ")) cannot be told from them.")
      + (costly.isEmpty ? "" : " At \(costly.map { named($0.kind) }.joined(separator: ", ")) dropping costs.")
  }
}
