// The suspected reasons for the slow deep net, what is left of the gap without each, and what that says.

import Foundation
import Workbook

/// A suspected reason: what was changed, what is left of the gap, and a verdict in two words.
struct Suspect {
  var name: String
  var change: String
  /// How many points the changed net is behind the residual one, with an interval.
  var gap: String
  var verdict: String
}

/// What was changed in the deep plain net, and what came out.
struct Change {
  var name: String
  /// Under the figure.
  var label: String
  var suspect: String
  var remedy: Remedy

  /// The verdict in two words.
  var verdict: String {
    switch remedy.answer {
    case .closes: remedy.rest.direction() == .above ? "nearly all" : "closes it"
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
  var fadingRow: Controls.Row? { fadings.last }
  /// All of these, the one that loses its additions first in front.
  var fadings: [Controls.Row] {
    (controls?.rows ?? []).filter { $0.net.fading?.from == 0 && $0.trainingErrors != nil }
      .sorted { ($0.net.fading?.to ?? 0) < ($1.net.fading?.to ?? 0) }
  }
  var faded: Remedy? { control(fadingRow) }

  /// The changes to the deep plain net that are tried one at a time.
  var singleChanges: [Change] {
    let own = ownRates
    return [
      ("steps of one size", "even", "a gradient that grows", own?.evenSteps),
      (DeeperNetworks.widerName, "\(Controls.width) ch.", "too few channels", widened),
      ("open ReLUs", "open", "ReLUs that cut at the start", own?.begun(.open)),
    ].compactMap { name, label, suspect, remedy in
      remedy.map { Change(name: name, label: label, suspect: suspect, remedy: $0) }
    }
  }
  /// Two at once: open ReLUs, and another change.
  var pairs: [Change] {
    [
      (
        "open ReLUs with steps of one size", "cut ReLUs, and a gradient that grows",
        control(plain(start: .open, even: true))
      ),
      (
        "open ReLUs with \(DeeperNetworks.widerName)", "cut ReLUs, and too few channels",
        control(plain(channels: Controls.width, start: .open))
      ),
    ].compactMap { name, suspect, remedy in
      remedy.map { Change(name: name, label: "both", suspect: suspect, remedy: $0) }
    }
  }
  /// Open ReLUs and a start near the identity: held against open ReLUs alone.
  var nearIdentity: Change? {
    mixed.map {
      Change(
        name: "a start near the identity", label: "near id.",
        suspect: "a start far from the identity", remedy: $0)
    }
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
    let nets = findings.fair
    let whole = points(nets.cure)
    var list = [
      Suspect(
        name: "overfitting", change: "nothing; errors counted on its own training images", gap: whole, verdict: "not it"
      )
    ]
    if findings.ownRates?.compared != nil {
      list.append(
        Suspect(name: "a wrong learning rate", change: "each net at its own best rate", gap: whole, verdict: "not it"))
    }
    list.append(vanishing(findings))
    func row(_ change: Change) -> Suspect {
      Suspect(name: change.suspect, change: change.name, gap: points(change.remedy.rest), verdict: change.verdict)
    }
    list += findings.singleChanges.map(row)
    if let near = findings.nearIdentity, let gain = findings.identityGain {
      var near = row(near)
      near.change += ", and open ReLUs"
      near.verdict = gain.worded(above: near.verdict, below: "not it", withinChance: "not seen")
      list.append(near)
    }
    list += findings.pairs.map(row)
    if let faded = findings.faded, let fading = findings.fadingRow?.net.fading {
      let verdict =
        switch faded.answerByCount {
        case .closes: "at the start"
        case .narrows: faded.isMostlyGained ? "mostly start" : "partly throughout"
        case .stays: "needed throughout"
        case .unclear: "undecided"
        }
      list.append(
        Suspect(
          name: "no short path past the blocks", change: "an addition that is gone by epoch \(fading.to)",
          gap: faded.isCounted
            ? "\(points(faded.rest)); middle one \(fixed(faded.rest.median, 1))" : points(faded.rest),
          verdict: verdict))
    }
    return list
  }

  private static func vanishing(_ findings: Findings) -> Suspect {
    let growth = findings.flow?.net(residual: false)?.before
    let grows =
      growth.map { $0.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let found =
      switch grows {
      case .above:
        growth.map { "before training the first block gets \(short($0.span)) times as much as the last" }
          ?? "before training it grows"
      case .below: "before training the first block gets less than the last"
      case .withinChance: "before training it keeps its size"
      }
    return Suspect(
      name: "a gradient that vanishes", change: "nothing; \(found)", gap: points(findings.fair.cure),
      verdict: grows == .below ? "not settled" : "not it")
  }

  /// What the fading addition says, in one sentence.
  static func fadingFinding(_ findings: Findings) -> String? {
    guard let faded = findings.faded, let row = findings.fadingRow, let fading = row.net.fading else { return nil }
    let end =
      faded.isCounted
      ? "the middle one of \(faded.treated.count) nets ends at \(fixed(faded.treated.median, 1)) %"
      : "the net ends at \(fixed(faded.treated.mean, 1)) %"
    let start = "With an addition that is gone by epoch \(fading.to) \(end)"
    return switch faded.answerByCount {
    case .closes: "\(start): so the path is needed only at the start."
    case .narrows:
      faded.isMostlyGained
        ? "\(start): so the path does most of its work at the start."
        : "\(start): so the path does a part of its work at the start, and a part throughout."
    case .stays: "\(start): so the path is needed throughout."
    case .unclear: "\(start), which does not decide how long the path is needed."
    }
  }

  /// What is known and what is not, in at most three sentences.
  static func conclusion(_ findings: Findings) -> String {
    guard !findings.singleChanges.isEmpty else { return "" }
    let (deep, sure) = (findings.fair.deepPlain.net.name, findings.helping)
    func leaves(_ change: Change) -> String {
      "\(change.name) leave\(change.name.hasPrefix("a ") ? "s" : "") \(fixed(change.remedy.rest.mean, 1))"
    }
    let first =
      sure.isEmpty
      ? "No single change takes a part of the gap away beyond chance"
      : "\(sentenceCase(listed(sure.map(\.suspect)))) cost \(deep) a large part of its speed: \(listed(sure.map(leaves))) points of the gap"
    let second = replacement(findings).map { ". \($0)" } ?? "; nothing that was tried replaces the addition."
    let third = fadingFinding(findings).map { " \($0)" } ?? ""
    return "**What we know.** \(first)\(second)\(third)"
  }

  /// What closes the gap without any addition, in one sentence; nil where nothing does.
  static func replacement(_ findings: Findings) -> String? {
    let closing = (findings.tried + findings.pairs).filter { $0.remedy.answer == .closes }
    guard let best = closing.min(by: { $0.remedy.rest.mean < $1.remedy.rest.mean }) else { return nil }
    return best.remedy.rest.direction() == .above
      ? "Without any addition \(best.name) leave only \(fixed(best.remedy.rest.mean, 1)) points of the gap."
      : "Without any addition \(best.name) close the gap."
  }

  /// Whether a pair of changes leaves fewer mistakes than its open ReLUs alone; empty where no pair was tried.
  static func sums(_ findings: Findings) -> String {
    guard let open = findings.ownRates?.begun(.open), !findings.pairs.isEmpty else { return "" }
    let sentences = findings.pairs.map { pair in
      let more = open.treated - pair.remedy.treated
      let left = "\(pair.name) leave \(fixed(pair.remedy.rest.mean, 1)) points of the gap"
      return more.worded(
        above: "\(left), fewer than open ReLUs alone.",
        below: "\(left), more than open ReLUs alone.",
        withinChance:
          "\(left), within chance no fewer than open ReLUs alone.\(pair.remedy.rest.direction() == .above && pair.name.hasSuffix("size") ? " That fits: with open ReLUs the gradient does not grow in the first place, so there is little to make even." : "")"
      )
    }
    return "**Do two gains add up?** \(sentences.map(sentenceCase).joined(separator: " "))"
  }

  /// `a`, `a and b`, `a, b and c`.
  static func listed(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
