// The experiments of chapter 2 in their order.

import Workbook

extension Activations {
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    let digits = try Digits.load(
      from: options.data, count: run.pick(quick: 2000, normal: 10_000, full: 60_000))
    let seeds = run.seeds(quick: 1, normal: 3, full: 10)
    return Findings(
      data: digits.name, seeds: seeds, slopeLeft: Summary(seeds.map { slopeLeft(at: 10, seed: $0) }),
      depth: measureDepth(seeds, run),
      walks: means.map { mean in
        seeds.enumerated().map { index, seed in
          var path = TwoWeights(mean: mean).descend(rate: TwoWeights(mean: mean).rate, steps: walkSteps, seed: seed)
          if index > 0 { (path.a, path.b) = ([], []) }
          return path
        }
      },
      signShares: signBends.map { bend in
        batches.map { size in Summary(seeds.map { oneSignShare(bend, batch: size, seed: $0) }) }
      },
      census: try measureCensus(digits.train, seeds, run),
      maxout: MaxoutFindings(
        dense: try Model(Sequential([Dense(100, 100)]), input: [100], seed: 1).parameterCount,
        maxout: try Model(Sequential([Maxout(100, 100, pieces: 2)]), input: [100], seed: 1).parameterCount),
      race: try measureRace(digits.train, seeds, run), costs: try measureCosts(digits.train, run))
  }

  private static func measureDepth(_ seeds: [UInt64], _ run: ChapterRun) -> DepthExperiment {
    let factors: [Float] = [0.5, 1, 2, 4, 8]
    let bar = run.progress("depth", total: factors.count * DepthExperiment.bends.count)
    defer { bar.finish() }
    return DepthExperiment(
      factors: factors, depth: depth, width: run.pick(quick: 64, normal: 128, full: 512), seeds: seeds
    ) { done in
      run.stopIfInterrupted()
      bar.update(done)
    }
  }

  private static func measureCensus(_ data: Dataset, _ seeds: [UInt64], _ run: ChapterRun) throws -> CensusFindings {
    let rates: [Float] = run.pick(
      quick: [0.05, 0.4], normal: [0.05, 0.1, 0.2, 0.4], full: [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5])
    let steps = run.pick(quick: 60, normal: 150, full: 1000)
    let probe = data.batch(first: run.pick(quick: 200, normal: 500, full: 2000))
    let bar = run.progress("census", total: rates.count * CensusExperiment.kinds.count)
    let deaths = try CensusExperiment(rates: rates, on: data, probe: probe, steps: steps, seeds: seeds) { done in
      run.stopIfInterrupted()
      bar.update(done)
    }
    bar.finish()
    let offsets = try Bend.allCases.map { bend in
      // The census has trained four of the six already.
      if let kind = CensusExperiment.kinds.firstIndex(where: { $0.bend == bend }) {
        return Summary(deaths.results[kind][deaths.usual].map(\.offset))
      }
      let example = CensusCase(bend: bend, rate: rates[deaths.usual], bias: 0)
      return Summary(
        try seeds.map { seed in
          run.stopIfInterrupted()
          return try census(example, on: data, probe: probe, steps: steps, seed: seed).offset
        })
    }
    return CensusFindings(steps: steps, probeCount: probe.count, experiment: deaths, offsets: offsets)
  }

  private static func measureRace(_ data: Dataset, _ seeds: [UInt64], _ run: ChapterRun) throws -> RaceFindings {
    let limit = run.pick(quick: 30, normal: 150, full: 1500)
    let rates: [Float] = run.pick(
      quick: [0.08], normal: [0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28],
      full: [0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56])
    let racing: [Bend] = run.pick(
      quick: [.tanh, .relu], normal: [.sigmoid, .tanh, .relu, .prelu, .elu], full: Bend.allCases)
    let smallRates: [Float] = run.pick(
      quick: [0.16], normal: [0.16, 0.32, 0.64], full: [0.08, 0.16, 0.32, 0.64, 1.28])
    let trials = run.pick(quick: 1, normal: 1, full: 3)
    let bar = run.progress("race", total: racing.count * (rates.count + 1) + 2 * (smallRates.count + 1))
    defer { bar.finish() }
    var laps = 0
    func racer(_ bend: Bend, weights: Initializer? = nil, rates: [Float]) throws -> Racer {
      try Racer(
        bend, weights: weights, rates: rates, trials: trials, target: target, limit: limit, on: data, seeds: seeds
      ) {
        run.stopIfInterrupted()
        laps += 1
        bar.update(laps)
      }
    }
    let racers = try racing.map { try racer($0, rates: rates) }
    let small = try [Bend.tanh, .relu].map { bend in
      var small = try racer(bend, weights: .normal(standardDeviation: 0.01), rates: smallRates)
      small.typicalLosses = []
      return small
    }
    return RaceFindings(limit: limit, trials: trials, racers: racers, small: small)
  }

  private static func measureCosts(_ data: Dataset, _ run: ChapterRun) throws -> CostFindings {
    let rounds = run.pick(quick: 30, normal: 200, full: 500)
    let stepRounds = run.pick(quick: 8, normal: 30, full: 100)
    return CostFindings(
      elements: Bend.allCases.map { Cost(of: $0.layer, rounds: rounds) },
      steps: try [Bend.relu, .tanh].map { try Cost.perStep($0, on: data, rounds: stepRounds) })
  }
}
