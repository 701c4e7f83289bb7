// The part of chapter 9 about digits that stand anywhere: equal weights with few images and with many.

import Foundation
import Workbook

extension SlidingWindow {
  /// Digits that stand anywhere: where equal weights should pay most.
  static func addAnywhere(to page: inout Page, _ races: [AnywhereRace], _ told: Findings, isRecorded: Bool) {
    let races = races.filter { $0.saving != nil }
    let (few, many) = (races[0], races.dropFirst().first)
    let hasWide = races.allSatisfy { $0.wide != nil }
    let hasWideWindows = races.allSatisfy { $0.wide?.windows != nil }
    page.prose(
      """
      ### Digits anywhere

      \(few.lesson(with: many))Equal weights should matter most where a stroke can appear anywhere. So every digit, in training and in the test, is moved \
      by its own random number of pixels, up to \(few.reach) in each direction. With windows alone, each weight of the first \
      layer learns from one patch of each image; with equal weights it learns from all $10 \\cdot 10$ patches. With \
      \(grouped(few.trainingCount)) images these are \(grouped(few.trainingCount)) patches against \
      \(grouped(100 * few.trainingCount)).\(hasWide ? " " + (many?.wideIntroduction(told.separation) ?? "") : "")
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
              + (hasWideWindows ? [bars("windows, \(WiderNet.factor) times the units", 3) { $0.wide?.windows }] : [])
              + (hasWide ? [bars("equal weights, \(WiderNet.factor) times the filters", 1) { $0.wide?.net }] : []))),
        caption: """
          \(isRecorded ? "Recorded full run. " : "")Digits that stand anywhere (\(told.data)) at 14×14 pixels. Mean and standard deviation of \
          \(list(races.map { "\($0.seeds.count)" })) seeds\(few.wide.map { " (with more units \($0.windows.map { "\($0.errors.count) and " } ?? "")\($0.seeds.count))" } ?? ""); \
          every seed chooses its own learning rate.
          """,
        name: "anywhere"))
    page.project(
      few.slideTitle(with: many), notes: "Ask first: with which number of images will equal weights save more?")
    page.prose(few.words(with: many))
    page.fold("How the digits anywhere were measured") { page in
      page.prose(
        """
        \(few.wordsOnDense)\(races.map(\.protocolWords).joined(separator: " ")) The nets of one seed learn from the same images at the same places, and \
        all are tested on the same images. Each seed chooses its learning rate by \(grouped(few.validationCount)) images that were \
        kept back, of \(list(few.rates.map { short(Double($0)) }))\
        \(few.wide.map { ", with more units of \(list($0.rates.map { short(Double($0)) }))" } ?? ""). The *gap* of the table is \
        the difference of its two errors.
        """)
      page.table(
        Table(
          "Error in % of the nets on digits anywhere",
          columns: [
            "training images", "net", .init("training", digits: 1), .init("gap", digits: 1), .init("test", digits: 1),
          ],
          rows: races.flatMap { race in
            race.nets.map {
              [
                TableCell(grouped(race.trainingCount)), TableCell($0.name), TableCell($0.net.training.mean),
                TableCell(($0.net.errors - $0.net.training).mean), TableCell($0.net.errors.mean),
              ]
            }
          }))
    }
  }
}

extension AnywhereRace {
  /// The convolution with more filters.
  var wide: WiderNet? { wider?.last }

  /// All nets that were measured, by name.
  var nets: [(name: String, net: Net)] {
    [
      ("dense", dense), ("windows", windows), ("equal weights", equal),
      ("windows, \(WiderNet.factor) times the units", wide?.windows),
      ("equal weights, \(WiderNet.factor) times the filters", wide?.net),
    ].compactMap { name, net in net.map { (name, $0) } }
  }

  /// What the wider convolution takes off the error of the net with windows and as many units, else of the one with fewer.
  private var wideSaving: Summary? { wide.flatMap { $0.saving ?? saving(of: $0) } }

  /// Why there is a net with more filters.
  fileprivate func wideIntroduction(_ separation: SeparationExperiment?) -> String {
    guard let wide, let separation else { return "" }
    return """
      With many images something else matters: a convolution with \(grouped(separation.shared.parameters)) parameters may be too \
      small to fit them. So one more convolution has \(wide.factor) times the filters\
      \(wide.parameters < separation.local.parameters ? ", and still fewer parameters than the net with windows" : "").
      """
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
    let second = many.flatMap { many -> String? in
      let lead = "; with \(grouped(many.trainingCount)) images"
      if let wide = many.wide, let gain = many.wideSaving {
        return wide.windows == nil && gain.direction() == .above
          ? "\(lead), a convolution with \(wide.factor) times the filters saves \(fixed(gain.mean, 1)) points against windows"
          : "\(lead) and \(wide.factor) times the filters, \(effect(gain))"
      }
      return many.saving.map { "\(lead), \(effect($0))" }
    }
    return "With digits anywhere and \(grouped(trainingCount)) training images, \(effect(saving))\(second ?? "")"
  }

  func slideTitle(with many: AnywhereRace?) -> String {
    guard let saving else { return "" }
    return saving.worded(
      above: many?.wideSaving?.direction() == .above
        ? "Digits anywhere: the convolution wins, with enough filters"
        : "Digits anywhere, few images: equal weights pay",
      below: "Digits anywhere: equal weights cost errors", withinChance: "Digits anywhere: do equal weights pay?")
  }

  /// What the section comes to, to stand before it.
  func lesson(with many: AnywhereRace?) -> String {
    guard let many, let wide = many.wide, let gain = many.wideSaving, saving?.direction() == .above,
      gain.direction() == .above
    else { return "" }
    if wide.windows != nil {
      return "**A convolution wins with few images and with many, if it has enough filters.**\n\n"
    }
    return """
      **With \(grouped(trainingCount)) images equal weights win at the same number of units; with \
      \(grouped(many.trainingCount)) \((many.saving ?? gain).worded(above: "they do, too", below: "they lose", withinChance: "the two are level")). \
      There a convolution with \(wide.factor) times the filters wins.**


      """
  }

  /// What the net of dense layers, which is not drawn, says of windows; to stand in the fold.
  var wordsOnDense: String {
    guard let dense, let windows, (dense.errors - windows.errors).direction() == .withinChance else { return "" }
    return
      "Windows alone change nothing beyond chance with \(grouped(trainingCount)) images (*dense* in the table). "
  }

  /// What follows from the figure: why the small convolution gains nothing from many images, and what the larger one needs.
  func words(with many: AnywhereRace?) -> String {
    var words: [String] = []
    if let many, let wide = many.wide, let equal = many.equal, many.wideSaving != nil {
      words.append(
        """
        With \(grouped(many.trainingCount)) images the small convolution gets \(fixed(equal.training.mean, 1)) % of its own \
        training images wrong, the larger one \(fixed(wide.net.training.mean, 1)) %.
        """)
      if let windows = wide.windows {
        words.append(
          """
          A net with windows and as many units has \(grouped(wide.windowParameters)) parameters and gets \
          \(fixed(windows.errors.mean, 1)) % of the test images wrong, the convolution \(fixed(wide.net.errors.mean, 1)) % with \
          \(grouped(wide.parameters)).
          """)
      }
      words.append("The price is work: \(fixed(wide.workRatio, 0)) times the multiplications.")
      if wide.windows == nil {
        words.append(
          "(Windows with as many units, \(grouped(wide.windowParameters)) parameters, were not measured. So with many images this compares numbers of filters, not windows with equal weights.)"
        )
      }
    }
    return words.joined(separator: " ")
  }

  /// A line of the takeaway: what equal weights save with few images, and with many.
  func takeaway(with many: AnywhereRace?) -> String? {
    guard let saving, saving.direction() == .above else { return nil }
    let second = many.flatMap { many -> String? in
      guard let wide = many.wide, let small = many.equal?.errors, wide.net.errors.mean < small.mean else { return nil }
      return
        " With \(grouped(many.trainingCount)) a convolution needs enough filters: \(wide.factor) times as many brought its error from \(fixed(small.mean, 1)) to \(fixed(wide.net.errors.mean, 1)) %."
    }
    return """
      - Equal weights pay most where images are few: \(fixed(saving.mean, 1)) points with \(grouped(trainingCount)) digits that \
      stand anywhere.\(second ?? "")

      """
  }

  /// The same for the last slide.
  var slideLine: String? {
    saving.flatMap {
      $0.direction() == .above
        ? "- Digits anywhere, \(grouped(trainingCount)) images: equal weights save \(fixed($0.mean, 1)) points.\n" : nil
    }
  }

  /// How it was trained.
  var protocolWords: String {
    """
    With \(grouped(trainingCount)) images: \(counted(seeds.count, "seed")), \(counted(epochs, "epoch"))\
    \(hasOwnImages ? ", training images of its own for each seed" : "").
    """
  }
}
