// The page of chapter 3: colour photographs in a convolutional net with ReLU.

import Foundation
import Workbook

extension PhotographFindings {
  /// By how many points of test error a preparation differs from another one, each at its own rate.
  func points(_ method: Method, than other: Method, normalized isNormalized: Bool = false) -> Summary? {
    guard let one = row(method, normalized: isNormalized), let two = row(other, normalized: isNormalized) else {
      return nil
    }
    return one.error - two.error
  }

  /// The errors of raw pixels, and of raw and centred pixels that start as the net of the other one.
  var starts: (raw: Summary, rawFromCentred: Summary, centredFromRaw: Summary, centred: Summary)? {
    guard let raw = row(.raw)?.error, let centred = row(.channelMean)?.error,
      let first = exchanged?.first(where: { $0.method == .raw })?.error,
      let second = exchanged?.first(where: { $0.method == .channelMean })?.error
    else { return nil }
    return (raw, first, second, centred)
  }

  /// Whether more filters of raw pixels start stuck, and this start alone costs errors.
  var startHarms: Bool {
    guard let starts, let stuck, stuck.count == 2 else { return false }
    return (stuck[0] - stuck[1]).direction() == .above && (starts.centredFromRaw - starts.centred).direction() == .above
  }

  /// By how many points raw pixels err more than centred ones after `longEpochs`.
  var longPoints: Summary? {
    guard let raw = long?.first(where: { $0.method == .raw })?.error,
      let centred = long?.first(where: { $0.method == .channelMean })?.error
    else { return nil }
    return raw - centred
  }
}

/// `2.1 points fewer errors (95 %: 1.0 to 3.2)`, or that the difference may be chance, with its interval.
func photographPoints(_ points: Summary) -> String {
  points.direction() == .withinChance
    ? "no difference beyond chance (\(signed(points.mean)) points, 95 %: \(points.interval(1)))" : errorsMore(points)
}

/// `+0.3`, `−1.2`.
func signed(_ value: Double) -> String {
  let text = fixed(abs(value), 1)
  return (Double(text) == 0 ? "" : value < 0 ? "−" : "+") + text
}

extension Preprocessings {
  /// The section.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings?, _ rule: RuleTable?) {
    guard let found, let plain = found.plain else { return }
    let nets = [("without batch norm", plain)] + (found.normalized.map { [("with batch norm", $0)] } ?? [])
    let means = found.means.map { fixed($0, 2) }.joined(separator: ", ")
    let end = found.ending
    let bars = end?.rows ?? plain
    page.prose(
      """
      ## Colour photographs

      A net with two convolutions, ReLU and max pooling learns \(grouped(end?.count ?? found.count)) photographs of \
      32×32 pixels in ten classes. The means of red, green and blue are \(means): halfway between black and white paper.
      """)
    page.figure(
      Figure(
        photographTitle(found),
        .bars(
          BarChart(
            categories: bars.map(\.method.name), y: Axis("test error (%)"),
            [.init("test error", bars.map(\.error.mean), deviation: bars.map(\.error.deviation), color: 0)])),
        caption: """
          \(found.data), after \(end?.epochs ?? found.epochs) epochs\(end == nil ? "" : " at a rate that falls to 0"), without batch norm, each \
          preparation at \(rateNote(bars)). Mean and standard deviation of \(counted((end?.seeds ?? found.seeds).count, "seed")). A net that \
          guesses gets 90 % wrong.
          """,
        name: "photographs"))
    page.project(photographSlide(found))
    page.prose(
      [imageWords(found), longWords(found), whyWords(found, rule)].filter { !$0.isEmpty }.joined(separator: "\n\n"))
    page.fold("Why photographs need the mean: what we tried") { addReasons(to: &$0, found, rule) }
    page.fold("How the photographs were measured") { addProtocol(to: &$0, found, nets) }
  }

  /// At which rates the figure was measured: the best of those tried, a factor of 3 apart.
  private static func rateNote(_ rows: [PhotographFindings.Row]) -> String {
    let rates = Set(rows.map(\.rate))
    return "the best of rates 3 times apart"
      + (rates.count == 1 ? " (\(short(rates.first ?? 0)) for all)" : "")
  }

  /// The mean image against the channel mean.
  private static func imageWords(_ found: PhotographFindings) -> String {
    guard let points = found.points(.meanImage, than: .channelMean) else { return "" }
    return points.worded(
      above: "The mean image costs \(fixed(points.mean, 1)) points over the channel mean after \(found.epochs) epochs.",
      below: "The mean image saves \(fixed(-points.mean, 1)) points more after \(found.epochs) epochs.",
      withinChance: "The mean image does as well as the channel mean, within chance (\(found.epochs) epochs).")
  }

  /// The start and the steps, each alone, in words; empty where that was not measured.
  private static func whyWords(_ found: PhotographFindings, _ rule: RuleTable?) -> String {
    guard let starts = found.starts, found.stuck != nil, found.points(.channelMean, than: .raw)?.direction() == .below
    else { return "" }
    let (start, steps) = (starts.centredFromRaw - starts.centred, starts.rawFromCentred - starts.centred)
    let harm: String
    switch (start.direction(), steps.direction()) {
    case (.above, .above): harm = "Each of the two costs errors alone"
    case (.above, _): harm = "Alone, only the start costs errors beyond chance"
    case (_, .above): harm = "Alone, only the steps cost errors beyond chance"
    default: harm = "Alone, neither costs errors beyond chance"
    }
    return """
      Why? \(notValley(found))Raw pixels are never negative, so many filters start on (their sum above 0), or off, in nearly all windows of \
      a photograph, and a step for one window moves the sums of all other windows the same way. **\(harm)** (next fold).\(rateWords(rule))
      """
  }

  /// That the largest curvature alone does not order the errors; empty where it does.
  private static func notValley(_ found: PhotographFindings) -> String {
    func window(_ method: Method) -> Double? { found.curvatures.first { $0.method == method }?.window }
    guard let raw = window(.raw), let divided = window(.channelStandard), divided > raw,
      let rows = found.ending?.rows, let one = rows.first(where: { $0.method == .raw }),
      let other = rows.first(where: { $0.method == .channelStandard }), (one.error - other.error).direction() != .below
    else { return "" }
    return """
      **Here the valley alone is not the reason**: divided pixels have a larger $\\lambda_{\\mathrm{max}}$ than raw ones, \
      \(fixed(divided, 0)) against \(fixed(raw, 0)), and \
      \((one.error - other.error).direction() == .above ? "fewer" : "no more") errors.\u{20}
      """
  }

  /// That centred pixels bear larger rates, at those of the rule, which are twice apart; empty where they do not.
  private static func rateWords(_ rule: RuleTable?) -> String {
    guard let rule, rateRatios(rule) != nil else { return "" }
    let ratios = rule.descents.compactMap { descent -> Double? in
      guard let raw = rule.row(descent, .raw)?.rate, let mean = rule.row(descent, .channelMean)?.rate else {
        return nil
      }
      return mean / raw
    }
    let (least, most) = (fixed(ratios.min() ?? 1, 0), fixed(ratios.max() ?? 1, 0))
    return """
       Centred pixels also bear a rate \(least == most ? least : "\(least) to \(most)") times as large.
      """
  }

  /// `2, 4 and 2`: how many times as large the best rate is without the mean, for each kind of descent; nil where it is not.
  private static func rateRatios(_ rule: RuleTable?) -> String? {
    guard let rule else { return nil }
    let ratios = rule.descents.compactMap { descent -> Double? in
      guard let raw = rule.row(descent, .raw)?.rate, let mean = rule.row(descent, .channelMean)?.rate else {
        return nil
      }
      return mean / raw
    }
    guard ratios.count > 1, ratios.allSatisfy({ $0 > 1.1 }) else { return nil }
    let words = ratios.map { fixed($0, 0) }
    return words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  private static func isSameRate(_ found: PhotographFindings) -> Bool {
    found.row(.raw)?.rate == found.row(.channelMean)?.rate
  }

  /// What is left after `longEpochs`; empty where nets were trained to the end.
  private static func longWords(_ found: PhotographFindings) -> String {
    guard found.ending == nil, let long = found.longPoints else { return "" }
    let (epochs, note) = (PhotographFindings.longEpochs, long.intervalNote())
    let left = long.worded(
      above: "After \(epochs) epochs without batch norm \(fixed(long.mean, 1)) points are left\(note).",
      below: "After \(epochs) epochs without batch norm raw pixels are even better\(note).",
      withinChance: "After \(epochs) epochs without batch norm no difference beyond chance is left\(note).")
    return "\(left) What is left at the end of training we have not measured."
  }

  /// Preparations with their rates, losses and errors.
  private static func table(_ title: String, _ rows: [PhotographFindings.Row], _ found: PhotographFindings) -> Table {
    Table(
      title,
      columns: [
        "preparation", "rate", .init("training loss", digits: 2), .init("test error (%)", digits: 1),
        .init("λmax", digits: 1),
      ],
      rows: rows.map { row in
        let curvature = found.curvatures.first { $0.method == row.method }
        return [
          TableCell(row.method.name), TableCell(short(row.rate) + (row.isAtEnd ? "*" : "")),
          .measured(row.loss), .measured(row.error), curvature.map { TableCell($0.window) } ?? TableCell("–"),
        ]
      })
  }

  /// What λmax explains, and the start or the way down.
  private static func addReasons(to page: inout Page, _ found: PhotographFindings, _ rule: RuleTable?) {
    func window(_ method: Method) -> Double? { found.curvatures.first { $0.method == method }?.window }
    guard let raw = window(.raw), let mean = window(.channelMean) else { return }
    let isSame = isSameRate(found)
    page.prose(
      """
      **The largest curvature.** A filter sees windows of 5×5 pixels, and the channel means lower $\\lambda_{\\mathrm{max}}$ of these \
      windows \(fixed(raw / mean, 0))-fold. So centred pixels should bear a rate \(fixed(raw / mean, 0)) times as large. \
      \(isSame ? "But the best of the rates tried is the same with and without the mean." : "The best of the rates tried is another one.") \
      \(rateRatios(rule).map { "With rates twice apart the best one is \($0) times as large without the mean (plain descent, momentum, Adam): the predicted direction, but less." } ?? "") \
      Another layer may limit the rate. \(gapWords(found))
      """)
    guard let starts = found.starts else { return }
    page.prose(
      """
      **The start or the steps?** \(stuckWords(found))A step for one window $x$ changes the sum of another one, $x'$, in proportion to \
      $x \\cdot x' + 1$, which is positive for all raw pixels. To tell the two apart we exchanged the starts. Raw pixels got the first biases \
      $b = -w \\cdot \\mu$: at the start this net computes exactly what the net on centred pixels computes. Centred pixels got $b = w \\cdot \\mu$.
      """)
    let (path, start) = (starts.rawFromCentred - starts.centred, starts.centredFromRaw - starts.centred)
    let (pathFromRaw, startOfRaw) = (starts.raw - starts.centredFromRaw, starts.raw - starts.rawFromCentred)
    page.table(
      Table(
        "Photographs with the starts exchanged: test errors (%), and differences (95 %; bold: beyond chance)",
        columns: ["starts as the net on", "raw pixels", "centred pixels", "the steps cost"],
        rows: [
          ["raw pixels", level(starts.raw), level(starts.centredFromRaw), cell(pathFromRaw)],
          ["centred pixels", level(starts.rawFromCentred), level(starts.centred), cell(path)],
          ["the start costs", cell(startOfRaw), cell(start), ""],
        ]))
    page.prose(startWords(path, start, pathFromRaw))
  }

  /// `54.7 ± 1.1`, as words.
  private static func level(_ error: Summary) -> TableCell { TableCell(error.formatted(decimals: 1)) }

  /// By how many points raw pixels fall behind centred ones at the smallest and at the largest rate that both tried.
  private static func gapWords(_ found: PhotographFindings) -> String {
    guard let raw = found.row(.raw), let centred = found.row(.channelMean) else { return "" }
    let gaps = zip(raw.rates, raw.validation).compactMap { rate, error in
      zip(centred.rates, centred.validation).first { $0.0 == rate }.map { (rate: rate, points: error - $0.1) }
    }
    guard let first = gaps.first, let last = gaps.last, last.points > first.points else { return "" }
    return """
      What the mean costs does grow with the rate, from \(fixed(first.points, 1)) points at \(short(first.rate)) to \(fixed(last.points, 1)) at \(short(last.rate)) (validation images).
      """
  }

  /// How many filters start on or off everywhere; ends with a space, or is empty.
  private static func stuckWords(_ found: PhotographFindings) -> String {
    guard let stuck = found.stuck, stuck.count == 2 else { return "" }
    return """
      A filter's sum $w \\cdot x$ of raw pixels mostly has the sign of the sum of its weights. Of the untrained filters \
      \(fixed(stuck[0].mean, 0)) % are on, or off, in at least 95 of 100 windows, with the means subtracted \
      \(stuck[1].mean == 0 ? "none" : "\(fixed(stuck[1].mean, 0)) %").\u{20}
      """
  }

  /// What each does alone: raw inputs from the start of centred ones, and centred inputs from the start of raw ones.
  ///
  /// - Parameter pathFromRaw: what the way down costs where the start does harm already.
  private static func startWords(_ path: Summary, _ start: Summary, _ pathFromRaw: Summary) -> String {
    let alone = "the steps alone cost \(fixed(path.mean, 1)) points, the start alone \(fixed(start.mean, 1))"
    switch (path.direction(), start.direction()) {
    case (.above, .above):
      let isLess = (path - pathFromRaw).direction() == .above
      return """
        **Both do harm**: \(alone).\(isLess ? " Where one has done harm already, the other one costs less\((path - pathFromRaw).intervalNote())." : "")
        """
    case (.above, _): return "**The steps do the damage, not the start**: \(alone)."
    case (_, .above): return "**The start does the damage, not the steps**: \(alone)."
    default: return "**Neither does certain damage alone**: \(alone)."
    }
  }

  /// How it was measured, with all numbers.
  private static func addProtocol(
    to page: inout Page, _ found: PhotographFindings, _ nets: [(String, [PhotographFindings.Row])]
  ) {
    page.prose(
      """
      \(found.data), from JPEG copies (quality 75), not from the original files. Gradient descent with momentum 0.9 (chapter 1) in batches \
      of 32. \(grouped(found.validationCount)) other images choose the rates from \
      \(PhotographFindings.rates.map { short(Double($0)) }.joined(separator: ", ")), and beyond an end as long as this end was best, with \
      \(counted(found.choosing.count, "seed")) that are not measured. The test images choose nothing. Differences are taken seed by seed; \
      $\\lambda_{\\mathrm{max}}$ is that of the windows. \(later(found))
      """)
    if let end = found.ending {
      page.table(
        table("\(grouped(end.count)) photographs, \(end.epochs) epochs, a rate that falls to 0", end.rows, found))
    }
    if nets.count > 1 {
      page.prose(
        """
        Behind batch norm raw and centred pixels train alike at one rate (*Do Adam and batch norm make it unnecessary?*). In the last table \
        the rates were chosen apart, with two seeds.
        """)
    }
    for (name, rows) in nets {
      page.table(
        table("\(grouped(found.count)) photographs, \(found.epochs) epochs, the net \(name)", rows, found))
    }
    page.code("photograph-net", in: "Photographs.swift")
  }

  /// How the exchanged starts and the longer runs differ from the rest.
  private static func later(_ found: PhotographFindings) -> String {
    var words: [String] = []
    if let exchanged = found.exchanged {
      words.append(
        "The rates of the exchanged starts were chosen with one seed (\(exchanged.map { short($0.rate) }.joined(separator: " and ")))."
      )
    }
    if found.ending == nil {
      words.append("The \(PhotographFindings.longEpochs) epochs have the rates that were best for \(found.epochs).")
    } else if let long = found.longPoints {
      words.append(
        """
        At the constant rate that was best for \(found.epochs) epochs, raw pixels make after \(PhotographFindings.longEpochs) epochs \
        \(long.worded(
          above: "\(fixed(long.mean, 1)) points more errors", below: "\(fixed(-long.mean, 1)) points fewer errors",
          withinChance: "as many errors within chance"))\(long.intervalNote()).
        """)
    }
    if let end = found.ending {
      words.append(
        """
        To the end: the rate falls to 0 as half a cosine, once in each epoch. \(grouped(end.validationCount)) other images and \
        \(counted(end.choosing.count, "seed")) choose its first value \
        (\(end.rows.map(chosen).joined(separator: ", "))); \(counted(end.seeds.count, "other seed")) are measured.
        """)
    }
    return words.joined(separator: " ")
  }

  /// `raw 0.01`.
  private static func chosen(_ row: PhotographFindings.Row) -> String {
    "\(row.method.name) \(short(row.rate))"
  }

  /// What the means change, and what dividing does to it, in the training that is drawn.
  private static func photographTitle(_ found: PhotographFindings) -> String {
    let end = found.ending
    guard let points = end.map({ $0.points(.channelMean, than: .raw) }) ?? found.points(.channelMean, than: .raw) else {
      return "Test errors on photographs"
    }
    let division = end?.points(.channelStandard, than: .channelMean).map {
      $0.direction() == .above ? ", and dividing costs \(fixed($0.mean, 1))" : ""
    }
    return points.worded(
      above: "On colour photographs the channel means cost \(fixed(points.mean, 1)) points of error",
      below: "On colour photographs the channel means save \(fixed(-points.mean, 1)) points of error\(division ?? "")",
      withinChance: "On colour photographs the channel means change nothing beyond chance")
  }

  private static func photographSlide(_ found: PhotographFindings) -> String {
    let end = found.ending
    guard let points = end.map({ $0.points(.channelMean, than: .raw) }) ?? found.points(.channelMean, than: .raw) else {
      return "Colour photographs, prepared"
    }
    return points.worded(
      above: "On photographs, the means cost \(fixed(points.mean, 1)) points",
      below: "On photographs, the means save \(fixed(-points.mean, 1)) points",
      withinChance: "On photographs, the means change nothing certain")
  }

  /// `+4.0 (3.5 to 4.6)`, bold beyond chance; a dash where nothing was measured.
  static func cell(_ points: Summary?) -> TableCell {
    guard let points else { return "–" }
    let number = fixed(abs(points.mean), 1)
    let size = (Double(number) == 0 ? "" : points.mean < 0 ? "−" : "+") + number
    let text = points.count < 3 ? size : "\(size) (\(points.interval(1)))"
    // Spaces that do not break.
    let whole = text.replacing(" ", with: "\u{a0}")
    return TableCell(points.direction() == .withinChance ? whole : "**\(whole)**")
  }
}
