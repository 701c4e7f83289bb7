// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    guard let live = findings.separation else { return }
    let kept = recorded?.separation.flatMap { $0.trainingCount > live.trainingCount ? $0 : nil }
    let separation = kept ?? live
    page.prose(
      """
      ### Windows and equal weights, one at a time

      Shuffling makes windows and equal weights useless at once. So we add one at a time. Three \
      nets have the same units in the same layers:

      - *dense*: a unit sees the whole layer before it;
      - *windows*: a unit sees only its window, with weights of its own (*locally connected*);
      - *equal weights*: the same with equal weights everywhere (weight sharing). This net is a convolution.
      """)
    page.prose(
      """
      First MNIST's own digits, which stand in the middle. Each unit sees nearly the same part of each digit, so equal weights \
      have little to give.
      """)
    let own = (recorded ?? findings).separationBySeed.flatMap { $0.count == 3 ? $0 : nil }
    let nets = [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)]
    func bars(_ name: String, _ errors: [Summary], _ color: Int) -> BarChart.Bars {
      .init(name, errors.map(\.mean), deviation: errors.map(\.deviation), color: color)
    }
    page.figure(
      Figure(
        separation.title(bySeed: own),
        .bars(
          BarChart(
            categories: nets.map(\.0), y: Axis("test error (%)"),
            [
              bars("pixels in order", own ?? nets.map(\.1.ordered), 0),
              bars("pixels shuffled", nets.map(\.1.shuffled), 1),
            ])),
        caption: """
          \(kept == nil ? "" : "Recorded full run. ")\(findings.data) at 14×14 pixels, \(grouped(separation.trainingCount)) training \
          images, mean and standard deviation of \(counted(separation.dense.ordered.count, "seed")), each net at its own learning \
          rate. The nets have \(list(nets.map { grouped($0.1.parameters) })) parameters.
          """,
        name: "windows-and-weights"))
    page.project(
      separation.slideTitle(bySeed: own), notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    page.prose(separation.words(bySeed: own))
    page.fold("How the three nets were measured") { page in
      let rates = separation.rates ?? SeparationExperiment.fewRates
      page.prose(
        """
        The nets have 6 maps of 10×10 from windows of 5×5, max pooling of 2×2, 16 maps of 3×3 from windows of 3×3, and ten outputs. \
        They learn for \(counted(separation.epochs, "epoch")) and are tested on \(grouped(separation.testCount)) images. Windows \
        without equal weights are a dense layer whose weights are 0 outside the windows and stay 0. \
        \(own == nil ? "Each net" : "In order every seed, shuffled each net") learns at its best of \(rates.count) rates from \
        \(short(Double(rates[0]))) to \(short(Double(rates[rates.count - 1]))), by the errors on \
        \(grouped(separation.validationCount)) digits that were kept back.
        """)
      /// With spaces at which no line breaks.
      func cell(_ gain: Summary) -> TableCell {
        TableCell("\(fixed(gain.mean, 2)) (\(gain.interval(2)))".replacing(" ", with: "\u{A0}"))
      }
      let (ordered, shuffled) = (separation.ordered(bySeed: own), nets.map(\.1.shuffled))
      page.table(
        Table(
          "Points of test error that each step saves, with 95 % intervals",
          columns: ["step", "in order", "shuffled"],
          rows: [("windows", 0, 1), ("equal weights", 1, 2), ("both together", 0, 2)].map { name, from, to in
            [TableCell(name), cell(ordered[from] - ordered[to]), cell(shuffled[from] - shuffled[to])]
          }))
    }
    let told = reported(findings, recorded)
    if let races = told.anywhere, races.first?.saving != nil {
      addAnywhere(to: &page, races, told, isRecorded: recorded != nil)
    }
  }

  /// `a, b and c`.
  static func list(_ words: [String]) -> String {
    words.count < 2
      ? words.joined() : words.dropLast().joined(separator: ", ") + " and " + (words.last ?? "")
  }
}

extension SeparationExperiment {
  /// The errors of the three nets in order; where every seed chose its own rate, those.
  func ordered(bySeed: [Summary]?) -> [Summary] { bySeed ?? [dense.ordered, local.ordered, shared.ordered] }

  /// What windows and equal weights together save, in order and shuffled.
  private func together(_ bySeed: [Summary]?) -> (ordered: Summary, shuffled: Summary) {
    let errors = ordered(bySeed: bySeed)
    return (errors[0] - errors[2], dense.shuffled - shared.shuffled)
  }

  /// What the figure says: of both together.
  func title(bySeed: [Summary]?) -> String {
    let (ordered, shuffled) = together(bySeed)
    guard ordered.count >= 3 else {
      return "Windows and equal weights, taken apart; so few runs cannot tell a gain from chance"
    }
    return """
      In order, windows and equal weights together \(effect(ordered)) with 1/\(fixed(saving, 0)) of the parameters; shuffled, they \
      \(effect(shuffled))
      """
  }

  /// Which of the two does it, and what shuffling does.
  func words(bySeed: [Summary]?) -> String {
    let errors = ordered(bySeed: bySeed)
    guard errors[0].count >= 3 else { return "So few runs cannot tell the steps from chance." }
    let steps = [errors[0] - errors[1], errors[1] - errors[2]]
    let isEither =
      together(bySeed).ordered.direction() == .above && steps.allSatisfy { $0.direction() == .withinChance }
    let costs = [dense.shuffled - local.shuffled, local.shuffled - shared.shuffled].allSatisfy {
      $0.direction() == .below
    }
    return
      (isEither
      ? "**Few equal weights do as well as many free ones.** Which of the two restrictions saves the errors cannot be said here: each step alone is within chance."
      : "Alone, windows \(effect(steps[0])), and equal weights \(effect(steps[1])).")
      + (costs
        ? " Shuffled, both steps cost errors: a window then shows no edge, and no pattern is useful everywhere." : "")
  }

  /// `save 0.5 points`, at 95 %.
  private func effect(_ gain: Summary) -> String {
    gain.worded(
      above: "save \(fixed(gain.mean, 1)) points", below: "cost \(fixed(-gain.mean, 1)) points",
      withinChance: "change nothing beyond chance")
  }

  /// The same for a slide.
  func slideTitle(bySeed: [Summary]?) -> String {
    let (ordered, shuffled) = together(bySeed)
    return ordered.count >= 3 && ordered.direction() == .above && shuffled.direction() == .below
      ? "Together they save \(fixed(ordered.mean, 1)) points in order; shuffled, they cost"
      : "Windows and equal weights, taken apart"
  }

  /// How many times fewer parameters the net with windows and equal weights has.
  var saving: Double { Double(dense.parameters) / Double(max(1, shared.parameters)) }
}
