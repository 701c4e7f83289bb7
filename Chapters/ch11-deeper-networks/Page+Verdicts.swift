// The page of chapter 11: what the table of the changes says of each suspect.

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
    case wideOpen?.name: ownRates?.before(start: .open, channels: Controls.width)
    case wideCopies?.name: ownRates?.before(start: .mixed, channels: Controls.width)
    case fading?.name: ownRates?.before(residual: true)
    default: nil
    }
  }
}

extension DeeperNetworks {
  /// What the results say, and what they leave open.
  static func conclusion(_ findings: Findings) -> String {
    let isAnswered = fitsReading(findings)
    let slower =
      isAnswered
      ? "**\(replacement(findings))**" + (findings.wideCopies?.isSlower == true ? " Why, we do not know." : "") : ""
    let verdicts = [growth(findings), shattering(findings), copies(findings)].compactMap { $0 }.map { "- \($0)" }
    let list =
      verdicts.isEmpty ? "" : "\n\nWhat the changes say of each suspect:\n\n" + verdicts.joined(separator: "\n")
    return """
      \(slower)\(list)

      Others found more: weights that keep every signal and gradient at its size let 10,000 plain layers learn (Xiao et al. 2018). And \
      width does not explain He et al.'s plain nets: they had up to 512 channels and stayed behind.
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
      case .withinChance:
        "*The growing gradient: undecided.* Steps of one size \(even.remedy.gain.mean < 0 ? "cost" : "gain") \(gain(even)) points, within chance"
      }
    let pair: String? =
      if let open = findings.openReLUs, let difference = findings.openOverOneSize {
        difference.worded(
          above: "Open ReLUs gain \(fixed(difference.mean, 1)) points more",
          below: "Open ReLUs gain \(fixed(-difference.mean, 1)) points less",
          withinChance: "Open ReLUs gain about the same, \(gain(open)); our seeds cannot tell the two apart")
      } else { nil }
    let isOpen = even.remedy.gain.direction(among: Remedy.tried) == .withinChance
    let rest: String? =
      if let plain = findings.ownRates?.before()?.factor,
        let own = findings.ownRates?.before(channels: Controls.width)?.factor,
        own.mean > plain.mean - 0.02, findings.helping.contains(where: { $0.name == widerName })
      {
        "But growth is not all: with \(widerName) the gradient grows as much, yet the net learns"
      } else if isOpen && even.remedy.rest.direction() == .above {
        "But growth is not all: with steps of one size \(fixed(even.remedy.rest.mean, 1)) points are left"
      } else { nil }
    return [verdict, pair, rest].compactMap { $0 }.joined(separator: ". ") + "."
  }

  /// Whether the cosine before training orders the nets by what they learn.
  private static func shattering(_ findings: Findings) -> String? {
    guard let own = findings.ownRates, let open = findings.openReLUs, let openCosine = own.before(start: .open),
      let cosine = own.before(residual: true),
      (openCosine.neighbours - cosine.neighbours).direction() == .above, open.remedy.rest.direction() == .above
    else { return nil }
    return
      "*Shattered gradients*, those that change with every small change of the image, do not order the nets by what they learn (fold *\(begunTitle)*)."
  }

  /// What near copies and exact ones say.
  private static func copies(_ findings: Findings) -> String? {
    guard let gain = findings.copyGain, gain.direction() == .above, let exact = findings.exactCopies,
      exact.remedy.gain.direction() != .above
    else { return nil }
    return """
      *Copies:* near copies gain \(fixed(gain.mean, 1)) points\(gain.intervalNote()) over open ReLUs alone, exact ones nothing beyond \
      chance. But norms and ReLUs make these inexact, too, so that is no proof that a block must add something.
      """
  }
}
