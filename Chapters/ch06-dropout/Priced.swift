// Nets that pay the price of dropout and in which nothing is random; and a row of colour photographs.

import Workbook

/// Nets that pay one price, with layers as wide as those of the contest.
struct PricedNets: Codable, Sendable {
  var price: Price
  /// At the best of the learning rates, over the seeds.
  var net: Tuned
  /// The points of error that the loss of half of the hidden units costs.
  var halfLost: Summary
  /// What masks add to the mean loss on a net's own images: by the price, to second order, and measured.
  var foretold: Summary?
  var measured: Summary?

  /// A little for contributions as such; and what the masks of dropout cost: of hidden units, of pixels.
  static let all = [
    Price(factor: 0.001), Price(hidden: ApartFindings.units.dropout), Price(pixels: ApartFindings.pixels.inputDropout),
  ]
}

extension Dropouts.Plan {
  /// Chooses the rate of a price's net by images kept back, and trains it with all seeds.
  func priced(_ price: Price, rates: [Float], width: Int) throws -> PricedNets {
    var recipe = Recipe().wide(width)
    recipe.price = price
    // The masks that are paid for; those of hidden units where there is only a factor.
    let masks = price.pixels > 0 ? ApartFindings.pixels.wide(width) : ApartFindings.units.wide(width)
    func net(_ rate: Float, _ seed: UInt64) throws -> (errors: RunErrors, model: Model) {
      try trained(
        recipe, on: train.drawn(few, seed: seed), validation: validation, testing: test, steps: steps, rate: rate,
        seed: seed)
    }
    let rate =
      rates.count == 1 ? rates[0] : try searched(from: rates, "price", all: false) { try net($0, $1).errors }.rate
    let ticker = Ticker("priced nets", total: seeds.count, run)
    defer { ticker.finish() }
    let runs = try inParallel(seeds.count) { place in
      defer { ticker.tick() }
      let net = try net(rate, seeds[place])
      var generator = SeededGenerator(seed: seeds[place], stream: 63)
      let lost = (0..<Dropouts.removals).map { _ in
        damaged(net.model, removing: Dropouts.half, on: someTests, by: &generator)
      }
      let added = lossOfMasks(masks, on: net.model, train.drawn(few, seed: seeds[place]), seed: seeds[place])
      return (net.errors, Summary(lost).mean - damaged(net.model, without: [], on: someTests), added)
    }
    return PricedNets(
      price: price, net: Tuned(rate: rate, decay: 0, runs: runs.map(\.0)), halfLost: Summary(runs.map(\.1)),
      foretold: Summary(runs.map(\.2.foretold)), measured: Summary(runs.map(\.2.measured)))
  }
}

/// What masks add to the mean loss of a trained net without dropout: by the price, and measured over some masks.
func lossOfMasks(
  _ masks: Recipe, on model: Model, _ images: Dataset, seed: UInt64, count: Int = 10
) -> (foretold: Double, measured: Double) {
  let (batch, loss) = (images.batch(first: images.count), SoftmaxCrossEntropy())
  func step(_ model: inout Model, _ seed: UInt64) -> Double {
    var pass = Pass(.training, generator: SeededGenerator(seed: seed, stream: 67))
    return model.step(batch, loss, in: &pass)
  }
  var whole = model
  let without = step(&whole, seed)
  let foretold = Price(pixels: masks.inputDropout, hidden: masks.dropout).charge(&whole)
  guard var dropped = try? Model(masks.layers, input: model.inputShape, seed: seed) else { return (.nan, .nan) }
  for name in ["fc1", "fc2", "out"] { dropped.layers[name] = model.layers[name] }
  let losses = (0..<count).map { step(&dropped, seed &+ UInt64($0) &* 7919) }
  return (foretold, Summary(losses).mean - without)
}

/// The dense nets on colour photographs: nothing, pixels, hidden units, both, as wide and with as many images and steps as
/// the nets of the contest.
struct PhotographRow: Codable, Sendable {
  var data: String
  var size: Int
  var nets: [Tuned]
}

extension Dropouts.Plan {
  /// Trains them on photographs from a folder of CIFAR-10, each at its best rate.
  func photographs(from folder: String, width: Int) throws -> PhotographRow {
    var plan = try onPhotographs(from: folder)
    plan.tuningSeeds = 2
    return try plan.photographRow(width: width)
  }

  /// The nets of such a plan.
  func photographRow(width: Int) throws -> PhotographRow {
    let nets = try [Recipe(), ApartFindings.pixels, ApartFindings.units, Dropouts.dropout].map { recipe in
      try searched(from: [0.006, 0.0125], "photographs") { rate, seed in
        try photograph(recipe.wide(width), rate, seed)
      }
    }
    return PhotographRow(data: train.name, size: few, nets: nets)
  }

  /// The same plan with photographs in the place of digits.
  func onPhotographs(from folder: String) throws -> Self {
    let (all, unseen) = try CIFAR10.load(from: folder)
    var plan = self
    (plan.train, plan.validation, plan.test) = (all.prefix(10_000), all.samples(at: Array(10_000..<12_000)), unseen)
    return plan
  }

  /// One net that learns photographs.
  func photograph(_ recipe: Recipe, _ rate: Float, _ seed: UInt64) throws -> RunErrors {
    var recipe = recipe
    recipe.inputs = train.sampleShape.count
    return try trained(
      recipe, on: train.drawn(few, seed: seed), validation: validation, testing: test, steps: steps, rate: rate,
      seed: seed
    ).errors
  }
}
