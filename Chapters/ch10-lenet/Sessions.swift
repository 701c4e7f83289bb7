// How chapter 10 runs its networks: its data, its trainings, and the sentences about them.

import Foundation
import Workbook

enum Sessions {
  /// Loads the data and settles the size of the run; ends the program with one line where that fails.
  static func open(_ run: ChapterRun, _ options: LeNetOptions) -> Session {
    run.trying {
      let count: Int? = options.images ?? run.pick(quick: 2_000, normal: nil, full: nil)
      var digits = try Digits.load(from: options.shared.data, count: count)
      if run.isQuick { digits.test = digits.test.prefix(1_000) }
      let folder = run.output.path + "/checkpoints"
      try JournalError.keeping(at: folder) {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      return Session(
        digits: digits, epochs: options.epochs ?? run.pick(quick: 2, normal: 3, full: 30),
        seeds: (0..<(options.runs ?? run.pick(quick: 1, normal: 1, full: 5))).map { run.seed &+ UInt64($0) },
        options: options, folder: folder)
    }
  }

  /// Trains every variant with every seed, under one progress bar.
  static func trainAll(_ variants: [Variant], in session: Session, _ run: ChapterRun) throws -> [TrainedRun] {
    let total = variants.count * session.seeds.count
    let bar = ProgressBar("training", total: total * 1000)
    var runs: [TrainedRun] = []
    for variant in variants {
      for seed in session.seeds {
        runs.append(
          try train(variant, seed: seed, in: session) { progress in
            bar.update(
              runs.count * 1000 + Int(1000 * progress.fraction),
              "\(variant.name), epoch \(progress.epoch)/\(progress.epochs), loss \(fixed(progress.loss, 4))"
            )
          })
      }
    }
    bar.finish()
    return runs
  }

  /// The most frequent confusion, in a sentence.
  static func confusionFinding(_ confusion: [[Int]]) -> String {
    var (most, pair) = (0, (0, 0))
    for (row, counts) in confusion.enumerated() {
      for (column, count) in counts.enumerated() where row != column && count > most {
        (most, pair) = (count, (row, column))
      }
    }
    if most == 0 { return "Not one mistake" }
    return "Most often a \(pair.0) is taken for a \(pair.1): \(most) \(most == 1 ? "time" : "times")"
  }

  /// Whether a variant has the lowest mean error after every epoch.
  static func leadsThroughout(_ best: VariantResults, _ results: [VariantResults]) -> Bool {
    best.errors.indices.allSatisfy { epoch in
      results.allSatisfy { $0.errors[epoch].mean >= best.errors[epoch].mean }
    }
  }

  /// The order of the three rows of S0's table with either derivative, as a list.
  static func orderUnderBoth(_ results: [VariantResults]) -> String {
    func rows(without name: String) -> [String] {
      results.filter { $0.variant.name != name }.sorted { $0.finalError.mean < $1.finalError.mean }
        .map { $0.variant.name == "LeNet-5, published σ′" ? "LeNet-5" : $0.variant.name }
    }
    let (correct, published) = (rows(without: "LeNet-5, published σ′"), rows(without: "LeNet-5"))
    guard correct.count == 3, published.count == 3 else { return "" }
    func list(_ names: [String]) -> String { names.joined(separator: ", ") }
    let source = ["LeNet-5++", "LeNet-5+", "LeNet-5"]
    return """
      \(correct == published ? "The" : "The mistake changes the order of the") three rows here, best first:

      - with the right derivative: \(list(correct))
      - with the published one: \(list(published))
      - published by S0, with the mistake: \(list(source))\(published == source ? "" : ". Its own row of LeNet-5, 1.06 ± 0.04 %, is not so low as here; what else differs we do not know")
      """
  }

  /// What the rows of the table say together.
  static func takeaway(_ results: [VariantResults]) -> String {
    func error(_ name: String) -> Summary? { results.first { $0.variant.name == name }?.finalError }
    guard let plain = error("LeNet-5"), let published = error("LeNet-5, published σ′"), let plus = error("LeNet-5+"),
      let plusPlus = error("LeNet-5++")
    else { return "Train all variants side by side to see what each change is worth: leave `--model` out." }
    func verb(_ from: Summary, _ to: Summary) -> String { to.mean < from.mean ? "lower" : "raise" }
    return """
      The convolutions are the same in every row; what changes is how well the gradient gets through.

      - A correction that does not vanish near 0 and is larger everywhere \(verb(plain, published))s the error from \
      \(plain) to \(published) %, tanh and squared error staying as they are.
      - ReLU, cross-entropy and smaller first weights together \(verb(plain, plus)) it from \(plain) to \(plus) %. \
      \(published.mean <= plus.mean
        ? "That is no better than the wrong derivative did alone: tanh was not what held LeNet-5 back."
        : "Which of the three earns it, this table does not say; chapters 2, 4 and 8 try them one at a time.")
      - Batch normalization on top \(verb(plus, plusPlus))s it from \(plus) to \(plusPlus) %.
      """
  }

  /// The claims of S0 about these networks, against this run.
  static func claims(_ results: [VariantResults], _ session: Session) -> [Claim] {
    func named(_ name: String) -> VariantResults? { results.first { $0.variant.name == name } }
    guard let plain = named("LeNet-5"), let plus = named("LeNet-5+"), let plusPlus = named("LeNet-5++") else {
      return []
    }
    let seeds = session.seeds.count
    func order(
      _ text: String, _ published: String, _ better: VariantResults, _ worse: VariantResults,
      after epochs: Int, _ values: (VariantResults) -> Summary
    ) -> Claim {
      let (a, b) = (values(better), values(worse))
      // The same seeds, so that each run has its partner.
      let lead = b - a
      let isTold = isClear(lead, beyond: 0)
      return Claim(
        text, source: "S0", published: published, measured: "\(a) % against \(b) %", seeds: seeds,
        verdict: lead.mean <= 0 ? .notHere : isTold ? .reproduced : .partly,
        reason: seeds < 3
          ? "one direction in \(seeds == 1 ? "one run" : "\(seeds) runs"); a verdict needs three"
          : isTold
            ? (lead.mean > 0 ? "after \(counted(epochs, "epoch"))" : "the other way round, by more than chance")
            : "no difference beyond chance")
    }
    // The comparisons that S0 made: its LeNet-5 had the wrong derivative.
    let asPublished = (named("LeNet-5, published σ′").map { [$0] } ?? []).flatMap { published in
      [
        order(
          "Cross-entropy with ReLU learns faster than squared error with tanh and the published σ′", "figure 4", plus,
          published, after: 1
        ) { $0.errors[0] },
        order(
          "LeNet-5+ ends below LeNet-5 with the published σ′", "0.96 against 1.06 %", plus, published,
          after: session.epochs
        ) { $0.finalError },
      ]
    }
    return [
      order(
        "Cross-entropy with ReLU learns faster than squared error with tanh and the right σ′",
        "figure 4, with the wrong σ′", plus, plain, after: 1
      ) { $0.errors[0] },
      order(
        "LeNet-5+ ends below LeNet-5 with the right σ′", "0.96 against 1.06 %, with the wrong σ′", plus, plain,
        after: session.epochs
      ) { $0.finalError },
    ] + asPublished + [
      order("Batch normalization ends lowest", "0.78 against 0.96 %", plusPlus, plus, after: session.epochs) {
        $0.finalError
      }
    ]
  }
}

/// All runs of one variant.
struct VariantResults: Sendable {
  var variant: Variant
  var runs: [TrainedRun]

  /// Sorts runs by variant.
  static func collect(_ runs: [TrainedRun], _ variants: [Variant]) -> [VariantResults] {
    variants.map { variant in
      VariantResults(variant: variant, runs: runs.filter { $0.variant.name == variant.name })
    }
  }

  /// Test error in percent after each epoch.
  var errors: [Summary] {
    (0..<(runs.map(\.history.count).min() ?? 0)).map { epoch in Summary(runs.map { $0.errors[epoch] }) }
  }
  /// Test error in percent at the end.
  var finalError: Summary { Summary(runs.map { 100 * $0.evaluation.error }) }
  var finalLoss: Double { Summary(runs.map { $0.history.last?.trainingLoss ?? .nan }).mean }
  /// The seconds of the fastest epoch: the one that other programs disturbed least.
  var fastestEpoch: Double { runs.flatMap { $0.history.map(\.seconds) }.min() ?? .nan }

  /// S0's table 1.
  var published: String {
    switch variant.name {
    case "LeNet-5, published σ′": "1.06 ± 0.04"
    case "LeNet-5+": "0.96 ± 0.06"
    case "LeNet-5++": "0.78 ± 0.06"
    default: "–"
    }
  }
}

/// Means of neighbouring values: a curve of single batches is mostly noise.
func smoothed(_ values: [Double], over width: Int) -> [Double] {
  stride(from: 0, to: values.count, by: width).map { first in
    let part = values[first..<min(values.count, first + width)]
    return part.reduce(0, +) / Double(part.count)
  }
}
