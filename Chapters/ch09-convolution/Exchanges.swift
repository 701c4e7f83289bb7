// Pairs of nets that differ in one part: as they are, and with their maps scaled.

import Workbook

/// One part exchanged for another: the errors of the same seeds.
struct PartExchange: Sendable {
  var name: String
  var from: Summary
  var to: Summary
  /// How many exchanges are looked at together.
  var among: Int
  /// What is special about the nets, to follow the number of images.
  var nets = ""
  /// What it takes off the error.
  var gain: Comparison { Comparison(from: from, to: to, among: among) }

  static let pooling = "average → max"
  static let overlap = "tiling → overlapping"
  static let lrn = "without → with LRN"
  static let stack = "5×5 → two 3×3"
  static let apart = "5×5 → depthwise + 1×1"
}

/// Nets with averages and with maxima that have one scale.
struct PoolingScale: Sendable {
  var name: String
  var average: TunedPart
  var max: TunedPart

  static let torch = "PyTorch's weights"

  var exchange: PartExchange {
    PartExchange(
      name: PartExchange.pooling, from: average.errors, to: max.errors, among: 5, nets: ", each at its best scale")
  }
}

extension SlidingWindow.Findings {
  /// The exchanges, each net at a rate of its own where that was measured.
  var exchanges: [PartExchange] {
    tunedExchanges
      ?? parts.exchanges.map {
        PartExchange(name: $0.name, from: $0.from, to: $0.to, among: parts.exchanges.count)
      }
  }
  /// The training images of the exchanges.
  var exchangeImages: Int { hasTunedExchanges ? ownRates?.trainingCount ?? trainingCount : trainingCount }

  /// The exchanges in which each net has a rate of its own; nil before all nets are measured.
  private var tunedExchanges: [PartExchange]? {
    guard let errors = Self.errors(of: TunedPart.planned, in: tunedParts) else { return nil }
    return Self.exchanges(errors, pooling: ("plain", "average"), lrn: errors("with LRN"))
  }
  /// Those with the same names in a net whose maps are multiplied by a constant; nil before all nets are measured. LRN
  /// shrinks the maps itself, so the net with LRN has no constant.
  var scaledExchanges: [PartExchange]? {
    guard let errors = Self.errors(of: TunedPart.scaledPlan, in: scaledParts),
      let lrn = tunedParts?.first(where: { $0.name == "with LRN" })?.errors
    else { return nil }
    return Self.exchanges(errors, pooling: ("max", "average"), lrn: lrn, nets: ", maps times a constant")
  }
  /// Exchanges in nets with PyTorch's first weights and no constant; empty before all nets are measured.
  var torchExchanges: [PartExchange] {
    Self.errors(of: TunedPart.torchPlan, in: torchParts).map {
      Self.exchanges(
        $0, pooling: ("max", "average"), lrn: Summary([]), nets: ", PyTorch's first weights")
    } ?? []
  }
  /// Averages and maxima at each scale; empty before all are measured.
  var poolingScales: [PoolingScale] {
    let factor = Double(ScaleControl.factor)
    let settings: [(name: String, nets: [TunedPart]?, max: String, average: String)] = [
      ("He's weights (as it was)", tunedParts, "plain", "average"),
      ("He's, maps times \(fixed(factor, 2))", scaledParts, "max", "average"),
      ("He's, maps times \(fixed(factor * factor, 2))", scaledParts, "max, less", "average, less"),
      (PoolingScale.torch, torchParts, "max", "average"),
      ("PyTorch's, maps times \(fixed(factor, 2))", torchParts, "max, less", "average, less"),
    ]
    let scales = settings.compactMap { setting -> PoolingScale? in
      func net(_ name: String) -> TunedPart? { setting.nets?.first { $0.name == name && $0.held != nil } }
      return net(setting.average).flatMap { average in
        net(setting.max).map { PoolingScale(name: setting.name, average: average, max: $0) }
      }
    }
    return scales.count == settings.count ? scales : []
  }
  /// Each pooling at the scale at which it has the fewest errors on the digits held back.
  var bestPooling: PoolingScale? {
    func best(_ net: (PoolingScale) -> TunedPart) -> PoolingScale? {
      poolingScales.min { (net($0).held ?? 100) < (net($1).held ?? 100) }
    }
    guard let average = best(\.average), let max = best(\.max) else { return nil }
    return PoolingScale(name: "each at its best", average: average.average, max: max.max)
  }
  /// The exchanges in a figure: those that were measured in both nets, without the pooling where a table has it.
  var drawnExchanges: [PartExchange] {
    exchanges.filter { exchange in
      (scaledExchanges?.contains { $0.name == exchange.name } ?? true)
        && (bestPooling == nil || exchange.name != PartExchange.pooling)
    }
  }
  /// Whether each net of the exchanges has a rate of its own.
  var hasTunedExchanges: Bool { tunedExchanges != nil }

  /// An exchange by its name: each pooling at its best, others in the net with the constant where they were measured there.
  func exchange(_ name: String) -> PartExchange? {
    if name == PartExchange.pooling, let best = bestPooling { return best.exchange }
    return [scaledExchanges ?? [], torchExchanges, exchanges].joined().first { $0.name == name }
  }
  /// The same in the net as it was.
  func plainExchange(_ name: String) -> PartExchange? { exchanges.first { $0.name == name } }
  /// What the constant alone takes off the error of the net with maxima.
  var gainOfScale: Summary? {
    guard hasTunedExchanges, let scaled = scaledExchanges?.first, let plain = exchanges.first else { return nil }
    return plain.to - scaled.to
  }

  /// The errors by name, where all nets of a plan are measured.
  private static func errors(
    of plan: [(name: String, parts: Parts)], in nets: [TunedPart]?
  ) -> ((String) -> Summary)? {
    guard let nets, plan.allSatisfy({ net in nets.contains { $0.name == net.name } }) else { return nil }
    return { name in nets.first { $0.name == name }?.errors ?? Summary([]) }
  }

  private static func exchanges(
    _ errors: (String) -> Summary, pooling: (max: String, average: String), lrn: Summary, nets: String = ""
  ) -> [PartExchange] {
    let max = errors(pooling.max)
    let all = [
      (PartExchange.pooling, errors(pooling.average), max), (PartExchange.overlap, max, errors("overlapping")),
      (PartExchange.lrn, errors("overlapping"), lrn), (PartExchange.apart, max, errors("depthwise + 1×1")),
      (PartExchange.stack, errors("one 5×5"), errors("two 3×3")),
    ]
    return all.map { PartExchange(name: $0, from: $1, to: $2, among: all.count, nets: nets) }.filter { $0.to.count > 0 }
  }
}
