// The page of chapter 2: maxout, nets with each activation, times, advice.

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
      to the sum that won, and to no other. So a maxout unit neither saturates nor dies. The price: a dense layer of 100 \
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
      *compute* than a sigmoid. The two have nothing to do with each other. The first goes back to a figure in the AlexNet \
      paper: a convolutional net of four layers on CIFAR-10, steps until a quarter of the training images is still wrong, the \
      learning rate chosen for each activation.

      A fair race passes chapter 1's check first: small weights in the last layer, so that every net begins at ln 10. Then \
      each activation gets its own rate, the best of \(race.trials) trial seeds that do not run in the race.
      """)
    page.code("convNet", in: "Race.swift")
    page.predict(
      "A small conv net on digits, the learning rate tuned for each activation. To come down to a loss of \(target), tanh needs how many times the steps of ReLU?",
      choices: ["0.2", "1", "3", "6"], answer: ratio.mean,
      race.converged
        ? "tanh \(race[.tanh].steps.formatted(decimals: 0)) steps, ReLU \(race[.relu].steps.formatted(decimals: 0))."
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
          Batches of 32 (\(findings.data)); loss smoothed over ten steps; median of \(findings.seedWords).
          """,
        name: "race"))
    page.project(isAhead ? "Tuned, ReLU is ahead, but not 6 times" : "Tuned, ReLU gains nothing in this small net")
    /// How many times its first value the loss rises to.
    func rise(_ racer: Racer) -> Double { (racer.typicalLosses.max() ?? 1) / (racer.typicalLosses.first ?? 1) }
    let (smooth, rising) = (race.racers.filter { rise($0) < 1.05 }, race.racers.filter { rise($0) >= 1.05 })
    if !smooth.isEmpty, !rising.isEmpty {
      page.prose(
        """
        Without a jump at the beginning: \(smooth.map(\.function.name).joined(separator: ", ")). The loss of the others first \
        rises, by \(rising.map { "\(percent(rise($0) - 1)) (\($0.function.name))" }.joined(separator: ", ")). No run here tests why.
        """)
    }
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
      times over? Dense layers of \(DeepNet.width) units, each kind again at the best of its rates.
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
          guesses has ln 10 = 2.3.
          """,
        name: "deep-nets"))
    page.project(
      sigmoid.mean > 2
        ? "Eight sigmoids, usual weights: nothing is learned" : "Eight layers deep the sigmoid falls behind")
  }

  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs, even computed eight at a time as here: forward a sigmoid takes \
      \(fixed(costs.elements[Nonlinearity.sigmoid.rawValue].forward / costs.elements[Nonlinearity.relu.rawValue].forward, 0)) times \
      as long as ReLU for one number. But how much of a training step is it? One step of the convolutional net \
      above took at best \(fixed(costs.steps[0], 2)) ms with ReLU and \(fixed(costs.steps[1], 2)) ms with tanh. The rest of a \
      step is the convolutions, which do not care what stands between them.
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
      use the sigmoid. The measurements of this page in one table:
      """)
    page.table(
      Table(
        "All activations, each at its best rate",
        columns: [
          "activation", .init("\\|mean\\| / std of outputs", digits: 2),
          .init("conv net: steps to \(target)", digits: 0),
          .init("test error (%)", digits: 1), .init("8 layers: loss", digits: 2), .init("time, over ReLU", digits: 1),
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
            racer.diverged == 0 ? .measured(racer.errors) : TableCell("\(racer.diverged) diverged"),
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
        : "The sigmoid falls behind. At the rate that the trial seeds chose others diverge: \(diverging). Such a rate is too near the edge.") \
      \(differences(race, deep)) The case for ReLU is its price and its record in nets far deeper than these (chapter 11). So begin with it, \
      count the dead, and spend the time on the learning rate.
      """)
  }

  /// What differs from ReLU by more than chance, apart from the sigmoid.
  private static func differences(_ race: RaceFindings, _ deep: DeepFindings) -> String {
    let (relu, tanh) = (deep.nets[DeepNet.relu].losses, deep.nets[DeepNet.relu - 1].losses)
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
