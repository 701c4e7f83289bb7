// What was seen inside a network while it learned, for runs that are stopped and continued.

import Basics
import Foundation
import Training

/// What the observers of a training have seen: kept beside its checkpoint, so that figures survive a pause.
///
/// One JSON text for each observer, in the order in which they were given.
struct ObserverRecords: Sendable {
  private var records: [String]

  /// The memory of observers as it is now.
  ///
  /// - Throws: an `EncodingError` where an observer's record cannot be written as JSON.
  init(of observers: [any ResumableObserver]) throws {
    func text(_ observer: some ResumableObserver) throws -> String {
      let encoder = JSONEncoder()
      encoder.nonConformingFloatEncodingStrategy = .convertToString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return String(decoding: try encoder.encode(observer.record), as: UTF8.self)
    }
    records = try observers.map { try text($0) }
  }

  /// Reads a memory from a file; nil where it is missing, broken, or of other observers.
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

  /// Writes the memory to a file, whose place it takes only when it is whole.
  ///
  /// - Throws: the system's error where it cannot be written.
  func write(to path: String) throws {
    if records.isEmpty { return }
    try AtomicFile.write(JSONEncoder().encode(records), to: path, makingFolder: false)
  }

  /// Gives observers their past, up to the end of an epoch.
  ///
  /// - Parameters:
  ///   - observers: the same kinds in the same order as those whose memory it is.
  ///   - finishedEpochs: the epochs that count; whatever was seen after them will be seen again.
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
