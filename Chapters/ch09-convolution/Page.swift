// The page of chapter 9, from its findings alone.

import Foundation
import Workbook

extension SlidingWindow {
  static func page(_ findings: Findings, _ run: RunRecord) -> Page { page(findings, run, recorded: nil) }

  static func page(_ findings: Findings, _ run: RunRecord, recorded: KeptFindings<Findings>?) -> Page {
    var page = page(
      lead: """
        One small kernel, slid over a whole image: that is all a convolution is. What goes into each layer, what comes out, \
        what it costs, how far it sees, and what the model says when the shapes do not fit.
        """)
    addWindow(to: &page, findings)
    addSizes(to: &page)
    addPooling(to: &page, findings)
    addShapeWalks(to: &page, findings)
    addMistakes(to: &page)
    addSharedWeights(to: &page, findings, recorded: recorded?.findings)
    addCost(to: &page)
    addAlexNet(to: &page, findings)
    addReceptiveField(to: &page)
    addFootprints(to: &page, findings)
    addWayBack(to: &page)
    addMatrixProduct(to: &page, findings)
    addResponseNorm(to: &page, findings)
    addParts(to: &page, findings, recorded: recorded?.findings)
    claims(findings, recorded: recorded?.findings).forEach { page.claim($0) }
    addEnding(to: &page, findings, recorded: recorded?.findings)
    return page
  }

  /// What a convolutional net takes off the error of a dense one of its size: each at its own rate, where that was measured.
  static func equalSize(_ findings: Findings, recorded: Findings?) -> Comparison {
    (findings.ownRates ?? recorded?.ownRates)?.advantage ?? findings.advantage
  }

  /// A line of the takeaway: what the same number of parameters buys; nothing where it buys nothing.
  private static func atEqualSize(_ findings: Findings, recorded: Findings?) -> String {
    let gain = equalSize(findings, recorded: recorded).gain
    guard gain.direction() == .above else { return "" }
    let rates = (findings.ownRates ?? recorded?.ownRates) == nil ? "at one rate for both" : "each at its own rate"
    return
      "- With as many parameters as a dense net, a convolutional one made \(fixed(gain.mean, 1)) points fewer errors, \(rates).\n"
  }

  /// The takeaway, exercises, further reading.
  static func addEnding(to page: inout Page, _ findings: Findings, recorded: Findings?) {
    let stacks = (recorded ?? findings).parts.gains[3]
    let stacked =
      !stacks.isMeasured
      ? ""
      : stacks.gain.worded(
        above: "; here with fewer errors", below: "; here with more errors",
        withinChance: "; no difference in errors was seen here")
    let separation = findings.separation.map { larger($0, recorded) ?? $0 }
    let paid =
      separation?.takeaway
      ?? (findings.advantage.verdict == .reproduced ? "On digits the two together pay, at the one rate tried." : nil)
    page.callout(
      .takeaway,
      """
      - A convolution is a dense layer that looks only at neighbours, everywhere in the same way.
      \(atEqualSize(findings, recorded: recorded))\(paid.map { "- \($0)\n" } ?? "")\
      - Write the shapes first: $\\lfloor (H + 2p - k)/s \\rfloor + 1$ at every window, $C \\cdot H \\cdot W$ at the first dense \
      layer.
      - Two 3×3 see as far as one 5×5 with fewer weights\(stacked).
      """)
    let gain = equalSize(findings, recorded: recorded).gain
    page.slide(
      "Look at neighbours, look everywhere the same way",
      """
      - A convolution is a dense layer that looks only at neighbours, everywhere in the same way.
      \(gain.direction() == .above ? "- As many parameters as a dense net: \(fixed(gain.mean, 1)) points fewer errors.\n" : "")\
      \(separation.map { "- As many units: 1/\(fixed($0.saving, 0)) of the parameters.\n" } ?? "")\
      - Shapes first: $\\lfloor (H + 2p - k)/s \\rfloor + 1$ at every window.
      """)
    page.exercises()
    page.furtherReading([
      "LeCun, Bottou, Bengio and Haffner 1998, *Gradient-based learning applied to document recognition*, doi:10.1109/5.726791",
      "Krizhevsky, Sutskever and Hinton 2012, *ImageNet classification with deep convolutional neural networks*, sections 3.3 and 3.4",
      "Dumoulin and Visin 2016, *A guide to convolution arithmetic for deep learning*, arXiv:1603.07285",
      "Luo et al. 2016, *Understanding the effective receptive field in deep convolutional neural networks*, arXiv:1701.04128",
      "Zhang 2019, *Making convolutional networks shift-invariant again*, arXiv:1904.11486",
      "Araujo, Norris and Sim 2019, *Computing receptive fields of convolutional neural networks*, doi:10.23915/distill.00021",
    ])
  }
}
