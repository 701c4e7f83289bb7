// Training in a chapter: Ctrl-C stops it after any step, and --resume continues it.

import Datasets
import Foundation
import NeuralNetworks
import Training

extension Trainer {
  /// Trains like `train`, but resumably: Ctrl-C stops it, and in a `--full` run `--resume` continues from the last
  /// epoch, with bit-identical results to a run that was never stopped.
  ///
  /// Checkpoints are written at the end of an epoch, at most one per second, and at the end of training. They are
  /// identified by `name`, or otherwise by their position among the run's training runs: after a change to an
  /// experiment, start without `--resume`.
  /// Observers that are not `ResumableObserver`s would have gaps in their records, so a training run with such an
  /// observer is not saved but repeated.
  ///
  /// - Throws: ``RunInterrupted`` after Ctrl-C, and any error that `train` throws.
  @discardableResult
  public mutating func trainResumably(
    on data: some Samples, validation: (any Samples)? = nil, testing test: (any Samples)? = nil, epochs: Int,
    named name: String? = nil, observers: [any TrainingObserver] = []
  ) throws -> Outcome {
    try train(
      on: data, keptIn: TrainingScope.current, as: name, validation: validation, testing: test, epochs: epochs,
      observers: observers + [TrainingHooks(asksToStop: { Interruption.isRequested })])
  }

  /// The same in any scope, or none.
  mutating func train(
    on data: some Samples, keptIn scope: TrainingScope?, as name: String? = nil, validation: (any Samples)? = nil,
    testing test: (any Samples)? = nil, epochs: Int, observers: [any TrainingObserver] = []
  ) throws -> Outcome {
    let resumable = observers.compactMap { $0 as? any ResumableObserver }
    let kept = (resumable.count == observers.count ? scope : nil).map {
      KeptTraining(
        journal: $0.journal, place: name ?? $0.place(), observers: resumable, epochs: epochs,
        notes: ["data": "\(data.name), \(data.count) images", "epochs": "\(epochs)"])
    }
    defer { kept?.end() }
    try kept?.resume(&self)
    // This observer comes last, so that the other observers' records of an epoch are saved with it.
    let outcome = try train(
      on: data, validation: validation, testing: test, epochs: epochs, observers: observers + (kept.map { [$0] } ?? []))
    switch outcome {
    case .finished: break
    case .stoppedEarly: try kept?.save(self, isLast: true)
    case .interrupted:
      try kept?.save(self, isLast: true)
      throw RunInterrupted(isKept: scope?.journal.isEmpty == false)
    }
    return outcome
  }
}

/// The run was stopped in an orderly way by Ctrl-C.
public struct RunInterrupted: ChapterEnding, Hashable {
  /// Whether `--resume` can continue it.
  public var isKept: Bool
  public var code: Int32 { 130 }

  /// Creates the end of a run.
  public init(isKept: Bool) { self.isKept = isKept }

  public var description: String {
    "interrupted before the page was written"
      + (isKept ? ". The same options with --resume continue after the last finished epoch" : "")
  }
}

/// One training run and its files.
private final class KeptTraining: TrainingObserver {
  private let journal: TrainingJournal
  private let place: String
  private let observers: [any ResumableObserver]
  private let epochs: Int
  private let notes: [String: String]
  private var lastSaved = Date()

  init(
    journal: TrainingJournal, place: String, observers: [any ResumableObserver], epochs: Int, notes: [String: String]
  ) {
    self.journal = journal
    self.place = place
    self.observers = observers
    self.epochs = epochs
    self.notes = notes
    journal.begin(place)
  }

  /// Resumes from the files, if there are any.
  func resume(_ trainer: inout Trainer) throws {
    let path = journal.checkpoint(place)
    guard journal.has(place), FileManager.default.fileExists(atPath: path) else { return }
    var resumed = trainer
    try resumed.resume(from: path, notes: notes)
    // Without the observers' records, repeat the training run: the figures would start in the middle.
    guard let memory = ObserverRecords(contentsOf: journal.observations(place), for: observers) else { return }
    memory.restore(observers, finishedEpochs: resumed.history.count)
    trainer = resumed
  }

  func epochEnded(_ record: EpochRecord, trainer: Trainer) throws {
    try save(trainer, isLast: record.epoch == epochs)
  }

  /// Ends this training run.
  func end() { journal.end(place) }

  /// Writes the files. The observers' records come first: extra records do no harm on resuming, missing ones do.
  func save(_ trainer: Trainer, isLast: Bool) throws {
    guard !trainer.history.isEmpty, isLast || Date().timeIntervalSince(lastSaved) > 1 else { return }
    try JournalError.keeping(at: journal.folder) {
      try ObserverRecords(of: observers).write(to: journal.observations(place))
      try trainer.saveCheckpoint(to: journal.checkpoint(place), notes: notes)
    }
    try journal.note(place)
    lastSaved = Date()
  }
}
