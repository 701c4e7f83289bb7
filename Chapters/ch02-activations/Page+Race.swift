// The page of chapter 2: the race of tanh against ReLU.

import Foundation
import Workbook

extension Activations {
  /// tanh against ReLU, and the others.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let race = findings.race
    page.prose(
      """
      ## Is ReLU faster than tanh?

      ReLU replaced tanh within a few years. In 2011 Glorot, Bordes and Bengio trained three layers of ReLUs without \
      the pretraining that was usual then; in 2012 AlexNet won the ImageNet contest with ReLU. Since then most recipes \
      for convolutional nets have been made for it; language models now often have GELU or SwiGLU.

      Was it for speed? AlexNet's paper (Krizhevsky et al. 2012) reports a factor of 6: with ReLU instead of tanh a \
      convolutional net of four layers needs a sixth of the *steps* until it misclassifies only a quarter of its \
      training images, small photographs of CIFAR-10. (A convolution slides small groups of weights over the image; \
      chapter 9.)

      \(findings.photographs == nil ? "That net was not trained here. We ask the same question for a smaller convolutional net on digits." : "We ask twice, for smaller nets: first on digits, then on photographs.") \
      Each activation has its own rate\
      \(race.trials > 1 ? ", chosen on other seeds." : ", though this quick run tries only one.")
      """)
    if findings.photographs != nil { page.prose("### On digits") }
    page.fold("The net, in PyTorch") {
      $0.prose(
        """
        ```python
        net = nn.Sequential(                        # digits with a border of 2: 32 × 32
            nn.Conv2d(1, 8, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Conv2d(8, 16, 5), nn.ReLU(), nn.AvgPool2d(2),
            nn.Flatten(), nn.Linear(400, 10))
        ```

        The convolutions have the reference weights, the last layer normal ones with a standard deviation of 0.01; all \
        biases begin at 0.
        """)
    }
    if let lines = findings.lines, let long = findings.longRace, lines.losses.count > 1 {
      addLines(to: &page, lines, long, findings)
      page.fold("How the rates are chosen") {
        $0.prose(rateWords(race))
      }
      return
    }
    let ratio = race.ratio
    page.predict(
      "A small conv net learns digits, each activation at its best rate. To bring the loss down to \(target), how many times as many steps as ReLU does tanh need?",
      unit: "times", within: 0.3, answer: ratio.mean,
      race.converged
        ? "That is the mean of the ratios of \(counted(ratio.count, "seed")): \(stepWords(race[.tanh].steps, race[.relu].steps))."
        : "Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
    page.project("Conv net on digits: is ReLU faster than tanh?")
    page.figure(curves(findings))
    page.project(slideTitle(ratio))
    if race.trials > 1 { page.fold("How the rates are chosen") { $0.prose(rateWords(race)) } }
  }

  private static func stepWords(_ tanh: Summary, _ relu: Summary) -> String {
    "the tanh net needs \(tanh.formatted(decimals: 0)) steps, the ReLU net \(relu.formatted(decimals: 0))"
  }

  private static func slideTitle(_ ratio: Summary) -> String {
    let isSlower = ratio.direction(from: 6) == .below
    return ratio.direction(from: 1) == .above
      ? isSlower ? "ReLU is ahead, but not 6 times" : "ReLU is ahead, \(fixed(ratio.mean, 1)) times"
      : isSlower ? "ReLU is not six times as fast in this small net" : "Six times as fast? This run cannot tell"
  }

  /// The ratio at each finish line, with what it says.
  private static func addLines(
    to page: inout Page, _ lines: FinishLines, _ long: RaceFindings, _ findings: Findings
  ) {
    let ratios = lines.losses.indices.map(lines.ratio)
    let (first, last) = (ratios[0], ratios[ratios.count - 1])
    let path =
      "from \(fixed(first.mean, 2)) at a loss of \(short(lines.losses[0])) to \(fixed(last.mean, 2)) at \(short(lines.losses[lines.losses.count - 1]))"
    let hardest = lines.steps(lines.losses.count - 1)
    page.predict(
      "A small conv net learns digits, each activation at its best rate. To bring the loss down to \(short(lowTarget)), how many times as many steps as ReLU does tanh need?",
      unit: "times", within: 0.2, answer: last.mean,
      "That is the mean of the ratios of \(counted(last.count, "seed")): \(stepWords(hardest.tanh, hardest.relu)).")
    page.project("Conv net on digits: is ReLU faster than tanh?")
    page.figure(
      Figure(
        first.direction(from: 1) == .below && last.direction(from: 1) == .above
          ? "tanh reaches an easy goal sooner, ReLU a hard one: the ratio of their steps goes \(path)"
          : "The ratio of the steps of tanh and ReLU goes \(path)",
        .lines(
          LineChart(
            x: Axis(
              "loss to reach: easy on the left, hard on the right",
              ticks: lines.losses.map { (-log10($0), short($0)) }),
            y: Axis(
              "steps of tanh ÷ steps of ReLU", log: true, range: 0.4...8,
              ticks: [0.5, 1, 2, 4, 6].map { ($0, short($0)) }),
            [
              Series(
                "on digits", x: lines.losses.map { -log10($0) }, y: ratios.map(\.mean),
                deviation: ratios.allSatisfy { $0.count > 2 } ? ratios.map(\.uncertainty) : [], isEmphasized: true,
                color: Nonlinearity.relu.color)
            ],
            references: [
              .init(.horizontal, at: 1, "equally fast"), .init(.horizontal, at: 6, "the paper, on CIFAR-10"),
            ])),
        caption: """
          Above 1 ReLU is faster. One rate each for all goals, the fastest to a loss of \(short(lowTarget)): tanh \
          \(short(Double(long[.tanh].rate))), \
          ReLU \(short(Double(long[.relu].rate))). Mean ratio of \(counted(last.count, "seed")), with its 95 % \
          interval (\(findings.data)).
          """,
        name: "race"))
    page.prose(
      """
      **At these rates, who is faster depends on where the race ends**, and no goal comes near a factor of 6. Rates \
      chosen for each goal might move the crossing.
      """)
  }

  /// The losses of all racers, step by step.
  private static func curves(_ findings: Findings) -> Figure {
    let (race, ratio) = (findings.race, findings.race.ratio)
    return Figure(
      "tanh needs \(fixed(ratio.mean, 2)) times as many steps as ReLU to a loss of \(target)",
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
      name: "race")
  }

  private static func rateWords(_ race: RaceFindings) -> String {
    """
    For each activation we try \(Racer.rates.count) rates from \(short(Double(Racer.rates[0]))) to \
    \(short(Double(Racer.rates[Racer.rates.count - 1]))), each √2 times the one before, on \(race.trials) seeds that \
    do not race. Every run begins at a loss \
    of ln 10, and its rate rises over the first \(Racer.warmUp) steps. We leave out \
    rates at which a seed diverges, and the rate just below one of these, because other seeds might diverge there. Of \
    the others we take the one \
    whose slowest seed is fastest.\(marginWords(race))
    """
  }

  /// What the margin of safety does to the ratio; empty where the trials were not kept.
  private static func marginWords(_ race: RaceFindings) -> String {
    guard let tanh = race[.tanh].boldest, let relu = race[.relu].boldest else { return "" }
    let isSame = abs(tanh.rate - race[.tanh].rate) < 1e-4 && abs(relu.rate - race[.relu].rate) < 1e-4
    return isSame
      ? ""
      : " Without that margin the fastest rates are \(short(Double(tanh.rate))) for tanh and \(short(Double(relu.rate))) for ReLU, and their slowest seeds need "
        + "\(fixed(tanh.steps, 0)) and \(fixed(relu.steps, 0)) steps to a loss of \(target): a ratio of \(fixed(tanh.steps / relu.steps, 2))."
  }
}
