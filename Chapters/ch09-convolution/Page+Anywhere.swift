// The part of chapter 9 about digits that stand anywhere: equal weights with few images and with many.

import Foundation
import Workbook

extension SlidingWindow {
  /// Digits that stand anywhere: where equal weights should pay most.
  static func addAnywhere(to page: inout Page, _ races: [AnywhereRace], _ told: Findings) {
    let races = races.filter { $0.saving != nil }
    let (few, many) = (races[0], races.dropFirst().first)
    page.prose(
      """
      We begin where equal weights should matter most. Every digit, in training and in the test, is moved by its own random \
      number of pixels, up to \(few.reach) in each direction. With windows alone, each weight of the first layer learns from one \
      patch of each image: $n$ patches from $n$ images. With equal weights it learns from all $10 \\cdot 10$ patches, $100 n$ in \
      all, and there are 100 times fewer weights to learn. With \(grouped(few.trainingCount)) images these are \
      \(grouped(few.trainingCount)) patches against \(grouped(100 * few.trainingCount)). So equal weights should save most where \
      there are few images.
      """)
    func bars(_ name: String, _ net: KeyPath<AnywhereRace, AnywhereRace.Net?>, _ color: Int) -> BarChart.Bars {
      let errors = races.map { $0[keyPath: net]?.errors ?? Summary([]) }
      return .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    // Wider convolutions that were measured with every number of images.
    let factors = (few.wider ?? []).map(\.factor).filter { factor in
      races.allSatisfy { $0.wide(factor) != nil }
    }
    let wideBars = factors.enumerated().map { place, factor -> BarChart.Bars in
      let errors = races.map { $0.wide(factor)?.net.errors ?? Summary([]) }
      return .init(
        "\(factor) times the filters", errors.map(\.mean), deviation: errors.map(\.deviation),
        color: place == 0 ? 1 : 3)
    }
    page.figure(
      Figure(
        few.title(with: many),
        .bars(
          BarChart(
            categories: races.map { "\(grouped($0.trainingCount)) training images" }, y: Axis("test error (%)"),
            [bars("windows", \.windows, 2), bars("equal weights", \.equal, 0)] + wideBars)),
        caption: """
          Recorded full run. Digits that stand anywhere (\(told.data)) on 14×14 pixels. Mean and standard deviation of \
          \(list(races.map { "\($0.seeds.count)" })) seeds\(few.wideSeedWords); every seed chooses its own learning rate.
          """,
        name: "anywhere"))
    page.project(few.slideTitle, notes: "Ask first: with which number of images will equal weights save more?")
    page.prose(few.words(with: many))
    page.table(
      Table(
        "Error in %: of the training images, of the test images, and the gap between the two",
        columns: [
          "training images", "net", .init("training", digits: 1), .init("gap", digits: 1), .init("test", digits: 1),
        ],
        rows: races.flatMap { race in
          ([("windows", race.windows), ("equal weights", race.equal)]
            + (race.wider ?? []).map { ("equal weights, \($0.factor) times the filters", $0.net) }).compactMap {
              name, net in
              net.map {
                [
                  TableCell(grouped(race.trainingCount)), TableCell(name), TableCell($0.training.mean),
                  TableCell(($0.errors - $0.training).mean), TableCell($0.errors.mean),
                ]
              }
            }
        }))
    page.prose(
      few.fitWords + (many?.limitWords(parameters: told.separation?.shared.parameters ?? 0) ?? ""))
    if let words = many?.wideWords(windows: told.separation?.local.parameters ?? 0, few: few) { page.prose(words) }
    page.fold("How the digits anywhere were measured") {
      $0.prose(races.map(\.protocolWords).joined(separator: "\n\n") + "\n\n" + few.imagesWords)
    }
  }
}

extension AnywhereRace {
  /// `equal weights save 2.0 points`.
  private func effect(_ saving: Summary) -> String {
    saving.worded(
      above: "equal weights save \(fixed(saving.mean, 1)) points",
      below: "equal weights cost \(fixed(-saving.mean, 1)) points",
      withinChance: "equal weights change nothing beyond chance")
  }

  /// What the figure says.
  func title(with many: AnywhereRace?) -> String {
    guard let saving else { return "" }
    if saving.direction() == .above, let many, let (wide, gain) = many.widest, gain.direction() == .above {
      return """
        With digits anywhere, equal weights save \(fixed(saving.mean, 1)) points with \(grouped(trainingCount)) training images; \
        with \(grouped(many.trainingCount)) images and \(wide.factor) times the filters, \(fixed(gain.mean, 1)) points
        """
    }
    let second = many.flatMap { many in
      many.saving.map { "; with \(grouped(many.trainingCount)) \(many.continued($0, after: saving))" }
    }
    return "With digits anywhere and \(grouped(trainingCount)) training images, \(effect(saving))\(second ?? "")"
  }

  /// `0.5 points` behind a title that has the subject already, where both have one direction; else the whole sentence.
  private func continued(_ gain: Summary, after first: Summary) -> String {
    gain.direction() == first.direction() && gain.direction() != .withinChance
      ? "images, \(fixed(abs(gain.mean), 1)) points" : "images, \(effect(gain))"
  }

  var slideTitle: String {
    saving.map {
      $0.worded(
        above: "Digits anywhere, few images: equal weights pay", below: "Digits anywhere: equal weights cost errors",
        withinChance: "Digits anywhere: do equal weights pay?")
    } ?? ""
  }

  /// What the figure shows, with its intervals.
  func words(with many: AnywhereRace?) -> String {
    func sentence(_ race: AnywhereRace, _ saving: Summary) -> String {
      saving.worded(
        above: "equal weights save \(fixed(saving.mean, 1)) points\(saving.intervalNote())",
        below: "equal weights cost \(fixed(-saving.mean, 1)) points\(saving.magnitude.intervalNote())",
        withinChance: "equal weights change nothing beyond chance (\(saving.interval(1)) points fewer errors)")
    }
    guard let saving, let windows else { return "" }
    var words = "With digits anywhere and \(grouped(trainingCount)) training images, \(sentence(self, saving))."
    if let many, let second = many.saving {
      words += " With \(grouped(many.trainingCount)) images, \(sentence(many, second))."
    }
    if let dense {
      let gain = dense.errors - windows.errors
      words += gain.worded(
        above:
          " Windows save \(fixed(gain.mean, 1)) points over the dense net\(gain.intervalNote()), with \(grouped(trainingCount)) images.",
        below:
          " Windows alone do not help: with \(grouped(trainingCount)) images the dense net makes \(fixed(-gain.mean, 1)) points fewer errors than the net with windows\(gain.magnitude.intervalNote()).",
        withinChance:
          " Windows alone change nothing beyond chance: with \(grouped(trainingCount)) images the dense net gets \(fixed(dense.errors.mean, 1)) % wrong, the net with windows \(fixed(windows.errors.mean, 1)) %."
      )
    }
    return words
  }

  /// That both nets fit their training images, where they do.
  var fitWords: String {
    guard let windows, let equal, max(windows.training.mean, equal.training.mean) < 1 else { return "" }
    return """
      With \(grouped(trainingCount)) images both nets fit their training images, so nearly the whole error is the gap: what a net \
      has learned there does not hold for new images.
      """
  }

  /// Why equal weights save little where there are many images: the gap is smaller, but a small net no longer fits them.
  func limitWords(parameters: Int) -> String {
    guard let windows, let equal, equal.training.mean > windows.training.mean + 1 else { return "" }
    let gaps = [windows, equal].map { ($0.errors - $0.training).mean }
    guard gaps[1] < gaps[0] else { return "" }
    let (gained, misfit) = (gaps[0] - gaps[1], equal.training.mean - windows.training.mean)
    return """
       With \(grouped(trainingCount)) images the gap is still smaller with equal weights (\(fixed(gaps[1], 1)) against \
      \(fixed(gaps[0], 1)) points), but now the convolution does not fit its training images: with only \(grouped(parameters)) \
      parameters, after \(counted(epochs, "epoch")), it gets \(fixed(equal.training.mean, 1)) % of them wrong, the net with windows \
      \(fixed(windows.training.mean, 1)) %. \(misfit < gained ? "A part of the" : "The") gain in the gap (\(fixed(gained, 1)) \
      points) is eaten up by the misfit of this small net (\(fixed(misfit, 1)) points).\
      \(wider == nil ? " More filters are the usual remedy; they are not measured here." : "")
      """
  }

  var takeaway: String? {
    saving.flatMap {
      $0.direction() == .above
        ? "With digits anywhere and \(grouped(trainingCount)) training images, equal weights save \(fixed($0.mean, 1)) points\($0.intervalNote())."
        : nil
    }
  }

  /// The same where there are many images, and enough filters.
  var wideTakeaway: String {
    guard let (wide, gain) = widest, gain.direction() == .above else { return "" }
    return """
       With \(grouped(trainingCount)) images and \(wide.factor) times the filters, they save \(fixed(gain.mean, 1)) \
      points\(gain.intervalNote()).
      """
  }

  /// The same for the last slide.
  var slideLine: String? {
    saving.flatMap {
      $0.direction() == .above
        ? "- Digits anywhere, \(grouped(trainingCount)) images: equal weights save \(fixed($0.mean, 1)) points.\n" : nil
    }
  }

  /// How it was trained, and what was chosen.
  var protocolWords: String {
    func chosen(_ net: Net?) -> String? {
      net.map { net in
        rates.compactMap { rate in
          let count = net.chosen.count { $0 == rate }
          return count == 0 ? nil : "\(short(Double(rate))) (\(counted(count, "seed")))"
        }.joined(separator: ", ")
      }
    }
    let choices = [("windows", windows), ("equal weights", equal), ("dense", dense)].compactMap { name, net in
      chosen(net).map { "\(name) \($0)" }
    }
    let wide = (wider ?? []).map { wide in
      """
       With \(wide.factor) times the filters, \(counted(wide.seeds.count, "seed")) and only the rates \
      \(wide.rates.map { short(Double($0)) }.joined(separator: " and ")) to choose from: \(chosen(wide.net) ?? "").
      """
    }.joined()
    return """
      *\(grouped(trainingCount)) images*: \(counted(seeds.count, "seed")), \(counted(epochs, "epoch")). Rates chosen by \
      \(grouped(validationCount)) images that were kept back: \(choices.joined(separator: "; ")).\(wide)
      """
  }

  /// Where the images come from.
  var imagesWords: String {
    """
    \(hasOwnImages ? "With \(grouped(trainingCount)) images, every seed has its own training images, so the interval also covers their choice. " : "")\
    The two nets of one seed learn from the same images at the same places. All are tested on the same test images.
    """
  }

  /// The convolution with so many times the filters.
  func wide(_ factor: Int) -> WiderNet? { wider?.first { $0.factor == factor } }

  /// The convolution with the most filters, and what it takes off the error of the net with windows.
  var widest: (net: WiderNet, saving: Summary)? {
    wider?.last.flatMap { wide in saving(of: wide).map { (wide, $0) } }
  }

  /// `, with more filters 6`: the seeds of the wider nets.
  fileprivate var wideSeedWords: String {
    wider?.last.map { " (with more filters, \($0.seeds.count))" } ?? ""
  }

  /// Whether equal weights save errors where a convolution has filters enough to fit its images.
  ///
  /// - Parameters:
  ///   - windows: the parameters of the net with windows.
  ///   - few: the same nets with fewer images.
  fileprivate func wideWords(windows: Int, few: AnywhereRace) -> String? {
    guard let (wide, gain) = widest else { return nil }
    func points(_ gain: Summary) -> String {
      gain.worded(
        above: "\(fixed(gain.mean, 1)) points fewer than the net with windows\(gain.intervalNote())",
        below: "\(fixed(-gain.mean, 1)) points more than the net with windows\(gain.magnitude.intervalNote())",
        withinChance: "no difference to the net with windows beyond chance (\(gain.interval(1)) points fewer)")
    }
    let others = (wider ?? []).dropLast().compactMap { other in
      saving(of: other).map {
        " With \(other.factor) times the filters (\(grouped(other.parameters)) parameters): \(points($0))."
      }
    }.joined()
    let fewer = few.wide(wide.factor).flatMap { few.saving(of: $0) }.map {
      " With \(grouped(few.trainingCount)) images, this wide net makes \(points($0))."
    }
    return """
      Does weight sharing still pay with many images, once the net fits them? We give the convolution \(wide.factor) times the \
      filters. It then has \(grouped(wide.parameters)) parameters, \
      \(wide.parameters < windows ? "still fewer than the \(grouped(windows)) of the net with windows" : "against \(grouped(windows)) of the net with windows"), \
      but does \(fixed(wide.workRatio, 0)) times the multiply-adds. Now it gets \(fixed(wide.net.training.mean, 1)) % of its \
      training images wrong, and \(fixed(wide.net.errors.mean, 1)) % of the test images: \(points(gain)).\(others)\(gain.worded(
        above: " So weight sharing also pays with \(grouped(trainingCount)) images, if there are enough filters.", below: "",
        withinChance: ""))\(fewer ?? "") (A net with windows and as many units would have \(grouped(wide.windowParameters)) \
      parameters; it is not measured.)
      """
  }
}
