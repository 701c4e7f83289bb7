// Where a page is printed and questions are answered: the terminal, or a test.

import Basics
import Foundation

/// A terminal, a pipe, or a test's stand-in for either.
struct Console: Sendable {
  var terminal: Terminal
  var write: @Sendable (String) -> Void
  var writeError: @Sendable (String) -> Void
  var readLine: @Sendable () -> String?
  /// What pictures the terminal can show; asks it, so it is called once.
  var graphics: @Sendable () -> TerminalGraphics

  /// The program's own streams.
  static var standard: Console {
    Console(
      terminal: .standard, write: { printAtOnce($0) }, writeError: { printErrorText($0) },
      readLine: { Swift.readLine() }, graphics: { TerminalGraphics.detect() })
  }
}
