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
  /// Whether a change that was trained speaks of it.
  var isTested = false
}

extension DeeperNetworks {
  /// The suspects in a table, and the changes that are not in the figure.
  static func addSuspects(to page: inout Page, _ findings: Findings) {
    let suspects = suspects(findings)
    func table(_ title: String, _ suspects: [Suspect]) -> Table {
      Table(
        title, columns: ["suspect", "verdict", "by what"],
        rows: suspects.map { [TableCell($0.name), TableCell($0.verdict), TableCell($0.evidence)] })
    }
    page.slide(
      withoutCopies(findings) != nil ? "What is ruled out, what helps, what is open" : "What the changes say",
      suspects.map { "- \($0.name): *\($0.verdict)*" }.joined(separator: "\n"),
      notes: withoutCopies(findings) != nil ? answerToKeep(findings) : found(findings))
    page.fold("Suspect by suspect, and other changes") {
      $0.table(
        table(
          "Of each suspect: how many times fewer mistakes a change leaves, with an interval widened for \(Remedy.tried) changes",
          suspects.filter(\.isTested)))
      $0.table(table("Suspects of which other measurements speak", suspects.filter { !$0.isTested }))
      $0.prose(
        """
        \(halves(findings))\(copiesFinding(findings))\(wideCopiesFinding(findings))\(fadingText(findings))Xiao et al. (2018) went further: \
        orthogonal starts without norms let 10,000 plain layers learn. And width does not explain He et al.'s plain nets: they had up \
        to 512 channels and stayed behind.
        """)
    }
  }

  /// What near copies and near rotations are, and what they say.
  private static func halves(_ findings: Findings) -> String {
    guard findings.nearCopies != nil else { return "" }
    let nearRotations = findings.nearRotations == nil ? "" : ", in *near rotations* beside the orthogonal matrix"
    return """
      In *near copies* He's weights at half their size stand beside the 1\(nearRotations). \(kernelsFinding(findings))


      """
  }

  /// What an addition that fades out is, and what it says.
  private static func fadingText(_ findings: Findings) -> String {
    guard let finding = fadingFinding(findings), let end = findings.fadingRow?.net.fading?.to else { return "" }
    return """
      Is the short path past the blocks (Veit et al. 2016) needed throughout? In *an addition until epoch \(end)* each block is \
      $\\max(0,\\, a\\,x + F(x))$, and $a$ falls evenly from 1 to 0. From there on the net is plain. \(finding)


      """
  }

  /// How He's kernels can be a part of the trouble and stand in nets that learn well.
  private static func kernelsFinding(_ findings: Findings) -> String {
    guard findings.openOverRotations?.direction == .above, findings.nearCopies != nil,
      findings.helping.contains(where: { [findings.nearCopies?.name, findings.nearRotations?.name].contains($0.name) })
    else { return "" }
    return """
      Near copies and near rotations contain He's kernels, too, at half their size, and learn well. So these need not \
      go; it helps if something beside them hands the signal on.
      """
  }

  /// The answer in two sentences: what does without the addition, and what is not known.
  static func sureAnswer(_ findings: Findings) -> String {
    guard let both = withoutCopies(findings) else { return "**\(found(findings))**" }
    let nets = findings.fair
    let behind = Ratio(both.remedy.treated, over: both.remedy.residual)
    let isFlawless = both.remedy.residual.values.allSatisfy { $0 == 0 }
    let rest =
      isFlawless
      ? "makes no mistake at all"
      : behind.worded(
        above: "still makes \(behind.text) times fewer mistakes", below: "makes more mistakes",
        withinChance: "makes \(behind.text) times fewer mistakes, which may be chance")
    let growth =
      if let plain = findings.ownRates?.before()?.factor, let open = findings.ownRates?.before(start: .open)?.factor {
        ", from \(fixed(plain.mean, 2)) to \(fixed(open.mean, 2)) a layer"
      } else { "" }
    return """
      \(vanishing(findings).isRuledOut ? "Neither overfitting nor a vanishing gradient makes \(nets.deepPlain.net.name) slow. " : "")**With open ReLUs and \(widerName) \(nets.deepPlain.net.name) ends at \(fixed(both.remedy.treated.mean, 1)) % without any \
      addition, not at \(fixed(nets.deepPlain.trainingErrors.mean, 1)) %\(both.isSlower ? ", though it takes longer than with one" : "").** \
      Why they help is not shown: open ReLUs also change how the gradient grows\(growth), and more channels are more weights. And the \
      addition does something else as well: the residual net of that width \(rest).
      """
  }

  /// Whether near copies add something to the two changes, and whether that can be told.
  private static func wideCopiesFinding(_ findings: Findings) -> String {
    guard let open = findings.wideOpen, let near = findings.wideCopies else { return "" }
    let ratio = Ratio(open.remedy.treated, over: near.remedy.treated)
    return ratio.worded(
      above: "With \(widerName) near copies do better than open ReLUs.\n\n",
      below: "With \(widerName) near copies do worse than open ReLUs.\n\n",
      withinChance: """
        With \(widerName) near copies make \(ratio.text) times fewer mistakes than open ReLUs: \
        \(counted(ratio.logarithms.count, "seed")) do not decide that.\n\n
        """
    )
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
          name: "He's random kernels alone",
          verdict: $0.worded(above: "the change helps", below: "no reason", withinChance: "open"),
          evidence: "exact rotations, against open ReLUs: \($0.text)", isTested: true)
      },
      copies(findings), tested("too few channels", findings.widened),
    ].compactMap { $0 }
  }

  /// A suspect that one change takes away.
  private static func tested(_ name: String, _ change: Change?) -> Suspect? {
    guard let change else { return nil }
    return Suspect(
      name: name,
      verdict: change.remedy.factor.worded(above: "the change helps", below: "no reason", withinChance: "open"),
      evidence: "\(change.name): \(change.remedy.factor.text)", isTested: true)
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
      verdict: even.remedy.factor.worded(above: "the change helps", below: "no reason", withinChance: "open"),
      evidence: "\(even.name): \(even.remedy.factor.text)" + (isAsLarge ? "; with \(widerName) it grows as much" : ""),
      isTested: true)
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
    let verdict = open.worded(above: "the change helps", below: "no reason", withinChance: "open")
    guard let ratio = findings.rotationsOverCopies else {
      return Suspect(
        name: copyName, verdict: verdict, evidence: "near copies, against open ReLUs: \(open.text)", isTested: true)
    }
    let isNeedless = needsNoCopy(findings)
    return Suspect(
      name: copyName,
      verdict: ratio.worded(above: verdict, below: "no reason", withinChance: isNeedless ? "no sign of it" : "open"),
      evidence: "near copies, against near rotations: \(ratio.text)", isTested: true)
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
