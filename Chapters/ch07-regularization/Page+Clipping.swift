// The section of chapter 7 about gradients that explode.

import Foundation
import Workbook

extension Regularization {
  /// Where gradients explode, and what a limit on them mends.
  static func addClipping(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ### A limit on each step

      The introduction also lists a limit on the gradient (*gradient clipping*). It does nothing against overfitting; it keeps a training from diverging. Clip the gradient if it explodes \
      rarely, as in recurrent nets. If it explodes in every step, mend the initialization (chapter 4).
      """)
    page.fold("What a limit on the gradient mends") { addLimit(to: &$0, findings) }
  }

  private static func addLimit(to page: inout Page, _ findings: Findings) {
    let clipping = findings.clipping
    let (relu, sigmoid) = (findings.growth.largest(.relu), findings.growth.largest(.sigmoid))
    let largest = short(GradientGrowth.gains.last ?? 0)
    page.prose(
      """
      On its way back a gradient is multiplied by weights and slopes in every layer. With weights of $\(largest)/\\sqrt{n}$, \(GradientGrowth.depth) layers \
      multiply it by \(short(pow(10, relu.mean), digits: 1)) after ReLUs, and by \(short(pow(10, sigmoid.mean), digits: 1)) after sigmoids. So S4 is right that \
      sigmoids hardly let a gradient explode: their slope is at most ¼, and they make it vanish instead (chapter 2).

      Where a gradient does explode, one scales it down. Let $c$ be the limit. If the norm over the gradients of all parameters together is above $c$, then

      $$g \\leftarrow g \\cdot \\min\\left(1, \\frac{c}{\\|g\\|}\\right)$$

      Here is a net with \(ClippingExperiment.hiddenLayers) hidden ReLU layers. Its initial weights are \
      \(short(Double(ClippingExperiment.excess))) times as large as He's.
      """)
    page.figure(Charts.clipping(clipping, findings))
    page.prose(
      """
      Each at its best rate, the limit \(clipping.saved.mean < 0 ? "costs" : "saves") \
      \(interval(clipping.saved.magnitude)) points (95 % interval). \
      He's initialization without a limit makes \
      \(interval(clipping.missing.magnitude)) points \
      \(clipping.missing.mean < 0 ? "more" : "fewer") errors than that.\(clipping.purchase)
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
      $\\eta c$. But with a limit one can use a rate \(short(Double(rates[fast] / rates[slow]))) times as large \
      (\(short(Double(rates[fast])))), and at that rate the other net diverges.
      """
  }
}

extension Charts {
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
        \(grouped(count)) digits (\(findings.data)), limit \(short(ClippingExperiment.limit)). Mean of \
        \(counted(clipping.runs[0][0].count, "seed")), bars its 95 % interval. A run that diverges counts as guessing. The \
        title compares the best rates, chosen on validation digits (\(clipping.bestRates)).
        """,
      name: "clipping")
  }
}
