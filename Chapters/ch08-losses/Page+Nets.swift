// The page of chapter 8: networks with five ways to end them.

import Foundation
import Workbook

extension Losses {
  /// All endings at one learning rate, and each at its own.
  static func addSameNet(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    let (same, sweep, own, level) = (nets.same, nets.sweep, nets.own, nets.level)
    page.prose(
      """
      ## The same network, five ways to end it

      Does what holds for one neuron hold for \(grouped(nets.weights)) weights and biases? A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20. Only its end is changed: sigmoid or softmax, squared error or \
      cross-entropy, and squared error with the wrong derivative. Behind ten sigmoids the cross-entropy is the binary one of \
      the single neuron, summed over the outputs; behind a softmax it is $-\\ln p_t$.
      """)
    page.code("layers", in: "Nets.swift")
    let slowest = same.indices.max { same[$0].finalError.mean < same[$1].finalError.mean } ?? 0
    page.predict(
      """
      All five learn at the sources' rate of \(nets.common). Which network has the most mistakes after \(nets.epochs) epochs?
      """,
      choices: Ending.allCases.map(\.name), answer: slowest,
      """
      Behind sigmoids, \(same[0].finalError.formatted(decimals: 1)) % of the test digits are wrong with squared error, \
      \(same[1].finalError.formatted(decimals: 1)) % with the wrong derivative and \
      \(same[2].finalError.formatted(decimals: 1)) % with cross-entropy; behind a softmax, \
      \(same[3].finalError.formatted(decimals: 1)) % with squared error and \
      \(same[4].finalError.formatted(decimals: 1)) % with cross-entropy.
      """)
    page.figure(
      Charts.curves(
        same,
        title: nets.isFaster(in: same)
          ? "At one learning rate, behind sigmoids, cross-entropy is at \(percent(level)) error after \(same[2].stepsText(to: level)) steps, squared error after \(same[0].stepsText(to: level))"
          : "At one learning rate, behind sigmoids, cross-entropy gets to \(percent(level)) error hardly sooner than squared error",
        caption:
          "Learning rate \(nets.common) for all, a look every \(Races.interval) steps; \(data), \(spread(findings.seeds)).",
        name: "same-rate"))
    let lead = same[0].finalError.mean - same[2].finalError.mean
    let keepsUp = lead > 0 && same[1].finalError.mean - same[2].finalError.mean < lead / 2
    page.prose(
      """
      The wrong derivative, \(same[1].finalError.formatted(decimals: 1)) % at the end, \
      \(keepsUp ? "runs with the cross-entropy of the same sigmoids, which its hidden loss is for the wanted class" : "does not run with the cross-entropy of the same sigmoids here, which its hidden loss is for the wanted class"). \
      But is a race at one learning rate fair? A loss with a smaller gradient can be given a larger rate. So each ending is trained at \
      \(sweep.rates.count) rates, \(counted(findings.seeds, "seed")) each, and judged on \(grouped(findings.validationCount)) digits that \
      are in neither training nor test set.
      """)
    page.figure(Charts.rates(sweep, data: data))
    let (ownSlow, ownFast) = (own[0].steps(to: level), own[2].steps(to: level))
    page.figure(
      Charts.curves(
        own,
        title:
          "Each at its best rate, behind sigmoids: \(own[0].stepsText(to: level)) steps to \(percent(level)) error with squared error, \(own[2].stepsText(to: level)) with cross-entropy"
          + (nets.isFaster(in: own)
            ? "; a difference remains"
            : ownFast.mean > 1.3 * ownSlow.mean ? "; squared error is even ahead" : "; hardly a difference is left"),
        caption: """
          Rates: \(own.map { "\($0.ending.name) \($0.rate)" }.joined(separator: "; ")). A look every \(Races.interval) \
          steps; \(data), \(spread(findings.seeds)).
          """,
        name: "own-rate"))
    page.table(
      Table(
        "Test error after \(counted(nets.epochs, "epoch")) (%), \(data): at one rate, and at the best rate of each ending in the sweep",
        columns: [
          "ending", .init("error at \(nets.common)", digits: 1), "best rate", .init("error at best rate", digits: 1),
        ],
        rows: same.indices.map { index in
          [
            TableCell(same[index].ending.name), .measured(same[index].finalError),
            .text("\(own[index].rate)"), .measured(own[index].finalError),
          ]
        }))

    page.prose(Races.comparison(own))
  }

  /// All outputs wrong alike.
  static func addBadStarts(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    page.prose(
      """
      ### A bad start for the whole network

      Small random weights are a kind start: all outputs say about ½, where the sigmoid is steepest. Give the ten outputs \
      a bias instead, so that all of them begin near 0 or near 1, each ending with its best learning rate.
      """)
    page.figure(Charts.biases(nets.stuck, data: data))
    let (stuck, biases) = (nets.stuck, nets.stuck.biases)
    let ends = (low: 0, high: biases.count - 1)
    func startErrors(_ place: Int) -> [String] { stuck.errors.map { $0[place].formatted(decimals: 1) + " %" } }
    func pace(_ place: Int) -> String {
      let pace = stuck.pace(at: biases[place])
      if abs(log(pace)) < log(1.1) { return "about as fast" }
      return pace < 1 ? "\(short(1 / pace)) times as slowly" : "\(short(pace)) times as fast"
    }
    func guessing(_ place: Int) -> String {
      let runs = stuck.guessing(at: place)
      return runs.isEmpty ? "" : " (over 80 % wrong, hardly better than guessing: \(runs))"
    }
    let behindLow = stuck.behind(at: ends.low)
    let entropyAtEnds = (stuck.errors[2][ends.low].mean, stuck.errors[2][ends.high].mean)
    page.prose(
      """
      With all outputs at \(share(sigmoid(Double(biases[ends.low])))) the errors after \(counted(stuck.epochs, "epoch")) are \
      \(startErrors(ends.low)[0]) for squared error, \(startErrors(ends.low)[1]) with the wrong derivative and \
      \(startErrors(ends.low)[2]) for cross-entropy\(guessing(ends.low)); with all at \
      \(share(sigmoid(Double(biases[ends.high])))), \(startErrors(ends.high)[0]), \(startErrors(ends.high)[1]) and \
      \(startErrors(ends.high)[2])\(guessing(ends.high)).

      Mind the learning rates: the single neurons above all had the same, here each rule has its best, \
      \(stuck.rates[1]) with the wrong derivative and \(stuck.rates[0]) with squared error. What moves an output is slope \
      times rate. At \(share(sigmoid(Double(biases[ends.high])))) the wrong derivative so moves it \(pace(ends.high)) as \
      squared error does, at \(share(sigmoid(Double(biases[ends.low])))) \(pace(ends.low)).

      The two sides are not alike. Near 1 an output is wrong for nine digits of ten, and their pushes on its bias agree; near \
      0 it is wrong for one digit of ten, and the nine others say that all is well.\
      \(entropyAtEnds.1 > 1.2 * entropyAtEnds.0 ? " The start near 1 costs cross-entropy, too: \(fixed(entropyAtEnds.1, 1)) against \(fixed(entropyAtEnds.0, 1)) %." : "")\
      \(behindLow.contains(.squaredError) && !behindLow.contains(.published) ? " And near 0 is where the wrong derivative helps." : "")
      """)
  }

  /// Top-1 and top-5.
  static func addTopK(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    page.prose(
      """
      ## Counting mistakes: top-1 and top-5

      A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
      network's first choice, the **top-5 error** the share whose class is not among its first five. ImageNet is judged by \
      the second, since a picture of a dog in a basket has one label and two right answers. For a thousand classes guessing \
      has a top-5 error of 99.5 %; for ten it has 50 %.
      """)
    page.figure(Charts.topErrors(nets.young, data: data))
    if let nearMiss = nets.nearMiss {
      page.figure(Charts.digit(nearMiss, data: data))
      page.figure(Charts.oneDigit(nearMiss, data: data))
    }
  }
}
