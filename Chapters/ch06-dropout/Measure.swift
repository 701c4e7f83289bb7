// The experiments of chapter 6 in their order.

import Workbook

extension Dropouts {
  static func measure(_ run: ChapterRun, _ options: DropoutOptions) throws -> Findings {
    let reserve = run.pick(quick: 200, normal: 1_000, full: 5_000)
    let learned = run.pick(quick: 500, normal: 5_000, full: 10_000)
    // Pixels from 0 to 1: a pixel that is left out is background.
    let tested = run.pick(quick: 300, normal: 10_000, full: 10_000)
    let digits = try DigitSets(
      Digits.load(
        from: options.shared.data, transform: PixelTransform(), count: learned + reserve, testCount: tested),
      train: learned, validation: reserve, test: tested)
    // A full run chooses rates and λ; smaller ones take what the recorded full run chose, from more seeds than they have.
    let recorded = run.isFull ? nil : KeptFindings<Findings>(recordedOf: chapter)?.findings
    let plan = Plan(
      run: run, train: digits.train, validation: digits.validation, test: digits.test,
      seeds: run.seeds(quick: 1, normal: 5, full: 8), steps: run.pick(quick: 80, normal: 800, full: 800),
      few: run.pick(quick: 200, normal: 1_000, full: 1_000),
      rates: recorded?.rates ?? Plan.rates,
      tuningSeeds: run.pick(quick: 1, normal: 1, full: 3),
      chosen: recorded.map(Plan.chosen) ?? [:],
      everything: run.isFull
        ? {
          let split = SharesElsewhere.split
          return try DigitSets(
            Digits.load(
              from: options.shared.data, transform: PixelTransform(), count: split.learned + split.keptBack,
              testCount: tested),
            train: split.learned, validation: split.keptBack, test: tested)
        } : nil)
    if options.controls {
      try ControlFindings.measureAgain(
        plan, options.part, on: digits.name, photographs: options.photographs, in: run)
      try run.endWithoutPage()
    }
    let widths = run.pick(quick: [16, 32, 64], normal: [16, 32, 64, 128, 256], full: [16, 32, 64, 128, 256])
    let wide = widths[widths.count - 1]
    // What a smaller run takes from the record must be about the same nets and pictures.
    let alike = recorded.flatMap { $0.data == digits.name && $0.wide == wide ? $0 : nil }
    let pair = try contestants.prefix(2).map { try plan.tuned($0.recipe.wide(wide), on: plan.few) }
    let contest = try plan.contest(pair, width: wide)
    let longer = plan.steps * (5_000 / plan.few)
    var findings = Findings(
      data: digits.name, seeds: plan.seeds, steps: plan.steps, few: plan.few, tested: tested,
      rates: plan.rates,
      tuningSeeds: plan.chosen.isEmpty ? plan.tuningSeeds : 0,
      sums: plan.expectation(), ensembles: try plan.ensembles(),
      sampled: try inParallel(plan.seeds.count) {
        SampledEnsemble(pair[1].models[$0], plain: pair[0].models[$0], on: plan.someTests, seed: plan.seeds[$0])
      },
      byWidth: try alike?.byWidth ?? plan.widths(widths, pair.map(\.tuned)),
      bySize: try alike?.bySize ?? plan.sizes(pair.map(\.tuned), width: wide),
      equalEpochs: run.isFull ? try plan.longer(longer, on: 5_000, width: wide) : alike?.equalEpochs,
      fewLonger: run.isFull ? try plan.longer(longer, on: plan.few, width: wide) : alike?.fewLonger,
      recordedSeeds: alike?.seeds.count, noisy: try alike?.noisy ?? plan.noisy(width: wide),
      reliance: try plan.reliance(contest), contest: contest.map(\.tuned),
      controls: alike?.controls)
    findings.recordedOnTop = alike?.onTopApart
    if run.isFull {
      findings.controls = try plan.controls(findings)
      for part in ControlPart.allCases {
        try plan.measure(part, photographs: options.photographs, &findings, keeping: { _ in })
      }
    }
    return findings
  }

  /// What all trainings have in common.
  struct Plan {
    var run: ChapterRun
    var train: Dataset
    var validation: Dataset
    var test: Dataset
    var seeds: [UInt64]
    var steps: Int
    var few: Int
    /// Every rate that may be tried.
    var rates: [Float]
    /// How many seeds choose the rate; the others are trained with the rate that these have chosen.
    var tuningSeeds: Int
    /// Trainings whose rate and λ are known.
    var chosen: [Task: Tuned]
    /// All images of the set, for a control.
    var everything: (() throws -> DigitSets)?

    /// In steps of about 2.
    static let rates: [Float] = [0.003, 0.006, 0.0125, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6]

    /// The rate to try next where the best so far is the smallest or the largest of those tried.
    func rate(beyond best: Float, of tried: [Float]) -> Float? {
      best == tried.max()
        ? rates.filter { $0 > best }.min() : best == tried.min() ? rates.filter { $0 < best }.max() : nil
    }

    /// What a rate is chosen for.
    struct Task: Hashable {
      var recipe: Recipe
      var count: Int
      var hasWrongLabels = false
    }

    /// What a full run chose.
    static func chosen(_ findings: Findings) -> [Task: Tuned] {
      var chosen: [Task: Tuned] = [:]
      for (place, recipe) in contestants.map(\.recipe).prefix(findings.contest.count).enumerated() {
        // L2 at a rate of its own, where that has been looked for.
        let net = place == Place.decay ? findings.controls?.decay ?? findings.contest[place] : findings.contest[place]
        chosen[Task(recipe: recipe.wide(findings.wide), count: findings.few)] = net
        chosen[Task(recipe: recipe, count: 0)] = net
        guard place < 2 else { continue }
        for (width, net) in zip(findings.byWidth.settings, findings.byWidth.nets[place]) {
          chosen[Task(recipe: recipe.wide(width), count: findings.few)] = net
        }
        for (size, net) in zip(findings.bySize.settings, findings.bySize.nets[place]) {
          chosen[Task(recipe: recipe.wide(findings.wide), count: size)] = net
        }
        chosen[Task(recipe: recipe.wide(findings.wide), count: findings.few, hasWrongLabels: true)] =
          findings.noisy.nets[place]
      }
      return chosen
    }

    /// Every so many-th test image, a thousand in all: for what is measured of a net many times over. The first
    /// thousand are harder than the rest.
    var someTests: Dataset { test.samples(at: Array(stride(from: 0, to: test.count, by: max(1, test.count / 1_000)))) }

    /// A net at its best learning rate, with the models of all seeds.
    struct Training {
      var tuned: Tuned
      var models: [Model]
    }

    /// Trains a net with every rate of the first grid and the first seeds, and with larger or smaller ones for as long as
    /// the best is an end; keeps the rate with the fewest mistakes on the validation images, and trains the net with the
    /// other seeds; or with all seeds at the rate and λ that are known.
    ///
    /// - Parameters:
    ///   - isFollowed: whether the test error is measured after each epoch.
    ///   - plainRate: for a net with a penalty, the one rate at which every λ is tried.
    func tuned(
      _ recipe: Recipe, on count: Int, wrongLabels: Float = 0, isFollowed: Bool = false, steps: Int? = nil,
      seeds: [UInt64]? = nil, plainRate: Float? = nil
    ) throws -> Training {
      typealias Setting = (recipe: Recipe, rate: Float)
      let (steps, seeds) = (steps ?? self.steps, seeds ?? self.seeds)
      // Where the full run has not trained this very net, what it chose for the one of the contest.
      let known =
        chosen[Task(recipe: recipe, count: count, hasWrongLabels: wrongLabels > 0)]
        ?? chosen[Task(recipe: recipe.wide(Recipe().width), count: 0)]
      var settings: [Setting] =
        known.map { [(recipe.penalized($0.decay), $0.rate)] }
        ?? recipe.decays.flatMap { recipe in
          (plainRate.map { [$0] } ?? rates.filter(firstRates.contains)).map { (recipe, $0) }
        }
      let tuning = known == nil ? min(tuningSeeds, seeds.count) : seeds.count
      /// The runs of each setting, one for each seed.
      func results(_ settings: [Setting], _ seeds: ArraySlice<UInt64>) throws -> [[(errors: RunErrors, model: Model)]] {
        let seeds = Array(seeds)
        let bar = Ticker("training", total: settings.count * seeds.count, run)
        defer { bar.finish() }
        let runs = try inParallel(settings.count * seeds.count) { place in
          bar.tick()
          let (setting, seed) = (settings[place / seeds.count], seeds[place % seeds.count])
          return try trained(
            setting.recipe, on: train.drawn(count, seed: seed), wrongLabels: wrongLabels,
            validation: known == nil ? validation : nil, testing: test, following: isFollowed ? someTests : nil,
            steps: steps, rate: setting.rate, seed: seed)
        }
        return settings.indices.map { Array(runs[$0 * seeds.count..<($0 + 1) * seeds.count]) }
      }
      var tried = try results(settings, seeds.prefix(tuning))
      func best() -> Int {
        let errors = tried.map { Summary($0.compactMap(\.errors.validationError)).mean }
        return settings.indices.min { errors[$0] < errors[$1] } ?? 0
      }
      while known == nil, plainRate == nil, let next = rate(beyond: settings[best()].rate, of: settings.map(\.rate)) {
        settings.append((settings[best()].recipe, next))
        tried += try results([settings[settings.count - 1]], seeds.prefix(tuning))
      }
      let (recipe, rate) = settings[best()]
      let rest = tuning == seeds.count ? [] : try results([(recipe, rate)], seeds.dropFirst(tuning))[0]
      let all = tried[best()] + rest
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
        },
        signed: droppedShares.map { SignedSums(dropping: Float($0), masks: min(masks, 1_000), seed: run.seed) })
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

    /// - Parameter known: the widest nets, which have been trained already.
    func widths(_ widths: [Int], _ known: [Tuned]) throws -> PairFindings {
      PairFindings(
        settings: widths,
        nets: try known.indices.map { place in
          try widths.dropLast().map { width in
            // The narrowest nets but one are in the sweep alone, the others in the text as well.
            let seeds = width == 32 || run.isFull ? seeds : Array(seeds.prefix(3))
            return try tuned(contestants[place].recipe.wide(width), on: few, seeds: seeds).tuned
          } + [known[place]]
        })
    }

    /// - Parameter known: the nets that have been trained already with `few` images.
    func sizes(_ known: [Tuned], width: Int) throws -> PairFindings {
      let sizes = run.pick(
        quick: [100, few], normal: [few, 5_000], full: [500, few, 2_000, 5_000])
      return PairFindings(
        settings: sizes,
        nets: try known.indices.map { place in
          try sizes.map { size in
            size == few
              ? known[place]
              : try tuned(
                contestants[place].recipe.wide(width), on: size, seeds: run.isFull ? nil : Array(seeds.prefix(3))
              ).tuned
          }
        })
    }

    /// The pair on `size` images with more steps than the others have.
    func longer(_ steps: Int, on size: Int, width: Int) throws -> LongerFindings {
      LongerFindings(
        size: size, steps: steps,
        nets: try contestants.prefix(2).map { try tuned($0.recipe.wide(width), on: size, steps: steps).tuned })
    }

    func noisy(width: Int) throws -> NoisyFindings {
      NoisyFindings(
        size: few,
        nets: try contestants.prefix(2).map {
          try tuned($0.recipe.wide(width), on: few, wrongLabels: wrongShare, isFollowed: true).tuned
        })
    }

    /// - Parameter nets: one for each of `contestants`.
    func reliance(_ nets: [Training]) throws -> RelianceFindings {
      let some = someTests
      /// The test errors when such a share is removed, one for each seed.
      func errors(_ net: Training, removing share: Float) throws -> Summary {
        Summary(
          try inParallel(seeds.count) { place in
            var generator = SeededGenerator(seed: seeds[place], stream: 63)
            return Summary(
              (0..<(share == 0 ? 1 : removals)).map { _ in
                damaged(net.models[place], removing: share, on: some, by: &generator)
              }
            ).mean
          })
      }
      let damage = try nets.prefix(2).map { net in try removedShares.map { try errors(net, removing: $0) } }
      return RelianceFindings(
        damage: damage,
        hidden: nets.prefix(2).map { net in
          seeds.indices.map { HiddenStatistics(net.models[$0], seed: seeds[$0]) }
        })
    }

    /// - Parameter known: the first two contestants, which have been trained already.
    func contest(_ known: [Training], width: Int) throws -> [Training] {
      try known
        + contestants.dropFirst(known.count).map {
          try tuned(
            $0.recipe.wide(width), on: few, plainRate: $0.recipe.decay > 0 ? known[0].tuned.rate : nil)
        }
    }
  }
}
