// The page of chapter 5: LeNet-5 with and without, and a recurrent net.

import Foundation
import Workbook

extension Norms {
  /// The answer to the first question: what enters every activation, epoch after epoch.
  ///
  /// - Parameter today: a smaller run, which has one sentence beside the figure.
  static func addDrift(to page: inout Page, _ findings: Findings, today: Findings? = nil) {
    let (drift, growths, epochs) = (findings.drift, findings.drift.growths, findings.drift.epochs)
    let small = Summary(drift.fromSmallWeights.map { DriftTrace.growth($0.inputs) })
    page.prose(
      """
      ## Does it keep the numbers in range?

      LeNet-5+ is the small convolutional net of chapter 10; LeNet-5++ is the same net with batch norm. Both start with He's weights \
      (chapter 4) and learn at the rate 0.02. After every epoch we measure how widely the numbers that enter the activations are spread.
      """)
    let curves: [(String, [[Double]], Int)] = [
      ("no norm", drift.traces[0].map(\.inputs), 0),
      ("after the norm", drift.traces[1].map(\.inputs), 1),
      ("before the norm", drift.traces[1].map(\.sums), 2),
    ]
    let means = curves.map { curve in (0...epochs).map { e in Summary(curve.1.map { $0[e] }).mean } }
    let top = (means.flatMap(\.self).max() ?? 1) * 1.08
    let spreads =
      isClear(growths[0] - Summary(growths[0].values.map { _ in 1 }), beyond: 0) && growths[0].mean > 1
      && abs(growths[1].mean - 1) < 0.1
    page.figure(
      Figure(
        spreads
          ? "Without a norm the spread grows \(short(growths[0].mean, digits: 2)) times; after a norm it stays as it was"
          : "The spread of what enters the activations, without a norm, after one and before it",
        .lines(
          LineChart(
            x: Axis("epoch"), y: Axis("standard deviation of the activation inputs", range: 0...top),
            zip(curves, means).map { curve, values in
              Series(
                curve.0, x: (0...epochs).map(Double.init), y: values, isEmphasized: curve.2 == 1, color: curve.2)
            })),
        caption: """
          Net A, \(grouped(drift.trainingCount)) images; average over the four hidden activations, measured on 256 training images. \
          Mean of \(counted(drift.traces[0].count, "seed")), \(drift.data).\(today.map(todaysDrift) ?? "")
          """,
        name: "drift"))
    page.project(
      spreads
        ? "Without a norm the spread grows; with one it stays"
        : "Does the spread of the inputs grow without a norm?"
    )
    page.prose(
      """
      \(spreads ? "So the first answer is yes." : "After a norm the spread stays as it was.") After the norm the spread stays *by construction*: it equals $|\\gamma|$, and $\\gamma$ starts at 1 and moves slowly. \
      *Before* the norm, the sums of the same net grow to \(short(growths[2].mean, digits: 3)) times their first spread. Their inputs \
      were normalized one layer earlier, so they show only what one layer has learned, and not the product of \
      all layers before it. Batch norm does not stop weights from drifting; it stops the next layer from noticing.
      """)
    let (plain, normed) = (drift.traces[0][0], drift.traces[1][0])
    page.fold("All the numbers, not only their spread") { page in
      page.prose(
        """
        A published figure of such histograms starts from weights that are too small (a third of the variance that chapter 4 asks for in a linear \
        layer). From those weights the spread without a norm grows \(short(small.mean, digits: 2)) times, and most of that growth only makes up for the start. \
        The histograms below start from He's weights.
        """)
      let epochs = [0, drift.shownEpochs.count / 2, drift.shownEpochs.count - 1]
      page.figure(
        Figure(
          plain.widestAtLast > 1.2 * plain.widestAtFirst && normed.widestAtLast < 1.2 * normed.widestAtFirst
            ? "From He's weights: without a norm the histograms widen, with one they keep their spread"
            : "From He's weights: the widest σ goes from \(short(plain.widestAtFirst)) to \(short(plain.widestAtLast)) without and to \(short(normed.widestAtLast)) with a norm",
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
            "Net A, seed \(findings.seeds[0]), first and last hidden activation: the first two rows are LeNet-5+, the last two LeNet-5++. Values beyond ±6 are not drawn.",
          name: "drift-histograms"))
    }
  }

  /// The run just made, in one sentence.
  private static func todaysDrift(_ today: Findings) -> String {
    " Today's run, \(counted(today.drift.epochs, "epoch")) of \(grouped(today.drift.trainingCount)) images: the spread grows \(short(today.drift.growths[0].mean, digits: 2)) times without a norm."
  }

  /// What it costs, and how it is folded.
  ///
  /// - Parameter today: the run just made, whose times are those of this machine.
  static func addCost(to page: inout Page, _ findings: Findings, today: Findings? = nil) {
    let (drift, now) = (findings.drift, (today ?? findings).drift)
    page.prose(
      """
      ## What it costs, and how the cost disappears

      In training, batch norm adds two numbers per channel to learn and two to keep, it takes time, and the backward pass needs one more copy of every activation. \
      LeNet-5++ has five norms, over 6, 16, 120, 84 and 10 channels or units: \
      $2 \\cdot (6 + 16 + 120 + 84 + 10) = 472$ numbers to learn, and as many to keep.
      """)
    page.fold("The cost in numbers") {
      $0.table(
        Table(
          "Net A; the time, for \(grouped(now.trainingCount)) images on this machine, differs from run to run",
          columns: [
            "network", "learned", "kept beside", "values held per image", "multiply-adds",
            .init("s per epoch (time)", digits: 2),
          ],
          rows: [("LeNet-5+", 0), ("LeNet-5++", 1)].map { name, i in
            [
              TableCell(name), TableCell(drift.costs[i].parameters), TableCell(drift.costs[i].buffers),
              TableCell(drift.costs[i].activations),
              TableCell(drift.costs[i].multiplyAdds), TableCell(Summary(now.traces[i].map(\.seconds)).mean),
            ]
          }))
    }
    page.prose(
      """
      In inference $\\mu$ and $\\sigma$ are fixed numbers, so the layer only multiplies each channel by a number and adds a number. The layer before it can do both. With \
      $k = \\gamma/\\sqrt{\\sigma^2 + \\varepsilon}$ its new weights are $W' = k\\,W$ and its new bias is $b' = k\\,(b - \\mu) + \\beta$; the norm is then left out.
      """)
    page.fold("Folding in code") { $0.code("folded", in: "Drift.swift") }
    page.prose(
      """
      After folding, no output of the last layer (no *logit*, the sum before the softmax) differs by more than \(short(drift.worstFold.largestDifference)), and \
      \(drift.folding.map(\.changedAnswers).reduce(0, +)) of \(grouped(drift.folding.map(\.images).reduce(0, +))) answers change.
      """)
  }

  /// A statistic for every moment.
  static func addRecurrence(to page: inout Page, _ findings: Findings) {
    let ofLayer = (0..<28).map { t in Summary(findings.overTime.map { $0.layerDeviations[t] }) }
    let (shared, low, high) = (findings.shared, findings.sharedLow, findings.sharedHigh)
    page.fold("Why batch norm is awkward in recurrent nets") {
      $0.prose(
        """
        A *recurrent* net reads a sequence one time step after the other. Its numbers are spread differently at every time step, so batch norm needs its own statistics for each; Cooijmans et \
        al. (2016) kept such statistics. Layer norm uses one sample at one time step and needs none, which is one reason why transformers use it.
        """)
      $0.figure(
        Figure(
          low < 0.5 || high > 2
            ? "One set of batch statistics does not fit all time steps of a sequence; layer norm fits each"
            : "One set of statistics serves all time steps here: the spread stays between \(short(low)) and \(short(high, digits: 3))",
          .lines(
            LineChart(
              x: Axis("time step (row of the digit)"), y: Axis("standard deviation after normalizing", range: 0...2),
              [
                Series(
                  "batch norm, statistics shared", y: shared.map(\.mean), style: .points, isEmphasized: true,
                  color: Normalization.batch.color),
                Series(
                  "layer norm (by construction)", y: ofLayer.map(\.mean), style: .points,
                  color: Normalization.layer.color),
              ])),
          caption: """
            The sums $W x_t + U h_{t-1} + b$ of a recurrent net with 32 units ($x_t$: row $t$ of the digit; $h_{t-1}$: the outputs of the units one step before; $W$, $U$: weights). It was trained without a norm and reads 200 digits row by row \
            (\(percentage(Summary(findings.overTime.map(\.error)))) errors). The first rows of every digit are black, so nothing varies over the batch there. Mean of \(counted(findings.overTime.count, "seed")), \(findings.data).
            """,
          name: "over-time"))
    }
  }
}
