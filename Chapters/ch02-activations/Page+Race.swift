// The page of chapter 2: maxout, nets with each activation, times, advice.

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
  }

  /// tanh against ReLU, and the others.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let (race, ratio) = (findings.race, findings.race.ratio)
    let isAhead = ratio.mean - ratio.uncertainty > 1
    let gain = ratio.worded(
      from: 1, above: "this small net gains from ReLU", below: "this small net gains nothing from ReLU",
      withinChance: "within chance of no difference")
    page.prose(
      """
      ## Six times faster?

      S2 says that a ReLU net *converges* about 6 times faster than one with tanh; S4 says that ReLU is 6 times cheaper to \
      *compute* than a sigmoid. The two have nothing to do with each other. The first goes back to a figure in the paper on \
      AlexNet, the net that won the ImageNet contest of 2012. It counts the steps until only a quarter of the training images are \
      misclassified, for a convolutional net (chapter 9) of four layers on CIFAR-10, small colour photographs of ten \
      classes, with the learning rate chosen for each activation.

      A fair race passes chapter 1's check first: small weights in the last layer, so that every net begins at ln 10. \
      Over the first \(Racer.warmUp) steps the rate rises along a line, which spares all of them a first step that is too \
      large. And each activation has a rate of its own: \
      \(race.trials > 1
        ? "of \(Racer.rates.count) from \(short(Double(Racer.rates[0]))) to \(short(Double(Racer.rates[Racer.rates.count - 1]))), a factor of √2 apart, the one at which the slowest of \(race.trials) trial runs, of seeds that do not run in the race, arrives first."
        : "but this quick run tries only one.")
      """)
    page.code("convNet", in: "Race.swift")
    page.predict(
      "A small conv net on digits, the learning rate tuned for each activation. To come down to a loss of \(target), tanh needs how many times the steps of ReLU?",
      choices: ["a sixth", "two thirds", "as many", "3 times", "6 times"], answer: nearestChoice(ratio.mean),
      race.converged
        ? "\(fixed(ratio.mean, 2)) times: tanh \(race[.tanh].steps.formatted(decimals: 0)) steps, ReLU \(race[.relu].steps.formatted(decimals: 0))."
        : "Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
    page.project("Conv net on digits: is ReLU six times faster?")
    page.figure(
      Figure(
        isAhead
          ? "Tuned, ReLU is \(fixed(ratio.mean, 1)) times as fast as tanh, not 6"
          : "Tuned, tanh needs \(fixed(ratio.mean, 1)) times the steps of ReLU to a loss of \(target): \(gain)",
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
    page.project(isAhead ? "Tuned, ReLU is ahead, but not 6 times" : "Tuned, ReLU gains nothing in this small net")
    /// How many times its first value the loss rises to.
    func rise(_ racer: Racer) -> Double { (racer.typicalLosses.max() ?? 1) / (racer.typicalLosses.first ?? 1) }
    let rising = race.racers.filter { rise($0) >= 1.05 }
    if !rising.isEmpty {
      page.prose(
        """
        In spite of the warm-up the loss first rises for \(rising.map { "\($0.function.name) (by \(percent(rise($0) - 1)))" }.joined(separator: ", ")).
        """)
    }
  }

  /// The place of the choice that is nearest to a ratio, on a logarithmic scale.
  private static func nearestChoice(_ ratio: Double) -> Int {
    let choices = [1.0 / 6, 2.0 / 3, 1, 3, 6]
    return choices.indices.min { abs(log(choices[$0] / ratio)) < abs(log(choices[$1] / ratio)) } ?? 2
  }

  /// Eight hidden layers.
  static func addDeepNets(to page: inout Page, _ findings: Findings) {
    let (deep, kinds) = (findings.deepNets, DeepNet.kinds)
    let (sigmoid, relu) = (deep.nets[DeepNet.sigmoid].losses, deep.nets[DeepNet.relu].losses)
    let large = (factor: short(Double(kinds[DeepNet.large].factor)), losses: deep.nets[DeepNet.large].losses)
    page.prose(
      """
      ## Eight layers deep

      The race has two hidden layers. What if there are \(DeepNet.depth), where the sigmoid's quarter is taken \(DeepNet.depth) \
      times over? Dense layers of \(DeepNet.width) units, each kind \
      \(findings.race.trials > 1
        ? "at the best of \(DeepNet.rates.count) rates from \(short(Double(DeepNet.rates[0]))) to \(short(Double(DeepNet.rates[DeepNet.rates.count - 1]))), a factor of about 3 apart, chosen with other seeds."
        : "at one rate in this quick run.")
      """)
    page.predict(
      "After \(deep.steps) steps at the best rate, what is the loss of the sigmoid net with the usual weights? (ReLU: \(fixed(relu.mean, 2)))",
      choices: ["0.3, like ReLU", "1", "2.3, nothing learned"],
      answer: sigmoid.mean > 2 ? 2 : sigmoid.mean > 0.6 ? 1 : 0,
      sigmoid.mean > 2
        ? "\(sigmoid.formatted(decimals: 2)). None of the rates tried helps in \(deep.steps) steps: the first layers get no gradient worth the name."
        : "\(sigmoid.formatted(decimals: 2)).")
    page.project("Eight sigmoids deep: what does it learn?")
    page.figure(
      Figure(
        sigmoid.mean > 2
          ? "With the usual weights eight sigmoids learn nothing in \(grouped(deep.steps)) steps; with \(large.factor) times these they end at a loss of \(fixed(large.losses.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
          : "Eight layers deep the sigmoid ends at a loss of \(fixed(sigmoid.mean, 2)), ReLU at \(fixed(relu.mean, 2))",
        .bars(
          BarChart(
            categories: kinds.map(\.name), y: Axis("training loss after \(deep.steps) steps"),
            [
              .init(
                "loss", deep.nets.map(\.losses.mean),
                deviation: findings.seeds.count > 1 ? deep.nets.map(\.losses.deviation) : [], color: 0)
            ])),
        caption: """
          \(DeepNet.depth) hidden layers of \(DeepNet.width) units, batches of 32 (\(findings.data)), \(findings.seedWords). A net that \
          guesses has ln 10 = 2.3. Rates: \
          \(kinds.indices.map { "\(kinds[$0].name) \(short(Double(deep.nets[$0].rate)))\(findings.race.trials > 1 && deep.nets[$0].isAtEnd ? " (an end of the range)" : "")" }.joined(separator: ", ")).
          """,
        name: "deep-nets"))
    page.project(
      sigmoid.mean > 2
        ? "Eight sigmoids, usual weights: nothing is learned" : "Eight layers deep the sigmoid falls behind")
  }

  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    let sigmoid = Nonlinearity.sigmoid.rawValue
    let more = costs.steps[1] / costs.steps[0] - 1
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs, even computed eight at a time as here. For one number a sigmoid takes \
      \(fixed(costs.elements[sigmoid].forward / costs.elements[Nonlinearity.relu.rawValue].forward, 0)) times as long as ReLU \
      forward, and \(fixed(costs.ratios[sigmoid], 1)) times with the way back. A whole training step of the convolutional net \
      above \(more > 0.05
        ? "takes \(percent(more)) longer with tanh than with ReLU: far less than these factors, since the convolutions cost the same, but not nothing."
        : "takes about as long with tanh as with ReLU: the convolutions, which cost the same, are most of it.")
      """)
    addErrata(to: &page)
  }

  /// Which one to use.
  static func addAdvice(to page: inout Page, _ findings: Findings) {
    let (race, deep, offsets) = (findings.race, findings.deepNets, findings.census.offsets)
    page.prose(
      """
      ## Which one should I use?

      The lecture's advice is: ReLU by default, with a careful rate; try leaky ReLU, ELU and maxout; expect little of tanh; do not \
      use the sigmoid. The measurements of this page in one table. The offset is the size of the mean of a layer's outputs over \
      their standard deviation, in the second hidden layer of the census.
      """)
    page.table(
      Table(
        "\(counted(race.racers.count, "activation")), each at the rate that the trial seeds chose: conv net, \(race.limit) steps; dense net of \(DeepNet.depth) hidden layers, \(deep.steps) steps",
        columns: [
          "activation", .init("offset", digits: 2),
          .init("conv net: steps to \(target)", digits: 0),
          .init("test error (%)", digits: 1), .init("8 layers: loss", digits: 2),
          .init("forward and back, ÷ ReLU", digits: 1),
        ],
        rows: race.racers.map { racer in
          let index = racer.function.rawValue
          let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }
          return [
            TableCell(racer.function.name), .measured(offsets[index]),
            racer.arrives
              ? .measured(racer.steps)
              : TableCell(
                racer.arrivals == 0
                  ? "more than \(race.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
            racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
            net.map { .measured(deep.nets[$0].losses) } ?? TableCell("–"), TableCell(findings.costs.ratios[index]),
          ]
        }))
    let failing = race.racers.filter { $0.diverged > 0 }
    let diverging = failing.map { "\($0.function.name) in \($0.diverged) of \(counted($0.reached.count, "run"))" }
      .joined(separator: ", ")
    page.project(
      failing.isEmpty
        ? "Only the sigmoid falls behind" : "The sigmoid falls behind; \(failing[0].function.name) diverges at times")
    page.prose(
      """
      \(failing.isEmpty
        ? "Only the sigmoid falls behind."
        : "The sigmoid falls behind. At the rate that the trial seeds chose others diverge: \(diverging), whose errors the table leaves out. Such a rate is too near the edge.") \
      \(differences(race, deep)) The case for ReLU is its price and its record in nets far deeper than these (chapter 11). So begin with it, \
      count the dead, and spend the time on the learning rate.
      """)
  }

  /// What differs from ReLU by more than chance, apart from the sigmoid.
  private static func differences(_ race: RaceFindings, _ deep: DeepFindings) -> String {
    let (relu, tanh) = (deep.nets[DeepNet.relu].losses, deep.nets[DeepNet.tanh].losses)
    let others = DeepNet.kinds.indices.filter { DeepNet.kinds[$0].function != .sigmoid }
    let lowest = others.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    let best = deep.nets[lowest].losses
    let sound = race.racers.filter { $0.diverged == 0 && $0.function != .sigmoid }
    var gaps: [String] = []
    if isClear(relu - best, beyond: 0) {
      gaps.append(
        "Eight layers deep, \(DeepNet.kinds[lowest].name) ends lowest (\(best.formatted(decimals: 2)) against ReLU's "
          + "\(relu.formatted(decimals: 2))).")
    }
    let fewest = sound.min { $0.errors.mean < $1.errors.mean }
    if let fewest, race[.relu].diverged == 0, isClear(race[.relu].errors - fewest.errors, beyond: 0) {
      gaps.append(
        "In the conv net, of those that never diverged, \(fewest.function.name) has the fewest test errors "
          + "(\(fewest.errors.formatted(decimals: 1)) % against ReLU's "
          + "\(race[.relu].errors.formatted(decimals: 1)) %).")
    }
    let held = (tanh - relu).direction() == .above ? "" : ", and tanh holds its own"
    if gaps.isEmpty { return "Of the others none beats ReLU beyond chance\(held)." }
    return gaps.joined(separator: " ") + " \(gaps.count == 1 ? "The gap is" : "Both gaps are") small\(held)."
  }
}
