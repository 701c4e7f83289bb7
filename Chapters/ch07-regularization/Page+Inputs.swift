// Chapter 7, for a second reading: inputs that mean nothing.

import Foundation
import Workbook

extension Regularization {
  /// Two inputs that matter among many that do not.
  static func addInputs(to page: inout Page, _ selection: InputSelection) {
    let noise = (selection.runs[0].first?.inputNorms.count ?? 2) - 2
    page.prose(
      """
      ### Inputs that mean nothing

      Does a penalty find out which inputs matter? Give each point of the moons \(noise) more coordinates of pure noise. (There are more points here, and the moons are less blurred.) \
      We take the root mean square of the first layer's weights at one input, and divide that of the weaker of $x$ and $y$ by that of an average input of noise.
      """)
    page.figure(Charts.heaps(selection))
    page.prose("\(selection.heapWords) \(selection.otherStrengths)\n\n\(selection.emptied)")
  }
}

extension InputSelection {
  /// From how many times the weights of noise on a net has found the real inputs.
  static let finding = 10.0

  /// The nets under a penalty that have found the real inputs, and those that have not: their test errors.
  func kinds(_ index: Int) -> (found: Summary, others: Summary) {
    let pairs = zip(contrast(index).values, testError(index).values)
    return (
      Summary(pairs.filter { $0.0 > Self.finding }.map(\.1)), Summary(pairs.filter { $0.0 <= Self.finding }.map(\.1))
    )
  }

  /// What the heaps of nets say.
  fileprivate var heapWords: String {
    let l1 = kinds(2)
    let ranks =
      "The weaker real input has more weight than *every* input of noise in \(separated(1)) of \(runs[1].count) nets with L2, in \(separated(2)) with L1, and in \(separated(0)) without a penalty."
    let errors =
      "The median error is \(fixed(testError(0).median, 1)) % without a penalty and \(fixed(testError(1).median, 1)) % with L2."
    guard l1.found.count > 0, l1.others.count > 0 else {
      return
        "With L1 \(l1.found.count == 0 ? "none" : "all") of the \(counted(l1.found.count + l1.others.count, "net")) \(l1.found.count == 0 ? "has" : "have") found the two inputs, with a median error of \(fixed(testError(2).median, 1)) %. \(errors) \(ranks)"
    }
    return """
      With L1, \(l1.found.count) of the \(runs[2].count) nets give the real inputs more than \(short(Self.finding)) times the weights of noise. Their median error is \(fixed(l1.found.median, 1)) %; \
      that of the other \(l1.others.count) is \(fixed(l1.others.median, 1)) %. \(errors) \(ranks)\(separated(1) > separated(2) ? " So L2 ranks the inputs more reliably, and L1, where it succeeds, separates them more widely." : "")
      """
  }

  /// What other strengths than the best ones do, in sentences.
  fileprivate var otherStrengths: String {
    var text = ""
    if let other = otherL2, let best = leastErring(0) {
      text += """
        A strong L2 can choose inputs, too: with L2 of \(other.penalty.lambda) the factor is \(fixed(other.contrast.median, 1)) (median). But it gets \(fixed(other.error.mean, 1)) % of the validation points wrong, L2 of \
        \(best.penalty.lambda) only \(fixed(best.error.mean, 1)) %\((other.error - best.error).worded(above: "", below: "", withinChance: " (a difference that may be chance)")).
        """
    }
    // Of each kind the weakest penalty that kills.
    let deadly = (trials ?? []).compactMap { $0.first { $0.collapsed > 0 } }
    if deadly.count > 1, deadly.allSatisfy({ $0.collapsed == $0.error.count }) {
      return text
        + " \(deadly.map { "\($0.penalty.name) of \($0.penalty.lambda)" }.joined(separator: " and ")) leave no net alive: the weights go to 0, and the nets guess."
    }
    return text + deadly.enumerated().map { $1.loss(isExplained: $0 > 0) }.joined()
  }
}
