// The experiments of chapter 6 in their order.

import Workbook

extension Dropouts {
  static func measure(_ run: ChapterRun, _ options: ChapterOptions) throws -> Findings {
    let digits = try Digits.load(
      from: options.data, transform: .standardized, count: run.pick(quick: 500, normal: 4_000, full: 60_000),
      testCount: run.pick(quick: 300, normal: 1_000, full: 10_000))
    let plan = Plan(
      run: run, digits: digits, seeds: run.seeds(quick: 1, normal: 3, full: 5),
      passes: run.pick(quick: 2_000, normal: 12_000, full: 600_000),
      few: digits.train.prefix(run.pick(quick: 200, normal: 500, full: 1_000)))
    let (sums, ensemble) = (plan.expectation(), try plan.ensemble())
    let rates = run.pick(
      quick: [0, 0.5, 0.8], normal: [0, 0.2, 0.4, 0.5, 0.6, 0.8],
      full: [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    let trained = try plan.training(rates)
    let byRate = RateFindings(rates: rates, runs: trained.map { $0.map(\.outcome) })
    let bySize = try plan.sizes()
    let noisy = try plan.noisy()
    return Findings(
      data: digits.name, seeds: plan.seeds, passes: plan.passes, few: plan.few.count, sums: sums, ensemble: ensemble,
      byRate: byRate, bySize: bySize, noisy: noisy,
      reliance: plan.reliance([trained[0], trained[byRate.half]]),
      contest: try plan.contest([byRate.runs[0], byRate.runs[byRate.half]]))
  }

  /// What all trainings have in common.
  private struct Plan {
    var run: ChapterRun
    var digits: Digits
    var seeds: [UInt64]
    var passes: Int
    var few: Dataset

    func expectation() -> ExpectationFindings {
      let masks = run.pick(quick: 200, normal: 1_000, full: 10_000)
      return ExpectationFindings(
        masks: masks,
        forms: [false, true].map { inverted in
          seeds.map { SumFindings(DroppedSums(dropping: 0.5, inverted: inverted, masks: masks, seed: $0)) }
        },
        relative: droppedShares.map { rate in
          RelativeSums(DroppedSums(dropping: Float(rate), inverted: true, masks: masks, seed: run.seed))
        })
    }

    func ensemble() throws -> EnsembleFindings {
      let few = Digits(
        train: digits.train.prefix(2_000), test: digits.test.prefix(run.pick(quick: 100, normal: 400, full: 2_000)),
        isReal: digits.isReal)
      let bar = Ticker("averaging all thinned nets", total: seeds.count, run)
      defer { bar.finish() }
      let runs = try seeds.map { seed in
        bar.tick()
        return try ExactEnsemble(on: few, passes: passes, seed: seed)
      }
      return EnsembleFindings(trainingCount: few.train.count, testCount: few.test.count, runs: runs)
    }

    /// The small set at each share left out.
    func training(_ rates: [Double]) throws -> [[Result]] {
      let bar = Ticker("training", total: rates.count * seeds.count, run)
      defer { bar.finish() }
      return try rates.map { rate in
        try seeds.map { seed in
          bar.tick()
          return try trained(Recipe(dropout: Float(rate)), on: few, testing: digits.test, passes: passes, seed: seed)
        }
      }
    }

    func sizes() throws -> SizeFindings {
      let sizes = run.pick(
        quick: [100, 400], normal: [100, 300, 1_000, 4_000], full: [100, 300, 1_000, 5_000, 20_000, 60_000])
      let bar = Ticker("training", total: 2 * sizes.count * seeds.count, run)
      defer { bar.finish() }
      let runs = try [Float(0), 0.5].map { rate in
        try sizes.map { size in
          try seeds.map { seed in
            bar.tick()
            return try trained(
              Recipe(dropout: rate), on: digits.train.prefix(size), testing: digits.test, passes: passes, seed: seed
            ).outcome
          }
        }
      }
      return SizeFindings(sizes: sizes, runs: runs)
    }

    func noisy() throws -> NoisyFindings {
      let size = run.pick(quick: 200, normal: 1_000, full: 5_000)
      let runs = try [Float(0), 0.5].map { rate in
        try seeds.map { seed in
          run.stopIfInterrupted()
          return try trained(
            Recipe(dropout: rate), on: withWrongLabels(digits.train.prefix(size), share: 0.2, seed: seed),
            testing: digits.test, passes: 2 * passes, curve: true, seed: seed
          ).outcome
        }
      }
      return NoisyFindings(size: size, runs: runs, halfWay: max(1, passes / size) - 1)
    }

    /// - Parameter nets: those without and those with dropout ½.
    func reliance(_ nets: [[Result]]) -> RelianceFindings {
      let damage = nets.map { runs in
        removedShares.map { share in
          Summary(zip(runs, seeds).map { damaged($0.model, removing: share, on: digits.test, seed: $1) })
        }
      }
      let pictures = nets.flatMap { features($0[0].model, count: 8) }
      let largest = pictures.flatMap(\.pixels).map(\.magnitude).max() ?? 1
      return RelianceFindings(
        damage: damage, features: pictures.map { KeptPicture($0, largest: largest) },
        smoothness: nets.map { Summary($0.map { neighbourCorrelation($0.model) }) },
        hidden: nets.map { $0.map { HiddenStatistics($0.model, on: digits.test) } })
    }

    /// - Parameter known: the outcomes of the first two contestants, which have been trained already.
    func contest(_ known: [[RunErrors]]) throws -> [[RunErrors]] {
      let rest = contestants.dropFirst(known.count)
      let bar = Ticker("training", total: rest.count * seeds.count, run)
      defer { bar.finish() }
      return try known
        + rest.map { contestant in
          try seeds.map { seed in
            bar.tick()
            return try trained(contestant.recipe, on: few, testing: digits.test, passes: passes, seed: seed).outcome
          }
        }
    }
  }
}
