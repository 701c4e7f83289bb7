// The page of chapter 11: what may make the deep plain net slow: six suspects, and what became of each.

import Foundation
import Workbook

extension DeeperNetworks {
  /// The suspects, before they are tested; nil where there is nothing to explain, or no table closes them.
  static func suspectsAhead(_ findings: Findings) -> String? {
    guard suspectsTable(findings) != nil else { return nil }
    return """
      **Why is \(findings.fair.deepPlain.net.name) slow?** The first suspect, overfitting, is out. Five are left: a gradient that vanishes on its way \
      back; one that grows; a picture that is lost on its way up; ReLUs that cut off too much; and images that come out alike, or with \
      nothing in common. *The gradient on its way back* and *What the addition does* test them, and a table closes them.
      """
  }

  /// Suspect, test, verdict.
  static func suspectsTable(_ findings: Findings) -> Table? {
    let nets = findings.fair
    guard isTested(nets), let readings = Readings(findings), let even = findings.oneSize, let open = findings.openReLUs,
      let order = alikeOrder(findings)
    else { return nil }
    let (plain, shallow) = (nets.deepPlain, nets.shallowPlain)
    let gradient = vanishing(findings)
    func part(_ change: Change) -> String {
      switch change.remedy.factor.direction {
      case .above: "a part of it: \(wrong(change))"
      case .below: "no: \(wrong(change)), more than before"
      case .withinChance: "not shown: \(wrong(change)), may be chance"
      }
    }
    let readable =
      switch (readings.isNotEnough, readings.isNotNeeded) {
      case (true, true):
        "linearly readable is neither enough (copies: \(wrong(findings.exactCopies))) nor needed (rotations: \(wrong(findings.exactRotations)))"
      case (true, false): "linearly readable is not enough (copies: \(wrong(findings.exactCopies)))"
      case (false, true): "linearly readable is not needed (rotations: \(wrong(findings.exactRotations)))"
      case (false, false): "it may be"
      }
    return Table(
      "Why is \(plain.net.name) slow? Percentages are training images wrong after \(counted(nets.epochs, "epoch")): \(plain.net.name) \(fixed(plain.trainingErrors.mean, 1)) %, with additions \(fixed(nets.deepResidual.trainingErrors.mean, 1)) %",
      columns: ["suspect", "test", "verdict"],
      rows: [
        [
          "it overfits", "errors on its own training images",
          "no: \(fixed(plain.trainingErrors.mean, 1)) %, \(shallow.net.name) \(fixed(shallow.trainingErrors.mean, 1)) %",
        ],
        [
          "the gradient vanishes", "its length before training and after one epoch, with batch normalization",
          "\(gradient.isRuledOut ? "no" : "perhaps"): \(gradient.evidence)",
        ],
        ["the gradient grows", "even steps", part(even)],
        ["the picture is lost", "a linear layer reads the untrained net", readable],
        [
          "ReLUs cut off too much", "open ReLUs\(findings.widened == nil ? "" : "; \(widerName)")",
          part(open) + (findings.widened.map { "; \(wrong($0))" } ?? ""),
        ],
        [
          "images come out alike, or with nothing in common", "mean cosines before training",
          order.isOrdered
            ? "one of the cosines orders the nets by their errors"
            : "not shown: neither cosine orders the nets by their errors",
        ],
      ].map { $0.map { TableCell($0) } })
  }

  /// How far the cosines order the deep nets by their errors: rank correlations.
  static func alikeOrder(_ findings: Findings) -> (signals: Double, gradients: Double, isOrdered: Bool)? {
    guard let alikeness = findings.alikeness else { return nil }
    let (plain, residual) = (findings.fair.deepPlain, findings.fair.deepResidual)
    let wide = findings.controls?.row(DeepNet(blocks: plain.net.blocks, isResidual: true, channels: Controls.width))
    let nets: [(net: DeepNet?, errors: Summary?)] =
      [(plain.net, plain.trainingErrors), (residual.net, residual.trainingErrors), (wide?.net, wide?.trainingErrors)]
      + findings.changes.map { ($0.net, $0.remedy.treated) }
    let found = nets.compactMap { net, errors in
      alikeness.net(net).flatMap { alike in errors.map { (alike, $0.mean) } }
    }
    guard found.count > 4 else { return nil }
    let errors = found.map(\.1)
    let signals = rankCorrelation(found.map(\.0.signals.mean), errors)
    let gradients = rankCorrelation(found.map(\.0.gradients.mean), errors)
    // Of eight nets in any order one in twenty has a rank correlation beyond this.
    return (signals, gradients, max(abs(signals), abs(gradients)) > 0.74)
  }

  /// What the cosines say.
  static func alikeText(_ findings: Findings) -> String? {
    guard let order = alikeOrder(findings), let alikeness = findings.alikeness else { return nil }
    let nets = findings.fair
    func cosine(_ net: DeepNet?) -> String { alikeness.net(net).map { fixed(max(0, $0.gradients.mean), 2) } ?? "–" }
    let (plain, residual) = (nets.deepPlain.net, nets.deepResidual.net)
    let end =
      order.isOrdered
      ? " One of the two numbers orders the nets by their errors (rank correlations \(fixed(order.signals, 2)) for signals, \(fixed(order.gradients, 2)) for gradients)."
      : """
       But this number does not order the nets by their errors: \(widerName) have \(cosine(findings.widened?.net)) as well and leave \
      \(wrong(findings.widened)), copies have \(cosine(findings.exactCopies?.net)) and leave \(wrong(findings.exactCopies)). Nor does the cosine of \
      the signals.
      """
    return """
      **The last suspect is what two images have in common.** In deep plain nets the gradients of two inputs are unrelated like noise, and \
      additions mend that (Balduzzi et al. 2017, *shattered gradients*). Ours agree: before training the mean cosine between two images' \
      gradients is \(cosine(plain)) in \(plain.name) and \(cosine(residual)) in \(residual.name).\(end)
      """
  }
}

/// Spearman's: the correlation of the ranks.
func rankCorrelation(_ first: [Double], _ second: [Double]) -> Double {
  func ranks(_ values: [Double]) -> [Double] {
    values.map { value in Double(values.count { $0 < value }) + Double(values.count { $0 == value } - 1) / 2 }
  }
  let (a, b) = (ranks(first), ranks(second))
  let middle = Double(a.count - 1) / 2
  func product(_ x: [Double], _ y: [Double]) -> Double {
    zip(x, y).reduce(0) { $0 + ($1.0 - middle) * ($1.1 - middle) }
  }
  let spread = (product(a, a) * product(b, b)).squareRoot()
  // Values that are all the same have no order.
  return spread > 0 ? product(a, b) / spread : 0
}
