// The page of chapter 5: what normalization does to training.

import Foundation
import Workbook

extension Norms {
  /// Learning rates and initial weights.
  ///
  /// - Parameters:
  ///   - controls: nets at rates of their own, where they have been measured.
  ///   - isRecorded: whether that is the record's.
  ///   - toTheEnd: few images and many epochs, where the record has them.
  static func addSweeps(
    to page: inout Page, _ findings: Findings, controls: NormControls? = nil, isRecorded: Bool = false,
    toTheEnd: HeartFindings? = nil
  ) {
    let (sweeps, limit) = (findings.sweeps, SweepFindings.limit)
    let (ratio, gain, best) = (sweeps.reachRatio, sweeps.gain, sweeps.bestErrors)
    let isFactor = ratio.count >= 3 && ratio.minimum > 1
    let ahead = sweeps.plainAhead
    let small =
      ahead.isEmpty
      ? "" : "At small rates (\(listed(ahead))) the net without a norm is ahead. "
    page.prose(
      """
      ## Does it train better?

      From here on a perceptron (a net of dense layers, here 5 hidden ones of 64 ReLU units) with and without batch norm, \(grouped(findings.trainingCount)) images, two \
      epochs: first at every learning rate, from He's weights.\(findings.keptBack.map { " A *best* rate is the one with the fewest errors on \(grouped($0)) images kept back, neither learned from nor tested on." } ?? "")\
      \(isRecorded && controls != nil ? " Where the recorded run is quoted, it had more images: compare errors within one run only." : "")
      """)
    page.predict(
      """
      At a rate of \(short(sweeps.rates[0].settings[0], digits: 3)) the net **without** a norm still learns; at \
      \(short(sweeps.guessesFrom)) it only guesses. How does the error of the net **with** batch norm go, from the smallest rate to the \
      largest?
      """,
      drawing: Normalization.batch.name,
      """
      It falls, stays low over a wide range, and ends at guessing, too\(isFactor ? "; the largest rate at which it learns is \(factorRange(ratio)) times as large" : "").
      """)
    page.figure(
      Figure(
        isFactor
          ? "With batch norm the net still learns at rates \(factorRange(ratio)) times larger"
          : "Test error by learning rate, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", range: 0...100), sweepSeries(sweeps.rates),
            references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          It learns: less than \(Int(limit)) % errors. Largest such rate, with against without: \(factorRange(ratio)) times, by seed, \
          on a grid of factors of 2. Best rates: \(listed(sweeps.bestRates)). Mean of \(findings.seedWords); a run that diverged counts as guessing; \(findings.data).
          """,
        name: "rate-sweep"))
    page.project(
      isFactor
        ? "Batch norm stands much larger learning rates"
        : "At its best rate: \(fixed(best[0].mean, 0)) % errors without a norm, \(fixed(best[1].mean, 0)) % with")
    page.prose(
      """
      A wider range of rates makes tuning easier; it need not make the result better. \(small)At its own best rate the net without \
      a norm reaches \(percentage(best[0])) errors, the one with batch norm \(percentage(best[1])): batch norm \
      \(gain.mean < 0 ? "costs" : "saves") \(fixed(abs(gain.mean), 1)) points\(gain.magnitude.intervalNote()), \(chance(gain, beyond: 0)).\(choice(findings))\(toTheEnd.map(sooner) ?? "")
      """)
    page.prose("Now every size of the initial weights, at one rate:")
    let (atEighth, atHe) = (sweeps.error(without: 0.125), sweeps.error(without: 1))
    // The size nearest to an eighth that was tried.
    let settings = sweeps.scales[0].settings
    let divisor = Int((1 / settings[nearest(to: 0.125, in: settings)]).rounded())
    let product = (0..<5).reduce(1) { result, _ in result * divisor }
    page.predict(
      "Without a norm, all initial weights 1/\(divisor) of He's: after two epochs the test error is",
      choices: ["about the same as with He's weights", "about twice as high", "that of guessing"],
      answer: atEighth.mean > 70 ? 2 : atEighth.mean > 1.5 * atHe.mean ? 1 : 0,
      """
      \(percentage(atEighth)), with He's weights \(percentage(atHe)).\
      \(atEighth.mean > 70 ? " Five hidden layers shrink the signal to 1/\(divisor)⁵ = 1/\(grouped(product)), and every step is thousands of times too small: in two epochs nothing moves." : "")
      """
    )
    page.project("Initial weights 1/\(divisor) of He's: what happens?")
    let spans = sweeps.spansBySeed
    let forgives = isClear(spans[1] - spans[0], beyond: 0) && spans[1].mean > spans[0].mean
    page.figure(
      Figure(
        forgives
          ? "Batch norm forgives initial weights \(sweeps.isWiderThanSweep ? "at every size tried" : "over a wide range"); without it only those near He's work"
          : "Test error by the size of the initial weights, with and without batch norm",
        .lines(
          LineChart(
            x: Axis("initial weights, as multiples of He's", log: true), y: Axis("test error (%)", range: 0...100),
            sweepSeries(sweeps.scales), references: [.init(.horizontal, at: 90, "guessing")])),
        caption: """
          After two epochs at learning rate 0.03, one that suits the net without a norm. Mean of \(findings.seedWords); \(findings.data).
          """,
        name: "scale-sweep"))
    page.project(
      forgives
        ? "Batch norm forgives bad initial weights"
        : "Bad initial weights: does batch norm forgive them?")
    page.prose(scaleWords(sweeps, isWider: forgives))
    if let controls { page.prose(scaleControl(controls, isRecorded: isRecorded)) }
  }

  /// What choosing rates on the reported images flatters, where none were kept back.
  private static func choice(_ findings: Findings) -> String {
    findings.keptBack == nil
      ? " (The rates are chosen by the tested images, which chapter 3 forbids: an error at a best rate is a little too low.)"
      : ""
  }

  /// That two epochs are the beginning, and what is left of the lead at the end.
  private static func sooner(_ heart: HeartFindings) -> String {
    let end = heart.gap.worded(
      above: "batch norm is still ahead", below: "the lead is gone, and the net without a norm even ends in front",
      withinChance: "of the lead nothing is left beyond chance")
    return
      "\n\n*Better* means *sooner* here: after two epochs. Trained to the end, \(heart.epochs) epochs on \(grouped(heart.trainingCount)) images in the recorded run, each net at its own best rate, \(end): \(percentage(heart.errors(0))) errors without a norm, \(percentage(heart.errors(1))) with (*Noise that regularizes?*, below)."
  }

  /// What the net with weights of an eighth does at rates of its own.
  static func scaleControl(_ found: NormControls, isRecorded: Bool) -> String {
    let (small, least) = (found.chosen(0, at: 0.125), found.chosen(0, at: 1).errors)
    let norm = found.byScale[1].map(\.errors.mean)
    let (most, few) = (norm.max() ?? 0, norm.min() ?? 0)
    let start =
      "One rate for all is not fair. So give each point the best of \(counted(small.tried.count, "rate")) from \(short(small.tried.min() ?? 0)) to \(short(small.tried.max() ?? 0)), chosen on images kept back\(isRecorded ? " (recorded run, \(counted(found.seeds, "seed")), the same \(grouped(found.trainingCount)) images to learn from, all test images)" : ""). Without a norm, weights of 1/8 then err on \(percentage(small.errors)), He's on \(percentage(least)): "
    let middle =
      small.errors.mean > 70
      ? "none of these rates saves them; by the arithmetic above it would take one thousands of times as large. "
      : (small.errors - least).worded(
        above: "a better rate saves a part. ", below: "with a rate of their own they are even better. ",
        withinChance: "with a rate of their own they are as good, within chance. ")
    return start + middle
      + "With batch norm every size from 1/8 to 8 errs on \(fixed(few, 0)) to \(fixed(most, 0)) %: what the large weights of the figure lacked was, for the most part, longer steps."
  }

  /// What the size of the weights does with batch norm: nothing but to scale the step.
  private static func scaleWords(_ sweeps: SweepFindings, isWider: Bool) -> String {
    let (quarter, whole) = (sweeps.error(with: 0.25), sweeps.error(with: 1))
    let lead = sweeps.error(without: 1) - whole
    let step =
      "weights a quarter as large have a gradient four times as large, and a step turns them 4 · 4 = 16 times as far (next section). On the right of the figure the same rule works against them: weights 4 times as large are turned 1/16 as far, and two epochs are too short."
    let words =
      (isClear(whole - quarter, beyond: 0) && quarter.mean < whole.mean
        ? "With batch norm small weights look better than He's only because 0.03 is too small for this net: " + step
        : "With batch norm the size of the weights acts through the step alone: " + step)
    guard lead.count >= 3 else { return words }
    return words + " At He's weights and this rate "
      + lead.worded(
        above: "batch norm saves \(fixed(lead.mean, 1)) points\(lead.magnitude.intervalNote())",
        below: "the net without a norm is ahead by \(fixed(-lead.mean, 1)) points\(lead.magnitude.intervalNote())",
        withinChance: "the net without a norm is as good, within chance")
      + (isWider ? "; what batch norm buys is the width." : ".")
  }

  private static func sweepSeries(_ sweeps: [Sweep]) -> [Series] {
    zip(pair, sweeps).map { kind, sweep in
      Series(
        kind == .none ? "no norm" : kind.name, x: sweep.settings, y: sweep.errors.map(\.mean),
        deviation: sweep.errors.map(\.deviation), drawsDeviation: false, isEmphasized: kind == .batch,
        color: kind.color)
    }
  }

  /// The price: it needs a batch.
  ///
  /// - Parameters:
  ///   - controls: nets at rates of their own, where they have been measured.
  ///   - isRecorded: whether that is the record's.
  static func addBatchSizes(
    to page: inout Page, _ findings: Findings, controls: NormControls? = nil, isRecorded: Bool = false
  ) {
    let (found, kinds, sizes) = (findings.sizes, Normalization.allCases, findings.sizes.sizes)
    let (batch, placed, again) = (found.errors(.batch), found.convolutionsOnly.errors, found.reestimated.errors)
    let breaks = found.ratios(.batch).minimum > 1.5
    page.prose(
      """
      ## The price: it needs a batch

      A small LeNet: two convolutions of 5×5 (8 and 16 channels), each followed by a halving of width and height (*pooling*, \
      chapter 9), a dense layer of 64, and a norm before each activation. Images have 28×28 pixels, so the norms see 8 maps of 12×12, 16 maps of 4×4, and 64 units. All nets \
      see the same number of images, with a learning rate in proportion to the batch size. Only the normalization and the \
      batch size change.
      """)
    page.predict(
      "With batches of 2 the net with batch norm makes many more mistakes. Which norm is to blame?",
      choices: [
        "those after the convolutions", "the one after the dense layer", "none: the stored statistics are too rough",
      ],
      answer: found.denseNormBreaks
        ? 1 : found.sparedByStatistics.mean > found.sparedByPlacement.mean ? 2 : 0,
      """
      Errors with the norms everywhere: \(percentage(batch[0])); after the convolutions only: \
      \(percentage(placed[0]))\(found.denseOnly.map { "; after the dense layer only: \(percentage($0.errors[0]))" } ?? ""); everywhere, \
      with statistics taken anew: \(percentage(again[0])).\
      \(found.denseNormBreaks ? " Two numbers are no sample; a map has many." : "")\(otherNorms(found))
      """)
    page.project("Batches of 2: which norm is to blame?")
    // Layer norm's colour, which is not drawn here.
    let olive = Normalization.layer.color
    let rows: [(String, [Summary], Int)] =
      kinds.map { ($0 == .none ? "no norm" : $0.name, found.errors($0), $0.color) }
      + [("batch norm, convolutions only", placed, olive)]
    let drawn = ["no norm", Normalization.batch.name, Normalization.group.name, "batch norm, convolutions only"]
    page.figure(
      Figure(
        breaks && found.denseNormBreaks
          ? "In batches of 2 the batch norm after the dense layer breaks; those after convolutions do not"
          : "Test error by batch size, for each normalization",
        .lines(
          LineChart(
            x: Axis("batch size", log: true, ticks: sizes.map { (Double($0), "\($0)") }),
            y: Axis("test error (%)"),
            rows.filter { drawn.contains($0.0) }.map { name, errors, color in
              Series(
                name, x: sizes.map(Double.init), y: errors.map(\.mean),
                // Bands of lines that lie together would hide them.
                deviation: color == Normalization.batch.color ? errors.map { $0.count < 3 ? 0 : $0.uncertainty } : [],
                isEmphasized: color == Normalization.batch.color, color: color)
            })),
        caption: """
          At the rate 0.1·m/32 for batches of m\(controls == nil ? ", not tuned" : " (each at its own best rate, in batches of 2: below)"). Group norm has 4 groups; layer and instance norm, and all \
          deviations, stand in the table. \(grouped(found.trainingCount)) images. Mean of \(findings.seedWords), shading the 95 % interval of \
          batch norm; \(findings.data).
          """,
        name: "batch-size"))
    page.project(
      breaks && found.denseNormBreaks && isClear(found.sparedByPlacement, beyond: 0)
        ? "Batches of \(sizes[0]) break the norm after the dense layer"
        : "Batches of \(sizes[0]): \(fixed(batch[0].mean, 0)) % errors, or \(fixed(placed[0].mean, 0)) % without the dense norm"
    )
    page.fold("The numbers, and statistics taken anew") {
      $0.table(
        Table(
          "Test error (%) by batch size; instance norm stands after the convolutions only, as one value has no variance",
          columns: ["layer"] + sizes.map { .init("\($0)", digits: 1) },
          rows: (rows.map { ($0.0, $0.1) } + [("batch norm, statistics taken anew", again)]).map { name, errors in
            [TableCell(name)] + errors.map { TableCell.measured($0) }
          }))
      $0.code("batchSizeSweep", in: "Training.swift")
    }
    page.prose(
      """
      Look at what a dense layer gets from two images with values $a > b$. The mean is half-way between, the deviation half \
      the distance: $\\hat{a} = +1$ and $\\hat{b} = -1$, *whatever they were*. All that is left of a number is whether it is the \
      larger of two. And next to nothing goes back. The two gradients of a unit must add up to 0 and be at right angles to \
      $(+1, -1)$: only $(0, 0)$ does both, but for the $\\varepsilon$. The $\\varepsilon$ counts where the two values are nearly equal; there a \
      gradient passes, multiplied by up to $1/\\sqrt{\\varepsilon} \\approx 316$. So in most steps a unit before such a norm learns \
      nothing, and now and then it gets a kick.

      After a convolution a batch of 2 still has two whole maps: $2 \\cdot 12 \\cdot 12 = 288$ values after the \
      first one here, $2 \\cdot 4 \\cdot 4 = 32$ after the second.
      """)
    if let controls { page.prose(pairControl(controls, isRecorded: isRecorded)) }
    page.prose(
      """
      Wu and He (2018) and S4 blame the noise of small batches, and often the stored statistics are blamed too. \
      \(found.denseNormBreaks
        ? "It is the noise of a small sample, but the sample that counts is $m = N \\cdot H \\cdot W$: 2 after the dense layer, 32 and 288 after the convolutions. Stale statistics are not the cause: taken anew they still give \(percentage(again[0])) errors. This does not explain Wu and He. Their ResNet-50 has no norm after a dense layer, and at 2 images its smallest sample is $2 \\cdot 7 \\cdot 7 = 98$ values, three times the 32 that are harmless here; yet its error rises from 23.6 to 34.7 %. Perhaps many slightly noisy norms in a row do such harm; a net with two convolutions cannot tell."
        : "Here no single norm explains the loss.")

      What to do about small batches: group norm; or means taken over the images of all graphics cards together (*SyncBN*); \
      or, when a trained net is only tuned further, its stored statistics, left as they are (*frozen*).
      """)
  }

  /// Why the net with norms everywhere may err less than that with the dense one alone, where it does.
  private static func otherNorms(_ found: SizeFindings) -> String {
    guard let dense = found.denseOnly else { return "" }
    return (dense.errors[0] - found.errors(.batch)[0]).worded(
      above: " (That the norms after the convolutions help that net is not explained here.)", below: "",
      withinChance: "")
  }

  /// Batches of 2 with every net at its own best rate, and with an ε that stops the kicks.
  static func pairControl(_ found: NormControls, isRecorded: Bool) -> String {
    let (all, mild, placed) = (
      found.inPairs(.everywhere), found.inPairs(.largeEpsilon), found.inPairs(.convolutionsOnly)
    )
    guard let first = found.inPairs.first, all.count > 0, mild.count > 0, placed.count > 0 else { return "" }
    let (harm, relief) = (all - placed, all - mild)
    var words =
      "Two questions\(isRecorded ? " (recorded run, \(counted(found.seeds, "seed")), all test images)" : ""). Is it the rate? With the best of \(counted(first.net.tried.count, "rate")) for each, norms everywhere err on \(percentage(all)), norms after the convolutions only on \(percentage(placed)): "
    words += harm.worded(
      above: "no. ", below: "the rate was to blame. ", withinChance: "the rate was to blame. ")
    let cut = found.inPairs(.kicksCut)
    words += "Is it the kicks? "
    if cut.count > 0 {
      let (kicks, rest) = (all - cut, cut - mild)
      words +=
        "An $\\varepsilon$ of 0.1 would limit the factor to $1/\\sqrt{0.1} = 3.2$. First that limit alone, on the way back through the dense norm: a larger factor is set to 3.2, and all else stays as it was. The net then errs on \(percentage(cut)): "
        + kicks.worded(
          above: "\(fixed(kicks.mean, 0)) points of the harm are theirs\(kicks.magnitude.intervalNote()). ",
          below: "without them it is worse. ", withinChance: "they do no harm beyond chance. ")
        + "Then $\\varepsilon = 0.1$ itself, which also lets ordinary gradients pass and makes more of a number than its sign: \(percentage(mild)), and "
        + rest.worded(
          above: "another \(fixed(rest.mean, 0)) points come from those two.",
          below: "that makes it worse again.", withinChance: "those two do no harm beyond chance.")
    } else {
      words +=
        "With $\\varepsilon = 0.1$ in the dense norm no gradient grows more than $1/\\sqrt{0.1} = 3.2$ times, and it errs on \(percentage(mild)): "
        + relief.worded(
          above: (mild - placed).worded(
            above: relief.mean > 0.5 * harm.mean
              ? "most of the harm comes from it." : "a part of the harm comes from it.",
            below: "it was that.", withinChance: "it was that."),
          below: "a larger ε makes it worse.", withinChance: "that is not what does the harm.")
    }
    return words
  }

  /// The fourth reason: few images, many epochs.
  ///
  /// - Parameter told: the record, where this is another run.
  static func addLearningByHeart(to page: inout Page, _ findings: Findings, told: Findings? = nil) {
    let more = findings.heartAgain ?? told?.heartAgain
    let (heart, isRecorded) = (more ?? findings.heart, more != nil && findings.heartAgain == nil)
    let gap = heart.gap
    page.prose(
      """
      ### 4. Noise that regularizes?

      Ioffe and Szegedy, and S2 and S3 after them, say that batch norm *regularizes*: it hinders learning by heart (chapter 7). The test: \(grouped(heart.trainingCount)) images for \
      \(heart.epochs) epochs with batches of 32, each net with the best of \(counted(heart.rateCount, "learning rate")). It is a weaker \
      test than the others: batch norm as a whole is switched on, and not its noise alone.
      """)
    page.table(
      Table(
        "Few images, learned by heart (%), over \(heart.seedWords)\(isRecorded ? " of the recorded run" : "")",
        columns: ["network", .init("training error", digits: 1), .init("test error", digits: 1)],
        rows: zip(pair, heart.results).map { kind, results in
          let (training, test) = (Summary(results.map(\.trainingError)), Summary(results.map(\.error)))
          return [
            TableCell(kind == .none ? "no norm" : kind.name), .measured(training),
            .measured(test),
          ]
        }))
    let rises = isClear(heart.trainingRise, beyond: 0) && heart.trainingRise.mean > 0
    let bound = gap.mean + gap.uncertainty
    page.prose(
      (rises ? "With batch norm the training error is higher. " : "")
        + gap.worded(
          above: "On new images batch norm saves \(fixed(gap.mean, 1)) points\(gap.magnitude.intervalNote()).",
          below:
            "On new images it costs \(fixed(-gap.mean, 1)) points\(gap.magnitude.intervalNote()): in this perceptron no regularizing is to be seen.",
          withinChance:
            "On new images no gain can be told from chance\(gap.count < 3 ? "" : "; if there is one, it is at most \(fixed(max(0, bound), 1)) points (95 %: \(gap.interval()) saved)")."
        )
        + " What the noise does by itself this cannot say: stored statistics that do not fit, or a last batch of few images, would show in the same numbers. The control would be mean and variance of many images at batches of 32; it was not run."
    )
  }
}
