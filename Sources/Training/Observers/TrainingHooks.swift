// An observer that consists of closures.

import Datasets
import NeuralNetworks
import Tensors

/// An observer that consists of closures, for purposes that do not justify a separate type:
///
///     try trainer.train(
///       on: digits.train, epochs: 5, observers: [TrainingHooks(gradientsReady: { $0.clipGradients(toNorm: 1) })])
///
/// It stores nothing, so training with hooks can be resumed like training without.
public final class TrainingHooks: ResumableObserver {
  private let loaded: (inout Batch, _ epoch: Int, inout SeededGenerator) -> Void
  private let ready: (inout Model) -> Void
  private let stepped: (inout Model) -> Void
  private let progress: (Trainer.Progress) -> Void
  private let ended: (Trainer) throws -> Void
  private let stops: () -> Bool

  /// Creates an observer from the closures given; see ``TrainingObserver`` for when each is called.
  public init(
    batchLoaded: @escaping (inout Batch, _ epoch: Int, inout SeededGenerator) -> Void = { _, _, _ in },
    gradientsReady: @escaping (inout Model) -> Void = { _ in }, stepEnded: @escaping (inout Model) -> Void = { _ in },
    progressed: @escaping (Trainer.Progress) -> Void = { _ in },
    epochEnded: @escaping (Trainer) throws -> Void = { _ in }, asksToStop: @escaping () -> Bool = { false }
  ) {
    (loaded, ready, stepped) = (batchLoaded, gradientsReady, stepEnded)
    (progress, ended, stops) = (progressed, epochEnded, asksToStop)
  }

  public var asksToStop: Bool { stops() }
  public func batchLoaded(_ batch: inout Batch, epoch: Int, using generator: inout SeededGenerator) {
    loaded(&batch, epoch, &generator)
  }
  public func gradientsReady(_ step: StepRecord, model: inout Model) { ready(&model) }
  public func stepEnded(_ step: StepRecord, model: inout Model) { stepped(&model) }
  public func progressed(_ progress: Trainer.Progress) { self.progress(progress) }
  public func epochEnded(_ record: EpochRecord, trainer: Trainer) throws { try ended(trainer) }

  /// An empty record.
  public struct Record: Codable, Sendable {}
  public var record: Record { Record() }
  public func restore(_ record: Record, finishedEpochs finished: Int) {}
}
