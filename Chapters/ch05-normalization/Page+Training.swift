// The page of chapter 5: what normalization does to training.

import Foundation
import Workbook

extension Norms {
  /// Learning rates and depth.
  static func addSweeps(to page: inout Page, _ findings: Findings) {
    let (sweeps, limit) = (findings.shownSweeps, SweepFindings.limit)
    let (ratio, gain, rates) = (sweeps.reachRatio, findings.gain, sweeps.bestRates)
    let isFactor = ratio.count >= 3 && ratio.minimum > 1
    let atSmallest = sweeps.rates[0].errors[0] - sweeps.rates[1].errors[0]
    page.prose(
      """
      ## Does it train better?

      We train the five-layer net without a norm and with batch norm, at many learning rates.\(findings.keptBack == nil ? " (The rates are chosen by the tested images, which chapter 3 forbids: an error at a best rate is a little too low.)" : "")
      """)
    page.predict(
      """
      At a rate of \(short(sweeps.rates[0].settings[0], digits: 2)) the net **without** a norm still learns; at \
      \(short(sweeps.guessesFrom)) it only guesses. How does the error of the net **with** batch norm go, from the smallest rate to the \
      largest?
      """,
      drawing: Normalization.batch.name,
      "It falls, stays low over a wide range of rates, and in the end rises to guessing too."
    )
    page.figure(
      Figure(
        isFactor
          ? "With batch norm the net still learns at rates \(reach(ratio))"
          : "Test error by learning rate, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: errorAxis(sweeps.rates.map(\.errors)),
            pairSeries(sweeps.rates.map(\.settings), sweeps.rates.map(\.errors)),
            references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          The five-layer net. A net learns where it makes less than \(Int(limit)) % errors; a run that diverged (its loss grew without bound) counts as guessing. Mean of \(findings.seedWords)\(shadingNote(findings.seeds.count)); \(findings.data).
          """,
        name: "rate-sweep"))
    page.project(
      isFactor
        ? "Batch norm tolerates much larger learning rates" : "The error at each rate, with batch norm and without")
    page.prose(
      """
      \(rates[1] > 1.5 * rates[0] ? "**So choose the rate anew.** The best one is \(short(rates[1])) with batch norm and \(short(rates[0])) without; the rates tried are a factor of 2 apart.\(atSmallest.worded(above: "", below: " At small rates the order is reversed: there batch norm makes more errors; why, we did not test.", withinChance: " At small rates the lead is gone, as Bjorck et al. (2018) found in much larger nets."))" : "Both nets do best at nearly the same rate.")

      **Each at its own best rate, batch norm \(gain.worded(above: "saves \(fixed(gain.mean, 1)) points", below: "costs \(fixed(-gain.mean, 1)) points", withinChance: "saves nothing beyond chance")).**\(trainingWords(findings))
      """)
    if let table = trainingTable(findings) { page.table(table) }
    if let depth = findings.depth { addDepth(to: &page, depth, data: findings.data) }
  }

  /// Other trainings than the short one of plain descent, in words.
  private static func trainingWords(_ findings: Findings) -> String {
    guard let adam = findings.centred?.training(.adam), let long = findings.centred?.training(.long) else {
      return " Chapter 10 trains convolutional nets to the end, with batch norm and without."
    }
    func words(_ saved: Summary) -> String {
      saved.worded(
        above: "it saves \(fixed(saved.mean, 1))", below: "it costs \(fixed(-saved.mean, 1))",
        withinChance: "we saw no difference beyond chance")
    }
    let isSame = adam.isAtOneRate && long.isAtOneRate
    let (first, last) = (words(adam.saved), words(long.saved))
    return
      " With Adam \(first), after \(CentredFindings.Way.long.epochs) epochs with a falling rate \(last.hasPrefix("it saves ") && first.hasPrefix("it saves ") ? String(last.dropFirst(9)) : last).\(isSame ? " **In these two trainings both nets chose the same rate: there the gain came without a larger one.**" : "")"
  }

  /// What batch norm saves by the training; nil where only one was measured.
  private static func trainingTable(_ findings: Findings) -> Table? {
    guard let centred = findings.centred, let none = findings.parts?.errors(.none),
      let batch = findings.parts?.errors(.batch)
    else { return nil }
    let ways = CentredFindings.Way.allCases.compactMap { centred.training($0) }
    guard !ways.isEmpty else { return nil }
    let rows =
      [
        (
          "plain descent, 2 epochs", [findings.parts?.net(.none), findings.parts?.net(.batch)].map { $0?.rate }, none,
          batch
        )
      ]
      + ways.map { ($0.way.name, $0.rates.map { $0 }, $0.errors[0], $0.errors[1]) }
    return Table(
      "Test error (%) of the five-layer net by training, centred pixels; \(rows.map { "\($0.2.count)" }.joined(separator: ", ")) seeds",
      columns: ["training", "best rates", "no norm", "batch norm", "it saves (95 %)"],
      rows: rows.map { name, rates, none, batch in
        [
          .text(name), .text(rates.map { $0.map { short($0) } ?? "–" }.joined(separator: "; ")),
          .text(none.formatted(decimals: 1)), .text(batch.formatted(decimals: 1)),
          .text("\(signed((none - batch).mean)) (\(signedInterval(none - batch)))"),
        ]
      })
  }

  /// `8 times as large (4 to 16, depending on the seed)`.
  private static func reach(_ ratio: Summary) -> String {
    "\(short(ratio.geometricMean, digits: 2)) times as large"
      + (ratio.minimum == ratio.maximum ? "" : " (\(factorRange(ratio)), depending on the seed)")
  }

  /// Every size of the initial weights.
  static func addScales(to page: inout Page, _ findings: Findings) {
    guard let found = findings.scaleErrors else { return }
    let (atEighth, atHe) = (found.error(0, at: 0.125), found.error(0, at: 1))
    // The size nearest to an eighth that was tried.
    let divisor = Int((1 / found.scales[nearest(to: 0.125, in: found.scales)]).rounded())
    let product = (0..<5).reduce(1) { result, _ in result * divisor }
    page.prose(
      """
      ## What wrong initial weights do

      Without a norm, small weights shrink the signal from layer to layer. Before a norm they only make each step turn the weights further, and a smaller rate can mend that.
      """)
    page.predict(
      "Without a norm, all initial weights 1/\(divisor) of He's\(found.isAtOwnRates ? ", \(grouped(findings.controls?.trainingCount ?? 0)) images, at the best of many learning rates" : ""): after two epochs the test error is",
      choices: ["about the same as with He's weights", "about twice as high", "that of guessing"],
      answer: atEighth.mean > 70 ? 2 : atEighth.mean > 1.5 * atHe.mean ? 1 : 0,
      """
      The net makes \(fixed(atEighth.mean, 0)) % errors; with He's weights it makes \(fixed(atHe.mean, 0)) %.\
      \(atEighth.mean > 70 ? " Five hidden layers shrink the signal to 1/\(divisor)⁵ = 1/\(grouped(product)), and the gradient on its way back as well." : "")
      """
    )
    page.project("Initial weights 1/\(divisor) of He's: what happens?")
    let forgives = (found.spans[1] - found.spans[0]).direction() == .above
    let largest = found.scales.last ?? 1
    page.figure(
      Figure(
        forgives
          ? "Batch norm forgives small \(found.forgivesLarge ? "and large " : "")initial weights\(found.forgivesLarge ? "" : "; large ones cost errors (up to \(fixed(found.errors[1].last?.mean ?? 0, 0)) %)"). Without it only those near He's work"
          : "Test error by the size of the initial weights, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("initial weights, as multiples of He's", log: true),
            y: errorAxis(found.errors), pairSeries([found.scales, found.scales], found.errors),
            references: [.init(.horizontal, at: 90, "guessing")])),
        caption: scaleCaption(findings, found),
        name: "scale-sweep"))
    if found.isAtOwnRates, forgives, !found.forgivesLarge {
      page.prose(
        "Weights \(short(largest)) times as large ask for a rate \(short(largest * largest)) times as large. The last layer, which has no norm, must take the same rate: for it that is too large, which may be why large weights cost errors."
      )
    }
    page.project(
      forgives
        ? "Batch norm forgives \(found.forgivesLarge ? "bad initial weights" : "small initial weights, not large ones")"
        : "Bad initial weights: does batch norm forgive them?")
  }

  private static func scaleCaption(_ findings: Findings, _ found: ScaleErrors) -> String {
    let ends = shadingNote(found.errors[0][0].count)
    guard found.isAtOwnRates, let controls = findings.controls else {
      return
        "The five-layer net after two epochs at learning rate 0.03, which suits the net without a norm. Mean of \(findings.seedWords)\(ends); \(findings.data)."
    }
    return
      "The five-layer net, \(grouped(controls.trainingCount)) images, 2 epochs, pixels not centred, each net at its own best rate for each size (\(counted(controls.byScale[0][0].tried.count, "rate")) tried). Mean of \(counted(controls.seeds, "seed"))\(ends); \(findings.data)."
  }

  /// A logarithmic axis of the errors of two nets, so that the small ones can be told apart.
  private static func errorAxis(_ errors: [[Summary]]) -> Axis {
    let least = errors.flatMap { $0.map(\.mean) }.filter { $0 > 0 }.min() ?? 4
    let low = least / 1.15
    return Axis(
      "test error (%), logarithmic scale", log: true, range: low...100,
      ticks: errorTicks.filter { $0 >= low }.map { ($0, short($0)) })
  }

  private static func pairSeries(_ settings: [[Double]], _ errors: [[Summary]]) -> [Series] {
    pair.indices.map { net in
      Series(
        pair[net] == .none ? "no norm" : pair[net].name, x: settings[net], y: errors[net].map(\.mean),
        deviation: halfIntervals(errors[net]), isEmphasized: pair[net] == .batch, color: pair[net].color)
    }
  }
}
