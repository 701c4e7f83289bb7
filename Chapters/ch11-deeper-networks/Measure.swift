// The experiments of chapter 11 in their order.

import Foundation
import Workbook

extension DeeperNetworks {
  static func measure(_ run: ChapterRun, _ options: DeeperOptions) throws -> Findings {
    // First of all: a mistyped path should not wait for the experiments.
    let photograph = try options.photograph()
    // CIFAR-10 for the families in small, where --data names it; digits for the rest.
    let hasPhotographs = options.shared.data.map(isCIFAR) ?? false
    let folder = hasPhotographs ? nil : options.shared.data
    let wanted = run.pick(quick: 400, normal: 2_000, full: 2_000)
    var digits = try Digits.load(from: folder, transform: .standardized, count: run.isFull ? 2 * wanted : wanted)
    let keptBack = digits.train.count > wanted ? digits.train.samples(at: wanted..<digits.train.count) : nil
    digits.train = digits.train.prefix(wanted)
    let course = Course(
      data: digits.train, test: digits.test.prefix(run.pick(quick: 200, normal: 2_000, full: 10_000)),
      keptBack: keptBack, epochs: run.pick(quick: 1, normal: 4, full: 20),
      seeds: run.seeds(quick: 1, normal: 3, full: 5))
    if let part = options.part {
      try measureAgain(part, course, of: digits.name, photographs: options.shared.data, run)
      try run.endWithoutPage()
    }
    let (degradation, landscapes) = try measureDegradation(course, run)
    var findings = Findings(
      data: digits.name, sawtooth: (1...8).map { SawtoothCount(folds: $0) }, gradients: try measureGradients(run),
      degradation: degradation, landscapes: landscapes, scaling: try measureScaling(run),
      slim: try measureSlim(run, photographs: hasPhotographs ? options.shared.data : nil, digits: folder),
      blocks: BlockFindings(
        basic: builtWeights(.basic(64, 64, projection: false)),
        bottleneck: builtWeights(.bottleneck(256, width: 64, projection: false))),
      families: try measureFamilies(run), photograph: photograph)
    // After all else: the trainings above are known by their places.
    let parts = run.isFull ? DeeperOptions.Part.allCases : [.flow]
    for part in parts where hasPhotographs || ![.depth, .longDepth, .fewLayers, .slim].contains(part) {
      try measure(part, course, photographs: options.shared.data, run, into: &findings) { _ in }
    }
    return findings
  }

  /// Measures one of the parts that stand for themselves.
  private static func measure(
    _ part: DeeperOptions.Part, _ course: Course, photographs: String?, _ run: ChapterRun,
    into findings: inout Findings,
    keep: (Findings) throws -> Void
  ) throws {
    let (shallow, deep) = (3, run.pick(quick: 8, normal: 16, full: 16))
    func report(_ text: String) {
      run.stopIfInterrupted()
      bar.update(0, text)
    }
    let bar = run.progress(part.rawValue, total: 1)
    defer { bar.finish() }
    switch part {
    case .flow:
      findings.flow = try GradientFlow(
        [false, true].map { DeepNet(blocks: deep, isResidual: $0) }, course,
        images: run.pick(quick: 32, normal: 128, full: 128), trains: run.isFull)
    case .rates:
      var many = course
      many.seeds = run.seeds(quick: 1, normal: 3, full: 10)
      var kept = findings
      var own = findings.ownRates ?? OwnRates(epochs: many.epochs, keptBack: many.keptBack?.count ?? 0, rows: [])
      try own.measure(shallow: shallow, deep: deep, many, report: report) {
        kept.ownRates = $0
        try keep(kept)
      }
      findings.ownRates = own
    case .factors:
      findings.factors = try BranchFactors(
        blocks: findings.scaling.blocks, count: findings.scaling.count, epochs: findings.scaling.epochs,
        seeds: run.seeds(quick: 1, normal: 5, full: 8), report: report)
    case .longFactors:
      try findings.factors?.trainLonger(seeds: run.seeds(quick: 1, normal: 5, full: 8))
    case .ending:
      var long = course
      (long.epochs, long.seeds) = (10 * course.epochs, Array(course.seeds.prefix(3)))
      findings.ending = try LongTraining(shallow: shallow, deep: deep, long, report: report)
    case .sums:
      findings.bareSums = findings.gradients.decays.map {
        GradientDecay(depth: $0.depth, seeds: run.seeds(quick: 3, normal: 5, full: 10), of: [.bare])
      }
    case .width, .wideOpen, .rotated, .near, .fading, .warm:
      var (kept, many) = (findings, course)
      many.seeds = run.seeds(quick: 1, normal: 3, full: 10)
      var controls = findings.controls ?? Controls(epochs: course.epochs, rows: [])
      try controls.measure(Controls.plans(part, deep: deep), many, report: report) {
        kept.controls = $0
        try keep(kept)
      }
      findings.controls = controls
    case .readings:
      findings.readings = try LinearReadings(shallow: shallow, deep: deep, course, report: report)
    case .alike:
      findings.alikeness = try Alikeness(shallow: shallow, deep: deep, course, images: 64, report: report)
    case .starts:
      let starts: [DeepNet.Start] = [.identity, .rotation, .open, .near]
      findings.startFlow = try GradientFlow(
        starts.map { DeepNet(blocks: deep, isResidual: false, start: $0) }
          + [DeepNet(blocks: deep, isResidual: false, channels: Controls.width, start: .near)],
        course, images: 128, trains: false)
    case .slim:
      findings.slimPhotographs = try measureSlim(run, photographs: photographs, digits: nil)
    case .depth:
      let learned = try DepthFindings.course(
        in: photographs, count: 10_000, keptBack: 2_000, epochs: 8, trialEpochs: 2)
      var (kept, depth) = (findings, findings.depth ?? DepthFindings(learned))
      try depth.measure(PhotographNet.all, learned, seeds: run.seeds(quick: 1, normal: 1, full: 3), report: report) {
        kept.depth = $0
        try keep(kept)
      }
      findings.depth = depth
    case .longDepth:
      let learned = try DepthFindings.course(
        in: photographs, count: 45_000, keptBack: 5_000, epochs: 5, trialEpochs: 5)
      var (kept, depth) = (findings, findings.longDepth ?? DepthFindings(learned))
      try depth.measure(PhotographNet.long, learned, seeds: run.seeds(quick: 1, normal: 1, full: 5), report: report) {
        kept.longDepth = $0
        try keep(kept)
      }
      findings.longDepth = depth
    case .fewLayers:
      let learned = try DepthFindings.course(
        in: photographs, count: 45_000, keptBack: 5_000, epochs: 5, trialEpochs: 5)
      var (kept, depth) = (findings, findings.fewLayers ?? DepthFindings(learned))
      for net in PhotographNet.few {
        try depth.measure([net], learned, seeds: run.seeds(quick: 1, normal: 1, full: 3), report: report) {
          kept.fewLayers = $0
          try keep(kept)
        }
      }
      findings.fewLayers = depth
    }
  }

  /// Measures one part alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record of this size.
  private static func measureAgain(
    _ part: DeeperOptions.Part, _ course: Course, of data: String, photographs: String?, _ run: ChapterRun
  ) throws {
    try addToRecord(
      on: data, in: run,
      where: {
        $0.degradation.epochs == course.epochs && $0.data == data && $0.degradation.trainingCount == course.data.count
      }
    ) { findings, keep in
      try measure(part, course, photographs: photographs, run, into: &findings, keep: keep)
    }
  }

  /// Whether a folder holds the files of CIFAR-10.
  static func isCIFAR(_ folder: String) -> Bool {
    ["", ".gz"].contains { FileManager.default.fileExists(atPath: "\(folder)/\(CIFAR10.testFile)\($0)") }
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

  private static func measureDegradation(
    _ course: Course, _ run: ChapterRun
  ) throws -> (DegradationFindings, [Landscape]) {
    let (shallow, deep) = (3, run.pick(quick: 8, normal: 16, full: 16))
    let nets =
      [false, true].flatMap { isResidual in
        [shallow, deep].map { DeepNet(blocks: $0, isResidual: isResidual) }
      } + [DeepNet(blocks: deep, isResidual: true, branchScale: 0)]
    let depths = nets.map(\.depth)
    let bar = run.progress("deep nets", total: depths.reduce(0, +))
    defer { bar.finish() }
    let trained = try nets.enumerated().map { index, net in
      run.stopIfInterrupted()
      bar.update(depths[..<index].reduce(0, +), net.name)
      return try DeepRun.train(net, course)
    }
    // Nets of a few epochs have no minimum to look around.
    let landscapes =
      run.size == .normal
      ? []
      : try inParallel(2) { index in
        Landscape(
          nets[2 * index + 1].name, trained[2 * index + 1].model,
          on: course.data.batch(first: run.isQuick ? 32 : 200), count: run.isQuick ? 5 : 21, seed: run.seed)
      }
    return (
      DegradationFindings(
        seeds: course.seeds.count, epochs: course.epochs, rate: course.rate, batch: course.batch,
        trainingCount: course.data.count, testCount: course.test.count, runs: trained.map(\.run)),
      landscapes
    )
  }

  private static func measureScaling(_ run: ChapterRun) throws -> ScalingFindings {
    let blocks = run.pick(quick: 10, normal: 20, full: 20)
    let (count, epochs) = run.pick(quick: (200, 2), normal: (800, 25), full: (1_000, 40))
    // The net without branches likes rates that are hundreds of times those of α = 1.
    let rates: [Float] = run.pick(
      quick: [0.003, 0.03], normal: [0.0003, 0.03, 0.1],
      full: [0.00001, 0.00003, 0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3])
    return ScalingFindings(
      blocks: blocks,
      growth: ScalingFindings.scales(blocks).map { scale in
        (0..<3).map { signalGrowth(scale: scale, blocks: blocks, seed: run.seed &+ UInt64($0)) }
      },
      epochs: epochs, count: count, rates: rates,
      trainings: try [0, ScalingFindings.root(blocks), 1].map { scale in
        run.stopIfInterrupted()
        return try ScaledTraining(
          scale: scale, rates: rates, blocks: blocks, count: count, epochs: epochs,
          seeds: run.seeds(quick: 1, normal: 5, full: 8))
      })
  }

  private static func measureSlim(
    _ run: ChapterRun, photographs: String?, digits folder: String?
  ) throws -> SlimFindings {
    let (count, testCount) = (
      run.pick(quick: 200, normal: 3_000, full: 12_000), run.pick(quick: 100, normal: 1_000, full: 10_000)
    )
    var sets: (name: String, train: Dataset, test: Dataset)
    if let photographs {
      let found = try CIFAR10.load(from: photographs)
      sets = ("CIFAR-10", found.train.prefix(count), found.test.prefix(testCount))
    } else {
      let found = try Digits.load(from: folder, transform: .standardized, count: count)
      sets = (found.name, found.train, found.test.prefix(testCount))
    }
    let course = Course(
      data: sets.train, test: sets.test, epochs: run.pick(quick: 1, normal: 2, full: 5),
      seeds: run.seeds(quick: 1, normal: 3, full: 3))
    let rates = run.isQuick ? [0.01] : SlimNet.rates
    let bar = run.progress("families in small", total: SlimNet.allCases.count)
    defer { bar.finish() }
    let trained = try SlimNet.allCases.enumerated().map { index, net in
      run.stopIfInterrupted()
      bar.update(index, net.rawValue)
      return try SlimRun.train(net, course, rate: net.bestRate(of: rates, course))
    }
    return SlimFindings(
      data: sets.name, trainingCount: sets.train.count, testCount: sets.test.count, epochs: course.epochs,
      seeds: course.seeds.count, runs: trained.map(\.run),
      rates: rates, walk: PictureWalk(trained[trained.count - 1].model, index: 0, of: sets.test))
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
