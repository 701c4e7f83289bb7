// The streams for a page's output and the reader's input: those of the terminal, or of a test.

import Basics
import Foundation

/// A terminal, a pipe, or a test's replacement for either.
struct Console: Sendable {
  var terminal: Terminal
  var write: @Sendable (String) -> Void
  var writeError: @Sendable (String) -> Void
  var readLine: @Sendable () -> String?
  /// Detects the graphics that the terminal supports. It queries the terminal, so it is called only once.
  var graphics: @Sendable () -> TerminalGraphics

  /// The program's own streams.
  static var standard: Console {
    Console(
      terminal: .standard, write: { printAtOnce($0) }, writeError: { printErrorText($0) },
      readLine: { Swift.readLine() }, graphics: { TerminalGraphics.detect() })
  }
}
