// The page of chapter 2: eight layers deep, and which of a sigmoid's faults it is.

import Foundation
import Workbook

extension Activations {
  /// Eight hidden layers.
  static func addDeepNets(to page: inout Page, _ findings: Findings) {
    let (deep, kinds) = (findings.deepNets, DeepNet.kinds)
    let (sigmoid, relu) = (deep.nets[DeepNet.sigmoid].losses, deep.nets[DeepNet.relu].losses)
    let suited = (factor: findings.suited.factor, losses: findings.suited.net.losses)
    let guessing = log(10.0)
    let between = (relu.mean + guessing) / 2
    page.prose(
      """
      ## Eight layers deep

      In the deep net the sigmoid's ¼ is multiplied \(DeepNet.depth) times.\
      \(findings.race.trials > 1 ? "" : " Each kind has one rate in this quick run.")
      """)
    page.predict(
      "What is the loss of the sigmoid net with gain 1 after \(grouped(deep.steps)) steps at its best rate?",
      choices: ["\(fixed(relu.mean, 1)), like ReLU", "\(fixed(between, 1))", "\(fixed(guessing, 1)), nothing learned"],
      answer: sigmoid.mean > 2 ? 2 : 2 * sigmoid.mean > relu.mean + between ? 1 : 0,
      sigmoid.mean > 2
        ? "That is ln 10, the loss of a net that guesses: \(DeepNet.depth) layers of sigmoids leave only \(short(findings.depth.typical(1, 0)[DeepNet.depth - 1])) of the gradient."
        : "\(sigmoid.formatted(decimals: 2)).")
    page.project("Eight sigmoids deep: what does it learn?")
    // In the figure stand the weights that suit sigmoids best, where they were trained.
    let matched = findings.matchedSigmoid.flatMap { $0.losses.count == relu.count ? $0 : nil }
    let lossTitle =
      sigmoid.mean > 2
      ? "Eight layers of sigmoids learn nothing with gain 1; with gain \(suited.factor) they end at a loss of \(fixed(suited.losses.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
      : "Eight layers deep the sigmoid ends at a loss of \(fixed(sigmoid.mean, 2)), ReLU at \(fixed(relu.mean, 2))"
    let shown = kinds.indices.map { place in
      place == DeepNet.large
        ? matched.map { ("sigmoid, gain \(suited.factor)", $0) } ?? (kinds[place].name, deep.nets[place])
        : (place == DeepNet.sigmoid ? "sigmoid, gain 1" : kinds[place].name, deep.nets[place])
    }
    let values = shown.map(\.1.losses)
    let top = values.map { $0.mean + $0.deviation }.filter(\.isFinite).max() ?? 1
    page.figure(
      Figure(
        lossTitle,
        .bars(
          BarChart(
            categories: shown.map(\.0), y: Axis("training loss", range: 0...max(1.1 * top, 0.1)),
            [
              .init(
                "loss", values.map(\.mean), deviation: findings.seeds.count > 1 ? values.map(\.deviation) : [],
                color: 0)
            ])),
        caption: """
          The deep net after \(grouped(deep.steps)) steps of plain gradient descent; mean and standard deviation of \
          \(findings.seedWords) \
          (\(findings.data)).\
          \(matched == nil ? "" : " The sigmoids' first layer keeps gain 1.")
          """,
        name: "deep-nets"))
    page.project(
      sigmoid.mean > 2
        ? "Eight sigmoids learn only with a much larger gain" : "Eight layers deep the sigmoid falls behind")
    page.prose(findings.sigmoidVerdict)
    if let sizes = findings.sizes { addSizes(to: &page, sizes, findings) }
    page.fold("How the deep nets were measured") {
      $0.code("deepNet", in: "DeepNets.swift")
      $0.prose(rateWords(deep.long, trials: findings.race.trials))
    }
  }

  /// The rates that were tried.
  private static func rateWords(_ long: LongNet?, trials: Int) -> String {
    let rates = DeepNet.rates
    func list(_ rates: [Float]) -> String { listed(rates.map { short(Double($0)) }) }
    return """
      \(trials > 1 ? "The best of \(rates.count) rates from \(short(Double(rates[0]))) to \(short(Double(rates[rates.count - 1]))), each twice the one before, chosen on other seeds by the training loss. " : "")\
      \(long.map { "Ten passes (\(grouped($0.steps)) steps) through the data: rates of \(list($0.rates)), \(counted($0.net.losses.count, "seed"))." } ?? "")
      """
  }

  /// The slope and the mean of a sigmoid, told apart: each with weights of several sizes.
  private static func addSizes(to page: inout Page, _ sizes: SizeFindings, _ findings: Findings) {
    let deep = findings.deepNets
    let lowest = deep.nets[DeepNet.relu].losses.mean
    page.prose(
      """
      ### The slope or the mean?

      \(sizes.answer)

      Four functions show it, each trained with several gains and judged at the one that suits it best, because at the \
      start a small slope is the same thing as a small gain.

      - $\\sigma(x)$: slope ¼, mean ½.
      - $\\sigma(x)$, sums begin centred: its first biases take away what the mean adds.
      - $\\sigma(x) - \\frac{1}{2}$: slope ¼, mean 0.
      - $4\\sigma(x) - 2$, which is $2\\tanh(x/2)$: slope 1, mean 0.
      """)
    let ticks = [0.25, 0.5, 1, 2, 4, 8, 16]
    page.figure(
      Figure(
        sizes.title,
        .lines(
          LineChart(
            x: Axis(
              "gain of the layers after the first", log: true, range: 0.22...18,
              ticks: ticks.map { ($0, short($0)) }),
            y: Axis("training loss", log: true, range: 0.15...3),
            SizedSigmoid.allCases.map { sigmoid in
              let losses = sizes.losses(sigmoid)
              return Series(
                sigmoid.name, x: SizedSigmoid.products.map { Double($0 / sigmoid.slope) },
                y: losses.map(\.mean), deviation: losses.map(\.deviation), isEmphasized: sigmoid == .centred,
                color: [1, 5, 0, 3][sigmoid.rawValue])
            },
            references: [.init(.horizontal, at: log(10), "guessing"), .init(.horizontal, at: lowest, "ReLU")])),
        caption: """
          The deep net after \(grouped(sizes.steps)) steps of plain gradient descent, each point at its best rate; mean and standard deviation of \(counted(sizes.least(.plain).count, "seed")).
          """,
        name: "faults"))
    page.project(sizes.slide)
    page.prose(sizes.words)
  }
}
