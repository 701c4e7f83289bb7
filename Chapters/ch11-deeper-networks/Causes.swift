// Steps of one size for all layers, and the plain nets trained until they end.

import Foundation
import Workbook

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
    /// The epoch from which on the training error is smaller than this in the mean, in percent; nil where there is none.
    func epochs(below error: Double) -> Int? {
      let first = (curve.lastIndex { $0 >= error } ?? -1) + 1
      return first < curve.count ? first + 1 : nil
    }
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
      return try Self.run(net, course)
    }
  }

  /// One net, trained to its end.
  static func run(_ net: DeepNet, _ course: Course) throws -> Run {
    let (run, losses) = try DeepRun.ends(of: net, course)
    return Run(
      net: net, errors: run.errors, trainingErrors: run.trainingErrors, testErrors: run.testErrors, losses: losses)
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
