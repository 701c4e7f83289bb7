// What the two things that go by the name of dropout do by themselves: pixels dropped, hidden units dropped.

import Workbook

/// Pixels and hidden units dropped apart: each net at its own best learning rate, with all seeds of the recorded run.
struct ApartFindings: Codable, Sendable {
  /// The narrow width of the text and the wide one; for each a fifth of the pixels dropped alone, half of the hidden units
  /// alone.
  var widths: [Int]
  var pixels: [Tuned] = []
  var units: [Tuned] = []
  /// [pixels, hidden units] with batch norm, and with a fifth of the labels wrong.
  var norm: [Tuned] = []
  var wrong: [Tuned] = []
  /// Pixels alone, and hidden units alone, with as many images and steps as `equalEpochs` has.
  var pixelsMany: [Tuned]?
  var unitsMany: [Tuned]?
  /// Colour photographs instead of digits.
  var photographs: PhotographRow?
  /// Pixels alone and hidden units alone at other shares.
  var sharesAlone: SharesAlone?
  /// Other shares in other settings.
  var sharesElsewhere: SharesElsewhere?
  /// The best shares after few steps and after many, and noise in their place.
  var lengths: Lengths?
  /// Both at the best shares: thinned nets, lost units, wrong labels.
  var ours: OurShares?

  static let pixels = Recipe(inputDropout: 0.2)
  static let units = Recipe(dropout: 0.5)

  /// The nets of the widest layers.
  var wide: (pixels: Tuned, units: Tuned)? {
    guard pixels.count == widths.count, units.count == widths.count, let p = pixels.last, let u = units.last else {
      return nil
    }
    return (p, u)
  }
}

extension Dropouts.Plan {
  /// Measures what is missing of these.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func apart(
    _ findings: Dropouts.Findings, _ known: ApartFindings?, keeping keep: (ApartFindings) throws -> Void
  ) throws -> ApartFindings {
    let byWidth = findings.byWidth
    let places = [byWidth.narrow, byWidth.last]
    var found = known ?? ApartFindings(widths: places.map { byWidth.settings[$0] })
    /// One after the other, each kept.
    func fill(_ path: WritableKeyPath<ApartFindings, [Tuned]>, _ count: Int, _ net: (Int) throws -> Tuned) throws {
      for place in found[keyPath: path].count..<max(count, found[keyPath: path].count) {
        found[keyPath: path].append(try net(place))
        try keep(found)
      }
    }
    let rates = ratesBetween
    let both = [ApartFindings.pixels, ApartFindings.units]
    for (path, recipe) in zip([\ApartFindings.pixels, \.units], both) {
      try fill(path, places.count) { place in
        let width = byWidth.settings[places[place]]
        return try searched(recipe.wide(width), rates(byWidth.nets.map { $0[places[place]] }), on: few)
      }
    }
    let wide = findings.wide
    try fill(\.wrong, 2) {
      try searched(both[$0].wide(wide), rates(findings.noisy.nets), on: few, wrongLabels: Dropouts.wrongShare)
    }
    try fill(\.norm, 2) {
      var recipe = both[$0].wide(wide)
      recipe.hasBatchNorm = true
      return try searched(
        recipe, rates([findings.contest[Dropouts.Place.norm], findings.contest[Dropouts.Place.both]]), on: few)
    }
    if let many = findings.equalEpochs {
      for (path, recipe) in zip([\ApartFindings.pixelsMany, \.unitsMany], both) where found[keyPath: path] == nil {
        found[keyPath: path] = [try searched(recipe.wide(wide), rates(many.nets), on: many.size, steps: many.steps)]
        try keep(found)
      }
    }
    return found
  }

  /// A net that learns wrong labels, its test error followed from epoch to epoch.
  func byHeart(_ recipe: Recipe, rate: Float, _ seeds: [UInt64]) throws -> Tuned {
    Tuned(
      rate: rate, decay: 0,
      runs: try inParallel(seeds.count) {
        try trained(
          recipe, on: train.drawn(few, seed: seeds[$0]), wrongLabels: Dropouts.wrongShare, validation: nil,
          testing: test, following: someTests, steps: steps, rate: rate, seed: seeds[$0]
        ).errors
      })
  }

  /// Tries each rate with the first seeds, and trains with the others at the best.
  func searched(
    _ recipe: Recipe, _ rates: [Float], on count: Int, wrongLabels: Float = 0, steps: Int? = nil, all: Bool = true,
    goesOn: Bool = true
  ) throws -> Tuned {
    try searched(from: rates, "apart", all: all, goesOn: goesOn) { rate, seed in
      try trained(
        recipe, on: train.drawn(count, seed: seed), wrongLabels: wrongLabels, validation: validation, testing: test,
        steps: steps ?? self.steps, rate: rate, seed: seed
      ).errors
    }
  }
}
