// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    guard let live = findings.separation else { return }
    let kept = larger(live, recorded)
    let separation = kept ?? live
    let seeds = separation.dense.ordered.count
    page.prose(
      """
      Which of the two does what? Bring them in one by one. Three nets have the same units in the same layers. In the *dense* one \
      every unit sees all of the layer before. In the one with *windows* a unit sees only a window, as in a convolution, but has \
      weights of its own. In the third these weights are *equal* everywhere: a convolution. All three pool by maxima of 2×2. Each net has its \
      own rate, for each order of the pixels: the one with the fewest errors on digits that were held back.
      """)
    let nets = [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)]
    func bars(_ name: String, _ errors: [Summary], _ color: Int) -> BarChart.Bars {
      .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    let chosen = nets.map { "\($0.0) \(short(Double($0.1.orderedRate))) and \(short(Double($0.1.shuffledRate)))" }
    let rates = separation.rates ?? SeparationExperiment.fewRates
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
          \(kept == nil ? "" : "Recorded full run. ")\(findings.data) at 14×14 pixels: \(grouped(separation.trainingCount)) to learn from, \
          \(grouped(separation.validationCount)) to choose rates with (\(counted(min(RateContest.choosing, seeds), "seed"))), \
          \(grouped(separation.testCount)) test images, \(counted(separation.epochs, "epoch")), \
          \(seeds == 1 ? "one seed" : "mean and deviation of \(seeds) seeds"). \
          6 maps of 10×10 from windows of 5×5, 16 maps of 3×3 from windows of 3×3, ten outputs. \
          Rates, of \(rates.count) from \(short(Double(rates[0]))) to \(short(Double(rates[rates.count - 1]))), in order and shuffled: \(chosen.joined(separator: "; ")).\(ends(nets, of: rates))
          """,
        name: "windows-and-weights"))
    page.project(separation.slideTitle, notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    page.prose(
      """
      With the pixels in order, windows \(told(separation.windows.gain)), and equal weights then \
      \(told(separation.equality.gain)). With the pixels shuffled, windows \(told(separation.shuffledWindows.gain)), and \
      equal weights \(told(separation.shuffledEquality.gain)). \
      (In brackets the \(short(100 - 5 / Double(SeparationExperiment.comparisons), digits: 4)) % interval, since \(SeparationExperiment.comparisons) comparisons are made.)\
      \(learned(nets.map(\.1)))\(saved(separation))\(kept == nil || cutShort(live).isEmpty ? "" : " This run is too short to show it (its numbers are in the fold).")

      \(bothFigures(findings, separation, recorded: recorded))
      """)
    page.fold("Windows without equal weights, in code\(kept == nil ? "" : ", and this run's numbers")") { page in
      if kept != nil {
        page.prose(
          "This run, \(grouped(live.trainingCount)) images and \(counted(live.epochs, "epoch")), in order and shuffled: \(row(live)).\(cutShort(live))"
        )
      }
      page.prose(
        """
        A dense layer whose weights are 0 outside of the windows, and stay so. Below it the three nets of the figure.
        """)
      page.code("locallyConnected", in: "LocallyConnected.swift")
      page.code("separated", in: "Separation.swift")
    }
  }

  /// The recorded experiment, where it is the larger one.
  static func larger(_ live: SeparationExperiment, _ recorded: Findings?) -> SeparationExperiment? {
    recorded?.separation.flatMap { $0.trainingCount > live.trainingCount ? $0 : nil }
  }

  /// What the figure at equal parameters and the one at equal units say together.
  private static func bothFigures(
    _ findings: Findings, _ separation: SeparationExperiment, recorded: Findings?
  ) -> String {
    let lead = equalSize(findings, recorded: recorded).gain
    let change = separation.shared.ordered - separation.dense.ordered
    let parameters = lead.worded(
      above:
        "the convolution makes \(fixed(lead.mean, 1)) points fewer mistakes than the dense net, where they suffice for only \(denseUnits(parameters: findings.locality.dense.parameters)) units",
      below:
        "the convolution makes \(fixed(-lead.mean, 1)) points more mistakes than the dense net",
      withinChance: "the convolution and the dense net err alike, within chance")
    let times = "with 1/\(fixed(separation.saving, 0)) of the parameters"
    let units = change.worded(
      above: "it makes \(fixed(change.mean, 1)) points more mistakes, \(times)",
      below: "it makes \(fixed(-change.mean, 1)) points fewer mistakes, \(times)",
      withinChance: "it errs no more and no less beyond chance, \(times)")
    return """
      So do they pay? For the same number of *parameters* \(parameters). For the same *units* \(units) \
      (\(grouped(separation.shared.parameters)) in place of \(grouped(separation.dense.parameters))). Windows and equal weights are a way \
      to have many units for few parameters.
      """
  }

  /// That a best rate lies at an end of the grid, and whose.
  private static func ends(_ nets: [(String, SeparatedNet)], of rates: [Float]) -> String {
    let names = nets.filter { $0.1.isAtEnd(of: rates) }.map(\.0)
    return names.isEmpty ? "" : " A rate at an end of the grid: \(list(names))."
  }

  /// The errors of a smaller run, `dense 10.3 and 10.5 % …`.
  private static func row(_ separation: SeparationExperiment) -> String {
    [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)].map {
      "\($0.0) \(fixed($0.1.ordered.mean, 1)) and \(fixed($0.1.shuffled.mean, 1)) %"
    }.joined(separator: "; ")
  }

  /// What the nets still have wrong of the digits that they learned from.
  private static func learned(_ nets: [SeparatedNet]) -> String {
    let errors = nets.compactMap { $0.orderedTraining?.mean }
    guard errors.count == nets.count, let most = errors.max() else { return "" }
    return most < 1
      ? " After the training all three have less than \(most < 0.1 ? "0.1" : most < 0.5 ? "0.5" : "1") % of their own digits wrong, in order: none of them is cut short."
      : " After the training they have \(list(errors.map { fixed($0, 1) })) % of their own digits wrong, in order."
  }

  /// Why a small run may turn the order round: its net of equal weights has not learned its own digits yet.
  private static func cutShort(_ live: SeparationExperiment) -> String {
    guard let own = live.shared.orderedTraining?.mean, let dense = live.dense.orderedTraining?.mean, own > 2 * dense,
      live.shared.ordered.mean > live.dense.ordered.mean
    else { return "" }
    return """
       That the order is the other way round says nothing: with equal weights the net still has \(fixed(own, 1)) % of its own \
      digits wrong, the dense one \(fixed(dense, 1)) %. The training is cut short.
      """
  }

  /// What windows by themselves are good for, where they take off no errors.
  private static func saved(_ separation: SeparationExperiment) -> String {
    let (windows, equality) = (separation.windows.gain, separation.equality.gain)
    guard !SeparationExperiment.isClear(windows), SeparationExperiment.isClear(equality), equality.mean > 0 else {
      return ""
    }
    return
      " So on digits windows alone lower no error, they save weights; only together with equal weights do they gain."
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
    if Self.isClear(equality.gain) { return "In order equal weights pay; shuffled, they cost" }
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
      With as many units as the dense net it needs 1/\(fixed(saving, 0)) of the parameters: \(inOrder). With the pixels shuffled, windows \
      \(part(shuffledWindows.gain)), equal weights \(part(shuffledEquality.gain)).
      """
  }

  /// `take off 1.2 points`, `cost 0.3 points`, `change nothing beyond chance`.
  private func part(_ gain: Summary) -> String {
    if !Self.isClear(gain) { return "change nothing beyond chance" }
    return "\(gain.mean > 0 ? "take off" : "cost") \(fixed(abs(gain.mean), 1)) points"
  }
}
