// Both dropped at the shares that are best in this chapter's net: thinned nets, lost units, wrong labels.

import Workbook

/// The wide net with few images and both dropped, at the shares that are best for each alone; with all seeds of the record.
struct OurShares: Codable, Sendable {
  var pixels: Float
  var units: Float
  /// Thinned nets, on all test images.
  var sampled: [SampledEnsemble] = []
  /// [nothing, pixels alone, both, hidden units alone][share of `removedShares`]: the test error without some units of the first hidden layer.
  var damage: [[Summary]] = []
  /// With wrong labels, at its own best rate; nothing dropped at that rate; stopped early.
  var byHeart: Tuned?
  var plainAtItsRate: Tuned?
  var stopped: Tuned?

  /// The points of error that the loss of half of the units costs, net by net.
  var losses: [Summary] { damage.map { $0[1] - $0[0] } }
}

extension Dropouts.Plan {
  /// Measures what is missing of these.
  ///
  /// - Parameter keep: is called with all that is there, after each part.
  func ourShares(
    _ findings: Dropouts.Findings, _ known: OurShares?, keeping keep: (OurShares) throws -> Void
  ) throws -> OurShares? {
    guard let best = findings.controls?.apart?.sharesAlone?.best, let both = findings.bothAtBest else { return known }
    var found = known ?? OurShares(pixels: best.pixels.share, units: best.units.share)
    let recipe = Recipe(dropout: found.units, inputDropout: found.pixels).wide(findings.wide)
    if found.damage.isEmpty {
      let nets = [
        (Recipe().wide(findings.wide), findings.contest[0].rate),
        (Recipe(inputDropout: found.pixels).wide(findings.wide), best.pixels.net.rate), (recipe, both.rate),
      ]
      let models = try nets.map { recipe, rate in
        try inParallel(seeds.count) {
          try trained(
            recipe, on: train.drawn(few, seed: seeds[$0]), validation: nil, testing: test.prefix(100), steps: steps,
            rate: rate, seed: seeds[$0]
          ).model
        }
      }
      found.damage = try models.map { try damages($0, on: test) }
      try keep(found)
      found.sampled = try inParallel(seeds.count) {
        SampledEnsemble(models[2][$0], plain: models[0][$0], on: test, seed: seeds[$0])
      }
      try keep(found)
    }
    var plan = self
    plan.tuningSeeds = 2
    if found.byHeart == nil {
      let rate = try plan.searched(
        recipe, [0.0125, 0.025], on: few, wrongLabels: Dropouts.wrongShare, all: false
      ).rate
      found.byHeart = try byHeart(recipe, rate: rate, seeds)
      try keep(found)
    }
    if found.plainAtItsRate == nil, let rate = found.byHeart?.rate {
      found.plainAtItsRate = try byHeart(Recipe().wide(findings.wide), rate: rate, seeds)
      try keep(found)
    }
    if found.stopped == nil, let rate = found.byHeart?.rate {
      plan.seeds = Array(seeds.prefix(5))
      found.stopped = try plan.searched(from: [rate / 2, rate].map(nearest), "stopped in time") { rate, seed in
        try trainedUntilBest(
          recipe, on: train.drawn(few, seed: seed), wrongLabels: Dropouts.wrongShare,
          stoppedBy: validation.prefix(500), testing: test, steps: steps, rate: rate, seed: seed)
      }
      try keep(found)
    }
    return found
  }

  /// The rate next to a number, of those that may be tried.
  private func nearest(_ rate: Float) -> Float { Self.rates.min { abs($0 - rate) < abs($1 - rate) } ?? rate }

  /// The test errors when shares of the first hidden layer's units are removed, seed by seed.
  func damages(_ models: [Model], on test: Dataset) throws -> [Summary] {
    try Dropouts.removedShares.map { share in
      Summary(
        try inParallel(seeds.count) { place in
          var generator = SeededGenerator(seed: seeds[place], stream: 63)
          return Summary(
            (0..<(share == 0 ? 1 : Dropouts.removals)).map { _ in
              damaged(models[place], removing: share, on: test, by: &generator)
            }
          ).mean
        })
    }
  }
}
