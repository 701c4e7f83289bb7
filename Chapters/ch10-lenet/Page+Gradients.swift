// The page of chapter 10: who gets the gradient.

import Foundation
import Workbook

extension LeNet {
  /// The shares of the layers, beside what pooling alone would leave them.
  static func addGradients(to page: inout Page, _ runs: PageRuns<VariantFindings>) {
    let reported = runs.reported
    guard let tanh = reported.named("LeNet-5").map({ $0.runs.compactMap(\.story) }), !tanh.isEmpty else { return }
    let layers = tanh[0].layers
    let shares = layers.indices.map { layer in Summary(tanh.map { 100 * $0.beginning[layer] }) }
    let null = GradientStory.poolingShares(layers).map { 100 * $0 }
    let relu = reported.updates?[isReLU: true].flatMap { $0.layers == layers ? $0 : nil }
      .map { net in layers.indices.map { layer in Summary(net.shares.map { 100 * $0[layer] }) } }
    page.fold("Inside: who gets the gradient?") { page in
      page.prose(
        """
        People say that tanh, whose slope is at most 1, starves the first layer of gradient. We measure the length of the \
        gradient at the sums of each layer, as a share of all layers' lengths together. Pooling alone leaves conv1 less than \
        the others: a 2×2 mean gives each of its four pixels a quarter of the gradient, and four quarters together have half \
        its length:
        """)
      page.math("\\sqrt{4 \\cdot \\left(\\tfrac14\\right)^2} = \\tfrac12")
      page.prose(
        """
        Two poolings leave conv1 a quarter of the length that fc1 has, which is \(fixed(null[0], 1)) % of the sum. It has \
        \(fixed(shares[0].mean, 1)) % at the start of the training.\
        \(relu.map { " \(activationFinding(shares[0], $0[0], null[0]))" } ?? "")
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
                  deviation: tanh.count > 1 ? shares.reversed().map(\.deviation) : [], color: 0)
              ]
                + (relu.map {
                  [
                    .init(
                      "with ReLU and He's weights", $0.reversed().map { tenths($0.mean) },
                      deviation: $0.reversed().map(\.deviation), color: 4)
                  ]
                } ?? []) + [.init("if only pooling changed it", null.reversed().map(tenths), color: 7)])),
          caption: """
            First tenth of the first epoch at \(reported.rate): means of \(counted(tanh.count, "seed"))\(tanh.count > 2 ? " and their standard deviation" : "").\
            \(relu == nil ? "" : " *With ReLU and He's weights*: LeNet-5 with only these two exchanged.")
            """, name: "gradient-start"))
      if let updates = reported.updates { page.prose(movesFinding(updates)) }
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

  /// How much of what conv1 lacks is missing with ReLU, and the weights that suit it, as well.
  static func activationFinding(_ tanh: Summary, _ relu: Summary, _ null: Double) -> String {
    let missing = tanh.mean < null ? "So pooling takes most. " : ""
    return missing
      + "With ReLU, and with He's initial weights, which fit it, conv1 has \(fixed(relu.mean, 1)) %"
      + (relu - tanh).worded(
        above:
          "\(relu.direction(from: null) == .withinChance ? ", about what pooling leaves it" : ""). So tanh and its weights cost conv1 some of its gradient.",
        below: ". So it is not tanh that keeps the gradient from conv1.",
        withinChance: ", and the difference is within chance. So tanh does not keep the gradient from conv1.")
  }

  /// How far a step moves each layer, which is what decides whether it learns.
  static func movesFinding(_ updates: FirstUpdates) -> String {
    guard let tanh = updates[isReLU: false], tanh.layers.count == tanh.moves.first?.count else { return "" }
    let dense = tanh.layers.indices.filter { tanh.layers[$0].hasPrefix("fc") }
    // Seed by seed, conv1 against each dense layer.
    guard dense.allSatisfy({ (tanh.move(0) - tanh.move($0)).direction() == .above }) else { return "" }
    return """
      **But a small share of the gradient is not a small step.** Each weight of conv1 is used at 28·28 = 784 positions, whose \
      gradients are added. Held against the length of the weights, with tanh a step moves conv1 further than any dense layer: \
      \(short(1e3 * tanh.move(0).mean, digits: 2)) against at most \(short(1e3 * (dense.map { tanh.move($0).mean }.max() ?? 0), digits: 2)) thousandths.
      """
  }
}
