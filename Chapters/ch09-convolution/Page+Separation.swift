// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings) {
    guard let separation = findings.separation else { return }
    page.prose(
      """
      Which of the two pays? Take them away one by one. Three nets have the same units in the same layers. In the *dense* one \
      every unit sees all of the layer before. In the one with *windows* a unit sees only a window, as in a convolution, but has \
      weights of its own. In the third these weights are *equal* everywhere: a convolution. There is no pooling. Each net has its \
      own rate, for each order of the pixels: the one of \(Self.list(SeparationExperiment.rates.map { short(Double($0)) })) \
      with the fewest errors on digits that were held back.
      """)
    let nets = [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)]
    func bars(_ name: String, _ errors: [Summary], _ color: Int) -> BarChart.Bars {
      .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    let rates = nets.map { "\($0.0) \(short(Double($0.1.orderedRate))) and \(short(Double($0.1.shuffledRate)))" }
    page.figure(
      Figure(
        separation.title,
        .bars(
          BarChart(
            categories: nets.map(\.0), y: Axis("test error (%)"),
            [
              bars("pixels in order", nets.map(\.1.ordered), 0),
              bars("pixels shuffled", nets.map(\.1.shuffled), 1),
            ])),
        caption: """
          \(findings.data) at 14×14 pixels: \(grouped(separation.trainingCount)) to learn from, \
          \(grouped(separation.validationCount)) to choose rates with (\(counted(min(SeparationExperiment.choosing, findings.seeds.count), "seed"))), \
          \(grouped(separation.testCount)) test images, \(counted(separation.epochs, "epoch")), \(findings.seedWords). \
          4 maps of 6×6 from windows of 4×4 with stride 2, 8 maps of 4×4 from windows of 3×3, ten outputs: \
          \(Self.list(nets.map { grouped($0.1.parameters) })) parameters. Rates, in order and shuffled: \(Self.list(rates)).
          """,
        name: "windows-and-weights"))
    page.project(separation.slideTitle, notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    page.prose(
      """
      With the pixels in order, windows \(Self.told(separation.windows.gain)), and equal weights then \
      \(Self.told(separation.equality.gain)). With the pixels shuffled, windows \(Self.told(separation.shuffledWindows.gain)), and \
      equal weights \(Self.told(separation.shuffledEquality.gain)). \
      (In brackets the \(short(100 - 5 / Double(SeparationExperiment.comparisons), digits: 4)) % interval, since \(SeparationExperiment.comparisons) comparisons are made.)
      """)
    page.fold("Windows without equal weights, in code") { page in
      page.prose(
        "A dense layer whose weights are 0 outside of the windows, and stay so. Below it the three nets of the figure.")
      page.code("locallyConnected", in: "LocallyConnected.swift")
      page.code("separated", in: "Separation.swift")
    }
  }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }

  /// `take off 1.20 points (0.80 to 1.60)`, `cost …`, `change nothing beyond chance (…)`.
  private static func told(_ gain: Summary) -> String {
    let numbers = SeparationExperiment.withInterval(gain.magnitude)
    if gain.count < 3 {
      return "change the error by \(fixed(gain.mean, 2)) points, which so few runs cannot tell from chance"
    }
    if !SeparationExperiment.isClear(gain) {
      return "change nothing beyond chance: a gain of \(SeparationExperiment.withInterval(gain)) points"
    }
    return "\(gain.mean > 0 ? "take off" : "cost") \(numbers) points"
  }
}

extension SeparationExperiment {
  /// What the figure says: the two gains with the pixels in order.
  var title: String {
    if windows.gain.count < 3 {
      return "Windows and equal weights, taken apart; so few runs cannot tell a gain from chance"
    }
    return "Pixels in order: windows \(part(windows.gain)), equal weights \(part(equality.gain))"
  }

  /// The same for a slide.
  var slideTitle: String {
    switch (Self.isClear(windows.gain) && windows.gain.mean > 0, Self.isClear(equality.gain) && equality.gain.mean > 0)
    {
    case (true, true): "Windows pay, and equal weights pay"
    case (true, false): "Windows pay; equal weights are not seen to"
    case (false, true): "Equal weights pay; windows alone are not seen to"
    case (false, false): "Windows and equal weights, taken apart"
    }
  }

  /// One line of the takeaway; nil where nothing is beyond chance.
  var takeaway: String? {
    if !Self.isClear(windows.gain) && !Self.isClear(equality.gain) { return nil }
    return "On \(grouped(trainingCount)) digits windows \(part(windows.gain)), equal weights \(part(equality.gain))."
  }

  /// `take off 1.20 points`, `cost 0.30 points`, `do neither good nor harm beyond chance`.
  private func part(_ gain: Summary) -> String {
    if !Self.isClear(gain) { return "do neither good nor harm beyond chance" }
    return "\(gain.mean > 0 ? "take off" : "cost") \(fixed(abs(gain.mean), 1)) points"
  }
}
