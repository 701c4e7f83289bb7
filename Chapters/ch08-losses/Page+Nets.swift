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
    let same = nets.same.compared
    page.prose(
      """
      ## The same network with four output layers

      Does what holds for one neuron hold for \(grouped(nets.weights)) weights and biases? A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20 and is tested on \(grouped(same[0].testCount)). Only its end changes: ten sigmoids or a softmax, squared error or \
      cross-entropy. After ten sigmoids the cross-entropy is that of the single neuron, summed over the outputs,

      $$L = -\\sum_k \\left(y_k \\ln \\hat{y}_k + (1 - y_k) \\ln(1 - \\hat{y}_k)\\right)$$

      and after a softmax it is $-\\ln p_t$.\
      \(today.map { " All numbers up to *Counting mistakes: top-1 and top-5* are from the recorded run; the run just made is smaller (\(grouped($0.trainingCount)) digits); its races are in a fold." } ?? "")
      """)
    page.fold("The four endings in code (and two that are only compared with them)") {
      $0.code("layers", in: "Nets.swift")
    }
    let slowest = same.indices.max { same[$0].finalError.mean < same[$1].finalError.mean } ?? 0
    page.predict(
      """
      784 pixels, 30 tanh units, ten outputs that end in one of four ways, all at the learning rate \(nets.common) of a published report. Which \
      makes the most mistakes after \(counted(nets.epochs, "epoch"))?
      """,
      choices: same.map(\.ending.name), answer: slowest,
      "Test errors: "
        + same.map { "\($0.ending.phrase) \(percentage($0.finalError))" }.joined(separator: "; ") + ".")
    page.project("Four last layers, one rate: which learns least?")
    page.prose("The whole section in three lines:\n\n" + nets.summary(paces: paces))
    if let paces {
      page.prose(
        """
        **Speed.** A race at one learning rate is not fair, because a loss with a smaller gradient can use a larger rate. So each ending is trained at \
        many rates, and we count the steps to an error of \(percent(Sprints.level)):
        """)
      page.figure(Charts.paces(paces, common: nets.common, data: data, isRecorded: isRecorded))
      page.project(
        paces.isMostlyRate(at: nets.common)
          ? "Squared error is far behind at one rate, hardly at its own"
          : "How soon is each ending at \(percent(Sprints.level)) error?",
        notes: "Read it twice: along the line of one rate, and at the lowest point of each curve.")
      if let table = paces.table(at: nets.common, adam: nets.adam) { page.table(table) }
      page.prose(paces.readings(at: nets.common))
    }
    page.prose(
      """
      **Why the delay at one rate?** After the same sigmoids the gradients are $(s - y) \\cdot s(1 - s)$ with squared error and \
      $s - y$ with cross-entropy. Nothing differs but the slope, so at one rate the slope causes the whole delay. \
      \(nets.adam?.readingOfAdam ?? "(An optimizer that divides by the size of the gradient, such as Adam in chapter 1, would remove most of such a factor; this run has not measured it.)")
      """)
    if let reading = nets.readingOfControl {
      page.fold("A control: ten bare outputs without a sigmoid") { $0.prose(reading) }
    }
    page.prose(
      """
      **At the end.** The rate that is fastest at first need not be the best one at the end. So there are two rates for each ending. *Fastest*: soonest at \(percent(Sprints.level)) error. \
      *Chosen*: fewest errors on \(grouped(findings.validationCount)) other digits after \(counted(nets.epochs, "epoch")); of rates within \(RateSweep.tie) points of the best, the smallest. \
      \(Races.comparison(nets.own.compared, tellsUnseen: nets.ends == nil))
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
      rows: zip(nets.same.compared, nets.own.compared).map { same, own in
        [TableCell(same.ending.name), .measured(same.finalError), .text("\(own.rate)"), .measured(own.finalError)]
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
      To choose a rate for the error at the end, each ending is trained at \
      \(sweep.rates.count) rates with \(counted(findings.seeds, "seed")) each, for as many epochs as the race. Its errors are counted on \(grouped(findings.validationCount)) digits that \
      are neither in the training nor in the test set.
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
          Rates: \((own.compared + (nets.bare.map { [$0.own] } ?? [])).map { "\($0.ending.name): \($0.rate)" }.joined(separator: "; ")). Evaluated \
          \(own[0].schedule); \(data), mean of \(counted(findings.seeds, "seed")).
          """,
        name: "own-rate"))
  }

  /// All outputs wrong alike.
  static func addBadStarts(to page: inout Page, _ findings: Findings) {
    let (stuck, data) = (findings.nets.stuck, findings.data)
    page.fold("All ten outputs wrong alike: who recovers?") { page in
      page.prose(
        """
        With small random weights all outputs say about ½ at first, where the sigmoid is steepest. Here the ten outputs \
        start with a bias between \(short(Double(stuck.biases.first ?? 0))) and \(short(Double(stuck.biases.last ?? 0))) instead, so that all of them say nearly 0 or nearly 1. \
        The two losses have different rates, so compare each loss with itself at ½.
        """)
      page.figure(Charts.biases(stuck, data: data))
      if stuck.suffers(.crossEntropy, at: stuck.biases.count - 1) {
        page.prose(
          """
          Cross-entropy helps near 0, where one output is badly wrong. Near 1 nine outputs of ten are, and there it suffers as well. One suspect: nine full pushes at once drive \
          the tanh units to their flat ends, and no loss at the outputs can restore *their* slope. We have not measured that.
          """)
      }
    }
  }

  /// How sure, and how right.
  ///
  /// - Parameters:
  ///   - findings: the run of which all numbers here are.
  ///   - today: the run just made, where `findings` are the recorded ones.
  static func addCalibration(to page: inout Page, _ findings: Findings, today: Findings?) {
    let (nets, calibration) = (findings.nets, findings.nets.calibration)
    let (sure, right, excess) = (calibration.confidence(0), calibration.accuracy(0), calibration.excess(0))
    page.prose(
      """
      ## How sure, and how right?

      A softmax claims a probability. Is the claim true? A net is *calibrated* if, of all answers that it gives with 80 %, about 80 % are \
      right. Cross-entropy asks for $p_t = 1$, so a net that has memorized its \(grouped(findings.trainingCount)) digits can \
      always lower the loss by raising its logits. Our small net becomes only slightly too sure. The deep nets of Guo et al. (2017, table 1) are off by 3 to 6 points on the photographs of CIFAR-10 and ImageNet, and by 10 to 17 on those of CIFAR-100.
      """)
    page.predict(
      """
      After \(counted(calibration.epochs, "epoch")): how sure is the net of its answers on new digits, on average, compared with the share of them that \
      is right?
      """,
      choices: ["less confident than accurate", "as confident as accurate", "more confident than accurate"],
      answer: !isClear(excess) ? 1 : excess.mean < 0 ? 0 : 2,
      """
      It claims \(sure.formatted(decimals: 1)) % on average and is right in \(right.formatted(decimals: 1)) %.
      """)
    page.project("Is a net as right as it is sure?")
    if let endings = nets.endings { addEndings(to: &page, endings.filter { $0.ending != .sigmoidPublished }, findings) }
    let (plain, smooth) = (calibration.error(0), calibration.error(1))
    let epsilon = Double(Calibration.smoothings[1])
    let gap = log((1 - epsilon + epsilon / 10) / (epsilon / 10))
    page.prose(
      """
      ### Two remedies

      *Temperature scaling* (Guo et al. 2017) divides all logits of a trained net by one number $T$, the temperature. It is chosen so \
      that the loss is smallest on digits that the net has not learned from. No answer changes, only how sure the net is of it.\(calibration.scaled.map { scaled in
        " Logits 2 and 0 give \(percent(sigmoid(2))); divided by $T = \(fixed(scaled.temperature.mean, 2))$ they give \(percent(sigmoid(2 / scaled.temperature.mean)))."
      } ?? "")

      *Label smoothing* changes the training instead. With $p_t = 1$ as the target, a net is never sure enough. So ask for a little less: \
      $1 - \\varepsilon + \\varepsilon/10$ from the right class and $\\varepsilon/10$ from each of the others. With $\\varepsilon = \(Calibration.smoothings[1])$ these are \
      \(fixed(1 - epsilon + epsilon / 10, 2)) and \(fixed(epsilon / 10, 2)).
      """)
    page.figure(Charts.calibration(calibration, data: findings.data, today: today?.nets.calibration))
    page.project(
      excess.worded(
        above: "Plain labels: more confident than accurate",
        below: "Plain labels: the net is right more often than sure",
        withinChance: "Plain labels: on average as sure as right"),
      notes: "Above the line: answers given with too much confidence. Rescaled: all logits divided by one number.")
    page.prose(
      """
      The distance from the line, averaged over all answers, is the *expected calibration error*. It is \
      \(plain.formatted(decimals: 1)) points with plain labels; by chance alone a perfectly calibrated net would have about \(fixed(calibration.floor(0).mean, 1)).\
      \(calibration.scaled.map { scaled in
        """


          **With a temperature**, fitted to \(calibration.crossed == nil ? "the \(grouped(findings.validationCount)) validation digits" : "one half of the test digits and used on the other half, and the other way round"), $T$ is \
          \(scaled.temperature.formatted(decimals: 2)), and the calibration error on the test digits \
          \((plain - scaled.error).worded(above: "falls to", below: "rises to", withinChance: "does not differ beyond chance:")) \
          \(scaled.error.formatted(decimals: 1)) points. \(floorWords(scaled.error, scaled.floor, of: nets.own[0].testCount))
          """
      } ?? "")\(calibration.crossed != nil ? "" : nets.easierBy.map { " The validation digits are the easier ones, by \($0) points of error (95 % interval; see chapter 7), so $T$ may come out too small." } ?? "")

      **With smoothed labels**, $\\varepsilon = \(Calibration.smoothings[1])$, the calibration error is \(smooth.formatted(decimals: 1)) points (by chance about \(fixed(calibration.floor(1).mean, 1)))\
      \(isClear(plain - smooth) ? (plain.mean > smooth.mean ? ", which is better." : ", which is worse.\(calibration.overshoot)") : "; no difference beyond chance, only the side of the line changes.")\
      \(calibration.gentleWords)\(calibration.gentler == nil ? " (ε is not tuned here.)" : "")
      """)
    page.fold("Where label smoothing stops pushing") {
      $0.prose(
        """
        With the targets $q$ the gradient is $p - q$. It is 0 where $p = q$. Then $e^{z_t - z_i} = q_t/q_i$, which is \
        \(fixed(1 - epsilon + epsilon / 10, 2))/\(fixed(epsilon / 10, 2)) = \(fixed(exp(gap), 0)) with $\\varepsilon = \(Calibration.smoothings[1])$. So the right logit has to lead only by \
        $\\ln \(fixed(exp(gap), 0)) = \(fixed(gap, 1))$.
        """)
    }
    if calibration.tempered != nil {
      page.fold("How the temperature is found, in code") { page in
        page.prose(
          """
          We try a temperature. Newton's method, which divides the slope of the loss by its curvature, says in which direction to go and how far. After twelve steps we keep the last one:
          """)
        page.code("temperature", in: "Temperature.swift")
      }
    }
    page.fold("How calibration is measured") { page in
      page.prose(
        """
        We sort the answers into ten intervals $b$ of the largest probability. Let $n_b$ of the $N$ answers lie in an interval, let \
        $\\mathrm{conf}_b$ be their mean probability and $\\mathrm{acc}_b$ the share of them that is right. Then

        $$\\mathrm{ECE} = \\sum_b \\frac{n_b}{N}\\,|\\mathrm{conf}_b - \\mathrm{acc}_b|$$

        It is never 0 on finitely many digits. Even if the net is right exactly as often as it says, $|\\mathrm{conf}_b - \\mathrm{acc}_b|$ is positive by chance, on average about \
        $\\sqrt{2p(1-p)/(\\pi n_b)}$ with $p = \\mathrm{conf}_b$. \
        For all intervals together this is about \(fixed(calibration.floor(0).mean, 1)) points with plain labels, \
        \(calibration.scaled.map { "\(fixed($0.floor.mean, 1)) after the temperature\($0.temperature.mean > 1 ? ", which makes the net less sure" : ""), " } ?? "")and \
        \(fixed(calibration.floor(1).mean, 1)) with smoothed labels.
        """)
      page.code("reliability", in: "Calibration.swift")
    }
  }

  /// Which ending's probabilities are the better ones.
  private static func addEndings(to page: inout Page, _ endings: [EndingCalibration], _ findings: Findings) {
    page.prose(
      """
      Which loss gives the better probabilities? Squared error too is smallest at the true probability. So the nets of the race are \
      trained on, each at its chosen rate, and tested after every epoch. (Ten sigmoids need not add up to 1, so \
      their outputs are divided by their sum; bare outputs are first limited to between 0.001 and 1.)
      """)
    page.figure(Charts.sureness(endings, data: findings.data))
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
        "After \(counted(endings[0].epochs, "epoch")), in %. Calibration error: the distance between sure and right, averaged over the answers; −ln p: the mean loss of the right class",
        columns: [
          "ending", .init("errors", digits: 1), .init("sure", digits: 1), .init("calibration error", digits: 1),
          .init("by chance", digits: 1), .init("−ln p", digits: 3),
        ],
        rows: endings.map { ending in
          let last = ending.epochs - 1
          return [
            TableCell(ending.ending.name), .measured(Summary(ending.right[last].values.map { 100 - $0 })),
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
  static func addTopK(to page: inout Page) {
    page.prose(
      """
      ## Counting mistakes: top-1 and top-5

      A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
      first choice of the network. The **top-5 error** is the share whose class is not among its first five. ImageNet (a million photographs in a thousand classes) was judged by \
      the top-5 error, because a picture of a dog in a basket has one label and two right answers. With a thousand classes, guessing \
      has a top-5 error of 99.5 %; with ten classes it has 50 %.
      """)
  }
}
