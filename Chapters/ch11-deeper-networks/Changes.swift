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
  /// Its learning rate.
  var rate: Double?

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
  private func change(
    _ name: String, _ remedy: Remedy?, _ curve: [Double]?, rate: Double?, isWide: Bool = false
  ) -> Change? {
    remedy.map {
      Change(name: name, remedy: $0, curve: curve, residualCurve: residualCurve(isWide: isWide), rate: rate)
    }
  }
  private func change(_ name: String, _ row: Controls.Row?) -> Change? {
    change(name, control(row), row?.curve, rate: row?.rate, isWide: row?.net.channels == Controls.width)
  }
  private func change(_ name: String, start: DeepNet.Start? = nil, even: Bool = false) -> Change? {
    let row = ownRates?.row(even: even, start: start)
    return change(
      name, start.map { ownRates?.begun($0, even: even) } ?? ownRates?.evenSteps, row?.run?.firstCurve,
      rate: row?.rate)
  }

  var oneSize: Change? { change("steps of one size", even: true) }
  var openReLUs: Change? { change("open ReLUs", start: .open) }
  /// Every block begins as the identity.
  var exactCopies: Change? { change("exact copies", start: .identity) }
  /// The same with a random orthogonal matrix in place of the copy.
  var exactRotations: Change? { change("exact rotations", plain(start: .rotation)) }
  /// Open ReLUs, and kernels that hand on their channel beside He's weights.
  var nearCopies: Change? { change("near copies", nearCopiesRow) }
  /// The same with a random orthogonal matrix in place of the copy.
  var nearRotations: Change? { change("near rotations", plain(start: .mixedRotation)) }
  var nearCopiesRow: Controls.Row? { plain(start: .mixed) }
  var widened: Change? { change(DeeperNetworks.widerName, plain(channels: Controls.width)) }
  /// The changes to the deep plain net that are tried one at a time.
  var tried: [Change] {
    [oneSize, openReLUs, exactCopies, exactRotations, nearCopies, nearRotations, widened].compactMap { $0 }
  }
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

  /// Those that take a part of the gap away beyond chance; near copies and rotations, beyond their open ReLUs.
  var helping: [Change] {
    tried.filter { change in
      guard [.closes, .narrows].contains(change.remedy.answer) else { return false }
      guard [nearCopies?.name, nearRotations?.name].contains(change.name) else { return true }
      return openReLUs.map { Ratio($0.remedy.treated, over: change.remedy.treated).direction == .above } ?? true
    }
  }
  /// How many times as many mistakes open ReLUs alone make as near copies, and exact copies as open ReLUs.
  var openOverCopies: Ratio? { ratio(openReLUs, over: nearCopies) }
  var exactOverOpen: Ratio? { ratio(exactCopies, over: openReLUs) }
  /// How many times as many open ReLUs alone make as exact rotations.
  var openOverRotations: Ratio? { ratio(openReLUs, over: exactRotations) }
  /// How many times as many near rotations make as near copies, and exact copies as exact rotations.
  var rotationsOverCopies: Ratio? { ratio(nearRotations, over: nearCopies) }
  var exactOverRotations: Ratio? { ratio(exactCopies, over: exactRotations) }

  private func ratio(_ first: Change?, over second: Change?) -> Ratio? {
    guard let first, let second else { return nil }
    return Ratio(first.remedy.treated, over: second.remedy.treated)
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

  /// What the addition that fades out says.
  static func fadingFinding(_ findings: Findings) -> String? {
    guard let faded = findings.faded, let fading = findings.fadingRow?.net.fading else { return nil }
    switch faded.answer {
    case .closes: return "**The second half of the training can do without the shortcut.**"
    case .narrows:
      let failing = faded.treated.values.max() ?? 0
      let failed =
        failing > 4 * faded.treated.median
        ? " One of the \(faded.treated.count) nets whose addition goes fails, with \(fixed(failing, 1)) % wrong; their median is \(fixed(faded.treated.median, 1)) %."
        : ""
      return
        "**A shortcut for \(fading.to) of \(findings.fair.epochs) epochs helps, but less than one throughout.**\(failed)"
    case .stays: return "**With a shortcut that goes, there is no gain beyond chance.**"
    case .unclear:
      return
        "With an addition that is gone by epoch \(fading.to) of \(findings.fair.epochs) the net ends at \(fixed(faded.treated.mean, 1)) %, which does not decide how long the shortcut is needed."
    }
  }

  /// The two changes that do without an addition, and copy nothing, if they leave little.
  static func withoutCopies(_ findings: Findings) -> Change? {
    findings.wideOpen.flatMap { $0.remedy.answer == .closes ? $0 : nil }
  }

  /// Whether rotations, which copy nothing, help, and at least as much as copies.
  static func needsNoCopy(_ findings: Findings) -> Bool {
    func isEnough(_ rotations: Change?, _ ratio: Ratio?) -> Bool {
      rotations?.remedy.factor.direction == .above && ratio.map { $0.direction != .above } ?? false
    }
    return isEnough(findings.exactRotations, findings.exactOverRotations.map { $0.inverse })
      || isEnough(findings.nearRotations, findings.rotationsOverCopies)
  }

  /// For the takeaway: what does without an addition, or what was found.
  static func answerToKeep(_ findings: Findings) -> String {
    guard withoutCopies(findings) != nil else { return found(findings) }
    let copies =
      needsNoCopy(findings)
      ? " It helps to begin with layers that hand the signal on and mix its channels; copies are not needed. What else the addition does is open."
      : ""
    return "Without an addition, open ReLUs and \(widerName) close most of that gap in points.\(copies)"
  }

  /// What was found, where no pair of changes closes the gap.
  static func found(_ findings: Findings) -> String {
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
