// The rows of the main comparison: what is dropped or disturbed, after few steps and after many.

import Workbook

/// One thing dropped at its best share, and noise in its place.
struct LengthRow {
  /// As an axis names it: `pixels`.
  var name: String
  /// The shares at which it is dropped, and those of the noise: `0.5`, `0.5 and 0.2`; empty where nothing is dropped.
  var share: String
  var noiseShare: String
  /// After few steps and after many, over the seeds that all nets have.
  var dropped: [Summary]
  /// The same with noise; empty where nothing is dropped.
  var noise: [Summary]

  /// What dropping saves more than noise, after few steps and after many.
  var less: [Summary] { zip(dropped, noise).map { $1 - $0 } }
  /// Whether noise saves at least half of what dropping saves, as sure as the intervals of all `among` pairs make it, and no
  /// difference between the two is beyond chance.
  func isAsGood(as nothing: LengthRow, among pairs: Int) -> Bool {
    less.count >= 2
      && less.indices.allSatisfy { length in
        let saved = nothing.dropped[length] - dropped[length]
        return saves(saved) && less[length].direction(among: pairs) == .withinChance
          && less[length].mean + less[length].uncertainty < saved.mean / 2
      }
  }
}

extension Dropouts.Findings {
  private typealias Row = (String, [Tuned], [Tuned], String, String)

  /// Nothing, pixels, hidden units, both; empty where a net is missing.
  var lengthRows: [LengthRow] {
    guard let apart = controls?.apart, let best = apart.sharesAlone?.best, let found = apart.lengths,
      let longer = fewLonger, let both = bothAtBest
    else { return [] }
    func errors(_ pixels: Float, _ units: Float, isNoise: Bool) -> [Tuned]? {
      let nets = [steps, longer.steps].compactMap { steps in
        found.net(pixels: pixels, units: units, isNoise: isNoise, steps: steps)
      }
      return nets.count == 2 ? nets : nil
    }
    /// - Parameter kept: what is dropped of the best shares of each: 1 for all, 0 for nothing.
    func row(_ name: String, _ kept: (pixels: Float, units: Float), _ usual: Tuned) -> Row? {
      func shares(_ pixels: Float, _ units: Float) -> (Float, Float) { (kept.pixels * pixels, kept.units * units) }
      func words(_ shares: (Float, Float)) -> String {
        [shares.0, shares.1].filter { $0 > 0 }.map { short(Double($0)) }.joined(separator: " and ")
      }
      let dropped = shares(best.pixels.share, best.units.share)
      // At shares of its own, where they were searched.
      var own = shares(
        found.bestNoise(\.pixels, steps) ?? best.pixels.share, found.bestNoise(\.units, steps) ?? best.units.share)
      if errors(own.0, own.1, isNoise: true) == nil { own = dropped }
      guard let long = found.net(pixels: dropped.0, units: dropped.1, steps: longer.steps),
        let noise = errors(own.0, own.1, isNoise: true)
      else { return nil }
      return (name, [usual, long], noise, words(dropped), words(own))
    }
    let rows =
      [("nothing", [contest[0], longer.nets[0]], [], "", "")]
      + [
        row("pixels", (1, 0), best.pixels.net), row("hidden units", (0, 1), best.units.net),
        row("both", (1, 1), both),
      ].compactMap(\.self)
    guard rows.count == 4 else { return [] }
    let count = rows.flatMap { $0.1 + $0.2 }.map(\.runs.count).min() ?? 0
    func errors(_ net: Tuned) -> Summary { Summary(Array(net.testErrors.values.prefix(count))) }
    return rows.map { name, dropped, noise, share, noiseShare in
      LengthRow(
        name: name, share: share, noiseShare: noiseShare, dropped: dropped.map(errors), noise: noise.map(errors))
    }
  }

  /// In the place of dropping what noise saves about as much, after few steps and after many: `pixels`, `both`.
  var noiseKinds: [String] {
    let rows = lengthRows
    guard rows.count == 4 else { return [] }
    let kinds = ["pixels", "hidden units", "both"]
    return kinds.indices.filter { rows[$0 + 1].isAsGood(as: rows[0], among: 6) }.map { kinds[$0] }
  }
  /// Whether nothing need be missing among the pixels.
  var noiseIsAsGood: Bool { noiseKinds.contains("pixels") }
}
