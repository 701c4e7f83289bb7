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
    let he = reported.updates?[isReLU: true].flatMap { $0.layers == layers ? $0 : nil }
    let relu = (reported.firstSteps?.relu ?? []).filter { $0.layers == layers }
    let reluShares =
      he.map { net in layers.indices.map { layer in Summary(net.shares.map { 100 * $0[layer] }) } }
      ?? (relu.isEmpty ? nil : layers.indices.map { layer in Summary(relu.map { 100 * $0.beginning[layer] }) })
    page.fold("Inside: who gets the gradient?") { page in
      page.prose(
        """
        People say that tanh, whose slope is at most 1, lets little of the gradient through to the first layer, and that this \
        layer therefore hardly learns. Is that so here? We measure the length of the gradient at the sums of each layer, as a \
        share of all layers' lengths together.

        Even without tanh conv1 would get less than the others, because of the two poolings. A 2×2 mean gives each of its four \
        pixels a quarter of the gradient, and four quarters together have half its length:
        """)
      page.math("\\sqrt{4 \\cdot \\left(\\tfrac14\\right)^2} = \\tfrac12")
      page.prose(
        """
        So two poolings leave conv1 a quarter of the length that fc1 has. If nothing else changed the lengths, conv1 would have \
        \(fixed(null[0], 1)) % of the sum. It has \(fixed(shares[0].mean, 1)) % at the start of the training.\
        \(reluShares.map { " \(activationFinding(shares[0], $0[0], null[0], hasHe: he != nil))" } ?? "")
        """)
      page.figure(
        Figure(
          shares[0].mean > null[0] / 2
            ? "Most of what conv1 lacks is what pooling alone would take"
            : "The gradient of each layer at the start, and what pooling alone would leave",
          .bars(
            BarChart(
              categories: layers.reversed(), y: Axis("share of the gradient (%)", range: 0...40),
              [
                .init(
                  "LeNet-5, with tanh", shares.reversed().map { tenths($0.mean) },
                  deviation: tanh.count > 1 ? shares.reversed().map(\.uncertainty) : [], color: 0)
              ]
                + (reluShares.map {
                  [
                    .init(
                      he == nil ? "with ReLU, same initial weights" : "with ReLU and He's weights",
                      $0.reversed().map { tenths($0.mean) },
                      deviation: $0.reversed().map(\.uncertainty),
                      color: 2)
                  ]
                } ?? []) + [.init("if only pooling changed it", null.reversed().map(tenths), color: 7)])),
          caption: """
            First tenth of the first epoch at \(reported.rate): means of \(counted(tanh.count, "seed"))\(tanh.count > 2 ? " with 95 % intervals" : "").\
            \(he == nil ? "" : " *With ReLU and He's weights*: LeNet-5 with only these two exchanged; it keeps its ten sigmoids, squared error and the rate.")
            """, name: "gradient-start"))
      if let updates = reported.updates { addMoves(to: &page, updates, reported) }
      page.code("poolingShares", in: "Inside.swift")
      page.callout(
        .erratum("S0"),
        """
        S0 expects equal shares, \(percent(1 / Double(layers.count))) for each layer, where no gradient vanishes. Equal shares \
        are the wrong yardstick: pooling alone leaves conv1 \(fixed(null[0], 1)) %.
        """)
    }
  }

  /// Rounded to tenths: three numbers above bars beside each other have no room for more.
  private static func tenths(_ value: Double) -> Double { (10 * value).rounded() / 10 }

  /// How much of what conv1 lacks is missing with ReLU as well.
  static func activationFinding(_ tanh: Summary, _ relu: Summary, _ null: Double, hasHe: Bool = false) -> String {
    let gap = relu - tanh
    let missing =
      tanh.mean < null
      ? "So pooling takes most. Of what pooling leaves another \(percent(1 - tanh.mean / null)) is missing. " : ""
    if hasHe {
      return missing
        + "With ReLU, and with He's initial weights, which fit it, conv1 has \(fixed(relu.mean, 1)) %"
        + gap.worded(
          above:
            "\(relu.direction(from: null) == .withinChance ? ", which is what pooling leaves it" : ""). So tanh and its weights together cost conv1 some of its gradient.",
          below: ". So it is not tanh that keeps the gradient from conv1.",
          withinChance: ", and the difference is within chance. So tanh does not keep the gradient from conv1.")
    }
    return
      "\(missing)With ReLU instead of tanh, and nothing else changed, it has \(fixed(relu.mean, 1)) %. "
      + gap.worded(
        above:
          "So tanh costs conv1 \(fixed(gap.mean, 1)) points of its share (95 % interval \(gap.interval(1)))\(relu.mean > null ? "" : ", and other things cost it the rest").",
        below:
          "That is even less, by \(fixed(-gap.mean, 1)) points (95 % interval \(gap.magnitude.interval(1))). But Xavier's weights are made for tanh: with them every ReLU keeps only √½ of the gradient's length (chapter 4). So this comparison does not say how much tanh takes.",
        withinChance:
          "The difference is within chance. But Xavier's weights are made for tanh (chapter 4), so this does not say how much tanh takes."
      )
  }

  /// How far a step moves each layer, which is what decides whether it learns.
  private static func addMoves(to page: inout Page, _ updates: FirstUpdates, _ reported: VariantFindings) {
    guard let tanh = updates[isReLU: false], let relu = updates[isReLU: true], tanh.layers == relu.layers else {
      return
    }
    let places = tanh.layers.indices
    let (convolutions, dense) = (
      places.filter { tanh.layers[$0].hasPrefix("conv") }, places.filter { tanh.layers[$0].hasPrefix("fc") }
    )
    // Seed by seed, each convolution against each dense layer.
    let isAhead = convolutions.allSatisfy { first in
      dense.allSatisfy { (tanh.move(first) - tanh.move($0)).direction() == .above }
    }
    func thousandths(_ net: FirstUpdates.Net, _ layer: Int) -> String { fixed(1e3 * net.move(layer).mean, 1) }
    page.prose(
      """
      Does conv1 therefore learn slowly? That does not follow. What moves a layer is the step of its weights, and each weight \
      of conv1 is used at 28·28 = 784 positions, whose gradients are added. So compare the length of a step with that of the weights:
      """)
    page.math("\\frac{\\eta\\, \\|\\partial L/\\partial w\\|}{\\|w\\|}")
    func series(_ net: FirstUpdates.Net, _ name: String, color: Int) -> BarChart.Bars {
      BarChart.Bars(
        name, places.reversed().map { 1e3 * net.move($0).mean },
        deviation: places.reversed().map { 1e3 * net.move($0).uncertainty }, color: color)
    }
    page.figure(
      Figure(
        isAhead
          ? "With tanh the convolutions move most, though they get the least gradient"
          : "How far a step moves the weights of each layer",
        .bars(
          BarChart(
            categories: tanh.layers.reversed(), y: Axis("step, in thousandths of the weights"),
            [
              series(tanh, "LeNet-5, with tanh", color: 0), series(relu, "with ReLU and He's weights", color: 2),
            ])),
        caption: """
          The same two networks in the first tenth of the first epoch at \(reported.rate): means of \
          \(counted(tanh.moves.count, "seed")) with 95 % intervals.
          """, name: "gradient-moves"))
    page.prose(
      """
      \(isAhead ? "**So with tanh the first layer is not starved here: in a net with so few layers, a small share of the gradient is not a small step.** " : "A step moves conv1 by \(thousandths(tanh, 0)) thousandths of its weights, and fc1 by \(thousandths(tanh, 2)). ")\
      With ReLU conv1 moves less, because its weights are larger: He's have the standard deviation \
      $\\sqrt{2/25} = 0.28$ there, and Xavier's $\\sqrt{2/(25 + 150)} = 0.11$.
      """)
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

      The comparison ends here. The rest is a look into one network, the first seed of \(name). It is optional and takes about \
      twenty minutes: its mistakes, its features, and a picture that deceives it. \(mistakesFinding(confusion, classes))
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
          "The \(count) mistakes of \(name), seed \(shown.seed), on \(grouped(reported.testCount)) test images (\(reported.data)). The diagonal, with \(shown.rightCount) right answers, is left out.",
        name: "confusion"))
    let certainties = certainties(of: shown.mistakes)
    let mistakes = shown.mistakes.enumerated().map { place, mistake in
      mistake.bitmap.picture(
        "\(classes[mistake.truth]), taken for \(classes[mistake.answer])\(certainties.map { ": \(fixed(100 * $0[place], 1)) %" } ?? "")"
      )
    }
    if !mistakes.isEmpty {
      page.figure(
        Figure(
          "\(mistakes.count == 1 ? "The one mistake" : "The \(mistakes.count) most confident mistakes"): would you have read \(mistakes.count == 1 ? "it" : "them") correctly?",
          .images(ImageGrid(columns: 6, mistakes)),
          caption:
            "\(name), seed \(shown.seed); \(reported.data).\(certainties == nil ? "" : " Below each picture: the right digit, the answer, and its probability.")",
          name: "worst-mistakes"))
      page.project("Would you have read these digits correctly?")
      if let sure = shownSureness(shown) { page.prose(surenessFinding(sure)) }
    }
  }

  /// The probability that the recorded network gives to each of its mistakes; nil where these are not its mistakes.
  static func certainties(of mistakes: [BestRun.Mistake]) -> [Double]? {
    guard let model = recordedModel(), !mistakes.isEmpty else { return nil }
    var reader = DigitReader(model.layers)
    let answers = mistakes.compactMap { mistake -> Double? in
      guard mistake.bitmap.pixels.count == 28 * 28 else { return nil }
      let answer = reader.answer(mistake.bitmap.pixels.map { Float($0) / 255 })
      return answer.digit == mistake.answer ? answer.probability : nil
    }
    return answers.count == mistakes.count ? answers : nil
  }

  /// How often it is wrong where it is as sure as the mistakes shown; nil where that was not counted.
  static func shownSureness(_ shown: BestRun) -> Sureness? {
    shown.sure?.first { $0.limit > 0.5 && $0.limit < 0.99 && $0.wrong > 0 }
  }

  /// How that agrees with the probabilities.
  static func surenessFinding(_ sure: Sureness) -> String {
    // So many mistakes would vary by the root of their count.
    let isFewer = Double(sure.wrong) < sure.expected - 1.96 * sure.expected.squareRoot()
    return """
      These were picked as the most confident. In all, \(grouped(sure.answers)) answers have a probability of at least \
      \(percent(sure.limit)), and \(sure.wrong) of them \(sure.wrong == 1 ? "is" : "are") wrong, \(fixed(100 * Double(sure.wrong) / Double(max(1, sure.answers)), 2)) %. \
      If the probabilities were right, about \(fixed(sure.expected, 0)) would be. So this one net is \
      \(sure.isTooSure ? "too sure (chapter 8)" : isFewer ? "not sure enough" : "not too sure"): an answer at \(percent(sure.limit)) or more is nearly always right, but it is no proof.
      """
  }

  /// What it looks for.
  static func addKernels(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let (findings, shown) = (runs.reported, runs.reported.best)
    let name = findings.named("LeNet-5++")?.name ?? findings.ranking[0].name
    let kernels = shown.kernels.enumerated().map { index, kernel in
      ImageGrid.Picture(
        width: kernel.width, height: kernel.height, pixels: kernel.weights, caption: "filter \(index + 1)")
    }
    func pictures(_ digit: Int) -> [ImageGrid.Picture] {
      shown.maps[digit].enumerated().map { $1.picture($0 == 0 ? "the digit" : "filter \($0)") }
    }
    let about =
      """
      \(name), seed \(shown.seed), on the first test image of each digit (\(findings.data)): the outputs of ReLU, each map from \
      its darkest to its brightest pixel. Where there is no ink all pixels have one value, so a filter gives one grey; the frame \
      is where it also sees the border, whose value is 0.
      """
    page.fold("The filters of the first layer, and what they make of a digit") {
      $0.prose(
        """
        A kernel that is positive on one side and negative on the other answers to an edge. \(edgeFinding(shown.kernels)) \
        \(inkFinding(shown.maps))
        """)
      $0.figure(
        Figure(
          "The six kernels of the first layer", .images(ImageGrid(columns: 6, kernels, isSigned: true)),
          caption: "5×5 weights of conv1, \(name), seed \(shown.seed); orange is positive, blue negative.",
          name: "kernels"))
      $0.figure(
        Figure(
          "Each digit, as the first convolution sees it",
          exploring: FigureParameter("digit", values: (0...9).map(Double.init), initial: 7),
          caption: about, name: "feature-maps", titles: { "A \(Int($0)) as the six filters of conv1 see it" }
        ) { .images(ImageGrid(columns: 7, pictures(Int($0)))) })
    }
  }

  /// The filters whose maps look like the digits, or like their negatives, over all ten; empty where none does.
  static func inkFinding(_ maps: [[GreyPicture]]) -> String {
    guard let count = maps.first?.count else { return "" }
    func pixels(_ map: Int) -> [Double] { maps.flatMap { $0[map].pixels.map(Double.init) } }
    let ink = pixels(0)
    let likeness = (1..<count).map { correlation(ink, pixels($0)) }
    func filters(_ isIt: (Double) -> Bool) -> String? {
      let found = likeness.indices.filter { isIt(likeness[$0]) }.map { "\($0 + 1)" }
      return found.isEmpty ? nil : "\(found.count == 1 ? "filter" : "filters") \(listed(found))"
    }
    let parts = [
      filters { $0 > 0.5 }.map { "\($0) to ink itself" }, filters { $0 < -0.5 }.map { "\($0) to paper" },
    ].compactMap { $0 }
    return parts.isEmpty
      ? "" : "By what their maps share with the digits, \(listed(parts)). Not every filter can be named. "
  }

  /// The correlation of two lists of numbers; 0 where one of them is constant.
  private static func correlation(_ a: [Double], _ b: [Double]) -> Double {
    let (meanA, meanB) = (Summary(a).mean, Summary(b).mean)
    var (ab, aa, bb) = (0.0, 0.0, 0.0)
    for (x, y) in zip(a, b) {
      ab += (x - meanA) * (y - meanB)
      aa += (x - meanA) * (x - meanA)
      bb += (y - meanB) * (y - meanB)
    }
    return aa > 0 && bb > 0 ? ab / (aa * bb).squareRoot() : 0
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
    guard !slopes.isEmpty, slopes[place].share > 0.3 else { return "None of these six comes near that." }
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
        caption:
          "The ink is cut out, fitted into 20×20 pixels, and moved until its centre of mass is the middle of 28×28, as in MNIST.",
        name: "your-digit-prepared"))
  }
}
