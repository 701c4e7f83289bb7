// Settings that are chosen on one half of the test images and counted on the other: what the choice flatters.

import Workbook

/// The best of several settings, chosen on half of the images; its errors are those on the other half.
struct CrossFit {
  /// The setting chosen on each half.
  var chosen: [Double]
  /// The errors of each seed on the images that did not choose, both halves together.
  var errors: Summary

  /// - Parameter halves: [setting][half], each with one error for each seed.
  init(_ settings: [Double], _ halves: [[Summary]]) {
    let places = [0, 1].map { half in
      halves.indices.min { halves[$0][half].mean < halves[$1][half].mean } ?? 0
    }
    chosen = places.map { settings[$0] }
    let (first, second) = (halves[places[1]][0].values, halves[places[0]][1].values)
    errors = Summary(zip(first, second).map { ($0 + $1) / 2 })
  }

  /// From [setting][seed][half] to [setting][half]; nil where a run has no halves.
  static func halves(_ runs: [[[Double]?]]) -> [[Summary]]? {
    let known = runs.map { $0.compactMap(\.self) }
    guard zip(runs, known).allSatisfy({ $0.count == $1.count }), !known.isEmpty else { return nil }
    return known.map { runs in [0, 1].map { half in Summary(runs.map { $0[half] }) } }
  }
}
