// The page of chapter 10: what can be seen inside the networks.

import Foundation
import Workbook

extension LeNet {
  /// Who gets the gradient.
  static func addGradients(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    guard let tanh = reported.named("LeNet-5").map({ $0.runs.compactMap(\.story) }), !tanh.isEmpty else { return }
    let layers = tanh[0].layers
    let shares = layers.indices.map { layer in Summary(tanh.map { 100 * $0.beginning[layer] }) }
    let null = GradientStory.poolingShares(layers).map { 100 * $0 }
    let isTanhLevel = reported.ownAblation.map { $0.relu.direction(from: 1) != .below } ?? false
    page.prose(
      """
      ## Inside: who gets the gradient?

      \(isTanhLevel ? "Why is tanh no worse here? Its" : "Does tanh starve the first layer? Its") slope is below 1, and what arrives at the first layer has been multiplied by four such \
      slopes: with tanh the gradient is said to vanish on its way down. In LeNet-5 conv1 gets \
      \(shares[0].formatted(decimals: 1)) % of the gradient's length, where equal shares would be \
      \(percent(1 / Double(layers.count))). But most of what is missing there, the two poolings take, with any activation.
      """)
    page.fold("The shares, measured") { page in
      page.prose(
        """
        Take $\\|\\delta^l\\|$, the length of the gradient at the sums of layer $l$ (chapter 8's push), over the sum of all \
        layers. At the start the shares fall towards the image.
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
                  deviation: tanh.count > 1 ? shares.reversed().map(\.deviation) : [], color: 0),
                .init("pooling alone", null.reversed(), color: 7),
              ])),
          caption: """
            LeNet-5, first tenth of the first epoch, \(counted(tanh.count, "seed")), mean and standard deviation. The right \
            bars: what is left if each 2×2 mean halves ‖δ‖ and nothing else changes it.
            """, name: "gradient-start"))
      page.code("poolingShares", in: "Inside.swift")
      page.callout(
        .erratum("S0"),
        """
        S0 expects equal shares where no gradient vanishes. Equal shares are the wrong yardstick. A 2×2 mean gives each of its \
        four pixels a quarter of the gradient, and four quarters have half the length: two poolings leave conv1 a quarter of \
        what fc1 has, with any activation. That makes \(fixed(null[0], 1)) % of the sum, not 20 %. Measured: \
        \(shares[0].formatted(decimals: 1)) %. So the rest of the net, tanh included, takes \
        \(percent(1 - shares[0].mean / null[0])) of conv1's share.
        """)
    }
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
          "The \(count) mistakes of \(name), seed \(shown.seed), on \(grouped(reported.testCount)) test images (\(reported.data)); the diagonal, \(shown.rightCount) right answers, is left out.",
        name: "confusion"))
    let mistakes = shown.mistakes.map { $0.bitmap.picture("\(classes[$0.truth]), taken for \(classes[$0.answer])") }
    if !mistakes.isEmpty {
      page.figure(
        Figure(
          "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have known better?",
          .images(ImageGrid(columns: 6, mistakes)),
          caption: "\(name), seed \(shown.seed); \(reported.data).", name: "worst-mistakes"))
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
        caption: "5×5 weights of conv1, \(name), seed \(shown.seed); orange is positive, blue negative.",
        name: "kernels"))
    let deep = shown.inside?.deepMaps
    let chosen = deep.map { mostVarying($0, count: 7) } ?? []
    func pictures(_ digit: Int) -> [ImageGrid.Picture] {
      shown.maps[digit].enumerated().map { $1.picture($0 == 0 ? "the digit" : "filter \($0)") }
        + chosen.compactMap { map in deep.map { $0[digit][map].picture("conv2, \(map + 1)") } }
    }
    let about =
      """
      What \(name), seed \(shown.seed), makes of the first test image of each digit (\(findings.data)), after ReLU, each map \
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

  /// The kernels that are nearest to an edge detector, in words.
  static func edgeFinding(_ kernels: [BestRun.Kernel]) -> String {
    let (slopes, edges) = (kernels.map(\.slope), kernels.map(\.edge))
    let place = slopes.indices.max { slopes[$0].share < slopes[$1].share } ?? 0
    let near = edges.indices.filter { edges[$0].share > 0.4 }
    if !slopes.isEmpty, slopes[place].share < 0.6, !near.isEmpty {
      return near.enumerated().map { count, filter in
        count == 0
          ? "Filter \(filter + 1) answers to \(edges[filter].name) of a stroke"
          : "filter \(filter + 1) to \(edges[filter].name)"
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
