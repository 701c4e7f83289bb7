// The page of chapter 5: LeNet-5 with and without, and a recurrent net.

import Foundation
import Workbook

extension Norms {
  /// The answer to the first question: what enters every activation, epoch after epoch.
  static func addDrift(to page: inout Page, _ findings: Findings) {
    let (drift, growths, epochs) = (findings.drift, findings.drift.growths, findings.drift.epochs)
    let small = Summary(drift.fromSmallWeights.map { DriftTrace.growth($0.inputs) })
    page.prose(
      """
      ## Does it keep the numbers in range?

      LeNet-5+ is the small convolutional net of chapter 10, LeNet-5++ the same with batch norm. Both start with He's weights \
      (chapter 4) and learn at one rate, 0.02. How widely spread are the numbers that enter their activations, epoch after epoch?
      """)
    let curves: [(String, [[Double]], Int)] = [
      ("no norm", drift.traces[0].map(\.inputs), 0),
      ("behind the norm", drift.traces[1].map(\.inputs), 1),
      ("in front of the norm", drift.traces[1].map(\.sums), 2),
    ]
    let spreads =
      isClear(growths[0] - Summary(growths[0].values.map { _ in 1 }), beyond: 0) && growths[0].mean > 1
      && abs(growths[1].mean - 1) < 0.1
    page.figure(
      Figure(
        spreads
          ? "From He's weights the spread grows \(short(growths[0].mean, digits: 2)) times without a norm; after one it stays as it was"
          : "The spread of what enters the activations, without a norm, after one and before it",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("standard deviation of the activation inputs", log: true),
            curves.map { name, values, color in
              Series(
                name, x: (0...epochs).map(Double.init), y: (0...epochs).map { e in Summary(values.map { $0[e] }).mean },
                isEmphasized: color == 1, color: color)
            })),
        caption: """
          Average over the four hidden activations of LeNet-5+ (no norm) and LeNet-5++, on 256 training images. Mean of \(counted(drift.traces[0].count, "seed")), \
          \(grouped(drift.trainingCount)) images, \(drift.data).
          """,
        name: "drift"))
    page.project(
      spreads
        ? "Without a norm the spread grows; with one it stays"
        : "Does the spread of the inputs grow without a norm?"
    )
    page.prose(
      """
      \(spreads ? "Yes: in \(epochs) epochs the spread grows \(short(growths[0].mean, digits: 2)) times without a norm, and stays as it was behind one." : "Behind a norm the spread stays as it was.") \
      That is so *by construction*: it is $|\\gamma|$, and $\\gamma$ starts at 1 and moves slowly. \
      *In front of* the norm the sums of the same net go to \(short(growths[2].mean, digits: 3)) times their spread at the start: \
      what reaches their weights was normalized one layer earlier, so they feel what one layer has learned, and not the product of \
      all before it. Batch norm does not stop weights from drifting; it stops the next layer from noticing.
      """)
    let (plain, normed) = (drift.traces[0][0], drift.traces[1][0])
    page.fold("All the numbers, not their spread alone") { page in
      page.prose(
        """
        S0 drew these histograms from weights that are too small (a third of the variance that chapter 4 asks of a linear \
        layer): from those the spread without a norm grows \(short(small.mean, digits: 2)) times, and most of that is the start. \
        Here they are from He's weights.
        """)
      let epochs = [0, drift.shownEpochs.count / 2, drift.shownEpochs.count - 1]
      page.figure(
        Figure(
          plain.widestAtLast > 1.2 * plain.widestAtFirst && normed.widestAtLast < 1.2 * normed.widestAtFirst
            ? "S0's figure 5 from He's weights: without a norm the histograms widen, with one they keep their spread"
            : "S0's figure 5 from He's weights: the widest σ goes from \(short(plain.widestAtFirst)) to \(short(plain.widestAtLast)) without and to \(short(normed.widestAtLast)) with a norm",
          .histograms(
            HistogramGrid(
              columns: epochs.map { drift.shownEpochs[$0] == 0 ? "start" : "epoch \(drift.shownEpochs[$0])" },
              rows: [0, 1].flatMap { kind -> [HistogramGrid.Row] in
                [0, drift.layers.count - 1].map { layer in
                  .init(
                    "\(kind == 0 ? "no norm" : "norm"), \(drift.layers[layer])", range: -6...6,
                    epochs.map { epoch in
                      let snapshot = drift.shown[kind][epoch]
                      return HistogramGrid.Panel(
                        heights: snapshot[layer].histogram.map { Double($0) / Double(snapshot[layer].count) },
                        title: "σ \(short(snapshot[layer].deviation))")
                    }, color: kind)
                }
              }, xLabel: "input of the activation")),
          caption:
            "Seed \(findings.seeds[0]). First two rows LeNet-5+, last two LeNet-5++. Values beyond ±6 are not drawn.",
          name: "drift-histograms"))
    }
  }

  /// What it costs, and how it is folded.
  static func addCost(to page: inout Page, _ findings: Findings) {
    let drift = findings.drift
    page.prose(
      """
      ## What it costs, and how the cost disappears

      In training: two more numbers per channel to learn, two to keep, and one more copy of every activation to hold for the \
      backward pass. S4 rightly calls that a price. LeNet-5++ has five norms, over 6, 16, 120, 84 and 10 channels or units: \
      $2 \\cdot (6 + 16 + 120 + 84 + 10) = 472$ numbers to learn, and as many to keep.
      """)
    page.fold("The cost in numbers") {
      $0.table(
        Table(
          "LeNet-5+ and LeNet-5++; the time, for \(grouped(drift.trainingCount)) images, differs from run to run",
          columns: [
            "network", "learned", "kept beside", "values held per image", "multiply-adds",
            .init("s per epoch (time)", digits: 2),
          ],
          rows: [("LeNet-5+", 0), ("LeNet-5++", 1)].map { name, i in
            [
              TableCell(name), TableCell(drift.costs[i].parameters), TableCell(drift.costs[i].buffers),
              TableCell(drift.costs[i].activations),
              TableCell(drift.costs[i].multiplyAdds), TableCell(Summary(drift.traces[i].map(\.seconds)).mean),
            ]
          }))
    }
    page.prose(
      """
      In inference the layer is a scale and a shift of each channel, and so is a convolution's weight and bias. With \
      $k = \\gamma/\\sqrt{\\sigma^2 + \\varepsilon}$ one absorbs the other: $W' = k\\,W$ and $b' = k\\,(b - \\mu) + \\beta$.
      """)
    page.fold("Folding in code") { $0.code("folded", in: "Drift.swift") }
    page.prose(
      """
      No *logit* (a sum of the last layer, before the softmax) changes by more than \(short(drift.worstFold.largestDifference)), and \
      \(drift.folding.map(\.changedAnswers).reduce(0, +)) of \(grouped(drift.folding.map(\.images).reduce(0, +))) answers do.
      """)
  }

  /// A statistic for every moment.
  static func addRecurrence(to page: inout Page, _ findings: Findings) {
    let ofLayer = (0..<28).map { t in Summary(findings.overTime.map { $0.layerDeviations[t] }) }
    let (shared, low, high) = (findings.shared, findings.sharedLow, findings.sharedHigh)
    page.fold("Why recurrent nets find it awkward") {
      $0.prose(
        """
        A net that reads a sequence moment by moment (a *recurrent* net) would need statistics for every moment, and Cooijmans et \
        al. (2016) kept them. Layer norm, which uses one sample at one moment, needs none: one reason why transformers use it.
        """)
      $0.figure(
        Figure(
          low < 0.5 || high > 2
            ? "One set of batch statistics does not fit all moments of a sequence; layer norm fits each"
            : "One set of statistics serves all moments here: the spread stays between \(short(low)) and \(short(high, digits: 3))",
          .lines(
            LineChart(
              x: Axis("moment (row of the digit)"), y: Axis("standard deviation after normalizing", range: 0...2),
              [
                Series(
                  "batch norm, statistics shared", y: shared.map(\.mean), style: .points, isEmphasized: true,
                  color: Normalization.batch.color),
                Series(
                  "layer norm (by construction)", y: ofLayer.map(\.mean), style: .points,
                  color: Normalization.layer.color),
              ])),
          caption: """
            The sums $W x_t + U h_{t-1} + b$ of a recurrent net with 32 units that reads 200 digits row by row, trained without a \
            norm (\(percentage(Summary(findings.overTime.map(\.error)))) errors). The first rows of every digit are black: over the \
            batch nothing varies. Mean of \(counted(findings.overTime.count, "seed")), \(findings.data).
            """,
          name: "over-time"))
    }
  }
}
