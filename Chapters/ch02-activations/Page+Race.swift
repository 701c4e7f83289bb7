// The page of chapter 2: maxout, and the race of tanh against ReLU.

import Foundation
import Workbook

extension Activations {
  /// A unit that is the largest of several sums.
  static func addMaxout(to page: inout Page, _ counts: MaxoutFindings) {
    page.prose(
      """
      ## Maxout

      Why choose a bend at all? A **maxout** unit takes the largest of $k$ sums, each with weights of its own:

      $$y = \\max_i\\,(w_i \\cdot x + b_i)$$

      ReLU and leaky ReLU are special cases with $k = 2$; more pieces follow any curve that bends upwards. The gradient goes \
      to the sum that won, and to no other. So a maxout unit never goes silent as a whole, though one of its pieces may never win. The price: a dense layer of 100 \
      to 100 has \(grouped(counts.dense)) parameters, maxout with two pieces \(grouped(counts.maxout)).
      """)
    page.fold("A maxout unit, drawn") {
      $0.figure(maxout)
    }
  }

  /// A maxout unit of one input.
  private static var maxout: Figure {
    let (x, sums) = ([-3.0, -1, 0.5, 3], [(-0.8, -1.0), (0.1, -0.1), (1.2, -0.65)])
    return Figure(
      "The largest of three straight lines is a curve that bends upwards",
      .lines(
        LineChart(
          x: Axis("x"), y: Axis("sum, output"),
          sums.enumerated().map { index, sum in
            Series(
              "sum \(index + 1)", x: x, y: x.map { sum.0 * $0 + sum.1 }, style: .line, color: [1, 2, 3][index])
          } + [
            Series(
              "maxout", x: x, y: x.map { x in sums.map { $0.0 * x + $0.1 }.max() ?? 0 }, style: .line,
              isEmphasized: true, color: 0)
          ])), caption: "A maxout unit with one input and three sums.", name: "maxout")
  }

  /// tanh against ReLU, and the others.
  ///
  /// - Parameter long: the race to a low loss, of a full run.
  static func addRace(to page: inout Page, _ findings: Findings, long: RaceFindings?) {
    let (race, ratio) = (findings.race, findings.race.ratio)
    let isAhead = ratio.mean - ratio.uncertainty > 1
    let isSlower = ratio.direction(from: 6) == .below
    page.prose(
      """
      ## Six times faster?

      Krizhevsky et al. 2012, whose net AlexNet won the ImageNet contest of that year, show a small ReLU net that needs a sixth of the \
      *steps* of the same net with tanh: four layers, convolutional, on CIFAR-10 (small colour photographs of ten classes), until only a \
      quarter of the training images are misclassified, with the learning rate chosen for each. The lecture notes S2 repeat it; the \
      blog S4 says that ReLU is 6 times cheaper to *compute* than a sigmoid, which is another matter. (A convolution slides small groups of weights over the image, a pooling \
      averages 2×2 values; chapter 9.)

      A fair race passes chapter 1's check first: small weights in the last layer, so that every net begins at ln 10. \
      Over the first \(Racer.warmUp) steps the rate rises linearly, which spares all of them a first step that is too \
      large. And each activation has a rate of its own\
      \(race.trials > 1
        ? ", chosen on other seeds." : "; but this quick run tries only one.")
      """)
    if race.trials > 1 {
      page.fold("How the rates are chosen") {
        $0.prose(
          """
          Each activation tries \(Racer.rates.count) rates from \(short(Double(Racer.rates[0]))) to \
          \(short(Double(Racer.rates[Racer.rates.count - 1]))), a factor of √2 apart, on \(race.trials) seeds that do not race. Rates at which \
          a seed diverges are out, and so is the rate just below one of these, which is too near the edge for other seeds. Of the others that one is chosen whose slowest seed is \
          fastest.\(marginWords(race))
          """)
      }
    }
    page.fold("The net, in code") { $0.code("convNet", in: "Race.swift") }
    page.predict(
      "A small conv net on digits, each rate tuned. To a loss of \(target) tanh needs how many times the steps of ReLU?",
      unit: "times", within: 0.3, answer: ratio.mean,
      race.converged
        ? "That is the mean of the ratios of \(counted(ratio.count, "seed")): tanh \(race[.tanh].steps.formatted(decimals: 0)) steps, ReLU \(race[.relu].steps.formatted(decimals: 0))."
        : "Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
    page.project("Conv net on digits: is ReLU six times faster?")
    page.figure(
      Figure(
        "Tuned, tanh needs \(fixed(ratio.mean, 2)) times the steps of ReLU to a loss of \(target)\(isSlower ? ", not 6 times" : "")",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training loss", log: true),
            race.racers.map { racer in
              let losses = racer.typicalLosses
              return Series(
                racer.function.name, x: losses.indices.map { Double($0 + 1) }, y: losses, style: .line,
                isEmphasized: racer.function == .relu, color: racer.function.color)
            }, references: [.init(.horizontal, at: target, "target")])),
        caption: """
          Batches of 32 (\(findings.data)); loss smoothed over ten steps; median of \(findings.seedWords). Rates: \
          \(race.racers.map { "\($0.function.name) \(short(Double($0.rate)))\(race.trials > 1 && $0.isAtEnd ? " (an end of the range)" : "")" }.joined(separator: ", ")).
          """,
        name: "race"))
    page.project(
      isAhead
        ? isSlower
          ? "Tuned, ReLU is ahead, but not 6 times" : "Tuned, ReLU is ahead, \(fixed(ratio.mean, 1)) times"
        : isSlower
          ? "Tuned, ReLU is not six times as fast in this small net" : "Six times as fast? This run cannot tell")
    addLines(to: &page, race, long)
  }

  /// Where the race ends decides who is ahead.
  private static func addLines(to page: inout Page, _ race: RaceFindings, _ long: RaceFindings?) {
    let told = long ?? race
    guard told.crossings.count > 1 else { return }
    let goal = long == nil ? target : lowTarget
    page.table(
      Table(
        (long == nil
          ? "Other finish lines"
          : "A longer race, recorded: rates chosen for a loss of \(lowTarget), \(counted(told.ratio.count, "seed"))")
          + ": the first step at which the median curve is at a loss or below. (At \(goal) the mean of the seeds’ ratios is \(told.ratio.formatted(decimals: 2)).)",
        columns: ["loss", "tanh", "ReLU", .init("tanh ÷ ReLU", digits: 2)],
        rows: told.crossings.map {
          [TableCell($0.loss), TableCell($0.tanh), TableCell($0.relu), TableCell(Double($0.tanh) / Double($0.relu))]
        }))
    let ratios = told.crossings.map { Double($0.tanh) / Double($0.relu) }
    let (least, most) = (ratios.min() ?? 1, ratios.max() ?? 1)
    page.prose(
      """
      Where the race ends decides who is ahead: the ratio goes from \(fixed(least, 1)) to \(fixed(most, 1))\(most < 3 ? ", nowhere near 6" : "").\
      \(long.map { levelWords($0) } ?? "")\
      \(long.map { longWords($0) } ?? "") \
      But these are short races of a small net on digits. Whether ReLU is worth a factor of six in a deeper net on photographs, they \
      cannot say.
      """)
  }

  /// Where the ratio no longer changes much.
  private static func levelWords(_ long: RaceFindings) -> String {
    let ratios = long.crossings.map { (loss: $0.loss, ratio: Double($0.tanh) / Double($0.relu)) }
    guard let last = ratios.last, let first = ratios.first,
      let level = ratios.first(where: { one in
        ratios.filter { $0.loss <= one.loss }.allSatisfy { abs($0.ratio / last.ratio - 1) < 0.2 }
      }), level.loss > last.loss, level.loss < first.loss
    else { return "" }
    return " From a loss of \(short(level.loss)) down it hardly changes."
  }

  /// Who is ahead where the goal is hard.
  private static func longWords(_ long: RaceFindings) -> String {
    guard long.converged else { return "" }
    let steps =
      " to a loss of \(lowTarget) tanh takes \(long[.tanh].steps.formatted(decimals: 0)) steps, ReLU \(long[.relu].steps.formatted(decimals: 0))"
    return long.ratio.worded(
      from: 1, above: " With rates chosen for a hard goal ReLU is ahead:\(steps).",
      below: " Even at a hard goal tanh is ahead:\(steps).",
      withinChance: " At a hard goal neither is ahead beyond chance:\(steps).")
      + " (A single seed's curve swings, and touches a goal before the median curve does.)"
  }

  /// What the margin of safety does to the ratio; empty where the trials were not kept.
  private static func marginWords(_ race: RaceFindings) -> String {
    guard let tanh = race[.tanh].boldest, let relu = race[.relu].boldest else { return "" }
    let isSame = abs(tanh.rate - race[.tanh].rate) < 1e-4 && abs(relu.rate - race[.relu].rate) < 1e-4
    return
      (isSame
      ? " For tanh and ReLU that margin changes nothing: their fastest rates are"
      : " Without that margin the fastest rates of the trials are")
      + " \(short(Double(tanh.rate))) for tanh and \(short(Double(relu.rate))) for ReLU, and their slowest seeds need "
      + "\(fixed(tanh.steps, 0)) and \(fixed(relu.steps, 0)) steps: a ratio of \(fixed(tanh.steps / relu.steps, 2))."
  }
}
