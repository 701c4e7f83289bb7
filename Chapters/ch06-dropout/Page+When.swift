// The page of chapter 6: when dropout pays.

import Workbook

extension Dropouts {
  /// Narrow and wide layers, few images and many, digits and photographs.
  static func addWhen(to page: inout Page, _ findings: Findings) {
    page.prose("## When does it help?")
    let training =
      "S4 warns that training takes longer with dropout; the nets of one row have the same number of steps."
    guard let half = findings.halfOfUnits else { return page.prose(training) }
    let narrow = findings.byWidth.settings[findings.byWidth.narrow]
    page.predict(
      "Layers of \(narrow) units in the place of \(findings.wide). What does dropping half of them do to the errors on new images?",
      choices: ["it saves more of them than in wide layers", "it saves about as many", "it makes more errors"],
      answer: costs(half.narrow) ? 2 : (half.narrow - half.wide).worded(above: 0, below: 1, withinChance: 1),
      "Dropping half of them \(effectOrNone(half.narrow, size)) in layers of \(narrow), and \(effectOrNone(half.wide, size)) in layers of \(findings.wide)."
        + (costs(half.narrow)
          ? " Of \(narrow) units \(narrow / 2) are too few: the net fails on some of its *own* images." : "")
    )
    let rows = findings.settings
    guard rows.count > 1 else { return page.prose(training) }
    func cell(_ alone: Alone, _ mark: String = "") -> TableCell {
      TableCell("\(spread(alone.gain)) (\(short(alone.share))\(mark))")
    }
    page.table(
      Table(
        "Points of test error saved, ± 95 %; in brackets the share: the best on validation images, or, with \\*, the only one tried. *Error*: nothing dropped. Dense nets, \(counted(rows.map { min($0.pixels.gain.count, $0.units.gain.count) }.min() ?? 0, "seed")); rows 2 and on differ from the first as named",
        columns: ["setting", "error (%)", "pixels", "hidden units"],
        rows: rows.map { row in
          [
            TableCell(row.name), TableCell(fixed(row.error.mean, 1)), cell(row.pixels, row.hasPixelChoice ? "" : "\\*"),
            cell(row.units),
          ]
        }))
    page.project(
      rows.allSatisfy { saves($0.pixels.gain) } ? "Dropped pixels help in every row" : "When does dropping pay?")
    page.prose([words(rows, findings), photographWords(findings), training].joined(separator: "\n\n"))
  }

  /// What the rows on digits say.
  private static func words(_ rows: [Setting], _ findings: Findings) -> String {
    let helped = rows.count { saves($0.pixels.gain) }
    let pixels =
      "**Pixels help in \(helped == rows.count ? "every row" : "\(helped) of \(rows.count) rows").** "
    let units =
      findings.narrowUnits.map { narrow in
        narrow.share < (findings.bestAlone?.units.share ?? 0)
          ? "Of the hidden units narrow layers want a smaller share dropped. " : ""
      } ?? ""
    let many = findings.manyUnits.map { many in
      "With \(grouped(findings.equalEpochs?.size ?? 0)) images hidden units \(plural(many.gain)). Srivastava et al. say that dropout gains nothing when data are plentiful."
        + (findings.controls?.apart?.pixelsMany?.first).map { net in
          saves(difference(findings.equalEpochs?.nets[0].testErrors ?? Summary([]), net.testErrors))
            && !saves(many.gain)
            ? " At this size that is true of hidden units, but not yet of pixels." : ""
        }.orEmpty
    }
    return pixels + units + many.orEmpty
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
      + (isOpposite ? " On digits it is the other way round. So try both in your own net." : "")
  }
}

extension String? {
  /// Nothing to say where there is nothing.
  fileprivate var orEmpty: String { self ?? "" }
}
