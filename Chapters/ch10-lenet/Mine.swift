// `--mine`: LeNet-5 trained by the reader's own layers, beside the library's.

import Foundation
import Workbook

enum Mine {
  /// Images in a batch.
  private static let batch = 8

  /// Trains one network twice with the same seed, once with the reader's layers, and shows both.
  static func run(_ run: ChapterRun, _ options: LeNetOptions, _ session: Session) -> Never {
    let mine = run.learnersCode(LearnersLayers.exercises + [.ex10_1])
    let variant = options.model == nil ? Variant("LeNet-5+", .plus, color: 2) : options.variants[0]
    var (network, replaced) = (variant.net.layers, [String]())
    // Whoever has built LeNet-5 trains that one.
    let isOwnNetwork = variant.net == .plain && mine.answer(to: .ex10_1, as: (any Ex10_1.Type).self) != nil
    run.trying {
      if isOwnNetwork, let answer = mine.answer(to: .ex10_1, as: (any Ex10_1.Type).self) {
        network = try answer.network(classes: 10)
      }
      (network, replaced) = LearnersLayers.replacing(in: network, with: mine)
    }
    guard !replaced.isEmpty || isOwnNetwork else {
      FileHandle.standardError.write(Data(Self.nothingYet(mine).utf8))
      exit(1)
    }

    // Plain loops take about a tenth of a second for an image, and a step for few images learns as much as one for many.
    let count = options.images ?? run.pick(quick: 16, normal: 128, full: 2_000)
    let train = session.digits.train.prefix(count)
    let test = session.digits.test.prefix(run.pick(quick: 16, normal: 64, full: 500))
    let epochs = options.epochs ?? run.pick(quick: 1, normal: 2, full: 2)
    var page = run.page(
      lead: "\(variant.name), trained by your own layers: \(replaced.count) of \(network.entries.count) are yours.",
      data: session.digits.name, settings: ["mine": "true", "epochs": "\(epochs)"])
    page.prose("## Whose layer is whose")
    page.table(
      Table(
        "The network", columns: ["layer", "kind", "whose"],
        rows: network.entries.map {
          [TableCell($0.name), TableCell($0.layer.kind), replaced.contains($0.name) ? "yours" : "the library's"]
        }))
    if !mine.unused.isEmpty {
      page.prose(
        "The library stands in for "
          + mine.unused.map { "exercise \($0.exercise.label) (\($0.reason))" }.joined(separator: ", ") + ".")
    }

    page.prose("## The same run, twice")
    let bar = page.progress("training", total: 2 * 1000)
    let yours = run.trying {
      try trainOnce(network, variant, options, on: train, testing: test, epochs: epochs) {
        bar.update(Int(1000 * $0.fraction), "with your layers")
      }
    }
    let ours = run.trying {
      try trainOnce(variant.net.layers, variant, options, on: train, testing: test, epochs: epochs) {
        bar.update(1000 + Int(1000 * $0.fraction), "with the library's")
      }
    }
    bar.finish()
    let gap = zip(yours.losses, ours.losses).map { abs($0 - $1) }.max() ?? 0
    page.figure(
      Figure(
        gap < 0.01
          ? "Your layers and the library's learn alike: the losses differ by at most \(short(gap, digits: 1))"
          : "Your layers learn differently: the losses differ by up to \(short(gap))",
        .lines(
          LineChart(
            x: Axis("step"), y: Axis("loss"),
            [
              Series("the library's", y: ours.losses, style: .line, color: 0),
              Series("yours", y: yours.losses, style: .points, isEmphasized: true, color: 1),
            ])),
        caption:
          "\(grouped(count)) images, batches of \(batch), \(epochs) \(epochs == 1 ? "epoch" : "epochs"), one seed.",
        name: "mine"))
    page.table(
      Table(
        "After \(epochs) \(epochs == 1 ? "epoch" : "epochs")",
        columns: ["layers", .init("test error (%)", digits: 2), .init("seconds per epoch", digits: 2)],
        rows: [("yours", yours), ("the library's", ours)].map { name, result in
          [TableCell(name), TableCell(100 * result.error), TableCell(result.seconds)]
        }))
    page.callout(
      .takeaway,
      gap < 0.01
        ? "There is no magic in a framework: what you wrote is what it does. What it adds is speed: here "
          + "\(fixed(yours.seconds / max(ours.seconds, 1e-9), 0)) times."
        : "Both pass every check and yet differ: look for what the checks do not reach, such as large batches.")
    page.exercises(run.exercises)
    run.publish(&page)
    exit(0)
  }

  /// What a run of one network gave.
  private struct OneRun {
    var losses: [Double]
    var error: Double
    var seconds: Double
  }

  private static func trainOnce(
    _ network: Sequential, _ variant: Variant, _ options: LeNetOptions, on data: Dataset, testing test: Dataset,
    epochs: Int, report: @escaping (Trainer.Progress) -> Void
  ) throws -> OneRun {
    let seed = options.shared.seed
    let model = try Model(network, input: LeNet5.inputShape, seed: seed)
    var trainer = Trainer(
      model, loss: variant.net.loss, optimizer: SGD(momentum: 0.9),
      schedule: options.makeSchedule(epochs: epochs), batchSize: batch, seed: seed)
    let losses = LossHistory()
    let end = try trainer.train(
      on: data, testing: test, epochs: epochs,
      observers: [losses, TrainingHooks(progressed: report, asksToStop: { Interruption.isRequested })])
    if end.isInterrupted { throw RunInterrupted(isKept: false) }
    let times = trainer.history.map(\.seconds)
    return OneRun(
      losses: losses.losses, error: trainer.history.last?.testError ?? .nan,
      seconds: times.reduce(0, +) / Double(max(times.count, 1)))
  }

  /// What to solve first, where nothing of the reader's can be used.
  private static func nothingYet(_ mine: LearnersCode) -> String {
    let open = mine.unused.map { "  \($0.exercise.label): \($0.reason)" }.joined(separator: "\n")
    return """
      ch10-lenet: --mine: none of your exercises can be used yet. A layer takes both its forward and its backward pass:
      \(open)
      Solve one of them and check it: ./workbook check 1.1

      """
  }
}
