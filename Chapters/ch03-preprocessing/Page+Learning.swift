// The page of chapter 3: the same network on digits prepared in six ways.

import Foundation
import Workbook

extension Preprocessings {
  /// Six ways in a race, each at the best of its rates.
  static func addExperiment(to page: inout Page, _ findings: Findings) {
    let (learning, bestLoss, bestError) = (findings.learning, findings.bestLoss, findings.bestError)
    let rivals = findings.rivals.map(\.name)
    page.prose(
      """
      ## The experiment

      One hidden layer of 32 tanh units learns the digits, \(findings.epochs) epochs of plain gradient descent in batches of 32. Each \
      preparation may choose the best of \(learning.rates.count) learning rates: otherwise a preparation that makes its inputs larger \
      would win for that alone.
      """)
    page.predict(
      "Which preparation ends with the lowest **training** loss?", choices: Method.allCases.map(\.name),
      answer: bestLoss.rawValue, "\(learning.best(bestLoss).loss.formatted(decimals: 3)) in the last epoch.")
    page.predict(
      "And which with the lowest error on **test** images?", choices: Method.allCases.map(\.name),
      answer: bestError.rawValue,
      """
      \(learning.best(bestError).error.formatted(decimals: 1)) % errors.\(rivals.isEmpty ? "" : " No worse beyond chance, and as right: \(rivals.joined(separator: ", ")).") \
      Look at the spread over the seeds before you call a difference one: the table below has it.
      """)
    page.code("learn", in: "Learning.swift")
    page.figure(
      Figure(
        bestLoss == .whitened && learning.best(.whitened).error.mean > learning.best(.meanImage).error.mean
          ? "Whitening ends with the lowest training loss, and with more mistakes on the test set than the mean image"
          : "\(bestLoss.name.capitalized) ends with the lowest training loss, \(bestError.name) with the lowest test error",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("training loss", log: true),
            [Method.raw, .meanImage, .channelStandard, .whitened].map { method in
              let curve = learning.curve(method)
              return Series(
                method.name, x: curve.indices.map { 8 * Double($0) + 4 }, y: curve, style: .line,
                isEmphasized: method == bestLoss, color: [6, 0, 0, 2, 3, 1][method.rawValue])
            })),
        caption: """
          Each at its best rate; means of 8 steps. \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) images (\(findings.data)). The loss falls in steps \
          where an epoch ends: from then on the images are known. Channel mean and PCA are in the table.
          """,
        name: "learning-curves"))
    page.table(
      Table(
        "After \(findings.epochs) epochs, each at its best learning rate",
        columns: ["way", "best rate", .init("loss, last epoch", digits: 3), .init("test error (%)", digits: 1)],
        rows: Method.allCases.map { method in
          let result = learning.best(method)
          return [
            TableCell(method.name), TableCell("\(learning.rates[learning.bestRate(method)])"),
            .measured(result.loss), .measured(result.error),
          ]
        }))
  }

  /// What the rate has to do with it.
  static func addRates(to page: inout Page, _ findings: Findings) {
    let (learning, rates) = (findings.learning, findings.learning.rates)
    let slow = [Method.channelStandard, .channelMean].map { learning.finalLoss($0, rate: 0).mean }
    page.figure(
      Figure(
        """
        At a rate of \(rates[0]) dividing by σ brings the loss from \(fixed(slow[1], 2)) to \(fixed(slow[0], 2)); with the \
        best rate for each, from \(fixed(learning.best(.channelMean).loss.mean, 2)) to \
        \(fixed(learning.best(.channelStandard).loss.mean, 2))
        """,
        .heatMap(
          HeatMap(
            Method.allCases.map { method in
              rates.indices.map { rate in
                let loss = learning.finalLoss(method, rate: rate).mean
                return loss.isFinite ? loss : .nan
              }
            },
            rows: Method.allCases.map(\.name), columns: rates.map { "\($0)" }, xLabel: "learning rate",
            showsNumbers: true)),
        caption: "Training loss of the last epoch. \(findings.overSeeds). \(findings.data).", name: "rates"))
    page.callout(
      .note,
      """
      With a single channel, dividing by $\\sigma$ multiplies all inputs by the same number, \(short(1 / findings.digits.pixelDeviation)) \
      here. For the first layer that is a larger learning rate in disguise, by that number squared, and larger first weights. What it \
      buys is that the usual rates and the usual first weights fit: inputs then have a standard deviation of \(short(findings.digits.standardizedDeviation)), as the \
      derivation in chapter 4 assumes.
      """)
  }

  /// The same digits, black on white.
  static func addInk(to page: inout Page, _ findings: Findings) {
    let (raw, centered) = (findings.learning.best(.raw), findings.learning.best(.meanImage))
    let (inkRaw, inkCentered) = (findings.ink.best(.raw), findings.ink.best(.meanImage))
    let mean = findings.digits.pixelMean
    page.prose(
      """
      ## Black on white

      For these digits the raw pixels did not do badly. That is an accident of the data: MNIST is white on black, most pixels \
      are 0, and their mean is only \(short(mean)). Exchange black and white, $x' = 1 - x$, as paper has it. The information \
      is the same, the mean is \(short(1 - mean)).
      """)
    let darkNames = ["white on black", "black on white"]
    page.figure(
      Figure(
        inkRaw.loss.mean > 1.2 * raw.loss.mean
          ? "On white paper raw pixels end at a loss of \(short(inkRaw.loss.mean)); with the mean subtracted, paper and ink do not matter"
          : "Even on white paper raw pixels learn as well as centred ones here",
        .bars(
          BarChart(
            categories: darkNames, y: Axis("training loss, last epoch"),
            [
              .init(
                "raw", [raw.loss.mean, inkRaw.loss.mean],
                deviation: [raw.loss.deviation, inkRaw.loss.deviation], color: 6),
              .init(
                "mean image subtracted", [centered.loss.mean, inkCentered.loss.mean],
                deviation: [centered.loss.deviation, inkCentered.loss.deviation], color: 0),
            ])),
        caption:
          "Each at the best of \(findings.learning.rates.count) rates. \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) images (\(findings.data)).",
        name: "ink"))
  }

  /// Gradients of one sign.
  static func addSigns(to page: inout Page, _ signs: SignFindings) {
    page.prose(
      """
      ## All the same sign

      There is a second reason to centre. The gradient of a unit's weights is $\\delta \\cdot x$, with one number $\\delta$ for \
      the unit. If no $x_i$ is negative, all weights of the unit are pushed up together or down together, and a goal that asks \
      for some up and some down is reached by zig-zag only.
      """)
    page.table(
      Table(
        "Gradients of first-layer units in which no two weights are pushed in opposite directions (%)",
        columns: ["inputs", .init("one image at a time", digits: 1), .init("batches of 32", digits: 1)],
        rows: [0, 1].map { way in
          [TableCell(way == 0 ? "raw" : "mean image subtracted")]
            + [.measured(signs.single[way]), .measured(signs.batch[way])]
        }))
    page.prose(
      signs.batch[0].mean < 50
        ? """
        With one image at a time it is as the sources say. In a batch the $\\delta$ of different images differ in sign, and the \
        sum is free to point anywhere: strictly one sign for all weights disappears, though a common push may remain (chapter 2 \
        measures it). What remains of the mean is its long valley.
        """
        : """
        With one image at a time it is as the sources say, and in batches of 32 it still holds for most units.
        """)
  }

  /// How much to whiten.
  static func addWhitening(to page: inout Page, _ findings: Findings) {
    let (sweep, centered) = (findings.whitening, findings.learning.best(.meanImage))
    let (epsilons, errors, kept, best) = (sweep.epsilons, sweep.errors, sweep.kept, sweep.best)
    page.prose(
      """
      ## How much to whiten

      Whitening treats a direction in which digits differ and one in which they hardly do as equals. The second kind is mostly \
      noise: corners that a single pen has reached. $\\varepsilon$ is where the line is drawn. Move it, and see what the network \
      gets to see.
      """)
    page.figure(
      Figure(
        kept[kept.count - 1] > kept[0] + 0.2
          ? """
          With ε = \(short(epsilons[0])) a whitened digit correlates with the original to \(fixed(kept[0], 2)), with \
          ε = \(short(epsilons[epsilons.count - 1])) to \(fixed(kept[kept.count - 1], 2))
          """ : "How much is whitened makes little difference to these digits",
        exploring: FigureParameter("ε", values: epsilons, initial: epsilons.firstIndex { $0 >= 0.01 } ?? 0),
        caption:
          "Eight test digits (\(findings.data)), whitened and turned back to pixels; each frame on its own scale.",
        name: "whitening", isWide: true
      ) { value in
        let row = sweep.pictures[epsilons.firstIndex(of: value) ?? 0]
        return .images(preparedGrid([row], ["ε = \(short(value))"]))
      })
    page.figure(
      Figure(
        """
        Of \(epsilons.count) values, ε = \(short(epsilons[best]))\(best == epsilons.count - 1 ? ", the largest," : "") makes the fewest mistakes: \
        \(errors[best].formatted(decimals: 1)) %, against \(centered.error.formatted(decimals: 1)) % with the \
        mean image alone
        """,
        .lines(
          LineChart(
            x: Axis("ε", log: true),
            y: Axis(
              "test error (%)",
              range: min(errors.map(\.mean).min() ?? 0, centered.error.mean).rounded(.down)
                - 2...(errors.map(\.mean).max() ?? 50).rounded(.up) + 2),
            [
              Series(
                "whitened", x: epsilons, y: errors.map(\.mean),
                deviation: findings.seeds.count > 1 ? errors.map(\.deviation) : [], isEmphasized: true, color: 1)
            ],
            references: [.init(.horizontal, at: centered.error.mean, "mean image only")])),
        caption:
          "Each at its best rate. \(findings.overSeeds). \(grouped(findings.digits.trainingCount)) training images (\(findings.data)).",
        name: "epsilon")
    )
  }
}
