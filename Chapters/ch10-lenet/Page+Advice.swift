// The page of chapter 10: what to do in a net of one's own.

import Foundation
import Workbook

extension LeNet {
  /// One line for each habit: what to do, why, and how.
  static func addAdvice(to page: inout Page, _ findings: VariantFindings) {
    guard let few = findings.leftOutFew, let full = findings.steps?[.full] else { return }
    let rate = few.wholeRate
    let digits = "\(grouped(Worth.fewDigits)) digits"
    /// What is lost without a part.
    func loss(_ part: TaughtPart) -> String {
      guard let row = few.rows.first(where: { $0.part == part }) else { return "–" }
      let factor = few.factor(row)
      switch factor.direction {
      case .above, .below: return "without it: error × \(fixed(factor.mean, 2))"
      case .withinChance: return "usual; without it no difference seen"
      }
    }
    let parts = [TaughtPart.heStart, .crossEntropy, .maxPooling]
    let usual =
      Set(parts.map(loss)).count == 1 ? loss(parts[0]) : parts.map { "\($0.name): \(loss($0))" }.joined(separator: "; ")
    let isSame = short(rate) == short(full.rate)
    let plainRate = few.rows.first { $0.part == .momentum }.map { short($0.rate) }
    let momentum = few.rows.first { $0.part == .momentum }.map { fixed(few.factor($0).mean, 2) }
    page.prose(
      """
      ## What to do

      Where a reason is a number, it is that of the full recipe with \(digits) (*Everything together*).
      """)
    page.table(
      Table(
        "A first net for small grey images", columns: ["do this", "why", "in PyTorch"],
        rows: [
          ["scale the pixels to mean 0, deviation 1", "chapter 3", "`T.Normalize(0.1307, 0.3081)`"],
          ["batch norm in the hidden layers", TableCell(loss(.norm)), "`nn.BatchNorm2d(6)`"],
          ["ReLU", TableCell(loss(.relu)), "`nn.ReLU()`"],
          [
            "He's initial weights, cross-entropy of the ten sums, max pooling", TableCell(usual),
            "`kaiming_normal_`, `F.cross_entropy`, `nn.MaxPool2d`",
          ],
          [
            TableCell(
              "batches of \(findings.batch), momentum 0.9, first rate \(short(rate))\(isSame ? "" : " with \(digits), \(short(full.rate)) with \(grouped(findings.trainingCount))")"
            ),
            TableCell(
              "this rate was best here\(plainRate.map { "; without momentum \($0) was, and \(loss(.momentum).contains("no difference") ? "the error no different beyond chance" : "the error × \(momentum ?? "–")")" } ?? "")"
            ),
            TableCell("`SGD(p, \(short(rate)), momentum=0.9)`"),
          ],
          ["let the rate fall to 0", TableCell(loss(.cosine)), "`CosineAnnealingLR`"],
          ["shift each image anew, by up to two pixels", TableCell(loss(.shifts)), "`T.RandomCrop`"],
          [
            TableCell(
              "compare nets at a rate for each, chosen on unshifted images kept back, with \(OwnRates.choosers) seeds at least and as many for each"
            ), "at one rate cross-entropy seemed to help", "`at_own_rate`",
          ],
          [
            "check a gradient that you wrote yourself, in float64", "a wrong one learned, too",
            "`autograd.gradcheck`",
          ],
        ].map { $0 as [TableCell] }))
  }
}
