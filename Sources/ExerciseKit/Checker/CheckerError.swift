// Why an answer could not be checked.

import Basics

/// Why an exercise could not be checked at all, through no fault of the answer.
package struct CheckerError: Error, CustomStringConvertible {
  package var description: String
  package init(_ description: String) { self.description = description }
}

extension ChildProcess {
  /// Runs the process to its end.
  ///
  /// - Throws: ``CheckerError`` if it cannot be started.
  func supervised(onLine: (String) -> Void = { _ in }) throws(CheckerError) -> Report {
    do { return try run(onLine: onLine) } catch { throw CheckerError("\(error)") }
  }
}
