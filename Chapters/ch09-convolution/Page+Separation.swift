// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings) {
    guard let separation = findings.separation else { return }
    page.prose(
      """
      Which of the two does what? Bring them in one by one. Three nets have the same units in the same layers. In the *dense* one \
      every unit sees all of the layer before. In the one with *windows* a unit sees only a window, as in a convolution, but has \
      weights of its own. In the third these weights are *equal* everywhere: a convolution. All three pool by maxima of 2×2. Each net has its \
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
          6 maps of 10×10 from windows of 5×5, pooled by their maxima of 2×2, 16 maps of 3×3 from windows of 3×3, ten outputs. \
          Rates, in order and shuffled: \(Self.list(rates)).
          """,
        name: "windows-and-weights"))
    page.project(separation.slideTitle, notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    page.prose(
      """
      From net to net the parameters fall: \(Self.list(nets.map { grouped($0.1.parameters) })). What does that cost? (The dense net of the figure before had few units, to have as few parameters as LeNet; here the units are the same.) \
      With the pixels in order, windows \(Self.told(separation.windows.gain)), and equal weights then \
      \(Self.told(separation.equality.gain)). With the pixels shuffled, windows \(Self.told(separation.shuffledWindows.gain)), and \
      equal weights \(Self.told(separation.shuffledEquality.gain)). \
      (In brackets the \(short(100 - 5 / Double(SeparationExperiment.comparisons), digits: 4)) % interval, since \(SeparationExperiment.comparisons) comparisons are made.)
      """)
    page.fold("Windows without equal weights, in code") { page in
      page.prose(
        """
        A dense layer whose weights are 0 outside of the windows, and stay so. Below it the three nets of the figure. In a \
        trial with strides in place of pooling and with 4 and 8 maps, which is not kept here, equal weights cost errors in order too.
        """)
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
  /// What the figure says.
  var title: String {
    if windows.gain.count < 3 {
      return "Windows and equal weights, taken apart; so few runs cannot tell a gain from chance"
    }
    return "Shuffled, windows \(part(shuffledWindows.gain)), equal weights \(part(shuffledEquality.gain)); \(inOrder)"
  }

  /// `in order neither changes the error beyond chance`.
  private var inOrder: String {
    Self.isClear(windows.gain) || Self.isClear(equality.gain)
      ? "in order, windows \(part(windows.gain)), equal weights \(part(equality.gain))"
      : "in order neither changes the error beyond chance"
  }

  /// The same for a slide.
  var slideTitle: String {
    func costs(_ gain: Summary) -> Bool { Self.isClear(gain) && gain.mean < 0 }
    if !costs(shuffledWindows.gain) || !costs(shuffledEquality.gain) { return "Windows and equal weights, taken apart" }
    if costs(windows.gain) || costs(equality.gain) { return "Shuffled, windows cost errors, and so do equal weights" }
    return [local, shared].allSatisfy { costs($0.ordered - $0.shuffled) }
      ? "Shuffling hurts both nets that look through windows" : "In order no cost is seen; shuffled, both cost"
  }

  /// How many times fewer parameters the net with windows and equal weights has.
  var saving: Double { Double(dense.parameters) / Double(max(1, shared.parameters)) }

  /// One line of the takeaway; nil where nothing is beyond chance.
  var takeaway: String? {
    let gains = [windows, equality, shuffledWindows, shuffledEquality].map(\.gain)
    guard gains.contains(where: Self.isClear) else { return nil }
    return """
      At equal units they save \(fixed(100 - 100 / saving, 0)) % of the parameters: \(inOrder). With the pixels shuffled, windows \
      \(part(shuffledWindows.gain)), equal weights \(part(shuffledEquality.gain)).
      """
  }

  /// `take off 1.2 points`, `cost 0.3 points`, `change nothing beyond chance`.
  private func part(_ gain: Summary) -> String {
    if !Self.isClear(gain) { return "change nothing beyond chance" }
    return "\(gain.mean > 0 ? "take off" : "cost") \(fixed(abs(gain.mean), 1)) points"
  }
}
