// The experiments of chapter 2 in their order.

import Workbook

extension Activations {
  static func measure(_ run: ChapterRun, _ options: ActivationOptions) throws -> Findings {
    if options.part == .photographs {
      try measurePhotographs(in: options.shared.data, run.seeds(quick: 1, normal: 5, full: 10), run)
      try run.endWithoutPage()
    }
    let digits = try Digits.load(
      from: options.shared.data, count: run.pick(quick: 2000, normal: 10_000, full: 60_000))
    let seeds = run.seeds(quick: 1, normal: 5, full: 10)
    let test = digits.test.prefix(run.pick(quick: 200, normal: 1000, full: 10_000))
    if options.controls {
      try measureControls(digits, test, seeds, run)
      try run.endWithoutPage()
    }
    if let part = options.part {
      try measureSizes(part, digits, test, seeds, run)
      try run.endWithoutPage()
    }
    return Findings(
      data: digits.name, seeds: seeds, slopeLeft: Summary(seeds.map { slopeLeft(at: 10, seed: $0) }),
      depth: measureDepth(seeds, run),
      walks: means.map { walks(TwoWeights(mean: $0), seeds) },
      turned: walks(TwoWeights(mean: turnedMean, isTurned: true), seeds),
      signShares: try signCases.map { example in
        let all = try inParallel(batches.count * seeds.count) { index in
          oneSignShare(
            example.function, batch: batches[index / seeds.count], fanIn: example.fanIn,
            seed: seeds[index % seeds.count])
        }
        return batches.indices.map { Summary(Array(all[$0 * seeds.count..<($0 + 1) * seeds.count])) }
      },
      census: try measureCensus(digits.train, run),
      maxout: MaxoutFindings(
        dense: try Model(Sequential([Dense(100, 100)]), input: [100], seed: 1).parameterCount,
        maxout: try Model(Sequential([Maxout(100, 100, pieces: 2)]), input: [100], seed: 1).parameterCount),
      race: try measureRace(digits.train, test, seeds, run),
      deepNets: try measureDeepNets(digits.train, test, seeds, run),
      sizes: run.isFull
        ? SizeFindings(
          steps: deepSteps(run), sigmoids: try sizedSigmoids(digits.train, test, seeds, run)) : nil,
      longRace: run.isFull ? try measureLongRace(digits.train, test, seeds, run) : nil,
      costs: try measureCosts(digits.train, run),
      check: try FirstCheck.measured(on: digits.train, seeds: seeds))
  }

  /// The walk of each seed, the path of the first one only.
  private static func walks(_ unit: TwoWeights, _ seeds: [UInt64]) -> [TwoWeights.Path] {
    seeds.enumerated().map { index, seed in
      var path = unit.descend(rate: unit.rate, steps: walkSteps, seed: seed)
      if index > 0 { (path.a, path.b) = ([], []) }
      return path
    }
  }

  private static func layerWidth(_ run: ChapterRun) -> Int { run.pick(quick: 64, normal: 128, full: 512) }

  private static func measureDepth(_ seeds: [UInt64], _ run: ChapterRun) -> DepthExperiment {
    let factors: [Float] = [0.5, 1, 2, 4, 8, 10, 12]
    let bar = run.progress("depth", total: factors.count * DepthExperiment.functions.count)
    defer { bar.finish() }
    return DepthExperiment(
      factors: factors, depth: depth, width: layerWidth(run), seeds: seeds
    ) { done in
      run.stopIfInterrupted()
      bar.update(done)
    }
  }

  private static func measureCensus(_ data: Dataset, _ run: ChapterRun) throws -> CensusFindings {
    let seeds = run.seeds(quick: 3, normal: 10, full: 16)
    let rates: [Float] = run.pick(
      quick: [0.1, 0.4], normal: [0.05, 0.1, 0.2, 0.4], full: [0.05, 0.1, 0.2, 0.3, 0.4])
    let steps = run.pick(quick: 60, normal: 300, full: 500)
    let probe = data.batch(first: run.pick(quick: 200, normal: 500, full: 2000))
    let ticker = Ticker("census", total: (rates.count * CensusExperiment.kinds.count + 4) * seeds.count, run)
    defer { ticker.finish() }
    let deaths = try CensusExperiment(rates: rates, on: data, probe: probe, steps: steps, seeds: seeds, ticker: ticker)
    let nets = try Nonlinearity.allCases.map { function in
      // The census has trained two of the six already.
      if let kind = CensusExperiment.kinds.firstIndex(where: { $0.function == function }) {
        return deaths.results[kind][deaths.usual]
      }
      let example = CensusCase(function: function, rate: rates[deaths.usual], bias: 0)
      return try inParallel(seeds.count) { index in
        ticker.tick()
        return try census(example, on: data, probe: probe, steps: steps, seed: seeds[index])
      }
    }
    return CensusFindings(
      steps: steps, probeCount: probe.count, seeds: seeds, experiment: deaths,
      offsets: nets.map { Summary($0.map(\.offset)) },
      active: Summary(deaths.results[0][deaths.usual].map(\.active)),
      tied: [.sigmoid, .relu].map { (function: Nonlinearity) in
        Summary(nets[function.rawValue].compactMap(\.oneSign).filter(\.isFinite))
      })
  }

  /// Seeds on which rates are chosen, none of those of the race.
  static func trialSeeds(_ run: ChapterRun, _ count: Int) -> [UInt64] {
    (0..<UInt64(count)).map { run.seed &+ 1000 &+ $0 }
  }

  private static func measureRace(_ data: Dataset, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun) throws
    -> RaceFindings
  {
    let limit = run.pick(quick: 30, normal: 150, full: 400)
    let rates = run.isQuick ? [0.16] : Racer.rates
    let racing = run.isQuick ? [.tanh, .relu] : Nonlinearity.allCases.filter { $0 != .prelu }
    let trials = trialSeeds(run, run.pick(quick: 1, normal: 3, full: 5))
    let ticker = Ticker("race", total: racing.count * (rates.count * trials.count + seeds.count), run)
    defer { ticker.finish() }
    return RaceFindings(
      limit: limit, trials: trials.count, testCount: test.count,
      racers: try racing.map {
        try Racer(
          $0, rates: rates, trials: trials, target: target, limit: limit, on: data, test: test, seeds: seeds,
          ticker: ticker)
      })
  }

  /// tanh and ReLU down to a low loss, each at the rate that comes there first.
  private static func measureLongRace(
    _ data: Dataset, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> RaceFindings {
    let (limit, trials) = (1500, trialSeeds(run, 2))
    let racing = [Nonlinearity.tanh, .relu]
    let ticker = Ticker("long race", total: racing.count * (Racer.rates.count * trials.count + seeds.count), run)
    defer { ticker.finish() }
    return RaceFindings(
      limit: limit, trials: trials.count, testCount: test.count,
      racers: try racing.map {
        try Racer(
          $0, rates: Racer.rates, trials: trials, target: lowTarget, limit: limit, on: data, test: test, seeds: seeds,
          ticker: ticker)
      })
  }

  private static func measureDeepNets(_ data: Dataset, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun) throws
    -> DeepFindings
  {
    let nets = try deepNets(DeepNet.kinds, "deep nets", data, test, seeds, run)
    return DeepFindings(
      steps: deepSteps(run), testCount: test.count, nets: nets,
      mended: try deepNets(DeepNet.mended, "mended sigmoids", data, test, seeds, run),
      rarer: run.isFull ? try deepNets(DeepNet.rarer, "rarer activations", data, test, seeds, run) : nil,
      matched: run.isFull || run.isQuick
        ? nil
        : try deepNets(
          [SizedSigmoid.plain.kind(SizedSigmoid.products[SizedSigmoid.matched])], "large weights", data, test, seeds,
          run)[0]
    )
  }

  private static func deepSteps(_ run: ChapterRun) -> Int { run.pick(quick: 40, normal: 300, full: 1000) }

  private static func deepNets(
    _ kinds: [DeepNet.Kind], _ name: String, rates: [Float]? = nil, _ data: Dataset, _ test: Dataset,
    _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> [DeepNet] {
    let rates = run.isQuick ? [0.1] : rates ?? DeepNet.rates
    let trials = trialSeeds(run, run.pick(quick: 1, normal: 2, full: 3))
    let ticker = Ticker(name, total: kinds.count * (rates.count * trials.count + seeds.count), run)
    defer { ticker.finish() }
    return try kinds.map {
      try DeepNet(
        $0, rates: rates, trials: trials, steps: deepSteps(run), on: data, test: test, seeds: seeds, ticker: ticker)
    }
  }

  private static func sizedSigmoids(
    _ data: Dataset, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> [[DeepNet]] {
    try SizedSigmoid.allCases.map { sigmoid in
      try deepNets(
        SizedSigmoid.products.map(sigmoid.kind), sigmoid.name, rates: SizedSigmoid.rates, data, test, seeds, run)
    }
  }

  /// The images to learn, and others, kept back to choose rates with.
  private static func trainingPart(_ digits: Digits) -> Dataset { digits.train.prefix(50_000) }
  private static func keptBack(_ digits: Digits) -> Dataset { digits.train.samples(at: 50_000..<52_000) }

  /// Measures deep nets at weights of several sizes, or the long race, alone, and writes the recorded findings with them.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size.
  private static func measureSizes(
    _ part: ActivationOptions.Part, _ digits: Digits, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws {
    try addToRecord(
      on: digits.name, in: run,
      where: { $0.seeds == seeds && $0.data == digits.name && $0.deepNets.steps == deepSteps(run) }
    ) { findings, keep in
      switch part {
      case .sigmoids:
        findings.sizes = SizeFindings(
          steps: deepSteps(run), sigmoids: try sizedSigmoids(digits.train, test, seeds, run))
      case .race: findings.longRace = try measureLongRace(digits.train, test, seeds, run)
      case .rates:
        let (census, rates) = (findings.census, [Float(0.25), 0.35])
        let ticker = Ticker(
          "census", total: rates.count * CensusExperiment.kinds.count * census.seeds.count, run)
        defer { ticker.finish() }
        findings.census.between = try CensusExperiment(
          rates: rates, on: digits.train, probe: digits.train.batch(first: census.probeCount), steps: census.steps,
          seeds: census.seeds, ticker: ticker)
      case .photographs: break
      case .long:
        let (steps, rates) = (10 * digits.train.count / 32, Array(DeepNet.rates.suffix(5)))
        let ticker = Ticker("ten passes", total: rates.count + 3, run)
        defer { ticker.finish() }
        findings.deepNets.long = LongNet(
          steps: steps, rates: rates,
          net: try DeepNet(
            DeepNet.kinds[DeepNet.sigmoid], rates: rates, trials: trialSeeds(run, 1), steps: steps, on: digits.train,
            test: test, seeds: Array(seeds.prefix(3)), ticker: ticker))
      case .weights:
        findings.firstWeights = try FirstWeights.measured(
          on: trainingPart(digits), kept: keptBack(digits), test: test, steps: deepSteps(run),
          trials: trialSeeds(run, 3), seeds: seeds, depths: FirstWeights.depths
        ) { found in
          findings.firstWeights = found
          try keep(findings)
        }
      case .settings:
        findings.settings = try SettingNets.measured(
          findings.settings, on: trainingPart(digits), kept: keptBack(digits), test: test, steps: deepSteps(run),
          trials: trialSeeds(run, 3), seeds: seeds
        ) { found in
          findings.settings = found
          try keep(findings)
        }
      case .longer:
        findings.firstWeights?.long = try FirstWeights.Start.allCases.map { start in
          try FirstWeights.Net(
            .sgd, start, layers: DeepNet.depth, on: trainingPart(digits), kept: keptBack(digits), test: test,
            steps: FirstWeights.longer * deepSteps(run), trials: trialSeeds(run, 2), seeds: Array(seeds.prefix(5)))
        }
      case .units:
        findings.units = UnitCounts(
          deep: try UnitCounts.deep(findings, on: trainingPart(digits), test: test) { deep in
            findings.units = UnitCounts(deep: deep)
            try keep(findings)
          })
      case .check: findings.check = try FirstCheck.measured(on: digits.train, seeds: seeds)
      case .conv:
        findings.firstWeights?.conv = []
        for (start, isNormed) in ConvWeights.starts {
          findings.firstWeights?.conv?.append(
            try FirstWeights.Net(
              .sgd, start, layers: ConvWeights.layers, on: trainingPart(digits), kept: keptBack(digits), test: test,
              steps: deepSteps(run), trials: trialSeeds(run, 3), seeds: seeds, isNormed: isNormed, isConv: true))
          try keep(findings)
        }
      case .he:
        let (data, kept) = (trainingPart(digits), keptBack(digits))
        findings.firstWeights?.normed = []
        for (start, layers) in FirstWeights.Start.allCases.flatMap({ start in
          FirstWeights.depths.map { (start, $0) }
        }) {
          for method in FirstWeights.Method.allCases {
            findings.firstWeights?.normed?.append(
              try FirstWeights.Net(
                method, start, layers: layers, on: data, kept: kept, test: test, steps: deepSteps(run),
                trials: trialSeeds(run, 3), seeds: seeds, isNormed: true))
            try keep(findings)
          }
        }
      }
    }
  }

  /// Measures the controls alone, and writes the recorded findings with them: the mended sigmoids and the rarer activations, and the units that are dead
  /// before training.
  ///
  /// - Throws: `DataError` where there is no record, or one of another size, or one that this program does not repeat.
  private static func measureControls(
    _ digits: Digits, _ test: Dataset, _ seeds: [UInt64], _ run: ChapterRun
  ) throws {
    try addToRecord(
      on: digits.name, in: run,
      where: { $0.seeds == seeds && $0.data == digits.name && $0.deepNets.steps == deepSteps(run) }
    ) { findings, _ in
      findings.depth.width = layerWidth(run)
      findings.deepNets.mended = try deepNets(DeepNet.mended, "mended sigmoids", digits.train, test, seeds, run)
      findings.deepNets.rarer = try deepNets(DeepNet.rarer, "rarer activations", digits.train, test, seeds, run)
      for place in findings.deepNets.nets.indices {
        findings.deepNets.nets[place].kept = DeepNet.kept(DeepNet.kinds[place], seeds)
      }
      // The ReLUs of the census once more, bit by bit as they were.
      let (old, kind) = (findings.census, CensusExperiment.kinds[0])
      let probe = digits.train.batch(first: old.probeCount)
      let ticker = Ticker("census", total: old.experiment.rates.count * old.seeds.count, run)
      for (place, rate) in old.experiment.rates.enumerated() {
        let again = try inParallel(old.seeds.count) { index in
          ticker.tick()
          return try census(
            CensusCase(function: kind.function, rate: rate, bias: kind.bias), on: digits.train, probe: probe,
            steps: old.steps, seed: old.seeds[index])
        }
        for (seed, found) in again.enumerated() {
          let before = old.experiment.results[0][place][seed]
          guard abs(found.dead - before.dead) < 1e-9 || (found.dead.isNaN && before.dead.isNaN) else {
            throw noRecord(
              on: digits.name, in: run, found: "other units dead at a rate of \(rate): \(found.dead) for \(before.dead)"
            )
          }
          findings.census.experiment.results[0][place][seed].born = found.born
          findings.census.experiment.results[0][place][seed].bornAndDead = found.bornAndDead
        }
      }
      ticker.finish()
    }
  }

  private static func measureCosts(_ data: Dataset, _ run: ChapterRun) throws -> CostFindings {
    let rounds = run.pick(quick: 30, normal: 200, full: 500)
    let stepRounds = run.pick(quick: 8, normal: 30, full: 100)
    return CostFindings(
      elements: Nonlinearity.allCases.map { Cost(of: $0.layer, rounds: rounds) },
      steps: try [Nonlinearity.relu, .tanh].map { try Cost.perStep($0, on: data, rounds: stepRounds) })
  }
}
