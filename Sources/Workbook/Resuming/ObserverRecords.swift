// What observers recorded during training, for runs that are stopped and continued.

import Basics
import Foundation
import Training

/// The records of a training run's observers, saved beside its checkpoint so that figures survive a pause.
///
/// One JSON text for each observer, in the order in which they were given.
struct ObserverRecords: Sendable {
  private var records: [String]

  /// Creates the records from the current state of observers.
  ///
  /// - Throws: an `EncodingError` if an observer's record cannot be written as JSON.
  init(of observers: [any ResumableObserver]) throws {
    func text(_ observer: some ResumableObserver) throws -> String {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return String(decoding: try encoder.encode(observer.record), as: UTF8.self)
    }
    records = try observers.map { try text($0) }
  }

  /// Reads records from a file; nil if it is missing, broken, or belongs to other observers.
  init?(contentsOf path: String, for observers: [any ResumableObserver]) {
    if observers.isEmpty {
      records = []
      return
    }
    guard let data = FileManager.default.contents(atPath: path),
      let records = try? JSONDecoder().decode([String].self, from: data), records.count == observers.count
    else { return nil }
    func isReadable(_ text: String, by observer: some ResumableObserver) -> Bool {
      Self.record(text, of: observer) != nil
    }
    for (text, observer) in zip(records, observers) where !isReadable(text, by: observer) { return nil }
    self.records = records
  }

  /// Writes the records to a file atomically.
  ///
  /// - Throws: the system's error if it cannot be written.
  func write(to path: String) throws {
    if records.isEmpty { return }
    try AtomicFile.write(JSONEncoder().encode(records), to: path, makingFolder: false)
  }

  /// Restores observers to their state at the end of an epoch.
  ///
  /// - Parameters:
  ///   - observers: observers of the same types in the same order as when the records were made.
  ///   - finishedEpochs: the number of epochs to keep; later ones will be observed again.
  func restore(_ observers: [any ResumableObserver], finishedEpochs: Int) {
    func restore(_ observer: some ResumableObserver, _ text: String) {
      if let record = Self.record(text, of: observer) { observer.restore(record, finishedEpochs: finishedEpochs) }
    }
    for (observer, text) in zip(observers, records) { restore(observer, text) }
  }

  private static func record<Observer: ResumableObserver>(_ text: String, of _: Observer) -> Observer.Record? {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try? decoder.decode(Observer.Record.self, from: Data(text.utf8))
  }
}
