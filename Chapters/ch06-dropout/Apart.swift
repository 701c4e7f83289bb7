// What the two things that go by the name of dropout do by themselves: pixels dropped, hidden units dropped. And noise in
// their place, which drops nothing.

import Foundation
import Workbook

/// Noise of the same mean and variance as dropout's factors: in training each value is multiplied by a number of its own
/// from N(1, p/(1 − p)), and nothing is ever left out.
///
/// Shapes: any, unchanged.
/// - Source: Srivastava et al. 2014, JMLR 15, section 10.
struct GaussianNoise: Layer {
  /// p of the dropout that it stands in for, in [0, 1).
  let rate: Float
  /// The factors less 1 of the last pass in training.
  private var noise = Tensor.empty
  private var wasTraining = false

  init(matching rate: Float) { self.rate = rate }

  func outputShape(for input: Shape) throws(ShapeError) -> Shape { input }

  mutating func forward(_ input: Tensor, into output: inout Tensor, in pass: inout Pass) {
    output.resize(to: input.shape)
    wasTraining = pass.mode == .training
    if wasTraining {
      noise.resize(to: input.shape)
      let deviation = (rate / (1 - rate)).squareRoot()
      noise.fillNormal(standardDeviation: deviation, using: &pass.generator)
    }
    apply(to: input, into: &output)
  }

  mutating func backward(_ outputGradient: Tensor, input: Tensor, output: Tensor, into inputGradient: inout Tensor) {
    if inputGradient.isEmpty { return }
    apply(to: outputGradient, into: &inputGradient)
  }

  /// The layer is linear: values and gradients are treated alike.
  private func apply(to source: Tensor, into target: inout Tensor) {
    let isTraining = wasTraining
    source.withUnsafeElements { x in
      noise.withUnsafeElements { noise in
        target.withUnsafeMutableElements { y in
          for i in y.indices { y[i] = isTraining ? x[i] * (1 + noise[i]) : x[i] }
        }
      }
    }
  }
}

/// Pixels and hidden units dropped apart, noise in their place, and what the trained nets look like inside: each net at its
/// own best learning rate, with all seeds of the recorded run.
struct ApartFindings: Codable, Sendable {
  /// The widths, from the narrow net of the text on; and for each a fifth of the pixels dropped alone, half of the hidden
  /// units alone.
  var widths: [Int]
  var pixels: [Tuned] = []
  var units: [Tuned] = []
  /// [pixels, hidden units, both] as noise instead.
  var noise: [Tuned] = []
  /// [pixels, hidden units] with batch norm, and with a fifth of the labels wrong.
  var norm: [Tuned] = []
  var wrong: [Tuned] = []
  /// Wrong labels at the one rate that is best for the plain net with right ones: nothing, pixels, hidden units, both.
  var byHeart: [Tuned] = []
  /// The numbers of images, and for each pixels alone, hidden units alone.
  var sizes: [Int]
  var pixelsBySize: [Tuned] = []
  var unitsBySize: [Tuned] = []
  /// With as many showings of each image as few have: pixels alone with few images and with most, in as many steps.
  var pixelsLonger: [Tuned] = []
  var inside: [InsideFindings] = []
  /// Noise in the place of dropped hidden units where these pay: with a fifth of the labels wrong, with the fewest images.
  var noiseWherePays: [Tuned]?
  /// Hidden units alone in as many steps as `fewLonger` has: in the narrowest and in the widest layers.
  var unitsLonger: [Tuned]?
  /// Pixels alone in as many steps as `narrowLonger` has, in the narrowest layers.
  var narrowPixelsLonger: [Tuned]?
  /// Hidden units alone with as many images and steps as `equalEpochs` has.
  var unitsMany: [Tuned]?
  /// Layers as wide as its authors use, and a bound on the weights of all: nothing, pixels, hidden units, both.
  var authors: [Tuned]?
  /// What it costs to take half of the pixels away, for each net of `inside`; not on the page.
  var pixelsLost: [PixelLoss]?
  /// Own and new images from epoch to epoch: nothing dropped, both dropped.
  var followed: [FollowedErrors]?
  /// One for each of `PricedNets.all`.
  var priced: [PricedNets]?
  /// Nets that pay the price of dropped hidden units, with the fewest images, and with a fifth of the labels wrong.
  var priceFew: Tuned?
  var priceWrong: Tuned?
  /// Many masks at once, for hidden units with the fewest images, with wrong labels, as usual; for pixels.
  var manyMasks: [Tuned]?
  /// As `followed`: dropped pixels, dropped hidden units.
  var followedApart: [FollowedErrors]?
  /// As `byHeart`, each net at its own best rate with such labels.
  var byHeartOwn: [Tuned]?
  /// The plain net at the best rate of that with both dropped.
  var byHeartOther: Tuned?
  /// Colour photographs instead of digits.
  var photographs: PhotographRow?
  /// Pixels alone and hidden units alone at other shares.
  var sharesAlone: SharesAlone?
  /// Other shares in other settings.
  var sharesElsewhere: SharesElsewhere?

  /// What is told of the authors' own way.
  static let authorsWidth = 512
  static let authorsSteps = 800
  static let authorsBound = 3.0
  static let pixels = Recipe(inputDropout: 0.2)
  static let units = Recipe(dropout: 0.5)
  static let noises = [
    Recipe(inputDropout: 0.2, isNoise: true), Recipe(dropout: 0.5, isNoise: true),
    Recipe(dropout: 0.5, inputDropout: 0.2, isNoise: true),
  ]

  /// The nets of the widest layers.
  var wide: (pixels: Tuned, units: Tuned)? {
    guard pixels.count == widths.count, units.count == widths.count, let p = pixels.last, let u = units.last else {
      return nil
    }
    return (p, u)
  }
}

/// The points of error that it costs to take half of the pixels away by chance, one number for each seed.
struct PixelLoss: Codable, Sendable {
  var name: String
  var lost: Summary
}

/// What is found in the first hidden layer of trained nets, one number for each seed.
struct InsideFindings: Codable, Sendable {
  /// What was dropped or added.
  var name: String
  /// The points of error that it costs to take half of the units away by chance, and the quarter that does most.
  var halfLost: Summary
  var bestLost: Summary
  /// How many units carry the layer: (Σc)²/Σc², where c is what a unit contributes.
  var carrying: Summary
  /// The weights of the units that do most in the net of the first seed, −127 … 127 for the largest of each net.
  var pictures: [[Int8]]

  /// How many units are shown, and of which nets.
  static let shown = 6
  static let pictured = ["nothing", "pixels", "hidden units", "L2"]
  /// The share of the units that do most, taken away.
  static let best: Float = 0.25
}

extension Dropouts.Plan {
  /// Measures what is missing of these.
  ///
  /// - Parameter keep: is called with all that is there, after each net.
  func apart(
    _ findings: Dropouts.Findings, _ known: ApartFindings?, keeping keep: (ApartFindings) throws -> Void
  ) throws -> ApartFindings {
    let byWidth = findings.byWidth
    let places = Array(byWidth.narrow...byWidth.last)
    var found = known ?? ApartFindings(widths: places.map { byWidth.settings[$0] }, sizes: findings.bySize.settings)
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
    try fill(\.noise, 3) {
      try searched(ApartFindings.noises[$0].wide(wide), rates(Array(findings.contest.prefix(2))), on: few)
    }
    try fill(\.byHeart, 4) { place in
      let recipe = [Recipe(), both[0], both[1], Dropouts.dropout][place].wide(wide)
      let rate = findings.noisy.asked.rate
      return try byHeart(recipe, rate: rate, Array(seeds.prefix(5)))
    }
    try inside(findings, &found, keeping: keep)
    try fill(\.norm, 2) {
      var recipe = both[$0].wide(wide)
      recipe.hasBatchNorm = true
      return try searched(
        recipe, rates([findings.contest[Dropouts.Place.norm], findings.contest[Dropouts.Place.both]]), on: few)
    }
    for (path, recipe) in zip([\ApartFindings.pixelsBySize, \.unitsBySize], both) {
      try fill(path, found.sizes.count) { place in
        if found.sizes[place] == few, let known = recipe == both[0] ? found.wide?.pixels : found.wide?.units {
          return known
        }
        return try searched(recipe.wide(wide), rates(findings.bySize.nets.map { $0[place] }), on: found.sizes[place])
      }
    }
    if let few = findings.fewLonger, let many = findings.equalEpochs {
      try fill(\.pixelsLonger, 2) { place in
        let pair = [few, many][place]
        return try searched(both[0].wide(wide), rates(pair.nets), on: pair.size, steps: pair.steps)
      }
    }
    try later(findings, &found, rates: rates, keeping: keep)
    return found
  }

  /// A net that learns wrong labels, watched from epoch to epoch.
  func byHeart(_ recipe: Recipe, rate: Float, _ seeds: [UInt64]) throws -> Tuned {
    Tuned(
      rate: rate, decay: 0,
      runs: try inParallel(seeds.count) {
        try trained(
          recipe, on: train.drawn(few, seed: seeds[$0]), wrongLabels: Dropouts.wrongShare, validation: nil,
          testing: test, following: someTests, watchesLabels: true, steps: steps, rate: rate, seed: seeds[$0]
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

  /// The wide nets that are looked into, at the rates that are known.
  func lookedInto(
    _ findings: Dropouts.Findings, _ found: ApartFindings
  ) -> [(name: String, net: (recipe: Recipe, rate: Float))] {
    guard let apart = found.wide, found.noise.count == 3 else { return [] }
    let decay = findings.controls?.decay ?? findings.contest[Dropouts.Place.decay]
    func contestant(_ place: Int) -> (Recipe, Float) {
      (Dropouts.contestants[place].recipe, findings.contest[place].rate)
    }
    return [
      ("nothing", contestant(0)), ("pixels", (ApartFindings.pixels, apart.pixels.rate)),
      ("hidden units", (ApartFindings.units, apart.units.rate)), ("both", contestant(Dropouts.Place.dropout)),
      ("noise on hidden units", (ApartFindings.noises[1], found.noise[1].rate)),
      ("L2", (Recipe().penalized(decay.decay), decay.rate)), ("batch norm", contestant(Dropouts.Place.norm)),
    ]
  }

  /// Trains them again, and looks inside.
  private func inside(
    _ findings: Dropouts.Findings, _ found: inout ApartFindings, keeping keep: (ApartFindings) throws -> Void
  ) throws {
    for (name, net) in lookedInto(findings, found).dropFirst(found.inside.count) {
      let looks = try inParallel(seeds.count) { place in
        let model = try trained(
          net.recipe.wide(findings.wide), on: train.drawn(few, seed: seeds[place]), validation: nil,
          testing: test.prefix(10), steps: steps, rate: net.rate, seed: seeds[place]
        ).model
        return Inside(
          model, on: someTests, seed: seeds[place], isShown: place == 0 && InsideFindings.pictured.contains(name))
      }
      found.inside.append(
        InsideFindings(
          name: name, halfLost: Summary(looks.map(\.halfLost)), bestLost: Summary(looks.map(\.bestLost)),
          carrying: Summary(looks.map(\.carrying)), pictures: looks[0].pictures))
      try keep(found)
    }
  }
}

/// What one trained net looks like inside.
private struct Inside: Sendable {
  var halfLost: Double
  var bestLost: Double
  var carrying: Double
  var pictures: [[Int8]] = []

  init(_ model: Model, on test: Dataset, seed: UInt64, isShown: Bool) {
    let shares = contributions(model, on: test)
    let order = shares.indices.sorted { shares[$0] > shares[$1] }
    let sum = shares.reduce(0, +)
    carrying = sum * sum / max(1e-12, shares.reduce(0) { $0 + $1 * $1 })
    let whole = damaged(model, without: [], on: test)
    var generator = SeededGenerator(seed: seed, stream: 63)
    halfLost =
      Summary((0..<Dropouts.removals).map { _ in damaged(model, removing: Dropouts.half, on: test, by: &generator) })
      .mean - whole
    bestLost =
      damaged(model, without: Set(order.prefix(Int(InsideFindings.best * Float(order.count)))), on: test) - whole
    guard isShown, let first = model.layers["fc1"] as? Dense else { return }
    let (weights, inputs) = (first.weight.value.elements, first.inputs)
    let rows = order.prefix(InsideFindings.shown).map { Array(weights[$0 * inputs..<($0 + 1) * inputs]) }
    let largest = rows.joined().map(abs).max() ?? 1
    pictures = rows.map { $0.map { Int8((127 * $0 / max(1e-12, largest)).rounded()) } }
  }
}

/// What each unit of the first hidden layer contributes: the root mean square of
/// its output times the length of its outgoing weights.
func contributions(_ model: Model, on test: Dataset) -> [Double] {
  let outputs = layerOutputs(of: model.layers, on: test.batch(first: test.count).inputs)
  guard let hidden = outputs.first(where: { $0.name == "act1" })?.output.elements,
    let next = model.layers["fc2"] as? Dense ?? (model.layers["fc2"] as? DropConnect)?.dense
  else { return [] }
  let (units, weights) = (next.inputs, next.weight.value.elements)
  var (activity, length) = ([Double](repeating: 0, count: units), [Double](repeating: 0, count: units))
  for (i, h) in hidden.enumerated() { activity[i % units] += Double(h) * Double(h) }
  for (i, w) in weights.enumerated() { length[i % units] += Double(w) * Double(w) }
  return zip(activity, length).map { ($0 / Double(hidden.count / units) * $1).squareRoot() }
}
