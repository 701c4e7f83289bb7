// What was changed in the deep plain net, and what is left of the gap with each change.

import Foundation
import Workbook

/// What was changed in the deep plain net, and what came out.
struct Change {
  var name: String
  /// The name, and what is done.
  var description: String
  var remedy: Remedy
  /// Its learning rate.
  var rate: Double?
  /// The net as it begins; nil where it begins as the plain one.
  var net: DeepNet?
}

/// A change that an earlier version of this program made: its best rate, and the training images wrong in the end, in percent.
struct EarlierChange: Codable, Sendable {
  var name: String
  var channels: Int
  var rate: Double
  var trainingErrors: Summary
}

extension DeeperNetworks.Findings {
  /// A net of the controls held against the deep plain one, and against the residual one with as many channels.
  private func control(channels: Int? = nil, start: DeepNet.Start? = nil) -> (
    remedy: Remedy, rate: Double, net: DeepNet?
  )? {
    guard let own = ownRates, let usual = own.row()?.fewest?.run else { return nil }
    let channels = channels ?? usual.net.channels
    let net = DeepNet(blocks: usual.net.blocks, isResidual: false, channels: channels, start: start)
    let residual =
      channels == usual.net.channels
      ? own.row(residual: true)?.run?.trainingErrors
      : controls?.row(DeepNet(blocks: net.blocks, isResidual: true, channels: channels))?.trainingErrors
    guard let row = controls?.row(net), let treated = row.trainingErrors, let residual else { return nil }
    return (Remedy(usual: usual.trainingErrors, treated: treated, residual: residual), row.rate, net)
  }
  /// A net of the comparison with another start or other steps.
  private func own(
    start: DeepNet.Start? = nil, even: Bool = false
  ) -> (remedy: Remedy, rate: Double, net: DeepNet?)? {
    guard let row = ownRates?.row(even: even, start: start), let remedy = ownRates?.remedy(row) else { return nil }
    return (remedy, row.rate, even ? nil : row.net)
  }
  private func change(_ name: String, _ text: String, _ found: (remedy: Remedy, rate: Double, net: DeepNet?)?)
    -> Change?
  {
    found.map {
      Change(
        name: name, description: "**\(DeeperNetworks.sentenceCase(name))**\(text)", remedy: $0.remedy, rate: $0.rate,
        net: $0.net)
    }
  }

  var oneSize: Change? {
    change(
      "even steps",
      ", for a gradient that grows: before every step each layer's gradient is divided by its root mean square.",
      own(even: true))
  }
  var openReLUs: Change? {
    change(
      "open ReLUs",
      ", for ReLUs that cut off too much: the norms in the blocks begin with β = 2, not 0, so that a ReLU cuts off 2 % and not half.",
      own(start: .open))
  }
  /// Every block begins as the identity.
  var exactCopies: Change? {
    change(
      "copies",
      ", for a picture that is lost: open ReLUs, and every kernel begins as a 1 in its middle for its own channel and 0 elsewhere.",
      own(start: .identity))
  }
  /// The same with a random orthogonal matrix in place of the copy.
  var exactRotations: Change? {
    change(
      "rotations",
      ", for the same suspect: as copies, with a random orthogonal matrix in place of the 1s (after Xiao et al. 2018): it keeps lengths and mixes the channels.",
      control(start: .rotation))
  }
  var widened: Change? {
    change(
      DeeperNetworks.widerName,
      " instead of \(fair.deepPlain.net.channels): a wider net, with \(fixed(widening, 1)) times the weights.",
      control(channels: Controls.width))
  }
  /// How many times the weights the wider net has.
  var widening: Double {
    let net = fair.deepPlain.net
    let wide = DeepNet(blocks: net.blocks, isResidual: false, channels: Controls.width)
    return Double(wide.layers.parameterCount) / Double(net.layers.parameterCount)
  }
  /// Open ReLUs with twice the channels.
  var wideOpen: Change? {
    change(
      "open ReLUs and \(DeeperNetworks.widerName)", ": both.", control(channels: Controls.width, start: .open))
  }
  /// Those that were made, in the order in which the page shows them.
  var changes: [Change] { [oneSize, openReLUs, exactCopies, exactRotations, widened, wideOpen].compactMap { $0 } }

  /// Those that take a part of the gap away beyond chance.
  var helping: [Change] { changes.filter { [.closes, .narrows].contains($0.remedy.answer) } }
  /// How many times as many mistakes copies make as rotations.
  var exactOverRotations: Ratio? {
    guard let copies = exactCopies, let rotations = exactRotations else { return nil }
    return Ratio(copies.remedy.treated, over: rotations.remedy.treated)
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
}
