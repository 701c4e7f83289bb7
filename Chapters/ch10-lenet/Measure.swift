// The experiments of chapter 10 in their order.

import Foundation
import Workbook

extension LeNet {
  static func measure(_ run: ChapterRun, _ options: LeNetOptions) throws -> Findings {
    let session = try Sessions.open(run, options)
    if options.shared.mine { return .mine(try Mine.measure(run, options, session)) }
    let runs = try Sessions.trainAll(options.variants, in: session)
    // Without a page: the numbers alone.
    if options.json == "-" {
      try SessionRecord(runs, in: session).write(to: "-")
      exit(0)
    }
    let findings = try findings(runs, in: session)
    if let file = options.save { try JournalError.keeping(at: file) { try runs[runs.count - 1].model.save(to: file) } }
    if let file = options.json {
      try JournalError.keeping(at: file) { try SessionRecord(runs, in: session).write(to: file) }
    }
    return .variants(findings)
  }

  /// What is kept of the runs.
  static func findings(_ runs: [TrainedRun], in session: Session) throws -> VariantFindings {
    let (options, digits) = (session.options, session.digits)
    let results = options.variants.map { variant in
      VariantResults(variant, runs.filter { $0.variant.name == variant.name })
    }
    let winner = results.min { $0.finalError.mean < $1.finalError.mean }
    guard let best = runs.first(where: { $0.variant.name == winner?.name }) else {
      preconditionFailure("a session trains one network at least")
    }
    func first(_ name: String) -> TrainedRun? { runs.first { $0.variant.name == name } }
    let isWatched = session.epochs > 1 && !best.gradientShares.isEmpty
    let table = try Model(LeNet5.plain.layers, input: LeNet5.inputShape, seed: 1)
    return VariantFindings(
      data: digits.name, trainingCount: digits.train.count, testCount: digits.test.count, epochs: session.epochs,
      seeds: session.seeds, batch: options.batch, rate: options.rate, isTrained: !options.evaluate,
      layers: table.rows.map {
        .init(
          name: $0.name, kind: $0.kind, output: $0.output.dimensions, parameters: $0.parameters,
          multiplyAdds: $0.multiplyAdds)
      },
      total: .init(
        name: "", kind: "", output: table.outputShape.dimensions, parameters: table.parameterCount,
        multiplyAdds: table.multiplyAdds(for: table.inputShape)), results: results,
      gradients: isWatched ? ["LeNet-5", "LeNet-5+"].compactMap { first($0).flatMap(gradientCurves) } : nil,
      drifts: ["LeNet-5+", "LeNet-5++"].compactMap(first).filter { $0.inputs.count > 1 }.map(driftCurves),
      best: BestRun(best, in: digits.test), reading: try options.image.map { try classify($0, with: best) })
  }

  /// The shares of the layers in the gradient, four observations together.
  private static func gradientCurves(_ run: TrainedRun) -> VariantFindings.Curves? {
    guard GradientStory(run) != nil else { return nil }
    return VariantFindings.Curves(
      name: run.variant.name, layers: run.gradientLayers, times: smoothed(run.gradientTimes, over: 4),
      values: run.gradientLayers.indices.map { layer in smoothed(run.gradientShares.map { $0[layer] }, over: 4) })
  }

  private static func driftCurves(_ run: TrainedRun) -> VariantFindings.Curves {
    VariantFindings.Curves(
      name: run.variant.name, layers: run.inputLayers, times: [],
      values: run.inputLayers.indices.map { layer in run.inputs.map { $0[layer].deviation } })
  }
}

extension BestRun {
  /// Looks into a network.
  init(_ run: TrainedRun, in test: Dataset) {
    seed = run.seed
    confusion = run.evaluation.confusion
    mistakes = worstMistakes(run, in: test, count: 12)
    kernels = firstKernels(run.model)
    maps = (0...9).map { featureMaps(run.model, of: $0, in: test) }
  }
}
