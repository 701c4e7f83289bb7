// The page of chapter 10: what to do in a net of one's own.

import Foundation
import Workbook

extension LeNet {
  /// One line for each habit: what to do, why, and how.
  static func addAdvice(to page: inout Page, _ findings: VariantFindings) {
    guard let few = findings.leftOutFew, let full = findings.steps?[.full],
      let rate = findings.worth?.fewChoice(nil)?.rate
    else { return }
    let digits = "\(grouped(Worth.fewDigits)) digits"
    /// What is lost without a part.
    func loss(_ part: TaughtPart) -> String {
      guard let row = few.rows.first(where: { $0.part == part }) else { return "–" }
      let factor = few.factor(row)
      switch factor.direction {
      case .above, .below: return "without it, \(digits): error × \(fixed(factor.mean, 2))"
      case .withinChance: return "usual; without it, \(digits): no difference seen"
      }
    }
    let parts = [TaughtPart.heStart, .crossEntropy, .maxPooling]
    let usual =
      Set(parts.map(loss)).count == 1 ? loss(parts[0]) : parts.map { "\($0.name): \(loss($0))" }.joined(separator: "; ")
    let isSame = short(rate) == short(full.rate)
    let withoutMomentum = few.rows.first { $0.part == .momentum }?.rate
    page.prose(
      """
      ## What to do

      Where a reason is a number, it is that of the full recipe with \(digits), which there has batch norm at its outputs, too; without that one we \
      saw no difference.
      """)
    page.table(
      Table(
        "A first net for small grey images", columns: ["do this", "why", "in PyTorch"],
        rows: [
          ["scale the pixels to mean 0, deviation 1", "chapter 3", "`T.Normalize(0.1307, 0.3081)`"],
          [
            "batch norm in the hidden layers", TableCell(loss(.norm) + " (none in any layer)"),
            "`nn.BatchNorm2d(6)`",
          ],
          ["ReLU", TableCell(loss(.relu)), "`nn.ReLU()`"],
          [
            "He's initial weights, cross-entropy of the ten sums, max pooling", TableCell(usual),
            "`nn.init.kaiming_normal_(w)`, `F.cross_entropy(model(x), y)`",
          ],
          [
            TableCell(
              "momentum 0.9, batches of \(findings.batch); first rate \(short(rate))\(isSame ? "" : " with \(digits), \(short(full.rate)) with \(grouped(findings.trainingCount))")"
            ),
            TableCell(
              "own rates of the full recipe\(withoutMomentum.map { "; without momentum \(short($0)) (\(digits))" } ?? "")"
            ),
            TableCell("`torch.optim.SGD(p, lr=\(short(rate)), momentum=0.9)`"),
          ],
          ["let the rate fall to 0", TableCell(loss(.cosine)), "`CosineAnnealingLR(optimizer, T_max=epochs)`"],
          ["shift each image anew, by up to two pixels", TableCell(loss(.shifts)), "`T.RandomCrop(28, padding=2)`"],
          [
            "compare nets at a rate for each, chosen on images kept back",
            "a careless rate invents effects", "`random_split(data, [50000, 10000])`",
          ],
          ["check a gradient that you wrote yourself", "a wrong one learned, too", "`torch.autograd.gradcheck(f, x)`"],
        ].map { $0 as [TableCell] }))
  }
}
