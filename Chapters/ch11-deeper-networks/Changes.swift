// What was changed in the deep plain net, and what is left of the gap with each change.

import Foundation
import Workbook

/// What was changed in the deep plain net, and what came out.
struct Change {
  var name: String
  /// What is done, behind the name; empty where another change says it.
  var text: String
  var remedy: Remedy
  /// Its learning rate, and all that were tried.
  var rate: Double?
  var tried: [OwnRates.Tried] = []
  /// The net as it begins; nil where it begins as another one.
  var net: DeepNet?
  /// Whether it stands in the figure, not only in the fold.
  var isMain: Bool {
    name == DeeperNetworks.fadingName || [.identity, .rotation].contains(net?.start)
      || net?.start == .near && net?.channels == Controls.width
  }
}

extension DeeperNetworks.Findings {
  /// A net of the controls held against the deep plain one, and against the residual one with as many channels.
  private func control(
    channels: Int? = nil, start: DeepNet.Start? = nil, isFading: Bool? = nil, warmUp: Int? = nil
  ) -> Found? {
    guard let usual = ownRates?.row()?.fewest?.run else { return nil }
    let channels = channels ?? usual.net.channels
    let net = DeepNet(
      blocks: usual.net.blocks, isResidual: isFading == true, channels: channels, start: start, isFading: isFading,
      warmUp: warmUp)
    let residual =
      channels == usual.net.channels
      ? ownRates?.row(residual: true)?.run?.trainingErrors
      : controls?.row(DeepNet(blocks: net.blocks, isResidual: true, channels: channels))?.trainingErrors
    guard let row = controls?.row(net), let treated = row.trainingErrors, let residual else { return nil }
    return (Remedy(usual: usual.trainingErrors, treated: treated, residual: residual), row.rate, row.tried, net)
  }
  /// A net of the comparison with another start or other steps.
  private func own(start: DeepNet.Start? = nil, even: Bool = false) -> Found? {
    guard let row = ownRates?.row(even: even, start: start), let remedy = ownRates?.remedy(row) else { return nil }
    return (remedy, row.rate, row.tried, even ? nil : row.net)
  }
  private typealias Found = (remedy: Remedy, rate: Double, tried: [OwnRates.Tried], net: DeepNet?)
  private func change(_ name: String, _ text: String, _ found: Found?) -> Change? {
    found.map { Change(name: name, text: text, remedy: $0.remedy, rate: $0.rate, tried: $0.tried, net: $0.net) }
  }

  /// Every block begins as the identity.
  var exactCopies: Change? {
    change(
      "copies",
      ": every kernel begins as a 1 in its middle for its own channel and 0 elsewhere. The norms in the blocks begin with β = 2, not 0: then a ReLU cuts off 2 % and not half, and the next norm takes the 2 away.",
      own(start: .identity))
  }
  /// The same with a random orthogonal matrix in place of the copy.
  var exactRotations: Change? {
    change(
      "rotations",
      ": as copies, with a random orthogonal matrix in place of the 1s (after Xiao et al. 2018). It keeps lengths and mixes the channels.",
      control(start: .rotation))
  }
  /// Copies that mix the channels, too.
  var nearCopies: Change? {
    change(
      "near copies",
      ": copies with half of He's weights added, so that the channels mix.",
      control(start: .near))
  }
  var openReLUs: Change? {
    change("open ReLUs", ": β = 2 alone, with He's weights.", own(start: .open))
  }
  var oneSize: Change? {
    change(
      "even steps", ": before every step each layer's gradient is divided by its root mean square.",
      own(even: true))
  }
  var widened: Change? {
    change(
      DeeperNetworks.widerName,
      ": \(fixed(widening, 1)) times the weights.",
      control(channels: Controls.width))
  }
  /// How many times the weights the wider net has.
  private var widening: Double {
    let net = fair.deepPlain.net
    let wide = DeepNet(blocks: net.blocks, isResidual: false, channels: Controls.width)
    return Double(wide.layers.parameterCount) / Double(net.layers.parameterCount)
  }
  /// Twice the channels with open ReLUs, and with near copies.
  var wideOpen: Change? {
    change("open ReLUs, \(DeeperNetworks.widerName)", "", control(channels: Controls.width, start: .open))
  }
  var wideNear: Change? {
    change(
      "near copies, \(DeeperNetworks.widerName)",
      ": twice the channels, and copies with half of He's weights added, so that they mix.",
      control(channels: Controls.width, start: .near))
  }
  /// Residual at first, plain in the end.
  var fading: Change? {
    change(
      DeeperNetworks.fadingName,
      ": residual \(fair.deepPlain.net.depth), but what is added shrinks to 0 by half-time: it begins as a residual net and ends as a plain one.",
      control(isFading: true).map { ($0.remedy, $0.rate, $0.tried, nil) })
  }
  /// A rate that rises at first.
  var warmedUp: Change? {
    change(
      "warm-up",
      ": in the first \(Controls.warmUp) epochs the rate rises to its value (Goyal et al. 2017).",
      control(warmUp: Controls.warmUp).map { ($0.remedy, $0.rate, $0.tried, nil) })
  }
  /// Those that were made, in the order in which the page shows them.
  var changes: [Change] {
    [
      exactCopies, exactRotations, fading, wideNear, openReLUs, nearCopies, oneSize, warmedUp, widened, wideOpen,
    ].compactMap { $0 }
  }

  /// Those that take a part of the gap away beyond chance.
  var helping: [Change] { changes.filter { [.closes, .narrows].contains($0.remedy.answer) } }
}

extension DeeperNetworks {
  static let widerName = "\(Controls.width) channels"
  static let fadingName = "additions that fade out"

  /// Whether there is something to explain: a deep net that is slow, and faster with additions.
  static func isTested(_ nets: DegradationFindings) -> Bool {
    nets.isLong && nets.gap.direction() == .above && nets.cure.direction() == .above
  }
}
