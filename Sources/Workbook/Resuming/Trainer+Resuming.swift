// Training in a chapter: stopped by Ctrl-C after any step, and continued by --resume.

import Datasets
import Foundation
import NeuralNetworks
import Training

extension Trainer {
  /// Trains as `train` does, in a way that survives: Ctrl-C ends it, and in a `--full` run `--resume` goes on from its
  /// last epoch, with the same bits as a run that was never stopped.
  ///
  /// Checkpoints are written at the end of an epoch, at most one in a second, and at the end of the training. They are
  /// known by `name`, or else by their place among the run's trainings: after a change to an experiment, begin without
  /// `--resume`.
  /// Observers that are not `ResumableObserver`s would have holes in their memory, so a training with one of these is
  /// not kept but done again.
  ///
  /// - Throws: ``RunInterrupted`` after Ctrl-C, and what `train` throws.
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
    // Last of all, so that what the others have seen of an epoch is kept with it.
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

/// Ctrl-C: the run has come to an end in good order.
public struct RunInterrupted: ChapterEnding, Hashable {
  /// Whether `--resume` can go on.
  public var isKept: Bool
  public var code: Int32 { 130 }

  /// Creates the end of a run.
  public init(isKept: Bool) { self.isKept = isKept }

  public var description: String {
    "interrupted before the page was written"
      + (isKept ? ". The same options and --resume go on after the last finished epoch" : "")
  }
}

/// One training and its files.
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

  /// Takes up what the files hold, where there are any.
  func resume(_ trainer: inout Trainer) throws {
    let path = journal.checkpoint(place)
    guard journal.has(place), FileManager.default.fileExists(atPath: path) else { return }
    var resumed = trainer
    try resumed.resume(from: path, notes: notes)
    // Without the observers' past the training is done again: their figures would begin in the middle.
    guard let memory = ObserverRecords(contentsOf: journal.observations(place), for: observers) else { return }
    memory.restore(observers, finishedEpochs: resumed.history.count)
    trainer = resumed
  }

  func epochEnded(_ record: EpochRecord, trainer: Trainer) throws {
    try save(trainer, isLast: record.epoch == epochs)
  }

  /// There is no more to come of this training.
  func end() { journal.end(place) }

  /// Writes the files: what the observers saw first, since too much of it does no harm on resuming and too little does.
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
