// Measures single parts later and adds them to the record of a chapter's full run.

import ArgumentParser
import Datasets
import Foundation
import Notebook

extension ChapterProgram {
  /// Adds to the recorded findings, and writes them into the folder of this run, with current claims, the day of the
  /// addition, and the time of both runs.
  ///
  /// - Parameters:
  ///   - data: the name of the data set.
  ///   - run: the run that adds: its size, its data and its output folder.
  ///   - isOfThisSize: whether the record has the size and data of this run.
  ///   - add: measures, and may save intermediate results.
  /// - Throws: `DataError` if there is no such record, and any error that `add` throws.
  public static func addToRecord(
    on data: String, in run: ChapterRun, where isOfThisSize: (Findings) -> Bool,
    _ add: (_ findings: inout Findings, _ keep: (Findings) throws -> Void) throws -> Void
  ) throws {
    guard let recorded = KeptFindings<Findings>(recordedOf: chapter), isOfThisSize(recorded.findings) else {
      throw noRecord(on: data, in: run)
    }
    var findings = recorded.findings
    func keep(_ findings: Findings) throws {
      let addition = run.record(data: data, settings: [:])
      var whole = recorded.run
      whole.extended = addition.date
      whole.seconds += addition.seconds
      try KeptFindings(chapter, whole, claims(findings), findings).write(to: findingsFile(of: run).path)
    }
    try add(&findings, keep)
    try keep(findings)
  }

  /// The error that there is no record to add to.
  ///
  /// - Parameters:
  ///   - data: the data set that the record must have.
  ///   - run: the run that would have added to it.
  ///   - found: what was found instead.
  public static func noRecord(on data: String, in run: ChapterRun, found: String = "none") -> DataError {
    DataError(
      findingsFile(of: run).path, expected: "a recorded run of this size and on \(data) to add to", found: found,
      advice: "use the size of the record (--full) and its data (--data or $MNIST_DIR)")
  }

  private static func findingsFile(of run: ChapterRun) -> URL { run.output.appendingPathComponent("findings.json") }
}

extension ChapterOptions {
  /// Rejects an option for measurements that only a full run makes.
  ///
  /// - Parameters:
  ///   - option: the option's name, as it is typed.
  ///   - isGiven: whether it was given.
  /// - Throws: `ValidationError` if the option is given without `--full`.
  public func requireFull(for option: String, _ isGiven: Bool) throws {
    if isGiven && !full { throw ValidationError("\(option): expected --full as well, found none") }
  }
}
