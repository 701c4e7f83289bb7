// Chapters run by other commands: as a reader runs them.

import Foundation
import Workbook

/// Runs chapters through the `workbook` script, which builds what has changed.
enum ChapterProcess {
  /// Runs a chapter; what it says on standard error is seen.
  ///
  /// - Throws: `CheckerError` where it does not end well.
  static func run(_ chapter: Chapter, _ arguments: [String]) throws {
    var process = ChildProcess([House.root.appendingPathComponent("workbook").path, "run", chapter.name] + arguments)
    process.errors = .inherited
    let report = try process.run()
    guard report.succeeded else { throw CheckerError("\(chapter.name): \(report.ending)") }
  }
}
