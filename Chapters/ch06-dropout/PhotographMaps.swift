// Dropout in a convolutional net that learns colour photographs.

import Workbook

/// A small LeNet on photographs: nothing dropped, and units, single values of the maps or whole maps at two shares, each at
/// its own best learning rate.
struct PhotographMaps: Codable, Sendable {
  var data: String
  var size: Int
  var steps: Int
  /// The seeds that chose the rates.
  var tuningSeeds: Int
  var kinds: [MapFindings.Kind] = []
  /// Nothing dropped at half of the smallest rate tried, where that rate was the best.
  var plainBelow: Tuned?

  static let recorded = (size: 5_000, steps: 2_000)
  static let rates: [Float] = [0.003, 0.006, 0.0125]
  /// In the order of what depends on it most.
  static let cells: [(recipe: MapRecipe, share: Float)] = [
    (.nothing, 0), (.values, 0.2), (.maps, 0.2), (.units, 0.5), (.units, 0.2), (.values, 0.5), (.maps, 0.5),
  ]

  var plain: Tuned? { kinds.first?.net }
  /// What is dropped and what that saves.
  var gains: [(kind: MapFindings.Kind, gain: Summary)] {
    kinds.dropFirst().compactMap { kind in gain(kind.recipe, kind.share).map { (kind, $0) } }
  }
  /// What saves most; nil where nothing saves anything beyond chance.
  var best: (kind: MapFindings.Kind, gain: Summary)? {
    gains.filter { saves($0.gain) }.max { $0.gain.mean < $1.gain.mean }
  }
  /// The points of error that a kind saves at one share, seed by seed; nil where it was not trained.
  func gain(_ recipe: MapRecipe, _ share: Float) -> Summary? {
    guard let plain, let kind = kinds.first(where: { $0.recipe == recipe && $0.share == share }) else { return nil }
    return difference(plain.testErrors, kind.net.testErrors)
  }
}

extension Dropouts.Plan {
  /// Trains what is missing.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func photographMaps(
    from folder: String, _ known: PhotographMaps?, keeping keep: (PhotographMaps) throws -> Void
  ) throws -> PhotographMaps {
    var plan = try onPhotographs(from: folder)
    // Three seeds choose the rate: at too large a one some seeds fail and others do not.
    (plan.seeds, plan.tuningSeeds) = (Array(seeds.prefix(5)), 3)
    let (size, steps) = PhotographMaps.recorded
    (plan.few, plan.steps) = (size, steps)
    var found =
      known ?? PhotographMaps(data: plan.train.name, size: size, steps: steps, tuningSeeds: plan.tuningSeeds)
    for (recipe, share) in PhotographMaps.cells.dropFirst(found.kinds.count) {
      let net = try plan.searched(from: PhotographMaps.rates, "maps of photographs") { rate, seed in
        try plan.trainedMaps(recipe, share, rate: rate, seed: seed)
      }
      found.kinds.append(.init(recipe: recipe, share: share, net: net))
      try keep(found)
    }
    if found.plainBelow == nil, let rate = found.plain?.rate, rate == Self.rates.min() {
      let half = try plan.searched(from: [rate / 2], "maps of photographs", goesOn: false) { rate, seed in
        try plan.trainedMaps(.nothing, 0, rate: rate, seed: seed)
      }
      found.plainBelow = half
      try keep(found)
    }
    return found
  }
}
