// The place where a training run is saved, passed down from the run to all training in it.

import Synchronization

/// The journal of a run, and the places that it assigns to training runs.
///
/// It is a task-local value: the run of a chapter binds it, and ``inParallel(_:_:)`` narrows it for each experiment.
/// The order of parallel experiments is random, so their place is their index in the group: `0017-0003-0001` is the
/// first training run of the third experiment of the group at place 17.
struct TrainingScope: Sendable {
  /// The current scope; nil if nothing is saved.
  @TaskLocal static var current: TrainingScope?

  let journal: TrainingJournal
  private let prefix: String
  private let places = Places()

  /// The places of a whole run.
  init(_ journal: TrainingJournal) { self.init(journal, prefix: "") }

  private init(_ journal: TrainingJournal, prefix: String) { (self.journal, self.prefix) = (journal, prefix) }

  /// Takes the place of the next training run: `0017`.
  func place() -> String { at(places.count.wrappingAdd(1, ordering: .relaxed).newValue) }

  /// Takes a place for experiments that run in parallel, and returns it.
  func group() -> TrainingScope { TrainingScope(journal, prefix: place() + "-") }

  /// The places of one member of a group, counted from 0.
  func member(_ index: Int) -> TrainingScope { TrainingScope(journal, prefix: at(index + 1) + "-") }

  private func at(_ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// The number of places taken.
  private final class Places: Sendable { let count = Atomic(0) }
}
