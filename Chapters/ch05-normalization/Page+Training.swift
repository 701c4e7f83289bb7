// The page of chapter 5: what normalization does to training.

import Foundation
import Workbook

extension Norms {
  /// Learning rates and first weights.
  static func addSweeps(to page: inout Page, _ findings: Findings) {
    let (sweeps, spans, limit) = (findings.sweeps, findings.sweeps.spans, SweepFindings.limit)
    let (reachRatio, scales) = (sweeps.reachRatio, sweeps.scales[1].settings)
    page.prose(
      """
      ## Does it train better?

      The same perceptron (5 hidden layers of 64 ReLU units) with and without batch norm, \(grouped(findings.trainingCount)) images, two \
      epochs. First every learning rate, with He's weights; then every size of the first weights, with one learning rate.
      """)
    page.predict(
      "The largest learning rate at which the net still learns: how many times larger is it with batch norm?",
      choices: ["1", "3", "10", "30", "100"],
      answer: reachRatio.mean,
      "Below \(Int(limit)) % test error up to \(short(sweeps.reach[0].mean)) without and \(short(sweeps.reach[1].mean)) with batch norm."
    )
    func sweepSeries(_ sweeps: [Sweep]) -> [Series] {
      zip(pair, sweeps).map { kind, sweep in
        Series(
          kind == .none ? "no norm" : kind.name, x: sweep.settings, y: sweep.errors.map(\.mean),
          deviation: sweep.errors.map(\.deviation), isEmphasized: kind == .batch, color: kind.color)
      }
    }
    let guessing = LineChart.Reference(.horizontal, at: 90, "guessing")
    page.figure(
      Figure(
        reachRatio.mean > 1.5
          ? "With batch norm the net survives learning rates \(short(reachRatio.mean)) times larger"
          : "Batch norm does not widen the range of learning rates here: its largest is \(short(reachRatio.mean)) times the other",
        .lines(
          LineChart(
            x: Axis("learning rate", log: true), y: Axis("test error (%)", range: 0...100), sweepSeries(sweeps.rates),
            references: [guessing])),
        caption:
          "After two epochs, He's initial weights. Mean and deviation of \(findings.seedWords); a run that diverged counts as guessing. \(findings.data).",
        name: "rate-sweep"))
    page.figure(
      Figure(
        spans[1] > spans[0] + 0.3
          ? "It forgives bad initial weights: usable over a factor of \(sweeps.isWiderThanSweep ? "at least " : "")\(short(pow(10, spans[1]))), without it over one of \(short(pow(10, spans[0])))"
          : "Bad initial weights: usable over a factor of \(short(pow(10, spans[1]))) with and \(short(pow(10, spans[0]))) without batch norm",
        .lines(
          LineChart(
            x: Axis("initial weights, as multiples of He's", log: true), y: Axis("test error (%)", range: 0...100),
            sweepSeries(sweeps.scales), references: [guessing])),
        caption:
          "After two epochs at learning rate 0.03. Mean and deviation of \(findings.seedWords). \(findings.data).",
        name: "scale-sweep"))
    let bestErrors = sweeps.rates.map { sweep in sweep.errors.min { $0.mean < $1.mean } ?? Summary([]) }
    let ends = [0, scales.count - 1].map { sweeps.scales[1].errors[$0].mean }
    page.prose(
      """
      Both curves with batch norm are wider, and that is most of what it gives here: at its own best learning rate the net \
      without it reaches \(percentage(bestErrors[0])) errors, with it \(percentage(bestErrors[1])).

      \(ends[1] > ends[0] + 10
        ? "Weights that are too *large* still hurt (\(fixed(ends[1], 1)) % at \(short(scales[scales.count - 1], digits: 3)) times He's, \(fixed(ends[0], 1)) % at \(short(scales[0])) times). That is the gradient of 1/a: the function is the same, but one step turns large weights by little, and two epochs are not enough."
        : "Too large and too small weights do about equally well: \(fixed(ends[1], 1)) and \(fixed(ends[0], 1)) % at the two ends.")
      """)
  }

  /// The price: it needs a batch.
  static func addBatchSizes(to page: inout Page, _ findings: Findings) {
    let (found, kinds, sizes) = (findings.sizes, Normalization.allCases, findings.sizes.sizes)
    let batch = found.errors(.batch)
    let atTwo = Normalization.four.map { found.errors($0)[0].mean }
    let worstAtTwo = atTwo.indices.max { atTwo[$0] < atTwo[$1] } ?? 0
    let othersAtTwo = Summary(atTwo.indices.filter { $0 != 0 }.map { atTwo[$0] })
    let (leastOther, mostOther) = (fixed(othersAtTwo.minimum, 1), fixed(othersAtTwo.maximum, 1))
    page.prose(
      """
      ## The price: it needs a batch

      A small LeNet: two convolutions (8 and 16 channels), a dense layer of 64, a norm in front of each activation. Everyone \
      sees the same number of images, with a learning rate in proportion to the batch size ($0.1 \\cdot m/32$). Only the \
      normalization and the batch size change.
      """)
    page.predict(
      "With batches of 2, which of the four has the most test errors?", choices: Normalization.four.map(\.name),
      answer: worstAtTwo,
      "Batch norm has \(percentage(batch[0])) errors, the other three \(leastOther == mostOther ? "\(leastOther) %" : "from \(leastOther) to \(mostOther) %")."
    )
    page.figure(
      Figure(
        worstAtTwo == 0 && batch[0].mean > 1.5 * batch[found.eight].mean
          ? "Batch norm falls apart in batches of 2; the three that never look at the batch do not"
          : "At batch size 2 \(Normalization.four[worstAtTwo].name) does worst, with \(short(atTwo[worstAtTwo], digits: 3)) % errors",
        .lines(
          LineChart(
            x: Axis("batch size", log: true, ticks: sizes.map { (Double($0), "\($0)") }),
            y: Axis("test error (%)", log: true),
            kinds.map { kind in
              Series(
                kind.rawValue, x: sizes.map(Double.init), y: found.errors(kind).map(\.mean),
                deviation: found.errors(kind).map(\.deviation),
                isEmphasized: kind == .batch, color: kind.color)
            })),
        caption:
          "Group norm has 4 groups; instance norm stands behind the convolutions only. \(grouped(found.trainingCount)) images. Mean and deviation of \(findings.seedWords). \(findings.data).",
        name: "batch-size"))
    page.table(
      Table(
        "Test error (%) by batch size", columns: ["layer"] + sizes.map { .init("\($0)", digits: 1) },
        rows: kinds.map { kind in
          [TableCell(kind.rawValue)] + found.errors(kind).map { TableCell.measured($0) }
        }))
    page.code("batchSizeSweep", in: "Training.swift")
    page.prose(
      """
      Look at what a dense layer gets from two images with values $a > b$. The mean is half-way between, the deviation half \
      the distance: $\\hat{a} = +1$ and $\\hat{b} = -1$, *whatever they were*. All that is left of a number is whether it is the \
      larger of two. Behind a convolution a batch of 2 still pools two whole maps, which is why convolutional nets notice less; \
      but the statistics then say less about the data and more about the pair, and the running ones that replace them at test \
      time describe a crowd that no training step ever saw.
      """)
  }

  /// Few images, many epochs.
  static func addLearningByHeart(to page: inout Page, _ findings: Findings) {
    let (heart, gap) = (findings.heart, findings.heart.gap)
    page.prose(
      """
      ## The noise has a use

      What an image becomes depends on who shares its batch, and that changes in every epoch. So no image is ever seen twice \
      alike, and learning by heart is harder: batch norm regularizes, S2 and S3 say. The test: \(grouped(heart.trainingCount)) images, \
      learned for \(heart.epochs) epochs with batches of 32, each net with the best of \(heart.rateCount) learning \
      \(heart.rateCount == 1 ? "rate" : "rates").
      """)
    page.table(
      Table(
        "Few images, learned by heart (%)",
        columns: ["network", .init("training error", digits: 1), .init("test error", digits: 1)],
        rows: zip(pair, heart.results).map { kind, results in
          let (training, test) = (Summary(results.map(\.trainingError)), Summary(results.map(\.error)))
          return [
            TableCell(kind == .none ? "no norm" : kind.name), .measured(training),
            .measured(test),
          ]
        }))
    page.prose(
      !isClear(gap)
        ? "On unseen images the net with batch norm is \(short(abs(gap.mean))) points \(gap.mean < 0 ? "worse" : "better"), \(chance(gap)): a regularizer it is not here."
        : gap.mean > 0
          ? "Both know their images by heart, and the one with batch norm makes fewer mistakes on others."
          : "The net with batch norm makes *more* mistakes on unseen images here. Noise alone is no guarantee.")
  }
}
