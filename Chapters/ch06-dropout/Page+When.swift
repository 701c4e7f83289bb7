// The page of chapter 6: when dropout pays.

import Workbook

extension Dropouts {
  /// Narrow and wide layers, few images and many, digits and photographs.
  static func addWhen(to page: inout Page, _ findings: Findings) {
    guard let half = findings.halfOfUnits else { return }
    let narrow = findings.byWidth.settings[findings.byWidth.narrow]
    page.predict(
      "Layers of \(narrow) units in the place of \(findings.wide). What does dropping half of them do to the errors on new images?",
      choices: ["it saves more of them than in wide layers", "it saves about as many", "it makes more errors"],
      answer: costs(half.narrow) ? 2 : (half.narrow - half.wide).worded(above: 0, below: 1, withinChance: 1),
      "Dropping half of them \(effectOrNone(half.narrow, size)) in layers of \(narrow), and \(effectOrNone(half.wide, size)) in layers of \(findings.wide)."
        + (costs(half.narrow)
          ? " Of \(narrow) units \(narrow / 2) are left, and the noise is large: the net fails on some of its *own* images."
          : "")
    )
    let rows = findings.settings
    guard rows.count > 1 else { return }
    func cell(_ alone: Alone?) -> TableCell {
      alone.map { TableCell("\(short($0.share)): \(spread($0.gain))") } ?? "–"
    }
    func cell(_ both: Both?) -> TableCell {
      both.map { TableCell("\(short($0.pixels)), \(short($0.units)): \(spread($0.gain))") } ?? "–"
    }
    let hasBoth = rows.contains { $0.both != nil }
    page.table(
      Table(
        "The share that is best on validation images, and the points of test error that it saves (95 % interval). *Error*: nothing dropped. Dense nets, \(seedsOf(rows)); rows 2 and on differ from the first as named",
        columns: ["setting", "error (%)", "pixels", "hidden units"] + (hasBoth ? ["both"] : []),
        rows: rows.map { row in
          [TableCell(row.name), TableCell(fixed(row.error.mean, 1)), cell(row.pixels), cell(row.units)]
            + (hasBoth ? [cell(row.both)] : [])
        }))
    page.project(
      rows.allSatisfy { saves($0.pixels.gain) } ? "Dropped pixels help in every row" : "When does dropping pay?")
    page.prose(
      [bothWords(rows), words(rows, findings)].filter { !$0.isEmpty }
        .joined(separator: "\n\n"))
  }

  /// `8 seeds`, `8 seeds (55,000 images: 5)`.
  private static func seedsOf(_ rows: [Setting]) -> String {
    let most = rows.map(\.pixels.gain.count).max() ?? 0
    let fewer = rows.filter { $0.pixels.gain.count < most }
    return counted(most, "seed")
      + (fewer.isEmpty
        ? ""
        : " (\(fewer.map { "\($0.name.components(separatedBy: ", ")[0]): \($0.pixels.gain.count)" }.joined(separator: ", ")))")
  }

  /// Both together against the better of the two alone, over all rows that have them.
  private static func bothWords(_ rows: [Setting]) -> String {
    let better = rows.compactMap(\.isBothBetter)
    guard !better.isEmpty else { return "" }
    return better.contains(true)
      ? "Both together save more than the better of the two alone in \(better.count { $0 }) of \(better.count) rows."
      : "**In none of the rows do both together save more, beyond chance, than the better of the two alone.** So find out which that is, and drop that."
  }

  /// What the rows on digits say.
  private static func words(_ rows: [Setting], _ findings: Findings) -> String {
    let helped = rows.count { saves($0.pixels.gain) }
    let pixels =
      "**Pixels help in \(helped == rows.count ? "every row" : "\(helped) of \(rows.count) rows").** "
    let narrow =
      findings.narrowUnits.map { narrow in
        narrow.share < (findings.bestAlone?.units.share ?? 0)
          ? "Of the hidden units narrow layers want a smaller share dropped. " : ""
      } ?? ""
    guard let many = findings.manyUnits,
      let pixelsOfMany = findings.settings.first(where: { $0.name.hasSuffix("steps") })?.pixels
    else { return pixels + narrow }
    if let all = findings.settings.first(where: { $0.name.hasPrefix(grouped(SharesElsewhere.split.learned)) }),
      let units = all.units
    {
      return pixels + narrow
        + "Srivastava et al. say that dropout gains nothing when data are plentiful. With \(grouped(SharesElsewhere.split.learned)) images pixels \(plural(all.pixels.gain)), and hidden units \(plural(units.gain))."
    }
    let isTrueOfUnits = saves(pixelsOfMany.gain) && !saves(many.gain) && !costs(many.gain)
    return pixels + narrow
      + "Srivastava et al. say that dropout gains nothing when data are plentiful. With \(grouped(findings.equalEpochs?.size ?? 0)) images "
      + (isTrueOfUnits
        ? "that may be true of hidden units, but not yet of pixels."
        : "hidden units \(plural(many.gain)), and pixels \(plural(pixelsOfMany.gain)).")
  }
}
