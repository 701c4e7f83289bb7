// The section of chapter 7 about gradients that explode.

import Foundation
import Workbook

extension Regularization {
  /// Where gradients explode, and what a limit on them mends.
  static func addClipping(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ## A limit on each step

      No restraint against overfitting, but one on training: clip the rare gradient that explodes, as in recurrent nets; where \
      all of them do, mend the initialization (chapter 4).
      """)
    page.fold("Where gradients explode, and what a limit mends") { addLimit(to: &$0, findings) }
  }

  private static func addLimit(to page: inout Page, _ findings: Findings) {
    let (growth, clipping) = (findings.growth, findings.clipping)
    page.prose(
      """
      A gradient is multiplied by weights and slopes in every layer on its \
      way back, so unless weights and slopes balance, a deep net shrinks it or blows it up. Which of the two, the initial weights and the activation decide:
      """)
    page.figure(Charts.growth(growth))
    page.project(
      growth.largest(.sigmoid).worded(
        above: "Large weights: all three gradients explode",
        below: growth.largest(.relu).direction() == .above
          ? "Large weights: ReLU's gradient explodes, sigmoid's fades"
          : "Large weights: the gradient after sigmoids fades",
        withinChance: "How large weights change the gradient on its way back"))
    page.prose(
      """
      S4 is right that sigmoids hardly let a gradient explode, up to weights of \(short(GradientGrowth.gains.last ?? 0))/√n, the \
      largest tried here. Their slope is at most ¼ and nearly 0 where they saturate, so they make it vanish instead. (Chapter 2 \
      tries larger weights still.)

      Where a gradient does explode, S4 advises a threshold. The usual form keeps the direction: where the norm over the \
      gradients of all parameters together is above a limit $c$, scale them down to it,

      $$g \\leftarrow g \\cdot \\min\\left(1, \\frac{c}{\\|g\\|}\\right)$$

      Here is a net of \(ClippingExperiment.hiddenLayers) hidden ReLU layers, its initial weights \
      \(short(Double(ClippingExperiment.excess))) times as large as He's.
      """)
    page.figure(Charts.clipping(clipping, findings))
    page.project(
      clipping.saved.worded(
        beyond: 0.5, above: "With a limit, a net begun too large learns better",
        below: "With a limit, a net begun too large learns worse",
        withinChance: "At the best rates a limit shows no clear gain"))
    page.prose(
      """
      Each at its best rate, the limit \(clipping.saved.mean < 0 ? "costs" : "saves") \
      \(interval(clipping.saved.magnitude)) points (95 % interval), and \
      He's initialization with no limit at all has \
      \(interval(clipping.missing.magnitude)) points \
      \(clipping.missing.mean < 0 ? "more" : "fewer") than the limit.\(clipping.purchase)
      """)
  }
}

extension ClippingExperiment {
  /// What a limit costs at a small rate, and which rate it allows, where the errors say so.
  fileprivate var purchase: String {
    let (bare, clipped) = (testErrors(0), testErrors(1))
    let (slow, fast) = (best(0), best(1))
    guard fast > slow, isClear(clipped[slow] - bare[slow]), clipped[slow].mean > bare[slow].mean, bare[fast].mean >= 85
    else { return "" }
    return """
       At the same small rate of \(short(Double(rates[slow]))) the clipped net is worse, because its steps are cut to the length \
      $\\eta c$. What clipping buys is the right to a rate \(short(Double(rates[fast] / rates[slow]))) times as large \
      (\(short(Double(rates[fast])))), at which the other net diverges.
      """
  }
}

extension Charts {
  /// The growth of a gradient, by the size of the weights.
  static func growth(_ growth: GradientGrowth) -> Figure {
    let (relu, sigmoid) = (growth.largest(.relu), growth.largest(.sigmoid))
    let largest = GradientGrowth.gains[GradientGrowth.gains.count - 1]
    func power(_ summary: Summary) -> String { short(pow(10, summary.mean), digits: 1) }
    return Figure(
      "With weights of \(short(largest))/√n, \(GradientGrowth.depth) layers multiply a gradient by \(power(relu)) after ReLU and by \(power(sigmoid)) after sigmoids",
      .lines(
        LineChart(
          x: Axis(
            "standard deviation of the weights × √n", log: true, ticks: GradientGrowth.gains.map { ($0, short($0)) }),
          y: Axis("gradient at the first layer, in multiples of that at the last", log: true),
          zip(HiddenActivation.allCases, growth.logarithms).enumerated().map { index, pair in
            Series(
              pair.0.rawValue, x: GradientGrowth.gains, y: pair.1.map { pow(10, $0.mean) }, isEmphasized: index == 2,
              color: index)
          }, references: [.init(.horizontal, at: 1, "unchanged")])),
      caption: """
        \(GradientGrowth.depth) dense layers of n = 64 units, random inputs and a random gradient at the end; geometric mean of \
        \(counted(relu.count, "seed")). Xavier's initialization stands at 1, He's at 1.4.
        """,
      name: "exploding-gradients")
  }

  /// The error by learning rate, without a limit, with one, and begun well.
  static func clipping(_ clipping: ClippingExperiment, _ findings: Regularization.Findings) -> Figure {
    let count = findings.recordedCount ?? findings.trainingCount
    let rates = clipping.rates.map(Double.init)
    let (bare, clipped) = (clipping.bestErrors(0), clipping.bestErrors(1))
    var helping =
      "Clipping takes the error of a badly initialized net from \(fixed(bare.mean, 1)) to \(fixed(clipped.mean, 1)) %"
    if let rate = clipping.largestUsableRate(1), rate > clipping.largestUsableRate(0) ?? 0 {
      helping += ", and lets it learn at \(short(Double(rate)))"
    }
    return Figure(
      clipping.saved.worded(
        beyond: 0.5, above: helping, below: "Clipping raises the error of a badly initialized net",
        withinChance: "The error by learning rate, with and without a limit"),
      .lines(
        LineChart(
          x: Axis("learning rate", log: true, ticks: rates.map { ($0, short($0)) }),
          y: Axis("test error (%)", range: 0...100),
          ClippingExperiment.ways.indices.map { way in
            Series(
              ClippingExperiment.ways[way].name, x: rates, y: clipping.testErrors(way).map(\.mean),
              deviation: clipping.testErrors(way).map { $0.count < 3 ? 0 : $0.uncertainty }, style: .points,
              isEmphasized: way == 1, color: [1, 0, 2][way])
          }, references: [.init(.horizontal, at: 90, "guessing")])),
      caption: """
        \(findings.recordedCount == nil ? "" : "From the recorded full run. ")\(grouped(count)) digits (\(findings.data)); clipped: to a norm of \(short(ClippingExperiment.limit)). Mean of \
        \(counted(clipping.runs[0][0].count, "seed")), bars its 95 % interval; a run that diverges counts as guessing. The \
        title has the test errors at the best rate of each among those on the axis, chosen on validation digits: \
        \(clipping.bestRates). The limit was not tuned, and He's initialization was not tried with one.
        """,
      name: "clipping")
  }
}
