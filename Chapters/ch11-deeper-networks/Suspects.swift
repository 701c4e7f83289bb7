// The suspected reasons for the slow deep net, what is left of the gap without each, and what that says.

import Foundation
import Workbook

/// A suspected reason: what was changed, what came out, and a verdict in two words.
struct Suspect {
  var name: String
  var change: String
  /// Errors on training images after the course, in percent; nil where nothing was trained.
  var errors: Summary? = nil
  /// How many points the changed net is ahead of the plain one, with the interval that allows for several tests.
  var gain = ""
  /// How many points the changed net is behind the residual one, with an interval.
  var gap: String
  /// From which epoch on few training images are wrong: with this change, and in the residual net.
  var epochs: (changed: Int?, residual: Int?)? = nil
  var verdict: String
}

/// What was changed in the deep plain net, and what came out.
struct Change {
  var name: String
  /// Under the figure.
  var label: String
  var suspect: String
  var remedy: Remedy
  /// The training errors of the changed net epoch by epoch, and of the residual one; nil where they were not recorded.
  var curve: [Double]?
  var residualCurve: [Double]?

  /// From which epoch on few training images are wrong, in the changed net and in the residual one.
  var epochs: (changed: Int?, residual: Int?)? {
    guard let curve, let residualCurve else { return nil }
    return (DeeperNetworks.epochs(of: curve), DeeperNetworks.epochs(of: residualCurve))
  }
  /// Whether the changed net comes down later than the residual one, by more than one epoch.
  var isSlower: Bool {
    guard let epochs, let residual = epochs.residual else { return false }
    return (epochs.changed ?? .max) > residual + 1
  }

  /// The verdict in two words: of the errors in the end, and of the time that they take.
  var verdict: String {
    switch remedy.answer {
    case .closes: isSlower ? "nearly all, later" : remedy.rest.direction() == .above ? "nearly all" : "closes it"
    case .narrows: remedy.isFirm ? "a part" : "perhaps part"
    case .stays: "not it"
    case .unclear: "undecided"
    }
  }
}

extension Remedy {
  /// With how many seeds the changed net makes fewer mistakes than the plain one, and more than the residual one.
  var fewer: Int { gain.values.count { $0 > 0 } }
  var more: Int { rest.values.count { $0 > 0 } }

  /// Whether a single seed hides in the mean what the other ones agree on, so that seeds are counted.
  var isCounted: Bool { answer == .unclear && answerByCount != .unclear }
  /// What the means say; where they say nothing, what the counts do.
  var answerByCount: Answer {
    guard answer == .unclear, gap.direction() == .above else { return answer }
    let (isBetter, isBehind) = (Self.isUnequal(fewer, of: gain.count), Self.isUnequal(more, of: rest.count))
    return switch (isBetter, isBehind) {
    case (true, false): .closes
    case (true, true): rest.median < gap.median / 10 ? .closes : .narrows
    case (false, true): .stays
    case (false, false): .unclear
    }
  }
  /// Whether less than half of the gap is left.
  var isMostlyGained: Bool {
    isCounted ? rest.median < gap.median / 2 : rest.mean < gap.mean / 2
  }

  /// Whether so many of n or more, on either side, come in less than 5 % of experiments in which chance alone decides.
  static func isUnequal(_ count: Int, of n: Int) -> Bool {
    guard 2 * count > n else { return false }
    var (ways, tail) = (1.0, 0.0)
    for k in 0...n {
      if k >= count { tail += ways }
      ways = ways * Double(n - k) / Double(k + 1)
    }
    return 2 * tail / pow(2, Double(n)) < 0.05
  }
}

extension DeeperNetworks.Findings {
  /// A net of the controls held against the deep plain one, and against the residual one with as many channels.
  private func control(_ row: Controls.Row?) -> Remedy? {
    guard let own = ownRates, let usual = own.row()?.fewest?.run, let row, let treated = row.trainingErrors else {
      return nil
    }
    let residual =
      row.net.channels == usual.net.channels
      ? own.row(residual: true)?.run?.trainingErrors
      : controls?.row(DeepNet(blocks: row.net.blocks, isResidual: true, channels: row.net.channels))?.trainingErrors
    return residual.map { Remedy(usual: usual.trainingErrors, treated: treated, residual: $0) }
  }
  private func plain(channels: Int? = nil, start: DeepNet.Start? = nil, even: Bool = false) -> Controls.Row? {
    guard let deep = ownRates?.row()?.net else { return nil }
    return controls?.row(
      DeepNet(blocks: deep.blocks, isResidual: false, channels: channels ?? deep.channels, start: start), even: even)
  }

  /// Twice the channels.
  var widened: Remedy? { control(plain(channels: Controls.width)) }
  /// Open ReLUs, and kernels that hand on their channel beside He's weights.
  var mixed: Remedy? { control(plain(start: .mixed)) }
  /// The net whose additions fade out.
  var fadingRow: Controls.Row? { controls?.rows.first { $0.net.fading != nil && $0.trainingErrors != nil } }
  var faded: Remedy? { control(fadingRow) }

  /// The curve of the deep residual net, with as many channels as the changed net.
  func residualCurve(isWide: Bool = false) -> [Double]? {
    isWide
      ? controls?.row(DeepNet(blocks: fair.deepPlain.net.blocks, isResidual: true, channels: Controls.width))?.curve
      : ownRates?.row(residual: true)?.run?.firstCurve
  }
  /// A change, if it was measured.
  private func change(
    _ name: String, _ label: String, _ suspect: String, _ remedy: Remedy?, _ curve: [Double]?, isWide: Bool = false
  ) -> Change? {
    remedy.map {
      Change(
        name: name, label: label, suspect: suspect, remedy: $0, curve: curve,
        residualCurve: residualCurve(isWide: isWide))
    }
  }

  /// The changes to the deep plain net that are tried one at a time.
  var singleChanges: [Change] {
    let own = ownRates
    return [
      change(
        "steps of one size", "even", "a gradient that grows", own?.evenSteps, own?.row(even: true)?.run?.firstCurve),
      change(
        DeeperNetworks.widerName, "\(Controls.width) ch.", "too few channels", widened,
        plain(channels: Controls.width)?.curve, isWide: true),
      change(
        "open ReLUs", "open", "ReLUs that cut at the start", own?.begun(.open), own?.row(start: .open)?.run?.firstCurve
      ),
    ].compactMap { $0 }
  }
  /// Several at once: open ReLUs, and others.
  var pairs: [Change] {
    let (even, wide) = (plain(start: .open, even: true), plain(channels: Controls.width, start: .open))
    let all = plain(channels: Controls.width, start: .mixed)
    return [
      change(
        "open ReLUs with steps of one size", "both", "cut ReLUs, and a gradient that grows", control(even), even?.curve),
      change(
        "open ReLUs with \(DeeperNetworks.widerName)", "both", "cut ReLUs, and too few channels", control(wide),
        wide?.curve, isWide: true),
      change(
        "a start near the identity with \(DeeperNetworks.widerName)", "both",
        "a far start, cut ReLUs and too few channels",
        control(all), all?.curve, isWide: true),
    ].compactMap { $0 }
  }
  /// Open ReLUs and a start near the identity: held against open ReLUs alone.
  var nearIdentity: Change? {
    change(
      "a start near the identity", "near id.", "a start far from the identity", mixed, plain(start: .mixed)?.curve)
  }
  /// The changes that are tried one after another, a start near the identity last.
  var tried: [Change] { singleChanges + [nearIdentity].compactMap { $0 } }
  /// Those of them that take a part of the gap away beyond chance; a start near the identity, beyond its open ReLUs.
  var helping: [Change] {
    tried.filter { change in
      [.closes, .narrows].contains(change.remedy.answer) && change.remedy.isFirm
        && (change.name != nearIdentity?.name || identityGain?.direction() == .above)
    }
  }

  /// What is left of the gap with kernels near the identity, compared with open ReLUs alone.
  var identityGain: Summary? {
    guard let mixed, let open = ownRates?.begun(.open) else { return nil }
    return open.treated - mixed.treated
  }
}

extension DeeperNetworks {
  static let widerName = "\(Controls.width) channels"

  /// Whether there is something to explain: a deep net that is slow, and faster with additions.
  static func isTested(_ nets: DegradationFindings) -> Bool {
    nets.isLong && nets.gap.direction() == .above && nets.cure.direction() == .above
  }

  /// With a capital letter in front.
  static func sentenceCase(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

  /// `3.1 (2.3 to 3.9)`: points and their 95 % interval.
  static func points(_ difference: Summary) -> String {
    "\(fixed(difference.mean, 1)) (\(difference.interval()))"
  }

  /// The suspects in the order of the table.
  static func suspects(_ findings: Findings) -> [Suspect] {
    let whole = points(findings.fair.cure)
    var list = [
      Suspect(
        name: "overfitting", change: "the errors are counted on its own training images", gap: whole, verdict: "not it"
      )
    ]
    if findings.ownRates?.compared != nil {
      list.append(
        Suspect(
          name: "a wrong learning rate", change: "each net has its own best rate", gap: whole, verdict: "not it"))
    }
    list.append(vanishing(findings))
    func row(_ change: Change) -> Suspect {
      Suspect(
        name: change.suspect, change: change.name, errors: change.remedy.treated,
        gain: gained(change.remedy), gap: points(change.remedy.rest), epochs: change.epochs, verdict: change.verdict)
    }
    list += findings.singleChanges.map(row)
    if let near = findings.nearIdentity, let gain = findings.identityGain {
      var near = row(near)
      near.change += ", and open ReLUs"
      near.verdict = gain.worded(above: near.verdict, below: "not it", withinChance: "not seen")
      list.append(near)
    }
    list += findings.pairs.map(row)
    if let faded = findings.faded, let row = findings.fadingRow, let fading = row.net.fading {
      let verdict =
        switch faded.answerByCount {
        case .closes: "first half only"
        case .narrows: faded.isMostlyGained ? "mainly first half" : "partly throughout"
        case .stays: "needed throughout"
        case .unclear: "undecided"
        }
      list.append(
        Suspect(
          name: "no short path past the blocks",
          change:
            "an addition that is gone by epoch \(fading.to)\(faded.isCounted ? " (middle net \(fixed(faded.treated.median, 1)))" : "")",
          errors: faded.treated,
          gain: faded.isCounted
            ? "fewer errors in \(faded.fewer) of \(faded.treated.count) nets; middle one \(fixed(faded.gap.median - faded.rest.median, 1))"
            : gained(faded),
          gap: faded.isCounted
            ? "\(points(faded.rest)); middle one \(fixed(faded.rest.median, 1))" : points(faded.rest),
          epochs: row.curve.flatMap { curve in
            findings.residualCurve().map { (epochs(of: curve), epochs(of: $0)) }
          },
          verdict: verdict))
    }
    return list
  }

  /// `3.7 (1.4 to 5.9)`: points gained and the interval that allows for as many tests as changes were tried.
  private static func gained(_ remedy: Remedy) -> String {
    let (gain, half) = (remedy.gain, remedy.gain.uncertainty(among: 4))
    return "\(fixed(gain.mean, 1)) (\(fixed(gain.mean - half, 1)) to \(fixed(gain.mean + half, 1)))"
  }

  /// The errors by which speeds are told, in percent.
  static let fewErrors = 10.0
  /// The epoch from which on fewer training images than that are wrong; nil where there is none.
  static func epochs(of curve: [Double]?) -> Int? {
    guard let curve else { return nil }
    let first = (curve.lastIndex { $0 >= fewErrors } ?? -1) + 1
    return first < curve.count ? first + 1 : nil
  }
  /// `9`, `never`.
  static func epochsText(_ epochs: Int?) -> String { epochs.map { "\($0)" } ?? "never" }

  private static func vanishing(_ findings: Findings) -> Suspect {
    let flow = findings.flow?.net(residual: false)
    let grows =
      flow.map { $0.before.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let found =
      switch grows {
      case .above: "before training it grows on its way to the first block"
      case .below: "before training the first block gets less than the last"
      case .withinChance: "before training it keeps its size"
      }
    let later =
      flow?.after.map {
        $0.factor.worded(
          from: 1, above: ", and after one epoch it still grows", below: ", but after one epoch it shrinks",
          withinChance: ", and after one epoch it keeps its size")
      } ?? ""
    return Suspect(
      name: "a gradient that vanishes", change: found + later, gap: points(findings.fair.cure),
      verdict: grows == .below ? "not settled" : "not it")
  }

  /// What the fading addition says, in one sentence.
  static func fadingFinding(_ findings: Findings) -> String? {
    guard let faded = findings.faded, let fading = findings.fadingRow?.net.fading else { return nil }
    let end =
      faded.isCounted
      ? "the middle one of \(faded.treated.count) nets ends at \(fixed(faded.treated.median, 1)) %, and \(faded.fewer) err less than \(findings.fair.deepPlain.net.name)"
      : "the net ends at \(fixed(faded.treated.mean, 1)) %"
    let start = "With an addition that is gone by epoch \(fading.to) of \(findings.fair.epochs) \(end)"
    return switch faded.answerByCount {
    case .closes: "**\(start): the second half of the training can do without the path.**"
    case .narrows:
      faded.isMostlyGained
        ? "**\(start): the second half of the training can nearly do without the path.**"
        : "**\(start): so the path does a part of its work in the first half, and a part throughout.**"
    case .stays: "**\(start): so the path is needed throughout.**"
    case .unclear: "\(start), which does not decide how long the path is needed."
    }
  }

  /// What is known and what is not, in a few sentences.
  static func conclusion(_ findings: Findings) -> String {
    guard !findings.singleChanges.isEmpty else { return "" }
    let (deep, sure) = (findings.fair.deepPlain.net, findings.helping)
    let first =
      sure.isEmpty
      ? "No single change takes a part of the gap away beyond chance."
      : "The reason lies in part in \(listed(sure.map(\.suspect)))."
    let width =
      sure.contains { $0.name == widerName }
      ? " In He et al.'s nets width is hardly the reason: the plain ones had up to 512 channels and stayed behind."
      : ""
    let identity =
      findings.ownRates?.begun(.identity).map {
        $0.gain.direction() == .above
          ? ""
          : " Two results say that the start alone is not the reason. A net that begins *exactly* as the identity is no better than \(deep.name), with \(fixed($0.treated.mean, 1)) % wrong, perhaps because it mixes no channels. And γ = 0 in residual nets brought nothing (*Scaling the branch*)."
      } ?? ""
    return "**What we know.** \(first) \(replacement(findings))\(width)\(identity)"
  }

  /// How the addition may do what the changes do: a reading of the table.
  static func reading(_ findings: Findings) -> String {
    guard findings.helping.count > 1 else { return "" }
    return """
      **How does the addition do it?** What follows is a reading of the table, not a test. What a block would destroy, by a ReLU or \
      by a poor mixture of its \(findings.fair.deepPlain.net.channels) channels, still goes past it in $x$. Every block begins near a copy (step 1 \
      of the derivation in *The gradient on its way back*). So the signal has many short paths through the net (Veit et al. 2016). \
      Each change gives \(findings.fair.deepPlain.net.name) some of these things, the addition gives them all. That a start can \
      do much was shown by Xiao et al. (2018): weights that keep every signal and gradient at its size let 10,000 plain layers learn.
      """
  }

  /// Whether anything without an addition is as good as one, in one sentence, and by how much it is slower.
  static func replacement(_ findings: Findings, isShort: Bool = false) -> String {
    let closing = (findings.tried + findings.pairs).filter { $0.remedy.answer == .closes }
    guard let best = closing.min(by: { $0.remedy.rest.mean < $1.remedy.rest.mean }) else {
      return "Nothing that was tried replaces the addition."
    }
    if best.isSlower, let epochs = best.epochs {
      let end = best.remedy.rest.direction() == .above ? "nearly as few mistakes" : "as few mistakes"
      return isShort
        ? "Without any addition \(best.name) leaves \(end) in the end, but comes down later."
        : "**Without any addition \(best.name) leaves \(end) in the end as the residual net of that width.** But it is slower: it comes down to \(Int(fewErrors)) % in epoch \(epochsText(epochs.changed)), the residual net of that width in epoch \(epochsText(epochs.residual))."
    }
    return
      "Without any addition \(best.name) \(best.remedy.rest.direction() == .above ? "nearly " : "")\(best.name.hasPrefix("a ") ? "closes" : "close") the gap."
  }

  /// `a`, `a and b`, `a, b and c`.
  static func listed(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
