// The page of chapter 5: nets of growing depth.

import Foundation
import Workbook

extension Norms {
  /// The ticks of a logarithmic axis of errors in per cent.
  static let errorTicks = [2.0, 3, 4, 6, 10, 20, 30, 50, 90]

  /// The best-known effect: deep nets that begin to learn.
  static func addDepth(to page: inout Page, _ found: DepthFindings, data: String) {
    guard let small = found.fromDefault else { return }
    page.prose("### Deep nets\n\n\(smallWords(found))")
    page.table(
      Table(
        "Test error (%) by depth and by the size of the first weights, each net at its own best rate; hidden layers of 64 ReLUs, \(grouped(found.trainingCount)) images, \(counted(found.epochs, "epoch")), \(counted(found.seeds, "seed")), \(data); pixels not centred",
        columns: [
          "hidden layers", "PyTorch's weights, no norm", "PyTorch's, batch norm", "He's weights, no norm",
          "He's, batch norm",
        ],
        rows: found.depths.indices.filter { found.deep.contains(found.depths[$0]) }.map { place in
          [TableCell("\(found.depths[place])")]
            + [small[0], small[1], found.nets[0], found.nets[1]].map { nets in
              TableCell(nets[place].bestErrors.formatted(decimals: nets[place].bestErrors.mean < 20 ? 1 : 0))
            }
        }))
    page.project(
      found.plainFailsFrom == nil
        ? "Deeper nets, with batch norm and without" : "Too small weights: deep nets start with batch norm only")
    page.prose(heWords(found))
  }

  /// To two digits: 2130 becomes 2100.
  private static func roundedTo(_ value: Double) -> Int {
    let unit = pow(10, max(0, floor(log10(value)) - 1))
    return Int((value / unit).rounded() * unit)
  }

  /// What too small weights do.
  static func smallWords(_ found: DepthFindings) -> String {
    guard let fails = found.plainFailsFrom, let learns = found.normLearnsTo, learns >= fails else {
      return "We give the net more and more hidden layers."
    }
    return
      """
      **From too small weights nets of \(fails == learns ? "\(fails)" : "\(fails) to \(learns)") layers learn with batch norm only.** \
      PyTorch's default weights have a sixth of the variance of He's, which keep the size of the signal in ReLU nets (chapter 4). \
      So without a norm every layer shrinks the signal to $1/\\sqrt{6}$: after \(learns) layers $6^{-\(learns / 2)}$ of it is left, and no rate helps.
      """
  }

  /// What is left of it from He's weights.
  static func heWords(_ found: DepthFindings) -> String {
    func numbers(_ depths: [Int]) -> String { listed(depths.map(Double.init)) }
    guard let last = found.depths.last, found.behind.contains(last) else {
      return "**From He's weights the net without a norm learns as well.**"
    }
    return
      "From He's weights batch norm is ahead \(found.ahead.isEmpty ? "at no depth" : "at \(numbers(found.ahead)) layers only"), and at \(last) it is behind; both nets are far from trained then.\(found.ahead.isEmpty ? "" : " The lead may in part be its centring of the pixels.") Batch norm keeps the signal in range, but not the gradient: in theory a fresh layer makes it \(fixed((Double.pi / (Double.pi - 1)).squareRoot(), 2)) times as large on its way back, \(last) of them \(grouped(roundedTo(pow(Double.pi / (Double.pi - 1), Double(last) / 2)))) times (Yang et al. 2019; chapter 11); we did not measure it."
  }
}
