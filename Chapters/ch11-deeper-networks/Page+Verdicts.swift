// The page of chapter 11: what the table of the changes says of each suspect, and the short answer.

import Foundation
import Workbook

extension DeeperNetworks.Findings {
  /// The gradient before training in the net of a change; that of a net whose addition fades out is the residual net's.
  func before(_ change: Change) -> OwnRates.Begun? {
    switch change.name {
    case oneSize?.name: ownRates?.before()
    case openReLUs?.name: ownRates?.before(start: .open)
    case exactCopies?.name: ownRates?.before(start: .identity)
    case nearCopies?.name: ownRates?.before(start: .mixed)
    case widened?.name: ownRates?.before(channels: Controls.width)
    case wideCopies?.name: ownRates?.before(start: .mixed, channels: Controls.width)
    case fading?.name: ownRates?.before(residual: true)
    default: nil
    }
  }
}

extension DeeperNetworks {
  /// How the table is read.
  static func rules(_ findings: Findings) -> String {
    let counted =
      findings.faded?.isCounted == true
      ? " Where the addition fades out one net fails, which hides in the mean what the others agree on: there nets are counted."
      : ""
    return """
      “Yes”: the interval of the difference lies above 0, also when it is widened because \(Remedy.tried) changes were tried.\(counted) \
      No net has fewer than 0 errors, so whatever makes a net faster squeezes the gap; hence the epochs. The last two columns are \
      measured before training. *Growth:* what a layer multiplies the gradient by on its way back. *Cosine:* how much the slopes of an \
      output in all pixels agree between an image and the same image moved a little, from 1 (fully) to 0 (not at all; *shattered*, \
      Balduzzi et al. 2017).
      """
  }

  /// What the results say, and what they leave open.
  static func conclusion(_ findings: Findings) -> String {
    let slower =
      if let both = findings.wideCopies, both.remedy.answer == .closes, let epochs = both.epochs {
        "**\(replacement(findings))** They come down to \(Int(fewErrors)) % in epoch \(epochsText(epochs.changed)), the residual net in epoch \(epochsText(epochs.residual))\(both.isSlower ? "; why, we do not know" : "")."
      } else { "**\(replacement(findings))**" }
    let verdicts = [growth(findings), shattering(findings), copies(findings)].compactMap { $0 }.map { "- \($0)" }
    let list = verdicts.isEmpty ? "" : " And the suspects?\n\n" + verdicts.joined(separator: "\n")
    return """
      \(slower)\(list)

      \(shortAnswer(findings))

      That a start can do much is known: weights that keep every signal and gradient at its size let 10,000 plain layers learn (Xiao et \
      al. 2018). In He et al.'s nets width is hardly the reason: the plain ones had up to 512 channels and stayed behind.
      """
  }

  /// Whether the growing gradient is a reason: by steps of one size, against open ReLUs, and by the wider net.
  private static func growth(_ findings: Findings) -> String? {
    guard let even = findings.oneSize else { return nil }
    func gain(_ change: Change) -> String { fixed(abs(change.remedy.gain.mean), 1) }
    let verdict =
      switch even.remedy.gain.direction(among: Remedy.tried) {
      case .above: "*The growing gradient: a part of the reason.* Steps of one size gain \(gain(even)) points"
      case .below: "*The growing gradient: no reason.* Steps of one size cost \(gain(even)) points"
      case .withinChance: "*The growing gradient: undecided.* Steps of one size gain nothing beyond chance"
      }
    let pair: String? =
      if let open = findings.openReLUs, let difference = findings.openOverOneSize {
        difference.worded(
          above: "Open ReLUs gain \(fixed(difference.mean, 1)) points more (95 %: \(difference.interval()))",
          below: "Open ReLUs gain \(fixed(-difference.mean, 1)) points less (95 %: \(difference.magnitude.interval()))",
          withinChance:
            "They and open ReLUs gain about the same, \(gain(even)) and \(gain(open)) points; our seeds cannot tell them apart (difference \(fixed(difference.mean, 1)), 95 %: \(difference.interval()))"
        )
      } else { nil }
    let isOpen = even.remedy.gain.direction(among: Remedy.tried) == .withinChance
    let rest =
      isOpen && even.remedy.rest.direction() == .above
      ? "So growth may be a part of the reason; without it a gap of \(points(even.remedy.rest)) points is left" : nil
    let wide: String? =
      if let plain = findings.ownRates?.before()?.factor,
        let own = findings.ownRates?.before(channels: Controls.width)?.factor,
        own.mean > plain.mean - 0.02, findings.helping.contains(where: { $0.name == widerName })
      { "With \(widerName) the gradient grows as much, and the net learns" } else { nil }
    return [verdict, pair, rest, wide].compactMap { $0 }.joined(separator: ". ") + "."
  }

  /// Whether the cosine before training orders the nets by what they learn.
  private static func shattering(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let open = findings.openReLUs, let openCosine = own.before(start: .open),
      let cosine = own.before(residual: true),
      (openCosine.neighbours - cosine.neighbours).direction() == .above, open.remedy.rest.direction() == .above
    else { return nil }
    func told(_ name: String, _ begun: OwnRates.Begun, _ errors: Summary) -> String {
      "\(name) \(fixed(begun.neighbours.mean, 2)) and \(fixed(errors.mean, 1)) % wrong"
    }
    let rows =
      [
        told("open ReLUs have", openCosine, open.remedy.treated),
        told(findings.fair.deepResidual.net.name, cosine, open.remedy.residual),
      ]
      + [findings.widened].compactMap { wide in
        wide.flatMap { wide in findings.before(wide).map { told(wide.name, $0, wide.remedy.treated) } }
      }
    return "*Shattered gradients:* the cosine does not order the nets. \(sentenceCase(listed(rows)))."
  }

  /// What near copies and exact ones say.
  private static func copies(_ findings: Findings) -> String? {
    guard let gain = findings.copyGain, gain.direction() == .above, let exact = findings.exactCopies,
      exact.remedy.gain.direction() != .above
    else { return nil }
    let cosine =
      findings.before(exact).map { " (cosine \(fixed($0.neighbours.mean, 2)))" } ?? ""
    return """
      *Copies:* near copies gain \(fixed(gain.mean, 1)) points on open ReLUs alone (95 %: \(gain.interval())), exact ones nothing. But norms and ReLUs stand between: \
      exact copies are not quite exact\(cosine), so this does not prove that a block must add something.
      """
  }
}
