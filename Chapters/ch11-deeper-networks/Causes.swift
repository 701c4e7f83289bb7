// Two questions that longer trainings can answer: is growth the reason, and does the gap stay?

import Foundation
import Workbook

/// Whether growing gradients are why the deep plain net is behind: every tensor's step divided by its gradient's size.
///
/// If the deep plain net learned badly because its lowest layers get gradients hundreds of times as large as its
/// highest,
/// steps of one size for all layers would close the gap (the rule of You, Gitman and Ginsburg 2017, without the
/// weights' own
/// norm).
struct EvenStepsTest: Codable, Sendable {
  var epochs: Int
  /// How long the networks of the choice of a rate were trained, with a seed of their own.
  var choiceEpochs: Int
  var rows: [Row]

  /// One net with one kind of step.
  struct Row: Codable, Sendable {
    var net: DeepNet
    /// Whether each tensor's gradient is divided by the root of its mean square.
    var isEven: Bool
    var rates: [Double]
    /// Errors on the training images in test mode, in percent, one for each rate.
    var choice: [Double]
    /// The same at the best of the rates, over the seeds.
    var errors: Summary

    /// The rate with the fewest mistakes; the smaller one of a tie.
    var rate: Double { rates[choice.indices.min { choice[$0] < choice[$1] } ?? 0] }
    /// Whether a better one may lie beyond those tried.
    var isAtEnd: Bool { rate == rates.min() || rate == rates.max() }
  }

  /// The row of a deep net, or of the shallow plain one.
  func row(deep: Bool = true, residual: Bool = false, even: Bool) -> Row? {
    let deepest = rows.map(\.net.blocks).max()
    return rows.first { ($0.net.blocks == deepest) == deep && $0.net.isResidual == residual && $0.isEven == even }
  }

  /// By how many points the deep plain net errs more than the residual one, both with steps as they are.
  var gap: Summary { difference(even: false) }
  /// The same, both with even steps.
  var evenGap: Summary { difference(even: true) }
  /// By how many points even steps take the deep plain net down.
  var gain: Summary {
    guard let usual = row(even: false), let even = row(even: true) else { return Summary([]) }
    return usual.errors - even.errors
  }
  /// What the deep plain net with even steps errs more than the residual net with steps as they are.
  var rest: Summary {
    guard let residual = row(residual: true, even: false), let even = row(even: true) else { return Summary([]) }
    return even.errors - residual.errors
  }
  private func difference(even: Bool) -> Summary {
    guard let plain = row(even: even), let residual = row(residual: true, even: even) else { return Summary([]) }
    return plain.errors - residual.errors
  }

  /// What the test says of growth as the reason.
  enum Answer { case closes, narrows, stays, unclear }
  var answer: Answer {
    guard gap.direction() == .above else { return .unclear }
    if rest.direction() != .above { return gain.direction() == .above ? .closes : .unclear }
    return gain.direction() == .above ? .narrows : .stays
  }

  /// The test with its first seeds alone.
  func first(_ count: Int) -> EvenStepsTest {
    var test = self
    test.rows = rows.map { row in
      var row = row
      row.errors = Summary(Array(row.errors.values.prefix(count)))
      return row
    }
    return test
  }
}

// snippet: evenSteps
/// Divides the gradient of every tensor by the root of its mean square, so that all
/// layers move by steps of one size: g ← g/√(mean g²).
final class EvenSteps: ResumableObserver {
  func gradientsReady(_ step: StepRecord, model: inout Model) {
    Self.even(&model)
  }

  static func even(_ model: inout Model) {
    model.visitParameters { _, parameter in
      let count = Double(parameter.gradient.count)
      let size = norm(parameter.gradient) / count.squareRoot()
      guard size > 0 else { return }
      parameter.gradient.withUnsafeMutableElements { slopes in
        for i in 0..<slopes.count { slopes[i] /= Float(size) }
      }
    }
  }
  // snippet.end

  /// Nothing: each step is for itself.
  struct Record: Codable, Sendable {}
  var record: Record { Record() }
  func restore(_ record: Record, finishedEpochs finished: Int) {}
}

/// The two plain nets trained until they end.
struct LongTraining: Codable, Sendable {
  var epochs: Int
  /// The shallow plain net, then the deep one.
  var runs: [Run]

  struct Run: Codable, Sendable {
    var net: DeepNet
    /// [seed][epoch]: the training error while training, in percent.
    var errors: [[Double]]
    /// After training, in test mode, in percent.
    var trainingErrors: Summary
    var testErrors: Summary
    /// The mean loss on the training images after training.
    var losses: Summary

    var curve: [Double] { errors[0].indices.map { epoch in Summary(errors.map { $0[epoch] }).mean } }
    /// The first epoch with a smaller training error than this, in percent, in the mean; nil where there is none.
    func epochs(below error: Double) -> Int? { curve.firstIndex { $0 < error }.map { $0 + 1 } }
  }

  var shallow: Run { runs[0] }
  var deep: Run { runs[1] }
  /// By how many points the deep net errs more on its training images.
  var gap: Summary { deep.trainingErrors - shallow.trainingErrors }
  /// The same on new images.
  var testGap: Summary { deep.testErrors - shallow.testErrors }
}

extension LongTraining {
  /// Trains both for so many epochs.
  init(shallow: Int, deep: Int, _ course: Course, report: (String) -> Void) throws {
    epochs = course.epochs
    runs = try [shallow, deep].map { blocks in
      let net = DeepNet(blocks: blocks, isResidual: false)
      report(net.name)
      let (run, losses) = try DeepRun.ends(of: net, course)
      return Run(
        net: net, errors: run.errors, trainingErrors: run.trainingErrors, testErrors: run.testErrors, losses: losses)
    }
  }
}

extension DeepRun {
  /// A training as in the comparison, and the loss that is left.
  fileprivate static func ends(of net: DeepNet, _ course: Course) throws -> (DeepRun, losses: Summary) {
    let trained = try inParallel(course.seeds.count) { index in
      var trainer = try trainer(of: net, course, seed: course.seeds[index])
      try trainer.trainResumably(on: course.data, epochs: course.epochs)
      return (
        trainer.history.map { 100 * ($0.trainingError ?? .nan) },
        evaluate(trainer.model, on: course.data, loss: SoftmaxCrossEntropy()),
        evaluate(trainer.model, on: course.test, loss: SoftmaxCrossEntropy())
      )
    }
    return (
      DeepRun(
        net: net, errors: trained.map(\.0), trainingErrors: Summary(trained.map { 100 * $0.1.error }),
        testErrors: Summary(trained.map { 100 * $0.2.error }), responses: [], parameters: 0),
      Summary(trained.map { $0.1.loss })
    )
  }
}
