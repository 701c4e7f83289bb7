// The page of chapter 10: what can be seen inside the networks.

import Foundation
import Workbook

extension LeNet {
  /// Who gets the gradient.
  static func addGradients(to page: inout Page, _ findings: VariantFindings) {
    if let gradients = findings.gradients {
      page.prose("## Inside: who gets the gradient?")
      for curves in gradients {
        guard let results = findings.named(curves.name), let run = results.runs.first, let story = run.story else {
          continue
        }
        page.figure(
          Figure(
            "\(curves.name): \(curves.layers[0]) begins with \(percent(story.beginning[0])) of the gradient and ends with \(percent(story.end[0]))",
            .lines(
              LineChart(
                x: Axis("epoch"), y: Axis("share of the gradient norm"),
                curves.layers.indices.map { layer in
                  Series(
                    curves.layers[layer], x: curves.times,
                    y: curves.values[layer], style: .line, isEmphasized: layer == 0,
                    color: layer)
                })),
            caption:
              "Share of each layer in the sum of ‖∂L/∂z‖ over the layers, as in S0's figure 3 (\(results.activation)), \(findings.data), seed \(run.seed). Each point is the mean of 4 observations, a tenth of an epoch; the title tells the first tenth of the first epoch and the last epoch.",
            name: "gradient-share-\(results.stem)"))
      }
    }
    if let tanh = findings.named("LeNet-5")?.runs.first?.story,
      let relu = findings.named("LeNet-5+")?.runs.first?.story
    {
      func when(_ time: Double?) -> String { time.map { "after \(fixed($0, 1)) epochs" } ?? "never" }
      page.prose(
        """
        S0 reads from this figure that the gradient vanishes towards the image at the start, and that ReLU lets it come \
        back sooner. Here \(tanh.layers[0]) begins with \(percent(tanh.beginning[0])) of the gradient under tanh and with \
        \(percent(relu.beginning[0])) under ReLU, where equal shares would be \(percent(1 / Double(tanh.layers.count))) and \
        \(percent(1 / Double(relu.layers.count))): measured are the layers in front of an activation, and the outputs of \
        LeNet-5+ have none of their own. Sooner can mean two things. Half of its own way up \(tanh.layers[0]) has come \
        \(when(relu.halfway)) under ReLU and \(when(tanh.halfway)) under tanh. Half of an equal share of the four hidden \
        layers, \(percent(relu.halfShare, 1)), it reaches \(when(relu.recovery)) under ReLU and \(when(tanh.recovery)) \
        under tanh. \
        \(findings.seeds.count > 1
          ? "That is seed \(findings.seeds[0]), as in the figures; the table of claims has all \(findings.seeds.count) seeds." : "")
        """)
    }
  }

  /// Whether the activations drift.
  static func addDrift(to page: inout Page, _ findings: VariantFindings) {
    guard !findings.drifts.isEmpty else { return }
    page.prose("## Inside: do the activations drift?")
    // One scale for both figures: beside the other, a curve that looks steep may be flat.
    let highest = findings.drifts.flatMap(\.values).joined().max() ?? 1
    for curves in findings.drifts {
      guard let results = findings.named(curves.name), let run = results.runs.first else { continue }
      let growth = run.growth ?? 1
      page.figure(
        Figure(
          "\(curves.name): the spread of the activation inputs \(growth > 1.1 ? "grows to" : growth < 0.9 ? "shrinks to" : "stays at") \(fixed(growth, 2)) times that after the first epoch",
          .lines(
            LineChart(
              x: Axis("epoch"), y: Axis("standard deviation of the inputs", range: 0...1.05 * highest),
              curves.layers.indices.map { layer in
                Series(curves.layers[layer], y: curves.values[layer], color: layer)
              })),
          caption:
            "Standard deviation of what enters each activation, on 256 training images (\(findings.data)), seed \(run.seed): the numbers behind S0's figure 5. The title has the mean of the layers' ratios.",
          name: "activation-inputs-\(results.stem)"))
    }
  }

  /// What it gets wrong.
  static func addMistakes(to page: inout Page, _ findings: VariantFindings) {
    let (best, shown) = (findings.ranking[0], findings.best)
    page.prose("## What \(best.name) gets wrong")
    let confusion = shown.confusion
    page.figure(
      Figure(
        confusionFinding(confusion),
        .heatMap(
          HeatMap(
            confusion.enumerated().map { row, counts in counts.enumerated().map { $0 == row ? Double.nan : Double($1) }
            },
            rows: (0...9).map(String.init), columns: (0...9).map(String.init), xLabel: "taken for", yLabel: "digit",
            showsNumbers: true)),
        caption:
          "Mistakes of \(best.name), seed \(shown.seed), on \(grouped(findings.testCount)) test images (\(findings.data)); the diagonal, \(shown.rightCount) right answers, is left out.",
        name: "confusion"))
    let mistakes = shown.mistakes.map { $0.bitmap.picture("\($0.truth), taken for \($0.answer)") }
    if !mistakes.isEmpty {
      page.figure(
        Figure(
          "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have known better?",
          .images(ImageGrid(columns: 6, mistakes)),
          caption: "\(best.name), seed \(shown.seed); \(findings.data).", name: "worst-mistakes"))
    }
  }

  /// What it looks for.
  static func addKernels(to page: inout Page, _ findings: VariantFindings) {
    let (best, shown) = (findings.ranking[0], findings.best)
    let kernels = shown.kernels.enumerated().map { index, kernel in
      ImageGrid.Picture(
        width: kernel.width, height: kernel.height, pixels: kernel.weights, caption: "filter \(index + 1)")
    }
    page.prose("## What it looks for")
    page.figure(
      Figure(
        "The six kernels of the first layer, as training has left them",
        .images(ImageGrid(columns: 6, kernels, isSigned: true)),
        caption: "5×5 weights of conv1, \(best.name), seed \(shown.seed); the two hues are the two signs.",
        name: "kernels"))
    page.figure(
      Figure(
        "Each digit, seen six ways",
        exploring: FigureParameter("digit", values: (0...9).map(Double.init), initial: 7),
        caption:
          "What act1 of \(best.name), seed \(shown.seed), makes of the first test image of each digit (\(findings.data)).",
        name: "feature-maps"
      ) { digit in
        .images(
          ImageGrid(
            columns: 7,
            shown.maps[Int(digit)].enumerated().map { $1.picture($0 == 0 ? "the digit" : "map \($0)") }))
      })
  }

  /// The reader's own picture.
  static func addReading(to page: inout Page, _ findings: VariantFindings) {
    guard let answer = findings.reading else { return }
    let best = findings.ranking[0]
    page.prose("## Your digit")
    let isSoftmax = best.hasSoftmax
    page.figure(
      Figure(
        "\(best.name) reads a \(answer.digit), with \(percent(answer.outputs[answer.digit]))",
        .bars(
          BarChart(
            categories: (0...9).map(String.init), y: Axis(isSoftmax ? "probability" : "output", range: 0...1),
            [.init(isSoftmax ? "probability" : "output", answer.outputs)])),
        caption: isSoftmax ? "Softmax of the ten outputs." : "The ten outputs behind their sigmoids.",
        name: "your-digit")
    )
    page.figure(
      Figure(
        "What the network was shown", .images(ImageGrid(columns: 1, [answer.bitmap.picture("")])),
        caption: "The ink cut out, fitted into 20×20, its centre of mass in the middle of 28×28, as MNIST was made.",
        name: "your-digit-prepared"))
  }
}
