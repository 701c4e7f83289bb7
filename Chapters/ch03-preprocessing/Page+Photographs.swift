// The page of chapter 3: colour photographs, and what a filter sees of them.

import Foundation
import Workbook

extension PhotographEnding {
  /// What each of three things costs alone, with centred pixels or with the start of centred ones: filters that start on or
  /// off, larger first sums, and the steps; and what smaller first sums change for raw pixels. Nil where not measured.
  struct Harms {
    var stuck: Summary
    var sums: Summary
    var steps: Summary
    var smaller: Summary
    /// The filters and the steps together, the sums of the usual size.
    var both: Summary
    /// What larger sums add where filters are stuck.
    var added: Summary
  }

  var harms: Harms? {
    guard let raw = row(.raw)?.error, let mean = row(.channelMean)?.error, let small = start(.rawSmall)?.error,
      let large = start(.centredLarge)?.error, let stuck = start(.centredStuck)?.error,
      let steps = start(.rawAsCentred)?.error, let both = start(.centredAsRaw)?.error
    else { return nil }
    return Harms(
      stuck: stuck - mean, sums: large - mean, steps: steps - mean, smaller: small - raw, both: small - mean,
      added: both - stuck)
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
  /// What the mean does for photographs, and why.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings?) {
    guard let found, let end = found.ending else { return }
    let means = found.means.map { fixed($0, 2) }.joined(separator: ", ")
    page.prose(
      """
      ## Colour photographs

      \(photographWords(end)) Our net has two convolutions and max pooling. It learns \
      \(grouped(end.count)) photographs of 32×32 pixels in ten classes. The means of red, green and blue are \(means): halfway between black and \
      white paper.
      """)
    page.figure(
      Figure(
        photographTitle(end),
        .bars(
          BarChart(
            categories: end.rows.map(\.method.name), y: Axis("test error (%)"),
            [bars(end.rows, end.setting(.long) == nil ? "test error" : "\(end.epochs) epochs", color: 0)]
              + (end.setting(.long).map { [bars($0.rows, "\($0.epochs) epochs", color: 6)] } ?? []))),
        caption: """
          \(found.data), at a rate that falls to 0, without batch norm, each preparation at the best of rates a \
          factor of 2 apart. Mean and standard deviation of \(counted(end.seeds.count, "seed"))\(end.setting(.long).map {
            " (\($0.epochs) epochs: \($0.seeds.count))" } ?? "").\(roundingNote(end))
          """,
        name: "photographs"))
    page.project(photographSlide(end))
    addFilters(to: &page, found)
    page.fold("How the photographs were measured") { addProtocol(to: &$0, found, end) }
  }

  private static func bars(_ rows: [PhotographFindings.Row], _ name: String, color: Int) -> BarChart.Bars {
    .init(name, rows.map(\.error.mean), deviation: rows.map(\.error.deviation), color: color)
  }

  /// Filters at the start, and the start and the steps exchanged.
  private static func addFilters(to page: inout Page, _ found: PhotographFindings) {
    guard let on = found.on, on.count == 2, let stuck = found.stuck, stuck.count == 2 else { return }
    page.prose(
      """
      ## What a filter sees

      **With raw pixels many filters start stuck.** A filter of the first layer sees a window of 5×5 pixels in three colours. It is *on* if its \
      sum $w \\cdot x + b$ is above 0. Otherwise ReLU makes it 0, and it is *off*. We call it *stuck* if it is on, or off, in at least 95 of 100 windows.

      Take three grey windows, with all their pixels at 0.3, 0.5 and 0.7, and a filter whose weights add up to 1. Its sums are 0.3, 0.5 \
      and 0.7: it is on in all three. If its weights add up to −1, it is off in all three. Subtract 0.5, and the sums are −0.2, 0 and \
      0.2: now the filter tells dark windows from bright ones.
      """)
    page.figure(
      Figure(
        """
        At the start \(fixed(stuck[0].mean, 0)) % of the filters are stuck on raw pixels, and \
        \(stuck[1].mean == 0 ? "none" : "\(fixed(stuck[1].mean, 0)) %") on centred ones
        """,
        .lines(
          LineChart(
            x: Axis("filter of the first layer, sorted"), y: Axis("windows in which it is on (%)", range: 0...100),
            zip(["raw", "channel mean"], on).enumerated().map { index, way in
              Series(
                way.0, x: way.1.indices.map { Double($0 + 1) }, y: way.1.sorted(), style: .points,
                isEmphasized: index == 1, color: index == 0 ? 6 : 0)
            })),
        caption: """
          Dots: the \(on[0].count) filters of one untrained net, in all windows of 500 photographs. The shares in the title are means over \
          \(counted(stuck[0].count, "seed")).
          """,
        name: "filters-on"))
    page.project("Raw pixels: many filters start stuck")
    addStarts(to: &page, found, stuck)
  }

  /// The steps, and what each start costs.
  private static func addStarts(to page: inout Page, _ found: PhotographFindings, _ stuck: [Summary]) {
    page.prose(
      """
      **The steps suffer, too.** A step for one window $x$ changes the sum of another window $x'$ in proportion to $x \\cdot x' + 1$ (the bias adds the 1). For raw \
      pixels this is always positive, so a step that raises the sum of one window raises those of all windows. This is the valley of *Black on \
      white* again: the mean makes the loss\(steeper(found)) steep in one direction, and leaves the others as they are.
      """)
    guard let end = found.ending, let harms = end.harms, let factor = end.factor else { return }
    let times = "\(fixed(factor, 1)) times"
    page.prose(
      """
      Raw pixels also make the first sums \(times) as large. **Which of the three costs the errors?** We exchanged the starts. The first biases \
      $b = w \\cdot \\mu$ give centred pixels the start of raw ones, and $b = -w \\cdot \\mu$ the reverse. First weights (and such biases) \
      \(times) as small or as large change the size of the sums alone.
      """)
    page.table(startTable(end, stuck: stuck.map { "\(fixed($0.mean, 0)) %" }, times: "× \(fixed(factor, 1))"))
    page.project("Raw pixels: the filters, the sums or the steps?")
    page.prose(harmWords(harms))
  }

  /// Every start with its error, and how far it is from centred pixels with their own start.
  private static func startTable(_ end: PhotographEnding, stuck: [String], times: String) -> Table {
    let mean = end.row(.channelMean)
    let rows: [(String, String, String, PhotographFindings.Row?)] = [
      ("centred", stuck[1], "usual", mean), ("centred", stuck[1], times, end.start(.centredLarge)),
      ("centred", stuck[0], "usual", end.start(.centredStuck)), ("centred", stuck[0], times, end.start(.centredAsRaw)),
      ("raw", stuck[1], "usual", end.start(.rawAsCentred)), ("raw", stuck[0], "usual", end.start(.rawSmall)),
      ("raw", stuck[0], times, end.row(.raw)),
    ]
    return Table(
      """
      The same photographs with other starts of the first layer, each at its best rate: test error, and the change from the first row (95 %; \
      bold: beyond chance)
      """,
      columns: ["pixels", "filters stuck at the start", "first sums", .init("test error (%)", digits: 1), "change"],
      rows: rows.map { pixels, filters, sums, row in
        [
          TableCell(pixels), TableCell(filters), TableCell(sums), row.map { .measured($0.error) } ?? "–",
          row?.error == mean?.error ? "" : cell(row.flatMap { row in mean.map { row.error - $0.error } }),
        ]
      })
  }

  /// What each of the three does alone.
  private static func harmWords(_ harms: PhotographEnding.Harms) -> String {
    func points(_ cost: Summary) -> String { "\(fixed(cost.mean, 1)) points" }
    let innocent = "**It is not the larger sums that cost raw pixels errors**"
    let sums = harms.smaller.worded(
      above: "\(innocent): smaller ones save them nothing.",
      below: "**The larger sums do harm**: smaller ones save raw pixels \(points(harms.smaller.negated)).",
      withinChance: "\(innocent): smaller ones save them nothing beyond chance.")
    let alone =
      harms.sums.direction() == .above && harms.smaller.direction() != .below
        && harms.added.direction() == .withinChance
      ? " Larger sums cost \(points(harms.sums)) only where no filter is stuck, and on raw pixels many are." : ""
    let stuck = harms.stuck.worded(
      above: "Alone the stuck filters cost \(points(harms.stuck)).", below: "Alone the stuck filters even save errors.",
      withinChance: "Of the stuck filters alone we see no cost.")
    let steps = harms.steps.worded(
      above: "The steps on raw pixels cost \(points(harms.steps)).", below: "The steps on raw pixels even save errors.",
      withinChance: "Of the steps alone we see no cost.")
    let isBoth = harms.stuck.direction() == .above && harms.steps.direction() == .above
    let both = isBoth ? " Both together, without larger sums, cost \(points(harms.both))." : ""
    return "\(sums)\(alone) \(stuck) \(steps)\(both)"
  }

  /// What does harm in the convolutional net: the filters, the steps, the sums; nil where nothing alone does.
  static func causes(_ harms: PhotographEnding.Harms) -> String? {
    let found = [
      harms.stuck.direction() == .above ? "many filters start on, or off, nearly everywhere" : nil,
      harms.steps.direction() == .above ? "each step moves the sums of all windows the same way" : nil,
      harms.smaller.direction() == .below ? "the first sums are large" : nil,
    ].compactMap { $0 }
    return found.isEmpty ? nil : "on raw pixels " + found.joined(separator: ", and ")
  }

  /// ` 6.6 times as`, for photographs whose windows were measured; a space alone without.
  private static func steeper(_ found: PhotographFindings) -> String {
    func window(_ method: Method) -> Double? { found.curvatures.first { $0.method == method }?.window }
    guard let raw = window(.raw), let mean = window(.channelMean), raw > mean else { return "" }
    return " \(fixed(raw / mean, 1)) times as"
  }

  /// Where the difference of the rounded errors is not the rounded difference: the latter.
  private static func roundingNote(_ end: PhotographEnding) -> String {
    guard let raw = end.row(.raw)?.error.mean, let mean = end.row(.channelMean)?.error.mean,
      let saved = end.points(.channelMean, than: .raw)?.negated.mean, let shown = Double(fixed(raw, 1)),
      let other = Double(fixed(mean, 1)), fixed(shown - other, 1) != fixed(saved, 1)
    else { return "" }
    return " The \(fixed(saved, 1)) is of unrounded errors."
  }

  /// How it was measured, with all rates.
  private static func addProtocol(to page: inout Page, _ found: PhotographFindings, _ end: PhotographEnding) {
    page.prose(
      """
      \(found.data), from JPEG copies (quality 75), not from the original files. Gradient descent with momentum 0.9 (chapter 1) in batches \
      of 32. \(grouped(end.validationCount)) other images and \(counted(end.choosing.count, "seed")) that are not measured choose the rate, which \
      falls to 0 as half a cosine. The best one lies between two worse ones.
      """)
    if let starts = startRates(end) { page.prose(starts) }
    page.code("photograph-net", in: "Photographs.swift")
  }

  /// The rates of the table of starts, row by row; nil where that was not measured.
  private static func startRates(_ end: PhotographEnding) -> String? {
    let rows = [
      end.row(.channelMean), end.start(.centredLarge), end.start(.centredStuck), end.start(.centredAsRaw),
      end.start(.rawAsCentred), end.start(.rawSmall), end.row(.raw),
    ].compactMap { $0 }
    guard rows.count == 7 else { return nil }
    return """
      In the table of starts the best rates are, row by row, \(rows.map { short($0.rate) }.joined(separator: ", ")); between the first and the last \
      row 2 seeds chose them.
      """
  }

  /// What the means change, in the training that is drawn.
  private static func photographTitle(_ end: PhotographEnding) -> String {
    guard let points = end.points(.channelMean, than: .raw) else { return "Test errors on photographs" }
    return points.worded(
      above: "On colour photographs the channel means cost \(fixed(points.mean, 1)) points of error",
      below: "On colour photographs the channel means save \(fixed(-points.mean, 1)) points of error"
        + (end.setting(.long)?.points(.channelMean, than: .raw)?.direction() == .withinChance
          ? " in \(end.epochs) epochs" : ""),
      withinChance: "On colour photographs the channel means change nothing beyond chance")
  }

  private static func photographWords(_ end: PhotographEnding) -> String {
    guard let points = end.points(.channelMean, than: .raw) else { return "" }
    return points.worded(
      above: "**On colour photographs raw pixels do better in our convolutional net.**",
      below: end.speed?.direction() == .withinChance
        ? "**On colour photographs centring saves time**: \(end.epochs) epochs of centred pixels do about as well as "
          + "\(end.setting(.long)?.epochs ?? 0) of raw ones."
          + (end.gainsNothingMore ? " More epochs gain centred pixels nothing." : "")
        : "**On colour photographs centring saves errors, in a convolutional net with ReLU, too.**",
      withinChance: "**On colour photographs we see no gain by centring in our convolutional net.**")
  }

  private static func photographSlide(_ end: PhotographEnding) -> String {
    guard let points = end.points(.channelMean, than: .raw) else { return "Colour photographs, prepared" }
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
