// The page of chapter 3: colour photographs, and what a filter sees of them.

import Foundation
import Workbook

extension PhotographFindings {
  /// The errors of raw pixels, and of raw and centred pixels that start as the net of the other one.
  var starts: (raw: Summary, rawFromCentred: Summary, centredFromRaw: Summary, centred: Summary)? {
    guard let raw = row(.raw)?.error, let centred = row(.channelMean)?.error,
      let first = exchanged?.first(where: { $0.method == .raw })?.error,
      let second = exchanged?.first(where: { $0.method == .channelMean })?.error
    else { return nil }
    return (raw, first, second, centred)
  }

  /// What the start and the steps cost, each alone; nil where that was not measured.
  var harms: (start: Summary, steps: Summary)? {
    starts.map { ($0.centredFromRaw - $0.centred, $0.rawFromCentred - $0.centred) }
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

      **In a convolutional net with ReLU a mean does harm for another reason.** Our net has two convolutions and max pooling. It learns \
      \(grouped(end.count)) photographs of 32×32 pixels in ten classes. The means of red, green and blue are \(means): halfway between black and \
      white paper.
      """)
    page.figure(
      Figure(
        photographTitle(end),
        .bars(
          BarChart(
            categories: end.rows.map(\.method.name), y: Axis("test error (%)"),
            [.init("test error", end.rows.map(\.error.mean), deviation: end.rows.map(\.error.deviation), color: 0)])),
        caption: """
          \(found.data), after \(end.epochs) epochs at a rate that falls to 0, without batch norm, each preparation at the best of rates a \
          factor of 2 apart. Mean and standard deviation of \(counted(end.seeds.count, "seed")). A net that guesses gets 90 % wrong.
          """,
        name: "photographs"))
    page.project(photographSlide(end))
    let valley = notValley(found)
    if !valley.isEmpty { page.prose(valley) }
    addFilters(to: &page, found)
    page.fold("How the photographs were measured") { addProtocol(to: &$0, found, end) }
  }

  /// That the largest curvature does not order the errors; empty where it does.
  private static func notValley(_ found: PhotographFindings) -> String {
    func window(_ method: Method) -> Double? { found.curvatures.first { $0.method == method }?.window }
    guard let raw = window(.raw), let divided = window(.channelStandard), divided > raw,
      let points = found.ending?.points(.channelStandard, than: .raw), points.direction() != .above
    else { return "" }
    return """
      The valley of *Black on white* alone does not explain this figure: divided pixels have a larger $\\lambda_{\\mathrm{max}}$ than raw ones, and \
      \(points.direction() == .below ? "fewer" : "no more") errors.\(ordersRates(found) ? " The best rates do follow it (in the fold below)." : "")
      """
  }

  /// Whether the best rate is the smaller, the larger the largest curvature.
  private static func ordersRates(_ found: PhotographFindings) -> Bool {
    let rows = (found.ending?.rows ?? []).compactMap { row in
      found.curvatures.first { $0.method == row.method }.map { (curvature: $0.window, rate: row.rate) }
    }.sorted { $0.curvature < $1.curvature }
    return rows.count > 2 && zip(rows, rows.dropFirst()).allSatisfy { $0.rate > $1.rate }
  }

  /// Filters at the start, and the start and the steps exchanged.
  private static func addFilters(to page: inout Page, _ found: PhotographFindings) {
    guard let on = found.on, on.count == 2, let stuck = found.stuck, stuck.count == 2 else { return }
    page.prose(
      """
      ## What a filter sees

      **With raw pixels many filters start on, or off, nearly everywhere.** A filter of the first layer sees a window of 5×5 pixels in three \
      colours. It is *on* if its sum $w \\cdot x + b$ is above 0. Otherwise ReLU makes it 0, and it is *off*.

      Take three grey windows, with all their pixels at 0.3, 0.5 and 0.7, and a filter whose weights add up to 1. Its sums are 0.3, 0.5 \
      and 0.7: it is on in all three. If its weights add up to −1, it is off in all three. Subtract 0.5, and the sums are −0.2, 0 and \
      0.2: now the filter tells dark windows from bright ones.
      """)
    page.figure(
      Figure(
        """
        At the start \(fixed(stuck[0].mean, 0)) % of the filters are on, or off, nearly everywhere on raw pixels, and \
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
          The \(on[0].count) filters of one untrained net, in all windows of 500 photographs. Nearly everywhere means at least 95 of 100 windows; \
          the shares are means over \(counted(stuck[0].count, "seed")).
          """,
        name: "filters-on"))
    page.project("Raw pixels: filters on or off nearly everywhere")
    guard let starts = found.starts, let harms = found.harms else { return }
    page.prose(
      """
      The steps suffer, too. A step for one window $x$ changes the sum of another window $x'$ in proportion to $x \\cdot x' + 1$. For raw \
      pixels this is always positive, so a step that raises the sum of one window raises those of all windows. With the mean subtracted, \
      dark windows and bright ones can go opposite ways.

      **Is it the start or the steps?** We exchanged the starts. Raw pixels got the first biases $b = -w \\cdot \\mu$: at the start this net computes \
      exactly what the net on centred pixels computes. Centred pixels got $b = w \\cdot \\mu$, and so the start of raw ones.
      """)
    page.table(
      Table(
        """
        Photographs with the starts exchanged: test errors (%) after \(counted(found.epochs, "epoch")). Alone the start costs \
        \(harms.start.withInterval()) points, the steps \(harms.steps.withInterval())
        """,
        columns: ["starts as the net on", "raw pixels", "centred pixels"],
        rows: [
          ["raw pixels", .measured(starts.raw), .measured(starts.centredFromRaw)],
          ["centred pixels", .measured(starts.rawFromCentred), .measured(starts.centred)],
        ]))
    page.project("Raw pixels: is it the start or the steps?")
    page.prose(
      harmWords(harms)
        + (harms.start.direction() == .above
          ? " The start of raw pixels also makes the first sums larger; these two we have not told apart." : ""))
  }

  /// What each does alone: raw inputs from the start of centred ones, and centred inputs from the start of raw ones.
  private static func harmWords(_ harms: (start: Summary, steps: Summary)) -> String {
    switch (harms.start.direction(), harms.steps.direction()) {
    case (.above, .above):
      return
        "**Both do harm**: each of them alone costs about \(fixed((harms.start.mean + harms.steps.mean) / 2, 0)) points."
    case (.above, _):
      return
        "**The start does harm**: alone it costs \(fixed(harms.start.mean, 1)) points. Of the steps we see no cost."
    case (_, .above):
      return "**The steps do harm**: alone they cost \(fixed(harms.steps.mean, 1)) points. Of the start we see no cost."
    default: return "Of neither alone do we see a cost."
    }
  }

  /// How it was measured, with all rates.
  private static func addProtocol(to page: inout Page, _ found: PhotographFindings, _ end: PhotographEnding) {
    page.prose(
      """
      \(found.data), from JPEG copies (quality 75), not from the original files. Gradient descent with momentum 0.9 (chapter 1) in batches \
      of 32. \(grouped(end.validationCount)) other images and \(counted(end.choosing.count, "seed")) that are not measured choose the rate, which \
      falls to 0 as half a cosine. The rates tried are a factor of 2 apart, and the best one lies between two worse ones. The test images \
      choose nothing.
      """)
    page.table(
      rateTable(
        "\(grouped(end.count)) photographs, \(end.epochs) epochs, a rate that falls to 0; $\\lambda_{\\mathrm{max}}$ of windows of 5×5 pixels",
        end.rows, found))
    page.prose(
      """
      The exchanged starts and the net with batch norm (*And the standard deviation?*) were trained for \(counted(found.epochs, "epoch")) at a constant \
      rate, the best of \(PhotographFindings.rates.map { short(Double($0)) }.joined(separator: ", ")).\(sameRate(found))
      """)
    page.code("photograph-net", in: "Photographs.swift")
  }

  /// That the exchanged starts share one rate; empty where they do not.
  private static func sameRate(_ found: PhotographFindings) -> String {
    let rates = Set(
      ((found.plain ?? []).filter { $0.method != .channelStandard } + (found.exchanged ?? [])).map(\.rate))
    return rates.count == 1 ? " For all four exchanged starts this was \(short(rates.first ?? 0))." : ""
  }

  /// Preparations with their rates, losses and errors.
  private static func rateTable(
    _ title: String, _ rows: [PhotographFindings.Row], _ found: PhotographFindings
  ) -> Table {
    Table(
      title,
      columns: [
        "preparation", "best rate", .init("training loss", digits: 2), .init("test error (%)", digits: 1),
        .init("λmax", digits: 1),
      ],
      rows: rows.map { row in
        let curvature = found.curvatures.first { $0.method == row.method }
        return [
          TableCell(row.method.name), TableCell(short(row.rate) + (row.isAtEnd ? "*" : "")), .measured(row.loss),
          .measured(row.error), curvature.map { TableCell($0.window) } ?? TableCell("–"),
        ]
      })
  }

  /// What the means change, in the training that is drawn.
  private static func photographTitle(_ end: PhotographEnding) -> String {
    guard let points = end.points(.channelMean, than: .raw) else { return "Test errors on photographs" }
    return points.worded(
      above: "On colour photographs the channel means cost \(fixed(points.mean, 1)) points of error",
      below: "On colour photographs the channel means save \(fixed(-points.mean, 1)) points of error",
      withinChance: "On colour photographs the channel means change nothing beyond chance")
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
