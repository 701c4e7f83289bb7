// The part of chapter 9 about digits that stand anywhere: equal weights with few images and with many.

import Foundation
import Workbook

extension SlidingWindow {
  /// Digits that stand anywhere: where equal weights should pay most.
  static func addAnywhere(to page: inout Page, _ races: [AnywhereRace], _ told: Findings, isRecorded: Bool) {
    let races = races.filter { $0.saving != nil }
    let (few, many) = (races[0], races.dropFirst().first)
    let hasWide = races.allSatisfy { $0.wide != nil }
    page.prose(
      """
      ### Digits anywhere

      \(few.lesson(with: many))Now every digit, in training and in the test, is moved by its own random number of pixels, up to \
      \(few.reach) in each direction. With windows alone, each weight of the first layer learns from one patch of each image; with \
      equal weights it learns from all $10 \\cdot 10$ patches.
      """)
    func bars(_ name: String, _ color: Int, _ net: (AnywhereRace) -> AnywhereRace.Net?) -> BarChart.Bars {
      let errors = races.map { net($0)?.errors ?? Summary([]) }
      return .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    page.figure(
      Figure(
        few.title(with: many),
        .bars(
          BarChart(
            categories: races.map { "\(grouped($0.trainingCount)) training images" }, y: Axis("test error (%)"),
            [bars("windows", 2) { $0.windows }, bars("equal weights", 0) { $0.equal }]
              + (hasWide ? [bars("equal weights, \(WiderNet.factor) times the filters", 1) { $0.wide?.net }] : []))),
        caption: """
          \(isRecorded ? "Recorded full run. " : "")\(told.data) at 14×14 pixels, mean and standard deviation of \
          \(listed(races.map { "\($0.seeds.count)" })) seeds\(few.wide.map { " (with more filters \($0.seeds.count))" } ?? ""), \
          \(listed(races.map { "\($0.epochs)" })) epochs, each net at the best of \(few.rates.count) learning rates\
          \(few.wide.map { " (with more filters of \($0.rates.count))" } ?? "").
          """,
        name: "anywhere"))
    page.project(
      few.slideTitle(with: many), notes: "Ask first: with which number of images will equal weights save more?")
    page.prose(few.words(with: many))
  }

  /// How the nets on digits anywhere were trained.
  static func addAnywhereMethod(to page: inout Page, _ told: Findings) {
    let races = (told.anywhere ?? []).filter { $0.saving != nil }
    guard let few = races.first else { return }
    page.prose(
      """
      *Digits anywhere.* \(races.map(\.protocolWords).joined(separator: " ")) Each seed chooses its learning rate by \
      \(grouped(few.validationCount)) images that were kept back.
      """)
  }
}

extension AnywhereRace {
  /// The convolution with more filters.
  var wide: WiderNet? { wider?.last }

  /// Whether more filters take errors off the convolution beyond chance, over the seeds that both have.
  var filtersHelp: Bool {
    guard let wide, let equal, Array(seeds.prefix(wide.seeds.count)) == wide.seeds else { return false }
    return (Summary(Array(equal.errors.values.prefix(wide.seeds.count))) - wide.net.errors).direction() == .above
  }

  /// `16.6 % instead of 22.6 % (1000 images)`, and the same with many.
  func filterWords(with many: AnywhereRace) -> String {
    [self, many].compactMap { race in
      race.wide.flatMap { wide in
        race.equal.map {
          "\(fixed(wide.net.errors.mean, 1)) % instead of \(fixed($0.errors.mean, 1)) % (\(grouped(race.trainingCount)) images)"
        }
      }
    }.joined(separator: ", ")
  }

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
    let second = many.flatMap { many in
      filtersHelp && many.filtersHelp
        ? "; \(WiderNet.factor) times the filters save more with few images and with many"
        : many.saving.map { "; with \(grouped(many.trainingCount)) images, \(effect($0))" }
    }
    return "With digits anywhere and \(grouped(trainingCount)) training images, \(effect(saving))\(second ?? "")"
  }

  func slideTitle(with many: AnywhereRace?) -> String {
    saving?.direction() == .above && filtersHelp && many?.filtersHelp == true
      ? "Digits anywhere: equal weights, then more filters" : "Digits anywhere: do equal weights pay?"
  }

  /// What the section comes to, to stand before it.
  func lesson(with many: AnywhereRace?) -> String {
    guard let many, saving?.direction() == .above, filtersHelp, many.filtersHelp else { return "" }
    return
      "**Equal weights pay here with few images, seen often; more filters help with few images and with many.** "
  }

  /// What follows from the figure: why the small convolution gains nothing from many images, and what the larger one needs.
  func words(with many: AnywhereRace?) -> String {
    guard saving != nil, let many, let wide = many.wide, let equal = many.equal, let free = many.windows else {
      return ""
    }
    return """
      **The number of images is not all that changes:** \(grouped(trainingCount)) were seen \(epochs) times, \
      \(grouped(many.trainingCount)) only \(many.epochs) times. There the small convolution still has \
      \(fixed(equal.training.mean, 1)) % of its own training images wrong, windows \(fixed(free.training.mean, 1)) %, and \
      \(wide.factor) times the filters \(fixed(wide.net.training.mean, 1)) %. So it is too small, or trained too briefly, and its \
      errors say nothing against equal weights with many images. The price of more filters is work: \
      \(fixed(wide.workRatio, 0)) times the multiplications. Windows with \(wide.factor) times the units, and a dense net, were not measured.
      """
  }

  /// A line of the takeaway: what equal weights save with few images, and with many.
  func takeaway(with many: AnywhereRace?) -> String? {
    guard let saving, saving.direction() == .above else { return nil }
    let second =
      filtersHelp && many?.filtersHelp == true
      ? " \(WiderNet.factor) times the filters help with few images and with many." : ""
    return """
      - In nets with as many units, equal weights save \(fixed(saving.mean, 1)) points with \(grouped(trainingCount)) digits that \
      stand anywhere\(many?.saving?.direction() == .withinChance ? "; with \(grouped(many?.trainingCount ?? 0)), seen \(many?.epochs ?? 0) times, the filters are too few to fit even their own images" : "").\(second)

      """
  }

  /// How it was trained.
  var protocolWords: String {
    """
    With \(grouped(trainingCount)) images: \(counted(seeds.count, "seed")), \(counted(epochs, "epoch"))\
    \(hasOwnImages ? ", training images of its own for each seed" : "").
    """
  }
}
