// The page of chapter 10: what can be seen inside the networks.

import Foundation
import Workbook

extension LeNet {
  /// Who gets the gradient.
  static func addGradients(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    let stories = reported.results.compactMap { result in
      result.runs.first?.story.map { _ in (result: result, runs: result.runs.compactMap(\.story)) }
    }
    guard let tanh = stories.first(where: { $0.result.name == "LeNet-5" }), reported.gradients.count > 1 else { return }
    let layers = tanh.runs[0].layers
    let shares = layers.indices.map { layer in Summary(tanh.runs.map { 100 * $0.beginning[layer] }) }
    let null = GradientStory.poolingShares(layers).map { 100 * $0 }
    page.prose(
      """
      ## Inside: who gets the gradient?

      Many texts judge a net by the share of the gradient that each layer gets, and blame tanh where the first layer gets \
      little. But a small share does not mean slow learning: LeNet-5+ starts with less in conv1 than LeNet-5 and learns faster. \
      And most of what is missing there, the two poolings take with any activation.
      """)
    let curves = reported.gradients.map { curve -> (name: String, times: [Double], values: [Double], color: Int) in
      let share = GradientStory.poolingShares(curve.layers)[0]
      return (curve.name, curve.times, curve.values[0].map { $0 / share }, reported.named(curve.name)?.color ?? 0)
    }
    let recoveries = stories.filter { story in curves.contains { $0.name == story.result.name } }.map { story in
      (name: story.result.name, times: Summary(story.runs.compactMap(\.recovery)), of: story.runs.count)
    }
    let shareWhileLearning = Figure(
      curves.allSatisfy { ($0.values.last ?? 0) > ($0.values.first ?? 0) }
        ? "conv1's share of the gradient grows in every net as it learns"
        : "conv1's share of the gradient as the nets learn",
      .lines(
        LineChart(
          x: Axis("epoch"), y: Axis("conv1's share ÷ that from pooling alone"),
          curves.map { Series(shownName($0.name), x: $0.times, y: $0.values, style: .line, color: $0.color) },
          references: [.init(.horizontal, at: 1, "pooling alone")])),
      caption: """
        \(runs.origin)Mean of \(counted(reported.seeds.count, "seed")). The height is conv1's share of the gradient, divided by \
        the share that two poolings alone would leave it in that net. A share is taken among the layers with an activation: \
        five in LeNet-5, four in LeNet-5+.
        """, name: "gradient-conv1")
    page.fold("The shares, measured") { page in
      page.prose(
        """
        Take $\\|\\delta^l\\|$, the length of the gradient at the sums of layer $l$ (chapter 8's push), over the sum of all \
        layers. Equal shares, \(percent(1 / Double(layers.count))) each, would seem fair; at the start they fall towards the image.
        """)
      page.figure(
        Figure(
          shares[0].mean > null[0] / 2
            ? "Most of what vanishes before conv1 is what pooling alone would take"
            : "The gradient of each layer at the start, and what pooling alone would leave",
          .bars(
            BarChart(
              categories: layers.reversed(), y: Axis("share of the gradient (%)", range: 0...40),
              [
                .init(
                  "measured, tanh", shares.reversed().map(\.mean),
                  deviation: shares.count > 1 && shares[0].count > 1 ? shares.reversed().map(\.deviation) : [], color: 0
                ),
                .init("pooling alone", null.reversed(), color: 7),
              ])),
          caption: """
            \(runs.origin)LeNet-5 with the right σ′, first tenth of the first epoch, \(counted(tanh.runs.count, "seed")), mean and \
            standard deviation. The right bars: what is left if each 2×2 mean halves ‖δ‖ and nothing else changes it.
            """, name: "gradient-start"))
      page.code("poolingShares", in: "Inside.swift")
      page.callout(
        .erratum("S0"),
        """
        Equal shares are the wrong yardstick. A 2×2 mean gives each of its four pixels a quarter of the gradient, and four \
        quarters have half the length: two poolings leave conv1 a quarter of what fc1 has, with any activation. That makes \
        \(fixed(null[0], 1)) % of the sum, not 20 %. Measured: \(shares[0].formatted(decimals: 1)) %. So the rest of the net, \
        tanh included, takes \(percent(1 - shares[0].mean / null[0])) of conv1's share.
        """)
      page.figure(shareWhileLearning)
      page.prose(
        "Epochs until conv1 has the share that pooling alone would leave it: "
          + recoveries.map { name, times, count in
            "\(shownName(name)): \(times.count == 0 ? "never" : times.count < count ? "in \(times.count) of \(count) runs" : "\(times.formatted(decimals: 1))")"
          }.joined(separator: "; ") + ".")
    }
  }

  /// Whether the activations drift.
  static func addDrift(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let drifts = runs.reported.drifts
    guard drifts.count == 2, let growths = runs.reported.named("LeNet-5+")?.runs.compactMap(\.growth), !growths.isEmpty
    else {
      return
    }
    let growth = Summary(growths)
    page.prose(
      """
      ## Inside: do the activations drift?

      Batch normalization was invented against *drift*: what enters a layer changes while the layers before it learn (chapter \
      5). Does it? \(growth.worded(
        from: 1,
        above: "From epoch 1 to \(runs.reported.epochs) the spread of what enters LeNet-5+'s activations becomes \(growth.formatted(decimals: 2)) times as large. Whether that",
        below: "From epoch 1 to \(runs.reported.epochs) the spread of what enters LeNet-5+'s activations shrinks. Whether drift",
        withinChance: "What enters LeNet-5+'s activations spreads no more beyond chance. Whether drift")) does harm is another \
      question: chapter 5 adds drift on purpose, after the norm, and the net still learns faster.
      """)
    let spreads = Figure(
      isClear(Summary(growth.values.map { $0 - 1 }), beyond: 0.1) && growth.mean > 1
        ? "Without normalization the inputs of the activations spread: \(growth.formatted(decimals: 2)) times from epoch 1 to \(runs.reported.epochs)"
        : "The spread of the activation inputs in \(counted(runs.reported.epochs, "epoch"))",
      .lines(
        LineChart(
          x: Axis("epoch"),
          y: Axis(
            "standard deviation of the inputs", range: 0...1.05 * (drifts.flatMap(\.values).joined().max() ?? 1)),
          drifts[0].layers.indices.map { layer in
            Series(drifts[0].layers[layer], y: drifts[0].values[layer], style: .line, color: layer)
          } + [
            Series(
              "all of LeNet-5++",
              y: drifts[1].values[0].indices.map { epoch in
                Summary(drifts[1].values.map { $0[epoch] }).mean
              }, style: .line, color: 7)
          ])),
      caption: """
        \(runs.origin)What enters each activation of LeNet-5+, on 256 training images, mean of \
        \(counted(runs.reported.seeds.count, "seed")): the numbers behind S0's figure 5. The line near 1: LeNet-5++, mean of \
        its layers. There the spread is |γ| by construction, and stays because γ moves slowly.
        """, name: "activation-inputs")
    page.fold("The spread, epoch by epoch") { $0.figure(spreads) }
  }

  /// What it gets wrong.
  static func addMistakes(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let (reported, shown) = (runs.reported, runs.reported.best)
    let name = reported.named("LeNet-5++")?.name ?? reported.ranking[0].name
    let confusion = shown.confusion
    let count = confusion.joined().reduce(0, +) - shown.rightCount
    let classes = Dataset.classNames(of: reported.data)
    page.prose(
      """
      ## What \(name) gets wrong

      \(mistakesFinding(confusion, classes))
      """)
    page.figure(
      Figure(
        confusionFinding(confusion, classes),
        .heatMap(
          HeatMap(
            confusion.enumerated().map { row, counts in counts.enumerated().map { $0 == row ? Double.nan : Double($1) }
            },
            rows: classes, columns: classes, xLabel: "taken for", yLabel: "it is",
            showsNumbers: true)),
        caption:
          "\(runs.origin)The \(count) mistakes of \(name), seed \(shown.seed), on \(grouped(reported.testCount)) test images (\(reported.data)); the diagonal, \(shown.rightCount) right answers, is left out.",
        name: "confusion"))
    let mistakes = shown.mistakes.map { $0.bitmap.picture("\(classes[$0.truth]), taken for \(classes[$0.answer])") }
    if !mistakes.isEmpty {
      page.figure(
        Figure(
          "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have known better?",
          .images(ImageGrid(columns: 6, mistakes)),
          caption: "\(runs.origin)\(name), seed \(shown.seed); \(reported.data).", name: "worst-mistakes"))
      page.project("Would you have known better?")
    }
  }

  /// What it looks for.
  static func addKernels(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let (findings, shown) = (runs.reported, runs.reported.best)
    let name = findings.named("LeNet-5++")?.name ?? findings.ranking[0].name
    let kernels = shown.kernels.enumerated().map { index, kernel in
      ImageGrid.Picture(
        width: kernel.width, height: kernel.height, pixels: kernel.weights, caption: "filter \(index + 1)")
    }
    page.prose(
      """
      ## What it looks for

      A kernel that is positive on one side and negative on the other answers to an edge. \(edgeFinding(shown.kernels)) Most \
      learned kernels have no such name; what they answer to is seen better in their maps, below.
      """)
    page.figure(
      Figure(
        "The six kernels of the first layer: few have a name that a person would give them",
        .images(ImageGrid(columns: 6, kernels, isSigned: true)),
        caption: "\(runs.origin)5×5 weights of conv1, \(name), seed \(shown.seed); orange is positive, blue negative.",
        name: "kernels"))
    let deep = shown.inside?.deepMaps
    let chosen = deep.map { mostVarying($0, count: 7) } ?? []
    func pictures(_ digit: Int) -> [ImageGrid.Picture] {
      shown.maps[digit].enumerated().map { $1.picture($0 == 0 ? "the digit" : "filter \($0)") }
        + chosen.compactMap { map in deep.map { $0[digit][map].picture("conv2, \(map + 1)") } }
    }
    let about =
      """
      \(runs.origin)What \(name), seed \(shown.seed), makes of the first test image of each digit (\(findings.data)), after ReLU, each map \
      from its darkest to its brightest pixel. An even grey is what a filter gives where there is no ink: its bias. The map of a filter, \
      numbered as in the figure above, still looks like the digit.\
      \(chosen.isEmpty ? "" : " A map of conv2, 10×10 pixels, only says where something was found; shown are the \(chosen.count) of \(deep?[0].count ?? 0) that differ most from digit to digit.")
      """
    page.figure(
      Figure(
        "Each digit, as both convolutions see it",
        exploring: FigureParameter("digit", values: (0...9).map(Double.init), initial: 7),
        caption: about, name: "feature-maps",
        titles: {
          "A \(Int($0)) as the six filters of conv1 see it\(chosen.isEmpty ? "" : ", and below as conv2 does")"
        },
        captions: { value in about + (deep.map { " " + litMaps($0[Int(value)], chosen, of: Int(value)) } ?? "") }
      ) { .images(ImageGrid(columns: 7, pictures(Int($0)))) })
  }

  /// The share of a map's pixels that are lit: brighter than a twelfth of its brightest.
  private static func lit(_ map: GreyPicture) -> Double {
    Double(map.pixels.count { $0 > 20 }) / Double(max(1, map.pixels.count))
  }

  /// The maps whose lit share differs most from digit to digit, in their order.
  private static func mostVarying(_ maps: [[GreyPicture]], count: Int) -> [Int] {
    guard let first = maps.first else { return [] }
    let spreads = first.indices.map { map in Summary(maps.map { lit($0[map]) }).deviation }
    return Array(first.indices.sorted { (spreads[$0], $1) > (spreads[$1], $0) }.prefix(count)).sorted()
  }

  /// Which of the shown maps of a digit are lit at the most places and at the fewest.
  private static func litMaps(_ maps: [GreyPicture], _ shown: [Int], of digit: Int) -> String {
    let shares = shown.map { lit(maps[$0]) }
    guard let most = shares.indices.max(by: { shares[$0] < shares[$1] }),
      let least = shares.indices.min(by: { shares[$0] < shares[$1] })
    else { return "" }
    // As wide for every digit, so that no line breaks elsewhere: U+2007 is a space as wide as a digit.
    func wide(_ number: Int) -> String { (number < 10 ? "\u{2007}" : "") + "\(number)" }
    func told(_ place: Int) -> String {
      "map\u{A0}\(wide(shown[place] + 1)) of conv2 finds something at \(wide(Int((100 * shares[place]).rounded()))) % of its places"
    }
    return "Of a \(digit), \(told(most)), \(told(least))."
  }

  /// The kernels that are nearest to an edge detector, in words.
  static func edgeFinding(_ kernels: [BestRun.Kernel]) -> String {
    let (slopes, edges) = (kernels.map(\.slope), kernels.map(\.edge))
    let place = slopes.indices.max { slopes[$0].share < slopes[$1].share } ?? 0
    let near = edges.indices.filter { edges[$0].share > 0.4 }
    if !slopes.isEmpty, slopes[place].share < 0.6, !near.isEmpty {
      return near.enumerated().map { count, filter in
        let edge = edges[filter]
        let share = "\(percent(edge.share)) of the variance of its weights lies between its \(edge.between)"
        return count == 0
          ? "Filter \(filter + 1) answers to \(edge.name) of a stroke (\(share))"
          : "filter \(filter + 1) to \(edge.name) (\(percent(edge.share)), \(edge.between))"
      }.joined(separator: ", ") + "."
    }
    guard !slopes.isEmpty, slopes[place].share > 0.3 else { return "None of these six comes near to that." }
    return """
      Filter \(place + 1) comes nearest: its weights grow towards \(slopes[place].direction), and that slope alone makes up \
      \(percent(slopes[place].share)) of their variance. So it answers where the picture is brighter on that side than on the other.
      """
  }

  /// The reader's own picture.
  static func addReading(to page: inout Page, _ findings: VariantFindings) {
    guard let answer = findings.reading else { return }
    let best = findings.named("LeNet-5++") ?? findings.ranking[0]
    page.prose("## Your digit")
    let isSoftmax = best.hasSoftmax
    page.figure(
      Figure(
        "\(best.name) reads a \(answer.digit), with \(percent(answer.outputs[answer.digit]))",
        .bars(
          BarChart(
            categories: (0...9).map(String.init), y: Axis(isSoftmax ? "probability" : "output", range: 0...1),
            [.init(isSoftmax ? "probability" : "output", answer.outputs)])),
        caption: isSoftmax ? "Softmax of the ten outputs." : "The ten outputs after their sigmoids.",
        name: "your-digit")
    )
    page.figure(
      Figure(
        "What the network was shown", .images(ImageGrid(columns: 1, [answer.bitmap.picture("")])),
        caption: "The ink cut out, fitted into 20×20, its centre of mass in the middle of 28×28, as MNIST was made.",
        name: "your-digit-prepared"))
  }
}
