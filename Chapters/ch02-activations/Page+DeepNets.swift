// The page of chapter 2: eight layers deep, and which of a sigmoid's faults it is.

import Foundation
import Workbook

extension Activations {
  /// Eight hidden layers.
  ///
  /// - Parameter today: those of the run just made, where others are shown.
  static func addDeepNets(to page: inout Page, _ findings: Findings, today: DeepFindings?) {
    let (deep, kinds) = (findings.deepNets, DeepNet.kinds)
    let (sigmoid, relu) = (deep.nets[DeepNet.sigmoid].losses, deep.nets[DeepNet.relu].losses)
    let large = (factor: short(Double(kinds[DeepNet.large].factor)), losses: deep.nets[DeepNet.large].losses)
    let suited = (factor: findings.suited.factor, losses: findings.suited.net.losses)
    let guessing = log(10.0)
    let between = (relu.mean + guessing) / 2
    page.prose(
      """
      ## Eight layers deep

      The net of the race has two layers with activations. What happens with \(DeepNet.depth), where the sigmoid's ¼ is multiplied \
      \(DeepNet.depth) times? The nets of this section have \(DeepNet.depth) dense layers of \(DeepNet.width) units. Each kind is trained \
      \(findings.race.trials > 1
        ? "at the best of \(DeepNet.rates.count) rates from \(short(Double(DeepNet.rates[0]))) to \(short(Double(DeepNet.rates[DeepNet.rates.count - 1]))), each twice the one before. The rate is chosen on other seeds."
        : "at one rate in this quick run.")
      """)
    page.predict(
      "What is the loss of the sigmoid net with the reference weights after \(grouped(deep.steps)) steps at its best rate?",
      choices: ["\(fixed(relu.mean, 1)), like ReLU", "\(fixed(between, 1))", "\(fixed(guessing, 1)), nothing learned"],
      answer: sigmoid.mean > 2 ? 2 : 2 * sigmoid.mean > relu.mean + between ? 1 : 0,
      sigmoid.mean > 2
        ? "\(fixed(sigmoid.mean, 2)), the loss of a net that guesses. None of the rates helps. With the reference weights \(DeepNet.depth) layers of sigmoids leave \(short(findings.depth.typical(1, 0)[DeepNet.depth - 1])) of the gradient."
        : "\(sigmoid.formatted(decimals: 2)).")
    page.project("Eight sigmoids deep: what does it learn?")
    // In the figure stand the weights that suit sigmoids best, where they were trained.
    let matched = findings.matchedSigmoid.flatMap { $0.losses.count == relu.count ? $0 : nil }
    let lossTitle =
      sigmoid.mean > 2
      ? "With the reference weights eight layers of sigmoids learn nothing; with \(suited.factor) times these they end at a loss of \(fixed(suited.losses.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
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
          (\(findings.data)); mean and standard deviation of \(findings.seedWords). A net that guesses has a loss of ln 10 = 2.3. Rates: \
          \(shown.map { name, net in "\(name): \(short(Double(net.rate)))\(findings.race.trials > 1 && net.isAtEnd ? " (an end of the range)" : "")" }.joined(separator: "; ")).\
          \(matched == nil ? "" : " \(suited.factor) times the reference weights suit sigmoids best, of the sizes tried (next section). The first layer, whose inputs are pixels, keeps its reference weights.")\
          \(today.map { " The run just made, after \(grouped($0.steps)) steps: sigmoid \(fixed($0.nets[DeepNet.sigmoid].losses.mean, 2)), ReLU \(fixed($0.nets[DeepNet.relu].losses.mean, 2))." } ?? "")
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
        ? "Eight sigmoids learn only with much larger weights" : "Eight layers deep the sigmoid falls behind")
    let overTanh = findings.sigmoidErrors(over: DeepNet.tanh)
    page.prose(
      """
      \(findings.sigmoidVerdict) \(overTanh.direction() == .above
        ? "tanh makes fewer test errors than these sigmoids, by \(fixed(overTanh.mean, 1)) points (95 %: \(overTanh.interval(1)))."
        : "")
      """)
    if lagsWithGradient(deep), let kept = deep.nets[DeepNet.large].kept, let ofTanh = deep.nets[DeepNet.tanh].kept {
      page.prose(
        """
        Is it the gradient alone that matters? A sigmoid net with \(large.factor) times the reference weights in *all* layers leaves \(short(kept)) \
        of the gradient at the start, a tanh net with the reference weights only \(short(ofTanh)). Still the sigmoid net ends higher, at \
        \(fixed(large.losses.mean, 2)) against \(fixed(deep.nets[DeepNet.tanh].losses.mean, 2)). So something else does harm as well.
        """)
    }
    if let faults = deep.faults { addFaults(to: &page, faults, findings) }
  }

  /// What a frame of test errors shows.
  private static func errorTitle(_ deep: DeepFindings, _ suited: DeepNet, _ factor: String) -> String {
    func said(_ net: DeepNet) -> String { "\(fixed(net.errors.mean, 0)) %" }
    return
      "Test error: sigmoids with the reference weights \(said(deep.nets[DeepNet.sigmoid])), with \(factor) times these \(said(suited)), ReLU \(said(deep.nets[DeepNet.relu]))"
  }

  /// The slope and the mean of a sigmoid, told apart: by the weights that suit each, and without a record by mending one.
  private static func addFaults(to page: inout Page, _ faults: DeepFindings.Faults, _ findings: Findings) {
    page.prose(
      """
      ### The slope or the mean?

      A sigmoid differs from tanh in two things. Its slope at 0 is ¼ instead of 1, and its outputs have a mean of about ½ instead of 0. \
      Which of the two does the harm? Compare three functions:

      - $\\sigma(x)$: slope ¼, mean ½.
      - $\\sigma(x) - \\frac{1}{2}$: slope ¼, mean 0.
      - $4\\sigma(x) - 2$, which is $2\\tanh(x/2)$: slope 1, mean 0.
      """)
    if let sizes = findings.sizes {
      addSizes(
        to: &page, sizes, relu: findings.deepNets.nets[DeepNet.relu].losses.mean, valleys: findings.valleys ?? [])
    } else {
      addBars(to: &page, faults, findings)
    }
  }

  /// Each with weights of several sizes.
  private static func addSizes(to page: inout Page, _ sizes: SizeFindings, relu lowest: Double, valleys: [Valley]) {
    page.prose(
      """
      A comparison at one size of the weights would be unfair, because a small slope *is* the same thing as small weights. The outputs \
      are multiplied by the next layer's weights $W$, and

      $$4W\\,(\\sigma(z) - \\frac{1}{2}) = W\\,(4\\sigma(z) - 2)$$

      So the second function with weights $4W$ computes the same sums as the third with $W$. Each function is therefore trained \
      with weights of several sizes, and judged at the size that suits it best. (The first layer keeps its reference weights, because its inputs \
      are pixels.)
      """)
    let ticks = [0.25, 0.5, 1, 2, 4, 8, 16]
    page.figure(
      Figure(
        sizes.title,
        .lines(
          LineChart(
            x: Axis(
              "weights after the first layer, times the reference", log: true, range: 0.22...18,
              ticks: ticks.map { ($0, short($0)) }),
            y: Axis("training loss", log: true, range: 0.15...3),
            [SizedSigmoid.plain, .centred, .both].map { sigmoid in
              let losses = sizes.losses(sigmoid)
              return Series(
                "\(sigmoid.name): \(sigmoid.slope == 1 ? "1" : "¼"), \(sigmoid == .plain ? "½" : "0")",
                x: SizedSigmoid.products.map { Double($0 / sigmoid.slope) },
                y: losses.map(\.mean), deviation: losses.map(\.deviation), isEmphasized: sigmoid == .centred,
                color: [1, 5, 0, 3][sigmoid.rawValue])
            },
            references: [.init(.horizontal, at: log(10), "guessing"), .init(.horizontal, at: lowest, "ReLU")])),
        caption: """
          After each name stand its slope and its mean. The nets of the figure before, after \(grouped(sizes.steps)) steps; mean and standard \
          deviation of \(counted(sizes.least(.plain).count, "seed")). Each point has the best \
          of \(SizedSigmoid.rates.count) rates from \(short(Double(SizedSigmoid.rates[0]))) to \
          \(short(Double(SizedSigmoid.rates[SizedSigmoid.rates.count - 1]))), chosen on other seeds.
          """,
        name: "faults"))
    page.project(sizes.slide)
    page.prose(sizes.words(relu: lowest, valleys: valleys))
    page.fold("Why is the line of σ(x) − ½ not that of 4σ(x) − 2, moved by a factor of 4?") {
      $0.prose(SizeFindings.movedLine)
    }
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
