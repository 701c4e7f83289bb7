// More seeds for the pairs that differ in one part, and one pair more: a convolution taken apart.

import Workbook

/// Test errors in per cent of further seeds, each net with the same ones.
struct MoreParts: Codable, Sendable {
  var seeds: [UInt64] = []
  var average: [Double] = []
  var max: [Double] = []
  var overlapping: [Double] = []
  var responseNorm: [Double] = []
  /// The net with 2×2 maxima whose second convolution is a depthwise and a 1×1 one: with the seeds of the record, and
  /// with these.
  var separable: [Double] = []
}

/// One part exchanged for another: the errors of the same seeds.
struct PartExchange: Sendable {
  var name: String
  var from: Summary
  var to: Summary
  var gain: Comparison { gain(among: 1) }
  /// What it takes off the error, where so many exchanges are looked at.
  func gain(among count: Int) -> Comparison { Comparison(from: from, to: to, among: count) }
}

extension SlidingWindow.Findings {
  /// The exchanges, each net at a rate of its own where that was measured, else with all the seeds there are.
  var exchanges: [PartExchange] { tunedExchanges ?? exchangesAtOneRate }
  /// The training images of the exchanges.
  var exchangeImages: Int { tunedExchanges == nil ? trainingCount : ownRates?.trainingCount ?? trainingCount }

  /// The exchanges in which each net has a rate of its own; nil before all nets are measured.
  private var tunedExchanges: [PartExchange]? {
    guard let tuned = tunedParts, tuned.count == TunedPart.planned.count else { return nil }
    func errors(_ name: String) -> Summary { tuned.first { $0.name == name }?.errors ?? Summary([]) }
    let plain = errors("plain")
    return [
      PartExchange(name: "average → max", from: errors("average"), to: plain),
      PartExchange(name: "tiling → overlapping", from: plain, to: errors("overlapping")),
      PartExchange(name: "without → with LRN", from: errors("overlapping"), to: errors("with LRN")),
      PartExchange(name: "5×5 → two 3×3", from: errors("one 5×5"), to: errors("two 3×3")),
      PartExchange(name: "all → table of 1998", from: plain, to: errors("table of 1998")),
      PartExchange(name: "5×5 → depthwise + 1×1", from: plain, to: errors("depthwise + 1×1")),
    ]
  }
  /// Whether each net of the exchanges has a rate of its own.
  var hasTunedExchanges: Bool { tunedExchanges != nil }

  /// The exchanges at one rate for all nets.
  private var exchangesAtOneRate: [PartExchange] {
    var all = parts.exchanges.map { PartExchange(name: $0.name, from: $0.from, to: $0.to) }
    guard let more = moreParts else { return all }
    func longer(_ old: Summary, _ new: [Double]) -> Summary { Summary(old.values + new) }
    let max = longer(parts.max, more.max)
    let overlapping = longer(parts.overlapping, more.overlapping)
    all[0].from = longer(parts.average, more.average)
    all[0].to = max
    (all[1].from, all[1].to) = (max, overlapping)
    (all[2].from, all[2].to) = (overlapping, longer(parts.responseNorm, more.responseNorm))
    if more.separable.count == max.count {
      all.append(PartExchange(name: "5×5 → depthwise + 1×1", from: max, to: Summary(more.separable)))
    }
    return all
  }
  /// What each of them takes off the error.
  var gains: [Comparison] {
    let exchanges = exchanges
    return exchanges.map { $0.gain(among: exchanges.count) }
  }

  /// Trains each net with so many seeds that it has not had, and the one with a depthwise convolution with all.
  mutating func addSeeds(_ count: Int, on bench: Bench, _ run: ChapterRun) throws {
    var more = moreParts ?? MoreParts()
    let next = (seeds + more.seeds).max() ?? 0
    let new = (1...UInt64(count)).map { next + $0 }
    let missing = (seeds + more.seeds).dropFirst(more.separable.count) + new
    let ticker = Ticker("parts", total: 4 * count + missing.count, run)
    defer { ticker.finish() }
    func errors(_ parts: Parts, _ seeds: [UInt64]) throws -> [Double] {
      let trial = Trial(name: "", layers: parts.layers)
      let bench = Bench(train: bench.train, test: bench.test, epochs: bench.epochs, seeds: seeds)
      return testErrors(try finishedModels(trial, in: bench, afterEach: { ticker.tick() }), on: bench.test).values
    }
    more.average += try errors(Parts(pooling: .average), new)
    more.max += try errors(Parts(), new)
    more.overlapping += try errors(Parts(pooling: .overlapping), new)
    more.responseNorm += try errors(Parts(pooling: .overlapping, hasResponseNorm: true), new)
    more.separable += try errors(Parts(middle: .separable), Array(missing))
    more.seeds += new
    moreParts = more
  }
}
