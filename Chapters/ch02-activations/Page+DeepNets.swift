// The page of chapter 2: eight layers deep, and which of a sigmoid's faults it is.

import Foundation
import Workbook

extension Activations {
  /// Eight hidden layers.
  ///
  /// - Parameter lowest: where ReLU ends in the run that the sizes are of.
  static func addDeepNets(
    to page: inout Page, _ findings: Findings, _ sizes: SizeFindings?, relu lowest: Double?
  ) {
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
    // In the figure stand the weights that suit sigmoids best, where they were trained.
    let matched = findings.matchedSigmoid.flatMap { $0.losses.count == relu.count ? $0 : nil }
    let suited = matched.map { (factor: short(Double(SizedSigmoid.matchedFactor)), losses: $0.losses) } ?? large
    let lossTitle =
      sigmoid.mean > 2
      ? "With the usual weights eight sigmoids learn nothing in \(grouped(deep.steps)) steps; with \(suited.factor) times these they end at a loss of \(fixed(suited.losses.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
      : "Eight layers deep the sigmoid ends at a loss of \(fixed(sigmoid.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
    let shown = kinds.indices.map { place in
      place == DeepNet.large
        ? matched.map { ("sigmoid, weights × \(suited.factor)", $0) } ?? (kinds[place].name, deep.nets[place])
        : (kinds[place].name, deep.nets[place])
    }
    page.figure(
      Figure(
        lossTitle, exploring: FigureParameter("measure", names: ["training loss", "test error"]),
        caption: """
          \(DeepNet.depth) hidden layers of \(DeepNet.width) units after \(grouped(deep.steps)) steps, batches of 32 \
          (\(findings.data)), \(findings.seedWords). A net that guesses has a loss of ln 10 = 2.3. Rates: \
          \(shown.map { name, net in "\(name): \(short(Double(net.rate)))\(findings.race.trials > 1 && net.isAtEnd ? " (an end of the range)" : "")" }.joined(separator: "; ")).\
          \(matched == nil ? "" : " Of the sizes tried \(suited.factor) times the usual weights suit sigmoids best, as is shown below; the first layer, whose inputs are pixels, keeps its own.")
          """,
        name: "deep-nets",
        titles: { measure in measure == 0 ? lossTitle : errorTitle(deep, shown[DeepNet.large].1, suited.factor) }
      ) { measure in
        let values = shown.map { measure == 0 ? $0.1.losses : $0.1.errors }
        // A loss and per cent share no scale.
        let top = values.map { $0.mean + $0.deviation }.filter(\.isFinite).max() ?? 1
        return .bars(
          BarChart(
            categories: shown.map(\.0),
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
        The gradient is not all of it. With \(large.factor) times the usual weights in all layers, the first too, \(DeepNet.depth) layers of \
        sigmoids leave \(short(kept)) of it at the start, tanh with the usual ones \(short(ofTanh)). It arrives, and still \
        the sigmoid ends at \(fixed(large.losses.mean, 2)), tanh at \(fixed(deep.nets[DeepNet.tanh].losses.mean, 2)), both after \
        \(grouped(deep.steps)) steps. But such weights saturate the units as well, from the first layer on.
        """)
    }
    if let faults = deep.faults { addFaults(to: &page, faults, findings, sizes, lowest) }
  }

  /// What a frame of test errors shows.
  private static func errorTitle(_ deep: DeepFindings, _ suited: DeepNet, _ factor: String) -> String {
    func said(_ net: DeepNet) -> String { "\(fixed(net.errors.mean, 0)) %" }
    return
      "Test error: sigmoids with the usual weights \(said(deep.nets[DeepNet.sigmoid])), with \(factor) times these \(said(suited)), ReLU \(said(deep.nets[DeepNet.relu]))"
  }

  /// The slope and the mean of a sigmoid, told apart: by the weights that suit each, and without a record by mending one.
  private static func addFaults(
    to page: inout Page, _ faults: DeepFindings.Faults, _ findings: Findings, _ sizes: SizeFindings?, _ lowest: Double?
  ) {
    page.prose(
      """
      ### The slope or the mean?

      A sigmoid differs from tanh in two things: its slope at 0 is ¼ instead of 1, and its outputs have a mean of about ½ instead \
      of 0. Mend one at a time: $\\sigma(x) - \\frac{1}{2}$ has the mean of tanh and not its slope, $\\sigma(4x)$ its slope and not its \
      mean, $4\\sigma(x) - 2$ both. (The last is $2\\tanh(x/2)$.)
      """)
    if let sizes {
      addSizes(to: &page, sizes, faults, findings, lowest)
    } else {
      addBars(to: &page, faults, findings)
    }
  }

  /// Each with weights of several sizes.
  private static func addSizes(
    to page: inout Page, _ sizes: SizeFindings, _ faults: DeepFindings.Faults, _ findings: Findings, _ lowest: Double?
  ) {
    page.prose(
      """
      But slope and weights are not two things. Layer for layer, $4\\sigma(x) - 2$ with weights $W$ computes what \
      $\\sigma(x) - \\frac{1}{2}$ computes with $4W$: outputs a quarter as large, weights four times as large. A small slope *is* small \
      weights. So a comparison at one size of weights blames the slope for what their size does; each must have the size that suits it. \
      (The first layer's weights stay: its inputs are pixels.)
      """)
    let products = SizedSigmoid.products.map(Double.init)
    page.figure(
      Figure(
        sizes.title,
        .lines(
          LineChart(
            x: Axis(
              "slope × weights, in units of the usual weights", log: true,
              ticks: products.map { ($0, short($0)) }),
            y: Axis("training loss", log: true, range: 0.15...3),
            SizedSigmoid.allCases.map { sigmoid in
              let losses = sizes.losses(sigmoid)
              return Series(
                "\(sigmoid.name)\(sigmoid == .started ? "" : ", slope \(sigmoid.slope == 1 ? "1" : "¼")")", x: products,
                y: losses.map(\.mean), deviation: losses.map(\.deviation), isEmphasized: sigmoid == .centred,
                color: [1, 5, 0, 3][sigmoid.rawValue])
            },
            references: [.init(.horizontal, at: log(10), "guessing")]
              + (lowest.map { [.init(.horizontal, at: $0, "ReLU")] } ?? []))),
        caption: """
          The recorded run: the deep nets above, \(grouped(sizes.steps)) steps, \(counted(sizes.least(.plain).count, "seed")), each point at the best \
          of \(SizedSigmoid.rates.count) rates from \(short(Double(SizedSigmoid.rates[0]))) to \
          \(short(Double(SizedSigmoid.rates[SizedSigmoid.rates.count - 1]))), chosen with other seeds. Two nets at one place of this axis, both \
          centred, are the same net at the start. This run, at the usual weights: σ(x) \(fixed(faults.plain.mean, 2)), σ(x) − ½ \
          \(fixed(faults.centred.mean, 2)), σ(4x) \(fixed(faults.steep.mean, 2)), 4σ(x) − 2 \(fixed(faults.both.mean, 2))\
          \(findings.deepNets.matched.map { "; with \(short(Double(SizedSigmoid.matchedFactor))) times these σ(x) \(fixed($0.losses.mean, 2))" } ?? "").
          """,
        name: "faults"))
    page.project(sizes.slide)
    page.prose(sizes.words(relu: lowest))
  }

  /// Each mended alone, at the usual weights.
  private static func addBars(to page: inout Page, _ faults: DeepFindings.Faults, _ findings: Findings) {
    let deep = findings.deepNets
    let tanh = deep.nets[DeepNet.tanh].losses
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
}
