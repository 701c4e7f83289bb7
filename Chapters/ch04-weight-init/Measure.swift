// The experiments of chapter 4 in their order.

import ArgumentParser
import Foundation
import Workbook

/// The options of chapter 4.
struct WeightInitOptions: ChapterArguments {
  @OptionGroup var shared: ChapterOptions

  @Option(
    help:
      "With --full: measure depths, late, further, controls, looks, convolutions, gaps or own, that alone, and write the record with it."
  )
  var part: Part?

  /// What can be measured alone: nets of several depths, of which the record lacks some; what the first records did not have;
  /// six layers that begin saturated; nets from PyTorch's weights; looks at fresh nets, of
  /// which the record lacks some; plain convolutional nets; what their tables left open; nets as a reader begins them.
  enum Part: String, CaseIterable, ExpressibleByArgument {
    case depths, late, further, controls, looks, convolutions, gaps, own
  }

  func validate() throws {
    try shared.requireFull(for: "--part", part != nil)
  }
}

extension WeightInit {
  static func measure(_ run: ChapterRun, _ options: WeightInitOptions) throws -> Findings {
    if let part = options.part {
      try measureAgain(part, options, run)
      try run.endWithoutPage()
    }
    let digits = try Digits.load(
      from: options.shared.data, transform: PixelTransform(),
      count: run.pick(quick: 1_500, normal: 2_000, full: 60_000))
    let seeds = run.seeds(quick: 1, normal: 3, full: 5)
    let symmetry = try measureSymmetry(run)
    let width = run.pick(quick: 2048, normal: 4096, full: 4096)
    let (starts, mine) = try startsWithMine(width: width, run)
    let bar = run.progress("signals", total: seeds.count)
    let signals = SpreadExperiment(starts: starts, width: width, depth: depth, seeds: seeds) {
      done in
      run.stopIfInterrupted()
      bar.update(done)
    }
    bar.finish()
    let gains: [Double] = run.pick(
      quick: [0.5, 1, 1.4142, 5.0 / 3, 2], normal: [0.5, 0.7, 0.85, 1, 1.1, 1.2, 1.4142, 5.0 / 3, 2],
      full: [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.2, 1.3, 1.4142, 1.5, 5.0 / 3, 1.8, 2])
    let gainWidth = run.pick(quick: 128, normal: 384, full: 1024)
    let trainingSeeds = run.seeds(quick: 1, normal: 6, full: 8)
    let trainingRates: [Float] = run.pick(
      quick: [0.003], normal: DeepFindings.chosenRates, full: DeepFindings.allRates)
    var findings = Findings(
      data: digits.name, seeds: seeds, mine: mine, symmetry: symmetry, width: width,
      signals: signals.withoutSpareHistograms, gainWidth: gainWidth,
      gains: scaleSweep(gains: gains, width: gainWidth, depth: sweepDepth, seed: run.seed),
      thirty: measureThirty(run),
      cosines: measureCosines(digits, run),
      training: try measureTraining(Start.deep, rates: trainingRates, digits, trainingSeeds, run),
      tanhTraining: try measureTraining(Start.deepTanh, rates: trainingRates, digits, trainingSeeds, run),
      trainingSeeds: trainingSeeds.count,
      convolution: measureConvolutions(seeds))
    try addLate(to: &findings, digits, run)
    if run.isFull {
      findings.depths = try measureDepths(options, known: nil, run) { _ in }
    }
    return findings
  }

  /// What came later is measured behind everything else, so that no number before it changes.
  private static func addLate(to findings: inout Findings, _ digits: Digits, _ run: ChapterRun) throws {
    findings.plainXavier = try PlainXavier(
      rates: run.pick(quick: [64], normal: [4, 16, 64], full: [4, 16, 64]), adamRate: 0.001,
      width: findings.training.width, epochs: findings.training.epochs,
      on: digits.train.prefix(findings.training.imageCount), seeds: run.seeds(quick: 1, normal: 3, full: 8))
  }

  /// Measures one part alone, and writes the recorded findings with it.
  ///
  /// - Throws: `DataError` where there is no record of this data.
  private static func measureAgain(_ part: WeightInitOptions.Part, _ options: WeightInitOptions, _ run: ChapterRun)
    throws
  {
    let digits = try Digits.load(from: options.shared.data, transform: PixelTransform(), count: 2_000)
    try addToRecord(on: digits.name, in: run, where: { $0.data == digits.name }) { findings, keep in
      switch part {
      case .looks:
        let known = findings.controls?.looks ?? []
        findings.controls?.looks = try FreshLook.all(
          width: findings.depths?.width ?? 128, on: try depthDigits(options).train,
          seeds: run.seeds(quick: 1, normal: 3, full: 5), known: known)
      case .depths:
        var kept = findings
        findings.depths = try measureDepths(options, known: findings.depths, run) { study in
          kept.depths = study
          try keep(kept)
        }
      case .further:
        let sets = try depthDigits(options)
        let seeds = run.seeds(quick: 1, normal: 3, full: 5)
        let choosing = findings.depths?.choosingSeeds ?? 2
        let ticker = Ticker(
          "six layers", total: FurtherDepths.trainings(seeds: seeds.count, choosing: choosing), run)
        defer { ticker.finish() }
        findings.furtherDepths = try FurtherDepths(
          width: findings.depths?.width ?? 128, epochs: findings.depths?.epochs ?? 8, on: sets, seeds: seeds,
          choosing: choosing
        ) { ticker.tick() }
      case .controls:
        let (seeds, choosing) = (run.seeds(quick: 1, normal: 3, full: 5), findings.depths?.choosingSeeds ?? 2)
        let ticker = Ticker(
          "controls", total: DepthControls.trainings(seeds: seeds.count, choosing: choosing), run)
        defer { ticker.finish() }
        var kept = findings
        findings.controls = try DepthControls.measured(
          width: findings.depths?.width ?? 128, epochs: findings.depths?.epochs ?? 8, on: try depthDigits(options),
          seeds: seeds, choosing: choosing, report: { ticker.tick() }
        ) { controls in
          kept.controls = controls
          try keep(kept)
        }
      case .convolutions:
        let seeds = run.seeds(quick: 1, normal: 3, full: 3)
        let ticker = Ticker("plain convolutions", total: ConvDepths.trainings(seeds: seeds.count), run)
        defer { ticker.finish() }
        var kept = findings
        findings.convDepths = try ConvDepths.measured(
          on: try depthDigits(options), seeds: seeds, report: { ticker.tick() }
        ) { found in
          kept.convDepths = found
          try keep(kept)
        }
      case .gaps:
        let (seeds, choosing) = (run.seeds(quick: 1, normal: 3, full: 5), findings.depths?.choosingSeeds ?? 2)
        let ticker = Ticker("gaps", total: GapFindings.trainings(seeds: seeds.count, choosing: choosing), run)
        defer { ticker.finish() }
        findings.gaps = try GapFindings(
          width: findings.depths?.width ?? 128, epochs: findings.depths?.epochs ?? 8, on: try depthDigits(options),
          seeds: seeds, choosing: choosing
        ) { ticker.tick() }
      case .own:
        let ticker = Ticker("as a reader begins", total: OwnCase.trainings, run)
        defer { ticker.finish() }
        var (own, kept) = (findings.own ?? OwnCase(), findings)
        try own.complete(
          width: findings.depths?.width ?? 128, epochs: findings.depths?.epochs ?? 8, on: try depthDigits(options),
          report: { ticker.tick() }
        ) { own in
          kept.own = own
          try keep(kept)
        }
        findings.own = own
      case .late:
        try addLate(to: &findings, digits, run)
        // The same random numbers as in the record, and with them the gradients of the weights.
        let signals = SpreadExperiment(
          starts: Start.lecture, width: findings.width, depth: depth, seeds: findings.seeds
        ) { _ in run.stopIfInterrupted() }
        for (start, seeds) in findings.signals.spreads.enumerated() {
          for (seed, layers) in seeds.enumerated() {
            for layer in layers.indices {
              findings.signals.spreads[start][seed][layer].weightGradient =
                signals.spreads[start][seed][layer].weightGradient
            }
          }
        }
      }
    }
  }

  /// The digits of all nets of several depths.
  private static func depthDigits(_ options: WeightInitOptions) throws -> DigitSets {
    try DigitSets(
      try Digits.load(from: options.shared.data, transform: PixelTransform(), count: 5_000, testCount: 2_000),
      train: 4_000, validation: 1_000, test: 2_000)
  }

  /// Nets of all depths, or of those that are not known; each depth is kept when it is done.
  private static func measureDepths(
    _ options: WeightInitOptions, known: DepthStudy?, _ run: ChapterRun, keep: (DepthStudy) throws -> Void
  ) throws -> DepthStudy {
    let digits = try depthDigits(options)
    let seeds = run.seeds(quick: 1, normal: 3, full: 5)
    var study =
      known
      ?? DepthStudy(
        width: 128, trainingCount: digits.train.count, validationCount: digits.validation.count,
        testCount: digits.test.count, epochs: 8, rates: DepthStudy.rates, choosingSeeds: 2, nets: [])
    for depth in DepthStudy.depths where !study.nets.contains(where: { $0.depth == depth }) {
      let count = 3 * (study.rates.count * study.choosingSeeds + seeds.count - study.choosingSeeds) + seeds.count
      let ticker = Ticker("\(depth) layers", total: count, run)
      defer { ticker.finish() }
      study.nets.append(
        try DepthStudy.Nets(
          depth: depth, width: study.width, rates: study.rates, epochs: study.epochs, on: digits, seeds: seeds,
          choosing: study.choosingSeeds
        ) { ticker.tick() })
      try keep(study)
    }
    return study
  }

  private static func measureSymmetry(_ run: ChapterRun) throws -> SymmetryFindings {
    let epochs = run.pick(quick: 15, normal: 40, full: 100)
    let seeds = run.seeds(quick: 1, normal: 3, full: 10)
    let runs = try SymmetryStart.allCases.map { start in
      try seeds.map { seed in
        run.stopIfInterrupted()
        return try symmetryRun(start, epochs: epochs, seed: seed)
      }
    }
    return SymmetryFindings(seeds: seeds, runs: runs)
  }

  /// The lecture's starts; with `--mine`, He's takes its size from the reader's answer to exercise 4.3.
  private static func startsWithMine(
    width: Int, _ run: ChapterRun
  ) throws -> (starts: [Start], mine: ReadersStart?) {
    var starts = Start.lecture
    guard run.options.mine else { return (starts, nil) }
    let mine = run.learnersCode([.ex04_3])
    guard let answer = mine.answer(to: .ex04_3, as: (any Ex04_3.Type).self) else {
      return (starts, ReadersStart(reason: mine.unused.first?.reason ?? "is open"))
    }
    let sigma = try answer.standardDeviation(weightShape: [width, width])
    starts[4].initializer = .normal(standardDeviation: sigma)
    return (starts, ReadersStart(deviation: sigma))
  }

  private static func measureThirty(_ run: ChapterRun) -> ThirtyFindings {
    let width = run.pick(quick: 256, normal: 1024, full: 2048)
    let seeds = run.seeds(quick: 1, normal: 3, full: 5)
    let descent = SpreadExperiment(starts: Start.rectified, width: width, depth: deep, seeds: seeds) {
      _ in
      run.stopIfInterrupted()
    }
    return ThirtyFindings(width: width, sizes: descent.summaries(\.rootMeanSquare))
  }

  private static func measureCosines(_ digits: Digits, _ run: ChapterRun) -> CosineFindings {
    let images = oneOfEach(digits.train)
    let width = run.pick(quick: 128, normal: 512, full: 1024)
    let runs = run.seeds(quick: 1, normal: 5, full: 10).map { seed in
      run.stopIfInterrupted()
      return cosines(Start.compared, images: images, width: width, depth: deep, seed: seed)
    }
    return CosineFindings(
      width: width, imageCount: images.shape[0],
      cosines: Start.compared.indices.map { start in
        (0...deep).map { layer in Summary(runs.map { $0[start][layer] }) }
      })
  }

  private static func measureTraining(
    _ starts: [Start], rates: [Float], _ digits: Digits, _ seeds: [UInt64], _ run: ChapterRun
  ) throws -> DeepFindings {
    let width = run.pick(quick: 32, normal: 64, full: 64)
    // As many steps in the full run as in the usual one.
    let images = digits.train.prefix(run.pick(quick: 1_500, normal: 2_000, full: 2_000))
    let epochs = 4
    let bar = Ticker("training", total: starts.count * rates.count * seeds.count, run)
    defer { bar.finish() }
    let experiment = try DeepExperiment(
      starts, rates: rates, depth: deep, width: width, epochs: epochs, on: images, seeds: seeds
    ) { bar.tick() }
    return DeepFindings(
      rates: rates, width: width, epochs: epochs, imageCount: images.count,
      finalLosses: starts.indices.map { experiment.finalLoss($0) })
  }

  private static func measureConvolutions(_ seeds: [UInt64]) -> ConvolutionFindings {
    ConvolutionFindings(
      fanIns: ConvolutionFindings.kernels.map { kernel in
        Summary(seeds.map { measuredFanIn(kernel, seed: $0) })
      },
      sizes: ConvStart.allCases.map { start in
        let runs = seeds.map { convolutionalSpread(start, depth: convolutionDepth, seed: $0) }
        return (0..<convolutionDepth).map { layer in Summary(runs.map { $0[layer] }).mean }
      })
  }
}
