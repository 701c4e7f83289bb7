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

      Does a penalty find out which inputs matter? Each point of the moons (more points, less blurred) gets \(noise) more coordinates of pure noise. \
      We compare the first layer's weights (root mean square) at the weaker of $x$ and $y$ with those at an average input of noise.
      """)
    page.figure(Charts.heaps(selection))
    page.prose("\(selection.heapWords) \(selection.emptied)")
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
    let some =
      l1.found.count > 0 && l1.others.count > 0
      ? "With L1 some nets find the two real inputs, and then err far less; the others find nothing. " : ""
    return """
      \(some)The weaker real input has more weight than *every* input of noise in \(separated(1)) of \(runs[1].count) nets with L2, in \(separated(2)) with L1, and in \(separated(0)) without a penalty.\
      \(separated(1) > separated(2) ? " So L2 ranks the inputs more reliably, and L1, where it succeeds, separates them more widely." : "")
      """
  }
}
