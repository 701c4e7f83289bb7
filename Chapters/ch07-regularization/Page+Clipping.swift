// Chapter 7, for a second reading: gradients that explode.

import Foundation
import Workbook

extension Regularization {
  /// Where gradients explode, and what a limit on them mends.
  static func addClipping(to page: inout Page, _ findings: Findings) {
    let clipping = findings.clipping
    let (relu, sigmoid) = (findings.growth.largest(.relu), findings.growth.largest(.sigmoid))
    page.prose(
      """
      ### A limit on each step

      *Gradient clipping* is against divergence, not against overfitting. If the norm over the gradients of all parameters together is above a limit $c$, then

      $$g \\leftarrow g \\cdot \\min\\left(1, \\frac{c}{\\|g\\|}\\right)$$

      On its way back a gradient is multiplied by weights and slopes in every layer. With weights of $\(short(GradientGrowth.gains.last ?? 0))/\\sqrt{n}$, \
      \(GradientGrowth.depth) layers multiply it by \(short(pow(10, relu.mean), digits: 1)) after ReLUs, and by \(short(pow(10, sigmoid.mean), digits: 1)) after sigmoids, whose slope is at most ¼ (chapter 2).

      We take a net with \(ClippingExperiment.hiddenLayers) hidden ReLU layers, whose initial weights are \(short(Double(ClippingExperiment.excess))) times as large as He's. \
      \(clipping.words) With He's initialization and no limit it is \(fixed(clipping.bestErrors(2).mean, 1)) %. So if the gradient explodes in every step, mend the initialization (chapter 4); clip it if it explodes rarely.
      """)
  }
}

extension ClippingExperiment {
  /// What the limit does to the error, each way at its best rate.
  fileprivate var words: String {
    let (bare, clipped) = (bestErrors(0), bestErrors(1))
    let errors = "from \(fixed(bare.mean, 1)) to \(fixed(clipped.mean, 1)) %"
    return saved.worded(
      beyond: 0.5, above: "Clipping takes its error \(errors).", below: "Clipping raises its error \(errors).",
      withinChance: "Clipping changes its error \(errors), which may be chance.")
  }
}
