// The controls of chapter 6, which take a full run: other shares dropped, averages of several nets, other rates with wrong
// labels.

import Foundation
import Workbook

/// What decides between explanations, measured with the first five seeds of the recorded run and their images.
struct ControlFindings: Codable, Sendable {
  var wrong: WrongLabelControls?
  var shares: ShareFindings?
  /// Fewer dropped than the least of these, down to pixels alone.
  var fewer: ShareFindings?
  /// The averages of nets without and with dropout.
  var teams: [Team]?
  /// L2 at the best of several λ, each at a learning rate of its own.
  var decay: Tuned?
  /// The same with all seeds.
  var decayAll: Tuned?
  /// A convolutional net.
  var maps: MapFindings?
  /// The same on colour photographs.
  var photographMaps: PhotographMaps?
  /// Pixels and hidden units apart.
  var apart: ApartFindings?

  /// All shares that were tried, from the least to the most.
  var allShares: ShareFindings? {
    guard let shares, let fewer, fewer.widths == shares.widths else { return shares }
    return ShareFindings(
      shares: fewer.shares + shares.shares, widths: shares.widths, plain: shares.plain,
      nets: zip(fewer.nets, shares.nets).map { $0 + $1 })
  }

  /// Several nets on the same images, from other initial weights and in another order, their probabilities averaged.
  struct Team: Codable, Sendable {
    /// The place of its members' recipe among `contestants`; each is trained at the best rate of a single one.
    var contestant: Int
    var members: Int
    /// The error of the average and of its first member on new images, for each seed, in per cent.
    var errors: Summary
    var single: Summary
  }
}

/// Nets with other shares of hidden units dropped, each at its own best rate; a fifth of the pixels is dropped in all.
struct ShareFindings: Codable, Sendable {
  static let shares = [0.1, 0.3, 0.5, 0.7, 0.8]
  static let fewer = [0, 0.02, 0.05]

  var shares: [Double]
  var widths: [Int]
  /// [width]: with nothing dropped, and with each of `shares`.
  var plain: [Tuned]
  var nets: [[Tuned]]

  /// [width][share]: the points of test error saved against the plain net, seed by seed.
  var gains: [[Summary]] {
    zip(plain, nets).map { plain, nets in nets.map { plain.testErrors - $0.testErrors } }
  }
}

/// A fifth of the labels wrong, at other rates than each net's own.
struct WrongLabelControls: Codable, Sendable {
  /// No dropout, at the best rate of the net with dropout; and dropout at the best rate of the plain net with right labels.
  var plainAtOther: Tuned
  var dropoutAtOther: Tuned
  /// No dropout at half of the smallest rate tried.
  var plainBelow: Tuned
  /// [no dropout, dropout] with the weights of the epoch that errs least on images kept back, and the rate chosen by these.
  var stopped: [Tuned]
  /// How many images were kept back for that.
  var keptBack: Int
}

extension ControlFindings {
  /// Measures what the record lacks of this part, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  static func measureAgain(
    _ plan: Dropouts.Plan, _ part: ControlPart?, on data: String, photographs: String?, in run: ChapterRun
  ) throws {
    try Dropouts.addToRecord(
      on: data, in: run, where: { $0.data == data && $0.seeds == plan.seeds && $0.steps == plan.steps }
    ) { findings, keep in
      if findings.sums.signed == nil { findings.sums.signed = plan.expectation().signed }
      let recorded = findings
      if let part { return try plan.measure(part, photographs: photographs, &findings, keeping: keep) }
      _ = try plan.controls(recorded) { part in
        findings.controls = part
        // A contestant that the recorded run did not have yet.
        if findings.contest.count == Dropouts.Place.pixels, let pixels = part.apart?.wide?.pixels {
          findings.contest.append(pixels)
        }
        try keep(findings)
      }
      for part in ControlPart.allCases {
        try plan.measure(part, photographs: photographs, &findings, keeping: keep)
      }
    }
  }
}

extension Dropouts.Plan {
  /// The controls of what has been measured.
  ///
  /// - Parameter keep: is called with all that is there, after each part.
  func controls(
    _ findings: Dropouts.Findings, keeping keep: (ControlFindings) throws -> Void = { _ in }
  ) throws -> ControlFindings {
    var plan = self
    (plan.seeds, plan.tuningSeeds) = (Array(seeds.prefix(5)), min(2, tuningSeeds))
    var found = findings.controls ?? ControlFindings()
    if found.wrong == nil {
      found.wrong = try plan.wrongLabels(findings)
      try keep(found)
    }
    for (place, contestant) in [0, Dropouts.Place.dropout].enumerated() where (found.teams?.count ?? 0) == place {
      found.teams = (found.teams ?? []) + [try plan.team(of: contestant, findings)]
      try keep(found)
    }
    if found.shares == nil {
      found.shares = try plan.shares(ShareFindings.shares, findings.byWidth)
      try keep(found)
    }
    if found.decay == nil {
      found.decay = try plan.decay(findings)
      try keep(found)
    }
    if found.fewer == nil {
      found.fewer = try plan.shares(ShareFindings.fewer, findings.byWidth)
      try keep(found)
    }
    var maps = found.maps ?? MapFindings(steps: steps)
    for recipe in MapRecipe.allCases.dropFirst(maps.kinds.count) {
      maps.kinds.append(try plan.maps(recipe, around: maps.kinds.first?.net.rate))
      found.maps = maps
      try keep(found)
    }
    found.apart = try apart(findings, found.apart) { part in
      found.apart = part
      try keep(found)
    }
    return found
  }

  /// Trains with each of the rates and the first seeds, goes on while the best is an end of those tried, and trains with the
  /// other seeds at the best: the one with the fewest mistakes on images kept back.
  ///
  /// - Parameters:
  ///   - all: whether the other seeds are trained.
  ///   - goesOn: whether rates beyond those given are tried.
  func searched(
    from first: [Float], _ label: String, all: Bool = true, goesOn: Bool = true,
    _ train: (Float, UInt64) throws -> RunErrors
  ) throws -> Tuned {
    func runs(_ rate: Float, _ seeds: ArraySlice<UInt64>) throws -> [RunErrors] {
      let seeds = Array(seeds)
      let ticker = Ticker(label, total: seeds.count, run)
      defer { ticker.finish() }
      return try inParallel(seeds.count) { place in
        ticker.tick()
        return try train(rate, seeds[place])
      }
    }
    let start = seeds.prefix(tuningSeeds)
    var tried = try first.map { (rate: $0, runs: try runs($0, start)) }
    func error(_ runs: [RunErrors]) -> Double { Summary(runs.compactMap(\.validationError)).mean }
    func best() -> (rate: Float, runs: [RunErrors]) { tried.min { error($0.runs) < error($1.runs) } ?? tried[0] }
    while goesOn, let next = rate(beyond: best().rate, of: tried.map(\.rate)) {
      tried.append((next, try runs(next, start)))
    }
    let (rate, chosen) = best()
    return Tuned(rate: rate, decay: 0, runs: chosen + (all ? try runs(rate, seeds.dropFirst(tuningSeeds)) : []))
  }

  /// A rate and its two neighbours among all that may be tried.
  private func around(_ rate: Float) -> [Float] {
    let place = Self.rates.firstIndex(of: rate) ?? Self.rates.count / 2
    return [place - 1, place, place + 1].filter(Self.rates.indices.contains).map { Self.rates[$0] }
  }

  /// L2 with each λ at each of some learning rates; the best pair by the images kept back.
  private func decay(_ findings: Dropouts.Findings) throws -> Tuned {
    let recipe = Dropouts.contestants[Dropouts.Place.decay].recipe.wide(findings.wide)
    let start = around(findings.contest[0].rate)
    let found = try Recipe.penalties.map { decay in
      try searched(from: start, "L2 of \(decay)", all: false) { rate, seed in
        try trained(
          recipe.penalized(decay), on: train.drawn(few, seed: seed), validation: validation, testing: test,
          steps: steps, rate: rate, seed: seed
        ).errors
      }
    }
    func error(_ place: Int) -> Double { Summary(found[place].runs.compactMap(\.validationError)).mean }
    let best = found.indices.min { error($0) < error($1) } ?? 0
    let decay = Recipe.penalties[best]
    return Tuned(
      rate: found[best].rate, decay: decay,
      runs: found[best].runs
        + (try inParallel(seeds.count - tuningSeeds) { place in
          let seed = seeds[tuningSeeds + place]
          return try trained(
            recipe.penalized(decay), on: train.drawn(few, seed: seed), validation: validation, testing: test,
            steps: steps, rate: found[best].rate, seed: seed
          ).errors
        }))
  }

  /// Every share of hidden units dropped, in the narrow and in the wide net; of ½ it is known already.
  private func shares(_ tried: [Double], _ byWidth: PairFindings) throws -> ShareFindings {
    func first(_ net: Tuned) -> Tuned {
      Tuned(rate: net.rate, decay: net.decay, runs: Array(net.runs.prefix(seeds.count)))
    }
    let places = [byWidth.narrow, byWidth.last]
    return ShareFindings(
      shares: tried, widths: places.map { byWidth.settings[$0] },
      plain: places.map { first(byWidth.nets[0][$0]) },
      nets: try places.map { place in
        try tried.map { share in
          let known = first(byWidth.nets[1][place])
          var recipe = Dropouts.dropout.wide(byWidth.settings[place])
          if Float(share) == recipe.dropout { return known }
          recipe.dropout = Float(share)
          // What drops little learns at the rates of what drops nothing.
          let start = share < 0.1 ? byWidth.nets[0][place].rate : known.rate
          return try searched(from: around(start), "p = \(share)") { rate, seed in
            try trained(
              recipe, on: train.drawn(few, seed: seed), validation: validation, testing: test, steps: steps,
              rate: rate, seed: seed
            ).errors
          }
        }
      })
  }

  /// Five nets of a recipe on the same images, averaged.
  private func team(of contestant: Int, _ findings: Dropouts.Findings, members: Int = 5) throws -> ControlFindings.Team
  {
    let recipe = Dropouts.contestants[contestant].recipe.wide(findings.wide)
    let ticker = Ticker("averaging \(members) nets", total: seeds.count * members, run)
    defer { ticker.finish() }
    let errors = try inParallel(seeds.count) { place -> (average: Double, single: Double) in
      let images = train.drawn(few, seed: seeds[place])
      let models = try (0..<members).map { member in
        ticker.tick()
        // The first is the net of the contest.
        return try trained(
          recipe, on: images, validation: nil, testing: test.prefix(10), steps: steps,
          rate: findings.contest[contestant].rate, seed: seeds[place] &+ UInt64(member) &* 7919
        ).model
      }
      return (averageError(models, on: test), averageError([models[0]], on: test))
    }
    return ControlFindings.Team(
      contestant: contestant, members: members, errors: Summary(errors.map(\.average)),
      single: Summary(errors.map(\.single)))
  }

  /// Both nets at other rates, and stopped in time.
  private func wrongLabels(_ findings: Dropouts.Findings) throws -> WrongLabelControls {
    let noisy = findings.noisy
    let recipes = Dropouts.contestants.prefix(2).map { $0.recipe.wide(findings.wide) }
    func at(_ rate: Float, _ recipe: Recipe) throws -> Tuned {
      let ticker = Ticker("wrong labels", total: seeds.count, run)
      defer { ticker.finish() }
      let runs = try inParallel(seeds.count) { place in
        ticker.tick()
        return try trained(
          recipe, on: train.drawn(few, seed: seeds[place]), wrongLabels: Dropouts.wrongShare, validation: validation,
          testing: test, steps: steps, rate: rate, seed: seeds[place]
        ).errors
      }
      return Tuned(rate: rate, decay: 0, runs: runs)
    }
    let keptBack = validation.prefix(500)
    return WrongLabelControls(
      plainAtOther: try at(noisy.nets[1].rate, recipes[0]),
      dropoutAtOther: try at(noisy.asked.rate, recipes[1]),
      plainBelow: try at((Self.rates.min() ?? 0) / 2, recipes[0]),
      // The plain net errs least at small rates, and again less at large ones than in between.
      stopped: try zip(recipes, [[0.003, 0.006, 0.0125, 0.05, 0.1], around(noisy.nets[1].rate)]).map { recipe, rates in
        try searched(from: rates, "stopped in time") { rate, seed in
          try trainedUntilBest(
            recipe, on: train.drawn(few, seed: seed), wrongLabels: Dropouts.wrongShare, stoppedBy: keptBack,
            testing: test, steps: steps, rate: rate, seed: seed)
        }
      },
      keptBack: keptBack.count)
  }
}

/// Trains as `trained` does, and takes the weights of the epoch with the fewest
/// mistakes on images kept back.
func trainedUntilBest(
  _ recipe: Recipe, on right: Dataset, wrongLabels: Float,
  stoppedBy keptBack: Dataset, testing test: Dataset, steps: Int, rate: Float,
  seed: UInt64
) throws -> RunErrors {
  let train = right.withWrongLabels(wrongLabels, seed: seed, stream: Dropouts.wrongStream)
  let epochs = max(1, steps * batchSize / train.count)
  let loss = SoftmaxCrossEntropy()
  var trainer = Trainer(
    try Model(recipe.layers, input: train.sampleShape, seed: seed), loss: loss,
    optimizer: SGD(momentum: 0.9), schedule: CosineDecay(rate, over: epochs),
    batchSize: batchSize, seed: seed)
  // It watches to the end, and puts the best weights back.
  trainer.earlyStopping = EarlyStopping(patience: epochs)
  do {
    try trainer.trainResumably(on: train, validation: keptBack, epochs: epochs)
  } catch is Divergence {
    return .guessing
  }
  return RunErrors(
    trainer.model, trainedOn: train, right: right, validation: keptBack,
    test: test)
}

/// The error in per cent of the mean of the nets' probabilities.
func averageError(_ models: [Model], on images: Dataset) -> Double {
  let batch = images.batch(first: images.count)
  var sum = [Double](repeating: 0, count: batch.count * 10)
  var softmax = Softmax()
  for model in models {
    var layers = model.layers
    softmax.forward(layers.forward(batch.inputs)).withUnsafeElements {
      for i in sum.indices { sum[i] += Double($0[i]) }
    }
  }
  return errorShare(sum, batch.labels)
}
