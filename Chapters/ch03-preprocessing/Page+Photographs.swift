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
}

/// `2.1 points fewer errors (95 %: 1.0 to 3.2)`, or that the difference may be chance, with its interval.
func photographPoints(_ points: Summary) -> String {
  points.direction() == .withinChance
    ? "no difference beyond chance (\(signed(points.mean)) points, 95 %: \(points.interval(1)))" : errorsMore(points)
}

/// `+0.3`, `−1.2`.
private func signed(_ value: Double) -> String {
  let text = fixed(abs(value), 1)
  return (Double(text) == 0 ? "" : value < 0 ? "−" : "+") + text
}

extension Preprocessings {
  /// The answer for photographs, in the open.
  static func photographAnswer(_ found: PhotographFindings?) -> String {
    guard let found, let both = found.points(.channelStandard, than: .raw) else {
      return found == nil
        ? "How much colour photographs gain is not measured in this run."
        : """
        Use both for colour photographs, as everybody does. How much they save in training is not measured here; *Colour photographs* \
        calculates what the means do to the curvatures.
        """
    }
    var words = """
      What do colour photographs gain? In a small convolutional net with ReLU, channel means and deviations together bring \
      \(photographPoints(both)) compared with raw pixels.
      """
    if let mean = found.points(.channelMean, than: .raw) {
      words += " The channel means alone bring \(photographPoints(mean))."
    }
    if let normalized = found.points(.channelStandard, than: .raw, normalized: true) {
      words += " With batch norm in the net, the two together bring \(photographPoints(normalized))."
    }
    return words + " (*Colour photographs* shows how this was measured.)"
  }

  /// The same in one sentence; empty where it was not measured.
  ///
  /// - Parameters:
  ///   - hasInterval: whether the interval is told.
  ///   - hasNorm: whether the net with batch norm is told, too.
  ///   - subject: what the preparation is called here; nil for its full name.
  static func photographsInShort(
    _ found: PhotographFindings?, interval hasInterval: Bool = false, norm hasNorm: Bool = false,
    called subject: String? = nil
  ) -> String {
    guard let found else { return "" }
    let (method, name) = headline(found)
    guard let both = found.points(method, than: .raw) else { return "" }
    let points =
      "a convolutional net \(fixed(both.magnitude.mean, 1)) points of error"
      + (hasInterval ? both.magnitude.intervalNote() : "")
    let plain = both.worded(
      above: "cost \(points)", below: "saved \(points)",
      withinChance: "changed nothing beyond chance for a convolutional net")
    let norm = found.points(method, than: .raw, normalized: true).map {
      "; with batch norm "
        + $0.worded(
          above: "it cost \(fixed($0.mean, 1)) points", below: "it saved \(fixed(-$0.mean, 1)) points",
          withinChance: "it changed nothing beyond chance")
    }
    return "On colour photographs \(subject ?? name) \(plain)\(hasNorm ? norm ?? "" : "")."
  }

  /// The preparation that the section's first sentence is about: the means alone where they were measured.
  private static func headline(_ found: PhotographFindings) -> (method: Method, name: String) {
    found.points(.channelMean, than: .raw) == nil
      ? (.channelStandard, "subtracting the means of the channels and dividing by their deviations")
      : (.channelMean, "subtracting the means of the channels")
  }

  /// The section.
  static func addPhotographs(to page: inout Page, _ found: PhotographFindings?) {
    guard let found else { return }
    guard let plain = found.plain else {
      page.prose(
        """
        ## Colour photographs

        What holds for photographs? From \(grouped(found.count)) photographs of 32×32 pixels (\(found.data), from JPEG copies) we can \
        calculate the curvatures without any training. Pixels run from 0 to 1. The means of red, green and blue \
        (\(found.means.map { fixed($0, 2) }.joined(separator: ", "))) lie halfway between black and white paper; the standard \
        deviations are \(found.deviations.map { fixed($0, 2) }.joined(separator: ", ")).

        \(windowWords(found)) How many errors this saves in training is not measured here.
        """)
      return
    }
    let nets = [("without batch norm", plain)] + (found.normalized.map { [("with batch norm", $0)] } ?? [])
    let means = found.means.map { fixed($0, 2) }.joined(separator: ", ")
    let deviations = found.deviations.map { fixed($0, 2) }.joined(separator: ", ")
    page.prose(
      """
      ## Colour photographs

      \(photographsInShort(found, interval: true, norm: true)) \(grouped(found.count)) photographs of 32×32 pixels in ten classes are learned in \
      \(found.epochs) epochs, by gradient descent with momentum 0.9 (chapter 1) in batches of 32. The net has two convolutions of 5×5 \
      (16 and 32 filters), each with ReLU and max pooling, and one dense layer. Pixels run from 0 to 1. The means of red, green and \
      blue (\(means)) lie halfway between black and white paper; the standard deviations are \(deviations).
      """)
    let curvatures = found.curvatures
    page.prose(windowWords(found))
    // Those that were measured in all nets.
    let shown = plain.map(\.method).filter { method in nets.allSatisfy { $0.1.contains { $0.method == method } } }
    page.figure(
      Figure(
        photographTitle(found),
        .bars(
          BarChart(
            categories: shown.map(\.name), y: Axis("test error (%)"),
            nets.enumerated().map { index, net in
              let errors = shown.compactMap { method in net.1.first { $0.method == method }?.error }
              return .init(net.0, errors.map(\.mean), deviation: errors.map(\.deviation), color: index)
            })),
        caption: """
          \(found.data), \(grouped(found.testCount)) test images. Each preparation has the rate with the fewest errors on validation \
          images. Mean and standard deviation of \(counted(found.seeds.count, "seed")). A net that guesses gets 90 % wrong.
          """,
        name: "photographs"))
    page.project(photographSlide(found))
    page.table(
      Table(
        "Photographs: percentage points of test error, more (+) or fewer (−), and 95 % intervals; bold: the interval excludes 0",
        columns: ["what", "compared with"] + nets.map { .init($0.0) },
        rows: [
          (Method.channelMean, Method.raw), (.channelStandard, .raw), (.channelStandard, .channelMean),
          (.meanImage, .channelMean),
        ].filter { found.points($0.0, than: $0.1) != nil }.map { one, other in
          [TableCell(one.name), TableCell(other.name)]
            + nets.indices.map { cell(found.points(one, than: other, normalized: $0 == 1)) }
        }))
    page.prose(photographReasons(found))
    page.fold("How the photographs were measured") { page in
      page.prose(
        """
        \(found.data), from JPEG copies (quality 75), not from the original files. \(grouped(found.count)) training images, \
        \(grouped(found.validationCount)) others that choose the rates (the mean error of \(counted(found.choosing.count, "seed"))), and \
        \(grouped(found.testCount)) test images. The \(found.seeds.count) seeds of the figure are other ones, and each difference is taken \
        seed by seed. The rates tried are \(PhotographFindings.rates.map { short(Double($0)) }.joined(separator: ", ")), and more beyond an \
        end as long as this end was best. $\\lambda_{\\mathrm{max}}$ of whole images is for one linear unit on all pixels.
        """)
      for (name, rows) in nets {
        page.table(
          Table(
            "The net \(name)",
            columns: [
              "preparation", "rate", .init("training loss", digits: 3), .init("test error (%)", digits: 1),
              .init("λmax, whole images", digits: 0), .init("λmax, windows", digits: 1),
            ],
            rows: rows.map { row in
              let curvature = curvatures.first { $0.method == row.method }
              return [
                TableCell(row.method.name), TableCell(short(row.rate) + (row.isAtEnd ? "*" : "")),
                .measured(row.loss), .measured(row.error), curvature.map { TableCell($0.whole) } ?? TableCell("–"),
                curvature.map { TableCell($0.window) } ?? TableCell("–"),
              ]
            }))
      }
      page.code("photograph-net", in: "Photographs.swift")
    }
  }

  /// The curvatures of a filter's windows.
  private static func windowWords(_ found: PhotographFindings) -> String {
    func curvature(_ method: Method) -> PhotographFindings.Curvature? { found.curvatures.first { $0.method == method } }
    guard let raw = curvature(.raw), let mean = curvature(.channelMean), let divided = curvature(.channelStandard)
    else {
      return ""
    }
    return """
      A filter sees windows of 3 · 5 · 5 = \(raw.directions - 1) numbers, so with its bias it has \(raw.directions) directions. The \
      channel means lower $\\lambda_{\\mathrm{max}}$ of these windows from \(short(raw.window, digits: 3)) to \
      \(short(mean.window, digits: 3)), that is \(fixed(raw.window / mean.window, 1)) times. By the rule of figure 5, \
      \(mean.learned) directions instead of \(raw.learned) are learned in \(grouped(raw.steps)) steps. White paper raised \
      $\\lambda_{\\mathrm{max}}$ more than a hundred times. Photographs gain less, because neighbouring pixels are so alike \
      that the brightness of a window has a large variance, and no mean removes a variance. (For a linear unit on whole photographs \
      $\\lambda_{\\mathrm{max}}$ is \(grouped(Int(raw.whole.rounded()))) raw and \(grouped(Int(mean.whole.rounded()))) with the channel \
      means.) Dividing by the deviations makes all curvatures of the windows about \(fixed(divided.window / mean.window, 0)) times as \
      large, which is nearly a change of the learning rate.
      """
  }

  /// What both nets gain, as a title.
  private static func photographTitle(_ found: PhotographFindings) -> String {
    let method = headline(found).method
    guard let both = found.points(method, than: .raw) else { return "Test errors on photographs" }
    let name = method == .channelMean ? "the channel means" : "mean and deviation"
    let plain = both.worded(
      above: "\(name) cost \(fixed(both.mean, 1)) points of error",
      below: "\(name) save \(fixed(-both.mean, 1)) points of error",
      withinChance: "\(name) change nothing beyond chance")
    guard let normalized = found.points(method, than: .raw, normalized: true) else {
      return "On colour photographs \(plain)"
    }
    return "On colour photographs \(plain); with batch norm they "
      + normalized.worded(
        above: "cost \(fixed(normalized.mean, 1))", below: "save \(fixed(-normalized.mean, 1))",
        withinChance: "change nothing beyond chance")
  }

  private static func photographSlide(_ found: PhotographFindings) -> String {
    let method = headline(found).method
    guard let both = found.points(method, than: .raw) else { return "Colour photographs, prepared" }
    let name = method == .channelMean ? "the means" : "mean and std"
    return both.worded(
      above: "On photographs, \(name) cost \(fixed(both.mean, 1)) points",
      below: "On photographs, \(name) save \(fixed(-both.mean, 1)) points",
      withinChance: "On photographs, \(name) change nothing certain")
  }

  /// What the losses say, and why.
  private static func photographReasons(_ found: PhotographFindings) -> String {
    func losses(_ isNormalized: Bool) -> String? {
      guard let raw = found.row(.raw, normalized: isNormalized),
        let divided = found.row(.channelStandard, normalized: isNormalized)
      else { return nil }
      return "\(fixed(raw.loss.mean, 2)) raw and \(fixed(divided.loss.mean, 2)) with channel mean and deviation"
    }
    guard let plain = losses(false) else { return "" }
    let normalized =
      losses(true).map {
        """
        ; with batch norm they are \($0). Batch norm subtracts the mean of each filter's output, and with it what the mean of the pixels \
        added
        """
      } ?? ""
    return "The training losses of the last epoch are \(plain)\(normalized).\(photographRates(found))"
  }

  /// Whether the means allow a larger rate, as the derivation has it.
  private static func photographRates(_ found: PhotographFindings) -> String {
    guard let raw = found.row(.raw, normalized: false), let mean = found.row(.channelMean, normalized: false),
      raw.rate == mean.rate, let points = found.points(.channelMean, than: .raw), points.mean < 0
    else { return "" }
    return
      " The best rate is \(short(raw.rate)) both for raw pixels and with the channel means, though $\\lambda_{\\mathrm{max}}$ differs. (The rates tried lie a factor of 3 apart.) So here the means do not save \(fixed(-points.mean, 1)) points by allowing a larger rate, and the rule of figure 5 does not explain them. What does was not tested."
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
