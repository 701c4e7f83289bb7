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
      nothing in common.
      """
  }

  /// A suspect, how it was tested, and what became of it.
  struct Suspect {
    enum Verdict { case ruledOut, notEnoughNorNeeded, helps, open }
    var name: String
    var test: String
    var verdict: Verdict
    var evidence: String
  }

  /// The suspects and their verdicts; nil where not all were tested.
  static func suspects(_ findings: Findings) -> [Suspect]? {
    let nets = findings.fair
    guard isTested(nets), let readings = Readings(findings), let even = findings.oneSize, let open = findings.openReLUs,
      let order = alikeOrder(findings)
    else { return nil }
    let (plain, shallow) = (nets.deepPlain, nets.shallowPlain)
    let gradient = vanishing(findings)
    func found(_ change: Change, helps: String) -> (Suspect.Verdict, String) {
      switch change.remedy.factor.direction {
      case .above: (.helps, "\(helps): \(wrong(change))")
      case .below: (.ruledOut, "no: \(wrong(change)), more than before")
      case .withinChance: (.open, "open: \(wrong(change)), may be chance")
      }
    }
    let readable: (Suspect.Verdict, String) =
      switch (readings.isNotEnough, readings.isNotNeeded) {
      case (true, true):
        (
          .notEnoughNorNeeded,
          "a readable picture is neither enough (copies: \(wrong(findings.exactCopies))) nor needed \(reach(findings)) (rotations)"
        )
      case (true, false): (.open, "a readable picture is not enough (copies: \(wrong(findings.exactCopies)))")
      case (false, true): (.open, "a readable picture is not needed \(reach(findings)) (rotations)")
      case (false, false): (.open, "it may be")
      }
    let (growth, cut) = (found(even, helps: "they help"), found(open, helps: "opening them helps"))
    return [
      Suspect(
        name: "it overfits", test: "errors on its own training images", verdict: .ruledOut,
        evidence:
          "no: \(fixed(plain.trainingErrors.mean, 1)) %, \(shallow.net.name) \(fixed(shallow.trainingErrors.mean, 1)) %"
      ),
      Suspect(
        name: "the gradient vanishes", test: "its length before training and after one epoch",
        verdict: gradient.isRuledOut ? .ruledOut : .open,
        evidence: "\(gradient.isRuledOut ? "no" : "perhaps"): \(gradient.evidence)"),
      Suspect(name: "the gradient grows", test: "even steps", verdict: growth.0, evidence: growth.1),
      Suspect(
        name: "the picture is lost", test: "a linear layer reads the untrained net", verdict: readable.0,
        evidence: readable.1),
      Suspect(
        name: "ReLUs cut off too much", test: "open ReLUs", verdict: cut.0,
        evidence: cut.1
          + (cut.0 == .helps && readings.opens
            ? "; by steps 1 to 3 the gradient then hardly grows, and the picture stays readable, so which of these helps is open"
            : "")),
      Suspect(
        name: "images come out alike, or with nothing in common", test: "mean cosines before training", verdict: .open,
        evidence: order.isOrdered
          ? "open: one of the cosines orders the nets"
          : "open: neither cosine orders the nets"),
    ]
  }

  /// How far rotations come: `to get from 7.0 % to 1.1 %`.
  static func reach(_ findings: Findings) -> String {
    "to get from \(fixed(findings.fair.deepPlain.trainingErrors.mean, 1)) % to \(wrong(findings.exactRotations))"
  }

  /// What became of all of them, in a sentence.
  static func verdicts(_ suspects: [Suspect]) -> String {
    let numbers = ["none", "one", "two", "three", "four", "five", "six"]
    func count(_ verdict: Suspect.Verdict) -> Int { suspects.count { $0.verdict == verdict } }
    func words(_ verdict: Suspect.Verdict, _ one: String, _ more: String) -> String? {
      count(verdict) == 0 ? nil : "\(numbers[count(verdict)]) \(count(verdict) == 1 ? one : more)"
    }
    return "Of \(numbers[suspects.count]) suspects "
      + listed(
        [
          words(.ruledOut, "is ruled out", "are ruled out"),
          words(.notEnoughNorNeeded, "is neither enough nor needed", "are neither enough nor needed"),
          count(.helps) == 0 ? nil : "removing \(numbers[count(.helps)]) helps",
          words(.open, "stays open", "stay open"),
        ].compactMap { $0 }) + "."
  }

  /// Suspect, test, verdict.
  static func suspectsTable(_ findings: Findings) -> Table? {
    guard let suspects = suspects(findings) else { return nil }
    let (nets, plain) = (findings.fair, findings.fair.deepPlain)
    return Table(
      "Why is \(plain.net.name) slow? Percentages are training images wrong after \(counted(nets.epochs, "epoch")): \(plain.net.name) \(fixed(plain.trainingErrors.mean, 1)) %, with additions \(fixed(nets.deepResidual.trainingErrors.mean, 1)) %",
      columns: ["suspect", "test", "verdict"],
      rows: suspects.map { [TableCell($0.name), TableCell($0.test), TableCell($0.evidence)] })
  }

  /// What the addition is known to do, and what is not known.
  static func knownOfAddition(_ findings: Findings) -> String? {
    guard let readings = Readings(findings), readings.handsOn else { return nil }
    let nets = findings.fair
    return """
      What the addition is known to do:

      - Before training the gradient grows as a power of the depth, not exponentially.
      - Before training the picture stays linearly readable.
      - After training \(fixed(nets.deepResidual.trainingErrors.mean, 1)) % of the training images are wrong, not \
      \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %.

      Whether the first or the second brings the third is open. **Use it because it works.**
      """
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
    func signals(_ net: DeepNet) -> String { alikeness.net(net).map { fixed($0.signals.mean, 2) } ?? "–" }
    func cosine(_ net: DeepNet?) -> String { alikeness.net(net).map { fixed(max(0, $0.gradients.mean), 2) } ?? "–" }
    let (plain, residual) = (nets.deepPlain.net, nets.deepResidual.net)
    let end =
      order.isOrdered
      ? " One of the two numbers orders the nets by their errors (rank correlations \(fixed(order.signals, 2)) for signals, \(fixed(order.gradients, 2)) for gradients)."
      : """
       Their signals have \(signals(plain)) and \(signals(residual)). But neither orders the nets by their errors: of the gradients \
      \(widerName) have \(cosine(findings.widened?.net)), too, and leave \
      \(wrong(findings.widened)); copies have \(cosine(findings.exactCopies?.net)) and leave \(wrong(findings.exactCopies)).
      """
    return """
      **The gradients of two images have nothing in common in a deep plain net; additions mend that** (Balduzzi et al. 2017, *shattered \
      gradients*). Ours agree: before training their mean cosine is \(cosine(plain)) in \(plain.name), \(cosine(residual)) in \
      \(residual.name).\(end)
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
