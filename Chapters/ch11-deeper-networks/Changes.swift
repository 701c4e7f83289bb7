// What was changed in the deep plain net, what is left of the gap with each change, and what that says.

import Foundation
import Workbook

/// What was changed in the deep plain net, and what came out.
struct Change {
  var name: String
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
  /// Whether the changed net makes fewer mistakes than the plain one.
  var isFewer: String {
    if remedy.isCounted { return "in \(remedy.fewer) of \(remedy.treated.count) nets" }
    return switch remedy.gain.direction(among: Remedy.tried) {
    case .above: "yes"
    case .below: "no, more"
    case .withinChance: "not beyond chance"
    }
  }
  /// `3.7 (1.4 to 5.9)`: points gained, and the interval that allows for as many tests as changes were tried.
  var gained: String {
    if remedy.isCounted { return "middle one \(fixed(remedy.gap.median - remedy.rest.median, 1))" }
    let (gain, half) = (remedy.gain, remedy.gain.uncertainty(among: Remedy.tried))
    return "\(fixed(gain.mean, 2)) (\(fixed(gain.mean - half, 2)) to \(fixed(gain.mean + half, 2)))"
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

  /// The curve of the deep residual net, with as many channels as the changed net.
  func residualCurve(isWide: Bool = false) -> [Double]? {
    isWide
      ? controls?.row(DeepNet(blocks: fair.deepPlain.net.blocks, isResidual: true, channels: Controls.width))?.curve
      : ownRates?.row(residual: true)?.run?.firstCurve
  }
  /// A change, if it was measured.
  private func change(_ name: String, _ remedy: Remedy?, _ curve: [Double]?, isWide: Bool = false) -> Change? {
    remedy.map { Change(name: name, remedy: $0, curve: curve, residualCurve: residualCurve(isWide: isWide)) }
  }
  private func change(_ name: String, _ row: Controls.Row?) -> Change? {
    change(name, control(row), row?.curve, isWide: row?.net.channels == Controls.width)
  }
  private func change(_ name: String, start: DeepNet.Start? = nil, even: Bool = false) -> Change? {
    let row = ownRates?.row(even: even, start: start)
    return change(
      name, start.map { ownRates?.begun($0, even: even) } ?? ownRates?.evenSteps, row?.run?.firstCurve)
  }

  var oneSize: Change? { change("steps of one size", even: true) }
  var openReLUs: Change? { change("open ReLUs", start: .open) }
  /// Every block begins as the identity.
  var exactCopies: Change? { change("exact copies", start: .identity) }
  /// Open ReLUs, and kernels that hand on their channel beside He's weights.
  var nearCopies: Change? { change("near copies", nearCopiesRow) }
  var nearCopiesRow: Controls.Row? { plain(start: .mixed) }
  var widened: Change? { change(DeeperNetworks.widerName, plain(channels: Controls.width)) }
  /// The changes to the deep plain net that are tried one at a time.
  var tried: [Change] { [oneSize, openReLUs, exactCopies, nearCopies, widened].compactMap { $0 } }
  /// Near copies with twice the channels.
  var wideCopies: Change? {
    change("near copies with \(DeeperNetworks.widerName)", plain(channels: Controls.width, start: .mixed))
  }
  /// Open ReLUs with twice the channels.
  var wideOpen: Change? {
    change("open ReLUs with \(DeeperNetworks.widerName)", plain(channels: Controls.width, start: .open))
  }
  /// Others of two changes.
  var otherPairs: [Change] {
    [
      change("open ReLUs with steps of one size", plain(start: .open, even: true)),
      change("exact copies with steps of one size", start: .identity, even: true),
    ].compactMap { $0 }
  }
  /// The net whose additions fade out.
  var fadingRow: Controls.Row? { controls?.rows.first { $0.net.fading != nil && $0.trainingErrors != nil } }
  var fading: Change? {
    fadingRow.flatMap { row in change("addition until epoch \(row.net.fading?.to ?? 0)", row) }
  }
  var faded: Remedy? { fading?.remedy }

  /// Those that take a part of the gap away beyond chance; near copies, beyond their open ReLUs.
  var helping: [Change] {
    tried.filter { change in
      [.closes, .narrows].contains(change.remedy.answer) && change.remedy.isFirm
        && (change.name != nearCopies?.name || copyGain?.direction() == .above)
    }
  }
  /// By how many points open ReLUs err less than steps of one size.
  var openOverOneSize: Summary? {
    guard let open = openReLUs, let even = oneSize else { return nil }
    return even.remedy.treated - open.remedy.treated
  }
  /// By how many points near copies err less than open ReLUs alone.
  var copyGain: Summary? {
    guard let near = nearCopies, let open = openReLUs else { return nil }
    return open.remedy.treated - near.remedy.treated
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

  /// The suspects for which nothing has to be trained.
  static func cleared(_ findings: Findings) -> String {
    let flow = findings.flow?.net(residual: false)
    let growth =
      flow.map { $0.before.factor.direction(from: 1) }
      ?? (findings.gradients.shown.factor(.normalized).mean > 1 ? .above : .below)
    let found =
      switch growth {
      case .above: "no, before training it grows on its way to the first block"
      case .below: "before training the first block gets less than the last, so that is not settled"
      case .withinChance: "no, before training it keeps its size"
      }
    let later =
      flow?.after.map {
        $0.factor.worded(
          from: 1, above: ", and after one epoch it still grows", below: ", but after one epoch it shrinks",
          withinChance: ", and after one epoch it keeps its size")
      } ?? ""
    let rate = findings.ownRates?.compared == nil ? "" : " *A wrong learning rate:* no, each net has its own best one."
    return
      "*Overfitting:* no, the errors are those on training images.\(rate) *A gradient that vanishes:* \(found)\(later)."
  }

  /// What the fading addition says, in one sentence.
  static func fadingFinding(_ findings: Findings) -> String? {
    guard let faded = findings.faded, let fading = findings.fadingRow?.net.fading else { return nil }
    let count =
      faded.isCounted
      ? ": \(faded.fewer) of \(faded.treated.count) nets err less than \(findings.fair.deepPlain.net.name)" : ""
    return switch faded.answerByCount {
    case .closes: "**The second half of the training can do without the shortcut\(count).**"
    case .narrows:
      faded.isMostlyGained
        ? "**The second half of the training can nearly do without the shortcut\(count).**"
        : "**The shortcut does a part of its work in the first half, and a part throughout\(count).**"
    case .stays: "**So the shortcut is needed throughout.**"
    case .unclear:
      "With an addition that is gone by epoch \(fading.to) of \(findings.fair.epochs) the net ends at \(fixed(faded.treated.mean, 1)) %, which does not decide how long the shortcut is needed."
    }
  }

  /// Whether the results are those that one reading fits: more of the signal helps, copies without anything new do not.
  static func fitsReading(_ findings: Findings) -> Bool {
    let (full, zero) = findings.branches
    let helping = findings.helping.map(\.name)
    return helping.count > 1 && findings.nearCopies.map { helping.contains($0.name) } ?? false
      && !(findings.oneSize.map { helping.contains($0.name) } ?? true)
      && findings.exactCopies.map { $0.remedy.gain.direction() != .above } ?? false
      && (zero.early - full.early).direction() == .above
  }

  /// The answer in a few sentences: a guess where it fits what helped, else what was found.
  static func shortAnswer(_ findings: Findings) -> String {
    guard fitsReading(findings) else { return "**Short answer: \(found(findings))**" }
    return """
      **Short answer: \(whatHelps(findings)).** Our reading, a guess that no experiment tests alone: a block learns well if it begins \
      near a copy of its input and adds something, as a residual block does by itself. \(withoutCopies(findings))
      """
  }

  /// What open ReLUs leave in a wider net, without copies: the guess does not need it, so it is said.
  private static func withoutCopies(_ findings: Findings) -> String {
    guard let open = findings.wideOpen, open.remedy.isFirm else { return "" }
    return
      "Against it speaks that open ReLUs with \(widerName), which copy nothing, leave only \(fixed(open.remedy.treated.mean, 1)) % wrong."
  }

  /// The same for the takeaway, in two sentences.
  static func answerToKeep(_ findings: Findings) -> String {
    guard fitsReading(findings) else { return found(findings) }
    return "\(sentenceCase(whatHelps(findings))). Why is a guess: a residual block begins near a copy by itself."
  }

  /// Which changes help beyond chance, and what near copies in a wider net leave.
  static func whatHelps(_ findings: Findings) -> String {
    let names = findings.helping.map(\.name)
    let together =
      switch findings.wideCopies?.remedy.answer {
      case .closes where names.contains(widerName): "; together they close nearly all of the gap"
      default: ""
      }
    return "without an addition \(listed(names)) help clearly\(together)"
  }

  /// What was found, where no reading fits.
  private static func found(_ findings: Findings) -> String {
    let names = findings.helping.map(\.name)
    let first =
      names.isEmpty
      ? "no single change takes a part of the gap away beyond chance."
      : "\(listed(names)) \(names.count == 1 && !names[0].hasSuffix("s") ? "takes" : "take") a part of the gap away."
    return "\(sentenceCase(first)) \(replacement(findings))"
  }

  /// Whether anything without an addition is as good as one, in one sentence, and whether it is slower.
  static func replacement(_ findings: Findings) -> String {
    let closing = (findings.tried + [findings.wideCopies, findings.wideOpen].compactMap { $0 } + findings.otherPairs)
      .filter { $0.remedy.answer == .closes }
    guard let best = closing.min(by: { $0.remedy.rest.mean < $1.remedy.rest.mean }) else {
      return "Nothing that was tried replaces the addition."
    }
    let end = best.remedy.rest.direction() == .above ? "nearly as few mistakes" : "as few mistakes"
    let isWide = best.name.hasSuffix(widerName) && best.name != widerName
    return
      "Without any addition, \(best.name) leave \(end)\(isWide ? " as the residual net of that width" : "")\(best.isSlower ? ", but they take longer" : "")."
  }

  /// `a`, `a and b`, `a, b and c`.
  static func listed(_ names: [String]) -> String {
    names.count < 2 ? names.joined() : names.dropLast().joined(separator: ", ") + " and " + names[names.count - 1]
  }
}
