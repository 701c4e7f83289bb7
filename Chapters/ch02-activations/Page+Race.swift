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
    let (x, sums) = ([-3.0, -1, 0.5, 3], [(-0.8, -1.0), (0.1, -0.1), (1.2, -0.65)])
    page.figure(
      Figure(
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
            ])), caption: "A maxout unit with one input and three sums.", name: "maxout"))
  }

  /// tanh against ReLU, and the others.
  static func addRace(to page: inout Page, _ findings: Findings) {
    let (race, ratio) = (findings.race, findings.race.ratio)
    let isAhead = ratio.mean - ratio.uncertainty > 1
    let gain = ratio.worded(
      from: 1, above: "this small net gains from ReLU", below: "no gain from ReLU",
      withinChance: "no gain from ReLU")
    page.prose(
      """
      ## Six times faster?

      The lecture notes S2 say that a ReLU net *converges* about 6 times faster than one with tanh; the blog S4 says that ReLU is 6 times cheaper to \
      *compute* than a sigmoid. The two have nothing to do with each other. The first goes back to a figure in the paper on \
      AlexNet, the net that won the ImageNet contest of 2012. It counts the steps until only a quarter of the training images are \
      misclassified, for a convolutional net of four layers on CIFAR-10, small colour photographs of ten classes, with the \
      learning rate chosen for each activation. (A convolution slides small groups of weights over the image, a pooling \
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
          a seed diverges are out, and so is the rate just below one of these. Of the others that one is chosen whose slowest seed is \
          fastest.\(marginWords(race))
          """)
      }
    }
    page.code("convNet", in: "Race.swift")
    page.predict(
      "A small conv net on digits, each rate tuned. To a loss of \(target) tanh needs how many times the steps of ReLU?",
      unit: "times", within: 0.3, answer: ratio.mean,
      race.converged
        ? "That is the mean of the ratios of \(counted(ratio.count, "seed")): tanh \(race[.tanh].steps.formatted(decimals: 0)) steps, ReLU \(race[.relu].steps.formatted(decimals: 0))."
        : "Not all runs came down that far within \(race.limit) steps, so this is only a bound.")
    page.project("Conv net on digits: is ReLU six times faster?")
    page.figure(
      Figure(
        isAhead
          ? "Tuned, ReLU is \(fixed(ratio.mean, 2)) times as fast as tanh, not 6"
          : "Tuned, tanh needs \(fixed(ratio.mean, 2)) times the steps of ReLU to a loss of \(target): \(gain)",
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
    let isSlower = ratio.direction(from: 6) == .below
    page.project(
      isAhead
        ? isSlower
          ? "Tuned, ReLU is ahead, but not 6 times" : "Tuned, ReLU is ahead, \(fixed(ratio.mean, 1)) times"
        : isSlower
          ? "Tuned, ReLU is not six times as fast in this small net" : "Six times as fast? This run cannot tell")
    addLines(to: &page, race)
  }

  /// Where the race ends decides who is ahead.
  private static func addLines(to page: inout Page, _ race: RaceFindings) {
    guard race.crossings.count > 1 else { return }
    page.table(
      Table(
        "Other finish lines: the first step at which the median curve is at a loss or below. (At \(target) the mean of the seeds’ ratios is \(fixed(race.ratio.mean, 2)).)",
        columns: ["loss", "tanh", "ReLU", .init("tanh ÷ ReLU", digits: 2)],
        rows: race.crossings.map {
          [TableCell($0.loss), TableCell($0.tanh), TableCell($0.relu), TableCell(Double($0.tanh) / Double($0.relu))]
        }))
    page.prose(
      "These are short races of a small net on digits. They speak against a factor of six here; what ReLU is worth on photographs they cannot say."
    )
  }

  /// What the margin of safety does to the ratio; empty where the trials were not kept.
  private static func marginWords(_ race: RaceFindings) -> String {
    guard let tanh = race[.tanh].boldest, let relu = race[.relu].boldest else { return "" }
    return " Without that margin the fastest rates of the trials are \(short(Double(tanh.rate))) for tanh and "
      + "\(short(Double(relu.rate))) for ReLU, and their slowest seeds need \(fixed(tanh.steps, 0)) and \(fixed(relu.steps, 0)) steps: "
      + "a ratio of \(fixed(tanh.steps / relu.steps, 2))."
  }

  /// Eight hidden layers.
  static func addDeepNets(to page: inout Page, _ findings: Findings) {
    let (deep, kinds) = (findings.deepNets, DeepNet.kinds)
    let (sigmoid, relu) = (deep.nets[DeepNet.sigmoid].losses, deep.nets[DeepNet.relu].losses)
    let large = (factor: short(Double(kinds[DeepNet.large].factor)), losses: deep.nets[DeepNet.large].losses)
    let guessing = log(10.0)
    let between = (relu.mean + guessing) / 2
    page.prose(
      """
      ## Eight layers deep

      The race has two hidden layers. What if there are \(DeepNet.depth), where the sigmoid's quarter is taken \(DeepNet.depth) \
      times over? Dense layers of \(DeepNet.width) units, each kind \
      \(findings.race.trials > 1
        ? "at the best of \(DeepNet.rates.count) rates from \(short(Double(DeepNet.rates[0]))) to \(short(Double(DeepNet.rates[DeepNet.rates.count - 1]))), a factor of 2 apart, chosen with other seeds by the loss."
        : "at one rate in this quick run.")
      """)
    page.predict(
      "After \(deep.steps) steps at the best rate, what is the loss of the sigmoid net with the usual weights?",
      choices: ["\(fixed(relu.mean, 1)), like ReLU", "\(fixed(between, 1))", "\(fixed(guessing, 1)), nothing learned"],
      answer: sigmoid.mean > 2 ? 2 : 2 * sigmoid.mean > relu.mean + between ? 1 : 0,
      sigmoid.mean > 2
        ? "\(fixed(sigmoid.mean, 2)). None of the rates tried helps in \(grouped(deep.steps)) steps. At the usual weights \(DeepNet.depth) layers of sigmoids leave \(short(findings.depth.typical(1, 0)[DeepNet.depth - 1])) of a gradient."
        : "\(sigmoid.formatted(decimals: 2)).")
    page.project("Eight sigmoids deep: what does it learn?")
    let lossTitle =
      sigmoid.mean > 2
      ? "With the usual weights eight sigmoids learn nothing in \(grouped(deep.steps)) steps; with \(large.factor) times these they end at a loss of \(fixed(large.losses.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
      : "Eight layers deep the sigmoid ends at a loss of \(fixed(sigmoid.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
    page.figure(
      Figure(
        lossTitle, exploring: FigureParameter("measure", names: ["training loss", "test error"]),
        caption: """
          \(DeepNet.depth) hidden layers of \(DeepNet.width) units after \(grouped(deep.steps)) steps, batches of 32 \
          (\(findings.data)), \(findings.seedWords). A net that guesses has a loss of ln 10 = 2.3. Rates: \
          \(kinds.indices.map { "\(kinds[$0].name): \(short(Double(deep.nets[$0].rate)))\(findings.race.trials > 1 && deep.nets[$0].isAtEnd ? " (an end of the range)" : "")" }.joined(separator: "; ")).
          """,
        name: "deep-nets",
        titles: { measure in measure == 0 ? lossTitle : errorTitle(deep) }
      ) { measure in
        let values = deep.nets.map { measure == 0 ? $0.losses : $0.errors }
        // A loss and per cent share no scale.
        let top = values.map { $0.mean + $0.deviation }.filter(\.isFinite).max() ?? 1
        return .bars(
          BarChart(
            categories: kinds.map(\.name),
            y: Axis(measure == 0 ? "training loss" : "test error (%)", range: 0...max(1.1 * top, 0.1)),
            [
              .init(
                measure == 0 ? "loss" : "error", values.map(\.mean),
                deviation: findings.seeds.count > 1 ? values.map(\.deviation) : [], color: 0)
            ]))
      })
    page.project(
      sigmoid.mean > 2
        ? "Eight sigmoids, usual weights: nothing is learned" : "Eight layers deep the sigmoid falls behind")
    if lagsWithGradient(deep), let kept = deep.nets[DeepNet.large].kept, let ofTanh = deep.nets[DeepNet.tanh].kept {
      page.prose(
        """
        The gradient is not all of it. At the start \(DeepNet.depth) layers of sigmoids with \(large.factor) times the usual weights leave \
        \(short(kept)) of it, tanh with the usual ones \(short(ofTanh)). It arrives, and still the sigmoid ends at \
        \(fixed(large.losses.mean, 2)), tanh at \(fixed(deep.nets[DeepNet.tanh].losses.mean, 2)). But such weights saturate the units as well.
        """)
    }
    if let faults = deep.faults { addFaults(to: &page, faults, findings) }
  }

  /// What a frame of test errors shows.
  private static func errorTitle(_ deep: DeepFindings) -> String {
    func said(_ place: Int) -> String { "\(fixed(deep.nets[place].errors.mean, 0)) %" }
    return
      "Test error: sigmoids with the usual weights \(said(DeepNet.sigmoid)), with \(short(Double(DeepNet.kinds[DeepNet.large].factor))) times these \(said(DeepNet.large)), ReLU \(said(DeepNet.relu))"
  }

  /// The slope and the mean of a sigmoid, each mended alone.
  private static func addFaults(to page: inout Page, _ faults: DeepFindings.Faults, _ findings: Findings) {
    let deep = findings.deepNets
    let tanh = deep.nets[DeepNet.tanh].losses
    page.prose(
      """
      ### The slope or the mean?

      A sigmoid differs from tanh in two things: its slope at 0 is ¼ instead of 1, and its outputs have a mean of about ½ instead \
      of 0. Mend one at a time, with the usual weights: $\\sigma(4x)$ has the slope of tanh and not its mean, \
      $\\sigma(x) - \\frac{1}{2}$ its mean and not its slope, $4\\sigma(x) - 2$ both. (The last is $2\\tanh(x/2)$.)
      """)
    page.figure(
      Figure(
        "\(faults.title): σ(4x) ends at a loss of \(fixed(faults.steep.mean, 2)), σ(x) − ½ at \(fixed(faults.centred.mean, 2)), 4σ(x) − 2 at \(fixed(faults.both.mean, 2))",
        .bars(
          BarChart(
            categories: ["slope ¼", "slope 1"], y: Axis("training loss", range: 0...2.6),
            [("mean ½", faults.plain, faults.steep, 1), ("mean 0", faults.centred, faults.both, 0)].map {
              name, quarter, one, color in
              .init(
                name, [quarter.mean, one.mean], deviation: quarter.count > 1 ? [quarter.deviation, one.deviation] : [],
                color: color)
            })),
        caption: """
          The deep nets above with σ(x), σ(4x), σ(x) − ½ and 4σ(x) − 2, each at the best of the same rates\
          \(rateWords(deep)); \(findings.seedWords). tanh ends at \(fixed(tanh.mean, 2)).
          """,
        name: "faults"))
    page.project("\(faults.title): the sigmoid’s fault")
    let left = [MendedSigmoid.steep, .both].compactMap { deep.kept($0) }
    page.prose(
      """
      \(faults.words)\
      \(left.count == 2 && faults.centringHelpsToo && 3 * left[0] < left[1]
        ? " The mean costs gradient, too: at the start \(DeepNet.depth) layers leave \(short(left[0])) of it with σ(4x), \(short(left[1])) with 4σ(x) − 2. Inputs with a mean shift the sums away from 0, where the slope is largest."
        : "") \
      \((faults.both - tanh).worded(
        above: "With both mended it is still behind tanh, by \(fixed((faults.both - tanh).mean, 2)).",
        below: "With both mended it is even ahead of tanh.",
        withinChance: "With both mended it learns as well as tanh."))
      """)
  }

  /// `: 0.4, 0.1 and 0.2`.
  private static func rateWords(_ deep: DeepFindings) -> String {
    guard let mended = deep.mended else { return "" }
    let rates = zip(MendedSigmoid.allCases, mended).map {
      "\($0.name): \(short(Double($1.rate)))\($1.isAtEnd ? " (an end)" : "")"
    }
    return " (\(rates.joined(separator: "; ")))"
  }

  /// What a function costs by itself, and in a step.
  static func addCosts(to page: inout Page, _ costs: CostFindings) {
    let more = costs.steps[1] / costs.steps[0] - 1
    page.prose(
      """
      ## What one evaluation costs

      An exponential costs, even computed eight at a time as here. A sigmoid is an exponential and a division. tanh could be made of a \
      sigmoid; the library computes it as a quotient of two polynomials, without an exponential, and so it is cheaper. On the way back \
      both need their output alone. ELU's exponential is computed anew on the way back, where y + α would do.
      """)
    let relu = costs.elements[Nonlinearity.relu.rawValue]
    page.table(
      Table(
        "Nanoseconds for one number, on one thread of this machine; the least of many rounds",
        columns: [
          "activation", .init("forward", digits: 2), .init("back", digits: 2), .init("both", digits: 2),
          .init("both, ÷ ReLU's", digits: 1),
        ],
        rows: Nonlinearity.allCases.map { function in
          let cost = costs.elements[function.rawValue]
          return [
            TableCell(function.name), TableCell(cost.forward), TableCell(cost.backward), TableCell(cost.both),
            TableCell(cost.both / relu.both),
          ]
        }))
    page.prose(
      """
      A whole training step of the convolutional net above \(more > 0.05
        ? "takes \(percent(more)) longer with tanh than with ReLU: far less than these factors, since the convolutions cost the same, but not nothing."
        : "takes about as long with tanh as with ReLU: the convolutions, which cost the same, are most of it.")
      """)
  }

  /// Which one to use.
  ///
  /// - Parameter full: the deep nets of a full run, this one or the recorded one.
  static func addAdvice(to page: inout Page, _ findings: Findings, full: DeepFindings?) {
    let (race, deep, costs) = (findings.race, findings.deepNets, findings.costs.ratios)
    page.prose(
      """
      ## Which one should I use?

      The lecture notes S2 advise: ReLU by default, with a careful rate; try leaky ReLU, ELU and maxout; expect little of tanh; do not \
      use the sigmoid. The measurements of this page in one table:
      """)
    page.table(
      Table(
        "\(counted(race.racers.count, "activation")), each at the rate that the trial seeds chose. Conv: the net of the race, steps to a loss of \(target), test error (%) after \(race.limit) steps; deep: the dense net of \(DeepNet.depth) hidden layers, loss and test error (%) after \(deep.steps) steps; time: forward and back, ÷ ReLU's",
        columns: [
          "activation", .init("conv: steps", digits: 0), .init("conv: error", digits: 1),
          .init("deep: loss", digits: 2),
          .init("deep: error", digits: 1), .init("time ÷ ReLU’s", digits: 1),
        ],
        rows: race.racers.map { racer in
          let index = racer.function.rawValue
          let net = DeepNet.kinds.firstIndex { $0.function == racer.function && $0.factor == 1 }
          return [
            TableCell(racer.function.name),
            racer.arrives
              ? .measured(racer.steps)
              : TableCell(
                racer.arrivals == 0
                  ? "> \(race.limit)" : "\(racer.arrivals) of \(racer.reached.count) reach it"),
            racer.errors.count > 0 ? .measured(racer.errors) : TableCell("–"),
            net.map { .measured(deep.nets[$0].losses) } ?? TableCell("–"),
            net.map { .measured(deep.nets[$0].errors) } ?? TableCell("–"),
            TableCell(costs[index]),
          ]
        }))
    let failing = race.racers.filter { $0.diverged > 0 }
    let behind = fallenBehind(race)
    page.project(
      race[.relu].reached.count < 3 ? "Which activation should I use?" : behind.replacing(".", with: ""))
    let price = fixed(findings.costs.ratios[Nonlinearity.tanh.rawValue], 1)
    let plain = (deep.nets[DeepNet.sigmoid].losses - deep.nets[DeepNet.relu].losses).direction() == .above
    page.prose(
      """
      \(([behind] + failing.map { "\($0.diverged) of \($0.function.name)'s \(counted($0.reached.count, "run")) diverged and \($0.diverged == 1 ? "is" : "are") left out of its error: the rate that its trial seeds chose is too near the edge." }).joined(separator: " ")) \
      \(rivals(deep)) \(rarerWords(full, isHere: findings.deepNets.rarer != nil))

      So why did ReLU win? \(plain ? "Against the sigmoid the evidence is plain: eight layers deep it learns \(lagsWithGradient(deep) ? "worse with weights of either size" : "nothing like ReLU with the usual weights")\(deep.faults?.makesTanh(deep) == true ? ", because of its slope and its mean" : ""). " : "")Against tanh this page has \
      \(isTanhAbove(deep) ? "its loss in \(DeepNet.depth) layers and its price" : "only its price"), \(price) times ReLU's for one evaluation \
      forward and back. The \(short(findings.depth.typical(1, 1)[depth - 1])) of a gradient that \(depth) layers leave is a matter of \
      the weights' size, and in 30 layers tanh ends no higher than ReLU (chapter 4). What made ReLU the standard, nets trained for \
      days on large images, is not repeated here. Begin with it because \(findings.costs.isReLUCheapest ? "none is cheaper and " : "")everyone's recipes \
      assume it, count the dead, and spend the time on the learning rate.
      """)
  }

  /// Who needs more steps than ReLU in the race, beyond chance.
  private static func fallenBehind(_ race: RaceFindings) -> String {
    guard race[.relu].reached.count >= 3 else { return "So few seeds cannot tell who falls behind in the race." }
    let slow = race.racers.filter {
      $0.function != .relu && (!$0.arrives || ($0.steps - race[.relu].steps).direction() == .above)
    }.map(\.function)
    if slow.contains(.sigmoid) { return "In the race the sigmoid falls behind." }
    let names = slow.map(\.name).joined(separator: " and ")
    return slow.isEmpty
      ? "In the race none clearly falls behind." : "In the race \(names) \(slow.count == 1 ? "falls" : "fall") behind."
  }

  /// The net that ends lower than ReLU's eight layers deep, if one does beyond chance, with the intervals.
  private static func rivals(_ deep: DeepFindings) -> String {
    let relu = deep.nets[DeepNet.relu]
    let lowest = DeepNet.rivals.min { deep.nets[$0].losses.mean < deep.nets[$1].losses.mean } ?? DeepNet.relu
    let (loss, error) = (relu.losses - deep.nets[lowest].losses, relu.errors - deep.nets[lowest].errors)
    guard loss.direction() == .above else {
      return "Eight layers deep none ends at a lower loss than ReLU beyond chance."
    }
    return
      "Eight layers deep \(DeepNet.kinds[lowest].name) ends below ReLU, by a loss of \(loss.withInterval(2)); "
      + "its test error is \(error.mean < 0 ? "higher" : "lower") by \(error.magnitude.withInterval(1)) points\(isClear(error, beyond: 0) ? "" : ", within chance")."
  }

  /// What came of the activations that full runs alone train, against ReLU.
  private static func rarerWords(_ full: DeepFindings?, isHere: Bool) -> String {
    guard let full, let rarer = full.rarer, rarer.count == RarerActivation.allCases.count else {
      return "PReLU, GELU and maxout were not trained."
    }
    let relu = full.nets[DeepNet.relu]
    let losses = zip(RarerActivation.allCases, rarer).map { kind, net in
      "\(fixed(net.losses.mean, 2)) with \(kind.name)\(kind == .maxout ? " of as many parameters" : "")"
    }
    let errors = zip(RarerActivation.allCases, rarer).map { kind, net in (kind.name, net.errors - relu.errors) }
    func said(_ direction: Summary.Direction, _ word: String) -> [String] {
      errors.filter { $1.direction(among: errors.count) == direction }.map { name, points in
        "\(name) makes \(fixed(points.magnitude.mean, 1)) points \(word) errors than ReLU"
      }
    }
    let found = (said(.below, "fewer") + said(.above, "more")).joined(separator: ", ")
    return """
      Three that are not in the table\(isHere ? "" : ", in the recorded full run"): after \(grouped(full.steps)) steps a loss of \
      \(losses.joined(separator: ", ")), of \(fixed(relu.losses.mean, 2)) with ReLU; on test digits \
      \(found.isEmpty ? "none differs from ReLU beyond chance" : found + ", beyond chance").
      """
  }
}
