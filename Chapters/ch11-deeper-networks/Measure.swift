// The experiments of chapter 11 in their order.

import Workbook

extension DeeperNetworks {
  static func measure(_ run: ChapterRun, _ options: DeeperOptions) throws -> Findings {
    // First of all: a mistyped path should not wait for the experiments.
    let photograph = try options.photograph()
    let digits = try Digits.load(
      from: options.shared.data, transform: .standardized, count: run.pick(quick: 400, normal: 2_000, full: 20_000))
    let course = Course(
      data: digits.train, test: digits.test.prefix(run.pick(quick: 200, normal: 2_000, full: 10_000)),
      epochs: run.pick(quick: 1, normal: 5, full: 12), seeds: run.seeds(quick: 1, normal: 3, full: 5))
    return Findings(
      data: digits.name, sawtooth: (1...8).map { SawtoothCount(folds: $0) }, gradients: try measureGradients(run),
      degradation: try measureDegradation(course, run), scaling: try measureScaling(course, run),
      blocks: BlockFindings(
        basic: builtWeights(.basic(64, 64, projection: false)),
        bottleneck: builtWeights(.bottleneck(256, width: 64, projection: false))),
      families: try measureFamilies(run), photograph: photograph)
  }

  private static func measureGradients(_ run: ChapterRun) throws -> GradientFindings {
    let depths = run.pick(quick: [10, 20], normal: [10, 20, 30, 50], full: [10, 20, 30, 50, 100])
    let seeds = run.seeds(quick: 3, normal: 5, full: 10)
    return GradientFindings(
      seeds: seeds.count,
      decays: depths.map { depth in
        run.stopIfInterrupted()
        return GradientDecay(depth: depth, seeds: seeds)
      })
  }

  private static func measureDegradation(_ course: Course, _ run: ChapterRun) throws -> DegradationFindings {
    let (shallow, deep) = (3, run.pick(quick: 8, normal: 16, full: 27))
    let nets =
      [false, true].flatMap { isResidual in
        [shallow, deep].map { DeepNet(blocks: $0, isResidual: isResidual) }
      } + [DeepNet(blocks: deep, isResidual: true, branchScale: 0)]
    let depths = nets.map { Double($0.depth) }
    let bar = run.progress("trainings", total: Int(depths.reduce(0, +)) * 100)
    defer { bar.finish() }
    return DegradationFindings(
      seeds: course.seeds.count, epochs: course.epochs, rate: course.rate, batch: course.batch,
      trainingCount: course.data.count, testCount: course.test.count,
      runs: try nets.enumerated().map { index, net in
        try DeepRun(net, course) { share in
          run.stopIfInterrupted()
          bar.update(Int(100 * (depths[..<index].reduce(0, +) + share * depths[index])), net.name)
        }
      })
  }

  private static func measureScaling(_ course: Course, _ run: ChapterRun) throws -> ScalingFindings {
    let blocks = run.pick(quick: 20, normal: 40, full: 100)
    let epochs = run.pick(quick: 1, normal: 4, full: 10)
    return ScalingFindings(
      blocks: blocks,
      growth: ScalingFindings.scales(blocks).map { scale in
        (0..<3).map { signalGrowth(scale: scale, blocks: blocks, seed: run.seed &+ UInt64($0)) }
      },
      epochs: epochs,
      trainings: try [0, ScalingFindings.root(blocks), 1].map { scale in
        run.stopIfInterrupted()
        return try ScaledTraining(
          scale: scale, blocks: blocks, data: course.data, epochs: epochs, seeds: course.seeds)
      })
  }

  private static func measureFamilies(_ run: ChapterRun) throws -> [FamilyCount] {
    let bar = run.progress("families", total: Family.all.count)
    defer { bar.finish() }
    return try Family.all.enumerated().map { index, family in
      run.stopIfInterrupted()
      bar.update(index, family.name)
      return try FamilyCount(family, runs: run.isFull || (!run.isQuick && !family.isHeavy), seed: run.seed)
    }
  }
}
