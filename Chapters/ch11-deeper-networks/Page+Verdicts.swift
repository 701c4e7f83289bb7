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
    case exactRotations?.name: ownRates?.before(start: .rotation)
    case nearCopies?.name: ownRates?.before(start: .mixed)
    case nearRotations?.name: ownRates?.before(start: .mixedRotation)
    case widened?.name: ownRates?.before(channels: Controls.width)
    case wideOpen?.name: ownRates?.before(start: .open, channels: Controls.width)
    case wideCopies?.name: ownRates?.before(start: .mixed, channels: Controls.width)
    case fading?.name: ownRates?.before(residual: true)
    default: nil
    }
  }
}

/// A suspect, and what became of it.
struct Suspect {
  var name: String
  /// `ruled out`, `helps`, `open`, …
  var verdict: String
  var evidence: String
}

extension DeeperNetworks {
  /// What is sure, the suspects in a table, and what others found.
  static func addSuspects(to page: inout Page, _ findings: Findings) {
    let isAnswered = withoutCopies(findings) != nil
    page.prose(isAnswered ? sureAnswer(findings) : "**\(found(findings))**")
    let suspects = suspects(findings)
    page.table(
      Table(
        "Why is it slow? The suspects, by the intervals of the table above",
        columns: ["suspect", "verdict", "by what"],
        rows: suspects.map { [TableCell($0.name), TableCell($0.verdict), TableCell($0.evidence)] }))
    page.project(
      isAnswered ? "What is ruled out, what helps, what is open" : "What the changes say",
      notes: isAnswered ? answerToKeep(findings) : found(findings))
    page.prose(
      """
      \(copiesFinding(findings))Xiao et al. (2018) went further: orthogonal starts without norms let 10,000 plain layers learn. And width \
      does not explain He et al.'s plain nets: they had up to 512 channels and stayed behind.
      """)
  }

  /// What is sure, in two sentences.
  private static func sureAnswer(_ findings: Findings) -> String {
    let slower = findings.wideOpen.map { $0.isSlower ? ", though they take longer" : "" } ?? ""
    let copies =
      if let open = findings.wideOpen, let near = findings.wideCopies {
        Ratio(open.remedy.treated, over: near.remedy.treated).worded(
          above: " Near copies with \(widerName) do better still.", below: " Near copies with \(widerName) do worse.",
          withinChance: " Near copies add nothing to that beyond chance.")
      } else { "" }
    return """
      **It is not overfitting\(vanishing(findings).isRuledOut ? ", and in nets with a norm no gradient that vanishes" : ""). On digits open \
      ReLUs and \(widerName) nearly replace the addition\(slower).**\(copies)
      """
  }

  /// The suspects that the trainings can speak of.
  static func suspects(_ findings: Findings) -> [Suspect] {
    let vanishing = vanishing(findings)
    return [
      Suspect(name: "overfitting", verdict: "ruled out", evidence: "these are training errors"),
      findings.ownRates?.compared == nil
        ? nil
        : Suspect(name: "a wrong learning rate", verdict: "ruled out", evidence: "each net has its own"),
      Suspect(
        name: "a gradient that vanishes",
        verdict: vanishing.isRuledOut ? "ruled out, with a norm" : "open", evidence: vanishing.evidence),
      growth(findings), shattering(findings),
      tested("ReLUs that cut off half", findings.openReLUs),
      findings.openOverRotations.map {
        Suspect(
          name: "He's random kernels",
          verdict: $0.worded(above: "play a part", below: "no reason", withinChance: "open"),
          evidence: "exact rotations, against open ReLUs")
      },
      copies(findings), tested("too few channels", findings.widened),
    ].compactMap { $0 }
  }

  /// A suspect that one change takes away.
  private static func tested(_ name: String, _ change: Change?) -> Suspect? {
    guard let change else { return nil }
    return Suspect(
      name: name,
      verdict: change.remedy.factor.worded(above: "plays a part", below: "no reason", withinChance: "open"),
      evidence: change.name)
  }

  /// Whether the gradient of the plain net becomes small on its way back, before training and after an epoch.
  static func vanishing(_ findings: Findings) -> (isRuledOut: Bool, evidence: String) {
    let flow = findings.flow?.net(residual: false)
    let before =
      flow.map { $0.before.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let after = flow?.after?.factor.direction(from: 1)
    let start =
      switch before {
      case .above: "it grows"
      case .below: "it shrinks"
      case .withinChance: "it keeps its size"
      }
    let later =
      switch after {
      case .above: "; it grows after an epoch"
      case .below: "; it shrinks after an epoch"
      case .withinChance: "; it keeps its size after an epoch"
      case nil: ""
      }
    return (before != .below && after != .below, start + later)
  }

  /// Whether the growing gradient is a reason: by steps of one size, and by the wider net.
  private static func growth(_ findings: Findings) -> Suspect? {
    guard let even = findings.oneSize else { return nil }
    let isAsLarge =
      if let plain = findings.ownRates?.before()?.factor,
        let own = findings.ownRates?.before(channels: Controls.width)?.factor, own.mean > plain.mean - 0.02
      { findings.helping.contains { $0.name == widerName } } else { false }
    return Suspect(
      name: "a gradient that grows",
      verdict: even.remedy.factor.worded(above: "plays a part", below: "no reason", withinChance: "open"),
      evidence: even.name + (isAsLarge ? "; with \(widerName) it grows as much" : ""))
  }

  /// Whether a net that shatters less than the residual one learns worse.
  static func isUnordered(_ findings: Findings) -> Bool {
    guard let own = findings.ownRates, let open = findings.openReLUs, let openCosine = own.before(start: .open),
      let cosine = own.before(residual: true)
    else { return false }
    return (openCosine.neighbours - cosine.neighbours).direction() == .above
      && Ratio(open.remedy.treated, over: open.remedy.residual).direction == .above
  }
  private static func shattering(_ findings: Findings) -> Suspect? {
    isUnordered(findings)
      ? Suspect(name: "shattered gradients", verdict: "do not order the nets", evidence: "see the fold below") : nil
  }

  /// Whether a block has to begin near a copy of its input: against open ReLUs alone, and against rotations.
  private static func copies(_ findings: Findings) -> Suspect? {
    guard let near = findings.nearCopies, let open = findings.openOverCopies else { return nil }
    let verdict = open.worded(above: "plays a part", below: "no reason", withinChance: "open")
    guard let ratio = findings.rotationsOverCopies else {
      return Suspect(name: copyName, verdict: verdict, evidence: "near copies, against open ReLUs")
    }
    let isNeedless = needsNoCopy(findings)
    return Suspect(
      name: copyName,
      verdict: ratio.worded(above: verdict, below: "no reason", withinChance: isNeedless ? "no reason" : "open"),
      evidence: isNeedless
        ? "near rotations do \(ratio.direction == .below ? "better" : "as well")"
        : "near rotations, against near copies")
  }
  private static let copyName = "a start far from a copy"

  /// What exact copies say, the closest ones.
  private static func copiesFinding(_ findings: Findings) -> String {
    guard let ratio = findings.exactOverOpen else { return "" }
    let mixing =
      findings.exactOverRotations.map {
        $0.worded(
          above:
            " They lack that channels mix: exact rotations make \($0.text) times fewer.",
          below: " Exact rotations make more still.", withinChance: " Exact rotations do no better, beyond chance.")
      } ?? ""
    return ratio.worded(
      above:
        "Exact copies, the closest ones, make \(ratio.text) times as many mistakes as open ReLUs alone.\(mixing)\n\n",
      below: "Exact copies make fewer mistakes than open ReLUs alone.\n\n", withinChance: "")
  }
}
