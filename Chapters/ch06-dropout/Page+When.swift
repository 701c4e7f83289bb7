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
    page.table(
      Table(
        "The share that is best on validation images, and the points of test error that it saves (95 % interval). *Error*: nothing dropped. Dense nets, \(counted(rows.map(\.pixels.gain.count).min() ?? 0, "seed")); rows 2 and on differ from the first as named",
        columns: ["setting", "error (%)", "pixels", "hidden units"],
        rows: rows.map { row in
          [TableCell(row.name), TableCell(fixed(row.error.mean, 1)), cell(row.pixels), cell(row.units)]
        }))
    page.project(
      rows.allSatisfy { saves($0.pixels.gain) } ? "Dropped pixels help in every row" : "When does dropping pay?")
    page.prose([words(rows, findings), photographWords(findings)].joined(separator: "\n\n"))
  }

  /// What the rows on digits say.
  private static func words(_ rows: [Setting], _ findings: Findings) -> String {
    let helped = rows.count { saves($0.pixels.gain) }
    let pixels =
      "**Pixels help in \(helped == rows.count ? "every row" : "\(helped) of \(rows.count) rows").** Their number does not depend on the layers' width. "
    let units =
      findings.narrowUnits.map { narrow in
        narrow.share < (findings.bestAlone?.units.share ?? 0)
          ? "Of the hidden units narrow layers want a smaller share dropped. " : ""
      } ?? ""
    guard let many = findings.manyUnits,
      let pixelsOfMany = findings.settings.first(where: { $0.name.hasSuffix("steps") })?.pixels
    else { return pixels + units }
    let isTrueOfUnits = saves(pixelsOfMany.gain) && !saves(many.gain) && !costs(many.gain)
    return pixels + units
      + "Srivastava et al. say that dropout gains nothing when data are plentiful. With \(grouped(findings.equalEpochs?.size ?? 0)) images "
      + (isTrueOfUnits
        ? "that may be true of hidden units, but not yet of pixels."
        : "hidden units \(plural(many.gain)), and pixels \(plural(pixelsOfMany.gain)).")
  }

  /// What the row of photographs says.
  private static func photographWords(_ findings: Findings) -> String {
    guard let photographs = findings.onPhotographs, let digits = findings.bestAlone else { return "" }
    let isOpposite =
      saves(digits.pixels.gain - digits.units.gain) && costs(photographs.pixels.gain - photographs.units.gain)
    return "On \(grouped(findings.few)) photographs (CIFAR-10) "
      + (photographs.pixels.gain - photographs.units.gain).worded(
        above: "pixels save more than hidden units.", below: "hidden units save more than pixels.",
        withinChance: "we cannot tell pixels and hidden units apart.")
      + (isOpposite ? " On digits it is the other way round. So try both." : "")
  }
}
