// The part of chapter 9 that takes windows and equal weights apart.

import Foundation
import Workbook

extension SlidingWindow {
  /// Three nets of the same units, with less and less freedom.
  static func addSeparation(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    guard let live = findings.separation else { return }
    let kept = recorded?.separation.flatMap { $0.trainingCount > live.trainingCount ? $0 : nil }
    let separation = kept ?? live
    let own = (recorded ?? findings).separationBySeed.flatMap { $0.count == 3 ? $0 : nil }
    let nets = [("dense", separation.dense), ("windows", separation.local), ("equal weights", separation.shared)]
    page.prose(
      """
      ### Windows and equal weights, one at a time

      \(separation.message(bySeed: own))Shuffling makes windows and equal weights useless at once. So we add one at a time, in three \
      nets with the same units in the same layers:

      - *dense*: a unit sees the whole layer before it;
      - *windows*: a unit sees only its window, with weights of its own (*locally connected*);
      - *equal weights*: the same with equal weights everywhere. This net is a convolution.
      """)
    let ordered = separation.ordered(bySeed: own)
    page.table(
      Table(
        """
        Errors in %, \(findings.data) at 14×14 pixels: \(grouped(separation.trainingCount)) training images, \
        \(counted(separation.epochs, "epoch")), \(counted(separation.dense.ordered.count, "seed"))\(separation.interval(bySeed: own))
        """,
        columns: ["net", "parameters", "training", "test, in order", "test, shuffled"],
        rows: nets.indices.map { place in
          let net = nets[place].1
          return [
            TableCell(nets[place].0), TableCell(net.parameters),
            net.orderedTraining.map { TableCell(fixed($0.mean, 1)) } ?? "–",
            TableCell(ordered[place].formatted(decimals: 1)), TableCell(net.shuffled.formatted(decimals: 1)),
          ]
        }))
    page.project(
      separation.slideTitle(bySeed: own), notes: "Each step takes one freedom away. Shuffled, which step hurts?")
    page.prose(separation.words(bySeed: own))
    let told = reported(findings, recorded)
    if let races = told.anywhere, races.first?.saving != nil {
      addAnywhere(to: &page, races, told, isRecorded: recorded != nil)
    }
  }

  /// How the three nets were built and trained.
  static func addSeparationMethod(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    guard let live = findings.separation else { return }
    let separation = recorded?.separation.flatMap { $0.trainingCount > live.trainingCount ? $0 : nil } ?? live
    let rates = separation.rates ?? SeparationExperiment.fewRates
    page.prose(
      """
      *Three nets.* They have 6 maps of 10×10 from windows of 5×5, max pooling of 2×2, 16 maps of 3×3 from windows of 3×3, and ten \
      outputs. Each learns at its best of \(rates.count) rates, chosen in the same way.
      """)
  }
}

extension SeparationExperiment {
  /// The errors of the three nets in order; where every seed chose its own rate, those.
  func ordered(bySeed: [Summary]?) -> [Summary] { bySeed ?? [dense.ordered, local.ordered, shared.ordered] }

  /// What windows and equal weights together save, in order and shuffled.
  fileprivate func together(_ bySeed: [Summary]?) -> (ordered: Summary, shuffled: Summary) {
    let errors = ordered(bySeed: bySeed)
    return (errors[0] - errors[2], dense.shuffled - shared.shuffled)
  }

  /// What the three nets come to, to stand before them.
  func message(bySeed: [Summary]?) -> String {
    let ordered = together(bySeed).ordered
    return ordered.count >= 3 && ordered.direction() != .below
      ? "**Few equal weights do no worse than many free ones.** " : ""
  }

  /// What both steps together save in order, for the caption.
  func interval(bySeed: [Summary]?) -> String {
    let (ordered, errors) = (together(bySeed).ordered, ordered(bySeed: bySeed))
    let second = errors[1] - errors[2]
    guard ordered.count >= 3 else { return "" }
    return "; in order, both steps together save \(fixed(ordered.mean, 1)) points (95 %: \(ordered.interval(1))), "
      + "the second alone \(fixed(second.mean, 1)) (\(second.interval(1)))"
  }

  /// What the two steps do in order, and shuffled.
  func words(bySeed: [Summary]?) -> String {
    let together = together(bySeed)
    guard together.ordered.count >= 3 else { return "So few runs cannot tell the steps from chance." }
    let costs = [dense.shuffled - local.shuffled, local.shuffled - shared.shuffled].allSatisfy {
      $0.direction() == .below
    }
    let errors = ordered(bySeed: bySeed)
    let step =
      together.ordered.direction() == .above && (errors[1] - errors[2]).direction() == .withinChance
      ? "; what the second step does alone may be chance" : ""
    return together.ordered.worded(
      above: "In order the convolution makes fewer errors than the dense net, ",
      below: "In order the convolution makes more errors than the dense net, ",
      withinChance: "In order we see no difference between the convolution and the dense net, ")
        + """
        with 1/\(fixed(saving, 0)) of its parameters\(step). MNIST's digits stand in the middle: each unit sees nearly the same part of \
        each digit, so equal weights have little to give.
        """
      + (costs
        ? " Shuffled, both steps cost errors: a window then shows no edge, and no pattern is useful everywhere." : "")
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
