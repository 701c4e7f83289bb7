// The page of chapter 6: what dropping saves in a convolutional net on photographs.

import Workbook

extension Dropouts {
  /// The LeNet on colour photographs: every share in a column.
  static func addPhotographMaps(to page: inout Page, _ found: PhotographMaps) {
    guard let plain = found.plain, !found.gains.isEmpty else { return }
    let shares = Array(Set(found.gains.map(\.kind.share))).sorted()
    var recipes: [MapRecipe] = []
    for recipe in [MapRecipe.units, .values, .maps] where found.gains.contains(where: { $0.kind.recipe == recipe }) {
      recipes.append(recipe)
    }
    page.prose("The same net on \(grouped(found.size)) colour photographs, \(grouped(found.steps)) steps:")
    page.table(
      Table(
        """
        Points of test error saved, ± 95 %, against nothing dropped (\(fixed(plain.testErrors.mean, 1)) %, on its own \
        images \(fixed(plain.trainingErrors.mean, 1)) %). Each net at its best rate, chosen by \(found.tuningSeeds) of \
        \(counted(plain.runs.count, "seed")) on validation images; \(found.data)
        """,
        columns: ["what is dropped"] + shares.map { Table.Column("share \(short(Double($0)))") },
        rows: recipes.map { recipe in
          [TableCell(recipe.name)] + shares.map { found.gain(recipe, $0).map { TableCell(spread($0)) } ?? "–" }
        }))
    page.prose([verdict(found), smallRate(found)].filter { !$0.isEmpty }.joined(separator: " "))
  }

  /// What saves most, what is level with it, and what costs.
  private static func verdict(_ found: PhotographMaps) -> String {
    func named(_ kind: MapFindings.Kind) -> String { "\(kind.recipe.name) (\(short(Double(kind.share))))" }
    let costly = found.gains.filter { costs($0.gain) }
    let names = Set(costly.map(\.kind.recipe)).sorted { $0.name < $1.name }.map { recipe in
      let shares = costly.filter { $0.kind.recipe == recipe }.map { short(Double($0.kind.share)) }
      return "\(recipe.name) (\(shares.joined(separator: ", ")))"
    }
    let cost = names.isEmpty ? "" : " To drop \(names.joined(separator: ", or ")) costs errors."
    guard let best = found.best else { return "**Here nothing that we drop saves anything beyond chance.**" + cost }
    let level = found.gains.filter {
      $0.kind.recipe != best.kind.recipe && saves($0.gain) && !saves(best.gain - $0.gain)
    }
    let most = "**Here dropped \(named(best.kind)) save most, \(fixed(best.gain.mean, 1)) points.**"
    return most
      + (level.isEmpty
        ? "" : " From these, \(level.map { named($0.kind) }.joined(separator: " and ")) cannot be told apart.")
      + cost
  }

  /// Whether a smaller rate would have helped the plain net.
  private static func smallRate(_ found: PhotographMaps) -> String {
    guard let plain = found.plain, plain.rate == Plan.rates.min() else { return "" }
    let words = "The plain net's best rate is the smallest that all nets tried"
    return found.plainBelow.map { below in
      words
        + difference(below.testErrors, plain.testErrors).worded(
          above: "; half of it is worse.", below: ", and half of it is better still.",
          withinChance: "; half of it makes no difference beyond chance.")
    } ?? words + "."
  }
}
