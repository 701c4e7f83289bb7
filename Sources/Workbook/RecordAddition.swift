// Parts that are measured alone, later than the rest, and added to the record of a chapter's full run.

import ArgumentParser
import Datasets
import Foundation
import Notebook

extension ChapterProgram {
  /// Adds to the recorded findings, and writes them into the folder of this run, with their claims as they are today.
  ///
  /// - Parameters:
  ///   - data: what is measured on.
  ///   - run: the run that adds: its size, its data and the folder that it writes into.
  ///   - isOfThisSize: whether the record is of this run's size and data.
  ///   - add: measures, and may keep what it has in between.
  /// - Throws: `DataError` where there is no such record; what `add` throws.
  public static func addToRecord(
    on data: String, in run: ChapterRun, where isOfThisSize: (Findings) -> Bool,
    _ add: (_ findings: inout Findings, _ keep: (Findings) throws -> Void) throws -> Void
  ) throws {
    guard let recorded = KeptFindings<Findings>(recordedOf: chapter), isOfThisSize(recorded.findings) else {
      throw noRecord(on: data, in: run)
    }
    var findings = recorded.findings
    func keep(_ findings: Findings) throws {
      try KeptFindings(chapter, recorded.run, claims(findings), findings).write(to: findingsFile(of: run).path)
    }
    try add(&findings, keep)
    try keep(findings)
  }

  /// There is no record that can be added to.
  ///
  /// - Parameters:
  ///   - data: what the record has to be of.
  ///   - run: the run that would have added to it.
  ///   - found: what there is in its place.
  public static func noRecord(on data: String, in run: ChapterRun, found: String = "none") -> DataError {
    DataError(
      findingsFile(of: run).path, expected: "a recorded run of this size and on \(data) to add to", found: found,
      advice: "take the size of the record: --full, and its data: --data or $MNIST_DIR")
  }

  private static func findingsFile(of run: ChapterRun) -> URL { run.output.appendingPathComponent("findings.json") }
}

extension ChapterOptions {
  /// Refuses what only a full run measures.
  ///
  /// - Parameters:
  ///   - option: the option's name, as it is typed.
  ///   - isGiven: whether it was given.
  /// - Throws: `ValidationError` where the option is given without `--full`.
  public func requireFull(for option: String, _ isGiven: Bool) throws {
    if isGiven && !full { throw ValidationError("\(option): expected --full beside it, found none") }
  }
}
