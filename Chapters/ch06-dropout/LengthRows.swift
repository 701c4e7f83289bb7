// The rows of the main comparison: what is dropped or disturbed, after few steps and after many.

import Workbook

/// One thing dropped at its best share, and noise in its place.
struct LengthRow {
  /// As an axis and a table name it: `pixels, 0.5`.
  var name: String
  /// After few steps and after many, over the seeds that all nets have.
  var dropped: [Summary]
  /// The same with noise; empty where nothing is dropped.
  var noise: [Summary]
  /// The errors on own images of all these nets.
  var own: [Double]

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
  /// Nothing, pixels, hidden units, both; empty where a net is missing.
  var lengthRows: [LengthRow] {
    guard let apart = controls?.apart, let best = apart.sharesAlone?.best, let found = apart.lengths,
      let longer = fewLonger, let both = bothAtBest
    else { return [] }
    let (pixels, units) = (best.pixels.share, best.units.share)
    func row(_ name: String, _ pixels: Float, _ units: Float, _ usual: Tuned) -> (String, [Tuned], [Tuned])? {
      guard let long = found.net(pixels: pixels, units: units, steps: longer.steps),
        let noise = found.net(pixels: pixels, units: units, isNoise: true, steps: steps),
        let longNoise = found.net(pixels: pixels, units: units, isNoise: true, steps: longer.steps)
      else { return nil }
      return (name, [usual, long], [noise, longNoise])
    }
    let rows =
      [("nothing", [contest[0], longer.nets[0]], [])]
      + [
        row("pixels, \(short(Double(pixels)))", pixels, 0, best.pixels.net),
        row("hidden units, \(short(Double(units)))", 0, units, best.units.net),
        row("both, best shares", pixels, units, both),
      ].compactMap(\.self)
    guard rows.count == 4 else { return [] }
    let count = rows.flatMap { $0.1 + $0.2 }.map(\.runs.count).min() ?? 0
    func errors(_ net: Tuned) -> Summary { Summary(Array(net.testErrors.values.prefix(count))) }
    return rows.map { name, dropped, noise in
      LengthRow(
        name: name, dropped: dropped.map(errors), noise: noise.map(errors),
        own: (dropped + noise).map(\.trainingErrors.mean))
    }
  }

  /// In the place of dropping what noise saves about as much, after few steps and after many: `pixels`, `both at their best shares`.
  var noiseKinds: [String] {
    let rows = lengthRows
    guard rows.count == 4 else { return [] }
    let kinds = ["pixels", "hidden units", "both at their best shares"]
    return kinds.indices.filter { rows[$0 + 1].isAsGood(as: rows[0], among: 6) }.map { kinds[$0] }
  }
  /// Whether nothing need be missing among the pixels.
  var noiseIsAsGood: Bool { noiseKinds.contains("pixels") }
}
