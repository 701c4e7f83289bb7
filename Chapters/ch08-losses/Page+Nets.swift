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
    let (nets, data) = (findings.nets, findings.data)
    page.prose(
      """
      ## The same network with four output layers

      Does what holds for one neuron hold for \(grouped(nets.weights)) weights and biases? A network of 784 pixels, 30 tanh units and ten outputs learns \
      \(grouped(findings.trainingCount)) digits (\(data)) in batches of 20. Only its end changes: ten sigmoids or a softmax, squared error or \
      cross-entropy. (After ten sigmoids it is the cross-entropy of the single neuron, summed over the outputs.)\
      \(today == nil ? "" : " All numbers from here on are from the recorded run.")
      """)
    page.fold("The endings in code") { $0.code("layers", in: "Nets.swift") }
    page.predict(
      """
      Each of the four nets is trained for \(counted(nets.epochs, "epoch")), at a learning rate that suits it. What makes a difference to its test error \
      then?
      """,
      choices: [
        "the loss: squared error or cross-entropy", "the outputs: sigmoids or a softmax", "both",
        "neither, within chance",
      ], answer: nets.whatMatters, "The table below has the four errors.")
    page.project("Four last layers: what makes a difference?")
    page.prose(
      """
      A loss with a smaller gradient can use a larger rate. So we try many rates, and give each net two of its own. At its *fastest rate* it takes the fewest steps to \(percent(Sprints.level)) error. At its \
      *best rate* it makes the fewest errors after \(counted(nets.epochs, "epoch")), on \(grouped(findings.validationCount)) digits that are neither in the training nor in the test set.
      """)
    if let paces {
      page.figure(Charts.paces(paces, common: nets.common, data: data))
      page.project(
        paces.isMostlyRate(at: nets.common)
          ? "Squared error is far behind at one rate, hardly at its own"
          : "How soon is each ending at \(percent(Sprints.level)) error?",
        notes: "Read it twice: along the line of one rate, and at the lowest point of each curve.")
    }
    page.table(paces.flatMap { overview(nets, $0, data) } ?? errors(nets, data))
    page.prose(nets.summary(paces: paces) + (paces.map { "\n\n" + $0.readings(at: nets.common) } ?? ""))
    page.prose(
      """
      **Why the delay at one rate?** After the same sigmoids the gradients are $(s - y) \\cdot s(1 - s)$ with squared error and \
      $s - y$ with cross-entropy ($s$: the output). Nothing differs but the slope, so at one rate the slope causes the whole delay.
      """)
    page.prose(nets.whySoftmax)
    if let adam = nets.adam {
      page.fold("The same with Adam, and on what the factor at one rate depends") {
        $0.prose(adam.readingOfAdam + "\n\n" + Sprints.conventions)
      }
    }
    page.fold("How the best rates were found, and the races step by step") {
      addRaces(to: &$0, findings, isCounted: paces?.leads(at: nets.common) != nil)
      $0.prose(Races.comparison(nets.own.compared) + (nets.endsInNumbers.map { " " + $0 } ?? ""))
      if let today {
        $0.prose(
          "The run just made is smaller (\(grouped(today.trainingCount)) digits, \(counted(today.seeds, "seed"))):")
        $0.table(errors(today.nets, today.data))
      }
    }
    if let reading = nets.readingOfControl {
      page.fold("A control: ten bare outputs without a sigmoid") { $0.prose(reading) }
    }
    addBadStarts(to: &page, findings)
    page.prose(nets.whyEntropy(findings.neuron, paces: paces))
    page.slide(
      "Why take cross-entropy still?",
      """
      - Measured here: no stuck unit, and speed at small rates.
      - Beyond our data: a likelihood, stable in libraries, and recipes' rates were found with it.
      \(nets.unsupported.isEmpty ? "" : "- Not supported here: \(nets.unsupported.joined(separator: "; ")).")
      """)
  }

  /// Each ending at one rate, at its fastest and at its best; nil where a run was given up at the one rate.
  private static func overview(_ nets: NetFindings, _ paces: Sprints, _ data: String) -> Table? {
    guard paces.leads(at: nets.common) != nil, let common = paces.rates.firstIndex(of: nets.common) else { return nil }
    return Table(
      "Steps to \(percent(Sprints.level)) error, at \(nets.common) and at the fastest rate; test errors after \(counted(nets.epochs, "epoch")) at the best rate (\(data), \(grouped(nets.own[0].testCount)) digits)",
      columns: [
        "ending", "steps at \(nets.common)", "at the fastest", .init("errors (%)", digits: 1), "best rate",
      ],
      rows: Ending.allCases.indices.filter { Ending.compared.contains(Ending.allCases[$0]) }.map { place in
        [
          TableCell(Ending.allCases[place].name), .text(fixed(paces.summary(place, common).mean, 0)),
          .text("\(fixed(paces.fewest(place).steps.mean, 0)) at \(paces.rates[paces.fastest(place)])"),
          .measured(nets.own[place].finalError), .text("\(nets.own[place].rate)"),
        ]
      })
  }

  /// The errors at the end, at one rate and each at its own.
  private static func errors(_ nets: NetFindings, _ data: String) -> Table {
    Table(
      "Test error after \(counted(nets.epochs, "epoch")) (%), \(data), \(grouped(nets.same[0].testCount)) test digits",
      columns: [
        "ending", .init("at \(nets.common)", digits: 1), "best rate", .init("at that rate", digits: 1),
      ],
      rows: zip(nets.same, nets.own).filter { Ending.compared.contains($0.0.ending) }.map { same, own in
        [TableCell(same.ending.name), .measured(same.finalError), .text("\(own.rate)"), .measured(own.finalError)]
      })
  }

  /// The learning curves at one rate and at chosen ones, and how those were chosen.
  private static func addRaces(to page: inout Page, _ findings: Findings, isCounted: Bool) {
    let (nets, data) = (findings.nets, findings.data)
    let (same, sweep, own, level) = (nets.same, nets.sweep, nets.own, nets.level)
    // Where the steps were counted at every rate, the figure above has this one in it.
    if !isCounted {
      page.figure(
        Charts.curves(
          same,
          titles: [
            nets.isFaster(in: same)
              ? "At one learning rate, with sigmoids, cross-entropy gets to \(percent(level)) error far sooner than squared error"
              : "At one learning rate, with sigmoids, cross-entropy gets to \(percent(level)) error hardly sooner than squared error",
            "At one learning rate, with a softmax",
          ], control: nets.bare?.same,
          caption:
            "Learning rate \(nets.common) for all, evaluated \(same[0].schedule) on \(grouped(same[0].testCount)) test digits. \(data), mean of \(counted(findings.seeds, "seed")).",
          name: "same-rate"))
    }
    page.prose(
      """
      For its best rate each ending is trained at \(sweep.rates.count) rates with \(counted(findings.seeds, "seed")) each, for as many epochs as the race.
      """)
    page.figure(Charts.rates(sweep, control: nets.bare?.sweep, data: data))
    page.figure(
      Charts.curves(
        own,
        titles: [
          "Each at its best rate, squared error with sigmoids ends at \(fixed(own[0].finalError.mean, 1)) % errors, cross-entropy at \(fixed(own[2].finalError.mean, 1)) %",
          "Each at its best rate, squared error with a softmax ends at \(fixed(own[3].finalError.mean, 1)) % errors, cross-entropy at \(fixed(own[4].finalError.mean, 1)) %",
        ], control: nets.bare?.own,
        caption: """
          Rates: \((own.compared + (nets.bare.map { [$0.own] } ?? [])).map { "\($0.ending.name): \($0.rate)" }.joined(separator: "; ")). Evaluated \
          \(own[0].schedule); \(data), mean of \(counted(findings.seeds, "seed")).
          """,
        name: "own-rate"))
    page.table(
      Table(
        "Steps to smaller and smaller errors, each at its best rate (not its fastest)",
        columns: ["ending", "to 25 %", "to 15 %", "to 12 %"],
        rows: own.compared.map { run in
          [TableCell(run.ending.name)] + [0.25, 0.15, 0.12].map { .text(run.stepsText(to: $0)) }
        }))
  }

  /// How sure, and how right.
  static func addCalibration(to page: inout Page, _ findings: Findings) {
    let (nets, calibration) = (findings.nets, findings.nets.calibration)
    let (sure, right, excess) = (calibration.confidence(0), calibration.accuracy(0), calibration.excess(0))
    page.prose(
      """
      ## How sure, and how right?

      A softmax claims a probability. Is the claim true? A net is *calibrated* if, of all answers that it gives with 80 %, about 80 % are \
      right. You need this where something depends on the number itself: a doctor weighs it against other risks, or a machine hands every answer below 90 % to a person. For the mere choice of a class you do not.
      """)
    page.predict(
      """
      After \(counted(calibration.epochs, "epoch")): how sure is the net of its answers on new digits, on average, compared with the share of them that \
      is right?
      """,
      choices: ["less confident than accurate", "as confident as accurate", "more confident than accurate"],
      answer: !isClear(excess) ? 1 : excess.mean < 0 ? 0 : 2,
      """
      It claims \(fixed(sure.mean, 1)) % on average and is right in \(fixed(right.mean, 1)) %. Cross-entropy asks for $p_t = 1$, so a net that has memorized its digits can always lower the loss by raising its logits. (Guo et al. 2017, table 1: \
      deep nets on photographs have calibration errors of 1 to 17 points.)
      """)
    page.project("Is a net as right as it is sure?")
    if let endings = nets.endings {
      addEndings(to: &page, endings.filter { [.softmaxSquared, .softmaxEntropy].contains($0.ending) }, findings)
    }
    let epsilon = Double(Calibration.smoothings[1])
    let gap = log((1 - epsilon + epsilon / 10) / (epsilon / 10))
    page.prose(
      """
      ### Two remedies

      *Temperature scaling* (Guo et al. 2017) divides all logits of a trained net by one number $T$, the temperature. It is chosen so \
      that the loss is smallest on digits that the net has not learned from\(calibration.crossed == nil ? "" : " (here one half of the test digits, for the other half, and the other way round)"). \
      No answer changes, only how sure the net is of it.

      *Label smoothing* changes the training instead. With $p_t = 1$ as the target, a net is never sure enough. So ask for a little less: \
      $1 - \\varepsilon + \\varepsilon/10$ from the right class and $\\varepsilon/10$ from each of the others. With $\\varepsilon = \(Calibration.smoothings[1])$ these are \
      \(fixed(1 - epsilon + epsilon / 10, 2)) and \(fixed(epsilon / 10, 2)).
      """)
    page.figure(Charts.calibration(calibration, data: findings.data))
    page.project(
      excess.worded(
        above: "Plain labels: more confident than accurate",
        below: "Plain labels: the net is right more often than sure",
        withinChance: "Plain labels: on average as sure as right"),
      notes: "Above the line: answers given with too much confidence. Rescaled: all logits divided by one number.")
    page.prose(
      """
      The distance from the line, averaged over all answers, is the *expected calibration error*. Even a net that is right exactly as often as it says is not quite on the line, \
      since it is tested on few digits: the column *by chance* has what its error would be.
      """)
    page.table(calibration.table(stopped: nets.endings?.first { $0.ending == .softmaxEntropy }))
    page.prose(calibration.reading)
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
          In PyTorch, for kept-back `logits` and right classes `t`:

          ```python
          log_T = torch.zeros(1, requires_grad=True)
          optimizer = torch.optim.LBFGS([log_T], max_iter=50)
          def closure():
              optimizer.zero_grad()
              loss = F.cross_entropy(logits / log_T.exp(), t)
              loss.backward()
              return loss
          optimizer.step(closure)
          ```

          By hand, with Newton's method, which divides the slope of the loss by its curvature:
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

        Even if the net is right exactly as often as it says, $|\\mathrm{conf}_b - \\mathrm{acc}_b|$ is positive by chance, on average about \
        $\\sqrt{2p(1-p)/(\\pi n_b)}$ with $p = \\mathrm{conf}_b$.
        """)
      page.code("reliability", in: "Calibration.swift")
    }
  }

  /// Which ending's probabilities are the better ones.
  private static func addEndings(to page: inout Page, _ endings: [EndingCalibration], _ findings: Findings) {
    page.prose(
      """
      Which loss gives the better probabilities? Squared error too is least at the true probability. So the two softmax nets of the race are \
      trained on, each at its best rate, and tested after every epoch.
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
          .init("−ln p", digits: 3),
        ],
        rows: endings.map { ending in
          let last = ending.epochs - 1
          return [
            TableCell(ending.ending.name), .measured(Summary(ending.right[last].values.map { 100 - $0 })),
            TableCell(ending.sure[last].mean), .measured(ending.error[last]),
            .measured(ending.logLoss[last]),
          ]
        }))
    page.prose(EndingCalibration.comparison(endings))
  }

  /// Top-1 and top-5.
  static func addTopK(to page: inout Page, _ young: NetRuns) {
    let near = Summary(zip(young.topErrors(5), young.topErrors(1)).map { 100 * (1 - $0 / max($1, 1e-9)) })
    page.prose(
      """
      ## Counting mistakes: top-1 and top-5

      A loss is for learning; people count mistakes. The **top-1 error** is the share of images whose class is not the \
      first choice of the network. The **top-5 error** is the share whose class is not among its first five. ImageNet (a million photographs in a thousand classes) was judged by \
      the top-5 error, because a picture of a dog in a basket has one label and two right answers. Our net after one epoch, when it makes most mistakes, has the right class among its next four choices in \
      \(fixed(near.mean, 0)) % of its mistakes; by chance it would be 44 %.

      ```python
      first5 = logits.topk(5, dim=1).indices              # [samples, 5]
      top5_error = 1 - (first5 == t[:, None]).any(dim=1).float().mean()
      ```
      """)
  }
}
