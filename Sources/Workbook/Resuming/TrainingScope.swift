// Where a training is kept: handed down from the run to whatever trains in it.

import Synchronization

/// The journal of a run, and the places that it gives to trainings.
///
/// A training finds it as a task-local value: the run of a chapter binds it, and ``inParallel(_:_:)`` narrows it for each
/// experiment. Where experiments run side by side their order is chance, and their place is that among their like:
/// `0017-0003-0001` is the first training of the third experiment of a group that stands in place 17.
struct TrainingScope: Sendable {
  /// The scope of whatever runs here; nil where nothing is kept.
  @TaskLocal static var current: TrainingScope?

  let journal: TrainingJournal
  private let prefix: String
  private let places = Places()

  /// The places of a whole run.
  init(_ journal: TrainingJournal) { self.init(journal, prefix: "") }

  private init(_ journal: TrainingJournal, prefix: String) { (self.journal, self.prefix) = (journal, prefix) }

  /// The place of the next training: `0017`.
  func place() -> String { at(places.count.wrappingAdd(1, ordering: .relaxed).newValue) }

  /// Takes a place for experiments that run side by side, and returns it.
  func group() -> TrainingScope { TrainingScope(journal, prefix: place() + "-") }

  /// The places inside that of one member of a group, counted from 0.
  func member(_ index: Int) -> TrainingScope { TrainingScope(journal, prefix: at(index + 1) + "-") }

  private func at(_ number: Int) -> String {
    let digits = String(number)
    return prefix + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
  }

  /// How many places are taken.
  private final class Places: Sendable { let count = Atomic(0) }
}
