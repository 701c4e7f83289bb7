// The section of chapter 7 about the number of weights.

import Foundation
import Workbook

extension Regularization {
  /// What narrower nets do on the moons, in a sentence.
  private static func narrowWords(_ findings: Findings) -> String {
    guard let moons = findings.moonRates, let narrow = moons.entry("fewer units") else { return "" }
    return """
       On the moons the best of the narrower nets (\(narrow.setting) units instead of 64 + 64) \
      \(moons.gain(narrow).worded(beyond: 0.5, above: "makes fewer errors, by more than chance", below: "makes more errors", withinChance: "makes no difference that we could see")).
      """
  }

  /// Double descent.
  static func addDescent(to page: inout Page, _ findings: Findings) {
    let descent = findings.descent
    let (bare, ridge) = (descent.testErrors(descent.bare), descent.testErrors(descent.ridge))
    let (narrow, peak, last) = (descent.bestNarrow, descent.peak, descent.features.count - 1)
    func isLower(_ a: Summary, _ b: Summary) -> Bool { isClear(b - a) ? b.mean > a.mean : b.mean > a.mean + 0.5 }
    let answer = isLower(bare[narrow], bare[peak]) ? (isLower(bare[last], bare[peak]) ? 2 : 1) : 0
    page.prose(
      """
      ## Is a smaller net a regularizer?

      The oldest advice against overfitting is to use fewer weights.\(narrowWords(findings))

      What happens with far more weights? We take the simplest net whose size we can vary: \
      one layer of random ReLU features, $\\varphi(x) = \\max(0, Ax)$, whose matrix $A$ is drawn once and never trained. After it comes a linear map, fitted by least squares to \
      \(descent.samples) digits.
      """)
    page.predict(
      "From \(descent.features[0]) features to \(grouped(descent.features[last])), with \(descent.samples) digits to learn from: what does the test error do?",
      drawing: "test, no penalty",
      """
      It \(["falls all the way", "falls, then rises for good", "falls, rises to a peak, and falls again"][answer]).\
      \(answer == 2 ? " This is called *double descent*." : "")
      """)
    page.project("More and more weights: what does the error do?")
    page.figure(Charts.descent(descent, data: findings.data))
    page.project(
      answer == 0
        ? "More features: the error has no peak"
        : answer == 1
          ? "From some number on, more features err more"
          : descent.features[peak] == descent.samples
            ? "The error peaks where features equal examples" : "The error peaks, and falls again with more features",
      notes: "Then cover the curve without a penalty: what is left of the peak with L2?")
    let rescue = bare[peak] - ridge[peak]
    page.prose(
      """
      \(descent.hasLargestWeightsAtPeak ? "Why the peak? With as many features as digits there is one exact fit, and it needs the largest weights. With more features there are many exact fits, and the solver takes the one with the smallest weights. " : "")\
      \(isClear(rescue) && rescue.mean > 0 ? "L2 at its best strength takes most of the peak away. " : "")\
      **So with random features do not limit the number of weights; limit their size.**
      """)
    page.fold("Where the large weights come from") {
      $0.prose(
        """
        Take two digits whose features are nearly the same, $(1, 1)$ and $(1, 1.01)$, with the targets 0 and 1. They ask for

        $$w_1 + w_2 = 0 \\qquad w_1 + 1.01\\,w_2 = 1$$

        Subtract: $0.01\\,w_2 = 1$, so only $w = (-100, 100)$ fits. Such weights turn a small change of a \
        picture into a large change of the output. With fewer features the fit need not be exact.

        Now add a third feature, 0 for the first digit and 1 for the second. Many $w$ fit; the smallest is about $(0, 0, 1)$. **Every further feature is one more chance that digits differ clearly, so the exact fit needs smaller weights.** \
        `np.linalg.lstsq` takes the smallest weights, and so do we.
        """)
    }
  }
}
