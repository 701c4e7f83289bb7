// The controls of chapter 6, which take a full run: other rates with wrong labels, L2 at its best, a convolutional net.

import Foundation
import Workbook

/// What decides between explanations, measured with the first five seeds of the recorded run and their images.
struct ControlFindings: Codable, Sendable {
  var wrong: WrongLabelControls?
  /// L2 at the best of several λ, each at a learning rate of its own.
  var decay: Tuned?
  /// The same with all seeds.
  var decayAll: Tuned?
  /// A convolutional net.
  var maps: MapFindings?
  /// Pixels and hidden units apart.
  var apart: ApartFindings?
}

/// A fifth of the labels wrong, at other rates than each net's own.
struct WrongLabelControls: Codable, Sendable {
  /// No dropout at half of the smallest rate tried.
  var plainBelow: Tuned
  /// [no dropout, dropout] with the weights of the epoch that errs least on images kept back, and the rate chosen by these.
  var stopped: [Tuned]
  /// How many images were kept back for that.
  var keptBack: Int
  /// How many of the labels are wrong, one number for each seed.
  var counts: [Int]?
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
    if found.decay == nil {
      found.decay = try plan.decay(findings)
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

  /// Both nets at other rates, and stopped in time.
  private func wrongLabels(_ findings: Dropouts.Findings) throws -> WrongLabelControls {
    let noisy = findings.noisy
    let recipes = Dropouts.contestants.prefix(2).map { $0.recipe.wide(findings.wide) }
    let keptBack = validation.prefix(500)
    return WrongLabelControls(
      plainBelow: try searched(
        recipes[0], [(Self.rates.min() ?? 0) / 2], on: few, wrongLabels: Dropouts.wrongShare, goesOn: false),
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
