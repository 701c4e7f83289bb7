// The experiments of chapter 6 in their order.

import Workbook

extension Dropouts {
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    let reserve = run.pick(quick: 200, normal: 1_000, full: 5_000)
    let learned = run.pick(quick: 500, normal: 5_000, full: 10_000)
    // Pixels from 0 to 1: a pixel that is left out is background.
    let digits = try Digits.load(
      from: options.data, transform: PixelTransform(), count: learned + reserve,
      testCount: run.pick(quick: 300, normal: 10_000, full: 10_000))
    // A full run chooses rates and λ; smaller ones take what the recorded full run chose, from more seeds than they have.
    let recorded = run.isFull ? nil : KeptFindings<Findings>(recordedOf: chapter)?.findings
    let plan = Plan(
      run: run, train: digits.train.prefix(learned),
      validation: digits.train.samples(at: learned..<learned + reserve), test: digits.test,
      seeds: run.seeds(quick: 1, normal: 5, full: 8), steps: run.pick(quick: 80, normal: 800, full: 800),
      few: run.pick(quick: 200, normal: 1_000, full: 1_000),
      rates: recorded?.rates ?? [0.05, 0.1, 0.2], tuningSeeds: run.pick(quick: 1, normal: 1, full: 2),
      chosen: recorded.map { Dictionary(uniqueKeysWithValues: zip(contestants.map(\.recipe), $0.contest)) } ?? [:])
    let widths = run.pick(quick: [16, 64], normal: [32, 256], full: [32, 96, 256])
    let wide = widths[widths.count - 1]
    var pair: [[Plan.Training]] = [[], []]
    for width in widths {
      for (place, recipe) in contestants.prefix(2).map(\.recipe).enumerated() {
        pair[place].append(try plan.tuned(recipe.wide(width), on: plan.few))
      }
    }
    let nets = pair.map { $0[widths.count - 1] }
    return Findings(
      data: digits.name, seeds: plan.seeds, steps: plan.steps, few: plan.few, rates: plan.rates,
      tuningSeeds: plan.chosen.isEmpty ? plan.tuningSeeds : 0,
      sums: plan.expectation(), ensembles: try plan.ensembles(),
      sampled: nets[1].models.enumerated().map { seed, model in
        SampledEnsemble(
          model, plain: nets[0].models[seed], on: digits.test.prefix(1_000), seed: plan.seeds[seed])
      },
      byWidth: PairFindings(settings: widths, nets: pair.map { $0.map(\.tuned) }),
      bySize: try plan.sizes(nets.map(\.tuned), width: wide), noisy: try plan.noisy(width: wide),
      reliance: plan.reliance(nets), contest: try plan.contest(nets.map(\.tuned), width: wide))
  }

  /// What all trainings have in common.
  private struct Plan {
    var run: ChapterRun
    var train: Dataset
    var validation: Dataset
    var test: Dataset
    var seeds: [UInt64]
    var steps: Int
    var few: Int
    var rates: [Float]
    /// How many seeds choose the rate; the others are trained with the rate that these have chosen.
    var tuningSeeds: Int
    /// Contestants whose rate and λ are known.
    var chosen: [Recipe: Tuned]

    /// A net at its best learning rate, with the models of all seeds.
    struct Training {
      var tuned: Tuned
      var models: [Model]
    }

    /// Trains a net with every rate, every λ and the first seeds, keeps the pair with the fewest mistakes on the
    /// validation images, and trains it with the other seeds; or with all seeds at the rate and λ that are known.
    func tuned(_ recipe: Recipe, on count: Int, wrongLabels: Float = 0) throws -> Training {
      let known = chosen[recipe.wide(Recipe().width)]
      let settings =
        known.map { [(recipe: recipe.penalized($0.decay), rate: $0.rate)] }
        ?? recipe.decays.flatMap { recipe in rates.map { (recipe: recipe, rate: $0) } }
      let tuning = known == nil ? min(tuningSeeds, seeds.count) : seeds.count
      let bar = Ticker("training", total: settings.count * tuning + seeds.count - tuning, run)
      defer { bar.finish() }
      func results(_ settings: [(recipe: Recipe, rate: Float)], _ seeds: [UInt64]) throws -> [(
        errors: RunErrors, model: Model
      )] {
        try inParallel(settings.count * seeds.count) { place in
          bar.tick()
          let (setting, seed) = (settings[place / seeds.count], seeds[place % seeds.count])
          return try trained(
            setting.recipe, on: train.drawn(count, seed: seed), wrongLabels: wrongLabels, validation: validation,
            testing: test, steps: steps, rate: setting.rate, seed: seed)
        }
      }
      let tried = try results(settings, Array(seeds.prefix(tuning)))
      let ofSetting = settings.indices.map { Array(tried[$0 * tuning..<($0 + 1) * tuning]) }
      let errors = ofSetting.map { Summary($0.map(\.errors.validationError)).mean }
      let best = settings.indices.min { errors[$0] < errors[$1] } ?? 0
      let rest = tuning == seeds.count ? [] : try results([settings[best]], Array(seeds.dropFirst(tuning)))
      let (all, (recipe, rate)) = (ofSetting[best] + rest, settings[best])
      return Training(
        tuned: Tuned(rate: rate, decay: recipe.decay, runs: all.map(\.errors)), models: all.map(\.model))
    }

    func expectation() -> ExpectationFindings {
      let masks = run.pick(quick: 200, normal: 1_000, full: 10_000)
      return ExpectationFindings(
        masks: masks,
        unscaledRatio: Summary(
          seeds.map {
            let sums = DroppedSums(dropping: 0.5, inverted: false, masks: masks, seed: $0)
            return sums.unscaled / sums.mean
          }),
        relative: droppedShares.map { rate in
          RelativeSums(DroppedSums(dropping: Float(rate), inverted: true, masks: masks, seed: run.seed))
        })
    }

    func ensembles() throws -> [ExactEnsemble] {
      let digits = (train.prefix(2_000), test.prefix(run.pick(quick: 100, normal: 1_000, full: 5_000)))
      let bar = Ticker("averaging all thinned nets", total: seeds.count, run)
      defer { bar.finish() }
      return try inParallel(seeds.count) { place in
        bar.tick()
        return try ExactEnsemble(
          units: run.isQuick ? 6 : 10, train: digits.0, test: digits.1, steps: steps, seed: seeds[place])
      }
    }

    /// - Parameter known: the nets that have been trained already with `few` images.
    func sizes(_ known: [Tuned], width: Int) throws -> PairFindings {
      let sizes = run.pick(
        quick: [100, few], normal: [few, 5_000], full: [few, 3_000, 10_000])
      return PairFindings(
        settings: sizes,
        nets: try known.indices.map { place in
          try sizes.map { size in
            size == few
              ? known[place]
              : try tuned(contestants[place].recipe.wide(width), on: size).tuned
          }
        })
    }

    func noisy(width: Int) throws -> NoisyFindings {
      NoisyFindings(
        size: few,
        nets: try contestants.prefix(2).map {
          try tuned($0.recipe.wide(width), on: few, wrongLabels: 0.2).tuned
        })
    }

    /// - Parameter nets: those without and those with dropout.
    func reliance(_ nets: [Training]) -> RelianceFindings {
      let some = test.prefix(1_000)
      return RelianceFindings(
        damage: nets.map { net in
          removedShares.map { share in
            Summary(
              zip(net.models, seeds).map { model, seed in
                var generator = SeededGenerator(seed: seed, stream: 63)
                return Summary(
                  (0..<removals).map { _ in damaged(model, removing: share, on: some, by: &generator) }
                ).mean
              })
          }
        },
        hidden: nets.map { net in zip(net.models, seeds).map { HiddenStatistics($0, on: test, seed: $1) } })
    }

    /// - Parameter known: the first two contestants, which have been trained already.
    func contest(_ known: [Tuned], width: Int) throws -> [Tuned] {
      try known + contestants.dropFirst(known.count).map { try tuned($0.recipe.wide(width), on: few).tuned }
    }
  }
}
