// The page of chapter 2: maxout, steps to a loss, times.

import Workbook

extension Activations {
  /// A unit that is the largest of several sums.
  static func addMaxout(to page: inout Page, _ counts: MaxoutFindings) {
    let (fit2, fit8) = (MaxoutFit(pieces: 2), MaxoutFit(pieces: 8))
    page.prose(
      """
      ## Maxout

      Why choose a bend at all? A **maxout** unit takes the largest of $k$ sums, each with weights of its own:

      $$y = \\max_i\\,(w_i \\cdot x + b_i)$$

      ReLU and leaky ReLU are special cases with $k = 2$, and with more pieces any curve that bends upwards can be followed. \
      The gradient goes to the sum that won, and to no other. The price: a dense layer of 100 to 100 has \(grouped(counts.dense)) \
      parameters, maxout with two pieces \(grouped(counts.maxout)).
      """)
    page.figure(
      Figure(
        "Two pieces follow x² to within \(short(fit2.error)), eight to within \(short(fit8.error)): four times the pieces, \(fixed(fit2.error / fit8.error, 0)) times the precision",
        exploring: FigureParameter("pieces", values: [1, 2, 3, 4, 6, 8], initial: 1),
        caption: "One maxout unit whose pieces are tangents of $x^2$.",
        name: "maxout"
      ) { pieces in
        let fit = MaxoutFit(pieces: Int(pieces))
        return .lines(
          LineChart(
            x: Axis("x"), y: Axis("y", range: -1...1),
            [
              Series("x²", x: fit.x, y: fit.x.map { $0 * $0 }, style: .line, color: 2),
              Series("maxout", x: fit.x, y: fit.y, style: .line, isEmphasized: true, color: 0),
            ]))
      })
  }

  /// tanh against ReLU.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let (race, ratio) = (findings.race, findings.race.ratio)
    page.prose(
      """
      ## Six times faster?

      S2 says that a ReLU net *converges* about 6 times faster than one with tanh; S4 says that ReLU is 6 times cheaper to \
      *compute* than a sigmoid. The two have nothing to do with each other. The first goes back to a figure in the AlexNet \
      paper: a convolutional net of four layers on CIFAR-10, steps until a quarter of the training images is still wrong, the learning \
      rate chosen for each activation. Both can be measured.
      """)
    page.predict(
      "A small conv net on digits, the learning rate tuned for each activation. To come down to a loss of 0.5, tanh needs how many times the steps of ReLU?",
      choices: ["0.2", "0.8", "2", "6"], answer: ratio.mean,
      race.converged
        ? "tanh \(Summary(race[.tanh].steps).formatted(decimals: 0)) steps, ReLU \(Summary(race[.relu].steps).formatted(decimals: 0))."
        : "Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
    page.figure(
      Figure(
        ratio.mean > 3
          ? "Tuned, ReLU is \(fixed(ratio.mean, 1)) times as fast as tanh"
          : ratio.mean > 1.3
            ? "Tuned, ReLU is ahead of tanh by a factor of \(fixed(ratio.mean, 1)), not 6"
            : "Tuned, tanh needs \(fixed(ratio.mean, 1)) times the steps of ReLU: here there is nothing to gain",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training loss", log: true),
            race.racers.map { racer in
              let losses = racer.typicalLosses
              return Series(
                racer.bend.name, x: losses.indices.map { Double($0 + 1) }, y: losses, style: .line,
                isEmphasized: racer.bend == .relu, color: racer.bend.color)
            }, references: [.init(.horizontal, at: target, "target")])),
        caption: """
          Two convolutions (8 and 16 maps, 5×5), max pooling, one dense layer; batches of 32 (\(findings.data)); loss smoothed over ten steps; median of \
          \(findings.seedWords). Rates tuned on \(race.trials == 1 ? "another seed" : "\(race.trials) other seeds").
          """,
        name: "race"))
    page.table(
      Table(
        "Steps to a smoothed loss of \(target), each with its best rate",
        columns: [
          "activation", .init("best rate", digits: 2), .init("steps", digits: 0), "α learned in layer 1, layer 2",
        ],
        rows: zip(race.racers + race.small, race.racers.map(\.bend.name) + ["tanh, σ = 0.01", "ReLU, σ = 0.01"]).map {
          racer, name in
          let steps = Summary(racer.steps)
          let alphas = (0..<2).map { layer in
            Summary(racer.slopes.compactMap { $0.count > layer ? $0[layer] : nil })
          }
          return [
            TableCell(name), TableCell(racer.rate),
            racer.arrives
              ? .measured(steps)
              : TableCell(
                racer.arrivals == 0
                  ? "more than \(grouped(race.limit))"
                  : "\(racer.arrivals) of \(racer.reached.count) arrive within \(grouped(race.limit))"),
            TableCell(
              racer.bend == .prelu ? "\(alphas[0].formatted(decimals: 2)), \(alphas[1].formatted(decimals: 2))" : ""),
          ]
        }))
  }

  /// The same from the paper's start.
  static func addSmallWeights(to page: inout Page, _ race: RaceFindings) {
    let ratio = race.smallRatio
    let smallFinding =
      !race.isSmallTold
      ? "Neither comes down that far within \(race.limit) steps: this run is too short to tell."
      : ratio.mean < 3
        ? "Then tanh takes \(race.small[1].arrives ? "" : "at most ")\(ratio.formatted(decimals: 1)) times the steps of ReLU, seed by seed: small weights shrink the signal, ReLU halves it once more in each layer, and tanh lets small numbers through as they are. So the size of the weights does not explain the 6 either; the biases of 1 with which AlexNet starts some of its layers, depth and harder pictures are left."
        : "Then tanh takes \(ratio.formatted(decimals: 1)) times the steps of ReLU, seed by seed: the start makes the difference."
    page.prose(
      """
      Perhaps the weights are too good here? The last two rows start with AlexNet's, all from $N(0, 0.01^2)$. \
      \(smallFinding)
      """)
  }

  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    page.table(
      Table(
        "Measured times, different in every run: nanoseconds for one element on one thread",
        columns: [
          "activation", .init("forward", digits: 2), .init("backward", digits: 2), .init("both, over ReLU", digits: 1),
        ],
        rows: Bend.allCases.map {
          let cost = costs.elements[$0.rawValue]
          return [
            TableCell($0.name), TableCell(cost.forward), TableCell(cost.backward), TableCell(costs.ratios[$0.rawValue]),
          ]
        }))
    page.prose(
      """
      An exponential costs, even computed eight at a time as here. But how much of a training step is it? One step of the \
      net above took at best \(fixed(costs.steps[0], 2)) ms with ReLU and \(fixed(costs.steps[1], 2)) ms with tanh (times): element by element \
      tanh costs \(fixed(costs.ratios[Bend.tanh.rawValue], 0)) times as much, step by step \(fixed(costs.steps[1] / costs.steps[0], 1)) times. \
      The rest of a step is the convolutions, which do not care what stands between them.
      """)
  }
}
