// The experiments of chapter 10 in their order.

import Foundation
import Workbook

extension LeNet {
  static func measure(_ run: ChapterRun, _ options: LeNetOptions) throws -> Findings {
    let session = try Sessions.open(run, options)
    if options.shared.mine { return .mine(try LearnersRun.measure(run, options, session)) }
    if options.ownRates || !options.worth.isEmpty {
      try addToRecord(on: session.digits.name, in: run, where: { isOfSize($0, session) }) { findings, keep in
        guard case .variants(var found) = findings else { return }
        if options.ownRates { found.ownRates = try OwnRates(measuredIn: session) }
        if !options.worth.isEmpty {
          let deadline = options.within.map { Date().addingTimeInterval(Double($0)) } ?? .distantFuture
          try Worth.measure(options.worth, into: &found, in: session, until: deadline) { try keep(.variants($0)) }
        }
        findings = .variants(found)
      }
      try run.endWithoutPage()
    }
    let plan =
      options.comparesAll
      ? TrialPlan(
        seeds: Array(session.seeds.prefix(3)),
        ablationEpochs: min(session.epochs, run.pick(quick: 1, normal: 1, full: 10)),
        isFull: run.isFull && session.epochs >= 30 && options.runs == nil)
      : nil
    let (runs, trials) = try Sessions.trainAll(options.variants, plan, in: session)
    if options.lookInside {
      try lookAgain(runs[0], session, into: run.output.appendingPathComponent("findings.json"))
      try run.endWithoutPage()
    }
    // Without a page: the numbers alone.
    if options.json == "-" {
      try SessionRecord(runs, in: session).write(to: "-")
      try run.endWithoutPage()
    }
    var findings = try findings(runs, in: session)
    if let plan {
      findings.ablation = gather(trials, runs, plan)
      if plan.isFull {
        findings.ownRates = try OwnRates(measuredIn: session)
        try Worth.measure(Worth.Part.allCases, into: &findings, in: session)
      }
    }
    if let file = options.save { try JournalError.keeping(at: file) { try runs[runs.count - 1].model.save(to: file) } }
    if let file = options.json {
      try JournalError.keeping(at: file) { try SessionRecord(runs, in: session).write(to: file) }
    }
    return .variants(findings)
  }

  /// Whether findings are of the size and the data of a session.
  private static func isOfSize(_ findings: Findings, _ session: Session) -> Bool {
    guard case .variants(let found) = findings else { return false }
    return found.epochs == session.epochs && found.seeds == session.seeds
      && found.trainingCount == session.digits.train.count && found.data == session.digits.name
  }

  /// Looks into the recorded weights again, and writes the recorded findings with what is seen.
  ///
  /// - Throws: `DataError` where the weights are not those of the record.
  static func lookAgain(_ run: TrainedRun, _ session: Session, into file: URL) throws {
    guard let recorded = KeptFindings<Findings>(recordedOf: chapter), case .variants(var found) = recorded.findings,
      found.best.confusion == run.evaluation.confusion
    else {
      throw DataError(
        session.options.load ?? "", expected: "the weights of the recorded run", found: "others",
        advice: "take those beside the record, with --full")
    }
    found.best.change = SmallChange(run, in: session.digits.test)
    let findings = Findings.variants(found)
    try KeptFindings(chapter, recorded.run, claims(findings), findings).write(to: file.path)
  }

  /// What is kept of the runs.
  static func findings(_ runs: [TrainedRun], in session: Session) throws -> VariantFindings {
    let (options, digits) = (session.options, session.digits)
    let results = options.variants.map { variant in
      VariantResults(variant, runs.filter { $0.variant.name == variant.name })
    }
    // LeNet-5++ where it was trained, whatever chance made of it.
    guard let best = runs.first(where: { $0.variant.name == Variant.plusPlus.name }) ?? runs.first else {
      preconditionFailure("a session trains one network at least")
    }
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
      ablation: nil, best: BestRun(best, in: digits.test),
      reading: try options.image.map { try classify($0, with: best) })
  }
}

extension BestRun {
  /// Looks into a network.
  init(_ run: TrainedRun, in test: Dataset) {
    seed = run.seed
    confusion = run.evaluation.confusion
    mistakes = worstMistakes(run, in: test, count: 3)
    kernels = firstKernels(run.model)
    maps = featureMaps(run.model, of: Self.shownDigit, in: test)
    change = SmallChange(run, in: test)
  }
}
