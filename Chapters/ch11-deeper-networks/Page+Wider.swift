// The page of chapter 11: whether more weights would do what more layers do: a wider net beside the deeper one.

import Foundation
import Workbook

extension DepthFindings {
  /// The wider net of few layers, if enough seeds of it were trained.
  fileprivate var decidedWider: Row? { wider.flatMap { $0.testErrors.count > 2 ? $0 : nil } }
  private func residual(_ blocks: Int?) -> Row? { blocks.flatMap { row($0, residual: true) } }

  /// By how many points the wider net errs less on new photographs than the deepest residual net.
  fileprivate var widerOverDeep: Summary? {
    decidedWider.flatMap { wider in residual(deep).map { $0.testErrors - wider.testErrors } }
  }
  /// The same, less than the residual net of as few layers.
  fileprivate var widerOverShallow: Summary? {
    decidedWider.flatMap { wider in residual(shallow).map { $0.testErrors - wider.testErrors } }
  }

  /// Whether width does as much as depth.
  var widerKeepsUp: Bool { widerGains && widerOverDeep.map { $0.direction() != .below } ?? false }

  /// Whether width gains where depth does not.
  var isWidthBetter: Bool {
    gain(residual: true).direction() != .above && widerGains && widerOverDeep?.direction() == .above
  }
  /// By how many points the wider net errs less than the residual net of as few layers.
  var widthGain: Double? { widerOverShallow?.mean }

  /// Whether it errs less than that.
  fileprivate var widerGains: Bool { widerOverShallow?.direction() == .above }

  /// What the wider net says, for the first paragraph of the page; nothing where that is open.
  var widerInLead: String {
    widerOverDeep?.worded(
      above: "A wider net of 8 layers made fewer still. ", below: "A wider net of 8 layers did not do as well. ",
      withinChance: widerGains ? "A wider net of 8 layers did as well. " : "") ?? ""
  }
  /// The same for the takeaway, and shorter for the last slide.
  func widerToKeep(isShort: Bool) -> String {
    let net = "; 8 wider ones"
    return widerOverDeep?.worded(
      above: "\(net) make fewer still", below: "\(net) make more than the 20",
      withinChance: widerGains ? "\(net) do as well\(isShort ? "" : ", within chance")" : "") ?? ""
  }
  /// Multiply-adds of the wider net for one photograph, as a share of those of the deep residual net; nil where none is decided.
  var widerCost: Double? {
    guard let wider = decidedWider, let deep else { return nil }
    func cost(_ net: PhotographNet) -> Double { Double(net.layers.multiplyAdds(for: [3, side, side])) }
    return cost(wider.net) / cost(PhotographNet(blocks: deep, isResidual: true))
  }

  /// `twice the channels`.
  fileprivate static func channels(_ net: PhotographNet) -> String {
    net.width == 2 ? "twice the channels" : "\(net.width ?? 1) times the channels"
  }
}

extension DeeperNetworks {
  /// The wider net in the figure of the depths: one point.
  static func widerSeries(_ long: DepthFindings) -> [Series] {
    guard let wider = long.decidedWider else { return [] }
    return [
      Series(
        "wider", x: [Double(wider.net.depth)], y: [wider.testErrors.mean],
        deviation: [wider.testErrors.uncertainty],
        style: .points, color: 7)
    ]
  }

  static func widerInCaption(_ long: DepthFindings?) -> String {
    guard let wider = long?.decidedWider else { return "" }
    return " Wider: a residual net with \(DepthFindings.channels(wider.net))."
  }

  /// That the deeper net has more weights, too, and whether a wider net with as many gains as much.
  static func heavier(_ long: DepthFindings) -> String {
    guard let shallow = long.shallow, let deep = long.deep, deep > shallow else { return "" }
    func weights(_ net: PhotographNet) -> Int { net.layers.parameterCount }
    let narrow = PhotographNet(blocks: shallow, isResidual: true)
    let (few, many) = (weights(narrow), weights(PhotographNet(blocks: deep, isResidual: true)))
    let start =
      "With \(PhotographNet(blocks: deep, isResidual: true).depth) layers there are \(fixed(Double(many) / Double(few), 1)) times as many weights as with \(narrow.depth)"
    guard let wider = long.decidedWider, let overDeep = long.widerOverDeep, let overShallow = long.widerOverShallow
    else {
      return "\(start); whether a wider net of \(narrow.depth) layers would gain as much was not tried."
    }
    let own = weights(wider.net)
    let share = Double(own) / Double(many)
    let count = abs(share - 1) < 0.05 ? "about as many" : "\(fixed(share, 1)) times as many"
    func points(_ difference: Summary) -> String {
      "\(fixed(abs(difference.mean), 1)) points\(difference.magnitude.intervalNote())"
    }
    let deepName = PhotographNet(blocks: deep, isResidual: true).name
    let first = overShallow.worded(
      above: "\(points(overShallow)) fewer mistakes than \(narrow.name)",
      below: "\(points(overShallow)) more mistakes than \(narrow.name)",
      withinChance: "as many mistakes as \(narrow.name), within chance,")
    let second = overDeep.worded(
      above: "\(points(overDeep)) fewer than \(deepName)", below: "\(points(overDeep)) more than \(deepName)",
      withinChance: "as many as \(deepName), within chance")
    let meaning = overDeep.worded(
      above: "So here width is the better use of weights.",
      below: long.widerGains
        ? "So more weights help without depth, too, but in depth they help more."
        : "So it is not the weights alone that help the deeper net.",
      withinChance: long.widerGains
        ? "So the gain may come from the weights, whether they stand in layers or in channels."
        : "So whether weights or depth help stays open.")
    return """
      \(start). So we also trained a residual net of \(wider.net.depth) layers with \(DepthFindings.channels(wider.net)) and \(count) \
      weights as \(deepName). On new photographs it makes \(first) and \(second). **\(meaning)**
      """
  }
}
