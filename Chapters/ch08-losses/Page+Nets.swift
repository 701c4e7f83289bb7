// The page of chapter 8: networks with five ways to end them.

import Foundation
import Workbook

extension Losses {
  /// How soon each ending is at a round error, at many learning rates; the races behind it in a fold.
  ///
  /// - Parameters:
  ///   - findings: the run of which all numbers here are.
  ///   - paces: its steps.
  ///   - today: the run just made, where `findings` are the recorded ones.
  static func addSameNet(to page: inout Page, _ findings: Findings, paces: Sprints?, today: Findings?) {
    let (nets, data, isRecorded) = (findings.nets, findings.data, today != nil)
    let (same, own) = (nets.same, nets.own)
    page.prose(
      """
      ## The same network with five output layers

      Does what holds for one neuron hold for \(grouped(nets.weights)) weights and biases? A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20 and is tested on \(grouped(same[0].testCount)). Only its end is changed: sigmoid or softmax, squared error or \
      cross-entropy, and squared error with the wrong σ′. After ten sigmoids the cross-entropy is the binary one of \
      the single neuron, summed over the outputs; after a softmax it is $-\\ln p_t$.\
      \(today.map { " All numbers up to the next heading are of the recorded run; those of the run just made, which is smaller (\(grouped($0.trainingCount)) digits), stand in a fold before it." } ?? "")
      """)
    page.code("layers", in: "Nets.swift")
    let slowest = same.indices.max { same[$0].finalError.mean < same[$1].finalError.mean } ?? 0
    page.predict(
      """
      784 pixels, 30 tanh units, ten outputs that end in one of five ways, all at the rate of S0's report, \(nets.common). Which \
      makes the most mistakes after \(counted(nets.epochs, "epoch"))?
      """,
      choices: Ending.allCases.map(\.name), answer: slowest,
      """
      Errors on test digits, with sigmoids: \(same[0].finalError.formatted(decimals: 1)) % (squared error), \
      \(same[1].finalError.formatted(decimals: 1)) % (wrong σ′), \(same[2].finalError.formatted(decimals: 1)) % \
      (cross-entropy); with a softmax: \(same[3].finalError.formatted(decimals: 1)) % (squared error), \
      \(same[4].finalError.formatted(decimals: 1)) % (cross-entropy).
      """)
    page.project("Five last layers, one rate: which learns least?")
    if let paces {
      page.prose(
        """
        Is a race at one learning rate fair? A loss with a smaller gradient can be given a larger rate. So each ending is trained at \
        many rates, and the steps are counted to an error of \(percent(Sprints.level)):
        """)
      page.figure(Charts.paces(paces, common: nets.common, data: data, isRecorded: isRecorded))
      page.project(
        paces.isMostlyRate(at: nets.common)
          ? "Squared error is far behind at one rate, hardly at its own"
          : "How soon is each ending at \(percent(Sprints.level)) error?",
        notes: "Read it twice: along the line of one rate, and at the lowest point of each curve.")
      if let table = paces.table(at: nets.common) { page.table(table) }
      page.prose(paces.readings(at: nets.common))
    }
    page.prose(
      """
      *Is it the loss, or the slope in its way?* Behind the same sigmoids the pushes are $(s - y) \\cdot s(1 - s)$ with squared error and \
      $s - y$ with cross-entropy. Nothing differs but the slope, so at one rate the whole delay is the slope's.
      """)
    if let reading = nets.readingOfControl {
      page.fold("A control: ten bare outputs without a sigmoid") { $0.prose(reading) }
    }
    page.prose(
      """
      *And at the end?* The rate that is fastest at first need not be the best one at the end. So for the error after \(counted(nets.epochs, "epoch")) each ending has its \
      *chosen* rate: the smallest one whose mean error on \(grouped(findings.validationCount)) other digits is within \(RateSweep.tie) points of the best. \
      \(Races.comparison(own, tellsUnseen: nets.ends == nil))\(nets.ends.map { " " + $0.prefix(1).uppercased() + $0.dropFirst() + "." } ?? "")
      """)
    page.table(errors(nets, data, isRecorded: isRecorded))
    page.fold(
      today.map {
        "The run just made (\(counted($0.seeds, "seed")), \(counted($0.nets.epochs, "epoch"))): the races step by step"
      }
        ?? "The races step by step, and how the rates were chosen"
    ) {
      addRaces(to: &$0, today ?? findings)
      if let today { $0.table(errors(today.nets, data, isRecorded: false)) }
    }
  }

  /// The errors at the end, at one rate and each at its own.
  private static func errors(_ nets: NetFindings, _ data: String, isRecorded: Bool) -> Table {
    Table(
      "Test error after \(counted(nets.epochs, "epoch")) (%), \(data), \(grouped(nets.same[0].testCount)) test digits\(isRecorded ? " (recorded run)" : "")",
      columns: [
        "ending", .init("at \(nets.common)", digits: 1), "chosen rate", .init("at that rate", digits: 1),
      ],
      rows: zip(nets.same, nets.own).map { same, own in
        [TableCell(same.ending.phrase), .measured(same.finalError), .text("\(own.rate)"), .measured(own.finalError)]
      })
  }

  /// The learning curves at one rate and at chosen ones, and how those were chosen.
  private static func addRaces(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    let (same, sweep, own, level) = (nets.same, nets.sweep, nets.own, nets.level)
    func race(_ runs: [NetRuns], _ squared: Int, _ entropy: Int) -> String {
      "cross-entropy is at \(percent(level)) error after \(runs[entropy].stepsText(to: level)) steps, squared error after \(runs[squared].stepsText(to: level))"
    }
    page.figure(
      Charts.curves(
        same,
        titles: [
          nets.isFaster(in: same)
            ? "At one learning rate, with sigmoids, \(race(same, 0, 2))"
            : "At one learning rate, with sigmoids, cross-entropy gets to \(percent(level)) error hardly sooner than squared error",
          "At one learning rate, with a softmax, \(race(same, 3, 4))",
        ], control: nets.bare?.same,
        caption:
          "Learning rate \(nets.common) for all, evaluated \(same[0].schedule); a run is at \(percent(level)) when an evaluation first is; \(data), mean of \(counted(findings.seeds, "seed")).",
        name: "same-rate"))
    page.prose(
      """
      For the error at the end each ending is trained at \
      \(sweep.rates.count) rates, \(counted(findings.seeds, "seed")) each, for as long as the race, and judged on \(grouped(findings.validationCount)) digits that \
      are in neither training nor test set.
      """)
    page.figure(Charts.rates(sweep, control: nets.bare?.sweep, data: data))
    page.figure(
      Charts.curves(
        own,
        titles: [
          "Each at its chosen rate, squared error with sigmoids ends at \(fixed(own[0].finalError.mean, 1)) % errors, cross-entropy at \(fixed(own[2].finalError.mean, 1)) %",
          "Each at its chosen rate, squared error with a softmax ends at \(fixed(own[3].finalError.mean, 1)) % errors, cross-entropy at \(fixed(own[4].finalError.mean, 1)) %",
        ], control: nets.bare?.own,
        caption: """
          Rates: \((own + (nets.bare.map { [$0.own] } ?? [])).map { "\($0.ending.name): \($0.rate)" }.joined(separator: "; ")). Evaluated \
          \(own[0].schedule); \(data), mean of \(counted(findings.seeds, "seed")).
          """,
        name: "own-rate"))
  }

  /// All outputs wrong alike.
  static func addBadStarts(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    page.prose(
      """
      ### All outputs wrong alike

      With small random weights all outputs say about ½ at first, where the sigmoid is steepest. Give the ten outputs \
      a bias instead, from \(short(Double(nets.stuck.biases.first ?? 0))) to \(short(Double(nets.stuck.biases.last ?? 0))), so that all of them begin near 0 or near 1, each ending at the rate chosen in the run just made.
      """)
    page.figure(Charts.biases(nets.stuck, data: data))
    let (stuck, biases) = (nets.stuck, nets.stuck.biases)
    page.project(stuck.title, notes: "Which of them have not recovered after \(counted(stuck.epochs, "epoch"))?")
    let ends = (low: 0, high: biases.count - 1)
    func pace(_ place: Int) -> String {
      let pace = stuck.pace(at: biases[place])
      if abs(log(pace)) < log(1.1) { return "about as fast" }
      return abs(pace - 0.5) < 0.05 ? "half as fast" : "\(short(pace)) times as fast"
    }
    func said(_ place: Int) -> String { share(sigmoid(Double(biases[place]))) }
    page.prose(
      """
      Each rule has a rate of its own, so compare it with itself at ½, not one rule with another. What moves an output is slope times \
      rate: at \(said(ends.low)) the wrong σ′ moves it \(pace(ends.low)) as squared error does, at \(said(ends.high)) \
      \(pace(ends.high)).\(Rule.allCases.allSatisfy { stuck.suffers($0, at: ends.high) } ? """
         Near 1 even cross-entropy suffers, whose push does not die. Near 0 one output in ten is wrong, near 1 nine are; whether that is the \
        reason was not tested.
        """ : "") Detectors of objects make use of such a bias: where one place in thousands holds an object, their outputs begin near the share \
      of that rare class instead of at ½ (Lin and others 2017).
      """)
  }

  /// How sure, and how right.
  static func addCalibration(
    to page: inout Page, _ findings: Findings, endings: [EndingCalibration]?, isRecorded: Bool
  ) {
    let (nets, calibration) = (findings.nets, findings.nets.calibration)
    let (sure, right, excess) = (calibration.confidence(0), calibration.accuracy(0), calibration.excess(0))
    page.prose(
      """
      ## How sure, and how right?

      A softmax names a probability. Is it one? A net is *calibrated* if of all answers that it gives with 80 % about 80 % are \
      right. Cross-entropy asks for $p_t = 1$, and a net that knows its \(grouped(findings.trainingCount)) digits by heart can \
      always lower the loss by raising its logits.
      """)
    page.predict(
      """
      After \(counted(calibration.epochs, "epoch")): how sure is the net of its answers on new digits, on average, beside the share of them \
      that is right?
      """,
      choices: ["less confident than accurate", "as confident as accurate", "more confident than accurate"],
      answer: !isClear(excess) ? 1 : excess.mean < 0 ? 0 : 2,
      """
      It names \(sure.formatted(decimals: 1)) % on average and is right in \(right.formatted(decimals: 1)) %.
      """)
    page.project("Is a net as right as it is sure?")
    if let endings { addEndings(to: &page, endings, findings, isRecorded: isRecorded) }
    page.figure(Charts.calibration(calibration, data: findings.data))
    page.project(
      excess.worded(
        above: "Plain labels: more confident than accurate",
        below: "Plain labels: the net is right more often than sure",
        withinChance: "Plain labels: on average as sure as right"),
      notes: "Below the line: answers given with too much confidence. Rescaled: all logits divided by one number.")
    let (plain, smooth) = (calibration.error(0), calibration.error(1))
    let epsilon = Double(Calibration.smoothings[1])
    let gap = log((1 - epsilon + epsilon / 10) / (epsilon / 10))
    page.prose(
      """
      The distance from the line, averaged over all answers, is the *expected calibration error*; in this run it is \
      \(plain.formatted(decimals: 1)) points with plain labels (a perfectly calibrated net would have about \(fixed(calibration.floor(0).mean, 1)), by chance). Two remedies are in use.

      *Temperature scaling* (Guo and others 2017) divides all logits of a trained net by one number $T$, chosen so \
      that the loss on held-out data is least. No answer changes, only how sure the net is of it.\(calibration.scaled.map { scaled in
        """
           Logits 2 and 0 give \(percent(sigmoid(2))); divided by $T = \(fixed(scaled.temperature.mean, 2))$ they give \(percent(sigmoid(2 / scaled.temperature.mean))).
          """
      } ?? "")\(calibration.scaled.map { scaled in
        """
           Fitted to \(calibration.crossed == nil ? "the \(grouped(findings.validationCount)) validation digits" : "one half of the test digits, used on the other, and the other way round"), it is \
          \(scaled.temperature.formatted(decimals: 2)), and the calibration error on the test digits \
          \((plain - scaled.error).worded(above: "falls to", below: "rises to", withinChance: "does not differ beyond chance:")) \
          \(scaled.error.formatted(decimals: 1)) points. \(floorWords(scaled.error, scaled.floor, of: nets.own[0].testCount))
          """
      } ?? "")\(calibration.crossed != nil ? "" : nets.easierBy.map { " The validation digits are the easier ones, by \($0) points of error (95 % interval; see chapter 7), so that $T$ may come out too small." } ?? "")\
      \(calibration.crossed == nil ? "" : nets.easierBy.map { " (Not to the validation digits, because those happen to be easier, by \($0) points of error: chapter 7.)" } ?? "")

      *Label smoothing* asks for $1 - \\varepsilon + \\varepsilon/10$ of the right class and $\\varepsilon/10$ of the \
      others, and leaves \(smooth.formatted(decimals: 1)) points (by chance about \(fixed(calibration.floor(1).mean, 1))) with $\\varepsilon = \(Calibration.smoothings[1])$\
      \(isClear(plain - smooth) ? (plain.mean > smooth.mean ? ", which is better." : ", which is worse.\(calibration.overshoot)") : "; no difference beyond chance, only the side of the line changes.")\
      \(calibration.gentleWords)\(calibration.gentler == nil ? " (ε is not tuned here.)" : "")
      """)
    page.fold("Where label smoothing stops pushing") {
      $0.prose(
        """
        With the targets $q$ the gradient is $p - q$. It is 0 where $p = q$: $e^{z_t - z_i} = q_t/q_i$, which is \
        \(fixed(1 - epsilon + epsilon / 10, 2))/\(fixed(epsilon / 10, 2)) = \(fixed(exp(gap), 0)) with $\\varepsilon = \(Calibration.smoothings[1])$. So the right logit need only lead by \
        $\\ln \(fixed(exp(gap), 0)) = \(fixed(gap, 1))$.
        """)
    }
    if calibration.tempered != nil {
      page.fold("How the temperature is found, in code") { page in
        page.prose(
          """
          A temperature is tried, the slope of the loss tells which way to go and how far (Newton's method), and the last one is kept:
          """)
        page.code("temperature", in: "Temperature.swift")
      }
    }
    page.fold("How calibration is measured") { page in
      page.prose(
        """
        The answers are sorted into ten intervals $b$ of the largest probability. With $n_b$ of the $N$ answers in an interval, \
        $\\mathrm{conf}_b$ their mean probability and $\\mathrm{acc}_b$ the share that is right,

        $$\\mathrm{ECE} = \\sum_b \\frac{n_b}{N}\\,|\\mathrm{conf}_b - \\mathrm{acc}_b|$$

        It is never 0 on finitely many digits: $|\\mathrm{conf}_b - \\mathrm{acc}_b|$ is positive by chance, on average about \
        $\\sqrt{2p(1-p)/(\\pi n_b)}$ with $p = \\mathrm{conf}_b$, even if the net is right exactly as often as it says. \
        For all intervals together that is about \(fixed(calibration.floor(0).mean, 1)) points with plain labels, \
        \(calibration.scaled.map { "\(fixed($0.floor.mean, 1)) after the temperature\($0.temperature.mean > 1 ? ", which makes the net less sure" : ""), " } ?? "")and \
        \(fixed(calibration.floor(1).mean, 1)) with smoothed ones.
        """)
      page.code("reliability", in: "Calibration.swift")
    }
  }

  /// Which ending's probabilities are the better ones.
  private static func addEndings(
    to page: inout Page, _ endings: [EndingCalibration], _ findings: Findings, isRecorded: Bool
  ) {
    page.prose(
      """
      Squared error too is least at the true probability. So which loss gives the better probabilities? The nets of the race are \
      trained on, each at its chosen rate, and asked after every epoch. Ten sigmoids need not add up to 1, so \
      their outputs are divided by their sum; bare outputs are cut off at 0.001 and 1 first.
      """)
    page.figure(Charts.sureness(endings, data: findings.data, isRecorded: isRecorded))
    let of = { (ending: Ending) in endings.first { $0.ending == ending } }
    if let squared = of(.softmaxSquared), let entropy = of(.softmaxEntropy) {
      page.project(
        (entropy.excess[entropy.epochs - 1] - squared.excess[squared.epochs - 1]).worded(
          above: "Cross-entropy grows surer than squared error",
          below: "Squared error grows surer than cross-entropy", withinChance: "How sure does each loss make a net?"),
        notes: "Is it also more often right? The table says.")
    }
    page.table(
      Table(
        "After \(counted(endings[0].epochs, "epoch")), in %; calibration error: how far it is from as sure as right, on average over the answers; −ln p of the right class\(isRecorded ? " (recorded run)" : "")",
        columns: [
          "ending", .init("errors", digits: 1), .init("sure", digits: 1), .init("calibration error", digits: 1),
          .init("by chance", digits: 1), .init("−ln p", digits: 3),
        ],
        rows: endings.map { ending in
          let last = ending.epochs - 1
          return [
            TableCell(ending.ending.phrase), .measured(Summary(ending.right[last].values.map { 100 - $0 })),
            TableCell(ending.sure[last].mean), .measured(ending.error[last]), TableCell(ending.floor.mean),
            .measured(ending.logLoss[last]),
          ]
        }))
    page.prose(EndingCalibration.comparison(endings))
  }

  /// What a calibration error is against the one that chance alone would make.
  private static func floorWords(_ error: Summary, _ floor: Summary, of count: Int) -> String {
    let perfect =
      "a perfectly calibrated net with these confidences would have about \(fixed(floor.mean, 1)), by chance alone"
    return error.count < 3
      ? "On \(grouped(count)) digits \(perfect)."
      : (error - floor).direction() == .above
        ? "That is not yet as good as it can be: on \(grouped(count)) digits \(perfect)."
        : "That is as good as \(grouped(count)) digits can show: \(perfect)."
  }

  /// Top-1 and top-5.
  static func addTopK(to page: inout Page, _ findings: Findings) {
    let (nets, data) = (findings.nets, findings.data)
    page.prose(
      """
      ## Counting mistakes: top-1 and top-5

      A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
      network's first choice, the **top-5 error** the share whose class is not among its first five. ImageNet was judged by \
      the second, since a picture of a dog in a basket has one label and two right answers. For a thousand classes guessing \
      has a top-5 error of 99.5 %; for ten it has 50 %.
      """)
    page.fold("Top-k errors of two nets, and a digit that comes third") { page in
      page.figure(Charts.topErrors(nets.young, data: data))
      if let nearMiss = nets.nearMiss { page.figure(Charts.digit(nearMiss, data: data)) }
    }
  }
}
