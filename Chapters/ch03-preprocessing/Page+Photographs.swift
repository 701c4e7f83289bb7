// The page of chapter 3: colour photographs, and what a filter sees of them.

import Foundation
import Workbook

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

      \(photographWords(end)) Our net has two convolutions with ReLU and max pooling. It learns \(grouped(end.count)) photographs of 32×32 pixels in \
      ten classes, in \(end.epochs) epochs. The means of red, green and blue are \(means): halfway between black and white paper.
      """)
    let groups: [(String, [PhotographFindings.Row])] = [
      ("He's weights", end.rows), ("PyTorch's weights", end.setting(.pyTorch)?.rows ?? []),
      ("batch norm", end.setting(.norm)?.rows ?? []),
    ].filter { !$0.1.isEmpty }
    let seeds = groups.map { "\($0.0): \($0.1[0].error.count)" }.joined(separator: ", ")
    page.figure(
      Figure(
        photographTitle(end),
        .bars(
          BarChart(
            categories: groups.map(\.0), y: Axis("test error (%)"),
            zip(PhotographFindings.methods + [.meanImage], [6, 2, 1, 0]).map { method, color in
              bars(method, groups.map(\.1), color: color)
            }.filter { !$0.values.isEmpty })),
        caption: """
          \(found.data), \(end.epochs) epochs at a rate that falls to 0, each bar at the best of rates a factor of 2 apart. Mean and standard \
          deviation over the seeds (\(seeds)).\(imageNote(end))
          """,
        name: "photographs"))
    page.project(photographSlide(end))
    addFilters(to: &page, found)
    page.fold("How the photographs were measured") { addProtocol(to: &$0, found, end) }
  }

  /// One preparation in each of the nets; only in the first ones where the others were not measured.
  private static func bars(_ method: Method, _ nets: [[PhotographFindings.Row]], color: Int) -> BarChart.Bars {
    let errors = nets.compactMap { rows in rows.first { $0.method == method }?.error }
    return .init(method.name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
  }

  /// ` The mean image, over the channel mean: +0.2 points (95 %: …).`; empty where that was not measured.
  private static func imageNote(_ end: PhotographEnding) -> String {
    guard let points = end.points(.meanImage, than: .channelMean) else { return "" }
    return " The mean image, over the channel mean: \(signed(points.mean)) points\(points.intervalNote())."
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
      white* again: the mean makes the loss\(moreCurved(found)) curved in one direction, and leaves the others as they are.
      """)
    guard let end = found.ending, let causes = end.causes, let factor = end.factor else { return }
    let times = "\(fixed(factor, 1)) times"
    page.prose(
      """
      So raw pixels differ from centred ones in three things: **1.** the steps, **2.** filters that start stuck, **3.** first sums \(times) as \
      large. **Which of the three costs the errors?** We exchanged the starts. The first biases $b = w \\cdot \\mu$ give centred pixels the \
      stuck filters of raw ones, and $b = -w \\cdot \\mu$ takes them from raw ones. First weights (and such biases) \(times) as large or \
      as small change the sums alone.
      """)
    func share(_ place: Int) -> String { "\(fixed(stuck[place].mean, 0)) %" }
    func error(_ isRaw: Bool, _ isStuck: Bool, _ isLarge: Bool) -> TableCell {
      guard let error = end.net(raw: isRaw, stuck: isStuck, large: isLarge)?.error else { return "–" }
      let text = error.formatted(decimals: 1)
      let isReal = isRaw == isStuck && isRaw == isLarge
      return TableCell(isReal ? "**\(text)** (\(isRaw ? "raw" : "centred") net)" : text)
    }
    func cost(_ points: Summary) -> String { "\(signed(points.mean)) (\(points.interval(1)))" }
    page.table(
      Table(
        """
        Test errors (%) with each of the three exchanged, each net at its best rate (bold: the two real nets). Costs in points, each averaged \
        over the other two (95 %): the steps \(cost(causes.steps)), stuck filters \(cost(causes.stuck)), larger sums \(cost(causes.sums))
        """,
        columns: ["steps of", "filters stuck at the start", "usual sums", "sums × \(fixed(factor, 1))"],
        rows: [false, true].flatMap { raw in
          [false, true].map { stuck in
            [
              TableCell(raw ? "raw pixels" : "centred pixels"), TableCell(share(stuck ? 0 : 1)),
              error(raw, stuck, false), error(raw, stuck, true),
            ]
          }
        }))
    page.project("Raw pixels: the filters, the sums or the steps?")
    page.prose(causeWords(causes))
  }

  /// What each of the three costs.
  private static func causeWords(_ causes: (steps: Summary, stuck: Summary, sums: Summary)) -> String {
    func words(_ name: String, _ points: Summary) -> String {
      points.worded(
        above: "\(name) cost \(fixed(points.mean, 1)) points",
        below: "\(name) even save \(fixed(-points.mean, 1)) points",
        withinChance: "of \(name) we see no cost beyond chance")
    }
    return """
      **On average \(words("the steps", causes.steps)), \(words("stuck filters", causes.stuck)), and \(words("larger sums", causes.sums)).** \
      What each costs in one pair of nets differs with the other two.
      """
  }

  /// What does harm in the convolutional net; nil where nothing does.
  static func causes(_ end: PhotographEnding?) -> String? {
    guard let causes = end?.causes else { return nil }
    let found = [
      causes.steps.direction() == .above ? "each step moves the sums of all windows the same way" : nil,
      causes.stuck.direction() == .above
        ? "many filters start *stuck*: their sums are above 0 nearly everywhere, or nearly nowhere" : nil,
      causes.sums.direction() == .above ? "the first sums are large" : nil,
    ].compactMap { $0 }
    return found.isEmpty ? nil : "on raw pixels " + found.joined(separator: ", and ")
  }

  /// ` 6.6 times as`, for photographs whose windows were measured; ` more` without.
  private static func moreCurved(_ found: PhotographFindings) -> String {
    func window(_ method: Method) -> Double? { found.curvatures.first { $0.method == method }?.window }
    guard let raw = window(.raw), let mean = window(.channelMean), raw > mean else { return " more" }
    return " \(fixed(raw / mean, 1)) times as"
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

  /// The rates of the table of starts; nil where that was not measured.
  private static func startRates(_ end: PhotographEnding) -> String? {
    let sides = [false, true]
    let rows = sides.flatMap { raw in
      sides.flatMap { stuck in sides.compactMap { end.net(raw: raw, stuck: stuck, large: $0) } }
    }
    guard rows.count == 8 else { return nil }
    return """
      In the table of starts the best rates are \(short(rows.map(\.rate).min() ?? 0)) to \(short(rows.map(\.rate).max() ?? 0)); 2 seeds chose them, 3 those of \
      the two real nets.
      """
  }

  /// What the means change, in the training that is drawn first.
  private static func photographTitle(_ end: PhotographEnding) -> String {
    guard let points = end.ownPoints(.channelMean, than: .raw) else { return "Test errors on photographs" }
    return points.worded(
      above: "On colour photographs the channel means cost \(fixed(points.mean, 1)) points of error",
      below: "On colour photographs the channel means save \(fixed(-points.mean, 1)) points of error\(behindNorm(end))",
      withinChance: "On colour photographs the channel means change nothing beyond chance")
  }

  /// `; with batch norm, nothing beyond chance`, where that was found.
  static func behindNorm(_ end: PhotographEnding?) -> String {
    end?.setting(.norm)?.points(.channelMean, than: .raw)?.direction() == .withinChance
      ? "; with batch norm, nothing beyond chance" : ""
  }

  private static func photographWords(_ end: PhotographEnding) -> String {
    guard let points = end.ownPoints(.channelMean, than: .raw) else { return "" }
    let weights = end.setting(.pyTorch) == nil ? "" : ", from PyTorch's first weights"
    return points.worded(
      above: "**On colour photographs raw pixels do better in our convolutional net.**",
      below: "**Without batch norm the mean costs our convolutional net \(fixed(-points.mean, 1)) points\(weights).**",
      withinChance: "**On colour photographs we see no gain by centring in our convolutional net.**")
  }

  private static func photographSlide(_ end: PhotographEnding) -> String {
    guard let points = end.ownPoints(.channelMean, than: .raw) else { return "Colour photographs, prepared" }
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
