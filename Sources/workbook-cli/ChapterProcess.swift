// Runs chapters on behalf of other commands, the way a reader runs them.

import Foundation
import Workbook

/// Runs chapters through the `workbook` script, which builds what has changed.
enum ChapterProcess {
  /// Ctrl-C ended the chapter.
  struct Interrupted: Error {}

  /// Runs a chapter.
  ///
  /// - Parameters:
  ///   - isSeen: whether its standard error is shown.
  ///   - environment: additional environment variables.
  ///   - lines: how many of its last lines an error repeats if they were not shown.
  /// - Throws: ``Interrupted``; `CheckerError` with its last lines if it fails.
  static func run(
    _ chapter: Chapter, _ arguments: [String], environment: [String: String] = [:], isSeen: Bool = true, lines: Int = 1
  ) throws {
    var process = ChildProcess(
      [Checkout.root.appendingPathComponent("workbook").path, "run", chapter.name] + arguments)
    process.environment.merge(environment) { $1 }
    process.errors = isSeen ? .inherited : .withOutput
    let report = try process.run()
    if [.exited(130), .signalled(SIGINT)].contains(report.ending) { throw Interrupted() }
    guard report.succeeded else {
      let words = isSeen ? "" : report.output.split(separator: "\n").suffix(lines).joined(separator: "\n")
      throw CheckerError("\(chapter.name): \(words.isEmpty ? "\(report.ending)" : words)")
    }
  }
}
