// Chapter 7: what a source lists besides: a line or a formula for each.

import Foundation
import Workbook

extension Regularization {
  /// Stochastic pooling and clipping; inputs of noise have their claims alone.
  static func addCatalogue(to page: inout Page, _ findings: Findings) {
    page.prose(
      """
      ### Stochastic pooling

      Max pooling keeps the largest pixel of each window (chapter 9). *Stochastic pooling* \
      draws one at random in training, behind a ReLU: pixel $i$ with the probability $p_i = x_i / \\sum_j x_j$ (Zeiler and Fergus 2013). \
      At test time the window becomes its expectation, $\\sum_i x_i^2 / \\sum_i x_i$: \
      the window 1, 0, 2, 1 gives \(fixed(Double(expectedPool([1, 0, 2, 1])), 1)).

      ### A limit on each step

      *Gradient clipping* is against divergence, not against overfitting. If the norm $\\|g\\|$ over the gradients of all parameters together is above a limit $c$, all are multiplied by $c/\\|g\\|$. \(findings.clipping.words) So if the gradient explodes in every step, mend the initialization (chapter 4); clip it if it explodes rarely.
      """)
  }
}

extension ClippingExperiment {
  /// What the limit does to the error, each way at its best rate.
  fileprivate var words: String {
    let (bare, clipped) = (bestErrors(0), bestErrors(1))
    let net =
      "a net with \(Self.hiddenLayers) hidden ReLU layers and initial weights \(short(Double(Self.excess))) times He's"
    let compared = saved.worded(
      beyond: 0.5, above: "It lowers the error of \(net).", below: "It raises the error of \(net).",
      withinChance: "On \(net) it makes no difference beyond chance.")
    let better = missing.direction(beyond: 0.5) == .above ? " He's initialization without a limit does better." : ""
    return bare.mean.isNaN || clipped.mean.isNaN ? "" : compared + better
  }
}
