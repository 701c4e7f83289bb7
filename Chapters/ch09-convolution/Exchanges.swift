// Pairs of nets that differ in one part: as they are, and with their maps scaled.

import Workbook

/// One part exchanged for another: the errors of the same seeds.
struct PartExchange: Sendable {
  var name: String
  var from: Summary
  var to: Summary
  /// How many exchanges are looked at together.
  var among: Int
  /// What it takes off the error.
  var gain: Comparison { Comparison(from: from, to: to, among: among) }

  static let pooling = "average → max"
  static let overlap = "tiling → overlapping"
  static let lrn = "without → with LRN"
  static let stack = "5×5 → two 3×3"
  static let apart = "5×5 → depthwise + 1×1"
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
    return Self.exchanges(errors, pooling: ("max", "average"), lrn: lrn)
  }
  /// Maxima for averages in a net with PyTorch's first weights and no constant.
  var torchExchange: PartExchange? {
    guard let errors = Self.errors(of: TunedPart.torchPlan, in: torchParts), let all = scaledExchanges else {
      return nil
    }
    return PartExchange(
      name: PartExchange.pooling, from: errors("average"), to: errors("max"), among: all.count + 1)
  }
  /// Whether each net of the exchanges has a rate of its own.
  var hasTunedExchanges: Bool { tunedExchanges != nil }

  /// An exchange by its name: in the net with the constant where it was measured there.
  func exchange(_ name: String) -> PartExchange? {
    [scaledExchanges ?? [], exchanges].joined().first { $0.name == name }
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
    _ errors: (String) -> Summary, pooling: (max: String, average: String), lrn: Summary
  ) -> [PartExchange] {
    let max = errors(pooling.max)
    let all = [
      (PartExchange.pooling, errors(pooling.average), max), (PartExchange.overlap, max, errors("overlapping")),
      (PartExchange.lrn, errors("overlapping"), lrn), (PartExchange.apart, max, errors("depthwise + 1×1")),
      (PartExchange.stack, errors("one 5×5"), errors("two 3×3")),
    ]
    return all.map { PartExchange(name: $0, from: $1, to: $2, among: all.count) }.filter { $0.to.count > 0 }
  }
}
